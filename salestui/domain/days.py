"""Reads days and moments the way people type them: 12-18, 明天, +3, 下周五, 下午3点半, and ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from salestui.domain.reading import Unreadable, folded, quoted

_DAY_WORDS = {
    "今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3, "昨天": -1,
    "昨日": -1, "yesterday": -1, "前天": -2,
}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEAR_WORDS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2, "lastyear": -1, "thisyear": 0, "nextyear": 1}
# not compiled here: no start waits for a pattern that begins with one of many Chinese characters, which takes 10 ms
_YEAR_WORD = rf"({'|'.join(_YEAR_WORDS)})[的,]?"
_FULL_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))")
_SHORT_DATE = re.compile(r"(\d{1,2})(?:[-/.](\d{1,2})|月(\d{1,2})[日号]?)")
_STEP = re.compile(r"([+-])(\d{1,4})([dwm天周月])?")
_CLOCK = r"(上午|早上|下午|晚上|中午)?(\d{1,2})(?:[:.](\d{2})(?::(\d{2}))?|[点时](半|\d{1,2})?分?)(am|pm)?"


def read_date(raw: object, today: date | None = None) -> date:
    """Read a day: 2026-03-05, 2026/3/5, 2026年3月5日; with `today` also 12-18 (the nearest), 明天, +3, 下周五.

    Raises Unreadable("bad_date").
    """
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str):
        raise Unreadable("wrong_type")
    text = folded(raw).replace(" ", "")
    try:
        if match := _FULL_DATE.fullmatch(text):
            year, month, day = (int(part) for part in match.groups() if part)
            return date(year, month, day)
        if today is not None and (found := _relative_day(text, today)) is not None:
            return found
    except (ValueError, OverflowError) as error:
        raise Unreadable("bad_date", value=quoted(raw)) from error
    raise Unreadable("bad_date", value=quoted(raw))


def _relative_day(text: str, today: date) -> date | None:
    if text in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[text])
    if match := _STEP.fullmatch(text):
        sign, count = (1 if match[1] == "+" else -1), int(match[2])
        if match[3] in {"m", "月"}:
            return _months_on(today, sign * count)
        return today + timedelta(days=sign * count * (7 if match[3] in {"w", "周"} else 1))
    if match := re.fullmatch(r"(下|本|这)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])", text):
        return _weekday(today, _WEEKDAYS[match[2]], next_week=match[1] == "下")
    if match := re.fullmatch(r"(next)?(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}", text):
        return _weekday(today, _ENGLISH_WEEKDAYS.index(match[2]), next_week=bool(match[1]))
    if (match := re.match(_YEAR_WORD, text)) and (short := _SHORT_DATE.fullmatch(text[match.end() :])):
        month, day = (int(part) for part in short.groups() if part)
        return date(today.year + _YEAR_WORDS[match[1]], month, day)
    if match := _SHORT_DATE.fullmatch(text):
        month, day = (int(part) for part in match.groups() if part)
        days = [
            date(year, month, day) for year in (today.year - 1, today.year, today.year + 1) if _exists(year, month, day)
        ]
        return min(days, key=lambda found: (abs((found - today).days), found < today)) if days else None
    return None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _weekday(today: date, weekday: int, *, next_week: bool) -> date:
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=weekday + (7 if next_week else 0))
    return found if next_week or found >= today else found + timedelta(days=7)


def _months_on(today: date, months: int) -> date:
    month = today.year * 12 + today.month - 1 + months
    year, month = divmod(month, 12)
    return (
        next(date(year, month + 1, day) for day in range(today.day, 27, -1) if _exists(year, month + 1, day))
        if (today.day > 28)
        else date(year, month + 1, today.day)
    )


def read_datetime(raw: object, today: date | None = None, zone: tzinfo = UTC) -> datetime:
    """Read a moment: ISO 8601, "12-18 14:30", "明天 下午3点", "14:30" (today); without offset in `zone`.

    Raises Unreadable("bad_datetime").
    """
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if not isinstance(raw, str):
        raise Unreadable("wrong_type")
    text = folded(raw)
    try:
        moment = datetime.fromisoformat(text.upper())
        if re.search(r"\d{2}:?\d{2}", text[10:]):
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).replace(microsecond=0)
    except ValueError:
        pass
    match = re.fullmatch(rf"(.*?)\s*({_CLOCK})", text)
    if match is None:
        raise Unreadable("bad_datetime", value=quoted(raw))
    day_text, clock = match[1].strip(), _read_clock(match[2])
    try:
        day = read_date(day_text, today) if day_text else today
    except Unreadable as error:
        raise Unreadable("bad_datetime", value=quoted(raw)) from error
    if clock is None or day is None:
        raise Unreadable("bad_datetime", value=quoted(raw))
    return datetime.combine(day, clock, zone)


def _read_clock(text: str) -> time | None:
    match = re.fullmatch(_CLOCK, text)
    if match is None:
        return None
    part, hour_text, minute, second, chinese_minute, half = match.groups()
    hour = int(hour_text)
    if (part in {"下午", "晚上"} or half == "pm" or (part == "中午" and hour < 11)) and hour < 12:
        hour += 12
    minutes = 30 if chinese_minute == "半" else int(minute or chinese_minute or 0)
    if hour > 23 or minutes > 59 or int(second or 0) > 59:
        return None
    return time(hour, minutes, int(second or 0))
