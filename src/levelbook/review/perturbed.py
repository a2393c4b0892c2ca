"""Values that differ from one in a single place: how a schema is asked about one demand at a time.

>>> [value for value in perturbed({"a": 1}) if value == {}]
[{}, {}]
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEP = 3  # levels of a value that are touched
_FEW = 12  # values for each place


def perturbed(value: Any, depth: int = 0) -> Iterator[Any]:
    """Give values that differ from one in a single place: something else, something more, something less."""
    if isinstance(value, dict):
        yield from ({**value, key: "a"} for key in ("zz", "a", "x-a") if key not in value)
        for key, item in value.items():
            yield {other: one for other, one in value.items() if other != key}
            if depth < _DEEP:
                yield from ({**value, key: one} for one in islice(perturbed(item, depth + 1), _FEW))
    elif isinstance(value, list):
        yield [*value, *value[:1]]
        yield [*value, "zz"]
        yield value[:-1]
        if depth < _DEEP:
            for index, item in enumerate(value[:4]):
                yield from (
                    [*value[:index], one, *value[index + 1 :]] for one in islice(perturbed(item, depth + 1), _FEW)
                )
    elif isinstance(value, str):
        yield from (value + "a", value[:-1], "", "a" * 300, value.upper())
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from (value + 1, value - 1, value + 0.5, -value, 10**9)
    yield from (None, 1, "a", True, 1.5, [], {}, ["a"], {"a": "a"})
