"""Shows the widgets with the mockups' sample data, to be laid beside the pictures.

python -m tests.ui.gallery board|gate|deal|agenda [--language zh|en] [--theme dark|light|16-dark|16-light] [--ascii]

Keys: arrows move, g unfolds the gate, tab what is met, c toggles density, x marks, q leaves.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.containers import Horizontal

from salestui.i18n import use
from salestui.widgets import symbols
from salestui.widgets.agenda import AgendaList, AgendaStrip
from salestui.widgets.board import BoardView
from salestui.widgets.conditions import ConditionList
from salestui.widgets.footer import KeyFooter
from salestui.widgets.gatepanel import GatePanel, panel_rows
from salestui.widgets.rail import StageRail
from salestui.widgets.sidepane import SidePane
from salestui.widgets.strip import GateStrip, NextStrip
from salestui.widgets.theme import LookMixin, choose_theme
from salestui.widgets.topbar import TopBar
from tests.ui import samples, samples_deal

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

FOOTERS = {
    "board": (
        "> 推进|< 退回|enter 打开|o 产出|s 评分|t 沟通|f 跟进|x 标记|n 新建|A 待办||? 帮助",
        "> advance|< back|enter open|o outputs|s score|t talk|f follow-up|x mark|n new|A agenda||? help",
    ),
    "gate": (
        "1-3 去处理|j k 上下|e 申请例外|tab 已满足的|> 再试推进||q 收起|? 帮助",
        "1-3 fix|j k move|e exception|tab met|> try again||q fold|? help",
    ),
    "deal": (
        "1-9 去处理|> 推进|enter 打开|space 勾选|r 评审|t 沟通|f 跟进|s 评分|tab 换区||esc 看板|? 帮助",
        "1-9 fix|> advance|enter open|space tick|r review|t talk|f follow-up|s score|tab pane||esc board|? help",
    ),
    "agenda": (
        "enter 去做|d 完成|p 推迟|t 记沟通|o 打开单子|j k 上下|J K 换组||esc 看板|? 帮助",
        "enter do|d done|p postpone|t talk|o open|j k move|J K group||esc board|? help",
    ),
}


class Gallery(LookMixin, App[None]):
    """One place of the product, made of samples."""

    CSS_PATH = "../../salestui/screens/look.tcss"
    CSS = """
    .air { height: 1; }
    StageRail { margin-bottom: 1; }
    SidePane { margin-left: 3; }
    .low StageRail { height: 2; margin-bottom: 0; }
    .low SidePane, .low .air { display: none; }
    .low GateStrip, .low AgendaStrip { height: 1; }
    ConditionList { width: 1fr; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        ("j,down", "move(0,1)"), ("k,up", "move(0,-1)"), ("h,left", "move(-1,0)"), ("l,right", "move(1,0)"),
        ("pagedown", "page(1)"), ("pageup", "page(-1)"), ("home", "edge(-1)"), ("end", "edge(1)"),
        ("g", "gate"), ("c", "compact"), ("x", "mark"), ("q", "quit"),
    ]  # fmt: skip
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, place: str = "board", theme: str | None = None) -> None:
        super().__init__()
        self.place = place
        sixteen = self.no_color or (theme or "").startswith("16")
        self.look(f"salestui-{theme}" if theme else choose_theme(dark=True, sixteen=sixteen))

    def compose(self) -> ComposeResult:
        """Stack the parts of the place."""
        low = self.size.height < 30
        self.screen.set_class(low, "low")
        if self.place == "deal":
            yield TopBar(samples_deal.deal_head())
            yield from self._air()
            yield StageRail(samples_deal.rail())
            with Horizontal():
                yield ConditionList(samples_deal.conditions(), brief=low)
                yield SidePane(samples_deal.side())
            if low:
                yield NextStrip(
                    *samples_deal.follow_up(), more=("i", samples.zh_en("客户与历史", "customer and history"))
                )
        elif self.place == "agenda":
            yield TopBar(samples_deal.agenda_bar())
            yield from self._air()
            yield AgendaList(samples_deal.agenda())
            yield AgendaStrip(samples_deal.agenda_strip())
        else:
            yield TopBar(samples.top_bar())
            yield from self._air()
            yield BoardView()
            yield GateStrip(samples.strip())
            panel = GatePanel(samples.panel())
            panel.styles.height = panel_rows(self.size.height)
            yield panel
        yield KeyFooter()

    def _air(self) -> ComposeResult:
        line = TopBar()
        line.add_class("air")
        yield line

    def on_mount(self) -> None:
        """Fill the parts that are filled after mounting."""
        self.footer(self.place)
        if self.place in {"board", "gate"}:
            board = self.query_one(BoardView)
            self.call_after_refresh(board.show, samples.columns(), samples.SELECTED)
            self.query_one(GatePanel).display = self.place == "gate"
            self.query_one(GateStrip).display = self.place != "gate"

    def footer(self, place: str) -> None:
        """Show the keys of a place."""
        self.query_one(KeyFooter).show(samples.hints(samples.zh_en(*FOOTERS[place])))

    @property
    def board(self) -> BoardView:
        """The board."""
        return self.query_one(BoardView)

    def action_move(self, dx: int, dy: int) -> None:
        """Move the cursor of the place."""
        part: Widget
        for part in self.query("GatePanel, ConditionList, AgendaList"):
            if part.display and dy and isinstance(part, GatePanel | ConditionList | AgendaList):
                part.move_cursor(dy)
                return
        if self.place in {"board", "gate"}:
            self.board.move_cursor(dx, dy)

    def action_page(self, direction: int) -> None:
        """Scroll the board by half a page."""
        self.board.page(direction)

    def action_edge(self, direction: int) -> None:
        """Go to the first or last card."""
        _moved = self.board.home() if direction < 0 else self.board.end()

    def action_gate(self) -> None:
        """Fold or unfold the gate."""
        panel, strip = self.query_one(GatePanel), self.query_one(GateStrip)
        panel.display = not panel.display
        strip.display = not panel.display
        self.footer("gate" if panel.display else "board")

    def action_compact(self) -> None:
        """Change the density."""
        self.board.compact = not self.board.compact

    def action_mark(self) -> None:
        """Mark the selected card."""
        self.board.toggle_mark()

    def key_tab(self) -> None:
        """Unfold what is met."""
        self.query_one(GatePanel).toggle_met()


def main() -> None:
    """Read the command line and show the place."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("place", choices=list(FOOTERS), nargs="?", default="board")
    parser.add_argument("--language", choices=["zh", "en"], default="zh")
    parser.add_argument("--theme", choices=["dark", "light", "16-dark", "16-light"])
    parser.add_argument("--ascii", action="store_true")
    chosen = parser.parse_args()
    use(chosen.language)
    symbols.use(symbols.ASCII if chosen.ascii else symbols.choose("auto", {**os.environ, "LANG": "C.UTF-8"}))
    Gallery(chosen.place, chosen.theme).run()


if __name__ == "__main__":
    main()
