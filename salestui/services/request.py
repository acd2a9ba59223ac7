"""How services are called: who asks, when, on which store; one transaction per write, one snapshot per read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from salestui.dataclass import dataclass
from salestui.domain.outcomes import Blocked, Completed, Conflict, Done, Invalid, Moved, NotAllowed
from salestui.domain.people import Actor
from salestui.errors import CommandIdTaken
from salestui.storage.store import Store, Transaction
from salestui.storage.visibility import narrowed

P = ParamSpec("P")
R = TypeVar("R")

_REFUSALS = (Blocked, Conflict, NotAllowed, Invalid)
_KEPT: dict[str, type[Any]] = {"Done": Done, "Moved": Moved, "Completed": Completed}


@dataclass(frozen=True, slots=True)
class Request:
    """One person asking at one instant: `now` is aware UTC; `command_id` makes a repeated command recognised."""

    store: Store
    actor: Actor
    now: datetime
    command_id: str | None = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let several services read one state of the database, as far as this person may see it."""
        with narrowed(self.store, self.actor), self.store.reading():
            yield


Call = Request | Transaction


def writes(body: Callable[Concatenate[Transaction, P], R]) -> Callable[Concatenate[Call, P], R]:
    """Run a service in one transaction of its own, or inside the one it is given.

    A refusal (blocked, conflict, not allowed, invalid) keeps nothing. A command id seen before returns the first
    result and does nothing; raises CommandIdTaken where it was another service's, or another person's. On a server each
    command has an id, so that one whose answer was lost is asked for again.
    """
    name = f"{body.__module__.rpartition('.')[2]}.{body.__name__}"

    @wraps(body)
    def service(call: Call, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if isinstance(call, Transaction):
            return body(call, *args, **kwargs)
        command = call.command_id or (str(uuid.uuid4()) if call.store.on_server else None)

        def once() -> R:
            with call.store.transaction(call.actor, now=call.now, command_id=command) as tx:
                earlier = tx.earlier_result()
                if earlier is not None:
                    tx.abandon()
                    return cast("R", _revived(earlier, name, command))
                outcome = body(tx, *args, **kwargs)
                if isinstance(outcome, _REFUSALS):
                    tx.abandon()
                elif command is not None:
                    tx.keep_result({**_kept(outcome), "service": name})
            return outcome

        return call.store.persist(once)

    return service


def reads(body: Callable[Concatenate[Call, P], R]) -> Callable[Concatenate[Call, P], R]:
    """Run a service on one consistent state of the database; inside a transaction it sees that transaction.

    A rep reads what the team lets reps see; see `reads_whole`.
    """

    @wraps(body)
    def service(call: Call, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            if isinstance(call, Transaction):
                return body(call, *args, **kwargs)
            with call.reading():
                return body(call, *args, **kwargs)

        return call.store.persist(once)

    return service


def reads_whole(body: Callable[Concatenate[Call, P], R]) -> Callable[Concatenate[Call, P], R]:
    """Run a service as `reads` does, on all of the database whoever asks: for checks that show nobody's content."""

    @wraps(body)
    def service(call: Call, /, *args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            with call.store.reading():
                return body(call, *args, **kwargs)

        return call.store.persist(once)

    return service


def _kept(outcome: object) -> dict[str, object]:
    """Return a result as it is kept for the repetition of its command; raises TypeError for what cannot be kept."""
    if outcome is None or isinstance(outcome, bool | int | str):
        return {"outcome": "", "value": outcome}
    name = type(outcome).__name__
    if name not in _KEPT:
        raise TypeError(f"A {name} cannot be kept for a repeated command")
    facts = asdict(cast("Any", outcome)) if isinstance(outcome, Done) else _without_gate(outcome)
    return {"outcome": name, "facts": facts}


def _without_gate(outcome: object) -> dict[str, object]:
    slots = cast("Any", outcome).__dataclass_fields__
    return {name: getattr(outcome, name) for name in slots if name != "gate"}


def _revived(earlier: object, service: str, command: str | None) -> object:
    """Return the first result of a command; raises CommandIdTaken where it was one of another service."""
    kept = cast("dict[str, Any]", earlier)
    if kept.get("service") != service:
        raise CommandIdTaken(command or "")
    return _KEPT[kept["outcome"]](**kept["facts"]) if kept["outcome"] else kept["value"]
