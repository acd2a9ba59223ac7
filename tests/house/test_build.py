"""What `make` says and does on machines that are not ready."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOT

READY = 'case "$*" in *"-m venv"*) mkdir -p .venv/bin && ln -s "$0" .venv/bin/python;; *) echo "$@" >> calls;; esac\n'
BARE = 'case "$*" in *ensurepip*) exit 1;; *version_info\\[:2\\]*) echo 3.12;; esac\n'
OLD = 'case "$*" in *version_info*) exit 1;; esac\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Make a checkout without .venv, and a PATH on which only the programs of the test and of POSIX are found."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/venv.sh", tmp_path / "tools")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bin").mkdir()
    for name in ("sh", "dirname", "mkdir", "ln", "touch"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    return tmp_path


def put(tree: Path, name: str, body: str) -> None:
    program = tree / "bin" / name
    program.write_text(f"#!/bin/sh\n{body}", "utf-8")
    program.chmod(0o755)


def build(tree: Path, which: str = "app", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(tree / "tools/venv.sh"), which],
        env={"PATH": str(tree / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_without_venv_names_the_package_to_install(tree: Path) -> None:
    put(tree, "python3", BARE)
    result = build(tree)
    assert result.returncode == 1
    assert "apt install python3.12-venv" in result.stderr
    assert not (tree / ".venv").exists()


def test_no_python_or_an_old_one_says_what_is_needed(tree: Path) -> None:
    assert "none was found." in build(tree).stderr
    put(tree, "python3", OLD)
    result = build(tree)
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed and none was found (python3 is older)" in result.stderr


def test_another_name_is_tried_before_giving_up(tree: Path) -> None:
    put(tree, "python3", BARE)
    put(tree, "python3.13", READY)
    assert build(tree).returncode == 0


def test_the_interpreter_can_be_chosen(tree: Path) -> None:
    put(tree, "mine", READY)
    assert build(tree, PYTHON="mine").returncode == 0


def test_packages_are_checked_against_their_hashes_and_installed_once(tree: Path) -> None:
    put(tree, "python3", READY)
    assert build(tree, "dev").returncode == 0
    installs = [line for line in (tree / "calls").read_text("utf-8").splitlines() if "pip install" in line]
    assert "--require-hashes -r requirements/dev.txt" in installs[0]
    assert "--no-deps --no-build-isolation --editable ." in installs[1]
    assert build(tree, "dev").stderr == ""
    assert build(tree, "app").stderr == ""
