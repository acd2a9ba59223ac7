"""The forms of customers and their contacts; a name that somebody has already is told while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from salestui.domain.records import Customer, Kind, shown
from salestui.domain.text import same_name
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens.changes import Changes, Fresh, Standing, standing
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen, Save
from salestui.services import contacts, customers, users
from salestui.widgets.form import Form

__all__ = ["CustomerForm", "doubles_text", "edit", "edit_contact", "new", "new_contact", "remove_contact"]


class CustomerForm(FormScreen):
    """Asks what is known of a company; `number` is that of the company when it is there already."""

    def __init__(
        self,
        desk: Desk,
        title: str,
        save: Save,
        *,
        people: Sequence[str],
        number: int | None = None,
        subject: str = "",
        values: Mapping[str, object] | None = None,
        focus: str = "",
        draft: str,
        changes: Changes | None = None,
        fresh: Fresh | None = None,
    ) -> None:
        fields = customers.customer_fields()
        super().__init__(
            desk,
            title,
            fields,
            save,
            subject=subject,
            values=values,
            people=people,
            focus=focus,
            draft=draft,
            changes=changes,
            fresh=fresh,
        )
        self._number = number
        self._asked = str(self.form.raw.get("name") or "")

    def on_form_changed(self, event: Form.Changed) -> None:
        """Look the name up when it is another one."""
        name = str(event.form.raw.get("name") or "")
        if same_name(name) != same_name(self._asked):
            self._asked = name
            self.run_worker(self._look_up(name), group="lookup", exclusive=True)

    async def _look_up(self, name: str) -> None:
        same = await self.desk.ask(customers.same_name, name) if name.strip() else ()
        doubles = await self.desk.ask(customers.possible_doubles, name) if name.strip() else ()
        others = [known for known in same if known.id != self._number]
        if others:
            told = f"{shown(Kind.CUSTOMER, others[0].id)} {others[0].name}"
            self.form.tell(_("This customer is there already: {customer}").format(customer=told))
        elif found := doubles_text([known for known in doubles if known.id != self._number]):
            self.form.tell(found)


def doubles_text(doubles: Sequence[Customer]) -> str:
    """Return the warning that a name is much like others; "" where there are none."""
    if not doubles:
        return ""
    names = ("、" if language() == "zh" else ", ").join(
        f"{shown(Kind.CUSTOMER, known.id)} {known.name}" for known in doubles[:3]
    )
    return _("Perhaps the same company as {names}").format(names=names)


async def _people(desk: Desk) -> tuple[str, ...]:
    return tuple(user.name for user in await desk.ask(users.all) if user.active)


async def new(desk: Desk, campaign: int | None = None) -> CustomerForm:
    """Return the form that enters a customer, into a campaign where one is given."""

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await desk.tell(customers.new, given, campaign)

    key = f"new_customer:{shown(Kind.CAMPAIGN, campaign)}" if campaign else "new_customer"
    return CustomerForm(desk, _("New customer"), save, people=await _people(desk), draft=key)


async def edit(desk: Desk, customer: int, field: str = "") -> CustomerForm:
    """Return the form that changes a customer, with the cursor in `field`."""
    known = await desk.ask(customers.get, customer)
    changes = Changes(known.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await changes.save(lambda new, version: desk.tell(customers.change, customer, new, version), given)

    async def fresh() -> Standing:
        now = await desk.ask(customers.get, customer)
        return await standing(desk, shown(Kind.CUSTOMER, customer), now.version, customers.form_values(now))

    return CustomerForm(
        desk,
        _("Customer"),
        save,
        people=await _people(desk),
        number=customer,
        subject=known.label,
        values=customers.form_values(known),
        focus=field,
        draft=f"customer:{shown(Kind.CUSTOMER, customer)}",
        changes=changes,
        fresh=fresh,
    )


async def new_contact(desk: Desk, customer: int) -> FormScreen:
    """Return the form that adds a person to a customer."""
    known = await desk.ask(customers.get, customer)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await desk.tell(contacts.new, customer, given)

    draft = f"new_contact:{shown(Kind.CUSTOMER, customer)}"
    return FormScreen(desk, _("New contact"), contacts.contact_fields(), save, subject=known.label, draft=draft)


async def edit_contact(desk: Desk, contact: int) -> FormScreen:
    """Return the form that changes a contact."""
    known = await desk.ask(contacts.get, contact)
    customer = await desk.ask(customers.get, known.customer)
    changes = Changes(known.version)

    async def save(given: Mapping[str, object], _files: Sequence[Path]) -> object:
        return await changes.save(lambda new, version: desk.tell(contacts.change, contact, new, version), given)

    async def fresh() -> Standing:
        now = await desk.ask(contacts.get, contact)
        return await standing(desk, shown(Kind.CONTACT, contact), now.version, contacts.form_values(now))

    values = contacts.form_values(known)
    return FormScreen(
        desk,
        _("Contact"),
        contacts.contact_fields(),
        save,
        subject=customer.label,
        values=values,
        draft=f"contact:{shown(Kind.CONTACT, contact)}",
        changes=changes,
        fresh=fresh,
    )


async def remove_contact(desk: Desk, contact: int) -> ChooseScreen[int]:
    """Return the question whether a contact is to go; it answers with the version that may be removed."""
    known = await desk.ask(contacts.get, contact)
    choices = [
        (0, _("Keep {name}").format(name=known.name), ""),
        (known.version, _("Remove {name}").format(name=known.name), _("the history keeps what was known")),
    ]
    return ChooseScreen(desk, _("Remove the contact?"), choices)
