from collections.abc import Iterator

import pytest

from salestui import i18n


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = i18n.language()
    yield
    i18n.use(before)


@pytest.mark.parametrize(
    ("wishes", "environment", "chosen"),
    [
        ((), {}, "en"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ((), {"LANG": "de_DE.UTF-8"}, "en"),
        ((), {"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        (("zh",), {"LANG": "en_US"}, "zh"),
        ((None, "zh-Hans"), {}, "zh"),
        (("en", "zh"), {"LANG": "zh_CN"}, "en"),
        (("auto",), {"LANG": "zh_CN"}, "zh"),
        (("klingon", "EN_gb"), {"LANG": "zh_CN"}, "en"),
    ],
)
def test_the_first_wish_counts_and_then_the_locale(
    wishes: tuple[str | None, ...], environment: dict[str, str], chosen: str
) -> None:
    assert i18n.choose(*wishes, environment=environment) == chosen


def test_the_language_changes_while_the_program_runs() -> None:
    english = "The language: zh, en, or auto for that of the system."
    i18n.use("zh")
    chinese = i18n.gettext(english)
    assert i18n.language() == "zh"
    i18n.use("en")
    assert i18n.gettext(english) == english != chinese


def test_a_count_takes_the_form_that_fits() -> None:
    i18n.use("en")
    assert [i18n.ngettext("one {n} card", "{n} cards", n).format(n=n) for n in (1, 2)] == ["one 1 card", "2 cards"]


def test_a_text_without_a_translation_is_shown_in_english() -> None:
    i18n.use("zh")
    assert i18n.gettext("nobody ever wrote this") == "nobody ever wrote this"
    assert i18n.pgettext("a place", "nobody ever wrote this") == "nobody ever wrote this"
