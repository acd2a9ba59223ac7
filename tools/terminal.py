"""A real terminal for tests and pictures: starts a program in a pseudo-terminal, sends keys, reads the screen.

    with Terminal([sys.executable, "-m", "salestui", "demo"], columns=80, rows=24) as terminal:
        terminal.wait_for("Research")
        terminal.press("j", "j", ">")
        terminal.wait_for("missing")
        assert "1" in terminal.line(20)

Nothing sleeps: `wait_for` and `wait_until` return as soon as the screen shows what is wanted, and fail with the screen
after a generous deadline. The program is answered as an xterm would answer.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyte
from wcwidth import wcwidth

__all__ = ["Terminal", "TerminalError", "key_bytes"]

_NAMED: Final[dict[str, bytes]] = {
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "insert": b"\x1b[2~",
    "delete": b"\x1b[3~",
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "backspace": b"\x7f",
    "space": b" ",
    **{f"f{n}": f"\x1bO{letter}".encode() for n, letter in enumerate("PQRS", 1)},
    **{
        f"f{n}": f"\x1b[{code}~".encode()
        for n, code in zip(range(5, 13), (15, 17, 18, 19, 20, 21, 23, 24), strict=True)
    },
    **{
        f"{modifier}+{name}": f"\x1b[1;{code}{letter}".encode()
        for modifier, code in (("shift", 2), ("alt", 3), ("ctrl", 5))
        for name, letter in (("up", "A"), ("down", "B"), ("right", "C"), ("left", "D"))
    },
    **{f"ctrl+{letter}": bytes([ord(letter) - 96]) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

# what pyte does not know and would print or choke on
_UNKNOWN: Final = re.compile(
    rb"\x1b[P_^].*?\x1b\\"  # DCS, APC, PM
    rb"|\x1b\[[<>=][0-9;:]*[@-~]"  # CSI with < > = (kitty keyboard, second device attributes)
    rb"|\x1b\[\??[0-9;:]*\$[@-~]"  # DECRQM
    rb"|\x1b\[\?[0-9;]*[mu]"  # private SGR and keyboard query
    rb"|\x1b\[[0-9;]*:[0-9;:]*m"  # SGR with sub-parameters
    rb"|\x1b\[[0-9;]* q"  # cursor shape
    rb"|\x1b\[[0-9;]*t",  # window reports
    re.DOTALL,
)
_UNFINISHED: Final = re.compile(rb"\x1b(?:[P_^\]][^\x1b\x07]*|\[[0-9;:<=>?$ ]*|)\Z", re.DOTALL)
_QUERY: Final = re.compile(
    rb"\x1b\[0?c|\x1b\[>0?c|\x1b\[6n|\x1b\[5n|\x1b\[\?(?P<mode>\d+)\$p|\x1b\](?P<colour>1[01]);\?(?:\x07|\x1b\\)"
    rb"|\x1b\[(?P<size>14|16|18)t"
)
_OUTER_TERMINAL: Final = (
    "TMUX",
    "TMUX_PANE",
    "TERM_PROGRAM",
    "STY",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "SSH_CONNECTION",
    "SSH_TTY",
    "COLORFGBG",
)

# takes the terminal as its own before it becomes the program, so that it hears the line being dropped
_START: Final = "import fcntl,os,sys,termios; fcntl.ioctl(0,termios.TIOCSCTTY,0); os.execvp(sys.argv[1],sys.argv[1:])"


def _is_wide(cell: str) -> bool:
    return bool(cell) and wcwidth(cell[0]) == 2


class TerminalError(AssertionError):
    """The screen never showed what was waited for; the message holds the screen as it was."""


def key_bytes(name: str) -> bytes:
    """Return what a terminal sends for a key: a character, or a name as Textual has it (`enter`, `ctrl+p`, `f8`)."""
    if name in _NAMED:
        return _NAMED[name]
    if len(name) == 1:
        return name.encode()
    raise ValueError(f"no key is called {name!r}")


class Terminal:
    """A program running in a terminal of its own. Leaving the block hangs up and, if need be, ends the program."""

    def __init__(
        self,
        command: Iterable[str | Path],
        *,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        deadline: float = 60.0,
    ) -> None:
        """Start `command`. `environment` is added to ours; `deadline` is in seconds and holds for every wait."""
        self.columns, self.rows, self.deadline = columns, rows, deadline
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self._chunks: list[bytes] = []
        self.ended = False
        self._master, slave = pty.openpty()
        self._resize_pty()
        inherited = {name: value for name, value in os.environ.items() if name not in _OUTER_TERMINAL}
        told = {**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        self.process = self._start([str(part) for part in command], slave, told, directory)
        os.close(slave)
        os.set_blocking(self._master, False)

    def _start(
        self, command: list[str], slave: int, environment: Mapping[str, str], directory: Path | None
    ) -> subprocess.Popen[bytes]:
        """Start the program with the terminal as its standard streams."""
        return subprocess.Popen(
            [sys.executable, "-ISc", _START, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=directory,
            env=environment,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        """Return the terminal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self.close()

    @property
    def raw(self) -> bytes:
        """Every byte the program wrote so far."""
        return b"".join(self._chunks)

    def lines(self) -> tuple[str, ...]:
        """Return the rows of the screen, without blanks at their ends. A wide character is one character here."""
        return tuple(self._row(row).rstrip() for row in range(self.rows))

    def _row(self, row: int) -> str:
        """Return one row; half a wide character, as a frame that is only half drawn may show, is a blank."""
        cells = [self.screen.buffer[row][column].data for column in range(self.columns)]
        return "".join(
            cell or ("" if wide else " ") for wide, cell in zip([False, *map(_is_wide, cells)], cells, strict=False)
        )

    def line(self, row: int) -> str:
        """Return one row, counted from 0; negative rows from the bottom."""
        return self.lines()[row]

    def text(self) -> str:
        """Return the whole screen."""
        return "\n".join(self.lines())

    def press(self, *keys: str) -> None:
        """Send keys one after the other; after `escape` the program is given time to see that nothing follows it."""
        for key in keys:
            self.send(key_bytes(key))
            if key == "escape":
                self.settle()

    def type(self, text: str) -> None:
        """Send a text as typed, all at once."""
        self.send(text.encode())

    def paste(self, text: str) -> None:
        """Send a text as a bracketed paste."""
        self.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def send(self, data: bytes) -> None:
        """Send raw bytes, taking in what the program writes meanwhile."""
        while data and not self.ended:
            self._read(0)
            try:
                data = data[os.write(self._master, data) :]
            except BlockingIOError:
                self._read(0.02)
            except OSError:
                self.ended = True

    def wait_until(self, claim: Callable[[], bool], wanted: str = "what was waited for") -> None:
        """Read until `claim` holds; TerminalError when the program ends first or the deadline passes."""
        limit = time.monotonic() + self.deadline
        while not claim():
            if self.ended or time.monotonic() > limit:
                reason = "The program ended without" if self.ended else f"{self.deadline:g} seconds passed without"
                raise TerminalError(f"{reason} {wanted}. The screen:\n{self.text()}")
            self._read(0.05)

    def wait_for(self, *texts: str) -> None:
        """Read until all these texts are on screen."""
        self.wait_until(lambda: all(text in self.text() for text in texts), f"{texts} on screen")

    def wait_gone(self, *texts: str) -> None:
        """Read until none of these texts is on screen."""
        self.wait_until(lambda: not any(text in self.text() for text in texts), f"{texts} leaving the screen")

    def settle(self, quiet: float = 0.2) -> None:
        """Read until the program rests and wrote nothing for `quiet` seconds. For pictures; tests wait for texts."""
        limit = time.monotonic() + self.deadline
        since, spent = time.monotonic(), self._processor_seconds()
        while not self.ended and (now := time.monotonic()) < limit:
            if self._read(quiet / 4):
                since, spent = time.monotonic(), self._processor_seconds()
            elif now - since >= quiet:
                used = self._processor_seconds()
                if used - spent < 0.15 * (now - since):
                    return
                since, spent = now, used

    def wait_exit(self) -> int:
        """Read until the program ends and return its exit status, negative for a signal."""
        limit = time.monotonic() + self.deadline
        while not self.ended and time.monotonic() < limit:
            self._read(0.05)
        try:
            return self.process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise TerminalError(f"The program did not end. The screen:\n{self.text()}") from None

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self._resize_pty()
        os.killpg(self.process.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """Drop the line, as a lost connection does."""
        os.killpg(self.process.pid, signal.SIGHUP)

    def close(self) -> None:
        """End the program's own process group, gently first, and let go of the terminal."""
        for number, patience in ((signal.SIGHUP, 3.0), (signal.SIGKILL, 30.0)):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            limit = time.monotonic() + patience
            while self.process.poll() is None and time.monotonic() < limit:
                if self.ended:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self.process.wait(max(0.01, limit - time.monotonic()))
                else:
                    self._read(0.05)
        if self._master >= 0:
            os.close(self._master)
            self._master, self.ended = -1, True

    def _resize_pty(self) -> None:
        size = struct.pack("HHHH", self.rows, self.columns, self.columns * 8, self.rows * 16)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _read(self, patience: float) -> bool:
        """Take in what there is, waiting at most `patience` seconds for it; True if anything came."""
        if self.ended or not select.select([self._master], [], [], patience)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except BlockingIOError:
            return False
        except OSError:  # Linux says so when the program has closed its side
            data = b""
        if not data:
            self.ended = True
            return False
        self._chunks.append(data)
        self._show(data)
        for query in _QUERY.finditer(data):
            self._answer(query)
        return True

    def _show(self, data: bytes) -> None:
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        self._rest = unfinished[0] if unfinished else b""
        if self._rest:
            data = data[: -len(self._rest)]
        self._stream.feed(_UNKNOWN.sub(b"", data))

    def _answer(self, query: re.Match[bytes]) -> None:
        asked, size = query[0], query["size"]
        if query["mode"]:
            answer = b"\x1b[?" + query["mode"] + b";0$y"
        elif query["colour"]:
            rgb = b"ffff/ffff/ffff" if query["colour"] == b"10" else b"0000/0000/0000"
            answer = b"\x1b]" + query["colour"] + b";rgb:" + rgb + b"\x1b\\"
        elif size:
            height, width = {b"18": (1, 1), b"14": (16, 8)}.get(size, (0, 0))
            values = (self.rows * height, self.columns * width) if height else (16, 8)
            answer = b"\x1b[%d;%d;%dt" % ({b"18": 8, b"14": 4, b"16": 6}[size], *values)
        elif asked.endswith(b"c"):
            answer = b"\x1b[>41;390;0c" if b">" in asked else b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c"
        else:
            answer = b"\x1b[0n" if asked.endswith(b"5n") else b"\x1b[1;1R"
        with contextlib.suppress(OSError):
            os.write(self._master, answer)

    def _processor_seconds(self) -> float:
        """Return the processor time of the program so far; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def cell(self, column: int, row: int) -> Any:  # noqa: ANN401  # pyte publishes no types
        """Return what pyte knows of one cell: `.data`, `.fg`, `.bg`, `.bold`, `.reverse`, `.underscore`."""
        return self.screen.buffer[row][column]
