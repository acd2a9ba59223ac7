"""Parts that exported documents are made of: the fields of a form, votes, a sending, attached files, customer lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from salestui.domain.clock import TeamCalendar
from salestui.domain.documents import Column, Grid, Line, Part, Prose, Section
from salestui.domain.facts import FileFact, SentFact
from salestui.domain.lists import ClassList
from salestui.domain.playbook import Field, FieldType, Output, Playbook
from salestui.domain.records import Kind, shown
from salestui.domain.sheets import ReviewRecord, VoteRecord
from salestui.domain.showing import show
from salestui.i18n import gettext as _
from salestui.i18n import language
from salestui.services.reviewers import for_absent
from salestui.services.reviews import DECISIONS

__all__ = [
    "CONTENT",
    "file_parts",
    "files_section",
    "form_parts",
    "list_parts",
    "sent_section",
    "size_text",
    "votes_grid",
]

CONTENT = "content"
"""The key of the section that holds what people filled in; it has no heading."""

_LONG = {FieldType.LONG_TEXT}
_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY}
_LINE_WIDTH = 60
"""A short text of more letters is printed like a long one."""


def _shown(field: Field, value: object, team: TeamCalendar) -> str:
    """Return a value as documents print it: in full, an amount always with its currency."""
    return show(field, value, language(), home_currency="", zone=team.zone)


def form_parts(fields: Sequence[Field], values: Mapping[str, object], team: TeamCalendar) -> tuple[Part, ...]:
    """Return the fields of a form with their values, in the order of the form; those without a value too."""
    return tuple(_part(field, values.get(field.key), team) for field in fields)


def _part(field: Field, value: object, team: TeamCalendar) -> Part:
    label = field.label.get(language())
    if field.type is FieldType.TABLE:
        columns = tuple(
            Column(column.key, column.label.get(language()), right=column.type in _NUMBERS) for column in field.columns
        )
        rows = value if isinstance(value, list | tuple) else ()
        cells = (
            tuple(_shown(column, row.get(column.key), team) for column in field.columns)
            for row in rows
            if isinstance(row, Mapping)
        )
        return Grid(field.key, label, columns, tuple(row for row in cells if any(row)))
    text = _shown(field, value, team)
    long = field.type in _LONG or "\n" in text or len(text) > _LINE_WIDTH
    return Prose(field.key, label, text) if long else Line(field.key, label, text)


def votes_grid(reviews: Iterable[ReviewRecord], playbook: Playbook, team: TeamCalendar) -> Grid:
    """Return who said what in which role, the earliest first."""
    columns = (
        Column("revision", _("Revision")),
        Column("role", _("Role")),
        Column("name", _("Voter")),
        Column("decision", _("Decision")),
        Column("date", _("Date")),
        Column("comment", _("Comment")),
    )
    rows = []
    for review in sorted(reviews, key=lambda review: review.id):
        state = f"r{review.revision}"
        if review.recalled_at is not None:
            state = _("{revision} (recalled)").format(revision=state)
        elif review.voided_by is not None:
            state = _("{revision} (voided by r{n})").format(revision=state, n=review.voided_by)
        rows += [(state, *_vote_cells(vote, playbook, team)) for vote in review.votes]
    return Grid("votes", _("Votes"), columns, tuple(rows))


def _vote_cells(vote: VoteRecord, playbook: Playbook, team: TeamCalendar) -> tuple[str, ...]:
    fact = vote.fact
    role = playbook.role(fact.role)
    decision = next((each.text.get(language()) for each in DECISIONS if each.key == fact.decision), fact.decision)
    name = f"{fact.name} {for_absent(fact.deputy_for)}".strip()
    comment = [fact.comment]
    if fact.recorded_by:
        name = _("{name} (recorded by {recorder})").format(name=fact.name, recorder=fact.recorded_by)
        evidence = "、".join(file.name for file in vote.files)
        comment += [_("Evidence: {text}").format(text=text) for text in (fact.evidence, evidence) if text]
    day = vote.voted_on or team.today(fact.at)
    return (
        role.title.get(language()) if role else fact.role,
        name,
        decision,
        day.isoformat(),
        "\n".join(text for text in comment if text),
    )


def sent_section(output: Output, sent: SentFact | None, team: TeamCalendar) -> Section | None:
    """Return how the output went to the customer; None for one that is not sent."""
    if output.send is None:
        return None
    parts: list[Part] = list(form_parts(output.send.fields, sent.values if sent else {}, team))
    revision = f"r{sent.revision}" if sent else ""
    parts += [
        Line("revision", _("Revision"), revision),
        Line("recorded_by", _("Recorded by"), sent.by_name if sent else ""),
    ]
    return Section("sent", _("Sent to the customer"), tuple(parts))


def files_section(files: Sequence[FileFact]) -> Section:
    """Return the list of attached files."""
    return Section("files", _("Attachments"), file_parts(files))


def file_parts(files: Sequence[FileFact]) -> tuple[Part, ...]:
    """Return attached files as a table, by which anybody can tell whether he holds the very same ones."""
    columns = (Column("name", _("File")), Column("size", _("Size"), right=True), Column("sha256", "SHA-256"))
    rows = tuple((file.name, size_text(file.size), file.sha256) for file in files)
    return (Grid("files", _("Attachments"), columns, rows),)


def size_text(size: int) -> str:
    """Return a size in bytes for people: 812 B, 45 KB, 2.1 MB."""
    if size < 1_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def list_parts(lists: Iterable[ClassList], team: TeamCalendar) -> tuple[Part, ...]:
    """Return the lists of a campaign's customers with the reasons, in the playbook's order."""
    columns = (
        Column("id", _("No.")),
        Column("customer", _("Customer")),
        Column("reason", _("Reason")),
        Column("by", _("By")),
        Column("date", _("Date")),
    )
    parts = []
    for each in lists:
        rows = tuple(
            (
                shown(Kind.CUSTOMER, member.customer),
                member.name,
                member.reason,
                member.by_name,
                team.today(member.at).isoformat() if member.at else "",
            )
            for member in each.members
        )
        key = each.cls.key if each.cls else "without_class"
        title = each.cls.title.get(language()) if each.cls else _("Not classified")
        parts.append(Grid(key, f"{title} ({len(rows)})", columns, rows))
    return tuple(parts)
