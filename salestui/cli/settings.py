"""`salestui settings`: the team's settings, which live in the database: time zone, holidays, recorded votes."""

from __future__ import annotations

from argparse import Namespace

from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.data import given
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.sheets import sheet
from salestui.cli.templates import template_answer
from salestui.i18n import gettext as _
from salestui.services import settings

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of the settings."""
    group.command("template", _template, _("what can be set"))
    reads(group.command("show", _show, _("show the settings")))
    writes(group.command("change", _change, _("change the values given (administrators)")), changes=False)


def _template(context: Context, _args: Namespace) -> Answer:
    values = settings.form_values(context.request())
    return template_answer(context, settings.settings_fields(), values=values)


def _show(context: Context, _args: Namespace) -> Answer:
    values = settings.form_values(context.request())
    document = {"format": "salestui.settings/1", "values": values}
    return Answer(document, lambda: sheet(settings.settings_fields(), values, context.language))


def _change(context: Context, args: Namespace) -> Answer:
    told = given(args)
    made = done(settings.change(context.request(told.command_id), told.values), fields=settings.settings_fields())
    return changed(made, _("The settings are changed."))
