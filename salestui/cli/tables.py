"""Tables of text: columns aligned by the cells that letters take, Chinese ones two."""

from __future__ import annotations

from collections.abc import Sequence

from salestui.i18n import gettext as _

__all__ = ["fitted", "table", "width"]

GAP = "  "


def width(text: str) -> int:
    """Return how many cells a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fitted(text: str, cells: int, *, right: bool = False) -> str:
    """Return a text filled up with spaces to a width; a longer one stays."""
    space = " " * (cells - width(text))
    return f"{space}{text}" if right else f"{text}{space}"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Return rows under their headings; the columns numbered in `right` are aligned to the right.

    One line a row; without rows it says so.
    """
    if not rows:
        return _("Nothing to list.")
    shown = [[cell.replace("\n", " ").replace("\t", " ") for cell in row] for row in (headings, *rows)]
    widths = [max(width(row[index]) for row in shown) for index in range(len(headings))]
    return "\n".join(
        GAP.join(fitted(cell, widths[index], right=index in right) for index, cell in enumerate(row)).rstrip()
        for row in shown
    )
