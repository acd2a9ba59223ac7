"""Amounts as short as a card needs them: 68万, 31.5万, 1.2亿 in Chinese, 680K, 1.2M in English."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from salestui.i18n import language

if TYPE_CHECKING:
    from salestui.domain.money import Money
    from salestui.i18n import Language

__all__ = ["short_amount", "use_home_currency"]

UNITS: Final[dict[Language, tuple[tuple[int, str], ...]]] = {
    "zh": ((10**4, "万"), (10**8, "亿")),
    "en": ((10**3, "K"), (10**6, "M"), (10**9, "B")),
}


class _Home:
    currency: str = "CNY"


def use_home_currency(currency: str) -> None:
    """Leave this currency's code out of short amounts; all others keep theirs."""
    _Home.currency = currency


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _places(value: Decimal, unit: str) -> int:
    """One decimal while the number is small; thousands have none from ten on, so that 315K stays 315K."""
    return 1 if value < (10 if unit == "K" else 100) else 0


def short_amount(money: Money | None, *, rounded: bool = False) -> str:
    """Return the amount in the language's own large units, at most one decimal; `rounded` drops that as well.

    Empty for no amount. A currency other than the home one stands before it with its code.
    """
    if money is None:
        return ""
    value = abs(money.amount)
    shown, unit, smaller = _round(value, 0), "", 1
    for size, name in UNITS[language()]:
        scaled = value / size
        if scaled < 1 and shown < size // smaller:
            break
        shown, unit, smaller = _round(scaled, 0 if rounded else _places(scaled, name)), name, size
    digits = f"{shown:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    sign = "-" if money.minor < 0 else ""
    code = "" if money.currency == _Home.currency else f"{money.currency} "
    return f"{code}{sign}{digits}{unit}"
