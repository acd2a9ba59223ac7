"""Writes the sample's past straight into the tables, with the same history as the services would have left.

Going through the services would load and judge every deal a thousand times; a demonstration has to start at once. That
no deal stands where its gates would not have let it come is proved by a test, which asks them for every move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime

from salestui.dataclass import dataclass
from salestui.domain import scoring as rules
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import Decision, FileFact, Status
from salestui.domain.playbook import Playbook, ReviewMode, ReviewRule, Scope
from salestui.domain.records import ActivityState, Kind, OutputOwner, shown
from salestui.domain.review import awaited_roles
from salestui.storage import activities, contacts, customers, deals, exceptions, memberships, outputs, reviews, scores
from salestui.storage.store import Transaction

__all__ = ["Life", "SampleWriter", "passed"]


def passed(playbook: Playbook, stage: str) -> dict[str, object]:
    """Return what the event of a move says its gate saw: all that it asks was met."""
    asked = playbook.asked_at(stage)
    return {"met": sum(len(each.outputs) + len(each.actions) for each in asked), "excepted": []}


@dataclass(slots=True)
class Life:
    """One deal in the making: its rows' numbers, and where it stands."""

    owner: int = 0
    customer: int = 0
    place: int = 0
    deal: int = 0
    stage: str = ""
    talk: int = 0
    talk_at: datetime | None = None
    review: int = 0
    scored: tuple[int, str, dict[str, int]] | None = None
    outputs: dict[str, dict[str, object]] = field(default_factory=dict)


class SampleWriter:
    """Writes what people did, as the transaction's actor at its time, both of which the caller turns back and on."""

    def __init__(self, tx: Transaction, playbook: Playbook, campaign: int, team: TeamCalendar) -> None:
        self.tx = tx
        self._playbook = playbook
        self._campaign = campaign
        self._team = team

    def _record(
        self,
        life: Life,
        action: str,
        subject: str,
        before: Mapping[str, object] | None,
        after: Mapping[str, object] | None,
        *,
        deal: bool = True,
        note: str = "",
    ) -> None:
        number = life.deal if deal else None
        self.tx.record(
            action,
            subject=subject,
            deal=number,
            customer=life.customer,
            campaign=self._campaign,
            before=before,
            after=after,
            note=note,
        )

    def customer(self, life: Life, values: Mapping[str, object], people: Sequence[Mapping[str, object]]) -> None:
        """Enter a company with its people into the campaign."""
        life.customer = customers.insert({**values, "owner": life.owner}, self.tx.now)
        life.place = memberships.insert(life.customer, self._campaign, self.tx.now).id
        after = {**values, "owner": self.tx.actor.name, "campaigns": [shown(Kind.CAMPAIGN, self._campaign)]}
        self._record(life, "customer.created", shown(Kind.CUSTOMER, life.customer), None, after, deal=False)
        for person in people:
            number = contacts.insert(life.customer, person, self.tx.now)
            self._record(life, "contact.created", shown(Kind.CONTACT, number), None, person, deal=False)

    def deal(self, life: Life, values: Mapping[str, object]) -> None:
        """Put a card into the first stage."""
        life.stage = self._playbook.first_stage().key
        life.deal = deals.insert(
            {
                **values,
                "customer": life.customer,
                "campaign": self._campaign,
                "playbook": self._playbook.key,
                "playbook_version": self._playbook.version,
                "stage": life.stage,
                "status": Status.OPEN.value,
                "owner": life.owner,
                "created_at": self.tx.now,
                "stage_since": self.tx.now,
            }
        )
        plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
        self._on_deal(life, "deal.created", None, {"stage": life.stage, "owner": life.owner, **plain})

    def _on_deal(
        self, life: Life, action: str, before: Mapping[str, object] | None, after: Mapping[str, object], note: str = ""
    ) -> None:
        self._record(life, action, shown(Kind.DEAL, life.deal), before, after, note=note)

    def classify(self, life: Life, cls: str, reason: str) -> None:
        """Sort the customer into a class."""
        memberships.classify(self.tx, life.place, None, {"classification": cls, "reason": reason})
        after = {"class": cls, "reason": reason}
        self._record(life, "customer.classified", shown(Kind.CUSTOMER, life.customer), None, after, deal=False)

    def score(self, life: Life, values: dict[str, int], evidence: Mapping[str, str]) -> None:
        """Record a scorecard."""
        scoring = self._playbook.scoring
        if scoring is None:
            raise ValueError("The sample's playbook scores customers")
        total = rules.total(scoring, values)
        grade = rules.grade_for(scoring, total).key
        scores.insert(
            life.place,
            playbook_version=self._playbook.version,
            values=values,
            evidence=evidence,
            total=total,
            grade=grade,
            note="",
            by=self.tx.actor.id,
            now=self.tx.now,
        )
        before = life.scored
        told = {"total": before[0], "grade": before[1], "values": before[2]} if before else None
        after = {"total": total, "grade": grade, "values": values}
        self._record(life, "score.recorded", shown(Kind.CUSTOMER, life.customer), told, after, deal=False)
        life.scored = (total, grade, values)

    def submit(self, life: Life, key: str, values: Mapping[str, object], files: Sequence[FileFact] = ()) -> None:
        """Submit a revision of an output."""
        scope = self._playbook.output(key).owner
        row = outputs.ensure(self._owner(life, scope), key)
        number = outputs.add_revision(row, values=values, files=files, note="", author=self.tx.actor.id, at=self.tx.now)
        before = {"output": key, "revision": row.latest, "withdrawn": False, "values": life.outputs.get(key, {})}
        after: dict[str, object] = {"output": key, "revision": number, "values": dict(values)}
        if files:
            after["files"] = outputs.file_entries(files)
        life.outputs[key] = dict(values)
        self._on_output(life, scope, key, "output.submitted", before, after)

    def _owner(self, life: Life, scope: Scope) -> OutputOwner:
        numbers = {
            Scope.CAMPAIGN: self._campaign,
            Scope.CUSTOMER_IN_CAMPAIGN: life.place,
            Scope.CUSTOMER: life.customer,
            Scope.DEAL: life.deal,
        }
        return OutputOwner(scope, numbers[scope])

    def _on_output(
        self,
        life: Life,
        scope: Scope,
        key: str,
        action: str,
        before: Mapping[str, object] | None,
        after: Mapping[str, object],
        subject: str = "",
    ) -> None:
        campaign, customer = shown(Kind.CAMPAIGN, self._campaign), shown(Kind.CUSTOMER, life.customer)
        owners = {
            Scope.CAMPAIGN: campaign,
            Scope.CUSTOMER_IN_CAMPAIGN: f"{customer}/{campaign}",
            Scope.CUSTOMER: customer,
            Scope.DEAL: shown(Kind.DEAL, life.deal),
        }
        self.tx.record(
            action,
            subject=subject or f"{owners[scope]}.{key}",
            deal=life.deal if scope is Scope.DEAL else None,
            customer=None if scope is Scope.CAMPAIGN else life.customer,
            campaign=None if scope is Scope.CUSTOMER else self._campaign,
            before=before,
            after=after,
        )

    def ask(self, life: Life, key: str) -> None:
        """Ask for the review of an output."""
        row = outputs.ensure(self._owner(life, Scope.DEAL), key)
        rule = self._rule(key)
        by, at, first = self.tx.actor.id, self.tx.now, rule.mode is ReviewMode.SEQUENCE
        life.review = reviews.insert(
            row, deal=life.deal, requested_by=by, at=at, note="", roles=rule.roles, first=first
        )
        after = {"output": key, "revision": row.latest, "roles": list(rule.roles)}
        self._on_output(life, Scope.DEAL, key, "review.requested", None, after, shown(Kind.REVIEW, life.review))

    def _rule(self, key: str) -> ReviewRule:
        return next(o.review for _s, o in self._playbook.outputs() if o.review and o.review.of == key)

    def vote(self, life: Life, key: str, role: str, decision: Decision = Decision.APPROVE, comment: str = "") -> None:
        """Vote in a role on the review asked for last."""
        who, row = self.tx.actor, outputs.ensure(self._owner(life, Scope.DEAL), key)
        reviews.add_vote(
            life.review, role=role, user=who.id, name=who.name, decision=decision, comment=comment, at=self.tx.now
        )
        review, rule = reviews.get(life.review, lambda _sha256: True), self._rule(key)
        if review is not None:
            reviews.keep_waiting(life.review, rule.roles, awaited_roles(rule, review.fact))
        after = {"output": key, "revision": row.latest, "role": role, "decision": decision.value, "name": who.name}
        self._on_output(life, Scope.DEAL, key, "review.voted", None, after, shown(Kind.REVIEW, life.review))

    def sent(self, life: Life, key: str, values: Mapping[str, object]) -> None:
        """Record that an output went to the customer."""
        row = outputs.ensure(self._owner(life, Scope.DEAL), key)
        outputs.add_sending(row, values=values, by=self.tx.actor.id, at=self.tx.now)
        after = {"output": key, "revision": row.latest, "values": dict(values)}
        self._on_output(life, Scope.DEAL, key, "output.sent", None, after)

    def tick(self, life: Life, action: str, note: str) -> None:
        """Record a key action as done."""
        deals.tick(life.deal, action, note, self.tx.actor.id, self.tx.now)
        self._on_deal(life, "action.ticked", None, {"action": action, "note": note})

    def talk(self, life: Life, values: Mapping[str, object], at: datetime, subject: str) -> None:
        """Log a talk that took place."""
        life.talk = activities.insert(
            {
                "customer": life.customer,
                "state": ActivityState.DONE.value,
                "channel": values["channel"],
                "at": at,
                "subject": subject,
                "values": values,
                "owner": self.tx.actor.id,
                "author": self.tx.actor.id,
                "created_at": self.tx.now,
            },
            [life.deal],
        )
        life.talk_at = at
        after = {"subject": subject, "values": dict(values)}
        self._record(life, "talk.logged", shown(Kind.ACTIVITY, life.talk), None, after)

    def summary(self, life: Life, values: Mapping[str, object], files: Sequence[FileFact]) -> None:
        """Record the summary of the last talk, sent now."""
        entries = outputs.file_entries(files)
        changes = {"summary_sent_at": self.tx.now, "summary": dict(values), "summary_files": entries}
        activities.update(self.tx, life.talk, None, changes)
        after = {"summary": dict(values), "files": entries, "late": False}
        self._record(life, "talk.summary_sent", shown(Kind.ACTIVITY, life.talk), None, after)

    def plan(self, life: Life, *, at: datetime, all_day: bool, channel: str, subject: str, outline: str = "") -> None:
        """Plan a follow-up."""
        told = {"at": at, "all_day": all_day, "channel": channel, "subject": subject, "outline": outline}
        number = activities.insert(
            {
                **told,
                "customer": life.customer,
                "state": ActivityState.PLANNED.value,
                "values": {},
                "owner": life.owner,
                "author": self.tx.actor.id,
                "created_at": self.tx.now,
            },
            [life.deal],
        )
        after = {**told, "at": at.isoformat(), "owner": life.owner}
        self._record(life, "activity.planned", shown(Kind.ACTIVITY, number), None, after)

    def grant(self, life: Life, requirement: str, reason: str, last_day: date) -> None:
        """Grant an exception."""
        who = self.tx.actor
        number = exceptions.insert(
            life.deal,
            requirement,
            reason,
            granted_by=who.id,
            granted_name=who.name,
            granted_at=self.tx.now,
            expires_at=self._team.end_of(last_day),
        )
        after = {"requirement": requirement, "expires_on": last_day.isoformat(), "granted_by": who.name}
        self._record(life, "exception.granted", shown(Kind.EXCEPTION, number), None, after, note=reason)

    def advance(self, life: Life, target: str) -> None:
        """Move the deal one stage right."""
        won = self._playbook.stage(target).delivery
        changes: dict[str, object] = {"stage": target, "stage_since": self.tx.now}
        after: dict[str, object] = {"stage": target, "gate": passed(self._playbook, life.stage)}
        if won:
            changes |= {"status": Status.WON.value, "won_at": self.tx.now}
            after["status"] = Status.WON.value
        deals.update(self.tx, life.deal, None, changes)
        self._on_deal(life, "deal.moved", {"stage": life.stage, "status": Status.OPEN.value}, after)
        life.stage = target

    def close(self, life: Life, status: Status, changes: Mapping[str, object], note: str = "") -> None:
        """Complete, lose or park the deal."""
        deals.update(
            self.tx, life.deal, None, {"status": status.value, "closed_at": self.tx.now, "note": note, **changes}
        )
        actions = {Status.COMPLETED: "deal.completed", Status.LOST: "deal.lost", Status.IN_CARE: "deal.parked"}
        before = {"status": (Status.WON if status is Status.COMPLETED else Status.OPEN).value, "stage": life.stage}
        plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in changes.items()}
        after: dict[str, object] = {"status": status.value, **plain, **({"note": note} if note else {})}
        if status is Status.COMPLETED:
            after["gate"] = passed(self._playbook, life.stage)
        self._on_deal(life, actions[status], before, after)
