"""Every requirement in words, in both languages: what it asks, why it stands as it does, what mends it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from salestui import i18n
from salestui.domain.facts import OutputFacts
from salestui.domain.playbook import DataCheck, KeyAction, MetBy, Text
from salestui.domain.requirement import Fix, FixKind, Group, Requirement
from salestui.playbooks.loader import builtin
from salestui.services.gate_texts import RequirementText, describe, verb
from salestui.services.requirement_titles import title_of
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
    talk,
)
from tests.domain.codes import CASES, RECORD, ROLES, paper, rule

HANDBOOKS = [builtin("expansion"), builtin("role")]
HAN = re.compile(r"[一-鿿]")
DATA_ALONE = {
    "output_complete",
    "score_fresh",
    "grade_passes",
    "classified",
    "class_passes",
    "talk_complete",
    "action_done",
}
CODE = re.compile(r"[a-z]+_[a-z]+")


def told(code: str, language: str) -> RequirementText:
    """Return the words for the case of a code."""
    i18n.use(language)
    known = CASES[code]
    return describe(asked(known.playbook, known.facts, known.key), known.playbook, TEAM, NOW)


@pytest.mark.parametrize("code", CASES)
def test_every_code_says_in_both_languages_what_and_why(code):
    english, chinese = told(code, "en"), told(code, "zh")
    for words in (english, chinese):
        assert words.what
        assert words.why
        assert words.headline
        assert words.short.startswith(words.what)
        assert words.line == f"{words.what}: {words.why}"
        assert "_" not in code or code not in f"{words.what} {words.why} {words.detail} {words.verb} {words.short}"
    if code not in DATA_ALONE:
        assert HAN.search(chinese.why), chinese
        assert not HAN.search(english.why), english
    assert bool(english.verb) == bool(chinese.verb)


@pytest.mark.parametrize("code", CASES)
def test_what_is_unmet_has_a_fix_by_name_or_a_reason(code):
    known = CASES[code]
    requirement = asked(known.playbook, known.facts, known.key)
    words = told(code, "en")
    if requirement.met:
        assert words.verb == ""
    else:
        assert words.verb or requirement.fix.reason


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("playbook", HANDBOOKS, ids=lambda book: book.key)
def test_both_handbooks_can_be_told_from_end_to_end(playbook, language):
    i18n.use(language)
    for known in (facts(playbook, playbook.stages[-1].key), open_facts(playbook, playbook.stages[-1].key)):
        for requirement in judge(playbook, known).requirements:
            words = describe(requirement, playbook, TEAM, NOW)
            assert words.what
            assert words.why
            assert words.handbook
            assert words.source
            assert not CODE.search(words.why), words
            assert bool(HAN.search(words.source)) is (language == "zh")
            assert bool(words.verb or requirement.fix.reason) is not requirement.met


@pytest.mark.parametrize("kind", FixKind)
def test_every_fix_has_a_name_but_the_one_that_is_none(kind):
    requirement = Requirement("a.b.c", "a", Group.OUTPUTS, "x", met=False, fix=Fix(kind))
    assert bool(verb(requirement)) is (kind is not FixKind.NONE)


# Words in particular


@pytest.mark.parametrize(
    ("code", "why", "detail"),
    [
        ("output_missing", "not written yet", "To fill in: note"),
        ("output_withdrawn", "withdrawn", "It was withdrawn; submit it anew."),
        ("output_complete", "r1, 20 Nov 王磊", ""),
        ("output_incomplete", "r1 lacks note", ""),
        ("output_file_missing", "r1: file gone", "No longer stored: 合同.pdf"),
        ("output_expired", "r1 expired 12 Nov", ""),
        ("not_sent", "r2 not sent yet", ""),
        ("signed_before_sent", "signed before it was sent",
         "Signed 19 Nov, sent 20 Nov: approve, then send, then sign."),
        ("review_waiting", "Legal to sign r1, waiting 0 days",
         "r1 sent to review 21 Nov 15:00; Technical approved, Legal waiting for 0 days"),
        ("review_outdated", "r2 not reviewed", "r1 was reviewed; r2 is new and needs a review of its own."),
        ("review_refused", "Legal did not approve r1", "Submit a new revision."),
        ("score_expired", "score expired 12 Nov", "Score the customer again."),
        ("summary_missing", "23 hours left", "To be sent by 22 Nov 16:00"),
        ("summary_late", "1 hour late", "It was due by 21 Nov 16:00; sent late still counts, and is recorded as late."),
        ("talk_incomplete", "21 Nov talk lacks pains", ""),
        ("action_done", "21 Nov 王磊", "目标价已定"),
        ("action_data_missing", "to be seen in paper: note", "to be seen in paper: note"),
    ],
)  # fmt: skip
def test_the_words_for_a_code(code, why, detail):
    words = told(code, "en")
    assert (words.why, words.detail) == (why, detail)


def test_a_document_title_stands_in_its_marks_in_chinese_alone():
    output = replace(form("paper"), title=Text("《报告》", "Report"), send=None)
    playbook = book(stage("one", replace(output, review=rule("paper"))), roles=ROLES)
    known = facts(playbook, outputs=holding(OutputFacts("paper", revision())))
    whole, approval = judge(playbook, known).requirements
    i18n.use("zh")
    words = describe(replace(whole, met=False, code="output_withdrawn"), playbook, TEAM, NOW)
    assert (words.what, words.titled, words.headline[:4]) == ("报告", True, "《报告》")
    assert describe(approval, playbook, TEAM, NOW).what == "《报告》审批"
    i18n.use("en")
    assert describe(approval, playbook, TEAM, NOW).what == "Report, approval"


def test_an_exception_says_who_until_when_and_why():
    known = CASES["output_missing"]
    waived = replace(known.facts, exceptions=(excepted(known.key, NOW + 3 * DAY),))
    words = describe(asked(known.playbook, waived, known.key), known.playbook, TEAM, NOW)
    assert words.why == "exception by 陈默 until 24 Nov"
    assert words.detail == "exception by 陈默 until 24 Nov; reason: 客户催得急"


def test_a_draft_is_told_as_what_does_not_count():
    known = paper(known=OutputFacts("paper", has_draft=True))
    words = describe(asked(known.playbook, known.facts, known.key), known.playbook, TEAM, NOW)
    assert words.why == "draft, not submitted"


def test_many_fields_are_told_by_two_and_a_number():
    known = paper(*(line(key) for key in ("one", "two", "three", "four")), known=OutputFacts("paper", revision({})))
    words = describe(asked(known.playbook, known.facts, known.key), known.playbook, TEAM, NOW)
    assert words.why == "r1 lacks one, two and 2 more"


def test_missing_files_are_told_beside_the_fields():
    known = CASES["output_file_missing"]
    bare = holding(OutputFacts("paper", revision({})))
    words = describe(asked(known.playbook, replace(known.facts, outputs=bare), known.key), known.playbook, TEAM, NOW)
    assert words.why == "r1 lacks note, files"


@pytest.mark.parametrize(("late", "why"), [(1, "1 hour late"), (47, "47 hours late"), (48, "2 days late")])
def test_lateness_is_told_in_hours_then_days(late, why):
    playbook = book(stage("one", RECORD))
    known = facts(playbook, talks=(talk(at=NOW - (24 + late) * HOUR),))
    words = describe(asked(playbook, known, "one.record.summary"), playbook, TEAM, NOW)
    assert words.why == why
    assert words.what == f"Summary of the {'20' if late == 1 else '18'} Nov talk"


def test_a_review_that_nobody_approved_yet_names_who_is_awaited():
    known = paper(
        known=OutputFacts("paper", revision(), review=review(requested_at=NOW - timedelta(days=2))),
        aspect="approved",
        review=rule("paper"),
    )
    words = describe(asked(known.playbook, known.facts, known.key), known.playbook, TEAM, NOW)
    assert words.why == "Technical, Legal to sign r1, waiting 2 days"
    assert words.detail == "r1 sent to review 19 Nov 17:00; Technical, Legal waiting for 2 days"


@pytest.mark.parametrize(
    ("check", "outputs", "why"),
    [
        (DataCheck(MetBy.OUTPUT, "a"), (form("a"),), "to be seen in a"),
        (DataCheck(MetBy.TALK, field="pains"), (RECORD,), "to be written in the talk"),
        (DataCheck(MetBy.SUMMARY), (RECORD,), "summary not sent"),
        (DataCheck(MetBy.CUSTOMER, field="region"), (), "missing on the customer's card"),
        (DataCheck(MetBy.FOLLOW_UP), (), "no next step planned"),
        (DataCheck(MetBy.CLASSIFICATION), (lives("list", MetBy.CLASSIFICATION),), "not classified yet"),
    ],
)
def test_an_action_that_the_data_leave_open_says_where_to_look(check, outputs, why):
    playbook = book(stage("one", *outputs, actions=(KeyAction("act", said("Act"), data=check),)))
    words = describe(asked(playbook, facts(playbook), "one.act.done"), playbook, TEAM, NOW)
    assert (words.what, words.why) == ("Act", why)


def test_a_code_without_words_is_shown_as_it_is():
    """A requirement of a later version of the program read by an older one still shows."""
    playbook = book(stage("one"))
    unknown = Requirement("one.thing.new", "one", Group.OUTPUTS, "brand_new", met=False, output="")
    words = describe(unknown, playbook, TEAM, NOW)
    assert (words.what, words.why) == ("one.thing.new", "brand_new")


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("grading.grade.passes", "评级可过关", "Grade that may pass"),
        ("talk.T9.summary", "交流 T9 的纪要", "Summary of talk T9"),
        ("research.market_report.complete", "《市场调研分析报告》", "Market research report"),
        (
            "contract.contract_approval.sent",
            "《合同审批记录》：已发给客户",
            "Contract approval record: sent to the customer",
        ),
        ("gone.gone.complete", "gone.gone.complete", "gone.gone.complete"),
        ("nonsense", "nonsense", "nonsense"),
    ],
)
def test_a_requirement_has_a_name_even_when_no_gate_asks_it(key, zh, en):
    assert title_of(key, HANDBOOKS[0]) == Text(zh, en)
