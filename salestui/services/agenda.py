"""What is due: summaries, follow-ups, scores that expire, reviews that wait for me, care for customers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from salestui.domain.agenda import AgendaLine, DealLine, Due, gate_slot, section_of
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.customer_events import kind_text
from salestui.domain.dates import short_day
from salestui.domain.playbook import After, FieldType, Scope
from salestui.domain.views import AgendaKind
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import agenda_steps, playbooks, reviews
from salestui.services.agenda_items import LAST_SECOND, Item
from salestui.services.loading import team_of
from salestui.services.playbook_memo import remembered
from salestui.services.request import Call, reads
from salestui.storage import agenda as rows
from salestui.storage import agenda_steps as step_rows

__all__ = ["DAYS_AHEAD", "LIMIT", "counts", "due"]

DAYS_AHEAD: Final = 14
"""How many days of things to come the agenda shows unless told otherwise."""
LIMIT: Final = 500
"""The most lines of one kind: more than anybody reads, and little enough to be instant."""

_SECTIONS = tuple(AgendaKind)


@reads
def due(call: Call, *, owner: int | None, until_days: int = DAYS_AHEAD, limit: int = LIMIT) -> tuple[AgendaLine, ...]:
    """Return what is due by the end of the day `until_days` from today, of one person or (None) of everybody.

    In the order of the agenda's sections: late, today, for me to review, tomorrow, later, without a next step; within
    one by time, what was promised first. An expired score stands under today: it keeps a gate shut, but nobody was
    promised it. So do deals that stand still or that the rhythm of their grade asks to contact, and reviews that a new
    revision voided.
    """
    team = team_of(call)
    until = team.end_of(team.today(call.now) + timedelta(days=until_days)) - LAST_SECOND
    items = [
        *_summaries(call, team, owner, until, limit),
        *_follow_ups(call, team, owner, until, limit),
        *_scores(call, team, owner, until, limit),
        *_care(call, team, owner, until),
        *agenda_steps.look_again(call, team, owner, until, limit),
        *agenda_steps.clocks(call, team, owner, until, limit),
        *agenda_steps.unanswered(call, team, owner, limit),
        *_reviews(call),
        *_voided(call),
        *agenda_steps.quiet(call, team, owner, until, limit),
    ]
    told = {item.deal: item for item in items if item.kind in {Due.IDLE, Due.CONTACT}}
    items += agenda_steps.without_step(call, team, owner, limit, told)
    known = rows.deals([item.deal for item in items])
    lines = [_line(item, known[item.deal], call.now) for item in items if item.deal in known]
    return tuple(sorted(lines, key=lambda line: _order(line, call.now)))


def _order(line: AgendaLine, now: datetime) -> tuple[int, bool, datetime, int, int]:
    """Sort by section and time; what is due today without a promise comes after what was promised for today."""
    unpromised = line.section is AgendaKind.TODAY and line.at < now
    return _SECTIONS.index(line.section), unpromised, line.at, line.deal, line.activity


@reads
def counts(call: Call, owner: int | None, found: Sequence[AgendaLine] | None = None) -> tuple[int, int, int]:
    """Return how many things are late, due today, and waiting for the actor's review.

    Where the lines of the agenda were `found` already, its reviews are not read again.
    """
    team = team_of(call)
    end = team.end_of(team.today(call.now)) - LAST_SECOND
    summaries = [item.late for item in _summaries(call, team, owner, end, LIMIT)]
    care = [item.late for item in _care(call, team, owner, end)]
    care += [item.late for item in agenda_steps.look_again(call, team, owner, end, LIMIT)]
    clocks = [item.late for item in agenda_steps.clocks(call, team, owner, end, LIMIT)]
    promised = summaries + care + clocks
    late = rows.count_planned(owner=owner, until=call.now - timedelta(microseconds=1)) + sum(promised)
    today = rows.count_planned(owner=owner, since=call.now, until=end) + len(promised) - sum(promised)
    today += rows.count_scores(owner=owner, until=end + LAST_SECOND)
    kinds = None if found is None else Counter(line.kind for line in found)
    today += len(reviews.voided_for_me(call)) if kinds is None else kinds[Due.VOIDED]
    today += step_rows.count_unanswered(owner=owner)
    today += step_rows.count_quiet(owner=owner, now=call.now)
    return late, today, len(reviews.waiting_for_me(call)) if kinds is None else kinds[Due.REVIEW]


def _line(item: Item, deal: DealLine, now: datetime) -> AgendaLine:
    return AgendaLine(
        kind=item.kind,
        at=item.at,
        all_day=item.all_day,
        late=item.late,
        minutes=int((item.at - now).total_seconds() // 60),
        section=item.section,
        deal=deal.id,
        customer=deal.customer,
        label=deal.label,
        grade=deal.grade,
        amount=deal.amount,
        what=item.what,
        titled=item.titled,
        stage=deal.stage,
        gate=gate_slot(deal),
        playbook=deal.playbook,
        playbook_version=deal.playbook_version,
        owner=deal.owner,
        owner_name=deal.owner_name,
        activity=item.activity,
        review=item.review,
        channel=item.channel,
        output=item.output,
    )


def _summaries(call: Call, team: TeamCalendar, owner: int | None, until: datetime, limit: int) -> Iterator[Item]:
    """Yield the talks whose summary is not sent, with the time it is due (24 hours; handbook A, stage 3)."""
    playbook_of = remembered(call)
    for talk in rows.unsummed_talks(owner=owner, limit=limit):
        output = playbook_of(talk.playbook, talk.playbook_version).talk_output()
        if output is None or output.summary is None:
            continue
        at = deadline(talk.at, output.summary.within, team)
        if at <= until:
            section = section_of(at, call.now, team)
            yield Item(
                Due.SUMMARY,
                at,
                talk.deal,
                _summary_text(talk, team),
                section,
                late=at < call.now,
                activity=talk.id,
                channel=talk.channel,
            )


def _summary_text(talk: rows.Pending, team: TeamCalendar) -> str:
    day = short_day(team.today(talk.at), language())
    if talk.subject:
        return _("send the summary of {day}: {subject}").format(day=day, subject=talk.subject)
    return _("send the summary of the talk on {day}").format(day=day)


def _follow_ups(call: Call, team: TeamCalendar, owner: int | None, until: datetime, limit: int) -> Iterator[Item]:
    for plan in rows.planned(owner=owner, until=until, limit=limit):
        section = section_of(plan.at, call.now, team)
        yield Item(
            Due.FOLLOW_UP,
            plan.at,
            plan.deal,
            plan.subject,
            section,
            all_day=plan.all_day,
            late=section is AgendaKind.LATE,
            activity=plan.id,
            channel=plan.channel,
        )


def _scores(call: Call, team: TeamCalendar, owner: int | None, until: datetime, limit: int) -> Iterator[Item]:
    """Yield the scores that have expired or will, under their last valid day (handbook A, stage 2: one month)."""
    seen: set[tuple[int, int]] = set()
    found = rows.scores(owner=owner, until=until + LAST_SECOND, limit=limit)
    known = rows.deals([deal for deal, _until, _moved in found])
    for number, expires, moved in found:
        deal = known[number]
        if (deal.customer, deal.campaign) in seen:
            continue
        seen.add((deal.customer, deal.campaign))
        last = expires - LAST_SECOND
        section = section_of(last, call.now, team)
        expired = section is AgendaKind.LATE
        day = short_day(team.today(last), language())
        what = _score_text(moved, day, expired=expired)
        section = AgendaKind.TODAY if expired else section
        yield Item(Due.SCORE, last, number, what, section, all_day=True)


def _score_text(moved: str, day: str, *, expired: bool) -> str:
    """Say that a score expires; `moved` is what moved at the customer, "" where time alone did it."""
    if moved:
        text = _("{moved}: the score expired on {day}") if expired else _("{moved}: score again by {day}")
        return text.format(moved=kind_text(moved, language()), day=day)
    if expired:
        return _("the score expired on {day}: score again").format(day=day)
    return _("the score is valid until {day}: score again").format(day=day)


def _care(call: Call, team: TeamCalendar, owner: int | None, until: datetime) -> Iterator[Item]:
    """Yield the days on which won customers are to be contacted, as their relationship plans say."""
    asked = {
        output.key: field.key
        for each in playbooks.installed(call)
        for _stage, output in playbooks.get(call, each.key, each.version).outputs()
        if output.owner is Scope.CUSTOMER
        for field in output.fields
        if field.type is FieldType.DATE and After("today") in field.rules
    }
    for found in rows.dated_outputs(tuple(asked.items()), owner=owner):
        at = team.end_of(date.fromisoformat(found.day)) - LAST_SECOND
        if at <= until:
            section = section_of(at, call.now, team)
            what = _("keep in touch, as the relationship plan says")
            late = section is AgendaKind.LATE
            yield Item(Due.CARE, at, found.deal, what, section, all_day=True, late=late, output=found.key)


def _reviews(call: Call) -> Iterable[Item]:
    for line in reviews.waiting_for_me(call):
        title = line.title.get(language())
        what = _("{output} r{revision}, asked by {name}").format(
            output=title, revision=line.revision, name=line.requested_by
        )
        absent = dict.fromkeys(line.deputy_for.values())
        if absent:
            joined = ("、" if language() == "zh" else ", ").join(absent)
            what = _("{what}, for {name}").format(what=what, name=joined)
        yield Item(
            Due.REVIEW,
            line.requested_at,
            line.deal,
            what,
            AgendaKind.REVIEW,
            titled=title.startswith("《"),
            review=line.review,
            output=line.output,
        )


def _voided(call: Call) -> Iterable[Item]:
    """Yield the reviews whose votes a new revision voided, for who asked and who voted (they bind to one revision)."""
    for line in reviews.voided_for_me(call):
        title = line.title.get(language())
        if line.mine:
            text = _("{output}: the votes on r{old} are voided by r{n}, ask for its review")
        else:
            text = _("{output}: your vote on r{old} is voided by r{n}")
        what = text.format(output=title, old=line.revision, n=line.voided_by)
        yield Item(
            Due.VOIDED,
            line.at,
            line.deal,
            what,
            AgendaKind.TODAY,
            all_day=True,
            titled=title.startswith("《"),
            review=line.review,
            output=line.output,
        )
