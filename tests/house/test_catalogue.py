"""Every text a user reads is there in Chinese as well, and the catalogue is what its tool writes."""

import gettext
from io import BytesIO, StringIO
from pathlib import Path
from threading import Thread

import pytest

from tools import catalogue, messages
from tools.catalogue import Catalogue, Message

TEXTS = Catalogue(
    {
        Message("Deals"): "单子",
        Message('Say "hi"\tand\\or\nbye'): "说“你好”\t和\\或\n再见",
        Message("one {n} deal", "{n} deals"): "{n} 个单子",
        Message("Open", context="status"): "进行中",
        Message("Open"): "打开",
        Message("Not yet"): "",
    }
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "FOLDER", tmp_path)
    monkeypatch.setattr(messages, "PO", tmp_path / "salestui.po")
    monkeypatch.setattr(messages, "MO", tmp_path / "salestui.mo")
    return tmp_path


def test_every_text_of_the_program_has_its_chinese() -> None:
    assert messages.missing() == []


def test_the_catalogue_is_sound_and_compiled() -> None:
    assert [problem for problem in messages.problems() if not problem.startswith("no Chinese")] == []


def test_what_is_written_for_people_reads_back_the_same() -> None:
    assert catalogue.parse_po(catalogue.po_text(TEXTS)) == TEXTS


def test_gettext_reads_what_is_compiled() -> None:
    texts = gettext.GNUTranslations(BytesIO(catalogue.mo_bytes(TEXTS)))
    assert texts.gettext("Deals") == "单子"
    assert texts.gettext('Say "hi"\tand\\or\nbye') == "说“你好”\t和\\或\n再见"
    assert texts.ngettext("one {n} deal", "{n} deals", 1) == "{n} 个单子"
    assert texts.pgettext("status", "Open") == "进行中"
    assert texts.gettext("Open") == "打开"
    assert texts.gettext("Not yet") == "Not yet"


@pytest.mark.parametrize(
    ("text", "chinese", "said"),
    [
        ("{n} deals", "单子", "in braces"),
        ("{name}", "{nmae}", "in braces"),
        ("deals", "{n 个", "do not match"),
        ("Bye\n", "再见", "line break"),
    ],
)
def test_a_translation_that_would_break_is_refused(text: str, chinese: str, said: str) -> None:
    assert said in (catalogue.problem(Message(text), chinese) or "")


@pytest.mark.parametrize("line", ["#, fuzzy", '#~ msgid "gone"', "<<<<<<< ours"])
def test_a_catalogue_with_doubtful_entries_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a line"):
        catalogue.parse_po(catalogue.po_text(TEXTS) + line + "\n")


def test_the_texts_of_a_module_are_found_in_every_form() -> None:
    source = (
        'a = _("one " "two")\nb = ngettext("{n} card", "{n} cards", n)\nc = pgettext("status", "Open")\n'
        'd = mark("in a table")\ne = _(row.title)\nf = i18n.gettext("whole name")\n'
    )
    assert set(catalogue.used_messages(source, "x.py")) == {
        Message("one two"),
        Message("{n} card", "{n} cards"),
        Message("Open", context="status"),
        Message("in a table"),
        Message("whole name"),
    }


@pytest.mark.parametrize("argument", ['f"{n} deals"', '"a" + b', '"%s" % name'])
def test_a_text_filled_in_before_it_is_looked_up_is_refused(argument: str) -> None:
    with pytest.raises(ValueError, match=r"x\.py:1"):
        list(catalogue.used_messages(f"_({argument})", "x.py"))


def test_lines_that_cannot_be_stored_are_named_and_the_others_are_stored(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "Deals\t单子\nno translation\n\n{n} card\t{n} cards\t{n} 张卡片\nLine\\nbreak\t换\\n行\n{x}\t没有\n"
    monkeypatch.setattr("sys.stdin", StringIO(lines))
    assert messages.set_translations("") == 1
    assert messages.read() == Catalogue(
        {
            Message("Deals"): "单子",
            Message("{n} card", "{n} cards"): "{n} 张卡片",
            Message("Line\nbreak"): "换\n行",
        }
    )
    said = capsys.readouterr().out
    assert "3 stored" in said
    assert "line 2" in said
    assert "line 6" in said
    assert (folder / "salestui.mo").read_bytes() == catalogue.mo_bytes(messages.read())


def test_many_writers_at_once_lose_nothing(folder: Path) -> None:
    def store(writer: int) -> None:
        for number in range(5):
            with messages.changing() as texts:
                texts.entries[Message(f"text {writer} {number}")] = "文字"

    writers = [Thread(target=store, args=(writer,)) for writer in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(messages.read().entries) == 30


def test_only_pruning_drops_what_the_code_does_not_use(folder: Path) -> None:
    with messages.changing() as texts:
        texts.entries[Message("being written this minute")] = "正在写"
    messages.extract(prune=False)
    assert messages.read().entries[Message("being written this minute")] == "正在写"
    messages.extract(prune=True)
    assert Message("being written this minute") not in messages.read().entries
