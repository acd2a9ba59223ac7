"""The handbook as text to read: every stage with its goal, guidance, key actions and outputs, then what holds for all.

Titles and texts come from the playbook in the language in use; the words between them are the product's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from salestui.domain.handbook import Chapter, Entry, EntryKind
from salestui.domain.money import Money
from salestui.domain.playbook import (
    After,
    Answers,
    Condition,
    Covers,
    Criterion,
    Distinct,
    Duration,
    DurationUnit,
    Field,
    FieldType,
    Grade,
    Holds,
    KeyAction,
    MetBy,
    Output,
    Playbook,
    RequiredWhen,
    ReviewMode,
    ReviewRule,
    Rule,
    Scope,
    Scoring,
    Stage,
    Text,
    Verdict,
)
from salestui.domain.showing import short_amount
from salestui.i18n import gettext as _
from salestui.i18n import language, mark, ngettext

__all__ = ["chapters", "duration_text"]

Facts = tuple[tuple[str, str], ...]


def chapters(playbook: Playbook) -> tuple[Chapter, ...]:
    """Return the whole handbook in the language in use: its stages, then scoring, lists, reviews and deadlines."""
    told = _Telling(playbook, language())
    found = [told.stage(stage) for stage in playbook.stages if not stage.retired]
    found += [chapter for chapter in (told.scoring(), told.lists(), told.rules()) if chapter.entries]
    return tuple(found)


def duration_text(length: Duration) -> str:
    """Return a length of time in words, such as "3 working days"."""
    n = length.count
    texts: Mapping[DurationUnit, Callable[[], str]] = {
        DurationUnit.HOURS: lambda: ngettext("{n} hour", "{n} hours", n),
        DurationUnit.DAYS: lambda: ngettext("{n} day", "{n} days", n),
        DurationUnit.WORKING_DAYS: lambda: ngettext("{n} working day", "{n} working days", n),
        DurationUnit.MONTHS: lambda: ngettext("{n} month", "{n} months", n),
        DurationUnit.MONTH_END: lambda: ngettext("until the month's end", "until the end of {n} months", n),
    }
    return texts[length.unit]().format(n=n)


def _facts(*pairs: tuple[str, str]) -> Facts:
    return tuple((label, text) for label, text in pairs if text)


class _Telling:
    """One playbook told in one language."""

    def __init__(self, playbook: Playbook, chosen: str) -> None:
        self.playbook = playbook
        self.language = chosen

    def get(self, text: Text) -> str:
        return text.get(self.language)

    def joined(self, parts: Iterable[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(part for part in parts if part)

    def sentences(self, parts: Iterable[str]) -> str:
        return ("；" if self.language == "zh" else "; ").join(part for part in parts if part)

    # -- a stage ------------------------------------------------------------------------------------------------

    def stage(self, stage: Stage) -> Chapter:
        """Tell a stage."""
        head = Entry(
            EntryKind.CHAPTER,
            f"{stage.number} {self.get(stage.title)}",
            facts=_facts(
                (_("Goal"), self.get(stage.goal)),
                (_("Owners"), self.joined(map(self.get, stage.owners))),
                (_("Tip"), self.get(stage.tip)),
                (_("Gate"), self.sentences(self._passing(stage))),
            ),
        )
        entries = [head]
        if stage.guidance:
            entries.append(Entry(EntryKind.SECTION, _("How to go about it")))
            entries += [Entry(EntryKind.POINT, self.get(text)) for text in stage.guidance]
        if stage.actions:
            entries.append(Entry(EntryKind.SECTION, _("Key actions"), str(len(stage.actions))))
            entries += [self._action(action) for action in stage.actions]
        if stage.outputs:
            entries.append(Entry(EntryKind.SECTION, _("Outputs"), str(len(stage.outputs))))
            for output in stage.outputs:
                entries += self._output(output)
        titles = tuple((output.key, self.get(output.title)) for output in stage.outputs)
        short = f"{stage.number} {self.get(stage.short)}"
        return Chapter(stage.key, f"{stage.number} {self.get(stage.title)}", short, tuple(entries), titles)

    def _passing(self, stage: Stage) -> Iterable[str]:
        if stage.passing_grades:
            yield _("grades {grades} may pass").format(grades=self.joined(stage.passing_grades))
        if stage.delivery:
            yield _("who enters here has won the deal")
        if stage.ageing_limit:
            n = stage.ageing_limit
            yield ngettext("reminds after {n} idle day", "reminds after {n} idle days", n).format(n=n)
        if stage.win_probability is not None:
            yield _("{n}% are won from here").format(n=stage.win_probability)

    def _action(self, action: KeyAction) -> Entry:
        remark = _("from the data") if action.data else _("ticked, with a note") if action.note_required else ""
        return Entry(EntryKind.POINT, self.get(action.title), remark, self.get(action.why))

    # -- an output ----------------------------------------------------------------------------------------------

    def _output(self, output: Output) -> list[Entry]:
        review = self._review(output.review) if output.review else ""
        if review and output.review and output.met_by is MetBy.REVIEW:
            review = _("of {output}: {review}").format(
                output=self.get(self.playbook.output(output.review.of).title), review=review
            )
        summary = output.summary
        facts = _facts(
            (_("Goal"), self.get(output.goal)),
            (_("Why"), self.get(output.why)),
            (_("Where"), self._where(output)),
            (_("When"), self._when(output)),
            (_("Lasts"), self._lasts(output)),
            (_("Files"), self._files(output)),
            (_("Review"), review),
            (_("Sent"), self._sent(output)),
            (_("Summary"), _("sent within {time}").format(time=duration_text(summary.within)) if summary else ""),
        )
        remark = _("optional") if output.optional else ""
        entries = [Entry(EntryKind.OUTPUT, self.get(output.title), remark, facts=facts, output=output.key)]
        asked = [*output.fields, *(output.send.fields if output.send else ()), *(summary.fields if summary else ())]
        return entries + [self._field(field, output) for field in asked]

    def _where(self, output: Output) -> str:
        owners = {
            Scope.CAMPAIGN: _("one for the campaign, it serves all its deals"),
            Scope.CUSTOMER_IN_CAMPAIGN: _("one for each customer in the campaign"),
            Scope.CUSTOMER: _("one for the customer, it serves all its deals"),
            Scope.DEAL: _("one for each deal"),
        }
        lives = {
            MetBy.SCORE: _("is the customer's score"),
            MetBy.CLASSIFICATION: _("follows from sorting the customers into lists"),
            MetBy.TALK: _("is a logged talk"),
            MetBy.REVIEW: _("is the review itself"),
        }
        return self.sentences((owners[output.owner], lives.get(output.met_by, "") if output.met_by else ""))

    def _when(self, output: Output) -> str:
        until = _("until the deal is won") if output.holds is Holds.UNTIL_WON else ""
        if output.required_when is None:
            return until
        return self.sentences((self._condition(output.required_when), until))

    def _condition(self, when: Condition) -> str:
        parts = []
        if when.grades:
            parts.append(_("for grade {grades}").format(grades=self.joined(when.grades)))
        if when.scenarios:
            titles = {scenario.key: self.get(scenario.title) for scenario in self.playbook.scenarios}
            parts.append(_("for {scenarios}").format(scenarios=self.joined(titles[key] for key in when.scenarios)))
        if when.amount_at_least is not None:
            amount = short_amount(Money(when.amount_at_least, when.currency or "CNY"), self.language)
            parts.append(_("from {amount} on").format(amount=amount))
        return self.joined(parts)

    def _lasts(self, output: Output) -> str:
        return duration_text(output.valid_for) if output.valid_for else ""

    def _files(self, output: Output) -> str:
        rule = output.files
        if not (rule.min or rule.types):
            return ""
        least = ngettext("at least {n}", "at least {n}", rule.min).format(n=rule.min) if rule.min else _("if there are")
        return _("{what}: {why}").format(what=least, why=self.joined(rule.types)) if rule.types else least

    def _review(self, rule: ReviewRule) -> str:
        roles = {role.key: self.get(role.title) for role in self.playbook.roles}
        named = self.joined(roles.get(key, key) for key in rule.roles)
        modes = {
            ReviewMode.ALL: _("all of {roles} approve"),
            ReviewMode.ANY: _("one of {roles} approves"),
            ReviewMode.SEQUENCE: _("{roles} approve, one after the other"),
        }
        said = modes[rule.mode].format(roles=named)
        return said if rule.required else _("may be asked for: {review}").format(review=said)

    def _sent(self, output: Output) -> str:
        if output.send:
            return _("to the customer, once it is approved")
        if output.requires_sent:
            return _("only after {output} was sent").format(
                output=self.get(self.playbook.output(output.requires_sent).title)
            )
        return ""

    # -- a field ------------------------------------------------------------------------------------------------

    def _field(self, field: Field, output: Output) -> Entry:
        kind = _TYPES[field.type]
        needed = _("required") if field.required else _("optional")
        facts = _facts(
            (_("Fill in"), self.get(field.help)),
            (_("Example"), self.get(field.example)),
            (_("Why"), self.get(field.why)),
            (_("Choices"), self._choices(field)),
            (_("Columns"), self.joined(self.get(column.label) for column in field.columns)),
            (_("Rules"), self.sentences(self._rules(field, output))),
        )
        return Entry(EntryKind.FIELD, self.get(field.label), f"{needed}  {_(kind)}", facts=facts, output=output.key)

    def _choices(self, field: Field) -> str:
        return self.joined(self.get(choice.text) for choice in field.choices)

    def _rules(self, field: Field, output: Output) -> Iterable[str]:
        if field.min_rows:
            yield ngettext("at least {n} row", "at least {n} rows", field.min_rows).format(n=field.min_rows)
        if field.min is not None and field.max is not None:
            yield _("from {low} to {high}").format(low=field.min, high=field.max)
        if field.passes:
            words = {"yes": _("yes"), "no": _("no")} | {choice.key: self.get(choice.text) for choice in field.choices}
            yield _("the gate lets pass: {values}").format(values=self.joined(words[key] for key in field.passes))
        for rule in (*field.rules, *(rule for column in field.columns for rule in column.rules)):
            yield self._rule(rule, field, output)

    def _rule(self, rule: Rule, field: Field, output: Output) -> str:
        match rule:
            case Distinct(column, at_least):
                return _("at least {n} different in {column}").format(
                    n=at_least, column=self.get(field.column(column).label)
                )
            case Covers(column, values):
                known = field.column(column)
                named = [self.get(choice.text) for choice in known.choices if choice.key in values]
                return _("all of {values} in {column}").format(values=self.joined(named), column=self.get(known.label))
            case Answers(of):
                return _("answered by a revision of {output}").format(output=self.get(self.playbook.output(of).title))
            case After("today"):
                return _("later than today")
            case After(what):
                return _("later than {field}").format(field=self.get(output.field(what).label))
            case RequiredWhen(other, below, values):
                asked = output.field(other)
                if below is not None:
                    return _("required where {field} is below {n}").format(field=self.get(asked.label), n=below)
                words = {"yes": _("yes"), "no": _("no")}
                words |= {choice.key: self.get(choice.text) for choice in asked.choices}
                named = [words.get(value, value) for value in values]
                return _("required where {field} is {values}").format(
                    field=self.get(asked.label), values=self.joined(named)
                )

    # -- what holds for all stages ------------------------------------------------------------------------------

    def scoring(self) -> Chapter:
        """Tell the scorecard."""
        scoring = self.playbook.scoring
        title = _("Scoring and grades")
        if scoring is None:
            return Chapter("-scoring", title, _("Scoring"), ())
        lasts = _("score again after {time}").format(time=duration_text(scoring.valid_for)) if scoring.valid_for else ""
        proof = _("every score needs its evidence") if scoring.evidence_required else ""
        whole = _("{low} to {high} points").format(low=scoring.lowest, high=scoring.highest)
        head = Entry(
            EntryKind.CHAPTER,
            title,
            facts=_facts((_("Points"), whole), (_("Rules"), self.sentences((lasts, proof)))),
        )
        entries = [head, Entry(EntryKind.SECTION, _("Criteria"), str(len(scoring.criteria)))]
        entries += [self._criterion(criterion) for criterion in scoring.criteria]
        entries.append(Entry(EntryKind.SECTION, _("Grades"), str(len(scoring.grades))))
        entries += [self._grade(grade, scoring) for grade in scoring.grades]
        if scoring.warnings:
            entries.append(Entry(EntryKind.SECTION, _("Warnings")))
            entries += [self._warning(scoring, at) for at in range(len(scoring.warnings))]
        return Chapter("-scoring", title, _("Scoring"), tuple(entries))

    def _criterion(self, criterion: Criterion) -> Entry:
        weight = _("counts {n} times").format(n=criterion.weight) if criterion.weight != 1 else ""
        values = range(criterion.min, criterion.max + 1)
        meanings = tuple((str(n), self.get(text)) for n, text in zip(values, criterion.meanings, strict=False))
        return Entry(
            EntryKind.FIELD, self.get(criterion.title), weight, facts=((_("What"), self.get(criterion.help)), *meanings)
        )

    def _grade(self, grade: Grade, scoring: Scoring) -> Entry:
        above = [other.at_least for other in scoring.grades if other.at_least > grade.at_least]
        top = min(above) - 1 if above else scoring.highest
        n = grade.follow_up_days
        rhythm = ngettext("every {n} day", "every {n} days", n).format(n=n) if n else ""
        return Entry(
            EntryKind.FIELD,
            f"{grade.key} {self.get(grade.title)}",
            _("{low} to {high} points").format(low=grade.at_least, high=top),
            facts=_facts(
                (_("Means"), self.get(grade.meaning)),
                (_("Leads"), self.get(grade.consequence)),
                (_("Rhythm"), rhythm),
            ),
        )

    def _warning(self, scoring: Scoring, at: int) -> Entry:
        warning = scoring.warnings[at]
        named = [self.get(criterion.title) for criterion in scoring.criteria if criterion.key in warning.criteria]
        asked = _("grade {grade}, {criteria} at {n} or below").format(
            grade=warning.grade, criteria=self.joined(named), n=warning.at_most
        )
        return Entry(EntryKind.POINT, asked, text=self.get(warning.text))

    def lists(self) -> Chapter:
        """Tell the lists customers are sorted into, and the scenarios of campaigns."""
        title, entries = _("Lists and scenarios"), []
        verdicts = {
            Verdict.PASSES: _("may pass"),
            Verdict.NEEDS_EXCEPTION: _("needs an exception"),
            Verdict.NEVER: _("cannot pass"),
        }
        if self.playbook.classes:
            entries.append(Entry(EntryKind.SECTION, _("Lists of customers"), str(len(self.playbook.classes))))
            entries += [
                Entry(EntryKind.POINT, self.get(cls.title), verdicts[cls.verdict], self.get(cls.help))
                for cls in self.playbook.classes
            ]
        if self.playbook.scenarios:
            entries.append(Entry(EntryKind.SECTION, _("Scenarios"), str(len(self.playbook.scenarios))))
            entries += [
                Entry(EntryKind.POINT, self.get(scenario.title), text=self.get(scenario.help))
                for scenario in self.playbook.scenarios
            ]
        head = [Entry(EntryKind.CHAPTER, title)] if entries else []
        return Chapter("-lists", title, _("Sorting"), (*head, *entries))

    def rules(self) -> Chapter:
        """Tell reviews, deadlines, and the reasons for losing and parking."""
        playbook, entries = self.playbook, []
        reviewed = [output for _stage, output in playbook.outputs() if output.review]
        if reviewed:
            entries.append(Entry(EntryKind.SECTION, _("Reviews"), str(len(reviewed))))
            entries += [
                Entry(EntryKind.POINT, self.get(output.title), text=self._review(output.review))
                for output in reviewed
                if output.review
            ]
        if playbook.clocks:
            entries.append(Entry(EntryKind.SECTION, _("Deadlines"), str(len(playbook.clocks))))
            entries += [
                Entry(EntryKind.POINT, self.get(clock.title), duration_text(clock.limit)) for clock in playbook.clocks
            ]
        for title, reasons in (
            (_("Reasons for losing"), playbook.lost_reasons),
            (_("Reasons for the care list"), playbook.care_reasons),
        ):
            if reasons:
                entries.append(Entry(EntryKind.SECTION, title, str(len(reasons))))
                entries.append(Entry(EntryKind.TEXT, self.joined(self.get(reason.title) for reason in reasons)))
        title = _("Reviews and deadlines")
        head = [Entry(EntryKind.CHAPTER, title)] if entries else []
        return Chapter("-rules", title, _("Reviews"), (*head, *entries))


_TYPES: Final[Mapping[FieldType, str]] = {
    FieldType.TEXT: mark("one line"),
    FieldType.LONG_TEXT: mark("text"),
    FieldType.INTEGER: mark("whole number"),
    FieldType.DECIMAL: mark("decimal number"),
    FieldType.MONEY: mark("amount"),
    FieldType.DATE: mark("date"),
    FieldType.DATETIME: mark("date and time"),
    FieldType.YES_NO: mark("yes or no"),
    FieldType.CHOICE: mark("one choice"),
    FieldType.CHOICES: mark("several choices"),
    FieldType.PERSON: mark("person"),
    FieldType.TABLE: mark("table"),
}
