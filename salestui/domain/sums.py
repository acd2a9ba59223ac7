"""Whether the total of a quotation is what its lines add up to: a warning, never a condition of the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from salestui.dataclass import dataclass
from salestui.domain.money import Money
from salestui.domain.playbook import Field, FieldType
from salestui.domain.showing import money_of

__all__ = ["SumDiffers", "sum_differs"]

_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}


@dataclass(frozen=True, slots=True)
class SumDiffers:
    """The lines of `table` add up to `lines`, while the form's one amount, `total`, says `stated`."""

    total: Field
    table: Field
    stated: Money
    lines: Money


def sum_differs(fields: Sequence[Field], values: Mapping[str, object]) -> SumDiffers | None:
    """Return how a form's total differs from quantity times price of its lines, None where it does not.

    Asked of forms with one amount and one table of a number and an amount a line (handbook A, stage 4: configuration
    and quotation). Lines that are incomplete or in another currency than the total leave the question open: None.
    """
    totals = [field for field in fields if field.type is FieldType.MONEY]
    tables = [field for field in fields if field.type is FieldType.TABLE and _columns(field)]
    if len(totals) != 1 or len(tables) != 1:
        return None
    total, table = totals[0], tables[0]
    stated, rows, columns = money_of(values.get(total.key)), values.get(table.key), _columns(table)
    if stated is None or columns is None or not isinstance(rows, list | tuple) or not rows:
        return None
    minor = Decimal(0)
    for row in rows:
        price = money_of(row.get(columns[1].key)) if isinstance(row, Mapping) else None
        count = _number(row.get(columns[0].key)) if isinstance(row, Mapping) else None
        if price is None or count is None or price.currency != stated.currency:
            return None
        minor += count * price.minor
    lines = Money(int(minor.to_integral_value(ROUND_HALF_UP)), stated.currency)
    return None if lines == stated else SumDiffers(total, table, stated, lines)


def _columns(table: Field) -> tuple[Field, Field] | None:
    """Return the table's one number and its one amount; None where it has not exactly one of each."""
    counts = [column for column in table.columns if column.type in _NUMBERS]
    prices = [column for column in table.columns if column.type is FieldType.MONEY]
    return (counts[0], prices[0]) if len(counts) == len(prices) == 1 else None


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
