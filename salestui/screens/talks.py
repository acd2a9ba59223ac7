"""Conversations: logging a talk, planning the next step, and writing down that a summary was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from salestui.domain.dates import short_moment
from salestui.domain.records import Activity, ActivityState
from salestui.domain.views import KeyHint
from salestui.i18n import gettext as _
from salestui.i18n import language
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

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        version = known.version if known else None
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
    )


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


async def plan(desk: Desk, deal: int, activity: int | None = None) -> FormScreen:
    """Return the form that plans the next step, or changes a planned one."""
    loaded = await desk.ask(load, deal)
    known = await desk.ask(activities.get, activity) if activity else None
    values: dict[str, object] = {}
    if known is not None:
        local = known.at.astimezone(desk.team.zone)
        at = local.date().isoformat() if known.all_day else local.isoformat(timespec="minutes")
        values = {"subject": known.subject, "at": at, "channel": known.channel, "outline": known.outline}
        values["all_day"] = known.all_day
        values["owner"] = known.owner_name

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        facts = {key: given.get(key) for key in ("subject", "at", "channel", "outline", "owner") if given.get(key)}
        all_day = given.get("all_day") in {True, "yes", "true", "是"} or ":" not in str(given.get("at", ""))
        if known is not None:
            return await desk.tell(
                activities.change, known.id, {**facts, "all_day": all_day}, expected_version=known.version
            )
        texts = {key: str(value) for key, value in facts.items()}
        return await desk.tell(
            activities.plan,
            (deal,),
            at=texts.get("at", ""),
            subject=texts.get("subject", ""),
            channel=texts.get("channel", ""),
            all_day=all_day,
            outline=texts.get("outline", ""),
            owner=texts.get("owner"),
        )

    return FormScreen(
        desk,
        _("Change the next step") if known else _("Plan the next step"),
        plan_fields(loaded.playbook),
        save,
        subject=loaded.deal.customer_label,
        values=values,
        people=[user.name for user in await desk.ask(users.all) if user.active],
        note=_("When: 12-18 14:30, tomorrow 10:00, +3; a day alone means all day."),
    )


class SummaryScreen(FormScreen):
    """The written summary of a talk, ready to send: copied to the clipboard or saved as a message, then recorded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "copy", "copy", id="summary.copy", show=False),
        Binding("f6", "message", "message", id="summary.message", show=False),
    ]

    def __init__(self, desk: Desk, known: Activity, subject: str, values: Mapping[str, object], loaded: Loaded) -> None:
        self._known = known

        async def save(given: Mapping[str, object], files: Sequence[Path]) -> object:
            return await desk.tell(summaries.send_summary, known.id, given, files, known.version)

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
        )

    def hints(self) -> Iterable[KeyHint]:
        """The form's keys, and the two ways to send."""
        yield KeyHint("f5", _("copy"))
        yield KeyHint("f6", _("save .eml"))
        yield from super().hints()

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
