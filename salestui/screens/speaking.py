"""Changes the language while the app runs: every open screen speaks it at once, and the choice is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.app import App

from salestui import config, i18n, paths
from salestui.errors import BadConfig
from salestui.screens import wearing
from salestui.screens.desk import Desk

__all__ = ["other_language", "speak"]


def other_language() -> i18n.Language:
    """Return the language that is not spoken now."""
    return "en" if i18n.language() == "zh" else "zh"


def speak(app: App[Any], desk: Desk, language: i18n.Language) -> str:
    """Speak this language from now on; return why it could not be remembered, "" when it was."""
    i18n.use(language)
    wearing.follow(app, desk, replace(desk.config, language=language))
    try:
        config.save(paths.config_file(), replace(config.load(paths.config_file()), language=language))
    except BadConfig as error:
        return error.text()
    return ""
