"""What `--data` takes, and what it refuses before anything is done."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.shell import Shell

BROKEN = {
    "nothing": "",
    "no JSON": "{",
    "two documents": '{"values":{}} {"values":{}}',
    "a list": "[1]",
    "a text": '"hello"',
    "null": "null",
    "an unknown key": '{"values":{},"force":true}',
    "a misspelt key": '{"value":{}}',
    "a key twice": '{"values":{"name":"a","name":"b"}}',
    "values that are a list": '{"values":[1]}',
    "NaN": '{"values":{"name":NaN}}',
    "Infinity": '{"values":{"name":-Infinity}}',
    "a number without end": '{"values":{"name":' + "9" * 5000 + "}}",
    "nesting without end": "[" * 100_000,
    "files that are a text": '{"files":"a.pdf"}',
    "files that are numbers": '{"files":[1]}',
    "an empty path": '{"files":[""]}',
    "a path with NUL": '{"files":["a\\u0000b"]}',
    "a numeric command id": '{"command_id":7}',
    "an empty command id": '{"command_id":""}',
    "an endless command id": '{"command_id":"' + "x" * 101 + '"}',
    "a command id with a line break": '{"command_id":"a\\nb"}',
    "a version in words": '{"expected_version":"seven"}',
    "a version that is a truth": '{"expected_version":true}',
    "a version with a point": '{"expected_version":1.5}',
    "no UTF-8": b'{"values":{"name":"\xff"}}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_such_document_is_a_wrong_call(shell: Shell, content: str | bytes) -> None:
    result = shell("customer", "new", "--json", "--data", "-", stdin=content)
    assert (result.code, result.document["code"]) == (2, "usage"), result.out
    assert result.document["text"].startswith("standard input: ")
    assert shell.ok("customer", "list")["total"] == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_says_where_the_mistake_is(shell: Shell, language: str) -> None:
    shell.language = language
    result = shell("customer", "new", "--data", "-", stdin='{\n "values": {,}}')
    assert (result.code, result.out) == (2, "")
    assert {"en": "line 2, column 13", "zh": "第 2 行第 13 列"}[language] in result.err


def test_all_parts_are_optional(shell: Shell) -> None:
    assert shell.refused("customer", "new") == (1, "invalid")
    result = shell("customer", "new", "--json", "--data", "-", stdin="{}")
    assert (result.code, result.document["code"]) == (1, "invalid")
    assert shell("customer", "new", "--data", "-", stdin='{"values":null,"files":null}').code == 1


def test_a_file_may_begin_with_a_byte_order_mark(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"values": {"name": "启明"}}, ensure_ascii=False).encode())
    assert shell.ok("customer", "new", "--data", str(path))["id"] == "C1"
    assert shell.ok("customer", "show", "启明")["name"] == "启明"


def test_a_file_that_is_not_there_is_a_wrong_call(shell: Shell, tmp_path: Path) -> None:
    assert shell.refused("customer", "new", "--data", str(tmp_path / "none.json")) == (2, "usage")
    assert shell.refused("customer", "new", "--data", str(tmp_path)) == (2, "usage")


def test_options_go_over_the_document(shell: Shell) -> None:
    result = shell(
        "customer", "new", "--set", "name=Second", "--set", "region=a=b", "--json", "--data", "-",
        stdin='{"values":{"name":"First","industry":"Food"}}',
    )  # fmt: skip
    assert result.code == 0
    shown = shell.ok("customer", "show", "C1")
    assert (shown["name"], shown["industry"], shown["region"]) == ("Second", "Food", "a=b")
    assert shell.refused("customer", "new", "--set", "name") == (2, "usage")
    assert shell.refused("customer", "new", "--set", "=x") == (2, "usage")


def test_numbers_keep_every_digit(shell: Shell) -> None:
    shell.ok("campaign", "new", values={"name": "East", "scenario": "new_market"})
    shell.ok("customer", "new", values={"name": "Qiming"})
    words = ("deal", "new", "--customer", "C1", "--campaign", "M1", "--json", "--data", "-")
    assert shell(*words, stdin='{"values":{"amount":680000.01}}').code == 0
    assert shell.ok("deal", "show", "D1")["amount"] == {"minor": 68000001, "currency": "CNY"}
    shell.ok("deal", "change", "D1", values={"amount": {"minor": 5, "currency": "USD"}})
    assert shell.ok("deal", "show", "D1")["amount"] == {"minor": 5, "currency": "USD"}


def test_files_are_refused_where_nothing_is_attached(shell: Shell) -> None:
    assert shell.refused("customer", "new", values={"name": "Qiming"}, files=["a.pdf"]) == (2, "usage")
    assert shell.ok("customer", "new", values={"name": "Qiming"}, files=[])["id"] == "C1"


def test_values_no_command_knows_are_refused(shell: Shell) -> None:
    shell.ok("campaign", "new", values={"name": "East", "scenario": "new_market"})
    shell.ok("customer", "new", values={"name": "Qiming"})
    shell.ok("deal", "new", values={"customer": "C1", "campaign": "M1"})
    calls = [
        ("campaign", "new"), ("customer", "new"), ("deal", "new", "--customer", "C1", "--campaign", "M1"),
        ("deal", "change", "D1"), ("deal", "move", "D1"), ("deal", "lose", "D1", "--reason", "price"),
        ("deal", "park", "D1", "--reason", "no_budget"), ("deal", "reassign", "D1", "--owner", "lin"),
        ("contact", "new", "C1"), ("output", "set", "D1", "market_report"), ("score", "set", "D1"),
        ("classify", "set", "D1"), ("log", "add", "D1"), ("log", "plan", "D1"),
        ("check", "tick", "D1", "implicit_needs_probed"), ("review", "ask", "D1", "solution"),
        ("exception", "grant", "D1"), ("user", "add", "wang"), ("settings", "change"),
    ]  # fmt: skip
    for words in calls:
        result = shell.json(*words, values={"nonsense": "x"})
        assert (result.code, result.document["code"]) == (1, "invalid"), (words, result.out)
        assert "nonsense" in [each["where"] for each in result.document["params"]["problems"]], words


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_text_from_a_person_is_text(shell: Shell) -> None:
    for name in ("[/]", "[@click=app.quit]x", "\x1b[31mred\x1b[0m", "企" * 200, "👨‍👩‍👧 Foods"):
        shell.ok("customer", "new", values={"name": name})
    out = shell("customer", "list").out
    assert "\x1b" not in out
    assert "[/]" in out
    assert "[@click=app.quit]x" in out
    assert "👨‍👩‍👧 Foods" in out
    missing = shell("customer", "show", "\x1b[31mred")
    assert (missing.code, "\x1b" in missing.err) == (4, False)
