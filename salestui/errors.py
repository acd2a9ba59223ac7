"""All faults of the product.

SalestuiError            exit code 1
├─ NotFound              4   no such deal, customer, stage …
├─ UnknownUser           5   this login is not in the user table
├─ BadInput              1   what a person or a script gave cannot be read
├─ BadConfig             2   a config file's key or value
├─ BadPlaybook           1   a playbook file: file, path and key
├─ BadTemplate           1   a Word template: file and placeholder
├─ FileThere             1   a file to be written exists
└─ StorageFault          1   the database or the file store; each names the place
   ├─ UnknownLocation, DatabaseMissing         nobody serves such an address; nothing is there and none is to be made
   ├─ DatabaseUnreadable                       it exists and cannot be opened
   │  └─ NotADatabase                          a foreign, empty or text file: it is left alone
   ├─ NewerDatabase, SchemaMismatch            of a later version; not the tables that this version needs
   ├─ CorruptDatabase                          damaged pages
   │  └─ CorruptValue                          a value that the program cannot have written
   ├─ DirectoryNotWritable, ReadOnlyDatabase   no permission to write beside the database, or to write it
   ├─ DatabaseBusy, DiskFull, DiskFault        held by others too long; no space or quota; the medium fails
   ├─ NetworkFilesystem, UnsafeSQLite          where a shared database would come to harm
   ├─ CommandIdTaken                           another person's command has this id
   └─ FileFault                                an attachment
      ├─ FileUnreadable, NotARegularFile, FileTooLarge    it cannot be attached
      └─ FileMissing, FileDamaged                         the file store lost it, or it was changed
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from salestui.i18n import gettext as _


class SalestuiError(Exception):
    """Base of all faults: `code` for machines, `params` its facts, `text()` for people in the language in use."""

    code = "error"
    exit_code = 1

    def __init__(self, **params: object) -> None:
        self.params: Mapping[str, object] = params
        super().__init__(self.code)

    def text(self) -> str:
        """Return what happened and what to do, in the user's language."""
        return self.code

    def __str__(self) -> str:
        return self.text()


class NotFound(SalestuiError):
    """Nothing has this id or name; `kind` is a word of the design (deal, customer, stage …)."""

    code = "not_found"
    exit_code = 4

    def __init__(self, kind: str, id: object) -> None:
        super().__init__(kind=kind, id=str(id))

    def text(self) -> str:
        kinds = {
            "deal": _("There is no deal {id}."),
            "customer": _("There is no customer {id}."),
            "campaign": _("There is no campaign {id}."),
            "contact": _("There is no contact {id}."),
            "activity": _("There is no talk or activity {id}."),
            "stage": _("The playbook has no stage {id}."),
            "output": _("The playbook has no output {id}."),
            "action": _("The playbook has no key action {id}."),
            "playbook": _("There is no playbook {id}."),
            "user": _("There is no user {id}."),
            "review": _("There is no review {id}."),
            "exception": _("There is no exception {id}."),
            "requirement": _("The gate has no requirement {id}."),
            "file": _("There is no file {id}."),
            "revision": _("There is no revision {id}."),
        }
        return kinds.get(str(self.params["kind"]), _("There is no {id}.")).format(**self.params)


class UnknownUser(SalestuiError):
    """This login may not use this database."""

    code = "unknown_user"
    exit_code = 5

    def __init__(self, login: str, admins: tuple[str, ...]) -> None:
        super().__init__(login=login, admins=", ".join(admins))

    def text(self) -> str:
        return _("{login} is not a user of this database. Ask {admins} to run: salestui user add {login}").format(
            **self.params
        )


class BadInput(SalestuiError):
    """What was given cannot be read: `what` says where it stands, `problem` what is wrong and what to do."""

    code = "bad_input"

    def __init__(self, what: str, problem: str) -> None:
        super().__init__(what=what, problem=problem)

    def text(self) -> str:
        return f"{self.params['what']}: {self.params['problem']}"


class BadConfig(SalestuiError):
    """A config file cannot be used: file, key, problem."""

    code = "bad_config"
    exit_code = 2

    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(path=str(path), key=key, problem=problem)

    def text(self) -> str:
        return _("Config file {path}, {key}: {problem}").format(**self.params)


class BadPlaybook(SalestuiError):
    """A playbook cannot be used: file, path of the key inside it, problem."""

    code = "bad_playbook"

    def __init__(self, path: str, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(path=path, problems=problems)
        self.problems = problems

    def text(self) -> str:
        lines = [_("Playbook {path} cannot be used:").format(path=self.params["path"])]
        return "\n".join(lines + [f"  {key}: {problem}" for key, problem in self.problems])


class BadTemplate(SalestuiError):
    """A company's Word template cannot be used; `placeholder` is what it cannot fill, empty where it is no template."""

    code = "bad_template"

    def __init__(self, path: Path | str, problem: str, placeholder: str = "") -> None:
        super().__init__(path=str(path), placeholder=placeholder, problem=problem)

    def text(self) -> str:
        if self.params["placeholder"]:
            return _("Template {path}, {placeholder}: {problem}").format(**self.params)
        return _("Template {path}: {problem}").format(**self.params)


class FileThere(SalestuiError):
    """A file of this name exists, and nobody said that it may be replaced."""

    code = "file_there"

    def __init__(self, path: Path | str) -> None:
        super().__init__(path=str(path))

    def text(self) -> str:
        return _(
            "{path} exists already. Choose another name, or let it be replaced (on the command line: --force)."
        ).format(**self.params)


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
            "The tables of {path} are not what this version needs ({reason}). Nothing was changed; please report this."
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
    """Another process kept the database longer than the time allowed."""

    code = "database_busy"

    def template(self) -> str:
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
    """The id of this command was used before by someone else, so its result is not shown."""

    code = "command_id_taken"

    def __init__(self, command_id: str) -> None:
        super().__init__(command_id=command_id)

    def template(self) -> str:
        return _("Another person's command already used the id {command_id}. Use a new one.")


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
