"""A file is written whole or not at all, and nothing is replaced unasked."""

import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from salestui.errors import BadInput, FileThere
from salestui.services import exporting
from salestui.services.export_files import check_place, write


def test_a_file_is_written_with_its_hash_for_its_owner_alone(tmp_path: Path) -> None:
    made = write(tmp_path / "a.docx", b"content")
    assert Path(made.path).read_bytes() == b"content"
    assert (made.size, made.sha256) == (7, hashlib.sha256(b"content").hexdigest())
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]
    if sys.platform != "win32":
        assert stat.S_IMODE(Path(made.path).stat().st_mode) == 0o600


def test_an_existing_file_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.md"
    target.write_text("old")
    target.chmod(0o644)
    for attempt in (lambda: check_place(target, replace=False), lambda: write(target, b"new")):
        with pytest.raises(FileThere) as raised:
            attempt()
        assert str(target) in raised.value.text()
    assert target.read_text() == "old"
    write(check_place(target, replace=True), b"new", replace=True)
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere.md", tmp_path / "link.md"
    elsewhere.write_text("kept")
    link.symlink_to(elsewhere)
    with pytest.raises(FileThere):
        check_place(link, replace=False)
    write(check_place(link, replace=True), b"new", replace=True)
    assert elsewhere.read_text() == "kept"
    assert link.read_text() == "new"


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(tmp_path / "nowhere.md")
    with pytest.raises(FileThere):
        write(link, b"new")
    assert not (tmp_path / "nowhere.md").exists()


@pytest.mark.parametrize("name", [".", "missing/a.md"])
def test_places_that_cannot_be_written_are_named_beforehand(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput):
        check_place(tmp_path / name, replace=False)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput):
        write(tmp_path / "a.md", b"x")


def test_a_home_directory_is_understood(own_home: Path) -> None:
    assert check_place(Path("~/a.md"), replace=False) == own_home / "a.md"


@pytest.mark.parametrize(
    ("title", "about", "name"),
    [
        ("《定制化解决方案》", "恒岳新材 r3", "定制化解决方案 恒岳新材 r3.docx"),
        ("Solution", 'a/b:c*?"<>|\\', "Solution a b c.docx"),
        ("x" * 200, "", "x" * 80 + ".docx"),
    ],
)
def test_proposed_names_suit_every_file_system(title: str, about: str, name: str) -> None:
    assert exporting.file_name(title, about, ".docx") == name
