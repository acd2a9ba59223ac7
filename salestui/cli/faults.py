"""What goes wrong on the command line: a wrong call, a refusal by a service, a fault of the program itself."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.errors import SalestuiError

__all__ = ["Crashed", "Refused", "UsageError"]


class UsageError(SalestuiError):
    """The command was not called as it can be: what is wrong, and how it is called."""

    code = "usage"
    exit_code = 2

    def __init__(self, problem: str, usage: str = "") -> None:
        super().__init__()
        self._problem = problem
        self._usage = usage

    def text(self) -> str:
        return f"{self._problem}\n{self._usage}" if self._usage else self._problem


class Crashed(SalestuiError):
    """The program itself is at fault; `report` says where it is written down, and nothing of the user's data."""

    code = "crashed"

    def __init__(self, report: str) -> None:
        super().__init__()
        self._report = report

    def text(self) -> str:
        return self._report


class Refused(SalestuiError):
    """A service refused: code and parameters for machines, the sentence for people, the exit code of the contract.

    `document` is added to the JSON answer; `told` is what text mode says instead of the sentence.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        exit_code: int,
        params: Mapping[str, object] | None = None,
        document: Mapping[str, object] | None = None,
        told: str = "",
    ) -> None:
        super().__init__(**dict(params or {}))
        self.code = code
        self.exit_code = exit_code
        self.document = dict(document or {})
        self.told = told or sentence
        self._sentence = sentence

    def text(self) -> str:
        return self._sentence
