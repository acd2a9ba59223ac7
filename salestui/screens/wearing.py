"""What the app wears by the user's settings: theme, signs and language, also while it runs."""

from __future__ import annotations

import os
from typing import Any

from textual.app import App

from salestui import i18n
from salestui.config import Config
from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk
from salestui.widgets import symbols
from salestui.widgets.theme import choose_theme

__all__ = ["dark_terminal", "follow", "redraw", "sixteen_colours", "speak", "theme_of", "use_signs", "wear"]

LANGUAGE_VARIABLE = "SALESTUI_LANGUAGE"


def sixteen_colours(config: Config) -> bool:
    """Tell whether to draw with the terminal's own 16 colours: the SSH profile, or NO_COLOR."""
    if os.environ.get("NO_COLOR"):
        return True
    if config.profile == "auto":
        return bool(os.environ.get("SSH_CONNECTION"))
    return config.profile == "ssh"


def dark_terminal(config: Config) -> bool:
    """Tell whether to draw light on dark; "auto" reads COLORFGBG, which many terminals set."""
    if config.theme != "auto":
        return config.theme == "dark"
    ground = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return ground not in {"7", "15"}


def theme_of(config: Config) -> str:
    """Return the name of the theme that the settings ask for."""
    return choose_theme(dark=dark_terminal(config), sixteen=sixteen_colours(config))


def use_signs(config: Config) -> None:
    """Draw with the signs that the settings ask for."""
    wish = config.symbols
    symbols.use(symbols.choose("unicode" if wish == "unicode" else "ascii" if wish == "ascii" else "auto"))


def speak(wish: str) -> None:
    """Speak the language wished for; "auto" means that of the environment. No stored key depends on it."""
    i18n.use(i18n.choose(wish, os.environ.get(LANGUAGE_VARIABLE)))


def wear(app: App[Any], config: Config, before: Config | None = None) -> None:
    """Follow the settings; the language only where it differs from `before`, so that an option given at start stays."""
    use_signs(config)
    if before is not None and before.language != config.language:
        speak(config.language)
    app.theme = theme_of(config)
    app.set_keymap(dict(config.keymap))


def follow(app: App[Any], desk: Desk, config: Config) -> None:
    """Take changed settings over at once, on every open screen; the mouse follows at the next start."""
    before, desk.config = desk.config, config
    wear(app, config, before)
    redraw(app)


def redraw(app: App[Any]) -> None:
    """Draw every open screen anew, in the language and the look that now hold."""
    for screen in app.screen_stack:
        if isinstance(screen, SalesScreen) and screen.is_mounted:
            screen.relabel()
