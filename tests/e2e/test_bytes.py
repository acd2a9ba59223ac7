"""What goes into a terminal and comes out of it: input methods, function keys, and no control bytes of data."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from salestui.storage import tables
from tests.e2e.hostile import TEXTS, leaks
from tests.e2e.test_hangup import opened
from tests.effort import EFFORT
from tools.terminal import Terminal

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).resolve().parents[2]

HOSTILE = "[/][@click=app.quit]x\x1b]52;c;aGk=\x07\x1b[31mred\x9b5m\u202eabc\u200b\x7f"
_OSC = re.compile(rb"\x1b\](\d+);")


def test_no_byte_of_what_people_typed_steers_the_terminal(tmp_path: Path) -> None:
    path, me = opened(tmp_path)
    with me.store.transaction(me.actor, now=me.now):
        tables.Customer.update(name=HOSTILE, short_name=HOSTILE, need=HOSTILE).execute()
        tables.Campaign.update(name=HOSTILE, note=HOSTILE).execute()
        tables.Deal.update(title=HOSTILE, need=HOSTILE).execute()
    me.store.close()
    command = [sys.executable, "-m", "salestui", "--database", str(path), "--language", "en"]
    with Terminal(command, columns=160) as terminal:
        terminal.wait_for("[/][@click=app")
        for keys, seen in (
            ("enter", "Conditions"),
            ("v", "esc return"),
            ("escape", "Conditions"),
            ("escape", "advance"),
        ):
            terminal.press(keys)
            terminal.wait_for(seen)
        for place in ("A", "C", "M", "H"):
            terminal.press(place)
            terminal.settle()
            terminal.press("escape")
            terminal.wait_for("advance")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        raw = terminal.raw
    assert b"52;c;aGk=\x07" not in raw.replace(b"\xe2\x90\x9b]", b"")
    assert not set(_OSC.findall(raw)) & {b"52", b"8"}
    assert b"\x1b[31mred" not in raw
    for bad in ("\u202e", "\u200b", "\x9b"):
        assert bad.encode() not in raw
    assert b"\x7f" not in raw


def test_the_reader_of_bytes_finds_what_must_not_come_out() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 200
    assert not leaks("\x1b[1;38;2;1;2;3m恒岳\x1b[m\x1b[2;5H\x1b[K\r\n".encode())
    harmless = [text for text in TEXTS if "vor" in text and not leaks(text.encode())]
    assert harmless == [], "an escape sequence is not recognised"
    for text in ("a\x07b", "a\u202eb", "a\x9bb", "a\u200bb", "a\x7fb"):
        assert leaks(text.encode()), text


SHORT = (28,)
"""The sequence that writes the clipboard; `make torture` shows all two hundred on every screen."""


@pytest.mark.timeout(0)
@pytest.mark.parametrize("first", range(0, 200, 10) if EFFORT > 1 else SHORT)
def test_no_hostile_text_on_any_screen_sends_a_byte_of_its_own(tmp_path: Path, first: int) -> None:
    count, every = (10, 1) if EFFORT > 1 else (1, 6)
    columns = 120 if first % 20 else 80
    words = [str(tmp_path), str(first), str(count), str(every), str(columns)]
    command = [sys.executable, "-m", "tests.e2e.parade", *words]
    with Terminal(command, columns=columns, rows=40, directory=ROOT, deadline=900.0 * count) as terminal:
        assert terminal.wait_exit() == 0, terminal.text()
        raw = terminal.raw
    assert b"the parade is over" in raw
    assert b"Traceback" not in raw
    assert not leaks(raw), "\n".join(leaks(raw)[:20])


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        (("》",), "cannot advance yet"),
        (("＞",), "cannot advance yet"),
        (("f8",), "cannot advance yet"),
        (("shift+right",), "cannot advance yet"),
        (("f3",), "cannot advance yet"),
        (("《",), "It stands in the first stage"),
        (("f7",), "It stands in the first stage"),
        (("、",), "name, owner, grade or id"),
        (("／",), "name, owner, grade or id"),
        (("ctrl+f",), "name, owner, grade or id"),
        (("？",), "Help:"),
        (("f1",), "Help:"),
        (("f4",), "New deal"),
        (("f6",), "Agenda"),
        (("enter", "》"), "unmet"),
        (("enter", "f8"), "unmet"),
        (("enter", "？"), "Help:"),
        (("C", "、"), "name, industry, region or owner"),
        (("C", "f1"), "Help:"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else None,
)
def test_what_an_input_method_makes_of_keys_and_function_keys_work(
    tmp_path: Path, keys: tuple[str, ...], seen: str
) -> None:
    path, me = opened(tmp_path)
    me.store.close()
    with Terminal([sys.executable, "-m", "salestui", "--database", str(path), "--language", "en"]) as terminal:
        terminal.wait_for("Hengyue")
        terminal.press(*keys)
        terminal.wait_for(seen)
