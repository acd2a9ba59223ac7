"""Judges the tree of a playbook file that nobody has checked yet: first its shape, then what its parts refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from salestui.domain.text import clean
from salestui.i18n import gettext as _
from salestui.playbooks.models import PlaybookModel
from salestui.playbooks.references import reference_problems

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Problem = tuple[str, str]
"""The path of a key inside the file, and what is wrong there and would be right, in the user's language."""

_MOST = 50


def problems_of(tree: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return everything wrong with a playbook, in the order of the file; at most 50 problems, then a count."""
    try:
        model = PlaybookModel.model_validate(tree)
    except ValidationError as error:
        return _cut([(_path(tree, each["loc"]), _sentence(each)) for each in error.errors()])
    return _cut([*_text_problems(tree, ""), *reference_problems(model)])


def _cut(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= _MOST:
        return tuple(problems)
    return (*problems[:_MOST], ("-", _("and {n} more").format(n=len(problems) - _MOST)))


def _path(tree: object, loc: Sequence[str | int]) -> str:
    """Return a place in the file for people: entries by their key where they have one, else counted from 1."""
    path, here = "", tree
    for part in loc:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            key = here.get("key") if isinstance(here, Mapping) else None
            path += f".{clean(key)[:40]}" if isinstance(key, str) and key.strip() else f"[{part + 1}]"
        else:
            here = here.get(part) if isinstance(here, Mapping) else None
            path += f".{clean(part)[:60]}"
    return path.lstrip(".") or "-"


def _sentence(error: ErrorDetails) -> str:
    """Say in the user's language what pydantic found; the parameters of the sentences come from its context."""
    kind, context = error["type"], dict(error.get("ctx", {}))
    if kind == "extra_forbidden":
        return _unknown_key(error["loc"])
    if kind == "literal_error":
        return _("must be one of {choices}, not {value}").format(
            choices=context["expected"].replace(" or ", ", "), value=_shown(error["input"])
        )
    if kind == "string_pattern_mismatch":
        return _pattern(str(context["pattern"])).format(value=_shown(error["input"]))
    if kind == "missing":
        return _("is missing; add it")
    if kind == "too_short":
        return _("must not be empty: at least {n} needed").format(n=context["min_length"])
    texts = {
        "string_type": _("must be a text in quotes, not {value}"),
        "string_too_short": _("must not be empty"),
        "string_too_long": _("is too long: at most {max_length} characters"),
        "int_type": _("must be a whole number without quotes, not {value}"),
        "bool_type": _("must be true or false without quotes, not {value}"),
        "list_type": _("must be a list in square brackets, or tables with double brackets such as [[stages]]"),
        "model_type": _("must be a table in braces such as {example}, not {value}"),
        "greater_than_equal": _("must be at least {ge}, not {value}"),
        "less_than_equal": _("must be at most {le}, not {value}"),
    }
    fallback = _("cannot be used ({kind}): {value}")
    example = '{ zh = "..", en = ".." }'
    return texts.get(kind, fallback).format(value=_shown(error["input"]), kind=kind, example=example, **context)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return _("a table")
    if isinstance(value, list):
        return _("a list")
    text = clean(str(value).lower() if isinstance(value, bool) else str(value))
    text = text if len(text) <= 40 else text[:38] + ".."
    return f'"{text}"' if isinstance(value, str) else text


def _pattern(pattern: str) -> str:
    if pattern == r"^[A-Z]{3}$":
        return _("must be a currency code of three capitals such as CNY, not {value}")
    if pattern == r"^[a-z0-9]+$":
        return _("must be a file ending in small letters without the dot, such as pdf, not {value}")
    if pattern.startswith("^[A-Za-z]"):
        return _("must be a grade such as A, B or gold: letters and digits, + or - at the end, not {value}")
    return _("must be a key of small letters, digits and _, beginning with a letter, not {value}")


def _unknown_key(loc: Sequence[str | int]) -> str:
    known = _keys_at(loc[:-1])
    close = get_close_matches(str(loc[-1]), known, n=1)
    if close:
        return _("is not a key of the format; did you mean {key}?").format(key=close[0])
    return _("is not a key of the format; known here: {keys}").format(keys=", ".join(known))


def _keys_at(loc: Sequence[str | int]) -> list[str]:
    model: type[BaseModel] = PlaybookModel
    for part in loc:
        if isinstance(part, str):
            model = next(_models_in(model.model_fields[part].annotation))
    return list(model.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _text_problems(value: object, path: str) -> Iterator[Problem]:
    """Find texts with line breaks or with characters nobody sees; they would break a line of the screen."""
    if isinstance(value, str):
        if "\n" in value:
            yield path, _("must stand on one line")
        elif clean(value) != value.strip():
            yield path, _("holds invisible or control characters; type the text again")
        elif not value.strip():
            yield path, _("must not be empty")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _text_problems(each, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            key = each.get("key") if isinstance(each, Mapping) else None
            yield from _text_problems(each, f"{path}.{key}" if key else f"{path}[{index + 1}]")
