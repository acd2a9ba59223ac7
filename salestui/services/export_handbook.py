"""A whole handbook as one document to print: contents, every stage with its outputs, then what holds for all stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from salestui.domain.clock import TeamCalendar
from salestui.domain.documents import Column, Document, Grid, Line, Part, Prose, Section
from salestui.domain.handbook import Chapter, Entry, EntryKind
from salestui.domain.playbook import Playbook
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services.handbook_text import chapters

__all__ = ["handbook_document"]

Group = tuple[Entry, tuple[Entry, ...]]
"""The head of a section or an output, and the entries below it."""


def handbook_document(playbook: Playbook, *, author: str, at: datetime, team: TeamCalendar) -> Document:
    """Return a handbook as a document in the language in use.

    It says what the reader of the app says: goals, guidance, key actions, every field of every output with what to fill
    in, an example and why it is asked, scoring, lists, reviews and deadlines.
    """
    told = chapters(playbook)
    tongue = language()
    head = (
        Line("customer", "", ""),
        Line("campaign", _("Playbook"), playbook.title.get(tongue)),
        Line("deal", "", ""),
        Line("owner", "", ""),
        Line("revision", _("Version"), f"v{playbook.version}"),
        Line("author", "", ""),
        Line("date", _("Printed on"), team.today(at).isoformat()),
        Line("status", "", ""),
        Line("stage", "", ""),
        Line("playbook", "", playbook.title.get(tongue)),
    )
    title = playbook.source.get(tongue) or playbook.title.get(tongue)
    sections = (
        Section("about", "", (Prose("about", _("What it is for"), playbook.description.get(tongue)),)),
        Section("contents", _("Contents"), (_contents(told),)),
        *(section for chapter in told for section in _chapter(chapter)),
    )
    return Document(title, tongue, author, at, head, sections)


def _contents(told: Sequence[Chapter]) -> Grid:
    between = "、" if language() == "zh" else ", "
    rows = tuple((chapter.title, between.join(title for _key, title in chapter.outputs)) for chapter in told)
    return Grid("contents", _("Contents"), (Column("chapter", _("Chapter")), Column("outputs", _("Outputs"))), rows)


def _chapter(chapter: Chapter) -> Iterator[Section]:
    """Yield the chapter's own section, then one below it for each of its outputs."""
    first, *groups = _groups(chapter.entries)
    plain = [part for group in groups if group[0].kind is EntryKind.SECTION for part in _section(*group)]
    yield Section(chapter.key, chapter.title, (*_facts(first[0]), *plain))
    for head, fields in groups:
        if head.kind is EntryKind.OUTPUT:
            key = f"{chapter.key}.{head.output}"
            heading = f"{head.title}  {head.remark}".rstrip()
            yield Section(key, heading, (*_facts(head), *_fields(heading, fields)), level=2)


def _groups(entries: Iterable[Entry]) -> list[Group]:
    heads = {EntryKind.CHAPTER, EntryKind.SECTION, EntryKind.OUTPUT}
    found: list[tuple[Entry, list[Entry]]] = []
    for entry in entries:
        if entry.kind in heads:
            found.append((entry, []))
        else:
            found[-1][1].append(entry)
    return [(head, tuple(below)) for head, below in found]


def _facts(entry: Entry) -> Iterator[Line]:
    return (Line("", label, text) for label, text in entry.facts)


def _section(head: Entry, entries: Sequence[Entry]) -> Iterator[Part]:
    """Yield what stands in a section: single lines as paragraphs, what has more to say as a table."""
    for bare, run in groupby(entries, key=lambda entry: not (entry.remark or entry.facts or entry.text)):
        known = tuple(run)
        if bare:
            yield Prose("", head.title, "\n".join(f"· {entry.title}" for entry in known))
        elif all(entry.kind is EntryKind.TEXT for entry in known):
            yield Prose("", head.title, "\n".join(entry.title or entry.text for entry in known))
        else:
            columns = (Column("what", head.title), Column("says", _("What it means")))
            yield Grid("", head.title, columns, tuple(_row(entry) for entry in known))


def _row(entry: Entry) -> tuple[str, str]:
    colon = [_("{label}: {text}").format(label=label, text=text) for label, text in entry.facts]
    return _stacked(entry.title, entry.remark), _stacked(entry.text, *colon)


def _stacked(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _fields(heading: str, entries: Sequence[Entry]) -> Iterator[Grid]:
    """Yield the table of an output's fields: what to fill in and by which rules, an example, and why."""
    asked = [entry for entry in entries if entry.kind is EntryKind.FIELD]
    if not asked:
        return
    columns = (
        Column("field", _("Field")),
        Column("fill_in", _("Fill in")),
        Column("example", _("Example")),
        Column("why", _("Why")),
    )
    yield Grid("fields", heading, columns, tuple(_field(entry) for entry in asked))


def _field(entry: Entry) -> tuple[str, str, str, str]:
    known = dict(entry.facts)
    rest = [
        _("{label}: {text}").format(label=label, text=known[label])
        for label in (_("Choices"), _("Columns"), _("Rules"))
        if label in known
    ]
    return (
        _stacked(entry.title, entry.remark),
        _stacked(known.get(_("Fill in"), ""), *rest),
        known.get(_("Example"), ""),
        known.get(_("Why"), ""),
    )
