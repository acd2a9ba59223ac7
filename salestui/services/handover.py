"""Hands everything that hangs on one person over to another, in one act: nothing of a leaver is left lying."""

from __future__ import annotations

from collections.abc import Iterable

from salestui.domain.handover import Leaving
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import User
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services import campaigns, customers, deals, follow_ups, review_asking, users
from salestui.services.loading import team_of
from salestui.services.request import Call, reads, writes
from salestui.storage import deputies as deputy_rows
from salestui.storage import handover as rows
from salestui.storage.store import Transaction

__all__ = ["hand_over", "leaving", "summary_text"]

Refused = NotAllowed | Conflict | Invalid


@reads
def leaving(call: Call, user: int) -> Leaving:
    """Return what hangs on a person now."""
    return rows.leaving(user, team_of(call).today(call.now))


@writes
def hand_over(tx: Transaction, leaver: int, successor: int) -> Done | NotAllowed | Invalid | Conflict:
    """Give all open deals, next steps, customers, running campaigns, waiting reviews and deputies to another person.

    A manager's act; the successor must be active. All of it or nothing, and one event for each thing, so that every
    deal's history says it. A review whose role the successor lacks then waits for whoever holds the role; what is over
    (lost, completed, votes, talks held) stays with who did it. Raises NotFound.
    """
    code = refusal(tx.actor, Act.HAND_OVER)
    if code:
        return NotAllowed(code)
    old, new = users.get(tx, leaver), users.get(tx, successor)
    if not new.active or new.id == old.id:
        return NotAllowed("user_inactive" if not new.active else "same_person", {"user": new.name})
    found = leaving(tx, leaver)
    if not found.count:
        return Done(new.login, new.version, new.id, changed=False)
    refused = _first_refusal(tx, found, new)
    if refused is not None:
        return refused
    for review, role in found.reviews:
        _pass_on(tx, review, role, new)
    for number in found.deputies:
        _replace_deputy(tx, number, new)
    handed: dict[str, object] = {
        "deals": len(found.deals),
        "follow_ups": len(found.follow_ups),
        "customers": len(found.customers),
        "campaigns": len(found.campaigns),
        "reviews": len(found.reviews),
        "deputies": len(found.deputies),
    }
    tx.record("work.handed_over", subject=old.login, before=None, after={"to": new.login, "name": new.name, **handed})
    return Done(new.login, new.version, new.id)


def _first_refusal(tx: Transaction, found: Leaving, new: User) -> Refused | None:
    """Hand deals, customers, campaigns and next steps over; return what was refused first, which undoes it all."""
    owner = {"owner": new.login}
    outcomes: Iterable[object] = (
        *(deals.reassign(tx, number, new.login) for number in found.deals),
        *(customers.change(tx, number, owner) for number in found.customers),
        *(campaigns.change(tx, number, owner) for number in found.campaigns),
        *(follow_ups.change(tx, number, owner) for number in found.follow_ups),
    )
    return next((outcome for outcome in outcomes if isinstance(outcome, Refused)), None)


def _pass_on(tx: Transaction, review: int, role: str, new: User) -> None:
    """Ask the successor in the leaver's place; where he may not vote, the review waits for the role's other holders."""
    if role in new.roles:
        review_asking.reassign(tx, review, role, new.id)


def _replace_deputy(tx: Transaction, number: int, new: User) -> None:
    """Let the successor stand in where the leaver did, for the same days; for himself nobody needs to."""
    known = deputy_rows.select(number=number)[0]
    absent = users.get(tx, known.user)
    deputy_rows.end(tx, known)
    days: dict[str, object] = {"starts": known.starts.isoformat(), "ends": known.ends.isoformat()}
    before: dict[str, object] = {"name": absent.name, "deputy": known.deputy_name, **days}
    tx.record("deputy.ended", subject=absent.login, before=before, after=None)
    if absent.id != new.id:
        deputy_rows.insert(
            user=absent.id, deputy=new.id, starts=known.starts, ends=known.ends, by=tx.actor.id, at=tx.now
        )
        tx.record("deputy.named", subject=absent.login, before=None, after={**before, "deputy": new.name})


def summary_text(found: Leaving) -> str:
    """Return what there is to hand over in one line, "" for nothing."""
    parts = [
        (found.deals, ngettext("{n} deal", "{n} deals", len(found.deals))),
        (found.follow_ups, ngettext("{n} follow-up", "{n} follow-ups", len(found.follow_ups))),
        (found.customers, ngettext("{n} customer", "{n} customers", len(found.customers))),
        (found.campaigns, ngettext("{n} campaign", "{n} campaigns", len(found.campaigns))),
        (found.reviews, ngettext("{n} review", "{n} reviews", len(found.reviews))),
        (found.deputies, _("{n} as a deputy")),
    ]
    return ("、" if language() == "zh" else ", ").join(text.format(n=len(part)) for part, text in parts if part)
