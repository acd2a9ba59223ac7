"""Writes the reference of docs/cli.md and docs/cli.zh-CN.md from the commands themselves; the text above it stays.

tools/cli_reference.py           write both pages
tools/cli_reference.py --check   fail where a page is not what this would write
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from salestui import i18n  # noqa: E402  # the repository is put on the path just above
from salestui.cli.main import COMMANDS, group  # noqa: E402  # the same
from salestui.cli.parsing import Group, Parser, speak  # noqa: E402  # the same

MARK: Final = "<!-- From here on written by tools/cli_reference.py -->\n"
PAGES: Final[dict[i18n.Language, Path]] = {
    "en": ROOT / "docs" / "cli.md",
    "zh": ROOT / "docs" / "cli.zh-CN.md",
}
EVERYWHERE: Final = frozenset({"--help", "--json", "--database", "--language", "--config"})
WRITING: Final = ("--data", "--set", "--file", "--command-id", "--expected-version")
TAKES: Final = {"en": "Takes", "zh": "可带"}
ALSO: Final = {"en": "The word `{name}` may be left out.", "zh": "`{name}` 这个词可以不写。"}


def reference(language: i18n.Language) -> str:
    """Return the reference of all commands in one language."""
    before = i18n.language()
    i18n.use(language)
    speak()
    try:
        return "\n".join(line for name in COMMANDS for line in _group(name, group(name), language))
    finally:
        i18n.use(before)
        speak()


def _group(name: str, found: Group, language: str) -> Iterator[str]:
    yield f"## `salestui {name}`"
    yield ""
    yield _sentence(found.parser.description or "", language)
    yield ""
    for command, parser in found.parsers.items():
        if command:
            yield f"### `{_call(name, command, parser)}`"
            yield ""
            yield _sentence(parser.description or "", language)
            if command == found.default:
                yield ALSO[language].format(name=command)
            yield ""
        else:
            yield f"`{_call(name, command, parser)}`"
            yield ""
        yield from _options(parser, language)


def _sentence(text: str, language: str) -> str:
    return text[:1].upper() + text[1:] + ("。" if language == "zh" else ".")


def _call(name: str, command: str, parser: Parser) -> str:
    words = ["salestui", name, *([command] if command else [])]
    for action in _actions(parser):
        if not action.option_strings:
            shown = str(action.metavar)
            words.append({"?": f"[{shown}]", "+": f"{shown}…"}.get(str(action.nargs), shown))
    return " ".join(words)


def _actions(parser: Parser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.dest != "command"]  # noqa: SLF001  # argparse names no other


def _options(parser: Parser, language: str) -> Iterator[str]:
    named = [each for each in _actions(parser) if each.help and not set(each.option_strings) & {*EVERYWHERE, *WRITING}]
    for action in named:
        yield f"- `{_option(action)}`: {action.help}"
    given = [each for each in _actions(parser) if set(each.option_strings) & set(WRITING)]
    if given:
        listed = ("、" if language == "zh" else ", ").join(f"`{_option(each)}`" for each in given)
        yield f"- {TAKES[language]} {listed}"
    if named or given:
        yield ""


def _option(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar)
    name = action.option_strings[-1]
    if action.nargs == 0:
        return name
    value = "|".join(action.choices) if action.choices else action.metavar
    return f"{name} {value}"


def page(language: i18n.Language) -> str:
    """Return a page as it should be: its own head, and the reference."""
    head = PAGES[language].read_text("utf-8").partition(MARK)[0]
    return f"{head}{MARK}\n{reference(language)}".rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write or check both pages; return the exit code."""
    wrong = [path.name for language, path in PAGES.items() if path.read_text("utf-8") != page(language)]
    if arguments == ["--check"]:
        for name in wrong:
            print(f"docs/{name} is not what the commands say. Run: tools/cli_reference.py")
        return 1 if wrong else 0
    for language, path in PAGES.items():
        path.write_text(page(language), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
