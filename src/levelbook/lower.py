"""Schemas of OpenAPI 3.0, 3.1 and 3.2, lowered to JSON Schema 2020-12, once per direction.

Structure is kept keyword by keyword, so that a broken keyword leads back to its pointer in the document.

>>> from levelbook.api import Schema
>>> from levelbook.document import parse
>>> from levelbook.documents import Documents
>>> from levelbook.dialect import DIALECTS
>>> documents = Documents(parse("{a: {type: integer, nullable: true}}", "x.yaml"))
>>> lowering = Lowering(documents, DIALECTS["3.0"], "response")
>>> name = lowering.name(Schema(documents.main.data["a"], "/a"))
>>> name, lowering.closure([name])
('@0', {'@0': {'type': ['integer', 'null']}})
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from levelbook.api import Schema
from levelbook.engine import pattern_error
from levelbook.pointer import join
from levelbook.problem import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.dialect import Dialect
    from levelbook.documents import Documents
    from levelbook.engine import Path

Direction: TypeAlias = Literal["request", "response", "either"]

_DROPPED = object()  # annotations, and patterns that cannot be compiled
_MAP = frozenset({"properties", "patternProperties", "dependentSchemas"})
# These judge the very value that the schema they stand in judges, so that they belong to its group.
_SAME_VALUE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})
_EXCUSED = frozenset(
    {"allOf", "then", "else", "dependentSchemas"}
)  # an excuse from `required` would turn the others round
_SUBSCHEMA = _MAP | _SAME_VALUE | {
    "items", "prefixItems", "additionalProperties", "contains", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties",
}  # fmt: skip
_PLAIN = frozenset({
    "type", "enum", "const", "multipleOf", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum",
    "maxLength", "minLength", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
    "maxProperties", "minProperties", "dependentRequired",
})  # fmt: skip
_SHAPE = ("properties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref", "if")
INTEGER_BOUNDS = {  # OpenAPI Format Registry
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    "double-int": (-(2**53) + 1, 2**53 - 1),
}
_HIDDEN = {
    "request": "readOnly",
    "response": "writeOnly",
}  # flagged properties need not be there in this direction


_UNCLOSED = frozenset({"not", "if", "contains"})  # they choose, and describe nothing: closing them would turn verdicts
_DEEP = 6  # levels of properties that several members of a group describe together


class _Context(NamedTuple):
    """Where a schema stands: what its lowered form depends on beside itself.

    ``hidden`` are properties that the surrounding group excuses from ``required``; ``shared`` those that several
    members of the group describe, each with its own such ones, which are closed further out. ``whole`` says that the
    schema is the outermost of its group, ``closing`` that objects are to be closed.
    """

    hidden: frozenset[str] = frozenset()
    shared: frozenset[tuple[str, Any]] = frozenset()
    whole: bool = True
    closing: bool = False


class Lowering:
    """The lowered schemas of one document in one direction; each is lowered when first asked for.

    ``strict`` closes every object at the outermost schema of its ``allOf`` group
    (``unevaluatedProperties: false``), never branch by branch, unless it says itself what else may be there. What is
    valid strictly is valid otherwise too: both forms of a schema have to accept a value.
    ``ignore_formats`` are formats that refuse nothing; ``*`` means all of them.
    """

    def __init__(  # noqa: PLR0913  # the choices of one lowering
        self,
        documents: Documents,
        dialect: Dialect,
        direction: Direction,
        *,
        strict: bool = False,
        ignore_formats: frozenset[str] = frozenset(),
    ) -> None:
        self.documents = documents
        self.dialect = dialect
        self.flag = _HIDDEN.get(direction, "")
        self.strict = strict
        self.ignore_formats = ignore_formats
        self.names: dict[tuple[str, _Context | None], str] = {}
        self.origins: dict[str, str] = {}
        self.defs: dict[str, Any] = {}
        self.uses: dict[str, set[str]] = {}
        self.waiting: dict[str, tuple[Schema, _Context]] = {}
        self.current: set[str] = set()  # what the schema that is being lowered refers to
        self.looked_at, self.has_flags = 0, False  # files that were searched for flags
        self.unjudged = 0  # patterns that cannot be compiled, so far
        self.lock = RLock()  # threads may share a lowering

    def name(self, schema: Schema) -> str:
        """Give the name of the lowered form of a schema, which is made when it is first needed."""
        with self.lock:
            if not self.strict:
                return self._name(schema, _Context())
            if (schema.pointer, None) not in self.names:
                both = [self._name(schema, _Context()), self._name(schema, _Context(closing=True))]
                name = self.names[schema.pointer, None] = f"@{len(self.names)}"
                self.origins[name] = schema.pointer
                self.defs[name] = {"allOf": [{"$ref": f"#/$defs/{form}"} for form in both]}
                self.uses[name] = set(both)
            return self.names[schema.pointer, None]

    def _name(self, schema: Schema, context: _Context) -> str:
        key = (schema.pointer, context)
        if key not in self.names:
            self.names[key] = name = f"@{len(self.names)}"  # no schema of a document calls its own so
            self.origins[name] = schema.pointer
            self.waiting[name] = (schema, context)
        return self.names[key]

    def closure(self, names: Iterable[str]) -> dict[str, Any]:
        """Give lowered schemas by name, with all that they lead to. Raises SpecError for a broken reference."""
        found: dict[str, Any] = {}
        with self.lock:
            wanted = set(names)
            while wanted:
                name = wanted.pop()
                if name in self.waiting:
                    schema, context = self.waiting[name]
                    self.current = set()
                    self.defs[name] = self._lower(schema.value, schema.pointer, context)
                    self.uses[name] = self.current
                    del self.waiting[name]
                found[name] = self.defs[name]
                wanted |= self.uses[name] - found.keys()
        return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))

    def origin(self, schema_path: Path) -> str:
        """Give the pointer in the document of a keyword of a compiled schema; empty for what we added around."""
        if len(schema_path) > 1 and schema_path[0] == "$defs" and schema_path[1] in self.origins:
            return join(self.origins[str(schema_path[1])], *schema_path[2:])
        return ""

    def _lower(self, schema: Any, at: str, context: _Context) -> Any:
        if not isinstance(schema, dict):
            return schema if isinstance(schema, bool) else True
        if isinstance(schema.get("$id"), str) and self.dialect.ref_siblings:
            # A schema resource of its own (JSON Schema core, 9.2): its references are relative to itself, also the
            # dynamic ones, and lead nowhere else. The engine knows what they mean.
            return schema
        if self.flag and self._has_flags():
            context = context._replace(hidden=context.hidden | self._flagged(schema, at))
        outermost = context.whole and context.closing
        if outermost:
            context = context._replace(shared=self._shared([Schema(schema, at)]))
        inner = context._replace(whole=False)
        if isinstance(schema.get("$ref", schema.get("$dynamicRef")), str):
            target = self._target(schema, at)
            if not self.dialect.ref_siblings:
                return self._reference(target, context)
            lowered = {**self._reference(target, inner), **self._keywords(schema, at, inner)}
        else:
            lowered = self._keywords(schema, at, inner)
        if outermost and _is_open(schema):
            lowered["unevaluatedProperties"] = False
        if outermost and context.shared:
            own = lowered["allOf"] if isinstance(lowered.get("allOf"), list) else []
            lowered["allOf"] = [*own, self._closed_together([Schema(schema, at)], context.shared)]
        return lowered

    def _has_flags(self) -> bool:
        """Say whether a file may flag anything at all: to look at each schema's properties takes long."""
        if self.looked_at != len(self.documents.files):
            self.looked_at = len(self.documents.files)
            self.has_flags = any(_may_hold(item.text, self.flag) for item in self.documents.files.values())
        return self.has_flags

    def _shared(self, group: list[Schema], depth: int = 0) -> frozenset[tuple[str, Any]]:
        """Give the properties that several members of a group describe, each with those of its own group."""
        described: dict[str, dict[str, Schema]] = {}
        for value, at in self._members(group):
            for name, item in value["properties"].items() if isinstance(value.get("properties"), dict) else ():
                pointer = join(at, "properties", name)
                described.setdefault(name, {})[pointer] = Schema(item, pointer)
        if depth == _DEEP:
            return frozenset()
        return frozenset(
            (name, self._shared(list(schemas.values()), depth + 1))
            for name, schemas in described.items()
            if len(schemas) > 1
        )

    def _closed_together(self, group: list[Schema], shared: frozenset[tuple[str, Any]]) -> dict[str, Any]:
        """Close each shared property to what any of its schemas that apply knows."""
        members = list(self._members(group))
        closed = {}
        for name, below in sorted(shared):
            schemas = [
                Schema(value["properties"][name], join(at, "properties", name))
                for value, at in members
                if isinstance(value.get("properties"), dict) and name in value["properties"]
            ]
            if not any(isinstance(schema.value, dict) and _is_open(schema.value) for schema in schemas):
                continue
            context = _Context(shared=below, whole=False, closing=True)
            found: dict[str, Any] = {
                "anyOf": [*(self._reference(schema, context) for schema in schemas), True],
                "unevaluatedProperties": False,
            }
            if below:
                found["allOf"] = [self._closed_together(schemas, below)]
            closed[name] = found
        return {"properties": closed}

    def _members(self, group: list[Schema], *, unions: bool = True) -> Iterator[tuple[dict[str, Any], str]]:
        """Give the schemas of a group with what ``$ref`` and ``allOf`` add to it, each once.

        With ``unions``, also those that describe the value only if they apply.
        """
        stack, seen = [(schema.value, schema.pointer) for schema in reversed(group)], set()
        while stack:
            value, pointer = stack.pop()
            if pointer in seen or not isinstance(value, dict):
                continue
            seen.add(pointer)
            if isinstance(value.get("$ref"), str):
                stack.append(tuple(self.documents.target(value["$ref"], pointer)))
                if not self.dialect.ref_siblings:
                    continue
            yield value, pointer
            for keyword in ("allOf", "anyOf", "oneOf") if unions else ("allOf",):
                items = value.get(keyword)
                stack += [
                    (item, join(pointer, keyword, index))
                    for index, item in enumerate(items if isinstance(items, list) else ())
                ]
            conditional = ("then", "else") if unions else ()
            stack += [(value[keyword], join(pointer, keyword)) for keyword in conditional if keyword in value]

    def _reference(self, target: Schema, context: _Context) -> dict[str, str]:
        name = self._name(target, context)
        self.current.add(name)
        return {"$ref": f"#/$defs/{name}"}

    def _target(self, schema: dict[str, Any], at: str) -> Schema:
        # A dynamic reference is resolved as a static one: bookending (JSON Schema core, 8.2.3.2) needs `$id`s,
        # which cut a document into resources of their own.
        ref = schema["$ref"] if "$ref" in schema else schema["$dynamicRef"]
        return Schema(*self.documents.target(ref, at))

    def _keywords(self, schema: dict[str, Any], at: str, context: _Context) -> dict[str, Any]:
        lowered: dict[str, Any] = {}
        for keyword, value in schema.items():
            before = self.unjudged
            made = self._keyword(keyword, value, join(at, keyword), context)
            if self.unjudged > before:
                keyword, made = _lenient(keyword, made)  # noqa: PLW2901
            if made is _DROPPED:
                continue
            if keyword == "anyOf" and "anyOf" in lowered:  # a `oneOf` that had to become one
                lowered["allOf"] = [*lowered.get("allOf", ()), {"anyOf": made}]
            elif keyword == "allOf" and isinstance(made, list):
                lowered["allOf"] = [*made, *lowered.get("allOf", ())]
            else:
                lowered[keyword] = made
        if isinstance(schema.get("patternProperties"), dict) and any(map(pattern_error, schema["patternProperties"])):
            for keyword in ("additionalProperties", "unevaluatedProperties"):
                lowered.pop(keyword, None)  # which names it is about, the pattern would have said
        self._adapt(schema, lowered)
        if members := self._named_members(schema, at):
            lowered["discriminator"] = members  # judges nothing: it tells which member was meant
        return lowered

    def _named_members(self, schema: dict[str, Any], at: str) -> dict[str, Any] | None:
        """Give which member of a union each value of its discriminator means, and what that member is called."""
        mark = schema.get("discriminator")
        union = next((schema[key] for key in ("oneOf", "anyOf") if isinstance(schema.get(key), list)), None)
        if not isinstance(mark, dict) or not isinstance(mark.get("propertyName"), str) or union is None:
            return None
        members: dict[str, tuple[int, str]] = {}
        pointers: dict[str, tuple[int, str]] = {}
        for index, item in enumerate(union):
            if isinstance(item, dict) and isinstance(item.get("$ref"), str):
                name = item["$ref"].rpartition("/")[2]
                pointers[self.documents.target(item["$ref"], at).pointer] = members[name] = (index, name)
        mapping = mark.get("mapping")
        for value, ref in mapping.items() if isinstance(mapping, dict) else ():
            try:
                target = self.documents.target(ref if "/" in ref or "#" in ref else f"#/components/schemas/{ref}", at)
            except SpecError:
                continue  # `check` says so
            if target.pointer in pointers:
                members[value] = pointers[target.pointer]
        return {"propertyName": mark["propertyName"], "members": members}

    def _keyword(self, keyword: str, value: Any, at: str, context: _Context) -> Any:
        """Lower the value of one keyword; what judges nothing is dropped."""
        if keyword == "format":
            ignored = "*" in self.ignore_formats or str(value) in self.ignore_formats
            return _DROPPED if ignored else value
        if keyword in _PLAIN:
            return value
        if keyword in _SUBSCHEMA:
            return self._subschemas(keyword, value, at, context)
        if keyword == "required" and isinstance(value, list):
            return [name for name in value if not isinstance(name, str) or name not in context.hidden]
        if keyword == "pattern" and isinstance(value, str):
            if not pattern_error(value):
                return value
            self.unjudged += 1
        return _DROPPED

    def _subschemas(self, keyword: str, value: Any, at: str, context: _Context) -> Any:
        same = keyword in _SAME_VALUE
        inner = _Context(
            hidden=context.hidden if keyword in _EXCUSED else frozenset(),
            shared=context.shared if same else frozenset(),
            whole=not same,
            closing=context.closing and keyword not in _UNCLOSED,
        )
        if isinstance(value, list):
            return [self._lower(item, join(at, index), inner) for index, item in enumerate(value)]
        if keyword in _MAP and isinstance(value, dict):
            shared = dict(context.shared) if keyword == "properties" else {}
            return {
                name: self._lower(
                    item,
                    join(at, name),
                    inner._replace(shared=shared[name], whole=False) if name in shared else inner,
                )
                for name, item in value.items()
                if keyword != "patternProperties" or not pattern_error(name)
            }
        return self._lower(value, at, inner)

    def _adapt(self, schema: dict[str, Any], lowered: dict[str, Any]) -> None:
        """Turn what OpenAPI says otherwise than JSON Schema 2020-12 into its words."""
        if self.dialect.nullable and schema.get("nullable") is True and isinstance(schema.get("type"), str):
            lowered["type"] = [schema["type"], "null"]
        if self.dialect.boolean_bounds:
            for exclusive, bound in (("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")):
                if lowered.get(exclusive) is True and bound in lowered:
                    lowered[exclusive] = lowered.pop(bound)
                elif isinstance(lowered.get(exclusive), bool):
                    del lowered[exclusive]
        bounds = INTEGER_BOUNDS.get(schema.get("format", "")) if isinstance(schema.get("format"), str) else None
        if bounds and "format" in lowered and "integer" in str(schema.get("type")):
            lowered["minimum"] = max(bounds[0], _number(lowered.get("minimum"), bounds[0]))
            lowered["maximum"] = min(bounds[1], _number(lowered.get("maximum"), bounds[1]))

    def _flagged(self, schema: Any, at: str) -> frozenset[str]:
        """Name the properties of an ``allOf`` group that are readOnly (or writeOnly) and so need not be there."""
        return frozenset(
            name
            for value, pointer in self._members([Schema(schema, at)], unions=False)
            for name, item in (value["properties"].items() if isinstance(value.get("properties"), dict) else ())
            if any(
                part.get(self.flag) is True
                for part, _ in self._members([Schema(item, join(pointer, "properties", name))], unions=False)
            )
        )


def _may_hold(text: str, word: str) -> bool:
    """Say whether a document may hold a word: it has no text, or that has it, or spells ASCII by escapes."""
    return not text or word in text or "\\u00" in text or "\\x" in text


def _number(value: Any, otherwise: float) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise


def _lenient(keyword: str, made: Any) -> tuple[str, Any]:
    """Let a keyword with a pattern that cannot be compiled below it refuse nothing because of that.

    A pattern left out makes its schema accept more; what turns acceptance into refusal is then left out as well.
    """
    if keyword in ("not", "if", "contains", "unevaluatedProperties", "unevaluatedItems"):
        return keyword, _DROPPED
    return ("anyOf", made) if keyword == "oneOf" else (keyword, made)


def _is_open(schema: dict[str, Any]) -> bool:
    """Say whether a schema describes properties and is silent on further ones."""
    silent = "additionalProperties" not in schema and "unevaluatedProperties" not in schema
    return silent and any(keyword in schema for keyword in _SHAPE)
