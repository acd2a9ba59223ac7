"""Takes the pictures of the documentation: the program on sample data in a real terminal, drawn cell by cell.

tools/screenshots.py             all of docs/images
tools/screenshots.py board       those whose name begins with board
tools/screenshots.py --text …    print the screens as well
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.picture import MissingFontError, draw  # noqa: E402  # the repository is put on the path just above
from tools.terminal import Terminal, TerminalError  # noqa: E402  # the same

IMAGES = ROOT / "docs" / "images"


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: the keys that lead to it from the board, and how the program is set up."""

    name: str
    keys: str = ""
    """Blank-separated; the screen settles after each."""
    language: str = "en"
    columns: int = 120
    rows: int = 40
    theme: str = "dark"
    waits: str = ""
    """A text that shows the start is over; without one the first screen that settles."""


HENGYUE = "l l l j"
"""From the first card to 恒岳新材 (Hengyue Alloys), the deal of most pictures."""

SCENES: tuple[Scene, ...] = tuple(
    scene
    for language in ("en", "zh")
    for scene in (
        Scene(f"board-{language}", HENGYUE, language),
        Scene(f"board-{language}-light", HENGYUE, language, theme="light"),
        Scene(f"board-{language}-80x24", HENGYUE, language, columns=80, rows=24),
        Scene(f"gate-{language}", f"{HENGYUE} g", language),
        Scene(f"deal-{language}", f"{HENGYUE} enter", language),
        Scene(f"output-{language}", f"{HENGYUE} 2", language),
        Scene(f"score-{language}", f"{HENGYUE} s", language),
        Scene(f"agenda-{language}", "A", language),
        Scene(f"handbook-{language}", "B", language),
    )
)


def take(scene: Scene, home: Path, *, text: bool) -> Path:
    """Take one picture with a home directory of its own and return its file."""
    settings = home / "config.toml"
    settings.write_text(f'language = "{scene.language}"\ntheme = "{scene.theme}"\n', "utf-8")
    locale = "zh_CN.UTF-8" if scene.language == "zh" else "en_US.UTF-8"
    folders = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    environment = {
        **dict.fromkeys(folders, str(home)),
        "SALESTUI_CONFIG": str(settings),
        "LANG": locale,
        "LC_ALL": locale,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "salestui", "--language", scene.language, "demo"]
    size = {"columns": scene.columns, "rows": scene.rows}
    with Terminal(command, environment=environment, directory=home, **size) as terminal:
        terminal.wait_until(lambda: scene.waits in terminal.text() and bool(terminal.text().strip()), "a first screen")
        terminal.settle(0.5)
        for key in scene.keys.split():
            terminal.press(key)
            terminal.settle(0.4)
        if terminal.ended:
            raise TerminalError(f"The program ended:\n{terminal.text()}")
        path = IMAGES / f"{scene.name}.png"
        draw(terminal.screen, path, light=scene.theme == "light")
        if text:
            print(terminal.text())
        return path


def main() -> int:
    """Take the pictures asked for; exit status 1 where one cannot be taken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="beginnings of the names of pictures; all without")
    parser.add_argument("--text", action="store_true", help="print the screens as well")
    options = parser.parse_args()
    chosen = [scene for scene in SCENES if not options.names or scene.name.startswith(tuple(options.names))]
    IMAGES.mkdir(parents=True, exist_ok=True)
    failures = 0
    for scene in chosen:
        with tempfile.TemporaryDirectory(prefix="salestui-") as home:
            try:
                print(os.path.relpath(take(scene, Path(home), text=options.text), ROOT))
            except (TerminalError, MissingFontError) as error:
                failures += 1
                print(f"{scene.name}: {error}", file=sys.stderr)
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
