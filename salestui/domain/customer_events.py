"""What may move at a customer so that its score is due again: the handbook names budget and reorganisation.

The other kinds are derived.
"""

from __future__ import annotations

from typing import Final

from salestui.domain.playbook import Choice, Text

__all__ = ["KINDS", "kind_text"]

KINDS: Final = (
    Choice("budget", Text("预算变了", "budget changed")),
    Choice("reorganisation", Text("组织调整", "reorganisation")),
    Choice("people", Text("关键人换了", "key person changed")),
    Choice("need", Text("需求变了", "need changed")),
    Choice("timing", Text("采购时间变了", "timetable changed")),
    Choice("competitor", Text("来了竞争对手", "competitor appeared")),
    Choice("other", Text("其他变化", "something else moved")),
)


def kind_text(kind: str, language: str) -> str:
    """Return what moved, in a language; the key where it is an unknown one."""
    return next((choice.text.get(language) for choice in KINDS if choice.key == kind), kind)
