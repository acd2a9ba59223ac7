"""Writes answers: one JSON document or a text on standard output, faults on standard error, never half a character."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from salestui.errors import SalestuiError

__all__ = ["error_document", "json_text", "say", "say_error"]


def json_text(document: Mapping[str, object]) -> str:
    """Return a document as one line of JSON; letters the terminal cannot show are written as escapes."""
    import json

    encoding = (getattr(sys.stdout, "encoding", "") or "utf-8").lower().replace("-", "")
    return json.dumps(document, ensure_ascii=encoding != "utf8", default=_plain, allow_nan=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def error_document(error: SalestuiError) -> dict[str, object]:
    """Return the document of a fault: "salestui.error/1", with what a refusal adds to it."""
    document = {"format": "salestui.error/1", "code": error.code, "params": dict(error.params), "text": error.text()}
    return document | getattr(error, "document", {})


def say(text: str) -> None:
    """Write a text to standard output."""
    _write(sys.stdout, text)


def say_error(text: str) -> None:
    """Write a text to standard error."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(shown if shown.endswith("\n") else f"{shown}\n")
    stream.flush()
