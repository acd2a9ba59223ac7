"""The board: which deals stand in which column, in which order, and what each card says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.names import shortest
from salestui.domain.playbook import Playbook, Stage
from salestui.domain.records import CardRow
from salestui.domain.rhythm import idle_days
from salestui.domain.text import same_name
from salestui.domain.views import CardView, CardWindow, ColumnView, GateSlot, GateState, TimeKind, TimeSlot
from salestui.errors import NotFound
from salestui.i18n import language
from salestui.services import campaigns, cards, playbooks, users
from salestui.services.loading import team_of
from salestui.services.request import Call, Request, reads
from salestui.storage import cards as rows

SUMMARY_SHOWN = timedelta(hours=48)
"""Summaries are shown this long before they are due: twice the usual limit, so that a clock set back hides none."""
_LATE = frozenset({TimeKind.SUMMARY_LATE, TimeKind.FOLLOWUP_LATE})
_TODAY = frozenset({TimeKind.DUE_TODAY, TimeKind.SUMMARY_LEFT})


@dataclass(frozen=True, slots=True)
class Selection:
    """What the board shows: one campaign, or all campaigns of one playbook; one owner's deals or everybody's."""

    campaign: int | None = None
    playbook: str = ""
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card's row with what was judged from it at the board's instant."""

    row: CardRow
    gate: GateSlot
    time: TimeSlot
    searched: str

    @property
    def order(self) -> tuple[int, int, int, str, int]:
        """Late, due today, ready, then fewest unmet; those that cannot pass come last (look.md)."""
        if self.gate.state is GateState.CANNOT_PASS:
            rank = 4
        elif self.time.kind in _LATE:
            rank = 0
        elif self.time.kind in _TODAY:
            rank = 1
        else:
            rank = 2 if self.row.unmet == 0 else 3
        hours = self.time.value * (24 if self.time.kind is TimeKind.FOLLOWUP_LATE else 1)
        urgency = -hours if rank == 0 else 0
        return (
            rank,
            self.row.unmet if rank else 0,
            urgency,
            self.time.at.isoformat() if self.time.at else "",
            self.row.id,
        )


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows, as it stood at `as_of` (UTC)."""

    selection: Selection
    playbook: Playbook
    campaign_name: str
    currency: str
    as_of: datetime
    columns: Mapping[str, tuple[Card, ...]]
    short_names: Mapping[str, str]
    me: int
    owner_name: str = ""

    @property
    def deals(self) -> int:
        """How many deals it shows."""
        return sum(len(cards) for cards in self.columns.values())

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages that have a column: retired ones only while a deal stands there."""
        return tuple(stage for stage in self.playbook.stages if not stage.retired or self.columns.get(stage.key))


@reads
def choices(call: Call) -> tuple[tuple[Selection, str], ...]:
    """Return what the board can be set to: every open campaign, and all campaigns of a playbook that has several."""
    known = [campaign for campaign in campaigns.all(call) if not campaign.closed]
    found = [(Selection(campaign=campaign.id, playbook=campaign.playbook), campaign.name) for campaign in known]
    per_playbook = Counter(campaign.playbook for campaign in known)
    for key, count in per_playbook.items():
        if count > 1:
            title = playbooks.latest(call, key).title.get(language())
            found.append((Selection(playbook=key), title))
    return tuple(found)


def load(request: Request, selection: Selection) -> Board:
    """Return the board for a selection; an empty selection means the first campaign there is.

    Cards whose kept figures time has overtaken are judged anew first.
    """
    cards.bring_up_to_date(request)
    return _load(request, selection)


@reads
def _load(call: Call, selection: Selection) -> Board:
    chosen, playbook, name, currency = _chosen(call, selection)
    team = team_of(call)
    ids = (
        [chosen.campaign]
        if chosen.campaign is not None
        else [campaign.id for campaign in campaigns.all(call) if campaign.playbook == playbook.key]
    )
    found = rows.rows(campaigns=ids, owner=chosen.owner)
    columns: dict[str, list[Card]] = defaultdict(list)
    for row in found:
        columns[row.stage].append(_card(row, playbook, team, call.now))
    return Board(
        selection=chosen,
        playbook=playbook,
        campaign_name=name,
        currency=currency,
        as_of=call.now,
        columns={stage: tuple(sorted(stacked, key=lambda card: card.order)) for stage, stacked in columns.items()},
        short_names=shortest(user.name for user in users.all(call)),
        me=call.actor.id,
        owner_name=users.get(call, chosen.owner).name if chosen.owner is not None else "",
    )


def _chosen(call: Call, selection: Selection) -> tuple[Selection, Playbook, str, str]:
    if selection.campaign is None and not selection.playbook:
        first = next((campaign for campaign in campaigns.all(call) if not campaign.closed), None)
        if first is None:
            key = playbooks.default_key(call)
            return Selection(owner=selection.owner), playbooks.latest(call, key), "", "CNY"
        selection = Selection(first.id, first.playbook, selection.owner)
    if selection.campaign is not None:
        campaign = campaigns.get(call, selection.campaign)
        playbook = playbooks.get(call, campaign.playbook, campaign.playbook_version)
        return selection, playbook, campaign.name, campaign.currency
    same = [campaign for campaign in campaigns.all(call) if campaign.playbook == selection.playbook]
    playbook = playbooks.latest(call, selection.playbook)
    if not same:
        return selection, playbook, "", "CNY"
    return selection, playbook, playbook.title.get(language()), same[0].currency


def _card(row: CardRow, playbook: Playbook, team: TeamCalendar, now: datetime) -> Card:
    searched = same_name(f"{row.label} {row.also} {row.owner_name} D{row.id} {row.grade}")
    return Card(row, gate_slot(row), time_slot(row, playbook, team, now), searched)


def gate_slot(row: CardRow) -> GateSlot:
    """Return the gate's answer for the corner of a card."""
    if row.unmet == 0:
        return GateSlot(GateState.EXCEPTION if row.excepted else GateState.READY)
    if row.hopeless:
        return GateSlot(GateState.CANNOT_PASS)
    if row.waiting:
        return GateSlot(GateState.WAITING)
    return GateSlot(GateState.UNMET, row.unmet)


def time_slot(row: CardRow, playbook: Playbook, team: TeamCalendar, now: datetime) -> TimeSlot:
    """Return the most urgent date of a card, in the order of `TimeKind`."""
    today = team.today(now)
    if row.summary_due is not None and row.summary_due <= now:
        return TimeSlot(TimeKind.SUMMARY_LATE, _hours(now - row.summary_due))
    if row.summary_due is not None and row.summary_due - now <= SUMMARY_SHOWN:
        return TimeSlot(TimeKind.SUMMARY_LEFT, _hours(row.summary_due - now))
    if row.next_at is not None:
        local = row.next_at.astimezone(team.zone)
        days = (today - local.date()).days
        if days > 0:
            return TimeSlot(TimeKind.FOLLOWUP_LATE, days)
        if days == 0:
            return TimeSlot(TimeKind.DUE_TODAY, 0, None if row.next_all_day else local.time().replace(second=0))
    if row.status is Status.OPEN and row.score_until is not None and row.score_until <= now:
        return TimeSlot(TimeKind.SCORE_EXPIRED)
    limit = playbook.stage(row.stage).ageing_limit if playbook.has_stage(row.stage) else None
    if limit is not None and row.idle_at is not None and row.idle_at <= now:
        return TimeSlot(TimeKind.OVER_AGE, idle_days(row.idle_at, limit, now, team))
    return TimeSlot(TimeKind.AGE, max(0, (today - team.today(row.stage_since)).days))


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


def columns(
    board: Board, *, text: str = "", marked: frozenset[int] = frozenset(), changed: frozenset[int] = frozenset()
) -> tuple[ColumnView, ...]:
    """Return the columns to draw: cards that hold every word of `text`, read page by page as they come in sight."""
    words = [same_name(word) for word in text.split()]
    return tuple(_column(board, stage, words, marked, changed) for stage in board.stages())


def _column(
    board: Board, stage: Stage, words: Sequence[str], marked: frozenset[int], changed: frozenset[int]
) -> ColumnView:
    stacked = board.columns.get(stage.key, ())
    if words:
        stacked = tuple(card for card in stacked if all(word in card.searched for word in words))
    positions = {card.row.id: index for index, card in enumerate(stacked)}

    def fetch(start: int, stop: int) -> Sequence[CardView]:
        return tuple(_view(board, card, marked, changed) for card in stacked[start:stop])

    return ColumnView(
        key=stage.key,
        number=stage.number,
        title=stage.short.get(language()),
        count=len(stacked),
        sum=_sum(stacked, board.currency),
        late=sum(card.time.kind in _LATE for card in stacked),
        ready=sum(card.row.unmet == 0 for card in stacked),
        cards=CardWindow(len(stacked), fetch, positions.get),
    )


def _sum(stacked: Sequence[Card], currency: str) -> Money | None:
    """Return the total of the amounts in the board's currency; other currencies are not added up."""
    amounts = [card.row.amount.minor for card in stacked if card.row.amount and card.row.amount.currency == currency]
    return Money(sum(amounts), currency) if amounts else None


def _view(board: Board, card: Card, marked: frozenset[int], changed: frozenset[int]) -> CardView:
    row = card.row
    return CardView(
        deal_id=row.id,
        code=f"D{row.id}",
        name=row.label,
        gate=card.gate,
        time=card.time,
        grade=row.grade or None,
        score=row.score,
        amount=row.amount,
        owner_short=board.short_names.get(row.owner_name, row.owner_name),
        owner=row.owner_name,
        outputs=tuple(sign == "1" for sign in row.outputs_done),
        actions=(row.actions_done, row.actions_total) if row.actions_total else None,
        marked=row.id in marked,
        changed=row.id in changed,
        mine=board.selection.owner == board.me and row.owner == board.me,
    )


def total(board: Board) -> Money | None:
    """Return the sum of all deals shown, in the board's currency."""
    return _sum([card for stacked in board.columns.values() for card in stacked], board.currency)


def find(board: Board, deal: int) -> Card:
    """Return the card of a deal; raises NotFound when the board does not show it."""
    for stacked in board.columns.values():
        for card in stacked:
            if card.row.id == deal:
                return card
    raise NotFound("deal", f"D{deal}")
