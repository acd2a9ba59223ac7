"""What the upgrade screen shows: which versions there are to move to, and what each running deal would meet there."""

from __future__ import annotations

from collections import Counter

from salestui.domain.upgrade_views import UpgradeChoice, UpgradeLine, UpgradePage
from salestui.domain.upgrades import DealPreview, UpgradePreview
from salestui.i18n import language
from salestui.services import campaigns, playbooks
from salestui.services.deal_rules import ON_BOARD
from salestui.services.playbook_life import upgrade_preview
from salestui.services.playbook_texts import preview_told
from salestui.services.request import Call, reads
from salestui.storage import playbooks as rows

__all__ = ["choices", "page"]


@reads
def choices(call: Call) -> tuple[UpgradeChoice, ...]:
    """Return all installed versions, newest first within each playbook; `waiting` counts running deals elsewhere."""
    found = []
    for version in sorted(playbooks.installed(call), key=lambda each: (each.key, -each.version)):
        pinned = Counter(number for _deal, number, _stage in rows.deals_on(version.key, ON_BOARD))
        waiting = pinned.total() - pinned[version.version]
        title = playbooks.get(call, version.key, version.version).title.get(language())
        newest = rows.latest_number(version.key) == version.version
        found.append(UpgradeChoice(version.key, version.version, title, waiting, newest))
    return tuple(found)


@reads
def page(call: Call, key: str, version: int) -> UpgradePage:
    """Return what moving to this version would mean, deal by deal. Raises NotFound."""
    found = upgrade_preview(call, key, version)
    lines = tuple(_line(call, found, preview) for preview in found.deals)
    pinned = {preview.deal.campaign for preview in found.deals}
    pushes = tuple(
        (each.id, each.name)
        for each in campaigns.all(call)
        if each.playbook == key and each.playbook_version != version and (each.id in pinned or not each.closed)
    )
    return UpgradePage(key, version, playbooks.get(call, key, version).title.get(language()), lines, pushes)


def _line(call: Call, found: UpgradePreview, preview: DealPreview) -> UpgradeLine:
    deal = preview.deal
    stage = playbooks.get(call, deal.playbook, deal.playbook_version).stage(deal.stage)
    return UpgradeLine(
        deal=deal.id,
        label=deal.customer_label,
        stage=f"{stage.number} {stage.short.get(language())}",
        owner=deal.owner_name,
        version=deal.playbook_version,
        before=len(preview.before.unmet) if preview.before else 0,
        after=len(preview.after.unmet) if preview.after else None,
        told=preview_told(call, preview, found.version),
        movable=preview.movable,
        blocked=preview.blocked,
    )
