"""What a review objects to, by the policy that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from levelbook.problem import Problem
    from levelbook.review.reviewed import Reviewed, Row

FAIL_ON = ("breaking", "undeclared", "unknown")


def objects(row: Row, fail_on: Collection[str]) -> bool:
    """Say whether a change violates the policy; what the baseline accepts never does."""
    if row.accepted is not None:
        return False
    verdict = row.change.verdict
    return (verdict in ("breaking", "policy") and "breaking" in fail_on) or (
        verdict == "unknown" and "unknown" in fail_on
    )


def objections(reviewed: Reviewed, fail_on: Collection[str]) -> tuple[list[Row], list[Problem]]:
    """Give the changes and the problems of notes that violate the policy."""
    rows = [row for row in reviewed.rows if objects(row, fail_on)]
    return rows, list(reviewed.problems) if "undeclared" in fail_on else []
