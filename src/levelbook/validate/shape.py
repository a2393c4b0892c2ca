"""What the text of a parameter or a form field may stand for, as far as its schema says.

>>> from levelbook.api import Schema
>>> from levelbook.load import load
>>> shape = Shape(load("api_spec/openapi.yaml"), Schema({"type": "integer"}, ""))
>>> shape.read("5"), shape.read("1_000")
(5, '1_000')
"""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from levelbook.api import Schema
from levelbook.meaning import ALL_TYPES, members, types_of
from levelbook.pointer import join

if TYPE_CHECKING:
    from levelbook.api import Api

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")  # RFC 8259, section 6
Reading: TypeAlias = Literal["list", "value", "text"]

_SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})
_DIGITS = 4000  # Python refuses to read longer integers; such a text stays a text, and fails its schema


class Shape:
    """The types that a text may stand for, and the shapes of its items and properties, looked up when needed.

    ``group`` are schemas that say something of the same value; ``$ref`` and ``allOf`` are followed, and the members of
    every union are looked into. Where a text may be read in several ways, ``reading`` says which goes first: as a
    list or an object, as a single value in JSON's spelling, or as a plain text.
    """

    def __init__(self, api: Api, *group: Schema, reading: Reading = "list") -> None:
        self.api = api
        self.reading = reading
        self.group = group
        known = [types for schema in group if (types := types_of(api, schema)) != ALL_TYPES]
        self.types = frozenset().union(*known) if known else ALL_TYPES
        self._properties: dict[str, Shape] = {}

    @property
    def is_array(self) -> bool:
        """Whether the value is to be taken apart as a list."""
        return "array" in self.types and self.types != ALL_TYPES and not self._is_single

    @property
    def is_object(self) -> bool:
        """Whether the value is to be taken apart as an object."""
        return "object" in self.types and not self.is_array and self.types != ALL_TYPES and not self._is_single

    @property
    def _is_single(self) -> bool:
        return self.reading != "list" and bool(self.types & _SCALARS)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The further readings that may give something else."""
        if self.types == ALL_TYPES:
            return ()
        scalars = self.types & _SCALARS
        several = bool(scalars and self.types & {"array", "object"})
        text = "string" in scalars and (several or len(scalars) > 1)
        inner = [self.item, *map(self.property, self.names)] if self.types & {"array", "object"} else []
        text = text or any("string" in shape.types and shape.types & _SCALARS != {"string"} for shape in inner)
        return (*(("value",) if several else ()), *(("text",) if text else ()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all properties that the schemas know."""
        return tuple(dict.fromkeys(name for value, _ in self._parts for name in _map(value.get("properties"))))

    @cached_property
    def item(self) -> Shape:
        """The shape of the items of a list."""
        found = [Schema(value["items"], join(at, "items")) for value, at in self._parts if "items" in value]
        return Shape(self.api, *found, reading=self.reading)

    def item_at(self, index: int) -> Shape:
        """Give the shape of one item: a tuple's own (``prefixItems``), else that of all items."""
        found = [
            Schema(value["prefixItems"][index], join(at, "prefixItems", index))
            for value, at in self._parts
            if isinstance(value.get("prefixItems"), list) and index < len(value["prefixItems"])
        ]
        return Shape(self.api, *found, reading=self.reading) if found else self.item

    @property
    def is_open(self) -> bool:
        """Whether further properties than the named ones are described."""
        return any(isinstance(value.get("additionalProperties"), dict) for value, _ in self._parts)

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
            self._properties[name] = Shape(self.api, *found, reading=self.reading)
        return self._properties[name]

    def read(self, text: str) -> Any:
        """Give the value that a text stands for: JSON's spelling of its types, else the text itself."""
        types = self.types
        if types == ALL_TYPES or types <= {"string"} or (self.reading == "text" and "string" in types):
            return text
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        if "null" in types and text == "null":
            return None
        if ("integer" in types or "number" in types) and (match := _NUMBER.match(text)) is not None:
            if match[1] or match[2]:
                number = float(text)
                return number if math.isfinite(number) else text
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
