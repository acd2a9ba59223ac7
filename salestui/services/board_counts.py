"""Checks the counts and sums that the board keeps of its columns against the deals, and counts anew."""

from __future__ import annotations

from salestui.dataclass import dataclass
from salestui.services.request import writes
from salestui.storage import board_counts as rows
from salestui.storage.store import Store, Transaction

__all__ = ["CountsWrong", "counts_wrong", "recount"]


@dataclass(frozen=True, slots=True)
class CountsWrong:
    """How the kept counts differ from the deals.

    `columns` are (campaign, playbook, stage, owner, currency) whose kept figures are not the true ones; `deals` are
    those whose card stands where the deal does not. Both are empty where all is well, and the whole is then false.
    """

    columns: tuple[tuple[int, str, str, int, str], ...] = ()
    deals: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.columns or self.deals)


def counts_wrong(store: Store) -> CountsWrong:
    """Return where the board's kept counts, sums and places differ from the deals; it changes nothing.

    It reads all deals once (about 0.1 s for 10,000). `recount` puts right what it finds.
    """
    with store.reading():
        kept, true = rows.kept(), rows.true()
        wrong = sorted(key for key in kept.keys() | true.keys() if kept.get(key) != true.get(key))
        return CountsWrong(tuple(wrong), rows.astray())


@writes
def recount(tx: Transaction) -> None:
    """Count anew from the deals and keep that; cards that stood wrong are judged anew when they are next read."""
    del tx
    rows.rebuild()
