"""Judges a table of leads row by row: what would be created, what is known, what cannot be taken and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.records import Campaign, Kind, number_of, shown
from salestui.domain.text import core_name, same_name
from salestui.i18n import gettext as _
from salestui.services import campaigns, playbooks, users
from salestui.services.import_headings import columns as columns_of
from salestui.services.import_report import ImportPlan, PlannedRow, RowReport, Verdict
from salestui.services.import_rows import Candidate, Reader, Setting
from salestui.services.import_sheet import MAX_SECONDS, Patience, Sheet
from salestui.services.loading import team_of
from salestui.services.request import Call, reads
from salestui.storage import importing as names

__all__ = ["Judge", "plan", "setting_of"]


def plan(
    call: Call,
    sheet: Sheet,
    campaign: int,
    mapping: Mapping[str, str] | None = None,
    stage_column: str = "",
    *,
    max_seconds: float = MAX_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> ImportPlan | NotAllowed:
    """Judge every row of a sheet: created, skipped as known in the campaign, or rejected with the reason.

    `mapping` is heading to field, for headings that are not known ("ignore" leaves a column out). `stage_column` is the
    heading of the column whose stages open deals are to reach; only a manager may ask for that. Raises NotFound, and
    BadInput for a mapping that does not fit or when judging takes longer than `max_seconds`.
    """
    patience = Patience(sheet.path.name, max_seconds, clock)
    found = _grounds(call, campaign, staged=bool(stage_column))
    if isinstance(found, NotAllowed):
        return found
    setting, judge = found
    told = {**(mapping or {}), **({stage_column: "stage"} if stage_column else {})}
    columns = columns_of(sheet.headings, told, file=sheet.path.name)
    reader = Reader(columns, setting)
    rows = []
    for row in sheet.rows:
        patience.check()
        rows.append(judge.judged(reader.read(row)))
    unread = tuple(column.heading for column in columns if not column.field and column.heading)
    return ImportPlan(sheet, campaign, dict(mapping or {}), stage_column, columns, unread, tuple(rows), setting)


@reads
def _grounds(call: Call, campaign: int, *, staged: bool) -> tuple[Setting, Judge] | NotAllowed:
    """Return what rows are read against, and who judges them, as the database is now."""
    setting = setting_of(call, campaign, staged=staged)
    if isinstance(setting, NotAllowed):
        return setting
    judge = Judge()
    judge.learn(names.known_names(), names.members(campaign))
    return setting, judge


def setting_of(call: Call, campaign: int, *, staged: bool) -> Setting | NotAllowed:
    """Return what the rows of an import into a campaign are read against, or why nothing may be imported there."""
    pushed: Campaign = campaigns.get(call, campaign)
    if pushed.closed:
        return NotAllowed("campaign_closed", {"campaign": pushed.name})
    code = refusal(call.actor, Act.IMPORT_INTO_STAGE) if staged else None
    if code:
        return NotAllowed(code)
    team = team_of(call)
    return Setting(
        playbook=playbooks.get(call, pushed.playbook, pushed.playbook_version),
        currency=pushed.currency,
        actor=call.actor,
        users=users.all(call),
        today=team.today(call.now),
        zone=team.zone,
        staged=staged,
    )


class Judge:
    """Knows the companies there are, and those of the rows judged before; `customers` are those by line."""

    def __init__(self) -> None:
        self.customers: dict[int, int] = {}
        self._in_campaign: dict[str, str] = {}
        self._known: set[str] = set()
        self._cores: dict[str, dict[str, str]] = {}
        self._lines: dict[str, int] = {}
        self._people: dict[int, set[str]] = {}

    def learn(self, known: Iterable[names.KnownName], members: frozenset[int]) -> None:
        """Take over what companies there are, as the database has them now, in place of what was known of it."""
        self._in_campaign, self._known, self._cores = {}, set(), {}
        for each in known:
            self._known.add(each.name_key)
            self._cores.setdefault(each.core_key, {})[each.name_key] = each.name
            if each.customer in members:
                self._in_campaign[each.name_key] = shown(Kind.CUSTOMER, each.customer)

    def recall(self, found: Candidate, told: RowReport) -> None:
        """Take over what became of a row that was entered before."""
        name, person = same_name(told.company), same_name(str(found.contact.get("name", "")))
        if told.verdict is Verdict.CREATE:
            self._lines[name] = told.line
            self._people[told.line] = {person}
            self.customers[told.line] = number_of(Kind.CUSTOMER, told.customer) or 0
        elif name in self._lines:
            self._people[self._lines[name]].add(person)

    def is_known(self, company: str) -> bool:
        """Whether there is a company of this name already, in whichever campaign."""
        return same_name(company) in self._known

    def judged(self, found: Candidate) -> PlannedRow:
        """Return the verdict on a row: what is wrong with it comes before its being known already."""
        name = same_name(found.company)
        if found.problems:
            return PlannedRow(found, Verdict.REJECT, "; ".join(found.problems))
        person = same_name(str(found.contact.get("name", "")))
        if name in self._lines:
            return self._again(found, self._lines[name], person)
        if name in self._in_campaign:
            why = _("in the campaign already: {id}").format(id=self._in_campaign[name])
            return PlannedRow(found, Verdict.SKIP, why)
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
