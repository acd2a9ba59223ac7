"""The orders of work that the handbook forbids, each set up so that one step more would be the forbidden one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from salestui.domain.outcomes import Blocked, NotAllowed
from salestui.services import activities, deals, exceptions, outputs, reviews, users
from salestui.services.gate_texts import describe
from salestui.services.loading import load
from salestui.services.refusals import text
from salestui.services.talk_forms import talk_fields
from tests.ui.filling import complete, done
from tests.ui.stories import Story, make

Words = tuple[str, ...]


@dataclass(frozen=True)
class Forbidden:
    """One forbidden order: how it is set up in which stage, how it is tried, and what who tries it is told."""

    name: str
    stage: str
    set_up: Callable[[Story], None]
    service: Callable[[Story], object]
    command: Callable[[Story], tuple[Words, Mapping[str, Any]]]
    code: str
    zh: Words
    en: Words
    keys: Words = (">",)
    later: timedelta = timedelta()
    exit_code: int = 3
    next_command: str = ""
    """What the command line says to call next, where a gate is shut."""

    def story(self, folder: Path) -> Story:
        """Return the story just before the forbidden step."""
        story = make(folder, self.stage)
        story.people = dict(story.people)
        self.set_up(story)
        return replace(story, now=story.now + self.later, desks=[])

    def told(self, story: Story, outcome: object) -> str:
        """Return what a refusal says, in the language in use; for a shut gate all of its lines."""
        loaded = load(story.ask(), story.deal)
        if isinstance(outcome, NotAllowed):
            assert outcome.code == self.code
            return text(outcome, loaded.playbook)
        assert isinstance(outcome, Blocked), outcome
        assert self.code in {requirement.key for requirement in outcome.report.unmet}, outcome.report.unmet
        said = [describe(each, loaded.playbook, loaded.team, story.now) for each in outcome.report.unmet]
        return "\n".join(f"{each.line} {each.verb}" for each in said)


def _advance(story: Story) -> object:
    return deals.advance(story.ask(), story.deal)


def _move(story: Story) -> tuple[Words, Mapping[str, Any]]:
    return ("deal", "move", f"D{story.deal}"), {}


def _own_work(story: Story) -> None:
    done(users.change(story.ask("boss"), story.people["lin"].id, roles=("technical", "sales", "legal")))
    story.people["lin"] = users.find(story.ask("boss"), "lin").actor()  # type: ignore[index]  # a dict
    story.fill.fill("solution")
    done(reviews.ask(story.ask(), story.deal, "solution"))


def _review(story: Story, output: str) -> int:
    return reviews.of_output(story.ask(), story.deal, output)[0].id


def _vote(story: Story) -> object:
    return reviews.vote(story.ask(), _review(story, "solution"), "legal", "approve")


def _cli_vote(story: Story) -> tuple[Words, Mapping[str, Any]]:
    return ("review", "vote", f"R{_review(story, 'solution')}"), {"values": {"role": "legal", "decision": "approve"}}


def _stale(story: Story) -> None:
    story.fill.meet()
    story.fill.fill("solution", {"delivery_period": "改成 75 天"})


def _contract(story: Story) -> None:
    story.fill.fill("contract_approval")


def _sending(story: Story) -> dict[str, object]:
    values = complete(outputs.send_fields(story.ask(), story.deal, "contract_approval"), story.ask())
    return {**values, "sent_on": story.now.date().isoformat()}


def _send(story: Story) -> object:
    return outputs.mark_sent(story.ask(), story.deal, "contract_approval", _sending(story))


def _cli_send(story: Story) -> tuple[Words, Mapping[str, Any]]:
    return ("output", "sent", f"D{story.deal}", "contract_approval"), {"values": _sending(story)}


def _approved(story: Story) -> None:
    _contract(story)
    done(reviews.ask(story.ask(), story.deal, "contract_approval"))
    story.fill.approve("contract_approval")


def _signing(story: Story) -> tuple[dict[str, object], list[Path]]:
    output = load(story.ask(), story.deal).playbook.output("signed_contract")
    values = complete(output.fields, story.ask()) | {str(output.sent_before): story.now.date().isoformat()}
    return values, [story.fill.file(output)]


def _sign(story: Story) -> object:
    values, files = _signing(story)
    return outputs.submit(story.ask(), story.deal, "signed_contract", values, files=files)


def _cli_sign(story: Story) -> tuple[Words, Mapping[str, Any]]:
    values, files = _signing(story)
    return ("output", "set", f"D{story.deal}", "signed_contract"), {"values": values, "files": [str(f) for f in files]}


def _excepted(story: Story) -> None:
    story.fill.meet()
    done(outputs.withdraw(story.ask(), story.deal, "needs_analysis", "数字不对"))
    until = story.now.date() + timedelta(days=1)
    key = "solution.needs_analysis.complete"
    done(exceptions.grant(story.ask("fang"), story.deal, key, "客户急着看方案", until))
    assert load(story.ask(), story.deal).facts.exceptions


def _unsummed(story: Story) -> None:
    story.fill.meet()
    values = complete(talk_fields(story.loaded.playbook), story.ask())
    values["at"] = (story.now - timedelta(hours=25)).isoformat()
    done(activities.log(story.ask(), [story.deal], values, subject="报价"))


FORBIDDEN = (
    Forbidden(
        "self-approval", "solution", _own_work, _vote, _cli_vote, "own_work",
        ("请找别人评审",), ("Ask somebody else",), keys=("r", "1"), exit_code=5,
    ),
    Forbidden(
        "stale vote", "solution", _stale, _advance, _move, "solution.solution_review.approved",
        ("r2 未评审", "送审"), ("r2 not reviewed", "ask for review"),
        next_command="salestui review ask D1 solution",
    ),
    Forbidden(
        "contract sent before its approval", "contract", _contract, _send, _cli_send, "approve_first",
        ("请先通过评审再发出",), ("Get its review first, then send it",), keys=("enter", "y"), exit_code=5,
    ),
    Forbidden(
        "signed before it was sent", "contract", _approved, _sign, _cli_sign, "send_first",
        ("请先发出",), ("Send it first",), keys=("o", "3", "ctrl+s"), exit_code=5,
    ),
    Forbidden(
        "expired exception", "solution", _excepted, _advance, _move, "solution.needs_analysis.complete",
        ("已撤回", "填写"), ("withdrawn", "fill in"), later=timedelta(days=3),
        next_command="salestui output set D1 needs_analysis",
    ),
    Forbidden(
        "summary missing", "contact", _unsummed, _advance, _move, "talk.T2.summary",
        ("超出 1 小时", "发送"), ("1 hour late", "send"),
        next_command="salestui summary send T2",
    ),
)  # fmt: skip
"""What the handbook lets nobody do, whichever way he comes."""
