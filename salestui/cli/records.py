"""Records as JSON: what lists and `show` give to scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salestui.cli.gate import instant, plain
from salestui.domain.records import Activity, Campaign, Contact, Customer, Deal, Event, Kind, User, shown

if TYPE_CHECKING:
    from salestui.domain.facts import FileFact, Revision, ScoreFact
    from salestui.domain.money import Money
    from salestui.domain.sheets import ExceptionRecord, ReviewRecord

__all__ = [
    "campaign", "contact", "customer", "deal", "event", "exception", "files", "money", "review", "revision", "score",
    "talk", "user",
]  # fmt: skip

Document = dict[str, object]


def money(amount: Money | None) -> Document | None:
    """Return an amount as the contract writes money."""
    return None if amount is None else {"minor": amount.minor, "currency": amount.currency}


def campaign(record: Campaign) -> Document:
    """Return a campaign."""
    return {
        "id": shown(Kind.CAMPAIGN, record.id),
        "name": record.name,
        "playbook": {"key": record.playbook, "version": record.playbook_version},
        "scenario": record.scenario,
        "market": record.market,
        "currency": record.currency,
        "owner": record.owner_name,
        "note": record.note,
        "shared": record.shared,
        "closed": record.closed,
        "created_at": instant(record.created_at),
        "version": record.version,
    }


def customer(record: Customer) -> Document:
    """Return a customer."""
    return {
        "id": shown(Kind.CUSTOMER, record.id),
        "name": record.name,
        "short_name": record.short_name,
        "industry": record.industry,
        "region": record.region,
        "size": record.size,
        "website": record.website,
        "address": record.address,
        "source": record.source,
        "need": record.need,
        "note": record.note,
        "owner": record.owner_name,
        "created_at": instant(record.created_at),
        "version": record.version,
    }


def contact(record: Contact) -> Document:
    """Return a contact."""
    return {
        "id": shown(Kind.CONTACT, record.id),
        "customer": shown(Kind.CUSTOMER, record.customer),
        "name": record.name,
        "title": record.title,
        "phone": record.phone,
        "email": record.email,
        "role": record.role,
        "stance": record.stance,
        "cares_about": record.cares_about,
        "note": record.note,
        "version": record.version,
    }


def deal(record: Deal) -> Document:
    """Return a deal."""
    return {
        "id": f"D{record.id}",
        "title": record.title,
        "customer": {"id": f"C{record.customer}", "name": record.customer_name},
        "campaign": {"id": f"M{record.campaign}", "name": record.campaign_name},
        "playbook": {"key": record.playbook, "version": record.playbook_version},
        "stage": record.stage,
        "status": record.status.value,
        "owner": record.owner_name,
        "amount": money(record.amount),
        "expected_on": record.expected_on.isoformat() if record.expected_on else None,
        "need": record.need,
        "source": record.source,
        "created_at": instant(record.created_at),
        "stage_since": instant(record.stage_since),
        "won_at": instant(record.won_at) if record.won_at else None,
        "closed_at": instant(record.closed_at) if record.closed_at else None,
        "reason": record.reason,
        "competitor": record.competitor,
        "note": record.note,
        "look_again_on": record.look_again_on.isoformat() if record.look_again_on else None,
        "cancelled": record.cancelled,
        "imported": record.imported,
        "version": record.version,
    }


def files(found: Sequence[FileFact]) -> list[Document]:
    """Return attached files; one that the store lost is not `present`."""
    return [
        {"name": file.name, "sha256": file.sha256, "size": file.size, "type": file.type, "present": file.present}
        for file in found
    ]


def revision(record: Revision) -> Document:
    """Return a submitted revision of an output."""
    return {
        "revision": record.number,
        "author": record.author_name,
        "at": instant(record.at),
        "note": record.note,
        "values": plain(record.values),
        "files": files(record.files),
    }


def score(record: ScoreFact) -> Document:
    """Return a scorecard."""
    return {
        "at": instant(record.at),
        "by": record.by_name,
        "total": record.total,
        "grade": record.grade,
        "values": dict(record.values),
        "evidence": dict(record.evidence),
    }


def talk(record: Activity) -> Document:
    """Return a conversation, planned or held."""
    return {
        "id": shown(Kind.ACTIVITY, record.id),
        "customer": shown(Kind.CUSTOMER, record.customer),
        "deals": [shown(Kind.DEAL, number) for number in record.deals],
        "state": record.state.value,
        "channel": record.channel,
        "at": instant(record.at),
        "all_day": record.all_day,
        "subject": record.subject,
        "outline": record.outline,
        "values": plain(record.values),
        "owner": record.owner_name,
        "summary_sent_at": instant(record.summary_sent_at) if record.summary_sent_at else None,
        "summary": None if record.summary is None else plain(record.summary),
        "version": record.version,
    }


def review(record: ReviewRecord) -> Document:
    """Return a review with its votes."""
    return {
        "id": shown(Kind.REVIEW, record.id),
        "deal": shown(Kind.DEAL, record.deal),
        "output": record.output.key,
        "revision": record.revision,
        "requested_by": record.requested_by_name,
        "requested_at": instant(record.requested_at),
        "note": record.note,
        "recalled": record.recalled_at is not None,
        "stale": record.stale,
        "voided_by": record.voided_by,
        "asked": [{"role": each.role, "name": each.name, "waiting": each.waiting} for each in record.asked],
        "votes": [
            {
                "role": vote.fact.role,
                "name": vote.fact.name,
                "decision": vote.fact.decision.value,
                "comment": vote.fact.comment,
                "at": instant(vote.fact.at),
                "deputy_for": vote.fact.deputy_for,
                "recorded_by": vote.fact.recorded_by,
                "voted_on": vote.voted_on.isoformat() if vote.voted_on else None,
                "evidence": vote.fact.evidence,
                "files": files(vote.files),
            }
            for vote in record.votes
        ],
        "version": record.version,
    }


def exception(record: ExceptionRecord) -> Document:
    """Return an exception."""
    return {
        "id": shown(Kind.EXCEPTION, record.id),
        "deal": shown(Kind.DEAL, record.deal),
        "requirement": record.requirement,
        "reason": record.reason,
        "granted_by": record.granted_by,
        "granted_at": instant(record.granted_at),
        "expires_at": instant(record.expires_at),
        "revoked_at": instant(record.revoked_at) if record.revoked_at else None,
        "recorded_by": record.recorded_by,
        "evidence": record.evidence,
        "files": files(record.files),
        "version": record.version,
    }


def user(record: User) -> Document:
    """Return a user."""
    return {
        "login": record.login,
        "name": record.name,
        "permission": record.permission.value,
        "roles": sorted(record.roles),
        "active": record.active,
        "version": record.version,
    }


def event(record: Event, line: str) -> Document:
    """Return an event of the history, with the line that tells it."""
    return {
        "id": record.id,
        "at": instant(record.at),
        "by": record.actor_name,
        "action": record.action,
        "subject": record.subject,
        "deal": None if record.deal is None else shown(Kind.DEAL, record.deal),
        "customer": None if record.customer is None else shown(Kind.CUSTOMER, record.customer),
        "campaign": None if record.campaign is None else shown(Kind.CAMPAIGN, record.campaign),
        "before": plain(record.before),
        "after": plain(record.after),
        "note": record.note,
        "command_id": record.command_id,
        "text": line,
    }
