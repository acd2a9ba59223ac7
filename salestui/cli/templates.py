"""Templates for scripts: the fields of a form, with what the data offer and what the gate needs told in them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer
from salestui.domain.playbook import Choice, Distinct, Field, FieldType, FileRule, KeyAction, MetBy, Playbook, Text
from salestui.domain.templates import template
from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.cli.context import Context
    from salestui.domain.people import Actor
    from salestui.domain.records import User
    from salestui.services.request import Request

__all__ = ["choice_of", "needed", "only", "owner_choices", "people", "template_answer", "with_passes"]


def template_answer(
    context: Context,
    fields: Sequence[Field],
    *,
    file_rule: FileRule | None = None,
    revision: int = 0,
    values: Mapping[str, object] | None = None,
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> Answer:
    """Answer what a form asks: "salestui.template/1", or as text one line a field."""
    from salestui.services.loading import team_of

    request = context.request()
    document = template(
        fields,
        file_rule,
        revision,
        values,
        context.language,
        team_of(request).today(context.now),
        choices=choices,
    )
    offered = choices or {}
    return Answer(document, lambda: "\n".join(_lines(fields, offered, values or {}, file_rule, context.language)))


def with_passes(answer: Answer, passes: Mapping[str, Sequence[object]]) -> Answer:
    """Return a template in which the fields named tell the values that let the gate pass."""
    fields = answer.document["fields"]
    told = [
        {**field, "passes": list(passes.get(field["key"], field["passes"]))}
        for field in (fields if isinstance(fields, list) else [])
    ]
    return Answer({**answer.document, "fields": told}, answer.text)


def _lines(
    fields: Sequence[Field],
    offered: Mapping[str, Sequence[Choice]],
    values: Mapping[str, object],
    file_rule: FileRule | None,
    language: str,
) -> Iterator[str]:
    from salestui.domain.showing import show

    for field in fields:
        star = "*" if field.required else " "
        now = show(field, values.get(field.key), language, short=True)
        yield f"{star} {field.key} ({field.type.value})  {field.label.get(language)}" + (f" = {now}" if now else "")
        if field.help.get(language):
            yield f"      {field.help.get(language)}"
        for choice in offered.get(field.key, field.choices):
            yield f"      {choice.key}  {choice.text.get(language)}"
        for column in field.columns:
            mark = "*" if column.required else " "
            yield f"    {mark} {column.key} ({column.type.value})  {column.label.get(language)}"
    if file_rule and file_rule.min:
        types = ", ".join(file_rule.types) or _("any type")
        yield _("* files: at least {n} ({types})").format(n=file_rule.min, types=types)
    yield _("* is required. Give values with --set KEY=VALUE or --data FILE, files with --file PATH.")


def people(users: Sequence[User], actor: Actor) -> tuple[Choice, ...]:
    """Return whom a field for an owner may name: the actor first."""
    active = sorted((user for user in users if user.active), key=lambda user: (user.id != actor.id, user.login))
    return tuple(Choice(user.login, Text(user.name, user.name)) for user in active)


def owner_choices(request: Request) -> dict[str, Sequence[Choice]]:
    """Return the choices of a field `owner`."""
    from salestui.services import users

    return {"owner": people(users.all(request), request.actor)}


def choice_of(key: str, name: str) -> Choice:
    """Return a record as a choice: its id, and its name in any language."""
    return Choice(key, Text(name, name))


def needed(fields: Sequence[Field], playbook: Playbook, by: MetBy, output: str = "") -> tuple[Field, ...]:
    """Return the fields as the gate needs them: those that key actions read are required, with what they count."""
    wanted: dict[str, list[KeyAction]] = {}
    for stage in playbook.stages:
        for action in stage.actions:
            check = action.data
            if check is not None and check.by is by and check.field and check.output == output:
                wanted.setdefault(check.field, []).append(action)
    return tuple(_needed(field, wanted.get(field.key, [])) for field in fields)


def _needed(field: Field, actions: Sequence[KeyAction]) -> Field:
    for action in actions:
        check = action.data
        field = replace(field, required=True)
        if check is not None and check.column and field.type is FieldType.TABLE:
            rule = Distinct(check.column, check.at_least or 1)
            if not any(isinstance(known, Distinct) and known.column == rule.column for known in field.rules):
                field = replace(field, rules=(*field.rules, rule))
    return field


def only(fields: Sequence[Field], args: Namespace) -> tuple[Field, ...]:
    """Return the field that `--field` names, as a required one; all of them where it names none. Raises UsageError."""
    wanted = getattr(args, "field", None)
    if not wanted:
        return tuple(fields)
    found = tuple(replace(field, required=True) for field in fields if field.key == wanted)
    if not found:
        from salestui.cli.faults import UsageError

        known = ", ".join(field.key for field in fields)
        raise UsageError(_("There is no field {field}. Fields: {fields}").format(field=wanted, fields=known))
    return found
