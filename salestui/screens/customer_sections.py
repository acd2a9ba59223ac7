"""One customer as sections to draw: people, deals, scores and talks in the list; company and history in the pane."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day, short_moment
from salestui.domain.deal_views import SideRow, SideSection, Word
from salestui.domain.facts import ScoreFact, Status
from salestui.domain.playbook import Text
from salestui.domain.records import ActivityState, Contact, Customer
from salestui.domain.views import Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import contacts, customers
from salestui.services.customer_pages import CampaignPlace, CustomerPage, DealLine, TalkLine
from salestui.widgets.amounts import short_amount
from salestui.widgets.cells import width, wrap
from salestui.widgets.listing_rows import Cell, Column, Row, Section

__all__ = ["CONTACT", "DEAL", "PLACE", "TALK", "in_list", "in_pane"]

CONTACT, DEAL, PLACE, TALK = "contact", "deal", "place", "talk"
"""The first part of the keys of rows; the second is the number of the contact, deal, campaign or conversation."""

_SHOWN: Final = ("industry", "region", "size", "website", "address", "source", "need", "note")
_LINES: Final = {"need": 6, "note": 6}


def in_list(page: CustomerPage, team: TeamCalendar, now: datetime) -> tuple[Section, ...]:
    """Return the sections with the cursor: people, deals, classes and scores, talks."""
    return (
        _people(page.people),
        _deals(page.deals, team),
        *(_places(page.places, team) if page.places else ()),
        _talks(page.talks, team, now),
    )


def _count(found: Sequence[object]) -> str:
    return str(len(found)) if found else ""


def _choice_text(key: str, field: str) -> str:
    """Return a contact's role or stance in words; what is no choice of the form stands as it is."""
    asked = next(each for each in contacts.contact_fields() if each.key == field)
    choice = asked.choice(key)
    text: Text | None = choice.text if choice else None
    return text.get(language()) if text else key


def _people(people: Sequence[Contact]) -> Section:
    tones = {"supports": Tone.SUCCESS, "against": Tone.ERROR}
    rows = tuple(
        Row(
            (CONTACT, person.id),
            (
                Cell(person.name, Tone.NORMAL),
                Cell(person.title),
                Cell(_choice_text(person.role, "role")),
                Cell(person.phone or person.email),
                Cell(_choice_text(person.stance, "stance"), tones.get(person.stance, Tone.FAINT)),
            ),
        )
        for person in people
    )
    columns = (Column(10, share=2), Column(8, share=2), Column(10), Column(14, share=1), Column(10, at_right=True))
    empty = (_("No contacts yet"), (("a", _("add")),))
    return Section(rows, columns, _("Contacts"), _count(people), more=("a", _("add")) if people else None, empty=empty)


def _deals(found: Sequence[DealLine], team: TeamCalendar) -> Section:
    rows = []
    for line in found:
        deal = line.deal
        running = deal.status in {Status.OPEN, Status.WON}
        day = deal.expected_on if running else team.today(deal.closed_at) if deal.closed_at else None
        rows.append(
            Row(
                (DEAL, deal.id),
                (
                    Cell(line.stage, Tone.NORMAL if running else Tone.FAINT),
                    Cell(short_amount(deal.amount)),
                    Cell(short_day(day, language()) if day else "", Tone.FAINT),
                    Cell(deal.title or deal.campaign_name, Tone.FAINT),
                    Cell(line.state, Tone.SUCCESS if deal.status in {Status.WON, Status.COMPLETED} else Tone.MUTED),
                    Cell(deal.owner_name, Tone.FAINT),
                ),
            )
        )
    columns = (
        Column(14),
        Column(8, at_right=True),
        Column(7, at_right=True),
        Column(12, share=2),
        Column(8, share=1),
        Column(8, needs=70),
    )
    empty = (_("No deals yet"), (("n", _("new")),))
    return Section(
        tuple(rows), columns, _("Deals"), _count(found), more=("n", _("new")) if found else None, empty=empty
    )


def _places(places: Sequence[CampaignPlace], team: TeamCalendar) -> tuple[Section, ...]:
    """Say for each campaign on which list the customer is, and how it was scored there."""
    rows = tuple(
        Row(
            (PLACE, place.campaign),
            (
                Cell(place.name, Tone.NORMAL),
                Cell(_class_text(place), Tone.MUTED if place.classification else Tone.FAINT),
                Cell(place.scores[0].grade if place.scores else "-", grade=True),
                Cell(_score_text(place), Tone.MUTED if place.scores else Tone.FAINT),
                Cell(_scored_when(place.scores, team), Tone.FAINT),
                Cell(place.reason.replace("\n", " "), Tone.FAINT),
            ),
        )
        for place in places
        if place.sorts or place.scored
    )
    if not rows:
        return ()
    columns = (
        Column(14, share=2),
        Column(10, share=1),
        Column(1),
        Column(8),
        Column(12),
        Column(8, share=2, needs=76),
    )
    return (Section(rows, columns, _("Class and score")),)


def _class_text(place: CampaignPlace) -> str:
    if not place.sorts:
        return ""
    return place.classification or _("no class yet")


def _score_text(place: CampaignPlace) -> str:
    if place.scores:
        return f"{place.scores[0].total}/{place.highest}"
    return _("no score") if place.scored else ""


def _scored_when(scores: Sequence[ScoreFact], team: TeamCalendar) -> str:
    """Return the day of the last score, and what the one before it was."""
    if not scores:
        return ""
    day = short_day(team.today(scores[0].at), language())
    return f"{day} < {scores[1].grade} {scores[1].total}" if len(scores) > 1 else day


def _talks(found: Sequence[TalkLine], team: TeamCalendar, now: datetime) -> Section:
    rows = []
    for line in found:
        talk = line.talk
        if talk.state is ActivityState.CANCELLED:
            continue
        planned = talk.state is ActivityState.PLANNED
        if talk.all_day:
            when = short_day(team.today(talk.at), language())
        else:
            when = short_moment(talk.at, team.zone, language())
        tone = (Tone.ERROR if talk.at < now else Tone.NORMAL) if planned else Tone.MUTED
        rows.append(
            Row(
                (TALK, talk.id),
                (
                    Cell(when, tone),
                    Cell(line.channel),
                    Cell(_what(line), Tone.NORMAL if planned else Tone.MUTED),
                    Cell(_summary(line), Tone.FAINT),
                    Cell(talk.owner_name, Tone.FAINT),
                ),
            )
        )
    columns = (Column(12), Column(6), Column(14, share=3), Column(10, needs=64), Column(8))
    empty = (_("Nobody has spoken with them yet"), (("t", _("log a talk")),))
    return Section(tuple(rows), columns, _("Talks"), _count(rows), empty=empty)


def _what(line: TalkLine) -> str:
    texts = (line.talk.subject, *(value for value in line.talk.values.values() if isinstance(value, str)))
    skipped = {line.talk.channel, str(line.talk.values.get("at"))}
    return next((text.replace("\n", " ") for text in texts if text and text not in skipped), "")


def _summary(line: TalkLine) -> str:
    if line.talk.state is ActivityState.PLANNED:
        return _("planned")
    return _("summary sent") if line.talk.summary_sent_at else _("no summary")


# -- the pane ------------------------------------------------------------------------------------------------------


def in_pane(page: CustomerPage, team: TeamCalendar, across: int) -> tuple[SideSection, ...]:
    """Return company and history for a pane of `across` cells."""
    return (_company(page.customer, across), _history(page, team))


def _company(customer: Customer, across: int) -> SideSection:
    labels = {field.key: field.label.get(language()) for field in customers.customer_fields()}
    rows = [SideRow((Word(line),)) for line in wrap(customer.name, across - 1, 4)]
    filled = [
        (labels[key], str(getattr(customer, key)), _LINES.get(key, 2)) for key in _SHOWN if getattr(customer, key)
    ]
    filled.append((labels["owner"], customer.owner_name, 1))
    at = min(max(width(label) for label, _text, _most in filled) + 2, 14)
    for label, text, most in filled:
        first, *others = wrap(text, across - at - 1, most) or [""]
        rows.append(SideRow((Word(label, Tone.FAINT), Word(first, Tone.MUTED))))
        rows += [SideRow((Word("", Tone.FAINT), Word(line, Tone.MUTED))) for line in others]
    return SideSection(_("Company"), tuple(rows), columns=(0, at), more=("i", _("edit")))


def _history(page: CustomerPage, team: TeamCalendar) -> SideSection:
    rows = tuple(
        SideRow(
            (
                Word(short_moment(event.at, team.zone, language()), Tone.FAINT),
                Word(event.actor_name, Tone.MUTED),
                Word(text, Tone.MUTED),
            )
        )
        for event, text in page.events
    )
    columns = (0, 13, 20) if language() == "zh" else (0, 14, 26)
    return SideSection(_("History"), rows, columns=columns, more=("H", _("all")))
