"""Six forbidden orders of work, tried on the board, on the command line and in the service: refused, and told why."""

from __future__ import annotations

from pathlib import Path

import pytest

from salestui import i18n
from salestui.services import history
from salestui.services.loading import load
from tests.cli.shell import Shell
from tests.ui.forbidden import FORBIDDEN, Forbidden
from tests.ui.stories import NARROW, WIDE, Story, running

each = pytest.mark.parametrize("order", FORBIDDEN, ids=[order.name for order in FORBIDDEN])


def standing(story: Story) -> tuple[object, object]:
    """Return what a refusal must leave as it was: the deal, and its whole history."""
    return load(story.ask(), story.deal).deal, history.events(story.ask(), deal=story.deal, limit=1000)


@each
def test_the_service_refuses_and_says_what_to_do(order: Forbidden, tmp_path: Path) -> None:
    story = order.story(tmp_path)
    before = standing(story)
    outcome = order.service(story)
    assert standing(story) == before
    for language, told in (("zh", order.zh), ("en", order.en)):
        with i18n.speaking("zh" if language == "zh" else "en"):
            said = order.told(story, outcome)
        assert all(text in said for text in told), said
    story.close()


@each
def test_the_command_line_refuses_and_says_what_to_do(
    order: Forbidden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = order.story(tmp_path)
    before = standing(story)
    words, data = order.command(story)
    for language, told in (("zh", order.zh), ("en", order.en)):
        shell = Shell(story.folder / "sales.db", monkeypatch, now=story.now, language=language).as_person("lin")
        answer = shell.json(*words, **data)
        assert answer.code == order.exit_code
        assert order.code in (answer.document["code"], *answer.document.get("params", {}).get("unmet", ()))
        said = shell(*words).err if order.next_command else answer.document["text"]
        wanted = (told[0], order.next_command) if order.next_command else told
        assert all(text in said for text in wanted), said
    assert standing(story) == before
    story.close()


@each
@pytest.mark.parametrize(("size", "language"), [(WIDE, "zh"), (NARROW, "en")])
async def test_the_board_refuses_and_says_what_to_do(
    order: Forbidden, size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    story = order.story(tmp_path)
    before = standing(story)
    async with running(story, size=size, language=language) as seen:
        await seen.press(*order.keys)
        unbroken = " ".join(seen.text.split())
        assert all(text in unbroken for text in (order.zh if language == "zh" else order.en)), seen.text
        assert standing(story) == before
