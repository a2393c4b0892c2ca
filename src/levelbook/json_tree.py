"""JSON text to plain data, and marks that are found by need: messages name few of a document's places.

>>> text = '{"a": [1, {"b": null}]}'
>>> read_json(text), json_marks(text).items["a"][1].items[1].start
({'a': [1, {'b': None}]}, Mark(line=0, column=10, index=10))
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from functools import partial
from typing import Any

from levelbook.marks import ListMarks, MapMarks, Mark

_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LINE = re.compile("\n")


def read_json(text: str, depth: int = 250) -> Any:
    """Read JSON (RFC 8259) that is no deeper than ``depth``. Raises ValueError without words: others say what is wrong.

    A key that stands twice, a number that is out of range and half of a surrogate pair are refused as well.
    """
    try:
        data = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refused, parse_float=_in_range)
    except RecursionError:
        raise ValueError from None
    if _SURROGATE.search(text):
        json.dumps(data, ensure_ascii=False).encode()  # UnicodeEncodeError, which is a ValueError, for half a pair
    inside, level = 0, [data]
    while level := [item for one in level for item in _items(one) if item.__class__ is dict or item.__class__ is list]:
        inside += 1
        if inside >= depth:
            raise ValueError
    return data


def _items(value: Any) -> Any:
    return value.values() if value.__class__ is dict else value if value.__class__ is list else ()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refused(_: str) -> None:
    raise ValueError


def _in_range(text: str) -> float:
    number = float(text)
    if number in (math.inf, -math.inf):
        raise ValueError
    return number


def json_marks(text: str) -> Any:
    """Give the marks of JSON that has been read: each object and array is looked through when it is asked for."""
    lines = [0, *(match.end() for match in _LINE.finditer(text))]
    return _Text(text, lines).marks(_past(text, 0))


def _past(text: str, index: int) -> int:
    """Give the index of the next character that is no white space."""
    return _SPACE.match(text, index).end()  # type: ignore[union-attr]  # it matches nothing, too


class _Text:
    """A text of JSON, and where its lines begin."""

    def __init__(self, text: str, lines: list[int]) -> None:
        self.text = text
        self.lines = lines
        self.read = json.JSONDecoder().raw_decode  # in C: what is not asked for is passed over as fast as it is read

    def mark(self, index: int) -> Mark:
        line = bisect_right(self.lines, index) - 1
        return Mark(line, index - self.lines[line], index)

    def marks(self, index: int) -> Any:
        """Give the marks of the value that begins at an index."""
        if self.text[index] == "{":
            return MapMarks.late(self.mark(index), partial(self.members, index))
        if self.text[index] == "[":
            return ListMarks.late(self.mark(index), partial(self.elements, index))
        return self.mark(index)

    def members(self, index: int) -> dict[str, tuple[Mark, Any]]:
        """Give the marks of an object's members."""
        found, text = {}, self.text
        index = _past(text, index + 1)
        while text[index] != "}":
            key, end = self.read(text, index)
            value = _past(text, _past(text, end) + 1)
            found[key] = (self.mark(index), self.marks(value))
            index = self.behind(value)
        return found

    def elements(self, index: int) -> list[Any]:
        """Give the marks of an array's elements."""
        found = []
        index = _past(self.text, index + 1)
        while self.text[index] != "]":
            found.append(self.marks(index))
            index = self.behind(index)
        return found

    def behind(self, index: int) -> int:
        """Give where the next member or element begins behind the value at an index, or the bracket behind the last."""
        end = _past(self.text, self.read(self.text, index)[1])
        return _past(self.text, end + 1) if self.text[end] == "," else end
