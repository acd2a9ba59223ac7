"""Enters what was planned, slice by slice: each is a short transaction, so that others write in between.

Every slice has a command id, which the import and its rows give it. One that was killed and is run again finds what it
entered, does nothing twice and goes on; one that is over is judged anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from itertools import count
from typing import Any, Final, cast

from salestui.dataclass import dataclass
from salestui.domain.outcomes import NotAllowed
from salestui.domain.records import Kind, shown
from salestui.domain.text import core_name, same_name
from salestui.errors import CommandIdTaken, SalestuiError, StorageFault
from salestui.i18n import gettext as _
from salestui.services import refusals
from salestui.services.import_entry import Importer
from salestui.services.import_judging import Judge, setting_of
from salestui.services.import_report import ImportPlan, ImportReport, RowReport, Verdict
from salestui.services.import_rows import Candidate, Reader, Setting
from salestui.services.request import Call, Request, reads
from salestui.storage import importing as names
from salestui.storage.store import Transaction

__all__ = ["SLICE", "STAGED_SLICE", "Import", "ImportStopped", "Progress", "begin", "run", "step"]

SLICE: Final = 100
"""So many rows are entered in one transaction."""

STAGED_SLICE: Final = 5
"""So many where the stage column is obeyed: each row passes several gates, and each gate is judged."""


_SERVICE: Final = "importing.run"
_NOT_ALLOWED: Final = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: rows done, and rows there are."""

    done: int
    total: int

    def text(self) -> str:
        """Return it in words."""
        return _("{done} of {total}").format(done=f"{self.done:,}", total=f"{self.total:,}")


class Interrupted(SalestuiError):
    """Somebody pressed Ctrl+C."""

    code = "interrupted"
    exit_code = 130

    def text(self) -> str:
        return _("Stopped.")


class ImportStopped(SalestuiError):
    """An import ended early: why, what was entered, and where it goes on. `report` tells what became of those rows."""

    def __init__(self, why: SalestuiError | NotAllowed, work: Import) -> None:
        facts = {"entered": len(work.report.created), "rows": work.progress.done, "line": work.next_line}
        super().__init__(**{**why.params, **facts})
        self.code = why.code
        self.exit_code = why.exit_code if isinstance(why, SalestuiError) else _NOT_ALLOWED
        self.report = work.report
        self._why = why.text() if isinstance(why, SalestuiError) else refusals.text(why)
        self._told = _told_so_far(work)

    def text(self) -> str:
        return f"{self._why}\n{self._told}"


def _told_so_far(work: Import) -> str:
    """Return what of an import is entered and stays, and that it goes on when it is run again."""
    return _(
        "{rows} rows are done and stay: {created} created. The first row not entered is line {line}. "
        "Run the import again: it goes on there."
    ).format(rows=work.progress.text(), created=f"{len(work.report.created):,}", line=work.next_line)


@dataclass(frozen=True, slots=True)
class _Slice:
    """What entering a slice gave: its reports, and how many rows name a stage that was not obeyed."""

    rows: tuple[RowReport, ...]
    stages_ignored: int


class Import:
    """One import under way. `begin` it once, then `step` until it is `finished`; `id` is its command id."""

    def __init__(self, planned: ImportPlan) -> None:
        self.planned = planned
        self.id = ""
        self.finished = False
        self._done: list[_Slice] = []
        self._judge: Judge | None = Judge()
        size = STAGED_SLICE if planned.stage_column else SLICE
        self._starts = range(0, len(planned.rows), size)
        self._size = size

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(min(len(self._done) * self._size, len(self.planned.rows)), len(self.planned.rows))

    @property
    def next_line(self) -> int:
        """The line of the first row that is not entered, 0 when all are."""
        done = self.progress.done
        return self.planned.rows[done].line if done < len(self.planned.rows) else 0

    @property
    def next_id(self) -> str:
        """The command id of the next step."""
        if self.next_line == 0:
            return self.id
        first = self.progress.done
        return f"{self.id}.rows-{first + 1}-{min(first + self._size, len(self.planned.rows))}"

    @property
    def report(self) -> ImportReport:
        """What became of the rows so far."""
        planned = self.planned
        rows = tuple(row for each in self._done for row in each.rows)
        ignored = sum(each.stages_ignored for each in self._done)
        campaign = shown(Kind.CAMPAIGN, planned.campaign)
        return ImportReport(planned.sheet.path.name, campaign, rows, planned.unread, ignored)

    @cached_property
    def content(self) -> str:
        """A digest of all that decides what is entered: the rows, what columns mean, the campaign."""
        planned = self.planned
        rows = [[row.line, row.cells, row.surplus] for row in planned.sheet.rows]
        meaning = [[column.heading, column.field, column.unit] for column in planned.columns]
        told = [planned.campaign, meaning, planned.stage_column, rows]
        return sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()

    def enter_next(self, tx: Transaction) -> tuple[_Slice, Judge] | NotAllowed:
        """Enter the next slice, everything checked again; `take` what comes back when it is kept."""
        planned, first = self.planned, self.progress.done
        setting = setting_of(tx, planned.campaign, staged=bool(planned.stage_column))
        if isinstance(setting, NotAllowed):
            return setting
        found = self._candidates(setting, first, first + self._size)
        judge, self._judge = self._judge or self._recalled(), None
        known = names.alike({same_name(row.company) for row in found}, {core_name(row.company) for row in found})
        judge.learn(known, names.members(planned.campaign, [each.customer for each in known]))
        importer = Importer(tx, planned.sheet.path.name, planned.campaign, setting, judge)
        rows = [judge.judged(row) for row in found]
        reports = tuple(importer.entered(row) for row in rows)
        ignored = sum(row.candidate.stage_ignored for row in rows if row.verdict is Verdict.CREATE)
        return _Slice(reports, ignored), judge

    def take(self, entered: _Slice, judge: Judge | None) -> None:
        """Count a slice as entered; without the judge who knows its rows they are recalled when they are needed."""
        self._done.append(entered)
        self._judge = judge

    def end(self, tx: Transaction) -> None:
        """Tell the history that the import is over."""
        told = self.report
        counts = {"created": len(told.created), "skipped": len(told.skipped), "rejected": len(told.rejected)}
        tx.record(
            "import.done",
            subject=told.campaign,
            campaign=self.planned.campaign,
            before=None,
            after={"file": told.file, **counts},
        )

    def _candidates(self, setting: Setting, first: int, end: int) -> list[Candidate]:
        """Return the rows as they were read; read again where what they are read against has changed."""
        planned = self.planned
        if setting == planned.setting:
            return [row.candidate for row in planned.rows[first:end]]
        reader = Reader(planned.columns, setting)
        return [reader.read(row) for row in planned.sheet.rows[first:end]]

    def _recalled(self) -> Judge:
        judge = Judge()
        told = (row for each in self._done for row in each.rows)
        for row, report in zip(self.planned.rows, told, strict=False):
            judge.recall(row.candidate, report)
        return judge


@reads
def begin(call: Call, planned: ImportPlan) -> Import:
    """Begin an import, or go on with the one that was begun with the same rows and not ended.

    Its id is the one of the request, else one that the content gives: the first under which none was ended.
    """
    work = Import(planned)
    work.id = call.command_id or next(each for each in _ids(call.actor.id, work.content) if not names.is_done(each))
    return work


def _ids(actor: int, content: str) -> Iterator[str]:
    for number in count(1):
        yield f"import-{sha256(f'{actor} {number} {content}'.encode()).hexdigest()[:32]}"


def step(request: Request, work: Import) -> NotAllowed | None:
    """Enter the next slice in a transaction of its own, at last tell the history; None when that went well.

    A slice that was entered before is found by its command id. Raises CommandIdTaken where that was something else.
    """
    command, last = work.next_id, work.next_line == 0

    def once() -> tuple[_Slice | None, Judge | None] | NotAllowed:
        with request.store.transaction(request.actor, now=request.now, command_id=command) as tx:
            earlier = tx.earlier_result()
            if earlier is not None:
                tx.abandon()
                return _kept(cast("Mapping[str, Any]", earlier), work, command, last=last), None
            if last:
                work.end(tx)
                tx.keep_result({"service": _SERVICE, "content": work.content})
                return None, None
            entered = work.enter_next(tx)
            if isinstance(entered, NotAllowed):
                tx.abandon()
                return entered
            rows = [asdict(row) for row in entered[0].rows]
            kept = {"rows": rows, "stages_ignored": entered[0].stages_ignored}
            tx.keep_result({"service": _SERVICE, "content": work.content, **kept})
        return entered

    outcome = request.store.persist(once)
    if isinstance(outcome, NotAllowed):
        return outcome
    entered, judge = outcome
    if entered is None:
        work.finished = True
    else:
        work.take(entered, judge)
    return None


def _kept(earlier: Mapping[str, Any], work: Import, command: str, *, last: bool) -> _Slice | None:
    """Return what a slice gave when it was entered; raises CommandIdTaken where the id was something else's."""
    if (earlier.get("service"), earlier.get("content")) != (_SERVICE, work.content) or last == ("rows" in earlier):
        raise CommandIdTaken(command)
    if last:
        return None
    return _Slice(tuple(RowReport.from_document(row) for row in earlier["rows"]), earlier["stages_ignored"])


def run(
    call: Call, planned: ImportPlan, progress: Callable[[Progress], None] = lambda _progress: None
) -> ImportReport | NotAllowed:
    """Import what was planned, judged anew, slice by slice; `progress` is told after each.

    What was entered stays when it ends early: raises ImportStopped then, which says how far it is, and the fault itself
    where nothing was entered yet. The same import goes on there when it is run again. Inside a transaction it is part
    of that.
    """
    work = begin(call, planned)
    if isinstance(call, Transaction):
        return _inside(call, work)
    while not work.finished:
        refused = _go_on(call, work)
        if refused is not None:
            return refused
        progress(work.progress)
    return work.report


def _go_on(request: Request, work: Import) -> NotAllowed | None:
    """Take one step; raises ImportStopped where something was entered before it."""
    try:
        refused = step(request, work)
    except KeyboardInterrupt as pressed:
        if work.progress.done == 0:
            raise
        raise ImportStopped(Interrupted(), work) from pressed
    except StorageFault as fault:
        if work.progress.done == 0:
            raise
        raise ImportStopped(fault, work) from fault
    if refused is not None and work.progress.done:
        raise ImportStopped(refused, work)
    return refused


def _inside(tx: Transaction, work: Import) -> ImportReport | NotAllowed:
    while work.next_line:
        entered = work.enter_next(tx)
        if isinstance(entered, NotAllowed):
            return entered
        work.take(*entered)
    work.end(tx)
    return work.report
