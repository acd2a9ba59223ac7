"""The two lines of a card: four fixed corners, one question each.

Line 1: who, and may it move. Line 2: how much it matters, and when must I act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.dataclass import dataclass
from salestui.domain.views import GateState, TimeKind
from salestui.widgets.amounts import short_amount
from salestui.widgets.cells import compose, cut, right, width
from salestui.widgets.drawn import gate_slot, time_slot
from salestui.widgets.symbols import symbols

if TYPE_CHECKING:
    from rich.style import Style
    from textual.strip import Strip

    from salestui.domain.views import CardView
    from salestui.widgets.cells import Piece
    from salestui.widgets.theme import Ground, Palette

__all__ = ["CardLook", "card_lines"]

WIDE = 34
WITH_OUTPUTS = 20


@dataclass(frozen=True, slots=True)
class CardLook:
    """How a card is drawn: `cells` is the whole pitch of its column (1 gutter, the text, 1 gap).

    `cursor` marks it as selected, `active` says whether its pane has the focus, `strong` makes names bold.
    """

    cells: int
    cursor: bool = False
    active: bool = True
    strong: bool = False
    marked: bool = False

    @property
    def ground(self) -> Ground:
        """The ground the card lies on."""
        return "cursor" if self.cursor and self.active else "background"


@dataclass(slots=True)
class _Part:
    """A word of line 2 with its place in the order of dropping (0 is never dropped)."""

    text: str
    style: Style
    gap: int
    drop: int


def card_lines(card: CardView, look: CardLook, palette: Palette) -> tuple[Strip, Strip]:
    """Return both lines of a card."""
    text = look.cells - 2
    blank = palette.style("foreground", look.ground)
    first, second = _gutter(card, look, palette)
    upper = [*first, *_who(card, look, palette, text)]
    lower = [*second, *_when(card, look, palette, text)]
    return compose(upper, look.cells, blank), compose(lower, look.cells, blank)


def _gutter(card: CardView, look: CardLook, palette: Palette) -> tuple[list[Piece], list[Piece]]:
    signs = [sign for sign, on in ((symbols().marked, look.marked), (symbols().changed, card.changed)) if on]
    style = palette.style("primary", look.ground)
    if not look.cursor:
        return [(0, sign, style) for sign in signs[:1]], [(0, sign, style) for sign in signs[1:]]
    bar: Piece = (0, symbols().bar, palette.bar(look.ground, active=look.active))
    lower: list[Piece] = [(0, signs[0], style)] if signs else [bar] if look.active or not palette.colorless else []
    return [bar], lower


def _who(card: CardView, look: CardLook, palette: Palette, text: int) -> list[Piece]:
    slot, tone, bold = gate_slot(card.gate)
    if look.ground == "cursor" and card.gate.state is GateState.UNMET:
        tone = "foreground"
    at = right(slot, text + 1)
    name = palette.style(
        "strong" if look.ground == "cursor" else "foreground", look.ground, bold=look.strong or look.cursor
    )
    return [
        (1, cut(card.name, at - 2), name),
        (at, slot, palette.style(tone, look.ground, bold=bold)),
    ]


def _when(card: CardView, look: CardLook, palette: Palette, text: int) -> list[Piece]:
    flag, tone = time_slot(card.time)
    parts = _parts(card, look, palette, text)
    show_flag = True
    while _length(parts) + width(flag) + 1 > text:
        droppable = [part for part in parts if part.drop]
        if droppable:
            parts.remove(min(droppable, key=lambda part: part.drop))
        elif card.time.kind is TimeKind.AGE and show_flag:
            show_flag, flag = False, ""
        else:
            break
    pieces: list[Piece] = []
    at = 1
    for index, part in enumerate(parts):
        at += part.gap if index else 0
        pieces.append((at, part.text, part.style))
        at += width(part.text)
    if show_flag:
        pieces.append((right(flag, text + 1), flag, palette.style(tone, look.ground)))
    return pieces


def _length(parts: list[_Part]) -> int:
    return sum(width(part.text) + (part.gap if index else 0) for index, part in enumerate(parts))


def _parts(card: CardView, look: CardLook, palette: Palette, text: int) -> list[_Part]:
    ground = look.ground
    muted, faint = palette.style("muted", ground), palette.style("faint", ground)
    wide = text >= WIDE
    gap = 2 if wide else 1
    parts = [_Part(card.grade or "-", palette.grade(card.grade, ground), 1, 0)]
    if wide and card.score is not None:
        parts.append(_Part(str(card.score), muted, 1, 3))
    if card.amount is not None:
        amount = short_amount(card.amount)
        flag = width(time_slot(card.time)[0]) if card.time.kind is not TimeKind.AGE else 0
        if width(amount) + flag + 3 > text:
            amount = short_amount(card.amount, rounded=True)
        parts.append(_Part(amount, muted, gap, 0))
    owner = card.owner if wide and card.owner else card.owner_short
    if owner and not card.mine:
        parts.append(_Part(owner, faint, gap, 4))
    if text >= WITH_OUTPUTS and card.outputs:
        tick, todo = symbols().tick, symbols().open
        parts.append(_Part("".join(tick if done else todo for done in card.outputs), faint, 2, 2))
    if wide and card.actions is not None:
        parts.append(_Part(f"{card.actions[0]}/{card.actions[1]}", faint, 1, 1))
    return parts
