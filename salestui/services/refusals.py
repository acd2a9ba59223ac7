"""What stands behind a refusal, in the user's language: what happened, and what to do. One text for every code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import Playbook
from salestui.domain.sheets import Consequence
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services.requirement_titles import title_of

Words = Mapping[str, object]

_PEOPLE: Final[Mapping[str, Callable[[], str]]] = {
    "only_admin": lambda: _("Only an administrator may do this. Ask one."),
    "only_manager": lambda: _("Only a manager may do this. Ask one."),
    "only_requester_or_manager": lambda: _(
        "Only {by}, who asked for this review, or a manager may do this. Ask one of them."
    ),
    "not_own_deal": lambda: _("Nobody may do this on a deal of his own. Ask another manager."),
    "only_himself_or_admin": lambda: _("Only {user} or an administrator names deputies here. Ask one of them."),
    "deputy_over": lambda: _("{name} does not stand in for {user} any more."),
    "same_person": lambda: _("{user} has this work already. Choose somebody else."),
    "user_inactive": lambda: _("{user} does not use this database any more. Choose somebody else."),
}
_DEALS: Final[Mapping[str, Callable[[], str]]] = {
    "deal_is_open": lambda: _("{deal} is open, so there is nothing to reopen."),
    "deal_is_won": lambda: _("{deal} is won. A manager can take it back to an earlier stage first."),
    "deal_is_completed": lambda: _("{deal} is completed; nothing more is moved or closed."),
    "deal_is_lost": lambda: _("{deal} is lost. Reopen it first."),
    "deal_is_in_care": lambda: _("{deal} is on the care list. Reopen it first."),
    "deal_not_on_board": lambda: _("{deal} is not on the board, so nothing is asked of it. Reopen it first."),
    "not_a_stage_to_the_left": lambda: _("That stage does not lie to the left. Choose an earlier one."),
    "closed_keeps_version": lambda: _("{deal} is not on the board, so it keeps the version of its playbook."),
    "stage_not_there": lambda: _(
        "{deal} stands in stage {stage}, which version {version} does not have. Move it on or back first."
    ),
    "other_playbook": lambda: _("{id} follows another playbook, {playbook}. Choose a version of that one."),
    "scenario_not_there": lambda: _(
        "{campaign} has the scenario {scenario}, which version {version} does not have. Change the campaign first."
    ),
    "campaign_closed": lambda: _("The campaign {campaign} is closed. Choose another one, or open it again."),
    "met_by_data": lambda: _("{action} is met by the data; nobody ticks it. Fill in what it is read from."),
}
_TALKS: Final[Mapping[str, Callable[[], str]]] = {
    "activity_cancelled": lambda: _("{activity} was called off. Plan a new one."),
    "talk_took_place": lambda: _(
        "{activity} took place, so it cannot be planned or called off. Change the talk itself."
    ),
    "talk_not_held": lambda: _("{activity} has not taken place. Log the talk first, then its summary."),
}
_OUTPUTS: Final[Mapping[str, Callable[[], str]]] = {
    "review_pending": lambda: _(
        "{output} is being reviewed ({review}, asked by {by}) and cannot be changed meanwhile. "
        "Wait for the votes, or recall the review."
    ),
    "send_first": lambda: _("Send it first: {of} has not gone to the customer in its current revision."),
    "approve_first": lambda: _("{output} is not approved in its current revision. Get its review first, then send it."),
    "submit_first": lambda: _("Nothing is submitted of {output}. Fill it in and submit it first."),
    "nothing_to_export": lambda: _("There is nothing yet in {output}, so there is nothing to export."),
    "already_withdrawn": lambda: _("{output} is withdrawn already. Submit a new revision to bring it back."),
    "already_current": lambda: _("r{revision} is the current revision of {output} already."),
    "shared_output": lambda: _("{output} serves more than one deal, so only a manager may withdraw it. Ask one."),
    "not_sent_out": lambda: _("{output} is not a document that goes to the customer."),
}
_REVIEWS: Final[Mapping[str, Callable[[], str]]] = {
    "no_review": lambda: _("The playbook asks for no review of {output}."),
    "review_open": lambda: _("A review of {output} is under way ({review}). Wait for the votes, or recall it."),
    "already_approved": lambda: _("r{revision} of {output} is approved already ({review})."),
    "change_first": lambda: _("The reviewers did not approve {output}. Submit a new revision, then ask again."),
    "review_recalled": lambda: _("{review} was recalled. Wait until it is asked for again."),
    "review_stale": lambda: _(
        "{review} is about r{revision}, which is not current any more. Ask for a review of the current revision."
    ),
    "review_closed": lambda: _("{review} is decided: r{revision} is approved. A new revision needs a new review."),
    "role_voted": lambda: _("{name} has voted for {role} already. Only that vote's author can change it."),
    "not_your_turn": lambda: _("{first} votes before {role}. Wait for that vote."),
    "no_role": lambda: _("You do not hold the role {role}. Ask somebody who does, or an administrator for the role."),
    "own_work": lambda: _("Nobody approves work of his own: {name} wrote what is reviewed. Ask somebody else."),
    "their_work": lambda: _("{name} wrote what is reviewed and cannot vote on it. Choose somebody else."),
    "not_their_role": lambda: _("{name} does not hold the role {role}. Choose somebody who does."),
    "own_deal": lambda: _("The owner of {deal} does not vote on its documents. Ask somebody else."),
    "one_role_only": lambda: _("One person votes in one role of a review only. Ask somebody else for {role}."),
    "recorded_votes_off": lambda: _(
        "This database takes no votes or exceptions recorded for others. Let the person do it in his own name."
    ),
    "record_for_yourself": lambda: _("Act in your own name; record only what somebody else decided."),
}
_EXCEPTIONS: Final[Mapping[str, Callable[[], str]]] = {
    "no_own_exception": lambda: _("The owner of {deal} cannot grant it an exception. Ask another manager."),
    "requirement_met": lambda: _("{requirement} is met, so it needs no exception."),
    "not_exceptable": lambda: _("{requirement} knows no exception. Fulfil it."),
    "already_excepted": lambda: _("{requirement} has an exception already ({exception}). Revoke that one first."),
    "exception_over": lambda: _("{exception} is over already: expired or revoked."),
}
_LIVES_IN: Final[Mapping[str, Callable[[], str]]] = {
    "score": lambda: _("{output} is the customer's scorecard. Score the customer."),
    "classification": lambda: _("{output} is the campaign's lists. Classify the customer."),
    "talk": lambda: _("{output} lives in the talks. Log a talk."),
    "review": lambda: _("{output} lives in the reviews. Ask for the review, and let the reviewers vote."),
}
_TABLE: Final = {**_PEOPLE, **_DEALS, **_TALKS, **_OUTPUTS, **_REVIEWS, **_EXCEPTIONS}
CODES: Final = frozenset({*_TABLE, "only_owner_or_manager", "not_a_form"})
"""Every code of a refusal that has a text."""


class _Known(dict[str, object]):
    """The words of a text; one that is not known is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def text(refusal: NotAllowed, playbook: Playbook | None = None) -> str:
    """Return what happened and what to do, in the language in use; `playbook` gives titles to what it names."""
    line = _line(refusal, _words(refusal.params, playbook))
    return line[:1].upper() + line[1:] if line.startswith(_("the output")) else line


def _line(refusal: NotAllowed, words: _Known) -> str:
    if refusal.code == "only_owner_or_manager":
        return _owner_or_manager(words)
    if refusal.code == "not_a_form":
        lives_in = _LIVES_IN.get(str(refusal.params.get("by")), lambda: _("{output} is not filled in as a form."))
        return lives_in().format_map(words)
    if refusal.code == "own_work" and not refusal.params.get("name"):
        return _("Nobody approves work of his own, and you wrote what is reviewed. Ask somebody else.")
    known = _TABLE.get(refusal.code)
    return known().format_map(words) if known else _("This is not allowed ({code}).").format(code=refusal.code)


def _owner_or_manager(words: _Known) -> str:
    if words["owner"] and words["deal"]:
        return _("Only {owner}, who owns {deal}, or a manager may do this. Ask one of them.").format_map(words)
    if words["owner"]:
        return _("Only {owner} or a manager may do this. Ask one of them.").format_map(words)
    return _("Only its owner or a manager may do this. Ask one of them.")


def _words(params: Words, playbook: Playbook | None) -> _Known:
    """The parameters as people know them: titles of outputs, roles, stages, actions and requirements."""
    words = _Known({key: value for key, value in params.items() if value is not None})
    for name in ("output", "of"):
        if name in words:
            words[name] = output_title(str(words[name]), playbook)
    for name in ("role", "first"):
        if name in words:
            words[name] = role_title(str(words[name]), playbook)
    if "requirement" in words:
        key = str(words["requirement"])
        words["requirement"] = title_of(key, playbook).get(language()) if playbook else _("This requirement")
    if "action" in words:
        words["action"] = _action_title(str(words["action"]), playbook)
    return words


def output_title(key: str, playbook: Playbook | None, shown_in: str = "") -> str:
    """Return the title of an output, "the output" without a playbook, the key where that one does not know it."""
    if playbook is None:
        return _("the output")
    found = next((output for _stage, output in playbook.outputs() if output.key == key), None)
    return found.title.get(shown_in or language()) if found else key


def role_title(key: str, playbook: Playbook | None, shown_in: str = "") -> str:
    """Return the title of a reviewer role, the key where the playbook does not know it."""
    role = playbook.role(key) if playbook else None
    return role.title.get(shown_in or language()) if role else key


def _action_title(key: str, playbook: Playbook | None) -> str:
    if playbook is None:
        return _("The key action")
    return title_of(f"-.{key}.done", playbook).get(language()) if _has_action(key, playbook) else key


def _has_action(key: str, playbook: Playbook) -> bool:
    return any(action.key == key for stage in playbook.stages for action in stage.actions)


def consequence_text(consequence: Consequence, playbook: Playbook | None = None) -> str:
    """Return what a new revision brings with it, to be said before it is submitted."""
    params = consequence.params
    if consequence.code == "voids_votes":
        keys = params.get("roles")
        roles = [role_title(str(key), playbook) for key in keys] if isinstance(keys, tuple | list) else []
        joined = ("、" if language() == "zh" else ", ").join(roles)
        return _("The votes of {review} ({roles}) will not count for the new revision; it needs a new review.").format(
            review=params.get("review"), roles=joined
        )
    if consequence.code == "send_again":
        return _("r{revision} was sent to the customer; the new revision must be sent again.").format(
            revision=params.get("revision")
        )
    count = int(str(params.get("count", 0)))
    return ngettext("It serves {n} other deal as well.", "It serves {n} other deals as well.", count).format(n=count)
