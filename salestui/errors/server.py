"""Faults of a database on a server: each says what is wrong, where, and what to do. No address shows its password."""

from __future__ import annotations

from salestui.errors.base import UnknownUser
from salestui.errors.storage import AtPath, StorageFault
from salestui.i18n import gettext as _


class DriverMissing(StorageFault):
    """The library that speaks to PostgreSQL is not installed."""

    code = "driver_missing"

    def template(self) -> str:
        return _("The library for PostgreSQL is not installed. Install it with: pip install 'salestui[postgres]'")


class ServerUnreachable(AtPath):
    """The server does not answer, or refuses to let this person in."""

    code = "server_unreachable"

    def template(self) -> str:
        return _(
            "The database {path} cannot be reached ({reason}). Check that the server runs and lets you in; nothing was "
            "changed."
        )


class ConnectionLost(AtPath):
    """The connection to the server broke; what was under way is known to be done only when it is asked for again."""

    code = "connection_lost"

    def template(self) -> str:
        return _(
            "The connection to {path} broke and the server did not come back in time ({reason}). What you typed is "
            "kept; try again."
        )


class ServerRefused(AtPath):
    """The server does not allow this to the role of this session."""

    code = "server_refused"

    def template(self) -> str:
        return _("The server of {path} does not allow this ({reason}). Nothing was changed; ask your administrator.")


class NotLetIn(UnknownUser):
    """The server has no role for this login, or one without a right to the database; who administers it is not told."""

    def __init__(self, login: str, place: str) -> None:
        super().__init__(login, ())
        self.params = {**self.params, "place": place}

    def text(self) -> str:
        return _(
            "{login} may not use the database {place}. Ask its administrator to run: salestui user add {login}"
        ).format(**self.params)


class NotPrepared(AtPath):
    """There is no salestui in this database yet, or an older one, and this person may not put it there."""

    code = "not_prepared"

    def template(self) -> str:
        return _(
            "The database {path} is not prepared for this version. Its administrator runs, as the user postgres: "
            "salestui --database {path} init"
        )


class WrongServer(AtPath):
    """The server cannot hold such a database: it is too old, or the database has another encoding."""

    code = "wrong_server"

    def template(self) -> str:
        return _(
            "The database {path} cannot be used ({reason}). PostgreSQL 15 or newer and the encoding UTF8 are needed."
        )


class NotAllToSee(StorageFault):
    """The history cannot be checked by somebody to whom the server shows a part of it."""

    code = "not_all_to_see"

    def template(self) -> str:
        return _("You see a part of the history alone, so you cannot check it. Ask a manager to run: salestui doctor")
