"""What a schema means once ``$ref`` and ``allOf`` are followed: one answer for the validator and the pages.

>>> from levelbook.api import Schema
>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> to = api.operation("POST /messages").body.content[0].schema.value["properties"]["to"]
>>> sorted(types_of(api, Schema(to, "")))
['array', 'integer', 'string']
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.pointer import join, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Body, Operation, Parameter

ALL_TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})  # an integer is a number
_CONSTRAINTS = (
    "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
)  # fmt: skip
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
    prefix_items: list[Schema] = field(default_factory=list)
    unions: list[tuple[str, list[Schema]]] = field(default_factory=list)
    enum: list[Any] | None = None
    constraints: dict[str, Any] = field(default_factory=dict)
    default: list[Any] = field(default_factory=list)
    examples: list[Any] = field(default_factory=list)
    component: str = ""
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False


def meaning_of(api: Api, *group: Schema) -> Meaning:
    """Merge a group of schemas that all judge the same value, with everything their ``$ref`` and ``allOf`` add."""
    meaning = Meaning()
    for schema in group:
        for member in members(api, schema):
            _add(api, meaning, member)
    for _, union in meaning.unions:
        meaning.types = _both(meaning.types, frozenset().union(*(types_of(api, member) for member in union)))
    return meaning


def members(api: Api, schema: Schema) -> Iterator[Schema]:
    """Give a schema and what it is combined with by ``$ref`` and ``allOf``; each once, also in a cycle."""
    stack, seen = [schema], set()
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
        types = _both(types, _own_types(api, value))
        for keyword in ("oneOf", "anyOf"):
            if isinstance(value.get(keyword), list):
                union = [
                    types_of(api, Schema(item, join(pointer, keyword, index)), depth + 1)
                    for index, item in enumerate(value[keyword])
                ]
                types = _both(types, frozenset().union(*union))
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


def component_name(pointer: str) -> str:
    """Give the name of the component schema that stands at a pointer; empty if none does."""
    tokens = split(pointer)
    return tokens[2] if len(tokens) == 3 and tokens[:2] == ["components", "schemas"] else ""  # noqa: PLR2004


def _both(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
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
        types = _both(types, frozenset(_TYPE_OF[type(item)] for item in listed))
    return types


def _add(api: Api, meaning: Meaning, schema: Schema) -> None:
    value, pointer = schema
    meaning.sources.append(schema)
    meaning.component = meaning.component or component_name(pointer)
    meaning.types = _both(meaning.types, _own_types(api, value))
    meaning.formats += [value["format"]] if isinstance(value.get("format"), str) else []
    meaning.titles += [value["title"]] if isinstance(value.get("title"), str) else []
    if isinstance(value.get("description"), str):
        meaning.descriptions.append(Schema(value["description"], join(pointer, "description")))
    for name, item in _map(value.get("properties")).items():
        meaning.properties.setdefault(name, []).append(Schema(item, join(pointer, "properties", name)))
    if isinstance(value.get("required"), list):
        meaning.required |= {name for name in value["required"] if isinstance(name, str)}
    for keyword, into in (("additionalProperties", meaning.additional), ("items", meaning.items)):
        if keyword in value:
            into.append(Schema(value[keyword], join(pointer, keyword)))
    for index, item in enumerate(_sequence(value.get("prefixItems"))):
        meaning.prefix_items.append(Schema(item, join(pointer, "prefixItems", index)))
    for keyword in ("oneOf", "anyOf"):
        if _sequence(value.get(keyword)):
            union = [Schema(item, join(pointer, keyword, index)) for index, item in enumerate(value[keyword])]
            meaning.unions.append((keyword, union))
    listed = value["enum"] if isinstance(value.get("enum"), list) else [value["const"]] if "const" in value else None
    if listed is not None:
        meaning.enum = listed if meaning.enum is None else [item for item in meaning.enum if item in listed]
    meaning.constraints |= {key: value[key] for key in _CONSTRAINTS if key in value}
    meaning.default += [value["default"]] if "default" in value else []
    meaning.examples += ([value["example"]] if "example" in value else []) + _sequence(value.get("examples"))
    meaning.deprecated |= value.get("deprecated") is True
    meaning.read_only |= value.get("readOnly") is True
    meaning.write_only |= value.get("writeOnly") is True


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
