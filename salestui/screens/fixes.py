"""From a requirement, or a key, to the screen that deals with it: the jumps of "why blocked, and fix it".

Every jump opens one screen over the present one, waits for it, and returns its outcome (None: left without change).
The screens are imported when they are first opened, so that none of them delays the first frame.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from salestui.domain.outcomes import Completed, Done, Moved
from salestui.domain.records import Kind, number_of
from salestui.domain.requirement import FixKind, Requirement
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.screens import places
from salestui.screens.base import SalesScreen
from salestui.screens.choose import ChooseScreen
from salestui.services import gate_texts
from salestui.services.loading import judge, load

Conversation = Callable[[SalesScreen[Any], int], Awaitable[object]]
DONE = (Done, Moved, Completed, bool, int)


async def mend(screen: SalesScreen[Any], deal: int, requirement: Requirement) -> object:
    """Go to what mends a requirement of a deal."""
    subject = requirement.fix.subject
    match requirement.fix.kind:
        case FixKind.FILL_OUTPUT:
            return await fill_output(screen, deal, subject["output"])
        case FixKind.SCORE:
            return await score(screen, deal)
        case FixKind.CLASSIFY:
            return await classify(screen, deal)
        case FixKind.LOG_ACTIVITY:
            if subject.get("state") == "planned":
                return await plan(screen, deal)
            return await log_talk(screen, deal, number_of(Kind.ACTIVITY, subject.get("talk", "")))
        case FixKind.SEND_SUMMARY:
            return await send_summary(screen, deal, number_of(Kind.ACTIVITY, subject["talk"]) or 0)
        case FixKind.DO_ACTION:
            return await do_action(screen, deal, subject["action"])
        case FixKind.REQUEST_REVIEW | FixKind.VOTE:
            return await review(screen, deal, subject.get("output", ""), requirement)
        case FixKind.MARK_SENT:
            return await mark_sent(screen, deal, subject["output"])
        case FixKind.FILL_CUSTOMER:
            return await edit_customer(screen, deal, subject.get("field", ""))
    screen.notice(_("Mend the lines above first; this one follows from them."))
    return None


async def _open(screen: SalesScreen[Any], opened: SalesScreen[Any]) -> object:
    return await screen.app.push_screen_wait(opened)


async def open_deal(screen: SalesScreen[Any], deal: int) -> object:
    """Open the deal."""
    return await _open(screen, places.make("deal", screen.desk, deal))


async def fill_output(screen: SalesScreen[Any], deal: int, output: str) -> object:
    """Open the form of an output."""
    return await _open(screen, places.make("output", screen.desk, deal, output))


async def choose_output(screen: SalesScreen[Any], deal: int) -> object:
    """Choose one of the deal's outputs, those of its stage first, and open its form."""
    loaded = await screen.desk.ask(load, deal)
    here = loaded.playbook.stage(loaded.deal.stage)
    stages = sorted(loaded.playbook.stages, key=lambda stage: (stage.key != here.key, stage.number))
    choices = [
        (output.key, output.title.get(language()), stage.short.get(language()))
        for stage in stages
        for output in stage.outputs
        if output.met_by is None
    ]
    chosen = await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("Which output?"), choices))
    return await fill_output(screen, deal, chosen) if chosen else None


async def score(screen: SalesScreen[Any], deal: int) -> object:
    """Open the scorecard of the deal's customer."""
    loaded = await screen.desk.ask(load, deal)
    if loaded.playbook.scoring is None:
        screen.notice(_("This handbook does not score customers."))
        return None
    return await _open(screen, places.make("score", screen.desk, deal))


async def classify(screen: SalesScreen[Any], deal: int) -> object:
    """Put the deal's customer on one of the campaign's lists."""
    loaded = await screen.desk.ask(load, deal)
    if not loaded.playbook.classes:
        screen.notice(_("This handbook does not sort customers into lists."))
        return None
    from salestui.screens import dialogs

    return await _open(screen, await dialogs.classify(screen.desk, loaded))


async def customer_moved(screen: SalesScreen[Any], deal: int) -> object:
    """Record that something moved at the deal's customer."""
    from salestui.screens import customer_event

    return await _open(screen, await customer_event.record(screen.desk, deal))


async def log_talk(screen: SalesScreen[Any], deal: int, activity: int | None = None) -> object:
    """Log a talk, or complete one that was logged or planned."""
    from salestui.screens import talks

    return await _open(screen, await talks.talk(screen.desk, deal, activity))


async def plan(screen: SalesScreen[Any], deal: int) -> object:
    """Plan the next step."""
    from salestui.screens import talks

    return await _open(screen, await talks.plan(screen.desk, deal))


async def send_summary(screen: SalesScreen[Any], deal: int, activity: int) -> object:
    """Write down that a talk's summary was sent, with a ready text to copy."""
    from salestui.screens import talks

    return await _open(screen, await talks.summary(screen.desk, deal, activity))


async def do_action(screen: SalesScreen[Any], deal: int, action: str) -> object:
    """Tick a key action, with its note."""
    from salestui.screens import dialogs

    return await _open(screen, await dialogs.tick(screen.desk, deal, action))


async def review(
    screen: SalesScreen[Any], deal: int, output: str = "", requirement: Requirement | None = None
) -> object:
    """Ask for a review of an output, or vote in the one under way."""
    if not output and requirement is not None:
        output = str(requirement.params["of"])
    if not output:
        loaded = await screen.desk.ask(load, deal)
        reviewed = [asked.review.of for _stage, asked in loaded.playbook.outputs() if asked.review]
        wanted = [key for key in reviewed if key in loaded.facts.outputs] or reviewed
        if not wanted:
            screen.notice(_("This handbook has no reviews."))
            return None
        choices = [(key, loaded.playbook.output(key).title.get(language()), "") for key in wanted]
        chosen = choices[0][0] if len(choices) == 1 else None
        chosen = chosen or await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("Which output?"), choices))
        if chosen is None:
            return None
        output = chosen
    from salestui.screens import reviews

    return await reviews.converse(screen, deal, output)


async def mark_sent(screen: SalesScreen[Any], deal: int, output: str) -> object:
    """Record that an output went to the customer."""
    from salestui.screens import dialogs

    return await _open(screen, await dialogs.mark_sent(screen.desk, deal, output))


def exception_for(requirement: Requirement | None) -> Conversation:
    """Return the conversation that grants an exception for a requirement, or for one to be chosen."""

    async def conversation(screen: SalesScreen[Any], deal: int) -> object:
        wanted = requirement
        if wanted is None:
            loaded = await screen.desk.ask(load, deal)
            unmet = [r for r in (await screen.desk.ask(judge, deal)).unmet if r.exceptable]
            if not unmet:
                screen.notice(_("Nothing here can be excepted."))
                return None
            told = [gate_texts.describe(r, loaded.playbook, loaded.team, screen.desk.now) for r in unmet]
            choices = [(r, text.what, text.why) for r, text in zip(unmet, told, strict=True)]
            wanted = await screen.app.push_screen_wait(
                ChooseScreen(screen.desk, _("An exception for which line?"), choices)
            )
        if wanted is None:
            return None
        if not wanted.exceptable:
            screen.notice(_("The handbook allows no exception here."))
            return None
        from salestui.screens import dialogs

        return await _open(screen, await dialogs.exception(screen.desk, deal, wanted))

    return conversation


async def edit_deal(screen: SalesScreen[Any], deal: int) -> object:
    """Change the deal's own fields, or its owner."""
    from salestui.screens import deal_forms

    return await _open(screen, await deal_forms.edit(screen.desk, deal))


async def new_deal(screen: SalesScreen[Any], campaign: int | None) -> int | None:
    """Make a deal, with its customer where that is new; return its number."""
    from salestui.screens import deal_forms

    return await deal_forms.new(screen, campaign)


async def edit_customer(screen: SalesScreen[Any], deal: int, field: str = "") -> object:
    """Change the deal's customer, starting in `field`."""
    from salestui.screens import customer_forms

    loaded = await screen.desk.ask(load, deal)
    return await _open(screen, await customer_forms.edit(screen.desk, loaded.deal.customer, field))


async def move_back(screen: SalesScreen[Any], deal: int) -> object:
    """Move the deal to an earlier stage, with a reason."""
    from salestui.screens import deal_forms

    opened = await deal_forms.back(screen.desk, deal)
    if opened is None:
        screen.notice(_("It stands in the first stage."))
        return None
    return await _open(screen, opened)


async def lose(screen: SalesScreen[Any], deal: int) -> object:
    """Close the deal as lost."""
    from salestui.screens import deal_forms

    return await _open(screen, await deal_forms.lose(screen.desk, deal))


async def park(screen: SalesScreen[Any], deal: int) -> object:
    """Put the deal on the care list."""
    from salestui.screens import deal_forms

    return await _open(screen, await deal_forms.park(screen.desk, deal))


async def reopen(screen: SalesScreen[Any], deal: int) -> object:
    """Bring a lost or parked deal back."""
    from salestui.screens import deal_forms

    return await _open(screen, await deal_forms.reopen(screen.desk, deal))


async def withdraw(screen: SalesScreen[Any], deal: int, output: str = "") -> object:
    """Withdraw an output, with a reason; without one named, choose it among those that are submitted."""
    from salestui.screens import dialogs

    if not output:
        loaded = await screen.desk.ask(load, deal)
        submitted = [
            (asked.key, asked.title.get(language()), stage.short.get(language()))
            for stage, asked in loaded.playbook.outputs()
            if (known := loaded.facts.outputs.get(asked.key)) and known.revision and not known.withdrawn
        ]
        if not submitted:
            screen.notice(_("Nothing is submitted yet, so there is nothing to withdraw."))
            return None
        chosen = await screen.app.push_screen_wait(ChooseScreen(screen.desk, _("Withdraw which output?"), submitted))
        if chosen is None:
            return None
        output = chosen

    return await _open(screen, await dialogs.withdraw(screen.desk, deal, output))


async def export_output(screen: SalesScreen[Any], deal: int, output: str) -> object:
    """Write an output as a Word or Markdown document."""
    from salestui.screens import exports

    return await _open(screen, await exports.output(screen.desk, deal, output))
