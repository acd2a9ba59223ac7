"""Outputs, reviews and exceptions as people look at them: what a form starts from, who votes, what is overridden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from salestui.dataclass import dataclass
from salestui.domain.facts import FileFact, OutputFacts, ReviewFact, Revision, Values, VoteFact
from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import Output, Text
from salestui.domain.records import Draft, OutputOwner


@dataclass(frozen=True, slots=True)
class OutputRow:
    """An output as it is kept: `latest` is the number of its newest submitted revision, withdrawn or not."""

    id: int
    owner: OutputOwner
    key: str
    latest: int
    withdrawn: bool
    version: int


@dataclass(frozen=True, slots=True)
class Consequence:
    """What submitting a new revision brings with it: a code, and its parameters (texts: `services.refusals`)."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutputSheet:
    """One output of one deal, ready for its form.

    `values` and `files` are what the form starts from: the person's draft, else the latest revision, else what the
    playbook prefills. `latest` is the number to hand in as `expected_revision`. `draft_outdated`: the draft began on an
    older revision than the latest. `locked` says why this person cannot submit now, None when nothing stands against
    it. `revisions` are newest first.
    """

    deal: int
    stage: str
    output: Output
    owner: OutputOwner
    facts: OutputFacts
    latest: int
    values: Values
    files: tuple[FileFact, ...]
    draft: Draft | None
    draft_outdated: bool
    revisions: tuple[Revision, ...]
    locked: NotAllowed | None
    consequences: tuple[Consequence, ...]


@dataclass(frozen=True, slots=True)
class VoteRecord:
    """A vote with what stands behind a recorded one: the day the person voted, and the files of evidence."""

    fact: VoteFact
    voted_on: date | None = None
    files: tuple[FileFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a review asks in one role: `user` None (and no `name`) is whoever holds the role."""

    role: str
    user: int | None
    name: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review of one revision of an output; `deal` is the deal from which it was asked."""

    id: int
    output: OutputRow
    revision: int
    deal: int
    requested_by: int
    requested_by_name: str
    requested_at: datetime
    note: str
    recalled_at: datetime | None
    votes: tuple[VoteRecord, ...]
    version: int
    asked: tuple[Asked, ...] = ()

    @property
    def fact(self) -> ReviewFact:
        """This review as the gate reads it."""
        return ReviewFact(
            self.id,
            self.revision,
            self.requested_by,
            self.requested_by_name,
            self.requested_at,
            tuple(vote.fact for vote in self.votes),
            self.recalled_at is not None,
        )

    @property
    def stale(self) -> bool:
        """Whether the output has moved on: a newer revision was submitted, or it was withdrawn."""
        return self.output.withdrawn or self.revision != self.output.latest

    @property
    def voided_by(self) -> int | None:
        """The number of the revision that voided its votes; None while they count, and where there are none."""
        overtaken = self.output.latest > self.revision and self.votes and self.recalled_at is None
        return self.revision + 1 if overtaken else None

    def asked_of(self, role: str) -> Asked | None:
        """Return the one person who is asked in a role, None where it is whoever holds the role."""
        return next((asked for asked in self.asked if asked.role == role and asked.user is not None), None)


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review that waits for somebody: `roles` are those in which this person may vote now.

    `role_titles` are theirs, in the same order; `deputy_for` names, by role, the absent person the vote would be for.
    """

    review: int
    deal: int
    customer: str
    output: str
    title: Text
    revision: int
    roles: tuple[str, ...]
    requested_by: str
    requested_at: datetime
    note: str
    role_titles: tuple[Text, ...] = ()
    deputy_for: Mapping[str, str] = field(default_factory=dict)

    def waited(self, now: datetime) -> int:
        """Return for how many whole days it has waited at instant `now` (aware)."""
        return max(0, (now - self.requested_at).days)


@dataclass(frozen=True, slots=True)
class VoidedLine:
    """A review whose votes a new revision voided, for whom it concerns: who asked for it, and who voted.

    `revision` is the one that was reviewed, `voided_by` the one that voided it, submitted at `at` (UTC).
    """

    review: int
    deal: int
    output: str
    title: Text
    revision: int
    voided_by: int
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class ExceptionRecord:
    """An exception, in force or not: `expires_at` is exclusive; `recorded_by` is empty unless it was recorded."""

    id: int
    deal: int
    requirement: str
    reason: str
    granted_by: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    recorded_by: str
    evidence: str
    files: tuple[FileFact, ...]
    version: int

    def in_force(self, now: datetime) -> bool:
        """Whether it opens its requirement at instant `now` (aware)."""
        return self.revoked_at is None and self.granted_at <= now < self.expires_at
