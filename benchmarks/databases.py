"""The databases that are measured: made by the product's own sample generator with its seed, once, and then copied."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from salestui import system
from salestui.domain.facts import Status
from salestui.domain.people import Actor
from salestui.services import cards, sample, session
from salestui.services.request import Request
from salestui.storage.store import Store

__all__ = ["CACHE", "LANGUAGE", "copied", "counted_moves", "database", "ready_deals"]

CACHE: Final = Path(__file__).parent / ".cache"
LANGUAGE: Final = "en"
_FRESH: Final = timedelta(days=7)
_SOURCES: Final = ("services/sample*", "storage/*tables.py", "storage/migrations/*.py", "playbooks/*.toml")


def _state() -> str:
    """Return a short digest of everything that decides what is in a database."""
    root = Path(session.__file__).parents[1]
    told = sha256()
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _now() -> datetime:
    return datetime.now(UTC)


def database(deals: int) -> Path:
    """Return the sample database with so many deals, brought up to date; made when it is missing, old or outdated."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{deals}-{_state()}.db"
    if path.exists() and _now().timestamp() - path.stat().st_mtime > _FRESH.total_seconds():
        path.unlink()
    if not path.exists():
        for old in CACHE.glob(f"{deals}-*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        with Store.open(path) as store:
            sample.fill(store, LANGUAGE, _now(), deals=deals, login=system.person().login)
    begun = session.begin(str(path), _now(), create=False)
    with begun.store:
        cards.bring_up_to_date(Request(begun.store, begun.actor, _now()))
    return path


def copied(path: Path, folder: Path) -> Path:
    """Return a copy of a closed database in an empty folder, with its files."""
    target = folder / "sales.db"
    shutil.copy(path, target)
    files = path.with_name(path.name + ".files")
    if files.exists():
        shutil.copytree(files, folder / "sales.db.files")
    return target


def ready_deals(path: Path, wanted: int) -> tuple[str, ...]:
    """Return deals of ours in the second column whose gate is open, as they can be typed into the board's filter.

    Only deals whose id is not the beginning of another id.
    """
    begun = session.begin(str(path), _now(), create=False)
    with begun.store, begun.store.reading():
        found = _open_gates(begun.actor)
    return tuple(f"D{number}" for number in found[-wanted:])


def _open_gates(owner: Actor) -> list[int]:
    from salestui.storage.tables import Card, Deal

    last = Deal.select(Deal.id).order_by(Deal.id.desc()).limit(1).scalar()
    query = Card.select(Deal.id).join(Deal).where((Deal.stage == "grading") & (Deal.owner == owner.id))
    query = query.where((Deal.status == Status.OPEN.value) & (Card.unmet == 0) & (Deal.id * 10 > last))
    return [number for (number,) in query.order_by(Deal.id).tuples()]


def counted_moves(path: Path) -> int:
    """Return how many moves the history of a closed database tells of."""
    from salestui.storage.tables import Event

    with Store.open(path, create=False) as store, store.reading():
        return int(Event.select().where(Event.action == "deal.moved").count())
