"""Which level a client needs: the lowest and the highest at which an exchange is valid.

>>> from levelbook.loading import load
>>> from levelbook.notes import notes_of
>>> from levelbook.validate.exchange import Request
>>> api = load("api_spec/openapi.yaml")
>>> headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"}
>>> request = Request("POST", "/api/v1/messages", headers, b"type=channel&to=[9]&content=Hello")
>>> Needs(api, notes_of(api)).of(request, None, "POST /messages").least
248
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.levels import is_assigned, position
from levelbook.loading import from_documents
from levelbook.pointer import within
from levelbook.reach import reachable, roots, sliced
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from levelbook.api import Api, Operation
    from levelbook.levels import Level
    from levelbook.notes import Note
    from levelbook.problem import Problem
    from levelbook.validate.exchange import Request, Response


@dataclass(frozen=True, slots=True)
class Range:
    """The levels at which an exchange is valid; None where there is no bound.

    ``why_least`` and ``why_most`` are the notes that set the bounds, ``advice`` those of behaviour within the range.
    ``valid`` is false when there is no level at which it is valid.
    """

    least: Level | None = None
    most: Level | None = None
    why_least: tuple[Note, ...] = ()
    why_most: tuple[Note, ...] = ()
    advice: tuple[Note, ...] = ()
    valid: bool = True


@dataclass(slots=True)
class _History:
    """The states of one operation: the API between two levels at which a note of it stands."""

    api: Api
    operation: Operation
    levels: list[Level]
    notes: list[Note]
    validators: dict[int, Validator | None] = field(default_factory=dict)

    def validator(self, index: int, options: dict[str, Any]) -> Validator | None:
        """Give the validator of the state above ``index`` levels; None where the operation did not exist."""
        if index not in self.validators:
            if index == len(self.levels):
                earlier = self.api
            elif index:
                earlier = self.api.at(self.levels[index - 1])
            else:
                earlier = self.api.at(_below(self.levels[0]))
            there = earlier.operation(self.operation.key) is not None
            self.validators[index] = Validator(earlier, **options) if there else None
        return self.validators[index]

    def reasons(self, level: Level | None, problems: tuple[Problem, ...] | None) -> tuple[Note, ...]:
        """Give the notes of a level that explain what is wrong on its other side: of the elements that are in the way.

        All notes of the level where the problems lead to none of them.
        """
        mine = [note for note in self.notes if note.level == level and note.kind != "correction"]
        near = [note for note in mine if any(within(problem.pointer, note.pointer) for problem in problems or ())]
        return tuple(near or mine)


class Needs:
    """Finds ranges; what it learns of an operation serves all its exchanges."""

    def __init__(self, api: Api, notes: tuple[Note, ...], **options: Any) -> None:
        self.api = api
        self.options = options  # of its validators
        self.notes = [note for note in notes if note.level is not None and is_assigned(note.level)]
        self.histories: dict[str, _History] = {}
        self.known: dict[str, list[str]] = {}

    def of(self, request: Request, response: Response | None, operation: str | None) -> Range:
        """Give the range of one exchange, which is for ``operation`` (``POST /messages``)."""
        found = self.api.operation(operation) if operation else None
        if found is None:
            return Range(valid=False)
        history = self.history(found)
        top = len(history.levels)

        def problems(index: int) -> tuple[Problem, ...] | None:
            """Give what is wrong in one state; empty when nothing is, None where there is no such operation."""
            validator = history.validator(index, self.options)
            return validator.exchange(request, response).problems if validator is not None else None

        high = next((index for index in range(top, -1, -1) if problems(index) == ()), None)
        if high is None:
            return Range(valid=False)
        low = high
        while low > 0 and problems(low - 1) == ():
            low -= 1
        least = history.levels[low - 1] if low else None
        over = history.levels[high] if high < top else None
        return Range(
            least=least,
            most=self._highest_below(over) if over is not None else None,
            why_least=history.reasons(least, problems(low - 1)) if low else (),
            why_most=history.reasons(over, problems(high + 1)) if high < top else (),
            advice=tuple(note for note in history.notes if note.kind == "behavior" and _inside(note, least, over)),
        )

    def history(self, operation: Operation) -> _History:
        """Give the states of an operation."""
        if operation.key not in self.histories:
            parts = reachable(self.api.documents, roots(operation), self.known)
            notes = [note for note in self.notes if any(within(note.pointer, part) for part in parts)]
            levels = sorted(
                {note.level for note in notes if note.level is not None and self._released(note.level)},
                key=lambda level: position(level, None),
            )
            self.histories[operation.key] = _History(self._slice(operation), operation, levels, notes)
        return self.histories[operation.key]

    def _highest_below(self, level: Level) -> Level:
        """Give the level before another one: numbers are counted, of dates and versions only the known ones exist."""
        if isinstance(level, int):
            return level - 1
        known = [*(note.level for note in self.notes), *(release.level for release in self.api.levels.releases)]
        below = [one for one in known if one is not None and position(one, None) < position(level, None)]
        return max(below, key=lambda one: position(one, None), default=_below(level))

    def _released(self, level: Level) -> bool:
        current = self.api.levels.current
        return current is None or position(level, None) <= position(current, None)

    def _slice(self, operation: Operation) -> Api:
        """Give an Api of this operation alone: it is rewound often, and most of a document does not matter to it."""
        data = sliced(self.api, operation)
        if data is None:
            return self.api
        return from_documents(Documents(parse(json.dumps(data), self.api.documents.main.file)), levels=self.api.levels)


def _below(level: Level) -> Level:
    """Give a level that sorts just below another one, and above all that are lower."""
    if isinstance(level, int):
        return level - 1
    numbers = [int(number) for number in re.findall(r"\d+", level)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return ".".join(str(number) for number in [*numbers[:-1], numbers[-1] - 1, 10**6]) if numbers else "0"


def _inside(note: Note, least: Any, over: Any) -> bool:
    at = position(note.level, None)
    return (least is None or at > position(least, None)) and (over is None or at < position(over, None))
