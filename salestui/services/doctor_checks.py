"""What `salestui doctor` looks at in an open database: history, files, playbooks, drafts, what was left behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Final

from salestui.dataclass import dataclass
from salestui.errors import FileDamaged, FileMissing, FileUnreadable
from salestui.playbooks import loader
from salestui.services import draft_files, health, move_check, playbooks
from salestui.services.doctor_texts import advice_of, text_of
from salestui.services.health import Level
from salestui.services.history_check import sentence
from salestui.services.request import Request
from salestui.storage import chain
from salestui.storage import playbooks as playbook_rows
from salestui.storage.attached import attached
from salestui.storage.files import DirectoryFileStore
from salestui.storage.location import Location

__all__ = ["DECODING", "Found", "drafts", "files", "found", "history", "kept_playbooks", "leftovers"]

DECODING: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What taking a damaged value for what it should be may raise."""

_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: which check made it, its stable code, how bad it is, its facts, and whether it was mended."""

    check: str
    code: str
    level: Level
    params: Mapping[str, object] = field(default_factory=dict)
    of_health: health.Finding | None = None
    mended: bool = False

    def text(self) -> str:
        """Say in the user's language what was found."""
        return self.of_health.text() if self.of_health else text_of(self.code).format(**self.params)

    def advice(self) -> str:
        """Say in the user's language what to do, "" where there is nothing to do."""
        if self.of_health:
            return self.of_health.advice()
        return "" if self.level is Level.GOOD else advice_of(self.code).format(**self.params)


def found(check: str, code: str, level: Level = Level.GOOD, *, mended: bool = False, **params: object) -> Found:
    """Return a finding of our own."""
    return Found(check, code, level, params, None, mended)


def history(request: Request) -> Iterator[Found]:
    """Check every event against its digest and the chain."""
    broken = chain.verify(request.store)
    if broken:
        yield found("history", "history_broken", Level.BAD, reason=sentence(broken), event=broken.id)
    else:
        yield found("history", "history", n=chain.head(request.store).count)
        moved = move_check.check(request)
        if moved:
            where = " ".join(move_check.sentence(each) for each in moved[:_TOLD])
            yield found("history", "moves", Level.WARNING, n=len(moved), where=where)


def files(request: Request) -> Iterator[Found]:
    """Read all attached files through."""
    named = attached(request.store)
    lost = []
    for digest, (file, where) in named.items():
        try:
            request.store.files.verify(digest)
        except (FileMissing, FileDamaged, FileUnreadable):
            lost.append(f"{file.name} ({where})")
    if lost:
        more = " …" if len(lost) > _TOLD else ""
        yield found("files", "files_lost", Level.BAD, n=len(lost), where=", ".join(lost[:_TOLD]) + more)
    else:
        yield found("files", "files", n=len(named))
    kept = request.store.files
    if isinstance(kept, DirectoryFileStore):
        unnamed = [kept.root / digest[:2] / digest[2:] for digest in kept.stored() if digest not in named]
        if unnamed:
            size = sum(path.lstat().st_size for path in unnamed)
            yield found("files", "files_unnamed", n=len(unnamed), megabytes=f"{size / 1_000_000:.1f}")


def kept_playbooks(request: Request) -> Iterator[Found]:
    """Compare installed playbooks with the digests of their texts, and build each."""
    installed = playbooks.installed(request)
    sound = True
    for each in installed:
        with request.store.reading():
            text = playbook_rows.text(each.key, each.version) or ""
        if loader.digest(text) != each.digest:
            sound = False
            yield found("playbooks", "playbook_changed", Level.BAD, where=f"{each.key} {each.version}")
        playbooks.get(request, each.key, each.version)
    if sound:
        yield found("playbooks", "playbooks", n=len(installed))


def drafts(request: Request) -> Iterator[Found]:
    """Read the unfinished forms that this person, where the database knows him, has of it."""
    if not request.actor.id:
        return
    folder = draft_files.of(request).path("").parent
    every = sorted(folder.glob("*.json")) if folder.is_dir() else []
    unread = [path for path in every if not _is_draft(path)]
    if unread:
        where = ", ".join(str(path) for path in unread[:_TOLD])
        yield found("drafts", "draft_unreadable", Level.WARNING, n=len(unread), where=where)
    yield found("drafts", "drafts", n=len(every) - len(unread))


def _is_draft(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except (OSError, ValueError, RecursionError):
        return False


def leftovers(location: Location, before: datetime, *, repair: bool) -> Iterator[Found]:
    """Find what writing that was cut off has left beside a database; with `repair` remove it."""
    folder = location.path.parent
    backups = location.beside(".backups")
    left = [*folder.glob(".salestui-*"), *folder.glob(f".{location.path.stem}*.part")]
    left += [*backups.glob(".salestui-*"), *backups.glob(".*.part")] if backups.is_dir() else []
    moment = before.timestamp()
    old = [path for path in left if path.lstat().st_mtime < moment]
    old += DirectoryFileStore.beside(location).leftovers(moment)
    if not old:
        return
    if not repair:
        where = ", ".join(path.name for path in old[:_TOLD])
        yield found("leftovers", "leftovers", Level.WARNING, n=len(old), where=where)
        return
    for path in old:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    yield found("leftovers", "leftovers_mended", mended=True, n=len(old))
