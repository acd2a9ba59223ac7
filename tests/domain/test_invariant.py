"""What holds of the gate for any playbook and any facts. See `tests.effort` for a longer look."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from salestui.domain.facts import ClassFact, CustomerEventFact, DealFacts, Decision, OutputFacts, Status
from salestui.domain.money import Money
from salestui.domain.playbook import (
    Condition,
    Criterion,
    CustomerClass,
    DataCheck,
    Duration,
    DurationUnit,
    FieldType,
    FileRule,
    Grade,
    Holds,
    KeyAction,
    MetBy,
    Output,
    Playbook,
    ReviewerRole,
    ReviewMode,
    ReviewRule,
    Scenario,
    Scoring,
    SendRule,
    Stage,
    SummaryRule,
    Verdict,
)
from salestui.playbooks.loader import builtin
from tests.domain.builders import (
    DAY,
    HOUR,
    NOW,
    TEAM,
    TODAY,
    book,
    complete,
    excepted,
    form,
    judge,
    line,
    lives,
    open_facts,
    said,
    stage,
    summary,
    talk,
    vote,
)
from tests.domain.oracle import Oracle
from tests.effort import examples

ROLES = ("technical", "legal")
CURRENCIES = ("CNY", "EUR")
GRADES = ("A", "B")
SCENARIOS = ("new", "old")
SENT_ON = line("sent_on", FieldType.DATE)
holds = st.sampled_from(Holds)
often = st.sampled_from((True, True, True, False))
rarely = st.sampled_from((False, False, False, True))
lengths = st.builds(Duration, st.integers(1, 40), st.sampled_from(DurationUnit))


# Playbooks


@st.composite
def conditions(draw: st.DrawFn) -> Condition | None:
    if draw(often):
        return None
    amount = draw(st.sampled_from((None, 100)))
    return Condition(
        grades=draw(st.sampled_from(((), ("A",)))),
        scenarios=draw(st.sampled_from(((), ("new",)))),
        amount_at_least=amount,
        currency="CNY" if amount else "",
    )


def rules(key: str) -> st.SearchStrategy[ReviewRule]:
    return st.builds(ReviewRule, st.just(key), st.just(ROLES), st.sampled_from(ReviewMode), often)


@st.composite
def forms(draw: st.DrawFn, key: str) -> Output:
    fields = [line()]
    if draw(st.booleans()):
        fields.append(line("verdict", FieldType.YES_NO, passes=("yes",)))
    if draw(rarely):
        fields.append(line("signed", FieldType.DATE, required=draw(st.booleans())))
    return form(
        key,
        *fields,
        holds=draw(holds),
        files=FileRule(draw(st.integers(0, 1))),
        required_when=draw(conditions()),
        valid_for=draw(st.none() | lengths),
        review=draw(st.none() | rules(key)),
        send=SendRule((SENT_ON,)) if draw(rarely) else None,
        exceptable=draw(often),
        optional=draw(rarely),
    )


def actions(key: str, outputs: tuple[Output, ...], has_record: bool) -> st.SearchStrategy[KeyAction]:
    known = [output.key for output in outputs if output.met_by is None]
    checks = [st.none(), st.just(DataCheck(MetBy.FOLLOW_UP)), st.just(DataCheck(MetBy.CUSTOMER, field="region"))]
    if known:
        checks.append(st.builds(DataCheck, st.just(MetBy.OUTPUT), st.sampled_from(known)))
        checks.append(st.builds(DataCheck, st.just(MetBy.OUTPUT), st.sampled_from(known), st.just("note")))
    if has_record:
        checks += [st.just(DataCheck(MetBy.SUMMARY)), st.just(DataCheck(MetBy.TALK, field="pains"))]
    sends = [output.key for output in outputs if output.send]
    if sends:
        checks.append(st.builds(DataCheck, st.just(MetBy.SENT), st.sampled_from(sends)))
    return st.builds(
        KeyAction, st.just(key), st.just(said(key)), note_required=st.booleans(), data=st.one_of(checks), holds=holds,
        exceptable=often,
    )  # fmt: skip


@st.composite
def small_books(draw: st.DrawFn) -> Playbook:
    """Build a playbook of two to four stages with outputs of every kind in any order."""
    kinds = draw(st.permutations([MetBy.SCORE, MetBy.CLASSIFICATION, MetBy.TALK]))
    kinds = kinds[: draw(st.integers(0, 3))]
    stages: list[Stage] = []
    outputs: list[Output] = []
    count = draw(st.integers(2, 4))
    for number in range(count):
        here = [draw(forms(f"form{number}{n}")) for n in range(draw(st.integers(0, 2)))]
        signs = [each for each in here if any(field.key == "signed" for field in each.fields)]
        sends = [each for each in outputs if each.send]
        here = [
            replace(each, requires_sent=draw(st.sampled_from(sends)).key, sent_before="signed")
            if each in signs and sends
            else each
            for each in here
        ]
        if kinds and draw(st.booleans()):
            here.append(_living(draw, kinds.pop()))
        bare = [each for each in (*outputs, *here) if each.met_by is None and each.review is None]
        if bare and draw(rarely):
            of = draw(st.sampled_from(bare)).key
            if not any(each.review and each.review.of == of for each in outputs):
                here.append(lives(f"checked{number}", MetBy.REVIEW, review=draw(rules(of)), holds=draw(holds)))
        outputs += here
        scored = any(each.met_by is MetBy.SCORE for each in outputs)
        has_record = any(each.met_by is MetBy.TALK for each in outputs)
        ticks = [draw(actions(f"act{number}{n}", tuple(outputs), has_record)) for n in range(draw(st.integers(0, 2)))]
        stages.append(
            stage(
                f"stage{number}",
                *here,
                actions=tuple(ticks),
                passing_grades=("A",) if scored and draw(rarely) else (),
                retired=number > 0 and draw(rarely),
                delivery=number > 0 and draw(rarely),
            )
        )
    return _furnished(stages, outputs)


def _living(draw: st.DrawFn, kind: MetBy) -> Output:
    known: dict[str, object] = {"holds": draw(holds), "exceptable": draw(often), "required_when": draw(conditions())}
    if kind is MetBy.TALK:
        rule = SummaryRule((line("sent_at", FieldType.DATETIME),), Duration(24, DurationUnit.HOURS))
        known |= {"fields": (line("pains"),), "summary": draw(st.sampled_from((rule, None))), "optional": draw(rarely)}
    return lives(kind.value, kind, **known)


def _furnished(stages: list[Stage], outputs: list[Output]) -> Playbook:
    kinds = {output.met_by for output in outputs}
    criterion = Criterion("fit", said("Fit"), said("fit"), said("-"), 1, 2, (said("-"),) * 2)
    grades = tuple(Grade(key, said(key), said("-"), said("-"), 2 - n) for n, key in enumerate(GRADES))
    scoring = Scoring((criterion,), grades, valid_for=Duration(1, DurationUnit.MONTHS))
    classes = tuple(CustomerClass(verdict.value, said(verdict.value), verdict) for verdict in Verdict)
    return book(
        *stages,
        roles=tuple(ReviewerRole(key, said(key)) for key in ROLES),
        scoring=scoring if MetBy.SCORE in kinds else None,
        classes=classes if MetBy.CLASSIFICATION in kinds else (),
        scenarios=tuple(Scenario(key, said(key)) for key in SCENARIOS),
    )


playbooks = st.one_of(st.sampled_from((builtin("expansion"), builtin("role"))), small_books(), small_books())


# Facts


@st.composite
def outputs_as(draw: st.DrawFn, known: OutputFacts) -> OutputFacts:
    """Return an output as it may stand: whole, missing, withdrawn, emptied, old, unapproved, refused, not sent."""
    revision = known.revision
    assert revision is not None
    match draw(st.integers(0, 11)):
        case 0:
            return OutputFacts(known.key, has_draft=draw(st.booleans()))
        case 1:
            return replace(known, revision=None, withdrawn=True)
        case 2:
            values = dict(revision.values)
            for key in draw(st.sets(st.sampled_from(sorted(values) or ["note"]))):
                values.pop(key, None)
            return replace(known, revision=replace(revision, values=values))
        case 3:
            return replace(known, revision=replace(revision, at=NOW - draw(st.integers(0, 400)) * DAY))
        case 4:
            files = tuple(replace(file, present=draw(st.booleans())) for file in revision.files)
            return replace(known, revision=replace(revision, files=files))
        case 5:
            return replace(known, revision=replace(revision, number=2))
        case 6:
            return replace(known, review=None)
        case 7 if known.review:
            decisions = st.sampled_from(Decision)
            votes = tuple(replace(each, decision=draw(decisions)) for each in known.review.votes if draw(often))
            return replace(known, review=replace(known.review, votes=votes, recalled=draw(rarely)))
        case 8:
            return replace(known, sent=None)
        case 9:
            changed = {key: not value if isinstance(value, bool) else value for key, value in revision.values.items()}
            return replace(known, revision=replace(revision, values=changed))
        case _:
            return known


events = st.builds(
    CustomerEventFact,
    st.just(1),
    st.just("budget"),
    st.just(TODAY),
    st.integers(0, 9).map(lambda days: NOW - days * DAY),
    st.integers(0, 1),
)


@st.composite
def deals(draw: st.DrawFn, playbook: Playbook) -> DealFacts:
    """Return a deal of which anything may be true."""
    whole = open_facts(playbook, draw(st.sampled_from(playbook.stages)).key)
    score = whole.score
    if score is not None and playbook.scoring is not None:
        grade = draw(st.sampled_from(playbook.scoring.grades)).key
        at = NOW - draw(st.sampled_from((1, 20, 27, 31, 90))) * DAY
        score = draw(st.sampled_from((score, replace(score, grade=grade, at=at), replace(score, at=at), None)))
    classes = [ClassFact(each.key, "看过", NOW - DAY, "王磊") for each in playbook.classes]
    facts = replace(
        whole,
        status=draw(st.sampled_from((Status.OPEN, Status.OPEN, Status.WON))),
        scenario=draw(st.sampled_from(("", *(each.key for each in playbook.scenarios)))),
        amount=draw(st.none() | st.builds(Money, st.sampled_from((99, 100)), st.sampled_from(CURRENCIES))),
        outputs={key: draw(outputs_as(known)) for key, known in whole.outputs.items()},
        score=score,
        classification=draw(st.sampled_from((whole.classification, *classes, None))),
        talks=(*whole.talks, *draw(talks(playbook))) if draw(often) else tuple(draw(talks(playbook))),
        actions={key: tick for key, tick in whole.actions.items() if draw(often)},
        customer=whole.customer if draw(often) else {},
        planned_until=draw(st.sampled_from((whole.planned_until, NOW - DAY, None))),
        customer_events=tuple(draw(events) for _ in range(draw(st.integers(0, 1)))),
    )
    keys = sorted({requirement.key for requirement in judge(playbook, facts).requirements}) or ["none"]
    waived = draw(st.lists(st.sampled_from(keys), max_size=4))
    until = st.integers(-2, 30).map(lambda days: NOW + days * DAY)
    return replace(facts, exceptions=tuple(excepted(key, draw(until), id=n) for n, key in enumerate(waived)))


def talks(playbook: Playbook) -> st.SearchStrategy[list[object]]:
    output = playbook.talk_output()
    told = complete(output.fields) if output else {}
    return st.lists(
        st.builds(
            talk,
            st.integers(2, 99),
            at=st.integers(0, 72).map(lambda hours: NOW - hours * HOUR),
            values=st.sampled_from((told, {})),
            summary=st.sampled_from((summary(), None)),
        ),
        max_size=2,
        unique_by=lambda each: each.id,
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Playbook, DealFacts]:
    playbook = draw(playbooks)
    return playbook, draw(deals(playbook))


# Properties


def unmet(playbook: Playbook, facts: DealFacts, after: timedelta = timedelta()) -> set[str]:
    return {requirement.key for requirement in judge(playbook, facts, NOW + after).unmet}


@examples(40)
@given(pairs())
def test_the_gate_says_what_the_handbook_says_line_by_line(pair):
    playbook, facts = pair
    assert unmet(playbook, facts) == Oracle(playbook, facts, NOW, TEAM).holds_up()


@examples(40)
@given(pairs())
def test_a_report_names_each_requirement_once_and_says_how_to_mend_it(pair):
    report = judge(*pair)
    keys = [requirement.key for requirement in report.requirements]
    assert len(keys) == len(set(keys))
    assert report.can_move == (not report.unmet)
    assert len(report.met) + len(report.unmet) == len(keys)
    for requirement in report.unmet:
        assert requirement.fix.reason or requirement.fix.kind != "none"


def withdrawn(facts: DealFacts, key: str) -> DealFacts:
    known = facts.outputs[key]
    gone = replace(known, revision=None, withdrawn=known.withdrawn or known.revision is not None)
    return replace(facts, outputs={**facts.outputs, key: gone})


def without_files(facts: DealFacts, key: str) -> DealFacts:
    known = facts.outputs[key]
    if known.revision is None:
        return facts
    files = tuple(replace(file, present=False) for file in known.revision.files)
    return replace(facts, outputs={**facts.outputs, key: replace(known, revision=replace(known.revision, files=files))})


def without_votes(facts: DealFacts, key: str) -> DealFacts:
    return replace(facts, outputs={**facts.outputs, key: replace(facts.outputs[key], review=None)})


def refused(facts: DealFacts, key: str) -> DealFacts:
    known = facts.outputs[key]
    if known.review is None:
        return facts
    votes = (*known.review.votes, vote("legal", Decision.REJECT))
    return replace(facts, outputs={**facts.outputs, key: replace(known, review=replace(known.review, votes=votes))})


TAKES_FROM_OUTPUT: tuple[Callable[[DealFacts, str], DealFacts], ...] = (
    withdrawn,
    without_files,
    without_votes,
    refused,
)
TAKES: tuple[Callable[[DealFacts], DealFacts], ...] = (
    lambda facts: replace(facts, actions={}),
    lambda facts: replace(facts, customer={}),
    lambda facts: replace(facts, planned_until=None),
    lambda facts: replace(facts, exceptions=()),
    lambda facts: replace(facts, exceptions=facts.exceptions[1:]),
    lambda facts: replace(facts, actions={key: replace(tick, note="") for key, tick in facts.actions.items()}),
)


@examples(40)
@given(pairs(), st.data())
def test_taking_evidence_away_opens_no_gate(pair, data):
    playbook, facts = pair
    poorer = facts
    for key in data.draw(st.sets(st.sampled_from(sorted(facts.outputs) or ["none"]))) & set(facts.outputs):
        poorer = data.draw(st.sampled_from(TAKES_FROM_OUTPUT))(poorer, key)
    for take in data.draw(st.sets(st.sampled_from(TAKES))):
        poorer = take(poorer)
    assert not (judge(playbook, poorer).can_move and unmet(playbook, facts))


@examples(40)
@given(pairs(), st.data())
def test_an_exception_opens_exactly_its_requirement(pair, data):
    playbook, facts = pair
    before = judge(playbook, facts)
    if not before.unmet:
        return
    chosen = data.draw(st.sampled_from(before.unmet))
    after = judge(playbook, replace(facts, exceptions=(*facts.exceptions, excepted(chosen.key, id=99))))
    opened = {chosen.key} if chosen.exceptable else set()
    was, now = {r.key for r in before.unmet}, {r.key for r in after.unmet}
    assert was - now == opened
    beneath = {f"{chosen.stage}.{chosen.output}.{aspect}" for aspect in ("passes", "order")}
    assert now - was <= beneath, "only what a withdrawn content said may come to light"


@examples(40)
@given(pairs(), st.integers(0, 500))
def test_time_alone_opens_no_gate(pair, days):
    """Not even one requirement, but for what an exception brought to light and takes along when it ends."""
    playbook, facts = pair
    now, later = unmet(playbook, facts), unmet(playbook, facts, days * DAY)
    assert later or not now
    brought = {
        f"{e.requirement.rpartition('.')[0]}.{aspect}" for e in facts.exceptions for aspect in ("passes", "order")
    }
    assert now - brought <= later


@examples(40)
@given(pairs(), st.integers(0, 10**6))
def test_nothing_changes_by_itself_before_the_instant_told(pair, part):
    playbook, facts = pair
    report = judge(playbook, facts)
    if report.changes_at is None:
        assert unmet(playbook, facts, 4000 * DAY) == unmet(playbook, facts)
    else:
        assert report.changes_at > NOW
        within = (report.changes_at - NOW) * part / (10**6 + 1)
        assert unmet(playbook, facts, within) == unmet(playbook, facts)


@examples(40)
@given(pairs(), st.data())
def test_a_gate_that_is_open_leaves_none_shut_behind_it(pair, data):
    playbook, facts = pair
    facts = replace(facts, exceptions=())
    earlier = [each for each in playbook.through(facts.stage) if not each.retired or each.key == facts.stage]
    before = replace(facts, stage=data.draw(st.sampled_from(earlier)).key)
    assert not (judge(playbook, facts).can_move and unmet(playbook, before))
    summaries = {key for key in unmet(playbook, before) if key.startswith("talk.")}
    if not playbook.stage(before.stage).retired:
        assert unmet(playbook, before) - summaries <= unmet(playbook, facts)


@examples(40)
@given(pairs())
def test_winning_asks_for_less_and_nothing_that_held_until_then(pair):
    playbook, facts = pair
    before, after = (judge(playbook, replace(facts, status=status)) for status in (Status.OPEN, Status.WON))
    assert {r.key for r in after.requirements} == {r.key for r in before.requirements if r.holds is Holds.ALWAYS}
    assert {r.key for r in after.unmet} <= {r.key for r in before.unmet}


@examples(40)
@given(pairs())
def test_who_owns_a_deal_and_its_drafts_change_nothing(pair):
    playbook, facts = pair
    drafts = {key: replace(known, has_draft=not known.has_draft) for key, known in facts.outputs.items()}
    assert unmet(playbook, facts) == unmet(playbook, replace(facts, owner=9, version=9, outputs=drafts))


@examples(20)
@given(small_books())
def test_every_made_up_playbook_can_be_walked(playbook):
    for each in playbook.stages:
        facts = open_facts(playbook, each.key)
        dated = {
            key: replace(known, revision=replace(known.revision, at=NOW))
            for key, known in facts.outputs.items()
            if known.revision
        }
        left = unmet(playbook, replace(facts, outputs={**facts.outputs, **dated}))
        assert not left
