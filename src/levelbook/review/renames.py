"""Renames, offered as a question: something is gone, something alike is new, in the same place.

A note of kind ``renamed`` answers it; nothing is taken for a rename by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from levelbook.pointer import split
from levelbook.review.fact import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from levelbook.api import Api
    from levelbook.review.change import Change

_NAMED = frozenset({"property", "parameter", "operation", "header"})
_PROSE = frozenset({"description", "summary", "title", "example", "examples", "operationId", "name", "tags"})
_ALIKE = 0.6  # of what two elements say


@dataclass(frozen=True, slots=True)
class Rename:
    """A question: what was ``removed`` and what was ``added`` are ``likeness`` (up to 1) alike; is it one element?"""

    removed: Change
    added: Change
    likeness: float

    @property
    def question(self) -> str:
        """Ask in a sentence."""
        old, new = self.removed.was, self.added.now
        place = _place(self.removed)
        return f"{place}: removed `{old}`, added `{new}`, {'the same' if self.likeness == 1 else 'alike'}: renamed?"


def renames(base: Api, head: Api, changes: Sequence[Change]) -> list[Rename]:
    """Give the questions that a comparison leaves, the most alike first; each change is in one of them at most."""
    found = sorted(
        _pairs(base, head, changes), key=lambda item: (-item.likeness, item.removed.address, item.added.address)
    )
    used: set[str] = set()
    kept = []
    for item in found:
        if not used & {item.removed.id, item.added.id}:
            used |= {item.removed.id, item.added.id}
            kept.append(item)
    return kept


def _pairs(base: Api, head: Api, changes: Sequence[Change]) -> Iterator[Rename]:
    groups: dict[tuple[str, str, str], tuple[list[Change], list[Change]]] = {}
    for change in changes:
        word = change.kind.partition(" ")[0]
        if change.facet in _NAMED and word in ("added", "removed"):
            group = groups.setdefault((change.facet, change.direction, _place(change)), ([], []))
            group[word == "added"].append(change)
    for gone, come in groups.values():
        for removed in gone:
            for added in come:
                likeness = _likeness(value_at(base, removed.base_pointer), value_at(head, added.head_pointer))
                if likeness >= _ALIKE:
                    yield Rename(removed, added, likeness)


def _place(change: Change) -> str:
    """Give where an element stands: what it would share with what it was renamed to."""
    if change.facet == "operation":
        return "operations"
    name = change.was if change.was is not None else change.now
    return change.address.removesuffix(str(name)).rstrip(".: >")


def _likeness(base: Any, head: Any) -> float:
    left, right = set(_said(base)), set(_said(head))
    return len(left & right) / len(left | right) if left | right else 0.0


def _said(value: Any, path: str = "") -> Iterator[str]:
    """Give everything that an element says, apart from its name and its prose."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _PROSE or isinstance(item, dict):
                yield from _said(item, f"{path}/{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _said(item, f"{path}[]")
    else:
        last = split(path)[-1:] if path.startswith("/") else []
        yield f"{path}={value}" if last else str(value)
