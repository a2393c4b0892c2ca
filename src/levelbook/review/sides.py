"""The two sides of a comparison: what was, and what is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def sides(items: Iterable[Any]) -> tuple[Any, Any]:
    """Give two things as what they are: that of BASE and that of HEAD."""
    base, head = items
    return base, head
