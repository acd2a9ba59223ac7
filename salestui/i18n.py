"""Translation of everything a user reads: English is the source text, Chinese lives in a gettext catalogue.

The language may change while the program runs, so texts are looked up when they are shown, never at import time:
`_("{n} deals").format(n=3)`.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "DOMAIN", "LANGUAGES", "Language", "choose", "gettext", "language", "mark", "ngettext", "pgettext", "speaking",
    "use",
]  # fmt: skip

Language = Literal["zh", "en"]

DOMAIN: Final = "salestui"
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
CATALOGUES: Final = Path(__file__).parent / "locales"
_FOLDERS: Final[Mapping[Language, str]] = {"zh": "zh_CN"}


class _Current:
    """The language of this process and its catalogue."""

    language: Language = "en"
    texts: NullTranslations = NullTranslations()


_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


@cache
def _catalogue(chosen: Language) -> NullTranslations:
    folder = _FOLDERS.get(chosen)
    if folder is None:
        return NullTranslations()
    with (CATALOGUES / folder / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return GNUTranslations(file)


def use(chosen: Language) -> None:
    """Show everything from now on in this language."""
    _Current.texts = _catalogue(chosen)
    _Current.language = chosen


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Speak another language within this block, for what is written into a file; other threads do not notice."""
    token = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> Language:
    """Return the language in use, as playbook texts want it: `text.get(language())`."""
    return _spoken.get() or _Current.language


def _texts() -> NullTranslations:
    chosen = _spoken.get()
    return _catalogue(chosen) if chosen else _Current.texts


def gettext(message: str) -> str:
    """Translate an English source text."""
    return _texts().gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Translate a text with a count in the form that fits `n`; fill the count in with `.format(n=n)` afterwards."""
    return _texts().ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """Translate a text whose English means two things; `context` says which one is meant."""
    return _texts().pgettext(context, message)


def mark(message: str) -> str:
    """Return a text of a table unchanged; it is collected for translation and looked up by `gettext` when shown."""
    return message


def choose(*wishes: str | None, environment: Mapping[str, str] | None = None) -> Language:
    """Settle on a language: the first wish given (option, SALESTUI_LANGUAGE, configuration), else the locale's.

    A wish is anything that names a language the way people and locales do: `zh`, `zh_CN.UTF-8`, `en`. What is neither
    is skipped. Without any the first of LC_ALL, LC_MESSAGES and LANG that is set decides: Chinese, else English.
    """
    values = os.environ if environment is None else environment
    for wish in wishes:
        short = (wish or "")[:2].lower()
        if short in LANGUAGES:
            return short
    locale = next((values[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if values.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
