"""Talks, follow-ups and summaries: what may be recorded, by whom, and the e-mail that sums a talk up."""

import email
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from salestui import i18n
from salestui.domain.facts import Status
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.playbook import FieldType
from salestui.domain.records import Activity, ActivityState
from salestui.domain.requirement import State
from salestui.errors import FileUnreadable, NotFound
from salestui.services import activities, campaigns, contacts, customers, deals, loading, playbooks, summaries
from salestui.services.request import Request
from tests.services.desk import NOW, Desk, number, wrong
from tests.services.papers import PLAYBOOK

TALK = {
    "channel": "visit",
    "at": "2026-11-21T15:00:00+08:00",
    "participants": "客户：王建国；我方：王磊",
    "pains": "换型一次停 6 小时",
    "wished_result": "1 小时以内",
    "purchase_timetable": "12 月定",
    "budget_range": "100 万",
    "decision_roles": "王建国看账期",
    "limits": "能：45 天交货",
}
SUMMARY = {"sent_at": "2026-11-21T16:00:00+08:00", "text": "王总您好……", "material": "宣传册.pdf"}
MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def deal(desk: Desk) -> int:
    """Return a deal of the rep."""
    campaign = desk.campaign()
    customer = desk.customer(desk.rep, campaign)
    contacts.new(desk.rep, customer, {"name": "王建国", "email": "wang@qiming.example"})
    contacts.new(desk.rep, customer, {"name": "李娜", "email": "li@qiming.example"})
    return number(deals.new(desk.rep, customer, campaign, {"amount": "68万"}))


def second_deal(desk: Desk, first: int) -> int:
    known = deals.get(desk.rep, first)
    return number(deals.new(desk.rep, known.customer, known.campaign, {"title": "备件"}))


def strangers_deal(desk: Desk) -> int:
    campaign = desk.campaign(desk.other, name="另一次拓展")
    return number(deals.new(desk.other, desk.customer(desk.other, campaign, name="天河电子"), campaign, {}))


def logged(request: Request, deal: int, **values: object) -> Activity:
    outcome = activities.log(request, [deal], {**TALK, **values}, subject="初次拜访")
    assert isinstance(outcome, Done), outcome
    return activities.get(request, outcome.number)


# Talks


def test_a_talk_is_kept_with_everything_said_and_told_in_the_history(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    assert (talk.state, talk.channel, talk.subject, talk.deals) == (ActivityState.DONE, "visit", "初次拜访", (deal,))
    assert talk.at == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    assert talk.values == TALK
    (event,) = desk.events("talk.logged")
    assert (event.subject, event.deal_id, event.customer_id) == ("T1", deal, 1)
    assert event.after == {"subject": "初次拜访", "values": TALK}
    assert activities.of(desk.rep, deal) == (talk,)
    assert activities.of_customer(desk.rep, 1) == (talk,)
    assert activities.find(desk.rep, "t1") == talk


def test_a_talk_may_be_logged_incomplete_and_completed_later(desk: Desk, deal: int) -> None:
    short = {"channel": "电话", "at": "2026-11-21 15:00", "pains": "停机"}
    talk = number(activities.log(desk.rep, [deal], short))
    gate = {r.key: r for r in loading.judge(desk.rep, deal).requirements}
    assert not any(key.startswith("contact") for key in gate)
    later = activities.log(desk.rep, [], {**TALK, "pains": ""}, activity=talk, subject="补全")
    assert later == Done("T1", 2, 1)
    known = activities.get(desk.rep, talk)
    assert "pains" not in known.values
    assert known.values["limits"] == TALK["limits"]
    (event,) = desk.events("talk.changed")
    assert event.before["values"]["pains"] == "停机"
    assert event.after["values"]["pains"] is None
    assert activities.log(desk.rep, [], {}, activity=talk) == Done("T1", 2, 1, changed=False)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, [("channel", "missing"), ("at", "missing")]),
        ({"channel": "visit", "at": "whenever"}, [("at", "bad_datetime")]),
        ({"channel": "smoke", "at": "2026-11-21 15:00"}, [("channel", "unknown_choice")]),
        ({"channel": "visit", "at": "2026-11-21T17:06:00+08:00"}, [("at", "in_future")]),
        ({"channel": "visit", "at": "2026-11-21 15:00", "mood": "good"}, [("mood", "unknown_field")]),
    ],
)
def test_a_talk_needs_channel_and_a_time_that_has_come(
    desk: Desk, deal: int, values: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    assert wrong(activities.log(desk.rep, [deal], values)) == problems
    assert desk.events("talk.logged") == []


def test_five_minutes_between_two_clocks_are_no_future(desk: Desk, deal: int) -> None:
    assert logged(desk.rep, deal, at="2026-11-21T17:04:00+08:00").id


def test_a_talk_serves_deals_of_one_customer_only(desk: Desk, deal: int) -> None:
    second, strange = second_deal(desk, deal), strangers_deal(desk)
    talk = number(activities.log(desk.rep, [deal, second, deal], TALK))
    assert activities.get(desk.rep, talk).deals == (deal, second)
    assert [(e.deal_id, e.customer_id) for e in desk.events("talk.logged")] == [(deal, 1), (second, None)]
    assert wrong(activities.log(desk.rep, [deal, strange], TALK)) == [("deals", "other_customer")]
    assert wrong(activities.log(desk.rep, [], TALK)) == [("deals", "missing")]
    with pytest.raises(NotFound):
        activities.log(desk.rep, [deal, 99], TALK)


def test_more_deals_may_be_added_to_a_talk_and_none_taken_off(desk: Desk, deal: int) -> None:
    talk, second = logged(desk.rep, deal), second_deal(desk, deal)
    assert activities.log(desk.rep, [second], {}, activity=talk.id) == Done("T1", 2, 1)
    assert activities.get(desk.rep, talk.id).deals == (deal, second)
    assert desk.events("talk.changed")[0].after == {"values": {}, "deals": [second]}
    strange = strangers_deal(desk)
    assert wrong(activities.log(desk.rep, [strange], {}, activity=talk.id)) == [("deals", "other_customer")]


def test_a_follow_up_becomes_the_talk_it_was_planned_for(desk: Desk, deal: int) -> None:
    plan = number(activities.plan(desk.rep, [deal], at=MORNING, subject="初次电话", channel="phone", outline="提纲"))
    values = {key: value for key, value in TALK.items() if key != "channel"}
    assert activities.log(desk.rep, [deal], values, activity=plan) == Done("T1", 2, 1)
    talk = activities.get(desk.rep, plan)
    assert (talk.state, talk.channel, talk.subject, talk.outline) == (ActivityState.DONE, "phone", "初次电话", "提纲")
    (event,) = desk.events("talk.logged")
    assert event.before == {"state": "planned", "at": MORNING.isoformat(), "subject": "初次电话"}


def test_only_those_concerned_change_a_talk(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    for outcome in (
        activities.log(desk.other, [], {"pains": "x"}, activity=talk.id),
        activities.send_summary(desk.other, talk.id, SUMMARY),
    ):
        assert isinstance(outcome, NotAllowed)
        assert outcome.code == "only_owner_or_manager"
    assert isinstance(activities.log(desk.manager, [], {"pains": "x"}, activity=talk.id), Done)
    assert isinstance(activities.log(desk.other, [deal], TALK), Done)


def test_a_change_based_on_an_old_version_is_a_conflict(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    expected = Conflict("T1", 7, 1)
    assert activities.log(desk.rep, [], {"pains": "x"}, activity=talk.id, expected_version=7) == expected
    assert activities.send_summary(desk.rep, talk.id, SUMMARY, expected_version=7) == expected


def test_an_unknown_talk_is_not_found(desk: Desk) -> None:
    for call in (
        lambda: activities.get(desk.rep, 9),
        lambda: activities.find(desk.rep, "what"),
        lambda: activities.send_summary(desk.rep, 9, SUMMARY),
        lambda: activities.summary_text(desk.rep, 9, "zh"),
        lambda: activities.as_eml(desk.rep, 9),
    ):
        with pytest.raises(NotFound):
            call()


# Summaries


def test_a_summary_is_recorded_when_it_went_out(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    assert activities.send_summary(desk.rep, talk.id, SUMMARY) == Done("T1", 2, 1)
    known = activities.get(desk.rep, talk.id)
    assert known.summary == SUMMARY
    assert known.summary_sent_at == datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    (event,) = desk.events("talk.summary_sent")
    assert (event.before, event.after["late"]) == (None, False)
    assert activities.send_summary(desk.rep, talk.id, SUMMARY) == Done("T1", 2, 1, changed=False)


def test_a_talk_and_its_summary_can_be_recorded_at_once(desk: Desk, deal: int) -> None:
    outcome = activities.log(desk.rep, [deal], TALK, summary=SUMMARY)
    assert outcome == Done("T1", 2, 1)
    assert wrong(activities.log(desk.rep, [deal], TALK, summary={})) != []
    assert len(desk.events("talk.logged")) == 1


def test_a_late_summary_counts_and_stays_visible_as_late(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    later = desk.later(desk.rep, hours=30)
    unmet = {r.key: r.code for r in loading.judge(later, deal).unmet}
    assert unmet["talk.T1.summary"] == "summary_late"
    sent = {**SUMMARY, "sent_at": "2026-11-22T22:30:00+08:00"}
    number(activities.send_summary(later, talk.id, sent))
    asked = loading.judge(later, deal).requirement("talk.T1.summary")
    assert asked is not None
    assert (asked.state, asked.code) == (State.MET, "summary_sent_late")
    assert desk.events("talk.summary_sent")[0].after["late"] is True


def test_correcting_a_summary_keeps_what_was_there(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    number(activities.send_summary(desk.rep, talk.id, SUMMARY))
    assert activities.send_summary(desk.rep, talk.id, {**SUMMARY, "text": "改过"}) == Done("T1", 3, 1)
    (event,) = desk.events("talk.changed")
    assert event.before["summary"] == SUMMARY
    assert event.after["summary"]["text"] == "改过"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"text": ""}, ("text", "missing")),
        ({"material": ""}, ("material", "missing")),
        ({"sent_at": "2026-11-21T14:59:00+08:00"}, ("sent_at", "before_talk")),
        ({"sent_at": "2026-11-21T17:06:00+08:00"}, ("sent_at", "in_future")),
        ({"sent_at": "never"}, ("sent_at", "bad_datetime")),
    ],
)
def test_a_summary_is_complete_and_lies_between_the_talk_and_now(
    desk: Desk, deal: int, values: dict[str, object], problem: tuple[str, str]
) -> None:
    talk = logged(desk.rep, deal)
    assert wrong(activities.send_summary(desk.rep, talk.id, {**SUMMARY, **values})) == [problem]


def test_a_talk_cannot_be_moved_behind_its_summary(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    number(activities.send_summary(desk.rep, talk.id, SUMMARY))
    outcome = activities.log(desk.rep, [], {"at": "2026-11-21T16:30:00+08:00"}, activity=talk.id)
    assert wrong(outcome) == [("at", "after_summary")]


def test_a_planned_talk_has_no_summary_yet(desk: Desk, deal: int) -> None:
    plan = number(activities.plan(desk.rep, [deal], at="明天 10:00", subject="电话"))
    assert activities.send_summary(desk.rep, plan, SUMMARY) == NotAllowed("talk_not_held", {"activity": "T1"})


def test_files_that_went_with_a_summary_are_stored_and_name_the_material(desk: Desk, deal: int, tmp_path: Path) -> None:
    brochure, case = tmp_path / "宣传册.pdf", tmp_path / "案例.pdf"
    brochure.write_bytes(b"%PDF brochure")
    case.write_bytes(b"%PDF case")
    talk = logged(desk.rep, deal)
    given = {key: value for key, value in SUMMARY.items() if key != "material"}
    number(activities.send_summary(desk.rep, talk.id, given, [brochure]))
    number(activities.send_summary(desk.rep, talk.id, {**given, "material": "宣传册.pdf"}, [case]))
    assert [file.name for file in summaries.summary_files(desk.rep, talk.id)] == ["宣传册.pdf", "案例.pdf"]
    assert activities.get(desk.rep, talk.id).summary["material"] == "宣传册.pdf"
    assert summaries.summary_files(desk.rep, 99) == ()
    with pytest.raises(FileUnreadable):
        activities.send_summary(desk.rep, talk.id, SUMMARY, [tmp_path / "none.pdf"])


def test_the_time_a_summary_is_due_is_told(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    assert summaries.summary_due(desk.rep, talk) == talk.at + timedelta(hours=24)


# Planning


def test_a_follow_up_is_planned_for_a_moment_or_a_whole_day(desk: Desk, deal: int) -> None:
    for words in (
        {"at": datetime(2026, 11, 23, 2, 0, tzinfo=UTC)},
        {"at": "2026-11-23 10:00"},
        {"at": "+2", "all_day": True},
        {"at": date(2026, 11, 23), "all_day": True},
        {"at": datetime(2026, 11, 23, 2, 0, tzinfo=UTC), "all_day": True},
    ):
        number(activities.plan(desk.rep, [deal], subject="电话", **words))  # type: ignore[arg-type]  # a table of words
    times = [activity.at for activity in reversed(activities.of(desk.rep, deal))]
    moment, whole = datetime(2026, 11, 23, 2, 0, tzinfo=UTC), datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    assert times == [moment, moment, whole, whole, whole]
    assert loading.load(desk.rep, deal).facts.next_activity == moment


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"subject": " "}, ("subject", "missing")),
        ({"at": "whenever"}, ("at", "bad_datetime")),
        ({"at": "whenever", "all_day": True}, ("at", "bad_date")),
        ({"at": date(2026, 11, 23)}, ("at", "bad_datetime")),
        ({"channel": "smoke"}, ("channel", "unknown_choice")),
    ],
)
def test_a_follow_up_needs_a_time_and_says_what_it_is_for(
    desk: Desk, deal: int, words: dict[str, object], problem: tuple[str, str]
) -> None:
    given: dict[str, object] = {"at": "明天 10:00", "subject": "电话", **words}
    assert wrong(activities.plan(desk.rep, [deal], **given)) == [problem]  # type: ignore[arg-type]  # a table of words


def test_a_follow_up_is_for_oneself_the_deals_owner_or_whom_a_manager_names(desk: Desk, deal: int) -> None:
    plan = {"at": "明天 10:00", "subject": "电话"}
    assert activities.get(desk.rep, number(activities.plan(desk.rep, [deal], **plan))).owner_name == "王磊"
    by_other = number(activities.plan(desk.other, [deal], owner="王磊", **plan))
    assert activities.get(desk.rep, by_other).owner_name == "王磊"
    assert activities.plan(desk.rep, [deal], owner="zhao", **plan) == NotAllowed("only_manager")
    by_manager = number(activities.plan(desk.manager, [deal], owner=desk.other.actor.id, **plan))
    assert activities.get(desk.rep, by_manager).owner_name == "赵敏"


def test_a_follow_up_can_be_changed_and_postponed(desk: Desk, deal: int) -> None:
    plan, second = number(activities.plan(desk.rep, [deal], at="明天 10:00", subject="电话")), second_deal(desk, deal)
    changed = {"subject": "上门", "channel": "visit", "outline": "提纲", "deals": [deal, second], "owner": "王磊"}
    assert activities.change(desk.rep, plan, changed) == Done("T1", 2, 1)
    assert activities.postpone(desk.rep, plan, "后天 14:00") == Done("T1", 3, 1)
    assert activities.postpone(desk.rep, plan, "+3", all_day=True, expected_version=3) == Done("T1", 4, 1)
    known = activities.get(desk.rep, plan)
    assert (known.subject, known.channel, known.all_day, known.deals) == ("上门", "visit", True, (deal, second))
    assert known.at == datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)
    assert activities.change(desk.rep, plan, {"subject": "上门"}) == Done("T1", 4, 1, changed=False)
    assert activities.change(desk.rep, plan, {"all_day": True}) == Done("T1", 4, 1, changed=False)
    assert activities.change(desk.rep, plan, {"deals": [second]}) == Done("T1", 5, 1)
    assert loading.load(desk.rep, deal).facts.next_activity is None
    first = desk.events("activity.changed")[0]
    assert first.before["deals"] == [deal]
    assert first.after["deals"] == [deal, second]
    assert (first.before["outline"], first.after["outline"]) == ("", "提纲") if "outline" in first.before else True


def test_changes_of_a_follow_up_are_checked(desk: Desk, deal: int) -> None:
    plan, strange = number(activities.plan(desk.rep, [deal], at="明天 10:00", subject="电话")), strangers_deal(desk)
    assert wrong(activities.change(desk.rep, plan, {"subject": ""})) == [("subject", "missing")]
    assert wrong(activities.change(desk.rep, plan, {"deals": []})) == [("deals", "missing")]
    assert wrong(activities.change(desk.rep, plan, {"deals": [strange]})) == [("deals", "other_customer")]
    assert activities.change(desk.rep, plan, {"owner": "zhao"}) == NotAllowed("only_manager")
    assert activities.change(desk.rep, plan, {}, expected_version=9) == Conflict("T1", 9, 1)
    assert isinstance(activities.change(desk.other, plan, {"subject": "x"}), NotAllowed)


def test_a_follow_up_can_be_called_off_and_a_talk_cannot(desk: Desk, deal: int) -> None:
    plan, talk = number(activities.plan(desk.rep, [deal], at="明天 10:00", subject="电话")), logged(desk.rep, deal)
    assert isinstance(activities.cancel(desk.other, plan), NotAllowed)
    assert activities.cancel(desk.rep, plan, "客户出差") == Done("T1", 2, 1)
    (event,) = desk.events("activity.cancelled")
    assert (event.note, event.before["subject"]) == ("客户出差", "电话")
    refused = NotAllowed("activity_cancelled", {"activity": "T1"})
    assert activities.cancel(desk.rep, plan) == refused
    assert activities.log(desk.rep, [], TALK, activity=plan) == refused
    assert activities.cancel(desk.rep, talk.id) == NotAllowed("talk_took_place", {"activity": "T2"})
    assert activities.change(desk.rep, talk.id, {"subject": "x"}) == NotAllowed("talk_took_place", {"activity": "T2"})


# Forms


def test_the_forms_are_those_of_the_playbook(desk: Desk) -> None:
    playbook = playbooks.latest(desk.rep, "expansion")
    assert [field.key for field in activities.talk_fields(playbook)] == list(TALK)
    assert [field.key for field in activities.summary_fields(playbook)] == list(SUMMARY)
    plan = {field.key: field for field in activities.plan_fields(playbook)}
    assert plan["at"].type is FieldType.DATETIME
    assert [choice.key for choice in plan["channel"].choices] == ["phone", "email", "visit", "video"]


def test_a_playbook_without_a_communication_record_asks_plain_things(desk: Desk) -> None:
    number(playbooks.install(desk.admin, PLAYBOOK, "papers.toml"))
    playbook = playbooks.latest(desk.rep, "papers")
    assert [field.key for field in activities.talk_fields(playbook)] == ["channel", "at", "participants", "content"]
    assert [field.key for field in activities.summary_fields(playbook)] == ["sent_at", "text", "material"]
    campaign = number(campaigns.new(desk.rep, {"name": "文件", "playbook": "papers"}))
    customer = desk.customer(desk.rep, campaign)
    deal = number(deals.new(desk.rep, customer, campaign, {}))
    values = {"channel": "visit", "at": "2026-11-21 15:00", "content": "谈了价格"}
    talk = number(activities.log(desk.rep, [deal], values, summary={"sent_at": "2026-11-21 16:00", "text": "好"}))
    known = activities.get(desk.rep, talk)
    assert summaries.summary_due(desk.rep, known) is None
    fresh = number(activities.log(desk.rep, [deal], {**values, "channel": "visit"}))
    assert "谈了价格" in activities.summary_text(desk.rep, fresh, "zh")
    assert deals.get(desk.rep, deal).status is Status.OPEN


# The e-mail


def test_the_ready_text_thanks_sums_up_and_says_what_comes_next_in_chinese(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    activities.plan(desk.rep, [deal], at="2026-11-24 10:00", subject="内部：压价", channel="phone")
    activities.plan(desk.rep, [deal], at="2026-11-26", subject="寄样", all_day=True)
    text = activities.summary_text(desk.rep, talk.id, "zh", [Path("宣传册.pdf")])
    assert text.startswith("王建国，您好！\n\n感谢您 11 月 21 日抽时间与我们面谈")
    for words in ("换型一次停 6 小时", "1 小时以内", "12 月定", "100 万", "王建国看账期", "能：45 天交货"):
        assert words in text
    assert "- 11 月 24 日 10:00，我会再与您通电话。\n- 11 月 26 日，我会再与您联系。" in text
    assert "内部" not in text
    assert "随信附上：宣传册.pdf" in text
    assert text.endswith("顺颂商祺\n王磊")


def test_the_ready_text_reads_well_in_english(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal, participants="everybody")
    text = activities.summary_text(desk.rep, talk.id, "en")
    assert text.startswith("Dear 王建国, 李娜,\n\nThank you for your time on 21 November at our visit.")
    assert "1. What troubles you today\n换型" in text
    assert "Please name a date for our next step" in text
    activities.plan(desk.rep, [deal], at="2026-11-24 10:00", subject="x")
    assert "- On 24 November 10:00 we will be in touch again.\n" in activities.summary_text(desk.rep, talk.id, "en")


def test_many_people_are_greeted_together(desk: Desk, deal: int) -> None:
    for name in ("甲", "乙"):
        contacts.new(desk.rep, 1, {"name": name})
    talk = logged(desk.rep, deal, participants="", channel="email")
    assert activities.summary_text(desk.rep, talk.id, "zh").startswith(
        "各位好！\n\n感谢您 11 月 21 日抽时间与我们邮件沟通"
    )


def test_a_summary_that_went_out_is_shown_as_it_was(desk: Desk, deal: int) -> None:
    talk = logged(desk.rep, deal)
    number(activities.send_summary(desk.rep, talk.id, SUMMARY))
    assert activities.summary_text(desk.rep, talk.id, "zh") == SUMMARY["text"]


def mail(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_message_has_recipients_subject_body_and_attachments(desk: Desk, deal: int, tmp_path: Path) -> None:
    brochure = tmp_path / "宣传册.pdf"
    brochure.write_bytes(b"%PDF brochure")
    contacts.change(desk.rep, 2, {"email": "no address @"})
    talk = logged(desk.rep, deal, participants="王建国、李娜")
    content = activities.as_eml(desk.rep, talk.id, language="zh", files=[brochure])
    assert content.isascii()
    assert b"\r\n" in content
    message = mail(content)
    assert message["To"] == "王建国 <wang@qiming.example>"
    assert message["Subject"] == "11 月 21 日 沟通纪要：初次拜访"
    assert message["X-Unsent"] == "1"
    assert message["Date"].datetime == NOW
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("王建国、李娜，各位好！")
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("宣传册.pdf", "application/pdf")
    assert attached.get_content() == b"%PDF brochure"


def test_a_message_takes_the_users_language_and_the_stored_files(desk: Desk, deal: int, tmp_path: Path) -> None:
    paper = tmp_path / "case.unknown"
    paper.write_bytes(b"?")
    talk = logged(desk.rep, deal)
    number(activities.send_summary(desk.rep, talk.id, SUMMARY, [paper]))
    message = mail(activities.as_eml(desk.rep, talk.id))
    assert message["Subject"] == "Summary of our talk on 21 November: 初次拜访"
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/octet-stream"]
    i18n.use("zh")
    body = mail(activities.as_eml(desk.rep, talk.id, text="另一篇")).get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "另一篇"


def test_a_message_without_subject_or_recipients_is_a_message_all_the_same(desk: Desk) -> None:
    campaign = desk.campaign()
    deal = number(deals.new(desk.rep, desk.customer(desk.rep, campaign), campaign, {}))
    talk = number(activities.log(desk.rep, [deal], TALK))
    message = mail(activities.as_eml(desk.rep, talk, language="en"))
    assert message["To"] is None
    assert message["Subject"] == "Summary of our talk on 21 November"


def test_line_breaks_in_a_subject_cannot_add_headers(desk: Desk, deal: int) -> None:
    outcome = activities.log(desk.rep, [deal], TALK, subject="hello\r\nBcc: all@example.com")
    message = mail(activities.as_eml(desk.rep, number(outcome)))
    assert message["Bcc"] is None
    assert customers.get(desk.rep, 1).name


def test_nothing_is_recorded_when_a_part_is_refused(desk: Desk, deal: int) -> None:
    outcome = activities.log(desk.rep, [deal], TALK, summary={"text": "x"})
    assert isinstance(outcome, Invalid)
    assert activities.of(desk.rep, deal) == ()
