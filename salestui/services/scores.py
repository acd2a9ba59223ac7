"""Scorecards: every criterion scored with its evidence; the total gives the grade (handbook A, stage 2)."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.domain import scoring as rules
from salestui.domain.facts import ScoreFact
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.playbook import Criterion, Field, FieldType, Scoring, Text
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable, read_integer, tidy
from salestui.domain.records import Kind, shown
from salestui.services import campaigns, cards, playbooks
from salestui.services.memberships import ensure_membership, not_responsible
from salestui.services.request import Call, reads, writes
from salestui.storage import memberships as membership_rows
from salestui.storage import scores as rows
from salestui.storage.store import Transaction

__all__ = ["card_of", "form_values", "history", "latest", "record", "record_form", "score_fields"]

Values = Mapping[str, object]
EVIDENCE = "_evidence"
"""Ends the keys of the form's fields that hold the evidence of a criterion."""


@reads
def card_of(call: Call, campaign: int) -> Scoring | None:
    """Return the scorecard of the campaign's playbook, None where that does not score. Raises NotFound."""
    found = campaigns.get(call, campaign)
    return playbooks.get(call, found.playbook, found.playbook_version).scoring


@reads
def score_fields(call: Call, campaign: int) -> tuple[Field, ...]:
    """Return the form of a scorecard: each criterion, its evidence under `<criterion>_evidence`, and a note.

    Empty where the campaign's playbook does not score. Raises NotFound.
    """
    scoring = card_of(call, campaign)
    if scoring is None:
        return ()
    fields = [field for each in scoring.criteria for field in _criterion_fields(each, needs=scoring.evidence_required)]
    return (*fields, Field("note", FieldType.LONG_TEXT, Text("备注", "Note")))


def _criterion_fields(criterion: Criterion, *, needs: bool) -> tuple[Field, Field]:
    value = Field(
        criterion.key,
        FieldType.INTEGER,
        criterion.title,
        help=_help(criterion),
        required=True,
        min=criterion.min,
        max=criterion.max,
    )
    evidence = Field(
        criterion.key + EVIDENCE,
        FieldType.LONG_TEXT,
        Text(f"{criterion.title.zh}·依据", f"{criterion.title.en}: evidence"),
        help=Text("凭什么给这个分", "What the score rests on"),
        required=needs,
    )
    return value, evidence


def _help(criterion: Criterion) -> Text:
    """Return what the criterion asks, with the meaning of each value."""
    values = list(enumerate(criterion.meanings, criterion.min))
    zh = "；".join([criterion.help.zh, *(f"{value} {meaning.zh}" for value, meaning in values)])
    en = "; ".join([criterion.help.en, *(f"{value} {meaning.en}" for value, meaning in values)])
    return Text(zh, en)


def form_values(score: ScoreFact) -> dict[str, object]:
    """Return a scorecard as values of its form."""
    evidence = {key + EVIDENCE: text for key, text in score.evidence.items()}
    return {**score.values, **evidence}


@reads
def latest(call: Call, customer: int, campaign: int) -> ScoreFact | None:
    """Return the scorecard that counts for the customer in the campaign, or None."""
    place = membership_rows.find(customer, campaign)
    return rows.latest(place.id) if place else None


@reads
def history(call: Call, customer: int, campaign: int) -> tuple[ScoreFact, ...]:
    """Return all scorecards of the customer in the campaign, the newest first."""
    place = membership_rows.find(customer, campaign)
    return rows.history(place.id) if place else ()


@reads
def version(call: Call, customer: int, campaign: int) -> int:
    """Return how many scorecards the customer has in the campaign: what a new one was written in the knowledge of."""
    return len(history(call, customer, campaign))


@writes
def record_form(
    tx: Transaction, customer: int, campaign: int, values: Values
) -> Done | Invalid | NotAllowed | Conflict:
    """Record a scorecard from the values of its form, as `record` does."""
    scoring = card_of(tx, campaign)
    keys = [criterion.key for criterion in scoring.criteria] if scoring else []
    evidence = {key: values[key + EVIDENCE] for key in keys if key + EVIDENCE in values}
    apart = {"note", *(key + EVIDENCE for key in keys)}
    scored = {key: value for key, value in values.items() if key not in apart}
    return record(tx, customer, campaign, scored, evidence, str(values.get("note") or ""))


@writes
def record(
    tx: Transaction,
    customer: int,
    campaign: int,
    values: Values,
    evidence: Values,
    note: str = "",
    expected_version: int | None = None,
) -> Done | Invalid | NotAllowed | Conflict:
    """Score a customer in a campaign: a whole number for every criterion, and its evidence where the playbook asks it.

    The owner of the customer, of one of its deals in the campaign or of the campaign, and managers may. Problems of
    evidence stand at `<criterion>_evidence`. `expected_version` is the number of scorecards there were (`version`).
    Raises NotFound.
    """
    found = campaigns.get(tx, campaign)
    playbook = playbooks.get(tx, found.playbook, found.playbook_version)
    refused = not_responsible(tx, customer, campaign)
    if refused:
        return refused
    if playbook.scoring is None:
        return Invalid((Problem("score", "no_scoring", {"playbook": playbook.key}),))
    scored = version(tx, customer, campaign)
    if expected_version is not None and expected_version != scored:
        return Conflict(shown(Kind.CUSTOMER, customer), expected_version, scored)
    points, proofs, problems = _read(playbook.scoring, values, evidence)
    if problems:
        return Invalid(problems)
    place = ensure_membership(tx, customer, campaign)
    total = rules.total(playbook.scoring, points)
    grade = rules.grade_for(playbook.scoring, total).key
    before = rows.latest(place.id)
    number = rows.insert(
        place.id,
        playbook_version=playbook.version,
        values=points,
        evidence=proofs,
        total=total,
        grade=grade,
        note=tidy(note, lines=True),
        by=tx.actor.id,
        now=tx.now,
    )
    subject = shown(Kind.CUSTOMER, customer)
    tx.record(
        "score.recorded",
        subject=subject,
        customer=customer,
        campaign=campaign,
        before=None if before is None else _summary(before.total, before.grade, before.values),
        after=_summary(total, grade, points),
        note=tidy(note, lines=True),
    )
    cards.refresh_for(tx, customer=customer, campaign=campaign)
    return Done(subject, place.version, number)


def _summary(total: int, grade: str, values: Mapping[str, int]) -> dict[str, object]:
    return {"total": total, "grade": grade, "values": dict(values)}


def _read(
    scoring: Scoring, values: Values, evidence: Values
) -> tuple[dict[str, int], dict[str, str], tuple[Problem, ...]]:
    """Return points and evidence as they are stored, with everything that keeps the scorecard from being complete."""
    known = {criterion.key: criterion for criterion in scoring.criteria}
    problems = [Problem(key, "unknown_field", {"field": key}) for key in values if key not in known]
    problems += [Problem(key + EVIDENCE, "unknown_field", {"field": key}) for key in evidence if key not in known]
    points: dict[str, int] = {}
    unread: set[str] = set()
    for key in known:
        raw = values.get(key)
        if raw is None or raw == "":
            continue
        try:
            points[key] = read_integer(raw)
        except Unreadable as error:
            unread.add(key)
            problems.append(Problem(key, error.code, {"type": FieldType.INTEGER.value, **error.params}))
    proofs = {key: tidy(str(evidence[key]), lines=True) for key in known if evidence.get(key)}
    for key, lack in rules.missing(scoring, points, proofs):
        if lack == "evidence":
            problems.append(Problem(key + EVIDENCE, "missing", {"field": key + EVIDENCE}))
        elif lack == "range":
            low = points[key] < known[key].min
            bounds = {"min": known[key].min, "max": known[key].max}
            problems.append(Problem(key, "too_small" if low else "too_large", bounds))
        elif key not in unread:
            problems.append(Problem(key, "missing", {"field": key}))
    return points, proofs, tuple(problems)
