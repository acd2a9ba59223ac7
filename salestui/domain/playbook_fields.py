"""The fields of a handbook's forms as frozen data, with the rules their values follow."""

from __future__ import annotations

from enum import StrEnum

from salestui.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; proper names keep their Chinese beside the English."""

    zh: str
    en: str

    def get(self, language: str) -> str:
        """Return the text in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


EMPTY = Text("", "")


class FieldType(StrEnum):
    """What a field holds; the names are those of the machine contract."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice field: a stable key and its text."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Distinct:
    """A table rule: at least `at_least` different values in column `column`."""

    column: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Covers:
    """A table rule: every one of `values` occurs in column `column` (a choice or choices column)."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class After:
    """A date rule: later than "today" (the day it is judged), or than another date field of the same form."""

    what: str


@dataclass(frozen=True, slots=True)
class RequiredWhen:
    """A field is required when another field of the form is below a number, or equals one of `values`."""

    field: str
    below: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """A rule of an integer column: it names the revision of the deal's output `of` that answers the row.

    That revision is there, and not older than the day in the row's column `since` ("": whatever its age). A row whose
    choice column `unless` says one of `values` needs no answer.
    """

    of: str
    since: str = ""
    unless: str = ""
    values: tuple[str, ...] = ()


Rule = Distinct | Covers | After | RequiredWhen | Answers


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an output, or one column of a table field.

    `min` and `max` bound integers and decimals, inclusive; `decimals` is the most digits after the point.
    `passes` are the values (choice keys, or "yes") that let the gate pass. `min_rows` counts complete rows of a table.
    """

    key: str
    type: FieldType
    label: Text
    help: Text = EMPTY
    example: Text = EMPTY
    why: Text = EMPTY
    required: bool = False
    choices: tuple[Choice, ...] = ()
    passes: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    decimals: int | None = None
    columns: tuple[Field, ...] = ()
    min_rows: int | None = None
    rules: tuple[Rule, ...] = ()
    prefill: str = ""

    def column(self, key: str) -> Field:
        """Return the column `key` of a table field."""
        return next(column for column in self.columns if column.key == key)

    def choice(self, key: str) -> Choice | None:
        """Return the choice `key`, or None."""
        return next((choice for choice in self.choices if choice.key == key), None)
