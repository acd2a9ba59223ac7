"""What the screens draw: frozen views with meanings instead of words, made by the services for one look at the data.

A view holds names and texts that people or the playbook gave, and values; words such as "late" or "missing 3" are the
widgets' business, which know the language, the width and the colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable
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
    (done, total). `mine` hides the owner.
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


class CardWindow(Sequence[CardView]):
    """A column's cards, read page by page when they come into sight, so that a column costs the same at any length.

    `fetch(start, stop)` returns the cards of that half-open range in order; `locate(deal_id)` returns a card's position
    or None. Two windows are never equal unless they are the same object: the board then compares the cards in sight.
    """

    __slots__ = ("_count", "_fetch", "_locate", "_pages", "_size")

    def __init__(
        self,
        count: int,
        fetch: Callable[[int, int], Sequence[CardView]],
        locate: Callable[[int], int | None] | None = None,
        page: int = 64,
    ) -> None:
        self._count = count
        self._fetch = fetch
        self._locate = locate
        self._size = page
        self._pages: dict[int, Sequence[CardView]] = {}

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
        page, within = divmod(position, self._size)
        if page not in self._pages:
            start = page * self._size
            self._pages[page] = self._fetch(start, min(start + self._size, self._count))
        return self._pages[page][within]

    def locate(self, deal_id: int) -> int | None:
        """Return the position of a deal, None when it is not in this column."""
        if self._locate is not None:
            return self._locate(deal_id)
        return next((index for index, card in enumerate(self) if card.deal_id == deal_id), None)


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

    def locate(self, deal_id: int) -> int | None:
        """Return the position of a deal's card, None when it is not in this column."""
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
