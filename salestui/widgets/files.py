"""Completes the paths of files as they are typed, `~` included, and says how large files are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.dataclass import dataclass
from salestui.i18n import gettext as _
from salestui.widgets.cells import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Completion", "complete_path", "expand", "file_size", "path_problem"]

LIMIT = 5_000
"""Entries of one directory that are looked at: a directory on a slow share must not hold up typing."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a typed path can become: the text as far as it is certain, and the names that fit (directories end in /)."""

    text: str
    names: tuple[str, ...] = ()


def expand(typed: str) -> Path:
    """Return the path that was typed: quotes and escaped blanks as terminals paste them are undone, ~ is the home."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    text = text.removeprefix("file://").replace("\\ ", " ")
    return Path(text).expanduser()


def complete_path(typed: str, types: Sequence[str] = ()) -> Completion:
    """Return the completion of a typed path; of files only those with one of the extensions `types`, if any.

    Hidden files fit only where a dot was typed. A directory that cannot be read has no names.
    """
    head, begun = os.path.split(typed)
    if typed == "~":
        return Completion("~/")
    try:
        folder = Path(head).expanduser() if head else Path()
        names = sorted(_fitting(folder, begun, types), key=lambda name: (name.startswith("."), name.casefold()))
    except (OSError, RuntimeError, ValueError):
        return Completion(typed)
    if not names:
        return Completion(typed)
    common = os.path.commonprefix(names)  # noqa: RUF071 - of characters is what is meant
    if len(common) <= len(begun):
        common = begun if len(names) > 1 else names[0]
    return Completion(os.path.join(head, common) if head else common, tuple(names))  # noqa: PTH118 - keeps "~" and "/"


def _fitting(folder: Path, begun: str, types: Sequence[str]) -> list[str]:
    names: list[str] = []
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count >= LIMIT:
                break
            name = entry.name
            if not name.casefold().startswith(begun.casefold()) or (name.startswith(".") and not begun.startswith(".")):
                continue
            if entry.is_dir():
                names.append(name + "/")
            elif not types or Path(name).suffix.lower().lstrip(".") in types:
                names.append(name)
    return names


def path_problem(typed: str, types: Sequence[str] = ()) -> str:
    """Return why the typed path cannot be attached; "" when it can."""
    try:
        path = expand(typed)
        if not path.exists():
            return _("There is no such file")
        if not path.is_file():
            return _("This is not a file")
        with path.open("rb"):
            pass
    except (OSError, RuntimeError, ValueError) as error:
        return _("Cannot be read: {reason}").format(reason=guarded(getattr(error, "strerror", None) or str(error)))
    if types and path.suffix.lower().lstrip(".") not in types:
        return _("Only {types}").format(types=", ".join(types))
    return ""


def file_size(size: int) -> str:
    """Return a size in bytes for people: 812 B, 45 KB, 2.1 MB."""
    if size < 1_000:
        return f"{size} B"
    value = size / 1_000
    for unit in ("KB", "MB", "GB"):
        if value < 1_000 or unit == "GB":
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
        value /= 1_000
    return f"{size} B"
