"""A program for a terminal: shows every screen with hostile text, and ends.

    python -m tests.e2e.parade FOLDER FIRST COUNT EVERY COLUMNS

shows the texts from number FIRST on, each on every EVERY-th screen of a story of its own below FOLDER.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePath

from textual.pilot import Pilot

import salestui
from salestui import i18n
from salestui.app import SalesApp
from salestui.screens.base import SalesScreen
from tests.e2e.hostile import TEXTS
from tests.e2e.spoiling import deeper, spoil
from tests.ui.stories import Seen, Story, make
from tests.ui.test_languages import screens

LOOKS: list[str | PurePath] = [
    Path(salestui.__file__).parent / "screens" / name for name in ("look.tcss", "board.tcss")
]


class _Parade(SalesApp):
    """The app, which shows its screens by itself."""

    CSS_PATH = LOOKS
    story: Story
    every: int

    def on_ready(self) -> None:
        """Start when the board stands."""
        self.run_worker(self._show(), exit_on_error=True)

    async def _show(self) -> None:
        seen = Seen(self.story, self, self.desk, Pilot(self))  # type: ignore[arg-type]  # the story's own desk
        await seen.settle()
        await seen.press("g", "q")
        for name, (opens, pressed) in [*screens(self.story).items(), *deeper(self.story).items()][:: self.every]:
            if name.startswith("help of"):
                continue
            made = opens(self.desk)
            screen = made if isinstance(made, SalesScreen) else await made
            assert screen is not None, name
            depth = len(self.screen_stack)
            await self.push_screen(screen)
            await seen.settle()
            await seen.press(*pressed[:2])
            while len(self.screen_stack) > depth:
                await self.pop_screen()
            await seen.settle()
        self.exit()


def main() -> int:
    """Show the texts asked for."""
    folder, (first, count, every, columns) = Path(sys.argv[1]), map(int, sys.argv[2:])
    for number in range(first, min(first + count, len(TEXTS))):
        place = folder / str(number)
        place.mkdir()
        story = make(place, "solution")
        spoil(story, TEXTS[number])
        i18n.use("zh" if number % 2 else "en")
        app = _Parade(story.desk("boss"))
        app.story, app.every = story, every
        app.run()
        story.close()
        if app.return_code:
            return app.return_code
    print("the parade is over", columns)
    return 0


if __name__ == "__main__":
    sys.exit(main())
