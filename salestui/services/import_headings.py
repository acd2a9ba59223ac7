"""Which column of a table of leads is which field: the headings people use in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.text import same_name
from salestui.errors import BadInput
from salestui.i18n import gettext as _
from salestui.i18n import mark

__all__ = ["FIELDS", "IGNORED", "JOINED", "WHY_REJECTED", "Column", "columns", "field_label", "recognise"]

WHY_REJECTED: Final = mark("Why rejected")
"""The heading of the column that the file of rejected rows has at its end; it is ignored when that file is imported."""

IGNORED: Final = "ignore"
"""The field of columns that are not read; `--map heading=ignore` says so too."""

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "company": (
        "公司", "公司名称", "公司全称", "公司名", "企业", "企业名称", "企业全称", "单位", "单位名称", "客户",
        "客户名称", "客户全称", "客户名", "客户公司", "名称", "厂商", "company", "company name",
        "company full name", "customer", "customer name", "account", "account name", "client", "client name",
        "organization", "organisation", "firm", "business name",
    ),
    "short_name": ("简称", "客户简称", "公司简称", "企业简称", "short name", "short", "alias", "abbreviation"),
    "industry": (
        "行业", "所属行业", "行业类别", "行业分类", "客户行业", "细分行业", "产业", "industry", "sector", "branch",
        "vertical",
    ),
    "region": (
        "地区", "区域", "所在地", "所在地区", "省份", "省市", "城市", "所在城市", "省", "市", "大区", "region",
        "area", "city", "province", "state", "location", "territory", "country",
    ),
    "size": (
        "规模", "企业规模", "公司规模", "人员规模", "人数", "员工数", "员工人数", "营收", "年营收", "size",
        "company size", "employees", "number of employees", "staff", "headcount", "revenue", "annual revenue",
    ),
    "website": ("网址", "网站", "官网", "公司网址", "公司官网", "website", "web", "url", "homepage", "web site"),
    "address": ("地址", "公司地址", "联系地址", "详细地址", "address", "street", "street address", "company address"),
    "source": (
        "来源", "客户来源", "线索来源", "来源渠道", "获客渠道", "渠道", "渠道来源", "source", "lead source",
        "source channel", "channel", "origin",
    ),
    "need": (
        "需求", "客户需求", "需求描述", "初步需求", "意向", "意向产品", "需求产品", "产品需求", "主要需求",
        "项目需求", "need", "needs", "requirement", "requirements", "demand", "interest", "first need",
        "product interest",
    ),
    "note": (
        "备注", "说明", "备注信息", "附注", "跟进记录", "note", "notes", "remark", "remarks", "comment", "comments",
        "memo",
    ),
    "contact": (
        "联系人", "联系人姓名", "主要联系人", "关键联系人", "姓名", "对接人", "客户联系人", "首要联系人", "contact",
        "contact name", "contact person", "key contact", "primary contact", "full name", "person",
    ),
    "title": (
        "职务", "职位", "联系人职务", "联系人职位", "头衔", "岗位", "title", "job title", "position", "job",
        "contact title", "role title",
    ),
    "phone": (
        "电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式", "联系人电话", "座机", "固话",
        "移动电话", "phone", "phone number", "mobile", "mobile phone", "tel", "telephone", "cell", "cell phone",
        "contact number",
    ),
    "email": (
        "邮箱", "电子邮箱", "电子邮件", "邮件", "邮箱地址", "联系邮箱", "邮件地址", "email", "e-mail", "mail",
        "email address", "e-mail address",
    ),
    "contact_role": ("角色", "决策角色", "采购角色", "role", "buying role", "decision role"),
    "amount": (
        "金额", "预计金额", "商机金额", "合同金额", "意向金额", "预算", "预算金额", "预估金额", "报价", "报价金额",
        "销售金额", "预计合同额", "合同额", "成交金额", "amount", "deal amount", "deal value", "value", "deal size",
        "estimated amount", "expected amount", "expected revenue", "opportunity amount", "budget", "price",
        "quotation",
    ),
    "currency": ("币种", "货币", "currency", "currency code"),
    "owner": (
        "负责人", "客户经理", "销售", "销售负责人", "跟进人", "业务员", "归属人", "所有人", "销售经理", "责任人",
        "销售员", "owner", "sales rep", "rep", "salesperson", "sales person", "account manager", "sales owner",
        "assigned to", "account owner", "deal owner", "lead owner", "opportunity owner",
    ),
    "stage": (
        "阶段", "销售阶段", "商机阶段", "当前阶段", "所处阶段", "跟进阶段", "stage", "sales stage", "deal stage",
        "pipeline stage", "phase", "opportunity stage",
    ),
    "status": (
        "状态", "商机状态", "客户状态", "跟进状态", "单子状态", "当前状态", "status", "deal status", "lead status",
        "opportunity status", "result", "结果",
    ),
    "deal": (
        "单子", "单子名称", "商机", "商机名称", "项目", "项目名称", "机会名称", "deal", "deal name", "opportunity",
        "opportunity name", "project", "project name", "subject",
    ),
    "expected_on": (
        "预计签约", "预计签约日期", "预计成交日期", "预计成交时间", "预计签单日期", "预计签单时间", "预计签约时间",
        "预计日期", "expected on", "expected close", "expected close date", "expected date", "close date",
        "forecast date",
    ),
    "closed_on": (
        "签约日期", "成交日期", "结束日期", "关闭日期", "丢单日期", "签单日期", "成交时间", "签约时间", "closed on",
        "closed date", "date closed", "won date", "lost date",
    ),
    "reason": (
        "丢单原因", "失败原因", "输单原因", "搁置原因", "维护原因", "原因", "reason", "lost reason", "loss reason",
        "reason lost", "parking reason",
    ),
    "competitor": ("竞争对手", "竞品", "对手", "输给", "competitor", "competitors", "lost to", "rival"),
    IGNORED: (
        "拒绝原因", "why rejected", "序号", "编号", "行号", "id", "no", "no.", "#", "line", "number", "创建时间",
        "创建日期", "更新时间", "最后更新", "created", "created at", "updated", "updated at",
    ),
}  # fmt: skip
"""Field of the import, and the headings it is known by; spaces, case, width and punctuation do not matter."""

_LABELS: Final = {
    "company": mark("company"),
    "short_name": mark("short name"),
    "industry": mark("industry"),
    "region": mark("region"),
    "size": mark("size of the company"),
    "website": mark("website"),
    "address": mark("address"),
    "source": mark("source"),
    "need": mark("need"),
    "note": mark("note"),
    "contact": mark("contact person"),
    "title": mark("job title"),
    "phone": mark("phone"),
    "email": mark("e-mail"),
    "contact_role": mark("buying role"),
    "amount": mark("amount"),
    "currency": mark("currency"),
    "owner": mark("owner"),
    "stage": mark("stage"),
    "status": mark("status"),
    "deal": mark("deal title"),
    "expected_on": mark("expected on"),
    "closed_on": mark("closed on"),
    "reason": mark("reason"),
    "competitor": mark("competitor"),
    IGNORED: mark("not read"),
}
JOINED: Final = frozenset({"phone", "email", "address", "need", "note", IGNORED})
"""The fields that several columns may be: their cells are joined."""

_PUNCTUATION: Final = re.compile(r"[\s_\-:*.。:/\\'\"]+")
_ASIDE: Final = re.compile(r"[(\[【（].*?[)\]】）]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet: its place (from 0), heading as written, field ("" where unknown), and unit.

    `unit` is what a heading such as 金额（万元） says of bare numbers below it.
    """

    index: int
    heading: str
    field: str
    unit: str = ""


def field_label(field: str) -> str:
    """Return the name of an import field in the user's language."""
    return _(_LABELS[field])


def _folded(heading: str) -> str:
    text = _ASIDE.sub("", unicodedata.normalize("NFKC", heading))
    return _PUNCTUATION.sub("", same_name(text or heading))


@cache
def _known() -> dict[str, str]:
    return {_folded(word): field for field, words in FIELDS.items() for word in (field, *words)}


def recognise(heading: str) -> str | None:
    """Return the import field that a heading names, or None."""
    return _known().get(_folded(heading))


def _unit(heading: str) -> str:
    found = _ASIDE.search(unicodedata.normalize("NFKC", heading))
    return found.group()[1:-1].strip() if found else ""


def columns(headings: Sequence[str], mapping: Mapping[str, str], *, file: str) -> tuple[Column, ...]:
    """Say which field each column is, by `mapping` (heading to field) first and the known headings otherwise.

    Raises BadInput for a mapping that names no heading or no field, two columns of one field, or no company column.
    """
    told = {_folded(heading): field for heading, field in _checked(headings, mapping, file).items()}
    found = []
    for index, heading in enumerate(headings):
        field = told.get(_folded(heading)) or recognise(heading) or ""
        found.append(Column(index, heading, field, _unit(heading) if field == "amount" else ""))
    _check_unique(found, file)
    if not any(column.field == "company" for column in found):
        shown = ", ".join(heading for heading in headings if heading)
        raise BadInput(
            file,
            _("No column holds the company. Headings: {headings}. Name it with --map HEADING=company").format(
                headings=shown
            ),
        )
    return tuple(found)


def _checked(headings: Sequence[str], mapping: Mapping[str, str], file: str) -> dict[str, str]:
    known = {_folded(heading): heading for heading in headings}
    told = {}
    for heading, wanted in mapping.items():
        if _folded(heading) not in known:
            raise BadInput(
                file,
                _("There is no heading {heading}. Headings: {headings}").format(
                    heading=heading, headings=", ".join(heading for heading in headings if heading)
                ),
            )
        field = wanted if wanted in FIELDS else recognise(wanted)
        if field is None:
            raise BadInput(
                file, _("There is no field {field}. Fields: {fields}").format(field=wanted, fields=", ".join(FIELDS))
            )
        told[heading] = field
    return told


def _check_unique(found: Sequence[Column], file: str) -> None:
    first: dict[str, Column] = {}
    for column in found:
        if not column.field or column.field in JOINED:
            continue
        other = first.setdefault(column.field, column)
        if other is not column:
            raise BadInput(
                file,
                _("Both {one} and {other} are read as: {field}. Leave one out with --map HEADING=ignore").format(
                    one=other.heading, other=column.heading, field=field_label(column.field)
                ),
            )
