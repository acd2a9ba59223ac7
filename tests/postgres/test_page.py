"""docs/postgresql.md, step by step as it stands, on two made-up machines with their own accounts and PostgreSQL."""

import json
import re
import subprocess
import sys

import pytest

from tests.e2e import test_shared_server as made_up
from tests.effort import EFFORT
from tests.house.source import ROOT
from tests.postgres import machines
from tests.postgres.server import binaries, why_not

PAGES = {"en": ROOT / "docs/postgresql.md", "zh": ROOT / "docs/postgresql.zh-CN.md"}
TRIED = tuple(PAGES) if EFFORT > 1 else ("en",)
"""The pages that are followed: they have the same commands, so in short one of them."""

_BLOCK = re.compile(
    r"(?:<!-- (?P<needs>[^>]*) -->\n)?```sh\n(?P<code>.*?)```(?:\n\n```text\n(?P<said>.*?)```)?", re.DOTALL
)
_EXCHANGED = {"db1": "db2", "db2": "db1"}


def blocks(language: str) -> list[made_up.Block]:
    """Return the blocks of a page in order."""
    found = _BLOCK.finditer(PAGES[language].read_text("utf-8"))
    return [made_up.Block(each["code"], each["needs"] or "", each["said"] or "") for each in found]


def exchanged(block: made_up.Block) -> made_up.Block:
    """Return a block with the names of the machines exchanged, as the page tells for the one that comes back."""
    code = re.sub("db[12]", lambda name: _EXCHANGED[name[0]], block.code)
    return made_up.Block(code, block.needs, block.said)


def _tried(language: str) -> list[made_up.Block]:
    """Return what can be tried here: all of the page, and the standby made once more the other way round."""
    every = [block for block in blocks(language) if not block.needs]
    if machines.why_no_second():
        return [block for block in every if not block.code.startswith("# on db")]
    again = [exchanged(block) for block in every if "pg_basebackup" in block.code or "sync_state" in block.code]
    looks = [exchanged(block) for block in every if block.code.startswith("# on db2, as wang\nsalestui customer list")]
    return [*every, *again, *looks]


@pytest.fixture(scope="module", params=TRIED)
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[made_up.Block, int, str]]:
    """Follow the page once; return each block with how it ended and what it said."""
    reason = made_up._why_not() or why_not()
    if reason:
        pytest.skip(f"the steps of the page were not tried: {reason}")
    folder, tried = tmp_path_factory.mktemp("page"), _tried(request.param)
    two = not machines.why_no_second()
    programs = machines.programs_with_tls() if two else binaries()
    (folder / "blocks").write_text(json.dumps([block.code for block in tried]), "utf-8")
    (folder / "run.py").write_text(machines.RUN, "utf-8")
    site = next(path for path in sys.path if path.endswith("site-packages"))
    server = machines.FIRST + (machines.SECOND if two else machines.ALONE)
    stage = made_up.STAGE.replace('exec "$python" -', f'{server}\n"$python" -')
    alone = ["unshare", "-m", *(["-n"] if two else []), "sh", "-c", stage, "stage"]
    done = subprocess.run(
        [*alone, sys.executable, str(ROOT), str(folder), site, request.param, str(programs)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert len(said) == len(tried) > 7
    return [(block, code, text) for block, (code, text) in zip(tried, said, strict=True)]


def test_both_pages_tell_the_same_commands() -> None:
    told = {each: [(block.needs, block.code) for block in blocks(each)] for each in PAGES}
    assert told["en"] == told["zh"]
    answered = {each: [len(block.said.splitlines()) for block in blocks(each)] for each in PAGES}
    assert answered["en"] == answered["zh"]


def _as_told(followed: list[tuple[made_up.Block, int, str]]) -> None:
    for block, code, text in followed:
        if block.said:
            assert [line.rstrip() for line in text.splitlines()] == block.said.splitlines(), block.code
        assert bool(code) == ("mallory" in block.code), (block.code, text)


def test_an_administrator_who_follows_the_page_has_a_database_whose_rules_hold(answers) -> None:
    _as_told([each for each in answers if not each[0].code.startswith("# on db")])


def test_an_administrator_who_follows_the_page_has_a_standby_that_takes_over_and_gets_one_again(answers) -> None:
    if reason := machines.why_no_second():
        pytest.skip(f"the steps of the second machine were not tried: {reason}")
    _as_told([each for each in answers if each[0].code.startswith("# on db")])
    code, text = answers[-1][1:]
    assert (code, text) == (0, "1\n")


def test_the_failover_test_does_what_the_page_says() -> None:
    page = " ".join(PAGES["en"].read_text("utf-8").split())
    cluster = (ROOT / "tests/postgres/cluster.py").read_text("utf-8") + (ROOT / "tests/postgres/server.py").read_text()
    for step in (
        "pg_basebackup",
        "write-recovery-conf",
        "user=replicator application_name=standby",
        "ALTER SYSTEM SET synchronous_standby_names = 'standby'",
        "ALTER SYSTEM RESET synchronous_standby_names",
        "SELECT pg_reload_conf()",
        "FROM pg_stat_replication WHERE application_name = 'standby'",
        "SELECT pg_promote()",
    ):
        assert step in page, step
        assert step in cluster, step
    assert "target_session_attrs=read-write" in page
    assert "auto.conf" not in cluster
