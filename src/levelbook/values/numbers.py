"""Numbers: within bounds, and multiples of what is asked for.

>>> number([{"minimum": 2, "exclusiveMaximum": 9, "multipleOf": 1.5}], whole=False, chance=None)
3.0
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.values.impossible import Impossible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from random import Random

_WIDE = 1000  # how far from a bound a number is looked for
_FINE = 8  # parts of a range without steps


class _Range(NamedTuple):
    low: Fraction | None
    high: Fraction | None
    step: Fraction | None
    open_low: bool
    open_high: bool


def number(sources: Iterable[Mapping[str, Any]], *, whole: bool, chance: Random | None) -> float:
    """Give a number that schemas allow together; ``chance`` chooses, None gives the plainest. Raises Impossible."""
    asked = _range(sources, whole=whole)
    if asked.step is None:
        return float(_between(asked, chance))
    step = asked.step
    first = None if asked.low is None else ceil(asked.low / step)
    last = None if asked.high is None else floor(asked.high / step)
    if first is not None and asked.open_low and first * step == asked.low:
        first += 1
    if last is not None and asked.open_high and last * step == asked.high:
        last -= 1
    first, last = _ends(first, last, least=1 if chance is None else 0)
    if first > last:
        raise Impossible("no number lies within its bounds")
    found = step * (first if chance is None else chance.randint(first, min(last, first + _WIDE)))
    return int(found) if whole else float(found)


def _ends(first: int | None, last: int | None, *, least: int) -> tuple[int, int]:
    """Give both ends where one or none is asked for: at 1, or 0, if that may be."""
    if first is None:
        first = least if last is None else min(least, last)
    if last is None:
        last = max(first, least) + _WIDE
    return (least if first <= least <= last else first), last


def _between(asked: _Range, chance: Random | None) -> Fraction:
    low, high = asked.low, asked.high
    plain = Fraction(3, 2)
    fits = (low is None or low < plain) and (high is None or plain < high)
    if chance is None and fits:
        return plain
    low = low if low is not None else (high - 2 if high is not None else Fraction(0))
    high = high if high is not None else low + 2
    if low > high or (low == high and (asked.open_low or asked.open_high)):
        raise Impossible("no number lies within its bounds")
    part = Fraction(chance.randint(1, _FINE - 1) if chance else _FINE // 2, _FINE)
    return low + (high - low) * part


def _range(sources: Iterable[Mapping[str, Any]], *, whole: bool) -> _Range:
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    steps = [Fraction(1)] if whole else []
    for source in sources:
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            for value, is_open in _bounds(source, bound, exclusive):
                if bound == "minimum":
                    low = (value, is_open) if low is None else max(low, (value, is_open))
                else:  # of two equal ones the open one holds
                    high = (value, is_open) if high is None else min(high, (value, is_open), key=_tightness)
        if (step := _fraction(source.get("multipleOf"))) and step > 0:
            steps.append(step)
    step = _common(steps) if steps else None
    return _Range(low and low[0], high and high[0], step, bool(low and low[1]), bool(high and high[1]))


def _tightness(bound: tuple[Fraction, bool]) -> tuple[Fraction, bool]:
    return bound[0], not bound[1]


def _bounds(source: Mapping[str, Any], bound: str, exclusive: str) -> list[tuple[Fraction, bool]]:
    """Give the bounds of one schema; in OpenAPI 3.0 the exclusive one is a flag of the other."""
    found = []
    if (value := _fraction(source.get(bound))) is not None:
        found.append((value, source.get(exclusive) is True))
    if (value := _fraction(source.get(exclusive))) is not None:
        found.append((value, True))
    return found


def _fraction(value: Any) -> Fraction | None:
    """Read a number as it is written: 0.1 is a tenth."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return Fraction(str(value))
    except ValueError:  # no number of JSON
        return None


def _common(steps: list[Fraction]) -> Fraction:
    """Give the least common multiple."""
    below = lcm(*(step.denominator for step in steps))
    return Fraction(lcm(*(int(step * below) for step in steps)), below)
