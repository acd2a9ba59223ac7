"""Judges the key actions of a stage: what they say meets them must be there, and of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salestui.i18n import gettext as _
from salestui.playbooks.forms import PREFILLS, Problem

if TYPE_CHECKING:
    from salestui.playbooks.models import ActionModel, DataModel, OutputModel, PlaybookModel, StageModel

_NEEDS: dict[str, frozenset[str]] = {
    "output": frozenset({"output"}),
    "sent": frozenset({"output"}),
    "talk": frozenset({"field"}),
    "customer": frozenset({"field"}),
    "score": frozenset(),
    "classification": frozenset(),
    "summary": frozenset(),
    "follow_up": frozenset(),
}
_TAKES = _NEEDS | {"output": frozenset({"output", "field", "column", "at_least"})}
_CUSTOMER_FIELDS = tuple(name.removeprefix("customer.") for name in PREFILLS)


def action_problems(book: PlaybookModel, stage: StageModel) -> Iterator[Problem]:
    """Judge every key action of `stage`."""
    for action in stage.actions:
        where = f"stages.{stage.key}.actions.{action.key}"
        if action.data is not None:
            yield from _data_problems(book, stage, action, action.data, where)


def _data_problems(
    book: PlaybookModel, stage: StageModel, action: ActionModel, data: DataModel, where: str
) -> Iterator[Problem]:
    if action.note_required:
        yield f"{where}.note_required", _("does not go with data: nobody ticks an action the data meet")
    given = {name for name in ("output", "field", "column", "at_least") if getattr(data, name) is not None}
    for name in sorted(_NEEDS[data.by] - given):
        yield f"{where}.data.{name}", _('is missing; by = "{by}" needs it').format(by=data.by)
    for name in sorted(given - _TAKES[data.by]):
        yield f"{where}.data.{name}", _('does not go with by = "{by}"').format(by=data.by)
    if _NEEDS[data.by] - given or given - _TAKES[data.by]:
        return
    if data.by == "customer":
        if data.field not in _CUSTOMER_FIELDS:
            yield f"{where}.data.field", _("must be one of {choices}").format(choices=", ".join(_CUSTOMER_FIELDS))
    elif data.by in {"output", "sent"}:
        yield from _output_check_problems(book, stage, data, f"{where}.data")
    elif data.by != "follow_up":
        yield from _kind_problems(book, stage, data, f"{where}.data")


def _kind_problems(book: PlaybookModel, stage: StageModel, data: DataModel, where: str) -> Iterator[Problem]:
    kind = "talk" if data.by == "summary" else data.by
    output = next((each for other in _through(book, stage) for each in other.outputs if each.met_by == kind), None)
    if output is None:
        yield f"{where}.by", _('no output up to this stage has met_by = "{kind}"').format(kind=kind)
    elif data.by == "summary" and output.summary is None:
        yield f"{where}.by", _("output {key} has no summary").format(key=output.key)
    elif data.by == "talk":
        yield from _field_problem(data, output, where)


def _output_check_problems(book: PlaybookModel, stage: StageModel, data: DataModel, where: str) -> Iterator[Problem]:
    outputs = [output for other in _through(book, stage) for output in other.outputs]
    output = next((each for each in outputs if each.key == data.output), None)
    if output is None:
        keys = ", ".join(each.key for each in outputs)
        yield (
            f"{where}.output",
            _("there is no output {key} up to this stage; there are: {keys}").format(key=data.output, keys=keys or "-"),
        )
    elif output.met_by is not None:
        yield (
            f"{where}.output",
            _('output {key} is no form; use by = "{kind}"').format(key=output.key, kind=output.met_by),
        )
    elif data.by == "sent":
        if output.send is None:
            yield f"{where}.output", _("output {key} is never sent: it has no send table").format(key=output.key)
    elif data.field is None:
        for name in ("column", "at_least"):
            if getattr(data, name) is not None:
                yield f"{where}.{name}", _("needs field beside it")
    else:
        yield from _field_problem(data, output, where)
        yield from _table_problem(data, output, where)


def _field_problem(data: DataModel, output: OutputModel, where: str) -> Iterator[Problem]:
    keys = [field.key for field in output.fields]
    if data.field not in keys:
        yield (
            f"{where}.field",
            _("output {output} has no field {key}; its fields: {keys}").format(
                output=output.key, key=data.field, keys=", ".join(keys)
            ),
        )


def _table_problem(data: DataModel, output: OutputModel, where: str) -> Iterator[Problem]:
    field = next((each for each in output.fields if each.key == data.field), None)
    if field is None:
        return
    if data.at_least is not None and data.column is None:
        yield f"{where}.column", _("is missing; at_least counts the different values of a column")
    elif data.column is not None:
        columns = [column.key for column in field.columns]
        if data.column not in columns:
            yield (
                f"{where}.column",
                _("the table has no column {key}; its columns: {keys}").format(
                    key=data.column, keys=", ".join(columns) or "-"
                ),
            )


def _through(book: PlaybookModel, stage: StageModel) -> list[StageModel]:
    """Return the stages up to `stage`: a gate never asks for what comes later."""
    index = next(number for number, other in enumerate(book.stages) if other is stage)
    return book.stages[: index + 1]
