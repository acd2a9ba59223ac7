"""The list: columns that share the width, a cursor that keeps its row, ten thousand rows as cheap as forty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from salestui.domain.views import Tone
from salestui.widgets.listing import Listing
from salestui.widgets.listing_rows import Cell, Column, LazyRows, Row, Section, places
from salestui.widgets.theme import LookMixin, choose_theme

COLUMNS = (Column(10, "Name", share=1), Column(4, "No", at_right=True))


def row(number: int, name: str = "") -> Row:
    return Row(number, (Cell(name or f"row {number}", Tone.NORMAL), Cell(str(number))))


def section(*numbers: int, title: str = "", empty: str = "") -> Section:
    rows = tuple(row(number) for number in numbers)
    return Section(rows, COLUMNS, title, empty=(empty, ()) if empty else None)


class Lists(LookMixin, App[None]):
    """An app with nothing but a list."""

    def __init__(self, *sections: Section) -> None:
        super().__init__()
        self.sections = sections
        self.messages: list[object] = []
        self.look(choose_theme(dark=True, sixteen=False))

    def compose(self) -> ComposeResult:
        yield Listing(self.sections)

    def on_listing_highlighted(self, event: Listing.Highlighted) -> None:
        self.messages.append(event)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        self.messages.append(event)


@asynccontextmanager
async def listing(
    *sections: Section, size: tuple[int, int] = (40, 12)
) -> AsyncIterator[tuple[Listing, Pilot[None], Lists]]:
    app = Lists(*sections)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app.query_one(Listing), pilot, app


def drawn(listed: Listing) -> list[str]:
    return [listed.render_line(y).text.rstrip() for y in range(listed.size.height)]


@pytest.mark.parametrize(
    ("columns", "across", "expected"),
    [
        ((Column(10), Column(5)), 40, ((1, 10), (13, 5))),
        ((Column(10, share=1), Column(5)), 40, ((1, 31), (34, 5))),
        ((Column(10, share=2), Column(5, share=1)), 40, ((1, 24), (27, 12))),
        ((Column(10), Column(9, needs=60), Column(5)), 40, ((1, 10), (13, 0), (13, 5))),
        ((Column(30), Column(30)), 20, ((1, 18), (21, 0))),
    ],
)
def test_columns_share_what_is_left_over_and_give_way_where_there_is_too_little(
    columns: tuple[Column, ...], across: int, expected: tuple[tuple[int, int], ...]
) -> None:
    assert places(columns, across) == expected


async def test_rows_stand_below_the_titles_of_their_columns_and_numbers_end_at_the_right() -> None:
    async with listing(section(1, 22)) as (listed, _pilot, _app):
        lines = drawn(listed)
        assert lines[0] == " Name                                No"
        assert lines[1].endswith("row 1                                1")
        assert lines[1][0] != " "
        assert lines[2].endswith(" 22")


async def test_the_cursor_goes_over_rows_and_past_headings_and_empty_sections() -> None:
    sections = (section(1, 2, title="One"), section(title="None", empty="nothing"), section(3, title="Three"))
    async with listing(*sections) as (listed, _pilot, _app):
        seen = [listed.selected.key if listed.selected else None]
        while listed.move_cursor(1):
            seen.append(listed.selected.key if listed.selected else None)
        assert seen == [1, 2, 3]
        assert not listed.move_cursor(1)
        assert listed.position == (3, 3)
        assert listed.home()
        assert listed.position == (1, 3)


async def test_the_cursor_stays_on_its_row_when_others_come_before_it() -> None:
    async with listing(section(5, 6, 7)) as (listed, _pilot, _app):
        listed.move_cursor(1)
        listed.show([section(1, 2, 3, 4, 5, 6, 7)])
        assert listed.selected is not None
        assert listed.selected.key == 6
        listed.show([section(1, 7)])
        assert listed.selected is not None
        listed.show([section(1, 7)], select=1)
        assert listed.selected.key == 1


async def test_a_list_without_rows_says_so() -> None:
    async with listing() as (listed, _pilot, _app):
        listed.set_hint("nobody yet", ("n", "new"))
        assert drawn(listed)[0] == " nobody yet  n new"
        assert listed.selected is None
        assert not listed.move_cursor(1)


async def test_what_lies_below_is_counted_and_the_cursor_never_hides_under_the_count() -> None:
    async with listing(section(*range(100))) as (listed, _pilot, _app):
        assert "90" in drawn(listed)[-1]
        for step in (1,) * 40 + (-1,) * 40:
            listed.move_cursor(step)
            assert listed.selected is not None
            assert any(f"row {listed.selected.key} " in line for line in drawn(listed)), listed.selected
        listed.end()
        assert drawn(listed)[-1].endswith("99")
        listed.home()
        assert drawn(listed)[0].startswith(" Name")


async def test_of_ten_thousand_rows_only_those_in_sight_are_made() -> None:
    made: list[int] = []

    def make(number: int) -> Row:
        made.append(number)
        return row(number)

    rows = LazyRows(range(10_000), lambda number: number, make)
    async with listing(Section(rows, COLUMNS)) as (listed, pilot, _app):
        await pilot.pause()
        listed.go_to(9_000)
        await pilot.pause()
        listed.end()
        await pilot.pause()
        assert listed.selected is not None
        assert listed.selected.key == 9_999
        assert len(made) < 60


@pytest.mark.parametrize(
    "name", ["[/]", "[@click=app.quit]x", "\x1b[31mred\x1b[0m", "长" * 200, "👨‍👩‍👧‍👦 family", "\u202eabc"]
)
async def test_hostile_names_stay_in_their_column(name: str) -> None:
    async with listing(Section((row(7, name),), COLUMNS)) as (listed, pilot, app):
        line = listed.render_line(1)
        assert line.cell_length == 40
        shown = [strip.text for strip in app.screen._compositor.render_strips()]
        assert shown[1].rstrip().endswith("7")
        assert "\x1b" not in "".join(shown)
        await pilot.click(Listing, offset=(4, 1))
        assert app.is_running


async def test_a_click_selects_a_row_and_a_second_one_chooses_it() -> None:
    async with listing(section(1, 2, 3)) as (listed, pilot, app):
        await pilot.click(Listing, offset=(4, 3))
        assert listed.selected is not None
        assert listed.selected.key == 3
        await pilot.click(Listing, offset=(4, 3))
        assert isinstance(app.messages[-1], Listing.Chosen)
        await pilot.click(Listing, offset=(4, 0))
        assert listed.selected.key == 3
