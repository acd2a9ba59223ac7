"""Reads a day that a command was given, the way people write days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from salestui.cli.answers import invalid
from salestui.domain.days import read_date
from salestui.domain.playbook import Field
from salestui.domain.problems import Problem
from salestui.domain.reading import Unreadable
from salestui.services.loading import team_of

if TYPE_CHECKING:
    from salestui.services.request import Call

__all__ = ["day_of"]


def day_of(call: Call, raw: object, where: str, fields: Sequence[Field] = ()) -> date | None:
    """Return the day, None where nothing was given; raises Refused for what is no day."""
    if raw is None or raw == "":
        return None
    try:
        return read_date(raw, team_of(call).today(call.now))
    except Unreadable as error:
        raise invalid((Problem(where, error.code, {"type": "date", **error.params}),), fields) from error
