"""`salestui dump` and `salestui load`: everything in one file that any kind of database can take."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from salestui.cli.answers import FAILED, Answer, refused
from salestui.cli.context import Context
from salestui.cli.options import Options
from salestui.cli.parsing import Group, reads
from salestui.domain.outcomes import NotAllowed
from salestui.i18n import gettext as _

__all__ = ["add"]


def add(group: Group, name: str) -> None:
    """Add the command of this name."""
    if name == "dump":
        parser = reads(group.alone(_dump))
        parser.add_argument("file", metavar=_("FILE"), help=_("the file to write"))
        parser.add_argument("--force", action="store_true", help=_("replace the file where it exists"))
        return
    parser = group.alone(_load)
    parser.set_defaults(opens=False)
    parser.add_argument("file", metavar=_("FILE"), help=_("the file that salestui dump wrote"))


def _dump(context: Context, args: Namespace) -> Answer:
    from salestui.services import dump

    made = dump.dump(context.request(), Path(args.file), replace=args.force)
    if isinstance(made, NotAllowed):
        raise refused(made)
    document = {
        "format": "salestui.dumped/1",
        "path": str(made.path),
        "rows": made.rows,
        "files": made.files,
        "anchor": made.anchor.document(),
        "missing": list(made.missing),
    }

    def text() -> str:
        line = _("{path}: {rows} rows, {events} events, {files} files. Written and read again.").format(
            path=made.path, rows=made.rows, events=made.anchor.count, files=made.files
        )
        lost = _("Attached files that are missing or damaged: {names}").format(names=", ".join(made.missing))
        return f"{line}\n{lost}" if made.missing else line

    return Answer(document, text, FAILED if made.missing else 0)


def _load(options: Options, args: Namespace) -> Answer:
    from salestui.services import dump

    done = dump.load(Path(args.file), options.database)
    document = {
        "format": "salestui.loaded/1",
        "place": done.place,
        "rows": done.rows,
        "files": done.files,
        "anchor": done.anchor.document(),
    }

    def text() -> str:
        return _("{place}: {rows} rows, {events} events, {files} files. All of it was compared with the dump.").format(
            place=done.place, rows=done.rows, events=done.anchor.count, files=done.files
        )

    return Answer(document, text)
