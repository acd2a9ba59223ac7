"""Stories of the list of reviews that wait for me: reading, deciding one after the other, deputies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salestui.domain.facts import Decision
from salestui.screens import places
from salestui.services import deputies, outputs, reviews, users
from salestui.services.request import Request
from tests.ui import stories
from tests.ui.filling import done
from tests.ui.stories import NARROW, Story, opened, running

TODAY = date(2026, 11, 19)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = stories.make(tmp_path, "solution")
    made.fill.fill("solution")
    return made


def waiting(desk):
    return places.make("waiting", desk)


def asked(story: Story, **earlier: float) -> int:
    return done(reviews.ask(story.ask(**earlier), story.deal, "solution", "看第 3 节报价"))


def votes(story: Story):
    fact = reviews.of_output(story.ask(), story.deal, "solution")[0].fact
    return [(vote.role, vote.name, vote.deputy_for, vote.decision, vote.comment) for vote in fact.votes]


def absent(story: Story, who: str, deputy: str) -> int:
    people = story.people
    return done(deputies.name(story.ask(who), people[who].id, people[deputy].id, TODAY, date(2026, 11, 30)))


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_the_list_says_what_waits_for_how_long_and_in_which_role(story, size, language):
    asked(story, days=-2)
    async with opened(story, waiting, "zhou", size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("待我评审" if zh else "Waiting for me", "2 天" if zh else "2 days", "恒岳新材", "r1")
        seen.shows("法务" if zh else "Legal", "看第 3 节报价" if size != NARROW else "恒岳新材")


async def test_what_was_read_is_approved_with_one_key(story):
    asked(story)
    async with opened(story, waiting, "zhou") as seen:
        await seen.press("a")
        seen.shows("请先看内容")
        assert votes(story) == []
        await seen.press("o")
        seen.shows("只读")
        await seen.press("escape", "a")
        seen.shows("没有等你表态的评审", "已记下你对")
        assert votes(story) == [("legal", "周敏", "", Decision.APPROVE, "")]


async def test_what_was_read_inside_the_review_counts_as_read(story):
    asked(story)
    async with opened(story, waiting, "zhou") as seen:
        await seen.press("enter")
        seen.shows("以法务身份表态")
        await seen.press(seen.line("看 r1 的内容").strip()[0], "escape", "escape", "a")
        assert [vote[:2] for vote in votes(story)] == [("legal", "周敏")]


@pytest.mark.parametrize(("key", "decision"), [("c", Decision.ASK_CHANGE), ("x", Decision.REJECT)])
async def test_whoever_does_not_approve_is_asked_why(story, key, decision):
    asked(story)
    async with opened(story, waiting, "zhou") as seen:
        await seen.press(key, "ctrl+s")
        seen.shows("意见没有写", "由 林悦 改好")
        await seen.type("clause 4")
        await seen.press("ctrl+s")
        assert votes(story) == [("legal", "周敏", "", decision, "clause 4")]


async def test_a_deputy_finds_the_reviews_of_the_absent_and_votes_for_him(story):
    asked(story)
    absent(story, "zhou", "chen")
    async with opened(story, waiting, "chen") as seen:
        seen.shows("代 周敏")
        await seen.press("o", "escape", "a")
        assert votes(story) == [("legal", "陈立", "周敏", Decision.APPROVE, "")]


async def test_a_deputy_is_named_and_ended_with_a_key(story):
    async with opened(story, waiting, "zhou") as seen:
        await seen.press("d")
        seen.shows("不在时的评审代理")
        seen.screen.form.set_values({"deputy": "陈立", "starts": "今天", "ends": "11-30"})
        await seen.press("ctrl+s")
        (known,) = deputies.in_force(story.ask())
        assert (known.user_name, known.deputy_name, known.ends) == ("周敏", "陈立", date(2026, 11, 30))
        await seen.press("d")
        seen.shows("结束代理：陈立 代 周敏")
        await seen.press("2")
        assert deputies.in_force(story.ask()) == ()


async def test_an_administrator_names_a_deputy_for_somebody_else(story):
    async with opened(story, waiting, "boss") as seen:
        await seen.press("d", "2")
        seen.shows("替谁指定")
        await seen.press(seen.line("周敏").strip()[0])
        seen.screen.form.set_values({"deputy": "zhao", "starts": "今天", "ends": "昨天"})
        await seen.press("ctrl+s")
        seen.shows("早于开始的日子")
        seen.screen.form.set_values({"deputy": "zhao", "starts": "今天", "ends": "今天"})
        await seen.press("ctrl+s")
        (known,) = deputies.in_force(story.ask())
        assert (known.user_name, known.deputy_name, known.named_by) == ("周敏", "赵工", "管理员")


async def test_one_of_several_roles_is_chosen(story):
    done(users.change(story.ask("boss"), story.people["zhou"].id, roles=["legal", "technical"]))
    story.people = {**story.people, "zhou": users.find(story.ask("boss"), "zhou").actor()}
    asked(story)
    async with opened(story, waiting, "zhou") as seen:
        await seen.press("o", "escape", "a")
        seen.shows("以哪个角色表态")
        await seen.press("2")
        assert [vote[0] for vote in votes(story)] == ["legal"]


async def test_v_leads_to_the_list_from_everywhere(story):
    async with running(story, "zhou") as seen:
        await seen.press("V")
        seen.shows("待我评审", "没有等你表态的评审")
        await seen.press("escape")
        seen.hides("没有等你表态的评审")


async def test_the_requester_asks_somebody_else_by_name(story):
    done(users.change(story.ask("boss"), story.people["chen"].id, roles=["legal"]))
    asked(story)
    from tests.ui.test_reviews_screen import review

    async with review(story) as seen:
        await seen.press(seen.line("改请别人评审").strip()[0])
        await seen.press(seen.line("法务   陈立").strip()[0])
        assert seen.closed
    again = Request(story.store, story.people["lin"], story.now)
    assert again.actor.name == "林悦"


async def test_a_new_revision_says_that_it_voids_the_votes(story):
    number = asked(story)
    done(reviews.vote(story.ask("zhao"), number, "technical", "reject", "节拍算错"))
    values = {**outputs.sheet(story.ask(), story.deal, "solution").values, "delivery_period": "60 天"}
    done(outputs.submit(story.ask(), story.deal, "solution", values))
    async with opened(story, lambda desk: places.make("agenda", desk), "zhao") as seen:
        seen.shows("作废", "你对 r1 的意见因 r2 作废")
