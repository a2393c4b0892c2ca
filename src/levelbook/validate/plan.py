"""The plan of an operation: all that judging its exchanges takes, as plain data that a file can hold.

Schemas stand in it by the names of their lowered forms (``@7``), places by JSON Pointer.

>>> shape = Shape(frozenset({"integer"}))
>>> shape.read("5"), shape.read("1_000")
(5, '1_000')
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from levelbook.engine import matches

Direction: TypeAlias = Literal["request", "response"]

ALL_TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})  # an integer is a number
SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")  # RFC 8259, section 6
_DIGITS = 4000  # Python refuses to read longer integers; such a text stays a text, and fails its schema


class Shape:
    """The types that a text may stand for, and the shapes of its items and properties.

    ``rest`` is the shape of properties that are not named, ``patterns`` those of names that match a regular expression;
    ``prefix`` are the shapes of a tuple's first items. ``is_free`` says that any property may be there.
    """

    __slots__ = (
        "_item", "is_array", "is_free", "is_object", "is_open", "is_text", "patterns", "prefix", "properties", "rest",
        "types",
    )  # fmt: skip

    def __init__(self, types: frozenset[str] = ALL_TYPES) -> None:
        self.types = types
        self.is_open = types == ALL_TYPES  # nothing is said: a text stays a text, several are a list
        self.is_text = self.is_open or types <= {"string"}
        self.is_array = "array" in types and not self.is_open
        self.is_object = "object" in types and not self.is_array and not self.is_open
        self.prefix: list[Shape] = []
        self.properties: dict[str, Shape] = {}
        self.patterns: list[tuple[str, Shape]] = []
        self.rest: Shape | None = None
        self.is_free = False
        self._item: Shape | None = None

    @property
    def item(self) -> Shape:
        """The shape of the items of a list."""
        return self._item or _ANY

    @item.setter
    def item(self, shape: Shape | None) -> None:
        self._item = shape

    @property
    def has_item(self) -> bool:
        """Whether anything is said of the items of a list."""
        return self._item is not None

    def item_at(self, index: int) -> Shape:
        """Give the shape of one item: a tuple's own (``prefixItems``), else that of all items."""
        return self.prefix[index] if index < len(self.prefix) else self.item

    def of(self, name: str) -> Shape:
        """Give the shape of a property, or of any other where it is not named."""
        found = self.properties.get(name)
        if found is not None:
            return found
        for pattern, shape in self.patterns:
            if matches(pattern, name):
                return shape
        return self.rest or _ANY

    @property
    def is_either(self) -> bool:
        """Whether a text may be a single value as well as a list or an object."""
        return not self.is_open and bool(self.types & SCALARS) and bool(self.types & {"array", "object"})

    @property
    def is_ambiguous(self) -> bool:
        """Whether a text that reads as a number, a boolean or null may also be just that text."""
        return not self.is_open and "string" in self.types and len(self.types & SCALARS) > 1

    def read(self, text: str) -> Any:
        """Give the value that a text stands for: JSON's spelling of its types, else the text itself."""
        if self.is_text:
            return text
        types = self.types
        if "integer" in types or "number" in types:
            match = _NUMBER.match(text)
            if match is not None:
                if match[1] or match[2]:
                    number = float(text)
                    return number if math.isfinite(number) else text
                return int(text) if len(text) < _DIGITS else text
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        return None if text == "null" and "null" in types else text


_ANY = Shape()


class Reading:
    """One of the ways to read texts that may stand for several values, chosen by number.

    Each choice that comes up is counted; the plain reading takes a list for a list and JSON's spelling for its types,
    and the choices whose number is in ``turned`` the other way: as a single value, as a text.
    """

    __slots__ = ("choices", "turned")

    def __init__(self, turned: frozenset[int] = frozenset()) -> None:
        self.turned = turned
        self.choices = 0

    def is_turned(self) -> bool:
        """Count a choice, and say whether it goes the other way."""
        self.choices += 1
        return self.choices - 1 in self.turned

    def read(self, shape: Shape, text: str) -> Any:
        """Read a text as a value of a shape."""
        value = shape.read(text)
        if shape.is_ambiguous and not isinstance(value, str) and self.is_turned():
            return text
        return value

    def takes_apart(self, shape: Shape) -> bool:
        """Say whether a text is to be taken apart as a list or an object."""
        if not (shape.is_array or shape.is_object):
            return False
        return not (shape.is_either and self.is_turned())


@dataclass(slots=True)
class ParameterPlan:
    """A parameter or header; ``schema`` names its lowered schema, ``content`` is its media type where it has one.

    ``parts`` are the encodings of the fields of a ``content`` that is a form.
    """

    name: str
    place: str
    pointer: str
    style: str = "form"
    explode: bool = True
    required: bool = False
    allow_empty: bool = False
    schema: str = ""
    content: str = ""
    shape: Shape = field(default_factory=Shape)
    parts: dict[str, PartPlan] = field(default_factory=dict)


@dataclass(slots=True)
class PartPlan:
    """A field of a form: its ``encoding``; ``styled`` says that this decides by ``style``, not by content type.

    ``inner`` is the encoding of the parts of a part (OpenAPI 3.2). ``itemwise`` says that each item of a list
    is written by itself, as OpenAPI 3.2 has it, and not the list as one JSON value.
    """

    content_type: str = ""
    style: str = "form"
    explode: bool = True
    styled: bool = False
    itemwise: bool = False
    pointer: str = ""
    headers: list[ParameterPlan] = field(default_factory=list)
    inner: MediaPlan | None = None


@dataclass(slots=True)
class MediaPlan:
    """A media type of a body: ``schema`` is of the whole, ``item_schema`` of one item of a sequence (OpenAPI 3.2).

    ``is_sequence`` says that a body of this type is a list of items.
    """

    type: str
    pointer: str
    schema: str = ""
    item_schema: str = ""
    is_sequence: bool = False
    shape: Shape = field(default_factory=Shape)
    parts: dict[str, PartPlan] = field(default_factory=dict)
    prefix_parts: list[PartPlan] = field(default_factory=list)
    item_part: PartPlan | None = None


@dataclass(slots=True)
class BodyPlan:
    """What a request carries."""

    pointer: str
    required: bool = False
    media: list[MediaPlan] = field(default_factory=list)


@dataclass(slots=True)
class AnswerPlan:
    """One documented response; ``status`` is ``200``, ``4XX`` or ``DEFAULT``."""

    status: str
    pointer: str
    headers: list[ParameterPlan] = field(default_factory=list)
    media: list[MediaPlan] = field(default_factory=list)


@dataclass(slots=True)
class CredentialPlan:
    """A security scheme that one alternative needs: an ``apiKey``'s place and name, or an HTTP scheme."""

    type: str
    place: str = ""
    name: str = ""
    scheme: str = ""


@dataclass(slots=True)
class OperationPlan:
    """One operation: ``security`` lists alternatives, ``credentials`` all API keys that the document knows."""

    key: str
    pointer: str
    security: list[list[CredentialPlan]] = field(default_factory=list)
    parameters: list[ParameterPlan] = field(default_factory=list)
    body: BodyPlan | None = None
    answers: list[AnswerPlan] = field(default_factory=list)
    credentials: list[CredentialPlan] = field(default_factory=list)
