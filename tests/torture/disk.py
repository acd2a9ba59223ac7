"""A disk as it looks after a power cut: what was flushed is there, of the rest anything may be, sector by sector.

Replays what `recorder.c` noted. Names of files count as kept once their directory was flushed; before that a beginning
of what was done to the directory is kept. Writes that were not flushed are kept or lost in sectors of 512 bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from random import Random

SECTOR = 512
_HEAD = struct.Struct("<cHHQQ")


@dataclass(frozen=True)
class Step:
    """One thing done: C create, M make directory, W write, T truncate, S flush, U remove, R rename."""

    kind: str
    path: str
    other: str = ""
    offset: int = 0
    data: bytes = b""


def steps(log: bytes) -> Iterator[Step]:
    """Read a log; shared memory of SQLite is no file on a disk."""
    at = 0
    while at < len(log):
        kind, length, other_length, offset, size = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        path, other = log[at : at + length].decode(), log[at + length : at + length + other_length].decode()
        at += length + other_length
        data = log[at : at + size] if kind == b"W" else b""
        at += len(data)
        if not path.endswith("-shm"):
            yield Step(kind.decode(), path, other, offset, data)


@dataclass
class _File:
    """The content that is safe, and what was done since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Step] = field(default_factory=list)
    folder: bool = False

    def flush(self) -> None:
        for step in self.since:
            _apply(self.safe, step.kind, step.offset, step.data)
        self.since = []

    def after_cut(self, random: Random, chance: float) -> bytes:
        """Return what a power cut leaves: each sector not flushed is kept with this chance."""
        content = bytearray(self.safe)
        for step in self.since:
            if step.kind == "T":
                if random.random() < chance:
                    _apply(content, "T", step.offset, b"")
                continue
            for start, part in _sectors(step):
                if random.random() < chance:
                    _apply(content, "W", start, part)
        return bytes(content)


def _sectors(step: Step) -> Iterator[tuple[int, bytes]]:
    start, end = step.offset, step.offset + len(step.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield start, step.data[start - step.offset : stop - step.offset]
        start = stop


def _apply(content: bytearray, kind: str, offset: int, data: bytes) -> None:
    end = offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if kind == "T":
        del content[offset:]
    else:
        content[offset:end] = data


class Disk:
    """The files below one directory: `now` as the programs see them, `safe` as they were last flushed."""

    def __init__(self, folder: Path) -> None:
        self.now: dict[str, _File] = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if not name.endswith("-shm"):
                self.now[name] = _File(
                    folder=path.is_dir(), safe=bytearray(b"" if path.is_dir() else path.read_bytes())
                )
        self.safe = dict(self.now)
        self.renamed: list[tuple[str, str, _File | None]] = []

    def play(self, step: Step) -> None:
        """Let one thing happen."""
        if step.kind in "CM":
            self._set(step.path, _File(folder=step.kind == "M"))
        elif step.kind == "U":
            self._set(step.path, None)
        elif step.kind == "R":
            moved = self.now.get(step.path)
            self._set(step.path, None)
            self._set(step.other, moved)
        elif step.kind == "S" and step.path in self.now and not self.now[step.path].folder:
            self.now[step.path].flush()
        elif step.kind == "S":
            self._flush_folder(step.path)
        elif step.path in self.now:
            self.now[step.path].since.append(step)

    def _set(self, name: str, file: _File | None) -> None:
        _put(self.now, name, file)
        self.renamed.append((_folder_of(name), name, file))

    def _flush_folder(self, folder: str) -> None:
        for above, name, file in self.renamed:
            if above == folder:
                _put(self.safe, name, file)
        self.renamed = [each for each in self.renamed if each[0] != folder]

    def cut(self, target: Path, random: Random) -> None:
        """Write into `target` what is left when the power goes off now."""
        chance = random.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        names = dict(self.safe)
        for folder in sorted({each[0] for each in self.renamed}):
            done = [each for each in self.renamed if each[0] == folder]
            for _, name, file in done[: random.randint(0, len(done))]:
                _put(names, name, file)
        for name in sorted(names):
            place, file = target / name, names[name]
            above = _folder_of(name)
            if above and above not in names:
                continue
            if file.folder:
                place.mkdir()
            elif place.parent.is_dir():
                place.write_bytes(file.after_cut(random, chance))


def _put(names: dict[str, _File], name: str, file: _File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


def _folder_of(name: str) -> str:
    above = PurePosixPath(name).parent.as_posix()
    return "" if above == "." else above
