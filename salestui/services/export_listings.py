"""Gathers the lists that are exported as worksheets: scores and grades, customers, the care list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.documents import Cell, CellKind, Listing, ListingColumn, Workbook
from salestui.domain.facts import ScoreFact, Status
from salestui.domain.lists import ClassMember
from salestui.domain.playbook import MetBy, Playbook, Scoring, Text
from salestui.domain.records import Campaign, Customer, Kind, shown
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import campaigns, classes, customers, deals, playbooks, reason_texts
from salestui.services.loading import team_of
from salestui.services.request import Call, reads
from salestui.storage import exporting as rows

__all__ = ["KINDS", "customer_list", "title_of", "workbook"]

Row = tuple[Cell, ...]
LONG, WHOLE, AMOUNT, DATE = CellKind.LONG_TEXT, CellKind.WHOLE, CellKind.AMOUNT, CellKind.DATE

_SCORES: Final = Text("《客户评分分级表》", "Customer scoring & grading sheet")
_CUSTOMERS: Final = Text("客户清单", "Customer list")
_CARE: Final = Text("长期维护名单", "Care list")
_CARD: Final = ("name", "short_name", "industry", "region", "size", "website", "address", "source", "need", "note")


def title_of(kind: str) -> str:
    """Return the title of a list of this kind in the language in use."""
    return {"scores": _SCORES, "customers": _CUSTOMERS, "care": _CARE}[kind].get(language())


@reads
def workbook(call: Call, kind: str, campaign: int | None = None) -> Workbook:
    """Return one of the lists `KINDS`, of one campaign or of all.

    Scores have a worksheet for every campaign that scores, since each has its own criteria. Raises NotFound for an
    unknown campaign.
    """
    one = campaigns.get(call, campaign) if campaign is not None else None
    sheets = _MAKERS[kind](call, one)
    return Workbook(title_of(kind), call.actor.name, team_of(call).today(call.now), sheets)


def _playbook(call: Call, campaign: Campaign) -> Playbook:
    return playbooks.get(call, campaign.playbook, campaign.playbook_version)


# Scores and grades


def _scores(call: Call, one: Campaign | None) -> tuple[Listing, ...]:
    chosen = (one,) if one else campaigns.all(call)
    scored = [(campaign, _playbook(call, campaign)) for campaign in chosen]
    sheets = [_score_sheet(call, campaign, playbook) for campaign, playbook in scored if playbook.scoring]
    return tuple(sheets) or (Listing(title_of("scores"), one.name if one else _("all campaigns"), (), ()),)


def _score_sheet(call: Call, campaign: Campaign, playbook: Playbook) -> Listing:
    scoring, team = playbook.scoring, team_of(call)
    if scoring is None:
        return Listing(title_of("scores"), campaign.name, (), ())
    output = next((output for _stage, output in playbook.outputs() if output.met_by is MetBy.SCORE), None)
    scores = rows.scores_of(campaign.id)
    companies = {company.id: company for company in customer_list(call, campaign.id)}
    columns = (
        ListingColumn("id", _("No.")),
        ListingColumn("customer", _("Customer")),
        ListingColumn("class", _("Class")),
        ListingColumn("owner", _("Owner")),
        *(ListingColumn(each.key, each.title.get(language()), WHOLE) for each in scoring.criteria),
        ListingColumn("total", _("Total"), WHOLE),
        ListingColumn("grade", _("Grade")),
        ListingColumn("scored_on", _("Scored on"), DATE),
        ListingColumn("valid_until", _("Valid until"), DATE),
        ListingColumn("by", _("By")),
        *(
            ListingColumn(f"{each.key}_evidence", _evidence(each.title.get(language())), LONG)
            for each in scoring.criteria
        ),
    )
    lines = tuple(
        _score_row(member, companies, scores.get(member.customer), scoring, playbook, team)
        for each in classes.classes_of(call, campaign.id)
        for member in each.members
    )
    best = {grade.key: number for number, grade in enumerate(scoring.grades)}
    at = [column.key for column in columns].index("grade")
    total = at - 1
    ordered = sorted(lines, key=lambda row: (best.get(str(row[at]), len(best)), -_number(row[total])))
    title = output.title.get(language()) if output else title_of("scores")
    return Listing(title, campaign.name, columns, tuple(ordered))


def _evidence(criterion: str) -> str:
    return _("{criterion}: evidence").format(criterion=criterion)


def _number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else -1


def _score_row(
    member: ClassMember,
    companies: Mapping[int, Customer],
    score: ScoreFact | None,
    scoring: Scoring,
    playbook: Playbook,
    team: TeamCalendar,
) -> Row:
    company = companies.get(member.customer)
    points: list[Cell] = [score.values.get(each.key) if score else None for each in scoring.criteria]
    evidence: list[Cell] = [score.evidence.get(each.key, "") if score else "" for each in scoring.criteria]
    over = deadline(score.at, scoring.valid_for, team) if score and scoring.valid_for else None
    return (
        shown(Kind.CUSTOMER, member.customer),
        member.name,
        _class(playbook, member.classification),
        company.owner_name if company else "",
        *points,
        score.total if score else None,
        score.grade if score else "",
        team.today(score.at) if score else None,
        team.today(over - timedelta(seconds=1)) if over else None,
        score.by_name if score else "",
        *evidence,
    )


def _class(playbook: Playbook, key: str) -> str:
    known = playbook.customer_class(key)
    return known.title.get(language()) if known else key


# Customers


def customer_list(call: Call, campaign: int | None = None) -> tuple[Customer, ...]:
    """Return all customers by name, of one campaign where given."""
    return tuple(_pages(call, campaign))


def _pages(call: Call, campaign: int | None) -> Iterator[Customer]:
    step = 500
    for offset in range(0, customers.count(call, campaign=campaign), step):
        yield from customers.all(call, limit=step, offset=offset, campaign=campaign)


def _customers(call: Call, one: Campaign | None) -> tuple[Listing, ...]:
    team, labels = team_of(call), {each.key: each.label.get(language()) for each in customers.customer_fields()}
    contacts, joined = rows.first_contacts(), rows.campaigns_of_customers()
    members = {member.customer: member for member in _members(call, one)}
    scores = rows.scores_of(one.id) if one else {}
    playbook = _playbook(call, one) if one else None
    long = {"need", "note", "address"}
    columns = [
        ListingColumn("id", _("No.")),
        *(ListingColumn(key, labels[key], LONG if key in long else CellKind.TEXT) for key in _CARD),
        ListingColumn("contact", _("Contact")),
        ListingColumn("title", _("Job title")),
        ListingColumn("phone", _("Phone")),
        ListingColumn("email", _("E-mail")),
        ListingColumn("owner", labels["owner"]),
        ListingColumn("entered_on", _("Entered on"), DATE),
    ]
    if playbook is None:
        columns.append(ListingColumn("campaigns", _("Campaigns")))
    else:
        columns += [
            ListingColumn("class", _("Class")),
            ListingColumn("reason", _("Reason"), LONG),
            ListingColumn("total", _("Total"), WHOLE),
            ListingColumn("grade", _("Grade")),
        ]

    def line(company: Customer) -> Row:
        person = contacts.get(company.id)
        reached = (person.name, person.title, person.phone, person.email) if person else ("", "", "", "")
        card: list[Cell] = [getattr(company, key) for key in _CARD]
        who = (company.owner_name, team.today(company.created_at))
        common: Row = (shown(Kind.CUSTOMER, company.id), *card, *reached, *who)
        if playbook is None:
            return (*common, ("、" if language() == "zh" else ", ").join(joined.get(company.id, ())))
        member, score = members.get(company.id), scores.get(company.id)
        sorted_as = (_class(playbook, member.classification), member.reason) if member else ("", "")
        return (*common, *sorted_as, score.total if score else None, score.grade if score else "")

    listed = customer_list(call, one.id if one else None)
    subject = one.name if one else _("all customers")
    return (Listing(title_of("customers"), subject, tuple(columns), tuple(line(company) for company in listed)),)


def _members(call: Call, one: Campaign | None) -> Iterator[ClassMember]:
    if one is not None:
        for each in classes.classes_of(call, one.id):
            yield from each.members


# The care list


def _care(call: Call, one: Campaign | None) -> tuple[Listing, ...]:
    team = team_of(call)
    columns = (
        ListingColumn("id", _("No.")),
        ListingColumn("customer", _("Customer")),
        ListingColumn("deal", _("Deal")),
        ListingColumn("campaign", _("Campaign")),
        ListingColumn("stage", _("Left at stage")),
        ListingColumn("reason", _("Reason")),
        ListingColumn("note", _("Remark"), LONG),
        ListingColumn("look_again_on", _("Look again on"), DATE),
        ListingColumn("owner", _("Owner")),
        ListingColumn("since", _("In care since"), DATE),
        ListingColumn("amount", _("Amount"), AMOUNT),
        ListingColumn("currency", _("Currency")),
    )
    parked = deals.listed(call, campaign=one.id if one else None, statuses=(Status.IN_CARE,))
    lines: list[Row] = []
    for deal in sorted(parked, key=lambda deal: (deal.look_again_on or date.max, deal.id)):
        playbook = playbooks.get(call, deal.playbook, deal.playbook_version)
        lines.append(
            (
                shown(Kind.DEAL, deal.id),
                deal.customer_name,
                deal.title,
                deal.campaign_name,
                _stage(playbook, deal.stage),
                reason_texts.reason(playbook, deal),
                deal.note,
                deal.look_again_on,
                deal.owner_name,
                team.today(deal.closed_at) if deal.closed_at else None,
                deal.amount.amount if deal.amount else None,
                deal.amount.currency if deal.amount else "",
            )
        )
    return (Listing(title_of("care"), one.name if one else _("all campaigns"), columns, tuple(lines)),)


def _stage(playbook: Playbook, key: str) -> str:
    if not playbook.has_stage(key):
        return key
    stage = playbook.stage(key)
    return f"{stage.number} {stage.title.get(language())}"


_MAKERS: Final[Mapping[str, Callable[[Call, Campaign | None], tuple[Listing, ...]]]] = {
    "scores": _scores,
    "customers": _customers,
    "care": _care,
}
KINDS: Final = tuple(_MAKERS)
"""The lists there are."""
