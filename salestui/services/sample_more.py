"""More deals than the sample tells stories about: plain ones in the first stages, for measuring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from salestui.domain.money import Money
from salestui.domain.playbook import Text
from salestui.services.sample_companies import CITIES, PROFILES
from salestui.services.sample_script import Cast, Setting, points
from salestui.services.sample_texts import Scene, evidence
from salestui.services.sample_writer import Life, SampleWriter

__all__ = ["more"]

_FIRST: Final = Text(
    "恒瓯申云皖江泰盐通湖丽淮衢苏戚澜", "Heng Ou Shen Yun Wan Jiang Tai Yan Tong Hu Li Huai Qu Su Qi Lan"
)
_SECOND: Final = Text(
    "岳泰浦栈岩锐春悦芯立方稷化锦江思", "yue tai pu zhan yan rui chun yue xin li fang ji hua jin jiang si"
)
_REASON: Final = Text("需求真实，今年要投", "A real need, investing this year")
_CALL: Final = Text("电话回访", "call back")
_OWNERS: Final = ("lin", "lin", "lin", "chen", "zhao")


def _names(language: str) -> Iterator[str]:
    """Yield names without end; the number keeps them apart."""
    first, second = _FIRST.get(language), _SECOND.get(language)
    heads = tuple(first) if language == "zh" else tuple(first.split())
    tails = tuple(second) if language == "zh" else tuple(second.split())
    number = 0
    while True:
        number += 1
        head, tail = heads[number % len(heads)], tails[number // len(heads) % len(tails)]
        yield f"{head}{tail}{number:05}" if language == "zh" else f"{head}{tail} {number:05}"


def more(writer: SampleWriter, cast: Cast, setting: Setting, count: int) -> list[Life]:
    """Enter `count` deals of the last forty days; half of them are classified, scored and in the second stage."""
    lives, chance = [], setting.random
    profiles, cities = tuple(PROFILES.values()), tuple(CITIES.values())
    step = timedelta(days=40) / max(count, 1)
    for number, name in zip(range(count), _names(setting.language), strict=False):
        owner = cast.people[_OWNERS[number % len(_OWNERS)]]
        writer.tx.now, writer.tx.actor = setting.now - timedelta(days=40) + step * number, owner.actor()
        life, profile = Life(owner=owner.id), profiles[number % len(profiles)]
        amount = Money(chance.randrange(5, 200) * 1_000_000, "CNY")
        region = cities[number % len(cities)].get(setting.language)
        values = {"name": name, "short_name": "", "industry": profile.industry.get(setting.language), "region": region}
        writer.customer(life, values, ())
        writer.deal(life, {"amount_minor": amount.minor, "currency": amount.currency})
        if number % 2:
            total = chance.randrange(12, 24)
            scene = Scene(profile, ("", "", ""), owner.name, "", amount, total, number, setting.language)
            _grade(writer, setting, life, scene)
        if number % 10 == 0:
            _plan(writer, setting, life)
        lives.append(life)
    return lives


def _grade(writer: SampleWriter, setting: Setting, life: Life, scene: Scene) -> None:
    writer.classify(life, "high_potential", _REASON.get(setting.language))
    writer.advance(life, "grading")
    scoring = setting.playbook.scoring
    if scoring is not None:
        values = points(scene.total, [criterion.key for criterion in scoring.criteria], scene.number)
        writer.score(life, values, evidence(scoring, values, setting.language))


def _plan(writer: SampleWriter, setting: Setting, life: Life) -> None:
    at = setting.now + timedelta(days=setting.random.randrange(-3, 20))
    writer.plan(life, at=max(at, writer.tx.now), all_day=False, channel="phone", subject=_CALL.get(setting.language))
