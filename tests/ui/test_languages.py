"""Every screen speaks one language: no English words on a Chinese screen, no Chinese on an English one.

What people typed stays as it is, and so do proper names in 《》, names of files, and what is printed on keys.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from salestui import keys
from salestui.domain.requirement import Requirement
from salestui.playbooks import loader
from salestui.screens import campaign_forms, customer_forms, deal_forms, dialogs, places, setting_forms, talks
from salestui.screens.base import SalesScreen
from salestui.screens.choose import ChooseScreen
from salestui.screens.desk import Desk
from salestui.services import history, users
from salestui.services.loading import judge, load
from tests.effort import EFFORT
from tests.ui.stories import NARROW, WIDE, Seen, Story, make, running

Opens = Callable[[Desk], SalesScreen | Awaitable[SalesScreen | None]]  # type: ignore[type-arg]  # any result

KEYCAPS = """
enter esc tab space backspace del ins home end pgup pgdn pageup pagedown ctrl shift alt left right up down
"""
NAMES = """
salestui sales db csv xlsx xls docx doc pdf pptx jpg jpeg png eml toml tsv txt md json excel word utf gb cny eur usd
kpi sla roi id ok crm mb kb gmbh ltd co oem bom plc mes erp cx config zh en auto ssh true false light dark
unicode ascii air compact full english asia shanghai utc markdown
"""
"""Words that Chinese uses as they are: file types, abbreviations, values that stand in the settings file."""
LOGINS = "boss lin chen zhao sun zhou fang linyue home root"
ALLOWED = {*KEYCAPS.split(), *NAMES.split(), *LOGINS.split()}
_WORD = re.compile(r"[A-Za-z]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_TITLE = re.compile(r"《[^》]*》?")
_CODE = re.compile(r"[~\w./-]*/[\w./-]+|\S+@\S+|https?://\S+|\b[A-Z]{1,4}-[\d-]+")


def _typed(story: Story) -> str:
    """Return everything that people ever typed into the story's database."""
    events = history.events(story.ask("boss"), limit=1000)
    said = [f"{event.actor_name} {event.subject} {event.before} {event.after} {event.note}" for event in events]
    return " ".join(said)


def english_in(lines: Iterable[str]) -> list[str]:
    """Return the lines that hold words which belong on no Chinese screen."""
    found = []
    for line in lines:
        words = [word for word in _WORD.findall(_CODE.sub(" ", line)) if word.lower() not in ALLOWED]
        if words:
            found.append(f"{' '.join(words)!r} in {line.strip()}")
    return found


def chinese_in(lines: Iterable[str], typed: str) -> list[str]:
    """Return the lines that hold Chinese which neither anybody typed nor is a proper name."""
    found = []
    for line in lines:
        runs = [run for run in _HAN.findall(_TITLE.sub(" ", line)) if run not in typed and run != "中文"]
        if runs:
            found.append(f"{' '.join(runs)!r} in {line.strip()}")
    return found


def _place(name: str, *given: object, **named: object) -> Opens:
    return lambda desk: places.make(name, desk, *given, **named)


async def _me(desk: Desk) -> SalesScreen[object]:
    return await setting_forms.user(desk, await desk.ask(users.get, desk.actor.id))


async def _exception(desk: Desk, deal: int) -> SalesScreen[object]:
    unmet: list[Requirement] = [r for r in (await desk.ask(judge, deal)).unmet if r.exceptable]
    return await dialogs.exception(desk, deal, unmet[0])


async def _classify(desk: Desk, deal: int) -> SalesScreen[object]:
    return await dialogs.classify(desk, await desk.ask(load, deal))


def screens(story: Story) -> dict[str, tuple[Opens, tuple[str, ...]]]:
    """Return every screen that can be opened, with keys to press in it; each press is looked at."""
    deal, customer, campaign = story.deal, story.customer, story.campaign
    playbook = loader.builtin("expansion")
    ticked = next(action.key for stage in playbook.stages for action in stage.actions if action.data is None)
    found: dict[str, tuple[Opens, tuple[str, ...]]] = {
        "agenda": (_place("agenda"), ("w",)),
        "campaigns": (_place("campaigns"), ()),
        "customer": (_place("customer", customer), ("tab",)),
        "customers": (_place("customers"), ("/",)),
        "deal": (_place("deal", deal), ("tab", "x")),
        "history": (_place("history"), ("/",)),
        "history of a deal": (_place("history", deal=deal), ("j", "j")),
        "closed": (_place("closed"), ("tab", "tab", "/")),
        "handbook": (_place("handbook"), (*"23456789", "/")),
        "import": (_place("import"), ()),
        "report": (_place("report"), ()),
        "upgrade": (_place("upgrade"), ()),
        "score": (_place("score", deal), ("down",)),
        "settings": (_place("settings"), ("j",) * 20),
        "waiting": (_place("waiting"), ("d",)),
        "welcome": (_place("welcome"), ()),
        "palette": (_place("palette"), ()),
        "new customer": (partial(customer_forms.new, campaign=campaign), ("tab", "f1")),
        "customer's form": (partial(customer_forms.edit, customer=customer), ()),
        "new contact": (partial(customer_forms.new_contact, customer=customer), ()),
        "campaign's form": (partial(campaign_forms.edit, campaign=campaign), ("tab",)),
        "new campaign": (partial(campaign_forms.new, playbook=playbook), ()),
        "deal's form": (partial(deal_forms.edit, deal=deal), ("tab", "ctrl+s")),
        "back": (partial(deal_forms.back, deal=deal), ("ctrl+s",)),
        "lose": (partial(deal_forms.lose, deal=deal), ("ctrl+s",)),
        "park": (partial(deal_forms.park, deal=deal), ("ctrl+s",)),
        "talk": (partial(talks.talk, deal=deal), ("ctrl+s",)),
        "plan": (partial(talks.plan, deal=deal), ("ctrl+s",)),
        "summary": (partial(talks.summary, deal=deal, activity=1), ()),
        "classify": (partial(_classify, deal=deal), ()),
        "tick": (partial(dialogs.tick, deal=deal, action=ticked), ()),
        "mark as sent": (partial(dialogs.mark_sent, deal=deal, output="contract_approval"), ()),
        "exception": (partial(_exception, deal=deal), ("ctrl+s",)),
        "withdraw": (partial(dialogs.withdraw, deal=deal, output="market_report"), ()),
        "team settings": (setting_forms.team, ("tab", "tab")),
        "user": (_me, ("tab",)),
        "new user": (setting_forms.new_user, ("ctrl+s",)),
        "choice": (lambda desk: ChooseScreen(desk, "-", [(1, "-", "-")]), ()),
    }
    for _stage, output in playbook.outputs():
        if output.met_by is None:
            found[f"output {output.key}"] = (_place("output", deal, output.key), ("tab", "ctrl+s"))
    for place in keys.PLACES:
        found[f"help of {place}"] = (_place("help", (place, "move")), ("pagedown", "pagedown"))
    return found


def test_every_place_is_walked(tmp_path: Path) -> None:
    story = make(tmp_path)
    walked = {name.partition(" ")[0] for name in screens(story)}
    assert set(places.PLACES) <= walked
    story.close()


async def _walk(seen: Seen, look: Callable[[str], None]) -> None:
    """Show every screen to `look`, with each of its keys."""
    for key in ("g", "q", "slash", "escape"):
        look("board")
        await seen.press(key)
    for name, (opens, pressed) in screens(seen.story).items():
        screen = opens(seen.desk)
        if not isinstance(screen, SalesScreen):
            made = await screen
            assert made is not None, name
            screen = made
        depth = len(seen.app.screen_stack)
        await seen.app.push_screen(screen)
        await seen.settle()
        look(name)
        for key in pressed:
            await seen.press(key)
            look(f"{name}, {key}")
        while len(seen.app.screen_stack) > depth:
            await seen.app.pop_screen()
        await seen.settle()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", [WIDE, NARROW] if EFFORT > 1 else [WIDE])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_screen_mixes_languages(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    story = make(tmp_path)
    typed = _typed(story)
    wrong: dict[str, None] = {}
    async with running(story, "boss", size=size, language=language) as seen:

        def look(where: str) -> None:
            lines = seen.text.splitlines()
            found = english_in(lines) if language == "zh" else chinese_in(lines, typed)
            wrong.update({f"{where}: {line}": None for line in found})

        await _walk(seen, look)
    assert not wrong, "\n".join(wrong)
