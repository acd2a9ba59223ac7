"""What the board can be set to: which campaign, and whose deals."""

from __future__ import annotations

from typing import Any

from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen
from salestui.screens.choose import ChooseScreen
from salestui.services import board, users
from salestui.services.board import Selection


async def campaign(screen: SalesScreen[Any], present: Selection) -> Selection:
    """Let the user choose a campaign, or all campaigns of a playbook; the present selection when he leaves."""
    found = await screen.desk.ask(board.choices)
    choices = [(selection, name, "") for selection, name in found]
    plain = Selection(present.campaign, present.playbook)
    chosen = await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("Which campaign?"), choices, selected=plain))
    return Selection(chosen.campaign, chosen.playbook, present.owner) if chosen is not None else present


async def owner(screen: SalesScreen[Any], present: Selection) -> Selection:
    """Let the user choose whose deals are shown; the present selection when he leaves."""
    me = screen.desk.actor
    people = [user for user in await screen.desk.ask(users.all) if user.active and user.id != me.id]
    choices = [(0, _("Everyone"), ""), (me.id, _("Mine"), me.name)]
    choices += [(user.id, user.name, user.login) for user in people]
    chosen = await screen.app.push_screen_wait(
        ChooseScreen(screen.desk, _("Whose deals?"), choices, selected=present.owner or 0)
    )
    return Selection(present.campaign, present.playbook, chosen or None) if chosen is not None else present
