"""The environment that salestui and the floor are measured in: what users install, and nothing that developers add."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

from benchmarks.databases import CACHE

__all__ = ["PLAIN", "programs"]

PLAIN: Final = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "", "PYTHONUNBUFFERED": "", "PYTHONOPTIMIZE": ""}
"""What holds for every program; developers' own settings of Python would count in its start."""

_ROOT: Final = Path(__file__).parents[1]


def programs() -> Path:
    """Return the folder with `python` and `salestui`; the pinned requirements are installed once, the source stays."""
    pins = _ROOT / "requirements" / "app.txt"
    folder = CACHE / f"app-{sha256(pins.read_bytes()).hexdigest()[:12]}"
    if not (folder / "bin" / "salestui").exists():
        CACHE.mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(pins)], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(_ROOT)], check=True)
    return folder / "bin"
