"""Keys in groups, in as many columns as the width allows, with a few lines above about the place they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from salestui.dataclass import dataclass
from salestui.i18n import pgettext
from salestui.widgets.cells import cut, width, wrap
from salestui.widgets.drawn import DrawnWidget
from salestui.widgets.symbols import plain, symbols

if TYPE_CHECKING:
    from typing import Unpack

    from textual.strip import Strip

    from salestui.widgets.cells import Piece
    from salestui.widgets.drawn import WidgetOptions

__all__ = ["KeyGroup", "KeySheet"]

Word = tuple[int, str, str, bool]
ROOMY: Final = 100
BETWEEN: Final = 4
LONGEST: Final = 18


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one place: for each its names, and what it does. Every group after a `right` one stands there too."""

    title: str
    keys: tuple[tuple[str, str], ...]
    right: bool = False


class KeySheet(DrawnWidget):
    """Shows what a place is for and its keys; scrolls by lines where they do not fit."""

    DEFAULT_CSS = "KeySheet { height: 1fr; width: 1fr; }"

    def __init__(
        self, about: Sequence[str] = (), groups: Sequence[KeyGroup] = (), **options: Unpack[WidgetOptions]
    ) -> None:
        super().__init__(**options)
        self._about, self._groups = tuple(about), tuple(groups)
        self._lines: list[list[Word]] = []
        self._top = 0

    def show(self, about: Sequence[str], groups: Sequence[KeyGroup]) -> None:
        """Show another place."""
        self._about, self._groups = tuple(about), tuple(groups)
        self.fit()
        self.refresh()

    def scroll_lines(self, step: int) -> None:
        """Scroll, as far as there is something."""
        top = max(0, min(self._top + step, len(self._lines) - self.size.height))
        if top != self._top:
            self._top = top
            self.refresh()

    def page(self, direction: int) -> None:
        """Scroll by nearly a page."""
        self.scroll_lines(direction * max(self.size.height - 2, 1))

    def fit(self) -> None:
        """Set the lines for the present width."""
        across = self.size.width
        if not across:
            return
        about: list[list[Word]] = [
            [(1, row, "foreground", False)] for text in self._about for row in wrap(plain(text), across - 2)
        ]
        if across < ROOMY:
            keys = self._column([*self._groups], 0, across)
        else:
            half = (across - BETWEEN) // 2
            first = next((at for at, group in enumerate(self._groups) if group.right), len(self._groups))
            left = self._column(self._groups[:first], 0, half)
            right = self._column(self._groups[first:], half + BETWEEN, half)
            rows = max(len(left), len(right))
            left += [[] for _ in range(rows - len(left))]
            right += [[] for _ in range(rows - len(right))]
            keys = [[*one, *other] for one, other in zip(left, right, strict=True)]
        air: list[list[Word]] = [[]] if about else []
        self._lines = [*about, *air, *keys]
        self._top = max(0, min(self._top, len(self._lines) - self.size.height))

    def _column(self, groups: Sequence[KeyGroup], start: int, cells: int) -> list[list[Word]]:
        """Return the lines of groups one below the other."""
        names = [width(name) for group in groups for name, _help in group.keys]
        indent = min(max(names, default=0), LONGEST) + 3
        lines: list[list[Word]] = []
        for group in groups:
            if not group.keys:
                continue
            if lines:
                lines.append([])
            lines.append([(start + 1, group.title, "foreground", True)])
            for name, says in group.keys:
                for at, row in enumerate(wrap(plain(says), cells - indent - 1)):
                    key: list[Word] = [(start + 1, cut(name, LONGEST), "primary", True)] if at == 0 else []
                    lines.append([*key, (start + indent, row, "muted", False)])
        return lines

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        at = self._top + y
        if y == self.size.height - 1 and at + 1 < len(self._lines):
            rest = pgettext("below", "{n} more").format(n=len(self._lines) - at)
            return self.line([(1, f"{symbols().below} {rest}", self.palette.style("faint"))])
        if at >= len(self._lines):
            return self.line([])
        pieces: list[Piece] = [
            (column, text, self.palette.style(tone, bold=bold)) for column, text, tone, bold in self._lines[at]
        ]
        return self.line(pieces)

    def on_mouse_scroll_down(self) -> None:
        """Scroll by the wheel."""
        self.scroll_lines(3)

    def on_mouse_scroll_up(self) -> None:
        """Scroll by the wheel."""
        self.scroll_lines(-3)
