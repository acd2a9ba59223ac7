"""All faults of the product.

SalestuiError            exit code 1
├─ NotFound              4   no such deal, customer, stage …
├─ UnknownUser           5   this login is not in the user table
│  └─ NotLetIn           5   a server does not let this login in
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
   ├─ NotInGroup, NotYoursToShare              a place of a group, and this person is no member
   ├─ UnknownGroup, UnknownAccount, NoGroups   no such group or account; a system without groups
   ├─ DirectoryInUse                           a directory with other things in it is not shared
   ├─ CommandIdTaken                           another command has this id
   ├─ DriverMissing, ServerUnreachable         a database on a server: no library for it; it does not answer
   ├─ ConnectionLost, ServerRefused            the connection broke and stayed so; this role may not do that
   ├─ NotAllToSee                              the history is checked by who sees all of it
   ├─ NotPrepared, WrongServer                 no salestui in it, or an older one; it cannot hold one
   ├─ BackupUnusable, CopyUnsound              no backup, or damaged; the database to be copied is damaged
   ├─ DatabaseInUse                            others have the database open that is to be replaced
   └─ FileFault                                an attachment
      ├─ FileUnreadable, NotARegularFile, FileTooLarge    it cannot be attached
      └─ FileMissing, FileDamaged                         the file store lost it, or it was changed
"""

from __future__ import annotations

from salestui.errors.archives import BackupUnusable, CopyUnsound, DatabaseInUse
from salestui.errors.base import (
    BadConfig,
    BadInput,
    BadPlaybook,
    BadTemplate,
    FileThere,
    NotFound,
    SalestuiError,
    UnknownUser,
)
from salestui.errors.files import (
    FileDamaged,
    FileFault,
    FileMissing,
    FileTooLarge,
    FileUnreadable,
    NotARegularFile,
)
from salestui.errors.server import (
    ConnectionLost,
    DriverMissing,
    NotAllToSee,
    NotLetIn,
    NotPrepared,
    ServerRefused,
    ServerUnreachable,
    WrongServer,
)
from salestui.errors.sharing import (
    DirectoryInUse,
    NoGroups,
    NotInGroup,
    NotYoursToShare,
    UnknownAccount,
    UnknownGroup,
)
from salestui.errors.storage import (
    AtPath,
    CommandIdTaken,
    CorruptDatabase,
    CorruptValue,
    DatabaseBusy,
    DatabaseMissing,
    DatabaseUnreadable,
    DirectoryNotWritable,
    DiskFault,
    DiskFull,
    NetworkFilesystem,
    NewerDatabase,
    NotADatabase,
    ReadOnlyDatabase,
    SchemaMismatch,
    StorageFault,
    UnknownLocation,
    UnsafeSQLite,
)

__all__ = [
    "AtPath",
    "BackupUnusable",
    "BadConfig",
    "BadInput",
    "BadPlaybook",
    "BadTemplate",
    "CommandIdTaken",
    "ConnectionLost",
    "CopyUnsound",
    "CorruptDatabase",
    "CorruptValue",
    "DatabaseBusy",
    "DatabaseInUse",
    "DatabaseMissing",
    "DatabaseUnreadable",
    "DirectoryInUse",
    "DirectoryNotWritable",
    "DiskFault",
    "DiskFull",
    "DriverMissing",
    "FileDamaged",
    "FileFault",
    "FileMissing",
    "FileThere",
    "FileTooLarge",
    "FileUnreadable",
    "NetworkFilesystem",
    "NewerDatabase",
    "NoGroups",
    "NotADatabase",
    "NotARegularFile",
    "NotAllToSee",
    "NotFound",
    "NotInGroup",
    "NotLetIn",
    "NotPrepared",
    "NotYoursToShare",
    "ReadOnlyDatabase",
    "SalestuiError",
    "SchemaMismatch",
    "ServerRefused",
    "ServerUnreachable",
    "StorageFault",
    "UnknownAccount",
    "UnknownGroup",
    "UnknownLocation",
    "UnknownUser",
    "UnsafeSQLite",
    "WrongServer",
]
