"""The facets of one value, compared: what is different between two shapes, apart from what lies inside the value.

Each difference says what it demands of a value in either document, as a piece of JSON Schema: by it the change is
judged alone, beside all that did not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from levelbook.review.shape import same_among
from levelbook.review.sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.api import Schema
    from levelbook.review.shape import Shape

_NULL = frozenset({"null"})
ALL = frozenset({"null", "boolean", "number", "string", "array", "object"})
_NAMES = {
    "minimum": "min", "maximum": "max", "minLength": "min-length", "maxLength": "max-length", "minItems": "min-items",
    "maxItems": "max-items", "minProperties": "min-properties", "maxProperties": "max-properties",
    "minContains": "min-contains", "maxContains": "max-contains",
}  # fmt: skip
_ANYTHING = frozenset({".*", "^.*$"})
_SPELLINGS = {  # formats of OpenAPI 3.0, and what 3.1 has instead
    "byte": ("content-encoding", "base64"),
    "base64": ("content-encoding", "base64"),
    "base64url": ("content-encoding", "base64url"),
    "binary": ("content-media-type", "application/octet-stream"),
}
_CONTENT = {"contentEncoding": "content-encoding", "contentMediaType": "content-media-type"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One facet that is different: ``name`` and ``action`` make the rule's id; ``base`` and ``head`` are demands.

    A demand of None says that the facet refuses nothing, in either document (a default, a deprecation).
    ``keyword`` is where it is written; ``part`` is the member of a union that is gone or new.
    """

    facet: str
    action: str
    was: Any = None
    now: Any = None
    base: Any = None
    head: Any = None
    keyword: str = ""
    detail: str = ""
    part: Schema | None = None

    @property
    def detail_id(self) -> str:
        """What else tells the difference from another one of the same facet."""
        return self.detail if self.facet not in ("property", "required", "enum") else ""


def differences(base: Shape, head: Shape) -> Iterator[Difference]:
    """Give every facet of the value itself that two shapes do not have in common."""
    yield from _types(base, head)
    yield from _values(base, head)
    yield from _limits(base, head)
    yield from _counts(base, head)
    yield from _patterns(base, head)
    yield from _dependent(base, head)


def without_spellings(found: Iterable[Difference]) -> list[Difference]:
    """Leave out what OpenAPI 3.1 only spells otherwise: ``contentEncoding: base64`` is 3.0's ``format: byte``.

    https://spec.openapis.org/oas/v3.1.1.html#migrating-binary-descriptions-from-oas-3-0. Only where formats refuse
    nothing: what encodes a text never does.
    """
    rows = list(found)
    said = {item.facet: item for item in rows if item.facet in ("format", *_CONTENT.values())}
    for name, (facet, value) in _SPELLINGS.items():
        if {"format", facet} <= said.keys():
            pairs = (said["format"].was, said[facet].now), (said["format"].now, said[facet].was)
            if pairs in (((name, value), (None, None)), ((None, None), (name, value))):
                return [item for item in rows if item not in (said["format"], said[facet])]
    return rows


def _types(base: Shape, head: Shape) -> Iterator[Difference]:
    if base.nullable != head.nullable and (base.types == head.types or ALL not in (base.types, head.types)):
        refuses = {"not": {"type": "null"}}
        yield Difference(
            "nullable",
            "became-nullable" if head.nullable else "became-not-nullable",
            base.nullable,
            head.nullable,
            True if base.nullable else refuses,
            True if head.nullable else refuses,
            "nullable" if base.api.dialect.nullable and head.api.dialect.nullable else "type",
        )
    formats = [sorted(set(shape.meaning.formats)) for shape in (base, head)]
    if base.types != head.types:
        told = not {_NULL, ALL} & {base.types, head.types}  # then a row of its own tells of null
        demands = [
            _both(_type_demand(shape, or_null=told), _format_demand(said))
            for shape, said in zip((base, head), formats, strict=True)
        ]
        action = type_action(base.types, head.types)
        if formats[0] != formats[1] and action != _format_action(*formats):
            action = "changed"
        yield Difference("type", action, written_types(base), written_types(head), *sides(demands), "type")
    elif formats[0] != formats[1]:
        yield _format(*formats)


def _both(left: Any, right: Any) -> Any:
    return left if right is True else right if left is True else {"allOf": [left, right]}


def _format_demand(formats: list[str]) -> Any:
    return {"allOf": [{"format": item} for item in formats]} if formats else True


def _format(base: list[str], head: list[str]) -> Difference:
    action = _format_action(base, head)
    demands = [_format_demand(side) for side in (base, head)]
    was, now = (", ".join(side) or None for side in (base, head))
    return Difference("format", action, was, now, *sides(demands), "format")


def _format_action(base: list[str], head: list[str]) -> str:
    return "changed" if base and head else "generalized" if base else "specialized"


def type_action(base: frozenset[str], head: frozenset[str]) -> str:
    """Say what became of a set of types: widened, narrowed, or neither."""
    if _within(base, head):
        return "generalized"
    return "specialized" if _within(head, base) else "changed"


def _within(few: frozenset[str], many: frozenset[str]) -> bool:
    return many == ALL or all(item in many or (item == "integer" and "number" in many) for item in few)


def written_types(shape: Shape) -> str | None:
    """Write the types of a shape as people do; None for any."""
    return None if shape.types == ALL else ", ".join(sorted(shape.types))


def _type_demand(shape: Shape, *, or_null: bool) -> Any:
    """Give what types demand; whether null may be there too is a facet of its own, where that is not all there is."""
    return (
        True
        if shape.types == ALL
        else {"type": sorted({*shape.types, *(["null"] if or_null or shape.nullable else [])})}
    )


def _values(base: Shape, head: Shape) -> Iterator[Difference]:
    was, now = base.enum, head.enum
    if (was is None and now is None) or (was is not None and now is not None and _same(was, now)):
        return
    demands = [_enum_demand(base), _enum_demand(head)]
    if (base.is_const or head.is_const) and all(item is None or len(item) == 1 for item in (was, now)):
        action = "added" if was is None else "removed" if now is None else "changed"
        values = [item[0] if item else None for item in (was, now)]
        yield Difference("const", action, *sides(values), *sides(demands), "const")
    elif was is None or now is None:
        yield Difference("enum", "became-enum" if was is None else "enum-dropped", was, now, *sides(demands), "enum")
    else:
        yield from _members(base, was, now)


def _members(base: Shape, was: list[Any], now: list[Any]) -> Iterator[Difference]:
    for item in was:
        if not same_among(item, now):
            yield Difference("enum", "value-removed", item, None, True, {"not": {"const": item}}, "enum")
    extensible = base.marks.get("x-extensible-enum")
    detail = "extensible" if isinstance(extensible, (list, bool)) and extensible else ""
    for item in now:
        if not same_among(item, was):
            yield Difference("enum", "value-added", None, item, {"not": {"const": item}}, True, "enum", detail)


def _same(was: list[Any], now: list[Any]) -> bool:
    return len(was) == len(now) and all(same_among(item, now) for item in was)


def _enum_demand(shape: Shape) -> Any:
    if shape.enum is None:
        return True
    return {"enum": [*shape.enum, None] if shape.nullable and None not in shape.enum else shape.enum}


def _limits(base: Shape, head: Shape) -> Iterator[Difference]:
    for keyword in ("minimum", "maximum"):
        was, now = base.limits.get(keyword), head.limits.get(keyword)
        if was == now:
            continue
        strict = f"exclusive{keyword.capitalize()}"
        demands = _bounds(keyword, strict, was, now)
        if was and now and was[0] == now[0]:
            action = "increased" if now[1] == (keyword == "minimum") else "decreased"
            yield Difference(_NAMES[keyword], action, was[0], now[0], *sides(demands), strict, "exclusive")
            continue
        written = base.written.get(keyword), head.written.get(keyword)
        exclusive = all(limit[1] for limit in written if limit)
        action = "set" if was is None else "unset" if now is None else "increased" if now > was else "decreased"
        values = [limit and limit[0] for limit in (written if exclusive else (was, now))]
        name = ("exclusive-" if exclusive else "") + _NAMES[keyword]
        yield Difference(name, action, *sides(values), *sides(demands), strict if exclusive else keyword)


def _bounds(keyword: str, strict: str, *limits: tuple[float, bool] | None) -> list[Any]:
    return [True if item is None else {strict if item[1] else keyword: item[0]} for item in limits]


def _counts(base: Shape, head: Shape) -> Iterator[Difference]:
    for keyword in sorted({*base.counts, *head.counts}):
        was, now = base.counts.get(keyword), head.counts.get(keyword)
        if was == now or keyword == "pattern" or keyword in ("minContains", "maxContains"):
            continue
        demands = [True if value is None else {keyword: value} for value in (was, now)]
        if keyword in _CONTENT:
            yield Difference(_CONTENT[keyword], "changed", was, now, None, None, keyword)
        elif keyword == "uniqueItems":
            yield Difference("unique-items", "added" if now else "removed", was, now, *sides(demands), keyword)
        elif keyword == "multipleOf":
            action = "added" if was is None else "removed" if now is None else "changed"
            yield Difference("multiple-of", action, was, now, *sides(demands), keyword)
        elif keyword in _NAMES:
            yield Difference(_NAMES[keyword], _moved(was, now), was, now, *sides(demands), keyword)


def _moved(was: Any, now: Any) -> str:
    if was is None or now is None:
        return "set" if was is None else "unset"
    return "increased" if now > was else "decreased"


def _patterns(base: Shape, head: Shape) -> Iterator[Difference]:
    was, now = (sorted({item for item in shape.meaning.patterns if item}) for shape in (base, head))
    if was == now:
        return
    demands = [{"allOf": [{"pattern": item} for item in side]} if side else True for side in (was, now)]
    action = "added" if not was else "removed" if not now else "changed"
    if now and all(item in _ANYTHING for item in now):
        action = "generalized"
    yield Difference("pattern", action, ", ".join(was) or None, ", ".join(now) or None, *sides(demands), "pattern")


def _dependent(base: Shape, head: Shape) -> Iterator[Difference]:
    olds, news = base.meaning.dependent, head.meaning.dependent
    for name in sorted({*olds, *news}):
        was, now = sorted(set(olds.get(name, ()))), sorted(set(news.get(name, ())))
        if was != now:
            demands = [{"dependentRequired": {name: side}} if side else True for side in (was, now)]
            action = "added" if not was else "removed" if not now else "changed"
            yield Difference("dependent-required", action, was, now, *sides(demands), "dependentRequired", name)
