"""Stories of writing an output: typing, drafts, files, submitting, revisions, reviews, and two people at once."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.outcomes import Done
from salestui.screens import opening, output_keeping
from salestui.screens import output as output_screen
from salestui.screens.output import OutputScreen
from salestui.services import outputs, reviews
from tests.ui import stories
from tests.ui.filling import complete, done
from tests.ui.stories import NARROW, Story, opened


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep drafts without the rest between keystrokes."""
    monkeypatch.setattr(output_keeping, "REST", 0.01)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


def solution(story: Story):
    """The function that opens the solution."""
    return lambda desk: OutputScreen(desk, story.deal, "solution")


def sheet(story: Story, who: str = "lin", key: str = "solution"):
    return outputs.sheet(story.ask(who), story.deal, key)


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_an_output_nobody_wrote_shows_its_fields_what_is_missing_and_what_saving_makes(story, size, language):
    async with opened(story, solution(story), size=size, language=language) as seen:
        zh = language == "zh"
        seen.shows("《定制化解决方案》" if zh else "Tailored solution", "恒岳新材")
        seen.shows("配置清单" if zh else "Configuration", "还没有写" if zh else "not written yet")
        seen.shows("还缺 6" if zh else "6 to go", "存为 r1" if zh else "save as r1", "送审" if zh else "review")
        if size != NARROW:
            seen.shows("还没送审" if zh else "not asked for yet", "法务" if zh else "Legal")
        seen.hides("review" if zh else "评审")


async def test_what_is_typed_is_a_draft_within_a_moment_and_is_there_again_on_return(story):
    async with opened(story, solution(story)) as seen:
        await seen.type("涂覆机")
        await seen.until(lambda: "草稿已存 12:20" in seen.text)
        seen.shows("r1 草稿", "版本")
        assert sheet(story).draft.values["configuration"] == [{"item": "涂覆机"}]
        await seen.press("escape")
        assert seen.outcome is None
        await seen.app.push_screen(OutputScreen(seen.desk, story.deal, "solution"))
        await seen.settle()
        seen.shows("涂覆机", "接着写你 11-19 12:20 的草稿")


async def test_typing_on_does_not_put_the_keeping_off(story, monkeypatch):
    monkeypatch.setattr(output_keeping, "REST", 3600)
    async with opened(story, solution(story)) as seen:
        await seen.type("a")
        timer = seen.screen.draft.timer
        await seen.type("bcd")
        assert seen.screen.draft.timer is timer, "the first keystroke decides when the draft is kept"
        assert sheet(story).draft is None


@pytest.mark.parametrize("way", ["escape", "ctrl+q"])
async def test_leaving_in_any_way_keeps_what_was_typed_just_before(story, monkeypatch, way):
    monkeypatch.setattr(output_keeping, "REST", 3600)
    async with opened(story, solution(story)) as seen:
        await seen.type("X")
        await seen.press(way)
        assert outputs.sheet(story.ask(), story.deal, "solution").draft.values["configuration"] == [{"item": "X"}]


async def test_a_dropped_line_keeps_what_was_typed_on_every_screen_below_too(story, monkeypatch):
    monkeypatch.setattr(output_keeping, "REST", 3600)
    async with opened(story, solution(story)) as seen:
        await seen.type("X")
        await seen.press("f1")
        signal.raise_signal(signal.SIGHUP)
        await seen.until(lambda: not seen.app.is_running or seen.app.return_code == 0)
        assert sheet(story).draft.values["configuration"] == [{"item": "X"}]


async def test_an_incomplete_output_is_not_submitted_but_kept_and_the_cursor_goes_to_what_is_missing(story):
    async with opened(story, solution(story)) as seen:
        await seen.type("涂覆机")
        await seen.press("ctrl+s")
        assert not seen.closed
        seen.shows("没有存成新版，已存草稿", "配置清单第 1 行缺数量")
        assert seen.screen.form.body.current_key == "configuration"
        assert sheet(story).latest == 0
        assert sheet(story).draft is not None


async def test_a_complete_output_becomes_a_revision_with_its_note_and_its_draft_is_gone(story):
    story.fill.fill("solution")
    async with opened(story, solution(story)) as seen:
        seen.shows("r1", "11-19 12:20 林悦")
        seen.screen.form.go_to("delivery_period")
        await seen.type("，可分批")
        seen.shows("r2 草稿", "由 r1 改起", "都填好了")
        seen.screen.form.go_to(output_screen.NOTE)
        await seen.type("加了分批")
        await seen.press("ctrl+s")
        assert seen.outcome == Done(f"D{story.deal}.solution", 2, 2)


async def test_the_saved_revision_has_what_was_typed(story):
    story.fill.fill("solution")
    async with opened(story, solution(story)) as seen:
        seen.screen.form.go_to("delivery_period")
        await seen.type("，可分批")
        seen.screen.form.go_to(output_screen.NOTE)
        await seen.type("加了分批")
        await seen.press("ctrl+s")
        saved = sheet(story)
        assert saved.latest == 2
        assert saved.values["delivery_period"].endswith("分两批到货，可分批")
        assert saved.revisions[0].note == "加了分批"
        assert output_screen.NOTE not in saved.values
        assert saved.draft is None


async def test_saving_what_did_not_change_makes_no_revision(story):
    story.fill.fill("solution")
    async with opened(story, solution(story)) as seen:
        await seen.press("ctrl+s")
        seen.shows("和 r1 一样，没有要存的")
        assert sheet(story).latest == 1


async def test_ctrl_r_saves_and_asks_for_the_review_at_once(story):
    async with opened(story, solution(story)) as seen:
        values = complete(sheet(story).output.fields, story.ask())
        seen.screen.form.set_values(values)
        await seen.press("ctrl+r")
        assert isinstance(seen.outcome, Done)
        assert [review.revision for review in reviews.of_output(story.ask(), story.deal, "solution")] == [1]


async def test_ctrl_r_on_an_unchanged_revision_asks_without_making_a_new_one(story):
    story.fill.fill("solution")
    async with opened(story, solution(story)) as seen:
        await seen.press("ctrl+r")
        assert isinstance(seen.outcome, Done)
        assert sheet(story).latest == 1


@pytest.mark.parametrize("size", stories.SIZES)
async def test_under_review_it_is_read_only_and_says_why_and_who_is_awaited(story, size):
    story.fill.fill("solution")
    done(reviews.ask(story.ask(days=-2), story.deal, "solution"))
    async with opened(story, solution(story), size=size) as seen:
        seen.shows("只读", "正在评审", "先撤回评审", "r 评审")
        seen.hides("存为 r2")
        await seen.type("xx")
        assert sheet(story).draft is None
        if size != NARROW:
            seen.shows("周敏 等 2 天")
        await seen.press("ctrl+s")
        assert not seen.closed


async def test_r_recalls_the_review_and_the_form_can_be_written_again(story):
    story.fill.fill("solution")
    done(reviews.ask(story.ask(), story.deal, "solution"))
    async with opened(story, solution(story)) as seen:
        await seen.press("r")
        seen.shows("撤回评审，好改内容")
        await seen.press("enter")
        await seen.type("数字不对")
        await seen.press("ctrl+s")
        seen.hides("只读")
        seen.screen.form.go_to("delivery_period")
        await seen.type("，改")
        seen.shows("r2 草稿")


async def test_somebody_elses_deal_is_read_only_with_the_owner_named(story):
    story.fill.fill("solution")
    async with opened(story, solution(story), "chen") as seen:
        seen.shows("只读", "林悦", "经理")
        await seen.type("x")
        assert sheet(story, "chen").draft is None


async def test_what_the_reviewers_want_changed_is_said_when_the_form_opens(story):
    story.fill.fill("solution")
    review = done(reviews.ask(story.ask(), story.deal, "solution"))
    done(reviews.vote(story.ask("zhao"), review, "technical", "ask_change", "节拍算错"))
    async with opened(story, solution(story)) as seen:
        seen.shows("技术 赵工：节拍算错", "技术退回")
        seen.screen.form.go_to("delivery_period")
        await seen.type("，改")
        seen.shows("! 存为 r2，技术都要重评")


async def test_a_market_report_says_how_many_other_deals_it_serves(story):
    from salestui.services import customers, deals

    other = done(customers.new(story.ask(), {"name": "苏锦机电"}, story.campaign))
    done(deals.new(story.ask(), other, story.campaign, {}))
    async with opened(story, lambda desk: OutputScreen(desk, story.deal, "market_report")) as seen:
        seen.shows("! 另有 1 个单子共用")


async def test_a_file_is_attached_with_its_path_completed_and_taken_off_again(story, tmp_path):
    (tmp_path / "方案演示.pdf").write_bytes(b"%PDF-1.4 solution")
    (tmp_path / "不收.exe").write_bytes(b"MZ")
    async with opened(story, solution(story)) as seen:
        seen.screen.form.go_to("files")
        await seen.type(f"{tmp_path}/方")
        await seen.press("tab")
        await seen.press("enter")
        seen.shows("方案演示.pdf", "17 B", "草稿已存")
        assert [file.name for file in sheet(story).draft.files] == ["方案演示.pdf"]
        await seen.press("up", "ctrl+d")
        await seen.until(lambda: not sheet(story).draft.files)
        seen.hides("方案演示.pdf")


async def test_a_file_kept_from_the_last_revision_can_be_dropped_from_the_next(story):
    path = story.folder / "报价.pdf"
    path.write_bytes(b"%PDF-1.4 offer")
    values = complete(sheet(story).output.fields, story.ask())
    done(outputs.submit(story.ask(), story.deal, "solution", values, files=[path]))
    async with opened(story, solution(story)) as seen:
        seen.shows("报价.pdf")
        seen.screen.form.go_to("files")
        await seen.press("up", "ctrl+d")
        await seen.press("ctrl+s")
        assert seen.closed
        assert [len(revision.files) for revision in sheet(story).revisions] == [0, 1]


async def test_an_attached_file_is_opened_with_one_key_as_a_checked_copy(story, monkeypatch):
    started = []
    monkeypatch.setattr(opening.system, "open_document", lambda path: started.append(path) or True)
    paths = [story.folder / name for name in ("报价.pdf", "图纸.pdf")]
    for path in paths:
        path.write_bytes(f"%PDF-1.4 {path.name}".encode())
    values = complete(sheet(story).output.fields, story.ask())
    done(outputs.submit(story.ask(), story.deal, "solution", values, files=paths))
    async with opened(story, solution(story)) as seen:
        await seen.press("f4")
        await seen.until(lambda: "打开哪个附件" in seen.text)
        await seen.press("2")
        await seen.until(lambda: started)
        assert (started[0].name, started[0].read_bytes()) == ("图纸.pdf", "%PDF-1.4 图纸.pdf".encode())
        assert started[0].parent.stat().st_mode & 0o777 == 0o700
        seen.screen.form.go_to("files")
        await seen.press("up", "up", "ctrl+g")
        await seen.until(lambda: len(started) == 2)
        assert started[1].name == "报价.pdf"
        seen.shows("已打开 报价.pdf 的副本")


def told(seen) -> list[str]:
    return [note.message for note in seen.app._notifications]


async def test_over_ssh_the_path_of_the_copy_is_shown_and_a_damaged_file_is_never_opened(story, monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "1")
    monkeypatch.setenv("DISPLAY", ":0")
    path = story.folder / "报价.pdf"
    path.write_bytes(b"%PDF-1.4 offer")
    values = complete(sheet(story).output.fields, story.ask())
    done(outputs.submit(story.ask(), story.deal, "solution", values, files=[path]))
    digest = sheet(story).revisions[0].files[0].sha256
    async with opened(story, solution(story)) as seen:
        await seen.press("f4")
        await seen.until(lambda: told(seen))
        assert seen.app.clipboard.endswith("报价.pdf")
        kept = Path(story.store.location + ".files") / digest[:2] / digest[2:]
        kept.write_bytes(b"%PDF-1.4 other")
        await seen.press("f4")
        await seen.until(lambda: len(told(seen)) == 2)
        assert "副本在" in told(seen)[0]
        assert "被改动过" in told(seen)[1]


async def test_without_a_file_the_key_says_so(story):
    async with opened(story, solution(story)) as seen:
        await seen.press("f4")
        await seen.until(lambda: "没有附件" in seen.text)


async def test_when_somebody_submitted_meanwhile_both_are_brought_together_and_nothing_typed_is_lost(story):
    story.fill.fill("solution")
    async with opened(story, solution(story)) as seen:
        seen.screen.form.go_to("delivery_period")
        await seen.type("，我加的")
        theirs = {**sheet(story).revisions[0].values, "after_sales": "方总改的售后", "delivery_period": "方总改的交期"}
        done(outputs.submit(story.ask("fang"), story.deal, "solution", theirs, note="总部要求"))
        await seen.press("ctrl+s")
        seen.shows("别人也改了", "方总 在 11-19 12:20 改了它", "r2  总部要求", "只有对方改了", "方总改的售后")
        seen.shows("两边都改了", "原来", "方总改的交期", "，我加的")
        assert sheet(story).latest == 2
        await seen.press("escape")
        seen.shows("方总改的售后", "，我加的", "r3 草稿")
        await seen.press("ctrl+s")
        assert seen.closed
        saved = sheet(story)
        assert saved.latest == 3
        assert saved.values["after_sales"] == "方总改的售后"
        assert saved.values["delivery_period"].endswith("，我加的")


async def test_after_a_conflict_ctrl_s_saves_on_top_at_once(story):
    story.fill.fill("solution")
    async with opened(story, solution(story)) as seen:
        seen.screen.form.go_to("delivery_period")
        await seen.type("，我加的")
        theirs = {**sheet(story).revisions[0].values, "delivery_period": "方总改的交期"}
        done(outputs.submit(story.ask("fang"), story.deal, "solution", theirs))
        await seen.press("ctrl+s", "ctrl+s")
        assert seen.closed
        assert sheet(story).values["delivery_period"].endswith("，我加的")


async def test_a_draft_overtaken_by_a_newer_revision_says_whose_it_is(story):
    story.fill.fill("solution")
    done(outputs.save_draft(story.ask(), story.deal, "solution", {"delivery_period": "旧稿"}))
    theirs = {**sheet(story).revisions[0].values, "after_sales": "方总改的售后"}
    done(outputs.submit(story.ask("fang"), story.deal, "solution", theirs))
    async with opened(story, solution(story)) as seen:
        seen.shows("旧稿", "方总 提交了 r2")


@pytest.mark.parametrize(("size", "language"), stories.BOTH)
async def test_revisions_are_compared_field_by_field_and_an_old_one_is_restored_as_a_new_one(story, size, language):
    story.fill.fill("solution", {"delivery_period": "30 天"}, note="第一稿")
    story.fill.fill("solution", {"delivery_period": "45 天"}, note="第二稿")
    async with opened(story, solution(story), size=size, language=language) as seen:
        zh = language == "zh"
        await seen.press("ctrl+o")
        seen.shows("r2 对比 r1" if zh else "r2 against r1", "30 天", "45 天", "第一稿", "第二稿")
        seen.shows("没变" if zh else "Unchanged")
        await seen.press("r")
        seen.shows("r2 就是现在这一版" if zh else "r2 is the current one already")
        await seen.press("j", "r")
        seen.shows("恢复 r1" if zh else "Restore r1", "r3")
        await seen.press("ctrl+s")
        saved = outputs.sheet(story.ask(), story.deal, "solution")
        assert saved.latest == 3
        assert saved.values["delivery_period"] == "30 天"
        seen.shows("30 天", "r3")


async def test_any_two_revisions_can_be_compared(story):
    for days in (30, 45, 60):
        story.fill.fill("solution", {"delivery_period": f"{days} 天"})
    async with opened(story, solution(story)) as seen:
        await seen.press("ctrl+o")
        seen.shows("r3 对比 r2", "60 天", "45 天")
        await seen.press("h")
        seen.shows("r3 对比 r1", "30 天")
        await seen.press("l")
        seen.shows("r3 对比 r2")


async def test_a_draft_is_compared_with_the_last_revision_and_dropped_only_when_asked_twice(story):
    story.fill.fill("solution", {"delivery_period": "30 天"})
    async with opened(story, solution(story)) as seen:
        seen.screen.form.go_to("delivery_period")
        await seen.type("以内")
        await seen.press("ctrl+o")
        seen.shows("草稿 对比 r1", "30 天以内")
        await seen.press("d")
        seen.shows("再按一次就丢掉草稿")
        assert sheet(story).draft is not None
        await seen.press("d")
        assert sheet(story).draft is None
        seen.hides("30 天以内")


async def test_a_customer_with_a_hostile_name_is_shown_as_it_is(story):
    from salestui.services import customers

    done(customers.change(story.ask(), story.customer, {"short_name": "[/][@click=app.quit]x"}))
    async with opened(story, solution(story)) as seen:
        seen.shows("[/][@click=app.quit]x")
        await seen.type("[/] [@click=app.quit]x")
        seen.shows("[/] [@click=app.quit]x")


async def test_the_help_key_says_why_the_handbook_asks_for_the_field(story):
    async with opened(story, solution(story)) as seen:
        await seen.press("f1")
        seen.shows("配置不清，报价和交付都会扯皮")


def test_the_note_of_a_revision_cannot_be_a_field_of_a_playbook():
    i18n.use("en")
    assert not output_screen.NOTE.isidentifier()


@pytest.mark.parametrize(("size", "language"), [(stories.WIDE, "zh"), (NARROW, "en")])
async def test_a_total_that_its_lines_do_not_add_up_to_is_told_while_it_is_typed(story, size, language):
    story.fill.fill("solution")
    async with opened(story, solution(story), size=size, language=language) as seen:
        lines = [{"item": "CX-3", "quantity": "2", "unit_price": {"minor": 500, "currency": "CNY"}}]
        for total, told in (("11", True), ("10", False)):
            form = seen.screen.form
            form.set_values({**form.raw, "configuration": lines, "quotation_total": total})
            seen.screen.on_form_changed()
            await seen.screen.keep_drafts()
            await seen.settle()
            said = ("配置清单加起来是 10" if language == "zh" else "Configuration adds up to 10") in seen.text
            assert said is told, seen.text
