"""One small case for every code that a requirement can have, and the codes that stand in the sources."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import salestui.domain
from salestui.domain.facts import ActionFact, ClassFact, DealFacts, Decision, FileFact, OutputFacts, ScoreFact, SentFact
from salestui.domain.playbook import (
    Criterion,
    CustomerClass,
    DataCheck,
    Duration,
    DurationUnit,
    Field,
    FieldType,
    FileRule,
    Grade,
    KeyAction,
    MetBy,
    Playbook,
    ReviewerRole,
    ReviewMode,
    ReviewRule,
    Scoring,
    SendRule,
    SummaryRule,
    Verdict,
)
from tests.domain.builders import (
    DAY,
    HOUR,
    NOW,
    book,
    facts,
    form,
    holding,
    line,
    lives,
    review,
    revision,
    said,
    stage,
    summary,
    talk,
    vote,
)

MONTH = Duration(1, DurationUnit.MONTHS)
ROLES = (ReviewerRole("technical", said("Technical")), ReviewerRole("legal", said("Legal")))


@dataclass(frozen=True)
class Known:
    """A playbook, a deal under it, and the key of the requirement that has the code."""

    playbook: Playbook
    facts: DealFacts
    key: str


def rule(of: str, mode: ReviewMode = ReviewMode.ALL, **rest: bool) -> ReviewRule:
    """Return a review by technical and legal."""
    return ReviewRule(of, ("technical", "legal"), mode, **rest)


def paper(*fields: Field, known: OutputFacts | None = None, aspect: str = "complete", **rest: object) -> Known:
    """Return a case of one form, of which `known` is known."""
    playbook = book(stage("one", form("paper", *fields, **rest)), stage("two"), roles=ROLES)
    return Known(playbook, facts(playbook, outputs=holding(known) if known else {}), f"one.paper.{aspect}")


def reviewed(known: OutputFacts | None = None, mode: ReviewMode = ReviewMode.ALL) -> Known:
    """Return a case of a form with a review of its own."""
    return paper(known=known, aspect="approved", review=rule("paper", mode))


SEND = SendRule((line("sent_on", FieldType.DATE),))


def sent(day: str, number: int = 1) -> SentFact:
    """Return a sending on `day`."""
    return SentFact(number, {"sent_on": day}, NOW, "王磊")


def signing(day: object, sent_on: str) -> Known:
    """Return a case of a contract sent on one day and signed on another."""
    contract = form("contract", send=SEND)
    signature = form("signed", line("day", FieldType.DATE, required=False), requires_sent="contract", sent_before="day")
    playbook = book(stage("one", contract, signature))
    values = {} if day is None else {"day": day}
    outputs = holding(
        OutputFacts("contract", revision(), sent=sent(sent_on)), OutputFacts("signed", revision(values, at=NOW))
    )
    return Known(playbook, facts(playbook, outputs=outputs), "one.signed.order")


SCORING = Scoring(
    (Criterion("fit", said("Fit"), said("fit"), said("how well"), 1, 5, (said("-"),) * 5),),
    (
        Grade("A", said("Focus"), said("good"), said("go"), 4),
        Grade("C", said("Hold"), said("bad"), said("stay"), 1),
    ),
    valid_for=MONTH,
)


def scored(score: ScoreFact | None, key: str) -> Known:
    """Return a case of a playbook that scores, where A alone may pass."""
    sheet = lives("sheet", MetBy.SCORE)
    playbook = book(stage("one", sheet, passing_grades=("A",)), scoring=SCORING, scoring_stage="one")
    return Known(playbook, facts(playbook, score=score), key)


def score(grade: str = "A", **rest: object) -> ScoreFact:
    """Return a scorecard given yesterday."""
    points = 5 if grade == "A" else 2
    known = {"at": NOW - DAY, "values": {"fit": points}, "total": points}
    return ScoreFact(1, by_name="王磊", evidence={"fit": "看过"}, grade=grade, **{**known, **rest})  # type: ignore[arg-type]


def classed(key: str | None, aspect: str = "passes") -> Known:
    """Return a case of a playbook that sorts customers into three lists."""
    classes = tuple(CustomerClass(verdict.value, said(verdict.value), verdict) for verdict in Verdict)
    playbook = book(stage("one", lives("list", MetBy.CLASSIFICATION)), classes=classes)
    known = ClassFact(key, "年底扩产", NOW, "王磊") if key else None
    return Known(playbook, facts(playbook, classification=known), f"one.list.{aspect}")


DAY_OF_24_HOURS = Duration(24, DurationUnit.HOURS)
SUMMARY = SummaryRule((line("sent_at", FieldType.DATETIME),), DAY_OF_24_HOURS)
RECORD = lives("record", MetBy.TALK, fields=(line("pains"),), summary=SUMMARY)


def spoken(*talks: object, key: str = "one.record.complete") -> Known:
    """Return a case of a playbook with a communication record."""
    playbook = book(stage("one", RECORD))
    return Known(playbook, facts(playbook, talks=talks), key)


def acted(action: KeyAction, **known: object) -> Known:
    """Return a case of one key action."""
    playbook = book(stage("one", form("paper"), actions=(action,)))
    return Known(playbook, facts(playbook, **known), f"one.{action.key}.done")


TOLD = {"pains": "停线"}
FAIR = line("fit", FieldType.CHOICE, choices=(), passes=("high",))
GONE = FileFact("合同.pdf", "0" * 64, 9, "pdf", present=False)
TICK = KeyAction("prepared", said("Prepared"), note_required=True)
BY_DATA = KeyAction("noted", said("Noted"), data=DataCheck(MetBy.OUTPUT, "paper", "note"))

CASES: dict[str, Known] = {
    "output_missing": paper(),
    "output_withdrawn": paper(known=OutputFacts("paper", withdrawn=True)),
    "output_incomplete": paper(known=OutputFacts("paper", revision({}))),
    "output_file_missing": paper(files=FileRule(1), known=OutputFacts("paper", revision(files=(GONE,)))),
    "output_expired": paper(valid_for=MONTH, known=OutputFacts("paper", revision(at=NOW - 40 * DAY))),
    "output_complete": paper(known=OutputFacts("paper", revision())),
    "output_passes": paper(FAIR, known=OutputFacts("paper", revision({"fit": "high"})), aspect="passes"),
    "output_not_passing": paper(FAIR, known=OutputFacts("paper", revision({"fit": "low"})), aspect="passes"),
    "review_nothing_yet": reviewed(),
    "review_not_requested": reviewed(OutputFacts("paper", revision())),
    "review_outdated": reviewed(OutputFacts("paper", revision(number=2), review=review(of=1))),
    "review_waiting": reviewed(OutputFacts("paper", revision(), review=review(vote("technical")))),
    "review_refused": reviewed(
        OutputFacts("paper", revision(), review=review(vote("technical"), vote("legal", Decision.REJECT)))
    ),
    "review_approved": reviewed(OutputFacts("paper", revision(), review=review(vote("technical"), vote("legal")))),
    "sent_nothing_yet": paper(aspect="sent", send=SEND),
    "sent_needs_approval": paper(
        aspect="sent", send=SEND, review=rule("paper"), known=OutputFacts("paper", revision(), sent=sent("2026-11-20"))
    ),
    "not_sent": paper(
        aspect="sent", send=SEND, known=OutputFacts("paper", revision(number=2), sent=sent("2026-11-20"))
    ),
    "sent": paper(aspect="sent", send=SEND, known=OutputFacts("paper", revision(), sent=sent("2026-11-20"))),
    "signed_before_sent": signing("2026-11-19", "2026-11-20"),
    "signed_after_sent": signing("2026-11-20", "2026-11-20"),
    "not_scored": scored(None, "one.sheet.fresh"),
    "score_fresh": scored(score(), "one.sheet.fresh"),
    "score_expired": scored(score(at=NOW - 40 * DAY), "one.sheet.fresh"),
    "no_grade": scored(None, "one.grade.passes"),
    "grade_passes": scored(score(), "one.grade.passes"),
    "grade_cannot_pass": scored(score("C"), "one.grade.passes"),
    "not_classified": classed(None, "classified"),
    "classified": classed("passes", "classified"),
    "class_passes": classed("passes"),
    "class_needs_exception": classed("needs_exception"),
    "class_never_passes": classed("never"),
    "talk_missing": spoken(),
    "talk_incomplete": spoken(talk()),
    "talk_complete": spoken(talk(values=TOLD)),
    "summary_missing": spoken(talk(), key="one.record.summary"),
    "summary_late": spoken(talk(at=NOW - 25 * HOUR), key="one.record.summary"),
    "summary_sent": spoken(talk(summary=summary()), key="one.record.summary"),
    "summary_sent_late": spoken(talk(at=NOW - 2 * DAY, summary=summary()), key="one.record.summary"),
    "action_open": acted(TICK),
    "action_needs_note": acted(TICK, actions={"prepared": ActionFact("prepared", NOW, "王磊", " ")}),
    "action_done": acted(TICK, actions={"prepared": ActionFact("prepared", NOW, "王磊", "目标价已定")}),
    "action_data_missing": acted(BY_DATA),
    "action_met_by_data": acted(BY_DATA, outputs=holding(OutputFacts("paper", revision()))),
}


def codes_in_sources() -> set[str]:
    """Return every code that the gate's checks can give a requirement."""
    folder = Path(salestui.domain.__file__).parent
    return {code for file in folder.glob("*.py") for code in _codes(ast.parse(file.read_text("utf-8")))}


def _codes(tree: ast.Module) -> Iterator[str]:
    if not any(isinstance(node, ast.alias) and node.name == "Requirement" for node in ast.walk(tree)):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]
                if names[:1] in (["code"], ["codes"]):
                    pair = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    yield from _results(node.value.elts[0] if pair else node.value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.keyword) and node.arg == "code":
            yield from _results(node.value)


def _results(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _results(value.body)
        yield from _results(value.orelse)
    elif isinstance(value, ast.Dict):
        for each in value.values:
            yield from _results(each)
