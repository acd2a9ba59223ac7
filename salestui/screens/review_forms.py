"""Small conversations around reviews: asking one other person, a vote with its comment, and deputies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salestui.domain.dates import short_day
from salestui.domain.facts import Decision
from salestui.domain.passages import Passage
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, FieldType, Playbook, Text
from salestui.domain.records import Kind, shown
from salestui.domain.sheets import ReviewLine
from salestui.domain.views import Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen
from salestui.screens.brief import BriefedForm
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen
from salestui.services import deputies, refusals, reviews, users

__all__ = ["comment", "deputy", "reassign"]

Values = Mapping[str, object]
Files = Sequence[Path]


async def reassign(screen: SalesScreen[Any], review: int, playbook: Playbook) -> object:
    """Choose whom to ask in a role that has not voted; return what came of it, None when nobody was chosen."""
    found = [each for each in await screen.desk.ask(reviews.candidates, review) if not each.asked]
    choices = [
        (
            each,
            f"{refusals.role_title(each.role, playbook)}   {each.user.name}",
            refusals.text(each.refused, playbook) if each.refused else "",
        )
        for each in found
    ]
    chosen = await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("Ask whom?"), choices))
    if chosen is None:
        return None
    if chosen.refused is not None:
        screen.notice(refusals.text(chosen.refused, playbook))
        return None
    return await screen.desk.tell(reviews.reassign, review, chosen.role, chosen.user.id)


def comment(desk: Desk, line: ReviewLine, role: str, decision: Decision) -> BriefedForm:
    """Return the form that asks why somebody does not approve; saving it votes."""
    rejects = decision is Decision.REJECT
    field = Field(
        "comment",
        FieldType.LONG_TEXT,
        Text("意见", "Comment"),
        help=Text(
            "哪里不行、要改成什么样，写清楚作者才好改", "What is wrong and what it should be, so that it can be mended"
        ),
        required=True,
    )

    async def save(values: Values, _files: Files) -> object:
        return await desk.tell(reviews.vote, line.review, role, decision, str(values.get("comment") or ""))

    number = shown(Kind.REVIEW, line.review)
    brief = [Passage(f"{line.title.get(language())} r{line.revision}", label=_("Document"))]
    if line.note:
        brief.append(Passage(line.note, label=_("Message"), tone=Tone.MUTED))
    return BriefedForm(
        desk,
        _("Reject") if rejects else _("Ask for a change"),
        (field,),
        save,
        brief=brief,
        subject=line.customer,
        follows=_("{name} is to submit a new revision and ask for its review.").format(name=line.requested_by),
        draft=f"vote:{number}.{role}",
    )


async def deputy(screen: SalesScreen[Any]) -> object:
    """Name who votes for oneself, or as an administrator for anybody, or end it; None when nothing was done."""
    desk = screen.desk
    known = [d for d in await desk.ask(deputies.all) if not refusal(desk.actor, Act.NAME_DEPUTY, d.user)]
    choices = [(0, _("Name a deputy for me"), "")]
    if not refusal(desk.actor, Act.NAME_DEPUTY):
        choices.append((-1, _("Name a deputy for somebody else"), ""))
    for each in known:
        days = f"{short_day(each.starts, language())} – {short_day(each.ends, language())}"
        text = _("End it: {deputy} for {name}").format(deputy=each.deputy_name, name=each.user_name)
        choices.append((each.id, text, days))
    chosen = await screen.app.push_screen_wait(ChooseScreen(desk, _("Deputies"), choices)) if len(choices) > 1 else 0
    if chosen is None:
        return None
    if chosen > 0:
        return await desk.tell(deputies.end, chosen)
    absent = desk.actor.id if chosen == 0 else await _somebody(screen)
    return None if absent is None else await screen.app.push_screen_wait(await _naming(desk, absent))


async def _somebody(screen: SalesScreen[Any]) -> int | None:
    people = [user for user in await screen.desk.ask(users.all) if user.active and user.id != screen.desk.actor.id]
    choices = [(user.id, user.name, user.login) for user in people]
    return await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("For whom?"), choices))


async def _naming(desk: Desk, absent: int) -> FormScreen:
    people = await desk.ask(users.all)
    name = next(user.name for user in people if user.id == absent)

    async def save(values: Values, _files: Files) -> object:
        return await desk.tell(deputies.name_given, absent, values)

    return FormScreen(
        desk,
        _("Deputy while absent"),
        deputies.fields(),
        save,
        subject=name,
        values={"starts": desk.team.today(desk.now).isoformat()},
        people=tuple(user.name for user in people if user.active and user.id != absent),
        note=_("The deputy votes in {name}'s roles, and every vote says for whom it was given.").format(name=name),
        draft=f"deputy:{absent}",
    )
