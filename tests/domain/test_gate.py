"""The one gate: every code it can give, and everything that must not open it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from salestui.domain.facts import ActionFact, ClassFact, Decision, OutputFacts, SentFact, Status
from salestui.domain.money import Money
from salestui.domain.playbook import (
    After,
    Condition,
    DataCheck,
    FieldType,
    Holds,
    KeyAction,
    MetBy,
    Playbook,
)
from salestui.domain.requirement import FixKind, State
from salestui.playbooks.loader import builtin
from tests.domain.builders import (
    DAY,
    HOUR,
    NOW,
    TEAM,
    asked,
    book,
    excepted,
    facts,
    form,
    holding,
    judge,
    line,
    lives,
    open_facts,
    review,
    revision,
    said,
    stage,
    summary,
    talk,
    vote,
)
from tests.domain.codes import (
    CASES,
    MONTH,
    RECORD,
    ROLES,
    SCORING,
    SEND,
    TOLD,
    classed,
    codes_in_sources,
    paper,
    rule,
    score,
    scored,
    sent,
    signing,
    spoken,
)

HANDBOOKS = [builtin("expansion"), builtin("role")]
MET = {
    "output_complete",
    "output_passes",
    "review_approved",
    "sent",
    "signed_after_sent",
    "score_fresh",
    "grade_passes",
    "classified",
    "class_passes",
    "talk_complete",
    "summary_sent",
    "summary_sent_late",
    "action_done",
    "action_met_by_data",
}


def keys(playbook: Playbook, known: object, now: datetime = NOW) -> set[str]:
    """Return the keys of what the gate finds unmet."""
    return {requirement.key for requirement in judge(playbook, known, now).unmet}  # type: ignore[arg-type]


# Codes


def test_every_code_has_a_case():
    assert codes_in_sources() == set(CASES)


@pytest.mark.parametrize("code", CASES)
def test_each_code_is_given_where_it_holds(code):
    known = CASES[code]
    requirement = asked(known.playbook, known.facts, known.key)
    assert (requirement.code, requirement.met) == (code, code in MET)
    assert requirement.key.startswith(f"{requirement.stage}.")
    if not requirement.met:
        assert requirement.fix.kind is not FixKind.NONE or requirement.fix.reason


@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("output_missing", {"missing": ("note",), "draft": False}),
        ("output_incomplete", {"missing": ("note",), "revision": 1, "by": "王磊"}),
        ("output_file_missing", {"files": ("合同.pdf",), "revision": 1}),
        ("output_expired", {"revision": 1, "until": "2026-11-12T16:00:00+00:00"}),
        ("output_not_passing", {"fields": ("fit",), "revision": 1}),
        ("review_waiting", {"review": 7, "approved": ("technical",), "waiting_for": ("legal",), "of": "paper"}),
        ("review_refused", {"refused": ("legal",), "approved": ("technical",)}),
        ("review_outdated", {"reviewed": 1, "revision": 2}),
        ("not_sent", {"revision": 2, "approved": False}),
        ("signed_before_sent", {"signed": "2026-11-19", "sent": "2026-11-20"}),
        ("score_fresh", {"grade": "A", "total": 5}),
        ("grade_cannot_pass", {"grade": "C", "passing": ("A",)}),
        ("class_needs_exception", {"class": "needs_exception"}),
        ("talk_incomplete", {"missing": ("pains",)}),
        ("summary_missing", {"talk": 9, "due": (NOW + 23 * HOUR).isoformat(), "channel": "phone"}),
        ("action_done", {"by": "王磊", "note": "目标价已定"}),
        ("action_data_missing", {"by": "output", "output": "paper", "field": "note"}),
    ],
)
def test_a_code_carries_what_its_words_need(code, params):
    known = CASES[code]
    given = asked(known.playbook, known.facts, known.key).params
    assert {key: given.get(key) for key in params} == params


def test_only_others_can_open_a_gate_that_asks_for_nothing_but_their_votes():
    known = CASES["review_waiting"]
    assert judge(known.playbook, known.facts).waiting
    action = KeyAction("act", said("Act"))
    busy = replace(known.playbook, stages=(replace(known.playbook.stages[0], actions=(action,)),))
    assert not judge(busy, known.facts).waiting


def test_a_draft_is_told_and_opens_nothing():
    known = paper(known=OutputFacts("paper", has_draft=True))
    found = asked(known.playbook, known.facts, known.key)
    assert (found.code, found.params["draft"]) == ("output_missing", True)


# What is asked where


@pytest.mark.parametrize("playbook", HANDBOOKS, ids=lambda book: book.key)
def test_a_handbook_can_be_walked_from_its_first_stage_to_the_end(playbook):
    for each in playbook.stages:
        report = judge(playbook, open_facts(playbook, each.key))
        assert report.can_move, report.unmet
        following = playbook.next_stage(each.key)
        assert report.next == (following.key if following else None)


@pytest.mark.parametrize("playbook", HANDBOOKS, ids=lambda book: book.key)
def test_nothing_known_leaves_everything_to_do(playbook):
    for each in playbook.stages:
        report = judge(playbook, facts(playbook, each.key))
        assert not report.can_move
        assert {requirement.stage for requirement in report.unmet} == {s.key for s in playbook.through(each.key)}


@pytest.mark.parametrize("playbook", HANDBOOKS, ids=lambda book: book.key)
def test_every_gate_asks_what_all_before_it_ask(playbook):
    for early, late in zip(playbook.stages, playbook.stages[1:], strict=False):
        known = facts(playbook, early.key)
        assert keys(playbook, known) <= keys(playbook, replace(known, stage=late.key))


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.LOST, Status.IN_CARE])
def test_a_closed_deal_does_not_move_however_open_its_gate(status):
    playbook = HANDBOOKS[0]
    assert not judge(playbook, open_facts(playbook, status=status)).can_move


def test_a_retired_stage_asks_nothing_but_of_a_deal_that_stands_there():
    playbook = book(stage("one", form("a")), stage("old", form("b"), retired=True), stage("two", form("c")))
    assert keys(playbook, facts(playbook, "one")) == {"one.a.complete"}
    assert keys(playbook, facts(playbook, "old")) == {"one.a.complete", "old.b.complete"}
    assert keys(playbook, facts(playbook, "two")) == {"one.a.complete", "two.c.complete"}
    assert judge(playbook, facts(playbook, "one")).next == "two"
    assert judge(playbook, facts(playbook, "old")).next == "two"


def test_what_holds_until_won_is_not_asked_of_a_won_deal():
    playbook = book(
        stage("one", form("a", holds=Holds.UNTIL_WON), form("b")),
        stage("two", form("c", holds=Holds.UNTIL_WON), delivery=True),
    )
    assert keys(playbook, facts(playbook, "two")) == {"one.a.complete", "one.b.complete", "two.c.complete"}
    assert keys(playbook, facts(playbook, "two", status=Status.WON)) == {"one.b.complete"}


def test_a_signed_deal_is_not_held_up_by_an_old_score_a_fallen_grade_or_an_edited_report():
    playbook = HANDBOOKS[0]
    known = open_facts(playbook, "fulfilment")
    decayed = replace(
        known,
        score=replace(known.score, grade="C", at=NOW - 90 * DAY),
        classification=ClassFact("not_now", "预算没了", NOW, "王磊"),
        outputs={**known.outputs, "market_report": OutputFacts("market_report", withdrawn=True)},
    )
    assert not judge(playbook, decayed).can_move
    assert judge(playbook, replace(decayed, status=Status.WON)).can_move


def test_an_optional_output_is_never_asked():
    playbook = book(stage("one", form("a", optional=True, review=rule("a"), send=SEND)), roles=ROLES)
    assert judge(playbook, facts(playbook)).requirements == ()


# When an output is required


@pytest.mark.parametrize(
    ("condition", "known", "required"),
    [
        (Condition(grades=("A",)), {}, False),
        (Condition(grades=("A",)), {"score": score("A")}, True),
        (Condition(grades=("A",)), {"score": score("C")}, False),
        (Condition(scenarios=("key_account",)), {"scenario": "key_account"}, True),
        (Condition(scenarios=("key_account",)), {"scenario": "new_market"}, False),
        (Condition(amount_at_least=100, currency="CNY"), {}, True),
        (Condition(amount_at_least=100, currency="CNY"), {"amount": Money(99, "CNY")}, False),
        (Condition(amount_at_least=100, currency="CNY"), {"amount": Money(100, "CNY")}, True),
        (Condition(amount_at_least=100, currency="CNY"), {"amount": Money(1, "EUR")}, True),
        (Condition(grades=("A",), scenarios=("x",)), {"score": score("A"), "scenario": "y"}, False),
        (Condition(grades=("A",), amount_at_least=1, currency="CNY"), {"amount": Money(9, "CNY")}, False),
        (Condition(scenarios=("x",), amount_at_least=1, currency="CNY"), {"scenario": "y"}, False),
        (None, {}, True),
    ],
)
def test_an_output_is_asked_when_all_its_conditions_hold(condition, known, required):
    by_data = KeyAction("done", said("Done"), data=DataCheck(MetBy.OUTPUT, "a"))
    playbook = book(stage("one", form("a", required_when=condition), actions=(by_data,)))
    expected = {"one.a.complete", "one.done.done"} if required else set()
    assert keys(playbook, facts(playbook, **known)) == expected


def test_an_old_score_still_says_which_grade_asks_for_a_plan():
    playbook = HANDBOOKS[0]
    known = open_facts(playbook, "grading")
    old = replace(known, score=replace(known.score, at=NOW - 90 * DAY), outputs={})
    assert "grading.account_plan.complete" in keys(playbook, old)


# Content


@pytest.mark.parametrize(
    ("submitted", "until"),
    [(datetime(2026, 1, 31, 3, tzinfo=TEAM.zone), datetime(2026, 3, 1, tzinfo=TEAM.zone))],
)
def test_a_content_of_31_january_lasts_through_the_end_of_february(submitted, until):
    known = paper(valid_for=MONTH, known=OutputFacts("paper", revision(at=submitted)))
    assert asked(known.playbook, known.facts, known.key, until - timedelta(seconds=1)).met
    assert asked(known.playbook, known.facts, known.key, until).code == "output_expired"


def test_a_file_that_is_gone_closes_the_gate_before_anything_else_is_judged():
    known = CASES["output_file_missing"]
    assert not judge(known.playbook, known.facts).can_move


@pytest.mark.parametrize("nested", [False, True])
def test_a_day_that_must_lie_ahead_is_judged_every_day(nested):
    ahead = line("next", FieldType.DATE, rules=(After("today"),))
    fields = line("rows", FieldType.TABLE, columns=(ahead,)) if nested else ahead
    tomorrow = {"next": "2026-11-22"}
    values = {"rows": [tomorrow]} if nested else tomorrow
    known = paper(fields, known=OutputFacts("paper", revision(values)))
    found = asked(known.playbook, known.facts, known.key)
    midnight = TEAM.end_of(TEAM.today(NOW))
    assert found.met
    assert found.changes_at == judge(known.playbook, known.facts).changes_at == midnight
    assert asked(known.playbook, known.facts, known.key, midnight).code == "output_incomplete"


def test_an_unwelcome_result_cannot_be_withdrawn_through_an_exception():
    """The exception covers that the assessment is missing; what it says of the customer stays asked."""
    fit = line("fit", FieldType.CHOICE, passes=("high",))
    playbook = book(stage("one", form("paper", fit)))
    waived = (excepted("one.paper.complete"),)
    low = holding(OutputFacts("paper", revision({"fit": "low"})))
    gone = holding(OutputFacts("paper", withdrawn=True))
    assert keys(playbook, facts(playbook, outputs=low, exceptions=waived)) == {"one.paper.passes"}
    assert keys(playbook, facts(playbook, outputs=gone, exceptions=waived)) == {"one.paper.passes"}
    assert keys(playbook, facts(playbook, outputs=gone)) == {"one.paper.complete"}
    assert keys(playbook, facts(playbook, exceptions=waived)) == set()


# Approved, sent, signed


APPROVED = review(vote("technical"), vote("legal"))


@pytest.mark.parametrize(
    ("known", "unmet"),
    [
        (OutputFacts("contract", revision(), sent=sent("2026-11-20")), {"approved", "sent"}),
        (OutputFacts("contract", revision(), review=review(), sent=sent("2026-11-20")), {"approved", "sent"}),
        (OutputFacts("contract", revision(), review=APPROVED), {"sent"}),
        (OutputFacts("contract", revision(), review=APPROVED, sent=sent("2026-11-20")), set()),
        (OutputFacts("contract", revision(number=2), review=APPROVED, sent=sent("2026-11-20")), {"approved", "sent"}),
        (
            OutputFacts("contract", withdrawn=True, review=APPROVED, sent=sent("2026-11-20")),
            {"complete", "approved", "sent"},
        ),
    ],
)  # fmt: skip
def test_what_is_sent_counts_after_its_approval_on_its_revision(known, unmet):
    playbook = book(stage("one", form("contract", send=SEND, review=rule("contract"))), roles=ROLES)
    assert keys(playbook, facts(playbook, outputs=holding(known))) == {f"one.contract.{aspect}" for aspect in unmet}


def test_sending_waits_for_a_review_that_has_a_record_of_its_own():
    record = lives("checked", MetBy.REVIEW, review=rule("contract"))
    playbook = book(stage("one", form("contract", send=SEND), record), roles=ROLES)
    unapproved = holding(OutputFacts("contract", revision(), sent=sent("2026-11-20")))
    found = asked(playbook, facts(playbook, outputs=unapproved), "one.contract.sent")
    assert (found.code, found.fix.reason) == ("sent_needs_approval", "approve_first")
    approved = holding(OutputFacts("contract", revision(), review=APPROVED, sent=sent("2026-11-20")))
    assert judge(playbook, facts(playbook, outputs=approved)).can_move


def test_an_optional_review_holds_nothing_up():
    playbook = book(stage("one", form("letter", send=SEND, review=rule("letter", required=False))), roles=ROLES)
    refused = review(vote("legal", Decision.REJECT))
    known = holding(OutputFacts("letter", revision(), review=refused, sent=sent("2026-11-20")))
    assert judge(playbook, facts(playbook, outputs=known)).can_move
    record = lives("checked", MetBy.REVIEW, review=rule("paper", required=False))
    playbook = book(stage("one", form("paper"), record), roles=ROLES)
    assert judge(playbook, facts(playbook, outputs=holding(OutputFacts("paper", revision())))).can_move


@pytest.mark.parametrize(
    ("signed", "met"),
    [("2026-11-19", False), ("2026-11-20", True), ("2026-11-21", True), (None, False), (20261121, False)],
)
def test_a_contract_is_signed_no_day_before_it_was_sent(signed, met):
    known = signing(signed, "2026-11-20")
    found = asked(known.playbook, known.facts, known.key)
    assert (found.met, found.exceptable) == (met, False)


def test_the_day_of_sending_is_that_of_its_record_where_it_has_no_date():
    known = signing("2026-11-21", "")
    known.facts.outputs["contract"].sent.values.clear()
    assert asked(known.playbook, known.facts, known.key).params["sent"] == "2026-11-21"


def test_nothing_sent_yet_is_asked_of_the_contract_and_not_of_the_signature():
    known = signing("2026-11-20", "2026-11-20")
    unsent = {**known.facts.outputs, "contract": OutputFacts("contract", revision())}
    assert keys(known.playbook, replace(known.facts, outputs=unsent)) == {"one.contract.sent"}


def test_a_contract_changed_after_signing_closes_the_gate_until_it_is_signed_again():
    playbook = HANDBOOKS[0]
    known = open_facts(playbook, "contract")
    old = known.outputs["contract_approval"]
    changed = replace(old, revision=replace(old.revision, number=2))
    assert keys(playbook, replace(known, outputs={**known.outputs, "contract_approval": changed})) == {
        "contract.contract_approval.approved",
        "contract.contract_approval.sent",
        "contract.approved_before_sent.done",
    }
    later = {**old.sent.values, "sent_on": "2026-12-24"}
    resent = replace(changed, review=replace(old.review, revision=2), sent=SentFact(2, later, NOW, "王磊"))
    assert keys(playbook, replace(known, outputs={**known.outputs, "contract_approval": resent})) == {
        "contract.signed_contract.order"
    }


# Score, grade, class


@pytest.mark.parametrize(
    ("given", "last_instant"),
    [
        ((2026, 1, 31, 12), (2026, 3, 1)),
        ((2028, 1, 31, 12), (2028, 3, 1)),
        ((2026, 1, 1, 0), (2026, 2, 2)),
        ((2026, 12, 15, 23), (2027, 1, 16)),
    ],
)
def test_a_score_stays_fresh_for_one_calendar_month_to_the_end_of_the_day(given, last_instant):
    known = scored(score(at=datetime(*given, tzinfo=TEAM.zone)), "one.sheet.fresh")
    end = datetime(*last_instant, tzinfo=TEAM.zone)
    assert asked(known.playbook, known.facts, known.key, end - timedelta(microseconds=1)).met
    assert asked(known.playbook, known.facts, known.key, end).code == "score_expired"


def test_a_score_without_validity_does_not_expire():
    known = scored(score(at=NOW - 4000 * DAY), "one.sheet.fresh")
    lasting = replace(known.playbook, scoring=replace(SCORING, valid_for=None))
    found = asked(lasting, known.facts, known.key)
    assert (found.code, found.changes_at) == ("score_fresh", None)


def test_a_grade_is_asked_where_no_scorecard_is_due_as_well():
    playbook = book(stage("one", lives("sheet", MetBy.SCORE)), stage("two", passing_grades=("A",)), scoring=SCORING)
    known = facts(playbook, "two", score=score("C"))
    assert keys(playbook, known) == {"two.grade.passes"}
    assert judge(playbook, known).hopeless


def test_no_exception_lets_not_now_pass_whatever_was_granted_before():
    waived = (excepted("one.list.passes"),)
    risky, never = classed("needs_exception"), classed("never")
    assert judge(risky.playbook, replace(risky.facts, exceptions=waived)).can_move
    report = judge(never.playbook, replace(never.facts, exceptions=waived))
    assert [(r.key, r.exceptable, r.hopeless) for r in report.unmet] == [("one.list.passes", False, True)]
    assert report.hopeless


def test_a_class_that_the_playbook_does_not_know_is_none():
    found = classed("passes", "classified")
    unknown = replace(found.facts, classification=ClassFact("gone", "旧版", NOW, "王磊"))
    assert asked(found.playbook, unknown, found.key).code == "not_classified"


# Talks


@pytest.mark.parametrize(
    ("ago", "code", "changes"),
    [
        (24 * HOUR - timedelta(seconds=1), "summary_missing", True),
        (24 * HOUR, "summary_late", False),
        (25 * HOUR, "summary_late", False),
    ],
)
def test_the_summary_of_the_record_is_due_within_24_hours(ago, code, changes):
    known = spoken(talk(at=NOW - ago, values=TOLD), key="one.record.summary")
    found = asked(known.playbook, known.facts, known.key)
    assert (found.code, found.met, found.changes_at is not None) == (code, False, changes)


@pytest.mark.parametrize("ago", [1, 23, 24, 90])
def test_other_talks_owe_a_summary_once_24_hours_are_over(ago):
    told = talk(1, at=NOW - 5 * HOUR, values=TOLD, summary=summary())
    known = spoken(told, talk(2, at=NOW - ago * HOUR))
    assert keys(known.playbook, known.facts) == ({"talk.T2.summary"} if ago >= 24 else set())
    if ago < 24:
        assert judge(known.playbook, known.facts).changes_at == NOW + (24 - ago) * HOUR


def test_before_the_record_is_due_talks_owe_their_summaries_all_the_same():
    playbook = book(stage("one", form("a")), stage("two", RECORD))
    late = (talk(1, at=NOW - 2 * DAY, values=TOLD),)
    done = holding(OutputFacts("a", revision()))
    assert keys(playbook, facts(playbook, talks=late, outputs=done)) == {"talk.T1.summary"}
    assert keys(playbook, facts(playbook, "two", talks=late, outputs=done)) == {"two.record.summary"}


@pytest.mark.parametrize("change", [{"optional": True}, {"required_when": Condition(scenarios=("other",))}])
def test_talks_owe_their_summaries_where_the_record_itself_is_not_asked(change):
    playbook = book(stage("one", replace(RECORD, **change)))
    late = (talk(1, at=NOW - 2 * DAY, values=TOLD),)
    assert keys(playbook, facts(playbook, talks=late)) == {"talk.T1.summary"}


def test_a_retired_record_asks_for_summaries_only_of_deals_that_stand_there():
    playbook = book(stage("one", RECORD, retired=True), stage("two"))
    late = (talk(1, at=NOW - 2 * DAY, values=TOLD),)
    assert keys(playbook, facts(playbook, "two", talks=late)) == set()
    assert keys(playbook, facts(playbook, "one", talks=late)) == {"one.record.summary"}


def test_a_talk_that_serves_two_playbooks_can_be_complete_in_both():
    known = spoken(talk(values={**TOLD, "asked_elsewhere": "ja"}, summary=summary()))
    assert judge(known.playbook, known.facts).can_move


def test_the_talk_that_fulfils_the_record_is_a_complete_one_with_summary_else_a_complete_one_else_the_newest():
    whole = talk(1, values=TOLD, at=NOW - 9 * HOUR, summary=summary())
    bare, newest = talk(2, values=TOLD, at=NOW - 8 * HOUR), talk(3, at=NOW - HOUR)
    for talks, number in (((whole, bare, newest), 1), ((bare, newest), 2), ((newest,), 3)):
        known = spoken(*talks)
        assert asked(known.playbook, known.facts, known.key).talk == number


def test_a_playbook_without_talks_or_without_summaries_asks_for_none():
    playbook = book(stage("one"))
    assert judge(playbook, facts(playbook, talks=(talk(at=NOW - 9 * DAY),))).requirements == ()
    playbook = book(stage("one", replace(RECORD, summary=None)))
    assert judge(playbook, facts(playbook, talks=(talk(at=NOW - 9 * DAY, values=TOLD),))).can_move


def test_a_record_with_a_day_ahead_is_judged_every_day():
    ahead = line("next", FieldType.DATE, rules=(After("today"),))
    playbook = book(stage("one", replace(RECORD, fields=(ahead,))))
    known = facts(playbook, talks=(talk(values={"next": "2026-11-22"}, summary=summary()),))
    assert judge(playbook, known).can_move
    midnight = TEAM.end_of(TEAM.today(NOW))
    assert judge(playbook, known).changes_at == midnight
    assert keys(playbook, known, midnight) == {"one.record.complete"}


# Key actions


def action(by: MetBy, **rest: object) -> KeyAction:
    return KeyAction("act", said("Act"), data=DataCheck(by, **rest))  # type: ignore[arg-type]


TABLE = line("rows", FieldType.TABLE, columns=(line("kind"),))


@pytest.mark.parametrize(
    ("check", "outputs", "known", "met"),
    [
        (action(MetBy.OUTPUT, output="a"), (form("a"),), {}, False),
        (action(MetBy.OUTPUT, output="a"), (form("a"),), {"outputs": holding(OutputFacts("a", revision()))}, True),
        (action(MetBy.OUTPUT, output="a", field="note"), (form("a"),), {}, False),
        (action(MetBy.OUTPUT, output="a", field="rows", column="kind", at_least=2), (form("a", TABLE),),
         {"outputs": holding(OutputFacts("a", revision({"rows": [{"kind": "x"}, {"kind": "Ｘ"}]})))}, False),
        (action(MetBy.OUTPUT, output="a", field="rows", column="kind", at_least=2), (form("a", TABLE),),
         {"outputs": holding(OutputFacts("a", revision({"rows": [{"kind": "x"}, {"kind": "y"}]})))}, True),
        (action(MetBy.OUTPUT, output="a", field="rows", column="kind"), (form("a", TABLE),),
         {"outputs": holding(OutputFacts("a", revision({"rows": [{"kind": "x"}]})))}, True),
        (action(MetBy.CUSTOMER, field="region"), (), {}, False),
        (action(MetBy.CUSTOMER, field="region"), (), {"customer": {"region": "华东"}}, True),
        (action(MetBy.FOLLOW_UP), (), {}, False),
        (action(MetBy.FOLLOW_UP), (), {"next_activity": NOW - DAY, "planned_until": NOW - DAY}, False),
        (action(MetBy.FOLLOW_UP), (), {"next_activity": NOW, "planned_until": NOW}, False),
        (action(MetBy.FOLLOW_UP), (), {"next_activity": NOW - DAY, "planned_until": NOW + DAY}, True),
        (action(MetBy.TALK, field="pains"), (RECORD,), {}, False),
        (action(MetBy.TALK, field="pains"), (RECORD,), {"talks": (talk(),)}, False),
        (action(MetBy.TALK, field="pains"), (RECORD,), {"talks": (talk(values=TOLD),)}, True),
        (action(MetBy.SUMMARY), (RECORD,), {"talks": (talk(values=TOLD),)}, False),
        (action(MetBy.SUMMARY), (RECORD,), {"talks": (talk(values=TOLD, summary=summary()),)}, True),
        (action(MetBy.SENT, output="a"), (form("a", send=SEND),),
         {"outputs": holding(OutputFacts("a", revision()))}, False),
        (action(MetBy.SENT, output="a"), (form("a", send=SEND),),
         {"outputs": holding(OutputFacts("a", revision(), sent=sent("2026-11-20")))}, True),
    ],
)  # fmt: skip
def test_a_key_action_is_met_by_what_the_data_say(check, outputs, known, met):
    playbook = book(stage("one", *outputs, actions=(check,)))
    assert asked(playbook, facts(playbook, **known), "one.act.done").met is met


@pytest.mark.parametrize(("known", "met"), [(score(), True), (score(at=NOW - 40 * DAY), False), (None, False)])
def test_a_key_action_is_met_by_a_fresh_score(known, met):
    playbook = book(stage("one", lives("sheet", MetBy.SCORE), actions=(action(MetBy.SCORE),)), scoring=SCORING)
    assert asked(playbook, facts(playbook, score=known), "one.act.done").met is met


@pytest.mark.parametrize(("key", "met"), [(None, False), ("never", True), ("gone", False)])
def test_a_key_action_is_met_by_any_class_the_playbook_knows(key, met):
    known = classed(key)
    one = known.playbook.stages[0]
    playbook = replace(known.playbook, stages=(replace(one, actions=(action(MetBy.CLASSIFICATION),)),))
    assert asked(playbook, known.facts, "one.act.done").met is met


def test_a_follow_up_ahead_is_judged_anew_when_it_has_passed():
    playbook = book(stage("one", actions=(action(MetBy.FOLLOW_UP),)))
    known = facts(playbook, next_activity=NOW + HOUR, planned_until=NOW + DAY)
    assert judge(playbook, known).changes_at == NOW + DAY


def test_a_talk_action_without_a_record_in_the_playbook_is_open():
    playbook = book(stage("one", actions=(action(MetBy.SUMMARY),)))
    assert keys(playbook, facts(playbook, talks=(talk(summary=summary()),))) == {"one.act.done"}


# Exceptions


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (NOW + timedelta(microseconds=1), State.EXCEPTED),
        (NOW, State.UNMET),
        (NOW - DAY, State.UNMET),
    ],
)
def test_an_exception_ends_at_its_instant(until, state):
    known = CASES["output_missing"]
    waived = replace(known.facts, exceptions=(excepted("one.paper.complete", until),))
    assert asked(known.playbook, waived, known.key).state is state
    if state is State.EXCEPTED:
        assert judge(known.playbook, waived).changes_at == until
        assert judge(known.playbook, waived).excepted


def test_of_two_exceptions_the_longer_counts():
    known = CASES["output_missing"]
    both = (excepted("one.paper.complete", NOW + 9 * DAY, id=1), excepted("one.paper.complete", NOW + DAY, id=2))
    for order in (both, both[::-1]):
        assert judge(known.playbook, replace(known.facts, exceptions=order)).changes_at == NOW + 9 * DAY


def test_what_is_not_exceptable_stays_asked():
    playbook = book(stage("one", form("a", exceptable=False)))
    waived = facts(playbook, exceptions=(excepted("one.a.complete"),))
    assert keys(playbook, waived) == {"one.a.complete"}


def test_a_met_requirement_wears_no_exception():
    known = CASES["output_complete"]
    waived = replace(known.facts, exceptions=(excepted(known.key),))
    assert judge(known.playbook, waived).excepted == ()


def test_an_exception_for_one_stage_is_none_for_another():
    playbook = book(stage("one", form("a")), stage("two", form("b")))
    waived = facts(playbook, "two", exceptions=(excepted("two.a.complete"), excepted("one.b.complete")))
    assert keys(playbook, waived) == {"one.a.complete", "two.b.complete"}


# Time


@pytest.mark.parametrize("playbook", HANDBOOKS, ids=lambda book: book.key)
@pytest.mark.parametrize("shift", [-400 * DAY, -DAY, DAY, 400 * DAY])
def test_a_clock_that_jumps_gives_an_answer(playbook, shift):
    for each in playbook.stages:
        report = judge(playbook, open_facts(playbook, each.key), NOW + shift)
        assert report.changes_at is None or report.changes_at > report.as_of


def test_time_alone_changes_the_answer_only_at_the_instant_told():
    playbook = HANDBOOKS[0]
    known = open_facts(playbook, "fulfilment")
    now, seen = NOW, 0
    while (report := judge(playbook, known, now)).changes_at is not None:
        assert keys(playbook, known, report.changes_at - timedelta(microseconds=1)) == {r.key for r in report.unmet}
        now, seen = report.changes_at, seen + 1
    assert seen >= 3
    assert "grading.scoring_sheet.fresh" in keys(playbook, known, now)


def test_a_ticked_action_that_needs_no_note_is_done_without_one():
    playbook = book(stage("one", actions=(KeyAction("act", said("Act")),)))
    assert judge(playbook, facts(playbook, actions={"act": ActionFact("act", NOW, "王磊")})).can_move
