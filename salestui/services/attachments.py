"""Files that people attach: judged by the playbook's rule first, then kept in the file store, never the reverse."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from salestui import paths
from salestui.dataclass import dataclass
from salestui.domain.facts import FileFact
from salestui.domain.fields import check_files
from salestui.domain.playbook import FileRule
from salestui.domain.problems import Problem
from salestui.domain.text import clean_name
from salestui.errors import FileDamaged, FileTooLarge, FileUnreadable, NotARegularFile
from salestui.services.request import Call
from salestui.storage.store import Transaction

_KEPT_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Attached:
    """The files of a form: those kept from before, and paths of new ones; `problems` tell which cannot be kept."""

    kept: tuple[FileFact, ...]
    new: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files, in order."""
        return (*(file.name for file in self.kept), *(path.name for path in self.new))


def gather(
    known: Sequence[FileFact], keep: Sequence[str] | None, new: Sequence[Path], rule: FileRule | None = None
) -> Attached:
    """Return the files a form is to have: of `known` those with a hash in `keep` (None: all), and the new ones.

    Judges number and types by `rule`; nothing is read yet.
    """
    by_hash = {file.sha256: file for file in known}
    wanted = tuple(by_hash) if keep is None else tuple(dict.fromkeys(keep))
    problems = [Problem("files", "unknown_file", {"sha256": digest}) for digest in wanted if digest not in by_hash]
    kept = tuple(by_hash[digest] for digest in wanted if digest in by_hash)
    attached = Attached(kept, tuple(dict.fromkeys(Path(path) for path in new)))
    if rule is not None:
        problems.extend(check_files(attached.names, rule))
    for number, file in enumerate(kept, 1):
        if not file.present:
            problems.append(Problem(f"files.{number}", "file_missing", {"name": file.name}))
    return Attached(attached.kept, attached.new, tuple(problems))


def store(tx: Transaction, attached: Attached) -> tuple[tuple[FileFact, ...], tuple[Problem, ...]]:
    """Keep the new files; return all files of the form, one for each content, and what could not be read."""
    files, problems = {file.sha256: file for file in attached.kept}, []
    for number, path in enumerate(attached.new, len(attached.kept) + 1):
        try:
            file = tx.store.files.put(path)
        except (FileUnreadable, NotARegularFile, FileTooLarge) as error:
            problems.append(Problem(f"files.{number}", error.code, error.params))
        else:
            files.setdefault(file.sha256, file)
    return tuple(files.values()), tuple(problems)


def take_evidence(tx: Transaction, files: Sequence[Path]) -> tuple[tuple[FileFact, ...], tuple[Problem, ...]]:
    """Keep the files that prove something recorded for somebody else."""
    return store(tx, gather((), None, files))


def copy_out(call: Call, sha256: str, *, name: str = "", folder: Path | None = None) -> Path:
    """Write a copy of a stored file for other programs to open; return its absolute path.

    The copy lies in `folder`, else in a private folder of the user's cache, from which it goes a day later, under its
    shown name; what was kept cannot be changed through it. Raises FileMissing or FileDamaged.
    """
    shown = clean_name(Path(name.replace("\\", "/")).name).lstrip(".") or sha256[:12]
    place = _opened_folder(call) if folder is None else folder.resolve()
    target = place / shown
    if target.exists():
        target = place / f"{secrets.token_hex(4)}-{shown}"
    found = hashlib.sha256()
    with call.store.files.open(sha256) as source, target.open("xb") as copy:
        while chunk := source.read(1 << 20):
            found.update(chunk)
            copy.write(chunk)
    if found.hexdigest() != sha256:  # it was changed after it was verified
        target.unlink()
        raise FileDamaged(target)
    return target


def _opened_folder(call: Call) -> Path:
    """Return a new private folder for one copy; those of yesterday and before are removed."""
    folder = paths.cache_directory() / "opened"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before = call.now.timestamp() - _KEPT_SECONDS
    for old in folder.iterdir():
        if old.is_dir() and not old.is_symlink() and old.stat().st_mtime < before:
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=folder))
