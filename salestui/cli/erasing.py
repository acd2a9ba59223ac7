"""`salestui erase`: a person out of the records and out of what the history says, on request."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer, changed, done, refused
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.faults import UsageError
from salestui.cli.parsing import Group, writes
from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import Field, FieldType, Text
from salestui.i18n import gettext as _
from salestui.i18n import ngettext

if TYPE_CHECKING:
    from salestui.services.erasure import ErasurePlan, Hit

__all__ = ["add"]

_REASON = (Field("reason", FieldType.TEXT, Text("原因", "Reason"), required=True),)


def add(group: Group, _name: str) -> None:
    """Add the erasure."""
    parser = group.alone(_erase)
    parser.add_argument("person", metavar=_("CONTACT"), help=_("a contact, or a customer: all its people"))
    parser.add_argument("--reason", metavar=_("TEXT"), help=_("who asked for it, and when; it stands in the history"))
    parser.add_argument("--dry-run", action="store_true", help=_("only list what would go"))
    parser.add_argument(
        "--everywhere", action="store_true", help=_("take the name out of other customers' records too")
    )
    writes(parser, data=False, changes=False)


def _erase(context: Context, args: Namespace) -> Answer:
    from salestui.services import erasure

    told = given(args)
    request = context.request(told.command_id)
    if args.dry_run:
        planned = erasure.plan(request, args.person, everywhere=args.everywhere)
        if isinstance(planned, NotAllowed):
            raise refused(planned)
        return Answer(_document(planned), lambda: "\n".join(_lines(planned)))
    if not args.reason:
        raise UsageError(_("Say why with --reason, or look first with --dry-run. An erasure cannot be taken back."))
    outcome = done(erasure.erase(request, args.person, args.reason, everywhere=args.everywhere), fields=_REASON)
    return changed(outcome, _("{id} is erased. Backups made before still hold the data.").format(id=outcome.id))


def _document(planned: ErasurePlan) -> dict[str, object]:
    return {
        "format": "salestui.erasure_plan/1",
        "subject": planned.subject,
        "customer": f"C{planned.customer}",
        "contacts": list(planned.contacts),
        "names": list(planned.names),
        "events": [_hit(hit) for hit in planned.events],
        "rows": [_hit(hit) for hit in planned.rows],
        "elsewhere": [_hit(hit) for hit in planned.elsewhere],
        "files": list(planned.files),
    }


def _hit(hit: Hit) -> dict[str, object]:
    return {"where": hit.where, "found": [{"path": found.path, "text": found.text} for found in hit.found]}


def _lines(planned: ErasurePlan) -> Iterator[str]:
    yield _("Nothing was changed. This would be erased:")
    names = ", ".join((*planned.contacts, *planned.names))
    yield f"  {planned.subject}   {names}"
    n = len(planned.rows)
    yield ngettext("{n} record", "{n} records", n).format(n=n)
    yield from _hits(planned.rows)
    n = len(planned.events)
    yield ngettext("{n} event of the history", "{n} events of the history", n).format(n=n)
    yield from _hits(planned.events)
    if planned.elsewhere:
        yield _("The same name stands elsewhere; that is left unless you say --everywhere:")
        yield from _hits(planned.elsewhere)
    if planned.files:
        yield _("Look into these attached files yourself: {names}").format(names=", ".join(planned.files))


def _hits(hits: tuple[Hit, ...]) -> Iterator[str]:
    for hit in hits:
        for found in hit.found:
            text = found.text.replace("\n", " ")
            yield f"  {hit.where}  {found.path}  {text if len(text) <= 60 else f'{text[:59]}…'}".rstrip()
