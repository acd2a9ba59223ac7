"""Rows that a later revision answers: a customer's comment and the revision of the solution that takes it up.

Handbook A, stage 4: feedback is recorded and drives the next version. Which table asks for it is the playbook's
business: a column with the rule `answers` names another output of the deal, and its number is a revision of that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from salestui.dataclass import dataclass
from salestui.domain.facts import DealFacts
from salestui.domain.playbook import Answers, Field, Output, Playbook
from salestui.domain.problems import Problem

__all__ = ["Answerable", "Asked", "answering", "asked_of", "is_open", "open_count", "places", "problems"]

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answerable:
    """A table whose rows are answered: `column` of the table `field` of `output` names the revision of `rule.of`."""

    output: Output
    field: Field
    column: Field
    rule: Answers


@dataclass(frozen=True, slots=True)
class Asked:
    """One row that is answered, or is to be, and the number of the revision that does it (0: none yet)."""

    place: Answerable
    row: Row
    answered_in: int


def places(outputs: Sequence[Output]) -> tuple[Answerable, ...]:
    """Return the tables of these outputs whose rows are answered by revisions of another one."""
    return tuple(
        Answerable(output, field, column, rule)
        for output in outputs
        for field in output.fields
        for column in field.columns
        for rule in column.rules
        if isinstance(rule, Answers)
    )


def is_open(place: Answerable, row: Row) -> bool:
    """Tell whether a row waits for its answer: it says something, names no revision, and was not declined."""
    if not any(row.get(column.key) not in (None, "", []) for column in place.field.columns):
        return False
    return not row.get(place.column.key) and row.get(place.rule.unless) not in place.rule.values


def _rows(place: Answerable, values: Mapping[str, object]) -> list[Row]:
    rows = values.get(place.field.key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list | tuple) else []


def _submitted(facts: DealFacts, place: Answerable) -> list[Row]:
    known = facts.outputs.get(place.output.key)
    return _rows(place, known.revision.values) if known and known.revision and not known.withdrawn else []


def asked_of(playbook: Playbook, facts: DealFacts, key: str) -> tuple[Asked, ...]:
    """Return what output `key` has answered of the deal's submitted records, or still has to, in their order."""
    found = (place for place in _all(playbook) if place.rule.of == key)
    return tuple(
        Asked(place, row, _number(row.get(place.column.key)))
        for place in found
        for row in _submitted(facts, place)
        if row.get(place.column.key) or is_open(place, row)
    )


def answering(playbook: Playbook) -> tuple[str, ...]:
    """Return the keys of the outputs that answer rows of others, each once."""
    return tuple(dict.fromkeys(place.rule.of for place in _all(playbook)))


def open_count(playbook: Playbook, facts: DealFacts) -> int:
    """Return how many rows of the deal's submitted records still wait for their answer."""
    return sum(is_open(place, row) for place in _all(playbook) for row in _submitted(facts, place))


def _all(playbook: Playbook) -> tuple[Answerable, ...]:
    return places([output for _stage, output in playbook.outputs()])


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def problems(place: Answerable, values: Mapping[str, object], known: Mapping[int, date]) -> Iterator[Problem]:
    """Yield the rows whose revision is not there, or older than what it answers.

    `known` holds the revisions of the answering output by number, each with the team's day on which it was submitted.
    """
    for number, row in enumerate(_rows(place, values), 1):
        named = row.get(place.column.key)
        if not isinstance(named, int):
            continue
        where = f"{place.field.key}.{number}.{place.column.key}"
        params: dict[str, object] = {"of": place.rule.of, "revision": named, "latest": max(known, default=0)}
        since = str(row.get(place.rule.since) or "")
        if named not in known:
            yield Problem(where, "no_such_revision", params)
        elif since and known[named].isoformat() < since[:10]:
            yield Problem(where, "answers_too_early", {**params, "date": known[named].isoformat(), "since": since[:10]})
