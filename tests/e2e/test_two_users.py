"""Two real accounts of this machine at one shared database: what docs/permissions.md says is what each of them meets.

It takes root, who alone can become somebody else; for anybody else the reason is told and nothing is tried.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from salestui import system
from salestui.services import campaigns, customers, deals, settings, users
from salestui.services.request import Request
from salestui.services.setup import prepare
from salestui.storage.store import Store
from tests.ui.filling import done

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = ("daemon", "bin", "nobody")
"""A rep, a manager and a stranger: accounts that every Unix has."""
REP, MANAGER, STRANGER = ACCOUNTS


def why_not() -> str:
    """Return why this cannot be tried here, "" where it can."""
    if sys.platform == "win32" or os.getuid() != 0:
        return "only root can become somebody else"
    missing = [login for login in ACCOUNTS if system.account(login) is None]
    return f"this machine has no account {missing[0]}" if missing else ""


pytestmark = [pytest.mark.timeout(300), pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can be tried")]


class Place(NamedTuple):
    """The shared database, and its group."""

    database: Path
    group: int


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """A shared database: root administers, daemon sells (deal D1), bin manages (deal D2), and reps see their own."""
    folder = Path(tempfile.mkdtemp(prefix="two-users-"))
    group = system.group_id(REP) or 1
    try:
        folder.chmod(0o755)
        inside = folder / "sales"
        inside.mkdir()
        os.chown(inside, 0, group)
        inside.chmod(0o2770)
        now = datetime.now(UTC)
        with Store.open(inside / "sales.db", shared=True) as store:
            admin = Request(store, prepare(store, now, "root", "Root", "UTC", shared=True), now)
            for login, permission in ((REP, "rep"), (MANAGER, "manager")):
                done(users.add(admin, login, login.title(), permission))
                who = Request(store, users.find(admin, login).actor(), now)
                campaign = done(campaigns.new(who, {"name": f"{login} push", "scenario": "new_market"}))
                customer = done(customers.new(who, {"name": f"{login} foods"}, campaign))
                done(deals.new(who, customer, campaign, {"amount": "50万"}))
            done(settings.change(admin, {"reps_see": "own"}))
        yield Place(inside / "sales.db", group)
    finally:
        shutil.rmtree(folder)


AS_ACCOUNTS = """
import contextlib, encodings.idna, grp, importlib, io, json, os, pkgutil, pwd, shlex, sys
import salestui, salestui.__main__
for module in pkgutil.walk_packages(salestui.__path__, "salestui."):
    if module.name != "salestui.__main__" and ".postgres" not in module.name:
        importlib.import_module(module.name)
for user, group, words in json.loads(sys.argv[1]):
    back, told = os.pipe()
    if os.fork() == 0:
        os.setgroups([group])
        os.setgid(group)
        os.setuid(user)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = salestui.__main__.main(words)
            except SystemExit as left:
                code = left.code
        os.write(told, json.dumps([code, out.getvalue(), err.getvalue()]).encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(back) as answer:
        print(answer.read(), flush=True)
    os.wait()
"""
"""Everything is read first, once: the interpreter may lie where only root may read."""


class Result(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def results(place: Place) -> dict[str, Result]:
    """Run every case, one after the other, each with the rights of its account alone."""
    said = ("--database", str(place.database), "--language", "en")
    asked = []
    for login, words, _told in (*CASES.values(), (STRANGER, ("deal", "list"), "")):
        person = system.account(login)
        assert person is not None
        asked.append((person.uid, place.group, [*said, *words]))
    asked[-1] = (asked[-1][0], 65534, asked[-1][2])
    home = {"HOME": "/nonexistent", "XDG_STATE_HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
    ran = subprocess.run(
        [sys.executable, "-B", "-c", AS_ACCOUNTS, json.dumps(asked)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, **home},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "" not in ran.stdout.splitlines(), ran.stderr[-3000:]
    given = [Result(*json.loads(line)) for line in ran.stdout.splitlines()]
    return dict(zip((*CASES, OUTSIDE), given, strict=True))


OUTSIDE = "an account that is not of the group"
NEED = ("--set", "need=more")
CASES = {
    "a rep changes his own deal": (REP, ("deal", "change", "D1", *NEED), ""),
    "a rep does not find a deal that is not his": (REP, ("deal", "show", "D2"), "There is no deal D2"),
    "nor can he change it by its number": (REP, ("deal", "change", "D2", *NEED), "There is no deal D2"),
    "nor give his own to somebody else": (REP, ("deal", "reassign", "D1", "--owner", MANAGER), "Only a manager"),
    "nor hand work over": (REP, ("user", "hand-over", MANAGER, REP), "Only a manager"),
    "nor let anybody in": (REP, ("user", "add", "nobody"), "Only an administrator"),
    "nor raise himself": (REP, ("user", "change", REP, "--permission", "admin"), "Only an administrator"),
    "a manager finds every deal": (MANAGER, ("deal", "show", "D1"), ""),
    "a manager changes a rep's deal": (MANAGER, ("deal", "change", "D1", "--set", "need=much more"), ""),
    "a manager does not let anybody in": (MANAGER, ("user", "add", "nobody"), "Only an administrator"),
    "nor raise himself either": (
        MANAGER,
        ("user", "change", MANAGER, "--permission", "admin"),
        "Only an administrator",
    ),
    "nor take a whole copy away by way of a salvage": (
        MANAGER,
        ("doctor", "--salvage", "salvaged.db"),
        "Only an administrator",
    ),
    "a rep may ask the doctor": (REP, ("doctor",), ""),
    "but has nothing mended": (REP, ("doctor", "--repair"), "Only an administrator"),
    "a stranger in the group gets nothing from the doctor": (STRANGER, ("doctor",), "Ask Root"),
    "nor a salvage": (STRANGER, ("doctor", "--salvage", "salvaged.db"), "Ask Root"),
    "a member of the group who is no user is told whom to ask": (STRANGER, ("deal", "list"), "Ask Root"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_meets_what_the_table_says(results: dict[str, Result], case: str) -> None:
    told, result = CASES[case][2], results[case]
    if told:
        assert result.code not in {0, 2}, result
        assert told in result.err, result
        assert result.out == ""
    else:
        assert (result.code, result.err) == (0, ""), result


def test_who_is_not_of_the_group_gets_nowhere(results: dict[str, Result]) -> None:
    result = results[OUTSIDE]
    assert result.code not in {0, 2}
    assert "Traceback" not in result.err
    assert result.out == ""
