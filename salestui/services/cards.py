"""Keeps what the board shows of a deal in step with its facts, in the transaction that changes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from salestui.domain.answers import open_count
from salestui.domain.case import Case, is_required
from salestui.domain.clock import TeamCalendar, deadline
from salestui.domain.clocks import next_due, score_life
from salestui.domain.facts import DealFacts, Status
from salestui.domain.gate import GateReport
from salestui.domain.placement import placement
from salestui.domain.playbook import Stage
from salestui.domain.requirement import Group, State
from salestui.domain.rhythm import Attention, attention
from salestui.services.loading import Loaded, judge_loaded, load_many, team_of
from salestui.services.request import Call, Request, reads, writes
from salestui.storage import cards as card_rows
from salestui.storage import deals as deal_rows
from salestui.storage.board_counts import OFF_BOARD
from salestui.storage.store import Transaction
from salestui.storage.words import searched

AT_ONCE = 200
PLACED_AT_ONCE = 2000
EAGER = 25


def refresh(tx: Transaction, deals: Sequence[int]) -> None:
    """Judge these deals anew, and keep the figures that the board shows and where it shows them."""
    for start in range(0, len(deals), AT_ONCE):
        kept = {}
        for loaded in load_many(tx, deals[start : start + AT_ONCE]).values():
            judged = figures(loaded, judge_loaded(loaded, tx))
            kept[loaded.deal.id] = {**judged, **_standing(loaded, judged, tx.now)}
        card_rows.save(kept)


def refresh_for(tx: Transaction, *, customer: int | None = None, campaign: int | None = None) -> None:
    """Judge anew the deals of a customer, of a campaign, or of the customer in the campaign.

    Where a change touches many deals, such as a campaign's market report, they are marked and judged when next read.
    """
    deals = deal_rows.ids_with(customer=customer, campaign=campaign, statuses=card_rows.ON_BOARD)
    if len(deals) <= EAGER:
        refresh(tx, deals)
    elif customer is None and campaign is not None:
        card_rows.mark_campaign_stale(campaign)
    else:
        card_rows.mark_stale(list(deals))


@reads
def outdated(call: Call, limit: int = AT_ONCE) -> tuple[int, ...]:
    """Return deals whose card is to be judged anew because facts of many changed, or time went by."""
    return card_rows.outdated(call.now, limit)


@writes
def catch_up(tx: Transaction, limit: int = AT_ONCE) -> int:
    """Judge outdated cards anew, `limit` of them at most; return how many there were."""
    deals = card_rows.outdated(tx.now, limit)
    refresh(tx, deals)
    return len(deals)


@reads
def any_misplaced(call: Call) -> bool:
    """Tell whether time alone has moved a card within its column."""
    return bool(card_rows.misplaced(call.now, 1))


@writes
def place_anew(tx: Transaction, limit: int = PLACED_AT_ONCE) -> int:
    """Put cards that time alone has moved where they belong, `limit` of them at most; return how many there were."""
    team = team_of(tx)
    moved = card_rows.misplaced(tx.now, limit)
    card_rows.save({card.deal: _place(card, tx.now, team) for card in moved})
    return len(moved)


def bring_up_to_date(request: Request) -> None:
    """Judge all outdated cards anew, a few hundred at a time; whoever reads many cards asks for it first."""
    unnamed = replace(request, command_id=None)
    while outdated(unnamed, 1):
        catch_up(unnamed)
    while any_misplaced(unnamed):
        place_anew(unnamed)


def _place(card: card_rows.Misplaced, now: datetime, team: TeamCalendar) -> dict[str, object]:
    found = placement(
        unmet=card.unmet,
        hopeless=card.hopeless,
        summary_due=card.summary_due,
        next_at=card.next_at,
        all_day=card.all_day,
        now=now,
        team=team,
    )
    return {"place": found.place, "late": found.late, "place_until": found.until}


def _standing(loaded: Loaded, judged: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """Return the columns that say where a card stands on the board, and what a filter finds it by."""
    deal = loaded.deal
    texts = (deal.customer_label, deal.customer_name, deal.title)
    grade = judged["grade"]
    standing: dict[str, object] = {
        "campaign": deal.campaign,
        "playbook": deal.playbook,
        "owner": deal.owner,
        "currency": deal.amount.currency if deal.amount else "",
        "minor": deal.amount.minor if deal.amount else None,
        "searched": searched(texts, f"d{deal.id} {grade}".casefold()),
    }
    if deal.status not in card_rows.ON_BOARD:
        return {**standing, **OFF_BOARD}
    names = ("unmet", "hopeless", "summary_due", "next_at", "next_all_day")
    figured = card_rows.Misplaced(deal.id, *(judged[name] for name in names))
    return {**standing, "shown_in": deal.stage, **_place(figured, now, loaded.team)}


def figures(loaded: Loaded, report: GateReport) -> dict[str, object]:
    """Return the columns of a card for a deal and its gate report."""
    case = Case(loaded.playbook, loaded.facts, report.as_of, loaded.team)
    stage = loaded.playbook.stage(loaded.deal.stage)
    actions = [r for r in report.requirements if r.group is Group.ACTIONS and r.stage == stage.key]
    score = loaded.facts.score
    return {
        "grade": score.grade if score else "",
        "score": score.total if score else None,
        "unmet": len(report.unmet),
        "met": len(report.met),
        "waiting": report.waiting,
        "excepted": len(report.excepted),
        "hopeless": report.hopeless,
        "outputs_done": _outputs_done(case, stage, report),
        "actions_done": sum(r.state is not State.UNMET for r in actions),
        "actions_total": len(actions),
        "next_at": loaded.facts.next_activity,
        "next_all_day": loaded.facts.next_all_day,
        "summary_due": _summary_due(case),
        **_score_life(loaded),
        **_attention(loaded, report.as_of),
        "unanswered": open_count(loaded.playbook, loaded.facts) if loaded.deal.status is Status.OPEN else 0,
        "last_touch": max((talk.at for talk in loaded.facts.talks), default=None),
        "stale": False,
        "changes_at": report.changes_at,
    }


def _outputs_done(case: Case, stage: Stage, report: GateReport) -> str:
    """One sign per output of the stage that this deal needs: 1 when all it asks is met or excepted."""
    unmet = {r.output for r in report.unmet if r.stage == stage.key}
    needed = [o for o in stage.outputs if not o.optional and is_required(o.required_when, case.facts)]
    return "".join("0" if output.key in unmet else "1" for output in needed)


def _summary_due(case: Case) -> datetime | None:
    """When the oldest summary that is not sent falls due or fell due (24 hours; handbook A, stage 3)."""
    output = case.playbook.talk_output()
    if output is None or output.summary is None:
        return None
    within = output.summary.within
    dues = (deadline(talk.at, within, case.team) for talk in case.facts.talks if talk.summary is None)
    return min(dues, default=None)


def _score_life(loaded: Loaded) -> dict[str, object]:
    """Until when the score of an open deal is fresh, and what moved at the customer where that shortened it."""
    score = loaded.facts.score
    if loaded.playbook.scoring is None or score is None or loaded.deal.status is not Status.OPEN:
        return {"score_until": None, "score_event": ""}
    life = score_life(loaded.playbook, score, loaded.facts.customer_events, loaded.team)
    return {"score_until": life.until, "score_event": life.event.kind if life.event else ""}


def _attention(loaded: Loaded, now: datetime) -> dict[str, object]:
    """When the deal is to be contacted, stands still for too long, and which other clock of its playbook is due."""
    deal, playbook, facts, team = loaded.deal, loaded.playbook, loaded.facts, loaded.team
    wants = attention(playbook, facts, team, created_at=deal.created_at, stage_since=deal.stage_since)
    run = next_due(playbook, facts, now, team, deal.stage_since)
    return {
        "contact_due": wants.contact_due,
        "idle_at": wants.idle_at,
        "quiet_at": _quiet_from(wants, facts, team),
        "clock": run.clock if run else "",
        "clock_due": run.due_at if run else None,
    }


def _quiet_from(wants: Attention, facts: DealFacts, team: TeamCalendar) -> datetime | None:
    """From when a deal counts for today although nothing was promised: it stands still, or is to be contacted today."""
    if facts.next_activity is not None:
        return None
    today = [wants.idle_at] if wants.idle_at else []
    if wants.contact_due is not None:
        last = team.today(wants.contact_due - timedelta(microseconds=1))
        today.append(team.end_of(last - timedelta(days=1)))
    return min(today, default=None)
