"""Writes the hash-pinned requirements for every supported platform and Python, without naming a package index.

`requirements/app.txt` runs the app, `requirements/dev.txt` adds what tests and checks it, and
`requirements/lock.txt` what this program itself needs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOWEST_PYTHON = "3.11"


def compile_requirements(target: str, *options: str, upgrade: bool) -> None:
    """Resolve pyproject.toml for all platforms at once into `requirements/<target>`."""
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
        *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--no-config"),
        *("--python-version", LOWEST_PYTHON, "--output-file", f"requirements/{target}"),
        *(["--upgrade"] if upgrade else []),
        *options,
        *("pyproject.toml", "requirements/build.in"),
    ]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("UV_FIND_LINKS")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def main() -> int:
    """Lock all of them; with `--upgrade` to the newest versions the bounds allow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed, not the locked ones")
    upgrade: bool = parser.parse_args().upgrade
    compile_requirements("app.txt", upgrade=upgrade)
    for extra in ("dev", "lock"):
        same = ("--constraint", "requirements/app.txt")
        compile_requirements(f"{extra}.txt", "--extra", extra, *same, upgrade=upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
