"""Money in integer minor units with its currency (ISO 4217 code)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from salestui.dataclass import dataclass

DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}


def digits(currency: str) -> int:
    """Return how many digits after the point the minor unit of `currency` stands for."""
    return DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: `minor` units (cents, 分) of `currency`."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, exact."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    @classmethod
    def from_amount(cls, amount: Decimal | str, currency: str) -> Money:
        """Read an amount in whole units; raises ValueError when it is no number or finer than the minor unit."""
        try:
            scaled = Decimal(amount).scaleb(digits(currency))
        except InvalidOperation as error:
            raise ValueError(f"not an amount: {amount!r}") from error
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f"not a whole number of minor units: {amount!r}")
        return cls(int(scaled), currency)

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"
