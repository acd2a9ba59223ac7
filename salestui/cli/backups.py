"""`salestui backup` and `salestui restore`: a checked copy of everything, and the way back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli.answers import CONFLICT, FAILED, Answer, refused
from salestui.cli.context import Context
from salestui.cli.faults import Refused
from salestui.cli.options import Options
from salestui.cli.parsing import Group, reads
from salestui.domain.outcomes import NotAllowed
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from salestui.services.backup import Made
    from salestui.services.restore import Loss, Plan

__all__ = ["add"]


def add(group: Group, name: str) -> None:
    """Add the command of this name."""
    if name == "backup":
        parser = reads(group.alone(_backup))
        parser.add_argument(
            "to",
            nargs="?",
            metavar=_("PLACE"),
            help=_("a new file, or a folder; else NAME.backups beside the database"),
        )
        parser.add_argument("--keep", type=int, metavar=_("N"), help=_("remove all but the N newest in the folder"))
        return
    parser = group.alone(_restore)
    parser.set_defaults(opens=False)
    parser.add_argument("backup", metavar=_("BACKUP"), help=_("the file that salestui backup wrote"))
    parser.add_argument("--files", action="store_true", help=_("only attached files that are missing or damaged"))
    parser.add_argument("--check", action="store_true", help=_("only check it, and tell what would be lost"))
    parser.add_argument(
        "--yes", action="store_true", help=_("replace the database that is there; it is kept beside it")
    )


def _backup(context: Context, args: Namespace) -> Answer:
    from salestui.services import backup

    made = backup.back_up(context.request(), Path(args.to) if args.to else None, keep=args.keep)
    if isinstance(made, NotAllowed):
        raise refused(made)
    document = {
        "format": "salestui.backup_made/1",
        "path": str(made.path),
        "size": made.size,
        "rows": made.rows,
        "files": made.files,
        "anchor": made.anchor.document(),
        "damage": list(made.damage),
        "removed": [str(path) for path in made.removed],
    }
    return Answer(document, lambda: "\n".join(_made(made)), FAILED if made.damage else 0)


def _made(made: Made) -> Iterator[str]:
    yield _("{path}: {rows} rows, {events} events, {files} files, {size} MB. Written, read again and checked.").format(
        path=made.path,
        rows=made.rows,
        events=made.anchor.count,
        files=made.files,
        size=f"{made.size / 1_000_000:.1f}",
    )
    n = len(made.removed)
    if n:
        yield ngettext("{n} older backup was removed.", "{n} older backups were removed.", n).format(n=n)
    if made.damage:
        yield _("The database itself is damaged. The backup holds all that could be read; older ones were kept:")
        yield from (f"  {line}" for line in made.damage)
        yield _("What to do: salestui doctor")


def _restore(options: Options, args: Namespace) -> Answer:
    from salestui.services import restore
    from salestui.services.restore import Restored

    path = Path(args.backup)
    if args.files:
        count = restore.restore_files(path, options.database)
        said = ngettext("{n} attached file was brought back.", "{n} attached files were brought back.", count)
        return Answer({"format": "salestui.files_restored/1", "files": count}, lambda: said.format(n=count))
    if args.check:
        return _checked(restore.plan(path, options.database))
    done = restore.restore(path, options.database, options.now(), replace=args.yes)
    if isinstance(done, NotAllowed):
        raise refused(done)
    if not isinstance(done, Restored):
        told = "\n".join((*_costs(done), _("Nothing was changed. To do it, with the old one kept: add --yes")))
        raise Refused("would_replace", told, CONFLICT, {"place": done.place}, _document(done))
    document = {
        "format": "salestui.restored/1",
        "path": str(done.place),
        "kept": str(done.kept) if done.kept else None,
        "files": done.files,
        "anchor": done.backup.anchor.document(),
    }

    def text() -> str:
        told = _("{path} is as it was on {at}: {events} events.").format(
            path=done.place, at=_moment(done.backup.made_at), events=done.backup.anchor.count
        )
        kept = _("The one that was there is kept: {path}").format(path=done.kept) if done.kept else ""
        return f"{told}\n{kept}".rstrip()

    return Answer(document, text)


def _checked(plan: Plan) -> Answer:
    document = {"format": "salestui.restore_plan/1", **_document(plan)}
    return Answer(document, lambda: "\n".join(_costs(plan)))


def _document(plan: Plan) -> dict[str, object]:
    loss = plan.loss
    return {
        "path": str(plan.backup.path),
        "made_at": plan.backup.made_at.isoformat(),
        "made_by": plan.backup.made_by,
        "anchor": plan.backup.anchor.document(),
        "files": len(plan.backup.files),
        "damage": list(plan.backup.damage),
        "place": plan.place,
        "loss": None
        if loss is None
        else {
            "readable": loss.readable,
            "related": loss.related,
            "events": loss.events,
            "by": dict(loss.by),
            "last": loss.last.isoformat() if loss.last else None,
            "drafts": loss.drafts,
        },
    }


def _costs(plan: Plan) -> Iterator[str]:
    told = plan.backup
    yield _("The backup is sound: made {at} by {by}, {events} events, {files} files.").format(
        at=_moment(told.made_at), by=told.made_by, events=told.anchor.count, files=len(told.files)
    )
    yield from (f"  {line}" for line in told.damage)
    if plan.loss is None:
        yield _("There is no database at {place}: nothing would be lost.").format(place=plan.place)
    else:
        yield from _lost(plan.loss, plan.place)


def _lost(loss: Loss, place: str) -> Iterator[str]:
    if not loss.readable:
        yield _("The database at {place} cannot be read: what it has and the backup has not is unknown.").format(
            place=place
        )
        return
    if not loss.related:
        yield _("At {place} is another team's database; all of it would be replaced.").format(place=place)
    if not loss.events:
        yield _("{place} has nothing that the backup has not.").format(place=place)
    else:
        yield ngettext(
            "{n} event at {place} would be lost, of {last}:",
            "{n} events at {place} would be lost, the last of {last}:",
            loss.events,
        ).format(n=loss.events, place=place, last=_moment(loss.last) if loss.last else "?")
        yield from (f"  {name}: {count}" for name, count in loss.by)
    if loss.drafts:
        yield ngettext("{n} form begun since, too.", "{n} forms begun since, too.", loss.drafts).format(n=loss.drafts)


def _moment(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="minutes")
