"""A handbook as something to read: chapters of short entries, made from a playbook in one language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from salestui.dataclass import dataclass

__all__ = ["Chapter", "Entry", "EntryKind", "matches", "places", "sought"]


class EntryKind(StrEnum):
    """What an entry is: the head of a chapter or section, an output, one of its fields, a point of a list, a text."""

    CHAPTER = "chapter"
    SECTION = "section"
    OUTPUT = "output"
    FIELD = "field"
    POINT = "point"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the cursor of a reader stands on: a title with a remark, a text below it, and labelled facts.

    `output` is the key of the output it belongs to, empty for what belongs to the whole chapter.
    """

    kind: EntryKind
    title: str = ""
    remark: str = ""
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    output: str = ""

    def says(self, wanted: str) -> bool:
        """Tell whether `wanted` (as `sought` makes it) stands anywhere in it."""
        texts = (self.title, self.text, self.remark, *(text for _label, text in self.facts))
        return any(wanted in sought(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stage, or what the handbook rules beside them. `key` is the stage's key, or a word with a leading "-"."""

    key: str
    title: str
    short: str
    entries: tuple[Entry, ...]
    outputs: tuple[tuple[str, str], ...] = ()


def sought(text: str) -> str:
    """Return a text as a search compares it: in any case, and with or without spaces (24小时 finds 24 小时)."""
    return "".join(text.casefold().split())


def matches(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of every place in a line of text that a search for `wanted` means."""
    letters = sought(wanted)
    if letters:
        pattern = r"\s*".join(re.escape(letter) for letter in letters)
        yield from (found.span() for found in re.finditer(pattern, text, re.IGNORECASE))


def places(chapters: Sequence[Chapter], text: str) -> Iterator[tuple[int, int]]:
    """Yield (chapter, entry) of every entry that contains `text`, in any case; nothing for an empty text."""
    wanted = sought(text)
    if not wanted:
        return
    for at, chapter in enumerate(chapters):
        for index, entry in enumerate(chapter.entries):
            if entry.says(wanted):
                yield at, index
