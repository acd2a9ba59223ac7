"""The template document of the machine contract: what a form asks, so that a script can fill it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from salestui.domain.playbook import After, Answers, Choice, Covers, Distinct, Field, FileRule, RequiredWhen, Rule

FORMAT = "salestui.template/1"


def template(
    fields: Sequence[Field],
    file_rule: FileRule | None = None,
    current_revision: int = 0,
    values: Mapping[str, object] | None = None,
    language: str = "en",
    today: date | None = None,
    *,
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> dict[str, object]:
    """Return the document "salestui.template/1" for `fields`.

    `choices` replaces the choices of fields by key, where the data and not the playbook offers them (campaigns,
    reviewer roles). `today` is told beside the rules that compare with it.
    """
    offered = choices or {}
    rule = file_rule or FileRule()
    return {
        "format": FORMAT,
        "fields": [field_template(field, language, today, offered.get(field.key)) for field in fields],
        "files": {"min": rule.min, "max": rule.max, "types": list(rule.types)},
        "current": {"revision": current_revision, "values": dict(values or {})},
    }


def field_template(
    field: Field, language: str, today: date | None = None, choices: Sequence[Choice] | None = None
) -> dict[str, object]:
    """Return one entry of the template's `fields`; a table's columns are entries of the same shape."""
    offered = field.choices if choices is None else choices
    return {
        "key": field.key,
        "type": field.type.value,
        "label": field.label.get(language),
        "help": field.help.get(language),
        "required": field.required,
        "choices": [{"key": choice.key, "text": choice.text.get(language)} for choice in offered],
        "passes": list(field.passes),
        "min": field.min,
        "max": field.max,
        "decimals": field.decimals,
        "columns": [field_template(column, language, today) for column in field.columns],
        "min_rows": field.min_rows,
        "rules": [_rule(rule, today) for rule in field.rules],
    }


def _rule(rule: Rule, today: date | None) -> dict[str, object]:
    match rule:
        case Distinct():
            return {"distinct": rule.column, "at_least": rule.at_least}
        case Covers():
            return {"covers": rule.column, "values": list(rule.values)}
        case After():
            after: dict[str, object] = {"after": rule.what}
            if rule.what == "today" and today is not None:
                after["today"] = today.isoformat()
            return after
        case Answers():
            answers: dict[str, object] = {"answers": rule.of}
            if rule.since:
                answers["since"] = rule.since
            if rule.unless:
                answers |= {"unless": rule.unless, "values": list(rule.values)}
            return answers
        case RequiredWhen():
            condition: dict[str, object] = {"field": rule.field}
            if rule.below is not None:
                condition["below"] = rule.below
            if rule.values:
                condition["values"] = list(rule.values)
            return {"required_when": condition}
