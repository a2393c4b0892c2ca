"""JSON Schema 2020-12 in Python: what stands in the place of ``levelbook.engine`` in a standalone validator.

Written by hand because there is nothing else in the standard library; the package itself uses a compiled engine.

>>> rule = compile_schema({"type": "object", "required": ["a"]})
>>> rule.is_valid({}), [violation.keyword for violation in rule.violations({})]
(False, ['required'])
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import unquote, urldefrag, urljoin

from levelbook.standalone.formats import FORMATS
from levelbook.standalone.patterns import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Path: TypeAlias = tuple[str | int, ...]
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


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword that a value does not meet; see ``levelbook.engine``."""

    keyword: str
    schema_path: Path
    path: Path
    value: Any
    message: str
    detail: dict[str, Any]
    branches: tuple[tuple[Violation, ...], ...] = ()


class CompiledSchema:
    """A schema made ready."""

    def __init__(self, schema: Any, registry: _Registry) -> None:
        self._schema = schema
        self._registry = registry

    def is_valid(self, value: Any) -> bool:
        """Say whether a value is accepted."""
        return not self.violations(value)

    def violations(self, value: Any) -> list[Violation]:
        """Give everything wrong with a value."""
        place = _Place(self._schema, (), "", ("",))
        try:
            return self._registry.evaluate(place, value, ()).violations
        except RecursionError:
            return [Violation("depth", (), (), None, "it is nested too deeply to be judged", {})]


def compile_schema(schema: Any, *, resources: Mapping[str, Any] | None = None, formats: bool = True) -> CompiledSchema:
    """Make a schema ready. Raises SchemaError."""
    return CompiledSchema(schema, _Registry(schema, resources or {}, formats=formats))


@cache
def pattern_error(pattern: str) -> str:
    """Say why a regular expression cannot be compiled; empty when it can."""
    try:
        translated(pattern)
    except ValueError as error:
        return str(error)
    return ""


@cache
def _searcher(pattern: str) -> Callable[[str], Any]:
    try:
        return re.compile(translated(pattern)).search
    except ValueError:
        return lambda _: None


def matches(pattern: str, text: str) -> bool:
    """Say whether a regular expression matches somewhere in a text."""
    return _searcher(pattern)(text) is not None


class _Place(NamedTuple):
    """A schema, where it stands, the URI of its resource, and those of the resources on the way to it."""

    schema: Any
    at: Path
    base: str
    scope: tuple[str, ...]


@dataclass(slots=True)
class _Result:
    """What is wrong, and which properties and items were looked at."""

    violations: list[Violation] = field(default_factory=list)
    properties: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)

    def take(self, other: _Result) -> None:
        """Add what another schema says of the same value: what it looked at counts only if it accepts."""
        self.violations += other.violations
        if not other.violations:
            self.properties |= other.properties
            self.items |= other.items


@dataclass(slots=True)
class _Resource:
    schema: Any
    at: Path
    anchors: dict[str, tuple[Any, Path]] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)


class _Registry:
    """The resources of a schema, and how each keyword judges."""

    def __init__(self, schema: Any, resources: Mapping[str, Any], *, formats: bool) -> None:
        self.formats = formats
        self.resources: dict[str, _Resource] = {}
        self.depth = 0
        self.references: list[tuple[str, str]] = []
        for uri, other in resources.items():
            self._index(other, uri, ("", uri))
        self.references.clear()  # what other resources refer to is their affair until something leads there
        self._index(schema, "", ())
        for base, reference in self.references:
            uri = base + reference if reference.startswith("#") else urljoin(base, reference)
            address, fragment = urldefrag(uri)
            self._target(address, unquote(fragment), _Place(schema, (), base, ()))

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
            self.references += [
                (uri, value[name]) for name in ("$ref", "$dynamicRef") if isinstance(value.get(name), str)
            ]
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := value.get(keyword), str):
                    self.resources[uri].anchors[name] = (value, here)
                    if keyword == "$dynamicAnchor":
                        self.resources[uri].dynamic.add(name)
            stack += [(item, uri, (*here, *steps)) for item, steps in _children(value)]

    def evaluate(self, place: _Place, value: Any, path: Path) -> _Result:
        """Judge a value by the schema at a place."""
        schema = place.schema
        if schema is True or not isinstance(schema, dict):
            found = _Result()
            if schema is False:
                message = "nothing is allowed here"
                found.violations.append(Violation("falseSchema", place.at, path, value, message, {}))
            return found
        if isinstance(schema.get("$id"), str):
            base = urldefrag(urljoin(place.base, schema["$id"])).url
            place = place._replace(base=base, scope=(*place.scope, base))
        result = _Result()
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(schema.get(keyword), str):
                result.take(self._reference(place, keyword, value, path))
        for keyword, judge in _KEYWORDS.items():
            if keyword in schema or (keyword == "properties" and not _OTHERS.isdisjoint(schema)):
                judge(self, place, value, path, result)
        for keyword, judge in _LAST.items():
            if keyword in schema:
                judge(self, place, value, path, result)
        return result

    def inner(self, place: _Place, *steps: str | int) -> _Place:
        """Give the place of a subschema."""
        schema = place.schema
        for step in steps:
            schema = schema[step]
        return place._replace(schema=schema, at=(*place.at, *steps))

    def _reference(self, place: _Place, keyword: str, value: Any, path: Path) -> _Result:
        uri = urljoin(place.base, place.schema[keyword])
        if place.schema[keyword].startswith("#"):
            uri = place.base + place.schema[keyword]
        address, fragment = urldefrag(uri)
        target = self._target(address, unquote(fragment), place)
        if keyword == "$dynamicRef" and fragment in self.resources[target.base].dynamic:
            for base in place.scope:
                if base in self.resources and fragment in self.resources[base].dynamic:
                    schema, at = self.resources[base].anchors[fragment]
                    target = _Place(schema, at, base, place.scope)
                    break
        self.depth += 1
        try:
            if self.depth > _DEEP * (1 + len(path)):
                raise RecursionError
            scope = place.scope if place.scope[-1:] == (target.base,) else (*place.scope, target.base)
            return self.evaluate(target._replace(scope=scope), value, path)
        finally:
            self.depth -= 1

    def _target(self, address: str, fragment: str, place: _Place) -> _Place:
        resource = self.resources.get(address)
        if resource is None:
            raise SchemaError(f"there is no schema {address}")
        if fragment and not fragment.startswith("/"):
            if fragment not in resource.anchors:
                raise SchemaError(f"there is no anchor {fragment} in {address}")
            schema, at = resource.anchors[fragment]
            return _Place(schema, at, address, place.scope)
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
        return _Place(schema, at, address if own else base, place.scope)


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


def _wrong(  # noqa: PLR0913  # what a violation consists of
    result: _Result, place: _Place, keyword: str, value: Any, path: Path, **detail: Any
) -> None:
    result.violations.append(
        Violation(keyword, (*place.at, keyword), path, value, f"{keyword} does not accept it", detail)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def same(left: Any, right: Any) -> bool:
    """Say whether two values are equal as JSON has it: 1 is 1.0, and true is no number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(same(*pair) for pair in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


_Judge: TypeAlias = "Callable[[_Registry, _Place, Any, Path, _Result], None]"


def _type(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    given = place.schema["type"]
    types = given if isinstance(given, list) else [given]
    if not any(name in _TYPES and _TYPES[name](value) for name in types):
        _wrong(result, place, "type", value, path, types=types)


def _enum(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    options = place.schema["enum"]
    if not any(same(value, option) for option in options):
        _wrong(result, place, "enum", value, path, options=options)


def _const(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if not same(value, place.schema["const"]):
        _wrong(result, place, "const", value, path, expected_value=place.schema["const"])


def _bound(keyword: str, applies: Callable[[Any], bool], fits: Callable[[Any, Any], bool]) -> _Judge:
    def judge(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
        limit = place.schema[keyword]
        if applies(value) and not fits(value, limit):
            _wrong(result, place, keyword, value, path, limit=limit)

    return judge


def _multiple(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    step = place.schema["multipleOf"]
    if _is_number(value) and not _is_multiple(value, step):
        _wrong(result, place, "multipleOf", value, path, multiple_of=step)


def _is_multiple(value: float, step: float) -> bool:
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    try:
        quotient = Decimal(str(value)) / Decimal(str(step))
        return quotient == quotient.to_integral_value() and math.isfinite(float(value) / step)
    except (ArithmeticError, ValueError):
        return False


def _pattern(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, str) and not matches(place.schema["pattern"], value):
        _wrong(result, place, "pattern", value, path, pattern=place.schema["pattern"])


def _format(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    name = place.schema["format"]
    if registry.formats and isinstance(value, str) and name in FORMATS and not FORMATS[name](value):
        _wrong(result, place, "format", value, path, format=name)


def _required(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, dict):
        for name in place.schema["required"]:
            if name not in value:
                _wrong(result, place, "required", value, path, property=name)


def _dependent_required(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, dict):
        for name, needs in place.schema["dependentRequired"].items():
            for need in needs if name in value else ():
                if need not in value:
                    _wrong(result, place, "dependentRequired", value, path, property=need)


def _unique(_: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if place.schema["uniqueItems"] is True and isinstance(value, list):
        for index, item in enumerate(value):
            if any(same(item, other) for other in value[:index]):
                _wrong(result, place, "uniqueItems", value, path)
                return


def _properties(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    """Judge ``properties``, ``patternProperties`` and ``additionalProperties`` together (core, 10.3.2)."""
    if not isinstance(value, dict):
        return
    schema = place.schema
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    unexpected = []
    for name, item in value.items():
        known = False
        if name in named:
            known = True
            found = registry.evaluate(registry.inner(place, "properties", name), item, (*path, name))
            result.violations += found.violations
        for pattern in patterns:
            if matches(pattern, name):
                known = True
                found = registry.evaluate(registry.inner(place, "patternProperties", pattern), item, (*path, name))
                result.violations += found.violations
        if known:
            result.properties.add(name)
        elif "additionalProperties" in schema:
            result.properties.add(name)
            if schema["additionalProperties"] is False:
                unexpected.append(name)
            else:
                found = registry.evaluate(registry.inner(place, "additionalProperties"), item, (*path, name))
                result.violations += found.violations
    if unexpected:
        _wrong(result, place, "additionalProperties", value, path, unexpected=unexpected)


def _property_names(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, dict):
        for name in value:
            if registry.evaluate(registry.inner(place, "propertyNames"), name, path).violations:
                _wrong(result, place, "propertyNames", value, path)
                return


def _dependent_schemas(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, dict):
        for name in place.schema["dependentSchemas"]:
            if name in value:
                result.take(registry.evaluate(registry.inner(place, "dependentSchemas", name), value, path))


def _dependencies(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    """Judge the keyword of older drafts that 2020-12 split in two (core, appendix G)."""
    if isinstance(value, dict):
        for name, needs in place.schema["dependencies"].items():
            if name not in value:
                continue
            if isinstance(needs, list):
                for need in needs:
                    if need not in value:
                        _wrong(result, place, "dependencies", value, path, property=need)
            else:
                result.take(registry.evaluate(registry.inner(place, "dependencies", name), value, path))


def _prefix_items(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value[: len(place.schema["prefixItems"])]):
            found = registry.evaluate(registry.inner(place, "prefixItems", index), item, (*path, index))
            result.violations += found.violations
            result.items.add(index)


def _items(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if isinstance(value, list):
        first = len(place.schema.get("prefixItems", ()))
        for index, item in enumerate(value[first:], first):
            found = registry.evaluate(registry.inner(place, "items"), item, (*path, index))
            result.violations += found.violations
            result.items.add(index)


def _contains(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if not isinstance(value, list):
        return
    fitting = {
        index
        for index, item in enumerate(value)
        if not registry.evaluate(registry.inner(place, "contains"), item, (*path, index)).violations
    }
    result.items |= fitting
    least, most = place.schema.get("minContains", 1), place.schema.get("maxContains", math.inf)
    if len(fitting) < least:
        _wrong(result, place, "minContains" if "minContains" in place.schema else "contains", value, path)
    elif len(fitting) > most:
        _wrong(result, place, "maxContains", value, path)


def _all_of(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    for index in range(len(place.schema["allOf"])):
        result.take(registry.evaluate(registry.inner(place, "allOf", index), value, path))


def _union(keyword: str) -> _Judge:
    def judge(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
        found = [
            registry.evaluate(registry.inner(place, keyword, index), value, path)
            for index in range(len(place.schema[keyword]))
        ]
        fitting = [one for one in found if not one.violations]
        for one in fitting:
            result.take(one)
        if not fitting or (keyword == "oneOf" and len(fitting) > 1):
            branches = tuple(tuple(one.violations) for one in found)
            message = f"{keyword} does not accept it"
            result.violations.append(Violation(keyword, (*place.at, keyword), path, value, message, {}, branches))

    return judge


def _not(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if not registry.evaluate(registry.inner(place, "not"), value, path).violations:
        _wrong(result, place, "not", value, path, schema=place.schema["not"])


def _if(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    chosen = registry.evaluate(registry.inner(place, "if"), value, path)
    if not chosen.violations:
        result.take(chosen)
    branch = "else" if chosen.violations else "then"
    if branch in place.schema:
        result.take(registry.evaluate(registry.inner(place, branch), value, path))


def _unevaluated_properties(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if not isinstance(value, dict):
        return
    left = [name for name in value if name not in result.properties]
    result.properties |= set(left)
    if place.schema["unevaluatedProperties"] is False:
        if left:
            _wrong(result, place, "unevaluatedProperties", value, path, unexpected=left)
        return
    for name in left:
        inner = registry.inner(place, "unevaluatedProperties")
        result.violations += registry.evaluate(inner, value[name], (*path, name)).violations


def _unevaluated_items(registry: _Registry, place: _Place, value: Any, path: Path, result: _Result) -> None:
    if not isinstance(value, list):
        return
    left = [index for index in range(len(value)) if index not in result.items]
    result.items |= set(left)
    for index in left:
        inner = registry.inner(place, "unevaluatedItems")
        if registry.evaluate(inner, value[index], (*path, index)).violations:
            _wrong(result, place, "unevaluatedItems", value, path, unexpected=[str(value[index])])
            return


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


_KEYWORDS: dict[str, _Judge] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _bound("minimum", _is_number, lambda value, limit: value >= limit),
    "maximum": _bound("maximum", _is_number, lambda value, limit: value <= limit),
    "exclusiveMinimum": _bound("exclusiveMinimum", _is_number, lambda value, limit: value > limit),
    "exclusiveMaximum": _bound("exclusiveMaximum", _is_number, lambda value, limit: value < limit),
    "multipleOf": _multiple,
    "minLength": _bound("minLength", _text, lambda value, limit: len(value) >= limit),
    "maxLength": _bound("maxLength", _text, lambda value, limit: len(value) <= limit),
    "pattern": _pattern,
    "format": _format,
    "minItems": _bound("minItems", _list, lambda value, limit: len(value) >= limit),
    "maxItems": _bound("maxItems", _list, lambda value, limit: len(value) <= limit),
    "uniqueItems": _unique,
    "minProperties": _bound("minProperties", _object, lambda value, limit: len(value) >= limit),
    "maxProperties": _bound("maxProperties", _object, lambda value, limit: len(value) <= limit),
    "required": _required,
    "dependentRequired": _dependent_required,
    "properties": _properties,
    "propertyNames": _property_names,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "dependentSchemas": _dependent_schemas,
    "dependencies": _dependencies,
    "allOf": _all_of,
    "anyOf": _union("anyOf"),
    "oneOf": _union("oneOf"),
    "not": _not,
    "if": _if,
}
# These ask what the others have looked at.
_LAST: dict[str, _Judge] = {
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
}
