"""The terminal that the other stories here are told in."""

import signal
import sys
from pathlib import Path

import pytest

from tools.terminal import Terminal, TerminalError, key_bytes

pytestmark = pytest.mark.terminal

ECHO = """
import os, signal, sys, tty
signal.signal(signal.SIGWINCH, lambda *_: print(*os.get_terminal_size(), end="\\r\\n", flush=True))
tty.setraw(0)
print("\\x1b[2J\\x1b[H名称 ready", *os.get_terminal_size(), os.environ.get("MARK"), end="\\r\\n", flush=True)
while (data := os.read(0, 100)) != b"q":
    print(data, end="\\r\\n", flush=True)
sys.exit(7)
"""


def start(**options: object) -> Terminal:
    return Terminal([sys.executable, "-c", ECHO], columns=60, rows=10, **options)  # type: ignore[arg-type]  # passed on


def test_a_program_sees_the_size_and_the_environment_and_shows_wide_characters() -> None:
    with start(environment={"MARK": "here"}) as terminal:
        terminal.wait_for("名称 ready 60 10 here")
        assert terminal.line(0) == "名称 ready 60 10 here"
        assert terminal.cell(5, 0).data == "r"
        assert b"\x1b[2J" in terminal.raw


def test_keys_reach_it_one_by_one_and_its_exit_status_comes_back() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        terminal.press("up")
        terminal.wait_for(r"b'\x1b[A'")
        terminal.press("escape", "f8")
        terminal.wait_for(r"b'\x1b'", r"b'\x1b[19~'")
        terminal.type("看板")
        terminal.wait_for(repr("看板".encode()))
        terminal.press("q")
        assert terminal.wait_exit() == 7


def test_a_changed_window_is_told() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        terminal.resize(50, 12)
        terminal.wait_for("50 12")


def test_a_dropped_line_is_heard() -> None:
    with start() as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        assert terminal.wait_exit() == -signal.SIGHUP


def test_what_never_comes_fails_with_the_screen() -> None:
    with start(deadline=0.3) as terminal, pytest.raises(TerminalError, match="The screen:"):
        terminal.wait_for("never shown")


def test_a_program_that_ends_early_is_told_apart_from_a_slow_one() -> None:
    with (
        Terminal([sys.executable, "-c", "print('done')"]) as terminal,
        pytest.raises(TerminalError, match=r"ended[^\0]*done"),
    ):
        terminal.wait_for("never shown")


def test_the_programs_questions_are_answered_as_an_xterm_would() -> None:
    asks = (
        "import os, tty; tty.setraw(0); os.write(1, b'\\x1b[c\\x1b[?2026$p\\x1b[18t\\x1b]11;?\\x07'); data = b''\n"
        "while data.count(b'rgb:0000') < 1 or not data.endswith(b'\\\\'): data += os.read(0, 100)\n"
        "print(data)"
    )
    with Terminal([sys.executable, "-c", asks]) as terminal:
        assert terminal.wait_exit() == 0
        assert r"\x1b[?2026;0$y" in terminal.text()
        assert r"\x1b[8;40;120t" in terminal.text()


@pytest.mark.parametrize(("key", "sent"), [("j", b"j"), ("ctrl+p", b"\x10"), ("f1", b"\x1bOP"), ("？", "？".encode())])
def test_keys_are_sent_as_terminals_send_them(key: str, sent: bytes) -> None:
    assert key_bytes(key) == sent


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="hyper"):
        key_bytes("hyper+x")


def test_a_picture_has_every_cell_in_its_place(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="Pillow is needed for pictures")
    picture = pytest.importorskip("tools.picture")
    with start() as terminal:
        terminal.wait_for("ready")
        try:
            picture.draw(terminal.screen, tmp_path / "screen.png")
        except picture.MissingFontError as error:
            pytest.skip(str(error))
        with image.open(tmp_path / "screen.png") as drawn:
            assert drawn.size == (60 * picture.CELL_WIDTH + 16, 10 * picture.CELL_HEIGHT + 16)
