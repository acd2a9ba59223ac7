"""Exports the history as JSON lines or CSV, oldest first, with the anchor by which a later check finds tampering."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.history_views import EventFilter
from salestui.domain.records import Event, Kind, shown
from salestui.errors import BadInput
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services import export_files, history
from salestui.services.export_text import quoted
from salestui.services.history_check import Anchor, anchor
from salestui.services.loading import team_of
from salestui.services.request import Call, reads
from salestui.storage import events as rows

__all__ = ["FORMS", "Filter", "Written", "export", "jsonl"]

FORMS: Final = (".jsonl", ".csv")
"""The endings of exported histories."""

_COLUMNS: Final = (
    "id", "at", "by", "action", "subject", "deal", "customer", "campaign", "text", "note", "before", "after",
    "command_id", "digest", "chain",
)  # fmt: skip
_TOLD_AT_ONCE: Final = 500
_FIRST_DAY: Final = date(1970, 1, 2)
_LAST_DAY: Final = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events: all conditions given. `since` and `until` are days of the team, both inclusive.

    `deal`, `customer`, `campaign` and `user` are numbers; `action` is a whole one, or the part before its dot.
    """

    deal: int | None = None
    customer: int | None = None
    campaign: int | None = None
    user: int | None = None
    since: date | None = None
    until: date | None = None
    action: str = ""
    text: str = ""

    @property
    def given(self) -> Mapping[str, object]:
        """The conditions that are given, as JSON knows them."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in told.items()
            if value not in (None, "")
        }


@dataclass(frozen=True, slots=True)
class Written:
    """An exported history: its file, how many events it holds, and the anchor of the whole history at that instant.

    `anchor_path` is the file beside it that holds the anchor, empty where the export itself does.
    """

    path: str
    events: int
    anchor: Anchor
    anchor_path: str = ""


@reads
def export(call: Call, to: Path, chosen: Filter | None = None, *, replace: bool = False) -> Written:
    """Write the events chosen to the file `to`, which ends in .jsonl or .csv.

    JSON lines begin with one that holds the anchor; beside a CSV file it stands in NAME.anchor.json. The texts are in
    the language in use. Raises BadInput, FileThere, DiskFull.
    """
    ending = to.suffix.lower()
    if ending not in FORMS:
        raise BadInput(str(to), _("The name must end in {endings}.").format(endings=_(" or ").join(FORMS)))
    target = export_files.check_place(to, replace=replace)
    wanted, now = chosen or Filter(), anchor(call)
    if ending == ".jsonl":
        lines = tuple(jsonl(call, wanted))
        export_files.write(target, "".join(f"{line}\n" for line in lines).encode(), replace=replace)
        return Written(str(target), len(lines) - 1, now)
    beside = export_files.check_place(target.with_name(f"{target.name}.anchor.json"), replace=replace)
    records = tuple(_records(call, wanted))
    export_files.write(target, _csv(records), replace=replace)
    export_files.write(beside, f"{_json(now.document())}\n".encode(), replace=replace)
    return Written(str(target), len(records), now, str(beside))


@reads
def jsonl(call: Call, chosen: Filter) -> tuple[str, ...]:
    """Return the events chosen as lines of JSON; the first tells the conditions and holds the anchor."""
    head = {"format": "salestui.history_export/1", "filter": dict(chosen.given), "anchor": anchor(call).document()}
    return (_json(head), *(_json(record) for record in _records(call, chosen)))


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _csv(records: tuple[Mapping[str, object], ...]) -> bytes:
    """Return a table that Excel opens as UTF-8, and in which no cell becomes a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows([quoted(_cell(record[column])) for column in _COLUMNS] for record in records)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return _json(value) if isinstance(value, Mapping) else str(value)


def _records(call: Call, chosen: Filter) -> Iterator[Mapping[str, object]]:
    batch: list[tuple[Event, str, str]] = []
    for found in rows.oldest_first(_conditions(call, chosen)):
        batch.append(found)
        if len(batch) == _TOLD_AT_ONCE:
            yield from _told(call, batch)
            batch.clear()
    yield from _told(call, batch)


def _conditions(call: Call, chosen: Filter) -> EventFilter:
    team = team_of(call)
    since = team.end_of(max(chosen.since, _FIRST_DAY) - timedelta(days=1)) if chosen.since else None
    until = team.end_of(min(chosen.until, _LAST_DAY)) if chosen.until else None
    return EventFilter(
        chosen.deal, chosen.customer, chosen.campaign, chosen.user, since, until, chosen.action, chosen.text
    )


def _told(call: Call, batch: list[tuple[Event, str, str]]) -> Iterator[Mapping[str, object]]:
    lines = history.lines(call, [event for event, _digest, _chain in batch], language())
    for (event, digest, chain), line in zip(batch, lines, strict=True):
        yield {
            "id": event.id,
            "at": _instant(event.at),
            "by": event.actor_name,
            "action": event.action,
            "subject": event.subject,
            "deal": None if event.deal is None else shown(Kind.DEAL, event.deal),
            "customer": None if event.customer is None else shown(Kind.CUSTOMER, event.customer),
            "campaign": None if event.campaign is None else shown(Kind.CAMPAIGN, event.campaign),
            "text": line,
            "note": event.note,
            "before": event.before,
            "after": event.after,
            "command_id": event.command_id,
            "digest": digest,
            "chain": chain,
        }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
