"""Who did what when in the sample: turns each company's line into acts with times, relative to now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.clock import TeamCalendar
from salestui.domain.facts import FileFact, Status
from salestui.domain.playbook import Playbook, Text
from salestui.domain.records import User
from salestui.services.sample_companies import Company
from salestui.services.sample_texts import Scene, evidence
from salestui.services.sample_writer import Life, SampleWriter

__all__ = ["Act", "Cast", "Script", "Setting", "points"]

_STAGES: Final = ("research", "grading", "contact", "solution", "contract", "fulfilment")
_CLOSED: Final = {"completed": "fulfilment", "lost": "contact", "in_care": "grading"}
_REASONS: Final = {
    "high_potential": Text(
        "需求真实，同行有案例，今年要投", "A real need, a case in the industry, investing this year"
    ),
    "risky": Text("付款慢，上一家供应商等了 11 个月", "Slow to pay: the last supplier waited 11 months"),
    "not_now": Text("厂房要搬，两年内不投设备", "Moving the plant; no equipment for two years"),
}
_NOTES: Final = {
    "implicit_needs_probed": Text("问到五年内不想再换供应商", "They want no change of supplier for five years"),
    "standard_contract": Text("用标准合同，只改了质保一条", "Standard contract; only the warranty clause differs"),
    "progress_reported": Text("首批发货前电话通报过", "Told by phone before the first lot was shipped"),
    "negotiation_prepared": Text("", ""),
    "handover_talk": Text("", ""),
}
_TALKS: Final = {
    "contact": Text("初次沟通", "First talk"),
    "solution": Text("现场需求访谈", "Needs talk on site"),
    "extra": Text("复核报价与验收标准", "Price and acceptance, checked again"),
}
_FOLLOW_UPS: Final = (
    Text("电话{buyer}，确认质保条款", "call {buyer}: warranty terms"),
    Text("约技术交流，{tech}", "arrange a technical talk with {tech}"),
    Text("补问预算额度", "ask about the budget again"),
    Text("给{tech}寄样件", "send samples to {tech}"),
    Text("确认采购时间表，{buyer}", "confirm the timetable with {buyer}"),
    Text("视频会议，采购部 3 人", "video call, three from purchasing"),
    Text("寄案例集", "send the success stories"),
    Text("取现场数据，{tech}", "fetch data from the line, {tech}"),
    Text("确认付款条款，{money}", "settle payment terms with {money}"),
)
_OUTLINE: Final = Text(
    "1. 我们是谁：做产线改造 12 年\n2. 强在哪：换型快、到场快\n3. 想解决：{pain}\n4. 下一步：约一次现场走访",
    "1. Who we are: 12 years of line refits\n2. Strengths: quick change, quick on site\n3. To solve: {pain}\n"
    "4. Next: a visit",
)
_LOST_NOTE: Final = Text(
    "客户选了科瑞，价格低 15%；明年备件招标再跟。",
    "They chose Kerui, 15% cheaper; back next year for the spare-parts tender.",
)
_CARE_NOTE: Final = Text("今年没有预算，每季度问候一次。", "No budget this year; a call every quarter.")
_EXCEPTION: Final = Text(
    "客户下周停产检修，先安排走访，评估表补上", "Their line stops next week: visit first, the assessment follows"
)
_DELIVERY: Final = Text("合同生效后 {days} 天", "{days} days after the contract takes effect")
_RIVAL: Final = Text("科瑞机械", "Kerui")
_RENEW_AFTER: Final = 25


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody does at an instant (UTC)."""

    at: datetime
    by: User
    do: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """Our people by their word in the table, and who signs: the first of a role who does not own the deal."""

    people: Mapping[str, User]
    voters: Mapping[str, Sequence[str]]
    granter: str
    files: Mapping[str, FileFact]

    def voter(self, role: str, owner: str) -> User:
        """Return who votes in a role on a deal of `owner`."""
        return self.people[next(name for name in self.voters[role] if name != owner)]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all scripts have in common: the playbook, the team's calendar, the instant, chance, and the language."""

    playbook: Playbook
    team: TeamCalendar
    now: datetime
    random: Random
    language: str


@dataclass(slots=True)
class Script:
    """Writes the acts of one company's deal, from its entry to where it stands now."""

    company: Company
    scene: Scene
    writer: SampleWriter
    setting: Setting
    cast: Cast
    entry: Callable[..., None]
    life: Life = field(default_factory=Life)
    acts: list[Act] = field(default_factory=list)

    def written(self) -> list[Act]:
        """Return all acts; they are to be done in the order of their times, together with those of other deals."""
        company, owner = self.company, self.cast.people[self.company.owner]
        self.life.owner = owner.id
        last = self._last_stage()
        times = self._entries(last)
        self._do(times[0], owner, lambda: self.entry(life=self.life))
        for index in range(last + 1):
            if index:
                target = _STAGES[index]
                self._do(times[index], owner, partial(self.writer.advance, self.life, target))
            ends = times[index + 1] if index < last else self._end()
            steps = list(self._steps(_STAGES[index]))
            if index == last and company.stage == "grading":
                ends = min(ends, times[index] + timedelta(days=2))
            self._spread(steps[: company.steps] if index == last else steps, times[index], ends)
        self._renew_scores(times, last)
        self._extras(owner, times)
        self._close(owner)
        return self.acts

    def _last_stage(self) -> int:
        stage = _CLOSED.get(self.company.stage, self.company.stage)
        if self.company.stage == "lost":
            stage = ("contact", "solution", "contract")[self.company.steps % 3]
        return _STAGES.index(stage)

    def _end(self) -> datetime:
        """Return until when the present stage's steps are spread: the closing, or a while ago."""
        if self.company.stage in _CLOSED:
            return self.setting.now - timedelta(days=self.company.days)
        return self.setting.now - timedelta(hours=30 if self._has("mail") else 3)

    def _entries(self, last: int) -> list[datetime]:
        days = self.company.days + (14 if self.company.stage in _CLOSED else 0)
        times = [self.setting.now - timedelta(days=days)]
        for _index in range(last):
            times.insert(0, times[0] - timedelta(days=self.setting.random.randrange(8, 15)))
        return [self._in_office(moment) for moment in times]

    def _in_office(self, moment: datetime) -> datetime:
        """Return a moment of the same day between nine and five, before now."""
        local = moment.astimezone(self.setting.team.zone)
        hour, minute = self.setting.random.randrange(9, 17), 5 * self.setting.random.randrange(12)
        return min(
            local.replace(hour=hour, minute=minute, second=0, microsecond=0), self.setting.now - timedelta(minutes=50)
        )

    def _do(self, at: datetime, by: User, what: Callable[[], None]) -> None:
        self.acts.append(Act(at, by, what))

    def _spread(self, steps: Sequence[tuple[str, str]], start: datetime, end: datetime) -> None:
        """Do the steps between two instants, in order, at office hours where that keeps them in order."""
        done = start
        for index, (kind, key) in enumerate(steps):
            planned = self._in_office(start + (end - start) * (index + 1) / (len(steps) + 1))
            at = planned if done < planned < end else done + (end - done) / (len(steps) - index + 1)
            if kind == "summary":
                at = min(done + timedelta(hours=self.setting.random.randrange(2, 7)), done + (end - done) / 2)
            done = at
            self._step(kind, key, at)

    def _steps(self, stage: str) -> Iterator[tuple[str, str]]:
        """Yield what is done in a stage, in order: a kind of act, and its key."""
        if stage == "research":
            yield "classify", "high_potential"
        elif stage == "grading":
            yield "score", ""
            if self.company.total >= 20:
                yield "submit", "account_plan"
        elif stage == "contact":
            yield from (("talk", "contact"), ("summary", ""), ("submit", "fit_assessment"))
        elif stage == "solution":
            yield from (("talk", "solution"), ("summary", ""), ("submit", "needs_analysis"))
            yield from (("tick", "implicit_needs_probed"), ("submit", "solution"), ("ask", "solution"))
            yield from (("vote", role) for role in ("technical", "sales", "legal"))
            yield "submit", "presentation_record"
        elif stage == "contract":
            yield from (
                ("tick", "negotiation_prepared"),
                ("submit", "negotiation_record"),
                ("tick", "standard_contract"),
            )
            yield from (("submit", "contract_approval"), ("ask", "contract_approval"))
            yield from (("vote", "contract_approval legal"), ("vote", "contract_approval sales_manager"))
            yield from (("sent", "contract_approval"), ("submit", "signed_contract"))
        else:
            yield from (("submit", "order_handover"), ("tick", "handover_talk"), ("tick", "progress_reported"))
            yield from (("submit", "delivery_acceptance"), ("submit", "satisfaction"), ("submit", "relationship_plan"))

    def _step(self, kind: str, key: str, at: datetime) -> None:
        scene, life, writer = self.scene, self.life, self.writer
        owner, language = self.cast.people[self.company.owner], self.scene.language
        local = at.astimezone(self.setting.team.zone)
        if kind == "classify":
            cls = next((word for word in ("risky", "not_now") if word in self.company.extra), key)
            self._do(at, owner, lambda: writer.classify(life, cls, _REASONS[cls].get(language)))
        elif kind == "score":
            self._score(at, owner)
        elif kind == "submit":
            files = [self.cast.files[key]] if key in self.cast.files else []
            if key == "solution" and "r3" in self.company.extra:
                self._earlier_revisions(at, owner)
            values = scene.output(key, local.date())
            self._do(at, owner, lambda: writer.submit(life, key, values, files))
        elif kind == "tick":
            self._do(at, owner, lambda: writer.tick(life, key, _NOTES[key].get(language)))
        elif kind == "talk":
            channel = "visit" if key == "solution" else self.setting.random.choice(("phone", "video", "visit"))
            self._talk(at, owner, channel, key)
        elif kind == "summary":
            self._do(at, owner, lambda: writer.summary(life, scene.summary(local), [self.cast.files["summary"]]))
        elif kind == "ask":
            self._do(at, owner, lambda: writer.ask(life, key))
        elif kind == "vote":
            output, _space, role = key.rpartition(" ")
            voter = self.cast.voter(role, self.company.owner)
            self._do(at, voter, lambda: writer.vote(life, output or "solution", role))
        elif kind == "sent":
            told = {"sent_on": local.date().isoformat(), "sent_to": scene.people[0], "channel": "email"}
            self._do(at, owner, lambda: writer.sent(life, key, told))

    def _delivery(self, days: int) -> dict[str, object]:
        return {"delivery_period": _DELIVERY.get(self.scene.language).format(days=days)}

    def _earlier_revisions(self, at: datetime, owner: User) -> None:
        """Submit two revisions of the solution in the hours before its third."""
        for hours, days in ((9, 60), (5, 50)):
            earlier = at - timedelta(hours=hours)
            day = earlier.astimezone(self.setting.team.zone).date()
            values = self.scene.output("solution", day) | self._delivery(days)
            self._do(earlier, owner, partial(self.writer.submit, self.life, "solution", values))

    def _talk(self, at: datetime, owner: User, channel: str, key: str) -> None:
        values = self.scene.talk(at.astimezone(self.setting.team.zone), channel)
        subject = _TALKS[key].get(self.scene.language)
        self._do(at + timedelta(minutes=10), owner, lambda: self.writer.talk(self.life, values, at, subject))

    def _score(self, at: datetime, owner: User) -> None:
        scoring = self.setting.playbook.scoring
        if scoring is None:
            return
        values = points(self.company.total, [criterion.key for criterion in scoring.criteria], self.scene.number)
        proof = evidence(scoring, values, self.scene.language)
        self._do(at, owner, lambda: self.writer.score(self.life, values, proof))

    def _renew_scores(self, times: Sequence[datetime], last: int) -> None:
        """Score again every few weeks while the deal is open, as the handbook asks; not where it is to be old."""
        if last < 1 or "expired" in self.company.extra or (last == 1 and self.company.steps == 0):
            return
        owner = self.cast.people[self.company.owner]
        end = times[5] if last == 5 else self._end()
        at = times[1] + timedelta(days=_RENEW_AFTER)
        while at < end:
            self._score(self._in_office(at), owner)
            at += timedelta(days=_RENEW_AFTER)

    def _has(self, word: str) -> int:
        """Return the number behind a word of the line such as `late5`, 0 where there is none."""
        found = (extra[len(word) :] for extra in self.company.extra if extra.startswith(word))
        return next((int(rest) for rest in found if rest.isdigit()), 0)

    def _extras(self, owner: User, times: Sequence[datetime]) -> None:
        made = times[0] + timedelta(minutes=30)
        if hours := self._has("mail"):
            at = self.setting.now - timedelta(hours=hours)
            self._talk(at, owner, "visit" if self.company.stage == "solution" else "phone", "extra")
        if days := self._has("late"):
            self._follow_up(owner, self._in_office(self.setting.now - timedelta(days=days)), made, all_day=False)
        if "today" in self.company.extra:
            self._follow_up(owner, *self._later_today(made))
        if "tomorrow" in self.company.extra:
            local = (self.setting.now + timedelta(days=1)).astimezone(self.setting.team.zone)
            self._follow_up(
                owner, local.replace(hour=9 + self.scene.number % 8, minute=0, second=0, microsecond=0), made
            )
        if days := self._has("in"):
            local = (self.setting.now + timedelta(days=days)).astimezone(self.setting.team.zone)
            self._follow_up(owner, local.replace(hour=23, minute=59, second=59, microsecond=0), made, all_day=True)
        if "excepted" in self.company.extra:
            day = self.setting.team.today(self.setting.now) + timedelta(days=20)
            reason, key = _EXCEPTION.get(self.scene.language), "contact.fit_assessment.complete"
            granter = self.cast.people[self.cast.granter]
            self._do(
                self.setting.now - timedelta(hours=20), granter, lambda: self.writer.grant(self.life, key, reason, day)
            )
        if "again" in self.company.extra:
            self._review_again(owner)

    def _later_today(self, made: datetime) -> tuple[datetime, datetime]:
        """Return an hour later today, or its end where the day is nearly over."""
        local = self.setting.now.astimezone(self.setting.team.zone)
        half_hours = 2 + self.scene.number % 7
        at = (local + timedelta(minutes=30 * half_hours)).replace(minute=30 * (half_hours % 2), second=0, microsecond=0)
        return (at if at.date() == local.date() else local.replace(hour=23, minute=59, second=59, microsecond=0)), made

    def _follow_up(self, owner: User, at: datetime, made: datetime, *, all_day: bool | None = None) -> None:
        whole = at.hour == 23 if all_day is None else all_day
        names = {"buyer": self.scene.people[0], "tech": self.scene.people[1], "money": self.scene.people[2]}
        subject = _FOLLOW_UPS[self.scene.number % len(_FOLLOW_UPS)].get(self.scene.language).format(**names)
        outline = self.scene.filled(_OUTLINE) if self.company.stage == "contact" and not self.company.steps else ""
        planned_on = max(made, min(self.setting.now, at) - timedelta(days=5))
        channel = "phone" if not whole else ""
        self._do(
            min(planned_on, self.setting.now - timedelta(minutes=5)),
            owner,
            lambda: self.writer.plan(
                self.life, at=at, all_day=whole, channel=channel, subject=subject, outline=outline
            ),
        )

    def _review_again(self, owner: User) -> None:
        """Submit the next revision after the customer's feedback, and ask for its review; one has voted."""
        life, at = self.life, self.setting.now - timedelta(days=2)
        values = self.scene.output("solution", at.astimezone(self.setting.team.zone).date()) | self._delivery(40)
        self._do(at, owner, lambda: self.writer.submit(life, "solution", values))
        self._do(at + timedelta(hours=1), owner, lambda: self.writer.ask(life, "solution"))
        voter = self.cast.voter("technical", self.company.owner)
        self._do(at + timedelta(hours=6), voter, lambda: self.writer.vote(life, "solution", "technical"))

    def _close(self, owner: User) -> None:
        language, at = self.scene.language, self._end()
        reason = self.company.extra[0] if self.company.extra else ""
        changes: dict[str, object]
        if self.company.stage == "completed":
            status, changes, note = Status.COMPLETED, {}, ""
        elif self.company.stage == "lost":
            rival = _RIVAL.get(language) if reason in {"price", "competitor"} else ""
            status, changes, note = Status.LOST, {"reason": reason, "competitor": rival}, _LOST_NOTE.get(language)
        elif self.company.stage == "in_care":
            again = self.setting.team.today(self.setting.now) + timedelta(days=30 + self.scene.number)
            status, changes, note = Status.IN_CARE, {"reason": reason, "look_again_on": again}, _CARE_NOTE.get(language)
        else:
            return
        self._do(at, owner, lambda: self.writer.close(self.life, status, changes, note))


def points(total: int, keys: Sequence[str], turn: int) -> dict[str, int]:
    """Return points from 1 to 5 per criterion that add up to `total`, the odd ones in turn."""
    low, more = divmod(total, len(keys))
    return {key: low + ((index + turn) % len(keys) < more) for index, key in enumerate(keys)}
