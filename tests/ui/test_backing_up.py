"""A backup with one key, from any place: made beside the work, and told where it lies."""

from pathlib import Path

import pytest

from salestui.screens.settings import SettingsScreen
from salestui.services import backup_format
from tests.ui import stories
from tests.ui.stories import Story, opened


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return stories.make(tmp_path, "solution")


def backups(story: Story) -> list[Path]:
    return sorted(Path(story.store.location + ".backups").glob("*.zip"))


def told(seen) -> list[str]:
    return [note.message for note in seen.app._notifications]


async def test_one_key_backs_the_database_up_and_says_where(story):
    async with opened(story, SettingsScreen, who="boss") as seen:
        await seen.press("f12")
        await seen.until(lambda: told(seen))
        assert "已备份并检查过" in told(seen)[0], told(seen)
    (made,) = backups(story)
    assert not backup_format.read(made).damage


async def test_who_may_not_is_told(story):
    async with opened(story, SettingsScreen) as seen:
        await seen.press("f12")
        await seen.until(lambda: told(seen))
        assert "管理员" in told(seen)[0]
    assert backups(story) == []


@pytest.mark.parametrize("link", ["file:///etc/passwd", "javascript:alert(1)", "https://example.com"])
async def test_a_link_that_is_not_opened_goes_to_the_clipboard(story, monkeypatch, link):
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    started = []
    monkeypatch.setattr("webbrowser.open", started.append)
    async with opened(story, SettingsScreen) as seen:
        seen.app.open_url(link)
        await seen.until(lambda: told(seen))
        assert seen.app.clipboard == link
        assert started == []
