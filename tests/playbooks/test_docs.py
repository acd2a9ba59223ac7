"""docs/playbook.md is complete and true: its tutorial works step by step, its reference names every key."""

import re
from pathlib import Path
from typing import Literal, get_args

import pytest

from salestui import i18n
from salestui.errors import BadPlaybook
from salestui.playbooks import loader, models
from salestui.playbooks.models import Strict

DOCS = Path(__file__).resolve().parents[2] / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*.toml"))
PAGES = sorted(DOCS.glob("playbook*.md"))
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)

ORDER = [
    models.PlaybookModel,
    models.TextModel,
    models.DurationModel,
    models.RoleModel,
    models.ScenarioModel,
    models.ClassModel,
    models.ScoringModel,
    models.CriterionModel,
    models.GradeModel,
    models.WarningModel,
    models.StageModel,
    models.ActionModel,
    models.DataModel,
    models.OutputModel,
    models.FilesModel,
    models.ConditionModel,
    models.ReviewModel,
    models.SendModel,
    models.SummaryModel,
    models.FieldModel,
    models.ChoiceModel,
    models.RuleModel,
    models.RequiredWhenModel,
    models.ReasonModel,
    models.ClockModel,
]
"""The tables of the reference, in the order of the page."""


def tables(page: Path) -> list[list[tuple[str, bool, str]]]:
    """Return the reference's tables: per row the key, whether it is required, and the description."""
    reference = page.read_text(encoding="utf-8").split("\n## ")[-1]
    found = []
    for section in reference.split("\n### ")[1:]:
        rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.*) \|$", section, re.MULTILINE)
        found.append([(key, required in {"yes", "是"}, text) for key, required, text in rows])
    return found


def literals(annotation: object) -> set[str]:
    parts = [part for part in get_args(annotation) if isinstance(part, str)]
    return set(parts).union(*(literals(part) for part in get_args(annotation)))


def test_there_are_pages_and_examples():
    assert EXAMPLES
    assert PAGES


def test_every_model_has_its_table():
    named = {model for model in vars(models).values() if isinstance(model, type) and issubclass(model, Strict)}
    assert named - {Strict} == set(ORDER)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_reference_names_every_key_and_whether_it_is_required(page: Path):
    found = tables(page)
    assert len(found) == len(ORDER)
    for model, rows in zip(ORDER, found, strict=True):
        expected = [(key, field.is_required()) for key, field in model.model_fields.items()]
        assert [(key, required) for key, required, _ in rows] == expected, model.__name__


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_reference_names_every_allowed_word(page: Path):
    for model, rows in zip(ORDER, tables(page), strict=True):
        for (key, _, text), field in zip(rows, model.model_fields.values(), strict=True):
            same_as_above = model is models.ClockModel and key == "stops"
            if not same_as_above:
                assert not [word for word in literals(field.annotation) if word not in text], (model.__name__, key)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_passes_all_checks(path: Path):
    book = loader.load_file(path)
    assert loader.from_json(loader.to_json(book)) == book


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tutorial_can_be_checked_after_each_of_its_seven_steps(page: Path):
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert len(blocks) == 7
    for step in range(1, 8):
        loader.load_text("\n".join(blocks[:step]), f"step {step}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tutorial_ends_with_the_example_in_the_repository(page: Path):
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert (DOCS / "examples" / "rental.toml").read_text(encoding="utf-8") == "\n".join(blocks)


@pytest.mark.parametrize(("page", "language"), [("playbook.md", "en"), ("playbook.zh-CN.md", "zh")])
def test_the_mistakes_the_page_shows_are_told_in_these_words(page: str, language: Literal["en", "zh"]):
    i18n.use(language)
    text = (DOCS / "examples" / "rental.toml").read_text(encoding="utf-8")
    told = []
    for right, wrong in [
        ('key = "offer"\ntitle', 'key = "offer"\ntitle = { zh = "甲", en = "a" }\ntitel'),
        ('["workshop", "owner"]', '["workshop", "boss"]'),
        ("at_least = 1\n\n[[scoring.warnings", "at_least = 2\n\n[[scoring.warnings"),
        ('tip = { zh = "', 'tip = { zh  "'),
    ]:
        assert right in text
        with pytest.raises(BadPlaybook) as caught:
            loader.load_text(text.replace(right, wrong), "rental.toml")
        told.extend(caught.value.text().splitlines())
    shown = re.findall(
        r"^```\n((?:Playbook|手册) .*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    lines = [re.sub(r"\d+", "0", line) for line in "".join(shown).splitlines()]
    assert len(lines) == 6
    assert [line for line in lines if line not in {re.sub(r"\d+", "0", each) for each in told}] == []
