"""Keeps how many deals stand in each column of the board, and their sums, in the transaction that changes a card.

What a card was counted as stands on the card itself. Whoever changes that goes through `keep` or `follow`: they take
the old figures out of the counts and add the new ones, so that the board never has to count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import peewee as pw

from salestui.domain.facts import Status
from salestui.storage import tables
from salestui.storage.compiled import compiled, update

__all__ = ["OFF_BOARD", "Figures", "Key", "astray", "follow", "keep", "kept", "rebuild", "true"]

t: Any = tables
"""The tables; Peewee's types know neither their ids nor what is joined."""

Key = tuple[int, str, str, int, str]
Figures = tuple[int, int, int, int, int]

_KEY: Final = ("campaign", "playbook", "shown_in", "owner", "currency")
_COUNTED: Final = (*_KEY, "minor", "late", "unmet")
_FIGURES: Final = ("deals", "amounts", "minor", "late", "ready")
_GROWN: Final = ", ".join(f'"{name}" = "board_count"."{name}" + EXCLUDED."{name}"' for name in _FIGURES)
_ADD: Final = (
    f'INSERT INTO "board_count" ({", ".join((*_KEY, *_FIGURES))}) '  # noqa: S608  # names of ours
    f"VALUES ({', '.join('?' * len((*_KEY, *_FIGURES)))}) ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {_GROWN}"
)
_NOTHING: Final[Figures] = (0, 0, 0, 0, 0)
_ON_BOARD: Final = (Status.OPEN.value, Status.WON.value)
_OF_DEAL: Final = frozenset({"stage", "status", "owner", "amount_minor", "currency", "campaign", "playbook"})
OFF_BOARD: Final[Mapping[str, object]] = {
    "shown_in": "", "place": 0, "late": False, "place_until": None, "changes_at": None, "stale": False, "idle_at": None,
    "contact_due": None, "quiet_at": None, "score_until": None, "clock": "", "clock_due": None, "unanswered": 0,
}  # fmt: skip
"""What the card of a deal off the board holds: it stands nowhere, and nothing about it falls due."""


def follow(deal: int, changed: Iterable[str]) -> None:
    """Have a deal's card follow what was changed of the deal, by the names of its columns."""
    if _OF_DEAL.isdisjoint(changed):
        return
    [(campaign, playbook, owner, stage, status, currency, minor)] = _of_deal(deal)
    values = {"campaign": campaign, "playbook": playbook, "owner": owner, "minor": minor}
    values["currency"] = "" if minor is None else currency
    here = {"shown_in": stage, "stale": True} if status in _ON_BOARD else OFF_BOARD
    keep({deal: {**values, **here}})


@compiled
def _of_deal(deal: int) -> Any:
    d = t.Deal
    columns = (d.campaign, d.playbook, d.owner, d.stage, d.status, d.currency, d.amount_minor)
    return d.select(*columns).where(d.id == deal).tuples()


def keep(cards: Mapping[int, Mapping[str, object]]) -> None:
    """Write columns of cards, by deal, and take over in the counts what they change there."""
    if not cards:
        return
    shifts: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for deal, before in _counted(sorted(cards)):
        values = cards[deal]
        update(t.Card, deal, values)
        after = {**before, **{name: values[name] for name in _COUNTED if name in values}}
        if after != before:
            _shift(shifts, before, -1)
            _shift(shifts, after, 1)
    for key in sorted(shifts):
        if any(shifts[key]):
            _add(key, shifts[key])


def _counted(deals: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield what each card was counted as; other transactions wait to change these cards until this one has ended."""
    for deal, *values in list(_locked(list(deals))):
        yield deal, dict(zip(_COUNTED, values, strict=True))


@compiled
def _locked(deals: list[int]) -> Any:
    c = t.Card
    query = c.select(c.deal, *(getattr(c, name) for name in _COUNTED)).where(c.deal.in_(deals)).order_by(c.deal)
    if c._meta.database.for_update:  # noqa: SLF001  # Peewee's documented name for a model's options
        query = query.for_update()
    return query.tuples()


def _shift(shifts: dict[Key, list[int]], card: Mapping[str, Any], sign: int) -> None:
    """Add a card to the shifts, or take it out; one that is off the board, or was never placed, is not counted."""
    if not card["campaign"] or not card["shown_in"]:
        return
    key: Key = (card["campaign"], card["playbook"], card["shown_in"], card["owner"], card["currency"])
    figures = (1, card["minor"] is not None, card["minor"] or 0, bool(card["late"]), card["unmet"] == 0)
    for at, figure in enumerate(figures):
        shifts[key][at] += sign * int(figure)


def _add(key: Key, shift: Sequence[int]) -> None:
    database = t.BoardCount._meta.database  # noqa: SLF001  # Peewee's documented name for a model's options
    database.execute_sql(_ADD.replace("?", database.param), (*key, *shift))


# Checking


def kept() -> dict[Key, Figures]:
    """Return the counts as they are kept, without those of nothing."""
    b = t.BoardCount
    query = b.select(*(getattr(b, name) for name in (*_KEY, *_FIGURES)))
    found = {tuple(row[:5]): tuple(row[5:]) for row in query.tuples()}
    return {key: figures for key, figures in found.items() if figures != _NOTHING}


def true() -> dict[Key, Figures]:
    """Count anew, deal by deal: what `kept` should return."""
    c, d = t.Card, t.Deal
    group = (d.campaign, d.playbook, d.stage, d.owner)
    query = (
        d.select(
            *group, _currency(d).alias("counted_in"), pw.fn.COUNT(d.id), pw.fn.COUNT(d.amount_minor),
            pw.fn.COALESCE(pw.fn.SUM(d.amount_minor), 0), pw.fn.SUM(_one_if(c.late)),
            pw.fn.SUM(_one_if(c.unmet == 0)),
        )
        .join(c, on=(c.deal == d.id))
        .where(d.status.in_(_ON_BOARD) & (c.campaign != 0))
        .group_by(*group, pw.SQL("counted_in"))
    )  # fmt: skip
    found: dict[Key, Figures] = {}
    for row in query.tuples():
        deals, amounts, minor, late, ready = (int(figure) for figure in row[5:])
        found[tuple(row[:5])] = (deals, amounts, minor, late, ready)
    return found


def _currency(deal: Any) -> Any:
    """The currency of a deal's amount; that of a deal without one counts for nothing."""
    return pw.Case(None, ((deal.amount_minor.is_null(), ""),), deal.currency)


def _one_if(condition: Any) -> Any:
    return pw.Case(None, ((condition, 1),), 0)


def astray() -> tuple[int, ...]:
    """Return the deals whose card does not repeat what the deal says, or was never placed."""
    c, d = t.Card, t.Deal
    here = pw.Case(None, ((d.status.in_(_ON_BOARD), d.stage),), "")
    same = (
        (c.campaign == d.campaign) & (c.playbook == d.playbook) & (c.owner == d.owner) & (c.currency == _currency(d))
        & (c.shown_in == here) & (pw.fn.COALESCE(c.minor, -1) == pw.fn.COALESCE(d.amount_minor, -1))
    )  # fmt: skip
    query = d.select(d.id).join(c, pw.JOIN.LEFT_OUTER, on=(c.deal == d.id)).where(c.deal.is_null() | ~same)
    return tuple(number for (number,) in query.order_by(d.id).tuples())


def rebuild() -> None:
    """Count anew and keep that; cards that are astray are put right first and judged when they are next read."""
    for deal in astray():
        if not t.Card.select().where(t.Card.deal == deal).exists():
            t.Card.insert(deal=deal, stale=True).execute()
        follow(deal, _OF_DEAL)
    t.BoardCount.delete().execute()
    for key, figures in sorted(true().items()):
        _add(key, figures)
