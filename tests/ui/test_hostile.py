"""Whatever people are called, it is shown as text: on every screen, in every dialog, and byte for byte in a terminal.

The hostile text is written past the services, straight into the tables, as a database of another program may hold it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from salestui.screens.base import SalesScreen
from tests.e2e.spoiling import deeper, spoil
from tests.effort import EFFORT
from tests.ui.stories import NARROW, WIDE, Seen, make, running
from tests.ui.test_languages import screens

LIVE = "[/][@click=app.quit]x[/] [b]fett[link=https://evil.example]y [$error]z[/"
CONTROL = "\x1b]52;c;aGk=\x07\x1b[31m\x9b5m\x07rot\u202eabc\u2066\u200b\x7f\r\nzwei\tdrei\x1b]0;titel\x1b\\"
CHINESE = "汉" * 200
FAMILY = "👨‍👩‍👧‍👦" * 5 + "e\u0301\u0302\u0303" * 3 + "🇨🇳"
HOSTILE = {"live markup": LIVE, "control": CONTROL, "200 wide": CHINESE, "family": FAMILY}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _faults(seen: Seen) -> Iterator[str]:
    width = seen.app.size.width
    for number, strip in enumerate(seen.app.screen._compositor.render_strips()):
        text = strip.text
        if found := _CONTROL.search(text):
            yield f"U+{ord(found[0]):04X} in line {number}: {text!r}"
        if cell_len(text) != width:
            yield f"{cell_len(text)} of {width} cells in line {number}: {text!r}"
        for segment in strip:
            meta = segment.style.meta if segment.style else {}
            if any("quit" in str(action) for event, action in meta.items() if event.startswith("@")):
                yield f"live markup in line {number}: {text!r}"
            if segment.style and segment.style.link and "evil" in segment.style.link:
                yield f"a link in line {number}: {text!r}"


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("text", "size", "language"),
    [
        (LIVE, WIDE, "zh"), (CONTROL, NARROW, "zh"), (CHINESE, NARROW, "en"), (FAMILY, WIDE, "en"),
    ] if EFFORT > 1 else [(CONTROL + LIVE, WIDE, "zh"), (FAMILY + CHINESE, NARROW, "en")],
    ids=HOSTILE if EFFORT > 1 else ["control and live markup", "family and 200 wide"],
)  # fmt: skip
async def test_every_screen_shows_hostile_text_as_text(
    tmp_path: Path, text: str, size: tuple[int, int], language: str
) -> None:
    story = make(tmp_path, "solution")
    spoil(story, text)
    wrong: dict[str, None] = {}
    async with running(story, "boss", size=size, language=language) as seen:

        def look(where: str) -> None:
            wrong.update(dict.fromkeys(f"{where}: {fault}" for fault in _faults(seen)))

        for key in ("g", "q", "m", "escape", "w", "escape", "slash", "escape", "o", "escape", "e", "escape"):
            await seen.press(key)
            look(f"board, {key}")
        for screen_name, (opens, pressed) in {**screens(story), **deeper(story)}.items():
            if screen_name.startswith("help of"):
                continue
            screen = opens(seen.desk)
            if not isinstance(screen, SalesScreen):
                made = await screen
                assert made is not None, screen_name
                screen = made
            depth = len(seen.app.screen_stack)
            await seen.app.push_screen(screen)
            await seen.settle()
            look(screen_name)
            for key in (*pressed[:3], "enter") if screen_name in {"customers", "campaigns", "closed"} else pressed[:3]:
                await seen.press(key)
                look(f"{screen_name}, {key}")
            while len(seen.app.screen_stack) > depth:
                await seen.app.pop_screen()
            await seen.settle()
        assert seen.app.is_running
        assert seen.app.return_code is None
    assert not wrong, "\n".join(list(wrong)[:40])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_text_typed_into_a_new_deal_is_kept_as_text(tmp_path: Path, text: str) -> None:
    from textual import events

    from salestui.services import customers, deals

    story = make(tmp_path, "grading")
    async with running(story) as seen:
        await seen.press("n")
        seen.app.post_message(events.Paste(text))
        await seen.settle()
        await seen.press("ctrl+s")
        made = deals.listed(story.ask())[-1]
        kept = customers.get(story.ask(), made.customer).name
        assert not _CONTROL.search(kept), kept
        assert all(unicodedata.category(character) not in {"Cc", "Cs", "Co"} for character in kept)
        if not _CONTROL.search(text):
            assert kept == unicodedata.normalize("NFC", text).strip()
        assert not list(_faults(seen))
