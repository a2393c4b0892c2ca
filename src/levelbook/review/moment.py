"""At which level a document stands: what its table says, or the newest of its notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from levelbook.levels import is_assigned, position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api
    from levelbook.levels import Level
    from levelbook.notes import Note

Bound: TypeAlias = tuple[int, tuple[int, ...]]  # what levels.position gives
_BEFORE_ALL = (-1, ())


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a document stands; without a level table and notes, it has no level and is before all others."""

    level: Level | None = None
    bound: Bound = _BEFORE_ALL
    is_stated: bool = False


def moment_of(api: Api, notes: Iterable[Note]) -> Moment:
    """Give the level of a document: its table's, or the highest that a note of it names, or its newest release."""
    if (current := api.levels.current) is not None:
        return Moment(current, position(current, None), is_stated=True)
    named = [anchor for note in notes for anchor in note.anchors if anchor.level is None or is_assigned(anchor.level)]
    newest = max(named, key=lambda anchor: position(anchor.level, anchor.release), default=None)
    if newest is None:
        return Moment()
    level = newest.level if newest.level is not None else newest.release
    return Moment(level, position(newest.level, newest.release))


def is_above(note: Note, bound: Bound) -> bool:
    """Say whether a note tells of a change after a bound; what has no level yet is after every one."""
    return position(note.level, note.release) > bound
