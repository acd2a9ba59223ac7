"""Imports a table of leads into a campaign: judged row by row, entered in one transaction, or not at all.

Won and lost rows become closed records marked as imported. That passes no gate and goes round none: such a deal stands
in the first stage, is closed, cannot be moved, and one that is reopened starts there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, cast

from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import Status
from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Campaign, Kind, shown
from salestui.domain.text import core_name, same_name
from salestui.i18n import gettext as _
from salestui.services import campaigns, deals, playbooks, users
from salestui.services.import_entry import add_contact, enter
from salestui.services.import_headings import columns as columns_of
from salestui.services.import_report import (
    ImportPlan,
    ImportReport,
    PlannedRow,
    RowReport,
    Verdict,
    rejected_bytes,
    write_rejected,
)
from salestui.services.import_rows import Candidate, Reader, Setting
from salestui.services.import_sheet import MAX_BYTES, MAX_ROWS, Sheet, SheetRow, read, read_content
from salestui.services.import_stages import Placement, place
from salestui.services.import_values import read_reason
from salestui.services.loading import team_of
from salestui.services.request import Call, reads
from salestui.storage import deals as deal_rows
from salestui.storage import importing as names
from salestui.storage.store import Transaction

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "ImportPlan",
    "ImportReport",
    "Sheet",
    "SheetRow",
    "Verdict",
    "plan",
    "read",
    "read_content",
    "rejected_bytes",
    "run",
    "write_rejected",
]


@reads
def plan(
    call: Call, sheet: Sheet, campaign: int, mapping: Mapping[str, str] | None = None, stage_column: str = ""
) -> ImportPlan | NotAllowed:
    """Judge every row of a sheet: created, skipped as known in the campaign, or rejected with the reason.

    `mapping` is heading to field, for headings that are not known ("ignore" leaves a column out). `stage_column` is the
    heading of the column whose stages open deals are to reach; only a manager may ask for that. Raises BadInput and
    NotFound.
    """
    pushed = campaigns.get(call, campaign)
    if pushed.closed:
        return NotAllowed("campaign_closed", {"campaign": pushed.name})
    code = refusal(call.actor, Act.IMPORT_INTO_STAGE) if stage_column else None
    if code:
        return NotAllowed(code)
    told = {**(mapping or {}), **({stage_column: "stage"} if stage_column else {})}
    columns = columns_of(sheet.headings, told, file=sheet.path.name)
    team = team_of(call)
    setting = Setting(
        playbook=playbooks.get(call, pushed.playbook, pushed.playbook_version),
        currency=pushed.currency,
        actor=call.actor,
        users=users.all(call),
        today=team.today(call.now),
        zone=team.zone,
        staged=bool(stage_column),
    )
    reader = Reader(columns, setting)
    known = _Names(names.known_names(), names.members(campaign))
    rows = tuple(known.judged(reader.read(row)) for row in sheet.rows)
    unread = tuple(column.heading for column in columns if not column.field and column.heading)
    return ImportPlan(sheet, campaign, dict(mapping or {}), stage_column, columns, unread, rows)


class _Names:
    """The companies there are, those of the rows before included."""

    def __init__(self, known: Iterable[names.KnownName], members: frozenset[int]) -> None:
        self._in_campaign: dict[str, str] = {}
        self._cores: dict[str, dict[str, str]] = {}
        self._lines: dict[str, int] = {}
        self._people: dict[int, set[str]] = {}
        for each in known:
            self._cores.setdefault(each.core_key, {})[each.name_key] = each.name
            if each.customer in members:
                self._in_campaign[each.name_key] = shown(Kind.CUSTOMER, each.customer)

    def judged(self, found: Candidate) -> PlannedRow:
        """Return the verdict on a row: what is wrong with it comes before its being known already."""
        name = same_name(found.company)
        if found.problems:
            return PlannedRow(found, Verdict.REJECT, "; ".join(found.problems))
        if name in self._in_campaign:
            why = _("in the campaign already: {id}").format(id=self._in_campaign[name])
            return PlannedRow(found, Verdict.SKIP, why)
        person = same_name(str(found.contact.get("name", "")))
        if name in self._lines:
            return self._again(found, self._lines[name], person)
        self._lines[name] = found.line
        self._people[found.line] = {person}
        alike = self._cores.setdefault(core_name(found.company), {})
        doubles = tuple(other for key, other in alike.items() if key != name)
        alike.setdefault(name, found.company)
        return PlannedRow(found, Verdict.CREATE, doubles=doubles)

    def _again(self, found: Candidate, line: int, person: str) -> PlannedRow:
        """Judge another row of a company: there is one deal, and a person whom the rows before do not name joins it."""
        if not person or person in self._people[line]:
            return PlannedRow(found, Verdict.SKIP, _("the same company as in line {n}").format(n=line))
        self._people[line].add(person)
        why = _("the same company as in line {n}: its contact {name} is added there").format(
            n=line, name=found.contact["name"]
        )
        return PlannedRow(found, Verdict.SKIP, why, joins=line)


def run(call: Call, planned: ImportPlan) -> ImportReport | NotAllowed:
    """Import what was planned, judged anew, in one transaction: when anything fails, nothing is imported.

    A command id seen before returns the first report and does nothing. Raises BadInput, and storage faults.
    """
    if isinstance(call, Transaction):
        return _run(call, planned)
    with call.store.transaction(call.actor, now=call.now, command_id=call.command_id) as tx:
        earlier = tx.earlier_result()
        if earlier is not None:
            tx.abandon()
            return ImportReport.from_document(cast("Mapping[str, Any]", earlier))
        outcome = _run(tx, planned)
        if isinstance(outcome, NotAllowed):
            tx.abandon()
        else:
            tx.keep_result(outcome.document())
    return outcome


def _run(tx: Transaction, planned: ImportPlan) -> ImportReport | NotAllowed:
    judged = plan(tx, planned.sheet, planned.campaign, planned.mapping, planned.stage_column)
    if isinstance(judged, NotAllowed):
        return judged
    pushed = campaigns.get(tx, planned.campaign)
    importer = _Importer(tx, judged, pushed)
    rows = tuple(importer.entered(row) for row in judged.rows)
    subject = shown(Kind.CAMPAIGN, pushed.id)
    report = ImportReport(judged.sheet.path.name, subject, rows, judged.unread, judged.stages_ignored)
    tx.record(
        "import.done",
        subject=subject,
        campaign=pushed.id,
        before=None,
        after={
            "file": report.file,
            "created": len(report.created),
            "skipped": len(report.skipped),
            "rejected": len(report.rejected),
        },
    )
    return report


class _Importer:
    """Enters the rows of one plan."""

    def __init__(self, tx: Transaction, judged: ImportPlan, pushed: Campaign) -> None:
        self._tx = tx
        self._plan = judged
        self._campaign = pushed
        self._playbook = playbooks.get(tx, pushed.playbook, pushed.playbook_version)
        self._names = {user.id: user.name for user in users.all(tx)}
        self._team = team_of(tx)
        self._reason = _("Imported from {file}, line {n}")
        self._customers: dict[int, int] = {}

    def entered(self, row: PlannedRow) -> RowReport:
        """Enter one row, if it is to be, and return what became of it."""
        report = RowReport.planned(row)
        tx, found = self._tx, row.candidate
        if row.joins:
            customer = self._customers[row.joins]
            add_contact(tx, found, customer)
            return replace(report, customer=shown(Kind.CUSTOMER, customer))
        if row.verdict is not Verdict.CREATE:
            return report
        customer, deal = enter(tx, found, self._campaign, self._playbook, owner_name=self._names[found.owner_id])
        self._customers[row.line] = customer
        placed = Placement(self._playbook.first_stage().key)
        if found.status is not Status.OPEN:
            self._close(deal, found)
        elif found.stage:
            reason = self._reason.format(file=self._plan.sheet.path.name, n=row.line)
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
            note=self._reason.format(file=self._plan.sheet.path.name, n=found.line),
        )


def _closing_time(found: Candidate, team: TeamCalendar, now: datetime) -> datetime:
    """Return when a deal was closed: at noon of the day given, or now."""
    if found.closed_on is None:
        return now
    return min(now, datetime.combine(found.closed_on, time(12), team.zone).astimezone(UTC))
