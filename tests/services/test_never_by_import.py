"""What a rep must never be able to do (handbooks.md), tried by importing a table that says it has been done."""

from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.facts import Status
from salestui.domain.outcomes import Blocked, NotAllowed
from salestui.domain.requirement import FixKind
from salestui.services import deals, exceptions, history, importing, loading, refusals, reviews
from salestui.services.import_report import ImportReport
from salestui.services.request import Request
from tests.services.desk import Desk, number

FORGED = (
    "公司,负责人,阶段,等级,评分,总分,分类,市场调研分析报告,方案评审,合同审批,发出日期,已签合同,例外,审批人\n"
    "启明食品,王磊,履约维护,A,25,25,高潜力机会,已完成,已通过,已通过,2026-11-01,HT-001,已批准,陈默\n"
)
"""A row that claims everything: grade, score, list, outputs, votes, sending, signature, exception."""


def brought_in(request: Request, text: str, campaign: int, **options: object) -> ImportReport:
    """Import a table."""
    sheet = importing.read_content(text.encode(), Path("leads.csv"))
    plan = importing.plan(request, sheet, campaign, **options)  # type: ignore[arg-type]  # options are plain words
    assert not isinstance(plan, NotAllowed), plan
    report = importing.run(request, plan)
    assert isinstance(report, ImportReport)
    return report


def unmet(request: Request) -> set[str]:
    """Return what the gate of the only deal misses."""
    outcome = deals.advance(request, 1)
    assert isinstance(outcome, Blocked), outcome
    return {requirement.key for requirement in outcome.report.unmet}


# Move a card right while an output is missing, incomplete, withdrawn, or not approved


def test_a_rep_brings_no_row_in_beyond_the_first_stage(desk: Desk) -> None:
    campaign = desk.campaign()
    sheet = importing.read_content(FORGED.encode(), Path("leads.csv"))
    refused = importing.plan(desk.rep, sheet, campaign, stage_column="阶段")
    assert refused == NotAllowed("only_manager")
    i18n.use("zh")
    assert refusals.text(refused) == "只有经理能做这件事，请找经理。"
    brought_in(desk.rep, FORGED, campaign)
    assert deals.get(desk.rep, 1).stage == "research"
    assert "research.market_report.complete" in unmet(desk.rep)


def test_words_in_a_table_are_no_evidence(desk: Desk) -> None:
    brought_in(desk.rep, FORGED, desk.campaign())
    loaded = loading.load(desk.rep, 1)
    assert loaded.facts.score is None
    assert loaded.facts.classification is None or not loaded.facts.classification.key
    assert all(output.revision is None for output in loaded.facts.outputs.values())
    assert not loaded.facts.actions
    assert exceptions.of(desk.rep, 1) == ()


@pytest.mark.parametrize("mapping", [{"等级": "grade"}, {"例外": "exception"}, {"评分": "score"}, {"审批人": "vote"}])
def test_a_column_cannot_be_declared_to_be_a_fact_of_the_gate(desk: Desk, mapping: dict[str, str]) -> None:
    from salestui.errors import BadInput

    sheet = importing.read_content(FORGED.encode(), Path("leads.csv"))
    with pytest.raises(BadInput, match=next(iter(mapping.values()))):
        importing.plan(desk.rep, sheet, desk.campaign(), mapping)


def test_a_row_of_a_known_customer_moves_no_running_deal(desk: Desk) -> None:
    campaign = desk.campaign()
    brought_in(desk.rep, "公司\n启明食品\n", campaign)
    before = deals.get(desk.rep, 1)
    for request, options in ((desk.rep, {}), (desk.manager, {"stage_column": "阶段"})):
        report = brought_in(request, FORGED, campaign, **options)
        assert report.created == ()
        assert len(report.skipped) == 1
    assert deals.listed(desk.rep) == (before,)


# Advance without a fresh score, of grade C, "not now", of grade A without a plan


def test_a_claimed_grade_and_list_open_no_gate_and_those_of_a_manager_expire(desk: Desk) -> None:
    brought_in(desk.manager, FORGED.replace("履约维护", "筛选分级"), desk.campaign(), stage_column="阶段")
    assert deals.get(desk.rep, 1).stage == "grading"
    assert {"grading.scoring_sheet.fresh", "grading.grade.passes"} <= unmet(desk.rep)
    later = desk.later(desk.rep, days=91)
    assert "research.market_report.complete" in unmet(later)


# Send a contract before its approval, sign before sending


def test_not_even_a_managers_import_passes_an_unapproved_contract(desk: Desk) -> None:
    (made,) = brought_in(desk.manager, FORGED, desk.campaign(), stage_column="阶段").created
    assert (made.stage, made.wanted_stage) == ("contract", "fulfilment")
    assert "approved" in made.held
    deal = deals.get(desk.rep, 1)
    assert (deal.stage, deal.status) == ("contract", Status.OPEN)
    fixes = {r.fix.kind for r in loading.judge(desk.rep, 1).unmet}
    assert FixKind.MARK_SENT in fixes or FixKind.FILL_OUTPUT in fixes
    assert reviews.of_output(desk.rep, 1, "contract_approval") == ()


def test_a_won_row_is_a_closed_record_and_no_way_into_delivery(desk: Desk) -> None:
    brought_in(desk.rep, "公司,状态,阶段\n启明食品,赢单,履约维护\n乙公司,丢单,履约维护\n", desk.campaign())
    won, lost = deals.listed(desk.rep)
    assert (won.status, won.stage, won.imported) == (Status.COMPLETED, "research", True)
    assert deals.reopen(desk.rep, won.id) == NotAllowed("deal_is_completed", {"deal": "D1"})
    number(deals.reopen(desk.rep, lost.id, "又来问了"))
    assert deals.get(desk.rep, lost.id).stage == "research"
    assert not loading.judge(desk.rep, lost.id).can_move


# Approve own work, grant oneself an exception


def test_a_manager_excepts_nothing_for_rows_of_his_own(desk: Desk) -> None:
    (made,) = brought_in(desk.manager, FORGED.replace("王磊", "陈默"), desk.campaign(), stage_column="阶段").created
    assert (made.stage, made.exceptions) == ("research", ())
    assert "of his own" in made.held


# Change or remove the trace


def test_an_import_neither_acts_for_others_nor_in_the_past(desk: Desk) -> None:
    text = "公司,负责人,创建人,创建时间,录入人\n启明食品,王磊,陈默,2020-01-01,陈默\n"
    brought_in(desk.rep, text, desk.campaign())
    for event in history.events(desk.rep, limit=50):
        assert event.at == desk.rep.now
        assert event.actor_name in {"王磊", "林悦"}
    refused = brought_in(desk.rep, "公司,负责人\n乙公司,赵敏\n", 1)
    assert refused.created == ()
    assert len(refused.rejected) == 1
    assert "赵敏" in refused.rejected[0].why or "manager" in refused.rejected[0].why


def test_closed_records_say_for_ever_that_they_were_imported(desk: Desk) -> None:
    brought_in(desk.rep, "公司,状态\n启明食品,赢单\n", desk.campaign())
    completed = [event for event in history.events(desk.rep, limit=50) if event.action == "deal.completed"]
    assert [event.after["imported"] for event in completed if event.after] == [True]
    assert deals.get(desk.later(desk.rep, days=400), 1).imported
