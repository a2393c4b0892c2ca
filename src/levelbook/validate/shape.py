"""What the text of a parameter or a form field may stand for, as far as its schema says.

>>> from levelbook.api import Schema
>>> from levelbook.load import load
>>> shape = Shape(load("api_spec/openapi.yaml"), Schema({"type": "integer"}, ""))
>>> shape.read("5"), shape.read("1_000")
(5, '1_000')
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.meaning import ALL_TYPES, members, types_of
from levelbook.pointer import join

if TYPE_CHECKING:
    from levelbook.api import Api

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")  # RFC 8259, section 6
_DIGITS = 4000  # Python refuses to read longer integers; such a text stays a text, and fails its schema


class Shape:
    """The types that a text may stand for, and the shapes of its items and properties, looked up when needed.

    ``group`` are schemas that say something of the same value; ``$ref`` and ``allOf`` are followed, and the members
    of every union are looked into. ``text_first`` takes a text for a string wherever it may be one, where otherwise
    JSON's spelling of a number or a boolean goes first.
    """

    def __init__(self, api: Api, *group: Schema, text_first: bool = False) -> None:
        self.api = api
        self.text_first = text_first
        self.group = group
        known = [types for schema in group if (types := types_of(api, schema)) != ALL_TYPES]
        self.types = frozenset().union(*known) if known else ALL_TYPES
        self._properties: dict[str, Shape] = {}

    @property
    def is_array(self) -> bool:
        """Whether the value is to be taken apart as a list."""
        return "array" in self.types and self.types != ALL_TYPES

    @property
    def is_object(self) -> bool:
        """Whether the value is to be taken apart as an object."""
        return "object" in self.types and not self.is_array and self.types != ALL_TYPES

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all properties that the schemas know."""
        return tuple(dict.fromkeys(name for value, _ in self._parts for name in _map(value.get("properties"))))

    @cached_property
    def item(self) -> Shape:
        """The shape of the items of a list."""
        found = [Schema(value["items"], join(at, "items")) for value, at in self._parts if "items" in value]
        return Shape(self.api, *found, text_first=self.text_first)

    def property(self, name: str) -> Shape:
        """Give the shape of a property, or of any other where it is not named."""
        if name not in self._properties:
            found = [
                Schema(value["properties"][name], join(at, "properties", name))
                for value, at in self._parts
                if name in _map(value.get("properties"))
            ]
            found = found or [
                Schema(value["additionalProperties"], join(at, "additionalProperties"))
                for value, at in self._parts
                if isinstance(value.get("additionalProperties"), dict)
            ]
            self._properties[name] = Shape(self.api, *found, text_first=self.text_first)
        return self._properties[name]

    def read(self, text: str) -> Any:
        """Give the value that a text stands for: JSON's spelling of its types, else the text itself."""
        types = self.types
        if types == ALL_TYPES or types <= {"string"} or (self.text_first and "string" in types):
            return text
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        if "null" in types and text == "null":
            return None
        if ("integer" in types or "number" in types) and (match := _NUMBER.match(text)) is not None:
            if match[1] or match[2]:
                return float(text)
            return int(text) if len(text) < _DIGITS else text
        return text

    @cached_property
    def _parts(self) -> list[Schema]:
        """Every schema that says something of the value, through references, groups and unions, each once."""
        found: dict[str, Schema] = {}
        stack = list(reversed(self.group))
        while stack:
            for value, at in members(self.api, stack.pop()):
                if at in found:
                    continue
                found[at] = Schema(value, at)
                for keyword in ("oneOf", "anyOf"):
                    union = value.get(keyword)
                    stack += [
                        Schema(item, join(at, keyword, index))
                        for index, item in enumerate(union if isinstance(union, list) else ())
                    ]
        return list(found.values())


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
