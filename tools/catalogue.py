"""The catalogue of translations as a value: read and written as .po (for people and merges) and .mo (for gettext)."""

from __future__ import annotations

import ast
import re
import struct
from dataclasses import dataclass, field
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

HEADER = (
    "Project-Id-Version: salestui\n"
    "Language: zh_CN\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)
_LINE = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[0\])?\s*(".*")')


class Message(NamedTuple):
    """An English source text: what the code asks gettext for."""

    text: str
    plural: str = ""
    context: str = ""

    def placeholders(self) -> set[str]:
        """Return the names in braces that a translation has to carry as well."""
        return placeholders(self.plural or self.text)


@dataclass(slots=True)
class Catalogue:
    """Every message with its Chinese; an empty string where that is still missing."""

    entries: dict[Message, str] = field(default_factory=dict)

    def sorted(self) -> list[tuple[Message, str]]:
        """Return the entries in the order of the files, so that a change touches only its own lines."""
        return sorted(self.entries.items())


def placeholders(text: str) -> set[str]:
    """Return the names of the `{replacement}` fields of a text; ValueError when its braces do not match."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}


def problem(message: Message, translation: str) -> str | None:
    """Say what is wrong with a translation, or None when it can be used."""
    try:
        wanted, found = message.placeholders(), placeholders(translation)
    except ValueError as error:
        return f"the braces do not match ({error})"
    if wanted != found:
        return f"the text has {sorted(wanted)} in braces, the translation {sorted(found)}"
    if message.text.endswith("\n") != translation.endswith("\n"):
        return "only one of the two ends with a line break"
    return None


def quote(text: str) -> str:
    """Write a text as one quoted line of a .po file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def po_text(catalogue: Catalogue) -> str:
    """Write the .po file: sorted, one line a string, no line numbers and no dates, so that it merges well."""
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(quote(line) for line in HEADER.splitlines(keepends=True))]
    for message, translation in catalogue.sorted():
        lines = [f"msgctxt {quote(message.context)}"] if message.context else []
        lines.append(f"msgid {quote(message.text)}")
        if message.plural:
            lines += [f"msgid_plural {quote(message.plural)}", f"msgstr[0] {quote(translation)}"]
        else:
            lines.append(f"msgstr {quote(translation)}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def parse_po(text: str) -> Catalogue:
    """Read a .po file; ValueError names the line that is none, or that marks an entry as fuzzy or obsolete."""
    catalogue = Catalogue()
    for block in re.split(r"\n\s*\n", text):
        parts: dict[str, str] = {}
        current = ""
        for line in block.splitlines():
            if line.startswith("#") and "fuzzy" not in line and not line.startswith("#~"):
                continue
            match = _LINE.fullmatch(line.strip())
            if match is None:
                raise ValueError(f"not a line of a catalogue: {line}")
            current = match[1] or current
            parts[current] = parts.get(current, "") + str(ast.literal_eval(match[2]))
        if parts.get("msgid"):
            message = Message(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))
            catalogue.entries[message] = parts.get("msgstr[0]", parts.get("msgstr", ""))
    return catalogue


def mo_bytes(catalogue: Catalogue) -> bytes:
    """Compile to the binary form that gettext reads; untranslated messages are left out and show in English."""
    pairs = {b"": HEADER.encode()}
    for message, translation in catalogue.sorted():
        if translation:
            key = f"{message.context}\x04{message.text}" if message.context else message.text
            pairs["\0".join(filter(None, (key, message.plural))).encode()] = translation.encode()
    keys = sorted(pairs)
    start = 7 * 4
    offset = start + 16 * len(keys)
    tables: list[bytes] = []
    texts: list[bytes] = []
    for strings in (keys, [pairs[key] for key in keys]):
        for string in strings:
            tables.append(struct.pack("<II", len(string), offset))
            texts.append(string + b"\0")
            offset += len(string) + 1
    header = struct.pack("<7I", 0x950412DE, 0, len(keys), start, start + 8 * len(keys), 0, start + 16 * len(keys))
    return header + b"".join(tables) + b"".join(texts)


_SHAPES: Mapping[str, tuple[str, ...]] = {
    "_": ("text",),
    "gettext": ("text",),
    "mark": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
}


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def used_messages(source: str, name: str) -> Iterator[Message]:
    """Find the messages a module asks for; ValueError for a text put together before it is looked up.

    A variable as the argument is fine: its value was marked where it was written (`i18n.mark`).
    """
    for node in ast.walk(ast.parse(source, name)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)):
            continue
        shape = _SHAPES.get(node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        if shape is None or len(node.args) < len(shape):
            continue
        arguments = node.args[: len(shape)]
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in arguments):
            raise ValueError(f"{name}:{node.lineno}: look the text up first and fill it in afterwards with .format()")
        literals = [_literal(argument) for argument in arguments]
        if all(literals):
            yield Message(**dict(zip(shape, (literal or "" for literal in literals), strict=True)))


def messages_of(files: Iterable[Path]) -> dict[Message, str]:
    """Collect the messages of many modules, each with the name of the first file that uses it."""
    found: dict[Message, str] = {}
    for file in sorted(files):
        for message in used_messages(file.read_text("utf-8"), file.as_posix()):
            found.setdefault(message, file.as_posix())
    return found
