"""The conversation that hands a leaver's work over: what there is, to whom, and what came of it."""

from __future__ import annotations

from typing import Any

from salestui.domain.outcomes import Done, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.i18n import gettext as _
from salestui.screens.base import SalesScreen
from salestui.screens.choose import ChooseScreen
from salestui.screens.telling import refusal_text
from salestui.services import handover, users

__all__ = ["hand_over"]


async def hand_over(screen: SalesScreen[Any], user: int) -> str:
    """Hand a person's open work over to a colleague chosen here; return what is to be told, "" for nothing."""
    desk = screen.desk
    denied = refusal(desk.actor, Act.HAND_OVER)
    if denied:
        return refusal_text(NotAllowed(denied))
    leaver = await desk.ask(users.get, user)
    work = handover.summary_text(await desk.ask(handover.leaving, user))
    if not work:
        return _("{name} has nothing to hand over.").format(name=leaver.name)
    others = [each for each in await desk.ask(users.all) if each.active and each.id != user]
    title = _("Hand over from {name}: {work}").format(name=leaver.name, work=work)
    chosen = await screen.app.push_screen_wait(
        ChooseScreen(desk, title, [(each.id, each.name, each.login) for each in others])
    )
    if chosen is None:
        return ""
    outcome = await desk.tell(handover.hand_over, user, chosen)
    if not isinstance(outcome, Done):
        return refusal_text(outcome)
    successor = next(each.name for each in others if each.id == chosen)
    return _("{name} has taken over: {work}.").format(name=successor, work=work)
