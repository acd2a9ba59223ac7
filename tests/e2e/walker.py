"""A script that knows nothing but the machine contract, and walks a deal from the first stage to the last.

It reads templates, fills whatever they ask in the plainest way that their rules allow, and does what the gate says.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

Document = dict[str, Any]
Call = Callable[[Sequence[str], str], tuple[int, Document]]
"""Runs the program with words and standard input; returns its exit code and its one JSON document."""

ROUNDS = 200


@dataclass
class Walker:
    """Walks deals; `call` is the program, `folder` a place for files to attach, `now` the clock of the script."""

    call: Call
    folder: Path
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    seen: list[str] = field(default_factory=list)
    _names: Any = field(default_factory=lambda: count(1))

    # -- the walk -------------------------------------------------------------------------------------------------

    def make_deal(self, playbook: str) -> str:
        """Create a campaign, a customer and a deal under a playbook; return the deal's id."""
        campaign = self._create("campaign", playbook)
        customer = self._create("customer", playbook)
        return self._create("deal", playbook, {"campaign": campaign, "customer": customer})

    def _create(self, what: str, playbook: str, known: Mapping[str, str] | None = None) -> str:
        code, template = self.call([what, "template", "--playbook", playbook, "--json"], "")
        assert code == 0, template
        data = self.fill(template, known)
        code, made = self.call([what, "new", "--data", "-", "--json"], json.dumps(data))
        assert code == 0, made
        return str(made["id"])

    def walk(self, deal: str, until: str = "") -> Document:
        """Do what the gates ask until the deal is completed, or a round changes nothing; return the last answer.

        With `until` it stops as soon as the deal stands in that stage.
        """
        before = ""
        for _round in range(ROUNDS):
            code, moved = self.call(["deal", "move", deal, "--json"], "")
            self.seen.append(f"{moved['outcome']} {moved['from']}")
            if moved["outcome"] == "completed":
                return moved
            if moved["outcome"] == "moved" and moved["to"] == until:
                return moved
            if moved["outcome"] == "moved":
                continue
            assert (code, moved["outcome"]) == (3, "blocked"), moved
            gate = self.mend(deal)
            state = json.dumps([(each["key"], each["state"], each["params"]) for each in gate["requirements"]])
            if state == before:
                return moved
            before = state
        raise AssertionError("the walk does not end")

    def mend(self, deal: str) -> Document:
        """Run the fix of every unmet requirement once; return the gate afterwards."""
        _code, gate = self.call(["deal", "gate", deal, "--json"], "")
        done: list[list[str]] = []
        for requirement in gate["requirements"]:
            fix = requirement["fix"]
            if requirement["state"] != "unmet" or fix["kind"] == "none" or fix["argv"] in done:
                continue
            done.append(fix["argv"])
            code, template = self.call(fix["template"], "")
            if code == 0:
                self.call(fix["argv"], json.dumps(self.fill(template)))
        return self.call(["deal", "gate", deal, "--json"], "")[1]

    # -- filling in -----------------------------------------------------------------------------------------------

    def fill(self, template: Document, known: Mapping[str, str] | None = None) -> Document:
        """Return the data for a template: what is there already, what is known, and an answer to all that is asked."""
        assert template["format"] == "salestui.template/1"
        values = dict(template["current"]["values"]) | dict(known or {})
        for asked in template["fields"]:
            if asked["required"] and not self._good(asked, values.get(asked["key"])):
                values[asked["key"]] = self._answer(asked, values)
        for asked in template["fields"]:
            if asked["key"] not in values and self._needed(asked, values):
                values[asked["key"]] = self._answer(asked, values)
        return {
            "values": values,
            "files": [str(path) for path in self._files(template["files"])],
            "command_id": str(uuid4()),
            "expected_version": template["current"]["revision"],
        }

    @staticmethod
    def _good(asked: Document, value: object) -> bool:
        """Tell whether a value that is there can stay: it is filled, and passes where the gate is particular."""
        if value in (None, "", [], {}) or asked["type"] == "table":
            return False
        said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        later = any("after" in rule for rule in asked["rules"])
        return not later and (not asked["passes"] or said in asked["passes"])

    @staticmethod
    def _needed(asked: Document, values: Mapping[str, Any]) -> bool:
        for rule in asked["rules"]:
            condition = rule.get("required_when")
            if condition is None or condition["field"] not in values:
                continue
            other = values[condition["field"]]
            below, equal = condition.get("below"), condition.get("values", [])
            if (below is not None and float(other) < below) or other in equal:
                return True
        return False

    def _answer(self, asked: Document, values: Mapping[str, Any]) -> Any:
        answers: dict[str, Callable[[Document], Any]] = {
            "text": self._text,
            "long_text": self._text,
            "person": self._person,
            "integer": self._integer,
            "decimal": lambda field: str(self._integer(field)),
            "money": lambda _field: {"minor": 1234500, "currency": "CNY"},
            "yes_no": lambda field: field["passes"] != ["no"],
            "choice": self._choice,
            "choices": lambda field: [choice["key"] for choice in field["choices"]],
            "table": self._table,
            "date": lambda field: self._date(field, values).isoformat(),
            "datetime": lambda field: self._moment(field, values).isoformat(timespec="seconds"),
        }
        return answers[asked["type"]](asked)

    def _text(self, asked: Document) -> str:
        return f"{asked['label']} {next(self._names)}"

    def _person(self, asked: Document) -> str:
        return str(asked["choices"][0]["key"]) if asked["choices"] else f"Person {next(self._names)}"

    @staticmethod
    def _choice(asked: Document) -> str:
        keys = [choice["key"] for choice in asked["choices"]]
        return str(next((key for key in asked["passes"] if key in keys), keys[0]))

    @staticmethod
    def _integer(asked: Document) -> int:
        if asked["passes"]:
            return int(asked["passes"][0])
        low = asked["min"] if asked["min"] is not None else 1
        return int(low)

    def _date(self, asked: Document, values: Mapping[str, Any]) -> date:
        day = self.now().date()
        for rule in asked["rules"]:
            if "after" in rule:
                after = rule.get("today") or values.get(rule["after"]) or day.isoformat()
                day = max(day, date.fromisoformat(after[:10])) + timedelta(days=1)
        return day

    def _moment(self, asked: Document, values: Mapping[str, Any]) -> datetime:
        return self.now() + (self._date(asked, values) - self.now().date())

    def _table(self, asked: Document) -> list[Document]:
        """Return rows that satisfy the rules of a table: enough of them, different ones, every value covered."""
        rows: list[Document] = []
        wanted = max([asked["min_rows"] or 1, *(rule.get("at_least", 1) for rule in asked["rules"])])
        covered = next((rule for rule in asked["rules"] if "covers" in rule), None)
        if covered:
            wanted = max(wanted, len(covered["values"]))
        for index in range(wanted):
            row: Document = {}
            for column in asked["columns"]:
                if column["required"] or self._needed(column, row) or self._named(column, asked["rules"]):
                    row[column["key"]] = self._cell(column, asked["rules"], covered, index, row)
            rows.append(row)
        return rows

    @staticmethod
    def _named(column: Document, rules: Sequence[Document]) -> bool:
        return any(column["key"] in {rule.get("distinct"), rule.get("covers")} for rule in rules)

    def _cell(
        self, column: Document, rules: Sequence[Document], covered: Document | None, index: int, row: Document
    ) -> Any:
        distinct = any(rule.get("distinct") == column["key"] for rule in rules)
        if covered and covered["covers"] == column["key"]:
            value = covered["values"][index % len(covered["values"])]
            return [value] if column["type"] == "choices" else value
        if distinct and column["type"] == "choice":
            return column["choices"][index % len(column["choices"])]["key"]
        if distinct and column["type"] == "integer":
            return self._integer(column) + index
        if distinct and column["type"] == "date":
            return (self._date(column, row) + timedelta(days=index)).isoformat()
        return self._answer(column, row)

    def _files(self, asked: Document) -> list[Path]:
        paths = []
        for _number in range(asked["min"]):
            ending = asked["types"][0] if asked["types"] else "txt"
            path = self.folder / f"file{next(self._names)}.{ending}"
            path.write_text(f"content of {path.name}", "utf-8")
            paths.append(path)
        return paths
