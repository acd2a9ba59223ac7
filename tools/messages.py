r"""Keeps the catalogue of Chinese texts in step with the code.

    set [--context WORD]   read translations from standard input, one a line, tabs between:
                               English<tab>中文
                               one {n} deal<tab>{n} deals<tab>{n} 个单子         (for ngettext)
                           line breaks inside a text are written \n, tabs \t, backslashes \\
    extract [--prune]      add the texts of the code that are missing; --prune drops those no code uses
    missing                list what has no Chinese yet, in the form that `set` reads
    check                  fail on anything untranslated, wrong, unused or not compiled

Every command that writes takes a lock, so any number of writers at once is safe, and compiles the .mo file.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from salestui import system  # noqa: E402  # the repository is put on the path just above
from tools.catalogue import (  # noqa: E402  # the same
    Catalogue,
    Message,
    messages_of,
    mo_bytes,
    parse_po,
    po_text,
    problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "salestui" / "locales" / "zh_CN" / "LC_MESSAGES"
PO = FOLDER / "salestui.po"
MO = FOLDER / "salestui.mo"
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


def read() -> Catalogue:
    """Read the catalogue as it is now."""
    return parse_po(PO.read_text("utf-8")) if PO.exists() else Catalogue()


def in_code() -> dict[Message, str]:
    """Return every message the program asks for, with a file that does."""
    return messages_of((ROOT / "salestui").rglob("*.py"))


@contextmanager
def changing() -> Iterator[Catalogue]:
    """Change the catalogue with nobody else doing so; both files are replaced whole when the block ends well."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with system.exclusive_lock(FOLDER / ".lock"):
        catalogue = read()
        yield catalogue
        system.replace_file(PO, po_text(catalogue).encode())
        system.replace_file(MO, mo_bytes(catalogue))


def unescape(text: str) -> str:
    r"""Undo \n, \t and \\."""
    out: list[str] = []
    letters = iter(text)
    for letter in letters:
        if letter != "\\":
            out.append(letter)
            continue
        following = next(letters, "\\")
        out.append(_ESCAPES.get(following, "\\" + following))
    return "".join(out)


def escape(text: str) -> str:
    """Write a text on one line."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def parse_pairs(lines: list[str], context: str) -> tuple[dict[Message, str], list[str]]:
    """Read the lines of `set`; return what can be stored and what is wrong with the rest."""
    good: dict[Message, str] = {}
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        fields = [unescape(part) for part in line.rstrip("\r\n").split("\t")]
        if len(fields) not in {2, 3} or not all(fields):
            wrong.append(f"line {number}: wanted English<tab>Chinese or one<tab>many<tab>Chinese: {line!r}")
            continue
        *source, translation = fields
        message = Message(source[0], source[1] if len(source) == 2 else "", context)
        if (trouble := problem(message, translation)) is not None:
            wrong.append(f"line {number}: {trouble}: {line!r}")
            continue
        good[message] = translation
    return good, wrong


def set_translations(context: str) -> int:
    """Store the translations given on standard input; wrong lines are named and the others stored all the same."""
    good, wrong = parse_pairs(sys.stdin.read().splitlines(), context)
    with changing() as catalogue:
        catalogue.entries.update(good)
    print(f"{len(good)} stored", *wrong, sep="\n")
    return 1 if wrong else 0


def extract(*, prune: bool) -> int:
    """Add what the code asks for; drop what it no longer does only when told to."""
    used = in_code()
    with changing() as catalogue:
        added = [message for message in used if message not in catalogue.entries]
        unused = [message for message in catalogue.entries if message not in used]
        catalogue.entries.update(dict.fromkeys(added, ""))
        if prune:
            for message in unused:
                del catalogue.entries[message]
    print(f"{len(added)} added, {len(unused)} not in the code{' dropped' if prune else ''}")
    return 0


def missing() -> list[str]:
    """List what has no Chinese yet: a line for `set` with the file that uses it behind a #."""
    entries = read().entries
    lines = []
    for message, where in sorted(in_code().items(), key=lambda item: (item[1], item[0])):
        if not entries.get(message):
            source = "\t".join(escape(part) for part in (message.text, message.plural) if part)
            suffix = f" (context {message.context})" if message.context else ""
            lines.append(f"{source}\t# {Path(where).relative_to(ROOT).as_posix()}{suffix}")
    return lines


def problems() -> list[str]:
    """Return everything that `check` fails on."""
    catalogue, used = read(), in_code()
    found = [f"no Chinese: {line}" for line in missing()]
    for message, translation in catalogue.sorted():
        if message not in used:
            found.append(f"no code uses: {message.text!r}")
        if translation and (trouble := problem(message, translation)) is not None:
            found.append(f"{message.text!r}: {trouble}")
    if PO.read_text("utf-8") != po_text(catalogue):
        found.append("salestui.po is not in the form that tools/messages.py writes: run its extract")
    if MO.read_bytes() != mo_bytes(catalogue):
        found.append("salestui.mo was not compiled from salestui.po: run tools/messages.py extract")
    return found


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("set").add_argument("--context", default="", help="for pgettext")
    commands.add_parser("extract").add_argument("--prune", action="store_true")
    commands.add_parser("missing")
    commands.add_parser("check")
    options = parser.parse_args()
    if options.command == "set":
        return set_translations(options.context)
    if options.command == "extract":
        return extract(prune=options.prune)
    lines = missing() if options.command == "missing" else problems()
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
