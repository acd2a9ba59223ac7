"""The forms of settings: the team's settings, a user, oneself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from salestui.domain.outcomes import Invalid
from salestui.domain.records import User
from salestui.domain.values import normalise
from salestui.i18n import gettext as _
from salestui.screens.changes import Changes, Standing, standing
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen
from salestui.services import settings, users

__all__ = ["new_user", "team", "user"]

Values = Mapping[str, object]
Files = Sequence[Path]


async def team(desk: Desk, focus: str = "") -> FormScreen:
    """Return the form of the team's settings, starting in `focus`."""
    fields = settings.settings_fields()
    values = await desk.ask(settings.form_values)

    changes = Changes(await desk.ask(settings.version))

    async def save(given: Values, _files: Files) -> object:
        return await changes.save(lambda new, version: desk.tell(settings.change, new, version), given)

    async def fresh() -> Standing:
        now = await desk.ask(settings.version)
        return await standing(desk, settings.SUBJECT, now, await desk.ask(settings.form_values))

    return FormScreen(
        desk,
        _("Team settings"),
        fields,
        save,
        subject=desk.place.label,
        values=values,
        focus=focus,
        draft="team",
        changes=changes,
        fresh=fresh,
    )


async def user(desk: Desk, known: User, focus: str = "") -> FormScreen:
    """Return the form of a user; that of oneself has no field that could lock one out."""
    own = known.id == desk.actor.id
    fields = tuple(
        field for field in await desk.ask(users.user_fields) if not (own and field.key in {"permission", "active"})
    )

    async def save(given: Values, _files: Files) -> object:
        values, problems = normalise(fields, given)
        if problems:
            return Invalid(problems)
        roles = values.get("roles")
        return await desk.tell(
            users.change,
            known.id,
            name=str(values.get("name") or ""),
            permission=str(values["permission"]) if values.get("permission") else None,
            roles=[str(role) for role in roles] if isinstance(roles, list | tuple) else [],
            active=bool(values.get("active")) if "active" in given else None,
            expected_version=changes.version,
        )

    async def fresh() -> Standing:
        now = await desk.ask(users.get, known.id)
        return await standing(desk, now.login, now.version, _user_values(now, asked))

    asked = {field.key for field in fields}
    changes = Changes(known.version)
    return FormScreen(
        desk,
        _("Myself") if own else _("User"),
        fields,
        save,
        subject=known.login,
        values=_user_values(known, asked),
        note=_("In the roles you give yourself you can review what others wrote, never your own work.") if own else "",
        focus=focus,
        draft=f"user:{known.id}",
        changes=changes,
        fresh=fresh,
    )


def _user_values(known: User, asked: Collection[str]) -> dict[str, object]:
    """Return a user as values of the fields asked."""
    values = {
        "name": known.name,
        "permission": known.permission.value,
        "roles": sorted(known.roles),
        "active": known.active,
    }
    return {key: value for key, value in values.items() if key in asked}


async def new_user(desk: Desk) -> FormScreen:
    """Return the form of a new user."""
    fields = await desk.ask(users.user_fields, new=True)

    async def save(given: Values, _files: Files) -> object:
        values, problems = normalise(fields, given)
        if problems:
            return Invalid(problems)
        roles = values.get("roles")
        return await desk.tell(
            users.add,
            str(values.get("login") or ""),
            str(values.get("name") or ""),
            str(values.get("permission") or "rep"),
            [str(role) for role in roles] if isinstance(roles, list | tuple) else [],
        )

    return FormScreen(desk, _("New user"), fields, save, subject=desk.place.label, draft="new_user")
