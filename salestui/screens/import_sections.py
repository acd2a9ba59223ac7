"""An import as sections to draw: the figures, what must be mended, what each column means, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from salestui.domain.views import Tone
from salestui.i18n import gettext as _
from salestui.services.import_preview import ColumnLine
from salestui.services.import_report import ImportReport, RowReport
from salestui.widgets.listing_rows import Cell, Column, LazyRows, Row, Section

__all__ = ["COLUMN", "FIGURE", "columns", "report"]

COLUMN, FIGURE = "column", "figure"
"""The first part of the keys of rows that can be opened; the second is the heading, or the section to go to."""

_FIGURES = (Column(5, at_right=True), Column(12), Column(20, share=1))
_ROWS = (Column(5, at_right=True), Column(16, share=1), Column(20, share=3))
_COLUMNS = (Column(16, share=1), Column(14), Column(20, share=2))


def columns(lines: Sequence[ColumnLine]) -> Section:
    """Return what each column means, with a cell of it; Enter changes it."""
    rows = tuple(
        Row(
            (COLUMN, line.heading),
            (
                Cell(line.heading, Tone.NORMAL),
                Cell(line.label, Tone.FAINT if line.field == "ignore" else Tone.NORMAL)
                if line.field
                else Cell(_("not known"), Tone.WARNING),
                Cell(line.sample.replace("\n", " "), Tone.FAINT),
            ),
        )
        for line in lines
    )
    return Section(rows, _COLUMNS, _("Columns"), str(len(rows)))


def report(told: ImportReport) -> tuple[Section, ...]:
    """Return figures first, then what needs a look, line by line; what goes well comes last."""
    doubles, held = told.doubles, [row for row in told.created if row.held or row.exceptions]
    return (
        _figures(told),
        _section("rejected", _("Rejected"), told.rejected, Tone.ERROR),
        _section("doubles", _("Possible duplicates"), doubles, Tone.WARNING),
        _section("stages", _("Put further by exceptions"), held, Tone.WARNING),
        _section("skipped", _("Skipped"), told.skipped, Tone.NORMAL),
    )


def created(told: ImportReport) -> Section:
    """Return the rows that become deals."""
    title = _("To be created") if told.dry_run else _("Created")
    return _section("created", title, told.created, Tone.NORMAL)


def _figures(told: ImportReport) -> Section:
    wanted = (
        ("created", len(told.created), _("created"), _created_note(told), Tone.SUCCESS),
        ("skipped", len(told.skipped), _("skipped"), _("the company is in the campaign already"), Tone.MUTED),
        ("doubles", len(told.doubles), _("doubles"), _("perhaps a company that is known: look below"), Tone.WARNING),
        ("rejected", len(told.rejected), _("rejected"), _("written to a file that you mend and import"), Tone.ERROR),
    )
    rows = tuple(
        Row(
            (FIGURE, key),
            (Cell(str(count), tone if count else Tone.FAINT, bold=True), Cell(word), Cell(note, Tone.FAINT)),
        )
        for key, count, word, note, tone in wanted
    )
    return Section(rows, _FIGURES, _("What would happen") if told.dry_run else _("What was imported"))


def _created_note(told: ImportReport) -> str:
    closed = sum(row.status not in {"open", ""} for row in told.created)
    parts = [_("customers with their deals")]
    if closed:
        parts.append(_("{n} of them closed records").format(n=closed))
    if told.stages_ignored:
        parts.append(_("{n} name a later stage, which is not obeyed").format(n=told.stages_ignored))
    return "; ".join(parts)


def _section(key: str, title: str, rows: Sequence[RowReport], tone: Tone) -> Section:
    lazy = LazyRows(rows, lambda row: (key, row.line), lambda row: _row(key, row))
    return Section(lazy, _ROWS, title, str(len(rows)), tone)


def _row(key: str, row: RowReport) -> Row:
    return Row((key, row.line), (Cell(str(row.line), Tone.FAINT), Cell(row.company, Tone.NORMAL), Cell(_why(key, row))))


def _why(key: str, row: RowReport) -> str:
    if key == "doubles":
        return _("like {names}").format(names=", ".join(row.doubles))
    if key == "stages":
        count = len(row.exceptions)
        said = _("{n} exceptions").format(n=count) if count else ""
        return "; ".join(part for part in (said, row.held) if part)
    return row.why or row.deal
