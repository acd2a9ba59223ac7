"""docs/postgresql.md, step by step as it stands, on a made-up server with its own accounts and PostgreSQL."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e import test_shared_server as made_up
from tests.house.source import ROOT
from tests.postgres.server import binaries, why_not

PAGE = ROOT / "docs/postgresql.md"
_BLOCK = re.compile(
    r"(?:<!-- (?P<needs>[^>]*) -->\n)?```sh\n(?P<code>.*?)```(?:\n\n```text\n(?P<said>.*?)```)?", re.DOTALL
)

_SERVER = r"""
useradd -m -s /bin/bash chen
id postgres > /dev/null 2>&1 || useradd -r -d /var/lib/postgresql -s /bin/bash postgres
for place in /var/lib/postgresql /var/run/postgresql; do
    mkdir -p $place; mount -t tmpfs -o mode=755 tmpfs $place; chown postgres $place
done
cat > /usr/local/bin/sudo << 'END'
#!/bin/sh
[ "$1" = -u ] || exec "$@"
user=$2; shift 2
exec runuser -u "$user" -- "$@"
END
for program in psql pg_dump pg_restore createdb; do
    printf '#!/bin/sh\nPGHOST=/var/run/postgresql exec %s "$@"\n' "$5/$program" > /usr/local/bin/$program
done
chmod 755 /usr/local/bin/*
data=/var/lib/postgresql/data
runuser -u postgres -- "$5/initdb" -D $data --auth-local=peer --auth-host=reject --locale=C --encoding=UTF8 --no-sync \
    > /dev/null
trap 'runuser -u postgres -- "$5/pg_ctl" -D $data -m immediate stop > /dev/null' EXIT
runuser -u postgres -- "$5/pg_ctl" -D $data -l /var/lib/postgresql/log -w start > /dev/null 2>&1 \
    -o "-c listen_addresses= -c unix_socket_directories=/var/run/postgresql -c fsync=off"
"""


def blocks() -> list[made_up.Block]:
    """Return the blocks of the page in order."""
    found = _BLOCK.finditer(PAGE.read_text("utf-8"))
    return [made_up.Block(each["code"], each["needs"] or "", each["said"] or "") for each in found]


def test_an_administrator_who_follows_the_page_has_a_database_whose_rules_hold(tmp_path: Path) -> None:
    reason = made_up._why_not() or why_not()
    if reason:
        pytest.skip(f"the steps of the page were not tried: {reason}")
    tried = [block for block in blocks() if not block.needs]
    (tmp_path / "blocks").write_text(json.dumps([block.code for block in tried]), "utf-8")
    (tmp_path / "run.py").write_text(made_up.RUN, "utf-8")
    site = next(path for path in sys.path if path.endswith("site-packages"))
    stage = made_up.STAGE.replace('exec "$python" -', f'{_SERVER}\n"$python" -')
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", stage, "stage", sys.executable, str(ROOT), str(tmp_path), site, str(binaries())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert len(said) == len(tried) > 7
    for block, (code, text) in zip(tried, said, strict=True):
        if block.said:
            assert [line.rstrip() for line in text.splitlines()] == block.said.splitlines(), block.code
        assert bool(code) == ("mallory" in block.code), (block.code, text)


def test_the_failover_test_does_what_the_page_says() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    cluster = (ROOT / "tests/postgres/cluster.py").read_text("utf-8") + (ROOT / "tests/postgres/server.py").read_text()
    for step in (
        "pg_basebackup",
        "write-recovery-conf",
        "application_name=standby",
        "ALTER SYSTEM SET synchronous_standby_names = 'standby'",
        "SELECT pg_reload_conf()",
        "pg_stat_replication",
        "SELECT pg_promote()",
    ):
        assert step in page, step
        assert step in cluster, step
    assert "target_session_attrs=read-write" in page
