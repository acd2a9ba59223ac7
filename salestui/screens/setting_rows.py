"""The rows of the settings screen: oneself, the user's own settings, the team's, and the users."""

from __future__ import annotations

from collections.abc import Sequence

from salestui import paths
from salestui.config import SETTINGS, Config
from salestui.dataclass import dataclass
from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, FieldType
from salestui.domain.records import User
from salestui.domain.showing import show
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext, pgettext
from salestui.services.settings import settings_fields
from salestui.widgets.setting_list import SettingGroup, SettingRow

__all__ = ["CHOSEN", "Facts", "choices_of", "groups", "help_of"]

CHOSEN = tuple(setting for setting in SETTINGS if setting.key not in {"database", "keymap"})
"""The settings that are changed here; the file alone changes where the data lie and which keys do what."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the screen shows: who acts, the settings, the team's values, everybody, and the form of a user."""

    me: Actor
    config: Config
    team: dict[str, object]
    people: tuple[User, ...]
    form: tuple[Field, ...]
    database: str


def choices_of(key: str) -> tuple[object, ...]:
    """Return the values that a setting of the user can have."""
    setting = next(known for known in SETTINGS if known.key == key)
    return setting.choices or (True, False)


def _labels() -> dict[str, str]:
    return {
        "language": _("Language"),
        "theme": _("Colours"),
        "density": _("Density"),
        "symbols": _("Symbols"),
        "profile": _("Drawing"),
        "mouse": _("Mouse"),
        "database": _("Database"),
        "keymap": _("Keys"),
    }


def _choice(value: object) -> str:
    if isinstance(value, bool):
        return pgettext("switch", "on") if value else pgettext("switch", "off")
    words = {
        "auto": _("auto"),
        "zh": "中文",
        "en": "English",
        "dark": _("dark"),
        "light": _("light"),
        "air": _("airy"),
        "compact": _("compact"),
        "unicode": "✓ ✗ ▸",
        "ascii": "+ x >",
        "ssh": _("sparing, for slow lines"),
        "full": _("full"),
    }
    return words.get(str(value), str(value))


def help_of(key: str) -> str:
    """Return what a row is for, in a sentence."""
    where, _dot, name = key.partition(".")
    if where == "mine":
        return next(_(setting.description) for setting in SETTINGS if setting.key == name)
    if where == "team":
        return next(field.help.get(language()) for field in settings_fields() if field.key == name)
    if where == "me":
        return _("Your name as others see it, and the roles in which you review")
    return _("What this person may do, and the roles in which he or she reviews")


def groups(facts: Facts) -> Sequence[SettingGroup]:
    """Return everything there is to set, in the order of how often it is wanted."""
    found = [_me(facts), _mine(facts), _team(facts)]
    if not refusal(facts.me, Act.HAND_OVER):
        found.append(_users(facts))
    return found


def _permission(facts: Facts, value: str) -> str:
    field = next(field for field in facts.form if field.key == "permission")
    return show(field, value, language())


def _roles(facts: Facts, roles: frozenset[str]) -> str:
    field = next(field for field in facts.form if field.key == "roles")
    return show(field, sorted(roles), language()) or _("no reviewer roles")


def _me(facts: Facts) -> SettingGroup:
    me = facts.me
    rows = (
        SettingRow("me.name", _("Shown name"), me.name, remark=me.login),
        SettingRow("me.roles", _("Reviewer roles"), _roles(facts, me.roles)),
        SettingRow("me.permission", _("Permission"), _permission(facts, me.permission.value), quiet=True),
    )
    return SettingGroup(_("Myself"), rows)


def _mine(facts: Facts) -> SettingGroup:
    labels = _labels()
    rows = []
    for setting in CHOSEN:
        values = choices_of(setting.key)
        at = values.index(getattr(facts.config, setting.key))
        named = tuple(_choice(value) for value in values)
        rows.append(SettingRow(f"mine.{setting.key}", labels[setting.key], choices=named, chosen=at))
    changed = len(facts.config.keymap)
    own = (
        ngettext("{n} key of your own", "{n} keys of your own", changed).format(n=changed) if changed else _("as given")
    )
    rows.append(SettingRow("mine.keymap", labels["keymap"], own, quiet=True))
    rows.append(SettingRow("mine.database", labels["database"], facts.database, quiet=True))
    return SettingGroup(_("My settings"), tuple(rows), str(paths.config_file()))


def _team(facts: Facts) -> SettingGroup:
    rows = []
    for field in settings_fields():
        value = facts.team.get(field.key)
        if field.type is FieldType.TABLE:
            n = len(value) if isinstance(value, list) else 0
            said = ngettext("{n} day", "{n} days", n).format(n=n) if n else _("none")
        else:
            said = show(field, value, language())
        rows.append(
            SettingRow(
                f"team.{field.key}",
                field.label.get(language()),
                said,
                quiet=bool(refusal(facts.me, Act.MANAGE_SETTINGS)),
            )
        )
    return SettingGroup(pgettext("settings", "Team"), tuple(rows), _("kept in the database"))


def _users(facts: Facts) -> SettingGroup:
    rows = [
        SettingRow(
            f"user.{person.id}",
            person.name,
            "  ".join((_permission(facts, person.permission.value), _roles(facts, person.roles))),
            remark=person.login if person.active else _("{login}, has left").format(login=person.login),
            quiet=not person.active,
        )
        for person in facts.people
    ]
    return SettingGroup(_("Users"), tuple(rows), str(len(rows)))
