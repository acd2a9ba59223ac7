"""Conversations: logging a talk, planning the next step, and writing down that a summary was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from salestui.domain.dates import short_moment
from salestui.domain.outcomes import Invalid
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.records import Activity, ActivityState, Kind, shown
from salestui.domain.views import KeyHint
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.changes import Changes, Fresh, Standing, standing
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen
from salestui.services import activities, contacts, gate_views, summaries, summary_mail, users
from salestui.services.loading import Loaded, load
from salestui.services.talk_forms import plan_fields, summary_fields, talk_fields


async def talk(desk: Desk, deal: int, activity: int | None = None) -> FormScreen:
    """Return the form that logs a talk, or completes one that was logged or planned."""
    loaded = await desk.ask(load, deal)
    known = await desk.ask(activities.get, activity) if activity else None
    values = dict(known.values) if known else {}
    values.setdefault("at", (known.at if known else desk.now).astimezone(desk.team.zone).isoformat(timespec="minutes"))
    if known and known.channel:
        values.setdefault("channel", known.channel)

    changes = Changes(known.version) if known else None

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        version = changes.version if changes else None
        subject = known.subject if known else ""
        return await desk.tell(
            activities.log, (deal,), given, subject=subject, activity=activity, expected_version=version
        )

    held = known is not None and known.state is ActivityState.DONE
    return FormScreen(
        desk,
        _("Complete the talk") if held else _("Log a talk"),
        talk_fields(loaded.playbook),
        save,
        subject=loaded.deal.customer_label,
        values=values,
        people=await _people(desk, loaded),
        note=_outline(known) or _("What is missing can be added later; the gate asks for it."),
        draft=f"talk:{shown(Kind.ACTIVITY, activity) if activity else shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=_as_it_stands(desk, activity, _talk_values) if activity else None,
    )


def _talk_values(desk: Desk, known: Activity) -> dict[str, object]:
    """Return a talk as values of its form."""
    at = known.at.astimezone(desk.team.zone).isoformat(timespec="minutes")
    channel = {"channel": known.channel} if known.channel else {}
    return {"at": at, **channel, **known.values}


def _as_it_stands(desk: Desk, activity: int, values: Callable[[Desk, Activity], Mapping[str, object]]) -> Fresh:
    """Return how a conversation is read anew; `values` gives it as its form asks it, or nothing of it."""

    async def fresh() -> Standing:
        now = await desk.ask(activities.get, activity)
        return await standing(desk, shown(Kind.ACTIVITY, activity), now.version, values(desk, now))

    return fresh


def _outline(known: Activity | None) -> str:
    """The outline of a planned talk stands below its form."""
    if known is None or not known.outline:
        return ""
    return _("Outline: {text}").format(text=" / ".join(known.outline.splitlines()))


async def _people(desk: Desk, loaded: Loaded) -> tuple[str, ...]:
    """Return the names that person fields complete: our people and the customer's."""
    ours = [user.name for user in await desk.ask(users.all) if user.active]
    theirs = [person.name for person in await desk.ask(contacts.of, loaded.deal.customer)]
    return (*theirs, *ours)


def when_fields() -> tuple[Field, Field]:
    """Return the two fields of a planned time: the day, and the hour, which may be left open."""
    return (
        Field(
            "on",
            FieldType.DATE,
            Text("日期", "Day"),
            Text("如 12-18、明天、+3、下周五", "12-18, tomorrow, +3"),
            required=True,
        ),
        Field(
            "hour", FieldType.TEXT, Text("几点", "Hour"), Text("如 14:30；不填就是全天", "14:30; empty means all day")
        ),
    )


def when_of(given: Mapping[str, object]) -> tuple[str, bool]:
    """Return the time typed into `when_fields` as text, and whether it is a whole day."""
    day, hour = str(given.get("on") or "").strip(), str(given.get("hour") or "").strip()
    return (f"{day} {hour}", False) if hour else (day, True)


def when_values(desk: Desk, known: Activity) -> dict[str, object]:
    """Return the time of a planned activity for `when_fields`."""
    local = known.at.astimezone(desk.team.zone)
    return {"on": local.date().isoformat(), "hour": "" if known.all_day else f"{local:%H:%M}"}


async def plan(desk: Desk, deal: int, activity: int | None = None) -> FormScreen:
    """Return the form that plans the next step, or changes a planned one."""
    loaded = await desk.ask(load, deal)
    known = await desk.ask(activities.get, activity) if activity else None
    values = _plan_values(desk, known) if known is not None else {}
    changes = Changes(known.version) if known is not None else None
    asked = {field.key: field for field in plan_fields(loaded.playbook)}
    fields = (asked["subject"], *when_fields(), asked["channel"], asked["outline"], asked["owner"])

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        at, all_day = when_of(given)
        texts = {key: str(given.get(key) or "") for key in ("subject", "channel", "outline", "owner")}
        if known is not None:
            facts = {**texts, "owner": texts["owner"] or known.owner_name, "at": at, "all_day": all_day}
            version = changes.version if changes else known.version
            return _placed(await desk.tell(activities.change, known.id, facts, expected_version=version))
        return _placed(
            await desk.tell(
                activities.plan,
                (deal,),
                at=at,
                subject=texts["subject"],
                channel=texts["channel"],
                all_day=all_day,
                outline=texts["outline"],
                owner=texts["owner"] or None,
            )
        )

    return FormScreen(
        desk,
        _("Change the next step") if known else _("Plan the next step"),
        fields,
        save,
        subject=loaded.deal.customer_label,
        values=values,
        people=[user.name for user in await desk.ask(users.all) if user.active],
        draft=f"plan:{shown(Kind.ACTIVITY, activity) if activity else shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=_as_it_stands(desk, activity, _plan_values) if activity else None,
    )


def _plan_values(desk: Desk, known: Activity) -> dict[str, object]:
    """Return a planned step as values of its form."""
    texts = {"subject": known.subject, "channel": known.channel, "outline": known.outline}
    return {**texts, **when_values(desk, known), "owner": known.owner_name}


def postpone(desk: Desk, known: Activity, subject: str) -> FormScreen:
    """Return the form that puts a planned activity off."""
    changes = Changes(known.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        at, all_day = when_of(given)
        version = changes.version
        return _placed(await desk.tell(activities.postpone, known.id, at, all_day=all_day, expected_version=version))

    hour = {"hour": when_values(desk, known)["hour"]}
    draft = f"postpone:{shown(Kind.ACTIVITY, known.id)}"
    return FormScreen(
        desk,
        _("Put off to"),
        when_fields(),
        save,
        subject=subject,
        values=hour,
        draft=draft,
        changes=changes,
        fresh=_as_it_stands(desk, known.id, _nothing),
    )


def _nothing(_desk: Desk, _known: Activity) -> dict[str, object]:
    return {}


def _placed(outcome: object) -> object:
    """Put what is wrong with the time to the field where it was typed."""
    if not isinstance(outcome, Invalid):
        return outcome
    return Invalid(tuple(replace(p, where="hour") if p.where == "at" else p for p in outcome.problems))


class SummaryScreen(FormScreen):
    """The written summary of a talk, ready to send: copied to the clipboard or saved as a message, then recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "copy", "copy", id="summary.copy", show=False),
        Binding("f6", "message", "message", id="summary.message", show=False),
    ]

    def __init__(self, desk: Desk, known: Activity, subject: str, values: Mapping[str, object], loaded: Loaded) -> None:
        self._known = known
        changes = Changes(known.version)

        async def save(given: Mapping[str, object], files: Sequence[Path]) -> object:
            return await desk.tell(summaries.send_summary, known.id, given, files, changes.version)

        output = loaded.playbook.talk_output()
        super().__init__(
            desk,
            _("Summary of the talk"),
            summary_fields(loaded.playbook),
            save,
            subject=subject,
            values=values,
            file_rule=output.files if output else None,
            note=_("Send it by your mail program, then save here what was sent and when."),
            focus="text",
            small=False,
            draft=f"summary:{shown(Kind.ACTIVITY, known.id)}",
            changes=changes,
            fresh=_as_it_stands(desk, known.id, _summary_values),
        )

    def hints(self) -> Iterable[KeyHint]:
        """The form's keys, and the two ways to send."""
        yield KeyHint("f5", _("copy"))
        yield KeyHint("f6", _("save .eml"))
        yield from super().hints()

    def on_mount(self) -> None:
        """Start at the head of the ready text."""
        super().on_mount()
        self.call_after_refresh(self._to_head)

    def _to_head(self) -> None:
        for area in self.query(TextArea):
            area.cursor_location = (0, 0)

    def action_copy(self) -> None:
        """Copy the text to the clipboard of the terminal."""
        self.app.copy_to_clipboard(str(self.form.raw.get("text") or ""))
        self.notice(_("The text is in the clipboard."))

    def action_message(self) -> None:
        """Save the summary as a message that a mail program opens."""
        self.wait_for(self._write_message())

    async def _write_message(self) -> None:
        text = str(self.form.raw.get("text") or "")
        content = await self.desk.ask(
            summary_mail.as_eml, self._known.id, language=language(), text=text, files=tuple(self._new_files)
        )
        path = Path.cwd() / f"T{self._known.id}.eml"
        try:
            path.write_bytes(content)
        except OSError as error:
            self.notice(_("{path} cannot be written: {reason}").format(path=path, reason=error.strerror))
            return
        self.notice(_("Saved: {path}").format(path=path))


def _summary_values(_desk: Desk, known: Activity) -> dict[str, object]:
    """Return the summary that was recorded, nothing where there is none."""
    return dict(known.summary or {})


async def summary(desk: Desk, deal: int, activity: int) -> SummaryScreen:
    """Return the form that records a sent summary, with a text ready to send."""
    loaded = await desk.ask(load, deal)
    known = await desk.ask(activities.get, activity)
    values = dict(known.summary or {})
    if not values.get("text"):
        values["text"] = await desk.ask(summary_mail.summary_text, activity, language())
    now = desk.now.astimezone(desk.team.zone)
    values.setdefault("sent_at", now.isoformat(timespec="minutes"))
    words = (
        loaded.deal.customer_label,
        short_moment(known.at, desk.team.zone, language()),
        gate_views.channel(loaded.playbook, known.channel),
    )
    return SummaryScreen(desk, known, "  ".join(words), values, loaded)
