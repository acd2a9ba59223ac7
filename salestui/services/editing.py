"""Reads what was given for a new record, or for a change of one, by the fields of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.fields import check
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.records import User
from salestui.domain.text import clean_name
from salestui.domain.values import normalise
from salestui.services import settings
from salestui.services.request import Call

__all__ = ["Edit", "choices_of", "read_change", "read_new", "without_owner"]

Values = Mapping[str, object]
_NAMES = {"name", "short_name"}
_NOTHING: Mapping[FieldType, object] = {FieldType.TABLE: [], FieldType.CHOICES: [], FieldType.YES_NO: False}


@dataclass(frozen=True, slots=True)
class Edit:
    """A form as it would be: all its values, those that differ before and after (as columns too), and what is wrong."""

    values: dict[str, object]
    before: dict[str, object]
    after: dict[str, object]
    columns: dict[str, object]
    problems: tuple[Problem, ...]

    def with_owner(self, before: str, owner: User) -> Edit:
        """Return the same with another owner: by name in the history, by number in the table."""
        return replace(
            self,
            before={**self.before, "owner": before},
            after={**self.after, "owner": owner.name},
            columns={**self.columns, "owner": owner.id},
        )


def read_new(call: Call, fields: Sequence[Field], given: Values) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the stored form of what was given for a new record, and everything wrong or missing in it."""
    values, problems = _read(call, fields, given)
    return values, _all_problems(call, fields, values, problems)


def read_change(call: Call, fields: Sequence[Field], current: Values, given: Values) -> Edit:
    """Return what changes in `current`, which has a value for every field, when the values given replace its own.

    A field that is not given keeps its value; one given empty is emptied. Owners are read by `users.owner_given`.
    """
    values, problems = _read(call, fields, given)
    unread = {problem.where.split(".", 1)[0] for problem in problems}
    after: dict[str, object] = {}
    for field in fields:
        if field.key in given and field.key not in unread:
            value = values.get(field.key, _NOTHING.get(field.type, ""))
            if value != current.get(field.key):
                after[field.key] = value
    asked = {field.key for field in fields}
    complete = {**{key: value for key, value in current.items() if key in asked}, **after}
    before = {key: current.get(key) for key in after}
    return Edit(complete, before, after, dict(after), _all_problems(call, fields, complete, problems))


def _read(call: Call, fields: Sequence[Field], given: Values) -> tuple[dict[str, object], tuple[Problem, ...]]:
    team = settings.team(call)
    calendar: TeamCalendar = team.calendar
    values, problems = normalise(
        fields, given, today=calendar.today(call.now), currency=team.currency, zone=calendar.zone
    )
    return {key: clean_name(str(value)) if key in _NAMES else value for key, value in values.items()}, problems


def _all_problems(
    call: Call, fields: Sequence[Field], values: Values, unreadable: tuple[Problem, ...]
) -> tuple[Problem, ...]:
    """Add what is missing or out of bounds to what could not be read; a field that could not be read is not missing."""
    known = {problem.where for problem in unreadable}
    incomplete = check(fields, values, today=settings.team(call).calendar.today(call.now))
    return unreadable + tuple(problem for problem in incomplete if problem.where not in known)


def without_owner(values: Values) -> dict[str, object]:
    """Return what was given but the owner."""
    return {key: value for key, value in values.items() if key != "owner"}


def choices_of(titles: Mapping[str, Text]) -> tuple[Choice, ...]:
    """Return choices from their texts by key."""
    return tuple(Choice(key, text) for key, text in titles.items())
