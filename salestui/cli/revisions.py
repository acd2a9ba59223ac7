"""`salestui output compare`: two revisions of an output, field by field."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.about import sheet_of
from salestui.cli.answers import Answer
from salestui.cli.context import Context
from salestui.cli.parsing import Group, reads
from salestui.domain.differences import Difference, differences
from salestui.domain.playbook import FieldType
from salestui.domain.showing import show
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from datetime import tzinfo

    from salestui.domain.facts import Revision
    from salestui.domain.sheets import OutputSheet

__all__ = ["add_compare"]


def add_compare(group: Group) -> None:
    """Add the comparison to the commands of an output."""
    purpose = _("compare two of its revisions field by field: the newest with the one before, or those named")
    parser = reads(group.command("compare", _compare, purpose))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("output", metavar=_("OUTPUT"))
    parser.add_argument("before", metavar=_("REVISION"), nargs="?", type=int, help=_("the older one"))
    parser.add_argument("after", metavar=_("REVISION"), nargs="?", type=int, help=_("the newer one; else the newest"))


def _compare(context: Context, args: Namespace) -> Answer:
    from salestui.services.loading import team_of

    request = context.request()
    found, deal, _playbook = sheet_of(request, args.deal, args.output)
    after = _revision(found, args.after if args.after is not None else found.latest)
    before = _revision(found, args.before if args.before is not None else after.number - 1)
    fields = found.output.fields
    differing = differences(fields, before.values, after.values)
    old, new = ({file.sha256: file for file in each.files} for each in (before, after))
    document = {
        "format": "salestui.output_comparison/1",
        "deal": f"D{deal.id}",
        "output": found.output.key,
        "before": records.revision(before),
        "after": records.revision(after),
        "fields": [
            {"key": each.field.key, "before": each.before, "after": each.after, "rows_unchanged": each.common}
            for each in differing
        ],
        "files": {
            "removed": records.files([file for sha, file in old.items() if sha not in new]),
            "added": records.files([file for sha, file in new.items() if sha not in old]),
        },
    }
    zone = team_of(request).zone
    names = (f"r{before.number}", f"r{after.number}")

    def told() -> Iterator[str]:
        yield _("{new} against {old}").format(new=names[1], old=names[0])
        for each in differing:
            yield from _field(each, names, context.language, zone)
        for name, kept, other in ((names[0], old, new), (names[1], new, old)):
            yield from (f"{_('Files')}  {name}  {file.name}" for sha, file in kept.items() if sha not in other)
        if not differing and set(old) == set(new):
            yield _("Nothing differs.")

    return Answer(document, lambda: "\n".join(told()))


def _revision(found: OutputSheet, number: int) -> Revision:
    for each in found.revisions:
        if each.number == number:
            return each
    raise NotFound("revision", f"r{number}")


def _field(found: Difference, names: tuple[str, str], language: str, zone: tzinfo) -> Iterator[str]:
    kept = ngettext("{n} row unchanged", "{n} rows unchanged", found.common).format(n=found.common)
    yield f"{found.field.label.get(language)}   {kept if found.common else ''}".rstrip()
    for name, value in zip(names, (found.before, found.after), strict=True):
        rows = value if found.field.type is FieldType.TABLE and isinstance(value, list | tuple) else [value]
        for row in rows or [None]:
            shown = [row] if found.field.type is FieldType.TABLE and row is not None else row
            yield f"  {name}  {show(found.field, shown, language, home_currency='', zone=zone) or '-'}"
