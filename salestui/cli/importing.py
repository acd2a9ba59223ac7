"""`salestui import`: a table of leads into a campaign; what was entered stays when it ends early, and it goes on."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer, refused
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.faults import UsageError
from salestui.cli.parsing import Group, writes
from salestui.domain.outcomes import NotAllowed
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.services import campaigns, importing
from salestui.services.request import Request

if TYPE_CHECKING:
    from salestui.domain.records import Campaign
    from salestui.services.importing import ImportReport, Progress

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the import."""
    parser = group.alone(_import)
    parser.add_argument("table", metavar=_("FILE"), help=_("CSV: UTF-8 or GB18030; comma, semicolon or tab"))
    parser.add_argument(
        "--campaign", metavar=_("CAMPAIGN"), help=_("the campaign it goes into; not needed where there is one only")
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar=_("HEADING=FIELD"),
        help=_("which field a column is; `ignore` leaves it out; may be repeated"),
    )
    parser.add_argument(
        "--stage-column",
        default="",
        metavar=_("HEADING"),
        help=_("put open deals into the stages named there, by exceptions that expire (managers)"),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only tell what would be done"))
    parser.add_argument(
        "--rejected", metavar=_("FILE"), help=_("where rejected rows go (beside the table: NAME-rejected.csv)")
    )
    writes(parser, data=False, changes=False)


def _mapping(pairs: list[str]) -> dict[str, str]:
    told = {}
    for pair in pairs:
        heading, sign, field = pair.rpartition("=")
        if not sign or not heading or not field:
            raise UsageError(_("--map takes HEADING=FIELD, not {pair}.").format(pair=pair))
        told[heading] = field
    return told


def _campaign(request: Request, named: str | None) -> Campaign:
    if named is not None:
        return campaigns.find(request, named)
    running = [each for each in campaigns.all(request) if not each.closed]
    if len(running) == 1:
        return running[0]
    if running:
        names = ", ".join(f"M{each.id} {each.name}" for each in running)
        raise UsageError(_("Say which campaign with --campaign: {names}").format(names=names))
    raise UsageError(
        _("There is no campaign to import into. Start one: salestui campaign new --set name=… --set scenario=…")
    )


def _import(context: Context, args: Namespace) -> Answer:
    told = given(args)
    mapping = _mapping(args.map)
    request = context.request(told.command_id)
    campaign = _campaign(request, args.campaign)
    sheet = importing.read(Path(args.table), database=request.store.location)
    if args.rejected is not None and Path(args.rejected).exists():
        raise UsageError(_("{path} is there already.").format(path=args.rejected))
    planned = importing.plan(request, sheet, campaign.id, mapping, args.stage_column)
    if isinstance(planned, NotAllowed):
        raise refused(planned)
    if args.dry_run:
        return _answer(planned.report(), None)
    line = _ProgressLine(shown=not context.options.json)
    try:
        report = importing.run(request, planned, line.show)
    finally:
        line.end()
    if isinstance(report, NotAllowed):
        raise refused(report)
    path = importing.write_rejected(sheet, report, Path(args.rejected) if args.rejected else None)
    return _answer(report, path)


class _ProgressLine:
    """Tells on standard error how far the import is, in one line that is written over; in a terminal alone."""

    def __init__(self, *, shown: bool) -> None:
        self._stream = sys.stderr if shown and sys.stderr.isatty() else None
        self._width = 0

    def show(self, progress: Progress) -> None:
        """Write it over what was told before."""
        if self._stream is not None:
            told = progress.text()
            self._stream.write(f"\r{told.ljust(self._width)}")
            self._stream.flush()
            self._width = len(told)

    def end(self) -> None:
        """Take the line away."""
        if self._stream is not None and self._width:
            self._stream.write(f"\r{' ' * self._width}\r")
            self._stream.flush()


def _answer(report: ImportReport, rejected: Path | None) -> Answer:
    document = {
        "format": "salestui.import/1",
        **report.document(),
        "counts": {
            "created": len(report.created),
            "skipped": len(report.skipped),
            "rejected": len(report.rejected),
            "possible_duplicates": len(report.doubles),
        },
        "rejected_file": str(rejected) if rejected else None,
    }
    return Answer(document, lambda: "\n".join(_lines(report, rejected)))


def _lines(report: ImportReport, rejected: Path | None) -> Iterator[str]:
    if report.dry_run:
        yield _("Dry run: nothing was changed.")
    yield _("{file} → {campaign}: {created} created, {skipped} skipped, {rejected} rejected").format(
        file=report.file,
        campaign=report.campaign,
        created=len(report.created),
        skipped=len(report.skipped),
        rejected=len(report.rejected),
    )
    if report.unread:
        yield _("Columns not read: {headings}").format(headings=", ".join(report.unread))
    if report.stages_ignored:
        n = report.stages_ignored
        yield ngettext(
            "{n} row names a later stage; it entered the first one. A manager obeys it with --stage-column",
            "{n} rows name a later stage; they entered the first one. A manager obeys them with --stage-column",
            n,
        ).format(n=n)
    for row in report.doubles:
        yield _("  line {n}: {company}: possible duplicate of {others}").format(
            n=row.line, company=row.company, others=", ".join(row.doubles)
        )
    for row in report.created:
        if row.exceptions:
            yield _("  {deal} {company}: in {stage} by exceptions: {titles}").format(
                deal=row.deal, company=row.company, stage=row.stage, titles=", ".join(row.exceptions)
            )
        if row.held:
            yield _("  {deal} {company}: held in {stage}: {why}").format(
                deal=row.deal, company=row.company, stage=row.stage, why=row.held
            )
    for row in (*report.skipped, *report.rejected):
        kind = _("skipped") if row in report.skipped else _("rejected")
        yield _("  line {n}: {company}: {kind}: {why}").format(n=row.line, company=row.company, kind=kind, why=row.why)
    if rejected is not None:
        yield _("The rejected rows are in {path}. Mend them there and import it again.").format(path=rejected)
