"""How cells are coloured on the wire: a style as the codes of a terminal, and the shortest way from one to another."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from rich.style import Style

__all__ = ["PLAIN", "Pen", "pen_of", "turn"]

_BOLD, _DIM, _ITALIC, _UNDERLINE, _BLINK, _FAST, _REVERSE = 1, 2, 4, 8, 16, 32, 64
_CONCEAL, _STRIKE, _DOUBLE, _FRAME, _ENCIRCLE, _OVERLINE = 128, 256, 512, 1024, 2048, 4096
_ON: Final = {
    _BOLD: "1", _DIM: "2", _ITALIC: "3", _UNDERLINE: "4", _BLINK: "5", _FAST: "6", _REVERSE: "7", _CONCEAL: "8",
    _STRIKE: "9", _DOUBLE: "21", _FRAME: "51", _ENCIRCLE: "52", _OVERLINE: "53",
}  # fmt: skip
_OFF: Final = {
    _BOLD | _DIM: "22", _ITALIC: "23", _UNDERLINE | _DOUBLE: "24", _BLINK | _FAST: "25", _REVERSE: "27",
    _CONCEAL: "28", _STRIKE: "29", _FRAME | _ENCIRCLE: "54", _OVERLINE: "55",
}  # fmt: skip
_NAMES: Final = (
    "bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike", "underline2", "frame",
    "encircle", "overline",
)  # fmt: skip
_SEEN_ON_BLANKS: Final = _UNDERLINE | _REVERSE | _STRIKE | _DOUBLE | _FRAME | _ENCIRCLE | _OVERLINE


class Pen(NamedTuple):
    """What a cell is drawn with: the codes of both colours ("" is the terminal's own) and the bits of rich's styles."""

    ink: str = ""
    ground: str = ""
    marks: int = 0

    @property
    def on_blanks(self) -> Pen:
        """The pen as far as a blank shows it: only the ground, unless a blank is underlined, reversed or the like."""
        return self if self.marks & _SEEN_ON_BLANKS else Pen(ground=self.ground)

    def blank_with(self, blank: Pen) -> Pen:
        """Return the pen nearest to this one that draws a blank as `blank` would."""
        if blank.ink or blank.marks:
            return blank
        return Pen(self.ink, blank.ground, self.marks & ~_SEEN_ON_BLANKS)


PLAIN: Final = Pen()


@lru_cache(maxsize=4096)
def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """Return what a style is on a terminal of these colours. Links are left out: nobody has checked where they lead."""
    if style is None:
        return PLAIN
    ink = ground = ""
    if style.color is not None and not style.color.is_default:
        ink = ";".join(style.color.downgrade(system).get_ansi_codes())
    if style.bgcolor is not None and not style.bgcolor.is_default:
        ground = ";".join(style.bgcolor.downgrade(system).get_ansi_codes(foreground=False))
    marks = sum(1 << place for place, name in enumerate(_NAMES) if getattr(style, name))
    return Pen(ink, ground, marks)


@lru_cache(maxsize=16384)
def turn(held: Pen, wanted: Pen) -> str:
    """Return the shortest code that turns the pen held into the one wanted; "" when they are alike."""
    if held == wanted:
        return ""
    if wanted == PLAIN:
        return "\x1b[m"
    lost, gained = held.marks & ~wanted.marks, wanted.marks & ~held.marks
    steps: list[str] = []
    for bits, code in _OFF.items():
        if lost & bits:
            steps.append(code)
            gained |= wanted.marks & bits
    steps += [code for bit, code in _ON.items() if gained & bit]
    if held.ink != wanted.ink:
        steps.append(wanted.ink or "39")
    if held.ground != wanted.ground:
        steps.append(wanted.ground or "49")
    marks = [code for bit, code in _ON.items() if wanted.marks & bit]
    whole = ["0", *marks, *(colour for colour in (wanted.ink, wanted.ground) if colour)]
    return f"\x1b[{min(';'.join(steps), ';'.join(whole), key=len)}m"
