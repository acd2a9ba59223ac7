"""A process that works through the services until it is told to stop: what was acknowledged it notes in a file.

python -m tests.postgres.writer URL LOGIN NUMBER FOLDER KINDS
"""

import random
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from salestui.domain.outcomes import Conflict, Done, Invalid
from salestui.services import contacts, customers, deals, deputies, users
from salestui.services.request import Request
from salestui.storage.store import Store

NAMES = 40
DEAL, CUSTOMER, CAMPAIGN = 1, 1, 1


def main() -> None:
    """Work; every acknowledged act is one line: its kind and what identifies it."""
    url, login, worker, folder, kinds = sys.argv[1:]
    chance = random.Random(int(worker))
    stop, notes = Path(folder) / "stop", Path(folder) / f"acks.{worker}"
    with Store.open(url, busy_seconds=60) as store, notes.open("a", encoding="utf-8") as file:
        actor = users.identify(store, datetime.now(UTC), login, login)
        acts = {"contact": _contact, "amount": _amount, "name": _name, "deputy": _deputy}
        for number in count():
            if stop.exists():
                return
            kind = chance.choice(kinds.split(","))
            command = f"{worker}-{number}"
            request = Request(store, actor, datetime.now(UTC), command)
            told = acts[kind](request, command, chance)
            if told:
                file.write(f"{kind} {told}\n")
                file.flush()


def _contact(request: Request, command: str, _chance: random.Random) -> str:
    outcome = contacts.new(request, CUSTOMER, {"name": f"P {command}"})
    assert isinstance(outcome, Done), outcome
    return command


def _amount(request: Request, command: str, _chance: random.Random) -> str:
    """Add one yuan to what the deal is worth, unless somebody else changed it meanwhile."""
    deal = deals.get(request, DEAL)
    assert deal.amount is not None
    amount = f"{deal.amount.minor // 100 + 1}"
    outcome = deals.change(request, DEAL, {"amount": amount}, expected_version=deal.version)
    assert isinstance(outcome, Done | Conflict), outcome
    return command if isinstance(outcome, Done) else ""


def _name(request: Request, _command: str, chance: random.Random) -> str:
    """Enter a customer whom others enter too: a campaign has a name once."""
    name = f"同名 {chance.randrange(NAMES)}"
    outcome = customers.new(request, {"name": name}, CAMPAIGN)
    assert isinstance(outcome, Done | Invalid), outcome
    return name if isinstance(outcome, Done) else ""


def _deputy(request: Request, command: str, chance: random.Random) -> str:
    """Name a deputy for oneself: one at a time."""
    starts = (request.now + timedelta(days=1 + 3 * chance.randrange(200))).date()
    other = next(user.id for user in users.all(request) if user.id != request.actor.id)
    outcome = deputies.name(request, request.actor.id, other, starts, starts + timedelta(days=chance.randrange(4)))
    assert isinstance(outcome, Done | Invalid), outcome
    return command if isinstance(outcome, Done) else ""


if __name__ == "__main__":
    main()
