"""Reports per rep and for the team, for process control and performance reviews (handbook B): read, never typed in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime, timedelta

from salestui.dataclass import dataclass
from salestui.domain.clocks import ClockRun, ClockState, run_of, score_runs
from salestui.domain.facts import CustomerEventFact, Status
from salestui.domain.playbook import Playbook
from salestui.domain.records import User
from salestui.domain.reports import (
    Aged,
    DealEvent,
    ExceptionLine,
    ExceptionState,
    Happened,
    Outcome,
    RepReport,
    StageAge,
    TeamReport,
    ends,
    hits,
    sum_of,
)
from salestui.errors import NotFound
from salestui.i18n import language
from salestui.services import users
from salestui.services.loading import team_of
from salestui.services.playbook_memo import PlaybookOf, remembered
from salestui.services.request import Call, reads
from salestui.services.requirement_titles import title_of
from salestui.storage import customer_events as event_rows
from salestui.storage import reports as rows

__all__ = ["month_of", "rep_report", "team_report"]

_BESIDE = timedelta(days=1)
Place = tuple[str, int, str]


@dataclass
class _Pile:
    """What was found of one rep before it is added up."""

    summaries: list[ClockRun] = field(default_factory=list)
    scores: list[ClockRun] = field(default_factory=list)
    talks: Counter[str] = field(default_factory=Counter)
    events: list[DealEvent] = field(default_factory=list)
    stages: dict[Place, list[Aged]] = field(default_factory=lambda: defaultdict(list))
    without_step: int = 0


@dataclass(frozen=True)
class _Span:
    """The days of a report, and the instants between which they lie: `start` inclusive, `end` exclusive (UTC)."""

    since: date
    until: date
    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        return self.start <= instant < self.end


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of a day's month: what is reported unless told otherwise."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - _BESIDE


@reads
def rep_report(call: Call, user: int, since: date, until: date) -> RepReport:
    """Return one person's figures from `since` to `until` (days of the team, both inclusive). Raises NotFound."""
    found = next((known for known in users.all(call) if known.id == user), None)
    if found is None:
        raise NotFound("user", str(user))
    return _Report(call, since, until).of(found)


@reads
def team_report(call: Call, since: date, until: date) -> TeamReport:
    """Return the figures of everybody who sells or sold something, by name, and the team's exceptions."""
    report = _Report(call, since, until)
    busy = report.busy()
    reps = tuple(report.of(user) for user in users.all(call) if user.id in busy)
    return TeamReport(since, until, tuple(sorted(reps, key=lambda rep: rep.name)), report.exceptions)


class _Report:
    """Reads everything once, sorts it by rep, and adds it up for those asked for."""

    def __init__(self, call: Call, since: date, until: date) -> None:
        self._call = call
        self._team = team_of(call)
        self._playbook = remembered(call)
        last = max(since, until)
        self._span = _Span(since, last, self._team.end_of(since - _BESIDE), self._team.end_of(last))
        self._piles: dict[int, _Pile] = defaultdict(_Pile)
        self._read_talks()
        self._read_scores()
        self._read_events()
        self._read_cards()
        self.exceptions = tuple(_exceptions(call, self._span, self._playbook))

    def busy(self) -> set[int]:
        """Return who has a deal, held a talk, or had an exception."""
        return set(self._piles) | {line.owner for line in self.exceptions}

    def of(self, user: User) -> RepReport:
        """Add up one rep's figures."""
        pile = self._piles.get(user.id) or _Pile()
        gates = [event for event in pile.events if event.what is Happened.GATE]
        boarded = [aged.amount for stage in pile.stages.values() for aged in stage]
        return RepReport(
            user=user.id,
            login=user.login,
            name=user.name,
            since=self._span.since,
            until=self._span.until,
            summaries=hits(pile.summaries),
            scores=hits(pile.scores),
            gates=len(gates),
            by_exception=sum(event.excepted for event in gates),
            completed=len({event.deal for event in pile.events if event.what is Happened.COMPLETED}),
            outcomes={outcome: sum_of(self._ended.get((user.id, outcome), ())) for outcome in Outcome},
            talks=tuple(sorted(pile.talks.items(), key=lambda each: (-each[1], each[0]))),
            open=sum_of(boarded),
            without_step=pile.without_step,
            stages=tuple(self._stages(pile)),
            exceptions=tuple(line for line in self.exceptions if line.owner == user.id),
        )

    # -- talks and scores --------------------------------------------------------------------------------------------

    def _read_talks(self) -> None:
        for talk in rows.talks(self._span.start, self._span.end):
            pile = self._piles[talk.owner]
            pile.talks[talk.channel] += 1
            output = self._playbook(talk.playbook, talk.playbook_version).talk_output()
            if output is not None and output.summary is not None:
                within, sent = output.summary.within, talk.summary_sent_at
                run = run_of("summary", within, talk.at, sent, self._call.now, self._team, talk.id)
                pile.summaries.append(run)

    def _read_scores(self) -> None:
        scored: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
        for membership, number, at in rows.scores():
            scored[membership].append((number, at))
        moved: dict[int, list[CustomerEventFact]] = defaultdict(list)
        for membership, event in event_rows.everywhere():
            moved[membership].append(event)
        for place in rows.places():
            playbook = self._playbook(place.playbook, place.playbook_version)
            if playbook.scoring is None:
                continue
            found = score_runs(
                playbook.scoring,
                playbook,
                scored[place.membership],
                moved[place.membership],
                self._call.now,
                self._team,
            )
            self._piles[place.owner].scores += [run for run in found if self._counts(run, is_open=place.open)]

    def _counts(self, run: ClockRun, *, is_open: bool) -> bool:
        """Tell whether a score's renewal was settled in the span; nobody renews scores of deals that are closed."""
        if run.state is ClockState.RUNNING:
            return is_open
        return self._span.holds(run.decided_at) and (is_open or run.stopped_at is not None)

    # -- deals -------------------------------------------------------------------------------------------------------

    def _read_events(self) -> None:
        found = rows.told(self._span.start, self._span.end)
        known = rows.deals(event.deal for event in found)
        owners = _Owners(found[0].id if found else 0)
        told: list[DealEvent] = []
        for event in found:
            deal = known.get(event.deal)
            if deal is None or event.after.get("imported") or (deal.imported and event.at == deal.created_at):
                continue
            owner = owners.of(event.deal, event.id, deal.owner)
            playbook = self._playbook(deal.playbook, deal.playbook_version)
            told += [DealEvent(event.deal, owner, what, excepted) for what, excepted in _happened(event, playbook)]
        for each in told:
            self._piles[each.owner].events.append(each)
        ended: dict[tuple[int, Outcome], list[int]] = defaultdict(list)
        for number, (outcome, owner) in ends(told).items():
            ended[owner, outcome].append(number)
        self._ended = {place: [known[number].amount for number in numbers] for place, numbers in ended.items()}

    def _read_cards(self) -> None:
        today = self._team.today(self._call.now)
        for card in rows.cards():
            pile = self._piles[card.owner]
            days = max(0, (today - self._team.today(card.stage_since)).days)
            idle = card.idle_at is not None and card.idle_at <= self._call.now
            pile.stages[card.playbook, card.playbook_version, card.stage].append(Aged(days, idle, card.amount))
            pile.without_step += card.status is Status.OPEN and not card.has_step

    def _stages(self, pile: _Pile) -> Iterator[StageAge]:
        merged: dict[tuple[str, str], list[Aged]] = defaultdict(list)
        places: dict[tuple[str, str], tuple[int, str]] = {}
        for (key, version, stage), aged in sorted(pile.stages.items(), key=lambda item: item[0][:2]):
            playbook = self._playbook(key, version)
            merged[key, stage] += aged
            known = playbook.stage(stage) if playbook.has_stage(stage) else None
            places[key, stage] = (known.number, known.short.get(language())) if known else (0, stage)
        for (key, stage), (number, title) in sorted(places.items(), key=lambda item: (item[0][0], item[1][0])):
            aged = merged[key, stage]
            days = round(sum(each.days for each in aged) / len(aged))
            yield StageAge(key, stage, number, title, len(aged), days, sum(each.idle for each in aged))


class _Owners:
    """Who owned a deal when something happened: whoever had it before it was next given away, else who has it now."""

    def __init__(self, since: int) -> None:
        self._given: dict[int, list[tuple[int, int]]] = defaultdict(list)
        if since:
            for event, deal, owner in rows.reassigned(since):
                self._given[deal].append((event, owner))

    def of(self, deal: int, event: int, now: int) -> int:
        """Return who owned the deal at the event; `now` is who owns it now."""
        return next((owner for given, owner in self._given[deal] if given > event), now)


def _happened(event: rows.Told, playbook: Playbook) -> Iterator[tuple[Happened, bool]]:
    """Yield what an event of a deal means for figures, and whether a gate was passed by an exception."""
    gate = event.after.get("gate")
    excepted = bool(gate.get("excepted")) if isinstance(gate, dict) else False
    match event.action:
        case "deal.moved":
            if event.after.get("cancelled"):
                yield Happened.CANCELLED, False
            elif _is_right(event, playbook):
                yield Happened.GATE, excepted
                if event.after.get("status") == Status.WON.value:
                    yield Happened.WON, False
        case "deal.completed":
            yield Happened.GATE, excepted
            yield Happened.COMPLETED, False
            if event.before.get("status") == Status.OPEN.value:
                yield Happened.WON, False
        case "deal.reopened":
            yield Happened.REOPENED, False
        case _:
            parted = Happened.LOST if event.action == "deal.lost" else Happened.IN_CARE
            yield Happened.CANCELLED if event.after.get("cancelled") else parted, False


def _is_right(event: rows.Told, playbook: Playbook) -> bool:
    source, target = str(event.before.get("stage")), str(event.after.get("stage"))
    if not (playbook.has_stage(source) and playbook.has_stage(target)):
        return "gate" in event.after
    return playbook.stage(target).number > playbook.stage(source).number


def _exceptions(call: Call, span: _Span, playbook_of: PlaybookOf) -> Iterator[ExceptionLine]:
    for found in rows.exceptions(span.start, span.end):
        playbook = playbook_of(found.playbook, found.playbook_version)
        if found.revoked_at is not None:
            state = ExceptionState.REVOKED
        else:
            state = ExceptionState.IN_FORCE if found.expires_at > call.now else ExceptionState.EXPIRED
        yield ExceptionLine(
            id=found.id,
            deal=found.deal,
            label=found.label,
            owner=found.owner,
            owner_name=found.owner_name,
            requirement=found.requirement,
            title=title_of(found.requirement, playbook).get(language()),
            reason=found.reason,
            granted_by=found.granted_by,
            recorded_by=found.recorded_by,
            granted_at=found.granted_at,
            expires_at=found.expires_at,
            revoked_at=found.revoked_at,
            state=state,
        )
