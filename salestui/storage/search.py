"""Finds customers, contacts and deals by any part of what people call them."""

from __future__ import annotations

from collections.abc import Iterator

from salestui.domain.lists import Hit
from salestui.domain.records import Kind
from salestui.storage import tables as t
from salestui.storage.matching import Wanted

__all__ = ["find"]

Ranked = tuple[int, Hit]


def find(text: str, limit: int) -> tuple[Hit, ...]:
    """Return what has `text` in its names or numbers: customers, then deals, then contacts, the best match first."""
    wanted = Wanted(text)
    if not wanted:
        return ()
    found: list[Hit] = []
    for hits in (_customers(wanted), _deals(wanted), _contacts(wanted)):
        found += [hit for _, hit in sorted(hits, key=lambda ranked: (ranked[0], ranked[1].id))]
    return tuple(found[:limit])


def _customers(wanted: Wanted) -> Iterator[Ranked]:
    c = t.Customer
    query = c.select(c.id, c.name, c.short_name, c.industry, c.region).where(c.merged_into.is_null())
    for number, name, short_name, industry, region in query.tuples():
        if wanted.within(name, short_name):
            detail = " · ".join(text for text in (industry, region) if text)
            yield wanted.rank((name, short_name)), Hit(Kind.CUSTOMER, number, name, detail, number)


def _deals(wanted: Wanted) -> Iterator[Ranked]:
    d, c, m = t.Deal, t.Customer, t.Campaign
    query = d.select(d.id, d.title, c.id, c.name, c.short_name, m.name).join(c).switch(d).join(m)
    for number, title, customer, name, short_name, campaign in query.tuples():
        if wanted.within(title, name, short_name):
            hit = Hit(Kind.DEAL, number, short_name or name, title or campaign, customer)
            yield wanted.rank((title, name, short_name)), hit


def _contacts(wanted: Wanted) -> Iterator[Ranked]:
    p, c = t.Contact, t.Customer
    query = p.select(p.id, p.name, p.title, p.phone, p.email, c.id, c.name).join(c).where(~p.removed)
    for number, name, title, phone, email, customer, company in query.tuples():
        if wanted.within(name, title, phone, email) or wanted.within_number(phone):
            detail = " · ".join(text for text in (title, company) if text)
            yield wanted.rank((name, phone, email)), Hit(Kind.CONTACT, number, name, detail, customer)
