"""What a command works with: the options, the open database, who acts and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from salestui.cli.options import Opened, Options
from salestui.dataclass import dataclass

if TYPE_CHECKING:
    from salestui.domain.people import Actor
    from salestui.services.request import Request

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """One command under way, at the instant `now` (UTC)."""

    options: Options
    opened: Opened
    now: datetime

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.opened.actor

    @property
    def language(self) -> str:
        """The language of all texts."""
        return self.options.language

    def request(self, command_id: str | None = None) -> Request:
        """Return a request by the actor, now."""
        from salestui.services.request import Request

        return Request(self.opened.store, self.opened.actor, self.now, command_id)
