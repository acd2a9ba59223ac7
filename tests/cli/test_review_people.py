"""Who is asked to review from the command line: one person by name, deputies, what waits for me."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.test_lists import data, filled

__all__ = ["filled"]


@pytest.fixture
def team(filled: Shell) -> Shell:
    filled.ok("user", "add", "qian", "--name", "钱工", "--role", "technical")
    filled.ok("user", "add", "zhou", "--name", "周会", "--role", "technical")
    filled.ok("user", "add", "he", "--name", "何平")
    return filled


def waiting(shell: Shell, login: str) -> list[str]:
    shell.as_person(login)
    return [each["id"] for each in shell.ok("review", "list", "--mine")["reviews"]]


def test_who_asked_for_a_review_sees_it_in_his_list(team: Shell) -> None:
    assert team.ok("review", "show", "R1")["requested_by"] == "林悦"
    listed = team.ok("review", "list")
    assert [each["id"] for each in listed["asked"]] == ["R1"]
    assert "Asked for by me:" in team("review", "list").out
    assert team.ok("review", "list", "--mine")["asked"] == []


def test_one_person_is_asked_by_name(team: Shell) -> None:
    assert team.ok("review", "reassign", "R1", "technical", "周会", "--note", "knows the pump")["id"] == "R1"
    asked = {each["role"]: each for each in team.ok("review", "show", "R1")["asked"]}
    assert (asked["technical"]["name"], asked["technical"]["waiting"]) == ("周会", True)
    assert team.refused("review", "reassign", "R1", "technical", "何平") == (5, "not_their_role")
    assert team.refused("review", "reassign", "R1", "poem", "周会") == (4, "not_found")
    assert waiting(team, "zhou") == ["R1"]
    assert waiting(team, "qian") == []


def test_a_deputy_votes_for_the_absent_until_it_is_ended(team: Shell) -> None:
    team.ok("review", "deputy", "qian", "--deputy", "何平", "--starts", "2026-11-20", "--ends", "2026-11-30")
    (known,) = team.ok("review", "deputies")["deputies"]
    assert (known["name"], known["deputy"], known["in_force"]) == ("钱工", "何平", True)
    assert "何平" in team("review", "deputies").out
    assert waiting(team, "he") == ["R1"]
    line = team.ok("review", "list", "--mine")["reviews"][0]
    assert line["deputy_for"] == {"technical": "钱工"}
    team.ok("review", "vote", "R1", values={"role": "technical", "decision": "approve"})
    assert [vote["deputy_for"] for vote in team.ok("review", "show", "R1")["votes"]] == ["钱工"]
    assert "何平 for 钱工" in team("review", "show", "R1").out
    team.as_person("qian")
    team.ok("review", "deputy-end", str(known["number"]))
    assert team.ok("review", "deputies")["deputies"] == []
    assert len(team.ok("review", "deputies", "--over")["deputies"]) == 1


def test_what_is_wrong_with_a_deputy_is_named(team: Shell) -> None:
    assert team.refused("review", "deputy", "qian", "--deputy", "nobody") == (1, "invalid")
    team.as_person("he")
    days = ("--starts", "2026-11-20", "--ends", "2026-11-30")
    assert team.refused("review", "deputy", "qian", "--deputy", "zhou", *days) == (5, "only_himself_or_admin")
    assert team.refused("review", "deputy-end", "7") == (4, "not_found")


def test_what_is_forbidden_in_a_review_is_refused_with_a_text_that_says_what_to_do(team: Shell, tmp_path: Path) -> None:
    approval = {"role": "technical", "decision": "approve"}
    content = data(team, tmp_path, "output", "template", "D1", "solution")
    refusal = team.json("output", "set", "D1", "solution", **content)
    assert refusal.document["code"] == "review_pending"
    assert "recall the review" in refusal.document["text"]
    me = team.ok("user", "list")["users"][0]["login"]
    team.ok("user", "change", me, "--role", "technical")
    assert team.refused("review", "vote", "R1", values=approval) == (5, "own_work")
    team.as_person("qian")
    team.ok("review", "vote", "R1", values={**approval, "decision": "reject", "comment": "too small"})
    team.as_person(me)
    team.ok("output", "set", "D1", "solution", **content)
    assert team.ok("review", "show", "R1")["voided_by"] == 2
    assert "voided by r2" in team("review", "show", "R1").out
    team.as_person("qian")
    assert team.refused("review", "vote", "R1", values=approval) == (5, "review_stale")
    assert [each["kind"] for each in team.ok("agenda")["lines"] if each["kind"] == "voided"] == ["voided"]
