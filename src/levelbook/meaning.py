"""What a schema means once ``$ref`` and ``allOf`` are followed: one answer for the validator and the pages.

>>> from levelbook.api import Schema
>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> to = api.operation("POST /messages").body.content[0].schema.value["properties"]["to"]
>>> sorted(types_of(api, Schema(to, "")))
['array', 'integer', 'string']
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.pointer import join, split
from levelbook.problem import SpecError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from levelbook.api import Api, Body, Operation, Parameter

ALL_TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})  # an integer is a number
_CONSTRAINTS = frozenset({
    "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "minContains", "maxContains",
    "contentEncoding", "contentMediaType",
})  # fmt: skip
_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"})
_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"})
_APPLIED_BY_NAME = frozenset({"patternProperties", "dependentSchemas"})
_APPLIED = _APPLIED_BY_NAME | {
    "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems",
    "contentSchema",
}  # fmt: skip
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_PLACES = frozenset({"query", "path", "header", "cookie", "querystring"})
_TYPE_OF = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


@dataclass(slots=True)
class Meaning:
    """All that a group of schemas says of one value; lists keep the document's order, outermost first.

    ``properties`` maps a name onto every schema the group has for it: together they are that property's group.
    ``prefix_items`` does so for the places of a tuple. ``applied`` are the schemas of the other keywords that hold
    schemas, with the keyword and, for one that names things, the name.
    ``unions`` holds the members of each ``oneOf``/``anyOf``. ``sources`` are the schemas that were merged.
    """

    sources: list[Schema] = field(default_factory=list)
    types: frozenset[str] = ALL_TYPES
    formats: list[str] = field(default_factory=list)
    descriptions: list[Schema] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    properties: dict[str, list[Schema]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    additional: list[Schema] = field(default_factory=list)
    items: list[Schema] = field(default_factory=list)
    prefix_items: list[list[Schema]] = field(default_factory=list)
    applied: list[tuple[str, str, Schema]] = field(default_factory=list)
    dependent: dict[str, list[str]] = field(default_factory=dict)
    discriminators: list[Schema] = field(default_factory=list)
    external_docs: list[Schema] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    unions: list[tuple[str, list[Schema]]] = field(default_factory=list)
    enum: list[Any] | None = None
    constraints: dict[str, Any] = field(default_factory=dict)
    default: list[Any] = field(default_factory=list)
    examples: list[Any] = field(default_factory=list)
    component: str = ""
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False


def meaning_of(api: Api, *group: Schema, without: Collection[str] = ()) -> Meaning:
    """Merge a group of schemas that all judge the same value, with everything their ``$ref`` and ``allOf`` add.

    What stands at the pointers ``without`` is left out, with all that it would add. The meaning belongs to the Api and
    is the same for all who ask: nobody may change it.
    """
    key = (tuple(schema.pointer for schema in group), tuple(without))
    known: Meaning | None = api.meanings.get(key)
    if known is not None and all(key[0]):
        return known
    meaning = api.meanings[key] = _merged(api, group, without)
    return meaning


def _merged(api: Api, group: tuple[Schema, ...], without: Collection[str]) -> Meaning:
    meaning = Meaning()
    seen = set(without)
    for schema in group:
        for member in members(api, schema, seen):
            seen.add(member.pointer)
            _add(api, meaning, member)
    for _, union in meaning.unions:
        meaning.types = both(meaning.types, frozenset().union(*(types_of(api, member) for member in union)))
    return meaning


def members(api: Api, schema: Schema, without: Collection[str] = ()) -> Iterator[Schema]:
    """Give a schema and what it is combined with by ``$ref`` and ``allOf``; each once, also in a cycle."""
    stack, seen = [schema], set(without)
    while stack:
        value, pointer = stack.pop()
        if pointer in seen or not isinstance(value, dict):
            if value is False and pointer not in seen:
                yield Schema({"not": {}, "enum": []}, pointer)
            continue
        seen.add(pointer)
        below: list[Schema] = []
        if isinstance(value.get("$ref"), str):
            below.append(Schema(*api.documents.target(value["$ref"], pointer)))
            if not api.dialect.ref_siblings:
                stack += below
                continue
        elif isinstance(value.get("$dynamicRef"), str):  # as a plain one, as it is judged
            with suppress(SpecError):
                below.append(Schema(*api.documents.target(value["$dynamicRef"], pointer)))
        yield Schema(value, pointer)
        if isinstance(value.get("allOf"), list):
            below += [Schema(item, join(pointer, "allOf", index)) for index, item in enumerate(value["allOf"])]
        stack += reversed(below)


def types_of(api: Api, schema: Schema, depth: int = 0) -> frozenset[str]:
    """Give the JSON types that a schema leaves possible; all of them where it does not say."""
    types = ALL_TYPES
    if depth > 10:  # noqa: PLR2004  # a union that contains itself adds nothing new
        return types
    for value, pointer in members(api, schema):
        types = both(types, _own_types(api, value))
        for keyword in ("oneOf", "anyOf"):
            if isinstance(value.get(keyword), list):
                union = [
                    types_of(api, Schema(item, join(pointer, keyword, index)), depth + 1)
                    for index, item in enumerate(value[keyword])
                ]
                types = both(types, frozenset().union(*union))
    return types


def judged_parameters(operation: Operation) -> list[Parameter]:
    """Give the parameters that mean something: some headers shall be ignored (OpenAPI 3.1.1, 4.8.12.1)."""
    return [
        item
        for item in operation.parameters
        if item.place in _PLACES and not (item.place == "header" and item.name.lower() in _IGNORED_HEADERS)
    ]


def judged_body(api: Api, operation: Operation) -> Body | None:
    """Give the body, where it means something (OpenAPI 3.0.4, 4.7.10.1)."""
    ignored = api.dialect.version == "3.0" and operation.method in ("GET", "HEAD", "DELETE")
    return None if ignored else operation.body


def type_of(value: Any) -> str:
    """Give the JSON type of a value; a whole number is an integer."""
    return _TYPE_OF[type(value)]


def component_name(pointer: str) -> str:
    """Give the name of the component schema that stands at a pointer; empty if none does."""
    tokens = split(pointer) if "/components/schemas/" in pointer else ()
    return tokens[2] if len(tokens) == 3 and tokens[:2] == ["components", "schemas"] else ""  # noqa: PLR2004


def both(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    """Give the types that two schemas both allow: an integer is a number."""
    narrowed = any("integer" in one and "number" in other for one, other in ((left, right), (right, left)))
    return left & right | ({"integer"} if narrowed else frozenset())


def _own_types(api: Api, value: dict[str, Any]) -> frozenset[str]:
    written = value.get("type")
    if isinstance(written, str):
        nullable = api.dialect.nullable and value.get("nullable") is True
        types = frozenset({written, "null"} if nullable else {written})
    elif isinstance(written, list):
        types = frozenset(str(item) for item in written)
    else:
        types = ALL_TYPES
    listed = value["enum"] if isinstance(value.get("enum"), list) else [value["const"]] if "const" in value else None
    if listed is not None:
        types = both(types, frozenset(type_of(item) for item in listed))
    return types


def _add(api: Api, meaning: Meaning, schema: Schema) -> None:
    value, pointer = schema
    meaning.sources.append(schema)
    meaning.component = meaning.component or component_name(pointer)
    meaning.types = both(meaning.types, _own_types(api, value))
    _add_words(meaning, value, pointer)
    _add_bounds(meaning, value)
    _add_schemas(meaning, value, pointer)
    _add_applied(meaning, value, pointer)


def _add_words(meaning: Meaning, value: dict[str, Any], pointer: str) -> None:
    """Add what a schema says to readers."""
    for keyword, into in (("format", meaning.formats), ("title", meaning.titles), ("pattern", meaning.patterns)):
        if isinstance(value.get(keyword), str):
            into.append(value[keyword])
    if isinstance(value.get("description"), str):
        meaning.descriptions.append(Schema(value["description"], join(pointer, "description")))
    for keyword, found in (("discriminator", meaning.discriminators), ("externalDocs", meaning.external_docs)):
        if isinstance(value.get(keyword), dict):
            found.append(Schema(value[keyword], join(pointer, keyword)))
    meaning.default += [value["default"]] if "default" in value else []
    meaning.examples += ([value["example"]] if "example" in value else []) + _sequence(value.get("examples"))
    meaning.deprecated |= value.get("deprecated") is True
    meaning.read_only |= value.get("readOnly") is True
    meaning.write_only |= value.get("writeOnly") is True


def _add_bounds(meaning: Meaning, value: dict[str, Any]) -> None:
    """Add what a schema says of single values: both its bounds and those known already hold."""
    if isinstance(value.get("required"), list):
        meaning.required |= {name for name in value["required"] if isinstance(name, str)}
    listed = value["enum"] if isinstance(value.get("enum"), list) else [value["const"]] if "const" in value else None
    if listed is not None:
        meaning.enum = listed if meaning.enum is None else [item for item in meaning.enum if _holds(listed, item)]
    for key, bound in value.items():
        if key in _CONSTRAINTS:
            meaning.constraints[key] = _tighter(key, bound, meaning.constraints.get(key))
    for name, others in _map(value.get("dependentRequired")).items():
        meaning.dependent.setdefault(name, []).extend(str(other) for other in _sequence(others))


def _add_schemas(meaning: Meaning, value: dict[str, Any], pointer: str) -> None:
    """Add the schemas of what lies inside."""
    for name, item in _map(value.get("properties")).items():
        meaning.properties.setdefault(name, []).append(Schema(item, join(pointer, "properties", name)))
    for keyword, into in (("additionalProperties", meaning.additional), ("items", meaning.items)):
        if keyword in value:
            into.append(Schema(value[keyword], join(pointer, keyword)))
    for index, item in enumerate(_sequence(value.get("prefixItems"))):
        if index == len(meaning.prefix_items):
            meaning.prefix_items.append([])
        meaning.prefix_items[index].append(Schema(item, join(pointer, "prefixItems", index)))
    for keyword in ("oneOf", "anyOf"):
        if _sequence(value.get(keyword)):
            union = [Schema(item, join(pointer, keyword, index)) for index, item in enumerate(value[keyword])]
            meaning.unions.append((keyword, union))


def _add_applied(meaning: Meaning, value: dict[str, Any], pointer: str) -> None:
    """Add the schemas of the keywords that apply further ones."""
    if _APPLIED.isdisjoint(value):
        return
    for keyword, written in value.items():
        if keyword in _APPLIED_BY_NAME:
            for name, item in _map(written).items():
                meaning.applied.append((keyword, name, Schema(item, join(pointer, keyword, name))))
        elif keyword in _APPLIED and isinstance(written, (dict, bool)):
            meaning.applied.append((keyword, "", Schema(written, join(pointer, keyword))))


def _holds(listed: list[Any], item: Any) -> bool:
    """Say whether a list has a value, as JSON has values: true is no number."""
    return any(item == other and isinstance(item, bool) is isinstance(other, bool) for other in listed)


def _tighter(key: str, value: Any, other: Any) -> Any:
    """Give the bound of two that leaves less: both hold."""
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (value, other)):
        return value if other is None or other is False else other
    return max(value, other) if key in _LOWER else min(value, other) if key in _UPPER else value


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
