"""The total of a quotation against its lines: told where both are plain, left open where anything is missing."""

import pytest

from salestui.domain.money import Money
from salestui.domain.sums import sum_differs
from salestui.playbooks.loader import builtin

FIELDS = builtin("expansion").output("solution").fields


def line(quantity: object, yuan: int, currency: str = "CNY") -> dict[str, object]:
    return {"item": "涂覆机", "quantity": quantity, "unit_price": {"minor": yuan * 100, "currency": currency}}


def total(yuan: int, currency: str = "CNY") -> dict[str, object]:
    return {"minor": yuan * 100, "currency": currency}


@pytest.mark.parametrize(
    ("rows", "stated", "lines"),
    [
        ([line("1", 860_000), line("2", 160_000)], total(1_180_000), None),
        ([line("1", 860_000), line("2", 160_000)], total(1_200_000), 1_180_000),
        ([line("0.5", 3)], {"minor": 150, "currency": "CNY"}, None),
        ([line(1, 5)], total(4), 5),
        ([], total(4), None),
        ([line("1", 5)], None, None),
        ([line("1", 5, "EUR")], total(4), None),
        ([line("", 5)], total(4), None),
        ([line("NaN", 5)], total(4), None),
        ([{"item": "x", "quantity": "1"}], total(4), None),
        (["odd"], total(4), None),
        ("odd", total(4), None),
    ],
)
def test_a_total_that_its_lines_do_not_add_up_to_is_told(rows: object, stated: object, lines: int | None) -> None:
    found = sum_differs(FIELDS, {"configuration": rows, "quotation_total": stated})
    assert (found.lines if found else None) == (Money(lines * 100, "CNY") if lines else None)


def test_no_other_form_of_the_handbooks_is_asked() -> None:
    asked = [
        output.key
        for key in ("expansion", "role")
        for _stage, output in builtin(key).outputs()
        for values in [{field.key: total(1) for field in output.fields if field.type == "money"}]
        for tables in [{field.key: [{c.key: ("3" if c.type != "money" else total(2)) for c in field.columns}]
                        for field in output.fields if field.type == "table"}]
        if sum_differs(output.fields, values | tables)
    ]  # fmt: skip
    assert set(asked) <= {"solution"}
