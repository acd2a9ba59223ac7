"""Finds customers, deals and contacts by what people remember of them: part of a name, an id, a telephone number."""

from __future__ import annotations

from salestui.domain.lists import Hit
from salestui.domain.records import Kind, number_of
from salestui.services.request import Call, reads
from salestui.storage import search as rows

__all__ = ["find"]

_KINDS = (Kind.CUSTOMER, Kind.DEAL, Kind.CONTACT)


@reads
def find(call: Call, text: str, limit: int = 50) -> tuple[Hit, ...]:
    """Return what has `text` in its names, e-mail or number, at most `limit`; full and half width are the same.

    What a shown id such as "D7" names comes first; then customers, deals and contacts, the best match of each first.
    """
    exact: list[Hit] = []
    for kind in _KINDS:
        number = number_of(kind, text.strip()) if text.strip()[:1].upper() == kind.value else None
        hit = rows.by_id(kind, number) if number is not None else None
        if hit is not None:
            exact.append(hit)
    others = [hit for hit in rows.find(text, limit) if hit not in exact]
    return (*exact, *others)[:limit]
