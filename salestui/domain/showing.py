"""Stored values as people read them, in either language: full for forms, short for lists and folded fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from salestui.domain.money import Money
from salestui.domain.playbook import Field, FieldType, Text

YES = Text("是", "yes")
NO = Text("否", "no")
ROWS = Text("{count} 行", "{count} rows")
ONE_ROW = Text("1 行", "1 row")
WEEKDAYS = (
    Text("周一", "Mon"),
    Text("周二", "Tue"),
    Text("周三", "Wed"),
    Text("周四", "Thu"),
    Text("周五", "Fri"),
    Text("周六", "Sat"),
    Text("周日", "Sun"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = {"zh": ((10**8, "亿"), (10**4, "万")), "en": ((10**9, "B"), (10**6, "M"), (10**3, "K"))}


def grouped(number: Decimal | int) -> str:
    """Return `number` with thousands separators and no exponent."""
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"


def short_amount(money: Money, language: str) -> str:
    """Return an amount as on a card: 68万, 31.5万, 1.2亿; 680K, 1.2M; never more than four digits before the unit."""
    amount = money.amount
    for step, unit in _STEPS[language if language in _STEPS else "en"]:
        if abs(amount) >= step:
            scaled = amount / step
            places = 0 if abs(scaled) >= 100 else 1
            text = f"{scaled:.{places}f}"
            return (text.rstrip("0").rstrip(".") if "." in text else text) + unit
    return f"{amount:.0f}"


def money_of(value: object) -> Money | None:
    """Return the stored money `value`, or None where it is none."""
    if isinstance(value, Money):
        return value
    if isinstance(value, Mapping) and isinstance(value.get("minor"), int) and isinstance(value.get("currency"), str):
        return Money(int(value["minor"]), str(value["currency"]))
    return None


def weekday(day: date, language: str) -> str:
    """Return the short name of the day of the week."""
    return WEEKDAYS[day.weekday()].get(language)


def short_day(day: date, language: str) -> str:
    """Return a day without its year: 11-18, in English 18 Nov."""
    return f"{day:%m-%d}" if language == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def show(
    field: Field,
    value: object,
    language: str,
    *,
    short: bool = False,
    home_currency: str = "CNY",
    zone: tzinfo | None = None,
) -> str:
    """Return `value` for display; "" for nothing.

    `short` gives one line for narrow places (118万, 11-18, "3 rows", the first line of a long text). An amount names
    its currency only where it is not `home_currency`. Times are shown in `zone`, or as they were given.
    """
    if value is None or value == "":
        return ""
    match field.type:
        case FieldType.MONEY:
            return _show_money(value, language, short=short, home_currency=home_currency)
        case FieldType.DATE | FieldType.DATETIME:
            return _show_time(field, str(value), language, short=short, zone=zone)
        case FieldType.YES_NO if isinstance(value, bool):
            return (YES if value else NO).get(language)
        case FieldType.CHOICE:
            return _show_choice(field, str(value), language)
        case FieldType.CHOICES if isinstance(value, list | tuple):
            return ("、" if language == "zh" else ", ").join(_show_choice(field, str(key), language) for key in value)
        case FieldType.TABLE if isinstance(value, list | tuple):
            return _show_table(field, value, language, short=short, home_currency=home_currency, zone=zone)
        case FieldType.INTEGER if isinstance(value, int):
            return grouped(value)
        case FieldType.DECIMAL:
            return _show_decimal(str(value))
    text = str(value)
    return text.strip().split("\n", 1)[0] if short else text


def _show_money(value: object, language: str, *, short: bool, home_currency: str) -> str:
    money = money_of(value)
    if money is None:
        return str(value)
    text = short_amount(money, language) if short else grouped(money.amount)
    return text if money.currency == home_currency else f"{text} {money.currency}"


def _show_time(field: Field, value: str, language: str, *, short: bool, zone: tzinfo | None) -> str:
    try:
        if field.type is FieldType.DATE:
            day = date.fromisoformat(value)
            return short_day(day, language) if short else f"{day:%Y-%m-%d} {weekday(day, language)}"
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if zone is not None and moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return (
        f"{short_day(moment, language)} {moment:%H:%M}"
        if short
        else f"{moment:%Y-%m-%d} {weekday(moment, language)} {moment:%H:%M}"
    )


def _show_choice(field: Field, key: str, language: str) -> str:
    choice = field.choice(key)
    return choice.text.get(language) if choice else key


def _show_decimal(value: str) -> str:
    try:
        return grouped(Decimal(value))
    except (InvalidOperation, ValueError):
        return value


def _show_table(
    field: Field,
    rows: list[object] | tuple[object, ...],
    language: str,
    *,
    short: bool,
    home_currency: str,
    zone: tzinfo | None,
) -> str:
    if short:
        return (ONE_ROW if len(rows) == 1 else ROWS).get(language).format(count=len(rows))
    lines = []
    for row in rows:
        if isinstance(row, Mapping):
            cells = (
                show(column, row.get(column.key), language, home_currency=home_currency, zone=zone)
                for column in field.columns
            )
            lines.append("   ".join(cell.replace("\n", " ") for cell in cells if cell))
    return "\n".join(lines)
