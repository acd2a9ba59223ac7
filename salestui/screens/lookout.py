"""Finds out what others wrote since the last look; one's own commands are no news. It knows no screen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from salestui.domain.news import News
from salestui.services import live
from salestui.services.request import Request

__all__ = ["Lookout"]

OWN: Final = 500
"""So many of one's own commands are remembered, to be told from those of others."""


class Lookout:
    """One session's place in the history; `request` makes a request by its person, now."""

    def __init__(self, request: Callable[[], Request]) -> None:
        self._request = request
        self._own: deque[str] = deque(maxlen=OWN)
        start = request()
        self._version = start.store.data_version()
        self._upto = live.newest(start)

    def own(self, command_id: str) -> None:
        """Remember a command of this session: what it does is no news."""
        self._own.append(command_id)

    def read(self) -> News | None:
        """Return what others did since the last look, None when nobody else has written; costs microseconds then."""
        request = self._request()
        version = request.store.data_version()
        if version == self._version:
            return None
        news = live.since(request, self._upto, frozenset(self._own))
        self._version, self._upto = version, news.upto
        return news or None
