"""What a start costs, told without a clock: modules that are imported, widgets that are mounted."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui.app import SalesApp
from salestui.config import Config
from salestui.screens.desk import Desk, Place
from salestui.storage.store import Store
from tests.services.desk import NOW
from tests.speed import modules
from tests.speed.bulk import actor_of, grown

HEAVY = {
    "argparse", "docx", "docxtpl", "email.headerregistry", "jinja2", "lxml", "openpyxl", "pydantic", "pydantic_core",
    "sqlite3.dump", "textual.widgets._markdown", "textual.widgets._text_area", "tomllib",
}  # fmt: skip
"""What takes long to import and has no part in the first frame."""

MOST_WIDGETS = 16
"""The board: top row, columns, side pane, strip, panel, footer, filter line, and what holds them."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return modules.made(tmp_path_factory.mktemp("start"))


@pytest.mark.terminal
def test_the_first_frame_imports_no_module_that_it_did_not_import_before(small: Path) -> None:
    """A module more is a millisecond more for everybody: import it where it is used."""
    loaded = modules.of_board(small)
    assert not HEAVY & loaded
    known = modules.KEPT.read_text("utf-8").split()
    new = [name for name in modules.ours(loaded) if name not in known]
    assert not new, f"new before the first frame; keep them with: python -m tests.speed.modules: {new}"


@pytest.mark.parametrize("words", [("deal", "list", "--json"), ("deal", "gate", "D1"), ("agenda", "--json")])
def test_a_command_imports_neither_textual_nor_screens_nor_pydantic(small: Path, words: tuple[str, ...]) -> None:
    loaded = modules.of_command(small, *words)
    assert "salestui.services" in loaded
    tops = {name.partition(".")[0] for name in loaded}
    assert not {"textual", "rich", "pydantic"} & tops
    assert not {name for name in loaded if name.startswith(("salestui.screens", "salestui.widgets", "salestui.app"))}


def test_the_version_is_told_without_anything_else(small: Path) -> None:
    assert modules.ours(modules.of_command(small, "--version")) == ["salestui", "salestui.__main__"]


async def test_ten_thousand_deals_mount_as_few_widgets_as_ten(tmp_path_factory: pytest.TempPathFactory) -> None:
    counts = [await _widgets(grown(tmp_path_factory.getbasetemp(), deals)) for deals in (10, 10_000)]
    assert counts[0] == counts[1] <= MOST_WIDGETS


async def _widgets(database: Path) -> int:
    with Store.open(database) as store:
        app = SalesApp(Desk(store, actor_of(store), lambda: NOW, Config(), Place("sales.db")))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            return sum(1 for _widget in app.screen.walk_children())
