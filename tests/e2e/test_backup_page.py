"""docs/backup.md is true: every block is run as it stands and answers as the page says; with more effort in Chinese."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from salestui import system
from tests.effort import EFFORT

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"en": ROOT / "docs/backup.md", "zh": ROOT / "docs/backup.zh-CN.md"}
EXIT = re.compile(r"\s+# exit (\d)$")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return each block for a shell with the text under it, which may be none."""
    return re.findall(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", page.read_text("utf-8"), re.DOTALL)


def plain(text: str, home: Path) -> list[str]:
    """Return what was said, without numbers, names of people and where the home is."""
    said = text.replace(str(home), "~").replace(system.person().full_name, "Lin").replace(system.person().login, "lin")
    numbers = re.sub(r"\d[\d:.,+T-]*(?: \d\d:\d\d[+\d:]*)?Z?", "N", said)
    return [
        re.sub(r"by \w+|：\w+ 于", "by N", line).rstrip() for line in numbers.splitlines() if not line.startswith("!")
    ]


def test_both_pages_type_the_same() -> None:
    typed = [[block for block, _said in blocks(page)] for page in PAGES.values()]
    assert typed[0] == typed[1]
    assert len(typed[0]) > 8


@pytest.mark.parametrize("language", PAGES if EFFORT > 1 else ("en",))
def test_every_step_of_the_page_does_what_it_says(language: str, tmp_path: Path) -> None:
    home, programs = tmp_path / "home", tmp_path / "bin"
    for folder in (home, programs):
        folder.mkdir(mode=0o700)
    program = programs / "salestui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m salestui --language {language} "$@"\n', "utf-8")
    program.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "SALESTUI_"))}
    environment |= {"HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TZ": "UTC"}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/bash", "-c", line], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert run("salestui init").returncode == 0
    for block, expected in blocks(PAGES[language]):
        said = ""
        for line in block.splitlines():
            wanted = EXIT.search(line)
            done = run(EXIT.sub("", line))
            assert done.returncode == (int(wanted[1]) if wanted else 0), (line, done.stdout, done.stderr)
            said = f"{said}{done.stdout}{done.stderr}"
        if expected:
            asked = plain(expected, home)
            answered = plain(said, home)
            assert answered[-len(asked) :] == asked, (block, said)
