"""Enters a sample company with its three people and its deal."""

from __future__ import annotations

from datetime import date
from typing import Final

from salestui.domain.playbook import Text
from salestui.services.sample_companies import CITIES, PEOPLE, TITLES, Company
from salestui.services.sample_texts import Scene
from salestui.services.sample_writer import Life, SampleWriter

__all__ = ["FIRST", "enter", "people_of"]

FIRST: Final = "Hengyue Alloys"
"""The company whose deal newcomers open first; it always has the same people."""

_FULL_NAME: Final = Text("江苏恒岳新材料股份有限公司", "Jiangsu Hengyue Alloys Co., Ltd.")
_PHONES: Final = ("138 0000 6612", "139 0000 2057", "136 0000 4485")
_NEED: Final = Text("{line}改造：{pain}", "Refit of {line}: {pain}")
_SOURCES: Final = (
    Text("上海工博会", "Shanghai industry fair"),
    Text("官网询盘", "enquiry on the website"),
    Text("老客户介绍", "referred by a customer"),
    Text("行业协会名录", "industry association"),
)
_SIZES: Final = (
    Text("320 人，营收 2.1 亿", "320 people, revenue CNY 210M"),
    Text("150 人，营收 9000 万", "150 people, revenue CNY 90M"),
    Text("1200 人，营收 8.6 亿", "1,200 people, revenue CNY 860M"),
    Text("2600 人，营收 31 亿", "2,600 people, revenue CNY 3.1B"),
)


def people_of(company: Company, number: int) -> tuple[Text, Text, Text]:
    """Return the names of a company's three people."""
    first = 0 if company.name.en == FIRST else 3 + 3 * number % (len(PEOPLE) - 5)
    return PEOPLE[first], PEOPLE[first + 1], PEOPLE[first + 2]


def enter(writer: SampleWriter, company: Company, scene: Scene, life: Life, expected_on: date) -> None:
    """Enter the company, its people and its deal, as the transaction's actor at its time."""
    first, language, number = company.name.en == FIRST, scene.language, scene.number
    size = _SIZES[2] if first else _SIZES[number % len(_SIZES)]
    source = _SOURCES[number % len(_SOURCES)].get(language)
    need = scene.filled(_NEED)
    values = {
        "name": _FULL_NAME.get(language) if first else _full_name(company, language),
        "short_name": company.name.get(language),
        "industry": scene.profile.industry.get(language),
        "region": CITIES[company.city].get(language),
        "size": size.get(language),
        "source": source,
        "need": need,
    }
    writer.customer(life, values, _contacts(company, scene))
    deal = {
        "amount_minor": scene.amount.minor,
        "currency": scene.amount.currency,
        "expected_on": expected_on,
        "need": need,
        "source": source,
    }
    writer.deal(life, deal)


def _full_name(company: Company, language: str) -> str:
    if language == "zh":
        return f"{CITIES[company.city].zh[-2:]}{company.name.zh}有限公司"
    return f"{company.name.en} Co., Ltd."


def _contacts(company: Company, scene: Scene) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    mail_domain = company.name.en.lower().replace(" ", "-")
    latin = people_of(company, scene.number)
    for index, (title, role, stance, cares) in enumerate(TITLES):
        tail = (scene.number * 137 + index * 2749) % 10_000
        given = latin[index].en.lower().replace(" ", ".").replace("ü", "u")
        found.append(
            {
                "name": scene.people[index],
                "title": title.get(scene.language),
                "phone": _PHONES[index] if company.name.en == FIRST else f"{138 + index} 0000 {tail:04}",
                "email": f"{given}@{mail_domain}.example",
                "role": role,
                "stance": stance,
                "cares_about": cares.get(scene.language),
            }
        )
    return found
