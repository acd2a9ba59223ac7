"""The one table of permissions: its page shows it, and nobody asks for a permission beside it."""

import pytest

from salestui.domain.people import Permission
from salestui.domain.permissions import ALLOWED, OWN, Act
from tests.house.source import PACKAGE, shown
from tools import permissions_page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_the_table(language):
    written = permissions_page.PAGES[language].read_text("utf-8")
    assert written == permissions_page.page(language), "run python tools/permissions_page.py"


def test_every_act_has_its_row_and_its_words():
    assert set(permissions_page.ACTS) == set(Act)
    assert set(ALLOWED) == {(act, permission) for act in Act for permission in Permission}
    assert set(OWN) <= set(Act)


def test_what_the_command_line_reads_is_what_the_person_may_see():
    """`store.reading()` itself shows everything; `request.reading()` shows what the team lets this person see."""
    places = [path for path in (PACKAGE / "cli").rglob("*.py") if "store.reading()" in path.read_text("utf-8")]
    places += [path for path in (PACKAGE / "screens").rglob("*.py") if "store.reading()" in path.read_text("utf-8")]
    assert places == []


def test_nobody_asks_for_a_permission_beside_the_table():
    asking = ("actor.permission ", "actor.permission=", "actor.permission)", ".manages", ".administers")
    places = [
        shown(path) for path in sorted(PACKAGE.rglob("*.py")) if any(word in path.read_text("utf-8") for word in asking)
    ]
    assert set(places) <= {"salestui/domain/permissions.py"}
