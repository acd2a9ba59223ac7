"""The sentences of `health` and `server_health`: what was found about the place of a database, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from salestui.i18n import gettext as _

__all__ = ["CODES", "SERVER_CODES", "advice_of", "text_of"]

_TEXTS: Final[Mapping[str, Callable[[], str]]] = {
    "sqlite_safe": lambda: _("SQLite {version} has no known fault that harms a database."),
    "sqlite_unsafe": lambda: _("SQLite {version} can corrupt a database that several programs use."),
    "local_disk": lambda: _("{path} lies on a local disk."),
    "network": lambda: _("{path} lies on a network file system ({kind}), where the locks of SQLite fail."),
    "modes_right": lambda: _("The modes of {path} are right."),
    "open_to_others": lambda: _("{path} (mode {mode}) is open to everybody on this machine."),
    "directory_mode": lambda: _("{path} has the mode {mode} instead of 2770: new files would lock colleagues out."),
    "wrong_group": lambda: _("{path} belongs to the group {other} instead of {group}: colleagues are locked out."),
    "group_locked_out": lambda: _("{path} (mode {mode}) cannot be written by the group {group}."),
    "readable_by_others": lambda: _("{path} (mode {mode}) can be read by others on this machine."),
    "parent_closed": lambda: _("{path} above the database cannot be entered by everybody."),
    "space": lambda: _("{free} MB are free at {path}."),
    "little_space": lambda: _("Only {free} MB are free at {path}."),
    "no_space_for_copies": lambda: _("{free} MB are free at {path}: too little to copy a database of {size} MB."),
    "clock": lambda: _("The clock says {now} UTC, and no change lies in the future."),
    "clock_back": lambda: _("The clock says {now} UTC, but the last change was made at {last} UTC."),
}

_SERVER_TEXTS: Final[Mapping[str, Callable[[], str]]] = {
    "server": lambda: _("The server is PostgreSQL {version}."),
    "server_upgraded": lambda: _("The server is PostgreSQL {now}, but its rules were installed on {then}."),
    "rules": lambda: _("All {n} rules on the server are as they were installed."),
    "rules_of_other_version": lambda: _("The rules on the server are not those of this version of salestui."),
    "rules_gone": lambda: _("{n} rules on the server are gone: {where}"),
    "rules_changed": lambda: _("{n} rules on the server were changed: {where}"),
    "rules_added": lambda: _("{n} rules or rights were added on the server: {where}"),
    "rules_passed": lambda: _("The rules on the server do not hold for {who}."),
    "standby": lambda: _("The standby has every change before it counts as saved: {names}."),
    "standby_none": lambda: _("The server waits for no standby."),
    "standby_missing": lambda: _(
        "The server waits for a standby that is not in step ({wanted}): nothing can be saved."
    ),
}

_INIT: Final = "sudo -u postgres salestui init postgresql:///{database}"
_ALONE: Final = 'sudo -u postgres psql -c "ALTER SYSTEM RESET synchronous_standby_names" -c "SELECT pg_reload_conf()"'


def _set_anew() -> str:
    told = _("Somebody changed them past salestui; the log of the server may tell who. Have them set anew: {command}")
    return told.replace("{command}", _INIT)


_SET_RIGHT: Final = "sudo salestui init --shared --group {group} {directory}"
_ADVICE: Final[Mapping[str, Callable[[], str]]] = {
    "sqlite_unsafe": lambda: _(
        "Install a fixed one where salestui is installed: pip install 'pysqlite3>=0.6.1', or SQLite 3.51.3 or later."
    ),
    "network": lambda: _("Move it to a local disk of the server, or use PostgreSQL."),
    "open_to_others": lambda: _("Set it right: {command}").replace("{command}", _SET_RIGHT),
    "directory_mode": lambda: _("Set it right: {command}").replace("{command}", _SET_RIGHT),
    "wrong_group": lambda: _("Set it right: {command}").replace("{command}", _SET_RIGHT),
    "group_locked_out": lambda: _("Set it right: {command}").replace("{command}", _SET_RIGHT),
    "readable_by_others": lambda: _("Close it: {command}").replace("{command}", "chmod 600 {path}"),
    "parent_closed": lambda: _("Let everybody pass, not read: {command}").replace("{command}", "sudo chmod o+x {path}"),
    "little_space": lambda: _("Make space before the disk is full; nothing can be saved then."),
    "no_space_for_copies": lambda: _("Make space, or have backups written to another disk."),
    "clock_back": lambda: _("Deadlines would be wrong. Set the clock and keep it right: {command}").replace(
        "{command}", "sudo timedatectl set-ntp true"
    ),
    "server_upgraded": lambda: _("Have them set anew, so that they can be compared: {command}").replace(
        "{command}", _INIT
    ),
    "rules_of_other_version": lambda: _(
        "Where this salestui is the newer one, have them set anew: {command}. Else update it here."
    ).replace("{command}", _INIT),
    "rules_gone": _set_anew,
    "rules_changed": _set_anew,
    "rules_added": _set_anew,
    "rules_passed": lambda: _("Unless that is meant, as a superuser in psql: {remedy}"),
    "standby_missing": lambda: _(
        "Start it; its log says why it stopped. To work without it until then, on the primary: {command}"
    ).replace("{command}", _ALONE),
}

CODES: Final = frozenset(_TEXTS)
"""All codes of findings about the place of a file."""

SERVER_CODES: Final = frozenset(_SERVER_TEXTS)
"""All codes of findings about a server."""


def text_of(code: str) -> str:
    """Return what a finding says, a template for its facts."""
    return (_TEXTS.get(code) or _SERVER_TEXTS[code])()


def advice_of(code: str) -> str:
    """Return what to do about a finding, a template for its facts."""
    return _ADVICE[code]()
