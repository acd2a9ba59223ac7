"""Enters judged rows: company, contact and deal, with the same history as when they are entered one by one.

It does not go through the services of each, which would judge the deal's gate several times a row: new deals stand in
the first stage, where nothing has been asked yet, and the board judges them when it next reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import Status
from salestui.domain.outcomes import Done
from salestui.domain.playbook import Playbook
from salestui.domain.records import Campaign, Kind, shown
from salestui.domain.text import same_name
from salestui.i18n import gettext as _
from salestui.services import campaigns, customers, deals
from salestui.services.import_judging import Judge
from salestui.services.import_report import PlannedRow, RowReport, Verdict
from salestui.services.import_rows import Candidate, Setting
from salestui.services.import_stages import Placement, place
from salestui.services.import_values import read_reason
from salestui.services.loading import team_of
from salestui.storage import contacts as contact_rows
from salestui.storage import deals as deal_rows
from salestui.storage import importing as import_rows
from salestui.storage.store import Transaction

__all__ = ["Importer"]

_CUSTOMER = ("name", "short_name", "industry", "region", "size", "website", "address", "source", "need", "note")
_CONTACT = ("name", "title", "phone", "email", "role", "note")


class Importer:
    """Enters the judged rows of one slice, in one transaction."""

    def __init__(self, tx: Transaction, file: str, campaign: int, setting: Setting, judge: Judge) -> None:
        self._tx = tx
        self._file = file
        self._judge = judge
        self._campaign = campaigns.get(tx, campaign)
        self._playbook = setting.playbook
        self._names = {user.id: user.name for user in setting.users}
        self._team = team_of(tx)
        self._reason = _("Imported from {file}, line {n}")

    def entered(self, row: PlannedRow) -> RowReport:
        """Enter one row, if it is to be, and return what became of it."""
        report = RowReport.planned(row)
        tx, found = self._tx, row.candidate
        if row.joins:
            customer = self._judge.customers[row.joins]
            add_contact(tx, found, customer)
            return replace(report, customer=shown(Kind.CUSTOMER, customer))
        if row.verdict is not Verdict.CREATE:
            return report
        known = self._judge.is_known(found.company)
        told = (self._campaign, self._playbook, self._names[found.owner_id])
        customer, deal = enter(tx, found, *told, known=known)
        self._judge.customers[row.line] = customer
        placed = Placement(self._playbook.first_stage().key)
        if found.status is not Status.OPEN:
            self._close(deal, found)
        elif found.stage:
            reason = self._reason.format(file=self._file, n=row.line)
            placed = place(tx, deal, found.stage, reason)
        return RowReport(
            line=row.line,
            company=found.company,
            verdict=row.verdict,
            doubles=row.doubles,
            deal=shown(Kind.DEAL, deal),
            customer=shown(Kind.CUSTOMER, customer),
            status=found.status.value,
            stage=placed.stage,
            wanted_stage=found.stage,
            exceptions=placed.exceptions,
            held=placed.held,
        )

    def _close(self, deal: int, found: Candidate) -> None:
        """Make a deal a closed record: of what was done elsewhere there is nothing left for a gate to judge."""
        reasons = self._playbook.care_reasons if found.status is Status.IN_CARE else self._playbook.lost_reasons
        closed_at = _closing_time(found, self._team, self._tx.now)
        changes: dict[str, object] = {"status": found.status.value, "closed_at": closed_at}
        if found.status is Status.COMPLETED:
            changes["won_at"] = closed_at
        else:
            changes |= {
                "reason": read_reason(reasons, found.reason) or "",
                "competitor": found.competitor if found.status is Status.LOST else "",
                "note": found.reason,
            }
        deal_rows.update(self._tx, deal, None, changes)
        known = deals.get(self._tx, deal)
        actions = {Status.COMPLETED: "deal.completed", Status.LOST: "deal.lost", Status.IN_CARE: "deal.parked"}
        told = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in changes.items()}
        self._tx.record(
            actions[found.status],
            subject=shown(Kind.DEAL, deal),
            deal=deal,
            customer=known.customer,
            campaign=known.campaign,
            before={"status": Status.OPEN.value, "stage": known.stage},
            after={**told, "imported": True},
            note=self._reason.format(file=self._file, n=found.line),
        )


def _closing_time(found: Candidate, team: TeamCalendar, now: datetime) -> datetime:
    """Return when a deal was closed: at noon of the day given, or now."""
    if found.closed_on is None:
        return now
    return min(now, datetime.combine(found.closed_on, time(12), team.zone).astimezone(UTC))


def enter(
    tx: Transaction, found: Candidate, pushed: Campaign, playbook: Playbook, owner_name: str, *, known: bool
) -> tuple[int, int]:
    """Enter what a row holds into the campaign; return the numbers of its customer and its deal.

    `known`: there is a company of this name, which joins the campaign.
    """
    customer = _joined(tx, found, pushed) if known else _customer(tx, found, pushed, owner_name)
    if found.contact and known:
        add_contact(tx, found, customer)
    elif found.contact:
        _contact(tx, found, customer)
    return customer, _deal(tx, found, pushed, playbook, customer)


def _joined(tx: Transaction, found: Candidate, pushed: Campaign) -> int:
    """Return the company known from elsewhere, which joins the campaign."""
    joined = customers.new(tx, {**found.customer, "owner": found.owner}, campaign=pushed.id)
    if isinstance(joined, Done):
        return joined.number
    raise ValueError(f"{joined}")


def _customer(tx: Transaction, found: Candidate, pushed: Campaign, owner_name: str) -> int:
    """Return the company, entered."""
    columns = {key: found.customer.get(key, "") for key in _CUSTOMER}
    number = import_rows.add_customer({**columns, "owner": found.owner_id}, tx.now)
    import_rows.add_member(number, pushed.id, tx.now)
    told: dict[str, object] = {key: value for key, value in columns.items() if value}
    told |= {"owner": owner_name, "campaigns": [shown(Kind.CAMPAIGN, pushed.id)]}
    subject = shown(Kind.CUSTOMER, number)
    tx.record("customer.created", subject=subject, customer=number, campaign=pushed.id, before=None, after=told)
    return number


def add_contact(tx: Transaction, found: Candidate, customer: int) -> None:
    """Enter the person of a row, unless the customer has one of this name."""
    wanted = same_name(str(found.contact["name"]))
    if not any(same_name(person.name) == wanted for person in contact_rows.of(customer)):
        _contact(tx, found, customer)


def _contact(tx: Transaction, found: Candidate, customer: int) -> None:
    number = import_rows.add_contact(customer, {key: found.contact.get(key, "") for key in _CONTACT}, tx.now)
    subject = shown(Kind.CONTACT, number)
    tx.record("contact.created", subject=subject, customer=customer, before=None, after=found.contact)


def _deal(tx: Transaction, found: Candidate, pushed: Campaign, playbook: Playbook, customer: int) -> int:
    stage = playbook.first_stage().key
    columns = _deal_columns(found.deal, pushed.currency)
    number = import_rows.add_deal(
        {
            **columns,
            "customer": customer,
            "campaign": pushed.id,
            "playbook": playbook.key,
            "playbook_version": playbook.version,
            "stage": stage,
            "status": Status.OPEN.value,
            "owner": found.owner_id,
            "created_at": tx.now,
            "stage_since": tx.now,
            "imported": True,
        }
    )
    told = {key: value.isoformat() if isinstance(value, date) else value for key, value in columns.items()}
    tx.record(
        "deal.created",
        subject=shown(Kind.DEAL, number),
        deal=number,
        customer=customer,
        campaign=pushed.id,
        before=None,
        after={"stage": stage, "owner": found.owner_id, "imported": True, **told},
    )
    return number


def _deal_columns(values: Mapping[str, object], currency: str) -> dict[str, object]:
    columns: dict[str, object] = {key: values.get(key, "") for key in ("title", "need", "source")}
    amount, expected = values.get("amount"), values.get("expected_on")
    columns["currency"] = currency
    if isinstance(amount, Mapping):
        columns |= {"amount_minor": amount["minor"], "currency": amount["currency"]}
    if isinstance(expected, str):
        columns["expected_on"] = date.fromisoformat(expected)
    return columns
