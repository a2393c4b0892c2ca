"""Problems as other programs read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from levelbook.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from levelbook.problem import Problem

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def record(problem: Problem) -> dict[str, Any]:
    """Give a problem as a record; ``in`` is there only for one found in an exchange."""
    found = {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint,
        "where": {"file": problem.where.file, "line": problem.where.line, "column": problem.where.column},
        "pointer": problem.pointer,
    }
    return found | ({"in": problem.place} if problem.place else {})


def json_text(problems: Sequence[Problem]) -> str:
    """Give problems as one JSON object."""
    return json.dumps({"problems": [record(problem) for problem in problems]}, indent=2, ensure_ascii=False) + "\n"


def problem_json(problems: Sequence[Problem], *, status: int = 400, title: str = "") -> dict[str, Any]:
    """Give problems as one ``application/problem+json`` object (RFC 9457), as a server answers a bad request."""
    return {
        "type": "about:blank",
        "title": title or "The request does not match the API description",
        "status": status,
        "detail": "; ".join(problem.message for problem in problems),
        "errors": [
            {
                "detail": problem.message,
                "hint": problem.hint,
                "in": problem.place,
                "rule": problem.rule,
                "pointer": problem.pointer,
            }
            for problem in problems
        ],
    }


def github(problems: Sequence[Problem]) -> str:
    """Give problems as workflow commands, which GitHub shows beside the lines of a pull request."""
    lines = []
    for problem in problems:
        where = problem.where
        place = f"file={_property(where.file)}" + (f",line={where.line},col={where.column}" if where.line else "")
        message = problem.message + (f"\n{problem.hint}" if problem.hint else "")
        lines.append(f"::{_GITHUB[problem.severity]} {place},title={_property(problem.rule)}::{_data(message)}\n")
    return "".join(lines)


def sarif(problems: Sequence[Problem]) -> str:
    """Give problems as SARIF 2.1.0 (OASIS), which code scanning services take."""
    results = []
    for problem in problems:
        location: dict[str, Any] = {"artifactLocation": {"uri": problem.where.file}}
        if problem.where.line:
            location["region"] = {"startLine": problem.where.line, "startColumn": problem.where.column}
        text = problem.message + (f" Hint: {problem.hint}" if problem.hint else "")
        results.append(
            {
                "ruleId": problem.rule,
                "level": _SARIF[problem.severity],
                "message": {"text": text},
                "locations": [{"physicalLocation": location}],
            }
        )
    rules = [{"id": rule} for rule in sorted({problem.rule for problem in problems})]
    run = {"tool": {"driver": {"name": "levelbook", "rules": rules}}, "results": results}
    return (
        json.dumps(
            {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]},
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
