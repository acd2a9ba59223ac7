"""Backs a database up again and again while others write, brings each backup back elsewhere and looks into it.

.venv/bin/python -m tests.torture.backups DATABASE BACKUPS SEED [copy]     "copy" copies the file as cp does instead
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from salestui import system
from salestui.domain.people import Actor
from salestui.errors import SalestuiError
from salestui.services import backup, restore, users
from salestui.services.backup import Made
from salestui.services.request import Request
from salestui.services.restore import Restored
from salestui.storage import chain, examining
from salestui.storage.store import Store
from tests.torture.crowd import fork
from tests.torture.office import NOW, Books, Clerk, furnish

DEALS = 16
WRITERS = 3


def write(path: Path, seed: int, stop: Path) -> int:
    """Write until the file `stop` is there; return how many changes were acknowledged."""
    clerk, done = Clerk.begin(path, seed, DEALS), 0
    while not stop.exists():
        done += clerk.add_one(clerk.read(), clerk.new_id())
    clerk.store.close()
    return done


def by_backup(path: Path, folder: Path) -> Path:
    """Make a backup and bring it back elsewhere; return the database that came back."""
    with Store.open(path, create=False) as store:
        admin = users.find(Request(store, Actor(0, "", ""), NOW), "lin").actor()
        made = backup.back_up(Request(store, admin, NOW), folder / "b.zip")
    assert isinstance(made, Made)
    assert not made.damage
    back = restore.restore(made.path, str(folder / "back.db"), NOW)
    assert isinstance(back, Restored)
    return back.place


def by_copy(path: Path, folder: Path) -> Path:
    """Copy the file, as an administrator does who knows no better."""
    return Path(shutil.copyfile(path, folder / "back.db"))


def wrong(place: Path, before: int) -> str:
    """Return what is wrong with a database that came back, "" for nothing; it must have the first `before` events."""
    try:
        with Store.open(place, create=False, shared=False) as store:
            mistakes = Books.read(store).mistakes()
            events = chain.head(store).count
    except SalestuiError as error:
        return str(error)
    examined = examining.examine(place)
    if events < before:
        mistakes.append(f"{events} of {before} events")
    return "; ".join(mistakes) or ("" if examined.sound else str(examined)[:200])


def main(path: Path, count: int, seed: int, bring: Callable[[Path, Path], Path]) -> dict[str, Any]:
    """Make the backups under load; return what was wrong with which."""
    system.person = lambda: system.Person(1, "lin", "林悦")  # whoever runs this
    furnish(path, deal_count=DEALS)
    stop = path.with_name("stop")
    writers = [fork(partial(write, path, seed + number, stop)) for number in range(WRITERS)]
    found, sizes = [], []
    for number in range(count):
        folder = path.with_name(f"backup{number}")
        folder.mkdir()
        with Store.open(path, create=False) as store:
            before = chain.head(store).count
        if told := wrong(bring(path, folder), before):
            found.append(f"{number}: {told}")
        sizes.append(before)
        shutil.rmtree(folder)
    stop.touch()
    written = sum(writer.result() for writer in writers)
    return {"backups": count, "events": sizes[-1], "written": written, "wrong": found}


if __name__ == "__main__":
    os.umask(0o077)
    chosen = by_copy if sys.argv[4:] == ["copy"] else by_backup
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), chosen), ensure_ascii=False))
