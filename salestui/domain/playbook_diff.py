"""What differs between two playbooks, found by their stable keys: a reworded title is no new output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum, StrEnum
from typing import Any, Final, Protocol

from salestui.dataclass import dataclass
from salestui.domain.playbook import EMPTY, Choice, Field, KeyAction, Output, Playbook, Scoring, Stage, Text

__all__ = ["Detail", "Difference", "Kind", "Part", "compare"]


class Kind(StrEnum):
    """What became of a part; a moved one stands elsewhere among the others."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Part(StrEnum):
    """The parts of a playbook that have a key of their own, or are there once."""

    PLAYBOOK = "playbook"
    STAGE = "stage"
    OUTPUT = "output"
    REVIEW = "review"
    FIELD = "field"
    ACTION = "action"
    SCORING = "scoring"
    CRITERION = "criterion"
    GRADE = "grade"
    CLASS = "class"
    SCENARIO = "scenario"
    ROLE = "role"
    LOST_REASON = "lost_reason"
    CARE_REASON = "care_reason"
    CLOCK = "clock"


WORDING: Final = frozenset(
    {
        "title", "short", "goal", "owners", "guidance", "tip", "why", "help", "example", "label", "meaning", "meanings",
        "consequence", "description", "source", "text", "derived",
    }
)  # fmt: skip
"""What is only read: changing it changes no gate."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One property before and after, as JSON knows values; a text is {zh, en}."""

    name: str
    before: object
    after: object

    @property
    def wording(self) -> bool:
        """Whether it is only read."""
        return self.name in WORDING


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: the keys that lead to it, its newest name, and the stage that asks it."""

    kind: Kind
    part: Part
    path: tuple[str, ...]
    title: Text
    stage: str = ""
    details: tuple[Detail, ...] = ()

    @property
    def wording(self) -> bool:
        """Whether only what is read differs."""
        return self.kind is Kind.CHANGED and all(detail.wording for detail in self.details)


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


def compare(old: Playbook, new: Playbook) -> tuple[Difference, ...]:
    """Return everything in which `new` differs from `old`, in the order of the handbook."""
    return tuple(_compare(old, new))


def _compare(old: Playbook, new: Playbook) -> Iterator[Difference]:
    details = [_detail(name, getattr(old, name), getattr(new, name)) for name in ("title", "description", "source")]
    differing = tuple(detail for detail in details if detail is not None)
    if differing:
        yield Difference(Kind.CHANGED, Part.PLAYBOOK, (), new.title, "", differing)
    yield from _stages(old, new)
    yield from _outputs(old, new)
    yield from _actions(old, new)
    yield from _scoring(old, new)
    for name, part in _LISTS.items():
        yield from _keyed(part, getattr(old, name), getattr(new, name))


_LISTS: Final = {
    "roles": Part.ROLE,
    "classes": Part.CLASS,
    "scenarios": Part.SCENARIO,
    "lost_reasons": Part.LOST_REASON,
    "care_reasons": Part.CARE_REASON,
    "clocks": Part.CLOCK,
}


# Stages, outputs, actions


def _stages(old: Playbook, new: Playbook) -> Iterator[Difference]:
    yield from _keyed(Part.STAGE, old.stages, new.stages, skip=("number", "actions", "outputs"))
    before = [stage.key for stage in old.stages if new.has_stage(stage.key)]
    after = [stage.key for stage in new.stages if old.has_stage(stage.key)]
    for key in after:
        if before.index(key) != after.index(key):
            at = Detail("number", old.stage(key).number, new.stage(key).number)
            yield Difference(Kind.MOVED, Part.STAGE, (key,), new.stage(key).title, key, (at,))


def _outputs(old: Playbook, new: Playbook) -> Iterator[Difference]:
    before = {output.key: (stage, output) for stage, output in old.outputs()}
    after = {output.key: (stage, output) for stage, output in new.outputs()}
    nested = ("fields", "review", "send", "summary")
    for key in _all_keys(before, after):
        yield from _placed(Part.OUTPUT, key, before.get(key), after.get(key), nested)
        if key in before and key in after:
            yield from _inside(before[key][1], after[key][1], after[key][0].key)


def _actions(old: Playbook, new: Playbook) -> Iterator[Difference]:
    before = {action.key: (stage, action) for stage in old.stages for action in stage.actions}
    after = {action.key: (stage, action) for stage in new.stages for action in stage.actions}
    for key in _all_keys(before, after):
        yield from _placed(Part.ACTION, key, before.get(key), after.get(key), ())


_Placed = tuple[Stage, Output] | tuple[Stage, KeyAction]


def _placed(
    part: Part, key: str, before: _Placed | None, after: _Placed | None, skip: Sequence[str]
) -> Iterator[Difference]:
    """Compare something of which the key is known in the whole playbook, with the stage that asks it."""
    if before is None and after is not None:
        yield Difference(Kind.ADDED, part, (key,), after[1].title, after[0].key)
    elif after is None and before is not None:
        yield Difference(Kind.REMOVED, part, (key,), before[1].title, before[0].key)
    elif before is not None and after is not None:
        details = _details(before[1], after[1], skip)
        if before[0].key != after[0].key:
            details = (Detail("stage", before[0].key, after[0].key), *details)
        if details:
            yield Difference(Kind.CHANGED, part, (key,), after[1].title, after[0].key, details)


def _inside(old: Output, new: Output, stage: str) -> Iterator[Difference]:
    """Compare what an output is made of."""
    if old.review != new.review:
        kind = Kind.ADDED if old.review is None else Kind.REMOVED if new.review is None else Kind.CHANGED
        details = _details(old.review, new.review, ()) if kind is Kind.CHANGED else ()
        yield Difference(kind, Part.REVIEW, (new.key,), new.title, stage, details)
    if (old.summary and old.summary.within) != (new.summary and new.summary.within):
        within = [_plain(rule.within) if rule else None for rule in (old.summary, new.summary)]
        yield Difference(Kind.CHANGED, Part.OUTPUT, (new.key,), new.title, stage, (Detail("summary_within", *within),))
    forms = (
        ((new.key,), old.fields, new.fields),
        ((new.key, "summary"), _fields_of(old.summary), _fields_of(new.summary)),
        ((new.key, "send"), _fields_of(old.send), _fields_of(new.send)),
    )
    for path, before, after in forms:
        yield from _form(path, before, after, stage)


def _fields_of(rule: Any) -> tuple[Field, ...]:  # noqa: ANN401  # a rule for sending or summaries, or None
    return () if rule is None else tuple(rule.fields)


def _form(path: tuple[str, ...], old: Sequence[Field], new: Sequence[Field], stage: str) -> Iterator[Difference]:
    yield from _keyed(Part.FIELD, old, new, path, stage, skip=("columns",))
    before = {field.key: field for field in old}
    for field in new:
        if field.key in before and (field.columns or before[field.key].columns):
            yield from _form((*path, field.key), before[field.key].columns, field.columns, stage)


# Scoring


def _scoring(old: Playbook, new: Playbook) -> Iterator[Difference]:
    if old.scoring is None or new.scoring is None:
        if old.scoring is not new.scoring:
            kind = Kind.ADDED if old.scoring is None else Kind.REMOVED
            yield Difference(kind, Part.SCORING, (), EMPTY, new.scoring_stage or old.scoring_stage)
        return
    details = _details(old.scoring, new.scoring, ("criteria", "grades"))
    stage = _detail("stage", old.scoring_stage, new.scoring_stage)
    details = (stage, *details) if stage else details
    if details:
        yield Difference(Kind.CHANGED, Part.SCORING, (), EMPTY, new.scoring_stage, details)
    yield from _score_parts(old.scoring, new.scoring, new.scoring_stage)


def _score_parts(old: Scoring, new: Scoring, stage: str) -> Iterator[Difference]:
    yield from _keyed(Part.CRITERION, old.criteria, new.criteria, stage=stage)
    yield from _keyed(Part.GRADE, old.grades, new.grades, stage=stage)


# Anything with keys


def _keyed(
    part: Part,
    old: Sequence[_Keyed],
    new: Sequence[_Keyed],
    path: tuple[str, ...] = (),
    stage: str = "",
    *,
    skip: Sequence[str] = (),
) -> Iterator[Difference]:
    before, after = {each.key: each for each in old}, {each.key: each for each in new}
    for key in _all_keys(before, after):
        where = key if part is Part.STAGE else stage
        if key not in before:
            yield Difference(Kind.ADDED, part, (*path, key), _title(after[key]), where)
        elif key not in after:
            yield Difference(Kind.REMOVED, part, (*path, key), _title(before[key]), where)
        elif details := _details(before[key], after[key], skip):
            yield Difference(Kind.CHANGED, part, (*path, key), _title(after[key]), where, details)


def _all_keys(old: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of both, the new ones in their order, then those that are gone."""
    return tuple(dict.fromkeys((*new, *old)))


def _title(part: object) -> Text:
    found = getattr(part, "title", None) or getattr(part, "label", EMPTY)
    return found if isinstance(found, Text) else EMPTY


def _details(old: object, new: object, skip: Sequence[str]) -> tuple[Detail, ...]:
    names = [field.name for field in fields(old) if field.name not in {"key", *skip}]  # type: ignore[arg-type] # dataclasses
    found = (_detail(name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(detail for detail in found if detail is not None)


def _detail(name: str, old: object, new: object) -> Detail | None:
    if old == new:
        return None
    if name == "choices" and _choice_keys(old) == _choice_keys(new):
        return Detail("text", _plain(old), _plain(new))
    return Detail(name, _plain(old), _plain(new))


def _choice_keys(choices: object) -> list[str]:
    return [choice.key for choice in choices if isinstance(choice, Choice)] if isinstance(choices, tuple) else []


def _plain(value: object) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
