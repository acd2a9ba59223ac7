"""Stories of reading the handbook."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.handbook import places
from salestui.playbooks import loader
from salestui.screens.handbook import HandbookScreen
from salestui.services import handbook_text
from tests.ui.stories import BOTH, NARROW, make, opened


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_it_opens_at_the_output_asked_for(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    story = make(tmp_path)
    async with opened(
        story, lambda desk: HandbookScreen(desk, None, "solution", "solution"), size=size, language=language
    ) as seen:
        seen.shows("《定制化解决方案》" if language == "zh" else "Tailored solution")
        seen.shows("4 方案制定" if language == "zh" else "4 Solution")
        seen.shows("示例" if language == "zh" else "Example")
        seen.shows("为什么" if language == "zh" else "Why")


async def test_digits_and_arrows_go_to_stages(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HandbookScreen) as seen:
        seen.shows("1 市场调研与机会识别")
        await seen.press("5")
        assert seen.line("商务谈判与合同签订").strip()
        await seen.press("right")
        seen.shows("6 订单履行与客户关系维护")
        await seen.press("left")
        seen.shows("5 商务谈判与合同签订")


async def test_a_search_goes_from_place_to_place_and_counts_them(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HandbookScreen) as seen:
        await seen.press("/")
        await seen.type("质保")
        await seen.press("enter")
        found = list(places(handbook_text.chapters(loader.builtin("expansion")), "质保"))
        assert len(found) > 1
        seen.shows(f"/ 质保  1/{len(found)}", "质保")
        await seen.press("n")
        seen.shows(f"/ 质保  2/{len(found)}")
        await seen.press("N", "N")
        seen.shows(f"/ 质保  {len(found)}/{len(found)}")
        await seen.press("n")
        seen.shows(f"/ 质保  1/{len(found)}")


async def test_a_search_without_finds_says_so_and_escape_clears_it(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HandbookScreen) as seen:
        await seen.press("/")
        await seen.type("xyzzy")
        await seen.press("enter", "n")
        seen.shows("手册里没有这样的话", "0/0")
        await seen.press("escape")
        seen.hides("0/0")
        await seen.press("escape")
        assert seen.closed


async def test_another_handbook_is_a_key_away(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HandbookScreen) as seen:
        await seen.press("m")
        seen.shows("看哪本手册？", "业务拓展 v1")
        await seen.press("j", "enter") if "业务拓展" in seen.line("2 ") else await seen.press("k", "enter")
        seen.hides("业务拓展 v1")


async def test_the_whole_handbook_can_be_paged_through_on_a_small_screen(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HandbookScreen, size=NARROW) as seen:
        screen = seen.screen
        assert isinstance(screen, HandbookScreen)
        chapters = set()
        for _page in range(200):
            chapters.add(screen.reader.chapter)
            before = screen.reader.place
            await seen.pilot.press("pagedown")
            if screen.reader.place == before:
                break
        assert chapters == set(range(9))
        await seen.press("home")
        seen.shows("1 市场调研与机会识别")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("key", loader.BUILTIN)
def test_every_word_of_a_handbook_is_in_the_reader(key: str, language: i18n.Language) -> None:
    i18n.use(language)
    playbook = loader.builtin(key)
    told = handbook_text.chapters(playbook)
    said = "\n".join(
        part
        for chapter in told
        for entry in chapter.entries
        for part in (entry.title, entry.remark, entry.text, *(text for _label, text in entry.facts))
    )
    texts = [
        text
        for stage in playbook.stages
        for text in (
            stage.title,
            stage.goal,
            *stage.owners,
            *stage.guidance,
            *(text for action in stage.actions for text in (action.title, action.why)),
            *(text for output in stage.outputs for text in (output.title, output.goal, output.why)),
            *(
                text
                for output in stage.outputs
                for field in output.fields
                for text in (field.label, field.help, field.example, field.why)
            ),
        )
    ]
    assert [text for text in texts if text.get(language) not in said] == []
    if playbook.scoring:
        assert all(meaning.get(language) in said for c in playbook.scoring.criteria for meaning in c.meanings)


@pytest.mark.parametrize(("size", "language"), BOTH)
async def test_the_handbook_is_printed_as_one_document_in_either_language(
    tmp_path: Path, own_home: Path, size: tuple[int, int], language: str
) -> None:
    async with opened(make(tmp_path), HandbookScreen, size=size, language=language) as seen:
        await seen.press("x")
        seen.shows("导出业务拓展" if language == "zh" else "Export Business development", "~/", ".docx")
        form = seen.app.screen.form  # type: ignore[attr-defined]
        other = "en" if language == "zh" else "zh"
        form.set_values({**form.raw, "to": "~/book.md", "language": other})
        await seen.press("ctrl+s")
        seen.shows("已存到" if language == "zh" else "Saved:", "book.md")
        assert i18n.language() == language
    told = (own_home / "book.md").read_text("utf-8")
    assert ("Tailored solution" in told, "《定制化解决方案》" in told) == (other == "en", other == "zh")


async def test_spaces_do_not_matter_to_a_search(tmp_path: Path) -> None:
    async with opened(make(tmp_path), HandbookScreen) as seen:
        await seen.press("/")
        await seen.type("24小时")
        await seen.press("enter")
        seen.shows("/ 24小时  1/", "24 小时")
