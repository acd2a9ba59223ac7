"""Imports enter their rows slice by slice: others come in between, what was entered stays, and it goes on there."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from salestui.domain.records import Kind, number_of
from salestui.errors import BadInput, CommandIdTaken, DiskFull
from salestui.services import campaigns, contacts, customers, deals, import_run, importing, users
from salestui.services.import_report import ImportReport
from salestui.services.importing import Verdict
from salestui.services.request import Request
from salestui.storage import importing as names
from salestui.storage.store import Store
from tests.services.desk import NOW, Desk, number
from tests.services.test_importing import imported, planned, sheet


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a slice have two rows."""
    monkeypatch.setattr(import_run, "SLICE", 2)


FIVE = "公司,联系人\n甲公司,王一\n乙公司,李二\n丙公司,\n丁公司,\n甲公司,张三\n"


def full_at(monkeypatch: pytest.MonkeyPatch, nth: int, fault: BaseException | None = None) -> None:
    """Let the disk be full, or something else happen, when the n-th deal is written."""
    written = count(1)
    kept = names.add_deal

    def full(values: Mapping[str, object]) -> int:
        if next(written) == nth:
            raise fault or DiskFull("/sales.db")
        return kept(values)

    monkeypatch.setattr(names, "add_deal", full)


def test_a_fault_in_the_first_slice_imports_nothing_and_is_told_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(desk.rep, "公司\n甲公司\n乙公司\n丙公司\n", desk.campaign())
    before = len(desk.events())
    with monkeypatch.context() as broken:
        full_at(broken, 3)
        with pytest.raises(DiskFull):
            importing.run(desk.rep, plan)
    assert deals.listed(desk.rep) == ()
    assert customers.all(desk.rep) == ()
    assert len(desk.events()) == before


@pytest.mark.usefixtures("two_at_a_time")
@pytest.mark.parametrize("command_id", [None, "f3b5"])
def test_what_was_entered_before_a_fault_stays_and_the_same_import_goes_on_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command_id: str | None
) -> None:
    plan = planned(desk.rep, FIVE, desk.campaign())
    rep = Request(desk.store, desk.rep.actor, NOW, command_id)
    with monkeypatch.context() as broken:
        full_at(broken, 3)
        with pytest.raises(importing.ImportStopped) as stopped:
            importing.run(rep, plan)
    assert stopped.value.code == "disk_full"
    assert stopped.value.params == {**DiskFull("/sales.db").params, "entered": 2, "rows": 2, "line": 4}
    assert stopped.value.text().splitlines()[-1] == (
        "2 of 5 rows are done and stay: 2 created. The first row not entered is line 4. "
        "Run the import again: it goes on there."
    )
    assert [row.company for row in stopped.value.report.rows] == ["甲公司", "乙公司"]
    assert [deal.customer_name for deal in deals.listed(desk.rep)] == ["甲公司", "乙公司"]
    assert desk.events("import.done") == []

    anew = planned(desk.rep, FIVE, plan.campaign)
    report = importing.run(rep, anew)
    assert isinstance(report, ImportReport)
    assert [(row.line, row.verdict.value) for row in report.rows] == [
        (2, "create"),
        (3, "create"),
        (4, "create"),
        (5, "create"),
        (6, "skip"),
    ]
    assert [row.deal for row in report.created] == [f"D{deal.id}" for deal in deals.listed(desk.rep)]
    assert report.rows[0].customer == report.rows[4].customer == "C1"
    assert [person.name for person in contacts.of(desk.rep, 1)] == ["王一", "张三"]
    assert len(desk.events("customer.created")) == len(desk.events("deal.created")) == 4
    assert len(desk.events("import.done")) == 1


@pytest.mark.usefixtures("two_at_a_time")
@pytest.mark.parametrize("nth", [1, 3])
def test_one_that_is_interrupted_tells_what_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    plan = planned(desk.rep, FIVE, desk.campaign())
    full_at(monkeypatch, nth, KeyboardInterrupt())
    with pytest.raises(importing.ImportStopped if nth > 2 else KeyboardInterrupt) as stopped:
        importing.run(desk.rep, plan)
    if isinstance(stopped.value, importing.ImportStopped):
        assert (stopped.value.code, stopped.value.exit_code) == ("interrupted", 130)
        assert "line 4" in stopped.value.text()
    assert len(deals.listed(desk.rep)) == nth - 1


@pytest.mark.usefixtures("two_at_a_time")
def test_an_import_that_is_over_is_judged_anew_when_it_is_run_again(desk: Desk) -> None:
    campaign = desk.campaign()
    imported(desk.rep, FIVE, campaign)
    again = imported(desk.rep, FIVE, campaign)
    assert [row.verdict for row in again.rows] == [Verdict.SKIP] * 5
    assert len(desk.events("import.done")) == 2


@pytest.mark.usefixtures("two_at_a_time")
def test_others_write_between_two_slices_and_what_they_wrote_is_judged(desk: Desk, store: Store) -> None:
    campaign = desk.campaign()
    elsewhere = store if store.on_server else Store.open(store.location, busy_seconds=0)
    other = Request(elsewhere, desk.other.actor, NOW)
    plan = planned(desk.rep, FIVE, campaign)
    seen: list[tuple[int, int]] = []

    def meanwhile(progress: importing.Progress) -> None:
        seen.append((progress.done, progress.total))
        if progress.done == 2:
            desk.customer(other, campaign, name="丁公司")

    report = importing.run(desk.rep, plan, meanwhile)
    if elsewhere is not store:
        elsewhere.close()
    assert isinstance(report, ImportReport)
    assert seen == [(2, 5), (4, 5), (5, 5), (5, 5)]
    assert [(row.line, row.why) for row in report.skipped] == [
        (5, "in the campaign already: C3"),
        (6, "the same company as in line 2: its contact 张三 is added there"),
    ]
    subjects = [event.subject for event in desk.events("customer.created")]
    assert [customers.get(desk.rep, number_of(Kind.CUSTOMER, each) or 0).name for each in subjects] == [
        "甲公司",
        "乙公司",
        "丁公司",
        "丙公司",
    ]


@pytest.mark.usefixtures("two_at_a_time")
def test_what_is_allowed_is_asked_again_in_each_slice(desk: Desk) -> None:
    campaign = desk.campaign()
    plan = planned(desk.rep, FIVE, campaign)

    def close(progress: importing.Progress) -> None:
        if progress.done == 2:
            number(campaigns.change(desk.rep, campaign, {"closed": True}))

    with pytest.raises(importing.ImportStopped, match="line 4") as stopped:
        importing.run(desk.rep, plan, close)
    assert (stopped.value.code, stopped.value.exit_code) == ("campaign_closed", 5)
    assert len(deals.listed(desk.rep)) == 2


@pytest.mark.usefixtures("two_at_a_time")
def test_rows_are_read_again_when_an_owner_left_meanwhile(desk: Desk) -> None:
    plan = planned(desk.manager, "公司,负责人\n甲公司,赵敏\n乙公司,\n丙公司,赵敏\n", desk.campaign(desk.manager))

    def leave(progress: importing.Progress) -> None:
        if progress.done == 2:
            users.change(desk.admin, users.find(desk.admin, "zhao").id, active=False)

    report = importing.run(desk.manager, plan, leave)
    assert isinstance(report, ImportReport)
    assert [row.why for row in report.rejected] == ["the owner has left: 赵敏"]


@pytest.mark.usefixtures("two_at_a_time")
def test_an_id_that_was_used_for_other_rows_is_refused(desk: Desk) -> None:
    campaign = desk.campaign()
    rep = Request(desk.store, desk.rep.actor, NOW, "f3b5")
    importing.run(rep, planned(desk.rep, FIVE, campaign))
    with pytest.raises(CommandIdTaken):
        importing.run(rep, planned(desk.rep, FIVE.replace("丙公司", "戊公司"), campaign))
    assert len(deals.listed(desk.rep)) == 4


def test_a_table_that_takes_too_long_to_read_or_to_judge_is_refused(desk: Desk) -> None:
    clock = count().__next__
    with pytest.raises(BadInput, match=r"takes longer than 3 seconds\. Split the file; nothing was imported"):
        importing.read_content(b"company\n" + b"x\n" * 9, Path("leads.csv"), max_seconds=3, clock=clock)
    with pytest.raises(BadInput, match="takes longer than 3 seconds"):
        importing.plan(desk.rep, sheet("company\n" + "x\n" * 9), desk.campaign(), max_seconds=3, clock=clock)
