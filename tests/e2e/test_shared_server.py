"""docs/shared-server.md, step by step as it stands, on a made-up server: its own accounts, /etc, /srv and /home."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from salestui.cli.main import group
from salestui.cli.parsing import command_position
from tests.house.source import ROOT

PAGES = {"en": ROOT / "docs/shared-server.md", "zh": ROOT / "docs/shared-server.zh-CN.md"}
_BLOCK = re.compile(
    r"(?:<!-- (?P<needs>[^>]*) -->\n)?```sh\n(?P<code>.*?)```(?:\n\n```text\n(?P<said>.*?)```)?", re.DOTALL
)

STAGE = r"""
set -eu
python=$(readlink -f "$1"); root=$2; stage=$3; site=$4; language=$5
mount --make-rprivate /
for needed in "$python" "$site" "$root"; do
    closed=$needed; shut=
    while [ "$closed" != / ]; do
        case $(stat -c %A "$closed") in *x|*t) ;; *) [ -d "$closed" ] && shut=$closed ;; esac
        closed=$(dirname "$closed")
    done
    [ -z "$shut" ] && continue
    kept=$(mktemp -d "$stage/kept.XXXX")
    home=$(dirname "$(dirname "$needed")")
    mount --bind "$home" "$kept"; mount -t tmpfs -o mode=755 tmpfs "$shut"
    mkdir -p "$home"; mount --move "$kept" "$home"
done
cp -a /etc "$stage/etc"; mount --bind "$stage/etc" /etc
for place in /srv /home /usr/local/bin /var/backups; do mkdir -p $place; mount -t tmpfs -o mode=755 tmpfs $place; done
printf '#!/bin/sh\nexec "$@"\n' > /usr/local/bin/sudo
printf '#!/bin/sh\nSALESTUI_LANGUAGE=%s PYTHONPATH=%s PYTHONDONTWRITEBYTECODE=1 exec %s -m salestui "$@"\n' \
    "$language" "$root:$site" "$python" > /usr/local/bin/salestui
chmod 755 /usr/local/bin/*
groupdel sales 2> /dev/null || true
for login in lin wang mallory; do useradd -m -s /bin/bash $login; done
exec "$python" - "$stage/blocks" < "$stage/run.py"
"""

RUN = """
import json, subprocess, sys
path = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
said = []
for code in json.load(open(sys.argv[1])):
    login = code.split("\\n")[0].removeprefix("# as ") if code.startswith("# as ") else ""
    command = ["runuser", "-l", login, "-c", code] if login else ["sh", "-c", code]
    environment = {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": "/root"}
    done = subprocess.run(command, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    said.append([done.returncode, done.stdout])
print(json.dumps(said))
"""


@dataclass(frozen=True)
class Block:
    """A block for a shell, what it needs that a test has not, and what the page says it answers."""

    code: str
    needs: str
    said: str


def blocks(language: str) -> list[Block]:
    """Return the blocks of a page in order."""
    found = _BLOCK.finditer(PAGES[language].read_text("utf-8"))
    return [Block(each["code"], each["needs"] or "", each["said"] or "") for each in found]


def test_both_pages_tell_the_same_commands() -> None:
    assert [block.code for block in blocks("en")] == [block.code for block in blocks("zh")]


def test_every_command_of_the_page_is_one_that_there_is() -> None:
    called = re.compile(r"(?m)^ *(?:(?:sudo |ExecStart=|ForceCommand )(?:/usr/local/bin/)?)?salestui (-.*|[a-z].*)$")
    inside = re.findall(r"```\w+\n(.*?)```", PAGES["en"].read_text("utf-8"), re.DOTALL)
    calls = [call.split("|")[0] for block in inside for call in called.findall(block)]
    assert len(calls) > 7
    for call in calls:
        words = shlex.split(call)
        at = command_position(words)
        if at is not None:
            group(words[at]).parse([*words[:at], *words[at + 1 :]])


def _why_not() -> str:
    """Return why there can be no made-up server here, "" where there can."""
    if not sys.platform.startswith("linux"):
        return "a server of its own needs Linux"
    if os.getuid() != 0:
        return "making accounts needs root"
    missing = [name for name in ("unshare", "runuser", "useradd", "groupadd") if shutil.which(name) is None]
    if missing:
        return f"there is no {missing[0]}"
    tried = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /srv"], capture_output=True, text=True, check=False
    )
    return tried.stderr.strip() if tried.returncode else ""


@pytest.mark.parametrize("language", PAGES)
def test_an_administrator_who_follows_the_page_has_a_shared_database(tmp_path: Path, language: str) -> None:
    reason = _why_not()
    if reason:
        pytest.skip(f"the steps of the page were not tried: {reason}")
    tried = [block for block in blocks(language) if not block.needs]
    nightly = re.findall(r"(?m)^ExecStart=(.*)$", "".join(block.code for block in tried))
    tried += [Block(f"# as lin\n{command}", "", "") for command in nightly]
    (tmp_path / "blocks").write_text(json.dumps([block.code for block in tried]), "utf-8")
    (tmp_path / "run.py").write_text(RUN, "utf-8")
    site = next(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", STAGE, "stage", sys.executable, str(ROOT), str(tmp_path), site, language],
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
        refused = "mallory" in block.code
        assert bool(code) == refused, (block.code, text)
