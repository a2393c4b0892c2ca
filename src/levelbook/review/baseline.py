"""What a project accepts for now: changes by their structural ids, in a file that may only shrink.

>>> read_baseline('{"levelbook-baseline": 1, "accepted": [{"id": "a1", "reason": "old"}]}', "b.json")
{'a1': {'id': 'a1', 'reason': 'old'}}
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.problem import Location, Problem, UsageError
from levelbook.review.objecting import objects
from levelbook.review.reviewing import RAISE, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from levelbook.review.reviewed import Reviewed, Row

_FORMAT = 1
_KEPT = "it was there when the baseline was recorded"


def read_baseline(text: str, file: str) -> dict[str, dict[str, Any]]:
    """Give the entries of a baseline by the ids of their changes. Raises UsageError if it is none."""
    try:
        data = json.loads(text)
        if data["levelbook-baseline"] != _FORMAT:
            raise KeyError  # noqa: TRY301  # as what follows
        return {str(entry["id"]): dict(entry) for entry in data["accepted"]}
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{file} is no baseline of this version: `review --record` writes one") from None


def accepting(
    reviewed: Reviewed, baseline: dict[str, dict[str, Any]], file: str, earlier: Collection[str] | None = None
) -> Reviewed:
    """Give a review in which what the baseline holds is accepted.

    What it holds and is no longer there is a problem, and so is what ``earlier``, the ids of BASE's own baseline,
    does not hold: a baseline only shrinks.
    """
    rows = tuple(
        replace(row, accepted=str(baseline[row.change.id].get("reason") or _KEPT)) if row.change.id in baseline else row
        for row in reviewed.rows
    )
    here = {row.change.id for row in rows}
    others = reviewed.others
    if not any(row.problem is not None and row.accepted is None for row in rows):  # no change is left without a level
        others = tuple(problem for problem in others if problem.hint != RAISE)
    problems = [
        _problem("stale-baseline", file, entry, "is accepted, and is not there any more", "take it out: --record does")
        for name, entry in baseline.items()
        if name not in here
    ]
    problems += [
        _problem("grown-baseline", file, entry, "was added to the baseline", "a baseline only shrinks: write a note")
        for name, entry in baseline.items()
        if earlier is not None and name in here and name not in earlier
    ]
    return replace(reviewed, rows=rows, others=(*others, *problems))


def recorded(reviewed: Reviewed, fail_on: Collection[str], known: dict[str, dict[str, Any]] | None) -> str:
    """Give the text of a baseline: of all that is objected to where there is none yet, else of what is left of it."""
    if known is None:
        entries: Iterable[dict[str, Any]] = (
            _entry(row) for row in reviewed.rows if objects(row, fail_on) or ("undeclared" in fail_on and row.problem)
        )
    else:
        here = {row.change.id for row in reviewed.rows}
        entries = (entry for name, entry in known.items() if name in here)
    accepted = sorted(entries, key=lambda entry: (str(entry.get("address", "")), str(entry["id"])))
    return json.dumps({"levelbook-baseline": _FORMAT, "accepted": accepted}, indent=2, ensure_ascii=False) + "\n"


def _entry(row: Row) -> dict[str, Any]:
    change = row.change
    return {"id": change.id, "address": change.address, "change": sentence(change), "reason": ""}


def _problem(rule: str, file: str, entry: dict[str, Any], what: str, hint: str) -> Problem:
    return Problem(rule, Location(file), f"{entry.get('change') or entry['id']} {what}", hint)
