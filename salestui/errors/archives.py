"""Faults of backups and dumps."""

from __future__ import annotations

from salestui.errors.storage import AtPath
from salestui.i18n import gettext as _

__all__ = ["BackupUnusable", "CopyUnsound", "DatabaseInUse"]


class BackupUnusable(AtPath):
    """A file is no backup or dump of ours, or not what was written; `reason` says what is wrong."""

    code = "backup_unusable"

    def template(self) -> str:
        return _("{path} cannot be used: {reason} Take another backup; nothing was changed.")


class CopyUnsound(AtPath):
    """The database, or the copy made of it, is damaged; `reason` is what was found first."""

    code = "copy_unsound"

    def template(self) -> str:
        return _(
            "No backup was made: {path} is damaged ({reason}). Older backups were left as they are. "
            "See what can be saved with: salestui doctor"
        )


class DatabaseInUse(AtPath):
    """Others have the database open that is to be replaced."""

    code = "database_in_use"

    def template(self) -> str:
        return _("Somebody has {path} open. Nothing was changed: let everybody leave salestui, then try again.")
