"""What the screens draw: frozen views with meanings instead of words, made by the services for one look at the data.

A view holds names and texts that people or the playbook gave, and values; words such as "late" or "missing 3" are the
widgets' business, which know the language, the width and the colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, overload

from salestui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date, time

    from salestui.domain.money import Money


class GateState(StrEnum):
    """May the card move? The one answer in the corner of a card."""

    READY = "ready"
    UNMET = "unmet"
    WAITING = "waiting"
    EXCEPTION = "exception"
    CANNOT_PASS = "cannot_pass"


class TimeKind(StrEnum):
    """When must somebody act? The most urgent answer wins, in this order."""

    SUMMARY_LATE = "summary_late"
    SUMMARY_LEFT = "summary_left"
    FOLLOWUP_LATE = "followup_late"
    DUE_TODAY = "due_today"
    SCORE_EXPIRED = "score_expired"
    OVER_AGE = "over_age"
    AGE = "age"


class CheckState(StrEnum):
    """One condition: met, unmet, or open (optional, waiting, not yet asked)."""

    MET = "met"
    UNMET = "unmet"
    OPEN = "open"


class Tone(StrEnum):
    """How loud a word is; the theme gives each tone its colour."""

    STRONG = "strong"
    NORMAL = "foreground"
    MUTED = "muted"
    FAINT = "faint"
    PRIMARY = "primary"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class GateSlot:
    """The gate's answer for one card; `unmet` counts the unmet requirements (0 unless the state is UNMET)."""

    state: GateState
    unmet: int = 0


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """The most urgent date of one card.

    `value` counts hours for the summaries and days for the rest; `at` is the local hour of something due today, None
    when it is due at any hour.
    """

    kind: TimeKind
    value: int = 0
    at: time | None = None


@dataclass(frozen=True, slots=True)
class StageRef:
    """A stage as people name it: its number counted from 1, and its title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class CardView:
    """One deal as a card on the board.

    `name` is the short company name, `outputs` says for each output of the stage whether it is done, `actions` is
    (done, total). `mine` hides the owner. `version` is the deal's when the card was read.
    """

    deal_id: int
    code: str
    name: str
    gate: GateSlot
    time: TimeSlot
    grade: str | None = None
    score: int | None = None
    amount: Money | None = None
    owner_short: str = ""
    owner: str = ""
    outputs: tuple[bool, ...] = ()
    actions: tuple[int, int] | None = None
    marked: bool = False
    changed: bool = False
    mine: bool = False
    version: int = 0


class CardWindow(Sequence[CardView]):
    """A column's cards of which only some pages were read, so that a column costs the same at any length.

    `pages` maps numbers of pages of `size` cards to their cards. Two windows are never equal unless they are the same
    object: the board compares the cards in sight. Who shows a card asks with `card`, and what was asked for and is not
    there stands in `missing`, for the screen to read and `put`.
    """

    __slots__ = ("_count", "_pages", "_places", "missing", "size")

    def __init__(self, count: int, pages: Mapping[int, Sequence[CardView]], size: int) -> None:
        self.size = size
        self.missing: set[int] = set()
        self._count = count
        self._pages: dict[int, Sequence[CardView]] = {}
        self._places: dict[int, int] = {}
        for page, cards in pages.items():
            self.put(page, cards)

    def put(self, page: int, cards: Sequence[CardView]) -> None:
        """Take in a page that was read."""
        self._pages[page] = cards
        self.missing.discard(page)
        self._places |= {card.deal_id: page * self.size + at for at, card in enumerate(cards)}

    def mark(self, changed: AbstractSet[int]) -> None:
        """Have the cards of these deals, and no others, say that they changed."""
        for page, cards in self._pages.items():
            if any(card.changed != (card.deal_id in changed) for card in cards):
                self._pages[page] = [replace(card, changed=card.deal_id in changed) for card in cards]

    def unread(self, start: int, stop: int) -> tuple[int, ...]:
        """Return the numbers of the pages with cards from place `start` to before `stop` that were not read."""
        start, stop = max(start, 0), min(stop, self._count)
        if start >= stop:
            return ()
        return tuple(page for page in range(start // self.size, (stop - 1) // self.size + 1) if page not in self._pages)

    def card(self, index: int) -> CardView | None:
        """Return the card at a place, None where there is none or its page was not read."""
        if not 0 <= index < self._count:
            return None
        page, within = divmod(index, self.size)
        if page not in self._pages:
            self.missing.add(page)
            return None
        cards = self._pages[page]
        return cards[within] if within < len(cards) else None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> CardView: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CardView]: ...
    def __getitem__(self, index: int | slice) -> CardView | Sequence[CardView]:
        if isinstance(index, slice):
            return tuple(self[position] for position in range(*index.indices(self._count)))
        position = index + self._count if index < 0 else index
        if not 0 <= position < self._count:
            raise IndexError(index)
        card = self.card(position)
        if card is None:
            raise LookupError(f"Card {position} was not read")
        return card

    def locate(self, deal_id: int) -> int | None:
        """Return the place of a deal, None when it is not among the cards that were read."""
        return self._places.get(deal_id)


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One stage of the board. `count`, `sum`, `late` and `ready` speak of all its cards, in sight or not."""

    key: str
    number: int
    title: str
    count: int
    sum: Money | None
    late: int
    ready: int
    cards: Sequence[CardView] = ()

    def card(self, index: int) -> CardView | None:
        """Return the card at a place, None where there is none or it was not read."""
        if isinstance(self.cards, CardWindow):
            return self.cards.card(index)
        return self.cards[index] if 0 <= index < len(self.cards) else None

    def locate(self, deal_id: int) -> int | None:
        """Return the place of a deal's card, None when it is not in this column or was not read."""
        if isinstance(self.cards, CardWindow):
            return self.cards.locate(deal_id)
        return next((index for index, card in enumerate(self.cards) if card.deal_id == deal_id), None)


@dataclass(frozen=True, slots=True)
class TopBarView:
    """The top row of a place. None leaves an item out; an empty `owner` or `campaign` means all of them.

    `place` is the translated name of the place; `total` is the sum of the deals shown. `day` is local.
    """

    place: str
    day: date | None = None
    campaign: str | None = None
    owner: str | None = None
    filter: str | None = None
    deals: int | None = None
    total: Money | None = None
    marked: int = 0
    late: int | None = None
    today: int | None = None
    reviews: int | None = None
    me: str = ""
    waiting: bool = False
    notice: str = ""


@dataclass(frozen=True, slots=True)
class DealHeadView:
    """The top row of a deal: `position` is its place among its stage's cards (2, 9), `expected` the signing day."""

    name: str
    grade: str | None = None
    grade_title: str = ""
    score: int | None = None
    amount: Money | None = None
    owner: str = ""
    expected: date | None = None
    stage: str = ""
    position: tuple[int, int] | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way to deal with an unmet requirement: the key to press, what it does, what to know first."""

    key: str
    verb: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnmetLine:
    """One unmet requirement: what, why, and the verb of its fix.

    `titled` marks a document title, drawn in 《》. `short` says it in a few words for the one-row strip. `headline` and
    `detail` are the panel's longer forms of what and why, `panel_fix` of the verb. `handbook` is why the handbook asks,
    `source` where it says so.
    """

    number: int
    what: str
    why: str
    fix: str
    titled: bool = False
    short: str = ""
    headline: str = ""
    detail: str = ""
    panel_fix: str = ""
    handbook: str = ""
    source: str = ""
    ways: tuple[WayOut, ...] = ()


@dataclass(frozen=True, slots=True)
class StripView:
    """The selected card's next gate. The three facts at the right are tuples of words, empty when there is none.

    `to_stage` is None where passing completes the deal. `notice` replaces the rest (a refused key says why here).
    """

    name: str
    from_stage: StageRef | None = None
    to_stage: StageRef | None = None
    unmet: int = 0
    met: int = 0
    lines: tuple[UnmetLine, ...] = ()
    next: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class MetItem:
    """One met requirement, and a shorter form for narrow panels."""

    text: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class GatePanelView:
    """The unfolded strip: every unmet requirement with its fix, and what is met."""

    name: str
    from_stage: StageRef | None = None
    to_stage: StageRef | None = None
    unmet: int = 0
    met: int = 0
    lines: tuple[UnmetLine, ...] = ()
    met_items: tuple[MetItem, ...] = ()


class AgendaKind(StrEnum):
    """The sections of the agenda, most urgent first; open deals without a next step stand at the end."""

    LATE = "late"
    TODAY = "today"
    REVIEW = "review"
    TOMORROW = "tomorrow"
    LATER = "later"
    NO_STEP = "no_step"


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One thing to do: when, of what kind, for whom and what; `key` identifies it towards the screen."""

    key: str
    deal_id: int | None
    when: str
    kind: str
    name: str
    what: str
    grade: str | None = None
    amount: Money | None = None
    titled: bool = False
    stage: StageRef | None = None
    gate: GateSlot | None = None


@dataclass(frozen=True, slots=True)
class AgendaSection:
    """Rows of one urgency; `total` counts them all, also those not in `rows`. `day` is the local day it stands for."""

    kind: AgendaKind
    total: int
    rows: tuple[AgendaRow, ...]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class AgendaStripView:
    """The strip below the agenda: the thing under the cursor and up to six labelled facts, two to a row."""

    name: str
    what: str = ""
    urgent: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class KeyHint:
    """One key of the footer; `leaving` keys stand at the right and are never dropped."""

    key: str
    verb: str
    enabled: bool = True
    leaving: bool = False
    action: str = field(default="", compare=False)
