"""The selected card's next gate as views: the strip below the board, and the panel it unfolds into."""

from __future__ import annotations

from salestui.dataclass import dataclass
from salestui.domain.dates import short_day, short_moment
from salestui.domain.gate import GateReport
from salestui.domain.playbook import Playbook, Stage
from salestui.domain.records import Activity, ActivityState
from salestui.domain.requirement import FixKind, Group, Requirement, State
from salestui.domain.views import GatePanelView, MetItem, StageRef, StripView, UnmetLine, WayOut
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services import activities, contacts, gate_texts
from salestui.services.loading import Loaded, judge_loaded, load
from salestui.services.request import Call, reads


@dataclass(frozen=True, slots=True)
class GateView:
    """One deal's gate, judged and ready to draw: the strip and the panel say the same with the same numbers."""

    loaded: Loaded
    report: GateReport
    strip: StripView
    panel: GatePanelView

    def requirement(self, number: int) -> Requirement | None:
        """Return the unmet requirement with this digit, counted from 1."""
        unmet = self.report.unmet
        return unmet[number - 1] if 0 < number <= len(unmet) else None


@reads
def view(call: Call, deal: int) -> GateView:
    """Return the gate of a deal for strip and panel; raises NotFound."""
    loaded = load(call, deal)
    report = judge_loaded(loaded, call)
    lines = tuple(_line(call, loaded, requirement, n) for n, requirement in enumerate(report.unmet, 1))
    source = _ref(loaded.playbook.stage(report.stage))
    target = _ref(loaded.playbook.stage(report.next)) if report.next else None
    name = loaded.deal.customer_label
    unmet, met = len(report.unmet), len(report.met)
    following, last = _nearest(call, loaded)
    strip = StripView(
        name=name,
        from_stage=source,
        to_stage=target,
        unmet=unmet,
        met=met,
        lines=lines,
        next=following,
        last=last,
        contact=_contact(call, loaded),
    )
    panel = GatePanelView(name, source, target, unmet, met, lines, met_items(call, loaded, report))
    return GateView(loaded, report, strip, panel)


def _ref(stage: Stage) -> StageRef:
    return StageRef(stage.number, stage.short.get(language()))


def _line(call: Call, loaded: Loaded, requirement: Requirement, number: int) -> UnmetLine:
    told = gate_texts.describe(requirement, loaded.playbook, loaded.team, call.now)
    return UnmetLine(
        number=number,
        what=told.what,
        why=told.why,
        fix=told.verb,
        titled=told.titled,
        short=told.short,
        headline=told.headline,
        detail=told.detail,
        panel_fix=told.verb,
        handbook=told.handbook,
        source=told.source,
        ways=_ways(requirement, told.verb),
    )


def _ways(requirement: Requirement, verb: str) -> tuple[WayOut, ...]:
    """Every way to deal with an unmet requirement, the exception last."""
    found = []
    if requirement.fix.kind is not FixKind.NONE:
        found.append(WayOut("enter", verb))
    if requirement.hopeless:
        found.append(WayOut("p", _("care list"), _("keep it warm and look again later")))
    if requirement.exceptable:
        found.append(WayOut("e", _("grant an exception"), _("a manager's act, with reason and expiry")))
    return tuple(found)


def met_items(call: Call, loaded: Loaded, report: GateReport) -> tuple[MetItem, ...]:
    """Return what is met: one item per output and score of this stage, the rest counted."""
    items = [
        _met_output(call, loaded, r) for r in report.met if r.group is not Group.ACTIONS and r.stage == report.stage
    ]
    actions = sum(r.group is Group.ACTIONS and r.stage == report.stage for r in report.met)
    if actions:
        text = ngettext("{n} key action", "{n} key actions", actions).format(n=actions)
        items.append(MetItem(text, text))
    earlier = sum(r.stage != report.stage for r in report.met)
    if earlier:
        text = ngettext("{n} of earlier stages", "{n} of earlier stages", earlier).format(n=earlier)
        items.append(MetItem(text, text))
    return tuple(items)


def _met_output(call: Call, loaded: Loaded, requirement: Requirement) -> MetItem:
    told = gate_texts.describe(requirement, loaded.playbook, loaded.team, call.now)
    mark = _("exception") if requirement.state is State.EXCEPTED else told.why
    return MetItem(f"{told.what} {mark}".strip(), told.what)


def _nearest(call: Call, loaded: Loaded) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the next planned and the last held conversation in words: when, how, what."""
    known = activities.of(call, loaded.deal.id)
    planned = [activity for activity in known if activity.state is ActivityState.PLANNED]
    held = [activity for activity in known if activity.state is ActivityState.DONE]
    following = min(planned, key=lambda activity: activity.at, default=None)
    last = max(held, key=lambda activity: activity.at, default=None)
    return (
        _conversation(call, loaded, following) if following else (),
        _conversation(call, loaded, last) if last else (),
    )


def _conversation(call: Call, loaded: Loaded, activity: Activity) -> tuple[str, ...]:
    zone, today = loaded.team.zone, loaded.team.today(call.now)
    local = activity.at.astimezone(zone)
    if activity.state is ActivityState.DONE or activity.all_day:
        when = _("today") if local.date() == today else short_day(local.date(), language())
    elif local.date() == today:
        when = _("today {hour}").format(hour=f"{local:%H:%M}")
    else:
        when = short_moment(activity.at, zone, language())
    return tuple(part for part in (when, channel(loaded.playbook, activity.channel), activity.subject) if part)


def channel(playbook: Playbook, key: str) -> str:
    """Return the name of a channel: the playbook's own word, else the usual one."""
    talk = playbook.talk_output()
    if talk is not None:
        for field in talk.fields:
            choice = field.choice(key) if field.key == "channel" else None
            if choice is not None:
                return choice.text.get(language())
    usual = {"phone": _("call"), "email": _("e-mail"), "visit": _("visit"), "video": _("video")}
    return usual.get(key, key)


def _contact(call: Call, loaded: Loaded) -> tuple[str, ...]:
    people = contacts.of(call, loaded.deal.customer)
    if not people:
        return ()
    first = people[0]
    return tuple(part for part in (first.name, first.title, first.phone) if part)
