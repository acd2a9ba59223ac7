"""The program as a script calls it, in this process: words in, exit code and both outputs back."""

import io
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from salestui import system
from salestui.cli.main import run
from salestui.cli.options import Options
from tests.e2e.walker import Walker

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""A Friday, ten in the morning in Shanghai."""


class _Output(io.StringIO):
    encoding = "utf-8"


class _Input(io.TextIOWrapper):
    def __init__(self, text: str | bytes) -> None:
        content = text.encode() if isinstance(text, str) else text
        super().__init__(io.BytesIO(content), encoding="utf-8")


@dataclass(frozen=True)
class Result:
    """What one call gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        return json.loads(lines[0])


@dataclass
class Shell:
    """A database, the person at the keyboard, and the clock."""

    database: Path
    monkeypatch: Any
    now: datetime = NOW
    language: str = "en"
    opened: list[Options] = field(default_factory=list)

    def as_person(self, login: str, name: str = "") -> "Shell":
        """Sit down another person: the one thing that only the operating system knows."""
        self.monkeypatch.setattr(system, "person", lambda: system.Person(1000, login, name or login))
        return self

    def later(self, **length: float) -> "Shell":
        """Let time go by."""
        self.now += timedelta(**length)
        return self

    def __call__(self, *words: str, stdin: str | bytes = "") -> Result:
        """Call the program."""
        out, err = _Output(), _Output()
        self.monkeypatch.setattr(sys, "stdin", _Input(stdin))
        given = ["--database", str(self.database), "--language", self.language, *words]
        with redirect_stdout(out), redirect_stderr(err):
            code = run(given, open_app=self._open, now=lambda: self.now)
        return Result(code, out.getvalue(), err.getvalue())

    def _open(self, options: Options) -> int:
        self.opened.append(options)
        return 0

    def ok(self, *words: str, **data: object) -> Any:
        """Call it with --json, and with the data given; return its document when all went well."""
        result = self.json(*words, **data)
        assert result.code == 0, (words, result.out, result.err)
        return result.document

    def json(self, *words: str, **data: object) -> Result:
        """Call it with --json, and with `values`, `files`, `command_id` and `expected_version` where given."""
        if not data:
            return self(*words, "--json")
        return self(*words, "--json", "--data", "-", stdin=json.dumps(data))

    def refused(self, *words: str, **data: object) -> tuple[int, str]:
        """Call it with --json; return exit code and error code of its refusal."""
        result = self.json(*words, **data)
        document = result.document
        assert document["format"] == "salestui.error/1", document
        assert document["text"], document
        assert set(document) >= {"code", "params", "text"}
        return result.code, document["code"]


def people(shell: Shell, words: Sequence[str] = ("chen:陈默:manager", "wang:王磊:rep", "zhao:赵敏:rep")) -> None:
    """Let the team in: login, name and permission, with reviewer roles after that."""
    for word in words:
        login, name, permission, *roles = word.split(":")
        given = [part for role in roles for part in ("--role", role)]
        shell.ok("user", "add", login, "--name", name, "--permission", permission, *given)


def script(shell: Shell, folder: Path) -> Walker:
    """Return a script that works on the shell's database as the person who sits there."""

    def call(words: Sequence[str], stdin: str) -> tuple[int, Any]:
        result = shell(*words, stdin=stdin)
        return result.code, result.document

    return Walker(call, folder, lambda: shell.now)
