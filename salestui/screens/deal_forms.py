"""The forms of deals: a new one in a few keys, its own fields, and moving back, losing, parking and reopening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from salestui.domain.facts import Status
from salestui.domain.fields import check, normalise
from salestui.domain.outcomes import Done, Invalid
from salestui.domain.playbook import Choice, Field, FieldType, Reason, Text
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens.base import SalesScreen
from salestui.screens.changes import Changes, Fresh, Standing, standing
from salestui.screens.choose import ChooseScreen
from salestui.screens.customer_forms import doubles_text
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen
from salestui.services import campaigns, customer_pages, deals, new_deals
from salestui.services.loading import load
from salestui.services.new_deals import Known
from salestui.widgets.form import Form

__all__ = ["NewDealForm", "back", "edit", "lose", "new", "park", "reopen"]

NEW_CAMPAIGN = 0
_REASON = Field("reason", FieldType.LONG_TEXT, Text("原因", "Reason"), required=True)
_NOTE = Field("note", FieldType.LONG_TEXT, Text("说明", "Note"))
_WHY = Field("note", FieldType.LONG_TEXT, Text("重开原因", "Why it is reopened"), required=True)
_COMPETITOR = Field(
    "competitor", FieldType.TEXT, Text("输给谁", "Lost to"), help=Text("中标的竞争对手", "The competitor who got it")
)
_LOOK_AGAIN = Field(
    "look_again_on",
    FieldType.DATE,
    Text("再看日期", "Look again on"),
    help=Text("到这天它会出现在待办里", "It turns up in the agenda that day"),
    example=Text("+90", "+90"),
)


class NewDealForm(FormScreen):
    """Asks a customer by name and what the deal is about; says at once whether the customer is known."""

    def __init__(
        self, desk: Desk, campaign: int, subject: str, fields: Sequence[Field], names: Sequence[str], currency: str
    ) -> None:
        async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
            return await desk.tell(new_deals.start, campaign, given)

        super().__init__(
            desk,
            _("New deal"),
            fields,
            save,
            subject=subject,
            people=names,
            currency=currency,
            note=_("Only the customer is needed; ctrl+s saves at any time."),
            draft=f"new_deal:{shown(Kind.CAMPAIGN, campaign)}",
        )
        self._campaign = campaign
        self._asked = ""

    def take(self, customer: str) -> None:
        """Begin with this customer, in the field after it."""
        self.form.model.load({"customer": customer})

    def on_mount(self) -> None:
        """Start with the customer, or after it where it is given."""
        if self.form.raw.get("customer"):
            self.form.go_to("amount")

    def on_form_changed(self, event: Form.Changed) -> None:
        """Look the name up when it is another one."""
        name = str(event.form.raw.get("customer") or "").strip()
        if name != self._asked:
            self._asked = name
            self.run_worker(self._look_up(name), group="lookup", exclusive=True)

    async def _look_up(self, name: str) -> None:
        found = await self.desk.ask(new_deals.known, name, self._campaign)
        if told := known_text(found) if name else "":
            self.form.tell(told)


def known_text(found: Known) -> str:
    """Return what a typed name means: a known customer, one much like others, or a new one."""
    if found.customer is None:
        return doubles_text(found.doubles) or _("A new customer")
    told = _("Known: {id} {name}").format(id=shown(Kind.CUSTOMER, found.customer.id), name=found.customer.name)
    if found.open_deals:
        count = found.open_deals
        running = ngettext("{n} deal of it is running here", "{n} deals of it are running here", count)
        return f"{told}   {running.format(n=count)}"
    return told


async def new(screen: SalesScreen[Any], campaign: int | None, customer: int | None = None) -> int | None:
    """Make a deal, in a campaign made or chosen first where none is given; return its number, None when left."""
    chosen = campaign or await _choose_campaign(screen)
    if chosen is None:
        return None
    desk = screen.desk
    pushed = await desk.ask(campaigns.get, chosen)
    fields = await desk.ask(new_deals.fields)
    names = await desk.ask(customer_pages.names)
    form = NewDealForm(desk, chosen, pushed.name, fields, names, pushed.currency)
    if customer is not None:
        form.take(await desk.ask(customer_pages.name_of, customer))
    outcome = await screen.app.push_screen_wait(form)
    return outcome.number if isinstance(outcome, Done) else None


async def _choose_campaign(screen: SalesScreen[Any]) -> int | None:
    """Return the campaign to work in: the only one, the one chosen, or one made now."""
    from salestui.screens import campaign_forms

    running = [known for known in await screen.desk.ask(campaigns.all) if not known.closed]
    if len(running) == 1:
        return running[0].id
    if running:
        choices = [(known.id, known.name, known.market) for known in running]
        choices.append((NEW_CAMPAIGN, _("A new campaign"), ""))
        title = _("In which campaign?")
        chosen: int | None = await screen.app.push_screen_wait(ChooseScreen(screen.desk, title, choices))
        if chosen is None or chosen != NEW_CAMPAIGN:
            return chosen
    return await campaign_forms.start(screen)


async def edit(desk: Desk, deal: int) -> FormScreen:
    """Return the form that changes a deal's own fields."""
    known = await desk.ask(deals.get, deal)
    changes = Changes(known.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await changes.save(lambda new, version: desk.tell(new_deals.change, deal, new, version), given)

    async def fresh() -> Standing:
        now = await desk.ask(deals.get, deal)
        values = await desk.ask(new_deals.form_values, deal)
        return await standing(desk, shown(Kind.DEAL, deal), now.version, values, deal=deal)

    return FormScreen(
        desk,
        _("Deal {id}").format(id=shown(Kind.DEAL, deal)),
        await desk.ask(new_deals.change_fields),
        save,
        subject=known.customer_label,
        values=await desk.ask(new_deals.form_values, deal),
        currency=(await desk.ask(campaigns.get, known.campaign)).currency,
        draft=f"deal:{shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=fresh,
    )


def as_it_stands(desk: Desk, deal: int) -> Fresh:
    """Return how a deal is read anew by the forms that ask none of its own fields."""

    async def fresh() -> Standing:
        now = await desk.ask(deals.get, deal)
        return await standing(desk, shown(Kind.DEAL, deal), now.version, deal=deal)

    return fresh


async def back(desk: Desk, deal: int) -> FormScreen | None:
    """Return the form that moves a deal left: where to, and why; None where there is no stage to the left."""
    loaded = await desk.ask(load, deal)
    here = loaded.playbook.stage(loaded.deal.stage)
    earlier = [stage for stage in loaded.playbook.stages if stage.number < here.number and not stage.retired]
    if not earlier:
        return None
    choices = tuple(
        Choice(stage.key, Text(f"{stage.number} {stage.short.zh}", f"{stage.number} {stage.short.en}"))
        for stage in earlier
    )
    stage_field = Field("stage", FieldType.CHOICE, Text("退回到", "Back to"), required=True, choices=choices)
    fields = (stage_field, _REASON)
    changes = Changes(loaded.deal.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        problems = check(fields, dict(given), today=desk.team.today(desk.now))
        if problems:
            return Invalid(problems)
        return await desk.tell(deals.move_left, deal, str(given["stage"]), str(given["reason"]), changes.version)

    return FormScreen(
        desk,
        _("Move back"),
        fields,
        save,
        subject=loaded.deal.customer_label,
        values={"stage": earlier[-1].key},
        focus="reason",
        note=_("Everything that was done stays; going right again asks the same gates."),
        draft=f"back:{shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=as_it_stands(desk, deal),
    )


async def lose(desk: Desk, deal: int) -> FormScreen:
    """Return the form that closes a deal as lost."""
    loaded = await desk.ask(load, deal)
    changes = Changes(loaded.deal.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        competitor, note = str(given.get("competitor") or ""), str(given.get("note") or "")
        return await desk.tell(deals.lose, deal, str(given.get("reason") or ""), competitor, note, changes.version)

    won = loaded.deal.status is Status.WON
    return FormScreen(
        desk,
        _("Close as lost"),
        (_reason_field(loaded.playbook.lost_reasons), _COMPETITOR, _NOTE),
        save,
        subject=loaded.deal.customer_label,
        note=_("It was won: losing it now is reported as cancelled, and takes a manager.") if won else "",
        draft=f"lose:{shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=as_it_stands(desk, deal),
    )


async def park(desk: Desk, deal: int) -> FormScreen:
    """Return the form that puts a deal on the care list."""
    loaded = await desk.ask(load, deal)
    changes = Changes(loaded.deal.version)
    fields = (_reason_field(loaded.playbook.care_reasons), _LOOK_AGAIN, _NOTE)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        values, problems = normalise(fields, given, today=desk.team.today(desk.now))
        if problems:
            return Invalid(problems)
        day = date.fromisoformat(str(values["look_again_on"])) if "look_again_on" in values else None
        reason, note = str(values.get("reason") or ""), str(values.get("note") or "")
        return await desk.tell(deals.park, deal, reason, note, day, changes.version)

    return FormScreen(
        desk,
        _("To the care list"),
        fields,
        save,
        subject=loaded.deal.customer_label,
        note=_("The deal leaves the board, and can be reopened from the care list (L)."),
        draft=f"park:{shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=as_it_stands(desk, deal),
    )


def _reason_field(reasons: Sequence[Reason]) -> Field:
    choices = tuple(Choice(reason.key, reason.title) for reason in reasons)
    return Field("reason", FieldType.CHOICE, Text("原因", "Reason"), required=True, choices=choices)


async def reopen(desk: Desk, deal: int) -> FormScreen:
    """Return the form that brings a lost or parked deal back to the stage where it stood."""
    loaded = await desk.ask(load, deal)
    changes = Changes(loaded.deal.version)
    stage = loaded.playbook.stage(loaded.deal.stage)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await desk.tell(deals.reopen, deal, str(given.get("note") or ""), changes.version)

    return FormScreen(
        desk,
        _("Reopen"),
        (_WHY,),
        save,
        subject=loaded.deal.customer_label,
        note=_("It returns to {stage}; the old reason stays in the history.").format(
            stage=f"{stage.number} {stage.short.get(language())}"
        ),
        draft=f"reopen:{shown(Kind.DEAL, deal)}",
        changes=changes,
        fresh=as_it_stands(desk, deal),
    )
