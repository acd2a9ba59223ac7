"""Playbooks for one reading of many deals: each version is looked up once, not once per deal."""

from __future__ import annotations

from collections.abc import Callable

from salestui.domain.playbook import Playbook
from salestui.services import playbooks
from salestui.services.request import Call

__all__ = ["PlaybookOf", "remembered"]

PlaybookOf = Callable[[str, int], Playbook]


def remembered(call: Call) -> PlaybookOf:
    """Return a function that gives playbooks by key and version; use it within one reading and then forget it."""
    known: dict[tuple[str, int], Playbook] = {}

    def playbook(key: str, version: int) -> Playbook:
        if (key, version) not in known:
            known[key, version] = playbooks.get(call, key, version)
        return known[key, version]

    return playbook
