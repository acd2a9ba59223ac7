"""The user's settings: what there is, what each means, and the TOML file they are read from and written to.

Read without pydantic, because it happens before the first frame is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from salestui import errors, system
from salestui.dataclass import dataclass
from salestui.i18n import gettext as _
from salestui.i18n import mark

__all__ = ["SETTINGS", "Config", "Setting", "load", "save"]


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one user; a missing one has the value given here."""

    language: str = "auto"
    theme: str = "auto"
    density: str = "auto"
    symbols: str = "auto"
    profile: str = "auto"
    mouse: bool = True
    database: str = ""
    keymap: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Setting:
    """What a setting is for, as users read it; look the description up with gettext when it is shown."""

    key: str
    description: str
    choices: tuple[str, ...] = ()
    """The values it can have; empty where any value of the right kind will do."""


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("language", mark("The language: zh, en, or auto for that of the system."), ("auto", "zh", "en")),
    Setting(
        "theme",
        mark("Colours: light, dark, or auto for those that suit the terminal's background."),
        ("auto", "dark", "light"),
    ),
    Setting(
        "density",
        mark("Space between cards: air, compact, or auto for compact on screens of fewer than 30 rows."),
        ("auto", "air", "compact"),
    ),
    Setting(
        "symbols",
        mark("Symbols: unicode, ascii, or auto for ascii where the locale is not UTF-8."),
        ("auto", "unicode", "ascii"),
    ),
    Setting(
        "profile",
        mark("Drawing: ssh sends few bytes to a slow line, full draws everything, auto tells the two apart."),
        ("auto", "ssh", "full"),
    ),
    Setting("mouse", mark("Whether the mouse is used; false leaves it to the terminal for selecting text.")),
    Setting("database", mark("The database to open: a path or an address; empty for the usual place.")),
    Setting("keymap", mark("Other keys: a table of action = keys, several keys separated by commas.")),
)


def load(path: Path, actions: frozenset[str] | None = None) -> Config:
    """Read the settings; a file that does not exist means the defaults.

    `actions` are the names a keymap may use (None checks no names). Raises `errors.BadConfig`, naming file and key,
    for a file that is not TOML, an unknown key or a value that cannot be.
    """
    values = _read(path)
    known = {setting.key: setting for setting in SETTINGS}
    for key in values:
        if key not in known:
            problem = _("There is no such setting. Those there are: {settings}").format(settings=", ".join(known))
            raise errors.BadConfig(path, key, problem)
    # Any: what `_checked` lets through fits the field of that name, which the type checker cannot follow
    checked: dict[str, Any] = {key: _checked(path, known[key], value, actions) for key, value in values.items()}
    return replace(Config(), **checked)


def _read(path: Path) -> dict[str, Any]:
    """Any: the values of a TOML file before they are checked."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        raise errors.BadConfig(path, "-", _("The file cannot be read: {reason}").format(reason=reason)) from error
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise errors.BadConfig(path, "-", _("This is not TOML: {reason}").format(reason=error)) from error


def _checked(path: Path, setting: Setting, value: object, actions: frozenset[str] | None) -> object:
    if setting.choices and value not in setting.choices:
        problem = _("It can be {choices}, not {value}.").format(choices=", ".join(setting.choices), value=_shown(value))
        raise errors.BadConfig(path, setting.key, problem)
    if setting.key == "mouse" and not isinstance(value, bool):
        raise errors.BadConfig(path, setting.key, _("It is true or false, not {value}.").format(value=_shown(value)))
    if setting.key == "database" and not isinstance(value, str):
        raise errors.BadConfig(path, setting.key, _("It is a text in quotes, not {value}.").format(value=_shown(value)))
    return _checked_keymap(path, value, actions) if setting.key == "keymap" else value


def _checked_keymap(path: Path, value: object, actions: frozenset[str] | None) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise errors.BadConfig(path, "keymap", _("It is a table of action = keys, not {value}.").format(value=value))
    for action, keys in value.items():
        key = f"keymap.{action}"
        if actions is not None and action not in actions:
            problem = _("There is no such action. The help (?) and docs/keys.md list them.")
            raise errors.BadConfig(path, key, problem)
        if not isinstance(keys, str) or not all(part.strip() for part in keys.split(",")):
            problem = _('It is the names of keys in quotes, such as "j,down", not {value}.').format(value=_shown(keys))
            raise errors.BadConfig(path, key, problem)
    return MappingProxyType(
        {action: ",".join(part.strip() for part in keys.split(",")) for action, keys in value.items()}
    )


def _shown(value: object) -> str:
    """Write a value as a TOML file would, cut to a length that fits a message."""
    text = _toml(value) if isinstance(value, str | bool | int) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def save(path: Path, config: Config) -> None:
    """Write the settings that differ from the file's; every other line, comments among them, stays as it is.

    Raises `errors.BadConfig` where the file there cannot be read or written, or is written too unusually to change.
    """
    before = load(path)
    changed: dict[str, object] = {
        item.name: getattr(config, item.name)
        for item in fields(Config)
        if getattr(config, item.name) != getattr(before, item.name)
    }
    if not changed:
        return
    names = list(changed)
    text = path.read_text("utf-8") if path.exists() else ""
    keymap = changed.pop("keymap", None)
    for key, value in changed.items():
        text = _with_value(text, key, _toml(value))
    if keymap is not None:
        text = _with_keymap(text, config.keymap)
    if not _holds(text, config):
        raise errors.BadConfig(path, names[0], _("It is written in a way that only you can change: edit the file."))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        system.replace_file(path, text.encode())
    except OSError as error:
        problem = _("The file cannot be written: {reason}").format(reason=error.strerror)
        raise errors.BadConfig(path, names[0], problem) from error


def _holds(text: str, config: Config) -> bool:
    """Whether the text says just what the settings are: a value over several lines or in a dotted key may not."""
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    plain = replace(Config(), **values)
    return replace(plain, keymap=dict(plain.keymap)) == replace(config, keymap=dict(config.keymap))


_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def _with_value(text: str, key: str, value: str) -> str:
    """Put `key = value` in the place it has, or at the end of the part before the first table."""
    first_table = _TABLE.search(text)
    cut = first_table.start() if first_table else len(text)
    head, rest = text[:cut], text[cut:]
    line = re.compile(rf"^([ \t]*{key}[ \t]*=[ \t]*)(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^#\s]+)", re.MULTILINE)
    replaced, count = line.subn(_keeping_key(value), head, count=1)
    if count:
        return replaced + rest
    separator = "" if not head or head.endswith("\n") else "\n"
    return f"{head}{separator}{key} = {value}\n{rest}"


def _keeping_key(value: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + value


def _with_keymap(text: str, keymap: Mapping[str, str]) -> str:
    """Replace the `[keymap]` table whole; it is the app that writes it."""
    table = re.compile(r"^[ \t]*\[keymap\][^\n]*\n?(?:(?![ \t]*\[)[^\n]*\n?)*", re.MULTILINE)
    body = "".join(f"{_toml(action)} = {_toml(keys)}\n" for action, keys in sorted(keymap.items()))
    kept = table.sub("", text).rstrip("\n")
    return f"{kept}\n\n[keymap]\n{body}".lstrip("\n") if body else f"{kept}\n"
