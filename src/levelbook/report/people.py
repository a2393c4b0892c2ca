"""Problems as people read them in a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from levelbook.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from levelbook.problem import Location, Problem

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


def text(problems: Sequence[Problem], *, colour: bool = False) -> str:
    """Give each problem in a line that editors can jump from, and its hint below."""
    return "".join(_one(problem, colour=colour) for problem in problems)


def long(problems: Iterable[Problem], excerpt: Callable[[Location], str], *, colour: bool = False) -> str:
    """Give each problem with the lines of the document that it rests on, as ``excerpt`` gives them."""
    return "".join(_one(problem, colour=colour) + excerpt(problem.where) + "\n" for problem in problems)


def count(problems: Iterable[Problem]) -> str:
    """Count problems by severity: ``2 errors, 1 warning``."""
    numbers = Counter(problem.severity for problem in problems)
    parts = [
        plural(numbers[severity], severity.value)
        for severity in Severity
        if numbers[severity] and severity is not Severity.INFO
    ]
    return ", ".join(parts) or "no problems"


def plural(number: int, noun: str) -> str:
    """Give a number with its noun: ``1 error``, ``2 errors``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _one(problem: Problem, *, colour: bool) -> str:
    severity = f"\033[{_COLOURS[problem.severity]}m{problem.severity}\033[0m" if colour else problem.severity.value
    place = f" (in {problem.place})" if problem.place else ""
    line = f"{problem.where}: {severity}: {problem.message}{place} [{problem.rule}]\n"
    return line + (f"    hint: {problem.hint}\n" if problem.hint else "")
