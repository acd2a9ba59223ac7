"""Where salestui keeps its files, by the custom of each platform."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

__all__ = ["cache_directory", "config_file", "data_directory", "database", "log_file", "state_directory"]

_NAME = "salestui"
DATABASE_VARIABLE = "SALESTUI_DATABASE"
CONFIG_VARIABLE = "SALESTUI_CONFIG"


def data_directory() -> Path:
    """Return the directory of the database and of the attached files."""
    return platformdirs.user_data_path(_NAME, appauthor=False)


def state_directory() -> Path:
    """Return the directory of drafts and of what the screens remember."""
    return platformdirs.user_state_path(_NAME, appauthor=False)


def cache_directory() -> Path:
    """Return the directory of what can be made again."""
    return platformdirs.user_cache_path(_NAME, appauthor=False)


def config_file() -> Path:
    """Return the file of the user's settings, which need not exist; SALESTUI_CONFIG names another one."""
    given = os.environ.get(CONFIG_VARIABLE)
    return Path(given).expanduser() if given else platformdirs.user_config_path(_NAME, appauthor=False) / "config.toml"


def log_file() -> Path:
    """Return the file that crash reports and warnings are written to."""
    return platformdirs.user_log_path(_NAME, appauthor=False) / "salestui.log"


def database(option: str | None = None, setting: str | None = None) -> str:
    """Return the address of the database: a path, or a URL such as `postgresql:///sales`.

    The first one given counts: the option `--database`, the variable SALESTUI_DATABASE, the setting, else
    `salestui.db` in the data directory.
    """
    given = option or os.environ.get(DATABASE_VARIABLE) or setting
    return given or str(data_directory() / "salestui.db")
