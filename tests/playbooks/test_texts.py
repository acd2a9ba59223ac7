"""Both handbooks speak both languages, in signs every terminal draws one way."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from salestui.domain.playbook import EMPTY, Text
from salestui.domain.text import clean
from salestui.playbooks.loader import BUILTIN, builtin

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(value: object, path: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from texts(each, f"{path}.{getattr(each, 'key', index)}")
    elif is_dataclass(value):
        for field in fields(value):
            if not field.name.startswith("_"):
                yield from texts(getattr(value, field.name), f"{path}.{field.name}")


ALL = [(path, text) for key in BUILTIN for path, text in texts(builtin(key), key) if text != EMPTY]


def broken(rule) -> list[str]:
    return [path for path, text in ALL if not rule(path, text)]


def test_no_text_is_missing_in_either_language():
    assert len(ALL) > 1000
    assert broken(lambda _, text: text.zh.strip() and text.en.strip()) == []


def test_chinese_texts_are_chinese():
    def is_chinese(path: str, text: Text) -> bool:
        same_everywhere = path.endswith(".example") and text.zh == text.en
        return same_everywhere or bool(CHINESE.search(text.zh))

    assert broken(is_chinese) == []


def test_english_texts_hold_no_chinese_but_document_titles():
    assert broken(lambda _, text: not CHINESE.search(re.sub("《[^》]*》", "", text.en))) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_holds_a_sign_that_some_terminals_draw_two_cells_wide(language: str):
    def is_plain(_: str, text: Text) -> bool:
        return all(unicodedata.east_asian_width(char) != "A" for char in text.get(language))

    assert broken(is_plain) == []


def test_texts_stand_on_one_line_without_control_characters():
    assert broken(lambda _, text: clean(text.zh) == text.zh and clean(text.en) == text.en) == []


def test_chinese_texts_use_chinese_punctuation():
    assert broken(lambda _, text: not re.search(r"[\u4e00-\u9fff]([,;:?!]|\.(?!\w))", text.zh)) == []


def test_column_heads_are_short_enough_for_the_board():
    for key in BUILTIN:
        for stage in builtin(key).stages:
            assert len(stage.short.zh) <= 5
            assert len(stage.short.en) <= 13
