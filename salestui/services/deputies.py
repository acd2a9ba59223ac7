"""Deputies: while somebody is absent, a person he names (or an administrator for him) votes in his reviewer roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from salestui.domain.deputies import DeputyRecord
from salestui.domain.fields import check, normalise
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.records import User
from salestui.errors import NotFound
from salestui.services import users
from salestui.services.loading import team_of
from salestui.services.request import Call, reads, writes
from salestui.storage import deputies as rows
from salestui.storage import users as user_rows
from salestui.storage.store import Transaction

__all__ = ["all", "end", "fields", "get", "in_force", "name", "name_given", "represented"]


@reads
def all(call: Call, *, over: bool = False) -> tuple[DeputyRecord, ...]:  # noqa: A001  # always read as deputies.all
    """Return the deputies of now and of days to come, with `over` those of the past too, by the day they start."""
    return rows.select(since=None if over else team_of(call).today(call.now))


@reads
def get(call: Call, number: int) -> DeputyRecord:
    """Return one; raises NotFound."""
    found = rows.select(number=number)
    if not found:
        raise NotFound("deputy", number)
    return found[0]


@reads
def in_force(call: Call) -> tuple[DeputyRecord, ...]:
    """Return who votes for whom today."""
    today = team_of(call).today(call.now)
    return tuple(known for known in rows.select(since=today) if known.in_force(today))


@reads
def represented(call: Call) -> tuple[User, ...]:
    """Return the absent people for whom the actor votes today."""
    today = team_of(call).today(call.now)
    known = (each for each in rows.select(deputy=call.actor.id, since=today) if each.in_force(today))
    found = (user_rows.by_id(each.user) for each in known)
    return tuple(user for user in found if user is not None and user.active)


def fields() -> tuple[Field, ...]:
    """Return the form that names a deputy."""
    return (
        Field(
            "deputy",
            FieldType.PERSON,
            Text("代理人", "Deputy"),
            help=Text(
                "不在的时候由谁代为评审；自己的稿子和单子还是不能评", "Who votes for you; never on own work or deals"
            ),
            required=True,
        ),
        Field("starts", FieldType.DATE, Text("从", "From"), required=True),
        Field("ends", FieldType.DATE, Text("到", "Until"), help=Text("含当天", "This day included"), required=True),
    )


@writes
def name_given(tx: Transaction, user: int, values: Mapping[str, object]) -> Done | NotAllowed | Invalid:
    """Name a deputy for a person by the values of the form as they were typed. Raises NotFound."""
    team = team_of(tx)
    stored, unread = normalise(fields(), values, today=team.today(tx.now), zone=team.zone)
    named = {problem.where for problem in unread}
    problems = [*unread, *(one for one in check(fields(), stored, today=date.min) if one.where not in named)]
    deputy, unknown = users.owner_given(tx, {"owner": stored.get("deputy")})
    problems += [replace(one, where="deputy") for one in unknown]
    if problems or deputy is None:
        return Invalid(tuple(problems))
    starts, ends = (date.fromisoformat(str(stored[key])) for key in ("starts", "ends"))
    return name(tx, user, deputy.id, starts, ends)


@writes
def name(tx: Transaction, user: int, deputy: int, starts: date, ends: date) -> Done | NotAllowed | Invalid:
    """Let `deputy` vote for `user` from one day to another, both included: by the user, or an administrator for him.

    One deputy at a time. Raises NotFound for an unknown person.
    """
    absent, other = _person(user), _person(deputy)
    code = refusal(tx.actor, Act.NAME_DEPUTY, absent.id)
    if code:
        return NotAllowed(code, {"user": absent.name})
    problems = _problems(tx, absent, other, starts, ends)
    if problems:
        return Invalid(problems)
    number = rows.insert(user=user, deputy=deputy, starts=starts, ends=ends, by=tx.actor.id, at=tx.now)
    tx.record("deputy.named", subject=absent.login, before=None, after=_values(rows.select(number=number)[0]))
    return Done(absent.login, 1, number)


def _problems(tx: Transaction, absent: User, deputy: User, starts: date, ends: date) -> tuple[Problem, ...]:
    found = []
    if deputy.id == absent.id:
        found.append(Problem("deputy", "own_deputy"))
    elif not deputy.active:
        found.append(Problem("deputy", "unknown_person", {"value": deputy.name}))
    if ends < starts:
        found.append(Problem("ends", "before_start", {"date": starts.isoformat()}))
    elif ends < team_of(tx).today(tx.now):
        found.append(Problem("ends", "in_past", {"date": ends.isoformat()}))
    else:
        known = _overlapping(rows.select(user=absent.id, since=starts), ends)
        if known is not None:
            params = {"name": known.deputy_name, "starts": known.starts.isoformat(), "ends": known.ends.isoformat()}
            found.append(Problem("starts", "deputy_there", params))
    return tuple(found)


def _overlapping(known: Iterable[DeputyRecord], ends: date) -> DeputyRecord | None:
    return next((each for each in known if each.starts <= ends), None)


@writes
def end(tx: Transaction, number: int) -> Done | NotAllowed | Conflict:
    """End a deputy before the day: by the absent person, back again, or an administrator. Votes given stay.

    Raises NotFound.
    """
    known = get(tx, number)
    absent = _person(known.user)
    code = refusal(tx.actor, Act.NAME_DEPUTY, known.user)
    if code:
        return NotAllowed(code, {"user": known.user_name})
    if known.over(team_of(tx).today(tx.now)):
        return NotAllowed("deputy_over", {"name": known.deputy_name, "user": known.user_name})
    if not rows.end(tx, known):
        return Conflict(absent.login, known.version, known.version + 1)
    tx.record("deputy.ended", subject=absent.login, before=_values(known), after=None)
    return Done(absent.login, known.version + 1, number)


def _values(known: DeputyRecord) -> Mapping[str, object]:
    days = {"starts": known.starts.isoformat(), "ends": known.ends.isoformat()}
    return {"name": known.user_name, "deputy": known.deputy_name, **days}


def _person(number: int) -> User:
    found = user_rows.by_id(number)
    if found is None:
        raise NotFound("user", number)
    return found
