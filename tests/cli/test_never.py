"""What a rep must never be able to do (handbooks.md), tried through the command line.

王磊 is a rep and owns the deal. 林悦 administers, 陈默 manages; 孙立, 周敏 and 何洁 hold the reviewer roles.
"""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell, people, script

TEAM = [
    "chen:陈默:manager",
    "wang:王磊:rep",
    "zhao:赵敏:rep",
    "sun:孙立:rep:technical",
    "zhou:周敏:rep:sales:sales_manager",
    "he:何洁:rep:legal",
]


@pytest.fixture
def rep(shell: Shell) -> Shell:
    """Return the shell with 王磊 at the keyboard, on a database that takes no recorded votes."""
    shell.ok("init")
    people(shell, TEAM)
    return shell.as_person("wang")


def deal_in(rep: Shell, folder: Path, stage: str, playbook: str = "expansion") -> str:
    """Walk a deal of 王磊 as far as a stage, votes recorded; then votes are recorded no more."""
    walker = script(rep, folder)
    deal = walker.make_deal(playbook)
    if stage:
        assert walker.walk(deal, stage)["to"] == stage
    rep.as_person("lin")
    rep.ok("settings", "change", values={"recorded_votes": False})
    rep.as_person("wang")
    return deal


def filled(rep: Shell, folder: Path, *words: str) -> dict[str, Any]:
    """Return data for a template."""
    data = script(rep, folder).fill(rep.ok(*words))
    return {"values": data["values"], "files": data["files"]}


def blocked_by(rep: Shell, deal: str) -> set[str]:
    """Try to move a deal right; return the requirements that keep it."""
    before = rep.ok("deal", "show", deal)
    result = rep.json("deal", "move", deal)
    assert (result.code, result.document["outcome"]) == (3, "blocked"), result.out
    told = rep("deal", "move", deal)
    assert (told.code, told.out) == (3, "")
    assert "✗" in told.err
    after = rep.ok("deal", "show", deal)
    assert (after["stage"], after["version"]) == (before["stage"], before["version"])
    return set(result.document["params"]["unmet"])


# Move a card right while a required output of its stage or an earlier one is missing, incomplete, withdrawn, or not
# approved on its current revision where a review is asked.


def test_a_missing_output_blocks(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "")
    assert "research.market_report.complete" in blocked_by(rep, deal)


def test_an_incomplete_output_is_not_even_submitted(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "")
    data = filled(rep, tmp_path, "output", "template", deal, "market_report")
    for key in list(data["values"]):
        values = {**data["values"], key: ""}
        assert rep.refused("output", "set", deal, "market_report", values=values) == (1, "invalid"), key
    assert "research.market_report.complete" in blocked_by(rep, deal)


def test_a_withdrawn_output_of_an_earlier_stage_blocks(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "solution")
    rep.ok("output", "withdraw", deal, "fit_assessment", "--reason", "new facts")
    assert "contact.fit_assessment.complete" in blocked_by(rep, deal)


def test_a_shared_output_is_withdrawn_by_a_manager_only(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "grading")
    words = ("output", "withdraw", deal, "market_report", "--reason", "wrong figures")
    assert rep.refused(*words) == (5, "shared_output")
    rep.as_person("chen")
    assert rep.ok(*words)["blocks"] == [deal]
    rep.as_person("wang")
    assert "research.market_report.complete" in blocked_by(rep, deal)


def test_an_approval_counts_for_the_revision_that_was_read(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "solution")
    data = filled(rep, tmp_path, "output", "template", deal, "solution")
    rep.ok("output", "set", deal, "solution", **data)
    assert "solution.solution_review.approved" in blocked_by(rep, deal)
    review = rep.ok("review", "ask", deal, "solution")["id"]
    assert rep.refused("output", "set", deal, "solution", **data) == (5, "review_pending")
    for login, role in (("sun", "technical"), ("zhou", "sales"), ("he", "legal")):
        rep.as_person(login)
        rep.ok("review", "vote", review, values={"role": role, "decision": "approve"})
    rep.as_person("wang")
    assert "solution.solution_review.approved" not in blocked_by(rep, deal)
    rep.ok("output", "set", deal, "solution", **data)
    assert "solution.solution_review.approved" in blocked_by(rep, deal)


# Advance (before the deal is won) a customer without a fresh score, of grade C, classified "not now", or of grade A
# without an account plan.


def scored(rep: Shell, deal: str, points: int) -> dict[str, Any]:
    """Return a scorecard with these points for every criterion."""
    asked = [each["key"] for each in rep.ok("score", "template", deal)["fields"] if each["type"] == "integer"]
    return dict.fromkeys(asked, points) | {f"{key}_evidence": "seen on site" for key in asked}


def test_without_a_fresh_score_nobody_advances(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "grading")
    assert "grading.scoring_sheet.fresh" in blocked_by(rep, deal)
    rep.ok("score", "set", deal, values=scored(rep, deal, 3))
    rep.later(days=32)
    assert "grading.scoring_sheet.fresh" in blocked_by(rep, deal)


def test_a_score_that_expired_blocks_in_a_later_stage_too(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "contact")
    rep.later(days=32)
    assert "grading.scoring_sheet.fresh" in blocked_by(rep, deal)


def test_grade_c_does_not_advance(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "grading")
    assert rep.ok("score", "set", deal, values=scored(rep, deal, 2))["grade"] == "C"
    assert "grading.grade.passes" in blocked_by(rep, deal)


def test_not_now_never_advances_and_knows_no_exception(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "grading")
    rep.ok("classify", "set", deal, values={"class": "not_now", "reason": "no budget before 2028"})
    assert "research.high_potential_list.passes" in blocked_by(rep, deal)
    rep.as_person("chen")
    granted = {"reason": "please", "expires_on": "2026-12-31"}
    words = ("exception", "grant", deal, "research.high_potential_list.passes")
    assert rep.refused(*words, values=granted) == (5, "not_exceptable")


def test_grade_a_needs_an_account_plan(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "grading")
    assert rep.ok("score", "set", deal, values=scored(rep, deal, 5))["grade"] == "A"
    assert "grading.account_plan.complete" in blocked_by(rep, deal)


# Send a contract before its internal approval, or sign before sending.


def test_a_contract_is_not_sent_before_its_approval_nor_signed_before_it_is_sent(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "contract")
    rep.ok(
        "output",
        "set",
        deal,
        "contract_approval",
        **filled(rep, tmp_path, "output", "template", deal, "contract_approval"),
    )
    sending = filled(rep, tmp_path, "output", "template", deal, "contract_approval", "--for", "sent")
    assert rep.refused("output", "sent", deal, "contract_approval", **sending) == (5, "approve_first")
    signing = filled(rep, tmp_path, "output", "template", deal, "signed_contract")
    assert rep.refused("output", "set", deal, "signed_contract", **signing) == (5, "send_first")
    review = rep.ok("review", "ask", deal, "contract_approval")["id"]
    for login, role in (("zhou", "sales_manager"), ("he", "legal")):
        rep.as_person(login)
        rep.ok("review", "vote", review, values={"role": role, "decision": "approve"})
    rep.as_person("wang")
    assert rep.refused("output", "set", deal, "signed_contract", **signing) == (5, "send_first")
    early = {"values": {**sending["values"], "sent_on": "2026-11-19"}}
    assert rep.refused("output", "sent", deal, "contract_approval", **early) == (1, "invalid")
    rep.ok("output", "sent", deal, "contract_approval", **sending)
    before = {**signing, "values": {**signing["values"], "signed_on": "2026-11-19", "signing_date": "2026-11-19"}}
    before["values"] = {key: value for key, value in before["values"].items() if key in signing["values"]}
    assert rep.refused("output", "set", deal, "signed_contract", **before) == (1, "invalid")
    rep.ok("output", "set", deal, "signed_contract", **signing)


def test_not_even_an_exception_sends_a_contract_unapproved(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "contract")
    rep.ok(
        "output",
        "set",
        deal,
        "contract_approval",
        **filled(rep, tmp_path, "output", "template", deal, "contract_approval"),
    )
    rep.as_person("chen")
    for requirement in ("contract.contract_approval.approved", "contract.contract_approval.sent"):
        given = {"reason": "the customer waits", "expires_on": "2026-12-31"}
        assert rep.refused("exception", "grant", deal, requirement, values=given) == (5, "not_exceptable")


# Approve his own work, or grant himself an exception.


def test_nobody_approves_his_own_work(rep: Shell, tmp_path: Path) -> None:
    rep.as_person("lin")
    rep.ok("user", "change", "wang", "--role", "technical", "--role", "sales", "--role", "legal")
    rep.as_person("wang")
    deal = deal_in(rep, tmp_path, "solution")
    rep.ok("output", "set", deal, "solution", **filled(rep, tmp_path, "output", "template", deal, "solution"))
    review = rep.ok("review", "ask", deal, "solution")["id"]
    own = rep.json("review", "vote", review, values={"role": "legal", "decision": "approve"})
    assert own.code == 5
    assert own.document["code"] in {"own_deal", "own_work"}
    recorded = {
        "role": "legal",
        "decision": "approve",
        "recorded_for": "Somebody",
        "voted_on": "2026-11-20",
        "evidence": "e",
    }
    assert rep.refused("review", "vote", review, values=recorded) == (5, "recorded_votes_off")
    rep.as_person("zhao")
    assert rep.refused("review", "vote", review, values={"role": "legal", "decision": "approve"}) == (5, "no_role")
    rep.as_person("lin")
    rep.ok("settings", "change", values={"recorded_votes": True})
    rep.as_person("wang")
    for name in ("王磊", "wang", " 王 磊"):
        own = rep.json("review", "vote", review, values={**recorded, "recorded_for": name})
        assert own.code == 5, name


def test_nobody_grants_himself_an_exception(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "")
    words = (
        "exception",
        "grant",
        deal,
        "research.market_report.complete",
        "--reason",
        "x",
        "--expires-on",
        "2026-12-31",
    )
    assert rep.refused(*words) == (5, "only_manager")
    rep.as_person("lin")
    rep.ok("user", "change", "wang", "--permission", "manager")
    rep.as_person("wang")
    assert rep.refused(*words) == (5, "no_own_exception")
    rep.as_person("lin")
    rep.ok("settings", "change", values={"recorded_votes": True})
    rep.as_person("wang")
    recorded = {"recorded_for": "王磊", "granted_on": "2026-11-20", "evidence": "said so"}
    assert rep.refused(*words, values=recorded) == (5, "no_own_exception")


# Change or remove the trace of who did what, when, and why.


def test_no_command_changes_or_removes_the_history(rep: Shell, tmp_path: Path) -> None:
    from salestui.cli.main import group

    assert set(group("history").parsers) == {""}
    for words in (
        ("history", "remove", "1"),
        ("history", "--delete", "1"),
        ("deal", "remove", "D1"),
        ("deal", "delete", "D1"),
    ):
        assert rep(*words).code == 2
    deal_in(rep, tmp_path, "")
    before = rep.ok("history", "--verify")["events"]
    rep.refused("deal", "move", "D1")
    assert rep.ok("history", "--verify")["events"] == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE event SET actor_name = '赵敏' WHERE id = 9", "edited"),
        ("UPDATE event SET note = 'nothing' WHERE id = 9", "edited"),
        ("DELETE FROM event WHERE id = 9", "removed"),
    ],
)
def test_who_tampers_with_the_file_is_found_out(rep: Shell, change: str, reason: str) -> None:
    rep.ok("customer", "new", values={"name": "启明"})
    connection = sqlite3.connect(rep.database)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(change)
    connection.commit()
    connection.close()
    result = rep.json("history", "--verify")
    assert (result.code, result.document["code"]) == (1, "history_broken")
    assert result.document["params"] == {"event": 9, "reason": reason}


# What belongs to others


def test_the_deal_of_another_is_left_alone(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "grading")
    rep.as_person("zhao")
    calls: list[tuple[str, ...]] = [
        ("deal", "move", deal),
        ("deal", "move", deal, "--to", "research", "--reason", "x"),
        ("deal", "change", deal, "--set", "title=mine"),
        ("deal", "lose", deal, "--reason", "price"),
        ("deal", "park", deal, "--reason", "no_budget"),
        ("deal", "reassign", deal, "--owner", "zhao"),
        ("check", "tick", deal, "implicit_needs_probed", "--note", "x"),
        ("output", "withdraw", deal, "market_report", "--reason", "x"),
        ("score", "set", deal),
        ("classify", "set", deal, "--set", "class=risky", "--set", "reason=x"),
        ("customer", "change", "C1", "--set", "name=mine"),
        ("campaign", "change", "M1", "--set", "name=mine"),
        ("contact", "new", "C1", "--set", "name=Li"),
        ("user", "add", "friend"),
        ("user", "change", "zhao", "--permission", "admin"),
        ("settings", "change", "--set", "recorded_votes=yes"),
        ("playbook", "install", str(Path(__file__).parents[1] / "e2e" / "eight_stages.toml")),
    ]
    for words in calls:
        result = rep.json(*words)
        assert result.code == 5, (words, result.out)
        told = rep(*words)
        assert (told.code, told.out) == (5, "")
        assert told.err.strip()


def test_taking_back_what_is_won_is_a_managers_act(rep: Shell, tmp_path: Path) -> None:
    deal = deal_in(rep, tmp_path, "fulfilment")
    assert rep.ok("deal", "show", deal)["status"] == "won"
    for words in (
        ("deal", "move", deal, "--to", "contract", "--reason", "x"),
        ("deal", "lose", deal, "--reason", "price"),
    ):
        assert rep.json(*words).code == 5
    rep.as_person("chen")
    assert rep.ok("deal", "lose", deal, "--reason", "price")["id"] == deal
    assert rep.ok("deal", "show", deal)["cancelled"] is True
