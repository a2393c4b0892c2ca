"""What a schema says, spelling aside: two spellings of one meaning have equal shapes.

``$ref``, ``allOf`` and unions of one member are taken apart, ``null`` is told apart from the other types, a constant
is an enumeration of one value, and the bounds of integers are inclusive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from levelbook.meaning import both, meaning_of, types_of
from levelbook.pointer import parent

if TYPE_CHECKING:
    from collections.abc import Collection

    from levelbook.api import Api, Schema
    from levelbook.meaning import Meaning

_Limits = dict[str, tuple[float, bool]]
_ALL = frozenset({"null", "boolean", "number", "string", "array", "object"})
_NULL = frozenset({"null"})
_BARE = frozenset({"type", "title", "description", "example", "examples", "nullable", "$comment"})
_LIMITS = ("minimum", "maximum")
# What JSON Schema says is the same as nothing.
_EMPTY = {
    "minLength": 0, "minItems": 0, "minProperties": 0, "uniqueItems": False, "minContains": 1,
}  # fmt: skip


@dataclass(slots=True)
class Shape:
    """The facets of a group of schemas; ``meaning`` keeps what they were made of.

    ``limits`` maps ``minimum`` and ``maximum`` onto the bound and whether it is exclusive, ``written`` the same before
    the bounds of integers were made inclusive; ``properties`` are those that may be there; ``counts`` holds the other
    keywords with plain values.
    """

    api: Api
    meaning: Meaning
    group: tuple[Schema, ...]
    types: frozenset[str] = _ALL
    nullable: bool = False
    null_at: str = ""  # the union that null is a member of
    enum: list[Any] | None = None
    is_const: bool = False
    is_list: bool = False  # its types are the members of a union
    limits: dict[str, tuple[float, bool]] = field(default_factory=dict)
    written: dict[str, tuple[float, bool]] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, list[Schema]] = field(default_factory=dict)
    unions: list[tuple[str, list[Schema]]] = field(default_factory=list)
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def pointer(self) -> str:
        """Where the group begins: the schema itself, behind a plain reference."""
        written = (source.pointer for source in self.meaning.sources if source.value.keys() != {"$ref"})
        return next(written, self.group[0].pointer)

    def holder(self, pointer: str) -> str:
        """Give what stands here in the place of the schema that has a property in another document, by its pointer."""
        holder = parent(parent(pointer))
        return holder if any(source.pointer == holder for source in self.meaning.sources) else self.pointer

    def beside(self, union: str) -> str:
        """Give what stands here in the place of a union of another document, by its pointer."""
        known = any(source.pointer == union for source in self.meaning.sources)
        return union if known else self.group[0].pointer


def shape_of(api: Api, group: tuple[Schema, ...], without: Collection[str] = ()) -> Shape:
    """Give the shape of schemas that judge one value; what stands at ``without`` is left out. Never to be changed."""
    key = ("shape", tuple(schema.pointer for schema in group), tuple(without))
    known: Shape | None = api.meanings.get(key)
    if known is None:
        known = api.meanings[key] = _shaped(api, group, without)
    return known


def _shaped(api: Api, group: tuple[Schema, ...], without: Collection[str]) -> Shape:
    meaning, unions, null_at = _unwrapped(api, group, without)
    shape = Shape(api, meaning, group, unions=unions, null_at=null_at)
    types = _ALL
    for value, _ in meaning.sources:
        types = both(types, _declared(api, value))
    for union in [item for item in unions if _is_of_types(api, item)]:
        shape.unions = [item for item in shape.unions if item is not union]
        types = both(types, frozenset().union(*(types_of(api, member) for member in union[1])))
        shape.is_list = True
    says_null = bool(null_at) or (types != _ALL and "null" in types)
    shape.types = types if types in (_ALL, _NULL) else types - _NULL
    shape.nullable = says_null and types != _NULL
    if meaning.enum is not None:
        listed = meaning_of(api, *group, without=without).enum if null_at else meaning.enum
        shape.nullable &= listed is None or None in listed  # what is not listed is not accepted, whatever its type
        may_be_null = shape.nullable or shape.types in (_ALL, _NULL)
        shape.enum = _unique(
            [item for item in meaning.enum if item is not None or (may_be_null and not shape.nullable)]
        )
        if shape.types == _ALL and None in shape.enum and len(shape.enum) > 1:
            shape.enum = [item for item in shape.enum if item is not None]
            shape.nullable = True
        shape.is_const = any("const" in value for value, _ in meaning.sources)
    shape.limits, shape.written = _limits(meaning.constraints, shape.types)
    shape.counts = {
        key: value
        for key, value in meaning.constraints.items()
        if key not in _LIMITS and not key.startswith("exclusive") and _EMPTY.get(key, _EMPTY) != value
    }
    shape.marks = _marks(meaning)
    shape.properties = _allowed(meaning)
    return shape


def _unwrapped(
    api: Api, group: tuple[Schema, ...], without: Collection[str]
) -> tuple[Meaning, list[tuple[str, list[Schema]]], str]:
    """Merge unions that leave no choice, and take out members that only say ``null``: where their union stands."""
    null_at = ""
    for _ in range(8):  # a union in a union in a union
        meaning = meaning_of(api, *group, without=without)
        unions: list[tuple[str, list[Schema]]] = []
        merged: list[Schema] = []
        for keyword, union in meaning.unions:
            there = [item for item in union if item.pointer not in without]
            real = [item for item in there if types_of(api, item) != _NULL]
            null = [item for item in there if types_of(api, item) == _NULL]
            null_at = parent(parent(null[0].pointer)) if null else null_at
            if len(real) == 1:
                merged += real
            elif null:
                unions.append((keyword, real))
            else:
                unions.append((keyword, union))
        known = {item.pointer for item in group}
        if not (fresh := [item for item in merged if item.pointer not in known]):
            return meaning, unions, null_at
        group = (*group, *fresh)
    return meaning, unions, null_at


def _allowed(meaning: Meaning) -> dict[str, list[Schema]]:
    """Give the properties that may be there: a member of ``allOf`` that is closed allows those it names alone."""
    closed = [
        value.get("properties") or {}
        for value, _ in meaning.sources
        if value.get("additionalProperties") is False and "patternProperties" not in value
    ]
    return {name: group for name, group in meaning.properties.items() if all(name in names for names in closed)}


def _is_of_types(api: Api, union: tuple[str, list[Schema]]) -> bool:
    """Say whether the members of a union say nothing but different types."""
    seen: set[str] = set()
    for member in union[1]:
        value = member.value
        if not isinstance(value, dict) or "type" not in value or not value.keys() <= _BARE:
            return False
        types = {"number" if kind == "integer" else kind for kind in types_of(api, member)}
        if union[0] == "oneOf" and types & seen:
            return False
        seen |= types
    return True


def _declared(api: Api, value: dict[str, Any]) -> frozenset[str]:
    written = value.get("type")
    if isinstance(written, str):
        nullable = api.dialect.nullable and value.get("nullable") is True
        return frozenset({written, "null"} if nullable else {written})
    return frozenset(str(item) for item in written) if isinstance(written, list) else _ALL


def _limits(constraints: dict[str, Any], types: frozenset[str]) -> tuple[_Limits, _Limits]:
    """Give each bound once, and as it was written: of integers, the last value that is in it."""
    limits: _Limits = {}
    written: _Limits = {}
    for keyword, exclusive, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
        plain, strict = constraints.get(keyword), constraints.get(exclusive)
        found: list[tuple[Any, bool]] = [(plain, strict is True)] if _is_number(plain) else []
        found += [(strict, True)] if _is_number(strict) else []
        if not found:
            continue
        value, is_exclusive = written[keyword] = max(found, key=lambda pair: (sign * pair[0], pair[1]))
        if types <= {"integer"}:
            whole = math.ceil(value) if sign > 0 else math.floor(value)
            value = whole + sign if is_exclusive and whole == value else whole
            is_exclusive = False
        limits[keyword] = (value, is_exclusive)
    return limits, written


def _marks(meaning: Meaning) -> dict[str, Any]:
    """Give what refuses nothing, and is promised all the same; the outermost schema that says it counts."""
    marks: dict[str, Any] = {}
    for value, _ in meaning.sources:
        for key in ("x-sunset", "x-stability-level", "x-extensible-enum", "contentSchema"):
            if key in value:
                marks.setdefault(key, value[key])
    marks["deprecated"] = meaning.deprecated
    marks["readOnly"] = meaning.read_only
    marks["writeOnly"] = meaning.write_only
    if meaning.default:
        marks["default"] = meaning.default[0]
    if meaning.discriminators:
        marks["discriminator"] = meaning.discriminators[0].value
    return marks


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _unique(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not same_among(item, found):
            found.append(item)
    return found


def same_among(item: Any, others: list[Any]) -> bool:
    """Say whether a list has a value, as JSON has values: true is no number, 1 is 1.0."""
    return any(item == other and isinstance(item, bool) is isinstance(other, bool) for other in others)
