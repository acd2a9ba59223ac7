"""What differs between two versions of a form, field by field; of a table the rows only one of them has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from salestui.dataclass import dataclass
from salestui.domain.facts import FileFact
from salestui.domain.playbook import Field, FieldType

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its value before and after, None where it has none.

    Of a table both hold only the rows the other one lacks, and `common` counts the rows in both.
    """

    field: Field
    before: object
    after: object
    common: int = 0


def differences(fields: Sequence[Field], before: Values, after: Values) -> tuple[Difference, ...]:
    """Return the fields in which two sets of stored values differ, in the order of the form."""
    found = []
    for field in fields:
        old, new = before.get(field.key), after.get(field.key)
        if _plain(old) == _plain(new):
            continue
        if field.type is FieldType.TABLE:
            found.append(_table(field, old, new))
        else:
            found.append(Difference(field, old, new))
    return tuple(found)


def _plain(value: object) -> object:
    """The value with nothing in all its forms made one, and tuples and lists made equal."""
    if value in (None, "", [], ()):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items() if _plain(part) is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _table(field: Field, old: object, new: object) -> Difference:
    before = list(old) if isinstance(old, list | tuple) else []
    after = list(new) if isinstance(new, list | tuple) else []
    known = [_plain(row) for row in after]
    gone = []
    for row in before:
        if _plain(row) in known:
            known.remove(_plain(row))
        else:
            gone.append(row)
    had = [_plain(row) for row in before]
    come = []
    for row in after:
        if _plain(row) in had:
            had.remove(_plain(row))
        else:
            come.append(row)
    return Difference(field, gone, come, len(before) - len(gone))


def same(
    fields: Sequence[Field], before: Values, after: Values, held: Sequence[FileFact] = (), holds: Sequence[str] = ()
) -> bool:
    """Tell whether two versions say the same: values, and the files held and those (by hash) of the other one."""
    return not differences(fields, before, after) and {file.sha256 for file in held} == set(holds)
