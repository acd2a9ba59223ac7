"""What a session says about itself, wherever that is kept: what it has before it, and who it is."""

from __future__ import annotations

from typing import Protocol

from salestui.dataclass import dataclass

__all__ = ["Claim", "Presence"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A session has `subject` before it; `doing` is a word of `domain.presence.Doing`.

    It is that of user `user`, or of whoever has `login` where a server says who it is.
    """

    user: int
    subject: str
    doing: str
    login: str = ""


class Presence(Protocol):
    """The presence of one session among those of the same database; nothing here ever raises."""

    def tell(self, claim: Claim | None) -> None:
        """Say what this session has before it; None: nothing."""

    def token(self) -> int:
        """Return a number that changes when somebody comes, goes on to something else, or goes; made to be polled."""

    def others(self) -> tuple[Claim, ...]:
        """Return what the other sessions have before them."""

    def close(self) -> None:
        """The session ends."""
