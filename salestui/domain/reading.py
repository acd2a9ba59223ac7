"""Reads one word, number or amount the way people type it; what cannot be read is raised as `Unreadable`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from salestui.domain.money import Money
from salestui.domain.playbook import Choice
from salestui.domain.text import clean, same_name

YES = frozenset({"是", "对", "有", "好", "yes", "y", "true", "1", "ok"})
NO = frozenset({"否", "不是", "不", "没有", "无", "no", "n", "false", "0"})
LIMIT = Decimal(10) ** 15
"""Numbers of this size and beyond are slips of the hand, and would not be exact everywhere."""

_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,15})?|\.\d{1,15})")
_UNITS = {
    "": 1, "元": 1, "块": 1, "k": 10**3, "千": 10**3, "千元": 10**3, "w": 10**4, "万": 10**4, "万元": 10**4, "m": 10**6,
    "mn": 10**6, "百万": 10**6, "百万元": 10**6, "千万": 10**7, "千万元": 10**7, "亿": 10**8,
    "亿元": 10**8, "b": 10**9, "bn": 10**9,
}  # fmt: skip
_SIGNS = {
    "¥": "CNY", "￥": "CNY", "rmb": "CNY", "人民币": "CNY", "$": "USD", "us$": "USD", "美元": "USD", "美金": "USD",
    "€": "EUR", "欧元": "EUR", "£": "GBP", "英镑": "GBP", "日元": "JPY", "港币": "HKD", "hk$": "HKD",
}  # fmt: skip
_MONEY = re.compile(
    r"(?P<before>[a-z]{3}|[a-z]{0,2}[$€£¥]|人民币|美元|欧元)?(?P<number>[+-]?[\d.,]+)(?P<unit>[a-z]{1,2}|[元块千百万亿]+)?"
    r"(?P<after>[a-z]{3}|[a-z]{0,2}[$€£¥]|人民币|美元|美金|欧元|英镑|日元|港币)?"
)


class Unreadable(ValueError):
    """A value cannot be read as its field's type: `code` is the problem's code, `params` its parameters."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def quoted(raw: object) -> str:
    """Return what was given, cleaned and cut to 60 characters, to be named in a problem."""
    text = clean(str(raw))
    return text if len(text) <= 60 else text[:58] + ".."


def tidy(text: str, *, lines: bool = False) -> str:
    """Return `text` cleaned until cleaning changes nothing more; only white space becomes the empty text."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.rstrip() if lines and text.strip() else text.strip()
    while (cleaned := clean(text, lines=lines)) != text:
        text = cleaned
    return text if text.strip() else ""


def folded(text: str) -> str:
    """Return `text` in the half-width, lower-case, single-spaced form that is compared and parsed."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", clean(text))).strip().casefold()


def read_number(raw: object) -> Decimal:
    """Read a number: 3, "3", "１２", "1,200.5", "12%"; raises Unreadable("bad_number" or "too_large")."""
    if isinstance(raw, bool):
        raise Unreadable("wrong_type")
    if isinstance(raw, int | float):
        text = (
            str(raw)
            if isinstance(raw, int) and abs(raw) < LIMIT
            else f"{raw:f}"
            if isinstance(raw, float)
            else "9" * 20
        )
    elif isinstance(raw, str | Decimal):
        text = folded(str(raw)).replace(" ", "").removesuffix("%").replace(",", "").replace("_", "")
    else:
        raise Unreadable("wrong_type")
    if not _NUMBER.fullmatch(text):
        raise Unreadable("bad_number", value=quoted(raw))
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable("bad_number", value=quoted(raw)) from error
    if abs(number) >= LIMIT:
        raise Unreadable("too_large", max=int(LIMIT) - 1)
    return number


def plain(number: Decimal) -> str:
    """Return the stored form of a decimal: no exponent, no superfluous zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", "", "-"} else text


def read_integer(raw: object) -> int:
    """Read a whole number; raises Unreadable."""
    number = read_number(raw)
    if number != number.to_integral_value():
        raise Unreadable("too_many_decimals", decimals=0)
    return int(number)


def read_money(raw: object, currency: str = "CNY") -> Money:
    """Read an amount: {"minor", "currency"}, 680000, "68万", "1.2M", "680,000 CNY", "¥680,000"; raises Unreadable."""
    if isinstance(raw, Mapping):
        minor, code = raw.get("minor"), raw.get("currency", currency)
        if isinstance(minor, bool) or not isinstance(minor, int) or not isinstance(code, str):
            raise Unreadable("wrong_type")
        if not re.fullmatch("[A-Z]{3}", code):
            raise Unreadable("bad_currency", value=quoted(code))
        if abs(minor) >= LIMIT:
            raise Unreadable("too_large", max=int(LIMIT) - 1)
        return Money(minor, code)
    if not isinstance(raw, str):
        return _exact(read_number(raw), currency)
    match = _MONEY.fullmatch(folded(raw.replace("￥", "¥")).replace(" ", "").replace("_", ""))
    if match is None or (match["unit"] or "") not in _UNITS:
        raise Unreadable("bad_money", value=quoted(raw))
    try:
        amount = read_number(match["number"]) * _UNITS[match["unit"] or ""]
    except Unreadable as error:
        raise (error if error.code == "too_large" else Unreadable("bad_money", value=quoted(raw))) from error
    sign = match["before"] or match["after"]
    return _exact(amount, _SIGNS.get(sign, sign.upper()) if sign else currency, raw)


def _exact(amount: Decimal, currency: str, raw: object = "") -> Money:
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Unreadable("bad_currency", value=quoted(raw))
    if abs(amount) >= LIMIT / 1000:
        raise Unreadable("too_large", max=int(LIMIT / 1000) - 1)
    try:
        return Money.from_amount(amount, currency)
    except ValueError as error:
        raise Unreadable("too_many_decimals", decimals=2) from error


def read_yes_no(raw: object) -> bool:
    """Read yes or no: true, 1, "是", "yes", "否", "no"; raises Unreadable("bad_yes_no")."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and raw in {0, 1}:
        return bool(raw)
    if isinstance(raw, str):
        word = folded(raw)
        if word in YES:
            return True
        if word in NO:
            return False
        raise Unreadable("bad_yes_no", value=quoted(raw))
    raise Unreadable("wrong_type")


def read_choice(choices: Sequence[Choice], raw: object) -> str:
    """Return the key of the choice that `raw` names by its key or its text; raises Unreadable("unknown_choice")."""
    if not isinstance(raw, str):
        raise Unreadable("wrong_type")
    for choice in choices:
        if raw == choice.key:
            return choice.key
    wanted = same_name(raw)
    for choice in choices:
        if wanted in {same_name(choice.key), same_name(choice.text.zh), same_name(choice.text.en)}:
            return choice.key
    raise Unreadable("unknown_choice", value=quoted(raw))


def read_choices(choices: Sequence[Choice], raw: object) -> list[str]:
    """Read several choices from a list, or from one text with commas, in the order of the field; raises Unreadable."""
    if isinstance(raw, str):
        try:
            parts: Sequence[object] = [read_choice(choices, raw)]
        except Unreadable:
            parts = [part for part in re.split(r"[,，、;；/|\n]", raw) if part.strip()]
    elif isinstance(raw, list | tuple | set | frozenset):
        parts = [part for part in raw if not (isinstance(part, str) and not part.strip())]
    else:
        raise Unreadable("wrong_type")
    chosen = {read_choice(choices, part) for part in parts}
    return [choice.key for choice in choices if choice.key in chosen]
