"""A backup from within the app: made beside the work, and told where it lies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from salestui.domain.outcomes import NotAllowed
from salestui.errors import SalestuiError
from salestui.i18n import gettext as _
from salestui.services import backup, refusals

if TYPE_CHECKING:
    from textual.app import App

    from salestui.screens.desk import Desk

__all__ = ["back_up"]


async def back_up(app: App[Any], desk: Desk) -> None:
    """Make a backup in the usual place while the work goes on, and say where it is or why there is none."""
    if desk.place.sample:
        app.notify(_("These are sample data; they need no backup."), markup=False)
        return
    if desk.store.on_server:
        app.notify(_("The server's administrator backs it up: salestui backup FOLDER"), markup=False)
        return
    try:
        made = await asyncio.to_thread(backup.back_up_apart, desk.request())
    except SalestuiError as fault:
        app.notify(fault.text(), severity="error", markup=False, timeout=20)
        return
    if isinstance(made, NotAllowed):
        app.notify(refusals.text(made), severity="warning", markup=False)
    elif made.damage:
        told = _("Backed up to {path}, but the database is damaged. Run: salestui doctor").format(path=made.path)
        app.notify(told, severity="error", markup=False, timeout=20)
    else:
        app.notify(_("Backed up and checked: {path}").format(path=made.path), markup=False, timeout=10)
