"""A kill, a dropped line, an order to end: what was half typed in the app is there when it is started again."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from salestui import paths, system
from salestui.services import activities, outputs, reviews, users
from salestui.services.request import Request
from salestui.services.talk_forms import talk_fields
from salestui.storage.store import Store
from tests.effort import EFFORT
from tests.ui import stories
from tests.ui.filling import complete, done
from tools.terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.timeout(600)]

HALF = "half a sentence 半句"
SIGNALS = (signal.SIGKILL, signal.SIGHUP, signal.SIGTERM)


Step = tuple[str, str]
"""What to see, then the keys to press, with blanks between them."""

BOARD = "4 Solution"
FORMS: dict[str, tuple[Step, ...]] = {
    "output": ((BOARD, "o"), ("Which output?", "3"), ("Presented on", "tab")),
    "talk": ((BOARD, "t"), ("Log a talk", "tab tab")),
    "summary": ((BOARD, "A"), ("Agenda", "w"), ("send the summary", "j enter"), ("Summary of the talk", "tab")),
    "next step": ((BOARD, "f"), ("Plan the next step", "")),
    "new deal": ((BOARD, "n"), ("New deal", "")),
    "deal": ((BOARD, "i"), ("Deal D1", "tab tab")),
    "customer": ((BOARD, "C"), ("edit", "i"), ("First need", "tab tab tab tab tab")),
    "contact": ((BOARD, "enter"), ("Conditions", "a"), ("New contact", "")),
    "lost": ((BOARD, "d"), ("Close as lost", "tab")),
    "score": ((BOARD, "s"), ("write evidence", "4 up e")),
    "vote": ((BOARD, "r"), ("Vote as Technical", "1"), ("It counts for", "tab")),
    "exception": ((BOARD, "e"), ("which line?", "1"), ("Why it may pass", "")),
}
"""Each kind of form, and the way from the board to a text of it."""

ROUND = tuple(product(FORMS, SIGNALS)) if EFFORT > 1 else tuple(
    (form, SIGNALS[number % len(SIGNALS)]) for number, form in enumerate(FORMS)
)  # fmt: skip
"""Which form ends how: the signals in turn, and with more effort every form by each of them."""


def prepared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a database in which whoever runs the test manages and reviews, and a deal of somebody else waits."""
    now = datetime.now(UTC)
    monkeypatch.setattr(stories, "NOW", now)
    story = replace(stories.prepared(folder, "expansion", "solution"), now=now)
    done(users.add(story.ask("boss"), system.person().login, "Me", "manager", ("technical",)))
    story.fill.fill("solution")
    done(reviews.ask(story.ask(), story.deal, "solution"))
    values = complete(talk_fields(story.loaded.playbook), story.ask()) | {"at": (now - timedelta(hours=2)).isoformat()}
    done(activities.log(story.ask(), [story.deal], values, subject="Price"))
    story.close()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    prepared(tmp_path, monkeypatch)
    return tmp_path / "sales.db"


@contextmanager
def program(database: Path) -> Iterator[Terminal]:
    """Start the app on a database, in English."""
    command = [sys.executable, "-m", "salestui", "--database", database, "--language", "en"]
    with Terminal(command, columns=120, rows=40) as terminal:
        yield terminal


def go(terminal: Terminal, steps: tuple[Step, ...]) -> None:
    """Take the way to a form."""
    for seen, keys in steps:
        terminal.wait_for(seen)
        if keys:
            terminal.press(*keys.split())


def on_disk(database: Path, form: str) -> bool:
    """Tell whether what was typed is where drafts are kept: that of an output in the database, others in files."""
    if form != "output":
        drafts = (paths.state_directory() / "drafts").glob("*/*.json")
        return any(HALF in file.read_text("utf-8") for file in drafts)
    with Store.open(database) as store:
        me = users.identify(store, datetime.now(UTC), system.person().login, "")
        draft = outputs.sheet(Request(store, me, datetime.now(UTC)), 1, "presentation_record").draft
    return draft is not None and draft.values.get("place") == HALF


@pytest.mark.parametrize(("form", "number"), ROUND, ids=[f"{form} {number.name}" for form, number in ROUND])
def test_what_was_half_typed_is_offered_after_a_kill_a_dropped_line_and_an_order_to_end(
    database: Path, form: str, number: signal.Signals
) -> None:
    with program(database) as terminal:
        go(terminal, FORMS[form])
        terminal.type(HALF)
        terminal.wait_for(HALF)
        if number == signal.SIGKILL:
            terminal.wait_until(lambda: on_disk(database, form), "the draft on the disk, with nothing pressed")
        os.killpg(terminal.process.pid, number)
        assert terminal.wait_exit() == (-number if number == signal.SIGKILL else 0)
    assert on_disk(database, form)
    with program(database) as terminal:
        if form == "output":  # what it says of the draft stays until the next key, so none is pressed in the form
            *way, (seen, _keys) = FORMS[form]
            go(terminal, (*way, (seen, "")))
            terminal.wait_for(HALF, "goes on here")
        else:
            go(terminal, FORMS[form])
            terminal.wait_for(HALF, "restored")
