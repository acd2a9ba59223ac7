"""What an event changed, value by value, with the labels and words people know the values by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from salestui.domain.clock import TeamCalendar
from salestui.domain.dates import short_day, short_moment
from salestui.domain.facts import Status
from salestui.domain.history_views import Change
from salestui.domain.money import Money
from salestui.domain.playbook import Field, Playbook
from salestui.domain.records import Event
from salestui.domain.showing import NO, WEEKDAYS, YES, short_amount, show
from salestui.i18n import gettext as _
from salestui.i18n import language, pgettext
from salestui.services.history_texts import field_names

__all__ = ["changes"]

Values = Mapping[str, object]
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_TOLD: Final = frozenset(
    {"output", "revision", "role", "decision", "action", "requirement", "name", "cancelled", "deputy_for"}
)
"""What the event's own line says already."""
_FORMS: Final = ("values", "summary")


def changes(
    event: Event, playbook: Playbook | None, team: TeamCalendar, roles: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """Return what differs between before and after; forms field by field, in the order of their fields.

    `roles` are the titles of reviewer roles by their keys.
    """
    before, after = event.before or {}, event.after or {}
    shown = _Showing(playbook, team, before, after, roles or {})
    found: list[Change] = []
    for key in after if event.after is not None else before:
        old, new = before.get(key), after.get(key)
        if old == new and event.before is not None:
            continue
        if key in _FORMS and isinstance(new, dict):
            found += _form(_fields(event, playbook, key), old if isinstance(old, dict) else {}, new, shown)
        elif key not in _TOLD:
            found += shown.change(key, old, new)
    return tuple(found)


def _fields(event: Event, playbook: Playbook | None, key: str) -> Sequence[Field]:
    """Return the fields of the form whose values an event holds."""
    if playbook is None:
        return ()
    if event.action.startswith("talk."):
        talk = playbook.talk_output()
        if talk is None:
            return ()
        return talk.summary.fields if key == "summary" and talk.summary else talk.fields
    named = (event.after or {}).get("output")
    output = next((found for _stage, found in playbook.outputs() if found.key == named), None)
    if output is None:
        return ()
    return output.send.fields if event.action == "output.sent" and output.send else output.fields


def _form(fields: Sequence[Field], old: Values, new: Values, shown: _Showing) -> list[Change]:
    if not fields and shown.playbook and shown.playbook.scoring:
        titles = {criterion.key: criterion.short.get(language()) for criterion in shown.playbook.scoring.criteria}
        return [
            Change(titles.get(key, key), str(old.get(key, "")), str(value))
            for key, value in new.items()
            if old.get(key) != value
        ]
    return [
        Change(field.label.get(language()), shown.field(field, old.get(field.key)), shown.field(field, new[field.key]))
        for field in fields
        if field.key in new and old.get(field.key) != new[field.key]
    ]


class _Showing:
    """Shows stored values in the language in use."""

    def __init__(
        self,
        playbook: Playbook | None,
        team: TeamCalendar,
        before: Values,
        after: Values,
        roles: Mapping[str, str],
    ) -> None:
        self.playbook, self._team, self._roles = playbook, team, roles
        self._before, self._after = before, after
        self._names = {
            **field_names(),
            "stage": _("stage"),
            "status": _("status"),
            "reason": _("reason"),
            "competitor": _("competitor"),
            "look_again_on": _("look again"),
            "grade": _("grade"),
            "total": _("total"),
            "owner_name": _("owner"),
            "version": _("version"),
            "size": _("size"),
        }

    def field(self, field: Field, value: object) -> str:
        """Show a form's value on one line."""
        return show(field, value, language(), short=True, zone=self._team.zone).replace("\n", " ")

    def change(self, key: str, old: object, new: object) -> list[Change]:
        """Return the change of one value; nothing for what is no use to people, such as digests."""
        if key == "amount_minor":
            return [Change(_("amount"), self._money(old, self._before), self._money(new, self._after))]
        if key == "currency" and "amount_minor" in {*self._before, *self._after}:
            return []
        if key == "owner" and ("owner_name" in self._after or isinstance(new, int)):
            return []
        label = self._names.get(key)
        before, after = self._word(key, old), self._word(key, new)
        return [Change(label, before, after)] if label and (before or after) else []

    def _money(self, minor: object, values: Values) -> str:
        if not isinstance(minor, int):
            return ""
        currency = values.get("currency") or self._after.get("currency") or self._before.get("currency") or "CNY"
        return short_amount(Money(minor, str(currency)), language())

    def _word(self, key: str, value: object) -> str:
        """Show one plain value; "" for none, and for what is a structure."""
        if isinstance(value, bool):
            return (YES if value else NO).get(language())
        if isinstance(value, list):
            parts = [self._part(key, part) for part in value]
            return ("、" if language() == "zh" else ", ").join(part for part in parts if part)
        if value is None or isinstance(value, Mapping):
            return ""
        text = str(value).strip().replace("\n", " ")
        if key == "stage" and self.playbook and self.playbook.has_stage(text):
            stage = self.playbook.stage(text)
            return f"{stage.number} {stage.short.get(language())}"
        known = {"status": _statuses, "permission": _permissions, "reason": self._reasons}.get(key)
        if known:
            return known().get(text, text)
        return self._moment(text) if _DAY.match(text) else text

    def _part(self, key: str, part: object) -> str:
        if key == "weekend" and isinstance(part, int):
            return WEEKDAYS[part].get(language())
        if key == "roles":
            return self._roles.get(str(part), str(part))
        if isinstance(part, Mapping):
            return str(part.get("name", ""))
        return self._moment(str(part)) if _DAY.match(str(part)) else str(part)

    def _reasons(self) -> Mapping[str, str]:
        if self.playbook is None:
            return {}
        reasons = (*self.playbook.lost_reasons, *self.playbook.care_reasons)
        return {reason.key: reason.title.get(language()) for reason in reasons}

    def _moment(self, text: str) -> str:
        """Show a day or a moment; a text that only begins like one as it is."""
        try:
            if len(text) == 10:
                return short_day(date.fromisoformat(text), language())
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        return short_moment(moment, self._team.zone, language()) if moment.tzinfo else text


def _statuses() -> Mapping[str, str]:
    return {
        Status.OPEN.value: pgettext("status", "open"),
        Status.WON.value: _("won"),
        Status.COMPLETED.value: _("completed"),
        Status.LOST.value: _("lost"),
        Status.IN_CARE.value: _("in care"),
    }


def _permissions() -> Mapping[str, str]:
    return {
        "rep": _("sales rep"),
        "manager": pgettext("permission", "manager"),
        "admin": _("administrator"),
    }
