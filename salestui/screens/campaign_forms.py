"""The forms of campaigns: which handbook, then the campaign itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from salestui.domain.outcomes import Done
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Playbook
from salestui.domain.records import Kind, shown
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.base import SalesScreen
from salestui.screens.changes import Changes, Standing, standing
from salestui.screens.desk import Desk
from salestui.screens.explained import Choice, ExplainedScreen, Said
from salestui.screens.form import FormScreen
from salestui.services import campaigns, customers, first_steps, memberships, playbooks, users
from salestui.widgets.symbols import symbols

__all__ = ["classify", "edit", "new", "start"]

CHOSEN_BEFORE = {"playbook", "playbook_version"}


async def start(screen: SalesScreen[Any], *, first: bool = False) -> int | None:
    """Make a campaign: choose the handbook, then say what it is about; return its number, None when left.

    With `first` an administrator is asked for his own name too: the system often knows only a login.
    """
    desk = screen.desk
    playbook = await _choose_playbook(screen)
    if playbook is None:
        return None
    outcome = await screen.app.push_screen_wait(await new(desk, playbook, first=first))
    return outcome.number if isinstance(outcome, Done) else None


async def _choose_playbook(screen: SalesScreen[Any]) -> Playbook | None:
    """Let the user choose the handbook; with only one there is nothing to choose."""
    versions = await screen.desk.ask(playbooks.installed)
    keys = list(dict.fromkeys(version.key for version in versions))
    default = await screen.desk.ask(playbooks.default_key)
    keys.sort(key=lambda key: key != default)
    known = [await screen.desk.ask(playbooks.latest, key) for key in keys]
    if len(known) == 1:
        return known[0]

    def say() -> Said[Playbook]:
        choices = [
            Choice(book, book.title.get(language()), book.description.get(language()), _stages(book)) for book in known
        ]
        return Said(_("By which handbook?"), choices, _("A campaign keeps its handbook."))

    return await screen.app.push_screen_wait(ExplainedScreen(screen.desk, say))


def _stages(book: Playbook) -> str:
    names = (stage.short.get(language()) for stage in book.stages if not stage.retired)
    return f" {symbols().leads_to} ".join(names)


async def new(desk: Desk, playbook: Playbook, *, first: bool = False) -> FormScreen:
    """Return the form of a new campaign under a handbook."""
    asked = await desk.ask(campaigns.campaign_fields, playbook.key)
    fields = tuple(field for field in asked if field.key not in CHOSEN_BEFORE)
    names_himself = first and not refusal(desk.actor, Act.MANAGE_USERS)
    values: dict[str, object] = {"currency": (await desk.ask(first_steps.currency))}
    if names_himself:
        others = (field for field in fields[1:] if field.key != "owner")
        fields = (*fields[:1], first_steps.own_name_field(), *others)
        values["own_name"] = desk.actor.name

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        told = {**given, "playbook": playbook.key}
        if not names_himself:
            return await desk.tell(campaigns.new, told)
        outcome = await desk.tell(first_steps.begin, told)
        if isinstance(outcome, Done):
            desk.actor = replace(desk.actor, name=(await desk.ask(users.get, desk.actor.id)).name)
        return outcome

    people = [user.name for user in await desk.ask(users.all) if user.active]
    title = playbook.title.get(language())
    draft = f"new_campaign:{playbook.key}"
    return FormScreen(desk, _("New campaign"), fields, save, subject=title, values=values, people=people, draft=draft)


async def edit(desk: Desk, campaign: int) -> FormScreen:
    """Return the form that changes a campaign; its handbook stays."""
    known = await desk.ask(campaigns.get, campaign)
    changes = Changes(known.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await changes.save(lambda new, version: desk.tell(campaigns.change, campaign, new, version), given)

    async def fresh() -> Standing:
        now = await desk.ask(campaigns.get, campaign)
        return await standing(desk, shown(Kind.CAMPAIGN, campaign), now.version, campaigns.form_values(now))

    people = [user.name for user in await desk.ask(users.all) if user.active]
    fields = await desk.ask(campaigns.change_fields, campaign)
    values = campaigns.form_values(known)
    return FormScreen(
        desk,
        _("Campaign"),
        fields,
        save,
        subject=known.name,
        values=values,
        people=people,
        draft=f"campaign:{shown(Kind.CAMPAIGN, campaign)}",
        changes=changes,
        fresh=fresh,
    )


async def classify(desk: Desk, campaign: int, customer: int) -> FormScreen:
    """Return the form that puts a customer on one of the campaign's lists, with the reason."""
    known = await desk.ask(customers.get, customer)
    place = await desk.ask(memberships.membership, customer, campaign)
    changes = Changes(place.version)
    fields = await desk.ask(customers.classify_fields, campaign)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        wanted, reason = str(given.get("class") or ""), str(given.get("reason") or "")
        return await desk.tell(customers.classify, customer, campaign, wanted, reason, changes.version)

    async def fresh() -> Standing:
        now = await desk.ask(memberships.membership, customer, campaign)
        values = {"class": now.classification or None, "reason": now.reason}
        return await standing(desk, shown(Kind.CUSTOMER, customer), now.version, values)

    values = {"class": place.classification or None, "reason": place.reason}
    draft = f"classify:{shown(Kind.CUSTOMER, customer)}/{shown(Kind.CAMPAIGN, campaign)}"
    return FormScreen(
        desk,
        _("Put on a list"),
        fields,
        save,
        subject=known.label,
        values=values,
        draft=draft,
        changes=changes,
        fresh=fresh,
    )
