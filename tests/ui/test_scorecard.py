from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from salestui import i18n
from salestui.domain.playbook import Criterion, Scoring, Text
from salestui.widgets.scorecard import ScoreCard
from tests.ui.form_gallery import Gallery, score_view, scoring
from tests.ui.test_forms import bytes_of, shown

WIDE, NARROW = (120, 36), (80, 22)


@pytest.fixture(autouse=True)
def _english_again() -> object:
    yield
    i18n.use("en")


@asynccontextmanager
async def card(
    size: tuple[int, int] = WIDE, language: str = "zh", *, empty: bool = False, other: Scoring | None = None
) -> AsyncIterator[tuple[Pilot[None], ScoreCard]]:
    app = Gallery("score", language, empty=empty)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        score = app.query_one(ScoreCard)
        if other is not None:
            score.set_view(replace(score_view(empty=True), scoring=other, outlooks=()))
        await pilot.pause()
        yield pilot, score


async def test_five_keys_score_a_customer() -> None:
    async with card(empty=True) as (pilot, score):
        await pilot.press("4", "4", "5", "4", "3")
        assert score.values == {"size": 4, "fit": 4, "urgency": 5, "budget": 4, "chain": 3}
        assert score.total == 20
        assert score.grade is not None
        assert score.grade.key == "A"
        assert [what for _key, what in score.missing] == ["evidence"] * 5


async def test_before_the_last_key_every_key_says_what_it_would_give() -> None:
    async with card() as (pilot, score):
        assert score.grade is None
        screen = shown(pilot)
        assert "最后一项后 18 到 22" in screen
        assert "3   20   A  重点拓展" in screen
        assert screen.count("升为 A") == 1
        assert "《A级客户专项拓展计划》尚未写" in screen
        assert "决策链清晰度没有打分" in screen
        assert "昨天到期" in screen


async def test_evidence_is_written_beside_the_criterion() -> None:
    async with card() as (pilot, score):
        await pilot.press("3")
        assert score.criterion.key == "chain"
        await pilot.press("e")
        for character in "见过王总 12":
            await pilot.press("space" if character == " " else character)
        await pilot.press("enter")
        await pilot.pause()
        assert score.evidence["chain"] == "见过王总 12"
        assert score.missing == ()
        assert "都评了，都有依据" in shown(pilot)


async def test_escape_leaves_the_evidence_and_keeps_it() -> None:
    async with card() as (pilot, score):
        await pilot.press("enter", "x", "escape", "2")
        assert score.evidence["chain"] == "x"
        assert score.values["chain"] == 2


async def test_last_times_value_and_evidence_are_taken_over() -> None:
    async with card() as (pilot, score):
        await pilot.press("u")
        assert score.values["chain"] == 3
        assert score.evidence["chain"] == "10-18 拜访"


async def test_everything_can_be_taken_over_at_once_but_never_over_what_is_scored() -> None:
    async with card() as (pilot, score):
        await pilot.press("U")
        assert score.values == {"size": 4, "fit": 4, "urgency": 5, "budget": 4, "chain": 3}


async def test_arrows_alone_do_everything() -> None:
    async with card(empty=True) as (pilot, score):
        await pilot.press("right", "right", "down", "left", "down", "right", "backspace")
        assert score.values == {"size": 2, "fit": 5}


async def test_a_warning_shows_though_the_total_decides() -> None:
    async with card(empty=True) as (pilot, score):
        await pilot.press("5", "5", "2", "5", "5")
        await pilot.pause()
        assert score.grade is not None
        assert score.grade.key == "A"
        assert "有一项低于 3 分" in shown(pilot)


async def test_a_range_beyond_nine_is_typed() -> None:
    wide = Scoring(
        tuple(
            Criterion(key, Text(key, key), Text("", ""), Text("", ""), low, high, ())
            for key, low, high in (("ten", 0, 10), ("hundred", 1, 100), ("below", -5, 5))
        ),
        scoring().grades,
        evidence_required=False,
    )
    async with card(other=wide) as (pilot, score):
        await pilot.press("1", "0")
        assert score.values == {"ten": 10}
        await pilot.press("4", "2", "enter")
        assert score.values["hundred"] == 42
        await pilot.press("minus", "3")
        assert score.values["below"] == -3
        assert score.missing == ()
        await pilot.press("up", "up", "1", "enter")
        assert score.values["ten"] == 1


@pytest.mark.parametrize("size", [WIDE, NARROW, (60, 20), (120, 24)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_it_fits_every_screen_with_its_total_in_sight(size: tuple[int, int], language: str) -> None:
    async with card(size, language) as (pilot, score):
        await pilot.pause()
        screen = shown(pilot)
        assert all(strip.cell_length == size[0] for strip in pilot.app.screen._compositor.render_strips())
        assert "17" in screen
        assert score.criterion.title.get(language) in screen


async def test_a_key_costs_little() -> None:
    async with card(empty=True) as (pilot, _score):
        await pilot.press("4")
        assert 0 < await bytes_of(pilot, lambda: pilot.press("right")) < 2_500
