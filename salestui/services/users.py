"""The people who may use the database: who they are, what they may do, in which roles they review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.people import Actor, Permission
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Choice, Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.records import User
from salestui.domain.text import clean_name, same_name
from salestui.errors import BadInput, NotFound, UnknownUser
from salestui.i18n import gettext as _
from salestui.services import playbooks
from salestui.services.request import Call, reads, writes
from salestui.storage import users as rows
from salestui.storage.store import Store, Transaction

__all__ = ["add", "all", "change", "find", "get", "identify", "owner_given", "still", "user_fields"]

_PERMISSIONS = {
    Permission.REP: Text("销售", "Sales rep"),
    Permission.MANAGER: Text("经理", "Manager"),
    Permission.ADMIN: Text("管理员", "Administrator"),
}


def identify(store: Store, now: datetime, login: str, full_name: str) -> Actor:
    """Return who acts under a login of the operating system; raises UnknownUser.

    The first person at a database without users becomes its administrator, without reviewer roles.
    """
    with store.reading():
        found, anybody = rows.by_login(login), rows.any_there()
    if found is None and not anybody:
        found = _add_first(store, now, login, full_name)
    if found is None or not found.active:
        with store.reading():
            admins = [user.name for user in rows.everyone() if _is_admin(user)]
        raise UnknownUser(clean_name(login), tuple(admins))
    return found.actor()


@reads
def still(call: Call) -> Actor:
    """Return who acts, as the user table has them now; raises UnknownUser once they were taken out of the team."""
    found = rows.by_id(call.actor.id)
    if found is None or not found.active:
        raise UnknownUser(call.actor.login, tuple(user.name for user in rows.everyone() if _is_admin(user)))
    return found.actor()


def _add_first(store: Store, now: datetime, login: str, full_name: str) -> User | None:
    """Add the administrator, unless somebody else came first."""
    name = clean_name(full_name) or clean_name(login)
    with store.transaction(Actor(0, login, name, Permission.ADMIN), now=now) as tx:
        if not rows.any_there():
            number = rows.insert(login, name, Permission.ADMIN, (), now)
            tx.actor = Actor(number, login, name, Permission.ADMIN)
            _record_added(tx, login, name, Permission.ADMIN, [])
        return rows.by_login(login)


def _is_admin(user: User) -> bool:
    return user.active and user.permission is Permission.ADMIN


@reads
def all(call: Call) -> tuple[User, ...]:  # noqa: A001  # always read as users.all
    """Return everybody, those who left included."""
    return rows.everyone()


@reads
def get(call: Call, user: int) -> User:
    """Return a user by number; raises NotFound."""
    found = rows.by_id(user)
    if found is None:
        raise NotFound("user", user)
    return found


@reads
def find(call: Call, text: str) -> User:
    """Return the user with this login or name; raises NotFound, and BadInput where several have the name."""
    found = _matching(text)
    if not found:
        raise NotFound("user", clean_name(text))
    if len(found) > 1:
        logins = ", ".join(user.login for user in found)
        raise BadInput(
            clean_name(text), _("Several people have this name. Give the login: {logins}").format(logins=logins)
        )
    return found[0]


@reads
def owner_given(call: Call, values: Mapping[str, object]) -> tuple[User | None, tuple[Problem, ...]]:
    """Return the active user whom field `owner` names by login or name, with what is wrong; None where it is empty."""
    raw = values.get("owner")
    if raw is None or raw == "":
        return None, ()
    if not isinstance(raw, str):
        return None, (Problem("owner", "wrong_type", {"type": FieldType.PERSON.value}),)
    found = _matching(raw)
    if len(found) > 1:
        return None, (Problem("owner", "several_people", {"logins": tuple(user.login for user in found)}),)
    if not found or not found[0].active:
        return None, (Problem("owner", "unknown_person", {"value": clean_name(raw)}),)
    return found[0], ()


def _matching(text: str) -> tuple[User, ...]:
    """Return the user with this login, else those of this name; those who left only where nobody else has it."""
    wanted = clean_name(text)
    by_login = rows.by_login(wanted)
    if by_login is not None:
        return (by_login,)
    named = [user for user in rows.everyone() if same_name(user.name) == same_name(wanted)]
    return tuple([user for user in named if user.active] or named)


@reads
def user_fields(call: Call, *, new: bool = False) -> tuple[Field, ...]:
    """Return the form of a user; a new one is also asked for the login."""
    login = Field(
        "login",
        FieldType.TEXT,
        Text("登录名", "Login"),
        help=Text("这台机器上的系统账号", "The account on this machine"),
        required=True,
    )
    fields = (
        Field("name", FieldType.TEXT, Text("姓名", "Name"), required=not new),
        Field(
            "permission",
            FieldType.CHOICE,
            Text("权限", "Permission"),
            required=not new,
            choices=tuple(Choice(key.value, text) for key, text in _PERMISSIONS.items()),
        ),
        Field(
            "roles",
            FieldType.CHOICES,
            Text("评审角色", "Reviewer roles"),
            help=Text("这个人能以哪些身份评审", "In which roles this person reviews"),
            choices=tuple(Choice(role.key, role.title) for role in playbooks.reviewer_roles(call)),
        ),
    )
    active = Field("active", FieldType.YES_NO, Text("在用", "Active"), required=True)
    return (login, *fields) if new else (*fields, active)


@writes
def add(
    tx: Transaction, login: str, name: str, permission: Permission | str = Permission.REP, roles: Iterable[str] = ()
) -> Done | NotAllowed | Invalid:
    """Add a user; without a name the login is shown. Only an administrator may."""
    code = refusal(tx.actor, Act.MANAGE_USERS)
    if code:
        return NotAllowed(code)
    wanted, shown_name, keys = clean_name(login), clean_name(name) or clean_name(login), sorted(set(roles))
    problems = [*_login_problems(wanted), *_permission_problems(permission), *_role_problems(tx, keys)]
    if problems:
        return Invalid(tuple(problems))
    number = rows.insert(wanted, shown_name, Permission(permission), keys, tx.now)
    _record_added(tx, wanted, shown_name, Permission(permission), keys)
    return Done(wanted, 1, number)


def _record_added(tx: Transaction, login: str, name: str, permission: Permission, roles: list[str]) -> None:
    after = {"name": name, "permission": permission.value, "roles": roles, "active": True}
    tx.record("user.added", subject=login, before=None, after=after)


def _login_problems(login: str) -> list[Problem]:
    if not login:
        return [Problem("login", "missing", {"field": "login"})]
    if " " in login:
        return [Problem("login", "bad_login", {"value": login})]
    return [Problem("login", "login_taken", {"value": login})] if rows.by_login(login) else []


def _permission_problems(permission: Permission | str) -> list[Problem]:
    known = {each.value for each in Permission}
    return [] if permission in known else [Problem("permission", "unknown_choice", {"value": str(permission)})]


def _role_problems(call: Call, roles: Iterable[str]) -> list[Problem]:
    known = {role.key for role in playbooks.reviewer_roles(call)}
    return [Problem("roles", "unknown_choice", {"value": clean_name(role)}) for role in roles if role not in known]


@writes
def change(
    tx: Transaction,
    user: int,
    *,
    name: str | None = None,
    permission: Permission | str | None = None,
    roles: Iterable[str] | None = None,
    active: bool | None = None,
    expected_version: int | None = None,
) -> Done | NotAllowed | Invalid | Conflict:
    """Change what is given of a user. Only an administrator may; one active administrator stays. Raises NotFound."""
    code = refusal(tx.actor, Act.MANAGE_USERS)
    if code:
        return NotAllowed(code)
    record = get(tx, user)
    keys = sorted(set(roles)) if roles is not None else sorted(record.roles)
    problems = _permission_problems(permission or record.permission)
    problems += _role_problems(tx, set(keys) - record.roles)
    if name is not None and not clean_name(name):
        problems.append(Problem("name", "missing", {"field": "name"}))
    if problems:
        return Invalid(tuple(problems))
    before: dict[str, object] = {
        "name": record.name,
        "permission": record.permission.value,
        "roles": sorted(record.roles),
        "active": record.active,
    }
    after: dict[str, object] = {
        "name": record.name if name is None else clean_name(name),
        "permission": Permission(permission or record.permission).value,
        "roles": keys,
        "active": record.active if active is None else active,
    }
    changed = {key: value for key, value in after.items() if value != before[key]}
    if not changed:
        return Done(record.login, record.version, record.id, changed=False)
    if _is_admin(record) and ("active" in changed or "permission" in changed) and not _other_admins(record):
        return Invalid((Problem("active" if "active" in changed else "permission", "last_admin"),))
    expected = record.version if expected_version is None else expected_version
    if not rows.update(tx, record.id, expected, changed):
        return Conflict(record.login, expected, record.version)
    tx.record("user.changed", subject=record.login, before={key: before[key] for key in changed}, after=changed)
    return Done(record.login, record.version + 1, record.id)


def _other_admins(record: User) -> bool:
    return any(_is_admin(user) and user.id != record.id for user in rows.everyone())
