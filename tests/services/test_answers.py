"""The customer's comments: each names the revision that answers it, and is due until one does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from salestui.domain.agenda import Due
from salestui.domain.outcomes import Invalid
from salestui.domain.problems import Problem
from salestui.domain.views import AgendaKind
from salestui.field_texts import problem_text
from salestui.services import agenda, answer_texts, outputs
from salestui.storage import agenda_steps
from tests.services.desk import wrong
from tests.ui import stories
from tests.ui.filling import complete, done
from tests.ui.stories import Story


@pytest.fixture(params=["expansion", "role"])
def story(tmp_path: Path, request: Any) -> Iterator[Story]:
    made = stories.make(tmp_path, playbook=request.param)
    yield made
    made.close()


def said(answered_in: object = None, *, decision: str = "adopted", day: str = "2026-11-18") -> dict[str, object]:
    """A comment of the customer."""
    row: dict[str, object] = {"date": day, "who": "王建国", "what": "质保要 24 个月", "decision": decision}
    return row if answered_in is None else row | {"answered_in": answered_in}


def present(story: Story, *rows: dict[str, object]) -> object:
    """Submit the record of the presentation with these comments."""
    output = story.loaded.playbook.output("presentation_record")
    values = complete(output.fields, story.ask()) | {"feedback": list(rows)}
    return outputs.submit(story.ask(), story.deal, "presentation_record", values)


def due(story: Story, who: str = "lin") -> list[Any]:
    """What the agenda says of comments."""
    request = story.ask(who)
    return [line for line in agenda.due(request, owner=request.actor.id) if line.kind is Due.FEEDBACK]


@pytest.mark.parametrize(
    ("answered_in", "day", "problems"),
    [
        (None, "2026-11-18", []),
        (1, "2026-11-18", []),
        (2, "2026-11-19", []),
        (1, "2026-11-19", []),
        (3, "2026-11-18", ["no_such_revision"]),
        (1, "2026-11-30", ["answers_too_early"]),
        (0, "2026-11-18", ["too_small"]),
        ("first", "2026-11-18", ["bad_number"]),
    ],
)
def test_an_answer_is_a_revision_that_is_there_and_not_older_than_the_comment(
    story: Story, answered_in: object, day: str, problems: list[str]
) -> None:
    for _revision in range(2):
        story.fill.fill("solution")
    outcome = present(story, said(answered_in, day=day))
    if problems:
        assert wrong(outcome) == [("feedback.1.answered_in", problems[0])] or problems == ["bad_number"]
        assert isinstance(outcome, Invalid)
        assert [problem.code for problem in outcome.problems][:1] == problems
    else:
        done(outcome)


def test_what_is_wrong_is_said_in_words(story: Story) -> None:
    fields = story.loaded.playbook.output("presentation_record").fields
    params = {"revision": 3, "latest": 2, "date": "2026-11-19", "since": "2026-11-30", "of": "solution"}
    texts = [problem_text(Problem("feedback.1.answered_in", code, params), fields, "en")
             for code in ("no_such_revision", "answers_too_early")]  # fmt: skip
    assert texts[0].endswith("there is no revision 3; the latest is 2")
    assert texts[1].endswith("revision 3 of 2026-11-19 is older than this comment")


def test_a_comment_is_due_until_a_revision_answers_it_and_leads_to_the_form_that_does(story: Story) -> None:
    story.fill.fill("solution")
    assert due(story) == []
    done(present(story, said(), said(decision="declined"), said(decision="open"), said(1)))
    (line,) = due(story)
    assert (line.deal, line.output, line.section, line.late) == (story.deal, "solution", AgendaKind.TODAY, False)
    assert line.what == "2 comments of the customer have no answer"
    assert due(story, "chen") == []
    before = agenda.counts(story.ask(), story.ask().actor.id)[1]
    story.fill.fill("solution")
    done(present(story, said(2), said(decision="declined"), said(2, decision="open"), said(1)))
    assert due(story) == []
    assert agenda.counts(story.ask(), story.ask().actor.id)[1] == before - 1


def test_a_withdrawn_record_asks_nothing_and_restoring_it_asks_again(story: Story) -> None:
    story.fill.fill("solution")
    done(present(story, said()))
    assert len(due(story)) == 1
    done(outputs.withdraw(story.ask(), story.deal, "presentation_record", "写错了"))
    assert due(story) == []
    done(outputs.restore(story.ask(), story.deal, "presentation_record", 1))
    assert len(due(story)) == 1


def test_restoring_a_record_judges_its_answers_as_of_today(story: Story) -> None:
    story.fill.fill("solution")
    done(present(story, said(1)))
    with story.store.transaction(story.people["lin"], now=story.now):
        agenda_steps.t.Revision.update(number=7).where(
            agenda_steps.t.Revision.output == _output(story, "solution")
        ).execute()
    done(outputs.withdraw(story.ask(), story.deal, "presentation_record", "写错了"))
    assert wrong(outputs.restore(story.ask(), story.deal, "presentation_record", 1)) == [
        ("feedback.1.answered_in", "no_such_revision")
    ]


def _output(story: Story, key: str) -> int:
    tables = agenda_steps.t
    return int(tables.Output.get((tables.Output.key == key) & (tables.Output.owner_id == story.deal)).id)


def test_each_revision_says_what_it_answers_and_what_waits_stands_beside_the_form(story: Story) -> None:
    for _revision in range(2):
        story.fill.fill("solution")
    done(present(story, said(2), said(1) | {"what": "45 天交货"}, said() | {"what": "备件清单"}))
    answered = [answer_texts.answered_by(story.loaded, "solution", number, "CNY") for number in (1, 2, 3)]
    assert ["45 天交货" in answered[0][0], "质保要 24 个月" in answered[1][0], answered[2]] == [True, True, ()]
    section = answer_texts.waiting(story.loaded, "solution", "CNY")
    assert section is not None
    assert [word.text for row in section.rows for word in row.words] == ["◦", "备件清单"]
    assert answer_texts.waiting(story.loaded, "presentation_record", "CNY") is None
