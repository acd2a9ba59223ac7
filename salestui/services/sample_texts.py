"""Fills the sample's outputs, talks and scorecards with the texts of `sample_texts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from salestui.dataclass import dataclass
from salestui.domain.money import Money
from salestui.domain.playbook import Scoring, Text
from salestui.services.sample_companies import Profile

__all__ = ["Scene", "campaign_report", "evidence"]

_SOURCES: Final = (
    Text("官网与年报", "website and annual report"),
    Text("首次通话", "first call"),
    Text("采购部口头确认", "purchasing, by word of mouth"),
    Text("工艺部访谈", "interview with process engineering"),
)
_GOOD_FIT: Final = 18
_DISCONTENT_EVERY: Final = 4


@cache
def _texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    text = files("salestui.services").joinpath("sample_texts.toml").read_text("utf-8")
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(text)[language]
    return found


def campaign_report(language: str, day: date) -> dict[str, object]:
    """Return the values of the campaign's market research report."""
    return {name: _worked_out(value, day) for name, value in _texts(language)["market_report"].items()}


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom a text is about: an industry, the customer's three people, ours, and the deal's amount, score and number."""

    profile: Profile
    people: tuple[str, str, str]
    owner: str
    engineer: str
    amount: Money
    total: int
    number: int
    language: str

    def output(self, key: str, day: date) -> dict[str, object]:
        """Return the values of output `key` as filled in on `day`; every fourth customer is not content."""
        low = key == "satisfaction" and self.number % _DISCONTENT_EVERY == 0
        block = _texts(self.language).get("satisfaction_low" if low else key, {})
        return {name: self._filled(value, day) for name, value in block.items()}

    def talk(self, at: datetime, channel: str, *, complete: bool = True) -> dict[str, object]:
        """Return the values of a talk; an incomplete one tells only who spoke about what."""
        values = {name: self._filled(value, at.date()) for name, value in _texts(self.language)["talk"].items()}
        told = values if complete else {name: values[name] for name in ("participants", "pains")}
        return {"channel": channel, "at": at.isoformat(), **told}

    def summary(self, sent_at: datetime) -> dict[str, object]:
        """Return the summary that followed a talk."""
        block = _texts(self.language)["summary"]
        return {"sent_at": sent_at.isoformat()} | {
            name: self._filled(text, sent_at.date()) for name, text in block.items()
        }

    def filled(self, text: Text) -> str:
        """Return a text with the names and the industry's words filled in."""
        return text.get(self.language).format(**self.words())

    def _filled(self, value: object, day: date) -> object:
        return _worked_out(value, day, self)

    def words(self) -> dict[str, str]:
        """Return what stands for the words in braces."""
        told = self.profile
        named = {"buyer": self.people[0], "tech": self.people[1], "money": self.people[2]}
        texts = {"line": told.line, "pain": told.pain, "wish": told.wish, "offer": told.offer, "value": told.value}
        words = {key: text.get(self.language) for key, text in texts.items()}
        words |= {"Pain": _capital(words["pain"]), "Wish": _capital(words["wish"])}
        return {**named, **words, "owner": self.owner, "engineer": self.engineer}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def evidence(scoring: Scoring, values: Mapping[str, int], language: str) -> dict[str, str]:
    """Return for each criterion what its score rests on: the meaning of the value, and where it was learned."""
    found: dict[str, str] = {}
    for index, criterion in enumerate(scoring.criteria):
        value = values[criterion.key]
        meaning = criterion.meanings[value - criterion.min].get(language)
        source = _SOURCES[(index + value) % len(_SOURCES)].get(language)
        found[criterion.key] = f"{meaning}（{source}）" if language == "zh" else f"{meaning} ({source})"
    return found


def _worked_out(value: object, day: date, scene: Scene | None = None) -> object:
    """Return a value of the file with its braces filled in and its @ words worked out."""
    if isinstance(value, list):
        return [_worked_out(part, day, scene) for part in value]
    if isinstance(value, Mapping):
        return {key: _worked_out(part, day, scene) for key, part in value.items()}
    if not isinstance(value, str):
        return value
    word, _space, rest = value.partition(" ")
    if word == "@day":
        return (day + timedelta(days=int(rest))).isoformat()
    if scene is None:
        return value
    if word == "@amount":
        return {"minor": scene.amount.minor * int(rest) // 100, "currency": scene.amount.currency}
    if word == "@fit":
        return "high" if scene.total >= _GOOD_FIT else "medium"
    return value.format(**scene.words(), year=day.year, number=f"{scene.number:03}")
