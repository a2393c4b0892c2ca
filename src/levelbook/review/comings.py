"""What a change did to its element: it came, it went, or it stayed and is another one.

>>> from levelbook.review.change import Change
>>> came(Change("1", "GET /a > query:b", "added optional", "parameter", "request", "new-optional-request-parameter"))
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.review.change import Change


def came(change: Change) -> bool:
    """Say whether the element of a change is new."""
    return change.kind.partition(" ")[0] == "added"


def went(change: Change) -> bool:
    """Say whether the element of a change is gone."""
    return change.kind.partition(" ")[0] == "removed"


def is_value(change: Change) -> bool:
    """Say whether a change is about one value of an enum."""
    return change.kind.startswith("value-")
