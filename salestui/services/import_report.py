"""What an import would do and what it did: one line for each row, and the file of rows to mend and import again."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any

from salestui.dataclass import dataclass
from salestui.domain.records import Kind, shown
from salestui.errors import BadInput
from salestui.i18n import gettext as _
from salestui.services.import_headings import WHY_REJECTED, Column
from salestui.services.import_rows import Candidate, Setting
from salestui.services.import_sheet import Sheet
from salestui.services.import_values import neutral

__all__ = ["ImportPlan", "ImportReport", "PlannedRow", "RowReport", "Verdict", "rejected_bytes", "write_rejected"]


class Verdict(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    SKIP = "skip"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row as judged: `why` says in the user's language why it is skipped or rejected.

    `doubles` are the names that are the same but for company suffixes: the row is created all the same, and listed.
    `joins` is the line whose company gets the contact of a row that is skipped, 0 where it brings none.
    """

    candidate: Candidate
    verdict: Verdict
    why: str = ""
    doubles: tuple[str, ...] = ()
    joins: int = 0

    @property
    def line(self) -> int:
        """The line of the file on which the row starts."""
        return self.candidate.line


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What importing a sheet into a campaign would do; it changes nothing. `unread` are headings without field.

    `setting` is what the rows were read against.
    """

    sheet: Sheet
    campaign: int
    mapping: Mapping[str, str]
    stage_column: str
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    rows: tuple[PlannedRow, ...]
    setting: Setting

    def of(self, verdict: Verdict) -> tuple[PlannedRow, ...]:
        """Return the rows of one verdict."""
        return tuple(row for row in self.rows if row.verdict is verdict)

    @property
    def doubles(self) -> tuple[PlannedRow, ...]:
        """The rows to be created that may be doubles of a known company."""
        return tuple(row for row in self.rows if row.doubles)

    @property
    def stages_ignored(self) -> int:
        """How many rows name a later stage and enter the first one all the same, because no manager asked for more."""
        return sum(row.candidate.stage_ignored for row in self.of(Verdict.CREATE))

    def report(self) -> ImportReport:
        """Return the plan as the report of a dry run."""
        return ImportReport(
            self.sheet.path.name,
            shown(Kind.CAMPAIGN, self.campaign),
            tuple(RowReport.planned(row) for row in self.rows),
            self.unread,
            self.stages_ignored,
            dry_run=True,
        )


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row: `stage` is where an open deal stands now, by which exceptions; `held` why no further."""

    line: int
    company: str
    verdict: Verdict
    why: str = ""
    doubles: tuple[str, ...] = ()
    deal: str = ""
    customer: str = ""
    status: str = ""
    stage: str = ""
    wanted_stage: str = ""
    exceptions: tuple[str, ...] = ()
    held: str = ""

    @classmethod
    def planned(cls, row: PlannedRow) -> RowReport:
        """Return the report of a row before anything is done."""
        found = row.candidate
        return cls(
            row.line,
            found.company,
            row.verdict,
            row.why,
            row.doubles,
            status=found.status.value if row.verdict is Verdict.CREATE else "",
            wanted_stage=found.stage,
        )

    @classmethod
    def from_document(cls, row: Mapping[str, Any]) -> RowReport:
        """Return the report that a JSON value was made of."""
        lists = {key: tuple(row[key]) for key in ("doubles", "exceptions")}
        return cls(**{**row, "verdict": Verdict(row["verdict"]), **lists})


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or (`dry_run`) would do; `stages_ignored` counts rows whose stage was not obeyed."""

    file: str
    campaign: str
    rows: tuple[RowReport, ...]
    unread: tuple[str, ...] = ()
    stages_ignored: int = 0
    dry_run: bool = False

    def of(self, verdict: Verdict) -> tuple[RowReport, ...]:
        """Return the rows of one verdict."""
        return tuple(row for row in self.rows if row.verdict is verdict)

    @property
    def created(self) -> tuple[RowReport, ...]:
        """The rows that became deals."""
        return self.of(Verdict.CREATE)

    @property
    def skipped(self) -> tuple[RowReport, ...]:
        """The rows whose company is in the campaign already."""
        return self.of(Verdict.SKIP)

    @property
    def rejected(self) -> tuple[RowReport, ...]:
        """The rows that cannot be taken as they are."""
        return self.of(Verdict.REJECT)

    @property
    def doubles(self) -> tuple[RowReport, ...]:
        """The rows that became deals and may be doubles of a known company."""
        return tuple(row for row in self.rows if row.doubles)

    def document(self) -> dict[str, object]:
        """Return the report as a JSON value."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ImportReport:
        """Return the report that `document` was made of."""
        rows = tuple(RowReport.from_document(row) for row in document["rows"])
        return cls(**{**document, "rows": rows, "unread": tuple(document["unread"])})


def rejected_bytes(sheet: Sheet, rejected: Sequence[RowReport]) -> bytes:
    """Return the rejected rows as a file: the same headings, and why each was rejected, in a column nobody imports.

    UTF-8 with a byte order mark, so that Excel reads it right; no cell is a formula.
    """
    reasons = {row.line: row.why for row in rejected}
    why = _(WHY_REJECTED)
    kept = [index for index, heading in enumerate(sheet.headings) if heading != why]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sheet.delimiter, lineterminator="\r\n")
    writer.writerow([*(neutral(sheet.headings[index]) for index in kept), why])
    for row in sheet.rows:
        if row.line in reasons:
            cells = [neutral(row.cells[index]) for index in kept]
            writer.writerow([*cells, neutral(reasons[row.line])])
    return text.getvalue().encode("utf-8-sig")


def write_rejected(sheet: Sheet, report: ImportReport, path: Path | None = None) -> Path | None:
    """Write the rejected rows to a new file and return where; None where there are none.

    Without `path` it stands beside the sheet, as "leads-rejected.csv" or with a number. Raises BadInput where it cannot
    be written, or where `path` exists.
    """
    if not report.rejected:
        return None
    content = rejected_bytes(sheet, report.rejected)
    if path is not None:
        return _create(path, content)
    for number in range(1, 1000):
        name = f"{sheet.path.stem}-rejected{'' if number == 1 else f'-{number}'}.csv"
        try:
            return _create(sheet.path.with_name(name), content, taken=False)
        except FileExistsError:
            continue
    return _create(sheet.path.with_name(f"{sheet.path.stem}-rejected.csv"), content)


def _create(path: Path, content: bytes, *, taken: bool = True) -> Path:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        if isinstance(error, FileExistsError) and not taken:
            raise
        problem = _("The rejected rows cannot be written there ({reason}).").format(reason=error.strerror or "")
        raise BadInput(str(path), problem) from error
    return path
