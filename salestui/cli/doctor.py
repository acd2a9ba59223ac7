"""`salestui doctor`: looks the database and its files over, mends what is safe, saves what can still be read."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli.answers import FAILED, Answer, refused
from salestui.cli.faults import UsageError
from salestui.cli.options import Options
from salestui.cli.parsing import Group
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from salestui.services.doctor import Report
    from salestui.services.salvage import Salvaged

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the doctor."""
    parser = group.alone(_doctor)
    parser.set_defaults(opens=False)
    parser.add_argument("--repair", action="store_true", help=_("mend what can be mended without losing anything"))
    parser.add_argument(
        "--salvage", metavar=_("FILE"), help=_("write all that can be read of a damaged database to a new one")
    )


def _doctor(options: Options, args: Namespace) -> Answer:
    from salestui.domain.permissions import Act
    from salestui.services import standing

    if args.salvage and args.repair:
        raise UsageError(_("--salvage changes nothing of the database, so it does not go with --repair."))
    act = Act.BACK_UP if args.salvage else Act.RESTORE if args.repair else None
    not_allowed = standing.not_allowed_at(options.database, options.now(), act)
    if not_allowed:
        raise refused(not_allowed)
    if args.salvage:
        from salestui.services import salvage

        saved = salvage.salvage(options.database, Path(args.salvage))
        return Answer(_saved_document(saved), lambda: "\n".join(_saved(saved)))
    from salestui.services import doctor

    report = doctor.examine(options.database, options.now(), repair=args.repair)
    return Answer(_document(report), lambda: "\n".join(_lines(report)), 0 if report.sound else FAILED)


def _document(report: Report) -> dict[str, object]:
    return {
        "format": "salestui.doctor/1",
        "place": report.place,
        "sound": report.sound,
        "findings": [
            {
                "check": each.check,
                "code": each.code,
                "level": each.level.value,
                "mended": each.mended,
                "params": dict(each.params),
                "text": each.text(),
                "advice": each.advice(),
            }
            for each in report.findings
        ],
    }


def _lines(report: Report) -> Iterator[str]:
    marks = {"good": "✓", "warning": "!", "bad": "✗"}
    for each in report.findings:
        yield f"{'+' if each.mended else marks[each.level.value]} {each.text()}"
        if each.advice():
            yield f"    {each.advice()}"
    bad = sum(1 for each in report.findings if each.level.value == "bad")
    if bad:
        yield ngettext("{n} fault at {place}.", "{n} faults at {place}.", bad).format(n=bad, place=report.place)
    else:
        yield _("{place} is sound.").format(place=report.place)


def _saved_document(saved: Salvaged) -> dict[str, object]:
    return {
        "format": "salestui.salvaged/1",
        "path": str(saved.path),
        "files": saved.files,
        "tables": [
            {"table": each.table, "rows": each.rows, "changed": each.changed, "lost": each.lost}
            for each in saved.tables
        ],
    }


def _saved(saved: Salvaged) -> Iterator[str]:
    for each in saved.tables:
        if each.lost:
            yield _("{table}: {rows} rows saved, {lost} lost.").format(table=each.table, rows=each.rows, lost=each.lost)
        if each.changed:
            yield _("{table}: {n} of the rows saved are not what was written.").format(table=each.table, n=each.changed)
    rows = sum(each.rows for each in saved.tables)
    yield _("{path}: {rows} rows, {files} files. Check it: salestui --database {path} doctor").format(
        path=saved.path, rows=rows, files=saved.files
    )
