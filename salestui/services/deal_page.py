"""One deal on its screen: head, stage rail, the one list of conditions, and customer, contacts, score and history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from salestui.dataclass import dataclass
from salestui.domain.dates import short_day, short_moment
from salestui.domain.deal_views import (
    ConditionGroup,
    ConditionRow,
    ConditionsView,
    RailStage,
    SideRow,
    SideSection,
    StageState,
    Vote,
    Word,
)
from salestui.domain.facts import Decision, Status
from salestui.domain.gate import GateReport
from salestui.domain.playbook import Stage
from salestui.domain.records import Activity, ActivityState, Contact, Customer, Event
from salestui.domain.requirement import Group, Requirement, State
from salestui.domain.review import latest_votes
from salestui.domain.rhythm import attention, idle_days
from salestui.domain.showing import show
from salestui.domain.views import CheckState, DealHeadView, GateSlot, GateState, StageRef, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import activities, contacts, customers, gate_texts, history, reason_texts
from salestui.services.gate_texts import RequirementText
from salestui.services.gate_views import channel
from salestui.services.loading import Loaded, judge_loaded, load
from salestui.services.request import Call, reads
from salestui.storage import events as event_rows

HISTORY_ROWS = 30


@dataclass(frozen=True, slots=True)
class DealPage:
    """Everything the deal screen draws, and the gate report behind its numbers."""

    loaded: Loaded
    report: GateReport
    head: DealHeadView
    rail: tuple[RailStage, ...]
    conditions: ConditionsView
    side: tuple[SideSection, ...]

    def requirement(self, key: str) -> Requirement | None:
        """Return the requirement behind a row of the conditions."""
        return self.report.requirement(key)

    def numbered(self, number: int) -> Requirement | None:
        """Return the unmet requirement with this digit, counted from 1."""
        unmet = self.report.unmet
        return unmet[number - 1] if 0 < number <= len(unmet) else None


@reads
def page(call: Call, deal: int) -> DealPage:
    """Return the screen of a deal; raises NotFound."""
    loaded = load(call, deal)
    report = judge_loaded(loaded, call)
    told = _Telling(call, loaded, report)
    talks = activities.of(call, deal)
    return DealPage(
        loaded=loaded,
        report=report,
        head=_head(loaded),
        rail=_rail(call, loaded, report),
        conditions=_conditions(told, talks),
        side=_side(call, loaded, talks),
    )


def _head(loaded: Loaded) -> DealHeadView:
    deal, score, scoring = loaded.deal, loaded.facts.score, loaded.playbook.scoring
    grade = scoring.grade(score.grade) if score and scoring else None
    stage = loaded.playbook.stage(deal.stage)
    states = {
        Status.WON: _("won"),
        Status.COMPLETED: _("completed"),
        Status.LOST: _("lost"),
        Status.IN_CARE: _("in care"),
    }
    notice = states.get(deal.status, "")
    if deal.status in {Status.LOST, Status.IN_CARE}:
        notice = f"{notice}: {reason_texts.reason(loaded.playbook, deal)}"
    return DealHeadView(
        name=deal.title or deal.customer_label,
        grade=score.grade if score else None,
        grade_title=grade.title.get(language()) if grade else "",
        score=score.total if score else None,
        amount=deal.amount,
        owner=deal.owner_name,
        expected=deal.expected_on,
        stage=stage.short.get(language()),
        notice=notice,
    )


def _rail(call: Call, loaded: Loaded, report: GateReport) -> tuple[RailStage, ...]:
    team, today = loaded.team, loaded.team.today(call.now)
    entered = _entered(loaded)
    here = loaded.playbook.stage(loaded.deal.stage)
    rail = []
    for stage in loaded.playbook.stages:
        if stage.retired and stage.key != here.key:
            continue
        title, at = stage.short.get(language()), entered.get(stage.key)
        if stage.number > here.number:
            rail.append(RailStage(stage.number, title, StageState.AHEAD))
        elif stage.key == here.key:
            since = team.today(loaded.deal.stage_since)
            days = max(0, (today - since).days)
            slot = _slot(report)
            idle = _idle(call, loaded, stage)
            rail.append(RailStage(stage.number, title, StageState.NOW, since, days, stage.ageing_limit, slot, idle))
        else:
            start = team.today(at[0]) if at else None
            days_there = max(0, (team.today(at[1]) - start).days) if at and start else None
            rail.append(RailStage(stage.number, title, StageState.PAST, start, days_there, None, _past(report, stage)))
    return tuple(rail)


def _idle(call: Call, loaded: Loaded, stage: Stage) -> int:
    """Return how many days the deal has stood still, 0 while that is less than the stage's limit."""
    deal, team = loaded.deal, loaded.team
    times = {"created_at": deal.created_at, "stage_since": deal.stage_since}
    idle_at = attention(loaded.playbook, loaded.facts, team, **times).idle_at
    if idle_at is None or stage.ageing_limit is None or call.now < idle_at:
        return 0
    return idle_days(idle_at, stage.ageing_limit, call.now, team)


def _past(report: GateReport, stage: Stage) -> GateSlot:
    unmet = sum(r.stage == stage.key for r in report.unmet)
    return GateSlot(GateState.UNMET, unmet) if unmet else GateSlot(GateState.READY)


def _slot(report: GateReport) -> GateSlot:
    if report.unmet:
        if report.hopeless:
            return GateSlot(GateState.CANNOT_PASS)
        return GateSlot(GateState.WAITING) if report.waiting else GateSlot(GateState.UNMET, len(report.unmet))
    return GateSlot(GateState.EXCEPTION if report.excepted else GateState.READY)


def _entered(loaded: Loaded) -> dict[str, tuple[datetime, datetime]]:
    """Return when the deal last entered and left each stage it has passed."""
    moves = [event for event in event_rows.stays(loaded.deal.id) if event.after]
    stays: dict[str, tuple[datetime, datetime]] = {}
    stage, since = "", loaded.deal.created_at
    for event in moves:
        if stage:
            stays[stage] = (since, event.at)
        stage, since = str((event.after or {}).get("stage", stage)), event.at
    return stays


class _Telling:
    """Turns requirements into rows of the conditions."""

    def __init__(self, call: Call, loaded: Loaded, report: GateReport) -> None:
        self.call, self.loaded, self.report = call, loaded, report
        self.numbers = {requirement.key: number for number, requirement in enumerate(report.unmet, 1)}

    def text(self, requirement: Requirement) -> RequirementText:
        return gate_texts.describe(requirement, self.loaded.playbook, self.loaded.team, self.call.now)

    def row(self, requirement: Requirement) -> ConditionRow:
        told = self.text(requirement)
        met = requirement.state is not State.UNMET
        revision = requirement.params.get("revision")
        return ConditionRow(
            key=requirement.key,
            state=CheckState.MET if met else CheckState.UNMET,
            what=told.what,
            titled=told.titled,
            number=self.numbers.get(requirement.key),
            revision=f"r{revision}" if revision else "",
            detail=self._detail(requirement, told),
            votes=self._votes(requirement),
            verb=told.verb,
            folded=told.what,
            warning=requirement.state is State.EXCEPTED,
        )

    def _detail(self, requirement: Requirement, told: RequirementText) -> str:
        if requirement.code == "output_complete":
            at = datetime.fromisoformat(str(requirement.params["at"]))
            day = short_day(at.astimezone(self.loaded.team.zone).date(), language())
            return f"{day} {requirement.params['by']}"
        if requirement.code == "review_waiting":
            return ""
        return told.why

    def _votes(self, requirement: Requirement) -> tuple[Vote, ...]:
        if requirement.code not in {"review_waiting", "review_refused", "review_approved"}:
            return ()
        of = str(requirement.params["of"])
        review = self.loaded.facts.outputs[of].review
        if review is None:
            return ()
        given = {vote.role: vote for vote in latest_votes(review)}
        rule = next(o.review for _s, o in self.loaded.playbook.outputs() if o.key == requirement.output)
        signs = []
        for key in rule.roles if rule else ():
            role = self.loaded.playbook.role(key)
            vote = given.get(key)
            state = CheckState.OPEN if vote is None else CheckState.UNMET
            if vote is not None and vote.decision is Decision.APPROVE:
                state = CheckState.MET
            signs.append(Vote(state, role.title.get(language()) if role else key))
        return tuple(signs)

    def merged(self, requirements: Iterable[Requirement]) -> Iterator[ConditionRow]:
        """Yield rows; what an output asks beside its content is shown only where it is unmet."""
        shown = list(requirements)
        whole = {r.output for r in shown if r.key.endswith(".complete")}
        for requirement in shown:
            side = requirement.output in whole and not requirement.key.endswith(".complete")
            if side and requirement.met and not requirement.key.endswith(".approved"):
                continue
            yield self.row(requirement)


def _conditions(told: _Telling, talks: Sequence[Activity]) -> ConditionsView:
    report, playbook = told.report, told.loaded.playbook
    stage = playbook.stage(report.stage)
    target = playbook.stage(report.next) if report.next else None
    asked = report.requirements
    here = [r for r in asked if r.stage == stage.key]
    groups = [
        _group(told, _("Outputs"), [r for r in here if r.group is Group.OUTPUTS]),
        _group(told, _("Key actions"), [r for r in here if r.group is Group.ACTIONS], foldable=True),
        _group(told, _("Talks and summaries"), [r for r in asked if r.group is Group.TALKS]),
        _group(told, _("Score and grade"), [r for r in asked if r.group is Group.SCORE]),
    ]
    others = {Group.OUTPUTS, Group.ACTIONS}
    earlier = [r for r in asked if r.stage != stage.key and r.group in others]
    if earlier:
        groups.append(_earlier(told, stage, earlier))
    held = [talk for talk in talks if talk.state is ActivityState.DONE]
    last = max(held, key=lambda talk: talk.at, default=None)
    return ConditionsView(
        goal=stage.goal.get(language()),
        guidance=stage.tip.get(language()) or (stage.guidance[0].get(language()) if stage.guidance else ""),
        to_stage=StageRef(target.number, target.short.get(language())) if target else None,
        unmet=len(report.unmet),
        met=len(report.met),
        groups=tuple(group for group in groups if group.total),
        talk=_talk_lines(last) if last else (),
        talk_title=_talk_title(told.loaded, last) if last else (),
    )


def _group(told: _Telling, title: str, asked: Sequence[Requirement], *, foldable: bool = False) -> ConditionGroup:
    rows = tuple(told.merged(asked))
    done = sum(row.state is CheckState.MET for row in rows)
    return ConditionGroup(title, done, len(rows), rows, foldable)


def _earlier(told: _Telling, stage: Stage, asked: Sequence[Requirement]) -> ConditionGroup:
    """Earlier stages: what is unmet again line by line, the rest in one line."""
    unmet = [told.row(r) for r in asked if r.state is not State.MET]
    done = sum(r.state is not State.UNMET for r in asked)
    playbook = told.loaded.playbook
    names = [s.short.get(language()) for s in playbook.stages if s.number < stage.number and not s.retired]
    joined = ("、" if language() == "zh" else ", ").join(names)
    whole = ConditionRow("earlier", CheckState.MET, joined, detail=_("still complete and valid"))
    rows = (*unmet, whole) if not any(row.state is CheckState.UNMET for row in unmet) else tuple(unmet)
    return ConditionGroup(_("Earlier stages"), done, len(asked), rows)


def _talk_lines(talk: Activity) -> tuple[str, ...]:
    """What the last talk said: its texts in the order of the form, without channel, time and participants."""
    skipped = {"channel", "at", "participants"}
    texts = [str(value) for key, value in talk.values.items() if key not in skipped and isinstance(value, str)]
    return tuple(text.replace("\n", " ") for text in texts[:2]) or ((talk.subject,) if talk.subject else ())


def _talk_title(loaded: Loaded, talk: Activity) -> tuple[str, ...]:
    day = short_day(talk.at.astimezone(loaded.team.zone).date(), language())
    who = talk.values.get("participants")
    return tuple(part for part in (day, channel(loaded.playbook, talk.channel), str(who or "")) if part)


# -- the side ------------------------------------------------------------------------------------------------------


def _side(call: Call, loaded: Loaded, talks: Sequence[Activity]) -> tuple[SideSection, ...]:
    customer = customers.get(call, loaded.deal.customer)
    people = contacts.of(call, customer.id)
    sections = [_customer(customer), _contacts(people)]
    if loaded.playbook.scoring is not None:
        sections.append(_score(loaded))
    sections += [_follow_ups(call, loaded, talks), _history(call, loaded)]
    return tuple(sections)


def _customer(customer: Customer) -> SideSection:
    facts = [text for text in (customer.industry, customer.region, customer.size) if text]
    rows = [SideRow((Word(customer.name),), key="customer")]
    if facts:
        rows.append(SideRow(tuple(Word(text.replace("\n", " "), Tone.MUTED) for text in facts)))
    return SideSection(_("Customer"), tuple(rows), more=("v", _("open")))


def _contacts(people: Sequence[Contact]) -> SideSection:
    rows = tuple(
        SideRow(
            (
                Word(person.name),
                Word(person.title, Tone.MUTED),
                Word(person.phone or _choice("role", person), Tone.MUTED),
            ),
            Word(_choice("stance", person), Tone.MUTED) if person.stance else None,
            key=f"P{person.id}",
        )
        for person in people
    )
    return SideSection(
        _("Contacts"),
        rows,
        columns=(0, 8, 19) if language() == "zh" else (0, 14, 25),
        total=(Word(str(len(people)), Tone.MUTED),) if people else (),
        empty=(_("No contacts yet"), (("a", _("add")),)),
    )


def _choice(key: str, person: Contact) -> str:
    """Return a contact's buying role or stance in words."""
    field = next(field for field in contacts.contact_fields() if field.key == key)
    return show(field, getattr(person, key), language())


def _score(loaded: Loaded) -> SideSection:
    score, scoring = loaded.facts.score, loaded.playbook.scoring
    if score is None or scoring is None:
        return SideSection(_("Score"), empty=(_("Not scored yet"), (("s", _("score")),)))
    words = []
    for criterion in scoring.criteria:
        words.append(Word(criterion.short.get(language()) + (" " if language() == "en" else ""), Tone.MUTED))
        words.append(Word(str(score.values.get(criterion.key, "-")), joined=True))
    tone = Tone.SUCCESS if score.grade == scoring.grades[0].key else Tone.NORMAL
    total = (Word(score.grade, tone), Word(f"{score.total}/{scoring.highest}"))
    return SideSection(_("Score"), (SideRow(tuple(words)),), total=total, spread=2)


def _follow_ups(call: Call, loaded: Loaded, talks: Sequence[Activity]) -> SideSection:
    today = loaded.team.today(call.now)
    planned = sorted((t for t in talks if t.state is ActivityState.PLANNED), key=lambda t: t.at)
    rows = []
    for talk in planned[:4]:
        when, tone = _when(talk, loaded, today)
        what = " ".join(part for part in (channel(loaded.playbook, talk.channel), talk.subject) if part)
        rows.append(SideRow((Word(when, tone), Word(what)), key=f"T{talk.id}"))
    empty = (_("No next step yet"), (("f", _("plan")),))
    return SideSection(_("Follow-up"), tuple(rows), columns=(0, 13), empty=empty)


def _when(talk: Activity, loaded: Loaded, today: date) -> tuple[str, Tone]:
    day = talk.at.astimezone(loaded.team.zone).date()
    tone = Tone.ERROR if day < today else Tone.WARNING if day == today else Tone.FAINT
    if talk.all_day:
        return _("today") if day == today else short_day(day, language()), tone
    if day == today:
        return _("today {hour}").format(hour=f"{talk.at.astimezone(loaded.team.zone):%H:%M}"), tone
    return short_moment(talk.at, loaded.team.zone, language()), tone


def _history(call: Call, loaded: Loaded) -> SideSection:
    found = history.events(call, deal=loaded.deal.id, limit=HISTORY_ROWS)
    told = history.lines(call, found, language())
    rows = tuple(_event(event, text, loaded) for event, text in zip(found, told, strict=True))
    columns = (0, 13, 19) if language() == "zh" else (0, 14, 26)
    return SideSection(_("History"), rows, columns=columns, more=("H", _("all")))


def _event(event: Event, text: str, loaded: Loaded) -> SideRow:
    when = short_moment(event.at, loaded.team.zone, language())
    return SideRow((Word(when, Tone.FAINT), Word(event.actor_name, Tone.MUTED), Word(text, Tone.MUTED)))
