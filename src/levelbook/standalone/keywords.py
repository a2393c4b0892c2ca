"""The keywords of JSON Schema 2020-12, a function each, for the engine in Python.

A function takes the engine, where its schema stands, the value, the path to it, and the result that it adds to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from levelbook.standalone.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

Path: TypeAlias = tuple[str | int, ...]


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


class Place(NamedTuple):
    """A schema, where it stands, the URI of its resource, and those of the resources on the way to it."""

    schema: Any
    at: Path
    base: str
    scope: tuple[str, ...]


@dataclass(slots=True)
class Result:
    """What is wrong, and which properties and items were looked at."""

    violations: list[Violation] = field(default_factory=list)
    properties: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)

    def take(self, other: Result) -> None:
        """Add what another schema says of the same value: what it looked at counts only if it accepts."""
        self.violations += other.violations
        if not other.violations:
            self.properties |= other.properties
            self.items |= other.items


class Engine(Protocol):
    """What keywords ask of the engine."""

    formats: bool
    fits: Callable[[str, str], bool]

    def evaluate(self, place: Place, value: Any, path: Path) -> Result:
        """Judge a value by the schema at a place."""

    def inner(self, place: Place, *steps: str | int) -> Place:
        """Give the place of a subschema."""


def _wrong(  # noqa: PLR0913  # what a violation consists of
    result: Result, place: Place, keyword: str, value: Any, path: Path, **detail: Any
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


_Judge: TypeAlias = "Callable[[Engine, Place, Any, Path, Result], None]"


def _type(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    given = place.schema["type"]
    types = given if isinstance(given, list) else [given]
    if not any(name in _TYPES and _TYPES[name](value) for name in types):
        _wrong(result, place, "type", value, path, types=types)


def _enum(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    options = place.schema["enum"]
    if not any(same(value, option) for option in options):
        _wrong(result, place, "enum", value, path, options=options)


def _const(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if not same(value, place.schema["const"]):
        _wrong(result, place, "const", value, path, expected_value=place.schema["const"])


def _bound(keyword: str, applies: Callable[[Any], bool], fits: Callable[[Any, Any], bool]) -> _Judge:
    def judge(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
        limit = place.schema[keyword]
        if applies(value) and not fits(value, limit):
            _wrong(result, place, keyword, value, path, limit=limit)

    return judge


def _multiple(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    step = place.schema["multipleOf"]
    if _is_number(value) and not is_multiple(value, step):
        _wrong(result, place, "multipleOf", value, path, multiple_of=step)


def is_multiple(value: float, step: float) -> bool:
    """Say whether a number is an exact multiple of another, as they are written."""
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    try:
        return (Fraction(str(value)) / Fraction(str(step))).denominator == 1
    except (ArithmeticError, ValueError):
        return False


def _pattern(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, str) and not registry.fits(place.schema["pattern"], value):
        _wrong(result, place, "pattern", value, path, pattern=place.schema["pattern"])


def _format(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    name = place.schema["format"]
    if registry.formats and isinstance(value, str) and name in FORMATS and not FORMATS[name](value):
        _wrong(result, place, "format", value, path, format=name)


def _required(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, dict):
        for name in place.schema["required"]:
            if name not in value:
                _wrong(result, place, "required", value, path, property=name)


def _dependent_required(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, dict):
        for name, needs in place.schema["dependentRequired"].items():
            for need in needs if name in value else ():
                if need not in value:
                    _wrong(result, place, "dependentRequired", value, path, property=need)


def _unique(_: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if place.schema["uniqueItems"] is True and isinstance(value, list):
        for index, item in enumerate(value):
            if any(same(item, other) for other in value[:index]):
                _wrong(result, place, "uniqueItems", value, path)
                return


def _properties(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
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
            if registry.fits(pattern, name):
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


def _property_names(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, dict):
        for name in value:
            if registry.evaluate(registry.inner(place, "propertyNames"), name, path).violations:
                _wrong(result, place, "propertyNames", value, path)
                return


def _dependent_schemas(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, dict):
        for name in place.schema["dependentSchemas"]:
            if name in value:
                result.take(registry.evaluate(registry.inner(place, "dependentSchemas", name), value, path))


def _dependencies(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
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


def _prefix_items(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value[: len(place.schema["prefixItems"])]):
            found = registry.evaluate(registry.inner(place, "prefixItems", index), item, (*path, index))
            result.violations += found.violations
            result.items.add(index)


def _items(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if isinstance(value, list):
        first = len(place.schema.get("prefixItems", ()))
        for index, item in enumerate(value[first:], first):
            found = registry.evaluate(registry.inner(place, "items"), item, (*path, index))
            result.violations += found.violations
            result.items.add(index)


def _contains(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
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


def _all_of(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    for index in range(len(place.schema["allOf"])):
        result.take(registry.evaluate(registry.inner(place, "allOf", index), value, path))


def _union(keyword: str) -> _Judge:
    def judge(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
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


def _not(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    if not registry.evaluate(registry.inner(place, "not"), value, path).violations:
        _wrong(result, place, "not", value, path, schema=place.schema["not"])


def _if(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
    chosen = registry.evaluate(registry.inner(place, "if"), value, path)
    if not chosen.violations:
        result.take(chosen)
    branch = "else" if chosen.violations else "then"
    if branch in place.schema:
        result.take(registry.evaluate(registry.inner(place, branch), value, path))


def _unevaluated_properties(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
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


def _unevaluated_items(registry: Engine, place: Place, value: Any, path: Path, result: Result) -> None:
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


KEYWORDS: dict[str, _Judge] = {
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
LAST: dict[str, _Judge] = {
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
}
