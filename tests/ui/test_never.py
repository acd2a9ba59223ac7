"""What a rep must never be able to do (handbooks.md), tried with the keys of the board; each try is told why it failed.

林悦 is a rep and owns the deal. 方总 manages; 赵工, 孙洁 and 周敏 hold the reviewer roles.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.facts import Status
from salestui.screens import places
from salestui.services import classes, deals, history, outputs, reviews, settings, users
from salestui.services.loading import load
from tests.e2e.hands import SAVE
from tests.ui.filling import Filler, done
from tests.ui.stories import Seen, Story, make, opened, running


async def tries(seen: Seen, story: Story, *texts: str) -> None:
    """Press `>` on the board: the card stays, and the panel says why."""
    before = load(story.ask(), story.deal).deal
    await seen.press(">")
    assert load(story.ask(), story.deal).deal == before
    seen.shows("还不能推进", *texts)


# Move a card right while a required output of its stage or an earlier one is missing, incomplete, withdrawn, or not
# approved on its current revision where a review is asked.


async def test_a_missing_output_keeps_the_card_where_it_is(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    async with running(story) as seen:
        await tries(seen, story, "《定制化解决方案》", "还没有写")


async def test_an_incomplete_output_is_not_saved_and_the_card_stays(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    async with running(story) as seen:
        await tries(seen, story, "《客户需求深度分析报告》")
        await seen.press("1")
        await seen.type("半张表")
        await seen.press("ctrl+s")
        seen.shows("没有存成新版")
        await seen.press("escape")
        await tries(seen, story, "《客户需求深度分析报告》")
        assert outputs.sheet(story.ask(), story.deal, "needs_analysis").latest == 0


@pytest.mark.parametrize("key", ["fit_assessment", "needs_analysis"])
async def test_a_withdrawn_output_of_this_stage_or_an_earlier_one_keeps_the_card(tmp_path: Path, key: str) -> None:
    story = make(tmp_path, "solution")
    story.fill.meet()
    async with running(story) as seen:
        done(outputs.withdraw(story.ask(), story.deal, key, "数字不对"))
        await tries(seen, story, "撤回", story.loaded.playbook.output(key).title.zh)


async def test_a_shared_output_is_withdrawn_by_a_manager_only(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    other = done(deals.new(story.ask(), story.customer, story.campaign, {"title": "二期"}))
    Filler(story.folder, other, story.ask(), story.role).go_to("grading")
    async with opened(story, lambda desk: places.make("deal", desk, story.deal)) as seen:
        await seen.press("u")
        seen.shows("撤回哪项产出")
        await seen.press("1")
        seen.shows("会卡住 2 个单子")
        await seen.type("数字不对")
        await seen.press("ctrl+s")
        seen.shows("只有经理能撤回")
        assert not outputs.sheet(story.ask(), other, "market_report").facts.withdrawn


async def test_a_changed_revision_has_to_be_approved_anew(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    story.fill.meet()
    story.fill.fill("solution", {"delivery_period": "改成 75 天"})
    async with running(story) as seen:
        await tries(seen, story, "《方案评审记录表》")


# Advance (before the deal is won) a customer without a fresh score, of grade C, classified "not now", or of grade A
# without an account plan.


async def test_without_a_score_nobody_advances(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    async with running(story) as seen:
        await tries(seen, story, "《客户评分分级表》")


@pytest.mark.parametrize("stage", ["grading", "contact", "solution", "contract"])
async def test_an_expired_score_stops_every_stage_before_the_deal_is_won(tmp_path: Path, stage: str) -> None:
    story = make(tmp_path, stage)
    story.fill.meet()
    story = replace(story, now=story.now + timedelta(days=33), desks=[])
    async with running(story) as seen:
        await tries(seen, story, "《客户评分分级表》", "请重新给客户评分")


async def test_grade_c_does_not_advance(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    story.fill.score(story.loaded, (2,))
    async with running(story) as seen:
        await tries(seen, story, "C")


async def test_not_now_never_advances_and_knows_no_exception(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    story.fill.meet()
    done(classes.classify(story.ask(), story.customer, story.campaign, "not_now", "2028 年前没有预算"))
    async with running(story, "fang") as seen:
        await tries(seen, story, "暂不考虑")
        await seen.press("e")
        seen.shows("不能例外")
        await tries(seen, story, "暂不考虑")


async def test_grade_a_needs_an_account_plan(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    story.fill.score(story.loaded)
    async with running(story) as seen:
        await tries(seen, story, "《A级客户专项拓展计划》")


# Send a contract before its internal approval, or sign before sending.


async def test_a_contract_is_not_sent_before_it_is_approved(tmp_path: Path) -> None:
    story = make(tmp_path, "contract")
    story.fill.fill("contract_approval")
    async with opened(story, lambda desk: places.make("deal", desk, story.deal)) as seen:
        await seen.press("y")
        seen.shows("还没有评审通过", "再发出")
        seen.hides(SAVE)


async def test_a_contract_is_not_signed_before_it_is_sent(tmp_path: Path) -> None:
    story = make(tmp_path, "contract")
    story.fill.fill("contract_approval")
    async with opened(story, lambda desk: places.make("output", desk, story.deal, "signed_contract")) as seen:
        seen.shows("还没有发给客户")
        await seen.press("ctrl+s")
        assert outputs.sheet(story.ask(), story.deal, "signed_contract").latest == 0


async def test_not_even_a_manager_excepts_the_approval_of_a_contract(tmp_path: Path) -> None:
    story = make(tmp_path, "contract")
    story.fill.fill("contract_approval")
    async with running(story, "fang") as seen:
        await tries(seen, story, "《合同审批记录》")
        for requirement in ("审批", "发出"):
            while f"《合同审批记录》{requirement}" not in seen.line("▐ ").replace("：", ""):
                await seen.press("j")
            await seen.press("e")
            seen.shows("不能例外")


# Approve his own work, or grant himself an exception.


async def test_nobody_approves_his_own_work(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    done(users.change(story.ask("boss"), story.people["lin"].id, roles=("technical", "sales", "legal")))
    story.people["lin"] = users.find(story.ask("boss"), "lin").actor()  # type: ignore[index]  # a dict
    story.fill.fill("solution")
    done(reviews.ask(story.ask(), story.deal, "solution"))
    async with running(story) as seen:
        await seen.press("r")
        seen.shows("不能评审", "林悦")
        await seen.press("1")
        assert reviews.of_output(story.ask(), story.deal, "solution")[0].votes == ()


async def test_a_recorded_vote_is_not_taken_where_the_database_allows_none(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    story.fill.fill("solution")
    done(reviews.ask(story.ask(), story.deal, "solution"))
    async with running(story) as seen:
        await seen.press("r")
        seen.hides("代录")


async def test_a_recorded_vote_may_not_name_the_owner(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    story.recording(allowed=True)
    story.fill.fill("solution")
    done(reviews.ask(story.ask(), story.deal, "solution"))
    async with running(story) as seen:
        await seen.press("r")
        record = i18n.gettext("Record somebody else's vote")
        number = next(n for n in "123456" if f"{n} {record}" in seen.text)
        await seen.press(number, "1", "tab", "1", "tab", "tab")
        for text in ("林悦", "2026-11-19", "口头"):
            await seen.type(text)
            await seen.press("tab")
        await seen.press("ctrl+s")
        seen.shows(SAVE, "林悦")
        assert reviews.of_output(story.ask(), story.deal, "solution")[0].votes == ()


@pytest.mark.parametrize("permission", ["rep", "manager"])
async def test_nobody_grants_himself_an_exception(tmp_path: Path, permission: str) -> None:
    story = make(tmp_path, "grading")
    done(users.change(story.ask("boss"), story.people["lin"].id, permission=permission))
    story.people["lin"] = users.find(story.ask("boss"), "lin").actor()  # type: ignore[index]  # a dict
    async with running(story) as seen:
        await tries(seen, story)
        await seen.press("e")
        seen.shows("经理")
        seen.hides(SAVE)


# Change or remove the trace of who did what, when, and why.


async def test_no_key_changes_or_removes_the_history(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    before = history.events(story.ask(), limit=1000)
    async with opened(story, lambda desk: places.make("history", desk, deal=story.deal)) as seen:
        await seen.press("delete", "x", "d", "i", "u", "n", "backspace", "ctrl+d")
        assert history.events(story.ask(), limit=1000) == before


# What belongs to others


@pytest.mark.parametrize("keys", [(">",), ("<",), ("d",), ("p",)], ids=["advance", "back", "lose", "park"])
async def test_the_deal_of_another_rep_is_left_alone(tmp_path: Path, keys: tuple[str, ...]) -> None:
    story = make(tmp_path, "grading")
    story.fill.meet()
    before = load(story.ask(), story.deal).deal
    async with running(story, "chen") as seen:
        await seen.press(*keys)
        if SAVE in seen.text:
            await seen.press(*("1",) if keys[0] != "<" else ("y",), "ctrl+s")
        seen.shows("林悦", "经理")
        assert load(story.ask(), story.deal).deal == before


async def test_taking_back_what_is_won_is_a_managers_act(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    async with running(story) as seen:
        await seen.press("d", "1", "ctrl+s")
        seen.shows("经理")
        assert load(story.ask(), story.deal).deal.status is Status.WON


def test_a_rep_changes_neither_users_nor_what_the_database_allows(tmp_path: Path) -> None:
    story = make(tmp_path, "grading")
    assert settings.change(story.ask(), {"recorded_votes": True}).code == "only_admin"
    assert users.change(story.ask(), "lin", permission="admin").code == "only_admin"
    story.close()
