"""What a stage in use may not ask for: what only a retired stage asked, for that is asked nowhere else any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salestui.i18n import gettext as _
from salestui.playbooks.forms import Problem

if TYPE_CHECKING:
    from salestui.playbooks.models import ActionModel, OutputModel, PlaybookModel, StageModel


def retired_problems(book: PlaybookModel) -> Iterator[Problem]:
    """Judge what the stages in use ask of the outputs of retired ones."""
    retired = {output.key: stage.key for stage in book.stages if stage.retired for output in stage.outputs}
    outputs = [output for stage in book.stages for output in stage.outputs]
    met_by: dict[str, str] = {output.met_by: output.key for output in outputs if output.met_by}
    for stage in book.stages:
        if not stage.retired and retired:
            yield from _stage(stage, retired, met_by.get("score", ""))
            for action in stage.actions:
                yield from _action(stage, action, retired, met_by)
            for output in stage.outputs:
                yield from _output(stage, output, retired)


def _stage(stage: StageModel, retired: dict[str, str], score: str) -> Iterator[Problem]:
    if stage.passing_grades and score in retired:
        yield f"stages.{stage.key}.passing_grades", _gone(score, retired)


def _action(
    stage: StageModel, action: ActionModel, retired: dict[str, str], met_by: dict[str, str]
) -> Iterator[Problem]:
    if action.data is None:
        return
    by = "talk" if action.data.by == "summary" else action.data.by
    asked = action.data.output or met_by.get(by, "")
    if asked in retired:
        yield f"stages.{stage.key}.actions.{action.key}.data", _gone(asked, retired)


def _output(stage: StageModel, output: OutputModel, retired: dict[str, str]) -> Iterator[Problem]:
    where = f"stages.{stage.key}.outputs.{output.key}"
    if output.review is not None and output.review.of in retired:
        yield f"{where}.review.of", _gone(output.review.of, retired)
    if output.requires_sent in retired:
        yield f"{where}.requires_sent", _gone(output.requires_sent or "", retired)


def _gone(output: str, retired: dict[str, str]) -> str:
    return _(
        "asks for {output}, which nobody is asked for: its stage {stage} is retired; drop this, or move {output}"
    ).format(output=output, stage=retired[output])
