"""JSON Schema 2020-12 in Python: what stands in the place of ``levelbook.engine`` in a standalone validator.

Written by hand because there is nothing else in the standard library; the package itself uses a compiled engine, and
this one only to say what is wrong with deep values where unions lead back to themselves.

>>> rule = compile_schema({"type": "object", "required": ["a"]})
>>> rule.is_valid({}), [violation.keyword for violation in rule.violations({})]
(False, ['required'])
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

from levelbook.standalone.generate import function_of
from levelbook.standalone.keywords import KEYWORDS, LAST, Path, Place, Result, Violation
from levelbook.standalone.patterns import matches, pattern_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["CompiledSchema", "Path", "SchemaError", "Violation", "compile_schema", "matches", "pattern_error"]

_DEEP = 200  # references that lead on without looking into the value
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_OTHERS = frozenset({"patternProperties", "additionalProperties"})  # judged with ``properties``
_MAPS = ("$defs", "definitions", "properties", "patternProperties", "dependentSchemas")
_ONES = (
    "not", "if", "then", "else", "items", "additionalProperties", "propertyNames", "contains",
    "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip


class SchemaError(ValueError):
    """A schema that cannot be compiled; the message says why."""


class CompiledSchema:
    """A schema made ready."""

    def __init__(self, schema: Any, registry: _Registry) -> None:
        self._schema = schema
        self._registry = registry
        self._function = function_of(schema) if registry.formats else None

    def is_valid(self, value: Any) -> bool:
        """Say whether a value is accepted."""
        if self._function is None:
            return not self.violations(value)
        try:
            return self._function(value)
        except RecursionError:
            return False

    def violations(self, value: Any) -> list[Violation]:
        """Give everything wrong with a value."""
        place = Place(self._schema, (), "", ("",))
        registry = copy(self._registry)
        registry.depth, registry.known = 0, {}
        try:
            return registry.evaluate(place, value, ()).violations
        except RecursionError:
            return [Violation("depth", (), (), None, "it is nested too deeply to be judged", {})]


def compile_schema(
    schema: Any,
    *,
    resources: Mapping[str, Any] | None = None,
    formats: bool = True,
    fits: Callable[[str, str], bool] = matches,
) -> CompiledSchema:
    """Make a schema ready; ``fits`` says whether a pattern matches somewhere in a text. Raises SchemaError."""
    return CompiledSchema(schema, _Registry(schema, resources or {}, formats=formats, fits=fits))


@dataclass(slots=True)
class _Resource:
    schema: Any
    at: Path
    anchors: dict[str, tuple[Any, Path]] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)


class _Registry:
    """The resources of a schema, and how each keyword judges."""

    def __init__(
        self, schema: Any, resources: Mapping[str, Any], *, formats: bool, fits: Callable[[str, str], bool]
    ) -> None:
        self.formats = formats
        self.fits = fits
        self.resources: dict[str, _Resource] = {}
        self.names: dict[int, str] = {}  # of resources, by the identity of their schemas
        self.depth = 0
        self.known: dict[tuple[int, int, Path, tuple[str, ...]], Result] = {}  # of one value: what was judged already
        self.references: list[tuple[str, str]] = []
        for uri, other in resources.items():
            self._index(other, uri, ("", uri))
        self.references.clear()  # what other resources refer to is their affair until something leads there
        self._index(schema, "", ())
        for base, reference in self.references:
            uri = base + reference if reference.startswith("#") else urljoin(base, reference)
            address, fragment = urldefrag(uri)
            self._target(address, unquote(fragment), Place(schema, (), base, ()))

    def _index(self, schema: Any, base: str, at: Path) -> None:
        stack: list[tuple[Any, str, Path]] = [(schema, base, at)]
        self.resources.setdefault(base, _Resource(schema, at))
        while stack:
            value, uri, here = stack.pop()
            if not isinstance(value, dict):
                continue
            if isinstance(value.get("$id"), str):
                uri = urldefrag(urljoin(uri, value["$id"])).url  # noqa: PLW2901
                self.resources[uri] = _Resource(value, here)
                self.names[id(value)] = uri
            self.references += [
                (uri, value[name]) for name in ("$ref", "$dynamicRef") if isinstance(value.get(name), str)
            ]
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := value.get(keyword), str):
                    self.resources[uri].anchors[name] = (value, here)
                    if keyword == "$dynamicAnchor":
                        self.resources[uri].dynamic.add(name)
            stack += [(item, uri, (*here, *steps)) for item, steps in _children(value)]

    def evaluate(self, place: Place, value: Any, path: Path) -> Result:
        """Judge a value by the schema at a place: once, in however many members of unions it stands."""
        if not isinstance(place.schema, dict):
            return self._evaluated(place, value, path)
        key = (id(place.schema), id(value), path, place.scope)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._evaluated(place, value, path)
        return found

    def _evaluated(self, place: Place, value: Any, path: Path) -> Result:
        schema = place.schema
        if schema is True or not isinstance(schema, dict):
            found = Result()
            if schema is False:
                message = "nothing is allowed here"
                found.violations.append(Violation("falseSchema", place.at, path, value, message, {}))
            return found
        if isinstance(schema.get("$id"), str):
            base = self.names[id(schema)]
            place = place._replace(base=base, scope=(*place.scope, base))
        result = Result()
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(schema.get(keyword), str):
                result.take(self._reference(place, keyword, value, path))
        for keyword, judge in KEYWORDS.items():
            if keyword in schema or (keyword == "properties" and not _OTHERS.isdisjoint(schema)):
                judge(self, place, value, path, result)
        for keyword, judge in LAST.items():
            if keyword in schema:
                judge(self, place, value, path, result)
        return result

    def inner(self, place: Place, *steps: str | int) -> Place:
        """Give the place of a subschema."""
        schema = place.schema
        for step in steps:
            schema = schema[step]
        return place._replace(schema=schema, at=(*place.at, *steps))

    def _reference(self, place: Place, keyword: str, value: Any, path: Path) -> Result:
        uri = urljoin(place.base, place.schema[keyword])
        if place.schema[keyword].startswith("#"):
            uri = place.base + place.schema[keyword]
        address, fragment = urldefrag(uri)
        target = self._target(address, unquote(fragment), place)
        if keyword == "$dynamicRef" and fragment in self.resources[target.base].dynamic:
            for base in place.scope:
                if base in self.resources and fragment in self.resources[base].dynamic:
                    schema, at = self.resources[base].anchors[fragment]
                    target = Place(schema, at, base, place.scope)
                    break
        self.depth += 1
        try:
            if self.depth > _DEEP * (1 + len(path)):
                raise RecursionError
            scope = place.scope if place.scope[-1:] == (target.base,) else (*place.scope, target.base)
            return self.evaluate(target._replace(scope=scope), value, path)
        finally:
            self.depth -= 1

    def _target(self, address: str, fragment: str, place: Place) -> Place:
        resource = self.resources.get(address)
        if resource is None:
            raise SchemaError(f"there is no schema {address}")
        if fragment and not fragment.startswith("/"):
            if fragment not in resource.anchors:
                raise SchemaError(f"there is no anchor {fragment} in {address}")
            schema, at = resource.anchors[fragment]
            return Place(schema, at, address, place.scope)
        schema, at, base = resource.schema, resource.at, address
        for token in fragment.split("/")[1:]:
            step = token.replace("~1", "/").replace("~0", "~")
            try:
                schema = schema[int(step)] if isinstance(schema, list) else schema[step]
            except (KeyError, IndexError, TypeError, ValueError):
                raise SchemaError(f"there is nothing at {fragment} of {address}") from None
            at = (*at, int(step) if step.isdecimal() else step)
            if isinstance(schema, dict) and isinstance(schema.get("$id"), str):
                base = urldefrag(urljoin(base, schema["$id"])).url
        # A schema that begins a resource of its own is entered like any other; its base is set there.
        own = isinstance(schema, dict) and isinstance(schema.get("$id"), str)
        return Place(schema, at, address if own else base, place.scope)


def _children(schema: dict[str, Any]) -> Iterator[tuple[Any, Path]]:
    for keyword in _LISTS:
        if isinstance(schema.get(keyword), list):
            yield from ((item, (keyword, index)) for index, item in enumerate(schema[keyword]))
    for keyword in _MAPS:
        if isinstance(schema.get(keyword), dict):
            yield from ((item, (keyword, name)) for name, item in schema[keyword].items())
    for keyword in _ONES:
        if keyword in schema:
            yield schema[keyword], (keyword,)
