"""Runs the program: finds the command, opens the database, answers, and turns every fault into its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from salestui.cli.options import Options, choose_language, settle, utc_now
from salestui.errors import SalestuiError
from salestui.i18n import gettext as _
from salestui.i18n import mark

if TYPE_CHECKING:
    from argparse import Namespace

    from salestui.cli.parsing import Group, Parser

__all__ = ["COMMANDS", "group", "run"]

INTERRUPTED: Final = 130
PIPE_BROKEN: Final = 141

COMMANDS: Final = {
    "demo": ("start", mark("open the board on sample data, which go away afterwards")),
    "init": ("start", mark("make a database")),
    "campaign": ("campaigns", mark("pushes into a market, each under one playbook")),
    "customer": ("customers", mark("companies")),
    "contact": ("contacts", mark("the people at a customer")),
    "deal": ("deals", mark("the cards: list, gate, move, lose, park, reopen")),
    "output": ("outputs", mark("what the stages require: fill in, mark as sent, withdraw")),
    "score": ("scores", mark("score a customer in a campaign")),
    "classify": ("classes", mark("put a customer on one of the campaign's lists")),
    "log": ("talks", mark("talks that took place, and those planned")),
    "summary": ("summaries", mark("the written summary of a talk")),
    "check": ("actions", mark("key actions: tick and untick")),
    "review": ("reviews", mark("ask for reviews, vote, recall")),
    "exception": ("exceptions", mark("a manager's overrides: grant, revoke, list")),
    "agenda": ("agenda", mark("what is due")),
    "report": ("report", mark("figures of the team and of each person")),
    "import": ("importing", mark("bring a table of leads into a campaign")),
    "export": ("export", mark("outputs as Word or Markdown, lists as Excel or CSV")),
    "history": ("history", mark("who did what, when and why")),
    "playbook": ("playbooks", mark("the handbooks: show, check, install, compare")),
    "backup": ("backups", mark("copy the database with its files, and check the copy")),
    "restore": ("backups", mark("bring a backup back")),
    "dump": ("dumping", mark("write everything to one file that any kind of database can take")),
    "load": ("dumping", mark("fill an empty database from a dump")),
    "doctor": ("doctor", mark("check the database and its files, mend what is safe, save what can be read")),
    "erase": ("erasing", mark("erase a person on request, from the records and from the history")),
    "user": ("users", mark("who may use the database")),
    "settings": ("settings", mark("time zone, holidays, recorded votes")),
}
"""Every word a command may begin with, the module that knows it, and what it is for."""

OpenApp = Callable[[Options], int]


def run(argv: Sequence[str], *, open_app: OpenApp, now: Callable[[], datetime] = utc_now) -> int:
    """Run the program with these arguments; return the exit code.

    0 done · 1 failed · 2 wrong call · 3 blocked by a gate · 4 not found · 5 not allowed · 6 conflict.
    """
    words = list(argv)
    try:
        return _run(words, open_app, now)
    except SalestuiError as error:
        return _tell(error, json="--json" in words)
    except BrokenPipeError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_BROKEN
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the outermost boundary of the commands  # noqa: BLE001
        from salestui.cli.faults import Crashed
        from salestui.services import crash

        return _tell(Crashed(crash.report(error)), json="--json" in words)
    except SystemExit as leaving:  # the parser has shown its help
        return int(leaving.code or 0)


def _tell(error: SalestuiError, *, json: bool) -> int:
    from salestui.cli.output import error_document, json_text, say, say_error

    with suppress(BrokenPipeError):
        if json:
            say(json_text(error_document(error)))
        else:
            say_error(getattr(error, "told", "") or error.text())
    return error.exit_code


def _run(words: list[str], open_app: OpenApp, now: Callable[[], datetime]) -> int:
    choose_language(_early_language(words))
    if not words:
        return _open(_options(None, now, board=True), open_app)
    from salestui.cli.parsing import command_position, speak

    at = command_position(words)
    if at is None:
        return _without_command(words, open_app, now)
    speak()
    args = group(words[at]).parse([*words[:at], *words[at + 1 :]])
    if words[at] == "demo":
        return _open(_options(args, now, board=True, demo=True), open_app)
    return _answer(args, _options(args, now))


def _early_language(words: Sequence[str]) -> str | None:
    """Return the language asked for, before the words are read: the faults of reading them speak it already."""
    for index, word in enumerate(words):
        if word == "--language" and index + 1 < len(words):
            return words[index + 1]
        if word.startswith("--language="):
            return word.partition("=")[2]
    return None


def _options(
    args: Namespace | None, now: Callable[[], datetime], *, board: bool = False, demo: bool = False
) -> Options:
    return settle(
        database=getattr(args, "database", None),
        language=getattr(args, "language", None),
        config_file=getattr(args, "config", None),
        json=getattr(args, "json", False),
        board=board,
        demo=demo,
        now=now,
    )


def group(name: str) -> Group:
    """Return the commands of one word; raises UsageError for an unknown one."""
    if name not in COMMANDS:
        from salestui.cli.faults import UsageError

        raise UsageError(_("There is no command {name}.").format(name=name), _("All commands: salestui --help"))
    from importlib import import_module

    from salestui.cli.parsing import Group

    module, purpose = COMMANDS[name]
    found = Group(name, _(purpose))
    import_module(f"salestui.cli.{module}").add(found, name)
    return found


def _without_command(words: list[str], open_app: OpenApp, now: Callable[[], datetime]) -> int:
    from salestui.cli.parsing import speak

    speak()
    args = _top_parser().parse_args(words)
    return _open(_options(args, now, board=True), open_app)


def _top_parser() -> Parser:
    from salestui import __version__
    from salestui.cli.parsing import Parser, global_parser

    widest = max(len(name) for name in COMMANDS)
    commands = "\n".join(f"  {name:<{widest}}  {_(purpose)}" for name, (_module, purpose) in COMMANDS.items())
    parser = Parser(
        prog="salestui",
        usage=_("salestui [options] [command]"),
        description=_("Without a command the board is opened."),
        epilog=_("commands:\n{commands}\n\nEach tells more: salestui COMMAND --help").format(commands=commands),
        parents=[global_parser()],
    )
    parser.add_argument("--version", action="version", version=f"salestui {__version__}", help=_("show the version"))
    return parser


def _open(options: Options, open_app: OpenApp) -> int:
    """Open the board; without a terminal print it, so that scripts and first tries work anywhere."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return open_app(options)
    from salestui.cli.board_text import print_board

    return print_board(options)


def _answer(args: Namespace, options: Options) -> int:
    from salestui.cli.answers import Answer
    from salestui.cli.context import Context
    from salestui.cli.options import opened
    from salestui.cli.output import json_text, say, say_error

    def told(answer: Answer) -> tuple[str, int]:
        return json_text(answer.document) if options.json else answer.text(), answer.exit_code

    if getattr(args, "opens", True):
        with opened(options, create=getattr(args, "creates", True)) as place:
            for finding in place.findings:
                say_error(finding)
            text, exit_code = told(args.handler(Context(options, place, options.now()), args))
    else:
        text, exit_code = told(args.handler(options, args))
    say(text)
    return exit_code
