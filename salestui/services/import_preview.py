"""What the columns of a sheet mean, as the app shows it before an import, and how a person changes it."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.dataclass import dataclass
from salestui.services.import_headings import FIELDS, IGNORED, JOINED, field_label, recognise
from salestui.services.import_sheet import Sheet

__all__ = ["ColumnLine", "choices", "columns", "has_company", "mapped", "settled", "stage_heading"]

SAMPLES = 3
"""Rows looked at for an example of a column's cells."""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column: its heading, the import field it is ("" where nobody knows), and a cell of it."""

    heading: str
    field: str
    sample: str

    @property
    def label(self) -> str:
        """The field in the user's language."""
        return field_label(self.field) if self.field else ""


def columns(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[ColumnLine, ...]:
    """Return the columns that have a heading."""
    lines = []
    for at, heading in enumerate(sheet.headings):
        if heading:
            cells = (row.cells[at].strip() for row in sheet.rows[:SAMPLES])
            sample = next((cell for cell in cells if cell), "")
            lines.append(ColumnLine(heading, mapping.get(heading) or recognise(heading) or "", sample))
    return tuple(lines)


def choices(lines: tuple[ColumnLine, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return the fields a column can be: key, label, and the heading that has it already."""
    taken = {line.field: line.heading for line in lines}
    keys = [IGNORED, *(key for key in FIELDS if key != IGNORED)]
    return tuple((key, field_label(key), taken.get(key, "") if key != IGNORED else "") for key in keys)


def settled(sheet: Sheet, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping with columns left out whose field an earlier column is already."""
    found, taken = dict(mapping), set()
    for line in columns(sheet, mapping):
        if line.field and line.field not in JOINED and line.field in taken:
            found[line.heading] = IGNORED
        taken.add(line.field)
    return found


def mapped(sheet: Sheet, mapping: Mapping[str, str], heading: str, field: str) -> dict[str, str]:
    """Return the mapping with a column made a field; another column that was it is left out."""
    found = {**mapping, heading: field}
    for line in columns(sheet, mapping):
        if line.heading != heading and line.field == field and field not in JOINED:
            found[line.heading] = IGNORED
    return found


def has_company(lines: tuple[ColumnLine, ...]) -> bool:
    """Tell whether a column holds the company, which no import can do without."""
    return any(line.field == "company" for line in lines)


def stage_heading(lines: tuple[ColumnLine, ...]) -> str:
    """Return the heading of the column with stages; "" where there is none."""
    return next((line.heading for line in lines if line.field == "stage"), "")
