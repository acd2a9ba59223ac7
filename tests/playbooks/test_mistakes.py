"""Every kind of mistake in a playbook file is refused with the path of the key and a way out."""

import copy
import tomllib
from typing import Any

import pytest

from salestui import i18n
from salestui.errors import BadPlaybook
from salestui.playbooks import loader
from salestui.playbooks.check import problems_of
from tests.effort import EFFORT

REMOVED = "<gone>"
TREES = {key: tomllib.loads(loader.builtin_text(key)) for key in loader.BUILTIN}
TEXT = {"zh": "甲", "en": "a"}
FIT = "stages.contact.outputs.fit_assessment"
REPORT = "stages.research.outputs.market_report"
TALK = "stages.contact.outputs.communication_record"
APPROVAL = "stages.contract.outputs.contract_approval"
SIGNED = "stages.contract.outputs.signed_contract"
PEOPLE = "stages.solution.outputs.needs_analysis.fields.people_heard"
SOURCES = f"{REPORT}.fields.sources"
FOLLOW_UP = "stages.fulfilment.outputs.satisfaction.fields.follow_up"
REFERRAL = "stages.fulfilment.outputs.relationship_plan.fields.referral_date"
OVERALL = f"{FIT}.fields.overall_fit"
CHECKED = "stages.research.actions.sources_cross_checked"
REVIEW = "stages.solution.outputs.solution_review"


def field(key: str = "x", kind: str = "text", **more: object) -> dict[str, object]:
    return {"key": key, "type": kind, "label": TEXT, "required": True} | more


def form(key: str = "x", **more: object) -> dict[str, object]:
    return {"key": key, "title": TEXT, "owner": "deal", "holds": "always", "fields": [field()]} | more


def step(here: Any, part: str) -> Any:
    if isinstance(here, list):
        return here[int(part)] if part.isdigit() else next(each for each in here if each["key"] == part)
    return here[part]


def with_change(tree: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return the playbook with `value` at `path`; "+" at the end of a path adds to a list."""
    tree = copy.deepcopy(tree)
    *way, last = path.split(".")
    here: Any = tree
    for part in way:
        here = step(here, part)
    if last == "+":
        here.append(value)
    elif value is REMOVED:
        del here[last]
    elif isinstance(here, list):
        here[here.index(step(here, last))] = value
    else:
        here[last] = value
    return tree


# What is changed, into what, and the path and words of the problem that must be told (same path when None).
MISTAKES: list[tuple[str, object, str | None, str]] = [
    # Shape
    ("format", REMOVED, None, "is missing"),
    ("format", "salestui.playbook/9", None, "must be one of 'salestui.playbook/1'"),
    ("key", "Expansion", None, "small letters"),
    ("key", "9lives", None, "small letters"),
    ("version", 0, None, "at least 1"),
    ("version", 1.5, None, "whole number"),
    ("version", True, None, "whole number"),
    ("titel", TEXT, None, "did you mean title?"),
    ("title", "expansion", None, "table in braces"),
    ("title.zh", REMOVED, None, "is missing"),
    ("title.en", "", None, "must not be empty"),
    ("title.en", "   ", None, "must not be empty"),
    ("title.fr", "a", None, "known here: zh, en"),
    ("title.zh", "a\nb", None, "one line"),
    ("title.zh", "a\x1bb", None, "control characters"),
    ("title.zh", "a\u202eb", None, "control characters"),
    ("title.zh", "a" * 2001, None, "at most 2000"),
    ("stages", [], None, "at least 1"),
    ("stages", {}, None, "list"),
    ("stages.contact.owners", [], None, "at least 1"),
    ("stages.contact.delivery", "yes", None, "true or false"),
    ("stages.contact.win_probability", 101, None, "at most 100"),
    ("stages.contact.ageing_limit", 0, None, "at least 1"),
    ("stages.contact.key", REMOVED, "stages[3].key", "is missing"),
    ("stages.contact.goals", TEXT, None, "did you mean goal?"),
    (f"{FIT}.owner", "company", None, "customer_in_campaign"),
    (f"{FIT}.holds", "forever", None, "until_won"),
    (f"{FIT}.fields.needs.type", "number", None, "must be one of"),
    (f"{FIT}.fields.needs.columns.fit.typ", "text", None, "did you mean type?"),
    (f"{FIT}.fields.2.key", REMOVED, f"{FIT}.fields[3].key", "is missing"),
    (f"{FIT}.files", {"types": ["PDF"]}, f"{FIT}.files.types[1]", "without the dot"),
    (f"{FIT}.valid_for", {"count": 1, "unit": "weeks"}, f"{FIT}.valid_for.unit", "month_end"),
    ("stages.contact.actions.limits_stated.data.by", "review", None, "must be one of"),
    # Keys that stand twice
    ("roles.+", {"key": "legal", "title": TEXT}, "roles.legal", "more than once"),
    ("lost_reasons.+", {"key": "price", "title": TEXT}, "lost_reasons.price", "more than once"),
    ("stages.contact.key", "grading", "stages.grading", "more than once"),
    (f"{FIT}.key", "solution", "outputs.solution", "in the whole playbook"),
    ("stages.contact.actions.limits_stated.key", "handover_talk", "actions.handover_talk", "in the whole playbook"),
    (f"{FIT}.key", "limits_stated", "stages.contact.outputs.limits_stated.key", "key of a key action"),
    (f"{FIT}.key", "grade", "stages.contact.outputs.grade.key", "word of the program"),
    (f"{FIT}.fields.conclusion.key", "files", f"{FIT}.fields.files.key", "word of the program"),
    (f"{FIT}.fields.conclusion.key", "today", f"{FIT}.fields.today.key", "word of the program"),
    ("stages.grading.outputs.scoring_sheet.summary", {"within": {"count": 1, "unit": "days"}, "fields": [field()]},
     None, "talk"),
    ("stages.research.actions.three_lists.data", {"by": "customer"},
     "stages.research.actions.three_lists.data.field", "needs it"),
    (f"{FIT}.fields.conclusion.key", "needs", f"{FIT}.fields.needs", "more than once"),
    (f"{FIT}.fields.needs.columns.fit.key", "need", f"{FIT}.fields.needs.columns.need", "more than once"),
    (f"{OVERALL}.choices.low.key", "high", f"{OVERALL}.choices.high", "more than once"),
    ("scoring.criteria.budget.key", "urgency", "scoring.criteria.urgency", "more than once"),
    ("scoring.grades.B.key", "A", "scoring.grades.A", "more than once"),
    # Scoring
    ("scoring.stage", "score", None, "there is no stage score"),
    ("scoring.stage", "contact", "stages.grading.outputs.scoring_sheet.met_by", "must stand in stage contact"),
    ("scoring.criteria.budget.max", 1, None, "above min (1)"),
    ("scoring.criteria.budget.max", 6, "scoring.criteria.budget.meanings", "6 from 1 to 6, not 5"),
    ("scoring.criteria.budget.weight", 0, None, "at least 1"),
    ("scoring.grades.B.at_least", 20, None, "below 20"),
    ("scoring.grades.C.at_least", 6, None, "5 or less"),
    ("scoring.grades.A.at_least", 26, None, "highest total is 25"),
    ("scoring.grades.A.key", "A B", "scoring.grades.A B.key", "must be a grade"),
    ("scoring.warnings.0.grade", "D", "scoring.warnings[1].grade", "there is no grade D"),
    ("scoring.warnings.0.criteria", ["size"], "scoring.warnings[1].criteria[1]", "there is no criterion size"),
    ("scoring", REMOVED, "stages.grading.passing_grades", "no scoring"),
    ("scoring", REMOVED, "stages.grading.outputs.scoring_sheet.met_by", "no scoring"),
    ("scoring", REMOVED, "stages.grading.outputs.account_plan.required_when.grades[1]", "there is no grade A"),
    ("stages.grading.passing_grades", ["A", "D"], "stages.grading.passing_grades[2]", "the grades: A, B, C"),
    ("stages.research.passing_grades", ["A"], None, "from stage grading on"),
    ("stages.grading.outputs", [], "scoring", "nothing asks for the score"),
    ("classes", [], "stages.research.outputs.high_potential_list.met_by", "no classes"),
    ("stages.research.outputs", [], "classes", "nothing asks for the classes"),
    # Stages
    ("stages.research.delivery", True, None, "the moment it is made"),
    # Outputs
    (f"{FIT}.fields", [field("x", required=False)], f"{FIT}.fields", "empty form would pass"),
    (f"{FIT}.summary", {"within": {"count": 1, "unit": "days"}, "fields": [field()]}, None, "talk"),
    (f"{FIT}.files", {"min": 3, "max": 2}, f"{FIT}.files.max", "below min (3)"),
    (f"{FIT}.required_when", {"grades": ["D"]}, f"{FIT}.required_when.grades[1]", "there is no grade D"),
    (f"{FIT}.required_when", {"scenarios": ["x"]}, f"{FIT}.required_when.scenarios[1]", "there is no scenario x"),
    (f"{FIT}.required_when", {"amount_at_least": 5}, None, "belong together"),
    (f"{FIT}.required_when", {"currency": "CNY"}, None, "belong together"),
    (f"{FIT}.required_when", {"amount_at_least": 5, "currency": "yuan"}, f"{FIT}.required_when.currency", "CNY"),
    (f"{FIT}.required_when", {}, None, "must name grades"),
    ("stages.grading.outputs.scoring_sheet.owner", "deal", None, "customer_in_campaign"),
    ("stages.grading.outputs.scoring_sheet.fields", [field()], None, "nobody fills in"),
    ("stages.grading.outputs.scoring_sheet.valid_for", {"count": 1, "unit": "months"}, None, "nobody fills in"),
    ("stages.research.outputs.high_potential_list.owner", "deal", None, "campaign, customer_in_campaign"),
    (f"{TALK}.owner", "customer", None, "must be one of deal"),
    (f"{TALK}.files", {"min": 1}, None, "nobody fills in"),
    (f"{TALK}.review", {"of": "communication_record", "roles": ["legal"]}, None, "with a form"),
    (f"{TALK}.fields.at.type", "date", f"{TALK}.fields.at", "of type datetime"),
    (f"{TALK}.fields.channel.choices.+", {"key": "fax", "text": TEXT}, f"{TALK}.fields.channel.choices", "phone"),
    (f"{TALK}.summary.fields.sent_at.required", False, f"{TALK}.summary.fields.sent_at", "is missing"),
    (f"{TALK}.summary.within.count", 0, None, "at least 1"),
    ("stages.solution.outputs.+", form("x", met_by="talk"), "stages", "only one output"),
    # Reviews and sending
    (f"{REVIEW}.review.roles", ["technical", "boss"], f"{REVIEW}.review.roles[2]", "there is no reviewer role boss"),
    (f"{REVIEW}.review.roles", ["legal", "legal"], None, "twice"),
    (f"{REVIEW}.review.roles", [], None, "at least 1"),
    (f"{REVIEW}.review.of", "nothing", None, "there is no output nothing"),
    (f"{REVIEW}.review.of", "signed_contract", None, "up to this stage"),
    (f"{REVIEW}.review.of", "communication_record", None, "is no form"),
    (f"{REVIEW}.review.of", "account_plan", None, "another owner"),
    (f"{REVIEW}.review", REMOVED, None, "is missing"),
    ("stages.solution.outputs.solution.review", {"of": "solution", "roles": ["legal"]}, f"{REVIEW}.review.of",
     "already"),
    (f"{APPROVAL}.review.of", "solution", None, "must be contract_approval"),
    (f"{APPROVAL}.send.fields.sent_on.type", "text", f"{APPROVAL}.send.fields", "when was it sent"),
    (f"{APPROVAL}.send.fields", [], None, "at least 1"),
    (f"{SIGNED}.requires_sent", "nothing", None, "there is no other output nothing"),
    (f"{SIGNED}.requires_sent", "negotiation_record", None, "no send table"),
    (f"{SIGNED}.requires_sent", "satisfaction", None, "up to this stage"),
    (f"{SIGNED}.requires_sent", REMOVED, f"{SIGNED}.sent_before", "needs requires_sent"),
    (f"{SIGNED}.sent_before", "amount", None, "there are: signing_date"),
    # Fields
    (f"{FIT}.fields.conclusion.choices", [{"key": "a", "text": TEXT}], None, "does not belong"),
    (f"{FIT}.fields.conclusion.columns", [field()], None, "does not belong"),
    (f"{FIT}.fields.conclusion.min", 1, None, "only to: decimal, integer, money"),
    (f"{FIT}.fields.conclusion.decimals", 1, None, "only to: decimal"),
    (f"{FIT}.fields.conclusion.min_rows", 1, None, "only to: table"),
    (f"{FIT}.fields.conclusion.passes", ["a"], None, "only to: choice, choices, yes_no"),
    (f"{FIT}.fields.conclusion.prefill", "deal.name", None, "customer.industry"),
    (f"{OVERALL}.prefill", "customer.size", None, "does not belong"),
    (f"{OVERALL}.choices", [], None, "lists its answers"),
    (f"{OVERALL}.passes", ["high", "perfect"], f"{OVERALL}.passes[2]", "high, medium, low"),
    (f"{SIGNED}.fields.seals_checked.passes", ["true"], f"{SIGNED}.fields.seals_checked.passes[1]", "yes, no"),
    (f"{FIT}.fields.needs.columns", [], None, "lists its columns"),
    (f"{FIT}.fields.needs.columns.need.type", "table", None, "inside a table"),
    (f"{FIT}.fields.needs.columns.need.prefill", "customer.size", None, "field of the form"),
    (f"{FIT}.fields.needs.columns.fit", field("fit",
     "yes_no", passes=["yes"]), f"{FIT}.fields.needs.columns.fit.passes",
     "field of the form"),
    (f"{FIT}.fields.needs.columns.fit.max", 0, None, "below min (1)"),
    # Rules of fields
    (f"{SOURCES}.rules", [{}], f"{SOURCES}.rules[1]", "exactly one"),
    (f"{SOURCES}.rules", [{"distinct": "kind", "after": "today"}], f"{SOURCES}.rules[1]",
     "exactly one"),
    (f"{SOURCES}.rules.0.distinct", "colour", f"{SOURCES}.rules[1].distinct", "no column colour"),
    (f"{SOURCES}.rules.0.at_least", REMOVED, f"{SOURCES}.rules[1].at_least", "is missing"),
    (f"{SOURCES}.rules.0.values", ["a"], f"{SOURCES}.rules[1].values", "belongs to covers"),
    (f"{PEOPLE}.rules.0.covers", "name", f"{PEOPLE}.rules[1].covers", "choice or choices"),
    (f"{PEOPLE}.rules.0.values", ["boss"], f"{PEOPLE}.rules[1].values[1]", "boss is not an answer of level"),
    (f"{PEOPLE}.rules.0.values", [], f"{PEOPLE}.rules[1].values", "list the answers"),
    (f"{PEOPLE}.rules.0.at_least", 2, f"{PEOPLE}.rules[1].at_least", "distinct only"),
    (f"{FIT}.fields.conclusion.rules", [{"distinct": "a", "at_least": 2}], f"{FIT}.fields.conclusion.rules[1].distinct",
     "table only"),
    (f"{FIT}.fields.conclusion.rules", [{"after": "today"}], f"{FIT}.fields.conclusion.rules[1].after",
     "date or datetime"),
    (f"{SIGNED}.fields.signing_date.rules", [{"after": "amount"}], f"{SIGNED}.fields.signing_date.rules[1].after",
     "today"),
    (f"{FOLLOW_UP}.rules.0.required_when", {"field": "mood", "below": 7},
     f"{FOLLOW_UP}.rules[1].required_when.field", "no other field mood"),
    (f"{FOLLOW_UP}.rules.0.required_when", {"field": "rating"},
     f"{FOLLOW_UP}.rules[1].required_when", "either below"),
    (f"{FOLLOW_UP}.rules.0.required_when", {"field": "rating", "values": ["a"]},
     f"{FOLLOW_UP}.rules[1].required_when.values", "use below"),
    (f"{FOLLOW_UP}.rules.0.required_when", {"field": "went_well", "below": 1},
     f"{FOLLOW_UP}.rules[1].required_when.below", "is no number"),
    (f"{REFERRAL}.rules.0.required_when.values", ["maybe"],
     f"{REFERRAL}.rules[1].required_when.values[1]",
     "maybe is not an answer"),
    # Key actions met by data
    (f"{CHECKED}.note_required", True, None, "nobody ticks"),
    (f"{CHECKED}.data.output", "reports", None, "there is no output reports"),
    (f"{CHECKED}.data.output", "solution", None, "up to this stage"),
    (f"{CHECKED}.data.output", "high_potential_list", None, "is no form"),
    (f"{CHECKED}.data.output", REMOVED, None, 'by = "output" needs it'),
    (f"{CHECKED}.data.field", "origins", None, "has no field origins"),
    (f"{CHECKED}.data.field", REMOVED,
     f"{CHECKED}.data.column", "needs field"),
    (f"{CHECKED}.data.column", "colour", None, "no column colour"),
    (f"{CHECKED}.data.column", REMOVED, None, "at_least counts"),
    ("stages.research.actions.three_lists.data.field", "x", None, "does not go with"),
    ("stages.research.actions.three_lists.data.by", "score", None, "up to this stage"),
    ("stages.research.actions.three_lists.data", {"by": "customer", "field": "colour"},
     "stages.research.actions.three_lists.data.field", "industry"),
    ("stages.contact.actions.limits_stated.data.field", "colour", None, "has no field colour"),
    (f"{TALK}.summary", REMOVED, "stages.contact.actions.summary_in_time.data.by", "has no summary"),
    ("stages.contract.actions.approved_before_sent.data.output", "signed_contract", None, "no send table"),
    # Clocks
    ("clocks.score.starts", "rain", None, "must be one of"),
    ("clocks.score.limit", REMOVED, None, "is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "words"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_told_at_its_place_with_a_way_out(path: str, value: object, where: str | None, words: str):
    problems = problems_of(with_change(TREES["expansion"], path, value))
    assert any(place == (where or path) and words in problem for place, problem in problems), problems


def test_no_message_is_left_in_english_or_unfinished_for_a_chinese_reader():
    i18n.use("zh")
    for path, value, _, _ in MISTAKES[:: 1 if EFFORT > 1 else 3]:
        for place, problem in problems_of(with_change(TREES["expansion"], path, value)):
            assert any("\u4e00" <= char <= "\u9fff" for char in problem), (place, problem)
            assert "{" not in problem.replace('{ zh = "..", en = ".." }', ""), (place, problem)


def test_a_book_whose_stages_are_all_retired_is_refused():
    tree = copy.deepcopy(TREES["role"])
    for stage in tree["stages"]:
        stage["retired"] = True
    assert ("stages", "all stages are retired; at least one must be in use") in problems_of(tree)


def test_the_file_is_named_with_all_problems_at_once():
    text = loader.builtin_text("role").replace('of = "solution"', 'of = "nothing"')
    text = text.replace('roles = ["legal", "sales_manager"]', 'roles = ["boss"]')
    with pytest.raises(BadPlaybook) as caught:
        loader.load_text(text, "ours.toml")
    assert "ours.toml" in caught.value.text()
    assert [place for place, _ in caught.value.problems] == [
        "stages.solution.outputs.solution.review.of",
        "stages.contract.outputs.contract_approval.review.roles[1]",
    ]


def test_a_flood_of_problems_is_cut():
    tree = copy.deepcopy(TREES["role"])
    tree["lost_reasons"] = [{} for _ in range(100)]
    problems = problems_of(tree)
    assert len(problems) == 51
    assert problems[-1] == ("-", "and 150 more")


@pytest.mark.parametrize("path", ["stages.contact.key", "stages.contact.title", "stages.contact", "stages", "scoring"])
@pytest.mark.parametrize("junk", [None, 1, -1.5, True, "X", [], {}, [[]], [None], {"key": 3}, "\x1b[2J", "🙂" * 3000])
def test_whatever_stands_there_the_answer_is_a_list_of_problems(path: str, junk: object):
    assert problems_of(with_change(TREES["expansion"], path, junk))
