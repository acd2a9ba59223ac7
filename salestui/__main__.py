"""The program: the board without arguments, `demo` on sample data, and the commands for scripts."""

from __future__ import annotations

import gc
import sys

from salestui import __version__

TYPE_CHECKING = False  # what typing.TYPE_CHECKING is, without the time that importing typing takes
if TYPE_CHECKING:
    from collections.abc import Sequence

    from salestui.cli.options import Options

_GARBAGE = (20_000, 20, 20)
"""How much is made before it is looked through for garbage: thousands of records are no garbage."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(f"salestui {__version__}")
        return 0
    gc.disable()  # what a start makes stays: looking through it for garbage takes a tenth of the start
    from salestui.cli.main import run

    gc.set_threshold(*_GARBAGE)
    gc.enable()
    return run(given, open_app=open_app)


def open_app(options: Options) -> int:
    """Open the board on the user's data, or on sample data for `demo` and for who asks for it at the first start."""
    gc.disable()
    from dataclasses import replace
    from datetime import UTC, datetime

    from salestui import i18n
    from salestui.imports import absent

    with absent("ssl"):  # a twentieth of the start, for connections that nobody makes
        import asyncio  # noqa: F401
    from salestui.app import SAMPLE
    from salestui.app import run as run_app
    from salestui.cli.options import opened

    with opened(options) as session:
        import salestui.screens.board  # noqa: F401  # the first screen, before the garbage collector is let in again
        from salestui.screens.desk import Desk, Place

        gc.freeze()
        gc.enable()

        place = Place(session.label, sample=options.demo, findings=session.findings)
        desk = Desk(session.store, session.actor, lambda: datetime.now(UTC), options.config, place)
        ending = run_app(desk, first_start=session.empty)
    if ending.wanted == SAMPLE:
        print(i18n.gettext("Making the sample data .."))
        return open_app(replace(options, demo=True, language=i18n.language(), config=desk.config))
    return ending.code


if __name__ == "__main__":
    sys.exit(main())
