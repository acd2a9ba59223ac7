"""One output on its screen: whose it is, which revisions there are, how its review stands, what a new one brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from salestui.dataclass import dataclass
from salestui.domain.dates import short_day, short_moment
from salestui.domain.deal_views import SideRow, SideSection, Word
from salestui.domain.deputies import DeputyRecord
from salestui.domain.facts import Decision, ReviewFact, Revision, VoteFact
from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import Field, Playbook, ReviewRule
from salestui.domain.records import User
from salestui.domain.review import approved_at, latest_votes
from salestui.domain.sheets import Consequence, OutputSheet, ReviewRecord
from salestui.domain.showing import show
from salestui.domain.sums import sum_differs
from salestui.domain.views import CheckState, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services import answer_texts, campaigns, contacts, deputies, outputs, refusals, reviewers, reviews, users
from salestui.services.loading import Loaded, load
from salestui.services.output_rules import is_refused, review_rule
from salestui.services.request import Call, reads

SHOWN_REVISIONS = 8
READ_ONLY = frozenset({"review_pending", "only_owner_or_manager", "not_a_form"})
"""What keeps a person from typing at all; anything else only keeps from submitting."""
_SIGNS = {CheckState.MET: "✓", CheckState.UNMET: "✗", CheckState.OPEN: "◦"}


@dataclass(frozen=True, slots=True)
class OutputPage:
    """Everything the screen of an output shows. `rule` is None where the playbook asks for no review of it."""

    loaded: Loaded
    sheet: OutputSheet
    rule: ReviewRule | None
    reviews: tuple[ReviewRecord, ...]
    people: tuple[str, ...]
    currency: str
    reviewers: tuple[User, ...]
    deputies: tuple[DeputyRecord, ...] = ()

    @property
    def title(self) -> str:
        """The title of the output, in the language in use."""
        return self.sheet.output.title.get(language())

    @property
    def newest(self) -> Revision | None:
        """The latest revision, withdrawn or not."""
        return self.sheet.revisions[0] if self.sheet.revisions else None

    @property
    def review(self) -> ReviewFact | None:
        """The review of the latest revision; None where nobody asked for one."""
        found = next((review for review in self.reviews if review.revision == self.sheet.latest), None)
        return found.fact if found and not found.recalled_at and not self.sheet.facts.withdrawn else None

    @property
    def read_only(self) -> NotAllowed | None:
        """Why nothing can be typed here, None when it can."""
        locked = self.sheet.locked
        return locked if locked and locked.code in READ_ONLY else None


@reads
def page(call: Call, deal: int, key: str) -> OutputPage:
    """Return the screen of an output of a deal; raises NotFound for either."""
    loaded = load(call, deal)
    sheet = outputs.sheet(call, deal, key)
    staff = [user for user in users.all(call) if user.active]
    known = [person.name for person in contacts.of(call, loaded.deal.customer)]
    amount = loaded.deal.amount
    return OutputPage(
        loaded=loaded,
        sheet=sheet,
        rule=review_rule(loaded.playbook, key),
        reviews=reviews.of_output(call, deal, key),
        people=tuple(dict.fromkeys([*known, *(user.name for user in staff)])),
        currency=amount.currency if amount else campaigns.get(call, loaded.deal.campaign).currency,
        reviewers=tuple(user for user in staff if user.roles),
        deputies=deputies.in_force(call),
    )


# What stands beside the form


def aside(shown: OutputPage, now: datetime, *, drafted: bool) -> tuple[SideSection, ...]:
    """Return what stands below the rail: the review where there is one, then the revisions.

    `now` is aware UTC; `drafted` tells that something was typed that is not submitted.
    """
    sections = [_review(shown, now)] if shown.rule is not None else []
    waiting = answer_texts.waiting(shown.loaded, shown.sheet.output.key, shown.currency)
    return (*sections, *([waiting] if waiting else ()), _revisions(shown, now, drafted=drafted))


def _review(shown: OutputPage, now: datetime) -> SideSection:
    review, rule = shown.review, shown.rule
    if review is None or rule is None:
        roles = [refusals.role_title(key, shown.loaded.playbook) for key in (rule.roles if rule else ())]
        rows = tuple(SideRow((_sign(CheckState.OPEN), Word(role, Tone.MUTED))) for role in roles)
        return SideSection(_("Review"), rows, columns=(2, 4), total=(Word(_("not asked for yet"), Tone.FAINT),))
    given = {vote.role: vote for vote in latest_votes(review)}
    rows = tuple(row for key in rule.roles for row in _role(shown, review, key, given.get(key), now))
    return SideSection(_("Review"), rows, columns=(2, 4), total=(Word(f"r{review.revision}", Tone.MUTED),))


def _sign(state: CheckState) -> Word:
    tones = {CheckState.MET: Tone.SUCCESS, CheckState.UNMET: Tone.ERROR, CheckState.OPEN: Tone.FAINT}
    return Word(_SIGNS[state], tones[state])


def _role(shown: OutputPage, review: ReviewFact, key: str, vote: VoteFact | None, now: datetime) -> tuple[SideRow, ...]:
    role = Word(refusals.role_title(key, shown.loaded.playbook), Tone.MUTED)
    if vote is None:
        return (SideRow((_sign(CheckState.OPEN), role), Word(awaited(shown, review, key, now), Tone.FAINT)),)
    if vote.decision is Decision.APPROVE:
        return (SideRow((_sign(CheckState.MET), role), Word(reviewers.voter(vote), Tone.FAINT)),)
    said = SideRow((_sign(CheckState.UNMET), role), Word(reviewers.voter(vote), Tone.FAINT))
    return (said, SideRow((Word(""), Word(vote.comment.replace("\n", " "), Tone.MUTED)))) if vote.comment else (said,)


def awaited(shown: OutputPage, review: ReviewFact, role: str, now: datetime) -> str:
    """Return whose vote is awaited, and for how many days."""
    record = next((known for known in shown.reviews if known.id == review.id), None)
    barred = {shown.loaded.deal.owner, *(() if shown.newest is None else (shown.newest.author,))}
    staff = (user for user in shown.reviewers if user.id not in barred)
    return reviewers.waits(reviewers.asked(record, role, staff, shown.deputies), review.requested_at, now)


def _revisions(shown: OutputPage, now: datetime, *, drafted: bool) -> SideSection:
    team, today = shown.loaded.team, shown.loaded.team.today(now)
    rows = []
    if drafted:
        draft = shown.sheet.draft
        at = team.today(draft.at) if draft else today
        day = _("today") if at == today else short_day(at, language())
        words = (Word(f"r{shown.sheet.latest + 1}"), Word(_("draft")))
        rows.append(SideRow(words, Word(day, Tone.FAINT)))
    for revision in shown.sheet.revisions[:SHOWN_REVISIONS]:
        day = short_day(team.today(revision.at), language())
        words = (Word(f"r{revision.number}", Tone.MUTED), Word(revision_state(shown, revision), Tone.MUTED))
        rows.append(SideRow(words, Word(day, Tone.FAINT)))
    more = ("ctrl+o", _("compare")) if shown.sheet.revisions else None
    return SideSection(_("Revisions"), tuple(rows), columns=(2, 6), more=more)


def revision_state(shown: OutputPage, revision: Revision) -> str:
    """Return what became of a revision: withdrawn, in review, approved, sent back by whom; "" when nobody asked."""
    if shown.sheet.facts.withdrawn and revision.number == shown.sheet.latest:
        return _("withdrawn")
    review = next((found for found in shown.reviews if found.revision == revision.number), None)
    if review is None or shown.rule is None:
        return ""
    if review.recalled_at:
        return _("recalled")
    if is_refused(review.fact):
        vote = next(vote for vote in latest_votes(review.fact) if vote.decision is not Decision.APPROVE)
        role = refusals.role_title(vote.role, shown.loaded.playbook)
        return _("sent back: {role}").format(role=role)
    if review.voided_by is not None:
        return _("voided by r{n}").format(n=review.voided_by)
    return _("approved") if approved_at(shown.rule, review.fact, revision) else _("in review")


def sent_back(shown: OutputPage) -> str:
    """Return what the reviewers want changed in the latest revision; "" when they do not."""
    if shown.review is None or not is_refused(shown.review):
        return ""
    votes = [vote for vote in latest_votes(shown.review) if vote.decision is not Decision.APPROVE]
    said = [
        _("{role} {name}: {comment}").format(
            role=refusals.role_title(vote.role, shown.loaded.playbook),
            name=vote.name,
            comment=vote.comment.replace("\n", " "),
        )
        for vote in votes
    ]
    return f"! {'   '.join(said)}"


# What saving brings with it


def warning(shown: OutputPage) -> str:
    """Return what a new revision would bring with it, in few words; "" when nothing."""
    playbook, number = shown.loaded.playbook, shown.sheet.latest + 1
    texts = [_short(consequence, playbook, number) for consequence in shown.sheet.consequences]
    return ("；" if language() == "zh" else "; ").join(texts)


def sum_warning(fields: Sequence[Field], values: Mapping[str, object], home_currency: str) -> str:
    """Say that the total is not what its lines add up to; "" where it is, or where nobody can tell."""
    found = sum_differs(fields, values)
    if found is None:
        return ""
    stated, lines = (
        show(found.total, {"minor": money.minor, "currency": money.currency}, language(), home_currency=home_currency)
        for money in (found.stated, found.lines)
    )
    table, total = found.table.label.get(language()), found.total.label.get(language())
    return _("{table} adds up to {lines}, {total} says {stated}").format(
        table=table, lines=lines, total=total, stated=stated
    )


def _short(consequence: Consequence, playbook: Playbook, number: int) -> str:
    params = consequence.params
    if consequence.code == "voids_votes":
        roles = params.get("roles")
        keys = roles if isinstance(roles, tuple | list) else ()
        joined = ("、" if language() == "zh" else ", ").join(refusals.role_title(str(key), playbook) for key in keys)
        return _("as r{n}, {roles} review anew").format(n=number, roles=joined)
    if consequence.code == "send_again":
        return _("r{n} is to be sent again").format(n=number)
    count = int(str(params.get("count", 0)))
    return ngettext("serves {n} other deal too", "serves {n} other deals too", count).format(n=count)


def origin(shown: OutputPage) -> str:
    """Return who wrote the latest revision, and when; "" before the first."""
    newest = shown.newest
    if newest is None:
        return ""
    at = short_moment(newest.at, shown.loaded.team.zone, language())
    return _("{at} by {name}").format(at=at, name=newest.author_name)
