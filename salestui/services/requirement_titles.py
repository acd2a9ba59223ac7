"""Names requirements by their stable keys, in both languages, also those that the gate does not ask at the moment."""

from __future__ import annotations

from typing import Final

from salestui.domain.playbook import Playbook, Text

_ASPECTS: Final = {
    "complete": Text("", ""),
    "classified": Text("", ""),
    "done": Text("", ""),
    "fresh": Text("在有效期内", "still fresh"),
    "passes": Text("结论可通过", "lets the deal go on"),
    "approved": Text("评审通过", "approved"),
    "sent": Text("已发给客户", "sent to the customer"),
    "order": Text("先发出后签署", "signed after it was sent"),
    "summary": Text("纪要", "summary"),
}
_GRADE: Final = Text("评级可过关", "Grade that may pass")


def title_of(key: str, playbook: Playbook) -> Text:
    """Return what requirement `key` asks, by the titles of the playbook; the key itself where it knows none."""
    parts = key.split(".")
    if len(parts) != 3:
        return Text(key, key)
    place, subject, aspect = parts
    if place == "talk":
        return Text(f"交流 {subject} 的纪要", f"Summary of talk {subject}")
    if subject == "grade" and aspect == "passes":
        return _GRADE
    found = _titles(playbook).get(subject)
    if found is None:
        return Text(key, key)
    says = _ASPECTS.get(aspect, Text("", ""))
    return Text(_joined(found.zh, says.zh, "："), _joined(found.en, says.en, ": "))


def _titles(playbook: Playbook) -> dict[str, Text]:
    titles = {action.key: action.title for stage in playbook.stages for action in stage.actions}
    return titles | {output.key: output.title for _, output in playbook.outputs()}


def _joined(title: str, aspect: str, mark: str) -> str:
    return f"{title}{mark}{aspect}" if aspect else title
