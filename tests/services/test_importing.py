"""Importing leads: what is created, skipped and rejected; stages by exceptions; closed records; what is run again."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.domain.outcomes import NotAllowed
from salestui.domain.requirement import State
from salestui.errors import BadInput
from salestui.services import (
    campaigns,
    contacts,
    customers,
    deals,
    exceptions,
    importing,
    loading,
    playbooks,
    users,
)
from salestui.services.import_report import ImportPlan, ImportReport, RowReport
from salestui.services.import_values import neutral, plain_cell, read_reason, read_stage
from salestui.services.importing import Verdict
from salestui.services.request import Request
from salestui.storage import importing as names
from tests.services.desk import NOW, Desk, number


def sheet(text: str, name: str = "leads.csv") -> importing.Sheet:
    return importing.read_content(text.encode(), Path(name))


def planned(request: Request, text: str, campaign: int, **options: object) -> ImportPlan:
    plan = importing.plan(request, sheet(text), campaign, **options)  # type: ignore[arg-type]  # options are plain words
    assert isinstance(plan, ImportPlan)
    return plan


def imported(request: Request, text: str, campaign: int, **options: object) -> ImportReport:
    report = importing.run(request, planned(request, text, campaign, **options))
    assert isinstance(report, ImportReport)
    return report


def row(cells: str, values: str) -> str:
    return f"公司,{cells}\n启明食品,{values}\n"


def test_further_rows_of_a_company_bring_their_contacts_and_are_listed_with_the_reason(desk: Desk) -> None:
    campaign = desk.campaign()
    text = "公司,联系人,电话\n启明食品,王建国,1\n启明食品,李娜,2\n启明食品,李娜,3\n启明食品,,\n启明 食品,周志远,4\n"
    plan = planned(desk.rep, text, campaign)
    assert [(each.line, each.verdict, each.why) for each in plan.rows[1:]] == [
        (3, Verdict.SKIP, "the same company as in line 2: its contact 李娜 is added there"),
        (4, Verdict.SKIP, "the same company as in line 2"),
        (5, Verdict.SKIP, "the same company as in line 2"),
        (6, Verdict.SKIP, "the same company as in line 2: its contact 周志远 is added there"),
    ]
    report = imported(desk.rep, text, campaign)
    assert [(each.line, each.deal, each.customer) for each in report.rows] == [
        (2, "D1", "C1"), (3, "", "C1"), (4, "", ""), (5, "", ""), (6, "", "C1"),
    ]  # fmt: skip
    assert [(each.name, each.phone) for each in contacts.of(desk.rep, 1)] == [
        ("王建国", "1"), ("李娜", "2"), ("周志远", "4"),
    ]  # fmt: skip
    assert len(desk.events("contact.created")) == 3


def test_an_open_row_becomes_a_company_with_contact_and_deal_in_the_first_stage(desk: Desk) -> None:
    campaign = desk.campaign()
    text = (
        "公司,简称,行业,地区,联系人,职务,电话,邮箱,来源,需求,金额,预计签约,角色\n"
        "苏州启明食品有限公司,启明,食品,苏州,王建国,采购总监,138 0000 6612,"
        "wang@qiming.example,展会,换线,68万,2026-12-18,决策\n"
    )
    report = imported(desk.rep, text, campaign)
    (made,) = report.created
    assert (made.line, made.company) == (2, "苏州启明食品有限公司")
    assert (made.deal, made.customer, made.status) == ("D1", "C1", "open")
    deal, customer = deals.get(desk.rep, 1), customers.get(desk.rep, 1)
    assert (deal.stage, deal.status, deal.owner_name, deal.imported) == ("research", Status.OPEN, "王磊", True)
    assert deal.amount is not None
    assert (deal.amount.minor, deal.amount.currency, str(deal.expected_on)) == (68_000_000, "CNY", "2026-12-18")
    assert (customer.short_name, customer.industry, customer.region, customer.need) == ("启明", "食品", "苏州", "换线")
    (person,) = contacts.of(desk.rep, 1)
    assert (person.name, person.title, person.phone, person.role) == ("王建国", "采购总监", "138 0000 6612", "decision")
    actions = [event.action for event in desk.events()][-4:]
    assert actions == ["customer.created", "contact.created", "deal.created", "import.done"]


@pytest.mark.parametrize(
    ("cells", "values", "minor", "currency"),
    [
        ("金额", "68万", 68_000_000, "CNY"),
        ("金额", '"680,000"', 68_000_000, "CNY"),
        ("amount", "1.2M", 120_000_000, "CNY"),
        ("amount", "USD 5000", 500_000, "USD"),
        ("amount,currency", "5000,usd", 500_000, "USD"),
        ("金额（万元）", "68", 68_000_000, "CNY"),
        ("金额(万元)", "31.5", 31_500_000, "CNY"),
        ("金额（万元）", "USD 5000", 500_000, "USD"),
        ("金额（万美元）", "2", 2_000_000, "USD"),
        ("金额", "￥１２，０００", 1_200_000, "CNY"),
    ],
)
def test_amounts_are_read_as_people_write_them(desk: Desk, cells: str, values: str, minor: int, currency: str) -> None:
    imported(desk.rep, row(cells, values), desk.campaign())
    amount = deals.get(desk.rep, 1).amount
    assert amount is not None
    assert (amount.minor, amount.currency) == (minor, currency)


@pytest.mark.parametrize("nothing", ["", "-", "待定", "N/A", "无", "——"])
def test_words_that_say_nothing_leave_a_field_empty(desk: Desk, nothing: str) -> None:
    imported(desk.rep, row("金额,阶段,状态,负责人,预计签约", ",".join([nothing] * 5)), desk.campaign())
    assert deals.get(desk.rep, 1).amount is None


@pytest.mark.parametrize(
    ("cells", "values", "why"),
    [
        ("金额", "很多", "amount: 很多 is not an amount"),
        ("金额", "-5", "the amount is below zero: -5"),
        ("金额,币种", "5,quux", "has no known currency"),
        ("预计签约", "下雨天", "expected on: 下雨天 is not a date"),
        ("状态", "飘着", "this state is not known: 飘着"),
        ("负责人", "张三", "no user has this login or name: 张三"),
        ("负责人", "赵敏", "only a manager imports for other owners: 赵敏"),
        ("电话", "1.38E+10", "the spreadsheet has rounded the phone number"),
        ("签约日期,状态", "2027-01-05,赢单", "closed on lies in the future"),
        ("电话", "1,2", "more cells than headings: 2"),
    ],
)
def test_rows_that_cannot_be_taken_are_rejected_with_line_and_reason(
    desk: Desk, cells: str, values: str, why: str
) -> None:
    report = imported(desk.rep, row(cells, values), desk.campaign())
    (rejected,) = report.rejected
    assert rejected.line == 2
    assert why in rejected.why
    assert report.created == ()


def test_a_row_without_company_is_rejected(desk: Desk) -> None:
    report = imported(desk.rep, f"公司,电话\n,1\n{'长' * 201},2\n", desk.campaign())
    assert [(one.line, one.why) for one in report.rejected] == [
        (2, "Customer: is not filled in"),
        (3, "the company's name is longer than 200 characters"),
    ]


def test_reasons_are_told_in_the_users_language(desk: Desk, chinese: None) -> None:
    (rejected,) = imported(desk.rep, row("负责人", "张三"), desk.campaign()).rejected
    assert rejected.why == "没有这个登录名或姓名的人：张三"


def test_same_names_in_the_campaign_are_skipped_and_suffixes_alone_make_possible_doubles(desk: Desk) -> None:
    campaign = desk.campaign()
    desk.customer(desk.rep, campaign, name="苏州启明食品有限公司")
    desk.customer(desk.rep, name="Acme")
    names_told = (
        "苏州启明食品 有限公司",
        "苏州启明食品",
        '"ACME Co., Ltd."',
        '"Ａｃｍｅ co., ltd."',
        "无锡天河电子有限公司",
    )
    text = "\n".join(("公司", *names_told))
    report = imported(desk.rep, text, campaign)
    assert [(one.line, one.why) for one in report.skipped] == [
        (2, "in the campaign already: C1"),
        (5, "the same company as in line 4"),
    ]
    assert [(one.company, one.doubles) for one in report.doubles] == [
        ("苏州启明食品", ("苏州启明食品有限公司",)),
        ("ACME Co., Ltd.", ("Acme",)),
    ]
    assert [one.line for one in report.created] == [3, 4, 6]


def test_a_company_known_from_another_campaign_joins_this_one(desk: Desk) -> None:
    first, second = desk.campaign(), desk.campaign(name="第二次拓展")
    text = "公司,联系人,行业\n启明食品,王建国,食品\n"
    imported(desk.rep, text, first)
    report = imported(desk.rep, text, second)
    assert report.created[0].customer == "C1"
    assert len(contacts.of(desk.rep, 1)) == 1
    assert [deal.campaign for deal in deals.listed(desk.rep, customer=1)] == [first, second]


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk) -> None:
    campaign = desk.campaign()
    before = len(desk.events())
    text = "公司,金额,心情\n启明食品,68万,好\n天河电子,很多,坏\n"
    plan = planned(desk.rep, text, campaign)
    dry = plan.report()
    assert (len(dry.created), len(dry.rejected), dry.unread, dry.dry_run) == (1, 1, ("心情",), True)
    assert plan.doubles == ()
    assert len(desk.events()) == before
    done = imported(desk.rep, text, campaign)
    assert [one.verdict for one in done.rows] == [one.verdict for one in dry.rows]


def test_rejected_rows_can_be_mended_and_imported_again(desk: Desk, tmp_path: Path) -> None:
    campaign = desk.campaign()
    path = tmp_path / "leads.csv"
    path.write_bytes("公司;电话;金额\n启明食品;1;68万\n=cmd();+86 138;很多\n天河电子;2;也很多\n".encode("gb18030"))
    source = importing.read(path)
    plan = importing.plan(desk.rep, source, campaign)
    assert isinstance(plan, ImportPlan)
    report = importing.run(desk.rep, plan)
    assert isinstance(report, ImportReport)
    written = importing.write_rejected(source, report)
    assert written == tmp_path / "leads-rejected.csv"
    content = written.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["公司", "电话", "金额", "Why rejected"]
    assert rows[1][:3] == ["'=cmd()", "'+86 138", "很多"]
    assert importing.write_rejected(source, report) == tmp_path / "leads-rejected-2.csv"

    written.write_text(written.read_text("utf-8-sig").replace("也很多", "5万").replace("很多", "3万", 1), "utf-8-sig")
    again = importing.read(written)
    mended = imported(desk.rep, written.read_text("utf-8-sig"), campaign)
    assert [one.company for one in mended.created] == ["=cmd()", "天河电子"]
    assert contacts.of(desk.rep, 2)[0].phone == "+86 138"
    emptied = importing.rejected_bytes(again, mended.rejected).decode("utf-8-sig")
    assert emptied.splitlines() == ["公司;电话;金额;Why rejected"]
    assert importing.write_rejected(again, mended) is None


def test_a_place_that_cannot_be_written_is_named(desk: Desk, tmp_path: Path) -> None:
    report = imported(desk.rep, row("金额", "很多"), desk.campaign())
    taken = tmp_path / "taken.csv"
    taken.write_text("mine", "utf-8")
    for path in (taken, tmp_path / "none" / "x.csv"):
        with pytest.raises(BadInput, match="rejected rows cannot be written"):
            importing.write_rejected(sheet("公司\n"), report, path)
    assert taken.read_text("utf-8") == "mine"
    assert importing.write_rejected(sheet("公司\n"), report, tmp_path / "fresh.csv") == tmp_path / "fresh.csv"


def test_the_mapping_of_headings_is_obeyed(desk: Desk) -> None:
    mapping = {"厂名": "company", "公司": "ignore"}
    report = imported(desk.rep, "厂名,公司\n启明食品,总部\n", desk.campaign(), mapping=mapping)
    assert report.created[0].company == "启明食品"


def test_owners_are_found_by_name_or_login_and_managers_import_for_others(desk: Desk) -> None:
    users.change(desk.admin, users.find(desk.admin, "zhao").id, active=False)
    text = "公司,负责人\n甲公司,王磊\n乙公司,WANG\n丙公司,赵敏\n丁公司,\n"
    report = imported(desk.manager, text, desk.campaign(desk.manager))
    assert [one.why for one in report.rejected] == ["the owner has left: 赵敏"]
    assert [deal.owner_name for deal in deals.listed(desk.manager)] == ["王磊", "王磊", "陈默"]


def test_two_people_of_one_name_are_told_apart_by_login(desk: Desk) -> None:
    users.add(desk.admin, "wang2", "王磊")
    (rejected,) = imported(desk.manager, row("负责人", "王磊"), desk.campaign()).rejected
    assert rejected.why == "several people are called 王磊: give the login"


def test_several_columns_of_one_kind_are_joined_and_an_unknown_buying_role_becomes_a_note(desk: Desk) -> None:
    text = "公司,手机,电话,备注,说明,决策角色\n启明食品,138,0512,急,急,看门的\n"
    imported(desk.rep, text, desk.campaign())
    (person,) = contacts.of(desk.rep, 1)
    assert (person.name, person.phone, person.role, person.note) == ("启明食品", "138 / 0512", "", "看门的")
    assert customers.get(desk.rep, 1).note == "急"


def test_a_deal_may_have_a_title_of_its_own(desk: Desk) -> None:
    imported(desk.rep, row("项目名称", "二号线改造"), desk.campaign())
    assert deals.get(desk.rep, 1).title == "二号线改造"


# Stages


def test_without_being_told_so_open_rows_enter_the_first_stage(desk: Desk) -> None:
    text = "公司,阶段\n甲公司,方案制定\n乙公司,1\n丙公司,不知道\n"
    plan = planned(desk.manager, text, desk.campaign())
    assert plan.stages_ignored == 2
    report = imported(desk.manager, text, plan.campaign)
    assert (len(report.created), report.stages_ignored) == (3, 2)
    assert {deal.stage for deal in deals.listed(desk.manager)} == {"research"}


def test_only_a_manager_puts_rows_further_right(desk: Desk) -> None:
    plan = importing.plan(desk.rep, sheet("公司,阶段\n甲公司,4\n"), desk.campaign(), stage_column="阶段")
    assert plan == NotAllowed("only_manager")


@pytest.mark.parametrize(
    "stage", ["contact", "3", "客户接洽", "客户接洽与初步沟通", "First contact", "3 客户接洽", "第3阶段"]
)
def test_a_manager_puts_open_rows_further_right_by_visible_exceptions(desk: Desk, stage: str) -> None:
    text = f"公司,进展,负责人\n甲公司,{stage},王磊\n"
    report = imported(desk.manager, text, desk.campaign(), stage_column="进展")
    (made,) = report.created
    deal = deals.get(desk.manager, 1)
    assert (made.stage, deal.stage, made.held) == ("contact", "contact", "")
    granted = exceptions.of(desk.manager, 1)
    assert {one.requirement.split(".")[0] for one in granted} == {"research", "grading"}
    assert {one.granted_by for one in granted} == {"陈默"}
    assert all(one.expires_at - NOW < timedelta(days=91) for one in granted)
    assert all(one.reason == "Imported from leads.csv, line 2" for one in granted)
    assert len(made.exceptions) == len(set(made.exceptions)) > 0
    moves = desk.events("deal.moved")
    assert [event.after["stage"] for event in moves] == ["grading", "contact"]
    report_now = loading.judge(desk.manager, 1)
    assert {r.state for r in report_now.requirements if r.stage == "research"} == {State.EXCEPTED}


def test_what_cannot_be_excepted_holds_a_row_where_it_stands(desk: Desk) -> None:
    text = "公司,阶段,负责人\n甲公司,履约维护,王磊\n"
    (made,) = imported(desk.manager, text, desk.campaign(), stage_column="阶段").created
    assert made.stage == "contract"
    assert made.wanted_stage == "fulfilment"
    assert "合同" in made.held or "ontract" in made.held


def test_nobody_grants_exceptions_for_his_own_rows(desk: Desk) -> None:
    (made,) = imported(desk.manager, "公司,阶段\n甲公司,3\n", desk.campaign(), stage_column="阶段").created
    assert (made.stage, made.exceptions) == ("research", ())
    assert "of his own" in made.held
    assert exceptions.of(desk.manager, 1) == ()


def test_after_90_days_the_exceptions_of_an_import_hold_nothing_open(desk: Desk) -> None:
    imported(desk.manager, "公司,阶段,负责人\n甲公司,2,王磊\n", desk.campaign(), stage_column="阶段")
    later = desk.later(desk.manager, days=91)
    assert all(r.state is not State.EXCEPTED for r in loading.judge(later, 1).requirements)


def test_an_unknown_stage_is_rejected_where_stages_are_obeyed(desk: Desk) -> None:
    (rejected,) = imported(desk.manager, "公司,阶段\n甲公司,火星\n", desk.campaign(), stage_column="阶段").rejected
    assert "no stage is called 火星" in rejected.why


# Closed records


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("won", Status.COMPLETED),
        ("赢单", Status.COMPLETED),
        ("已签约", Status.COMPLETED),
        ("Closed Won", Status.COMPLETED),
        ("lost", Status.LOST),
        ("丢单", Status.LOST),
        ("in care", Status.IN_CARE),
        ("长期维护", Status.IN_CARE),
        ("进行中", Status.OPEN),
    ],
)
@pytest.mark.parametrize("column", ["状态", "阶段"])
def test_states_are_read_in_both_languages_also_from_a_stage_column(
    desk: Desk, word: str, status: Status, column: str
) -> None:
    imported(desk.rep, row(column, word), desk.campaign())
    assert deals.get(desk.rep, 1).status is status


def test_won_lost_and_cared_for_rows_become_closed_records_marked_imported(desk: Desk) -> None:
    text = (
        "公司,状态,成交日期,丢单原因,竞争对手\n"
        "甲公司,赢单,2026-05-06 10:30,,\n乙公司,丢单,,价格,科瑞\n丙公司,维护,,没预算，明年再说,\n"
    ).replace("没预算，明年再说", '"没预算，明年再说"')
    imported(desk.rep, text, desk.campaign())
    won, lost, care = deals.listed(desk.rep)
    assert (won.status, won.imported, won.stage) == (Status.COMPLETED, True, "research")
    assert won.closed_at is not None
    assert won.closed_at.date().isoformat() == "2026-05-06"
    assert won.won_at == won.closed_at
    assert (lost.status, lost.reason, lost.competitor, lost.closed_at) == (Status.LOST, "price", "科瑞", NOW)
    assert (care.status, care.reason, care.note) == (Status.IN_CARE, "other", "没预算，明年再说")
    closed = [event for event in desk.events() if event.after and event.after.get("status") not in {None, "open"}]
    assert [event.action for event in closed] == ["deal.completed", "deal.lost", "deal.parked"]
    assert all(event.after["imported"] for event in closed)


def test_closed_records_cannot_be_moved_and_reopen_into_the_first_stage(desk: Desk) -> None:
    imported(desk.rep, "公司,状态\n甲公司,赢单\n乙公司,丢单\n", desk.campaign())
    assert deals.advance(desk.rep, 1) == NotAllowed("deal_is_completed", {"deal": "D1"})
    assert deals.reopen(desk.rep, 1) == NotAllowed("deal_is_completed", {"deal": "D1"})
    assert deals.advance(desk.rep, 2) == NotAllowed("deal_is_lost", {"deal": "D2"})
    number(deals.reopen(desk.rep, 2, "又来问了"))
    reopened = deals.get(desk.rep, 2)
    assert (reopened.status, reopened.stage) == (Status.OPEN, "research")
    assert not loading.judge(desk.rep, 2).can_move


# Again


def test_what_others_entered_meanwhile_is_judged_anew(desk: Desk) -> None:
    campaign = desk.campaign()
    plan = planned(desk.rep, "公司\n甲公司\n乙公司\n", campaign)
    desk.customer(desk.other, campaign, name="甲公司")
    report = importing.run(desk.rep, plan)
    assert isinstance(report, ImportReport)
    assert [one.company for one in report.skipped] == ["甲公司"]


def test_a_repeated_command_returns_the_first_report_and_does_nothing(desk: Desk) -> None:
    plan = planned(desk.rep, "公司,电话\n甲公司,1\n乙公司,1.3E+10\n", desk.campaign())
    command = Request(desk.store, desk.rep.actor, NOW, "f3b5")
    first = importing.run(command, plan)
    again = importing.run(command, plan)
    assert again == first
    assert isinstance(first.rows[0], RowReport)
    assert [one.verdict for one in again.rows] == [Verdict.CREATE, Verdict.REJECT]
    assert len(deals.listed(desk.rep)) == 1


def test_nothing_is_imported_into_a_closed_campaign(desk: Desk) -> None:
    campaign = desk.campaign()
    plan = planned(desk.rep, "公司\n甲公司\n", campaign)
    number(campaigns.change(desk.rep, campaign, {"closed": True}))
    refused = NotAllowed("campaign_closed", {"campaign": "华东包装拓展"})
    assert importing.plan(desk.rep, plan.sheet, campaign) == refused
    assert importing.run(desk.rep, plan) == refused


def test_an_import_can_be_part_of_another_transaction(desk: Desk) -> None:
    plan = planned(desk.rep, "公司\n甲公司\n", desk.campaign())
    with desk.store.transaction(desk.rep.actor, now=NOW) as tx:
        report = importing.run(tx, plan)
    assert isinstance(report, ImportReport)
    assert report.created[0].deal == "D1"


# Words


def test_neutral_cells_come_back_as_they_were() -> None:
    for cell in ("=1+1", "+86", "-x", "@a", "plain", "'quoted'"):
        assert plain_cell(neutral(cell)) == cell


def test_a_stage_is_not_found_by_a_number_it_does_not_have(desk: Desk) -> None:
    playbook = playbooks.latest(desk.rep, "expansion")
    assert read_stage(playbook, "9") is None
    assert read_stage(playbook, "") is None


def test_a_playbook_without_reasons_gives_none() -> None:
    assert read_reason((), "price") is None


def test_names_of_all_customers_are_looked_up_at_once(desk: Desk) -> None:
    desk.customer(name="Acme Co., Ltd.")
    with desk.store.reading():
        (known,) = names.known_names()
    assert (known.name_key, known.core_key) == ("acmeco.,ltd.", "acme")
