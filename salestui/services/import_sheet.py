"""Reads a table of leads as people really send it: in Excel's encodings and delimiters, with quoted line breaks."""

from __future__ import annotations

import csv
import io
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from salestui.dataclass import dataclass
from salestui.errors import BadInput
from salestui.i18n import gettext as _
from salestui.services import import_headings

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_SECONDS",
    "Patience",
    "Sheet",
    "SheetRow",
    "read",
    "read_content",
]

MAX_BYTES: Final = 20_000_000
"""The most bytes of a file to import."""
MAX_ROWS: Final = 50_000
"""The most rows of a file to import, unless the caller says otherwise."""

MAX_COLUMNS: Final = 1_000
"""The most columns of a file to import."""

MAX_SECONDS: Final = 60.0
"""The longest that reading a file to import may take, and the longest that judging its rows may."""

_DELIMITERS: Final = (",", "\t", ";")
_SAMPLE: Final = 20
_CELL_LIMIT: Final = 1_000_000
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_OFFICE_FILES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the line of the file on which it starts (from 1), and its cells, one for each heading.

    `surplus` are filled cells beyond the last heading.
    """

    line: int
    cells: tuple[str, ...]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it stands in the file; `delimiter` is the character between its cells. Empty rows are left out."""

    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


class Patience:
    """Ends with BadInput what takes longer with the file `name` than so many seconds of `clock`."""

    def __init__(self, name: str, seconds: float, clock: Callable[[], float]) -> None:
        self._name, self._seconds, self._clock = name, seconds, clock
        self._until = clock() + seconds

    def check(self) -> None:
        """Raise BadInput when the time is over."""
        if self._clock() > self._until:
            told = _("Reading it takes longer than {n} seconds. Split the file; nothing was imported.")
            raise BadInput(self._name, told.format(n=f"{self._seconds:g}"))


def read(
    path: Path,
    *,
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
    max_seconds: float = MAX_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    database: str = "",
) -> Sheet:
    """Read the table in the file at `path`; raises BadInput that says what is wrong, and on which line.

    What takes longer than `max_seconds`, by `clock`, is refused too. `database` is the path of the database in use
    (`Store.location`): its own files are refused before anything opens them, because closing them would drop its locks.
    """
    patience = Patience(path.name, max_seconds, clock)
    return _table(_content(path, max_bytes, database), path, max_rows, patience)


def read_content(
    content: bytes,
    path: Path,
    *,
    max_rows: int = MAX_ROWS,
    max_seconds: float = MAX_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Sheet:
    """Read a table from its bytes; `path` only names it. Raises BadInput."""
    return _table(content, path, max_rows, Patience(path.name, max_seconds, clock))


def _table(content: bytes, path: Path, max_rows: int, patience: Patience) -> Sheet:
    name = path.name
    if content.startswith(_OFFICE_FILES):
        raise BadInput(name, _("This is a spreadsheet file. Save it as CSV (UTF-8) and import that."))
    text, encoding = _decoded(content, name)
    if (at := text.find("\0")) >= 0:
        line = _line_of(text, at)
        raise BadInput(name, _("Line {n} holds a NUL byte: this is no text, or it is damaged.").format(n=line))
    text, first_line, told = _without_separator_line(text)
    delimiter = told or _delimiter(text)
    records = _records(text, delimiter, first_line, name, patience)
    head = next(records, None)
    if head is None:
        raise BadInput(name, _("The file is empty: it needs a line of headings and rows below it."))
    headings = _trimmed(head[1])
    rows: list[SheetRow] = []
    for line, cells in records:
        if len(rows) >= max_rows:
            raise BadInput(
                name, _("More than {n} rows. Split the file; nothing was imported.").format(n=f"{max_rows:,}")
            )
        rows.append(_row(line, cells, len(headings)))
    return Sheet(path, encoding, delimiter, headings, tuple(rows))


def _content(path: Path, max_bytes: int, database: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or _is_database(status, database):
            raise BadInput(str(path), _("This is not a table of leads."))
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise BadInput(str(path), error.strerror or _("It cannot be read.")) from error
    if len(content) > max_bytes:
        size = f"{max_bytes / 1_000_000:g}"
        raise BadInput(path.name, _("The file is larger than {n} MB. Split it; nothing was imported.").format(n=size))
    return content


def _is_database(status: os.stat_result, database: str) -> bool:
    own = (Path(database + ending) for ending in ("", "-wal", "-shm", "-journal")) if database else ()
    return any(path.exists() and os.path.samestat(status, path.stat()) for path in own)


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8 and UTF-16 tell themselves; what is left and readable is GB18030."""
    if content.startswith(_UTF16_MARKS):
        return _strict(content, "utf-16", name), "utf-16"
    if content.startswith(b"\xef\xbb\xbf"):
        return _strict(content, "utf-8-sig", name), "utf-8-sig"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if not _is_damaged_utf8(content):
            return _strict(content, "gb18030", name), "gb18030"
        raise BadInput(name, _damaged(error)) from error


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(name, _damaged(error)) from error


def _damaged(error: UnicodeDecodeError) -> str:
    line = error.object.count(b"\n", 0, error.start) + 1
    return _("Line {n} is neither UTF-8 nor GB18030 text. Save the file as CSV (UTF-8) again.").format(n=line)


def _is_damaged_utf8(content: bytes) -> bool:
    """Tell a UTF-8 text with a few broken bytes, which GB18030 would read as nonsense, from a GB18030 text."""
    lenient = content.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    whole = sum(1 for char in lenient if char > "\x7f") - broken
    return whole > 20 * broken


def _line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _without_separator_line(text: str) -> tuple[str, int, str]:
    """Drop the line `sep=;` with which Excel names the delimiter; return the text, its first line, the delimiter."""
    first, break_, rest = text.partition("\n")
    told = first.strip("\r").lower()
    if break_ and told.startswith("sep=") and told[4:] in _DELIMITERS:
        return rest, 2, told[4:]
    return text, 1, ""


def _delimiter(text: str) -> str:
    """Choose the delimiter under which most headings are known; then the one that gives most columns."""

    def rank(delimiter: str) -> tuple[int, int]:
        try:
            head = next(
                (cells for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if cells), []
            )
        except csv.Error:
            return 0, 0
        known = sum(1 for cell in head[:MAX_COLUMNS] if import_headings.recognise(cell) is not None)
        return known, len(head)

    return max(_DELIMITERS, key=rank)


def _records(
    text: str, delimiter: str, first_line: int, name: str, patience: Patience
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every record that says anything; raises BadInput where a quote is never closed."""
    csv.field_size_limit(_CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = read_to = 0
    try:
        for cells in reader:
            patience.check()
            start, read_to = read_to, reader.line_num
            if len(cells) > MAX_COLUMNS:
                told = _("Line {n} has more than {most} columns. This is no table of leads.")
                raise BadInput(name, told.format(n=start + first_line, most=f"{MAX_COLUMNS:,}"))
            if any(cell.strip() for cell in cells):
                yield start + first_line, cells
    except csv.Error as error:
        raise BadInput(
            name, _("Line {n}: a cell is longer than can be taken.").format(n=read_to + first_line)
        ) from error
    _check_closed(text, start, delimiter, name, start + first_line)


def _check_closed(text: str, skip: int, delimiter: str, name: str, line: int) -> None:
    """Refuse a quote that is never closed: it swallows all rows after it. `skip` lines precede the last record."""
    lines = io.StringIO(text, newline="")
    for _skipped in range(skip):
        lines.readline()
    try:
        next(csv.reader(lines, delimiter=delimiter, strict=True), None)
    except csv.Error as error:
        if "end of data" not in str(error):
            return
        raise BadInput(name, _("Line {n}: a quotation mark is opened and never closed.").format(n=line)) from error


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    """Return the headings without the empty columns that spreadsheets leave at the right."""
    headings = [cell.strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    return tuple(headings)


def _row(line: int, cells: list[str], width: int) -> SheetRow:
    surplus = tuple(cell for cell in cells[width:] if cell.strip())
    return SheetRow(line, tuple(cells[:width]) + ("",) * (width - len(cells)), surplus)
