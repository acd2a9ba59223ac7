"""The dialog that records that something moved at the customer, so that its score is due again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from salestui.domain.customer_events import kind_text
from salestui.domain.dates import short_day
from salestui.domain.fields import check, normalise
from salestui.domain.outcomes import Invalid
from salestui.domain.passages import Passage
from salestui.domain.records import Kind, shown
from salestui.domain.views import Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen
from salestui.screens.brief import BriefedForm
from salestui.screens.desk import Desk
from salestui.services import customer_events
from salestui.services.loading import load

__all__ = ["record"]

LISTED = 3
"""So many earlier events are told above the form."""


async def record(desk: Desk, deal: int) -> SalesScreen[Any]:
    """Return the form that records what moved at the deal's customer, on which day, and who said so."""
    loaded = await desk.ask(load, deal)
    known, today = loaded.deal, desk.team.today(desk.now)
    fields = customer_events.event_fields()
    due = await desk.ask(customer_events.due_by, known.campaign, today)
    earlier = await desk.ask(customer_events.of, known.customer, known.campaign)

    async def save(values: Mapping[str, object], _files: Sequence[Path]) -> object:
        stored, unread = normalise(fields, values, today=today, zone=desk.team.zone)
        named = {problem.where for problem in unread}
        problems = (*unread, *(p for p in check(fields, stored, today=today) if p.where not in named))
        if problems:
            return Invalid(problems)
        day = date.fromisoformat(str(stored["on"]))
        note = str(stored.get("note") or "")
        return await desk.tell(customer_events.record, known.customer, known.campaign, str(stored["kind"]), note, day)

    brief = []
    score = loaded.facts.score
    if score is not None:
        given = short_day(desk.team.today(score.at), language())
        text = _("{grade} {total}, given {day}").format(grade=score.grade, total=score.total, day=given)
        brief.append(Passage(text, label=_("Score"), tone=Tone.MUTED))
    brief += [
        Passage(
            "  ".join(part for part in (kind_text(event.kind, language()), event.note.replace("\n", " ")) if part),
            label=short_day(event.day, language()),
            tone=Tone.FAINT,
        )
        for event in earlier[: -LISTED - 1 : -1]
    ]
    if due is None:
        follows = _("It stands in the history; this handbook does not score customers.")
    else:
        last = short_day(due, language())
        follows = _("The score is due again by {day}; after that the gate takes it as expired.").format(day=last)
    return BriefedForm(
        desk,
        _("Something moved at the customer"),
        fields,
        save,
        brief=brief,
        subject=known.customer_label,
        values={"on": today.isoformat()},
        draft=f"customer_event:{shown(Kind.CUSTOMER, known.customer)}/{shown(Kind.CAMPAIGN, known.campaign)}",
        follows=follows,
    )
