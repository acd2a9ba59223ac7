"""Stories of reviews: how one stands, asking, voting, recording a vote, recalling, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from salestui.domain.facts import Decision
from salestui.domain.outcomes import Done
from salestui.screens import reviews as screens
from salestui.services import outputs, review_page, reviews
from tests.ui import stories
from tests.ui.filling import done
from tests.ui.stories import WIDE, Seen, Story, opened


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = stories.make(tmp_path, "solution")
    made.fill.fill("solution")
    return made


@asynccontextmanager
async def review(
    story: Story, who: str = "lin", *, size: tuple[int, int] = WIDE, language: str = "zh", output: str = "solution"
) -> AsyncIterator[Seen]:
    """Open the review of an output as a person."""

    async def opens(desk):
        return screens.ReviewScreen(desk, await desk.ask(review_page.page, story.deal, output))

    async with opened(story, opens, who, size=size, language=language) as seen:
        yield seen


def asked(story: Story, **earlier: float) -> int:
    """Ask for the review of the solution; return its number."""
    return done(reviews.ask(story.ask(**earlier), story.deal, "solution"))


def votes(story: Story):
    """The votes of the newest review as (role, name, decision)."""
    fact = reviews.of_output(story.ask(), story.deal, "solution")[0].fact
    return [(vote.role, vote.name, vote.decision) for vote in fact.votes]


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_a_review_nobody_asked_for_is_asked_for_with_a_note(story, size, language):
    async with review(story, size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("r1 还没送评审" if zh else "Nobody has asked for a review of r1", "技术" if zh else "Technical")
        await seen.press("1")
        seen.shows("给评审人的话" if zh else "Note to the reviewers", "评完之前 r1 只读" if zh else "r1 is read only")
        await seen.type("please look at the price")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert reviews.of_output(story.ask(), story.deal, "solution")[0].note == "please look at the price"


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_a_review_under_way_says_who_voted_who_is_awaited_and_since_when(story, size, language):
    number = asked(story, days=-2)
    done(reviews.vote(story.ask("zhao"), number, "technical", "approve", "可以"))
    async with review(story, "zhou", size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("林悦 于 11-17 12:20 把 r1 送评审" if zh else "林悦 asked on 17 Nov 12:20 for a review of r1")
        seen.shows("赵工   通过" if zh else "赵工   approved", "周敏 等 2 天" if zh else "周敏 waits 2 days")
        seen.shows("以法务身份表态" if zh else "Vote as Legal", "看 r1 的内容" if zh else "Read r1")


async def test_a_reviewer_approves_with_a_digit(story):
    asked(story)
    async with review(story, "zhou") as seen:
        await seen.press("1")
        seen.shows("结论", "只对 r1 有效")
        await seen.press("1", "ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert votes(story) == [("legal", "周敏", Decision.APPROVE)]


@pytest.mark.parametrize(("digit", "decision"), [("2", Decision.REJECT), ("3", Decision.ASK_CHANGE)])
async def test_whoever_does_not_approve_says_why(story, digit, decision):
    asked(story)
    async with review(story, "zhou") as seen:
        await seen.press("1", digit, "ctrl+s")
        assert not seen.closed
        seen.shows("意见没有写")
        await seen.type("clause 4")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert votes(story) == [("legal", "周敏", decision)]


async def test_a_reviewer_reads_the_output_before_voting_and_comes_back(story):
    asked(story)
    async with review(story, "zhou") as seen:
        await seen.press("j", "j", "enter")
        seen.shows("只读", "合同生效后 45 天")
        await seen.press("escape")
        seen.shows("以法务身份表态")


async def test_the_author_cannot_vote_and_reads_whom_to_ask(story):
    from salestui.services import users

    done(users.change(story.ask("boss"), story.people["lin"].id, roles=["legal"]))
    story.people = {**story.people, "lin": users.find(story.ask("boss"), "lin").actor()}
    asked(story)
    async with review(story) as seen:
        line = seen.line("以法务身份表态")
        assert "自己" in line
        await seen.press("1")
        assert not seen.closed
        assert votes(story) == []


async def test_somebody_without_a_role_reads_why_he_cannot_vote(story):
    asked(story)
    async with review(story, "chen") as seen:
        await seen.press("1")
        assert not seen.closed
        seen.shows("你没有")


async def test_only_who_asked_or_a_manager_recalls_and_everybody_else_reads_who_may(story):
    asked(story)
    async with review(story, "zhou") as seen:
        assert "林悦" in seen.line("撤回评审")
        await seen.press("2")
        assert not seen.closed
    again = stories.make(story.folder.parent / "again", "solution")
    again.fill.fill("solution")
    asked(again)
    async with review(again, "fang") as seen:
        await seen.press("1")
        await seen.type("late")
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)
        assert reviews.of_output(again.ask(), again.deal, "solution")[0].recalled_at is not None


async def test_a_vote_is_recorded_for_somebody_else_only_where_the_database_allows_it(story):
    asked(story, days=-1)
    async with review(story) as seen:
        seen.hides("代别人记")


async def test_a_recorded_vote_names_who_voted_the_day_and_the_evidence(story):
    story.recording(allowed=True)
    asked(story, days=-1)
    async with review(story) as seen:
        row = seen.line("代别人记一个表态").strip()
        await seen.press(row[0])
        seen.shows("代谁记录", "表态日期", "凭据")
        values = {"role": "legal", "decision": "approve", "recorded_for": "周敏", "voted_on": "今天"}
        seen.screen.form.set_values(values)
        await seen.press("ctrl+s")
        assert not seen.closed, "a vote is not recorded without evidence"
        seen.screen.form.set_values({**values, "evidence": "11-19 邮件批复"})
        await seen.press("ctrl+s")
        assert isinstance(seen.outcome, Done)


async def test_a_recorded_vote_is_shown_as_recorded(story):
    from datetime import date

    story.recording(allowed=True)
    number = asked(story, days=-1)
    voted_on = date(2026, 11, 19)
    done(
        reviews.vote(
            story.ask(), number, "legal", "approve", recorded_for="周敏", voted_on=voted_on, evidence="邮件批复"
        )
    )
    async with review(story) as seen:
        seen.shows("周敏", "林悦 代记：邮件批复")


async def test_a_recorded_vote_may_not_name_the_author(story):
    story.recording(allowed=True)
    asked(story, days=-1)
    async with review(story, "fang") as seen:
        await seen.press(seen.line("代别人记一个表态").strip()[0])
        seen.screen.form.set_values(
            {"role": "legal", "decision": "approve", "recorded_for": "林悦", "voted_on": "今天", "evidence": "邮件"}
        )
        await seen.press("ctrl+s")
        assert not seen.closed
        seen.shows("林悦")
        assert votes(story) == []


async def test_a_refused_revision_says_to_change_it_first_and_what_was_said(story):
    number = asked(story)
    done(reviews.vote(story.ask("zhao"), number, "technical", "reject", "节拍算错"))
    async with review(story) as seen:
        seen.shows("✗  技术   赵工   不通过", "节拍算错", "请改好提交新版本")
        await seen.press("2")
        assert not seen.closed, "the same revision is not reviewed again"
        await seen.press("1")
        seen.shows("! 技术 赵工：节拍算错", "存为 r2")


async def test_a_vote_on_a_revision_that_is_not_current_any_more_does_not_count(story):
    asked(story)
    async with review(story, "zhou") as seen:
        number = reviews.of_output(story.ask(), story.deal, "solution")[0].id
        done(reviews.recall(story.ask(), number, "改一处"))
        await seen.press("1", "1", "ctrl+s")
        assert not seen.closed
        seen.shows("已撤回")
        assert votes(story) == []


async def test_earlier_reviews_stay_in_sight(story):
    number = asked(story)
    done(reviews.vote(story.ask("zhao"), number, "technical", "reject", "节拍算错"))
    values = {**outputs.sheet(story.ask(), story.deal, "solution").values, "delivery_period": "60 天"}
    done(outputs.submit(story.ask(), story.deal, "solution", values))
    asked(story)
    async with review(story, "zhou") as seen:
        seen.shows("以前的评审", "技术 赵工 退回 节拍算错", "把 r2 送评审")


async def test_the_review_record_leads_to_the_review_of_what_it_reads(story):
    asked(story)
    async with review(story, "zhou", output="solution_review") as seen:
        seen.shows("《定制化解决方案》", "以法务身份表态")
