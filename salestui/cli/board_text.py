"""The board as text, for where there is no terminal: every column with its cards, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salestui.cli.options import Options, opened
from salestui.cli.tables import table
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from salestui.services.request import Request

__all__ = ["print_board"]


def print_board(options: Options) -> int:
    """Print the board on standard output."""
    from salestui.cli.output import say
    from salestui.services.request import Request

    with opened(options) as place:
        request = Request(place.store, place.actor, options.now())
        text = "\n".join(_lines(request, place.label, options))
    say(text)
    return 0


def _lines(request: Request, label: str, options: Options) -> Iterator[str]:
    from salestui.cli.words import gate_word, time_word
    from salestui.domain.showing import short_amount
    from salestui.services import board as boards

    board = boards.load(request, boards.Selection(), whole=True)
    title = board.campaign_name or board.playbook.title.get(options.language)
    deals = ngettext("{n} deal", "{n} deals", board.deals).format(n=board.deals)
    yield f"salestui · {title} · {deals} · {label}"
    for view in boards.columns(board):
        yield ""
        total = f" · {short_amount(view.sum, options.language)} {view.sum.currency}" if view.sum else ""
        yield f"{view.number} {view.title} · {view.count}{total}"
        rows = [
            (
                f"  {card.code}",
                card.name,
                card.grade or "",
                gate_word(card.gate),
                time_word(card.time),
                short_amount(card.amount, options.language) if card.amount else "",
                card.owner_short,
            )
            for card in view.cards
        ]
        if rows:
            yield table(("",) * 7, rows, right=(5,)).removeprefix("\n")
    yield ""
    yield from _onward(empty=board.deals == 0)


def _onward(*, empty: bool) -> Iterator[str]:
    if empty:
        yield _("Nothing here yet. See how it looks with: salestui demo")
        yield _("Start with: salestui campaign template, or bring a list: salestui import leads.csv")
    yield _("In a terminal, salestui opens this board. For scripts: salestui deal list, salestui deal gate D1")
    yield _("All commands: salestui --help")
