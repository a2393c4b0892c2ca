"""Where things stand in a file: the marks that reading it leaves, as trees beside its data."""

from __future__ import annotations

from typing import Any, NamedTuple


class MapMarks(NamedTuple):
    """Where a mapping begins, and for each key its own mark and the marks of its value."""

    start: Any
    items: dict[str, tuple[Any, Any]]


class ListMarks(NamedTuple):
    """Where a list begins, and the marks of each item."""

    start: Any
    items: list[Any]
