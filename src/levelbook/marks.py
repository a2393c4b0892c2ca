"""Where things stand in a file: the marks that reading it leaves, as trees beside its data.

>>> marks = MapMarks(Mark(0, 0, 0), {"a": (Mark(0, 0, 0), Mark(0, 3, 3))})
>>> thawed(frozen(marks)).items["a"][1]
Mark(line=0, column=3, index=3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class Mark(NamedTuple):
    """A place in a text, in characters from 0; what libyaml calls a mark has the same names."""

    line: int
    column: int
    index: int  # type: ignore[assignment]  # of a tuple, where it is a method that nobody calls


class _Marks:
    """Where a collection begins, and what is in it, which may be found only when somebody asks for it."""

    __slots__ = ("_find", "items", "start")

    _find: Callable[[], Any]

    def __init__(self, start: Any, items: Any) -> None:
        self.start = start
        self.items = items

    @classmethod
    def late(cls, start: Any, find: Callable[[], Any]) -> Self:
        """Give marks whose ``items`` are found by need, and then stay."""
        made = cls.__new__(cls)
        made.start = start
        made._find = find  # noqa: SLF001  # our own class
        return made

    def __getattr__(self, name: str) -> Any:
        """Find the items."""
        if name != "items":
            raise AttributeError(name)
        self.items = self._find()
        return self.items


class MapMarks(_Marks):
    """Where a mapping begins; ``items`` has for each key its own mark and the marks of its value."""

    __slots__ = ()


class ListMarks(_Marks):
    """Where a list begins; ``items`` are the marks of each item."""

    __slots__ = ()


def frozen(marks: Any) -> list[Any]:
    """Give marks as JSON has them: line, column and index, then a mapping's or a list's items, if it is one."""
    start = getattr(marks, "start", marks)
    place = [start.line, start.column, start.index]
    if isinstance(marks, MapMarks):
        return [*place, {key: [*_place(mark), frozen(below)] for key, (mark, below) in marks.items.items()}]
    if isinstance(marks, ListMarks):
        return [*place, [frozen(below) for below in marks.items]]
    return place


def _place(mark: Any) -> tuple[int, int, int]:
    return mark.line, mark.column, mark.index


def thawed(kept: list[Any]) -> Any:
    """Give marks of what :func:`frozen` made of them."""
    start = Mark(*kept[:3])
    if len(kept) == len(start):
        return start
    items = kept[3]
    if isinstance(items, dict):
        return MapMarks.late(start, lambda: {key: (Mark(*one[:3]), thawed(one[3])) for key, one in items.items()})
    return ListMarks.late(start, lambda: [thawed(one) for one in items])
