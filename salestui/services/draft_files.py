"""What was typed into a form and not saved: one small file per form, which outlives a kill and a dropped line.

Outputs keep their drafts in the database, where their files are, and here what it could not take; these are the other
forms. A file is written whole
and flushed before it takes the old one's place, readable by its owner alone, in the user's own state directory: what is
half typed is nobody else's business, not even in a shared database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from salestui import paths, system
from salestui.dataclass import dataclass
from salestui.services.request import Request
from salestui.storage import chain

__all__ = ["DraftFiles", "FormDraft", "changed", "of"]

_NAME_LENGTH: Final = 24


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What was changed in a form: `values` by field, as typed, and the `files` that were named; `at` is aware UTC.

    `before` is what those fields said when the form began. `command` is the id under which the form saves, so that a
    command is recognised that was done when the program died before it could say so. Of an output, `stored` are the
    hashes of the files that it has already, and `based_on` is the revision it was begun on.
    """

    values: Mapping[str, object]
    files: tuple[Path, ...]
    at: datetime
    before: Mapping[str, object] = field(default_factory=dict)
    command: str = ""
    stored: tuple[str, ...] = ()
    based_on: int = 0


def changed(before: Mapping[str, object], now: Mapping[str, object]) -> dict[str, object]:
    """Return the fields that no longer say what the form began with; an emptied one has an empty text.

    Only these are kept, so that a draft brought back later does not undo what others changed meanwhile.
    """
    keys = [*now, *(key for key in before if key not in now)]
    return {key: now.get(key, "") for key in keys if now.get(key, "") != before.get(key, "")}


def of(request: Request) -> DraftFiles:
    """Return the drafts that the person of the request has of this database, and of no other of the same name."""
    born = f"{request.store.location}\n{chain.origin(request.store)}\n{request.actor.id}"
    return DraftFiles(paths.state_directory() / "drafts" / _name(born))


class DraftFiles:
    """The drafts of one person and one database, each under the key of its form, such as "talk:D7"."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, key: str) -> Path:
        """Return the file of a form's draft, which need not exist."""
        return self._directory / f"{_name(key)}.json"

    def load(self, key: str) -> FormDraft | None:
        """Return the draft kept under `key`; None when there is none, or when somebody changed it into nonsense."""
        try:
            found = json.loads(self.path(key).read_bytes())
            values, files = dict(found["values"]), tuple(Path(name) for name in found["files"])
            at = datetime.fromisoformat(found["at"])
            before, command = dict(found.get("before", {})), str(found.get("command", ""))
            stored, based_on = tuple(str(each) for each in found.get("stored", ())), int(found.get("based_on", 0))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        return FormDraft(values, files, at, before, command, stored, based_on) if at.tzinfo else None

    def keep(self, key: str, draft: FormDraft) -> None:
        """Keep what was typed, in place of the draft before; on the disk when it returns. Raises OSError."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = {
            "form": key,
            "at": draft.at.isoformat(),
            "values": dict(draft.values),
            "files": [str(file) for file in draft.files],
            "before": dict(draft.before),
            "command": draft.command,
            "stored": list(draft.stored),
            "based_on": draft.based_on,
        }
        system.replace_file(
            self.path(key), json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"), mode=0o600
        )

    def drop(self, key: str) -> bool:
        """Forget a draft; False when there was none."""
        try:
            self.path(key).unlink()
        except FileNotFoundError:
            return False
        return True


def _name(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME_LENGTH]
