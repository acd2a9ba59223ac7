"""Text that people typed: made safe at the boundary, compared the way people compare names."""

from __future__ import annotations

import re
import unicodedata

_KEEP_IN_LONG = {"\n", "\t"}
_JOINERS = {"\u200d"}
_SUFFIXES = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "公司", "集团",
    "co.,ltd.", "co.,ltd", "co.ltd.", "co.ltd", "co., ltd.", "company limited", "limited", "ltd.", "ltd",
    "inc.", "inc", "corporation", "corp.", "corp", "llc", "gmbh & co. kg", "gmbh", "ag", "s.a.", "b.v.", "plc",
)  # fmt: skip


def _is_unsafe(char: str) -> bool:
    """Control, bidi and zero-width characters, surrogates; a joiner between emoji is judged by its neighbours."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str, *, lines: bool = False) -> str:
    """Return `text` in NFC without control, bidi and zero-width characters.

    With `lines`, line feeds and tabs stay (carriage returns become line feeds). A zero-width joiner stays only inside
    an emoji sequence, where removing it would change what is seen.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    for index, char in enumerate(text):
        if lines and char in _KEEP_IN_LONG:
            kept.append(char)
        elif char in _JOINERS:
            if 0 < index < len(text) - 1 and ord(text[index - 1]) > 0x2000 and ord(text[index + 1]) > 0x2000:
                kept.append(char)
        elif char in "\n\t\u2028\u2029":
            kept.append(" ")
        elif not _is_unsafe(char):
            kept.append(char)
    return "".join(kept).strip() if not lines else "".join(kept).rstrip()


def clean_name(text: str) -> str:
    """Return `text` cleaned, on one line, with single spaces: for names and titles."""
    return re.sub(r"\s+", " ", clean(text)).strip()


def same_name(name: str) -> str:
    """Return the form under which two names are the same: half-width, lower case, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", clean(name))).casefold()


_ENDINGS = tuple(same_name(suffix) for suffix in _SUFFIXES)


def core_name(name: str) -> str:
    """Return `same_name` without company suffixes such as 有限公司 or Co., Ltd.: for *possible* duplicates only."""
    core = same_name(name)
    shortened = True
    while shortened:
        shortened = False
        for ending in _ENDINGS:
            if core.endswith(ending) and len(core) > len(ending):
                core = core[: -len(ending)].rstrip(",.，。 ")
                shortened = True
    return core
