"""The board: which deals stand in which column, in which order, and what each card says.

A board holds the figures of all its columns but only the pages of cards that are in sight; further ones are read with
`cards_of` when they come near.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.names import shortest
from salestui.domain.placement import promised_slot
from salestui.domain.playbook import Playbook, Stage
from salestui.domain.records import CardRow
from salestui.domain.rhythm import idle_days
from salestui.domain.views import CardView, CardWindow, ColumnView, GateSlot, GateState, TimeKind, TimeSlot
from salestui.errors import NotFound
from salestui.i18n import language
from salestui.services import campaigns, cards, playbooks, users
from salestui.services.loading import team_of
from salestui.services.request import Call, Request, reads
from salestui.storage import board as pools
from salestui.storage import cards as rows
from salestui.storage.words import words

PAGE: Final = 32
"""Cards read at a time: two screens or so, and about a millisecond."""
_ROWS: Final = 400

Windows = Mapping[str, tuple[int, int]]
"""For each stage the cards wanted, from one place to before another; a stage left out wants its first page."""


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


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of a column, over all its cards; `pages` holds those cards that were read, by number of page."""

    count: int = 0
    sum: Money | None = None
    late: int = 0
    ready: int = 0
    pages: Mapping[int, tuple[Card, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Card]:
        """Yield the cards that were read."""
        for page in sorted(self.pages):
            yield from self.pages[page]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows, as it stood at `as_of` (UTC).

    `deals` and `total` speak of all deals of the selection; `columns` of those that the filter `text` lets through.
    `found` is the column and place of the deal that was asked for.
    """

    selection: Selection
    playbook: Playbook
    campaign_name: str
    currency: str
    as_of: datetime
    columns: Mapping[str, Column]
    short_names: Mapping[str, str]
    me: int
    owner_name: str = ""
    text: str = ""
    deals: int = 0
    total: Money | None = None
    found: tuple[int, str, int] | None = None

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages that have a column: retired ones only while a deal stands there."""
        return tuple(stage for stage in self.playbook.stages if not stage.retired or stage.key in self.columns)


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


def load(
    request: Request,
    selection: Selection,
    *,
    text: str = "",
    windows: Windows | None = None,
    select: int | None = None,
    whole: bool = False,
) -> Board:
    """Return the board for a selection; an empty selection means the first campaign there is.

    Cards whose kept figures time has overtaken are judged anew first. Of each column the cards of `windows` are read
    that hold every word of `text`, and those around the deal `select`; with `whole` all cards are.
    """
    cards.bring_up_to_date(request)
    return _load(request, selection, text, None if whole else windows or {}, select)


@reads
def _load(call: Call, selection: Selection, text: str, windows: Windows | None, select: int | None) -> Board:
    chosen, playbook, name, currency = _chosen(call, selection)
    people = users.all(call)
    plain = Board(
        selection=chosen,
        playbook=playbook,
        campaign_name=name,
        currency=currency,
        as_of=call.now,
        columns={},
        short_names=shortest(user.name for user in people),
        me=call.actor.id,
        owner_name=users.get(call, chosen.owner).name if chosen.owner is not None else "",
    )
    sums = pools.counts(_pool(call, plain), currency)
    whole = replace(plain, deals=sum(each.deals for each in sums), total=_sum(sums, currency))
    return _filled(call, whole, text, windows, select, sums)


@reads
def narrowed(
    call: Call, board: Board, text: str, *, windows: Windows | None = None, select: int | None = None
) -> Board:
    """Return a board with the cards that hold every word of `text`, as fast as somebody types."""
    return _filled(call, board, text, windows or {}, select, None)


@reads
def cards_of(call: Call, board: Board, stage: str, start: int, stop: int) -> tuple[CardView, ...]:
    """Return the cards from place `start` to before `stop` of a column, as they stand now in the board's order."""
    pool = _pool(call, board)
    return tuple(_view(board, card) for card in _cards(call, board, pools.window(pool, stage, start, stop)))


def _pool(call: Call, board: Board) -> pools.Pool:
    chosen = board.selection
    people = [(user.id, user.name) for user in users.all(call)] if board.text.strip() else []
    return pools.Pool(chosen.campaign, board.playbook.key, chosen.owner, words(board.text, people))


def _filled(
    call: Call,
    board: Board,
    text: str,
    windows: Windows | None,
    select: int | None,
    sums: tuple[pools.ColumnSum, ...] | None,
) -> Board:
    """Return a board with the figures of its columns and the cards wanted; `sums` are those without a filter.

    Where `windows` is None all cards are wanted.
    """
    board = replace(board, text=text)
    pool = _pool(call, board)
    found = pools.place_of(pool, select) if select is not None else None
    if sums is None or pool.words:
        sums = pools.counts(pool, board.currency)
    per_stage: dict[str, list[pools.ColumnSum]] = {}
    for each in sums:
        if each.deals:
            per_stage.setdefault(each.stage, []).append(each)
    lengths = {stage: sum(each.deals for each in figures) for stage, figures in per_stage.items()}
    wanted = {stage: sorted(_pages(stage, length, windows, found)) for stage, length in lengths.items()}
    numbers = {stage: _numbers(pool, stage, pages) for stage, pages in wanted.items()}
    every = [deal for pages in numbers.values() for page in pages.values() for deal in page]
    read = {card.row.id: card for card in _cards(call, board, every)}
    columns = {
        stage: Column(
            count=lengths[stage],
            sum=_sum(figures, board.currency),
            late=sum(each.late for each in figures),
            ready=sum(each.ready for each in figures),
            pages={page: tuple(read[deal] for deal in deals if deal in read) for page, deals in numbers[stage].items()},
        )
        for stage, figures in per_stage.items()
    }
    at = None if found is None or select is None else (select, *found)
    return replace(board, columns=columns, found=at)


def _pages(stage: str, count: int, windows: Windows | None, found: tuple[str, int] | None) -> set[int]:
    """Return the numbers of the pages wanted of a column: those of its window, and around the deal that was found."""
    if windows is None:
        return set(range((count - 1) // PAGE + 1))
    start, stop = windows.get(stage, (0, PAGE))
    if start >= count:
        start, stop = count - (stop - start), count
    start, stop = max(start, 0), min(max(stop, start + 1), count)
    pages = set(range(start // PAGE, (stop - 1) // PAGE + 1))
    if found is not None and found[0] == stage:
        first, last = max(found[1] - PAGE // 2, 0), min(found[1] + PAGE // 2, count - 1)
        pages |= set(range(first // PAGE, last // PAGE + 1))
    return pages


def _numbers(pool: pools.Pool, stage: str, pages: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return the deals on some pages of a column, neighbouring pages with one query."""
    found: dict[int, tuple[int, ...]] = {}
    for first, last in _runs(pages):
        deals = pools.window(pool, stage, first * PAGE, (last + 1) * PAGE)
        for page in range(first, last + 1):
            found[page] = deals[(page - first) * PAGE : (page - first + 1) * PAGE]
    return found


def _runs(pages: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last number of each run of neighbours."""
    runs: list[tuple[int, int]] = []
    for page in pages:
        if runs and runs[-1][1] == page - 1:
            runs[-1] = (runs[-1][0], page)
        else:
            runs.append((page, page))
    return runs


def _cards(call: Call, board: Board, deals: Sequence[int]) -> list[Card]:
    """Return the cards of these deals, in this order."""
    team = team_of(call)
    found: dict[int, CardRow] = {}
    for start in range(0, len(deals), _ROWS):
        found |= rows.rows(deals[start : start + _ROWS])
    return [_card(found[deal], board.playbook, team, call.now) for deal in deals if deal in found]


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
    return Card(row, gate_slot(row), time_slot(row, playbook, team, now))


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
    promised = promised_slot(row.summary_due, row.next_at, all_day=row.next_all_day, now=now, team=team)
    if promised is not None:
        return promised
    if row.status is Status.OPEN and row.score_until is not None and row.score_until <= now:
        return TimeSlot(TimeKind.SCORE_EXPIRED)
    limit = playbook.stage(row.stage).ageing_limit if playbook.has_stage(row.stage) else None
    if limit is not None and row.idle_at is not None and row.idle_at <= now:
        return TimeSlot(TimeKind.OVER_AGE, idle_days(row.idle_at, limit, now, team))
    return TimeSlot(TimeKind.AGE, max(0, (team.today(now) - team.today(row.stage_since)).days))


def columns(board: Board, *, changed: frozenset[int] = frozenset()) -> tuple[ColumnView, ...]:
    """Return the columns to draw; their cards are those that were read, more are put in as they come in sight."""
    return tuple(_column(board, stage, changed) for stage in board.stages())


def _column(board: Board, stage: Stage, changed: frozenset[int]) -> ColumnView:
    column = board.columns.get(stage.key, Column())
    pages = {page: tuple(_view(board, card, changed) for card in read) for page, read in column.pages.items()}
    return ColumnView(
        key=stage.key,
        number=stage.number,
        title=stage.short.get(language()),
        count=column.count,
        sum=column.sum,
        late=column.late,
        ready=column.ready,
        cards=CardWindow(column.count, pages, PAGE),
    )


def _sum(sums: Iterable[pools.ColumnSum], currency: str) -> Money | None:
    """Return the total of the amounts in the board's currency; other currencies are not added up."""
    found = [each.minor for each in sums if each.amounts and each.currency == currency]
    return Money(sum(found), currency) if found else None


def _view(board: Board, card: Card, changed: frozenset[int] = frozenset()) -> CardView:
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
        changed=row.id in changed,
        mine=board.selection.owner == board.me and row.owner == board.me,
        version=row.version,
    )


def find(board: Board, deal: int) -> Card:
    """Return the card of a deal; raises NotFound when it is not among those that were read."""
    for column in board.columns.values():
        for card in column:
            if card.row.id == deal:
                return card
    raise NotFound("deal", f"D{deal}")
