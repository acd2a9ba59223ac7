"""Reads playbooks: a file or text through every check, or what was checked before by plain code.

`load_file` and `load_text` are for texts nobody has checked yet; they import pydantic. `from_json`, `from_checked_text`
and `builtin` build what was checked earlier and do not. A database stores a version as its TOML text, the `digest` of
that text, and `to_json(playbook)`.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salestui.errors import BadPlaybook, NotFound
from salestui.i18n import gettext as _
from salestui.playbooks import build

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

    from salestui.domain.playbook import Playbook

_VERSION_LINE = re.compile(r"^version = (\d+)$", re.MULTILINE)

BUILTIN = ("expansion", "role")
BIGGEST_FILE = 4 * 1024 * 1024


def load_file(path: Path) -> Playbook:
    """Read and check the playbook in a file; BadPlaybook names the file, the path of each wrong key, and the cure."""
    return load_text(read_text(path), str(path))


def load_text(text: str, source: str) -> Playbook:
    """Check a playbook's TOML text; `source` stands for the file in messages. Raises BadPlaybook."""
    from salestui.playbooks.check import problems_of

    tree = _parse(text, source)
    problems = problems_of(tree)
    if problems:
        raise BadPlaybook(source, problems)
    return build.from_tree(tree)


def read_text(path: Path) -> str:
    """Return a playbook file's text (UTF-8, a byte order mark is ignored). Raises BadPlaybook."""
    try:
        if path.stat().st_size > BIGGEST_FILE:
            raise BadPlaybook(str(path), (("-", _("The file is larger than 4 MB; a playbook is a small text file.")),))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadPlaybook(
            str(path), (("-", _("The file is not UTF-8. Save it as UTF-8 in your editor and try again.")),)
        ) from error
    except OSError as error:
        problem = _("The file cannot be read: {reason}").format(reason=error.strerror or error)
        raise BadPlaybook(str(path), (("-", problem),)) from error


def from_checked_text(text: str, source: str) -> Playbook:
    """Build a playbook from TOML text that passed `load_text` before, without checking it again."""
    return _trusted(_parse(text, source), source)


def to_json(playbook: Playbook) -> str:
    """Return the canonical form of a checked playbook: equal playbooks give equal text."""
    return json.dumps(build.to_tree(playbook), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str, source: str = "-") -> Playbook:
    """Build a playbook from its canonical form; BadPlaybook when the stored text is damaged."""
    try:
        tree = json.loads(text)
    except ValueError as error:
        raise _damaged(source) from error
    return _trusted(tree, source)


def digest(text: str) -> str:
    """Return the SHA-256 of a playbook's text, in hexadecimal; the kind of line ending does not count."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def builtin_text(key: str) -> str:
    """Return the TOML text of a playbook that comes with the program; NotFound for any other key."""
    if key not in BUILTIN:
        raise NotFound("playbook", key)
    return (Path(__file__).parent / f"{key}.toml").read_text(encoding="utf-8")


def builtin_version(key: str) -> int:
    """Return the number of a playbook that comes with the program, without building it: every start asks."""
    found = _VERSION_LINE.search(builtin_text(key))
    return int(found[1]) if found else builtin(key).version


@cache
def builtin(key: str) -> Playbook:
    """Return a playbook that comes with the program: "expansion" (handbook A) or "role" (handbook B)."""
    return from_checked_text(builtin_text(key), f"{key}.toml")


def _parse(text: str, source: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadPlaybook(source, (_syntax_problem(error),)) from error


def _syntax_problem(error: TOMLDecodeError) -> tuple[str, str]:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if found is None:
        return _("end of file"), _("The text stops in the middle: a quote, bracket or brace is not closed.")
    where = _("line {line}, column {column}").format(line=found[1], column=found[2])
    if "overwrite" in str(error) or "twice" in str(error) or "mutable" in str(error):
        return where, _("This key or table stands there a second time; keep one of them.")
    return where, _("This is not valid TOML. Look for a missing quote, comma, equals sign or bracket at this place.")


def _trusted(tree: object, source: str) -> Playbook:
    if not isinstance(tree, dict):
        raise _damaged(source)
    try:
        return build.from_tree(tree)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _damaged(source) from error


def _damaged(source: str) -> BadPlaybook:
    return BadPlaybook(source, (("-", _("The stored playbook is damaged. Install it again from its file.")),))
