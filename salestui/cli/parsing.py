"""The grammar of the command line: groups of commands, the options that all have, and wrong calls as faults."""

from __future__ import annotations

import argparse
import gettext as texts
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

from salestui import i18n
from salestui.cli.faults import UsageError
from salestui.i18n import gettext as _
from salestui.i18n import mark

if TYPE_CHECKING:
    from salestui.cli.answers import Answer
    from salestui.cli.context import Context
    from salestui.cli.options import Options

__all__ = ["Group", "Handler", "Parser", "command_position", "global_parser", "reads", "speak", "writes"]

Handler = Callable[["Context", argparse.Namespace], "Answer"] | Callable[["Options", argparse.Namespace], "Answer"]

VALUED: Final = frozenset({"--database", "--language", "--config"})
"""The global options that take a value."""

ARGPARSE: Final = (
    mark("usage: "),
    mark("options"),
    mark("positional arguments"),
    mark("unrecognized arguments: %s"),
    mark("the following arguments are required: %s"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("ignored explicit argument %r"),
    mark("not allowed with argument %s"),
    mark("one of the arguments %s is required"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid %(type)s value: %(value)r"),
)
"""What the standard library says of wrong calls: it looks its texts up in our catalogue (see `speak`)."""


def speak() -> None:
    """Let the standard library's argument parser speak the language in use."""
    os.environ["LANGUAGE"] = "zh_CN" if i18n.language() == "zh" else "en"
    texts.bindtextdomain(i18n.DOMAIN, str(i18n.CATALOGUES))
    texts.textdomain(i18n.DOMAIN)


class _Help(argparse.RawDescriptionHelpFormatter):
    """Puts every explanation on a line of its own: columns would not stand under each other where letters are wide."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=6, width=100)


class Parser(argparse.ArgumentParser):
    """A parser that spells options out in full, and raises UsageError instead of ending the program."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # argparse's own options, passed on as they are
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Help, **options)
        self.add_argument("-h", "--help", action="help", help=_("show how this is called, and leave"))

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self.format_usage().strip())


def global_parser() -> argparse.ArgumentParser:
    """Return the options that stand before or after any command; what is not given leaves no trace."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = parser.add_argument_group(_("everywhere"))
    group.add_argument("--database", metavar=_("PLACE"), help=_("path or address of the database (SALESTUI_DATABASE)"))
    group.add_argument("--language", choices=i18n.LANGUAGES, help=_("language of all texts (SALESTUI_LANGUAGE)"))
    group.add_argument("--config", metavar=_("FILE"), help=_("file of settings (SALESTUI_CONFIG)"))
    return parser


def command_position(words: Sequence[str]) -> int | None:
    """Return where the command stands among the words: the first that is neither a global option nor its value."""
    index = 0
    while index < len(words):
        if words[index] in VALUED:
            index += 2
        elif words[index].startswith("-") and words[index] != "-":
            index += 1
        else:
            return index
    return None


class Group:
    """The commands of one word, such as `deal`; a word without commands of its own is one command itself."""

    def __init__(self, name: str, help: str) -> None:
        self._parents: list[Any] = [global_parser()]  # Any: argparse wants them to be of the class they are parents of
        self.parser = Parser(prog=f"salestui {name}", description=help, parents=self._parents)
        self._commands: argparse._SubParsersAction[Parser] | None = None
        self.parsers: dict[str, Parser] = {}
        """The parser of each command by its name; that of the word itself where it is one command."""
        self.default = ""

    def command(self, name: str, handler: Handler, help: str, *, default: bool = False) -> Parser:
        """Add a command; the `default` one is meant where no command's name is given."""
        if self._commands is None:
            self._commands = self.parser.add_subparsers(
                dest="command", required=True, metavar=_("COMMAND"), title=_("commands"), parser_class=Parser
            )
        parser = self._commands.add_parser(name, help=help, description=help, parents=self._parents)
        self._finish(parser, handler)
        self.parsers[name] = parser
        if default:
            self.default = name
        return parser

    def alone(self, handler: Handler) -> Parser:
        """Make the word a command itself."""
        self._finish(self.parser, handler)
        self.parsers[""] = self.parser
        return self.parser

    @staticmethod
    def _finish(parser: Parser, handler: Handler) -> None:
        parser.add_argument("--json", action="store_true", help=_("answer with one JSON document"))
        parser.set_defaults(handler=handler)

    def parse(self, words: Sequence[str]) -> argparse.Namespace:
        """Read the words after the group's name, with the default command put in where none is named."""
        given = list(words)
        if self.default:
            at = command_position(given)
            if (at is not None and given[at] not in self.parsers) or (at is None and not {"-h", "--help"} & set(given)):
                given.insert(0, self.default)
        return self.parser.parse_args(given)


def reads(parser: Parser) -> Parser:
    """Have a command that only reads make no database where there is none."""
    parser.set_defaults(creates=False)
    return parser


def writes(parser: Parser, *, data: bool = True, files: bool = False, changes: bool = True) -> None:
    """Add the options of a command that writes: with `data` those that give values, with `files` also files.

    `changes`: it changes something that has a version, so that the caller may say which one he read.
    """
    parser.set_defaults(takes_files=files, changes=changes)
    group = parser.add_argument_group(_("what is given"))
    if data:
        group.add_argument(
            "--data", metavar=_("FILE"), help=_("a JSON document with values, files, command_id, expected_version")
        )
        group.add_argument(
            "--set", action="append", default=[], metavar=_("KEY=VALUE"), help=_("one value; may be repeated")
        )
    if files:
        group.add_argument(
            "--file", action="append", default=[], metavar=_("PATH"), help=_("a file to attach; may be repeated")
        )
    group.add_argument("--command-id", metavar=_("UUID"), help=_("the same id again does nothing twice"))
    if changes:
        group.add_argument(
            "--expected-version", type=int, metavar=_("N"), help=_("refuse when somebody changed it meanwhile")
        )
