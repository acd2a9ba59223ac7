"""docs/cli.md is complete and true, in both languages: every command, every option, every example."""

import re
import shlex

import pytest

from salestui.cli.main import COMMANDS, group
from salestui.cli.parsing import command_position
from tests.cli.shell import Shell
from tools.cli_reference import MARK, PAGES, page

UNWRITTEN = {"--help", "--json", "--database", "--language", "--config"}


@pytest.mark.parametrize("language", PAGES)
def test_the_reference_is_what_the_commands_say(language: str) -> None:
    """When this fails: .venv/bin/python tools/cli_reference.py"""
    assert PAGES[language].read_text("utf-8") == page(language)  # type: ignore[index]


@pytest.mark.parametrize("language", PAGES)
def test_every_command_and_every_option_is_documented(language: str) -> None:
    reference = PAGES[language].read_text("utf-8").partition(MARK)[2]  # type: ignore[index]
    for name in COMMANDS:
        part = reference.partition(f"## `salestui {name}`\n")[2].partition("\n## ")[0]
        assert part, name
        for command, parser in group(name).parsers.items():
            heading = f"`salestui {name} {command}".strip()
            assert heading in part, heading
            for action in parser._actions:
                for option in set(action.option_strings) - UNWRITTEN - {"-h"}:
                    assert f"`{option}" in part, (name, command, option)


@pytest.mark.parametrize("language", PAGES)
def test_every_example_calls_a_command_that_there_is(language: str) -> None:
    """The lines of the blocks for a shell, the files of people's own aside."""
    head = PAGES[language].read_text("utf-8").partition(MARK)[0]  # type: ignore[index]
    blocks = re.findall(r"```sh\n(.*?)```", head, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    assert len(lines) > 8
    for line in lines:
        words = shlex.split(line)[1:]
        at = command_position(words)
        if at is not None:
            group(words[at]).parse([*words[:at], *words[at + 1 :]])


def test_the_examples_for_people_work(shell: Shell) -> None:
    head = PAGES["en"].read_text("utf-8").partition(MARK)[0]
    block = re.findall(r"```sh\n(.*?)```", head, re.DOTALL)[1]
    for line in block.splitlines():
        words = shlex.split(line)[1:]
        result = shell(*words)
        expected = 5 if words[:2] == ["output", "sent"] else 0  # nothing is submitted yet that could be sent
        assert result.code == expected, (line, result.err)


@pytest.mark.parametrize("language", PAGES)
def test_both_pages_say_the_same_at_the_same_place(language: str) -> None:
    def shape(text: str) -> list[str]:
        head = text.partition(MARK)[0]
        return re.findall(r"^(#+|\||```\w*|- |\d\. )", head, re.MULTILINE)

    assert shape(PAGES["en"].read_text("utf-8")) == shape(PAGES["zh"].read_text("utf-8"))
