"""Where a database on a server is: a `postgresql://` URL, shown without what is secret in it."""

from __future__ import annotations

import re
from dataclasses import field
from typing import Final, Self
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from salestui.dataclass import dataclass
from salestui.errors import UnknownLocation

__all__ = ["Address", "is_address"]

_SCHEMES: Final = ("postgresql", "postgres")
_START: Final = re.compile(r"(?:postgresql|postgres)://", re.IGNORECASE)
_UNSEEN: Final = frozenset({"password", "sslpassword", "passfile", "options"})
_EXAMPLE: Final = "postgresql:///NAME"


def is_address(given: object) -> bool:
    """Whether this names a database on a PostgreSQL server."""
    return isinstance(given, str) and bool(_START.match(given))


@dataclass(frozen=True, slots=True)
class Address:
    """A database on one server, or on several of which one may be written.

    `url` is what libpq is given and may hold a password, so it is never shown and stands in no `repr`; `str()` is the
    same address without it, `label` the short form for people.
    """

    url: str = field(repr=False)
    name: str
    label: str
    shown: str

    @classmethod
    def parse(cls, given: str) -> Self:
        """Read a URL; raises UnknownLocation for one without the name of a database."""
        try:
            parts = urlsplit(given)
            query = parse_qsl(parts.query, keep_blank_values=True)
        except ValueError as error:
            raise UnknownLocation("postgresql", (_EXAMPLE,)) from error
        name = unquote(parts.path.removeprefix("/")) or dict(query).get("dbname", "")
        if parts.scheme.lower() not in _SCHEMES or not name or "/" in name or parts.fragment:
            raise UnknownLocation("postgresql", (_EXAMPLE,))
        asked = {key for key, _ in query}
        several = "," in parts.netloc or any(key in {"host", "hostaddr"} and "," in value for key, value in query)
        if several and "target_session_attrs" not in asked:
            query.append(("target_session_attrs", "read-write"))
        plain = [(key, value) for key, value in query if key.lower() not in _UNSEEN]
        user, _, hosts = parts.netloc.rpartition("@")
        shown = f"{user.partition(':')[0]}@{hosts}" if user else hosts
        path = quote(name, safe="") if parts.path.removeprefix("/") else ""
        address = f"postgresql://{parts.netloc}/{path}{_asked(query)}"
        return cls(address, name, f"postgresql://{hosts}/{name}", f"postgresql://{shown}/{path}{_asked(plain)}")

    def elsewhere(self, database: str) -> Address:
        """Return the address of another database on the same server."""
        head, _, tail = self.url.partition("://")
        place, mark, query = tail.partition("?")
        kept = [(key, value) for key, value in parse_qsl(query) if key != "dbname"] if mark else []
        return Address.parse(f"{head}://{place.rpartition('/')[0]}/{quote(database, safe='')}{_asked(kept)}")

    def __str__(self) -> str:
        return self.shown


def _asked(query: list[tuple[str, str]]) -> str:
    return f"?{urlencode(query, quote_via=quote, safe='/:,-')}" if query else ""
