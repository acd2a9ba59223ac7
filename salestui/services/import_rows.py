"""Turns one row of a table of leads into what would be entered, or says in words why it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, tzinfo

from salestui.dataclass import dataclass
from salestui.domain import fields as form
from salestui.domain.facts import Status
from salestui.domain.people import Actor
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, Playbook
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable, read_choice
from salestui.domain.records import User
from salestui.domain.text import clean_name, same_name
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services.contacts import contact_fields
from salestui.services.customers import customer_fields
from salestui.services.deals import deal_fields
from salestui.services.field_texts import problem_text, reason_text
from salestui.services.import_headings import Column, field_label
from salestui.services.import_sheet import SheetRow
from salestui.services.import_values import (
    is_mangled_number,
    plain_cell,
    read_amount,
    read_day,
    read_stage,
    read_status,
)

__all__ = ["Candidate", "Reader", "Setting"]

_CUSTOMER = ("short_name", "industry", "region", "size", "website", "address", "source", "need", "note")
_JOINED_BY = " / "
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """What rows are read against: the campaign's playbook and currency, who imports, who there is, and the day.

    `staged`: the stage column is obeyed, because a manager asked for it.
    """

    playbook: Playbook
    currency: str
    actor: Actor
    users: tuple[User, ...]
    today: date
    zone: tzinfo
    staged: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one row would become. `problems` are sentences in the user's language; with any of them it is rejected.

    `stage` is the key of the stage to reach, "" for the first. `stage_ignored`: it names another one, which is not
    obeyed.
    """

    line: int
    company: str
    customer: Mapping[str, object] = field(default_factory=dict)
    contact: Mapping[str, object] = field(default_factory=dict)
    deal: Mapping[str, object] = field(default_factory=dict)
    owner: str = ""
    owner_id: int = 0
    status: Status = Status.OPEN
    stage: str = ""
    stage_ignored: bool = False
    closed_on: date | None = None
    reason: str = ""
    competitor: str = ""
    problems: tuple[str, ...] = ()


class Reader:
    """Reads the rows of one sheet under one setting."""

    def __init__(self, columns: tuple[Column, ...], setting: Setting) -> None:
        self._columns = [column for column in columns if column.field]
        self._setting = setting
        self._units = {column.field: column.unit for column in columns if column.unit}
        self._people: dict[str, list[User]] = {}
        for user in setting.users:
            for name in {same_name(user.login), same_name(user.name)}:
                self._people.setdefault(name, []).append(user)

    def read(self, row: SheetRow) -> Candidate:
        """Return what the row would become, with everything that is wrong with it."""
        cells = self._cells(row)
        problems: list[str] = []
        if row.surplus:
            problems.append(_("more cells than headings: {cells}").format(cells=", ".join(row.surplus)[:60]))
        company = clean_name(cells.get("company", ""))
        if len(company) > _LONGEST_NAME:
            problems.append(_("the company's name is longer than {n} characters").format(n=_LONGEST_NAME))
        status, stage, ignored = self._place(cells, problems)
        owner = self._owner(cells.get("owner", ""), problems)
        customer = self._values(customer_fields(), {"name": company, **_part(cells, _CUSTOMER)}, problems)
        return Candidate(
            line=row.line,
            company=company,
            customer=customer,
            contact=self._contact(cells, company, problems),
            deal=self._deal(cells, problems),
            owner=owner.login if owner else self._setting.actor.login,
            owner_id=owner.id if owner else self._setting.actor.id,
            status=status,
            stage=stage,
            stage_ignored=ignored,
            closed_on=self._day("closed_on", cells, problems),
            reason=cells.get("reason", ""),
            competitor=cells.get("competitor", ""),
            problems=tuple(dict.fromkeys(problems)),
        )

    def _cells(self, row: SheetRow) -> dict[str, str]:
        cells: dict[str, str] = {}
        for column in self._columns:
            text = plain_cell(row.cells[column.index])
            if text and column.field in cells and text != cells[column.field]:
                text = f"{cells[column.field]}{_JOINED_BY}{text}"
            if text:
                cells[column.field] = text
        return cells

    def _values(self, fields: tuple[Field, ...], raw: Mapping[str, object], problems: list[str]) -> dict[str, object]:
        values, unread = form.normalise(
            fields, raw, today=self._setting.today, currency=self._setting.currency, zone=self._setting.zone
        )
        wrong = [*unread, *form.check(fields, values, today=self._setting.today)]
        problems.extend(problem_text(problem, fields, language()) for problem in wrong)
        return values

    def _contact(self, cells: Mapping[str, str], company: str, problems: list[str]) -> dict[str, object]:
        """Return the contact, if the row tells anything of one; without a name it goes by the company's."""
        phone = cells.get("phone", "")
        if is_mangled_number(phone):
            problems.append(_("the spreadsheet has rounded the phone number: {value}").format(value=phone))
        told = {key: cells[key] for key in ("title", "phone", "email") if key in cells}
        name = cells.get("contact") or (company if "phone" in told or "email" in told else "")
        if not name:
            return {}
        if "contact_role" in cells:
            told |= _role(cells["contact_role"])
        return self._values(contact_fields(), {"name": name, **told}, problems)

    def _deal(self, cells: Mapping[str, str], problems: list[str]) -> dict[str, object]:
        raw: dict[str, object] = _part(cells, ("need", "source"))
        if "deal" in cells:
            raw["title"] = cells["deal"]
        if "amount" in cells:
            currency = clean_name(cells.get("currency", "")).upper() or self._setting.currency
            try:
                money = read_amount(cells["amount"], currency, self._units.get("amount", ""))
                raw["amount"] = {"minor": money.minor, "currency": money.currency}
                if money.minor < 0:
                    problems.append(_("the amount is below zero: {value}").format(value=cells["amount"]))
            except Unreadable as error:
                problems.append(_unreadable("amount", cells["amount"], error))
        expected = self._day("expected_on", cells, problems)
        if expected:
            raw["expected_on"] = expected.isoformat()
        return self._values(deal_fields(), raw, problems)

    def _day(self, key: str, cells: Mapping[str, str], problems: list[str]) -> date | None:
        if key not in cells:
            return None
        try:
            day = read_day(cells[key], self._setting.today)
        except Unreadable as error:
            problems.append(_unreadable(key, cells[key], error))
            return None
        if key == "closed_on" and day > self._setting.today:
            problems.append(_("{field} lies in the future: {value}").format(field=field_label(key), value=cells[key]))
        return day

    def _owner(self, text: str, problems: list[str]) -> User | None:
        if not text:
            return None
        found = self._people.get(same_name(text), [])
        active = [user for user in found if user.active]
        if len(active) == 1:
            if refusal(self._setting.actor, Act.ENTER_FOR, active[0].id):
                problems.append(_("only a manager imports for other owners: {name}").format(name=text))
            return active[0]
        if len(active) > 1:
            problems.append(_("several people are called {name}: give the login").format(name=text))
        elif found:
            problems.append(_("the owner has left: {name}").format(name=text))
        else:
            problems.append(_("no user has this login or name: {name}").format(name=text))
        return None

    def _place(self, cells: Mapping[str, str], problems: list[str]) -> tuple[Status, str, bool]:
        """Return the state, the key of the stage to reach ("" for the first), and whether a stage is not obeyed."""
        told, stage_text = cells.get("status", ""), cells.get("stage", "")
        status = read_status(told) if told else None
        stage = read_stage(self._setting.playbook, stage_text) if stage_text else None
        if stage_text and stage is None and not told:
            status = read_status(stage_text)
            stage_text = "" if status else stage_text
        if told and status is None:
            problems.append(_("this state is not known: {value}. Open, won, lost or in care").format(value=told))
        if (status or Status.OPEN) is not Status.OPEN:
            return status or Status.OPEN, "", False
        if stage_text and self._setting.staged and stage is None:
            titles = ", ".join(each.short.get(language()) for each in self._setting.playbook.stages)
            problems.append(_("no stage is called {value}. Stages: {stages}").format(value=stage_text, stages=titles))
        first = self._setting.playbook.first_stage().key
        if not stage_text or (stage is not None and stage.key == first):
            return Status.OPEN, "", False
        if not self._setting.staged:
            return Status.OPEN, "", True
        return Status.OPEN, stage.key if stage else "", False


def _role(cell: str) -> dict[str, str]:
    """Return the part in the decision, as a note where it is none of those a contact can have."""
    choices = next(each.choices for each in contact_fields() if each.key == "role")
    try:
        return {"role": read_choice(choices, cell)}
    except Unreadable:
        return {"note": cell}


def _part(cells: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, object]:
    return {key: cells[key] for key in keys if key in cells}


def _unreadable(key: str, cell: str, error: Unreadable) -> str:
    reason = reason_text(Problem(key, error.code, error.params), (), language())
    return f"{field_label(key)}: {cell[:60]} {reason}"
