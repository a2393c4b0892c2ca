"""A long history, level by level: what changed at each, and whether its notes say so.

>>> boundaries([("a", 1), ("b", 1), ("c", 2), ("d", 4)])
['b', 'c', 'd']
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from levelbook.levels import Level
    from levelbook.review.reviewed import Reviewed

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Step:
    """The way from one level to the next: numbers of changes by what they rest on, of notes and of problems."""

    level: Level | None
    commit: str
    date: str
    changes: int = 0
    breaking: int = 0
    proved: int = 0
    covered: int = 0
    corrected: int = 0
    undeclared: int = 0
    notes: int = 0
    problems: int = 0
    error: str = ""

    @property
    def is_mismatch(self) -> bool:
        """Whether changes and notes tell two stories."""
        return bool(self.undeclared or self.problems or self.error)


def boundaries(versions: list[tuple[_T, Level | None]]) -> list[_T]:
    """Give the last version of each level, in the order of versions: between them, levels are raised."""
    ends = [one for (one, level), (_, following) in pairwise(versions) if level != following]
    return [*ends, versions[-1][0]] if versions else []


def step_of(reviewed: Reviewed, commit: str, date: str) -> Step:
    """Count what a review of two levels found."""
    standings = Counter(row.standing.status for row in reviewed.rows)
    verdicts = Counter(row.change.verdict for row in reviewed.rows)
    return Step(
        level=reviewed.head.level,
        commit=commit,
        date=date,
        changes=len(reviewed.rows),
        breaking=verdicts["breaking"],
        proved=standings["proved"],
        covered=standings["covered"],
        corrected=standings["correction"],
        undeclared=standings["missing"],
        notes=len(reviewed.told),
        problems=len(reviewed.others),
    )
