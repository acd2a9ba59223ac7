"""The places of the app by name, each imported when it is first visited, so that none delays the first frame."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from salestui.screens.base import SalesScreen
from salestui.screens.desk import Desk

PLACES: dict[str, str] = {
    "agenda": "agenda:AgendaScreen",
    "campaigns": "campaigns:CampaignsScreen",
    "closed": "closed:ClosedScreen",
    "customer": "customer:CustomerScreen",
    "customers": "customers:CustomersScreen",
    "deal": "deal:DealScreen",
    "handbook": "handbook:HandbookScreen",
    "help": "help:HelpScreen",
    "history": "history:HistoryScreen",
    "import": "importing:ImportScreen",
    "output": "output:OutputScreen",
    "palette": "palette:PaletteScreen",
    "report": "report:ReportScreen",
    "score": "score:ScoreScreen",
    "settings": "settings:SettingsScreen",
    "upgrade": "upgrade:UpgradeScreen",
    "waiting": "waiting:WaitingScreen",
    "welcome": "welcome:WelcomeScreen",
}


def load(name: str) -> type[SalesScreen[Any]]:
    """Import the place `name`."""
    module, _colon, screen = PLACES[name].partition(":")
    loaded: type[SalesScreen[Any]] = getattr(import_module(f"salestui.screens.{module}"), screen)
    return loaded


def make(name: str, desk: Desk, *args: object, **kwargs: object) -> SalesScreen[Any]:
    """Return a new screen of the place `name`."""
    return load(name)(desk, *args, **kwargs)
