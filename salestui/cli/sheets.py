"""Filled-in forms as text: one line a field, a table as lines of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from salestui.cli.tables import fitted, table, width
from salestui.domain.playbook import Field, FieldType
from salestui.domain.showing import show

__all__ = ["sheet"]


def sheet(fields: Sequence[Field], values: Mapping[str, object], language: str, *, zone: tzinfo | None = None) -> str:
    """Return the fields that say something, by their labels."""
    filled = [field for field in fields if values.get(field.key) not in (None, "", [], ())]
    widest = max((width(field.label.get(language)) for field in filled), default=0)
    lines: list[str] = []
    for field in filled:
        label = field.label.get(language)
        value = values[field.key]
        if field.type is FieldType.TABLE and isinstance(value, list | tuple):
            lines += [f"  {label}", *_rows(field, value, language, zone)]
            continue
        first, *more = show(field, value, language, home_currency="", zone=zone).split("\n")
        lines.append(f"  {fitted(label, widest)}  {first}")
        lines += [f"  {' ' * widest}  {line}" for line in more]
    return "\n".join(lines)


def _rows(field: Field, rows: Sequence[object], language: str, zone: tzinfo | None) -> list[str]:
    headings = [column.label.get(language) for column in field.columns]
    cells = [
        [show(column, row.get(column.key), language, home_currency="", zone=zone) for column in field.columns]
        for row in rows
        if isinstance(row, Mapping)
    ]
    return [f"    {line}" for line in table(headings, cells).split("\n")]
