"""Loading: what was checked loads without pydantic, what was not is checked, and what is broken says where."""

import subprocess
import sys
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.playbook import Condition
from salestui.errors import BadPlaybook, NotFound
from salestui.playbooks import loader

HEAD = loader.builtin_text("role")


@pytest.mark.parametrize("key", loader.BUILTIN)
def test_the_playbooks_that_come_along_pass_every_check(key: str):
    assert loader.load_text(loader.builtin_text(key), f"{key}.toml") == loader.builtin(key)


@pytest.mark.parametrize("key", loader.BUILTIN)
def test_the_canonical_form_gives_back_an_equal_playbook(key: str):
    text = loader.to_json(loader.builtin(key))
    assert loader.from_json(text) == loader.builtin(key)
    assert loader.to_json(loader.from_json(text)) == text


def test_amounts_survive_the_canonical_form_in_minor_units():
    text = loader.builtin_text("expansion").replace(
        'required_when = { grades = ["A"] }',
        'required_when = { grades = ["A"], amount_at_least = 500000, currency = "CNY" }',
    )
    book = loader.load_text(text, "mine.toml")
    assert book.output("account_plan").required_when == Condition(("A",), (), 50_000_000, "CNY")
    assert loader.from_json(loader.to_json(book)) == book


@pytest.mark.parametrize(
    "call",
    [
        "loader.builtin('expansion')",
        "loader.builtin('role')",
        "loader.from_json(loader.to_json(loader.builtin('role')))",
        "loader.from_checked_text(loader.builtin_text('role'), 'role.toml')",
    ],
)
def test_what_was_checked_before_loads_without_pydantic(call: str):
    code = f"import sys; from salestui.playbooks import loader; {call}; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_file_is_read_whatever_mark_and_line_ends_an_editor_leaves(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert loader.load_file(path) == loader.builtin("role")
    assert loader.digest(HEAD.replace("\n", "\r\n")) == loader.digest(HEAD)


def test_the_digest_tells_two_texts_apart():
    assert loader.digest(HEAD) != loader.digest(HEAD + "\n")


def test_there_is_no_third_playbook_in_the_program():
    with pytest.raises(NotFound):
        loader.builtin_text("../secret")


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"\xff\xfe\x00", "-", "UTF-8"),
        (b'key = "a', "end of file", "not closed"),
        (b'key = "a"\ntitle = \n', "line 2, column 9", "not valid TOML"),
        (b"key = 1\nkey = 2\n", "line 2", "second time"),
        (b"[a]\n[a]\n", "line 2", "second time"),
        (b"", "format", "is missing"),
        (b"x" * (loader.BIGGEST_FILE + 1), "-", "4 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path: Path, content: bytes, where: str, what: str):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(BadPlaybook) as caught:
        loader.load_file(path)
    assert caught.value.params["path"] == str(path)
    assert caught.value.problems[0][0].startswith(where)
    assert what in caught.value.problems[0][1]
    assert str(path) in caught.value.text()


def test_a_file_that_is_not_there_says_so(tmp_path: Path):
    with pytest.raises(BadPlaybook, match="cannot be read"):
        loader.load_file(tmp_path / "none.toml")
    with pytest.raises(BadPlaybook, match="cannot be read"):
        loader.load_file(tmp_path)


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"key":"a"}', "null", '{"stages":3}'])
def test_a_damaged_stored_form_is_one_clear_error(stored: str):
    with pytest.raises(BadPlaybook, match="damaged"):
        loader.from_json(stored, "expansion 3")


def test_problems_are_told_in_chinese_too():
    i18n.use("zh")
    with pytest.raises(BadPlaybook) as caught:
        loader.load_text(HEAD.replace("version = 1", "version = 'one'"), "mine.toml")
    assert caught.value.problems == (("version", '要写成不带引号的整数，不能是 "one"'),)
