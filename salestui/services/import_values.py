"""Reads the cells of a table of leads: amounts, states, stages and days the way spreadsheets and people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

from salestui.domain.days import read_date
from salestui.domain.facts import Status
from salestui.domain.money import Money
from salestui.domain.playbook import Playbook, Reason, Stage
from salestui.domain.reading import read_money
from salestui.domain.text import clean, same_name

__all__ = [
    "FORMULA_STARTS",
    "is_mangled_number",
    "neutral",
    "plain_cell",
    "read_amount",
    "read_day",
    "read_reason",
    "read_stage",
    "read_status",
]

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\0")
"""A cell that begins with one of these is a formula to a spreadsheet."""

_NOTHING: Final = frozenset(
    {
        *("-", "--", "—", "——", "/", "\\", "?", "？", "n/a", "#n/a", "na", "none", "null", "nil", "tbd", "unknown"),
        *("无", "没有", "待定", "未定", "未知", "不详", "暂无", "空"),
    }
)
_STATUS_WORDS: Final = {
    Status.OPEN: """
        open, active, new, in progress, ongoing, working, pending, pipeline,
        进行中, 跟进中, 跟进, 在跟进, 开放, 活跃, 在谈, 洽谈中, 谈判中, 新建, 新线索, 线索, 未成交, 待跟进""",
    Status.COMPLETED: """
        won, win, closed won, complete, completed, signed,
        赢单, 已赢单, 成交, 已成交, 签约, 已签约, 已签, 签单, 已签单, 中标, 已中标, 完成, 已完成, 成功""",
    Status.LOST: """
        lost, lose, closed lost, closed, dead, disqualified, rejected,
        丢单, 已丢单, 输单, 已输单, 失单, 失败, 已失败, 流失, 已流失, 未中标, 丢失, 关闭, 已关闭, 无效""",
    Status.IN_CARE: """
        in care, care, parked, nurture, nurturing, on hold, paused, dormant,
        长期维护, 长期维护名单, 维护, 维护名单, 维护中, 搁置, 暂缓, 暂停, 培育, 培育中""",
}
_BETWEEN_WORDS: Final = re.compile(r"[\s_\-]+")
_STATUSES: Final = {
    _BETWEEN_WORDS.sub("", word): status for status, words in _STATUS_WORDS.items() for word in words.split(",")
}
_STAGE_NUMBER: Final = re.compile(r"(?:第|stage|阶段)?(\d{1,3})(?:阶段|关)?")
_BARE_NUMBER: Final = re.compile(r"[\d.,，\s]+")
_MANGLED: Final = re.compile(r"\d(?:\.\d+)?[eE]\+\d{1,2}")
_DAY_TIME: Final = re.compile(r"(.*?\d)[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")


def plain_cell(cell: str) -> str:
    """Return a cell as it was before `neutral` made it safe for spreadsheets; "" for words that say nothing."""
    text = cell.strip()
    if text[:1] == "'" and text[1:2] in FORMULA_STARTS:
        text = text[1:]
    return "" if text.casefold() in _NOTHING else text


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def is_mangled_number(cell: str) -> bool:
    """Tell a number that a spreadsheet has rounded, such as a phone number turned into 1.38E+10."""
    return bool(_MANGLED.fullmatch(cell.strip()))


def read_amount(cell: str, currency: str, unit: str = "") -> Money:
    """Read an amount; `unit` is what the heading says of bare numbers, as in 金额（万元）. Raises Unreadable."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if unit and _BARE_NUMBER.fullmatch(text):
        text += unit
    return read_money(text, currency)


def read_status(cell: str) -> Status | None:
    """Return the state that a word names, won ones as completed; None where it names none."""
    return _STATUSES.get(_BETWEEN_WORDS.sub("", same_name(cell)))


def read_stage(playbook: Playbook, cell: str) -> Stage | None:
    """Return the stage that a cell names by key, number, title or short title ("4", "4 方案制定"); None where none."""
    wanted = same_name(cell)
    stages = [stage for stage in playbook.stages if not stage.retired]
    for stage in stages:
        if wanted in _stage_names(stage):
            return stage
    number = _STAGE_NUMBER.fullmatch(wanted)
    if number:
        return next((stage for stage in stages if stage.number == int(number[1])), None)
    return None


def _stage_names(stage: Stage) -> set[str]:
    titles = [stage.key, stage.title.zh, stage.title.en, stage.short.zh, stage.short.en]
    names = {same_name(title) for title in titles if title}
    numbered = {f"{stage.number}{mark}{name}" for name in names for mark in ("", ".", "、", "-", ":", ")")}
    return names | numbered


def read_reason(reasons: Sequence[Reason], cell: str) -> str | None:
    """Return the key of the reason that a cell names by key or title; "other" or the last one where it is another."""
    wanted = same_name(cell)
    for reason in reasons:
        if wanted and wanted in {same_name(reason.key), same_name(reason.title.zh), same_name(reason.title.en)}:
            return reason.key
    keys = [reason.key for reason in reasons]
    return "other" if "other" in keys else keys[-1] if keys else None


def read_day(cell: str, today: date) -> date:
    """Read a day, with or without an hour behind it; raises Unreadable."""
    text = clean(unicodedata.normalize("NFKC", cell))
    timed = _DAY_TIME.fullmatch(text)
    return read_date(timed[1] if timed else text, today)
