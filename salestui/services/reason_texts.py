"""Why a deal was lost or parked, in the words of its playbook."""

from __future__ import annotations

from salestui.domain.facts import Status
from salestui.domain.playbook import Playbook
from salestui.domain.records import Deal
from salestui.i18n import language


def reason(playbook: Playbook, deal: Deal) -> str:
    """Return the title of the deal's reason; the stored text where the playbook does not know it."""
    known = playbook.lost_reasons if deal.status is Status.LOST else playbook.care_reasons
    found = next((candidate for candidate in known if candidate.key == deal.reason), None)
    return found.title.get(language()) if found else deal.reason
