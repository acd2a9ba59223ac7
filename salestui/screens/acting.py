"""A screen with one deal selected: the lower-case keys that act on it, wherever it is selected."""

from __future__ import annotations

from typing import TypeVar

from textual import work

from salestui.domain.requirement import Requirement
from salestui.i18n import gettext as _
from salestui.screens import fixes
from salestui.screens.base import SalesScreen
from salestui.screens.telling import refusal_text

R = TypeVar("R")


class ActingScreen(SalesScreen[R]):
    """Subclasses say which deal is selected, and how to show anew what a conversation has changed."""

    def selected_deal(self) -> int | None:
        """Return the deal that the keys act on; None where there is none."""
        raise NotImplementedError

    async def show_anew(self, deal: int) -> None:
        """Read again what is shown, after something was done about `deal`."""
        raise NotImplementedError

    @work(group="conversation", exclusive=True)
    async def converse(self, conversation: fixes.Conversation, done: str = "") -> None:
        """Run a conversation about the selected deal, then show what came of it."""
        deal = self.selected_deal()
        if deal is None:
            self.notice(_("There is no card here. Press n for a new deal."))
            return
        await self.conclude(deal, await conversation(self, deal), done)

    @work(group="conversation", exclusive=True)
    async def mend(self, requirement: Requirement) -> None:
        """Go to what mends a requirement of the selected deal."""
        deal = self.selected_deal()
        if deal is not None:
            await self.conclude(deal, await fixes.mend(self, deal, requirement))

    async def conclude(self, deal: int, outcome: object, done: str = "") -> None:
        """Show what a conversation has changed; say `done`, or why it was refused.

        Where nothing came of it, what it said stays in sight: any screen it opened was followed by a reload.
        """
        if outcome is None:
            return
        await self.show_anew(deal)
        if not isinstance(outcome, fixes.DONE):
            self.notice(refusal_text(outcome))
        elif done:
            self.notice(done)

    def action_talk(self) -> None:
        """Log a talk."""
        self.converse(fixes.log_talk)

    def action_follow_up(self) -> None:
        """Plan the next step."""
        self.converse(fixes.plan)

    def action_score(self) -> None:
        """Score the customer."""
        self.converse(fixes.score)

    def action_outputs(self) -> None:
        """Choose an output and fill it in."""
        self.converse(fixes.choose_output)

    def action_classify(self) -> None:
        """Put the customer on one of the lists."""
        self.converse(fixes.classify)

    def action_moved(self) -> None:
        """Record that something moved at the customer: its score is due again."""
        self.converse(fixes.customer_moved)

    def action_review(self) -> None:
        """Ask for a review, or vote."""
        self.converse(fixes.review)

    def action_edit(self) -> None:
        """Change the deal's own fields."""
        self.converse(fixes.edit_deal)

    def action_back(self) -> None:
        """Move the deal left, with a reason."""
        self.converse(fixes.move_back, _("Moved back; what was done is kept."))

    def action_lose(self) -> None:
        """Close the deal as lost."""
        self.converse(fixes.lose, _("Closed as lost; z finds it again."))

    def action_park(self) -> None:
        """Put the deal on the care list."""
        self.converse(fixes.park, _("Now on the care list (L)."))

    def action_reopen(self) -> None:
        """Bring a lost or parked deal back."""
        self.converse(fixes.reopen, _("Reopened."))
