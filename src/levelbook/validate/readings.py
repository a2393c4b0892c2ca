"""Looking for the reading of a text that its schema accepts, where it may be read in several ways.

>>> from levelbook.validate.plan import Shape
>>> shape = Shape(frozenset({"string", "integer"}))
>>> best(lambda reading: reading.read(shape, "5"), lambda value: int(value != "5"))
'5'
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from levelbook.validate.plan import Reading
from levelbook.validate.texts import NotDecoded

if TYPE_CHECKING:
    from collections.abc import Callable

_FEW = 5  # choices of which every combination is tried
_TRIALS = 200


def best(decode: Callable[[Reading], Any], faults: Callable[[Any], int]) -> Any:  # noqa: C901  # two searches
    """Give the value with the fewest faults among the readings of a text; the plain one where none is better.

    Every combination of a few choices is tried; of many, one choice at a time is turned while that helps.
    Raises NotDecoded where no reading makes sense.
    """
    first = Reading()
    value, least = _tried(decode, first, faults)
    turned: frozenset[int] = frozenset()
    if least and first.choices <= _FEW:
        for number in range(1, first.choices + 1):
            for trial in combinations(range(first.choices), number):
                other, count = _tried(decode, Reading(frozenset(trial)), faults)
                if count < least:
                    value, least = other, count
                if not least:
                    return _given(value)
        return _given(value)
    trials, improved = 0, True
    everything = frozenset(range(first.choices))
    other, count = _tried(decode, Reading(everything), faults)  # all as texts: what no single turn may reach
    if count < least:
        value, least, turned = other, count, everything
    while least and improved and trials < _TRIALS:
        improved = False
        for number in range(first.choices):
            if not least or trials >= _TRIALS:
                break
            trials += 1
            other, count = _tried(decode, Reading(turned ^ {number}), faults)
            if count < least:
                value, least, turned, improved = other, count, turned ^ {number}, True
    return _given(value)


def _tried(decode: Callable[[Reading], Any], reading: Reading, faults: Callable[[Any], int]) -> tuple[Any, int]:
    try:
        value = decode(reading)
    except NotDecoded as error:
        return error, 10**6
    return value, faults(value)


def _given(value: Any) -> Any:
    if isinstance(value, NotDecoded):
        raise value
    return value
