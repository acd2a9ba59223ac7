"""Who looks at or edits what, by name; each session says what it has before it and hears the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from salestui.domain.presence import Doing, Present
from salestui.services.request import Call, Request, reads
from salestui.storage import presence as storage
from salestui.storage import users as rows
from salestui.storage.claims import Claim

__all__ = ["Attendance"]

LOOKS: Final = 10
"""Every so many looks the others are heard anew, for one of them may have died."""


class Attendance:
    """The presence of one session: `show` says what it has before it, `look` hears the others."""

    def __init__(self, request: Request) -> None:
        self._place = storage.presence_of(request.store)
        self._told: tuple[str, Doing] | None = None
        self._token = -1
        self._looks = 0
        self.others: tuple[Present, ...] = ()

    def show(self, request: Request, subject: str, doing: Doing) -> None:
        """Say what this session has before it; an empty subject: nothing. Nothing is written when it is the same."""
        wanted = (subject, doing) if subject else None
        if wanted != self._told:
            self._told = wanted
            self._place.tell(Claim(request.actor.id, subject, doing.value) if wanted else None)

    def look(self, request: Request) -> bool:
        """Hear the others; True when something is new about them. Costs microseconds when nothing is."""
        self._looks = (self._looks + 1) % LOOKS
        token = self._place.token()
        if token == self._token and self._looks:
            return False
        self._token = token
        before, self.others = self.others, _named(request, self._place.others())
        return before != self.others

    def close(self) -> None:
        """The session ends."""
        self._place.close()


@reads
def _named(call: Call, claims: Sequence[Claim]) -> tuple[Present, ...]:
    """Give claims the names of their users; what no session of ours can have said is left out."""
    words = {doing.value for doing in Doing}
    people = rows.everyone() if claims else ()
    by_number, by_login = {user.id: user for user in people}, {user.login: user for user in people}
    found = ((claim, by_login.get(claim.login) if claim.login else by_number.get(claim.user)) for claim in claims)
    return tuple(
        Present(user.id, user.name, claim.subject, Doing(claim.doing))
        for claim, user in found
        if user is not None and claim.doing in words
    )
