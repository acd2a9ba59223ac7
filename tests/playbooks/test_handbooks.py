"""The two handbooks as data say what the handbooks say: names, order, owners, what counts as complete."""

import pytest

from salestui.domain.playbook import (
    Clock,
    Covers,
    DataCheck,
    Distinct,
    Duration,
    DurationUnit,
    Field,
    FieldType,
    Holds,
    MetBy,
    Playbook,
    RequiredWhen,
    ReviewMode,
    Scope,
    Verdict,
)
from salestui.playbooks.loader import builtin

EXPANSION = builtin("expansion")
ROLE = builtin("role")

STAGES = {
    "expansion": [
        ("research", "市场调研与机会识别", "市场调研", "Research", ("市场部", "销售部")),
        ("grading", "目标客户筛选与分级", "筛选分级", "Grading", ("销售经理", "客户经理")),
        ("contact", "客户接洽与初步沟通", "客户接洽", "First contact", ("客户经理", "销售支持")),
        ("solution", "需求深度分析与方案制定", "方案制定", "Solution", ("客户经理", "产品经理", "技术支持")),
        ("contract", "商务谈判与合同签订", "谈判签约", "Contract", ("客户经理", "销售经理", "法务")),
        ("fulfilment", "订单履行与客户关系维护", "履约维护", "Fulfilment", ("客户经理", "交付")),
    ],
    "role": [
        ("prospecting", "潜在客户开发与筛选", "客户开发", "Prospecting", ("销售人员",)),
        ("discovery", "初步接触与需求深度挖掘", "需求挖掘", "Discovery", ("销售人员",)),
        ("solution", "解决方案制定与专业呈现", "方案呈现", "Solution", ("销售人员",)),
        ("contract", "商务谈判与合同签订", "谈判签约", "Contract", ("销售人员", "销售经理", "法务")),
        ("fulfilment", "订单履行与客户关系维护", "履约维护", "Fulfilment", ("销售人员", "交付")),
    ],
}

OUTPUTS = {
    "expansion": [
        ("research", "market_report", "《市场调研分析报告》", "campaign", "until_won", False),
        ("research", "high_potential_list", "《高潜力客户清单》", "campaign", "until_won", False),
        ("grading", "scoring_sheet", "《客户评分分级表》", "customer_in_campaign", "until_won", False),
        ("grading", "account_plan", "《A级客户专项拓展计划》", "customer_in_campaign", "until_won", False),
        ("contact", "communication_record", "《客户沟通记录表》", "deal", "always", False),
        ("contact", "fit_assessment", "《初步需求匹配度评估表》", "deal", "until_won", False),
        ("solution", "needs_analysis", "《客户需求深度分析报告》", "deal", "always", False),
        ("solution", "solution", "《定制化解决方案》", "deal", "always", False),
        ("solution", "solution_review", "《方案评审记录表》", "deal", "always", False),
        ("solution", "presentation_record", "《方案呈现与反馈记录》", "deal", "always", True),
        ("contract", "negotiation_record", "《商务谈判记录表》", "deal", "always", True),
        ("contract", "contract_approval", "《合同审批记录》", "deal", "always", True),
        ("contract", "signed_contract", "《已签合同归档》", "deal", "always", True),
        ("fulfilment", "order_handover", "《订单交接单》", "deal", "always", True),
        ("fulfilment", "delivery_acceptance", "《交付验收记录》", "deal", "always", True),
        ("fulfilment", "satisfaction", "《客户满意度反馈表》", "deal", "always", True),
        ("fulfilment", "relationship_plan", "《客户关系维护计划》", "customer", "always", True),
    ],
    "role": [
        ("prospecting", "customer_profile", "《潜在客户档案》", "customer", "until_won", True),
        ("discovery", "communication_record", "《客户沟通记录表》", "deal", "always", True),
        ("discovery", "discovery_record", "《需求挖掘记录表》", "deal", "always", True),
        ("solution", "solution", "《定制化解决方案》", "deal", "always", True),
        ("solution", "presentation_record", "《方案呈现与反馈记录》", "deal", "always", True),
        ("contract", "negotiation_record", "《商务谈判记录表》", "deal", "always", True),
        ("contract", "contract_approval", "《合同审批记录》", "deal", "always", True),
        ("contract", "signed_contract", "《已签合同归档》", "deal", "always", True),
        ("fulfilment", "order_handover", "《订单交接单》", "deal", "always", True),
        ("fulfilment", "delivery_acceptance", "《交付验收记录》", "deal", "always", True),
        ("fulfilment", "satisfaction", "《客户满意度反馈表》", "deal", "always", True),
        ("fulfilment", "relationship_plan", "《客户关系维护计划》", "customer", "always", True),
    ],
}

# A star marks what must be filled; brackets hold a table's columns.
FIELDS = {
    "market_report": "market_size* growth_rate* competitive_landscape* technology_trends gaps_and_openings* core_pains*"
    " buying_process* budget_range competitors*[name* strengths* pricing* share* reviews*]"
    " differentiators*[kind* advantage*] sources*[source* kind* date*]",
    "high_potential_list": "",
    "scoring_sheet": "",
    "account_plan": "objective* resources* decision_map*[contact* role* stance* cares_about*]"
    " milestones*[date* action* person*] risks",
    "communication_record": "channel* at* participants* pains* wished_result* purchase_timetable* budget_range*"
    " decision_roles* limits*",
    "fit_assessment": "needs*[need* our_offer* fit*] overall_fit* conclusion*",
    "needs_analysis": "people_heard*[name* level* date*] explicit_needs*[need* evidence]"
    " implicit_needs*[need* evidence] rival_comparison priorities*",
    "solution": "configuration*[item* quantity* unit_price*] quotation_total* delivery_period* after_sales*"
    " mapping*[pain* solution* value*] differentiators*",
    "solution_review": "",
    "presentation_record": "presented_on* place* attendees* feedback*[date* who* what* decision* answered_in]"
    " accepted_by* accepted_on*",
    "negotiation_record": "aims* bottom_line* concessions* objections*[objection* answer*]"
    " rounds*[date* present* result*] agreed_price* agreed_payment* agreed_delivery* agreed_service*",
    "contract_approval": "",
    "signed_contract": "contract_number* amount* signing_date* method* seals_checked* archive_place*",
    "order_handover": "contract_number* tasks*[task* department* person* due*]",
    "delivery_acceptance": "acceptance_date* accepted_by* meets_contract* open_points[point* person* due*]",
    "satisfaction": "rating* went_well went_badly follow_up",
    "relationship_plan": "contact_rhythm* next_contact* repeat_openings referral_asked* referral_date",
    "customer_profile": "company* industry* region* size* key_contact* contact_details* first_need* budget_range"
    " source_channel* ideal_fit* first_assessment* verdict* follow_up_advice*",
    "discovery_record": "challenges* aims* pains* current_gaps* demands* purchasing_process* decision_chain*"
    " customer_feedback* needs_confirmed* customer_next_step* our_next_step* next_follow_up*",
}

TICK, NOTE = None, "note"
ACTIONS = {
    "expansion": [
        ("research", "sources_cross_checked", DataCheck(MetBy.OUTPUT, "market_report", "sources", "kind", 2)),
        ("research", "three_lists", DataCheck(MetBy.CLASSIFICATION)),
        ("grading", "score_renewed", DataCheck(MetBy.SCORE)),
        ("grading", "plan_for_grade_a", DataCheck(MetBy.OUTPUT, "account_plan")),
        ("contact", "limits_stated", DataCheck(MetBy.TALK, field="limits")),
        ("contact", "summary_in_time", DataCheck(MetBy.SUMMARY)),
        ("solution", "value_mapped", DataCheck(MetBy.OUTPUT, "solution", "mapping")),
        ("solution", "feedback_recorded", DataCheck(MetBy.OUTPUT, "presentation_record", "feedback")),
        ("solution", "implicit_needs_probed", NOTE),
        ("contract", "negotiation_prepared", TICK),
        ("contract", "standard_contract", NOTE),
        ("contract", "approved_before_sent", DataCheck(MetBy.SENT, "contract_approval")),
        ("fulfilment", "handover_talk", TICK),
        ("fulfilment", "progress_reported", NOTE),
    ],
    "role": [
        ("prospecting", "lawful_source", TICK),
        ("prospecting", "profile_screened", DataCheck(MetBy.OUTPUT, "customer_profile", "ideal_fit")),
        ("discovery", "material_prepared", TICK),
        ("discovery", "needs_confirmed", DataCheck(MetBy.OUTPUT, "discovery_record", "needs_confirmed")),
        ("discovery", "next_follow_up_set", DataCheck(MetBy.FOLLOW_UP)),
        ("solution", "presentation_prepared", TICK),
        ("contract", "negotiation_prepared", TICK),
        ("contract", "standard_contract", NOTE),
        ("contract", "approved_before_sent", DataCheck(MetBy.SENT, "contract_approval")),
        ("fulfilment", "handover_talk", TICK),
        ("fulfilment", "progress_reported", NOTE),
    ],
}

BOOKS = [pytest.param(EXPANSION, id="expansion"), pytest.param(ROLE, id="role")]


def shape(fields: tuple[Field, ...]) -> str:
    return " ".join(
        field.key + "*" * field.required + (f"[{shape(field.columns)}]" if field.columns else "") for field in fields
    )


@pytest.mark.parametrize("book", BOOKS)
def test_stages_bear_the_handbooks_names_order_and_owners(book: Playbook):
    found = [
        (stage.key, stage.title.zh, stage.short.zh, stage.short.en, tuple(owner.zh for owner in stage.owners))
        for stage in book.stages
    ]
    assert found == STAGES[book.key]
    assert [stage.number for stage in book.stages] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("book", BOOKS)
def test_every_output_has_the_handbooks_title_owner_and_duration(book: Playbook):
    found = [
        (stage.key, output.key, output.title.zh, output.owner.value, output.holds.value, output.derived)
        for stage, output in book.outputs()
    ]
    assert found == OUTPUTS[book.key]


@pytest.mark.parametrize("book", BOOKS)
def test_every_output_asks_exactly_for_what_complete_means(book: Playbook):
    for _, output in book.outputs():
        assert shape(output.fields) == FIELDS[output.key], output.key


@pytest.mark.parametrize("book", BOOKS)
def test_every_key_action_is_ticked_noted_or_met_by_the_right_data(book: Playbook):
    found = [
        (stage.key, action.key, action.data or (NOTE if action.note_required else TICK))
        for stage in book.stages
        for action in stage.actions
    ]
    assert found == ACTIONS[book.key]


@pytest.mark.parametrize("book", BOOKS)
def test_a_key_action_met_by_an_output_holds_as_long_as_the_output(book: Playbook):
    for stage in book.stages:
        for action in stage.actions:
            if action.data is None:
                assert action.holds is Holds.ALWAYS
            elif action.data.output:
                assert action.holds is book.output(action.data.output).holds, action.key


@pytest.mark.parametrize("book", BOOKS)
def test_every_stage_guides_and_has_the_limits_a_board_needs(book: Playbook):
    for stage in book.stages:
        assert len(stage.guidance) >= 4
        assert stage.tip.zh
        assert stage.ageing_limit
        assert stage.win_probability is not None
    chances = [stage.win_probability for stage in book.stages]
    assert chances == sorted(chances, key=lambda chance: chance or 0)
    assert [stage.key for stage in book.stages if stage.delivery] == ["fulfilment"]


@pytest.mark.parametrize("book", BOOKS)
def test_every_field_says_what_goes_in_what_good_looks_like_and_why(book: Playbook):
    for _, output in book.outputs():
        assert output.goal.zh
        assert output.why.zh
        sent = output.send.fields if output.send else ()
        summary = output.summary.fields if output.summary else ()
        for field in (*output.fields, *sent, *summary):
            assert field.help.zh, f"{output.key}.{field.key}"
            assert field.example.zh, f"{output.key}.{field.key}"
            assert field.why.zh, f"{output.key}.{field.key}"


@pytest.mark.parametrize("book", BOOKS)
def test_the_contract_is_approved_then_sent_then_signed_and_no_exception_opens_that(book: Playbook):
    approval, signed = book.output("contract_approval"), book.output("signed_contract")
    assert approval.review is not None
    assert approval.review.of == "contract_approval"
    assert approval.review.roles == ("legal", "sales_manager")
    assert approval.review.mode is ReviewMode.ALL
    assert approval.send is not None
    assert shape(approval.send.fields) == "sent_on* sent_to* channel*"
    assert not approval.exceptable
    assert not book.action("approved_before_sent")[1].exceptable
    assert approval.files.min == 1
    assert (signed.requires_sent, signed.sent_before, signed.files.min) == ("contract_approval", "signing_date", 1)


@pytest.mark.parametrize("book", BOOKS)
def test_a_talks_summary_is_due_within_24_hours(book: Playbook):
    record = book.talk_output()
    assert record is not None
    assert record.key == "communication_record"
    assert record.summary is not None
    assert record.summary.within == Duration(24, DurationUnit.HOURS)
    assert shape(record.summary.fields) == "sent_at* text* material*"
    assert {choice.key for choice in record.field("channel").choices} == {"phone", "email", "visit", "video"}
    clock = next(clock for clock in book.clocks if clock.key == "summary")
    assert (clock.starts, clock.stops, clock.limit) == ("talk", "summary", Duration(24, DurationUnit.HOURS))


PASSES = [
    (EXPANSION, "fit_assessment", "overall_fit", ("high", "medium")),
    (EXPANSION, "signed_contract", "seals_checked", ("yes",)),
    (EXPANSION, "delivery_acceptance", "meets_contract", ("yes",)),
    (ROLE, "customer_profile", "verdict", ("pursue",)),
    (ROLE, "discovery_record", "needs_confirmed", ("yes",)),
]


@pytest.mark.parametrize(("book", "output", "field", "values"), PASSES)
def test_the_values_that_pass_are_those_of_the_handbook(book: Playbook, output: str, field: str, values: tuple):
    assert book.output(output).field(field).passes == values


def test_nothing_else_than_the_handbook_says_must_have_a_passing_value():
    found = {
        (output.key, field.key)
        for book in (EXPANSION, ROLE)
        for _, output in book.outputs()
        for field in output.fields
        if field.passes
    }
    assert found == {(output, field) for _, output, field, _ in PASSES}


def test_the_market_report_names_two_kinds_of_source():
    assert EXPANSION.output("market_report").field("sources").rules == (Distinct("kind", 2),)


def test_the_needs_analysis_hears_three_levels_and_one_person_may_hold_several():
    people = EXPANSION.output("needs_analysis").field("people_heard")
    assert people.rules == (Covers("level", ("technical", "purchasing", "decision")),)
    assert people.column("level").type is FieldType.CHOICES


def test_a_rating_runs_from_0_to_10_and_below_7_needs_a_follow_up():
    satisfaction = EXPANSION.output("satisfaction")
    assert (satisfaction.field("rating").min, satisfaction.field("rating").max) == (0, 10)
    assert satisfaction.field("follow_up").rules == (RequiredWhen("rating", below=7),)


def test_the_solution_is_reviewed_by_three_roles_in_handbook_a_and_may_be_in_handbook_b():
    review = EXPANSION.output("solution_review")
    assert review.met_by is MetBy.REVIEW
    assert review.review is not None
    assert (review.review.of, review.review.roles) == ("solution", ("technical", "sales", "legal"))
    optional = ROLE.output("solution").review
    assert optional is not None
    assert not optional.required


def test_the_account_plan_is_for_grade_a_and_valid_for_twelve_months():
    plan = EXPANSION.output("account_plan")
    assert plan.required_when is not None
    assert plan.required_when.grades == ("A",)
    assert plan.valid_for == Duration(12, DurationUnit.MONTHS)


def test_the_scorecard_is_the_handbooks():
    scoring = EXPANSION.scoring
    assert scoring is not None
    assert [(each.title.zh, each.min, each.max, each.weight) for each in scoring.criteria] == [
        ("企业规模", 1, 5, 1),
        ("行业匹配度", 1, 5, 1),
        ("需求紧急度", 1, 5, 1),
        ("预算充足度", 1, 5, 1),
        ("决策链清晰度", 1, 5, 1),
    ]
    assert [each.short.zh for each in scoring.criteria] == ["规模", "匹配", "紧急", "预算", "决策"]
    assert (scoring.lowest, scoring.highest) == (5, 25)
    assert [(each.key, each.title.zh, each.at_least, each.follow_up_days) for each in scoring.grades] == [
        ("A", "重点拓展", 20, 7),
        ("B", "潜力培养", 15, 14),
        ("C", "暂缓跟进", 5, 30),
    ]
    assert scoring.valid_for == Duration(1, DurationUnit.MONTHS)
    assert scoring.evidence_required
    (warning,) = scoring.warnings
    assert (warning.grade, warning.criteria, warning.at_most) == ("A", ("urgency", "budget", "decision_chain"), 2)
    assert EXPANSION.scoring_stage == "grading"
    assert EXPANSION.stage("grading").passing_grades == ("A", "B")


def test_classes_and_scenarios_are_those_of_handbook_a():
    assert [(each.title.zh, each.verdict) for each in EXPANSION.classes] == [
        ("高潜力机会", Verdict.PASSES),
        ("风险机会", Verdict.NEEDS_EXCEPTION),
        ("暂不考虑机会", Verdict.NEVER),
    ]
    assert [each.title.zh for each in EXPANSION.scenarios] == [
        "新市场进入",
        "存量客户深度运营",
        "新产品/服务推广",
        "大客户定制化拓展",
    ]


def test_handbook_b_neither_scores_nor_sorts_nor_shares_outputs_among_a_campaign():
    assert ROLE.scoring is None
    assert ROLE.classes == ROLE.scenarios == ()
    shared = {Scope.CAMPAIGN, Scope.CUSTOMER_IN_CAMPAIGN}
    assert not [output.key for _, output in ROLE.outputs() if output.owner in shared]


def test_the_score_is_due_again_after_a_month_and_after_a_change_at_the_customer():
    limits: dict[str, Clock] = {clock.key: clock for clock in EXPANSION.clocks}
    assert limits["score"].limit == Duration(1, DurationUnit.MONTHS)
    assert (limits["customer_event"].starts, limits["customer_event"].stops) == ("customer_event", "score")
