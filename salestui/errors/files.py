"""Faults of attached files."""

from __future__ import annotations

from pathlib import Path

from salestui.errors.storage import AtPath
from salestui.i18n import gettext as _


class FileFault(AtPath):
    """Base of the faults of attachments."""

    code = "file_fault"


class FileUnreadable(FileFault):
    """The file to attach cannot be read."""

    code = "file_unreadable"

    def template(self) -> str:
        return _("The file {path} cannot be read ({reason}). Check the path and your permission.")


class NotARegularFile(FileFault):
    """Only plain files are attached: no links, folders, pipes, devices, and not the database in use."""

    code = "not_a_regular_file"

    def template(self) -> str:
        return _(
            "{path} is not a plain file (a link, folder or device, or the database itself). Choose the file itself."
        )


class FileTooLarge(FileFault):
    """The file exceeds the limit; `limit` in bytes."""

    code = "file_too_large"

    def __init__(self, path: Path | str, limit: int) -> None:
        super().__init__(path)
        self.params = {**self.params, "limit": limit, "megabytes": f"{limit / 1_000_000:g}"}

    def template(self) -> str:
        return _("The file {path} is larger than {megabytes} MB, the most that may be attached.")


class FileMissing(FileFault):
    """The file store has no such file any more."""

    code = "file_missing"

    def template(self) -> str:
        return _("The attached file is missing: {path}. Bring it back from a backup.")


class FileDamaged(FileFault):
    """A stored file is not what was attached."""

    code = "file_damaged"

    def template(self) -> str:
        return _("The attached file {path} was changed after it was attached. Bring it back from a backup.")
