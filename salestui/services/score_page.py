"""The scorecard of a deal's customer as its screen draws it: the scoring, earlier scores, what a grade would bring."""

from __future__ import annotations

from datetime import date, timedelta

from salestui.dataclass import dataclass
from salestui.domain.clock import deadline
from salestui.domain.facts import ScoreFact
from salestui.domain.form_views import GradeOutlook, GradeRequirement, PastScore, ScorecardView
from salestui.domain.outcomes import NotAllowed
from salestui.domain.playbook import Grade, Output, Scoring
from salestui.errors import NotFound
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.services import scores
from salestui.services.handbook_text import duration_text
from salestui.services.loading import Loaded, load
from salestui.services.memberships import not_responsible
from salestui.services.request import Call, reads


@dataclass(frozen=True, slots=True)
class ScorePage:
    """Everything the scoring screen shows; `refused` says why this person cannot score the customer.

    `newest` is the scorecard that holds, `version` how many there are.
    """

    loaded: Loaded
    card: ScorecardView
    refused: NotAllowed | None
    newest: ScoreFact | None = None
    version: int = 0

    @property
    def occasion(self) -> str:
        """Why it is scored now: for the first time, or again, and until when the last score holds."""
        last, until = self.card.last, self.card.valid_until
        if last is None:
            return _("first score")
        if until is None:
            return _("scored again")
        days = (until - self.card.today).days
        if days == -1:
            return _("scored again; the last score expired yesterday")
        if days < 0:
            return ngettext(
                "scored again; the last score expired {n} day ago",
                "scored again; the last score expired {n} days ago",
                -days,
            ).format(n=-days)
        if days == 0:
            return _("scored again; the last score expires today")
        return ngettext(
            "scored again; the last score holds {n} more day",
            "scored again; the last score holds {n} more days",
            days,
        ).format(n=days)


@reads
def page(call: Call, deal: int) -> ScorePage:
    """Return the scorecard of a deal's customer; raises NotFound, also where the playbook does not score."""
    loaded = load(call, deal)
    scoring = loaded.playbook.scoring
    if scoring is None:
        raise NotFound("output", "score")
    place = (loaded.deal.customer, loaded.deal.campaign)
    history = scores.history(call, *place)
    today = loaded.team.today(call.now)
    card = ScorecardView(
        scoring=scoring,
        today=today,
        last_evidence=history[0].evidence if history else {},
        history=tuple(_past(loaded, score) for score in history),
        valid_until=_valid_until(loaded, scoring, history[0]) if history else None,
        validity=_validity(scoring),
        outlooks=tuple(_outlook(loaded, grade) for grade in scoring.grades),
    )
    return ScorePage(loaded, card, not_responsible(call, *place), history[0] if history else None, len(history))


def _past(loaded: Loaded, score: ScoreFact) -> PastScore:
    return PastScore(loaded.team.today(score.at), score.by_name, score.total, score.grade, score.values)


def _valid_until(loaded: Loaded, scoring: Scoring, score: ScoreFact) -> date | None:
    """The last day on which the score is fresh."""
    if scoring.valid_for is None:
        return None
    return loaded.team.today(deadline(score.at, scoring.valid_for, loaded.team) - timedelta(seconds=1))


def _validity(scoring: Scoring) -> str:
    if scoring.valid_for is None:
        return ""
    return _("Valid for {length}; score again when budget or organisation changes").format(
        length=duration_text(scoring.valid_for)
    )


def _outlook(loaded: Loaded, grade: Grade) -> GradeOutlook:
    """What a grade brings: whether it may pass from the scoring stage on, the outputs it asks, its rhythm."""
    playbook = loaded.playbook
    asking = [stage for stage in playbook.stages if stage.passing_grades]
    asked = [output for _stage, output in playbook.outputs() if _asks(output, grade)]
    requirements = [_written(loaded, output) for output in asked]
    if grade.follow_up_days:
        days = grade.follow_up_days
        text = ngettext("follow up every day", "follow up every {n} days at least", days).format(n=days)
        requirements.append(GradeRequirement(text))
    passes = all(grade.key in stage.passing_grades for stage in asking)
    return GradeOutlook(grade.key, passes, tuple(requirements))


def _asks(output: Output, grade: Grade) -> bool:
    return output.required_when is not None and grade.key in output.required_when.grades


def _written(loaded: Loaded, output: Output) -> GradeRequirement:
    known, title = loaded.facts.outputs.get(output.key), output.title.get(language())
    if known is not None and known.revision is not None:
        return GradeRequirement(_("{title} r{n} is there").format(title=title, n=known.revision.number), done=True)
    text = _("{title} is not written yet").format(title=title)
    return GradeRequirement(text, done=False, note=_("the gate will ask for it"), titled=title.startswith("《"))
