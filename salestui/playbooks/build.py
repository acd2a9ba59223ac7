"""Turns the plain tree of a checked playbook (tables, lists, numbers, strings) into the frozen `Playbook`, and back.

It trusts its input: what is checked here is nothing. That keeps pydantic out of every start that only opens a database
whose playbooks were checked when they were installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from salestui.domain import playbook as pb
from salestui.domain.money import Money

FORMAT = "salestui.playbook/1"

Tree = Mapping[str, Any]
Enum_ = TypeVar("Enum_", bound=StrEnum)

# What the frozen form derives by itself, or what stands elsewhere in the file.
_HIDDEN = {"_stages", "number", "scoring_stage"}


def from_tree(tree: Tree) -> pb.Playbook:
    """Build the playbook; KeyError, TypeError or ValueError mean that the tree was never checked."""
    scoring: Tree | None = tree.get("scoring")
    return pb.Playbook(
        key=tree["key"],
        version=tree["version"],
        title=_text(tree["title"]),
        description=_text(tree["description"]),
        source=_optional_text(tree, "source"),
        stages=tuple(_stage(number, stage) for number, stage in enumerate(tree["stages"], start=1)),
        roles=tuple(pb.ReviewerRole(role["key"], _text(role["title"])) for role in tree.get("roles", ())),
        scoring=None if scoring is None else _scoring(scoring),
        scoring_stage="" if scoring is None else scoring["stage"],
        classes=tuple(_class(each) for each in tree.get("classes", ())),
        scenarios=tuple(
            pb.Scenario(each["key"], _text(each["title"]), _optional_text(each, "help"))
            for each in tree.get("scenarios", ())
        ),
        lost_reasons=_reasons(tree.get("lost_reasons", ())),
        care_reasons=_reasons(tree.get("care_reasons", ())),
        clocks=tuple(_clock(clock) for clock in tree.get("clocks", ())),
    )


def to_tree(playbook: pb.Playbook) -> dict[str, Any]:
    """Return the tree `from_tree` builds an equal playbook from; what has its default is left out."""
    tree = {"format": FORMAT, **_plain_record(playbook)}
    if playbook.scoring is not None:
        tree["scoring"]["stage"] = playbook.scoring_stage
    return tree


def _text(tree: Tree) -> pb.Text:
    return pb.Text(tree["zh"], tree["en"])


def _optional_text(tree: Tree, key: str) -> pb.Text:
    return _text(tree[key]) if key in tree else pb.EMPTY


def _texts(trees: Iterable[Tree]) -> tuple[pb.Text, ...]:
    return tuple(_text(each) for each in trees)


def _duration(tree: Tree | None) -> pb.Duration | None:
    return None if tree is None else pb.Duration(tree["count"], pb.DurationUnit(tree["unit"]))


def _limit(tree: Tree) -> pb.Duration:
    return pb.Duration(tree["count"], pb.DurationUnit(tree["unit"]))


def _reasons(trees: Iterable[Tree]) -> tuple[pb.Reason, ...]:
    return tuple(pb.Reason(reason["key"], _text(reason["title"])) for reason in trees)


def _class(tree: Tree) -> pb.CustomerClass:
    return pb.CustomerClass(
        tree["key"], _text(tree["title"]), pb.Verdict(tree["verdict"]), _optional_text(tree, "help")
    )


def _clock(tree: Tree) -> pb.Clock:
    return pb.Clock(tree["key"], _text(tree["title"]), tree["starts"], tree["stops"], _limit(tree["limit"]))


def _scoring(tree: Tree) -> pb.Scoring:
    return pb.Scoring(
        criteria=tuple(_criterion(each) for each in tree["criteria"]),
        grades=tuple(_grade(each) for each in tree["grades"]),
        warnings=tuple(
            pb.ScoreWarning(each["grade"], tuple(each["criteria"]), each["at_most"], _text(each["text"]))
            for each in tree.get("warnings", ())
        ),
        valid_for=_duration(tree.get("valid_for")),
        evidence_required=tree.get("evidence_required", True),
    )


def _criterion(tree: Tree) -> pb.Criterion:
    return pb.Criterion(
        key=tree["key"],
        title=_text(tree["title"]),
        short=_text(tree["short"]),
        help=_text(tree["help"]),
        min=tree["min"],
        max=tree["max"],
        meanings=_texts(tree["meanings"]),
        weight=tree.get("weight", 1),
    )


def _grade(tree: Tree) -> pb.Grade:
    return pb.Grade(
        key=tree["key"],
        title=_text(tree["title"]),
        meaning=_text(tree["meaning"]),
        consequence=_text(tree["consequence"]),
        at_least=tree["at_least"],
        follow_up_days=tree.get("follow_up_days"),
    )


def _stage(number: int, tree: Tree) -> pb.Stage:
    return pb.Stage(
        key=tree["key"],
        number=number,
        title=_text(tree["title"]),
        short=_text(tree["short"]),
        goal=_text(tree["goal"]),
        owners=_texts(tree["owners"]),
        guidance=_texts(tree.get("guidance", ())),
        actions=tuple(_action(each) for each in tree.get("actions", ())),
        outputs=tuple(_output(each) for each in tree.get("outputs", ())),
        tip=_optional_text(tree, "tip"),
        ageing_limit=tree.get("ageing_limit"),
        win_probability=tree.get("win_probability"),
        passing_grades=tuple(tree.get("passing_grades", ())),
        delivery=tree.get("delivery", False),
        retired=tree.get("retired", False),
        derived=tree.get("derived", False),
    )


def _action(tree: Tree) -> pb.KeyAction:
    data: Tree | None = tree.get("data")
    return pb.KeyAction(
        key=tree["key"],
        title=_text(tree["title"]),
        why=_optional_text(tree, "why"),
        note_required=tree.get("note_required", False),
        data=None
        if data is None
        else pb.DataCheck(
            by=pb.MetBy(data["by"]),
            output=data.get("output", ""),
            field=data.get("field", ""),
            column=data.get("column", ""),
            at_least=data.get("at_least"),
        ),
        holds=pb.Holds(tree.get("holds", "always")),
        exceptable=tree.get("exceptable", True),
        derived=tree.get("derived", False),
    )


def _output(tree: Tree) -> pb.Output:
    review: Tree | None = tree.get("review")
    send: Tree | None = tree.get("send")
    summary: Tree | None = tree.get("summary")
    return pb.Output(
        key=tree["key"],
        title=_text(tree["title"]),
        owner=pb.Scope(tree["owner"]),
        holds=pb.Holds(tree["holds"]),
        goal=_optional_text(tree, "goal"),
        why=_optional_text(tree, "why"),
        fields=_fields(tree.get("fields", ())),
        files=_files(tree.get("files", {})),
        required_when=_condition(tree.get("required_when")),
        valid_for=_duration(tree.get("valid_for")),
        met_by=pb.MetBy(tree["met_by"]) if "met_by" in tree else None,
        review=None if review is None else _review(review),
        send=None if send is None else pb.SendRule(_fields(send["fields"])),
        summary=None if summary is None else pb.SummaryRule(_fields(summary["fields"]), _limit(summary["within"])),
        requires_sent=tree.get("requires_sent", ""),
        sent_before=tree.get("sent_before", ""),
        exceptable=tree.get("exceptable", True),
        optional=tree.get("optional", False),
        derived=tree.get("derived", False),
    )


def _files(tree: Tree) -> pb.FileRule:
    return pb.FileRule(tree.get("min", 0), tree.get("max"), tuple(tree.get("types", ())))


def _condition(tree: Tree | None) -> pb.Condition | None:
    if tree is None:
        return None
    currency = tree.get("currency", "")
    amount = tree.get("amount_at_least")
    return pb.Condition(
        grades=tuple(tree.get("grades", ())),
        scenarios=tuple(tree.get("scenarios", ())),
        amount_at_least=None if amount is None else Money.from_amount(Decimal(amount), currency).minor,
        currency=currency,
    )


def _review(tree: Tree) -> pb.ReviewRule:
    return pb.ReviewRule(
        of=tree["of"],
        roles=tuple(tree["roles"]),
        mode=pb.ReviewMode(tree.get("mode", "all")),
        required=tree.get("required", True),
        one_person_many_roles=tree.get("one_person_many_roles", False),
    )


def _fields(trees: Iterable[Tree]) -> tuple[pb.Field, ...]:
    return tuple(_field(each) for each in trees)


def _field(tree: Tree) -> pb.Field:
    kind = pb.FieldType(tree["type"])
    required = tree.get("required", False)
    return pb.Field(
        key=tree["key"],
        type=kind,
        label=_text(tree["label"]),
        help=_optional_text(tree, "help"),
        example=_optional_text(tree, "example"),
        why=_optional_text(tree, "why"),
        required=required,
        choices=tuple(pb.Choice(each["key"], _text(each["text"])) for each in tree.get("choices", ())),
        passes=tuple(tree.get("passes", ())),
        min=tree.get("min"),
        max=tree.get("max"),
        decimals=tree.get("decimals"),
        columns=_fields(tree.get("columns", ())),
        min_rows=tree.get("min_rows", 1 if required and kind is pb.FieldType.TABLE else None),
        rules=tuple(_rule(each) for each in tree.get("rules", ())),
        prefill=tree.get("prefill", ""),
    )


def _rule(tree: Tree) -> pb.Rule:
    if "distinct" in tree:
        return pb.Distinct(tree["distinct"], tree["at_least"])
    if "covers" in tree:
        return pb.Covers(tree["covers"], tuple(tree["values"]))
    if "after" in tree:
        return pb.After(tree["after"])
    if "answers" in tree:
        unless = tree.get("unless", "")
        return pb.Answers(tree["answers"], tree.get("since", ""), unless, tuple(tree.get("values", ())))
    when: Tree = tree["required_when"]
    return pb.RequiredWhen(when["field"], when.get("below"), tuple(when.get("values", ())))


def _plain(value: object) -> Any:  # noqa: ANN401 (a tree of JSON values has no narrower type)
    match value:
        case StrEnum():
            return value.value
        case tuple():
            return [_plain(each) for each in value]
        case pb.Distinct():
            return {"distinct": value.column, "at_least": value.at_least}
        case pb.Covers():
            return {"covers": value.column, "values": list(value.values)}
        case pb.After():
            return {"after": value.what}
        case pb.Answers():
            told = _plain_record(value)
            return {"answers": told.pop("of"), **told}
        case pb.RequiredWhen():
            return {"required_when": _plain_record(value)}
        case pb.Condition():
            return _plain_condition(value)
        case _ if is_dataclass(value):
            return _plain_record(value)
        case _:
            return value


def _plain_record(record: object) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for field in fields(record):  # type: ignore[arg-type] # only dataclasses come here
        value = getattr(record, field.name)
        if field.name not in _HIDDEN and (field.default is MISSING or value != field.default):
            tree[field.name] = _plain(value)
    return tree


def _plain_condition(condition: pb.Condition) -> dict[str, Any]:
    tree = _plain_record(condition)
    if condition.amount_at_least is not None:
        amount = Money(condition.amount_at_least, condition.currency).amount
        tree["amount_at_least"] = int(amount) if amount == int(amount) else f"{amount:f}"
    return tree
