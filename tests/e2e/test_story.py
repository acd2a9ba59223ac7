"""The whole job in a real terminal, by keys alone: from the first start to a completed deal; one lost, one parked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salestui import i18n, system
from salestui.domain.facts import Status
from salestui.services import deals, history, users
from salestui.services.loading import load
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.e2e.hands import Hands
from tests.effort import some
from tools.terminal import Terminal

pytestmark = pytest.mark.terminal

LEADS = """Company,Industry,Region,Contact,Title,Phone,Amount
Hengyue Materials,materials,Changzhou,Wang Jianguo,purchasing,138 0000 6612,1180000
Qiming Electronics,electronics,Suzhou,Li Na,process,139 0000 1212,760000
Haitu Precision,machines,Ningbo,Zhou Zhiyuan,finance,137 0000 3434,450000
"""


@dataclass
class TerminalKeyboard:
    """The keyboard of a real terminal."""

    terminal: Terminal

    async def press(self, *keys: str) -> None:
        """Press keys."""
        self.terminal.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        self.terminal.type(text)

    async def sees(self, *texts: str) -> None:
        """Wait until texts are on the screen."""
        self.terminal.wait_for(*texts)

    async def waits(self, claim: Callable[[], bool], wanted: str) -> None:
        """Wait until something has happened."""
        self.terminal.wait_until(claim, wanted)


@contextmanager
def program(folder: Path, language: str, *, columns: int, rows: int) -> Iterator[Terminal]:
    """Start the program on an empty database."""
    command = [sys.executable, "-m", "salestui", "--database", str(folder / "sales.db"), "--language", language]
    with Terminal(command, columns=columns, rows=rows) as terminal:
        yield terminal


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("columns", "rows", "language"), some([(80, 24, "en"), (120, 40, "en"), (80, 24, "zh")], 0))
async def test_a_rep_works_in_a_terminal_from_the_first_start_to_a_completed_deal(
    tmp_path: Path, columns: int, rows: int, language: i18n.Language
) -> None:
    i18n.use(language)
    _ = i18n.gettext
    (tmp_path / "leads-2026.csv").write_text(LEADS, "utf-8")
    (tmp_path / "papers").mkdir()
    with program(tmp_path, language, columns=columns, rows=rows) as terminal:
        keyboard = TerminalKeyboard(terminal)
        await keyboard.sees(_("Start empty"))
        await keyboard.press("3")
        await keyboard.sees(_("read the file"))
        await keyboard.type(str(tmp_path / "leads-"))
        await keyboard.press("tab")
        await keyboard.sees("2026.csv")
        await keyboard.press("enter")
        await keyboard.sees(_("By which handbook?"))
        await keyboard.press("1")
        await keyboard.sees(_("New campaign"))
        await keyboard.type("East China 2026")
        await keyboard.press("tab", "ctrl+u")
        await keyboard.type("Lin Yue")
        await keyboard.press("tab", "1", "ctrl+s")
        await keyboard.sees("Qiming")
        await keyboard.press("ctrl+s")
        await keyboard.sees(i18n.ngettext("{n} deal is imported.", "{n} deals are imported.", 3).format(n=3))
        await keyboard.press("escape")
        await keyboard.sees(_("Board"), "Hengyue")

        with Store.open(tmp_path / "sales.db") as store:
            me = users.identify(store, datetime.now(UTC), system.person().login, "")

            def eyes() -> Request:
                return Request(store, me, datetime.now(UTC))

            hands = Hands(keyboard, eyes, tmp_path / "papers", language, thorough=False)
            won, lost, parked = (deal.id for deal in deals.listed(eyes()))

            def status(deal: int) -> Status:
                return load(eyes(), deal).deal.status

            await hands.find("Hengyue")
            assert len(await hands.walk(won)) == 6
            assert status(won) is Status.COMPLETED
            await keyboard.press("escape", "escape")
            await keyboard.sees("Qiming")

            await hands.find("Qiming")
            await keyboard.press("d")
            await keyboard.sees(_("Close as lost"))
            await keyboard.press("1", "tab")
            await keyboard.type("Huade")
            await keyboard.press("ctrl+s")
            await keyboard.waits(lambda: status(lost) is Status.LOST, "the deal lost")
            await keyboard.sees(_("No deal fits"))
            await keyboard.press("escape")
            await keyboard.sees("Haitu")

            await hands.find("Haitu")
            await keyboard.press("p")
            await keyboard.sees(_("To the care list"))
            await keyboard.press("1", "ctrl+s")
            await keyboard.waits(lambda: status(parked) is Status.IN_CARE, "the deal parked")
            await keyboard.sees(_("No deals yet"))
            await keyboard.press("escape", "L")
            await keyboard.sees(_("Closed deals"), "Haitu")
            await keyboard.press("z")
            await keyboard.sees(_("Reopen"))
            await keyboard.type("they called again")
            await keyboard.press("ctrl+s")
            await keyboard.waits(lambda: status(parked) is Status.OPEN, "the deal reopened")
            await keyboard.sees(_("Nobody is on the care list"))
            await keyboard.press("escape")
            await keyboard.sees(_("Board"), "Haitu")
            assert history.events(eyes(), limit=1)[0].action == "deal.reopened"

        await keyboard.press("ctrl+q")
        assert terminal.wait_exit() == 0
