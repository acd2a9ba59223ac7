"""What is wrong with a field's value, in the user's language: one text per problem code, for forms and command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from salestui.domain.playbook import Field
from salestui.domain.problems import Problem
from salestui.domain.showing import grouped
from salestui.i18n import gettext as _
from salestui.i18n import language as current_language
from salestui.i18n import ngettext

__all__ = ["CODES", "field_of", "label_of", "problem_text", "reason_text", "short_problem_text"]

Reason = Callable[[Mapping[str, object], Sequence[Field], str], str]


def field_of(where: str, fields: Sequence[Field]) -> Field | None:
    """Return the field that path `where` ("sources.2.kind") begins at, or None."""
    key = where.split(".", 1)[0]
    return next((field for field in fields if field.key == key), None)


def column_of(where: str, fields: Sequence[Field]) -> Field | None:
    """Return the column that path `where` ends at, or None where it names no cell."""
    table, parts = field_of(where, fields), where.split(".")
    if table is None or len(parts) < 3:
        return None
    return next((column for column in table.columns if column.key == parts[2]), None)


def label_of(where: str, fields: Sequence[Field], language: str | None = None) -> str:
    """Return the name people know path `where` by: a field's label, "Sources, row 2, Kind"."""
    language = language or current_language()
    if where == "files" or where.startswith("files."):
        return _("Files")
    table, parts = field_of(where, fields), where.split(".")
    if table is None:
        return where
    label = table.label.get(language)
    if len(parts) < 2:
        return label
    cell = column_of(where, fields)
    if cell is None:
        return _("{field}, row {row}").format(field=label, row=parts[1])
    return _("{field}, row {row}, {column}").format(field=label, row=parts[1], column=cell.label.get(language))


def _named(key: object, fields: Sequence[Field], language: str) -> str:
    """Return the label of the field or column `key`."""
    for field in fields:
        for candidate in (field, *field.columns):
            if candidate.key == key:
                return candidate.label.get(language)
    return str(key)


def _wrong_type(params: Mapping[str, object], _fields: Sequence[Field], _language: str) -> str:
    kinds = {
        "integer": _("is not a whole number"),
        "decimal": _("is not a number"),
        "money": _("is not an amount"),
        "date": _("is not a date"),
        "datetime": _("is not a date and time"),
        "yes_no": _("is neither yes nor no"),
        "choice": _("is none of the choices"),
        "choices": _("is none of the choices"),
        "table": _("is not a list of rows"),
    }
    return kinds.get(str(params.get("type")), _("is not a text"))


def _bound_text(bound: object) -> str:
    return grouped(bound) if isinstance(bound, int) else str(bound)


def _too_many_decimals(params: Mapping[str, object], _fields: Sequence[Field], _language: str) -> str:
    places = int(str(params.get("decimals", 0)))
    if places == 0:
        return _("is to be a whole number")
    return ngettext("has more than {n} decimal", "has more than {n} decimals", places).format(n=places)


def _too_few_rows(params: Mapping[str, object], _fields: Sequence[Field], _language: str) -> str:
    needed, count = int(str(params["min"])), int(str(params["count"]))
    return ngettext("needs {n} row, has {count}", "needs {n} rows, has {count}", needed).format(n=needed, count=count)


def _not_distinct(params: Mapping[str, object], fields: Sequence[Field], language: str) -> str:
    needed, column = int(str(params["at_least"])), _named(params["column"], fields, language)
    return _("needs {n} different in {column}, has {count}").format(n=needed, column=column, count=params["count"])


def _not_covered(params: Mapping[str, object], fields: Sequence[Field], language: str) -> str:
    missing = params["missing"]
    keys = missing if isinstance(missing, tuple | list) else (missing,)
    choices = [
        choice
        for field in fields
        for column in field.columns
        if column.key == params["column"]
        for choice in column.choices
    ]
    names = [next((c.text.get(language) for c in choices if c.key == key), str(key)) for key in keys]
    return _("{column} still lacks {values}").format(
        column=_named(params["column"], fields, language), values=_listed(names, language)
    )


def _listed(parts: object, language: str) -> str:
    words = [str(part) for part in parts] if isinstance(parts, list | tuple) else [str(parts)]
    return ("、" if language == "zh" else ", ").join(words)


def _some(parts: object, language: str) -> str:
    """Return the first few, and how many more there are."""
    words = [str(part) for part in parts] if isinstance(parts, list | tuple) else []
    more = len(words) - 5
    return _listed(words[:5], language) + (
        ngettext(" and {n} more", " and {n} more", more).format(n=more) if more > 0 else ""
    )


def _not_after(params: Mapping[str, object], fields: Sequence[Field], language: str) -> str:
    if params["what"] == "today":
        return _("must lie after today")
    return _("must lie after {field}").format(field=_named(params["what"], fields, language))


def _row_incomplete(params: Mapping[str, object], fields: Sequence[Field], language: str) -> str:
    return _("row {row} lacks {column}").format(row=params["row"], column=_named(params["column"], fields, language))


def _file_type(params: Mapping[str, object], _fields: Sequence[Field], _language: str) -> str:
    types = params.get("types")
    names = ", ".join(str(part) for part in types) if isinstance(types, tuple | list) else str(types)
    return _("{name} is not one of {types}").format(name=params.get("name", ""), types=names)


def _too_few_files(params: Mapping[str, object], _fields: Sequence[Field], _language: str) -> str:
    needed, count = int(str(params["min"])), int(str(params["count"]))
    return ngettext("needs {n} file, has {count}", "needs {n} files, has {count}", needed).format(n=needed, count=count)


_PLAIN: Final[Mapping[str, Callable[[], str]]] = {
    "missing": lambda: _("is not filled in"),
    "unknown_field": lambda: _("is no field of this form"),
    "unknown_choice": lambda: _("is none of the choices"),
    "bad_number": lambda: _("is not a number"),
    "bad_money": lambda: _("is not an amount: 68万, 1.2M, 680,000 CNY"),
    "bad_currency": lambda: _("has no known currency"),
    "bad_date": lambda: _("is not a date: 2026-12-18, 12-18, +3"),
    "bad_datetime": lambda: _("is not a date and time: 12-18 14:30"),
    "bad_yes_no": lambda: _("is neither yes nor no"),
    "in_future": lambda: _("lies in the future"),
    "in_past": lambda: _("lies in the past"),
    "own_deputy": lambda: _("is the absent person himself; choose somebody else"),
    "before_talk": lambda: _("lies before the talk itself"),
    "after_summary": lambda: _("lies after its summary was sent"),
    "other_customer": lambda: _("belong to more than one customer"),
    "unknown_file": lambda: _("that file does not belong to this output"),
    "unknown_person": lambda: _("is nobody who uses this database"),
    "bad_login": lambda: _("has a space in it"),
    "login_taken": lambda: _("is somebody's login already"),
    "last_admin": lambda: _("cannot change: nobody else is an administrator"),
    "unknown_zone": lambda: _("is not a time zone such as Asia/Shanghai"),
    "no_workday": lambda: _("leaves no day to work on"),
    "unknown_version": lambda: _("is not an installed version of this playbook"),
    "no_classes": lambda: _("the playbook of this campaign has no classes"),
    "no_scoring": lambda: _("the playbook of this campaign does not score"),
}
_WITH_FACTS: Final[Mapping[str, Reason]] = {
    "wrong_type": _wrong_type,
    "too_small": lambda p, _f, _l: _("is below {bound}").format(bound=_bound_text(p.get("min"))),
    "too_large": lambda p, _f, _l: _("is above {bound}").format(bound=_bound_text(p.get("max"))),
    "too_many_decimals": _too_many_decimals,
    "row_incomplete": _row_incomplete,
    "too_few_rows": _too_few_rows,
    "not_distinct": _not_distinct,
    "not_covered": _not_covered,
    "not_after": _not_after,
    "too_few_files": _too_few_files,
    "too_many_files": lambda p, _f, _l: _("takes at most {max} files, has {count}").format(**p),
    "wrong_file_type": _file_type,
    "no_such_revision": lambda p, _f, _l: _("there is no revision {revision}; the latest is {latest}").format(**p),
    "answers_too_early": lambda p, _f, _l: _("revision {revision} of {date} is older than this comment").format(**p),
    "before_sent": lambda p, _f, _l: _("lies before {date}, when it was sent to the customer").format(**p),
    "before_approval": lambda p, _f, _l: _("lies before {date}, when it was approved").format(**p),
    "before_submission": lambda p, _f, _l: _("lies before {date}, when it was submitted").format(**p),
    "before_start": lambda p, _f, _l: _("lies before {date}, when it begins").format(**p),
    "deputy_there": lambda p, _f, _l: _("meets the days on which {name} is deputy, {starts} to {ends}").format(**p),
    "same_name": lambda p, _f, _l: _("is taken: {id} {name}").format(**p),
    "several_people": lambda p, _f, language: _("is the name of several people; give the login: {logins}").format(
        logins=_listed(p.get("logins"), language)
    ),
    "version_taken": lambda p, _f, _l: _(
        "{version} is installed with another text; give the changed playbook a number above {latest}"
    ).format(**p),
    "stage_in_use": lambda p, _f, language: _(
        "running deals stand in it ({deals}), so it cannot be dropped: keep it with retired = true"
    ).format(deals=_some(p.get("deals"), language)),
    "output_in_use": lambda p, _f, language: _(
        "running deals stand in its stage {stage} ({deals}), so it cannot be dropped: keep it with optional = true"
    ).format(stage=p.get("stage"), deals=_some(p.get("deals"), language)),
    "version_not_rising": lambda p, _f, _l: _("is not above {latest}, the newest installed one").format(**p),
    "too_far": lambda p, _f, _l: _("lies more than {days} days ahead").format(**p),
    "file_missing": lambda p, _f, _l: _("{name} is not stored any more; attach it again").format(**p),
    "file_unreadable": lambda p, _f, _l: _("{path} cannot be read ({reason})").format(**p),
    "not_a_regular_file": lambda p, _f, _l: _("{path} is not a plain file").format(**p),
    "file_too_large": lambda p, _f, _l: _("{path} is larger than {megabytes} MB").format(
        path=p["path"], megabytes=int(str(p["limit"])) // 1_000_000
    ),
}
CODES: Final = frozenset(_PLAIN) | frozenset(_WITH_FACTS)


def reason_text(problem: Problem, fields: Sequence[Field], language: str | None = None) -> str:
    """Return what is wrong without naming the field, to stand beside it: "is not filled in"."""
    if problem.code in _PLAIN:
        return _PLAIN[problem.code]()
    language = language or current_language()
    reason = _WITH_FACTS.get(problem.code)
    return reason(problem.params, fields, language) if reason else problem.code


def short_problem_text(problem: Problem, fields: Sequence[Field], language: str | None = None) -> str:
    """Return one missing thing as a form counts it up: "row 3 lacks Expected value", "Differentiators"."""
    if problem.code == "row_incomplete":
        return reason_text(problem, fields, language)
    if problem.code == "missing":
        return _("{field} missing").format(field=label_of(problem.where, fields, language))
    return problem_text(problem, fields, language)


def problem_text(problem: Problem, fields: Sequence[Field], language: str | None = None) -> str:
    """Return the whole sentence for a problem: which field, and what is wrong with it."""
    where = problem.where.split(".", 1)[0] if problem.code == "row_incomplete" else problem.where
    label = label_of(where, fields, language)
    return _("{field}: {reason}").format(field=label, reason=reason_text(problem, fields, language))
