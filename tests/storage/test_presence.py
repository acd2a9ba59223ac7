"""Who has what before him: small locked files, which speak for their session as long as it lives."""

import os
import signal
import sys
from pathlib import Path

import pytest

from salestui.storage.claims import Claim
from salestui.storage.presence import DirectoryPresence

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")

D7 = Claim(3, "D7", "editing")


def session(place: Path, *, shared: bool = False) -> DirectoryPresence:
    return DirectoryPresence(place / "sales.db.here", shared=shared)


def test_others_see_what_a_session_says_and_it_does_not_see_itself(tmp_path):
    one, other = session(tmp_path), session(tmp_path)
    assert other.others() == ()
    one.tell(D7)
    assert other.others() == (D7,)
    assert one.others() == ()
    one.tell(Claim(3, "D8", "looking"))
    assert [claim.subject for claim in other.others()] == ["D8"]
    one.tell(None)
    assert other.others() == ()
    assert list((tmp_path / "sales.db.here").iterdir()) == []


def test_coming_and_going_changes_the_token_and_looking_does_not(tmp_path):
    one, other = session(tmp_path), session(tmp_path)
    seen = other.token()
    one.tell(D7)
    assert other.token() != seen
    seen = other.token()
    assert other.others()
    assert other.token() == seen


def test_a_killed_session_is_gone_and_its_file_with_it(tmp_path):
    ready, done = os.pipe()
    child = os.fork()
    if child == 0:
        session(tmp_path).tell(D7)
        os.write(done, b"x")
        signal.pause()
    os.read(ready, 1)
    other = session(tmp_path)
    assert other.others() == (D7,)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert other.others() == ()
    assert list((tmp_path / "sales.db.here").iterdir()) == []


@pytest.mark.parametrize(("shared", "mode"), [(False, 0o600), (True, 0o660)])
def test_only_those_who_may_see_the_database_may_see_who_is_there(tmp_path, shared, mode):
    one = session(tmp_path, shared=shared)
    one.tell(D7)
    (file,) = (tmp_path / "sales.db.here").iterdir()
    assert file.stat().st_mode & 0o777 == mode
    assert (tmp_path / "sales.db.here").stat().st_mode & 0o7777 == (0o2770 if shared else 0o700)


@pytest.mark.parametrize("content", [b"", b"{", b'{"user": "x"}', b"\x00" * 5000, b"[" * 900])
def test_nonsense_is_nobody(tmp_path, content):
    other = session(tmp_path)
    (tmp_path / "sales.db.here").mkdir()
    (tmp_path / "sales.db.here" / "1-aa.here").write_bytes(content)
    (tmp_path / "sales.db.here" / "2-bb.here").symlink_to("/etc/passwd")
    assert other.others() == ()


def test_where_nothing_can_be_written_nobody_is_seen(tmp_path):
    (tmp_path / "sales.db.here").write_text("a file in the way")
    one = session(tmp_path)
    one.tell(D7)
    assert (one.token() > 0, one.others()) == (True, ())
