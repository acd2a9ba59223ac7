"""A handbook as something to read: chapters of short entries, made from a playbook in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Chapter", "Entry", "EntryKind", "places"]


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
        """Tell whether `wanted` (case-folded) stands anywhere in it."""
        texts = (self.title, self.text, self.remark, *(text for _label, text in self.facts))
        return any(wanted in text.casefold() for text in texts)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stage, or what the handbook rules beside them. `key` is the stage's key, or a word with a leading "-"."""

    key: str
    title: str
    short: str
    entries: tuple[Entry, ...]
    outputs: tuple[tuple[str, str], ...] = ()


def places(chapters: Sequence[Chapter], text: str) -> Iterator[tuple[int, int]]:
    """Yield (chapter, entry) of every entry that contains `text`, in any case; nothing for an empty text."""
    wanted = text.strip().casefold()
    if not wanted:
        return
    for at, chapter in enumerate(chapters):
        for index, entry in enumerate(chapter.entries):
            if entry.says(wanted):
                yield at, index
