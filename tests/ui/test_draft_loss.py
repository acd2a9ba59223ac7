"""Whoever types without a pause and is killed at any instant loses a second of typing at most."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from salestui.domain.playbook import FieldType
from salestui.screens import places, talks
from salestui.screens.drafting import REST
from salestui.services import outputs
from tests.ui import stories
from tests.ui.stories import Seen, Story, opened

LOSS = 1.0
"""Seconds of typing that a kill may cost."""
EVERY = 0.125
"""Seconds from key to key: a fast typist, who never rests."""
TEXT = "质保 24 个月, spares in Suzhou"


@dataclass
class Hand:
    """Time that goes by only when it is told to, and the timers that run by it."""

    now: float = 0.0
    timers: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def set_timer(self, delay: float, callback: Callable[[], object], **_given: object) -> Hand:
        """Set a timer, as a screen does."""
        self.timers.append((self.now + delay, callback))
        return self

    def stop(self) -> None:
        """Stop a timer before its time; there is one at a time."""
        self.timers.clear()

    def pass_time(self, length: float) -> None:
        """Let time go by; what is due is done."""
        self.now += length
        due, self.timers = (
            [callback for at, callback in self.timers if at <= self.now],
            [timer for timer in self.timers if timer[0] > self.now],
        )
        for callback in due:
            callback()


async def output(seen: Seen, story: Story) -> Callable[[], str]:
    """Go to a text of an output, whose draft is kept in the database."""
    await seen.press("tab")

    def kept() -> str:
        draft = outputs.sheet(story.ask(), story.deal, "presentation_record").draft
        return str(draft.values.get("place", "")) if draft else ""

    return kept


async def talk(seen: Seen, story: Story) -> Callable[[], str]:
    """Go to a text of a form whose draft is a file."""
    screen: Any = seen.app.screen
    name = next(key for key in screen.form.model.keys if screen.form.model.field(key).type is FieldType.LONG_TEXT)
    screen.form.go_to(name)
    await seen.settle()
    key = screen.draft._key

    def kept() -> str:
        draft = seen.desk.drafts.load(key)
        return str(draft.values.get(name, "")) if draft else ""

    return kept


FORMS: dict[str, tuple[Callable[[Any, Story], Any], Callable[[Seen, Story], Awaitable[Callable[[], str]]]]] = {
    "in the database": (lambda desk, story: places.make("output", desk, story.deal, "presentation_record"), output),
    "in a file": (lambda desk, story: talks.talk(desk, story.deal), talk),
}


@pytest.mark.parametrize("kind", FORMS)
async def test_at_any_instant_of_typing_what_is_a_second_old_is_on_the_disk(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens, begin = FORMS[kind]
    story, hand = stories.make(tmp_path), Hand()
    async with opened(story, lambda desk: opens(desk, story)) as seen:
        kept = await begin(seen, story)
        monkeypatch.setattr(seen.app.screen, "set_timer", hand.set_timer)
        worst = 0.0
        for typed, character in enumerate(TEXT, 1):
            await seen.type(character)
            hand.pass_time(EVERY)
            await seen.settle()
            on_disk = kept()
            assert TEXT[:typed].startswith(on_disk)
            worst = max(worst, (typed - len(on_disk)) * EVERY)
        assert worst <= REST + EVERY <= LOSS
        assert worst > 0, "it is not the key alone that keeps it"
