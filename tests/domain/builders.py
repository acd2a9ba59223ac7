"""Small playbooks and facts for tests of the rules, and facts that open every gate of any playbook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from salestui.domain.case import Case
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import (
    ActionFact,
    ClassFact,
    DealFacts,
    Decision,
    ExceptionFact,
    FileFact,
    OutputFacts,
    ReviewFact,
    Revision,
    ScoreFact,
    SentFact,
    Status,
    SummaryFact,
    TalkFact,
    VoteFact,
)
from salestui.domain.gate import GateReport, evaluate
from salestui.domain.playbook import (
    After,
    Covers,
    Distinct,
    Field,
    FieldType,
    Holds,
    MetBy,
    Output,
    Playbook,
    ReviewRule,
    Scope,
    Stage,
    Text,
    Verdict,
)
from salestui.domain.requirement import Requirement
from salestui.domain.scoring import grade_for, total

SHANGHAI = timezone(timedelta(hours=8))
TEAM = TeamCalendar(SHANGHAI)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TODAY = TEAM.today(NOW)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def said(words: str) -> Text:
    """Return a text that is the same in both languages."""
    return Text(words, words)


def line(key: str = "note", kind: FieldType = FieldType.TEXT, **rest: Any) -> Field:
    """Return a required field."""
    return Field(key, kind, said(key), **{"required": True, **rest})


def form(key: str, *fields: Field, **rest: Any) -> Output:
    """Return an output of the deal that people fill in; with no fields given it has one required text."""
    known = {"owner": Scope.DEAL, "holds": Holds.ALWAYS, "fields": fields or (line(),)}
    return Output(key, said(key), **{**known, **rest})


def lives(key: str, by: MetBy, **rest: Any) -> Output:
    """Return an output that lives in the data."""
    known = {"owner": Scope.DEAL, "holds": Holds.ALWAYS}
    return Output(key, said(key), met_by=by, **{**known, **rest})


def stage(key: str, *outputs: Output, **rest: Any) -> Stage:
    """Return a stage; `book` numbers it."""
    known = {"goal": said(key), "owners": (said("Sales"),), "guidance": (), "actions": ()}
    return Stage(key, 0, said(key), said(key), outputs=outputs, **{**known, **rest})


def book(*stages: Stage, **rest: Any) -> Playbook:
    """Return a playbook with these stages in order."""
    numbered = tuple(replace(each, number=number) for number, each in enumerate(stages, 1))
    return Playbook("small", 1, said("Small"), said("A small one"), stages=numbered, **rest)


def revision(values: Mapping[str, object] | None = None, number: int = 1, **rest: Any) -> Revision:
    """Return a submitted revision, complete for `form` as it stands."""
    known: dict[str, Any] = {"files": (), "author": 1, "author_name": "王磊", "at": NOW - DAY}
    return Revision(number, number, {"note": "ja"} if values is None else values, **{**known, **rest})


def vote(role: str, decision: Decision = Decision.APPROVE, **rest: Any) -> VoteFact:
    """Return one vote."""
    return VoteFact(role, rest.pop("name", f"{role} person"), decision, rest.pop("at", NOW - HOUR), **rest)


def review(*votes: VoteFact, of: int = 1, **rest: Any) -> ReviewFact:
    """Return a review of revision `of`."""
    return ReviewFact(7, of, 1, "王磊", rest.pop("requested_at", NOW - 2 * HOUR), votes, **rest)


def approval(rule: ReviewRule, number: int) -> ReviewFact:
    """Return the review that approves revision `number`."""
    return review(*(vote(role) for role in rule.roles), of=number)


def excepted(requirement: str, until: datetime = NOW + DAY, **rest: Any) -> ExceptionFact:
    """Return an exception granted yesterday."""
    return ExceptionFact(rest.pop("id", 5), requirement, "客户催得急", "陈默", NOW - DAY, until, **rest)


def talk(number: int = 9, **rest: Any) -> TalkFact:
    """Return a talk held an hour ago."""
    known: dict[str, Any] = {"at": NOW - HOUR, "channel": "phone", "subject": "报价", "values": {}}
    return TalkFact(number, **{**known, **rest})


def summary(at: datetime = NOW) -> SummaryFact:
    """Return a summary sent at `at`."""
    return SummaryFact(at, {"text": "…"})


def facts(playbook: Playbook, at: str = "", **rest: Any) -> DealFacts:
    """Return the facts of an open deal of which nothing else is known, in stage `at` or the first one."""
    known: dict[str, Any] = {"status": Status.OPEN, "owner": 1, "version": 1}
    return DealFacts(7, at or playbook.first_stage().key, **{**known, **rest})


def holding(*outputs: OutputFacts) -> dict[str, OutputFacts]:
    """Return outputs by key."""
    return {output.key: output for output in outputs}


def case_of(playbook: Playbook, known: DealFacts, now: datetime = NOW) -> Case:
    """Return a question to the gate's checks."""
    return Case(playbook, known, now, TEAM)


def judge(playbook: Playbook, known: DealFacts, now: datetime = NOW) -> GateReport:
    """Ask the gate."""
    return evaluate(playbook, known, now, TEAM)


def asked(playbook: Playbook, known: DealFacts, key: str, now: datetime = NOW) -> Requirement:
    """Return the requirement `key` of the gate."""
    found = judge(playbook, known, now).requirement(key)
    assert found is not None, [requirement.key for requirement in judge(playbook, known, now).requirements]
    return found


# Facts that open every gate


def value_for(field: Field, today: date, nth: int = 0) -> object:
    """Return a stored value that completes a field; `nth` makes the rows of a table differ."""
    match field.type:
        case FieldType.INTEGER:
            return field.max if field.max is not None else (field.min or 0) + 1
        case FieldType.DECIMAL:
            return str(field.min if field.min is not None else 1)
        case FieldType.MONEY:
            return {"minor": 68000000, "currency": "CNY"}
        case FieldType.DATE:
            ahead = any(isinstance(rule, After) for rule in field.rules)
            return (today + timedelta(days=30 if ahead else 0)).isoformat()
        case FieldType.DATETIME:
            return NOW.isoformat()
        case FieldType.YES_NO:
            return field.passes != ("no",)
        case FieldType.CHOICE:
            keys = field.passes or tuple(choice.key for choice in field.choices)
            return keys[nth % len(keys)]
        case FieldType.CHOICES:
            return [choice.key for choice in field.choices]
        case FieldType.TABLE:
            return _rows(field, today)
        case _:
            return f"{field.key} {nth}"


def _rows(field: Field, today: date) -> list[dict[str, object]]:
    count = max([field.min_rows or 1, *(_needed(rule) for rule in field.rules)])
    return [{column.key: value_for(column, today, nth) for column in field.columns} for nth in range(count)]


def _needed(rule: object) -> int:
    if isinstance(rule, Distinct):
        return rule.at_least
    return len(rule.values) if isinstance(rule, Covers) else 1


def complete(fields: Sequence[Field], today: date = TODAY) -> dict[str, object]:
    """Return stored values that complete a form; what is asked only in some cases is filled in as well."""
    return {field.key: value_for(field, today) for field in fields}


def open_output(playbook: Playbook, output: Output, now: datetime = NOW, number: int = 1) -> OutputFacts:
    """Return everything the gate can ask of a form: complete, approved, sent."""
    today = TEAM.today(now)
    kinds = output.files.types or ("pdf",)
    files = tuple(FileFact(f"{n}.{kinds[0]}", f"{n:064x}", 9, kinds[0]) for n in range(output.files.min))
    known = revision(complete(output.fields, today), number, files=files, at=now - DAY)
    rule = playbook.review_of(output.key)
    sent = SentFact(number, complete(output.send.fields, today - DAY), now, "王磊") if output.send else None
    return OutputFacts(output.key, known, review=approval(rule, number) if rule else None, sent=sent)


def open_facts(playbook: Playbook, at: str = "", now: datetime = NOW, **rest: Any) -> DealFacts:
    """Return the facts of a deal in stage `at` for which every gate of the playbook is open."""
    forms = [output for _, output in playbook.outputs() if output.met_by is None]
    scoring, spoken = playbook.scoring, playbook.talk_output()
    score = None
    if scoring is not None:
        values = {criterion.key: criterion.max for criterion in scoring.criteria}
        points = total(scoring, values)
        score = ScoreFact(
            1, now - DAY, "王磊", values, dict.fromkeys(values, "看过"), points, grade_for(scoring, points).key
        )
    best = next((known.key for known in playbook.classes if known.verdict is Verdict.PASSES), None)
    talks = (talk(1, at=now - 2 * HOUR, values=complete(spoken.fields), summary=summary(now - HOUR)),) if spoken else ()
    ticks = {
        a.key: ActionFact(a.key, now, "王磊", "当面") for s in playbook.stages for a in s.actions if a.data is None
    }
    known: dict[str, Any] = {
        "outputs": holding(*(open_output(playbook, output, now) for output in forms)),
        "score": score,
        "classification": ClassFact(best, "年底扩产", now - DAY, "王磊") if best else None,
        "talks": talks,
        "actions": ticks,
        "customer": dict.fromkeys(("name", "industry", "region", "size", "source", "need"), "有"),
        "next_activity": now + DAY,
        "planned_until": now + DAY,
        "scenario": playbook.scenarios[0].key if playbook.scenarios else "",
    }
    return facts(playbook, at, **{**known, **rest})
