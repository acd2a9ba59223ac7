"""Opens an attached file from a form with one key: a checked copy of it, never what is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from textual.app import App

from salestui import system
from salestui.domain.facts import FileFact
from salestui.errors import StorageFault
from salestui.i18n import gettext as _
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.services import outputs
from salestui.widgets.files import file_size
from salestui.widgets.form import Form

__all__ = ["OpensFiles"]


class _OfOutput(Protocol):
    """What an output's screen has that its files are opened by."""

    desk: Desk
    _files: tuple[FileFact, ...]

    @property
    def app(self) -> App[object]: ...
    @property
    def form(self) -> Form: ...
    @property
    def notice(self) -> Callable[[str], None]: ...
    @property
    def wait_for(self) -> Callable[[Awaitable[object]], None]: ...


class OpensFiles:
    """The part of an output's screen that opens its files."""

    def action_open_file(self: _OfOutput) -> None:
        """Open the file under the cursor, else the only one, else the one that is chosen."""
        self.wait_for(_open(self))


async def _open(screen: _OfOutput) -> None:
    file = await _wanted(screen)
    if file is None:
        return
    try:
        path = await screen.desk.ask(outputs.open_file, file.sha256, name=file.name)
    except StorageFault as fault:
        screen.notice(fault.text())
        return
    if system.open_document(path):
        screen.form.tell(_("Opened a copy of {name}.").format(name=file.name))
        return
    screen.app.copy_to_clipboard(str(path))
    screen.notice(_("A copy is at {path}; the path is on the clipboard.").format(path=path))


async def _wanted(screen: _OfOutput) -> FileFact | None:
    files: Sequence[FileFact] = screen._files  # noqa: SLF001  # of the screen that this is a part of
    if not files:
        screen.form.tell(_("No file is attached."))
        return None
    index = 0 if len(files) == 1 else screen.form.body.file_index
    if index is not None:
        return files[index]
    choices = [(file.sha256, file.name, file_size(file.size)) for file in files]
    chosen = await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("Which file?"), choices))
    return next((file for file in files if file.sha256 == chosen), None)
