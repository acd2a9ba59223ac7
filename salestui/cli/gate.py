"""A deal's gate as the document salestui.gate/1, and as text with the command that mends each unmet line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from salestui.cli.fixes import command, fix_document
from salestui.cli.words import stage_word
from salestui.domain.requirement import Requirement, State
from salestui.i18n import gettext as _
from salestui.services import gate_texts
from salestui.services.loading import Loaded, judge_loaded, load

if TYPE_CHECKING:
    from salestui.domain.gate import GateReport
    from salestui.services.request import Request

__all__ = ["Gate", "read"]

_SIGNS = {State.MET: "✓", State.UNMET: "✗", State.EXCEPTED: "!"}


class Gate:
    """One deal with its gate, judged: as document and as text."""

    def __init__(self, loaded: Loaded, report: GateReport) -> None:
        self.loaded = loaded
        self.report = report

    def document(self) -> dict[str, object]:
        """Return salestui.gate/1."""
        report, deal = self.report, self.loaded.deal
        return {
            "format": "salestui.gate/1",
            "deal": f"D{deal.id}",
            "playbook": {"key": report.playbook, "version": report.playbook_version},
            "stage": report.stage,
            "next": report.next,
            "status": report.status.value,
            "can_move": report.can_move,
            "as_of": instant(report.as_of),
            "requirements": [self._requirement(requirement) for requirement in report.requirements],
        }

    def _requirement(self, requirement: Requirement) -> dict[str, object]:
        return {
            "key": requirement.key,
            "stage": requirement.stage,
            "state": requirement.state.value,
            "code": requirement.code,
            "params": plain(requirement.params),
            "text": self._told(requirement),
            "exceptable": requirement.exceptable,
            "fix": fix_document(requirement, self.loaded.deal),
        }

    def _told(self, requirement: Requirement) -> str:
        loaded = self.loaded
        return gate_texts.describe(requirement, loaded.playbook, loaded.team, self.report.as_of).headline

    def text(self, language: str) -> str:
        """Return the gate in words: what is asked, how it stands, and what mends it."""
        return "\n".join(self._lines(language))

    def _lines(self, language: str) -> Iterator[str]:
        report, deal, playbook = self.report, self.loaded.deal, self.loaded.playbook
        source = stage_word(playbook, report.stage, language)
        target = stage_word(playbook, report.next, language) if report.next else _("completed")
        yield f"D{deal.id} {deal.customer_label}   {source} → {target}"
        yield _("{unmet} unmet, {met} met").format(unmet=len(report.unmet), met=len(report.met))
        for requirement in (*report.unmet, *report.met):
            yield f"  {_SIGNS[requirement.state]} {self._told(requirement)}"
            words = command(requirement, deal) if requirement.state is State.UNMET else ""
            if words:
                yield f"      {words}"
        if report.can_move:
            yield _("It can move on: salestui deal move D{n}").format(n=deal.id)


def read(request: Request, deal: int) -> Gate:
    """Judge the gate of the stage where a deal stands; raises NotFound."""
    with request.reading():
        loaded = load(request, deal)
        return Gate(loaded, judge_loaded(loaded, request))


def instant(moment: datetime) -> str:
    """Return an instant as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def plain(value: object) -> object:
    """Return a value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return instant(value) if isinstance(value, datetime) else value
