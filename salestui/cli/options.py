"""The global options and what they open: the database with the person who acts on it, or sample data that goes away."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from salestui import config, i18n, paths
from salestui.cli.faults import UsageError
from salestui.dataclass import dataclass
from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.domain.hold_up import HoldUp
    from salestui.domain.people import Actor
    from salestui.storage.store import Store

__all__ = ["Opened", "Options", "choose_language", "opened", "settle", "utc_now"]

LANGUAGE_VARIABLE = "SALESTUI_LANGUAGE"


def utc_now() -> datetime:
    """Return the instant now."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for the whole program: where the data lie, in which language it speaks, the user's settings.

    `demo`: sample data in a temporary database instead of `database`. `json`: answers are JSON documents. `now` is the
    clock (aware UTC).
    """

    database: str = ""
    language: i18n.Language = "en"
    config: config.Config = field(default_factory=config.Config)
    demo: bool = False
    json: bool = False
    now: Callable[[], datetime] = utc_now


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database: who acts, its place as shown to people, and whether nobody has begun to work there yet.

    `findings` say what is wrong with its place, each with what to do.
    """

    store: Store
    actor: Actor
    label: str
    empty: bool
    findings: tuple[str, ...] = ()


def choose_language(wish: str | None, settings: config.Config | None = None) -> i18n.Language:
    """Speak the language wished for: the option, SALESTUI_LANGUAGE, the setting, else that of the locale."""
    chosen = i18n.choose(wish, os.environ.get(LANGUAGE_VARIABLE), settings.language if settings else None)
    i18n.use(chosen)
    return chosen


def settle(
    *,
    database: str | None,
    language: str | None,
    config_file: str | None,
    board: bool = False,
    demo: bool = False,
    json: bool = False,
    now: Callable[[], datetime] = utc_now,
) -> Options:
    """Return the options in force: what was given, else the environment, else the settings. Raises BadConfig.

    For the `board` the settings of its keys are checked too.
    """
    settings = _settings(config_file, board=board)
    chosen = choose_language(language, settings)
    return Options(paths.database(database, settings.database), chosen, settings, demo, json, now)


def _settings(given: str | None, *, board: bool) -> config.Config:
    if given is not None and not Path(given).is_file():
        raise UsageError(_("There is no file of settings {path}.").format(path=given))
    path = Path(given) if given is not None else paths.config_file()
    if board:
        from salestui import keys

        return config.load(path, frozenset(keys.BY_ID))
    return config.load(path)


@contextmanager
def opened(options: Options, *, create: bool = True) -> Iterator[Opened]:
    """Open the database for the person whom the system names; raises StorageFault and UnknownUser.

    A missing one is made when `create` allows it. Sample data lie in a private temporary directory, which goes away.
    """
    if options.demo:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="salestui-demo-", ignore_cleanup_errors=True) as folder:
            yield from _demo(options, Path(folder))
    else:
        yield from _opened(options, options.database, create=create)


def _opened(options: Options, location: str, *, create: bool) -> Iterator[Opened]:
    from salestui.services import session

    begun = session.begin(location, options.now(), create=create)
    findings = tuple(f"{each.text()} {each.advice()}" for each in begun.findings)
    begun.store.tell_waits(partial(_say_wait, begun.store))
    try:
        yield Opened(begun.store, begun.actor, begun.store.location_label, begun.empty, findings)
    finally:
        begun.store.close()


def _say_wait(store: Store, known: HoldUp) -> None:
    from salestui.cli.output import say_error
    from salestui.services import hold_ups

    say_error(hold_ups.text(store, known))


def _demo(options: Options, folder: Path) -> Iterator[Opened]:
    from salestui import system
    from salestui.services import sample
    from salestui.storage.store import Store

    location = folder / "demo.db"
    with Store.open(location) as store:
        actor = sample.fill(store, options.language, options.now(), login=system.person().login)
        yield Opened(store, actor, _("sample data, gone when you leave"), empty=False)
