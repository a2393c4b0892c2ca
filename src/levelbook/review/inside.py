"""Differences of what lies inside a value, or is applied to it, where only one document has something to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.review.facets import Difference
from levelbook.review.sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Schema
    from levelbook.review.shape import Shape

_KEBAB = {"patternProperties": "pattern-property", "dependentSchemas": "dependent-schema"}
_COUNTS = (("minContains", "min-contains"), ("maxContains", "max-contains"))

_Four = tuple[Any, Any, Any, Any]
Group = tuple["Schema", ...]


def additional(shape: Shape) -> Group:
    """Give what an object's other properties must be; empty where they may be anything."""
    return tuple(item for item in shape.meaning.additional if item.value is not True and item.value != {})


def required_difference(name: str, needed: tuple[bool, bool], *, has_default: bool) -> Difference:
    """Give the difference of a property that need not be there, or has to be."""
    demand = {"required": [name]}
    return Difference(
        "required",
        "became-required" if needed[1] else "became-optional",
        *sides(needed),
        *sides(demand if need else True for need in needed),
        "required",
        "default" if has_default else "",
    )


def undeclared_required(base: Shape, head: Shape, declared: set[str]) -> Iterator[Difference]:
    """Give the names that only one document requires and neither describes."""
    for name in sorted((base.meaning.required ^ head.meaning.required) - declared):
        is_new = name in head.meaning.required
        demand = {"required": [name]}
        values: _Four = (None, name, True, demand) if is_new else (name, None, demand, True)
        yield Difference("undeclared-required", "added" if is_new else "removed", *values, "required")


def property_difference(name: str, group: Group, needed: tuple[bool, bool], base: Shape, head: Shape, *, is_new: bool, has_default: bool, demanded: bool) -> Difference:  # fmt: skip  # noqa: E501, PLR0913
    """Give the difference of a property that only one document describes."""
    demand: dict[str, Any] = {"properties": {name: group}}
    if demanded:
        demand["required"] = [name]
    rest = additional(base if is_new else head)
    other = {"properties": {name: rest}} if rest else True
    detail = ("required" if needed[is_new] else "optional") + (" default" if has_default else "")
    values: _Four = (None, name, other, demand) if is_new else (name, None, demand, other)
    return Difference("property", "added" if is_new else "removed", *values, "properties", detail)


def closedness(base: Shape, head: Shape) -> Difference | None:
    """Give the difference of what else an object may have: anything, something, nothing."""
    was, now = additional(base), additional(head)
    if bool(was) == bool(now) and (not was or (was[0].value is False) == (now[0].value is False)):
        return None
    known: dict[str, Any] = {
        "properties": dict.fromkeys({*base.properties, *head.properties}, True),
        "patternProperties": {
            name: True
            for shape in (base, head)
            for keyword, name, _ in shape.meaning.applied
            if keyword == "patternProperties"
        },
    }
    demands = [{**known, "additionalProperties": rest} if rest else True for rest in (was, now)]
    words = ["open" if not rest else "closed" if rest[0].value is False else "restricted" for rest in (was, now)]
    return Difference("additional-properties", words[1], *sides(words), *sides(demands), "additionalProperties")


def place_difference(index: int, was: Group, now: Group, base: Shape, head: Shape) -> Difference:
    """Give the difference of a place of a tuple that only one document describes."""
    before = [True] * index
    rests = [
        {"prefixItems": [*before, tuple(shape.meaning.items)]} if shape.meaning.items else True
        for shape in (base, head)
    ]
    demand = {"prefixItems": [*before, was or now]}
    if was:
        return Difference("prefix-items", "removed", index, None, demand, rests[1], "prefixItems")
    return Difference("prefix-items", "added", None, index, rests[0], demand, "prefixItems")


def items_difference(was: Group, now: Group, places: int) -> Difference:
    """Give the difference of items that only one document describes."""
    before: dict[str, Any] = {"prefixItems": [True] * places} if places else {}
    demands = [{**before, "items": side} if side else True for side in (was, now)]
    return Difference("items", "added" if now else "removed", bool(was), bool(now), *sides(demands), "items")


def applied_difference(keyword: str, name: str, was: Schema | None, now: Schema | None, base: Shape, head: Shape) -> Difference:  # fmt: skip  # noqa: E501, PLR0913, PLR0917
    """Give the difference of a keyword that applies a further schema, and that only one document has."""
    demands = [_applied(keyword, name, side, shape) for side, shape in ((was, base), (now, head))]
    if keyword == "patternProperties":  # without it, its names are what is said of all others
        demands = [
            _rest(shape) if side is None else demand
            for side, shape, demand in zip((was, now), (base, head), demands, strict=True)
        ]
    action = "added" if was is None else "removed"
    values = (name or (was is not None), name or (now is not None))
    return Difference(kebab(keyword), action, *sides(values), *sides(demands), keyword, name)


def _rest(shape: Shape) -> Any:
    """Give what a shape demands of properties that it does not name."""
    rest = additional(shape)
    patterns = {name: True for keyword, name, _ in shape.meaning.applied if keyword == "patternProperties"}
    known = {"properties": dict.fromkeys(shape.properties, True), "patternProperties": patterns}
    return {**known, "additionalProperties": rest} if rest else True


def _applied(keyword: str, name: str, schema: Schema | None, shape: Shape) -> Any:
    """Give what such a keyword demands, as far as it stands alone."""
    if keyword == "contentSchema":
        return None
    if schema is None or keyword == "if":
        return True
    if name:
        return {keyword: {name: schema}}
    if keyword in ("then", "else"):
        condition = next((item for key, _, item in shape.meaning.applied if key == "if"), None)
        return {"if": condition, keyword: schema} if condition is not None else True
    if keyword in ("unevaluatedProperties", "unevaluatedItems"):
        return shape.group  # what is evaluated depends on all that stands beside it
    if keyword == "contains":
        counts = {
            key: value for key, value in shape.meaning.constraints.items() if key in ("minContains", "maxContains")
        }
        return {"contains": schema, **counts}
    return {keyword: schema}


def contained(base: Shape, head: Shape, was: Schema, now: Schema) -> Iterator[Difference]:
    """Give the differences of how many items must be as ``contains`` says."""
    for keyword, facet in _COUNTS:
        least = 1 if keyword == "minContains" else None
        old, new = (shape.meaning.constraints.get(keyword, least) for shape in (base, head))
        if old == new:
            continue
        more = {"minContains": 0} if keyword == "maxContains" else {}
        demands = [
            {"contains": item, **more, **({keyword: count} if count is not None else {})}
            for item, count in ((was, old), (now, new))
        ]
        action = "set" if old is None else "unset" if new is None else "increased" if new > old else "decreased"
        yield Difference(facet, action, old, new, *sides(demands), keyword)


def kebab(keyword: str) -> str:
    """Write a keyword as rules do."""
    return _KEBAB.get(keyword) or "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in keyword)
