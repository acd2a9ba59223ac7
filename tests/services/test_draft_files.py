"""Drafts of forms outlive the process; nobody else and no other database gets them."""

import json
import stat
from pathlib import Path

import pytest

from salestui.services import draft_files
from salestui.services.draft_files import DraftFiles, FormDraft
from salestui.storage.store import Store
from tests.services.desk import NOW, open_desk


@pytest.fixture
def drafts(tmp_path: Path) -> DraftFiles:
    return DraftFiles(tmp_path / "drafts")


def test_a_draft_comes_back_word_for_word(drafts: DraftFiles, tmp_path: Path) -> None:
    typed = {"what": "质保 24 个月\nok", "rows": [{"who": "王建国"}], "empty": ""}
    drafts.keep("talk:D7", FormDraft(typed, (tmp_path / "报价.pdf",), NOW))
    found = drafts.load("talk:D7")
    assert found is not None
    assert (found.values, found.files, found.at) == (typed, (tmp_path / "报价.pdf",), NOW)
    assert drafts.load("talk:D8") is None


def test_the_newest_draft_stands_alone_and_is_its_owners(drafts: DraftFiles) -> None:
    drafts.keep("talk:D7", FormDraft({"what": "one"}, (), NOW))
    drafts.keep("talk:D7", FormDraft({"what": "two"}, (), NOW))
    path = drafts.path("talk:D7")
    assert list(path.parent.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    found = drafts.load("talk:D7")
    assert found is not None
    assert found.values == {"what": "two"}


def test_a_dropped_draft_is_gone(drafts: DraftFiles) -> None:
    assert not drafts.drop("talk:D7")
    drafts.keep("talk:D7", FormDraft({"what": "one"}, (), NOW))
    assert drafts.drop("talk:D7")
    assert drafts.load("talk:D7") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff", b'{"values": 3, "files": [], "at": "2026-11-19"}', b"null"]
    + [json.dumps({"values": {}, "files": [], "at": at}).encode() for at in ("", "2026-11-19T12:00")],
)
def test_a_file_that_is_no_draft_is_none(drafts: DraftFiles, content: bytes) -> None:
    drafts.keep("talk:D7", FormDraft({"what": "one"}, (), NOW))
    drafts.path("talk:D7").write_bytes(content)
    assert drafts.load("talk:D7") is None


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        ({}, {}, {}),
        ({"a": "1"}, {"a": "1"}, {}),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, {"b": "3"}),
        ({"a": "1"}, {}, {"a": ""}),
        ({}, {"a": ""}, {}),
        ({"t": [{"x": "1"}]}, {"t": [{"x": "2"}]}, {"t": [{"x": "2"}]}),
    ],
)
def test_only_what_was_changed_is_kept(
    before: dict[str, object], now: dict[str, object], kept: dict[str, object]
) -> None:
    assert draft_files.changed(before, now) == kept


def test_another_person_and_another_database_have_drafts_of_their_own(tmp_path: Path) -> None:
    found = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        with Store.open(tmp_path / folder / "sales.db") as store:
            desk = open_desk(store)
            found += [draft_files.of(request).path("talk:D7") for request in (desk.rep, desk.other)]
            assert draft_files.of(desk.later(desk.rep, days=3)).path("talk:D7") == draft_files.of(desk.rep).path(
                "talk:D7"
            )
    assert len(set(found)) == 4


def test_a_database_made_anew_in_the_old_place_has_no_drafts(tmp_path: Path) -> None:
    found = []
    for _life in range(2):
        with Store.open(tmp_path / "sales.db") as store:
            found.append(draft_files.of(open_desk(store).rep).path("talk:D7"))
        for file in tmp_path.glob("sales.db*"):
            file.unlink()
    assert len(set(found)) == 2
