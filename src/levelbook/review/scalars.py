"""Texts and numbers at the boundaries of a schema.

>>> list(numbers([{"minimum": 3, "maximum": 4}], whole=True))[:3]
[3, 4, 3]
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from levelbook.review.texts import FORMATS, POOL, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Parts = list[dict[str, Any]]


def strings(parts: Parts) -> Iterator[str]:
    """Give texts at the bounds of what the conjuncts of a schema say of length, pattern and format."""
    least = int(max((part.get("minLength", 0) for part in parts), default=0))
    most = int(min((part.get("maxLength", 2**16) for part in parts), default=2**16))
    for part in parts:
        if "pattern" in part:
            yield from texts_of(part["pattern"])
        if part.get("format") in FORMATS:
            yield FORMATS[part["format"]]
    for size in dict.fromkeys((max(1, least), least, most, least + 1)):
        if size <= min(most, 5000):
            yield "a" * size
    yield from (text for text in (*POOL, *FORMATS.values()) if least <= len(text) <= most)


def numbers(parts: Parts, *, whole: bool) -> Iterator[float]:
    """Give numbers at the bounds and steps of what the conjuncts of a schema say."""
    lows = [part[key] for part in parts for key in ("minimum", "exclusiveMinimum") if _is_number(part.get(key))]
    highs = [part[key] for part in parts for key in ("maximum", "exclusiveMaximum") if _is_number(part.get(key))]
    low, high = max(lows, default=None), min(highs, default=None)
    steps = [part["multipleOf"] for part in parts if _is_number(part.get("multipleOf"))]
    found: list[float] = [1, 0]
    for bound, sign in ((low, 1), (high, -1)):
        if bound is not None:
            found += [bound, bound + sign, bound + sign * 0.5, math.ceil(bound), math.floor(bound)]
    if low is not None and high is not None:
        found.append((low + high) / 2)
    for step in steps:
        start = math.ceil((low if low is not None else 0) / step)
        found += [step * (start + index) for index in range(4)] + [step * (start + 1) + 0.5]
    found += [2, 3, 5, 7, -1, 10, 100, -100, 10**6, 2**31, -(2**31) - 1, 2**63, 0.5, 1.5, 0.1, 1e-3]
    for value in found:
        if (low is None or value >= low) and (high is None or value <= high):
            if not whole:
                yield value
            elif value == int(value):
                yield int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
