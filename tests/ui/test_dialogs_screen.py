"""Stories of the small dialogs: what stands above the form, what is refused and why, what follows."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from salestui.domain.outcomes import Done
from salestui.domain.playbook import FieldType
from salestui.screens import dialogs, places, talks
from salestui.screens.revisions import RevisionsScreen
from salestui.services import activities, customers, deals, exceptions, outputs, reviews
from salestui.services.loading import judge
from salestui.services.talk_forms import talk_fields
from tests.ui import stories
from tests.ui.filling import complete, done
from tests.ui.stories import Story, opened


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


def requirement(story: Story, part: str):
    """The unmet requirement whose key contains `part`."""
    return next(found for found in judge(story.ask(), story.deal).unmet if part in found.key)


# Classify


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_classifying_shows_what_each_list_means_and_takes_a_digit_and_a_reason(story, size, language):
    async with opened(story, lambda desk: dialogs.classify(desk, story.loaded), size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("机会分类" if zh else "Class", "恒岳新材", "可以过关" if zh else "may pass")
        seen.shows("有例外才能过关" if zh else "passes with an exception", "不能过关" if zh else "cannot pass")
        seen.shows("马上生效" if zh else "It counts at once")
        await seen.press("3", "tab")
        await seen.press("ctrl+a")
        await seen.type("deal on hold")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert story.loaded.facts.classification.key == "not_now"
        assert "deal on hold" in story.loaded.facts.classification.reason


async def test_a_class_needs_its_reason_and_what_was_chosen_stays(tmp_path):
    story = stories.make(tmp_path, "research")
    async with opened(story, lambda desk: dialogs.classify(desk, story.loaded)) as seen:
        await seen.press("2", "ctrl+s")
        assert not seen.closed
        seen.shows("理由没有写")
        assert seen.screen.form.values["class"] == "risky"


async def test_a_class_changed_by_somebody_else_meanwhile_is_not_overwritten(story):
    async with opened(story, lambda desk: dialogs.classify(desk, story.loaded)) as seen:
        done(customers.classify(story.ask("fang"), story.customer, story.campaign, "risky", "付款有风险"))
        await seen.press("3", "ctrl+s")
        assert not seen.closed
        assert story.loaded.facts.classification.key == "risky"


# Tick


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_ticking_says_why_the_handbook_asks_and_what_saving_does(story, size, language):
    opens = lambda desk: dialogs.tick(desk, story.deal, "implicit_needs_probed")  # noqa: E731
    async with opened(story, opens, size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("追问过隐性需求" if zh else "Implicit needs", "为什么" if zh else "Why")
        seen.shows("保存即勾选" if zh else "Saving ticks it off")
        await seen.press("ctrl+s")
        assert not seen.closed, "its note is required"
        await seen.type("asked on site")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert story.loaded.facts.actions["implicit_needs_probed"].note == "asked on site"


async def test_an_action_that_the_data_meet_says_so_instead_of_asking(story):
    async with opened(story, lambda desk: dialogs.tick(desk, story.deal, "value_mapped")) as seen:
        seen.shows("✗", "数据")
        await seen.press("q")
        assert seen.outcome is None


# Mark as sent


@pytest.fixture
def contract(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "contract")


async def test_nothing_is_sent_before_its_approval_and_the_page_says_what_to_do(contract):
    contract.fill.fill("contract_approval")
    opens = lambda desk: dialogs.mark_sent(desk, contract.deal, "contract_approval")  # noqa: E731
    async with opened(contract, opens) as seen:
        seen.shows("《合同审批记录》", "✗", "评审")
        await seen.press("enter")
        assert seen.outcome is None


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_an_approved_contract_is_marked_as_sent_with_today_filled_in(contract, size, language):
    contract.fill.fill("contract_approval")
    done(reviews.ask(contract.ask(), contract.deal, "contract_approval"))
    contract.fill.approve("contract_approval")
    opens = lambda desk: dialogs.mark_sent(desk, contract.deal, "contract_approval")  # noqa: E731
    async with opened(contract, opens, size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("已发给客户" if zh else "Sent to the customer", "r1", "11-19 通过" if zh else "approved on 19 Nov")
        seen.shows("只对 r1 有效" if zh else "It stands for r1")
        form = seen.screen.form
        assert form.values["sent_on"] == "2026-11-19"
        for problem in form.problems:
            form.go_to(problem.where)
            await seen.press("1") if form.body.choosing else await seen.type("wang@example.com")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert contract.loaded.facts.outputs["contract_approval"].sent.revision == 1


# Exceptions


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_a_manager_grants_an_exception_with_reason_and_expiry(story, size, language):
    wanted = requirement(story, "needs_analysis.complete")
    opens = lambda desk: dialogs.exception(desk, story.deal, wanted)  # noqa: E731
    async with opened(story, opens, "fang", size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("例外" if zh else "Exception", "客户需求深度分析报告" if zh else "In-depth needs analysis")
        seen.shows("到那天为止按已满足算" if zh else "takes it as met until that day")
        seen.hides("代谁记录" if zh else "Recorded for")
        await seen.type("customer audit first")
        await seen.press("tab")
        await seen.type("+30")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        granted = exceptions.of(story.ask(), story.deal)[0]
        assert (granted.granted_by, granted.reason) == ("方总", "customer audit first")
        assert f"{granted.expires_at.astimezone(story.loaded.team.zone):%m-%d}" == "12-20"


async def test_nobody_is_granted_an_exception_on_his_own_deal_and_reads_who_may(story):
    wanted = requirement(story, "needs_analysis.complete")
    async with opened(story, lambda desk: dialogs.exception(desk, story.deal, wanted)) as seen:
        seen.shows("✗", "经理")
        await seen.press("escape")
        assert seen.outcome is None
        assert exceptions.of(story.ask(), story.deal) == ()


async def test_where_the_database_allows_it_an_exception_is_recorded_for_whoever_granted_it(story):
    story.recording(allowed=True)
    wanted = requirement(story, "needs_analysis.complete")
    async with opened(story, lambda desk: dialogs.exception(desk, story.deal, wanted)) as seen:
        seen.shows("代谁记录", "凭据")
        values = {"reason": "先评审", "expires_on": "+10", "recorded_for": "方总", "granted_on": "今天"}
        seen.screen.form.set_values(values)
        await seen.press("ctrl+s")
        assert not seen.closed, "without evidence nothing is recorded"
        seen.shows("凭据")
        seen.screen.form.set_values({**values, "evidence": "11-19 邮件批复"})
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        granted = exceptions.of(story.ask(), story.deal)[0]
        assert (granted.granted_by, granted.recorded_by) == ("方总", "林悦")


async def test_an_expiry_that_is_past_or_no_date_keeps_the_form_open_with_the_reason(story):
    wanted = requirement(story, "needs_analysis.complete")
    async with opened(story, lambda desk: dialogs.exception(desk, story.deal, wanted), "fang") as seen:
        seen.screen.form.set_values({"reason": "先评审", "expires_on": "昨天"})
        await seen.press("ctrl+s")
        seen.shows("有效到要晚于今天")
        seen.screen.form.set_values({"reason": "先评审", "expires_on": "下辈子"})
        await seen.press("ctrl+s")
        assert not seen.closed
        assert exceptions.of(story.ask(), story.deal) == ()


# Withdraw


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_withdrawing_lists_the_deals_it_would_block_and_asks_for_a_reason(story, size, language):
    opens = lambda desk: dialogs.withdraw(desk, story.deal, "market_report")  # noqa: E731
    async with opened(story, opens, "fang", size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("会卡住 1 个单子" if zh else "It blocks 1 deal", f"D{story.deal}", "恒岳新材", "林悦")
        seen.shows("不会删除：r1" if zh else "Nothing is deleted: r1")
        await seen.press("ctrl+s")
        assert not seen.closed
        await seen.type("figures were wrong")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert outputs.sheet(story.ask(), story.deal, "market_report").facts.withdrawn


async def test_many_blocked_deals_are_counted_where_they_are_not_listed(story):
    for number in range(11):
        other = done(customers.new(story.ask(), {"name": f"客户 {number}"}, story.campaign))
        done(deals.new(story.ask(), other, story.campaign, {}))
    async with opened(story, lambda desk: dialogs.withdraw(desk, story.deal, "market_report"), "fang") as seen:
        seen.shows("会卡住 12 个单子", "客户 3", "还有 4 个")


async def test_only_a_manager_withdraws_what_serves_the_whole_campaign_and_what_was_typed_stays(story):
    async with opened(story, lambda desk: dialogs.withdraw(desk, story.deal, "market_report")) as seen:
        await seen.type("wrong")
        await seen.press("ctrl+s")
        assert not seen.closed
        seen.shows("只有经理能撤回", "wrong")


async def test_an_output_that_blocks_nothing_says_so(story):
    story.fill.fill("solution")
    done(outputs.withdraw(story.ask("fang"), story.deal, "market_report", "重写"))
    async with opened(story, lambda desk: dialogs.withdraw(desk, story.deal, "market_report"), "fang") as seen:
        seen.shows("不会卡住任何单子")


@pytest.mark.parametrize(("size", "language"), [(stories.WIDE, "zh"), (stories.NARROW, "en")])
async def test_the_summary_as_a_message_says_where_it_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], language: str
) -> None:
    story = stories.make(tmp_path, "contact")
    values = complete(talk_fields(story.loaded.playbook), story.ask())
    talk = done(activities.log(story.ask(), [story.deal], values, subject="报价"))
    folder = Path(tempfile.mkdtemp(prefix="m"))  # its path is to fit into a narrow line
    monkeypatch.chdir(folder)
    async with opened(story, lambda desk: talks.summary(desk, story.deal, talk), size=size, language=language) as seen:
        await seen.press("f6")
        written = folder / f"T{talk}.eml"
        assert written.is_file()
        assert f"T{talk}.eml" in seen.text
        seen.shows("已存到" if language == "zh" else "Saved:")


async def test_the_function_keys_of_a_form_work_while_a_long_text_is_typed(tmp_path: Path) -> None:
    story = stories.make(tmp_path, "contract")
    async with opened(story, lambda desk: places.make("output", desk, story.deal, "needs_analysis")) as seen:
        screen = seen.app.screen
        long_text = next(
            key for key in screen.form.model.keys if screen.form.model.field(key).type is FieldType.LONG_TEXT
        )
        screen.form.go_to(long_text)
        await seen.settle()
        await seen.press("f6")
        assert isinstance(seen.screen, RevisionsScreen)
