"""What a writing command is given: values, files, command id and expected version, from JSON and from options."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final, NoReturn

from salestui.cli.faults import UsageError
from salestui.dataclass import dataclass
from salestui.i18n import gettext as _

__all__ = ["Given", "given"]

KEYS: Final = ("values", "files", "command_id", "expected_version")
MOST_BYTES: Final = 20_000_000
"""The most bytes of a document: far beyond any form, and little enough to be read at once."""
LONGEST_ID: Final = 100


@dataclass(frozen=True, slots=True)
class Given:
    """The parts of a document for a writing command; `expected_version` is None where anything will do."""

    values: dict[str, object] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    command_id: str | None = None
    expected_version: int | None = None

    def text(self, key: str) -> str:
        """Return a value as text, "" where it is not given."""
        value = self.values.get(key)
        return "" if value is None else str(value)


def given(args: Namespace, **values: object) -> Given:
    """Return what a command was given: the document of --data, over it the other options, and `values` where not None.

    Raises UsageError for what is not such a document, for files where the command takes none, and for the version of
    something that it only makes.
    """
    found = _read(args.data) if getattr(args, "data", None) is not None else Given()
    told = {**found.values, **_pairs(getattr(args, "set", [])), **_present(values)}
    files = (*found.files, *(Path(path) for path in getattr(args, "file", [])))
    command_id = found.command_id if args.command_id is None else _command_id("--command-id", args.command_id)
    version = getattr(args, "expected_version", None)
    version = found.expected_version if version is None else version
    if files and not args.takes_files:
        raise UsageError(_("This command takes no files."))
    if version and not args.changes:
        raise UsageError(_("This command makes something new, which has no version to expect."))
    return Given(told, files, command_id, version if args.changes else None)


def _present(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _pairs(pairs: list[str]) -> dict[str, object]:
    told: dict[str, object] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise UsageError(_("--set takes KEY=VALUE, not {pair}.").format(pair=pair))
        told[key] = value
    return told


def _read(name: str) -> Given:
    """Read the document in a file, or on standard input for `-`."""
    where = _("standard input") if name == "-" else name
    document = _parsed(where, _content(name, where))
    if not isinstance(document, dict):
        _wrong(where, _("It is to be a JSON object: {example}").format(example='{"values": {…}}'))
    for key in document:
        if key not in KEYS:
            _wrong(where, _("{key} is no part of it. There are: {keys}").format(key=key, keys=", ".join(KEYS)))
    return Given(
        _values(where, document.get("values")),
        _files(where, document.get("files")),
        _command_id(where, document.get("command_id")),
        _version(where, document.get("expected_version")),
    )


def _content(name: str, where: str) -> str:
    try:
        if name == "-":
            buffer = getattr(sys.stdin, "buffer", None)
            content = buffer.read(MOST_BYTES + 1) if buffer else sys.stdin.read(MOST_BYTES + 1).encode()
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            _wrong(where, _("It is larger than {n} MB.").format(n=MOST_BYTES // 1_000_000))
        return bytes(content).decode("utf-8-sig")
    except OSError as error:
        _wrong(where, _("It cannot be read ({reason}).").format(reason=error.strerror or error))
    except UnicodeDecodeError as error:
        _wrong(where, _("It is not UTF-8 text (byte {n}).").format(n=error.start + 1))


def _parsed(where: str, text: str) -> Any:  # noqa: ANN401  # it is any JSON value until it was looked at
    """Return a JSON value; numbers with a point stay exact texts, the same key twice is refused."""
    try:
        return json.loads(
            text,
            parse_float=str,
            parse_constant=lambda word: _wrong(where, _("{word} is no JSON number.").format(word=word)),
            object_pairs_hook=lambda pairs: _unique(where, pairs),
        )
    except json.JSONDecodeError as error:
        problem = _("It is not JSON: line {line}, column {column}.").format(line=error.lineno, column=error.colno)
        raise _misfit(where, problem) from error
    except (RecursionError, ValueError) as error:  # nested without end; a number of thousands of digits
        raise _misfit(where, _("It holds a value beyond all measure.")) from error


def _unique(where: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        _wrong(where, _("{key} stands in it twice.").format(key=twice))
    return told


def _values(where: str, values: object) -> dict[str, object]:
    if values is None:
        return {}
    if not isinstance(values, dict):
        _wrong(where, _("values is to be an object: field by key."))
    return values


def _files(where: str, files: object) -> tuple[Path, ...]:
    if files is None:
        return ()
    if not isinstance(files, list) or not all(isinstance(path, str) and path and "\0" not in path for path in files):
        _wrong(where, _("files is to be a list of paths."))
    return tuple(Path(path) for path in files)


def _command_id(where: str, command_id: object) -> str | None:
    if command_id is None:
        return None
    if not isinstance(command_id, str) or not 0 < len(command_id) <= LONGEST_ID or not command_id.isprintable():
        _wrong(where, _("command_id is to be a text of 1 to {n} characters, such as a UUID.").format(n=LONGEST_ID))
    return command_id


def _version(where: str, version: object) -> int | None:
    if version is None:
        return None
    if isinstance(version, bool) or not isinstance(version, int):
        _wrong(where, _("expected_version is to be a whole number."))
    return version


def _wrong(where: str, problem: str) -> NoReturn:
    raise _misfit(where, problem)


def _misfit(where: str, problem: str) -> UsageError:
    return UsageError(_("{what}: {why}").format(what=where, why=problem))
