"""The program's own source as data, for the tests of how the house is built."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "salestui"


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the program by its dotted name; a package goes by its own name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text("utf-8"), str(file))
    return found


def imports(name: str) -> Iterator[str]:
    """Yield what a module imports wherever it says so: late, or for the type checker alone, counts as well.

    `from salestui.domain import gate` counts as `salestui.domain.gate`, because that is a module.
    """
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relative to itself; write the whole name"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in modules() else module


@cache
def our_files() -> tuple[Path, ...]:
    """Return the files that are, or are about to be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def shown(path: Path) -> str:
    """Return a path the way a message shows it."""
    return path.relative_to(ROOT).as_posix()
