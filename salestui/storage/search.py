"""Finds customers, deals and contacts by any part of what people call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from salestui.domain.lists import Hit
from salestui.domain.records import Kind
from salestui.storage import tables as t
from salestui.storage.matching import Wanted

__all__ = ["by_id", "find"]

Names = tuple[str, ...]


def by_id(kind: Kind, number: int) -> Hit | None:
    """Return the customer, deal or contact with this number, or None."""
    query, model = {
        Kind.CUSTOMER: (_customers, t.Customer),
        Kind.DEAL: (_deals, t.Deal),
        Kind.CONTACT: (_contacts, t.Contact),
    }[kind]
    return next((hit for hit, _, _ in query(model.id == number)), None)


def find(text: str, limit: int) -> tuple[Hit, ...]:
    """Return what has `text` in its names or numbers: customers, then deals, then contacts, the best match first."""
    wanted = Wanted(text)
    if not wanted:
        return ()
    found: list[Hit] = []
    for query in (_customers, _deals, _contacts):
        hits = [
            (wanted.rank(names), hit.id, hit)
            for hit, names, phone in query()
            if wanted.within(*names) or wanted.within_number(phone)
        ]
        found += [hit for _, _, hit in sorted(hits, key=lambda ranked: ranked[:2])]
    return tuple(found[:limit])


def _joined(*texts: str) -> str:
    return " · ".join(text for text in texts if text)


def _customers(condition: Any = None) -> Iterator[tuple[Hit, Names, str]]:
    c = t.Customer
    query = c.select(c.id, c.name, c.short_name, c.industry, c.region).where(c.merged_into.is_null())
    for number, name, short_name, industry, region in _narrowed(query, condition):
        yield Hit(Kind.CUSTOMER, number, name, _joined(industry, region), number), (name, short_name), ""


def _deals(condition: Any = None) -> Iterator[tuple[Hit, Names, str]]:
    d, c, m = t.Deal, t.Customer, t.Campaign
    query = d.select(d.id, d.title, c.id, c.name, c.short_name, m.name).join(c).switch(d).join(m)
    for number, title, customer, name, short_name, campaign in _narrowed(query, condition):
        yield Hit(Kind.DEAL, number, short_name or name, title or campaign, customer), (title, name, short_name), ""


def _contacts(condition: Any = None) -> Iterator[tuple[Hit, Names, str]]:
    p, c = t.Contact, t.Customer
    query = p.select(p.id, p.name, p.title, p.phone, p.email, c.id, c.name).join(c).where(~p.removed)
    for number, name, title, phone, email, customer, company in _narrowed(query, condition):
        yield Hit(Kind.CONTACT, number, name, _joined(title, company), customer), (name, title, email), phone


def _narrowed(query: Any, condition: Any) -> Any:
    return (query if condition is None else query.where(condition)).tuples()
