"""Problems as text, JSON, GitHub annotations and SARIF: one function per format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.report.machines import github, json_text, problem_json, record, sarif
from levelbook.report.people import long, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.problem import Problem

__all__ = ["FORMATS", "github", "json_text", "long", "problem_json", "record", "sarif", "text"]

FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "text": text,
    "json": json_text,
    "github": github,
    "sarif": sarif,
}
