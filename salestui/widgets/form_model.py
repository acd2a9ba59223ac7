"""A form being filled: what was typed, word for word, and what it comes to. It knows nothing of the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.fields import check, complete_rows, is_filled, is_required, normalise
from salestui.domain.form_views import AttachedFile
from salestui.domain.playbook import Field, FieldType, FileRule, Text
from salestui.domain.problems import Problem
from salestui.domain.showing import grouped, money_of
from salestui.domain.views import CheckState

__all__ = ["FILES", "AttachedFile", "FormModel", "Target", "editable"]

FILES: Final = "files"
"""The key of the place for attached files, which comes after all fields."""

TEXTUAL: Final = frozenset(
    {
        FieldType.TEXT,
        FieldType.INTEGER,
        FieldType.DECIMAL,
        FieldType.MONEY,
        FieldType.DATE,
        FieldType.DATETIME,
        FieldType.PERSON,
    }
)
"""Types that are typed on one line."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an editor writes to: a field, or a cell of a table field (row counted from 0)."""

    key: str
    row: int | None = None
    column: str = ""


def editable(field: Field, value: object, *, currency: str, zone: tzinfo) -> str:
    """Return a stored value as the text a person would edit; what is text already stays as it is."""
    if value is None:
        return ""
    if field.type is FieldType.MONEY and (money := money_of(value)) is not None:
        text = grouped(money.amount)
        return text if money.currency == currency else f"{text} {money.currency}"
    if field.type is FieldType.DATETIME and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment.tzinfo else value
    if field.type is FieldType.INTEGER and isinstance(value, int):
        return str(value)
    return str(value)


class FormModel:
    """Fields with what was typed into them. Every change is judged at once; nothing typed is ever dropped.

    `raw` is what was typed (for drafts), `values` the stored form of what could be read, `problems` everything that
    keeps it from being complete, with rows counted as they are seen.
    """

    def __init__(
        self,
        fields: Sequence[Field],
        values: Mapping[str, object],
        *,
        files: Sequence[AttachedFile] = (),
        file_rule: FileRule | None = None,
        today: date,
        currency: str = "CNY",
        zone: tzinfo = UTC,
    ) -> None:
        self.fields = tuple(fields)
        self.files = tuple(files)
        self.file_rule = file_rule
        self.today = today
        self.currency = currency
        self.zone = zone
        self.raw: dict[str, object] = {}
        self.values: dict[str, object] = {}
        self.problems: tuple[Problem, ...] = ()
        self._kept: dict[str, list[int]] = {}
        self.load(values)

    @property
    def keys(self) -> tuple[str, ...]:
        """The places of the form in order: every field, and the files where the form takes any."""
        keys = tuple(field.key for field in self.fields)
        return (*keys, FILES) if self.file_rule is not None else keys

    def field(self, key: str) -> Field:
        """Return field `key`; the files are a field of their own kind."""
        for field in self.fields:
            if field.key == key:
                return field
        return Field(FILES, FieldType.CHOICES, Text("附件", "Files"))

    def load(self, values: Mapping[str, object]) -> None:
        """Begin anew with `values`, stored or as typed."""
        self.raw = {}
        for field in self.fields:
            if field.key not in values:
                continue
            value = values[field.key]
            if field.type is FieldType.TABLE:
                rows = value if isinstance(value, list | tuple) else ()
                self.raw[field.key] = [self._raw_row(field, row) for row in rows if isinstance(row, Mapping)]
            else:
                self.raw[field.key] = self._raw(field, value)
        self.judge()

    def _raw_row(self, field: Field, row: Mapping[str, object]) -> dict[str, object]:
        return {column.key: self._raw(column, row[column.key]) for column in field.columns if column.key in row}

    def _raw(self, field: Field, value: object) -> object:
        if field.type in TEXTUAL or field.type is FieldType.LONG_TEXT:
            return editable(field, value, currency=self.currency, zone=self.zone)
        return value

    def judge(self) -> None:
        """Read everything typed, and find what is wrong with it."""
        self.values, unread = normalise(self.fields, self.raw, today=self.today, currency=self.currency, zone=self.zone)
        self._kept = {}
        bad = {problem.where for problem in unread}
        names = tuple(file.name for file in self.files)
        found = [
            self._as_seen(p)
            for p in check(self.fields, self.values, today=self.today, files=names, file_rule=self.file_rule)
        ]
        problems = [*unread, *(problem for problem in found if problem.where not in bad)]
        order = {key: index for index, key in enumerate(self.keys)}
        problems.sort(key=lambda problem: order.get(problem.where.split(".", 1)[0], len(order)))
        self.problems = tuple(problems)

    def _as_seen(self, problem: Problem) -> Problem:
        """Return `problem` with its row counted among all rows, blank ones included."""
        parts = problem.where.split(".")
        if len(parts) < 2 or parts[0] == FILES:
            return problem
        seen = self._kept_rows(parts[0])[int(parts[1]) - 1]
        params = {**problem.params, "row": seen} if "row" in problem.params else problem.params
        return replace(problem, where=".".join([parts[0], str(seen), *parts[2:]]), params=params)

    def _kept_rows(self, key: str) -> list[int]:
        """Return the numbers, as seen, of the rows that are no blank ones."""
        if key not in self._kept:
            rows, kept = self.rows(key), self.values.get(key)
            if isinstance(kept, list) and len(kept) == len(rows):
                self._kept[key] = list(range(1, len(rows) + 1))
            else:
                field = self.field(key)
                self._kept[key] = [
                    number
                    for number, row in enumerate(rows, 1)
                    if normalise((field,), {key: [row]}, today=self.today, currency=self.currency, zone=self.zone)[0]
                ]
        return self._kept[key]

    def rows(self, key: str) -> list[dict[str, object]]:
        """Return the rows of table `key` as typed; changes to it need `judge`."""
        rows = self.raw.setdefault(key, [])
        return rows if isinstance(rows, list) else []

    def get(self, target: Target) -> object:
        """Return what was typed or chosen at `target`; None for nothing."""
        if target.row is None:
            return self.raw.get(target.key)
        rows = self.rows(target.key)
        return rows[target.row].get(target.column) if target.row < len(rows) else None

    def text(self, target: Target) -> str:
        """Return the text to edit at `target`."""
        value = self.get(target)
        return value if isinstance(value, str) else "" if value is None else str(value)

    def put(self, target: Target, value: object) -> None:
        """Write what was typed or chosen; "" and None empty the place."""
        place: dict[str, object] = self.raw
        if target.row is not None:
            rows = self.rows(target.key)
            while len(rows) <= target.row:
                rows.append({})
            place = rows[target.row]
        key = target.key if target.row is None else target.column
        if value in (None, ""):
            place.pop(key, None)
        else:
            place[key] = value
        self.judge()

    def add_row(self, key: str, at: int) -> None:
        """Put a blank row before row `at` (counted from 0)."""
        self.rows(key).insert(at, {})
        self.judge()

    def delete_row(self, key: str, at: int) -> dict[str, object]:
        """Take row `at` out and return it."""
        row = self.rows(key).pop(at)
        self.judge()
        return row

    def restore_row(self, key: str, at: int, row: dict[str, object]) -> None:
        """Put a row back where it was."""
        self.rows(key).insert(at, row)
        self.judge()

    def problems_of(self, key: str) -> tuple[Problem, ...]:
        """Return the problems of one field."""
        return tuple(problem for problem in self.problems if problem.where.split(".", 1)[0] == key)

    def problem_at(self, target: Target) -> Problem | None:
        """Return the first problem of a field or of exactly one cell."""
        if target.row is None:
            return next(iter(self.problems_of(target.key)), None)
        where = f"{target.key}.{target.row + 1}.{target.column}"
        return next((problem for problem in self.problems if problem.where == where), None)

    def required(self, key: str) -> bool:
        """Tell whether the form cannot do without this field as things stand."""
        if key == FILES:
            return bool(self.file_rule and self.file_rule.min)
        return is_required(self.field(key), self.values)

    def filled(self, key: str) -> bool:
        """Tell whether anything stands there, readable or not."""
        if key == FILES:
            return bool(self.files)
        return is_filled(self.field(key), self.raw.get(key))

    def state(self, key: str) -> CheckState:
        """Return whether a field is done, wrong or missing, or may stay empty."""
        if self.problems_of(key):
            return CheckState.UNMET
        return CheckState.MET if self.filled(key) else CheckState.OPEN

    def done(self) -> tuple[int, int]:
        """Return how many of the fields that are asked for are done, and how many are asked for."""
        asked = [key for key in self.keys if self.required(key) or self.filled(key)]
        return sum(1 for key in asked if self.state(key) is CheckState.MET), len(asked)

    def row_counts(self, key: str) -> tuple[int, int]:
        """Return how many rows of a table are complete, and how many there are."""
        field = self.field(key)
        rows = self.values.get(key)
        started = len(rows) if isinstance(rows, list) else 0
        return complete_rows(field, self.values), started
