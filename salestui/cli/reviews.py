"""`salestui review`: asked for, voted on, recalled."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from salestui.cli import records, review_deputies
from salestui.cli.about import deal_with_playbook
from salestui.cli.answers import NOT_ALLOWED, Answer, changed, done, invalid
from salestui.cli.context import Context
from salestui.cli.data import Given, given
from salestui.cli.days import day_of
from salestui.cli.faults import Refused
from salestui.cli.parsing import Group, reads, writes
from salestui.cli.templates import template_answer, with_passes
from salestui.domain.facts import Decision
from salestui.domain.outcomes import Conflict
from salestui.domain.playbook import Field, FieldType, FileRule, MetBy, Text
from salestui.domain.problems import Problem
from salestui.domain.records import Kind, number_of, shown
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.services import outputs, playbooks, reviewers, reviews, users
from salestui.services.request import Request
from salestui.services.request import writes as in_one_transaction
from salestui.storage.store import Transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from salestui.domain.outcomes import Done, Invalid, NotAllowed
    from salestui.domain.playbook import Playbook
    from salestui.domain.sheets import ReviewLine, ReviewRecord

__all__ = ["add"]

_NOTE = Field("note", FieldType.LONG_TEXT, Text("给评审人的话", "A word to the reviewers"))


def add(group: Group, _name: str) -> None:
    """Add the commands of a review."""
    parser = group.command("template", _template, _("what is needed to vote on REVIEW, or to ask for one of an output"))
    parser.add_argument("about", metavar=_("REVIEW|DEAL"))
    parser.add_argument("output", nargs="?", metavar=_("OUTPUT"))
    parser = group.command("ask", _ask, _("ask the playbook's roles to review the current revision of an output"))
    parser.add_argument("deal", metavar=_("DEAL"))
    parser.add_argument("output", metavar=_("OUTPUT"))
    parser.add_argument("--note", metavar=_("TEXT"), help=_("a word to the reviewers"))
    writes(parser)
    parser = group.command("vote", _vote, _("vote in one role, or record somebody's vote where the database allows it"))
    parser.add_argument("review", metavar=_("REVIEW"))
    writes(parser, files=True)
    parser = group.command("recall", _recall, _("take a review back that is not decided"))
    parser.add_argument("review", metavar=_("REVIEW"))
    parser.add_argument("--reason", metavar=_("TEXT"), help=_("why"))
    writes(parser)
    parser = group.command("reassign", _reassign, _("ask one other holder of a role (who asked, or a manager)"))
    parser.add_argument("review", metavar=_("REVIEW"))
    parser.add_argument("role", metavar=_("ROLE"), help=_("key of the reviewer role"))
    parser.add_argument("user", metavar=_("USER"), help=_("login or name"))
    parser.add_argument("--note", metavar=_("TEXT"), help=_("why"))
    writes(parser, changes=False)
    review_deputies.add(group)
    purpose = _("list the reviews that wait for me and those I asked for, or all of an output")
    parser = reads(group.command("list", _list, purpose))
    parser.add_argument("--mine", action="store_true", help=_("only those that wait for me"))
    parser.add_argument("deal", nargs="?", metavar=_("DEAL"))
    parser.add_argument("output", nargs="?", metavar=_("OUTPUT"))
    parser = reads(group.command("show", _show, _("show one review with its votes")))
    parser.add_argument("review", metavar=_("REVIEW"))


def _find(request: Request, named: str) -> ReviewRecord:
    number = number_of(Kind.REVIEW, named.strip())
    if number is None:
        raise NotFound("review", named)
    return reviews.get(request, number)


def _playbook_of(request: Request, review: ReviewRecord) -> Playbook:
    from salestui.services import deals

    deal = deals.get(request, review.deal)
    return playbooks.get(request, deal.playbook, deal.playbook_version)


def _reviewed(playbook: Playbook, key: str) -> str:
    """Return the output that is reviewed where `key` may be that of a review record."""
    try:
        output = playbook.output(key)
    except KeyError:
        raise NotFound("output", key) from None
    return output.review.of if output.met_by is MetBy.REVIEW and output.review else key


def _template(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        if args.output is not None:
            deal, playbook = deal_with_playbook(request, args.about)
            latest = outputs.sheet(request, deal.id, _reviewed(playbook, args.output)).latest
            return template_answer(context, (_NOTE,), revision=latest)
        found = _find(request, args.about)
        fields = reviews.vote_fields(request, found.id)
        if not next(field for field in fields if field.key == "role").choices:
            text = _("{review} awaits no vote of yours: it is decided, or asks roles that you do not hold.")
            name = shown(Kind.REVIEW, found.id)
            raise Refused("no_vote_open", text.format(review=name), NOT_ALLOWED, {"review": name})
        evidence = FileRule() if any(field.key == "recorded_for" for field in fields) else FileRule(max=0)
        answer = template_answer(context, fields, file_rule=evidence, revision=found.version)
        return with_passes(answer, {"decision": [Decision.APPROVE.value]})


def _ask(context: Context, args: Namespace) -> Answer:
    told = given(args, note=args.note)
    _check(told, ("note",), (_NOTE,))
    request = context.request(told.command_id)
    deal, playbook = deal_with_playbook(request, args.deal)
    made = done(_asked(request, deal.id, _reviewed(playbook, args.output), told), playbook=playbook)
    return changed(made, _("{id} waits for its votes. To vote: salestui review vote {id}").format(id=made.id))


@in_one_transaction
def _asked(tx: Transaction, deal: int, reviewed: str, told: Given) -> Done | Conflict | NotAllowed:
    """Ask for a review of the revision that the caller knows, not of one that came since."""
    if told.expected_version is not None:
        latest = outputs.sheet(tx, deal, reviewed).latest
        if latest != told.expected_version:
            return Conflict(f"D{deal}.{reviewed}", told.expected_version, latest)
    return reviews.ask(tx, deal, reviewed, told.text("note"))


def _check(told: Given, keys: tuple[str, ...], fields: tuple[Field, ...] = ()) -> None:
    """Refuse values that the command does not take."""
    unknown = [Problem(key, "unknown_field", {"field": key}) for key in told.values if key not in keys]
    if unknown:
        raise invalid(unknown, fields)


def _vote(context: Context, args: Namespace) -> Answer:
    told = given(args)
    keys = ("role", "decision", "comment", "recorded_for", "voted_on", "evidence")
    request = context.request(told.command_id)
    found = _find(request, args.review)
    fields = reviews.vote_fields(request, found.id)
    _check(told, keys, fields)
    playbook = _playbook_of(request, found)
    made = done(_voted(request, found.id, told, fields), fields=fields, playbook=playbook)
    return changed(made, _("The vote on {id} is recorded.").format(id=made.id))


@in_one_transaction
def _voted(
    tx: Transaction, review: int, told: Given, fields: tuple[Field, ...]
) -> Done | Conflict | Invalid | NotAllowed:
    """Vote on the review as the caller knows it, not after others voted since."""
    version = reviews.get(tx, review).version
    if told.expected_version not in {None, version}:
        return Conflict(shown(Kind.REVIEW, review), int(told.expected_version or 0), version)
    return reviews.vote(
        tx,
        review,
        told.text("role"),
        told.text("decision"),
        told.text("comment"),
        recorded_for=told.text("recorded_for"),
        voted_on=day_of(tx, told.values.get("voted_on"), "voted_on", fields),
        evidence=told.text("evidence"),
        files=told.files,
    )


def _reassign(context: Context, args: Namespace) -> Answer:
    told = given(args, note=args.note)
    _check(told, ("note",))
    request = context.request(told.command_id)
    found, person = _find(request, args.review), users.find(request, args.user)
    outcome = reviews.reassign(request, found.id, args.role, person.id, told.text("note"))
    made = done(outcome, playbook=_playbook_of(request, found))
    return changed(made, _("{id} asks {name} now.").format(id=made.id, name=person.name))


def _recall(context: Context, args: Namespace) -> Answer:
    told = given(args, reason=args.reason)
    _check(told, ("reason",))
    request = context.request(told.command_id)
    found = _find(request, args.review)
    made = done(reviews.recall(request, found.id, told.text("reason")), playbook=_playbook_of(request, found))
    return changed(made, _("{id} is recalled.").format(id=made.id))


def _list(context: Context, args: Namespace) -> Answer:
    if args.mine or args.deal is None:
        return _waiting(context, mine=args.mine)
    request = context.request()
    with request.reading():
        deal, playbook = deal_with_playbook(request, args.deal)
        reviewed = [output.key for _stage, output in playbook.outputs() if output.review]
        wanted = [args.output] if args.output is not None else reviewed
        found = {each.id: each for key in wanted for each in reviews.of_output(request, deal.id, key)}
    document = {"format": "salestui.reviews/1", "reviews": [records.review(each) for each in found.values()]}
    return Answer(document, lambda: "\n\n".join(_told(each, playbook, context.language) for each in found.values()))


def _waiting(context: Context, *, mine: bool) -> Answer:
    from salestui.services.loading import team_of

    request = context.request()
    with request.reading():
        found = reviews.waiting_for_me(request)
        asked = () if mine else reviews.asked_by_me(request)
        zone = team_of(request).zone
    document = {
        "format": "salestui.reviews_waiting/1",
        "reviews": [_line(each, request.now) for each in found],
        "asked": [_line(each, request.now) for each in asked],
    }

    def text() -> str:
        if not asked:
            return _lines(found, context, request.now, zone)
        parts = [_lines(found, context, request.now, zone)] if found else []
        return "\n\n".join([*parts, _("Asked for by me:") + "\n" + _lines(asked, context, request.now, zone)])

    return Answer(document, text)


def _line(each: ReviewLine, now: datetime) -> dict[str, object]:
    return {
        "id": shown(Kind.REVIEW, each.review),
        "deal": shown(Kind.DEAL, each.deal),
        "customer": each.customer,
        "output": each.output,
        "revision": each.revision,
        "roles": list(each.roles),
        "deputy_for": dict(each.deputy_for),
        "waited_days": each.waited(now),
        "requested_by": each.requested_by,
        "requested_at": each.requested_at.isoformat(),
        "note": each.note,
    }


def _lines(found: Sequence[ReviewLine], context: Context, now: datetime, zone: tzinfo) -> str:
    from salestui.cli.tables import table
    from salestui.domain.dates import short_moment

    headings = (_("id"), _("deal"), _("customer"), _("output"), _("role"), _("asked by"), _("time"), _("days"))
    rows = [
        (
            shown(Kind.REVIEW, each.review),
            shown(Kind.DEAL, each.deal),
            each.customer,
            f"{each.title.get(context.language)} r{each.revision}",
            ", ".join(f"{role} {reviewers.for_absent(each.deputy_for.get(role, ''))}".strip() for role in each.roles),
            each.requested_by,
            short_moment(each.requested_at, zone, context.language),
            str(each.waited(now)),
        )
        for each in found
    ]
    return table(headings, rows)


def _told(review: ReviewRecord, playbook: Playbook, language: str) -> str:
    title = playbook.output(review.output.key).title.get(language)
    lines = [f"{shown(Kind.REVIEW, review.id)} {title} r{review.revision}   {review.requested_by_name}   {review.note}"]
    choices = {choice.key: choice.text.get(language) for choice in reviews.DECISIONS}
    for vote in review.votes:
        fact = vote.fact
        role = playbook.role(fact.role)
        by = f"{fact.name} {reviewers.for_absent(fact.deputy_for)}".strip()
        if fact.recorded_by:
            by = _("{name}, recorded by {by}").format(name=fact.name, by=fact.recorded_by)
        said = choices.get(fact.decision.value, fact.decision.value)
        lines.append(f"  {role.title.get(language) if role else fact.role}: {said}   {by}   {fact.comment}".rstrip())
    if review.recalled_at is not None:
        lines.append(f"  {_('recalled')}")
    elif review.voided_by is not None:
        lines.append(f"  {_('voided by r{n}').format(n=review.voided_by)}")
    elif review.stale:
        lines.append(f"  {_('not about the current revision any more')}")
    return "\n".join(line.rstrip() for line in lines)


def _show(context: Context, args: Namespace) -> Answer:
    request = context.request()
    with request.reading():
        found = _find(request, args.review)
        playbook = _playbook_of(request, found)
    document = {"format": "salestui.review/1", **records.review(found)}
    return Answer(document, lambda: _told(found, playbook, context.language))
