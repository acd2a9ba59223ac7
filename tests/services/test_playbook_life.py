"""New versions of a playbook: what differs, what it would mean for running deals, and moving them over."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.outcomes import Blocked, Done, Invalid, Moved, NotAllowed
from salestui.domain.playbook_diff import Difference, Kind, Part, compare
from salestui.domain.upgrades import DealPreview, Obstacle
from salestui.errors import BadPlaybook, NotFound
from salestui.field_texts import problem_text
from salestui.playbooks import loader
from salestui.services import activities, campaigns, deals, history, outputs, playbook_life, playbook_texts, playbooks
from salestui.services.loading import judge
from salestui.services.request import Request
from salestui.storage import tables
from tests.services.papers import PLAYBOOK, Office, office_in

PAPERS = loader.load_text(PLAYBOOK, "papers.toml")
EXTRA = (
    '[[stages.outputs]]\nkey = "permit"\ntitle = { zh = "《许可》", en = "Permit" }\nowner = "deal"\nholds = "always"\n'
    '[[stages.outputs.fields]]\nkey = "number"\ntype = "text"\nlabel = { zh = "号", en = "Number" }\nrequired = true\n'
)
PLAN, CLOSE = PLAYBOOK.index('[[stages]]\nkey = "plan"'), PLAYBOOK.index('[[stages]]\nkey = "close"')
HEAD = '[[stages]]\nkey = "close"'
FILES = "at least 0, at most {n}, file types pdf, txt"
RETIRED = 'key = "plan"\nretired = true'


def edition(version: int, *changes: tuple[str, str]) -> str:
    """Return the papers under another number, with these places changed."""
    text = PLAYBOOK.replace("version = 1", f"version = {version}", 1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def with_permit(version: int) -> str:
    """Return the papers with one output more in the first stage."""
    return edition(version, ('[[stages]]\nkey = "close"', EXTRA + '[[stages]]\nkey = "close"'))


def without(version: int, key: str) -> str:
    """Return the papers without one output."""
    start = PLAYBOOK.index(f'[[stages.outputs]]\nkey = "{key}"')
    end = PLAYBOOK.find("[[stages", start + 20)
    while PLAYBOOK[end:].startswith("[[stages.outputs."):
        end = PLAYBOOK.find("[[stages", end + 8)
    end = end if end > 0 else len(PLAYBOOK)
    return edition(version, (PLAYBOOK[start:end], ""))


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


def installed(office: Office, text: str) -> None:
    assert isinstance(playbooks.install(office.admin, text, "papers.toml"), Done)


def fill(office: Office, deal: int) -> None:
    """Do all that the first stage asks."""
    outputs.submit(office.rep, deal, "market_note", {"size": 3})
    outputs.submit(office.rep, deal, "account_note", {"goal": "go"})
    outputs.submit(office.rep, deal, "profile", {"name": "启明"})
    outputs.submit(office.rep, deal, "offer", {"price": "1"})
    deals.tick(office.rep, deal, "warned")
    office.voted(office.technical, office.asked("offer"), "technical")
    office.voted(office.legal, 1, "legal")


def only(office: Office, version: int, deal: int | None = None) -> DealPreview:
    [found] = playbook_life.upgrade_preview(office.manager, "papers", version, [deal or office.deal]).deals
    return found


# What differs


def differences(*changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    found = compare(PAPERS, loader.load_text(edition(2, *changes), "b.toml"))
    return [(each.kind.value, each.part.value, ".".join(each.path)) for each in found]


FIELD = '[[stages.outputs.fields]]\nkey = "pains"\ntype = "long_text"'
TABLE = (
    '[[stages.outputs.fields]]\nkey = "rows"\ntype = "table"\nlabel = { zh = "表", en = "Table" }\n'
    'columns = [{ key = "a", type = "text", label = { zh = "甲", en = "A" }, required = true }]\n'
)
CLOCK = (
    '[[clocks]]\nkey = "talks"\ntitle = { zh = "时限", en = "Clock" }\nstarts = "talk"\nstops = "summary"\n'
    'limit = { count = 24, unit = "hours" }\n'
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ((), []),
        ((('title = { zh = "文件"', 'title = { zh = "新文件"'),), [("changed", "playbook", "")]),
        (
            (
                ('key = "technical"', 'key = "expert"'),
                ('["technical", "legal"]', '["expert", "legal"]'),
                ('["technical", "finance"]', '["expert", "finance"]'),
                ('["technical", "legal"], one', '["expert", "legal"], one'),
            ),
            [
                ("changed", "review", "offer_review"),
                ("changed", "review", "memo"),
                ("changed", "review", "minutes"),
                ("added", "role", "expert"),
                ("removed", "role", "technical"),
            ],
        ),
        (
            (('key = "close"\n', 'key = "sign"\n'),),
            [
                ("added", "stage", "sign"),
                ("removed", "stage", "close"),
                *[
                    ("changed", "output", key)
                    for key in ("contract", "signature", "memo", "minutes", "letter", "visit")
                ],
            ],
        ),
        (
            (
                (
                    'exceptable = false\n[[stages.outputs]]\nkey = "market_note"',
                    'exceptable = true\n[[stages.outputs]]\nkey = "market_note"',
                ),
            ),
            [("changed", "action", "warned")],
        ),
        ((('key = "warned"', 'key = "told"'),), [("added", "action", "told"), ("removed", "action", "warned")]),
        (
            ((FIELD, FIELD.replace("pains", "needs")),),
            [("added", "field", "offer.needs"), ("removed", "field", "offer.pains")],
        ),
        ((("required = false", "required = true"),), [("changed", "field", "offer.pains")]),
        (
            (('key = "sent_to"\ntype = "person"', 'key = "sent_to"\ntype = "text"'),),
            [("changed", "field", "contract.send.sent_to")],
        ),
        ((("max = 2", "max = 3"),), [("changed", "output", "offer")]),
        ((('review = { of = "letter", roles = ["legal"], required = false }', ""),), [("removed", "review", "letter")]),
        (((FIELD, TABLE + FIELD),), [("added", "field", "offer.rows")]),
        (
            ((PLAYBOOK[PLAN:], PLAYBOOK[CLOSE:] + "\n" + PLAYBOOK[PLAN:CLOSE]),),
            [("moved", "stage", "close"), ("moved", "stage", "plan")],
        ),
        (((PLAYBOOK[PLAN:], CLOCK + PLAYBOOK[PLAN:]),), [("added", "clock", "talks")]),
    ],
)
def test_parts_are_known_by_their_keys(changes, found):
    assert differences(*changes) == found


def test_columns_of_tables_are_compared():
    old = loader.load_text(edition(2, (FIELD, TABLE + FIELD)), "a.toml")
    new = loader.load_text(edition(3, (FIELD, TABLE.replace('key = "a"', 'key = "b"') + FIELD)), "b.toml")
    assert [(d.kind, ".".join(d.path)) for d in compare(old, new)] == [
        (Kind.ADDED, "offer.rows.b"),
        (Kind.REMOVED, "offer.rows.a"),
    ]


def expansion(*changes: tuple[str, str]) -> list[Difference]:
    text = loader.builtin_text("expansion")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return list(compare(loader.builtin("expansion"), loader.from_checked_text(text, "b.toml")))


def test_scoring_is_compared_by_criteria_and_grades():
    [threshold] = expansion(("at_least = 20", "at_least = 21"))
    assert (threshold.part, threshold.path) == (Part.GRADE, ("A",))
    assert [(d.name, d.before, d.after) for d in threshold.details] == [("at_least", 20, 21)]
    without_scores = compare(loader.builtin("expansion"), loader.builtin("role"))
    assert (Kind.REMOVED, Part.SCORING) in {(each.kind, each.part) for each in without_scores}
    back = compare(loader.builtin("role"), loader.builtin("expansion"))
    assert (Kind.ADDED, Part.SCORING) in {(each.kind, each.part) for each in back}
    [longer] = expansion(('valid_for = { count = 1, unit = "months" }', 'valid_for = { count = 2, unit = "months" }'))
    assert (longer.part, longer.details[0].name) == (Part.SCORING, "valid_for")


def test_the_time_for_a_summary_is_compared():
    [within] = expansion(('within = { count = 24, unit = "hours" }', 'within = { count = 48, unit = "hours" }'))
    assert (within.part, within.details[0].name) == (Part.OUTPUT, "summary_within")


def test_only_what_is_read_counts_as_wording():
    reworded = compare(PAPERS, loader.load_text(edition(2, ("Paper offer", "The offer")), "b.toml"))
    assert [each.wording for each in reworded] == [True]
    asked = compare(PAPERS, loader.load_text(edition(2, ("required = false", "required = true")), "b.toml"))
    assert [each.wording for each in asked] == [False]


def test_differences_are_said_in_both_languages(office: Office):
    installed(
        office,
        edition(
            2,
            ("required = false", "required = true"),
            ("Paper offer", "The offer"),
            ("max = 2", "max = 3"),
            ('key = "close"\n', 'key = "close"\nwin_probability = 70\nretired = false\ndelivery = true\n'),
            ('review = { of = "letter", roles = ["legal"], required = false }', ""),
            (PLAYBOOK[PLAN : PLAN + 10], CLOCK + PLAYBOOK[PLAN : PLAN + 10]),
        ),
    )
    found = playbook_life.diff(office.rep, ("papers", 1), ("papers", 2))
    assert playbook_texts.lines(found) == (
        "~ Stage Close (close) #2: win probability none → 70; delivery no → yes",
        f"~ Output The offer (offer) · stage 1 Plan: files {FILES.format(n=2)} → {FILES.format(n=3)}; reworded: title",
        "~ Field Field pains (offer.pains) · stage 1 Plan: required no → yes",
        "- Review of Paper letter (letter) · stage 2 Close",
        "+ Clock Clock (talks)",
    )
    i18n.use("zh")
    zh = playbook_texts.lines(found)
    assert "- 评审 《letter》 (letter) · 第 2 阶段 签约" in zh
    assert "+ 时限 时限 (talks)" in zh
    assert playbook_texts.lines(playbook_life.diff(office.rep, PAPERS, ("papers", 1))) == ()


def test_every_property_of_both_handbooks_has_a_name_and_every_value_is_shown(office: Office):
    a, b = loader.builtin("role"), loader.builtin("expansion")
    for found in (playbook_life.diff(office.rep, a, b), playbook_life.diff(office.rep, b, a)):
        for difference in found.differences:
            assert all(detail.name in playbook_texts.properties() for detail in difference.details)
        assert all("{" not in line and "None" not in line for line in playbook_texts.lines(found))


# What it would mean


def test_the_preview_tells_what_would_block_a_deal(office: Office):
    fill(office, office.deal)
    installed(office, with_permit(2))
    found = only(office, 2)
    assert found.blocked
    assert [requirement.key for requirement in found.blocked_by] == ["plan.permit.complete"]
    assert [requirement.key for requirement in found.gained] == ["plan.permit.complete"]
    assert found.lost == ()
    assert not found.freed
    whole = playbook_life.upgrade_preview(office.manager, "papers", 2)
    assert whole.blocked == whole.movable == whole.deals == (found,)
    assert playbook_texts.preview_lines(office.manager, whole) == (
        "1 deal can be moved to papers 2; 1 of them would become blocked",
        "D1 苏州启明食品有限公司 v1 0 → 1 unmet",
        "    would become blocked by Permit not written yet",
    )


def test_the_preview_tells_what_would_no_longer_be_asked(office: Office):
    installed(office, edition(2, ('key = "offer_review"', 'key = "offer_review"\noptional = true')))
    found = only(office, 2)
    assert [requirement.key for requirement in found.lost] == ["plan.offer_review.approved"]
    assert found.gained == found.blocked_by == ()
    assert not found.blocked
    assert any("no longer asked" in line for line in playbook_texts.preview_told(office.manager, found, 2))


def test_the_preview_tells_whose_gate_would_open(office: Office):
    for key, values in (("market_note", {"size": 3}), ("account_note", {"goal": "go"}), ("profile", {"name": "启明"})):
        outputs.submit(office.rep, office.deal, key, values)
    deals.tick(office.rep, office.deal, "warned")
    installed(
        office,
        edition(
            2,
            ('key = "offer_review"', 'key = "offer_review"\noptional = true'),
            ('key = "offer"', 'key = "offer"\noptional = true'),
        ),
    )
    found = only(office, 2)
    assert found.freed
    assert playbook_texts.preview_told(office.manager, found, 2)[0] == "its gate would open"


def test_an_output_is_looked_for_where_the_new_version_puts_it(office: Office):
    outputs.submit(office.rep, office.deal, "profile", {"name": "启明"})
    installed(office, edition(2, ('owner = "customer"\n', 'owner = "deal"\n')))
    assert [requirement.key for requirement in only(office, 2).blocked_by] == ["plan.profile.complete"]
    assert any("would also lack" in line for line in playbook_texts.preview_told(office.manager, only(office, 2), 2))


def test_deals_that_stay_are_listed_with_the_reason(office: Office):
    lost = office.deal_of(office.rep)
    assert isinstance(deals.lose(office.rep, lost, "price"), Done)
    assert only(office, 1).obstacle is Obstacle.SAME_VERSION
    installed(office, edition(2))
    assert only(office, 2, lost).obstacle is Obstacle.CLOSED
    assert [preview.deal.id for preview in playbook_life.upgrade_preview(office.manager, "papers", 2).deals] == [1]
    told = {
        playbook_texts.preview_told(office.manager, only(office, version, deal), version)
        for version, deal in ((1, office.deal), (2, lost), (2, office.deal))
    }
    assert told == {
        ("has version 1 already",),
        ("not on the board; keeps its version",),
        ("nothing changes for it",),
    }


def test_what_is_not_there_is_not_found(office: Office):
    with pytest.raises(NotFound):
        playbook_life.upgrade_preview(office.manager, "papers", 9)
    with pytest.raises(NotFound):
        playbook_life.upgrade_preview(office.manager, "papers", 1, [99])
    with pytest.raises(NotFound):
        playbook_life.upgrade_preview(office.manager, "role", 1, [office.deal])


# Moving over


def test_a_deal_is_moved_over_and_nothing_else_changes(office: Office):
    fill(office, office.deal)
    other = office.deal_of(office.rep)
    installed(office, with_permit(2))
    before = deals.get(office.rep, office.deal)
    assert before.playbook_version == 1
    assert playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal, office.deal]) == Done("papers", 2, 1)
    after = deals.get(office.rep, office.deal)
    assert (after.playbook_version, after.version) == (2, before.version + 1)
    for name in ("stage", "status", "owner", "stage_since", "amount", "campaign"):
        assert getattr(after, name) == getattr(before, name)
    assert deals.get(office.rep, other).playbook_version == 1
    assert campaigns.get(office.rep, office.campaign).playbook_version == 1
    event = history.events(office.rep, limit=1)[0]
    assert (event.action, event.subject, event.before, event.after) == (
        "deal.upgraded", "D1", {"playbook_version": 1}, {"playbook_version": 2},
    )  # fmt: skip
    assert history.describe(event, PAPERS, "en") == "Playbook version: 1 → 2"
    assert isinstance(deals.advance(office.rep, office.deal), Blocked)
    again = playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal])
    assert again == Done("papers", 2, 0, changed=False)
    assert history.events(office.rep, limit=1)[0] == event


def test_the_card_shows_at_once_what_the_new_version_asks(office: Office):
    fill(office, office.deal)
    installed(office, with_permit(2))
    playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal])
    with office.store.reading():
        assert tables.Card.get_by_id(office.deal).unmet == 1


def test_a_campaign_goes_along_only_where_it_is_chosen_and_then_for_new_deals(office: Office):
    installed(office, with_permit(2))
    assert playbook_life.upgrade(office.manager, "papers", 2, campaigns=[office.campaign]).number == 1
    assert campaigns.get(office.rep, office.campaign).playbook_version == 2
    assert deals.get(office.rep, office.deal).playbook_version == 1
    assert deals.get(office.rep, office.deal_of(office.rep)).playbook_version == 2
    actions = [event.action for event in history.events(office.rep, campaign=office.campaign)]
    assert actions.count("campaign.upgraded") == 1


def test_a_deal_goes_back_to_an_older_version_as_well(office: Office):
    installed(office, with_permit(2))
    playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal])
    playbook_life.upgrade(office.manager, "papers", 1, deals=[office.deal])
    assert deals.get(office.rep, office.deal).playbook_version == 1


def test_all_or_none_are_moved(office: Office):
    lost = office.deal_of(office.rep)
    deals.lose(office.rep, lost, "price")
    installed(office, edition(2))
    outcome = playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal, lost])
    assert outcome == NotAllowed("closed_keeps_version", {"deal": f"D{lost}"})
    assert deals.get(office.rep, office.deal).playbook_version == 1


def test_a_deal_whose_stage_is_not_there_stays(office: Office):
    lost = office.deal_of(office.rep)
    deals.lose(office.rep, office.deal, "price")
    deals.lose(office.rep, lost, "price")
    installed(office, edition(2, ('key = "plan"', 'key = "start"')))
    deals.reopen(office.rep, lost, "又来问了")
    assert only(office, 2, lost).obstacle is Obstacle.STAGE_MISSING
    assert playbook_texts.preview_told(office.manager, only(office, 2, lost), 2) == (
        "its stage plan is not in version 2; move it on or back first",
    )
    assert playbook_life.upgrade(office.manager, "papers", 2, deals=[lost]) == NotAllowed(
        "stage_not_there", {"deal": f"D{lost}", "stage": "plan", "version": 2}
    )


def test_deals_and_campaigns_of_another_playbook_stay(office: Office):
    other = campaigns.new(office.manager, {"name": "别的", "scenario": "new_market"})
    foreign = deals.new(office.rep, office.customer, other.number, {})
    assert playbook_life.upgrade(office.manager, "papers", 1, deals=[foreign.number]).code == "other_playbook"
    assert playbook_life.upgrade(office.manager, "papers", 1, campaigns=[other.number]).code == "other_playbook"
    text = loader.builtin_text("expansion").replace("version = 1", "version = 2", 1).replace("new_market", "new_land")
    assert isinstance(playbooks.install(office.admin, text, "x"), Done)
    outcome = playbook_life.upgrade(office.manager, "expansion", 2, campaigns=[other.number])
    assert outcome.code == "scenario_not_there"


@pytest.mark.parametrize("arguments", [{"deals": [99]}, {"campaigns": [99]}])
def test_nothing_of_that_number_is_moved(office: Office, arguments):
    with pytest.raises(NotFound):
        playbook_life.upgrade(office.manager, "papers", 1, **arguments)


def test_a_rep_moves_no_deal_over(office: Office):
    installed(office, edition(2))
    assert playbook_life.upgrade(office.rep, "papers", 2, deals=[office.deal]) == NotAllowed("only_manager")
    assert deals.get(office.rep, office.deal).playbook_version == 1


# Retiring


def test_installing_changes_no_running_deal(office: Office):
    before = judge(office.rep, office.deal)
    installed(office, with_permit(2))
    assert judge(office.rep, office.deal) == before


def test_a_stage_in_which_running_deals_stand_cannot_be_dropped(office: Office):
    outcome = playbooks.install(office.admin, edition(2, ('key = "plan"', 'key = "start"')), "p.toml")
    assert isinstance(outcome, Invalid)
    assert [(p.where, p.code, p.params) for p in outcome.problems] == [
        ("stages.plan", "stage_in_use", {"deals": ["D1"]}),
    ]
    assert problem_text(outcome.problems[0], (), "en") == (
        "stages.plan: running deals stand in it (D1), so it cannot be dropped: keep it with retired = true"
    )
    assert playbooks.latest(office.rep, "papers").version == 1


def test_an_output_of_a_stage_in_which_running_deals_stand_cannot_be_dropped(office: Office):
    for _ in range(6):
        office.deal_of(office.rep)
    outcome = playbooks.install(office.admin, without(2, "account_note"), "p.toml")
    assert isinstance(outcome, Invalid)
    assert problem_text(outcome.problems[0], (), "en") == (
        "outputs.account_note: running deals stand in its stage plan (D1, D2, D3, D4, D5 and 2 more), so it cannot be "
        "dropped: keep it with optional = true"
    )
    installed(office, without(2, "memo"))


def test_what_only_closed_deals_stand_in_can_be_dropped(office: Office):
    deals.lose(office.rep, office.deal, "price")
    installed(office, edition(2, ('key = "plan"', 'key = "start"')))


def test_a_retired_stage_takes_no_new_deals_and_asks_nothing_elsewhere(office: Office):
    fill(office, office.deal)
    assert isinstance(deals.advance(office.rep, office.deal), Moved)
    installed(office, edition(2, ('key = "plan"', RETIRED)))
    found = only(office, 2)
    assert {requirement.stage for requirement in found.lost} == {"plan"}
    assert {requirement.stage for requirement in found.after.requirements} == {"close"}
    playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal], campaigns=[office.campaign])
    assert deals.get(office.rep, office.deal_of(office.rep)).stage == "close"
    assert deals.move_left(office.rep, office.deal, "plan", "back").code == "not_a_stage_to_the_left"


def test_a_deal_in_a_retired_stage_is_still_asked_there_and_can_leave(office: Office):
    installed(office, edition(2, ('key = "plan"', RETIRED)))
    found = only(office, 2)
    assert found.retired
    assert "its stage is retired there: it can leave, nobody follows" in playbook_texts.preview_told(
        office.manager, found, 2
    )
    playbook_life.upgrade(office.manager, "papers", 2, deals=[office.deal])
    assert isinstance(deals.advance(office.rep, office.deal), Blocked)
    fill(office, office.deal)
    moved = deals.advance(office.rep, office.deal)
    assert isinstance(moved, Moved)
    assert moved.target == "close"


def test_a_retired_stage_in_the_middle_is_skipped():
    middle = (
        '[[stages]]\nkey = "rest"\nretired = true\ntitle = { zh = "停", en = "Rest" }\n'
        'short = { zh = "停", en = "Rest" }\ngoal = { zh = "停", en = "Rest" }\nowners = [{ zh = "停", en = "Rest" }]\n'
    )
    book = loader.load_text(edition(2, (HEAD, middle + HEAD)), "p.toml")
    following = book.next_stage("plan")
    assert following is not None
    assert following.key == "close"
    assert book.next_stage("rest") == following


A_REVIEW = PLAYBOOK.index('[[stages.outputs]]\nkey = "offer_review"')
REVIEW = PLAYBOOK[A_REVIEW:CLOSE]
GRADING = ('key = "grading"\n', 'key = "grading"\nretired = true\n')
CONTACT = ('key = "contact"\n', 'key = "contact"\nretired = true\n')
LIMITS = 'data = { by = "talk", field = "limits" }'
MAPPED = 'data = { by = "output", output = "solution", field = "mapping" }'


@pytest.mark.parametrize(
    ("book", "changes", "where"),
    [
        ("papers", (('key = "plan"', RETIRED),), None),
        (
            "papers",
            (
                ('key = "plan"', RETIRED),
                (REVIEW, ""),
                (HEAD, HEAD + "\n#"),
                ('[[stages.outputs]]\nkey = "signature"', REVIEW + '[[stages.outputs]]\nkey = "signature"'),
            ),
            "stages.close.outputs.offer_review.review.of",
        ),
        (
            "papers",
            (('key = "plan"', RETIRED), ('requires_sent = "contract"', 'requires_sent = "offer"')),
            "stages.close.outputs.signature.requires_sent",
        ),
        ("expansion", (GRADING,), None),
        ("expansion", (CONTACT,), None),
        (
            "expansion",
            (GRADING, ('key = "contact"\n', 'key = "contact"\npassing_grades = ["A"]\n')),
            "stages.contact.passing_grades",
        ),
        ("expansion", (GRADING, (LIMITS, 'data = { by = "score" }')), "stages.contact.actions.limits_stated.data"),
        (
            "expansion",
            (GRADING, (LIMITS, 'data = { by = "output", output = "account_plan" }')),
            "stages.contact.actions.limits_stated.data",
        ),
        ("expansion", (CONTACT, (MAPPED, 'data = { by = "summary" }')), "stages.solution.actions.value_mapped.data"),
    ],
)
def test_a_stage_in_use_asks_for_nothing_of_a_retired_one(book, changes, where):
    text = PLAYBOOK if book == "papers" else loader.builtin_text(book)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    places = []
    try:
        loader.load_text(text, "p.toml")
    except BadPlaybook as error:
        places = [place for place, problem in error.problems if "is retired" in problem]
    assert places == ([where] if where else [])


def test_a_retired_stage_of_talks_asks_for_no_summaries_elsewhere(office: Office):
    made = campaigns.new(office.manager, {"name": "B", "playbook": "role"})
    deal = deals.new(office.rep, office.customer, made.number, {}).number
    text = loader.builtin_text("role").replace("version = 1", "version = 2", 1)
    book = loader.builtin("role")
    talks = next(stage.key for stage, output in book.outputs() if output.met_by == "talk")
    text = text.replace(f'key = "{talks}"\n', f'key = "{talks}"\nretired = true\n', 1)
    values = {"at": (office.rep.now - timedelta(days=3)).isoformat(), "channel": "phone"}
    assert isinstance(activities.log(office.rep, [deal], values), Done)
    later = Request(office.store, office.rep.actor, office.rep.now + timedelta(days=3))
    assert any(requirement.key.startswith("talk.") for requirement in judge(later, deal).unmet)
    installed(office, text)
    playbook_life.upgrade(office.manager, "role", 2, deals=[deal])
    assert not any(requirement.key.startswith("talk.") for requirement in judge(later, deal).requirements)
