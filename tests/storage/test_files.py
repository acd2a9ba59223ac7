import os
import stat
from pathlib import Path

import pytest

from salestui.errors import (
    DirectoryNotWritable,
    DiskFull,
    FileDamaged,
    FileMissing,
    FileTooLarge,
    FileUnreadable,
    NotARegularFile,
)
from salestui.storage import files
from salestui.storage.files import DirectoryFileStore
from salestui.storage.store import Store
from tests.storage.helpers import event_count, open_directory, save_setting, start_python, without_privileges

HI = "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4"


@pytest.fixture
def source(tmp_path):
    """Return a file to attach."""
    path = tmp_path / "报价 2026.PDF"
    path.write_bytes(b"hello")
    return path


def stored_files(kept):
    return sorted(str(file.relative_to(kept.root)) for file in kept.root.rglob("*") if file.is_file())


def test_a_file_comes_back_as_it_was_attached(store, source):
    fact = store.files.put(source)
    assert (fact.name, fact.size, fact.type) == ("报价 2026.PDF", 5, "pdf")
    with store.files.open(fact.sha256) as file:
        assert file.read() == b"hello"
    assert store.files.exists(fact.sha256)
    store.files.verify(fact.sha256)


def test_a_stored_file_lies_beside_the_database_under_its_hash(store, path, source):
    digest = store.files.put(source).sha256
    stored = path.with_name("sales.db.files") / digest[:2] / digest[2:]
    assert stored.read_bytes() == b"hello"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(stored.parent.parent.stat().st_mode) == 0o700


def test_the_files_of_a_shared_database_are_for_its_group(tmp_path, source):
    with Store.open(tmp_path / "team.db", shared=True) as store:
        digest = store.files.put(source).sha256
    stored = tmp_path / "team.db.files" / digest[:2] / digest[2:]
    assert stat.S_IMODE(stored.stat().st_mode) == 0o660
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o2770
    assert stat.S_IMODE(stored.parent.parent.stat().st_mode) == 0o2770


def test_the_same_content_is_kept_once_whatever_its_name(store, source, tmp_path):
    first = store.files.put(source)
    second = store.files.put(source, name="copy.docx")
    assert first.sha256 == second.sha256
    assert (second.name, second.type) == ("copy.docx", "docx")
    assert len(stored_files(store.files)) == 1


def test_an_open_descriptor_is_kept_from_its_beginning(store, source):
    with source.open("rb") as file:
        file.read(2)
        fact = store.files.put(file.fileno(), name="a.txt")
    assert (fact.size, fact.type) == (5, "txt")


@pytest.mark.parametrize(
    ("given", "name", "kind"),
    [
        ("../../etc/passwd", "passwd", ""),
        ("C:\\Users\\lin\\offer.DOCX", "offer.DOCX", "docx"),
        ("a\x1b]52;c;x\x07b\u202e.pdf", "a]52;c;xb.pdf", "pdf"),
        ("  two   spaces .TXT ", "two spaces .TXT", "txt"),
        ("..", "file", ""),
        ("/", "file", ""),
        ("", "file", ""),
        ("\x1b", "file", ""),
        (".pdf", ".pdf", ""),
    ],
)
def test_a_name_is_only_shown_and_never_trusted(store, source, given, name, kind):
    fact = store.files.put(source, name=given)
    assert (fact.name, fact.type) == (name, kind)
    assert len(stored_files(store.files)) == 1


def test_a_link_is_not_followed(store, source, tmp_path):
    link = tmp_path / "link.pdf"
    link.symlink_to(source)
    with pytest.raises(NotARegularFile, match=r"link\.pdf"):
        store.files.put(link)


def test_what_is_no_plain_file_is_refused_without_waiting(store, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(NotARegularFile, match=name):
            store.files.put(tmp_path / name)
    with pytest.raises(NotARegularFile):
        store.files.put(Path(os.devnull))


def test_the_database_itself_is_never_opened_under_no_name(store, path, tmp_path, monkeypatch):
    save_setting(store, "a")
    os.link(path, tmp_path / "innocent.pdf")
    opened = []
    monkeypatch.setattr(files.os, "open", lambda *arguments, **options: opened.append(arguments))
    for name in ("sales.db", "sales.db-wal", "sales.db-shm", "sales.db.lock", "innocent.pdf"):
        with pytest.raises(NotARegularFile):
            store.files.put(tmp_path / name)
    assert opened == []


def test_a_missing_file_is_named(store, tmp_path):
    with pytest.raises(FileUnreadable, match=r"nothing\.pdf"):
        store.files.put(tmp_path / "nothing.pdf")


def test_a_file_that_may_not_be_read_is_named():
    with open_directory() as directory:
        secret = directory / "secret.pdf"
        secret.touch(mode=0o600)
        (directory / "files").mkdir()
        (directory / "files").chmod(0o777)
        if os.getuid() != 0:
            secret.chmod(0)
        assert without_privileges(lambda: DirectoryFileStore(directory / "files").put(secret)) == "FileUnreadable"


@pytest.mark.parametrize(("size", "accepted"), [(0, True), (5, True), (6, False), (50, False)])
def test_a_file_larger_than_the_limit_is_refused_and_nothing_of_it_stays(store, tmp_path, size, accepted):
    file = tmp_path / "a.bin"
    file.write_bytes(b"x" * size)
    if accepted:
        assert store.files.put(file, limit=5).size == size
    else:
        with pytest.raises(FileTooLarge, match=r"a\.bin"):
            store.files.put(file, limit=5)
        assert not store.files.root.exists() or stored_files(store.files) == []


def test_a_file_that_grows_while_it_is_copied_stops_at_the_limit(store, tmp_path, monkeypatch):
    file = tmp_path / "growing.log"
    file.write_bytes(b"x")
    monkeypatch.setattr(files.os, "pread", lambda descriptor, size, offset: b"xxx")
    with pytest.raises(FileTooLarge):
        store.files.put(file, limit=10)
    assert stored_files(store.files) == []


def test_a_full_disk_is_named_and_leaves_nothing(store, source, monkeypatch):
    def no_space(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", no_space)
    with pytest.raises(DiskFull, match="make space"):
        store.files.put(source)
    assert stored_files(store.files) == []


def test_a_directory_that_may_not_be_written_is_named():
    with open_directory() as directory:
        (directory / "a.pdf").write_bytes(b"hi")
        (directory / "a.pdf").chmod(0o644)
        directory.chmod(0o555)
        kept = DirectoryFileStore(directory / "sales.db.files")
        assert without_privileges(lambda: kept.put(directory / "a.pdf")) == DirectoryNotWritable.__name__


def test_a_link_in_place_of_the_store_or_its_folders_is_not_followed(tmp_path, source):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "one.files").symlink_to(elsewhere)
    for root in ("one.files", "two.files"):
        kept = DirectoryFileStore(tmp_path / root)
        if root == "two.files":
            digest = DirectoryFileStore(tmp_path / "probe").put(source).sha256
            kept.root.mkdir()
            (kept.root / digest[:2]).symlink_to(elsewhere)
        with pytest.raises(Exception, match=root):
            kept.put(source)
    assert list(elsewhere.iterdir()) == []


def test_a_stored_file_that_vanished_is_named(store, source):
    digest = store.files.put(source).sha256
    stored = store.files.root / digest[:2] / digest[2:]
    stored.unlink()
    assert not store.files.exists(digest)
    with pytest.raises(FileMissing, match=str(stored)):
        store.files.verify(digest)


def test_a_stored_file_that_was_changed_is_never_handed_out(store, source):
    digest = store.files.put(source).sha256
    (store.files.root / digest[:2] / digest[2:]).write_bytes(b"hellO")
    with pytest.raises(FileDamaged):
        store.files.verify(digest)
    with pytest.raises(FileDamaged), store.files.open(digest):
        pass


def test_a_damaged_file_is_mended_by_attaching_it_again(store, source):
    digest = store.files.put(source).sha256
    (store.files.root / digest[:2] / digest[2:]).write_bytes(b"")
    store.files.put(source)
    store.files.verify(digest)


@pytest.mark.parametrize("replace", ["link", "pipe", "folder"])
def test_what_stands_in_place_of_a_stored_file_is_not_read(store, source, replace):
    digest = store.files.put(source).sha256
    stored = store.files.root / digest[:2] / digest[2:]
    stored.unlink()
    if replace == "link":
        stored.symlink_to(source)
    elif replace == "pipe":
        os.mkfifo(stored)
    else:
        stored.mkdir()
    with pytest.raises(FileDamaged):
        store.files.verify(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", HI.upper(), HI[:-1], HI + "\n"])
def test_a_hash_from_a_tampered_row_reaches_no_other_file(store, digest):
    assert not store.files.exists(digest)
    with pytest.raises(FileMissing):
        store.files.verify(digest)


COPY = """
import sys
from pathlib import Path
from salestui.storage import files
from salestui.storage.files import DirectoryFileStore
def wait(descriptor):
    print("written", flush=True)
    sys.stdin.readline()
files.os.fsync = wait
DirectoryFileStore(Path(sys.argv[1])).put(Path(sys.argv[2]))
"""


def test_a_kill_while_a_file_is_copied_leaves_no_half_file_under_a_hash(store, source):
    victim = start_python(COPY, store.files.root, source)
    assert victim.stdout.readline() == "written\n", victim.communicate()
    victim.kill()
    victim.communicate()
    assert all(name.startswith("new-") for name in stored_files(store.files))
    store.files.verify(store.files.put(source).sha256)


def test_attaching_writes_nothing_to_the_database(store, source):
    store.files.put(source)
    assert event_count(store) == 0
