"""What people read: lists and pages of every kind, aligned by cells, in both languages."""

import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from salestui.cli.tables import table
from tests.cli.shell import Shell, people, script

PAGES = [
    ("campaign", "list"), ("campaign", "show", "M1"), ("campaign", "template"), ("campaign", "template", "M1"),
    ("customer", "list"), ("customer", "show", "C1"), ("customer", "template"), ("customer", "template", "C1"),
    ("contact", "list", "C1"), ("contact", "show", "P1"), ("contact", "template", "P1"),
    ("deal", "list"), ("deal", "list", "--status", "all"), ("deal", "show", "D1"), ("deal", "gate", "D1"),
    ("deal", "template"), ("deal", "template", "D1"), ("deal", "template", "D1", "--for", "lose"),
    ("deal", "template", "D1", "--for", "park"), ("deal", "template", "D1", "--for", "move"),
    ("deal", "template", "D1", "--for", "reopen"), ("deal", "template", "D1", "--for", "reassign"),
    ("output", "list", "D1"), ("output", "show", "D1", "market_report"), ("output", "show", "D1", "solution"),
    ("output", "show", "D1", "signed_contract"), ("output", "template", "D1", "market_report"),
    ("output", "template", "D1", "contract_approval", "--for", "sent"),
    ("score", "show", "D1"), ("score", "template", "D1"), ("classify", "show", "D1"), ("classify", "template", "D1"),
    ("log", "list", "D1"), ("log", "show", "T1"), ("log", "template", "D1"), ("log", "template", "D1", "--planned"),
    ("log", "template", "D1", "--talk", "T1"), ("summary", "show", "T1"), ("summary", "template", "T1"),
    ("check", "list", "D1"), ("check", "template", "D1", "implicit_needs_probed"),
    ("review", "list"), ("review", "list", "D1"), ("review", "list", "D1", "solution"), ("review", "show", "R1"),
    ("review", "list", "--mine"), ("review", "deputies"), ("review", "deputies", "--over"),
    ("review", "template", "D1", "solution"), ("review", "template", "R1"),
    ("exception", "list", "D1"), ("exception", "template", "D1"),
    ("agenda",), ("agenda", "--everybody"), ("history",), ("history", "--deal", "D1"), ("history", "--verify"),
    ("playbook", "list"), ("playbook", "show", "role", "--outline"), ("playbook", "diff", "expansion", "role"),
    ("user", "list"), ("user", "template"), ("user", "template", "lin"), ("settings", "show"), ("settings", "template"),
]  # fmt: skip


@pytest.fixture
def filled(shell: Shell, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return the shell on a database with a deal whose solution waits for its review, and much around it."""
    model = tmp_path_factory.getbasetemp() / "lists"
    if not model.exists():
        fill(shell, tmp_path)
        shutil.copytree(tmp_path, model)
        return shell
    shutil.copytree(model, tmp_path, dirs_exist_ok=True)
    return shell.as_person("lin", "林悦")


def fill(shell: Shell, tmp_path: Path) -> None:
    people(shell, ["wang:王磊:rep", "sun:孙立:rep:technical"])
    walker = script(shell, tmp_path)
    deal = walker.make_deal("expansion")
    walker.walk(deal, "contact")
    shell.ok("contact", "new", "C1", values={"name": "王建国", "title": "采购经理", "role": "purchasing"})
    shell.ok("log", "plan", deal, values={"subject": "送样品", "at": "2026-11-23T09:00:00+08:00", "channel": "visit"})
    walker.mend(deal)
    walker.mend(deal)
    shell.ok("output", "set", deal, "solution", **data(shell, tmp_path, "output", "template", deal, "solution"))
    shell.ok("review", "ask", deal, "solution", values={"note": "please by Friday"})
    second = shell.ok("deal", "new", values={"customer": "C1", "campaign": "M1", "amount": "68万", "owner": "wang"})[
        "id"
    ]
    granted = {"requirement": "contact.fit_assessment.complete", "reason": "next week", "expires_on": "2026-12-31"}
    assert shell.json("exception", "grant", second, values=granted).code == 4
    third = shell.ok("deal", "new", values={"customer": "C1", "campaign": "M1", "title": "备件"})["id"]
    shell.ok("deal", "lose", third, "--reason", "price", "--competitor", "Lida")


def data(shell: Shell, folder: Path, *words: str) -> dict[str, object]:
    found = script(shell, folder).fill(shell.ok(*words))
    return {"values": found["values"], "files": found["files"]}


def test_every_page_can_be_read_in_both_languages(filled: Shell) -> None:
    for language in ("en", "zh"):
        filled.language = language
        for words in PAGES:
            result = filled(*words)
            assert (result.code, result.err) == (0, ""), (words, result.err)
            assert result.out.strip(), words
            for foreign in ("Traceback", "object at 0x", "None", "Text(", "{'"):
                assert foreign not in result.out, (words, foreign)


def test_every_page_is_a_document_too(filled: Shell) -> None:
    for words in PAGES:
        document = filled.ok(*words)
        assert document["format"].startswith("salestui."), words
        assert document["format"].endswith("/1"), words


def test_columns_stand_under_each_other_whatever_the_letters() -> None:
    text = table(
        ("id", "名称", "n"), (("C1", "苏州启明食品", "5"), ("C12", "Qiming", "1234"), ("C3", "ＡＢＣ", "")), right=(2,)
    )
    lines = text.split("\n")
    starts = {
        cell_len(line[: line.index(word)])
        for line, word in zip(lines, ("名称", "苏州", "Qiming", "ＡＢＣ"), strict=True)
    }
    assert len(starts) == 1
    assert cell_len(lines[1]) == cell_len(lines[2])
    assert table(("id",), (("a\nb\tc",),)).split("\n")[1] == "a b c"
    assert table(("id",), ()) == "Nothing to list."


def test_lists_are_filtered(filled: Shell) -> None:
    def deals(*words: str) -> list[str]:
        return [each["id"] for each in filled.ok("deal", "list", *words)["deals"]]

    assert deals() == ["D1", "D2"]
    assert deals("--status", "lost") == ["D3"]
    assert deals("--status", "all") == ["D1", "D2", "D3"]
    assert deals("--mine") == ["D1"]
    assert deals("--owner", "王磊") == ["D2"]
    assert deals("--stage", "research") == ["D2"]
    assert deals("--campaign", "M1", "--limit", "1") == ["D1"]
    assert deals("--customer", "C1", "--offset", "1") == ["D2"]
    listed = {each["id"]: each for each in filled.ok("deal", "list")["deals"]}
    assert (listed["D1"]["grade"], listed["D2"]["amount"]) == ("B", {"minor": 68000000, "currency": "CNY"})
    assert listed["D1"]["unmet"] == len(
        [each for each in filled.ok("deal", "gate", "D1")["requirements"] if each["state"] == "unmet"]
    )
    assert filled.ok("customer", "list", "--text", "nothing like it")["customers"] == []


def test_the_history_tells_who_did_what(filled: Shell) -> None:
    actions = [each["action"] for each in filled.ok("history", "--deal", "D3")["events"]]
    assert actions[0] == "deal.lost"
    assert all(each["by"] == "林悦" for each in filled.ok("history", "--user", "lin")["events"])
    first, second = filled.ok("history", "--limit", "2")["events"]
    assert filled.ok("history", "--before", str(first["id"]), "--limit", "1")["events"] == [second]
    assert {each["action"] for each in filled.ok("history", "--action", "review")["events"]} == {"review.requested"}
    assert filled.ok("history", "--since", "2026-11-21")["events"] == []
    assert filled.ok("history", "--until", "2026-11-19")["events"] == []
    assert filled.ok("history", "--since", "2026-11-20", "--until", "2026-11-20")["events"]
    assert filled.refused("history", "--since", "once") == (1, "invalid")
    filled.language = "zh"
    assert "林悦" in filled("history").out


def test_the_answer_of_a_check_is_an_anchor_to_keep(filled: Shell, tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    kept.write_text(filled.json("history", "--verify").out, "utf-8")
    filled.ok("customer", "new", values={"name": "Another"})
    assert filled.ok("history", "--verify", "--anchor", str(kept))["sound"] is True
    assert filled.refused("history", "--verify", "--anchor", str(tmp_path / "none")) == (1, "bad_input")
    kept.write_text(kept.read_text("utf-8").replace('"count":', '"count":1'), "utf-8")
    assert filled.refused("history", "--verify", "--anchor", str(kept)) == (1, "history_broken")


def test_a_deal_is_lost_parked_and_reopened(filled: Shell) -> None:
    assert filled.ok("deal", "show", "D3")["reason"] == "price"
    assert filled.refused("deal", "lose", "D3", "--reason", "price") == (5, "deal_is_lost")
    filled.ok("deal", "reopen", "D3", "--note", "they came back")
    assert filled.refused("deal", "park", "D3") == (1, "invalid")
    assert filled.refused("deal", "park", "D3", "--reason", "bored") == (1, "invalid")
    reasons = filled.ok("deal", "template", "D3", "--for", "park")["fields"][0]["choices"]
    words = ("deal", "park", "D3", "--reason", reasons[0]["key"], "--look-again-on")
    assert filled.refused(*words, "2026-11-20") == (1, "invalid")
    assert filled.refused(*words, "some day") == (1, "invalid")
    filled.ok(*words, "2027-03-01")
    shown = filled.ok("deal", "show", "D3")
    assert (shown["status"], shown["look_again_on"]) == ("in_care", "2027-03-01")
    assert filled("deal", "show", "D3").out


def test_talks_are_planned_changed_called_off_and_held(filled: Shell) -> None:
    planned = next(each for each in filled.ok("log", "list", "D1")["talks"] if each["state"] == "planned")
    talk = planned["id"]
    filled.ok("log", "change", talk, values={"at": "2026-11-24", "all_day": "yes"}, expected_version=1)
    assert filled.refused("log", "change", talk, values={"at": "2026-11-25"}, expected_version=1) == (6, "conflict")
    assert filled.ok("log", "show", talk)["all_day"] is True
    filled.later(days=4)
    held = {"channel": "visit", "at": "2026-11-24T10:00:00+08:00", "subject": "送了样品"}
    filled.ok("log", "D1", "--talk", talk, values=held)
    assert filled.ok("log", "show", talk)["state"] == "done"
    assert filled.refused("log", "cancel", talk, "--reason", "x") == (5, "talk_took_place")
    other = filled.ok("log", "plan", "D1", "D2", values={"subject": "回访", "at": "2026-12-01T09:00:00+08:00"})["id"]
    assert filled.ok("log", "show", other)["deals"] == ["D1", "D2"]
    filled.ok("log", "cancel", other, "--reason", "not needed")
    assert filled.ok("log", "show", other)["state"] == "cancelled"


def test_a_summary_is_ready_to_be_sent(filled: Shell, tmp_path: Path) -> None:
    path = tmp_path / "summary.eml"
    assert filled.ok("summary", "show", "T1", "--eml", str(path))["file"] == str(path)
    assert path.read_bytes().startswith(b"X-Unsent: 1") or b"Subject:" in path.read_bytes()
    assert filled.refused("summary", "show", "T1", "--eml", str(path)) == (2, "usage")
    assert filled.refused("summary", "show", "T1", "--eml", "/nowhere/x.eml") == (2, "usage")
    brochure = tmp_path / "brochure.pdf"
    brochure.write_text("brochure", "utf-8")
    sent = {"sent_at": "2026-11-20T10:00:00+08:00", "text": "As we said"}
    held = next(each["id"] for each in filled.ok("log", "list", "D1")["talks"] if each["state"] == "done")
    assert filled.refused("summary", "T1", values=sent) == (5, "talk_not_held")
    filled.ok("summary", held, values=sent, files=[str(brochure)])
    assert filled.ok("log", "show", held)["summary"]["text"] == "As we said"


def test_a_review_is_voted_on_and_recalled(filled: Shell) -> None:
    filled.as_person("sun")
    waiting = filled.ok("review", "list")["reviews"]
    assert [(each["id"], each["roles"]) for each in waiting] == [("R1", ["technical"])]
    change = {"role": "technical", "decision": "ask_change"}
    assert filled.refused("review", "vote", "R1", values=change) == (1, "invalid")
    filled.ok("review", "vote", "R1", values={**change, "comment": "the pump is too small"}, expected_version=1)
    assert filled.ok("review", "show", "R1")["votes"][0]["comment"] == "the pump is too small"
    assert "the pump is too small" in filled("review", "show", "R1").out
    assert filled.refused("review", "recall", "R1", "--reason", "x") == (5, "only_requester_or_manager")


def test_an_exception_is_granted_listed_and_revoked(filled: Shell) -> None:
    granted = {"reason": "signed next week", "expires_on": "2026-12-31"}
    assert filled.ok("deal", "move", "D2")["to"] == "grading"
    assert filled.ok("deal", "move", "D2")["to"] == "contact"
    made = filled.ok("exception", "D2", "contact.fit_assessment.complete", values=granted)
    assert made["id"] == "E1"
    assert "signed next week" in filled("exception", "list", "D2").out
    assert filled.refused("exception", "revoke", "E1") == (1, "invalid")
    filled.ok("exception", "revoke", "E1", "--reason", "not needed", "--expected-version", "1")
    assert "revoked" in filled("exception", "list", "D2").out
    filled.later(days=60)
    assert filled.refused("exception", "revoke", "E1", "--reason", "again") == (5, "exception_over")


def test_outputs_are_withdrawn_and_restored(filled: Shell) -> None:
    assert filled.refused("output", "withdraw", "D1", "fit_assessment", "--reason", "x", "--expected-version", "9") == (
        6,
        "conflict",
    )
    filled.ok("output", "withdraw", "D1", "fit_assessment", "--reason", "new facts")
    assert filled.ok("output", "show", "D1", "fit_assessment")["withdrawn"] is True
    assert "withdrawn" in filled("output", "show", "D1", "fit_assessment").out
    filled.ok("output", "restore", "D1", "fit_assessment", "1", "--note", "it was right")
    assert filled.ok("output", "show", "D1", "fit_assessment")["revision"] == 2
    by_title = filled.ok("output", "show", "D1", "初步需求匹配度评估表")
    assert by_title["output"] == "fit_assessment"


def test_users_are_added_and_changed(shell: Shell) -> None:
    shell.ok("init")
    assert shell("user", "add", "zhou", "--name", "周敏", "--role", "legal", "--role", "sales").code == 0
    shell.ok("user", "change", "周敏", "--role", "none", "--permission", "manager")
    found = next(each for each in shell.ok("user", "list")["users"] if each["login"] == "zhou")
    assert (found["roles"], found["permission"], found["active"]) == ([], "manager", True)
    shell.ok("user", "change", "zhou", "--inactive")
    shell.as_person("zhou")
    assert shell.refused("deal", "list") == (5, "unknown_user")
    shell.as_person("lin")
    shell.ok("user", "change", "zhou", values={"active": True})
    assert shell.refused("user", "add", "zhou") == (1, "invalid")
    assert shell.refused("user", "add", "li", "--role", "pope") == (1, "invalid")
    assert shell.refused("user", "change", "lin", "--permission", "rep") == (1, "invalid")


def test_playbooks_are_installed_and_compared(shell: Shell, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = shell("playbook", "show", "role").out
    assert text.startswith("#")
    mine.write_text(text, "utf-8")
    assert shell.ok("playbook", "diff", str(mine))["same"] is True
    assert shell("playbook", "diff", str(mine)).out == "No difference.\n"
    mine.write_text(text.replace("version = 1", "version = 2", 1), "utf-8")
    assert shell.ok("playbook", "check", str(mine)) == {
        "format": "salestui.playbook_check/1",
        "key": "role",
        "version": 2,
        "sound": True,
    }
    assert shell.ok("playbook", "install", str(mine)) == {"id": "role", "version": 2}
    assert shell.ok("playbook", "install", str(mine))["changed"] is False
    assert "+version = 2" in shell.ok("playbook", "diff", "role@1", "role")["diff"]
    assert [(each["key"], each["version"]) for each in shell.ok("playbook", "list")["playbooks"]] == [
        ("expansion", 1),
        ("role", 1),
        ("role", 2),
    ]


def test_revisions_are_compared_field_by_field_and_a_wrong_total_is_told(filled: Shell) -> None:
    lines = [{"item": "CX-3", "quantity": "1", "unit_price": {"minor": 86000000, "currency": "CNY"}}]
    shown = filled.ok("output", "show", "D1", "solution")
    filled.ok("review", "recall", "R1", "--reason", "changes")
    total = {"minor": 90000000, "currency": "CNY"}
    values = {**shown["values"], "configuration": lines, "quotation_total": total}
    made = filled.ok("output", "set", "D1", "solution", values=values)
    assert made["warnings"] == ["Configuration adds up to 860,000.00 CNY, Quotation total says 900,000.00 CNY"]
    newest = made["version"]
    compared = filled.ok("output", "compare", "D1", "solution")
    assert (compared["before"]["revision"], compared["after"]["revision"]) == (newest - 1, newest)
    changed = {each["key"]: each for each in compared["fields"]}
    assert changed["quotation_total"]["after"] == total
    assert changed["configuration"]["after"] == lines
    told = filled("output", "compare", "D1", "Tailored solution", str(newest - 1), str(newest)).out
    assert f"r{newest} against r{newest - 1}" in told
    assert f"  r{newest}  900,000.00 CNY" in told
    assert filled.refused("output", "compare", "D1", "solution", "9", "1") == (4, "not_found")
    same = filled("output", "compare", "D1", "solution", str(newest), str(newest)).out
    assert "Nothing differs." in same
