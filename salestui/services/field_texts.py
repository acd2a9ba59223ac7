"""The texts of field problems, for services and the command line; widgets read the same leaf module."""

from __future__ import annotations

from salestui.field_texts import label_of, problem_text, reason_text, short_problem_text

__all__ = ["label_of", "problem_text", "reason_text", "short_problem_text"]
