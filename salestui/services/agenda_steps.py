"""What is due by the calendar of the team: contacts in the rhythm of a grade, deals that stand still, further clocks.

Also the days of the care list, and open deals without a next step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from salestui.domain import answers
from salestui.domain.agenda import DealLine, Due, section_of
from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day
from salestui.domain.playbook import Playbook
from salestui.domain.rhythm import idle_days
from salestui.domain.views import AgendaKind
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services.agenda_items import LAST_SECOND, Item
from salestui.services.loading import load
from salestui.services.playbook_memo import remembered
from salestui.services.request import Call
from salestui.storage import agenda as rows
from salestui.storage import agenda_steps as steps

__all__ = ["clocks", "look_again", "quiet", "unanswered", "without_step"]


def quiet(call: Call, team: TeamCalendar, owner: int | None, until: datetime, limit: int) -> Iterator[Item]:
    """Yield deals that stand still for too long, then those to be contacted in the rhythm of their grade; each once.

    Both are due today once their day has come: they keep nothing shut, and nobody was promised anything.
    """
    still = steps.idle(owner=owner, now=call.now, limit=limit)
    to_contact = steps.to_contact(owner=owner, until=until + LAST_SECOND, limit=limit)
    known = rows.deals([found.deal for found in (*still, *to_contact)])
    playbook_of = remembered(call)
    for found in still:
        deal = known[found.deal]
        text = _idle_text(playbook_of(deal.playbook, deal.playbook_version), deal, found.at, call.now, team)
        yield _on_day(Due.IDLE, found.at, found.deal, text, call.now, team)
    idle = {found.deal for found in still}
    for found in to_contact:
        if found.deal not in idle:
            deal = known[found.deal]
            text = _contact_text(playbook_of(deal.playbook, deal.playbook_version), deal, found.touched_at, team)
            yield _on_day(Due.CONTACT, found.at, found.deal, text, call.now, team)


def _on_day(kind: Due, at: datetime, deal: int, what: str, now: datetime, team: TeamCalendar) -> Item:
    last = at - LAST_SECOND
    section = section_of(last, now, team)
    section = AgendaKind.TODAY if section is AgendaKind.LATE else section
    return Item(kind, last, deal, what, section, all_day=True)


def _idle_text(playbook: Playbook, deal: DealLine, at: datetime, now: datetime, team: TeamCalendar) -> str:
    limit = playbook.stage(deal.stage).ageing_limit or 0
    days = idle_days(at, limit, now, team)
    text = ngettext("no contact for {n} day, limit {limit}", "no contact for {n} days, limit {limit}", days)
    return text.format(n=days, limit=limit)


def _contact_text(playbook: Playbook, deal: DealLine, touched: datetime | None, team: TeamCalendar) -> str:
    grade = playbook.scoring.grade(deal.grade) if playbook.scoring else None
    days = grade.follow_up_days or 0 if grade else 0
    if touched is None:
        return _("no talk yet; grade {grade} every {n} days").format(grade=deal.grade, n=days)
    day = short_day(team.today(touched), language())
    return _("last talk {day}; grade {grade} every {n} days").format(day=day, grade=deal.grade, n=days)


def without_step(
    call: Call, team: TeamCalendar, owner: int | None, limit: int, told: Mapping[int, object]
) -> Iterator[Item]:
    """Yield open deals for which nothing is planned and that no other line (`told`) speaks of."""
    end = team.end_of(team.today(call.now)) - LAST_SECOND
    for deal in steps.without_step(owner=owner, limit=limit):
        if deal not in told:
            yield Item(Due.NEXT_STEP, end, deal, _("no next step: plan one"), AgendaKind.NO_STEP, all_day=True)


def clocks(call: Call, team: TeamCalendar, owner: int | None, until: datetime, limit: int) -> Iterator[Item]:
    """Yield the clocks of playbooks that nothing else in the agenda tells; what has run out is late."""
    found = steps.clocks(owner=owner, until=until + LAST_SECOND, limit=limit)
    known = rows.deals([deal for deal, _due, _clock in found])
    playbook_of = remembered(call)
    for deal, due, key in found:
        playbook = playbook_of(known[deal].playbook, known[deal].playbook_version)
        clock = next((each for each in playbook.clocks if each.key == key), None)
        if clock is not None:
            section = section_of(due, call.now, team)
            late = section is AgendaKind.LATE
            yield Item(Due.CLOCK, due, deal, clock.title.get(language()), section, late=late)


def unanswered(call: Call, team: TeamCalendar, owner: int | None, limit: int) -> Iterator[Item]:
    """Yield the deals whose customer commented on something and has no answer yet (handbook A, stage 4).

    They are due today: nobody promised a day, but every comment deserves an answer before the next talk.
    """
    end = team.end_of(team.today(call.now)) - LAST_SECOND
    found = steps.unanswered(owner=owner, limit=limit)
    known = rows.deals([deal for deal, _count in found])
    playbook_of = remembered(call)
    for deal, count in found:
        playbook = playbook_of(known[deal].playbook, known[deal].playbook_version)
        answering = answers.answering(playbook)
        if len(answering) > 1:
            facts = load(call, deal).facts
            asked = {key: answers.asked_of(playbook, facts, key) for key in answering}
            answering = tuple(key for key in answering if any(not each.answered_in for each in asked[key]))
        text = ngettext(
            "{n} comment of the customer has no answer", "{n} comments of the customer have no answer", count
        )
        yield Item(
            Due.FEEDBACK,
            end,
            deal,
            text.format(n=count),
            AgendaKind.TODAY,
            all_day=True,
            output=next(iter(answering), ""),
        )


def look_again(call: Call, team: TeamCalendar, owner: int | None, until: datetime, limit: int) -> Iterator[Item]:
    """Yield the deals on the care list whose day to look again has come, or comes."""
    for deal, day in steps.look_again(owner=owner, until=team.today(until), limit=limit):
        at = team.end_of(day) - LAST_SECOND
        section = section_of(at, call.now, team)
        late = section is AgendaKind.LATE
        yield Item(Due.CARE, at, deal, _("on the care list: look again"), section, all_day=True, late=late)
