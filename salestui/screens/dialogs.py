"""The small dialogs of a deal: classify, tick, mark as sent, grant an exception, withdraw. Each is one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from salestui.domain.dates import short_day
from salestui.domain.fields import check, normalise
from salestui.domain.outcomes import Invalid, NotAllowed
from salestui.domain.passages import Passage, heading
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import CustomerClass, Field, FieldType, FileRule, ReviewRule, Text, Verdict
from salestui.domain.records import Deal, Kind, shown
from salestui.domain.requirement import Requirement
from salestui.domain.review import approved_at
from salestui.domain.views import CheckState, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens.base import SalesScreen
from salestui.screens.brief import BriefedForm, PageScreen
from salestui.screens.changes import Changes, Fresh, Standing, standing
from salestui.screens.desk import Desk
from salestui.services import (
    classes,
    contacts,
    deals,
    exceptions,
    gate_texts,
    memberships,
    outputs,
    recording,
    refusals,
    users,
)
from salestui.services.loading import Loaded, load

EVIDENCE = FileRule()
"""Any file proves something; none is needed where a note does."""
LISTED = 8
"""So many deals are named before the rest is only counted."""

Values = Mapping[str, object]
Files = Sequence[Path]


def cannot(desk: Desk, title: str, loaded: Loaded, refused: NotAllowed) -> PageScreen:
    """Return a page that says why something cannot be done, and what to do."""
    text = refusals.text(refused, loaded.playbook)
    return PageScreen(desk, title, (Passage(text, sign=CheckState.UNMET),), subject=loaded.deal.customer_label)


# Classify


async def classify(desk: Desk, loaded: Loaded) -> SalesScreen[Any]:
    """Return the form that puts the deal's customer on one of the campaign's lists, with the reason."""
    deal = loaded.deal
    place = await desk.ask(memberships.membership, deal.customer, deal.campaign)
    fields = await desk.ask(classes.classify_fields, deal.campaign)
    changes = Changes(place.version)

    async def save(values: Values, _files: Files) -> object:
        chosen, reason = str(values.get("class") or ""), str(values.get("reason") or "")
        return await desk.tell(classes.classify, deal.customer, deal.campaign, chosen, reason, changes.version)

    async def fresh() -> Standing:
        now = await desk.ask(memberships.membership, deal.customer, deal.campaign)
        values = {"class": now.classification or None, "reason": now.reason}
        return await standing(desk, shown(Kind.CUSTOMER, deal.customer), now.version, values)

    values = {"class": place.classification, "reason": place.reason} if place.classification else {}
    return BriefedForm(
        desk,
        _("Class"),
        fields,
        save,
        brief=tuple(_class_line(cls) for cls in loaded.playbook.classes),
        subject=deal.customer_label,
        values=values,
        follows=_("It counts at once, for every deal of this customer in {campaign}.").format(
            campaign=deal.campaign_name
        ),
        draft=f"classify:{shown(Kind.CUSTOMER, deal.customer)}/{shown(Kind.CAMPAIGN, deal.campaign)}",
        changes=changes,
        fresh=fresh,
    )


def _class_line(cls: CustomerClass) -> Passage:
    verdicts = {
        Verdict.PASSES: (_("may pass"), Tone.SUCCESS),
        Verdict.NEEDS_EXCEPTION: (_("passes with an exception only"), Tone.WARNING),
        Verdict.NEVER: (_("cannot pass"), Tone.ERROR),
    }
    text, tone = verdicts[cls.verdict]
    return Passage(
        cls.help.get(language()), label=cls.title.get(language()), tone=Tone.MUTED, right=text, right_tone=tone, lines=2
    )


# Tick a key action


async def tick(desk: Desk, deal: int, action: str) -> SalesScreen[Any]:
    """Return the form that records a key action as done, with a note where the playbook asks for one."""
    loaded = await desk.ask(load, deal)
    stage, asked = loaded.playbook.action(action)
    title = asked.title.get(language())
    if asked.data is not None:
        return cannot(desk, title, loaded, NotAllowed("met_by_data", {"action": action}))
    known = loaded.facts.actions.get(action)
    changes = Changes(loaded.deal.version)
    note = Field(
        "note",
        FieldType.LONG_TEXT,
        Text("记录", "Note"),
        help=Text("做了什么，结果怎样", "What was done, and what came of it"),
        required=asked.note_required,
    )

    async def save(values: Values, _files: Files) -> object:
        return await desk.tell(deals.tick, deal, action, str(values.get("note") or ""), changes.version)

    async def fresh() -> Standing:
        now = await desk.ask(load, deal)
        ticked = now.facts.actions.get(action)
        values = {"note": ticked.note if ticked else ""}
        return await standing(desk, shown(Kind.DEAL, deal), now.deal.version, values, deal=deal)

    brief = [Passage(stage.title.get(language()), label=_("Stage"), tone=Tone.MUTED)]
    if asked.why.get(language()):
        brief.append(Passage(asked.why.get(language()), label=_("Why"), tone=Tone.MUTED))
    if known is not None:
        day = short_day(loaded.team.today(known.at), language())
        brief.append(
            Passage(_("{day} by {name}").format(day=day, name=known.by_name), label=_("Done"), tone=Tone.MUTED)
        )
    follows = _("Saving ticks it off; the note stays in the history.")
    return BriefedForm(
        desk,
        title,
        (note,),
        save,
        brief=brief,
        subject=loaded.deal.customer_label,
        values={"note": known.note} if known else {},
        follows=follows,
        draft=f"tick:{shown(Kind.DEAL, deal)}.{action}",
        changes=changes,
        fresh=fresh,
    )


# Sent to the customer


async def mark_sent(desk: Desk, deal: int, output: str) -> SalesScreen[Any]:
    """Return the form that records that an output went to the customer."""
    loaded = await desk.ask(load, deal)
    sheet = await desk.ask(outputs.sheet, deal, output)
    fields = await desk.ask(outputs.send_fields, deal, output)
    title = sheet.output.title.get(language())
    if refused := _not_yet_sent(loaded, output, sheet.latest):
        return cannot(desk, title, loaded, refused)
    people = await desk.ask(contacts.of, loaded.deal.customer)
    changes = Changes(sheet.latest)

    async def save(values: Values, _files: Files) -> object:
        return await desk.tell(outputs.mark_sent, deal, output, values, changes.version)

    today = desk.team.today(desk.now).isoformat()
    dates = {field.key: today for field in fields if field.type is FieldType.DATE}
    approved = _approved_at(loaded, output)
    brief = [Passage(f"{title} r{sheet.latest}", label=_("Document"))]
    if approved is not None:
        day = short_day(loaded.team.today(approved), language())
        brief.append(Passage(_("approved on {day}").format(day=day), label=_("Review"), sign=CheckState.MET))
    return BriefedForm(
        desk,
        _("Sent to the customer"),
        fields,
        save,
        brief=brief,
        subject=loaded.deal.customer_label,
        values=dates,
        people=tuple(person.name for person in people),
        follows=_("It stands for r{revision}; a new revision has to be sent again.").format(revision=sheet.latest),
        draft=f"sent:{shown(Kind.DEAL, deal)}.{output}",
        changes=changes,
        fresh=_revision_now(desk, deal, output),
    )


def _revision_now(desk: Desk, deal: int, output: str) -> Fresh:
    """Return how an output is read anew by the forms about its current revision."""

    async def fresh() -> Standing:
        now = await desk.ask(outputs.sheet, deal, output)
        return await standing(desk, shown(Kind.DEAL, deal), now.latest, deal=deal)

    return fresh


def _review_rule(loaded: Loaded, output: str) -> ReviewRule | None:
    return next((o.review for _s, o in loaded.playbook.outputs() if o.review and o.review.of == output), None)


def _approved_at(loaded: Loaded, output: str) -> datetime | None:
    rule, known = _review_rule(loaded, output), loaded.facts.outputs.get(output)
    return approved_at(rule, known.review, known.revision) if rule and known else None


def _not_yet_sent(loaded: Loaded, output: str, latest: int) -> NotAllowed | None:
    """Tell beforehand what would be refused whatever is typed."""
    known, rule = loaded.facts.outputs.get(output), _review_rule(loaded, output)
    if loaded.playbook.output(output).send is None:
        return NotAllowed("not_sent_out", {"output": output})
    if known is None or known.revision is None:
        return NotAllowed("submit_first", {"output": output})
    if rule is not None and rule.required and _approved_at(loaded, output) is None:
        return NotAllowed("approve_first", {"output": output, "revision": latest})
    return None


# Exceptions


async def exception(desk: Desk, deal: int, requirement: Requirement) -> SalesScreen[Any]:
    """Return the form that grants an exception for one requirement, or records one where the database allows it."""
    loaded = await desk.ask(load, deal)
    told = gate_texts.describe(requirement, loaded.playbook, loaded.team, desk.now)
    can_record = await desk.ask(recording.allowed)
    code = refusal(desk.actor, Act.GRANT_EXCEPTION, loaded.deal.owner)
    if code is not None and not can_record:
        params = {"deal": shown(Kind.DEAL, deal), "owner": loaded.deal.owner_name}
        refused = NotAllowed("no_own_exception" if code == "not_own_deal" else code, params)
        return cannot(desk, _("Exception"), loaded, refused)
    fields = tuple(f for f in await desk.ask(exceptions.fields, deal) if f.key != "requirement")

    async def save(values: Values, files: Files) -> object:
        stored, invalid = _read(desk, fields, values)
        if invalid is not None:
            return invalid
        return await desk.tell(
            exceptions.grant,
            deal,
            requirement.key,
            str(stored["reason"]),
            date.fromisoformat(str(stored["expires_on"])),
            recorded_for=str(stored.get("recorded_for") or ""),
            granted_on=_day(stored.get("granted_on")),
            evidence=str(stored.get("evidence") or ""),
            files=files,
        )

    brief = [Passage(told.headline, label=_("Requirement"), tone=Tone.STRONG)]
    if told.handbook:
        brief.append(Passage(told.handbook, label=_("Why"), tone=Tone.MUTED, lines=3))
    return BriefedForm(
        desk,
        _("Exception"),
        fields,
        save,
        brief=brief,
        subject=loaded.deal.customer_label,
        people=await _colleagues(desk),
        file_rule=EVIDENCE if can_record else None,
        follows=_("The gate takes it as met until that day; card, gate and history show it."),
        draft=f"exception:{shown(Kind.DEAL, deal)}.{requirement.key}",
    )


async def _colleagues(desk: Desk) -> tuple[str, ...]:
    return tuple(user.name for user in await desk.ask(users.all) if user.active and user.id != desk.actor.id)


def _read(desk: Desk, fields: Sequence[Field], values: Values) -> tuple[dict[str, object], Invalid | None]:
    """Return what was typed in its stored form, or everything wrong with it."""
    today = desk.team.today(desk.now)
    stored, unread = normalise(fields, values, today=today, zone=desk.team.zone)
    named = {problem.where for problem in unread}
    problems = (*unread, *(problem for problem in check(fields, stored, today=today) if problem.where not in named))
    return stored, Invalid(problems) if problems else None


def _day(stored: object) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) and stored else None


# Withdraw


async def withdraw(desk: Desk, deal: int, output: str) -> SalesScreen[Any]:
    """Return the form that withdraws an output, with a reason; the deals it would block are listed."""
    loaded = await desk.ask(load, deal)
    sheet = await desk.ask(outputs.sheet, deal, output)
    blocked = await desk.ask(outputs.would_block, deal, output)
    changes = Changes(sheet.latest)
    reason = Field(
        "reason",
        FieldType.LONG_TEXT,
        Text("理由", "Reason"),
        help=Text("哪里不对，什么时候补上", "What is wrong with it, and when it is made good"),
        required=True,
    )

    async def save(values: Values, _files: Files) -> object:
        return await desk.tell(outputs.withdraw, deal, output, str(values.get("reason") or ""), changes.version)

    return BriefedForm(
        desk,
        _("Withdraw"),
        (reason,),
        save,
        brief=_blocked_lines(loaded, blocked),
        subject=f"{sheet.output.title.get(language())} r{sheet.latest}",
        follows=_("Nothing is deleted: r{revision} stays in the history, a new revision brings it back.").format(
            revision=sheet.latest
        ),
        draft=f"withdraw:{shown(Kind.DEAL, deal)}.{output}",
        changes=changes,
        fresh=_revision_now(desk, deal, output),
    )


def _blocked_lines(loaded: Loaded, blocked: Sequence[Deal]) -> tuple[Passage, ...]:
    if not blocked:
        return (Passage(_("No deal would be blocked by it."), sign=CheckState.MET, tone=Tone.MUTED),)
    count = len(blocked)
    head = ngettext("It blocks {n} deal", "It blocks {n} deals", count).format(n=count)
    lines = [heading(head, right_tone=Tone.WARNING)]
    for deal in blocked[:LISTED]:
        stage = loaded.playbook.stage(deal.stage) if loaded.playbook.has_stage(deal.stage) else None
        text = f"{shown(Kind.DEAL, deal.id)}  {deal.title or deal.customer_label}"
        where = f"{stage.number} {stage.short.get(language())}" if stage else ""
        lines.append(Passage(f"{text}   {deal.owner_name}", sign=CheckState.UNMET, right=where))
    if count > LISTED:
        rest = count - LISTED
        lines.append(Passage(ngettext("and {n} more", "and {n} more", rest).format(n=rest), label=" ", tone=Tone.FAINT))
    return tuple(lines)
