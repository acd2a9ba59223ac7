"""What holds for every test: nobody's own files are touched, English is spoken, and nothing is left behind."""

import gc
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from textual import app as textual_app
from textual import pilot as textual_pilot

from salestui import i18n
from tests.idle import nothing_left

# a slow machine is no failure, and CI finds the same examples every time
settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

UNCOUNTED = ("e2e/", "speed/", "torture/", "ui/")
"""What does not count for the coverage of rules and services: counting makes drawing three times as slow."""
COUNTED = tuple(
    f"ui/test_{name}"
    for name in (
        "agenda_screen", "closed", "handing", "history", "live", "output_screen", "reviews_screen", "score_screen",
        "upgrade",
    )
)  # fmt: skip
"""What counts all the same: the services that make a page of what is stored are tested with the screen they are for."""

_DIRECTORIES = {
    "HOME": "",
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "LOCALAPPDATA": "local",
    "APPDATA": "roaming",
}


_numbers = count()


def pytest_xdist_auto_num_workers() -> int:
    """Start half as many workers again as there are processors: tests in a terminal wait half of their time."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count coverage where rules and services are tested."""
    here = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(here).as_posix()
        if place.startswith(UNCOUNTED) and not place.startswith(COUNTED):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Spare the garbage collector looking again and again through what stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory that holds the home of every test."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def own_home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the program, and what it starts, a home directory of its own and no settings from outside.

    What the program wrote to its log is shown beside the failure of a test.
    """
    home = homes / str(next(_numbers))
    home.mkdir()
    for variable, folder in _DIRECTORIES.items():
        monkeypatch.setenv(variable, str(home / folder))
    for variable in (
        "SALESTUI_DATABASE",
        "SALESTUI_CONFIG",
        "SALESTUI_LANGUAGE",
        "NO_COLOR",
        "SSH_CONNECTION",
        "SSH_TTY",
    ):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    yield home
    for log in home.rglob("salestui.log"):
        print(log.read_text("utf-8"))


@pytest.fixture(autouse=True)
def apps_wait_for_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have keys pressed in an app, and pauses, last until nothing is left to do; every app draws in all colours."""
    for module in (textual_app, textual_pilot):
        monkeypatch.setattr(module, "wait_for_idle", nothing_left)
    monkeypatch.setattr(textual_pilot.Pilot, "_wait_for_screen", lambda _pilot, _timeout=0.0: nothing_left())
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Start every test in English; one that wants Chinese says `i18n.use("zh")`."""
    i18n.use("en")
    yield
    i18n.use("en")


@pytest.fixture
def chinese(english: None) -> None:
    """Run the test in Chinese."""
    i18n.use("zh")
