"""Two people changed the same thing: what only one of them changed is brought together, what both changed clashes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from salestui.dataclass import dataclass
from salestui.domain.differences import differences
from salestui.domain.playbook import Field, FieldType

__all__ = ["Clash", "Merged", "merge", "settled"]

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that both changed, and not to the same: how it stood before, theirs, and yours.

    Of a table all three hold only the rows that are not in all of them.
    """

    field: Field
    before: object
    theirs: object
    yours: object


@dataclass(frozen=True, slots=True)
class Merged:
    """What a form goes on with: `values` as typed or stored, what was taken from the other, and what clashes."""

    values: dict[str, object]
    taken: tuple[Field, ...]
    clashes: tuple[Clash, ...]


def merge(fields: Sequence[Field], before: Values, theirs: Values, typed: Values, read: Values) -> Merged:
    """Bring what was typed on `before` together with what somebody else saved meanwhile.

    `typed` is word for word, `read` what it comes to; the other three are stored values. A field that was not touched
    takes the other's value; one that both changed keeps what was typed.
    """
    mine = {difference.field.key for difference in differences(fields, before, read)}
    unread = {field.key for field in fields if typed.get(field.key) and field.key not in read}
    mine |= unread
    others = {difference.field.key for difference in differences(fields, before, theirs)}
    apart = {difference.field.key for difference in differences(fields, theirs, read)} | unread
    values, taken = dict(typed), []
    for field in fields:
        if field.key in others and field.key not in mine:
            taken.append(field)
            values.pop(field.key, None)
            if field.key in theirs:
                values[field.key] = theirs[field.key]
    clashes = [
        _clash(field, before.get(field.key), theirs.get(field.key), read.get(field.key, typed.get(field.key)))
        for field in fields
        if field.key in mine & others & apart
    ]
    return Merged(values, tuple(taken), tuple(clashes))


def _clash(field: Field, before: object, theirs: object, yours: object) -> Clash:
    if field.type is not FieldType.TABLE:
        return Clash(field, before, theirs, yours)
    tables = [list(value) if isinstance(value, list | tuple) else [] for value in (before, theirs, yours)]
    common = [row for row in tables[0] if all(row in table for table in tables)]
    return Clash(field, *([row for row in table if row not in common] for table in tables))


def settled(merged: Merged, theirs: Values, given_up: Collection[str]) -> dict[str, object]:
    """Return the values with the other's taken in the fields `given_up`."""
    values = dict(merged.values)
    for key in given_up:
        values.pop(key, None)
        if key in theirs:
            values[key] = theirs[key]
    return values
