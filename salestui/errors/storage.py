"""Faults of the database: each says what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path

from salestui.errors.base import SalestuiError
from salestui.i18n import gettext as _


class StorageFault(SalestuiError):
    """Base of the faults of the database and the file store."""

    code = "storage_fault"

    def text(self) -> str:
        return self.template().format(**self.params)

    def template(self) -> str:
        return self.code


# The database and the file store


class AtPath(StorageFault):
    """A storage fault at a place; `reason` is the system's own words, where they help."""

    def __init__(self, path: Path | str, reason: str = "") -> None:
        super().__init__(path=str(path), reason=reason)


class UnknownLocation(StorageFault):
    """The address names a kind of database that is not served; it is not shown, for it may hold a password."""

    code = "unknown_location"

    def __init__(self, scheme: str, supported: tuple[str, ...]) -> None:
        super().__init__(scheme=scheme, supported=", ".join(supported))

    def template(self) -> str:
        return _("Databases at {scheme} addresses are not known. Give a path, or one of: {supported}")


class DatabaseMissing(AtPath):
    """There is no database and the caller does not want one made."""

    code = "database_missing"

    def template(self) -> str:
        return _("There is no database at {path}. Check the path, or create one with: salestui init")


class DatabaseUnreadable(AtPath):
    """The database exists and cannot be opened."""

    code = "database_unreadable"

    def template(self) -> str:
        return _("The database {path} cannot be opened ({reason}). Check that it is a file you may read and write.")


class NotADatabase(DatabaseUnreadable):
    """A foreign file stands at the place: another program's database, a text, an empty file. It is left as it is."""

    code = "not_a_database"

    def template(self) -> str:
        return _(
            "{path} is not a salestui database, so it was left as it is. Choose another path with --database or "
            "SALESTUI_DATABASE."
        )


class NewerDatabase(StorageFault):
    """A later version of the program wrote this database; `found` and `known` are schema versions."""

    code = "newer_database"

    def __init__(self, path: Path | str, found: int, known: int) -> None:
        super().__init__(path=str(path), found=found, known=known)

    def template(self) -> str:
        return _(
            "The database {path} belongs to a newer salestui (schema {found}, this one knows {known}). "
            "Upgrade salestui; nothing was changed."
        )


class CorruptDatabase(AtPath):
    """Pages of the database are damaged."""

    code = "corrupt_database"

    def template(self) -> str:
        return _(
            "The database {path} is damaged ({reason}). Keep a copy of it and of the files -wal and -shm beside it, "
            "then restore the last backup."
        )


class CorruptValue(CorruptDatabase):
    """A value that the program cannot have written stands in the database."""

    code = "corrupt_value"

    def __init__(self, kind: str, value: str) -> None:
        super().__init__("", f"{kind}: {value[:80]}")

    def template(self) -> str:
        return _("The database holds a value that salestui did not write ({reason}). Check it with: salestui doctor")


class SchemaMismatch(AtPath):
    """After the migrations the tables are not those this version works with."""

    code = "schema_mismatch"

    def template(self) -> str:
        return _(
            "The tables of {path} are not those of this version ({reason}). An unreleased salestui made it, or another "
            "program changed it. Open it with the version that made it, or restore a backup; nothing was changed."
        )


class DirectoryNotWritable(AtPath):
    """No file can be created in the directory of the database or of its files."""

    code = "directory_not_writable"

    def template(self) -> str:
        return _(
            "Nothing can be written in the directory {path}. Get write permission there, or choose another place with "
            "--database or SALESTUI_DATABASE."
        )


class ReadOnlyDatabase(AtPath):
    """The database may be read and not written."""

    code = "read_only_database"

    def template(self) -> str:
        return _(
            "The database {path} may be read but not written. Get write permission for it and its directory; "
            "nothing was changed."
        )


class DatabaseBusy(AtPath):
    """Another process kept the database longer than the time allowed; `holder` and `pid` are whose, where known."""

    code = "database_busy"

    def __init__(self, path: Path | str, reason: str = "", *, holder: str = "", pid: int = 0) -> None:
        super().__init__(path, reason)
        self.params = {**self.params, "holder": holder, "pid": pid}

    def template(self) -> str:
        if self.params["holder"]:
            return _(
                "{holder} (process {pid}) has held the database {path} for too long. Nothing was changed; try again, "
                "or ask {holder} whether that process hangs."
            )
        if self.params["pid"]:
            return _(
                "Process {pid} has held the database {path} for too long. Nothing was changed; try again, or ask your "
                "administrator whether that process hangs."
            )
        return _("Another program is using the database {path} at the moment. Nothing was changed; try again.")


class DiskFull(AtPath):
    """There is no space, or no quota, left."""

    code = "disk_full"

    def template(self) -> str:
        return _("The disk is full: {path} could not be written. Nothing was changed; make space and try again.")


class DiskFault(AtPath):
    """The medium reports an error while reading or writing."""

    code = "disk_fault"

    def template(self) -> str:
        return _(
            "The disk reports an error at {path} ({reason}). Nothing was changed. Check space, quota and the disk, "
            "then try again."
        )


class NetworkFilesystem(AtPath):
    """A shared SQLite database may not lie on a network file system: its locks do not hold there."""

    code = "network_filesystem"

    def template(self) -> str:
        return _(
            "{path} lies on a network file system, where several people would destroy a shared SQLite database. Put it "
            "on a local disk of the server."
        )


class UnsafeSQLite(StorageFault):
    """This SQLite has the WAL-reset fault, which can corrupt a database that several processes use."""

    code = "unsafe_sqlite"

    def __init__(self, version: str) -> None:
        super().__init__(version=version)

    def template(self) -> str:
        return _(
            "SQLite {version} can corrupt a shared database. Install a fixed one: pip install 'pysqlite3>=0.6.1', or "
            "SQLite 3.51.3 or later."
        )


class CommandIdTaken(StorageFault):
    """The id of this command was used before, by someone else or for something else, so its result is not shown."""

    code = "command_id_taken"

    def __init__(self, command_id: str) -> None:
        super().__init__(command_id=command_id)

    def template(self) -> str:
        return _("The id {command_id} belongs to another command already. Nothing was done; use a new id.")
