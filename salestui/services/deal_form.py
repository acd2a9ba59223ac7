"""What is asked when a deal is made or changed, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from salestui.domain import fields as form
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.services.loading import team_of
from salestui.services.request import Call


def deal_fields() -> tuple[Field, ...]:
    """Return the fields asked when a deal is made or changed."""
    return (
        Field("title", FieldType.TEXT, Text("单子名称", "Title"), Text("留空则用客户名", "Empty: the customer's name")),
        Field("amount", FieldType.MONEY, Text("预计金额", "Expected amount"), min=0),
        Field("expected_on", FieldType.DATE, Text("预计签约", "Expected signing")),
        Field("need", FieldType.LONG_TEXT, Text("客户需求", "Need")),
        Field("source", FieldType.TEXT, Text("线索来源", "Source")),
        Field("owner", FieldType.PERSON, Text("负责人", "Owner"), help=Text("留空则为自己", "Empty: yourself")),
    )


def read_values(call: Call, raw: Mapping[str, object], currency: str) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return the given values as columns, with what is wrong with them."""
    today = team_of(call).today(call.now)
    values, problems = form.normalise(deal_fields(), raw, today=today, currency=currency)
    problems = (*problems, *form.check(deal_fields(), values, today=today))
    columns: dict[str, object] = {}
    for key in ("title", "need", "source"):
        if key in raw:
            columns[key] = values.get(key, "")
    if "amount" in raw:
        amount = values.get("amount")
        columns["amount_minor"] = amount["minor"] if isinstance(amount, Mapping) else None
        columns["currency"] = amount["currency"] if isinstance(amount, Mapping) else currency
    if "expected_on" in raw:
        day = values.get("expected_on")
        columns["expected_on"] = date.fromisoformat(day) if isinstance(day, str) and not problems else None
    return columns, problems
