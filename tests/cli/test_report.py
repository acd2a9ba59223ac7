"""`salestui report` and the agenda's lines that nobody was promised, as scripts and people read them."""

import pytest

from tests.cli.shell import Shell, people


@pytest.fixture
def busy(shell: Shell) -> Shell:
    """Return a database where 林悦 lost one deal and has another on the board, with one talk that went unsummed."""
    people(shell)
    shell.ok("campaign", "new", values={"name": "华东", "scenario": "new_market"})
    shell.ok("customer", "new", "--campaign", "M1", values={"name": "启明食品", "short_name": "启明"})
    shell.ok("deal", "new", "--customer", "C1", "--campaign", "M1", values={"amount": "680K"})
    shell.ok("deal", "new", "--customer", "C1", "--campaign", "M1", values={"amount": "12000 USD"})
    shell.ok("log", "add", "D1", values={"channel": "phone", "at": "2026-11-18T10:00:00+08:00"})
    shell.ok("deal", "lose", "D2", values={"reason": "price"})
    return shell


def test_the_teams_figures_are_one_document(busy: Shell) -> None:
    document = busy.ok("report")
    assert (document["format"], document["from"], document["to"]) == ("salestui.report/1", "2026-11-01", "2026-11-30")
    (rep,) = document["users"]
    assert (rep["login"], rep["summaries"]) == (
        "lin",
        {"kept": 0, "late": 0, "missed": 1, "running": 0, "rate": 0},
    )
    assert rep["deals"]["lost"] == {"count": 1, "amounts": [{"amount": "12000.00", "currency": "USD"}]}
    assert rep["deals"]["on_board"]["count"] == rep["deals"]["without_next_step"] == 1
    assert rep["talks"] == {"phone": 1}
    assert rep["stages"][0] | {"title": ""} == {
        "playbook": "expansion",
        "stage": "research",
        "title": "",
        "deals": 1,
        "average_days": 0,
        "idle": 0,
    }
    assert document["exceptions"] == []


def test_one_persons_figures_of_any_span(busy: Shell) -> None:
    document = busy.ok("report", "--user", "林悦", "--from", "2026-10-01", "--to", "2026-10-31")
    assert document["user"]["deals"]["lost"]["count"] == 0
    assert (document["from"], document["to"]) == ("2026-10-01", "2026-10-31")
    assert busy.ok("report", "--from", "2026-02-10")["to"] == "2026-02-28"


def test_the_text_says_the_same_to_people(busy: Shell) -> None:
    text = busy("report").out
    assert text.startswith("2026-11\nname")
    assert "summaries in time" in text
    busy.language = "zh"
    text = busy("report", "--user", "lin").out
    assert text.startswith("林悦  2026-11\n纪要及时率")
    assert "0%  1 份没做" in text
    assert "1 市场调研" in text


def test_exceptions_stand_below_with_who_granted_them(busy: Shell) -> None:
    busy.as_person("chen", "陈默")
    key = "research.market_report.complete"
    busy.ok("exception", "grant", "D1", key, values={"reason": "数据下周到", "expires_on": "2026-11-27"})
    (line,) = busy.ok("report", "--user", "lin")["user"]["exceptions"]
    assert (line["state"], line["granted_by"], line["recorded_by"], line["revoked_at"]) == (
        "in_force",
        "陈默",
        None,
        None,
    )
    assert "in force" in busy("report").out
    busy.later(days=8)
    assert busy.ok("report")["exceptions"][0]["state"] == "expired"
    busy.ok("exception", "grant", "D1", key, values={"reason": "再等一周", "expires_on": "2026-12-05"})
    busy.ok("exception", "revoke", "E2", values={"reason": "报告已交"})
    assert busy.ok("report")["exceptions"][0]["revoked_at"] is not None
    assert "revoked" in busy("report", "--user", "lin").out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--from", "someday"), 2),
        (("--from", "2026-11-10", "--to", "2026-11-01"), 2),
        (("--user", "nobody"), 4),
    ],
)
def test_what_cannot_be_reported_is_refused(busy: Shell, words: tuple[str, ...], code: int) -> None:
    assert busy.refused("report", *words)[0] == code


def test_an_empty_team_has_an_empty_report(shell: Shell) -> None:
    shell.ok("init")
    assert shell.ok("report")["users"] == []
    assert "Nothing to list." in shell("report").out
    assert shell("report", "--user", "lin").code == 0


def test_deals_without_a_next_step_stand_last_in_the_agenda(busy: Shell) -> None:
    document = busy.ok("agenda")
    assert [(line["kind"], line["section"]) for line in document["lines"]] == [
        ("summary", "late"),
        ("next_step", "no_step"),
    ]
    text = busy("agenda").out
    assert "Without a next step\n  -  D1" in text
