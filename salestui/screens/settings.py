"""Settings: one's own, changed with a key and kept at once; the team's and the users, changed by an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize

from salestui import config, keys, paths
from salestui.domain.deal_views import Word
from salestui.domain.outcomes import NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.views import KeyHint, Tone, TopBarView
from salestui.errors import BadConfig
from salestui.i18n import gettext as _
from salestui.screens import handing, setting_forms, wearing
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.desk import Desk
from salestui.screens.form import FormScreen
from salestui.screens.setting_rows import Facts, choices_of, groups, help_of
from salestui.services import refusals, settings, users
from salestui.widgets.footer import KeyFooter
from salestui.widgets.setting_list import SettingList, SettingRow
from salestui.widgets.strip import NextStrip
from salestui.widgets.topbar import TopBar

__all__ = ["SettingsScreen"]

LOW = 30


class SettingsScreen(SalesScreen[None]):
    """Everything there is to set, one row each."""

    PLACES: ClassVar[tuple[str, ...]] = ("settings", "move")
    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("settings", "move", "app")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._facts: Facts | None = None

    def compose(self) -> ComposeResult:
        """Top row, settings, what the row under the cursor is for, the keys."""
        yield TopBar(TopBarView(_("Settings"), waiting=True))
        yield SettingList()
        yield NextStrip()
        yield KeyFooter(self.hints())

    @property
    def rows(self) -> SettingList:
        """The settings."""
        return self.query_one(SettingList)

    async def on_mount(self) -> None:
        """Read the settings before the first frame."""
        self.set_class(self.app.size.height < LOW, "-low")
        await self.reload()

    async def on_screen_resume(self) -> None:
        """Show what was changed in another place."""
        if self._facts is not None:
            await self.reload()

    def on_resize(self, event: Resize) -> None:
        """Low screens lose their air."""
        self.set_class(event.size.height < LOW, "-low")

    async def reload(self) -> None:
        """Read everything anew; the cursor stays on its row."""
        self._facts = Facts(
            self.desk.actor,
            self.desk.config,
            await self.desk.ask(settings.form_values),
            await self.desk.ask(users.all),
            await self.desk.ask(users.user_fields),
            self.desk.place.label,
        )
        self._draw()

    def _draw(self) -> None:
        if self._facts is None:
            return
        self.query_one(TopBar).show(TopBarView(_("Settings"), me=self.desk.actor.name))
        self.rows.show(groups(self._facts))
        self._show_help()

    def relabel(self) -> None:
        """Say everything in the language in use."""
        super().relabel()
        self._draw()

    def _show_help(self) -> None:
        row = self.rows.selected
        self.query_one(NextStrip).show(*((Word(help_of(row.key), Tone.MUTED),) if row else ()))

    def notice(self, text: str) -> None:
        """Tell something above the keys until the cursor moves."""
        self.query_one(NextStrip).show(Word(text, Tone.WARNING))

    def hints(self) -> Iterable[KeyHint]:
        """The keys; adding users is for administrators."""
        for key in keys.of("settings"):
            if key.footer:
                yield hint(key, enabled=key.id != "settings.new" or not refusal(self.desk.actor, Act.MANAGE_USERS))

    def on_setting_list_highlighted(self) -> None:
        """What the row is for follows the cursor."""
        self._show_help()

    def on_setting_list_chosen(self, event: SettingList.Chosen) -> None:
        """A click takes the choice it hits, or opens the row's form."""
        if event.number:
            self.action_pick(event.number)
        elif not event.row.choices:
            self.action_change()

    # -- moving -----------------------------------------------------------------------------------------------------

    def action_up(self) -> None:
        """One row up."""
        self.rows.move_cursor(-1)

    def action_down(self) -> None:
        """One row down."""
        self.rows.move_cursor(1)

    def action_page_up(self) -> None:
        """Half a page up."""
        self.rows.page(-1)

    def action_page_down(self) -> None:
        """Half a page down."""
        self.rows.page(1)

    def action_top(self) -> None:
        """To the first row."""
        self.rows.move_cursor(-1000)

    def action_bottom(self) -> None:
        """To the last row."""
        self.rows.move_cursor(1000)

    # -- changing ---------------------------------------------------------------------------------------------------

    def action_change(self) -> None:
        """The next choice, or the form of the row."""
        row = self.rows.selected
        if row is not None and row.choices:
            self._choose(row, (row.chosen + 1) % len(row.choices))
        elif row is not None:
            self._open(row)

    def action_change_back(self) -> None:
        """The choice before."""
        row = self.rows.selected
        if row is not None and row.choices:
            self._choose(row, (row.chosen - 1) % len(row.choices))

    def action_pick(self, number: int) -> None:
        """The choice with this number."""
        row = self.rows.selected
        if row is not None and number <= len(row.choices):
            self._choose(row, number - 1)

    @work(group="settings")
    async def _choose(self, row: SettingRow, at: int) -> None:
        """Keep a choice in the settings file, then follow it on every open screen."""
        key = row.key.partition(".")[2]
        # Any: the value is one of `choices_of`, which fit the setting; the type checker cannot follow
        change: dict[str, Any] = {key: choices_of(key)[at]}
        try:
            await self.desk.write(_keep, change)
        except BadConfig as error:
            self.notice(error.text())
            return
        wearing.follow(self.app, self.desk, replace(self.desk.config, **change))
        await self.reload()
        if key == "mouse":
            self.notice(_("The mouse follows when salestui is started again."))

    @work(group="conversation", exclusive=True)
    async def _open(self, row: SettingRow) -> None:
        """Open the form of a row, as far as this person may."""
        where, _dot, name = row.key.partition(".")
        if where == "mine":
            self.notice(_("Written in the settings file: {path}").format(path=paths.config_file()))
            return
        denied = refusal(self.desk.actor, Act.MANAGE_SETTINGS if where == "team" else Act.MANAGE_USERS)
        if denied:
            self.notice(refusals.text(NotAllowed(denied)))
        elif where == "team":
            await self._converse(await setting_forms.team(self.desk, name))
        elif row.key == "me.permission":
            self.notice(_("Another administrator can change your permission."))
        else:
            number = self.desk.actor.id if where == "me" else int(name)
            known = await self.desk.ask(users.get, number)
            await self._converse(await setting_forms.user(self.desk, known, name if where == "me" else ""))

    @work(group="conversation", exclusive=True)
    async def action_new(self) -> None:
        """Add a user."""
        denied = refusal(self.desk.actor, Act.MANAGE_USERS)
        if denied:
            self.notice(refusals.text(NotAllowed(denied)))
        else:
            await self._converse(await setting_forms.new_user(self.desk))

    @work(group="conversation", exclusive=True)
    async def action_hand_over(self) -> None:
        """Give the open work of the person under the cursor to somebody else."""
        row = self.rows.selected
        where, _dot, name = row.key.partition(".") if row is not None else ("", "", "")
        if where != "user":
            self.notice(_("Put the cursor on a person of the team first."))
            return
        said = await handing.hand_over(self, int(name))
        await self.reload()
        if said:
            self.notice(said)

    async def _converse(self, form: FormScreen) -> None:
        """Open a form; afterwards act as who one is now, by the team's calendar as it is now."""
        if await self.app.push_screen_wait(form) is None:
            return
        me = await self.desk.ask(users.get, self.desk.actor.id)
        self.desk.actor = me.actor()
        self.desk.refresh_team((await self.desk.ask(settings.team)).calendar)
        await self.reload()
        self.show_hints()

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def _keep(change: dict[str, Any]) -> None:
    """Write changed settings to the file, and nothing else in it."""
    path = paths.config_file()
    config.save(path, replace(config.load(path), **change))
