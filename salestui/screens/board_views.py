"""What the board's own rows say: the top row, and the strip as a pane on wide screens."""

from __future__ import annotations

from salestui.domain.deal_views import SideRow, SideSection, Word
from salestui.domain.views import StripView, Tone, TopBarView
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.desk import Desk
from salestui.services.board import Board


def top_view(desk: Desk, board: Board, counts: tuple[int, int, int], text: str, marked: int) -> TopBarView:
    """Return the top row: what the board shows at the left, what waits for the user at the right."""
    late, today, reviews = counts
    owner = board.selection.owner
    owner_name = "" if owner is None else _("Mine") if owner == desk.actor.id else board.owner_name
    return TopBarView(
        place=_("Board"),
        campaign=board.campaign_name,
        owner=owner_name,
        filter=text,
        deals=board.deals,
        total=board.total,
        marked=marked,
        late=late,
        today=today,
        reviews=reviews,
        me=board.short_names.get(desk.actor.name, desk.actor.name),
        notice=_("sample data") if desk.place.sample else "",
    )


def pane(strip: StripView | None) -> tuple[SideSection, ...]:
    """Return the strip as sections, one under the other, for the pane at the right of a wide board."""
    if strip is None:
        return ()
    if strip.notice:
        return (SideSection(_("Note"), (SideRow((Word(strip.notice),)),)),)
    sections = [_gate(strip)]
    for title, words in ((_("Next"), strip.next), (_("Last"), strip.last), (_("Contact"), strip.contact)):
        if words:
            rows = tuple(SideRow((Word(word, Tone.NORMAL if n == 0 else Tone.MUTED),)) for n, word in enumerate(words))
            sections.append(SideSection(title, rows))
    return tuple(sections)


def _gate(strip: StripView) -> SideSection:
    rows = []
    for line in strip.lines:
        what = f"《{line.what}》" if line.titled and language() == "zh" else line.what
        number = Word(str(line.number) if line.number < 10 else " ", Tone.PRIMARY)
        rows.append(SideRow((number, Word(what)), Word(line.fix, Tone.PRIMARY) if line.fix else None))
        if line.why:
            rows.append(SideRow((Word(""), Word(line.why, Tone.MUTED))))
    total = (Word(str(strip.unmet), Tone.WARNING),) if strip.unmet else (Word(_("all met"), Tone.SUCCESS),)
    return SideSection(strip.name, tuple(rows), columns=(0, 2), total=total)
