"""New versions of a playbook from the command line: compared, previewed, moved over."""

from pathlib import Path

import pytest

from salestui.playbooks import loader
from tests.cli.shell import Shell, people

TEXT = loader.builtin_text("role")
PERMIT = (
    '[[stages.outputs]]\nkey = "permit"\ntitle = { zh = "《许可》", en = "Permit" }\nowner = "deal"\nholds = "always"\n'
    '[[stages.outputs.fields]]\nkey = "number"\ntype = "text"\nlabel = { zh = "号", en = "No" }\nrequired = true\n\n'
)


@pytest.fixture
def office(shell: Shell, tmp_path: Path) -> Shell:
    """Return a database with two deals under handbook B, of which a second version asks one output more."""
    people(shell)
    shell.ok("campaign", "new", values={"name": "B", "playbook": "role"})
    for company in ("启明", "远航"):
        customer = shell.ok("customer", "new", values={"name": f"苏州{company}食品有限公司"})["id"]
        shell.ok("deal", "new", "--customer", customer, "--campaign", "M1", values={})
    mine = tmp_path / "role2.toml"
    second = TEXT.index("[[stages]]", TEXT.index("[[stages]]") + 5)
    mine.write_text((TEXT[:second] + PERMIT + TEXT[second:]).replace("version = 1", "version = 2", 1), "utf-8")
    shell.ok("playbook", "install", str(mine))
    return shell


def versions(shell: Shell) -> list[int]:
    return [shell.ok("deal", "show", deal)["playbook"]["version"] for deal in ("D1", "D2")]


def test_what_differs_is_said_part_by_part_and_line_by_line(office: Shell):
    document = office.ok("playbook", "diff", "role@1", "role@2")
    assert document["same"] is False
    assert [(each["kind"], each["part"], each["path"]) for each in document["differences"]] == [
        ("added", "output", ["permit"])
    ]
    assert document["lines"][0].startswith("+ Output Permit (permit) · stage 1")
    assert office("playbook", "diff", "role@1", "role@2").out == document["lines"][0] + "\n"
    assert '+key = "permit"' in office("playbook", "diff", "role@1", "role@2", "--toml").out


def test_without_being_told_which_deals_nothing_moves(office: Shell):
    document = office.ok("playbook", "upgrade", "role")
    assert document["format"] == "salestui.playbook_upgrade/1"
    assert document["counts"] == {"deals": 2, "movable": 2, "blocked": 0}
    first = document["deals"][0]
    assert [each["key"] for each in first["gained"]] == ["prospecting.permit.complete"]
    assert first["after"]["unmet"] == [*first["before"]["unmet"], "prospecting.permit.complete"] or first["blocked_by"]
    assert versions(office) == [1, 1]
    assert "D1" in office("playbook", "upgrade", "role").out
    assert office.ok("playbook", "upgrade", "role", "--preview", "--all")["counts"]["deals"] == 2
    assert versions(office) == [1, 1]


def test_one_deal_some_or_all_are_moved_and_a_campaign_for_new_ones(office: Shell):
    assert office.ok("playbook", "upgrade", "role", "--deal", "D2") == {
        "id": "role", "version": 2, "moved": 1, "changed": True,
    }  # fmt: skip
    assert versions(office) == [1, 2]
    assert office("playbook", "upgrade", "role", "--all").out == "1 moved to role 2.\n"
    assert versions(office) == [2, 2]
    office.ok("playbook", "upgrade", "role", "--campaign", "M1")
    assert office.ok("campaign", "list")["campaigns"][0]["playbook"]["version"] == 2
    office.ok("playbook", "upgrade", "role", "--to", "1", "--deal", "D1")
    assert versions(office) == [1, 2]
    assert [event["text"] for event in office.ok("history", "--action", "deal.upgraded")["events"]] == [
        "Playbook version: 2 → 1", "Playbook version: 1 → 2", "Playbook version: 1 → 2",
    ]  # fmt: skip


def test_wrong_calls_and_people_are_refused(office: Shell):
    assert office.refused("playbook", "upgrade", "role", "--all", "--deal", "D1") == (2, "usage")
    assert office.refused("playbook", "upgrade", "role", "--to", "9") == (4, "not_found")
    assert office.refused("playbook", "upgrade", "expansion", "--deal", "D1") == (5, "other_playbook")
    office.as_person("wang", "王磊")
    assert office.refused("playbook", "upgrade", "role", "--all") == (5, "only_manager")
    assert versions(office) == [1, 1]


def test_dropping_a_stage_in_use_is_refused_with_its_name(office: Shell, tmp_path: Path):
    path = tmp_path / "role3.toml"
    path.write_text(
        TEXT.replace("version = 1", "version = 3", 1).replace('key = "prospecting"', 'key = "start"', 1), "utf-8"
    )
    result = office.json("playbook", "install", str(path))
    assert result.code == 1
    assert "stages.prospecting: running deals stand in it (D1, D2)" in result.document["text"]
