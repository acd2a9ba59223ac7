"""The files around the program: requirements, what the pages name, the version, and nothing of anybody's machine."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import salestui
from tests.house.source import ROOT, our_files, shown

REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]
BINARY = {".png", ".mo", ".ico", ".svg"}

_MACHINE = re.compile(
    r"(?<![\w.~}])/(?:home|Users)/(?!(?:you|me|lin|\w*\$|<)\b)[a-z]\w+|(?<![\w.])/root/|/tmp/[a-z]+_jobs"
    r"|--(?:extra-)?index-url|--find-links|^registry *=",
    re.MULTILINE,
)


def pinned(path: Path) -> dict[str, str]:
    """Return each requirement of a lock file by name, with its hashes."""
    entries = re.split(r"(?m)^(?=[a-z])", path.read_text("utf-8"))
    return {entry.split("==")[0]: entry for entry in entries if entry.strip()}


def hosts_of_this_machine() -> set[str]:
    """Return the package hosts this machine is set up for: the names that slip into lock files."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    settings = listed.stdout + " ".join(
        value for name, value in os.environ.items() if re.search("INDEX|REGISTRY|PROXY", name)
    )
    return {host for url in re.findall(r"\w+://[^\s']+", settings) if (host := urlsplit(url).hostname)}


@pytest.mark.parametrize("path", REQUIREMENTS, ids=shown)
def test_requirements_are_pinned_by_hash_and_name_no_host(path: Path) -> None:
    for name, entry in pinned(path).items():
        first = entry.splitlines()[0]
        assert re.match(rf"{re.escape(name)}==[\w.]+ ", first), first
        assert re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry), name
    assert not re.search(r"://|^-|@|--index|^#", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", ["pydantic-core", "pysqlite3"])
def test_compiled_requirements_are_pinned_for_every_platform(name: str) -> None:
    assert pinned(ROOT / "requirements/app.txt")[name].count("--hash") > 20


def test_every_dependency_is_locked_and_both_sets_agree() -> None:
    app, dev = (pinned(ROOT / f"requirements/{name}.txt") for name in ("app", "dev"))
    named = [re.split(r"[\[<>=;! ]", line.strip())[0].lower() for line in PROJECT["project"]["dependencies"]]
    assert set(named) <= set(app)
    assert {name: dev[name] for name in app} == app
    extras = PROJECT["project"]["optional-dependencies"]
    tools = {re.split(r"[\[<>=;! ]", line)[0].lower() for line in [*extras["test"], *extras["dev"]]} - {"salestui"}
    assert tools <= set(dev)


def test_no_file_names_a_place_on_anybodys_machine() -> None:
    hosts = hosts_of_this_machine()
    found = []
    for path in our_files():
        if path.suffix in BINARY or path == Path(__file__):
            continue
        text = path.read_text("utf-8")
        found += [f"{shown(path)}: {match[0]}" for match in _MACHINE.finditer(text)]
        found += [f"{shown(path)}: {host}" for host in hosts if host in text]
        if str(ROOT) in text:
            found.append(f"{shown(path)}: the directory of this checkout")
    assert not found


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_a_make_command_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    named = set(re.findall(r"(?m)(?:`|^ *\$? *)make ([a-z]+)", page.read_text("utf-8")))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_a_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)|src=\"([^\":]+)\"", page.read_text("utf-8")):
        assert (page.parent / (target[0] or target[1])).exists(), target


def test_every_make_target_is_declared_as_a_command() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(re.findall(r"(?m)^([a-z-]+):", makefile))


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text("utf-8")
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert all("make test" in (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))


def test_the_version_is_written_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert importlib.metadata.version("salestui") == salestui.__version__
    written = re.compile(rf"(?m)^.*version.*{re.escape(salestui.__version__)}.*$")
    places = {
        shown(path)
        for path in our_files()
        if path.suffix in {".py", ".toml"} and written.search(path.read_text("utf-8"))
    }
    assert places == {"salestui/__init__.py"}


def test_changes_are_gathered_under_unreleased() -> None:
    assert re.search(r"(?m)^## Unreleased$", (ROOT / "CHANGELOG.md").read_text("utf-8"))


def test_every_stylesheet_and_data_file_is_part_of_the_package() -> None:
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["salestui"]
    ignored = subprocess.run(
        [
            "git",
            "check-ignore",
            *(shown(path) for path in (ROOT / "salestui").rglob("*") if path.suffix in {".tcss", ".toml", ".mo"}),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ignored.stdout == ""
