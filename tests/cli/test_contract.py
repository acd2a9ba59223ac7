"""The machine contract to the letter: documents, exit codes, repeated commands, versions."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.shell import Shell, people, script

REPORT = {
    "market_size": "12 bn, East China, 2026",
    "growth_rate": "6.5",
    "competitive_landscape": "Three large makers",
    "gaps_and_openings": "Nobody serves small batches",
    "core_pains": "Late deliveries",
    "buying_process": "Purchasing asks, the plant manager decides",
    "competitors": [{"name": "Lida", "strengths": "price", "pricing": "low", "share": "20 %", "reviews": "mixed"}],
}
FIELD = {
    "key", "type", "label", "help", "required", "choices", "passes", "min", "max", "decimals", "columns", "min_rows",
    "rules",
}  # fmt: skip


def deal(shell: Shell, **values: object) -> str:
    """Make a campaign, a customer and a deal; return the deal's id."""
    shell.ok("campaign", "new", values={"name": "East China", "scenario": "new_market"})
    shell.ok("customer", "new", values={"name": "苏州启明食品有限公司", "short_name": "启明食品"})
    made = shell.ok("deal", "new", values={"customer": "C1", "campaign": "M1", **values})
    return str(made["id"])


def answers(shell: Shell, output: str, folder: Path) -> dict[str, object]:
    """Return plain values for an output of D1."""
    template = shell.ok("output", "template", "D1", output)
    return dict(script(shell, folder).fill(template)["values"])


def test_new_answers_id_and_version(shell: Shell) -> None:
    assert shell.ok("campaign", "new", values={"name": "East", "scenario": "new_market"}) == {"id": "M1", "version": 1}
    assert shell.ok("customer", "new", values={"name": "Qiming"}) == {"id": "C1", "version": 1}
    assert shell.ok("deal", "new", values={"customer": "Qiming", "campaign": "East"}) == {"id": "D1", "version": 1}


@pytest.mark.parametrize("what", ["campaign", "customer", "deal"])
def test_a_template_has_the_keys_of_the_contract(shell: Shell, what: str) -> None:
    deal(shell)
    document = shell.ok(what, "template", "--playbook", "expansion")
    assert list(document) == ["format", "fields", "files", "current"]
    assert document["format"] == "salestui.template/1"
    assert set(document["files"]) == {"min", "max", "types"}
    assert set(document["current"]) == {"revision", "values"}
    assert all(set(field) == FIELD for field in document["fields"])


def test_a_template_of_a_playbook_offers_only_what_belongs_to_it(shell: Shell) -> None:
    deal(shell)
    shell.ok("campaign", "new", values={"name": "By role", "playbook": "role"})

    def choices(what: str, field: str, playbook: str) -> list[str]:
        fields = shell.ok(what, "template", "--playbook", playbook)["fields"]
        found = next(each for each in fields if each["key"] == field)
        return [choice["key"] for choice in found["choices"]]

    assert choices("campaign", "playbook", "role") == ["role"]
    assert choices("deal", "campaign", "role") == ["M2"]
    assert choices("deal", "campaign", "expansion") == ["M1"]
    assert choices("customer", "campaign", "role") == ["M2"]
    assert [f["key"] for f in shell.ok("campaign", "template", "--playbook", "role")["fields"]][:2] == [
        "name",
        "playbook",
    ]
    assert shell.refused("campaign", "template", "--playbook", "nobody") == (4, "not_found")


def test_the_gate_is_told_as_the_contract_says(shell: Shell) -> None:
    deal(shell)
    gate = shell.ok("deal", "gate", "D1")
    assert {key: gate[key] for key in gate if key != "requirements"} == {
        "format": "salestui.gate/1",
        "deal": "D1",
        "playbook": {"key": "expansion", "version": 1},
        "stage": "research",
        "next": "grading",
        "status": "open",
        "can_move": False,
        "as_of": "2026-11-20T02:00:00Z",
    }
    first = gate["requirements"][0]
    assert set(first) == {"key", "stage", "state", "code", "params", "text", "exceptable", "fix"}
    assert (first["key"], first["stage"], first["state"]) == ("research.market_report.complete", "research", "unmet")
    assert first["fix"] == {
        "kind": "fill_output",
        "subject": {"output": "market_report"},
        "template": ["output", "template", "D1", "market_report", "--json"],
        "argv": ["output", "set", "D1", "market_report", "--json", "--data", "-"],
    }


def test_a_requirement_is_met_unmet_or_excepted(shell: Shell) -> None:
    people(shell)
    deal(shell, owner="wang")
    shell.ok("classify", "set", "D1", values={"class": "risky", "reason": "budget uncertain"})
    granted = {"requirement": "research.high_potential_list.passes", "reason": "try it", "expires_on": "2026-12-31"}
    shell.ok("exception", "grant", "D1", values=granted)
    states = {each["key"]: each for each in shell.ok("deal", "gate", "D1")["requirements"]}
    assert states["research.high_potential_list.classified"]["state"] == "met"
    assert states["research.high_potential_list.classified"]["fix"]["kind"] == "none"
    assert states["research.high_potential_list.classified"]["fix"]["reason"]
    assert states["research.high_potential_list.passes"]["state"] == "excepted"
    assert states["research.market_report.complete"]["state"] == "unmet"


def test_text_mode_prints_the_same_command_under_each_unmet_line(shell: Shell) -> None:
    deal(shell)
    gate = shell.ok("deal", "gate", "D1")
    text = shell("deal", "gate", "D1").out
    for requirement in gate["requirements"]:
        assert f"{requirement['text']}\n      salestui {' '.join(requirement['fix']['argv'])}" in text


def test_a_blocked_move_exits_with_3_and_says_what_is_unmet(shell: Shell) -> None:
    deal(shell)
    result = shell.json("deal", "move", "D1")
    document = result.document
    assert result.code == 3
    assert (document["outcome"], document["from"], document["to"]) == ("blocked", "research", "grading")
    assert document["version"] == 1
    assert document["gate"]["can_move"] is False
    assert (document["format"], document["code"]) == ("salestui.error/1", "blocked")
    assert document["params"]["unmet"][0] == "research.market_report.complete"
    told = shell("deal", "move", "D1")
    assert (told.code, told.out) == (3, "")
    assert "salestui output set D1 market_report --json --data -" in told.err


def test_a_move_answers_where_the_deal_stands_and_what_comes_next(shell: Shell, tmp_path: Path) -> None:
    deal(shell)
    shell.ok("output", "set", "D1", "market_report", values=answers(shell, "market_report", tmp_path))
    shell.ok("classify", "set", "D1", values={"class": "high_potential", "reason": "new line"})
    moved = shell.ok("deal", "move", "D1")
    assert {key: moved[key] for key in ("outcome", "from", "to", "version")} == {
        "outcome": "moved",
        "from": "research",
        "to": "grading",
        "version": 2,
    }
    assert (moved["gate"]["stage"], moved["gate"]["next"]) == ("grading", "contact")


def test_a_deal_moves_left_with_a_reason_and_only_then(shell: Shell, tmp_path: Path) -> None:
    test_a_move_answers_where_the_deal_stands_and_what_comes_next(shell, tmp_path)
    assert shell.refused("deal", "move", "D1", "--to", "research") == (2, "usage")
    assert shell.refused("deal", "move", "D1", "--reason", "because") == (2, "usage")
    assert shell.refused("deal", "move", "D1", "--to", "nowhere", "--reason", "x") == (4, "not_found")
    right = shell.json("deal", "move", "D1", "--to", "solution", "--reason", "x")
    assert (right.code, right.document["outcome"], right.document["to"]) == (5, "not_allowed", "solution")
    left = shell.ok("deal", "move", "D1", "--to", "research", "--reason", "report outdated")
    assert (left["outcome"], left["from"], left["to"], left["gate"]["can_move"]) == (
        "moved",
        "grading",
        "research",
        True,
    )


def test_next_is_null_at_the_last_stage_and_completing_leads_nowhere(shell: Shell, tmp_path: Path) -> None:
    walker = script(shell, tmp_path)
    last = walker.walk(walker.make_deal("role"))
    assert (last["outcome"], last["from"], last["to"]) == ("completed", "fulfilment", None)
    assert (last["gate"]["next"], last["gate"]["status"], last["gate"]["can_move"]) == (None, "completed", False)
    again = shell.json("deal", "move", "D1")
    assert (again.code, again.document["outcome"], again.document["code"]) == (5, "not_allowed", "deal_is_completed")


def test_a_repeated_command_id_returns_the_first_result_and_does_nothing(shell: Shell) -> None:
    once = str(uuid4())
    deal(shell)
    first = shell.ok("customer", "new", values={"name": "Hehong"}, command_id=once)
    assert shell.ok("customer", "new", values={"name": "Hehong"}, command_id=once) == first
    assert shell.ok("customer", "new", "--set", "name=Another", "--command-id", once) == first
    assert shell.ok("customer", "list")["total"] == 2
    ticked = str(uuid4())
    words = ("check", "tick", "D1", "implicit_needs_probed")
    first = shell.ok(*words, values={"note": "asked about service"}, command_id=ticked)
    assert shell.ok(*words, values={"note": "asked about service"}, command_id=ticked) == first


def test_a_repeated_move_answers_the_same_and_moves_once(shell: Shell, tmp_path: Path) -> None:
    deal(shell)
    shell.ok("output", "set", "D1", "market_report", values=answers(shell, "market_report", tmp_path))
    shell.ok("classify", "set", "D1", values={"class": "high_potential", "reason": "new line"})
    once = str(uuid4())
    first = shell.ok("deal", "move", "D1", "--command-id", once)
    again = shell.ok("deal", "move", "D1", "--command-id", once)
    assert {**again, "gate": None} == {**first, "gate": None}
    assert shell.ok("deal", "show", "D1")["stage"] == "grading"


def test_the_command_id_of_another_person_is_refused(shell: Shell) -> None:
    people(shell)
    once = str(uuid4())
    shell.ok("customer", "new", values={"name": "Hehong"}, command_id=once)
    shell.as_person("wang")
    assert shell.refused("customer", "new", values={"name": "Other"}, command_id=once) == (1, "command_id_taken")


CONFLICTS = {
    "deal move": ("deal", "move", "D1"),
    "deal change": ("deal", "change", "D1"),
    "deal lose": ("deal", "lose", "D1", "--reason", "price"),
    "deal park": ("deal", "park", "D1", "--reason", "no_budget"),
    "campaign change": ("campaign", "change", "M1"),
    "customer change": ("customer", "change", "C1"),
    "output set": ("output", "set", "D1", "market_report"),
    "classify": ("classify", "set", "D1"),
    "score": ("score", "set", "D1"),
    "check": ("check", "tick", "D1", "implicit_needs_probed"),
    "review ask": ("review", "ask", "D1", "solution"),
}


@pytest.mark.parametrize("words", CONFLICTS.values(), ids=CONFLICTS)
def test_another_version_than_expected_is_a_conflict(shell: Shell, words: tuple[str, ...]) -> None:
    deal(shell)
    values = {"class": "risky", "reason": "unsure"} if words[0] == "classify" else {}
    values = {"name": "Other"} if words[1] == "change" and words[0] != "deal" else values
    result = shell.json(*words, values=values, expected_version=7)
    assert (result.code, result.document["code"]) == (6, "conflict"), result.out
    assert result.document["params"]["expected"] == 7
    if words[1] == "move":
        assert result.document["outcome"] == "conflict"


def test_what_makes_something_new_expects_no_version(shell: Shell) -> None:
    values = {"name": "Hehong"}
    assert shell.refused("customer", "new", values=values, expected_version=3) == (2, "usage")
    assert shell.ok("customer", "new", values=values, expected_version=0)["id"] == "C1"


NOT_FOUND = [
    ("deal", "gate", "D99"),
    ("deal", "show", "nobody"),
    ("deal", "move", "D99"),
    ("campaign", "show", "M9"),
    ("customer", "show", "C9"),
    ("contact", "show", "P9"),
    ("log", "show", "T9"),
    ("summary", "template", "T9"),
    ("review", "show", "R9"),
    ("review", "template", "D1", "nothing"),
    ("exception", "revoke", "E9", "--reason", "x"),
    ("exception", "template", "D1", "no.such.thing"),
    ("output", "template", "D1", "nothing"),
    ("output", "file", "D1", "solution", "nothing.pdf"),
    ("output", "restore", "D1", "market_report", "3"),
    ("check", "tick", "D1", "nothing"),
    ("playbook", "show", "nobody"),
    ("playbook", "show", "role", "--version", "9"),
    ("deal", "reassign", "D1", "--owner", "nobody"),
    ("user", "change", "nobody", "--name", "x"),
    ("deal", "list", "--campaign", "M9"),
    ("agenda", "--owner", "nobody"),
]


@pytest.mark.parametrize("words", NOT_FOUND, ids=" ".join)
def test_what_is_not_there_exits_with_4(shell: Shell, words: tuple[str, ...]) -> None:
    deal(shell)
    assert shell.refused(*words) == (4, "not_found")


def test_values_that_cannot_be_taken_are_told_one_by_one(shell: Shell) -> None:
    deal(shell)
    values = {**REPORT, "growth_rate": "fast", "nonsense": 1, "competitors": [{"name": ""}, {"colour": "red"}]}
    result = shell.json("output", "set", "D1", "market_report", values=values)
    document = result.document
    assert (result.code, document["code"]) == (1, "invalid")
    problems = {each["where"]: each for each in document["params"]["problems"]}
    assert problems["growth_rate"]["code"] == "bad_number"
    assert problems["nonsense"]["code"] == "unknown_field"
    assert problems["competitors.2.colour"]["code"] == "unknown_field"
    assert problems["sources"]["code"] == "missing"
    assert all(set(each) == {"where", "code", "params", "text"} and each["text"] for each in problems.values())
    assert shell.ok("output", "show", "D1", "market_report")["revision"] == 0


def test_files_that_were_attached_stay_unless_said_otherwise(shell: Shell, tmp_path: Path) -> None:
    deal(shell)
    paths = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for path in paths:
        path.write_text(path.name, "utf-8")
    values = answers(shell, "market_report", tmp_path)
    shell.ok("output", "set", "D1", "market_report", values=values, files=[str(path) for path in paths])
    shown = shell.ok("output", "show", "D1", "market_report")
    assert [each["name"] for each in shown["files"]] == ["one.pdf", "two.pdf"]
    shell.ok("output", "set", "D1", "market_report", values=values)
    assert len(shell.ok("output", "show", "D1", "market_report")["files"]) == 2
    kept = shown["files"][1]["sha256"]
    shell.ok("output", "set", "D1", "market_report", "--keep", kept, values=values)
    assert [each["name"] for each in shell.ok("output", "show", "D1", "market_report")["files"]] == ["two.pdf"]
    shell.ok("output", "set", "D1", "market_report", "--keep", "none", values=values)
    assert shell.ok("output", "show", "D1", "market_report")["files"] == []
    copied = shell.ok("output", "file", "D1", "market_report", "one.pdf", "--to", str(tmp_path))
    assert Path(copied["path"]).read_text("utf-8") == "one.pdf"
    missing = shell.json("output", "set", "D1", "market_report", values=values, files=[str(tmp_path / "none.pdf")])
    assert (missing.code, missing.document["code"]) == (1, "invalid")


def test_a_vote_asks_for_whom_it_is_recorded_only_where_the_database_allows_it(shell: Shell, tmp_path: Path) -> None:
    deal(shell)
    shell.ok("output", "set", "D1", "solution", values=answers(shell, "solution", tmp_path))
    shell.ok("review", "ask", "D1", "solution", values={})

    def keys() -> list[str]:
        return [field["key"] for field in shell.ok("review", "template", "R1")["fields"]]

    assert "recorded_for" in keys()
    decision = next(each for each in shell.ok("review", "template", "R1")["fields"] if each["key"] == "decision")
    assert decision["passes"] == ["approve"]
    shell.ok("settings", "change", values={"recorded_votes": False})
    assert shell.refused("review", "template", "R1") == (5, "no_vote_open")
    people(shell, ["sun:孙立:rep:technical"])
    shell.as_person("sun")
    assert keys() == ["role", "decision", "comment"]


def test_a_score_template_says_which_values_pass(shell: Shell) -> None:
    deal(shell)
    fields = {each["key"]: each for each in shell.ok("score", "template", "D1")["fields"]}
    assert (fields["urgency"]["min"], fields["urgency"]["max"], fields["urgency"]["passes"]) == (1, 5, [3, 4, 5])
    assert fields["urgency_evidence"]["required"] is True


def test_scoring_and_classifying_work_without_a_deal_too(shell: Shell) -> None:
    shell.ok("campaign", "new", values={"name": "East", "scenario": "new_market"})
    shell.ok("customer", "new", values={"name": "Qiming"})
    place = ("--customer", "Qiming", "--campaign", "East")
    assert shell.ok("classify", "template", *place)["current"]["revision"] == 0
    shell.ok("classify", *place, values={"class": "risky", "reason": "unsure"}, expected_version=0)
    assert shell.ok("classify", "show", *place)["class"] == "risky"
    criteria = ("company_size", "industry_fit", "urgency", "budget", "decision_chain")
    template = shell.ok("score", "template", *place)
    asked = [each["key"] for each in template["fields"] if each["type"] == "integer"]
    assert len(asked) == len(criteria)
    values = dict.fromkeys(asked, 4) | {f"{key}_evidence": "seen" for key in asked}
    scored = shell.ok("score", *place, values=values)
    assert (scored["total"], scored["grade"]) == (20, "A")
    assert shell.ok("score", "show", *place)["scores"][0]["total"] == 20
    assert shell.refused("score", "show", "--customer", "Qiming") == (2, "usage")


def test_json_is_one_document_in_the_language_asked_for(shell: Shell) -> None:
    deal(shell)
    english = shell.ok("deal", "gate", "D1")
    shell.language = "zh"
    chinese = shell.ok("deal", "gate", "D1")
    assert english["requirements"][0]["text"] != chinese["requirements"][0]["text"]
    assert "还没有写" in chinese["requirements"][0]["text"]

    def without_texts(gate: dict[str, object]) -> str:
        return json.dumps(gate | {"requirements": [{**each, "text": ""} for each in gate["requirements"]]})  # type: ignore[attr-defined]

    assert without_texts(english) == without_texts(chinese)
