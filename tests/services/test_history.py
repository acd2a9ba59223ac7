"""The history read back: in pages, filtered, each event in one line of either language; and every refusal in words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import salestui
from salestui import i18n
from salestui.domain.facts import Decision
from salestui.domain.outcomes import NotAllowed
from salestui.domain.people import Actor, Permission
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Playbook
from salestui.domain.records import Event
from salestui.domain.sheets import Consequence
from salestui.playbooks import loader
from salestui.services import history, outputs, refusals, requirement_titles, reviews, users
from salestui.services.history_texts import ACTIONS
from tests.services.papers import PLAYBOOK, Office, office_in

SOURCES = sorted(Path(salestui.__file__).parent.rglob("*.py"))
Values = Mapping[str, object] | None


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


RECORDED = {"name": "顾问", "recorded_by": "王磊"}


@pytest.fixture(scope="module")
def papers() -> Playbook:
    return loader.load_text(PLAYBOOK, "papers.toml")


def event(action: str, before: Values = None, after: Values = None, note: str = "", subject: str = "D1") -> Event:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return Event(1, at, 1, "王磊", action, subject, 1, 1, 1, before, after, note, "")


# Reading


def test_the_history_comes_newest_first_in_pages(office: Office) -> None:
    for price in ("1", "2", "3"):
        office.submitted("offer", {"price": price})
    first = history.events(office.rep, deal=office.deal, limit=2)
    following = history.events(office.rep, deal=office.deal, limit=2, before=first[-1].id)
    ids = [found.id for found in (*first, *following)]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 4
    assert len(history.events(office.rep, limit=0)) == 1


def test_it_is_filtered_by_deal_customer_campaign_person_and_words(office: Office) -> None:
    office.submitted("offer", {"price": "1", "pains": "line down 产线停机"})
    outputs.submit(office.manager, office.deal, "market_note", {"size": 3})
    second = office.deal_of(office.other, campaign=office.campaign)
    assert {found.action for found in history.events(office.rep, deal=second)} >= {"deal.created", "output.submitted"}
    assert "D1.offer" not in {found.subject for found in history.events(office.rep, deal=second)}
    assert history.events(office.rep, deal=999) == ()
    by_manager = history.events(office.rep, user=office.manager.actor.id)
    assert {found.actor_name for found in by_manager} == {"陈默"}
    assert [found.subject for found in history.events(office.rep, text="产线停机")] == ["D1.offer"]
    assert [found.subject for found in history.events(office.rep, text="submitted 陈默")] == ["M1.market_note"]
    assert history.events(office.rep, text="100%_") == ()
    assert all(found.customer == office.customer for found in history.events(office.rep, customer=office.customer))
    assert all(found.campaign == office.campaign for found in history.events(office.rep, campaign=office.campaign))


def test_every_event_is_told_by_the_playbook_of_its_deal_or_campaign(office: Office) -> None:
    office.offer()
    outputs.submit(office.manager, office.deal, "market_note", {"size": 3})
    reviews.vote(office.technical, office.asked("offer"), "technical", Decision.APPROVE)
    found = history.events(office.rep)
    told = history.lines(office.rep, found, "en")
    assert told[:4] == (
        "Review approved: Technical",
        "Asked for a review of Paper offer r1: Technical, Legal",
        "Submitted Paper market_note r1",
        "Submitted Paper offer r1",
    )
    assert all(line and "." not in line.split()[0] for line in told)
    i18n.use("zh")
    assert history.lines(office.rep, found, "zh")[:4] == (
        "评审通过：技术",
        "发起评审：《offer》r1（技术、法务）",
        "提交《market_note》r1",
        "提交《offer》r1",
    )


# Telling


@pytest.mark.parametrize(
    ("told", "en", "zh"),
    [
        (event("deal.created", None, {"stage": "plan"}), "Created in 1 Plan", "新建于 1 准备方案"),
        (event("deal.moved", {"stage": "plan"}, {"stage": "close"}), "Moved on to 2 Close", "推进到 2 签约"),
        (
            event("deal.moved", {"stage": "plan"}, {"stage": "close", "status": "won"}),
            "Moved on to 2 Close: won",
            "推进到 2 签约，赢单",
        ),
        (
            event("deal.moved", {"stage": "close"}, {"stage": "plan"}, "too early\nmore"),
            "Moved back to 1 Plan: too early",
            "退回 1 准备方案：too early",
        ),
        (
            event("deal.moved", {"stage": "close"}, {"stage": "plan", "cancelled": True}),
            "Taken out of delivery, back to 1 Plan",
            "取消履约，退回 1 准备方案",
        ),
        (event("deal.completed", {}, {}), "Passed the last gate: completed", "通过最后一关，单子完成"),
        (
            event("deal.lost", {}, {"reason": "price", "competitor": "ABB"}),
            "Lost: price (to ABB)",
            "丢单：price（输给 ABB）",
        ),
        (
            event("deal.lost", {}, {"reason": "price", "cancelled": True}),
            "Cancelled after winning: price",
            "赢单后取消：price",
        ),
        (event("deal.parked", {}, {"reason": "later"}), "Put on the care list: later", "放入维护名单：later"),
        (
            event("deal.parked", {}, {"reason": "later", "look_again_on": "2027-01-05"}),
            "Put on the care list: later, to be looked at again on 5 Jan",
            "放入维护名单：later，01-05 再看",
        ),
        (
            event("deal.reopened", {}, {"stage": "plan"}, "called"),
            "Reopened in 1 Plan: called",
            "重开于 1 准备方案：called",
        ),
        (event("deal.changed", {"amount_minor": 1}, {"amount_minor": 2}), "Changed: amount", "修改：金额"),
        (
            event("deal.reassigned", {"owner_name": "王磊"}, {"owner_name": "赵敏"}),
            "Owner: 王磊 → 赵敏",
            "负责人：王磊 → 赵敏",
        ),
        (event("deal.reassigned", None, {"owner_name": "赵敏"}), "Owner now 赵敏", "负责人改为 赵敏"),
        (
            event("action.ticked", None, {"action": "warned", "note": "ok"}),
            "Done: Warned: ok",
            "完成关键动作：提醒过：ok",
        ),
        (event("action.ticked", None, {"action": "warned"}), "Done: Warned", "完成关键动作：提醒过"),
        (event("action.unticked", {"action": "warned"}), "No longer done: Warned", "取消关键动作：提醒过"),
        (
            event("output.withdrawn", {}, {"output": "offer", "revision": 2, "blocks": ["D1", "D2"]}, "wrong"),
            "Withdrew Paper offer r2: wrong (blocks D1, D2)",
            "撤回《offer》r2：wrong（挡住 D1、D2）",
        ),
        (
            event("output.withdrawn", {}, {"output": "offer", "revision": 2, "blocks": []}),
            "Withdrew Paper offer r2",
            "撤回《offer》r2",
        ),
        (
            event("output.restored", {}, {"output": "offer", "revision": 4, "restored_from": 2}),
            "Restored r2 of Paper offer as r4",
            "恢复《offer》：r2 作为 r4",
        ),
        (
            event("output.sent", {}, {"output": "contract", "revision": 1}),
            "Sent to the customer: Paper contract r1",
            "发给客户：《contract》r1",
        ),
        (
            event("review.voted", {}, {"role": "legal", "decision": "reject"}, "liability"),
            "Review rejected: Legal: liability",
            "评审不通过：法务：liability",
        ),
        (
            event(
                "review.voted", {}, {"role": "legal", "decision": "ask_change", "name": "顾问", "recorded_by": "王磊"}
            ),
            "Review asks for a change: Legal (顾问, recorded by 王磊)",
            "评审要求修改：法务（顾问，由 王磊 代记）",
        ),
        (
            event("review.recalled", {}, {"output": "offer", "revision": 1}),
            "Recalled the review of Paper offer r1",
            "撤回评审：《offer》r1",
        ),
        (
            event("exception.granted", None, {"requirement": "plan.offer.complete", "expires_on": "2026-12-01"}, "why"),
            "Exception until 1 Dec for Paper offer: why",
            "批准例外到 12-01：《offer》：why",
        ),
        (
            event("exception.revoked", {}, {"requirement": "plan.offer_review.approved"}),
            "Revoked the exception for Paper offer_review: approved",
            "收回例外：《offer_review》：评审通过",
        ),
        (event("customer.created", None, {"name": "[/]"}), "New customer: [/]", "新建客户：[/]"),
        (event("customer.changed", {"need": "a"}, {"need": "b"}), "Customer changed: need", "修改客户：需求"),
        (event("customer.classified", None, {"class": "x", "reason": "r"}), "Classified: x: r", "客户分类：x：r"),
        (event("customer.classified", None, {"class": "x"}), "Classified: x", "客户分类：x"),
        (event("contact.created", None, {"name": "李"}, subject="P1"), "New contact: 李", "新建联系人：李"),
        (event("contact.changed", {"phone": 1}, {}, subject="P1"), "Contact P1 changed: phone", "修改联系人 P1：电话"),
        (event("contact.removed", {"name": "李"}, None, subject="P1"), "Contact removed: 李", "删除联系人：李"),
        (event("campaign.created", None, {"name": "华东"}), "New campaign: 华东", "新建拓展活动：华东"),
        (event("campaign.changed", {}, {"market": "x"}), "Campaign changed: market", "修改拓展活动：市场"),
        (event("score.recorded", None, {"total": 21, "grade": "A"}), "Scored 21, grade A", "评分 21，A 级"),
        (event("score.recorded", None, {"total": 21, "grade": ""}), "Scored 21", "评分 21"),
        (event("talk.logged", None, {"subject": "报价"}, subject="T3"), "Logged talk T3 报价", "登记沟通 T3 报价"),
        (event("talk.logged", None, {}, subject="T3"), "Logged talk T3", "登记沟通 T3"),
        (event("talk.changed", {}, {"values": {}}, subject="T3"), "Talk T3 changed: content", "修改沟通 T3：内容"),
        (event("talk.summary_sent", None, {}, subject="T3"), "Sent the summary of T3", "发出 T3 的纪要"),
        (
            event("talk.summary_sent", None, {"late": True}, subject="T3"),
            "Sent the summary of T3, late",
            "发出 T3 的纪要，已超时",
        ),
        (
            event("activity.planned", None, {"at": "2026-12-01T02:00:00+00:00", "subject": "拜访"}, subject="T4"),
            "Planned T4 拜访 for 1 Dec",
            "计划 12-01：T4 拜访",
        ),
        (event("activity.planned", None, {"at": "soon"}, subject="T4"), "Planned T4 for soon", "计划 soon：T4"),
        (event("activity.changed", {"at": 1}, {"at": 2}, subject="T4"), "Plan T4 changed: time", "修改计划 T4：时间"),
        (event("activity.cancelled", {}, None, "ill", "T4"), "Called off T4: ill", "取消 T4：ill"),
        (event("user.added", None, {"name": "赵敏"}), "New user: 赵敏", "新建用户：赵敏"),
        (event("user.added", None, {}, subject="zhao"), "New user: zhao", "新建用户：zhao"),
        (event("user.changed", {}, {"roles": []}, subject="zhao"), "User zhao changed: roles", "修改用户 zhao：角色"),
        (event("setting.changed", {}, {"zone": "x"}), "Settings changed: time zone", "修改设置：时区"),
        (
            event("playbook.installed", None, {"version": 2}, subject="papers"),
            "Installed playbook Papers, version 2",
            "安装手册 文件，第 2 版",
        ),
        (
            event("import.done", None, {"file": "a.csv", "created": 3, "skipped": 1, "rejected": 2}),
            "Imported a.csv: 3 created, 1 skipped, 2 rejected",
            "导入 a.csv：新建 3，跳过 1，退回 2",
        ),
        (event("something.new"), "something.new", "something.new"),
    ],
)
def test_every_action_is_one_readable_line(papers: Playbook, told: Event, en: str, zh: str) -> None:
    assert history.describe(told, papers, "en") == en
    i18n.use("zh")
    assert history.describe(told, papers, "zh") == zh


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (event("deal.moved", {"stage": "plan"}, {"stage": "close"}), "Moved on to close"),
        (event("deal.moved", {"stage": "plan"}, {"stage": "close"}, "why"), "Moved back to close: why"),
        (event("output.submitted", {}, {"revision": 2}, subject="D1.offer"), "Submitted offer r2"),
        (event("review.requested", {}, {"output": "offer", "revision": 1}), "Asked for a review of offer r1: "),
        (event("action.ticked", None, {"action": "warned"}), "Done: warned"),
        (event("exception.revoked", {}, {"requirement": "a.b.c"}), "Revoked the exception for a.b.c"),
        (event("review.voted", {}, {"role": "legal", "decision": "approve"}), "Review approved: legal"),
        (event("customer.classified", None, {"class": "x"}), "Classified: x"),
    ],
)
def test_without_a_playbook_keys_stand_for_titles(told: Event, line: str) -> None:
    assert history.describe(told, None, "en") == line


def test_every_action_that_the_code_records_has_a_line() -> None:
    written = {
        action
        for source in SOURCES
        if "services" in source.parts
        for action in re.findall(
            r'"((?:deal|action|output|review|exception|customer|contact|campaign|score|talk|activity|user|setting|playbook|'
            r'import)\.[a-z_]+)"',
            source.read_text("utf-8"),
        )
        if not action.startswith("customer.") or action in ACTIONS
    }
    assert written - {"deal.need", "deal.source"} <= ACTIONS


# Refusals


def codes_in_sources() -> set[str]:
    """Return every code that a NotAllowed can carry, as far as it stands in the sources."""
    codes = {str(code) for act in Act for code in refusals_of(act)}
    for source in SOURCES:
        text = source.read_text("utf-8")
        codes.update(re.findall(r'NotAllowed\(\s*"([a-z_]+)"', text))
        for chosen in re.findall(r"NotAllowed\(([^)]*?) if [^)]* else ([^),]*)", text):
            codes.update(re.findall(r'"([a-z_]+)"', " ".join(chosen)))
    return codes | {f"deal_is_{status}" for status in ("open", "won", "completed", "lost", "in_care")}


def refusals_of(act: Act) -> set[str]:
    people = [Actor(1, "a", "a", permission) for permission in Permission]
    return {code for person in people for owner in (1, 2) if (code := refusal(person, act, owner))}


def test_every_refusal_has_a_text_in_both_languages() -> None:
    codes = codes_in_sources()
    assert codes <= refusals.CODES, codes - refusals.CODES
    for code in sorted(refusals.CODES):
        english = refusals.text(NotAllowed(code))
        i18n.use("zh")
        chinese = refusals.text(NotAllowed(code))
        i18n.use("en")
        assert english.endswith((".", "!"))
        assert "{" not in english
        assert re.search("[\u4e00-\u9fff]", chinese), code


@pytest.mark.parametrize(
    ("refused", "en", "zh"),
    [
        (
            NotAllowed("send_first", {"output": "signature", "of": "contract"}),
            "Send it first: Paper contract has not gone to the customer in its current revision.",
            "《contract》的当前版本还没有发给客户，请先发出。",
        ),
        (
            NotAllowed("only_owner_or_manager", {"deal": "D1", "owner": "王磊"}),
            "Only 王磊, who owns D1, or a manager may do this. Ask one of them.",
            "只有 D1 的负责人 王磊 或经理能做这件事，请找他们。",
        ),
        (
            NotAllowed("only_owner_or_manager", {"activity": "T1", "owner": "王磊"}),
            "Only 王磊 or a manager may do this. Ask one of them.",
            "只有 王磊 或经理能做这件事，请找他们。",
        ),
        (
            NotAllowed("no_role", {"role": "legal"}),
            "You do not hold the role Legal. Ask somebody who does, or an administrator for the role.",
            "你没有「法务」评审角色，请找有这个角色的人，或请管理员授权。",
        ),
        (
            NotAllowed("own_work", {"name": "陈默"}),
            "Nobody approves work of his own: 陈默 wrote what is reviewed. Ask somebody else.",
            "不能评审自己的东西：陈默 是作者，请换别人。",
        ),
        (
            NotAllowed("not_exceptable", {"requirement": "plan.warned.done"}),
            "Warned knows no exception. Fulfil it.",
            "「提醒过」没有例外可批，必须做到。",
        ),
        (
            NotAllowed("met_by_data", {"action": "warned"}),
            "Warned is met by the data; nobody ticks it. Fill in what it is read from.",
            "「提醒过」由数据自动判定，不用勾选；把对应的内容填好就行。",
        ),
        (
            NotAllowed("met_by_data", {"action": "gone"}),
            "gone is met by the data; nobody ticks it. Fill in what it is read from.",
            "「gone」由数据自动判定，不用勾选；把对应的内容填好就行。",
        ),
        (
            NotAllowed("not_a_form", {"output": "poem", "by": "score"}),
            "poem is the customer's scorecard. Score the customer.",
            "poem来自评分卡，请给客户评分。",
        ),
        (
            NotAllowed("not_your_turn", {"role": "finance", "first": "ghost"}),
            "ghost votes before Finance. Wait for that vote.",
            "要等ghost先投，才轮到财务。",
        ),
        (NotAllowed("moon", {}), "This is not allowed (moon).", "不允许这样做（moon）。"),
    ],
)
def test_a_refusal_names_things_by_their_titles(papers: Playbook, refused: NotAllowed, en: str, zh: str) -> None:
    assert refusals.text(refused, papers) == en
    i18n.use("zh")
    assert refusals.text(refused, papers) == zh


@pytest.mark.parametrize(
    ("refused", "text"),
    [
        (NotAllowed("submit_first", {"output": "offer"}), "Nothing is submitted of the output."),
        (NotAllowed("already_withdrawn", {"output": "offer"}), "The output is withdrawn already."),
        (NotAllowed("met_by_data", {"action": "warned"}), "The key action is met by the data;"),
        (NotAllowed("not_exceptable", {"requirement": "a.b.c"}), "This requirement knows no exception."),
        (NotAllowed("own_work", {"role": "legal"}), "Nobody approves work of his own, and you wrote"),
    ],
)
def test_a_refusal_without_a_playbook_is_still_a_sentence(refused: NotAllowed, text: str) -> None:
    assert refusals.text(refused).startswith(text)


def test_a_name_with_braces_is_a_name() -> None:
    text = refusals.text(NotAllowed("user_inactive", {"user": "{role} [/]"}))
    assert text.startswith("{role} [/] does not use")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            Consequence("voids_votes", {"review": "R1", "roles": ("technical", "legal")}),
            "The votes of R1 (Technical, Legal) will not count for the new revision; it needs a new review.",
        ),
        (
            Consequence("send_again", {"revision": 2}),
            "r2 was sent to the customer; the new revision must be sent again.",
        ),
        (Consequence("serves_others", {"count": 1}), "It serves 1 other deal as well."),
        (Consequence("serves_others", {"count": 3}), "It serves 3 other deals as well."),
    ],
)
def test_consequences_are_said_in_words(papers: Playbook, told: Consequence, text: str) -> None:
    assert refusals.consequence_text(told, papers) == text


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("plan.offer.complete", "《offer》", "Paper offer"),
        ("close.contract.sent", "《contract》：已发给客户", "Paper contract: sent to the customer"),
        ("plan.grade.passes", "评级可过关", "Grade that may pass"),
        ("talk.T5.summary", "交流 T5 的纪要", "Summary of talk T5"),
        ("plan.unknown.done", "plan.unknown.done", "plan.unknown.done"),
        ("odd", "odd", "odd"),
    ],
)
def test_requirements_have_titles_by_their_keys(papers: Playbook, key: str, zh: str, en: str) -> None:
    title = requirement_titles.title_of(key, papers)
    assert (title.zh, title.en) == (zh, en)


def test_events_of_people_and_settings_belong_to_no_playbook(office: Office) -> None:
    users.change(office.admin, office.other.actor.id, name="赵小敏")
    (found,) = history.events(office.rep, limit=1)
    assert history.playbook_of(office.rep, found) is None
    assert history.lines(office.rep, [found], "en") == ("User zhao changed: name",)


def test_an_event_of_a_deal_that_is_gone_is_told_by_keys(office: Office) -> None:
    there = event("deal.moved", {"stage": "plan"}, {"stage": "close"})
    assert history.playbook_of(office.rep, there) is not None
    assert history.playbook_of(office.rep, replace(there, deal=99)) is None
