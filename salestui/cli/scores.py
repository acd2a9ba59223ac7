"""`salestui score`: a customer's scorecard in a campaign."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from salestui.cli import records
from salestui.cli.about import Place, place_arguments, place_of
from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.templates import template_answer, with_passes
from salestui.domain import scoring as rules
from salestui.domain.outcomes import Conflict
from salestui.domain.playbook import Playbook, Scoring
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.services import scores
from salestui.services.request import writes as in_one_transaction
from salestui.storage.store import Transaction

if TYPE_CHECKING:
    from salestui.domain.outcomes import Done, Invalid, NotAllowed

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a score."""
    place_arguments(group.command("template", _template, _("what is needed to score a customer")))
    parser = group.command("set", _set, _("record a scorecard; the newest one counts"), default=True)
    place_arguments(parser)
    writes(parser)
    place_arguments(reads(group.command("show", _show, _("show the scorecards, the newest first"))))


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        place = place_of(request, args)
        known = scores.history(request, place.customer, place.campaign)
        fields = scores.score_fields(request, place.campaign)
        values = scores.form_values(known[0]) if known else {}
        answer = template_answer(context, fields, revision=len(known), values=values)
    passing = _passing(place.playbook)
    return with_passes(answer, passing)


def _passing(playbook: Playbook) -> Mapping[str, Sequence[int]]:
    """Return for each criterion values that let the gate pass when all are chosen from them: enough, not the least."""
    scoring = playbook.scoring
    if scoring is None:
        return {}
    asked = [stage.passing_grades for stage in playbook.stages if stage.passing_grades]
    passing = {grade.key for grade in scoring.grades if all(grade.key in grades for grades in asked)}
    for part in range(101):
        values = {each.key: _at(each.min, each.max, part) for each in scoring.criteria}
        if all(_grade(scoring, values, higher) in passing for higher in range(part, 101)):
            return {each.key: list(range(values[each.key], each.max + 1)) for each in scoring.criteria}
    return {}


def _at(low: int, high: int, part: int) -> int:
    """Return the value that lies `part` hundredths of the way from low to high, rounded up."""
    return low + -(-(high - low) * part // 100)


def _grade(scoring: Scoring, values: Mapping[str, int], part: int) -> str:
    chosen = {each.key: max(values[each.key], _at(each.min, each.max, part)) for each in scoring.criteria}
    return rules.grade_for(scoring, rules.total(scoring, chosen)).key


def _set(context: Context, args: Namespace) -> Answer:
    told = given(args)
    request = context.request(told.command_id)
    place = place_of(request, args)
    fields = scores.score_fields(request, place.campaign)
    outcome = _record(request, place, told.values, told.expected_version)
    made = done(outcome, fields=fields, playbook=place.playbook)
    latest = scores.latest(request, place.customer, place.campaign)
    said = ""
    if latest is not None and place.playbook.scoring is not None:
        grade = place.playbook.scoring.grade(latest.grade)
        title = grade.title.get(context.language) if grade else latest.grade
        said = _("{id}: {total} points, {grade}.").format(id=made.id, total=latest.total, grade=title)
    answer = changed(made, said)
    extra = {"total": latest.total, "grade": latest.grade} if latest else {}
    return Answer({**answer.document, **extra}, answer.text)


@in_one_transaction
def _record(
    tx: Transaction, place: Place, values: Mapping[str, object], expected: int | None
) -> Done | Conflict | Invalid | NotAllowed:
    """Record a scorecard where nobody recorded one since the caller looked."""
    known = len(scores.history(tx, place.customer, place.campaign))
    if expected is not None and expected != known:
        return Conflict(shown(Kind.CUSTOMER, place.customer), expected, known)
    return scores.record_form(tx, place.customer, place.campaign, values)


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.cli.tables import table
    from salestui.domain.dates import short_moment
    from salestui.services.loading import team_of

    request = context.request()
    with request.reading():
        place = place_of(request, args)
        found = scores.history(request, place.customer, place.campaign)
        zone = team_of(request).zone
    criteria = place.playbook.scoring.criteria if place.playbook.scoring else ()
    headings = (_("time"), _("by"), *(each.short.get(context.language) for each in criteria), _("total"), _("grade"))
    rows = [
        (
            short_moment(each.at, zone, context.language),
            each.by_name,
            *(str(each.values.get(criterion.key, "")) for criterion in criteria),
            str(each.total),
            each.grade,
        )
        for each in found
    ]
    document = {
        "format": "salestui.scores/1",
        "customer": shown(Kind.CUSTOMER, place.customer),
        "campaign": shown(Kind.CAMPAIGN, place.campaign),
        "scores": [records.score(each) for each in found],
    }
    return Answer(document, lambda: table(headings, rows))
