"""A gate closes again when what opened it is taken back or grows old; a won deal is not held up by old facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Status
from salestui.domain.outcomes import Blocked, Completed
from salestui.domain.playbook import Holds
from salestui.services import classes, deals, outputs
from salestui.services.loading import load
from tests.ui.filling import done
from tests.ui.stories import Story, make, running

FILLED = ("market_report", "account_plan", "fit_assessment", "needs_analysis", "solution", "presentation_record")


@pytest.mark.parametrize("key", FILLED)
def test_what_is_withdrawn_closes_the_gate_for_further_moves(tmp_path: Path, key: str) -> None:
    story = make(tmp_path, "solution")
    story.fill.meet()
    who = "fang" if key == "market_report" else "lin"
    done(outputs.withdraw(story.ask(who), story.deal, key, "数字不对"))
    blocked = deals.advance(story.ask(), story.deal)
    assert isinstance(blocked, Blocked)
    assert any(requirement.output == key for requirement in blocked.report.unmet)
    assert load(story.ask(), story.deal).deal.stage == "solution", "the deal stays where it is"
    done(outputs.restore(story.ask(), story.deal, key, 1))
    story.fill.meet()
    done(deals.advance(story.ask(), story.deal))
    story.close()


def test_what_is_too_old_closes_the_gate_and_a_new_revision_opens_it(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    story.fill.meet()
    story = replace(story, now=story.now + timedelta(days=400))
    blocked = deals.advance(story.ask(), story.deal)
    assert isinstance(blocked, Blocked)
    assert {"account_plan", "scoring_sheet"} <= {requirement.output for requirement in blocked.report.unmet}
    story.fill.meet()
    done(deals.advance(story.ask(), story.deal))
    story.close()


async def test_the_board_shows_the_gate_closing_while_it_is_open_and_opening_again(tmp_path: Path) -> None:
    story = make(tmp_path, "solution")
    story.fill.meet()
    async with running(story) as seen:
        await seen.press("enter", "u")
        title = story.loaded.playbook.output("needs_analysis").title.zh
        seen.shows("撤回产出", title)
        await seen.type("客户又提了新要求")
        await seen.press("ctrl+s", "escape")
        assert "缺" in seen.line("恒岳新材")
        await seen.press(">")
        seen.shows("还不能推进", title, "撤回")
        await seen.press("1")
        await seen.press("ctrl+s")
        await seen.press(">")
        assert load(story.ask(), story.deal).deal.stage == "contract"


def _spoil(story: Story) -> None:
    """Take back or let grow old everything that holds until the deal is won only."""
    playbook = story.loaded.playbook
    for _stage, output in playbook.outputs():
        known = story.loaded.facts.outputs.get(output.key)
        if output.holds is Holds.UNTIL_WON and known is not None and known.revision:
            done(outputs.withdraw(story.ask("fang"), story.deal, output.key, "不再更新"))
    story.fill.score(story.loaded, (1,))
    done(classes.classify(story.ask(), story.customer, story.campaign, "not_now", "今年不再开拓"))


def test_a_won_deal_is_not_held_up_by_what_holds_until_won(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    _spoil(story)
    story = replace(story, now=story.now + timedelta(days=60))
    story.fill.meet()
    assert isinstance(deals.advance(story.ask(), story.deal), Completed)
    story.close()


def test_a_won_deal_is_held_up_by_what_holds_always(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    story.fill.meet()
    done(outputs.withdraw(story.ask(), story.deal, "signed_contract", "扫描件缺页"))
    blocked = deals.advance(story.ask(), story.deal)
    assert isinstance(blocked, Blocked)
    assert {requirement.output for requirement in blocked.report.unmet} == {"signed_contract"}
    story.close()


async def test_the_board_completes_a_won_deal_whose_score_is_long_gone(tmp_path: Path) -> None:
    story = make(tmp_path, "fulfilment")
    _spoil(story)
    story = replace(story, now=story.now + timedelta(days=60), desks=[])
    story.fill.meet()
    async with running(story) as seen:
        await seen.press(">")
        seen.shows("已过最后一关，完成")
        assert load(story.ask(), story.deal).deal.status is Status.COMPLETED
