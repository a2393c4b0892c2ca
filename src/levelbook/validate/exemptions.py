"""Exemptions: what is known to be otherwise than the document, why, and until when.

>>> exemption = Exemption("behind a flag", operation="GET /internal/*")
>>> exemption.covers("GET /internal/stats", "200", "unknown-path", "path")
True
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from levelbook.validate.exchange import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Exemption:
    """What is let pass, with the ``reason``; all that is given has to fit, and each may be a pattern with ``*``.

    ``operation`` is ``POST /messages``, or method and path where the document knows none; ``status`` that of the
    response; ``rule`` and ``place`` those of a problem; ``until`` the last day on which it holds.
    """

    reason: str
    operation: str = "*"
    status: str = "*"
    rule: str = "*"
    place: str = "*"
    until: date | None = None

    def covers(self, operation: str, status: str, rule: str, place: str) -> bool:
        """Say whether a problem of an exchange is let pass."""
        given = (
            (operation, self.operation),
            (status, self.status.upper().replace("XX", "??")),
            (rule, self.rule),
            (place, self.place),
        )
        return all(pattern in ("*", value) or fnmatchcase(value, pattern) for value, pattern in given)


class Exemptions:
    """The exemptions of one validator, and how often each was used."""

    def __init__(self, exemptions: Iterable[Exemption], today: date) -> None:
        self.all = tuple(exemptions)
        self.expired = [item for item in self.all if item.until is not None and item.until < today]
        self.used = dict.fromkeys((item for item in self.all if item not in self.expired), 0)

    @property
    def unused(self) -> list[Exemption]:
        """The exemptions that nothing needed so far."""
        return [item for item, times in self.used.items() if not times]

    def applied(self, outcome: Outcome, operation: str, status: str) -> Outcome:
        """Take out of an outcome what is exempted; an exchange with nothing else wrong is skipped, with the reasons."""
        kept, reasons = [], dict.fromkeys([outcome.reason] if outcome.reason else [])
        for problem in outcome.problems:
            found = next(
                (item for item in self.used if item.covers(operation, status, problem.rule, problem.place)), None
            )
            if found is None:
                kept.append(problem)
            else:
                self.used[found] += 1
                reasons[f"exempt: {found.reason}"] = None
        if len(kept) == len(outcome.problems):
            return outcome
        if outcome.outcome != "invalid":  # a warning was let pass
            return Outcome(outcome.outcome, outcome.operation, tuple(kept), outcome.reason)
        state: Literal["invalid", "skipped"] = "invalid" if kept else "skipped"
        return Outcome(state, outcome.operation, tuple(kept), "; ".join(reasons))
