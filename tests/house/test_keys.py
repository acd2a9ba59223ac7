"""The table of keys, and what is made from it."""

from __future__ import annotations

import pytest

from salestui import i18n, keys
from salestui.screens.help import ABOUT
from tools import keys_page


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_pages_of_keys_say_what_the_table_says(language: i18n.Language) -> None:
    written = keys_page.PAGES[language].read_text("utf-8")
    assert written == keys_page.page(language), "run python tools/keys_page.py"


def test_writing_a_page_leaves_the_language_as_it_was() -> None:
    i18n.use("en")
    keys_page.page("zh")
    assert i18n.language() == "en"


def test_every_key_belongs_to_a_place_with_a_title() -> None:
    assert {key.place for key in keys.KEYS} == set(keys.PLACES)


def test_no_two_keys_have_one_name() -> None:
    assert len(keys.BY_ID) == len(keys.KEYS)


@pytest.mark.parametrize("place", keys.PLACES)
def test_no_key_of_a_place_does_two_things(place: str) -> None:
    pressed = [one for key in keys.of(place) for one in key.keys.split(",")]
    assert len(pressed) == len(set(pressed))


@pytest.mark.parametrize("place", sorted(set(keys.PLACES) - {"app", "gate", "move", "help"}))
def test_the_help_says_what_every_place_is_for(place: str) -> None:
    assert ABOUT.get(place)


@pytest.mark.parametrize("key", keys.KEYS, ids=lambda key: key.id)
def test_every_key_has_its_texts_in_chinese(key: keys.Key) -> None:
    i18n.use("zh")
    for text in (key.verb, key.help):
        assert i18n.gettext(text) != text


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (">,》,＞,shift+right,f8", (">", "shift+right", "f8")),
        ("escape,q", ("esc", "q")),
        ("1,2,3,4,5,6,7,8,9", ("1-9",)),
        ("pageup,ctrl+b", ("pgup", "ctrl+b")),
        ("+", ("+",)),
    ],
)
def test_keys_are_named_as_they_are_printed(given: str, seen: tuple[str, ...]) -> None:
    assert keys.names(given) == seen


def test_arrows_have_chinese_names() -> None:
    i18n.use("zh")
    assert keys.names("shift+right,left") == ("shift+右", "左")
