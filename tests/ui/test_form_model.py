from __future__ import annotations

from salestui.domain.form_views import AttachedFile
from salestui.domain.playbook import FileRule
from salestui.domain.views import CheckState
from salestui.widgets.form_model import FILES, FormModel, Target
from tests.ui.form_gallery import SOLUTION_VALUES, TODAY, every_type, solution


def test_rows_in_problems_are_counted_as_they_are_seen() -> None:
    model = FormModel(solution(), {}, today=TODAY)
    model.raw["mapping"] = [{}, {"pain": "慢"}, {}, {"value": "快", "pain": "贵", "solution": "换"}]
    model.judge()
    found = [(p.where, p.params.get("row")) for p in model.problems_of("mapping")]
    assert found == [("mapping.2.solution", 2), ("mapping.2.value", 2)]
    assert model.row_counts("mapping") == (1, 2)


def test_what_is_unreadable_is_not_also_called_missing() -> None:
    model = FormModel(every_type(), {}, today=TODAY)
    model.put(Target("money"), "6x")
    assert [p.code for p in model.problems_of("money")] == ["bad_money"]
    model.put(Target("table", 0, "name"), "赵工")
    model.put(Target("table", 0, "date"), "x")
    assert [(p.where, p.code) for p in model.problems_of("table") if p.where.startswith("table.")] == [
        ("table.1.date", "bad_date"),
        ("table.1.level", "row_incomplete"),
    ]


def test_stored_values_come_back_unchanged_from_the_text_to_edit() -> None:
    model = FormModel(solution(), SOLUTION_VALUES, today=TODAY)
    assert model.raw["total"] == "1,180,000.00"
    assert model.values == SOLUTION_VALUES


def test_a_foreign_amount_keeps_its_currency_when_edited() -> None:
    model = FormModel(solution(), {"total": {"minor": 5000, "currency": "USD"}}, today=TODAY)
    assert model.raw["total"] == "50.00 USD"
    assert model.values["total"] == {"minor": 5000, "currency": "USD"}


def test_files_are_a_place_of_the_form_with_a_state_of_their_own() -> None:
    model = FormModel((), {}, today=TODAY, file_rule=FileRule(1, 2, ("pdf",)))
    assert model.state(FILES) is CheckState.UNMET
    model.files = (AttachedFile("a.pdf", 5),)
    model.judge()
    assert model.state(FILES) is CheckState.MET
    assert model.done() == (1, 1)


def test_an_optional_field_is_open_until_a_low_rating_asks_for_it() -> None:
    model = FormModel(every_type(), {"integer": 9}, today=TODAY)
    assert model.state("follow_up") is CheckState.OPEN
    model.put(Target("integer"), "3")
    assert model.state("follow_up") is CheckState.UNMET
