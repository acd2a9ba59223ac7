"""Gathers the outputs that nobody fills in as a form: talks, scorecards, customer lists, reviews."""

from __future__ import annotations

from datetime import datetime, timedelta

from salestui.dataclass import dataclass
from salestui.domain import scoring as scores
from salestui.domain.case import Case
from salestui.domain.clock import deadline
from salestui.domain.documents import Column, Grid, Line, Part, Prose, Section
from salestui.domain.facts import Decision, TalkFact
from salestui.domain.playbook import Grade, MetBy, Verdict
from salestui.domain.records import Kind, shown
from salestui.domain.review import approved_at, latest_votes
from salestui.domain.sheets import ReviewRecord
from salestui.domain.talk_checks import fulfilling_talk
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import activities, classes, reviews
from salestui.services.export_parts import CONTENT, file_parts, form_parts, list_parts, votes_grid
from salestui.services.gate_views import channel
from salestui.services.output_rules import Spot
from salestui.services.request import Call
from salestui.services.summaries import summary_files

__all__ = ["Gathered", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found: sections, who wrote it and when, and (`about`) which talk or revision it tells of."""

    sections: tuple[Section, ...]
    author: str
    at: datetime
    about: str = ""


def gather(call: Call, spot: Spot) -> Gathered | None:
    """Return an output that lives in the data, None where there is nothing of it yet."""
    match spot.output.met_by:
        case MetBy.TALK:
            return _talk(call, spot)
        case MetBy.SCORE:
            return _score(spot)
        case MetBy.CLASSIFICATION:
            return _lists(call, spot)
        case MetBy.REVIEW:
            return _review(call, spot)
    return None


# The communication record


def _talk(call: Call, spot: Spot) -> Gathered | None:
    loaded = spot.loaded
    talk = fulfilling_talk(Case(loaded.playbook, loaded.facts, call.now, loaded.team), spot.output)
    if talk is None:
        return None
    held = activities.get(call, talk.id)
    content: list[Part] = [Line("subject", _("Subject"), talk.subject)] if talk.subject else []
    sections = (
        Section(CONTENT, "", (*content, *form_parts(spot.output.fields, talk.values, loaded.team))),
        _summary(call, spot, talk),
        _other_talks(spot, talk),
    )
    return Gathered(sections, held.owner_name, talk.at, shown(Kind.ACTIVITY, talk.id))


def _summary(call: Call, spot: Spot, talk: TalkFact) -> Section:
    rule, team = spot.output.summary, spot.loaded.team
    fields = rule.fields if rule else ()
    values = talk.summary.values if talk.summary else {}
    sent_at = talk.summary.sent_at.astimezone(team.zone) if talk.summary else None
    parts: list[Part] = [Line("summary_sent", _("Sent"), f"{sent_at:%Y-%m-%d %H:%M}" if sent_at else "")]
    if rule and talk.summary:
        late = talk.summary.sent_at > deadline(talk.at, rule.within, team)
        parts.append(Line("summary_in_time", _("In time"), _("late") if late else _("yes")))
    parts += form_parts([field for field in fields if field.key != "sent_at"], values, team)
    return Section("summary", _("Written summary"), (*parts, *file_parts(summary_files(call, talk.id))))


def _other_talks(spot: Spot, told: TalkFact) -> Section:
    loaded = spot.loaded
    columns = (
        Column("id", _("No.")),
        Column("at", _("Time")),
        Column("channel", _("Channel")),
        Column("subject", _("Subject")),
        Column("summary", _("Summary sent")),
    )
    rows = []
    for talk in sorted(loaded.facts.talks, key=lambda talk: (talk.at, talk.id)):
        if talk.id != told.id:
            sent = f"{talk.summary.sent_at.astimezone(loaded.team.zone):%Y-%m-%d %H:%M}" if talk.summary else _("no")
            when = f"{talk.at.astimezone(loaded.team.zone):%Y-%m-%d %H:%M}"
            how = channel(loaded.playbook, talk.channel)
            rows.append((shown(Kind.ACTIVITY, talk.id), when, how, talk.subject, sent))
    return Section("talks", _("Other talks"), (Grid("talks", _("Other talks"), columns, tuple(rows)),))


# The scoring and grading sheet of one customer


def _score(spot: Spot) -> Gathered | None:
    score, scoring = spot.loaded.facts.score, spot.loaded.playbook.scoring
    if score is None or scoring is None:
        return None
    grade = scoring.grade(score.grade)
    team = spot.loaded.team
    parts: list[Part] = [
        Line("total", _("Total"), f"{score.total} ({scoring.lowest}–{scoring.highest})"),
        Line("grade", _("Grade"), _grade(grade) if grade else score.grade),
        Line("meaning", _("Meaning"), grade.meaning.get(language()) if grade else ""),
        Line("consequence", _("What follows"), grade.consequence.get(language()) if grade else ""),
    ]
    if scoring.valid_for is not None:
        last = team.today(deadline(score.at, scoring.valid_for, team) - timedelta(seconds=1))
        parts.append(Line("valid_until", _("Valid until"), last.isoformat()))
    columns = (
        Column("criterion", _("Criterion")),
        Column("score", _("Score"), right=True),
        Column("weight", _("Weight"), right=True),
        Column("meaning", _("Meaning")),
        Column("evidence", _("Evidence")),
    )
    rows = []
    for each in scoring.criteria:
        value = score.values.get(each.key)
        known = value is not None and 0 <= value - each.min < len(each.meanings)
        meaning = each.meanings[value - each.min].get(language()) if known and value is not None else ""
        evidence = score.evidence.get(each.key, "")
        points = "" if value is None else str(value)
        rows.append((each.title.get(language()), points, str(each.weight), meaning, evidence))
    parts.append(Grid("criteria", _("Criteria"), columns, tuple(rows)))
    warned = scores.warnings(scoring, score.grade, score.values)
    parts.append(Prose("warnings", _("Warnings"), "\n".join(warning.text.get(language()) for warning in warned)))
    return Gathered((Section(CONTENT, "", tuple(parts)),), score.by_name, score.at)


def _grade(grade: Grade) -> str:
    """Return a grade by letter and name, once where the name has the letter already."""
    title = grade.title.get(language())
    return title if title.startswith(grade.key) else f"{grade.key} {title}"


# The lists of customers


def _lists(call: Call, spot: Spot) -> Gathered | None:
    lists = classes.classes_of(call, spot.deal.campaign)
    passing = [each for each in lists if each.cls is not None and each.cls.verdict is Verdict.PASSES]
    newest = max(
        ((member.at, member.by_name) for each in passing for member in each.members if member.at), default=None
    )
    if newest is None:
        return None
    at, by_name = newest
    return Gathered((Section("lists", "", list_parts(passing, spot.loaded.team)),), by_name, at)


# The record of a review


def _review(call: Call, spot: Spot) -> Gathered | None:
    found = reviews.of_output(call, spot.deal.id, spot.output.key)
    rule = spot.output.review
    if not found or rule is None:
        return None
    playbook, team, newest = spot.loaded.playbook, spot.loaded.team, found[0]
    read = spot.loaded.facts.outputs.get(rule.of)
    when = approved_at(rule, read.review, read.revision) if read else None
    parts: list[Part] = [
        Line("of", _("Reviewed"), playbook.output(rule.of).title.get(language())),
        Line("reviewed_revision", _("Revision"), f"r{newest.revision}"),
        Line("requested_by", _("Asked for by"), newest.requested_by_name),
        Line("requested_on", _("Asked for on"), team.today(newest.requested_at).isoformat()),
        Line("result", _("Result"), _result(newest, when)),
        Line("approved_on", _("Approved on"), team.today(when).isoformat() if when else ""),
        Prose("note", _("Remark"), newest.note),
        votes_grid(found, playbook, team),
    ]
    last = max((vote.fact.at for vote in newest.votes), default=newest.requested_at)
    return Gathered((Section(CONTENT, "", tuple(parts)),), newest.requested_by_name, last, f"r{newest.revision}")


def _result(review: ReviewRecord, approved: datetime | None) -> str:
    if review.recalled_at is not None:
        return _("recalled")
    if review.stale:
        return _("about a revision that is not current any more")
    if approved is not None:
        return _("approved")
    refused = any(vote.decision is not Decision.APPROVE for vote in latest_votes(review.fact))
    return _("not approved") if refused else _("waiting for votes")
