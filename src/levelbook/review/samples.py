"""Values for a schema, found at its boundaries: candidates, which the engine judges afterwards.

>>> list(Samples({}).of({"type": "string", "maxLength": 2}))[:2]
['a', '']
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from levelbook.pointer import split
from levelbook.review.scalars import Parts, numbers, strings
from levelbook.review.texts import POOL, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.review.spot import Step

_DEEP = 7  # levels of a value; deeper, only what must be there
_FEW = 4
_SOME = 24
_PLACE = object()  # stands in a value for one that is put there later
_LOOKED_AT = frozenset({"propertyNames", "dependentSchemas"})  # steps that make more of a value than a place for it
_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")
_HINTS = (
    ("object", ("properties", "required", "minProperties", "maxProperties", "propertyNames", "patternProperties",
                "dependentRequired", "additionalProperties", "dependentSchemas", "unevaluatedProperties")),
    ("array", ("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems")),
    ("string", ("minLength", "maxLength", "pattern", "format", "contentEncoding")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)  # fmt: skip


class Samples:
    """Makes values for schemas that refer to ``definitions``; ``side`` says whose members of unions steps lead to."""

    def __init__(self, definitions: dict[str, Any], side: str = "base") -> None:
        self.definitions = definitions
        self.side = side

    def of(self, schema: Any, depth: int = 0) -> Iterator[Any]:
        """Give candidates for a schema; those that must be there first, and never very many."""
        for parts in self._alternatives(schema, depth):
            yield from islice(self._values(parts, depth), _SOME if depth < 2 else _FEW)

    def around(self, schema: Any, steps: tuple[Step, ...], value: Any, depth: int = 0) -> Iterator[Any]:
        """Give candidates for a schema that have ``value`` where the steps lead to."""
        if not steps:
            yield value
            return
        step, rest = steps[0], steps[1:]
        chosen = self._member(schema, step) if step.kind == "<>" else None
        if chosen is not None:
            yield from self.around(chosen, rest, value, depth + 1)
            return
        for parts in self._alternatives(schema, depth):
            yield from islice(self._around(parts, step, rest, value, depth), _FEW)

    def settings(self, schema: Any, steps: tuple[Step, ...], most: int) -> Callable[[Any], Iterator[Any]]:
        """Give what puts values where the steps lead to, in up to ``most`` surroundings, which are made once."""
        if any(step.kind in _LOOKED_AT for step in steps):
            return lambda value: islice(self.around(schema, steps, value), most)
        made = list(islice(self.around(schema, steps, _PLACE), most))
        return lambda value: (_placed(one, value) for one in made)

    def _member(self, schema: Any, step: Step) -> dict[str, Any] | None:
        """Give a schema with the member of its union that a step leads to, in the place of the union."""
        there = step.base if self.side == "base" else step.head
        place, index = split(there.pointer)[-2:] if there is not None else ("", "")
        for part in self._flat(schema):
            union = part.get(place) if place in ("oneOf", "anyOf") else None
            if isinstance(union, list) and index.isdecimal() and int(index) < len(union):
                others = [
                    one for one in self._flat(schema) if one is not part and "$ref" not in one and "allOf" not in one
                ]
                bare = {key: item for key, item in part.items() if key != place}
                return {"allOf": [*others, bare, union[int(index)]]}
        return None

    # -- taking schemas apart --------------------------------------------------------------------------------------

    def _flat(self, schema: Any, seen: frozenset[str] = frozenset()) -> Parts:
        """Give the conjuncts of a schema; a schema that nothing fits gives one that says so."""
        if not isinstance(schema, dict):
            return [{"enum": []}] if schema is False else []
        parts: Parts = [schema]
        ref = schema.get("$ref")
        if isinstance(ref, str):
            name = ref.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            if name not in seen:
                parts += self._flat(self.definitions.get(name, True), seen | {name})
        for item in schema.get("allOf", ()):
            parts += self._flat(item, seen)
        return parts

    def _alternatives(self, schema: Any, depth: int) -> Iterator[Parts]:
        """Give the conjuncts of a schema, once for each way through its unions and conditions."""
        yield from islice(self._chosen(self._flat(schema), frozenset(), depth), 12)

    def _chosen(self, parts: Parts, done: frozenset[int], depth: int) -> Iterator[Parts]:
        for part in parts:
            if id(part) in done:
                continue
            members = part.get("oneOf") or part.get("anyOf")
            if members:
                for member in members[:70]:
                    yield from islice(self._chosen([*parts, *self._flat(member)], done | {id(part)}, depth), _FEW)
                return
            if "if" in part and ("then" in part or "else" in part):
                inside = [*parts, *self._flat(part["if"]), *self._flat(part.get("then", True))]
                outside = [*parts, *self._flat(part.get("else", True))]
                for way in (inside, outside):
                    yield from islice(self._chosen(way, done | {id(part)}, depth), _FEW)
                return
        yield parts

    # -- making values ---------------------------------------------------------------------------------------------

    def _values(self, parts: Parts, depth: int) -> Iterator[Any]:
        fixed = [
            part["enum"] if "enum" in part else [part["const"]] for part in parts if "enum" in part or "const" in part
        ]
        if fixed:
            yield from fixed[0]
            return
        for kind in _types(parts):
            yield from self._typed(kind, parts, depth)

    def _typed(self, kind: str, parts: Parts, depth: int) -> Iterator[Any]:
        if kind == "string":
            yield from strings(parts)
        elif kind in ("integer", "number"):
            yield from numbers(parts, whole=kind == "integer")
        elif kind == "boolean":
            yield from (True, False)
        elif kind == "null":
            yield None
        elif kind == "array":
            yield from self._arrays(parts, depth)
        else:
            yield from self._objects(parts, depth)

    def _first(self, schemas: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(islice(self.of({"allOf": schemas} if len(schemas) != 1 else schemas[0], depth + 1), _FEW))

    def _arrays(self, parts: Parts, depth: int) -> Iterator[Any]:  # noqa: C901  # one way of filling after the other
        least = int(max((part.get("minItems", 0) for part in parts), default=0))
        most = int(min((part.get("maxItems", 1000) for part in parts), default=1000))
        prefix = [
            self._item(parts, index, depth)
            for index in range(max((len(part.get("prefixItems", ())) for part in parts), default=0))
        ]
        for part in parts:  # two of what must be there: a count of it may be asked for
            if "contains" in part and depth < _DEEP:
                inner = self._first([part["contains"]], depth)
                if inner:
                    count = max(1, int(part.get("minContains", 1)))
                    for size in (count, count + 1, int(part.get("maxContains", count)), 0):
                        yield [inner[index % len(inner)] for index in range(size)]
                    yield inner[:1] * count
        others = self._first([part["items"] for part in parts if "items" in part], depth) if depth < _DEEP else ()
        if least == 0:
            yield []
        made = [items[0] for items in prefix if items]
        for size in dict.fromkeys((max(least, 1), least, max(least, len(made)), min(most, 12), least + 1, 2)):
            if 0 < size <= min(most, 300):
                filled = made[:size]
                yield (
                    filled + [others[index % len(others)] for index in range(size - len(filled))] if others else filled
                )
                if others:
                    yield filled + [_varied(others[0], index) for index in range(size - len(filled))]
        for index, items in enumerate(prefix):
            for item in items[1:]:
                yield [*made[:index], item, *made[index + 1 :]]
        for item in others:
            yield [*made, *[item] * max(1, least - len(made))]
            yield [*made, item, item]

    def _item(self, parts: Parts, index: int, depth: int) -> tuple[Any, ...]:
        schemas = [
            part["prefixItems"][index] if index < len(part.get("prefixItems", ())) else part["items"]
            for part in parts
            if index < len(part.get("prefixItems", ())) or "items" in part
        ]
        return self._first(schemas, depth)

    def _objects(self, parts: Parts, depth: int) -> Iterator[Any]:
        least = self._least(parts, depth)
        if least is None:
            return
        yield least
        if depth >= _DEEP:
            return
        names = {name for part in parts for name in part.get("properties", ())}
        for name in sorted(names - least.keys()):
            for item in self._property(parts, name, depth)[:2]:
                yield self._closed({**least, name: item}, parts, depth)
        for name in sorted(least):
            for item in self._property(parts, name, depth)[1:]:
                yield {**least, name: item}
        for extra in self._more(parts, depth):
            yield {**least, **extra}
        fewest = int(max((part.get("minProperties", 0) for part in parts), default=0))
        most = int(min((part.get("maxProperties", 0) for part in parts if "maxProperties" in part), default=0))
        for size in dict.fromkeys((fewest, fewest + 1, most, most + 1)):
            if len(least) < size < 60:
                yield {**least, **{f"p{index}": "a" for index in range(size - len(least))}}

    def _least(self, parts: Parts, depth: int) -> dict[str, Any] | None:
        """Give an object with what it must have; None where that cannot be."""
        made: dict[str, Any] = {}
        for name in sorted({name for part in parts for name in part.get("required", ())}):
            items = self._property(parts, name, depth)
            if not items:
                return None
            made[name] = items[0]
        for name in sorted({name for part in parts for name in part.get("properties", ())} - made.keys()):
            constant = self._constant(parts, name)
            if constant is not None:  # which member of a union is meant, such a property says
                made[name] = constant
        return self._closed(made, parts, depth)

    def _constant(self, parts: Parts, name: str) -> str | None:
        """Give the one text that a property may be, where that is so."""
        for part in parts:
            for inner in self._flat(part.get("properties", {}).get(name, True)):
                listed = [inner["const"]] if "const" in inner else inner.get("enum", ())
                if len(listed) == 1 and isinstance(listed[0], str):
                    return str(listed[0])
        return None

    def _closed(self, made: dict[str, Any], parts: Parts, depth: int) -> dict[str, Any]:
        """Add what depends on what is there."""
        for part in parts:
            for name, needed in part.get("dependentRequired", {}).items():
                for other in needed if name in made else ():
                    if other not in made:
                        made = {**made, other: next(iter(self._property(parts, other, depth)), "a")}
        return made

    def _property(self, parts: Parts, name: str, depth: int) -> tuple[Any, ...]:
        schemas = []
        for part in parts:
            if name in part.get("properties", {}):
                schemas.append(part["properties"][name])
            elif isinstance(part.get("additionalProperties"), dict):
                schemas.append(part["additionalProperties"])
        return self._first(schemas, depth) if schemas else ("a", 1)

    def _more(self, parts: Parts, depth: int) -> Iterator[dict[str, Any]]:
        """Give further properties: of any name, of names that a pattern or ``propertyNames`` asks for."""
        keys: list[str] = ["zz"]
        for part in parts:
            if "propertyNames" in part:
                keys += [item for item in self._first([part["propertyNames"]], depth) if isinstance(item, str)]
            for pattern, schema in part.get("patternProperties", {}).items():
                for key in islice(texts_of(pattern), 2):
                    for item in self._first([schema], depth)[:2]:
                        yield {key: item}
                    yield from ({key: item} for item in ("a", 1, None))
        for part in parts:
            for keyword in ("additionalProperties", "unevaluatedProperties"):
                if isinstance(part.get(keyword), dict):
                    yield from ({key: item} for key in keys for item in self._first([part[keyword]], depth))
        for key in [*keys, *POOL]:
            yield {key: "a"}

    # -- around a value --------------------------------------------------------------------------------------------

    def _around(self, parts: Parts, step: Step, rest: tuple[Step, ...], value: Any, depth: int) -> Iterator[Any]:
        kind, name = step.kind, step.name
        if kind in (".", "{}", "patternProperties", "unevaluatedProperties"):
            keys = [name] if kind == "." else list(self._keys(parts, name if kind == "patternProperties" else ""))
            least = self._least(parts, depth)
            for key in keys:
                schemas = _schemas_of(parts, key, "" if kind == "." else name)
                for item in self.around({"allOf": schemas}, rest, value, depth + 1):
                    yield self._closed({**(least or {}), key: item}, parts, depth)
        elif kind in ("[]", "contains", "unevaluatedItems"):
            index = (
                int(name) if name.isdecimal() else max((len(part.get("prefixItems", ())) for part in parts), default=0)
            )
            schemas = [
                part["prefixItems"][index]
                if index < len(part.get("prefixItems", ()))
                else part.get("items", part.get(kind, True))
                for part in parts
            ]
            fewest = int(max((part.get("minItems", 0) for part in parts), default=0))
            before = [(self._item(parts, at, depth) or (None,))[0] for at in range(index)]
            after = [(self._item(parts, at, depth) or ("a",))[0] for at in range(index + 1, fewest)]
            for item in self.around({"allOf": schemas}, rest, value, depth + 1):
                yield [*before, item, *[_varied(one, place) for place, one in enumerate(after)]]
        elif kind == "propertyNames":
            if isinstance(value, str):
                yield {**(self._least(parts, depth) or {}), value: "a"}
        elif kind == "contentSchema":
            return
        else:  # a member of a union, a condition: it judges the same value
            inner = [
                part[kind][name] if name else part[kind]
                for part in parts
                if kind in part and (not name or name in part[kind])
            ]
            schema = {"allOf": [*parts, *inner]} if kind != "<>" else {"allOf": parts}
            for item in self.around(_bare(schema), rest, value, depth + 1):
                yield (
                    {**item, name: "a"}
                    if kind == "dependentSchemas" and isinstance(item, dict) and name not in item
                    else item
                )

    def _keys(self, parts: Parts, pattern: str) -> Iterator[str]:
        if pattern:
            yield from islice(texts_of(pattern), 2)
            return
        named = {name for part in parts for name in part.get("properties", ())}
        for part in parts:
            if "propertyNames" in part:
                yield from (
                    item
                    for item in self._first([part["propertyNames"]], 1)
                    if isinstance(item, str) and item not in named
                )
        yield next(key for key in ("zz", "zzz", "zzzz") if key not in named)


def _placed(setting: Any, value: Any) -> Any:
    if setting is _PLACE:
        return value
    if isinstance(setting, dict):
        return {key: _placed(item, value) for key, item in setting.items()}
    return [_placed(item, value) for item in setting] if isinstance(setting, list) else setting


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out unions that were chosen from already."""
    return {
        "allOf": [
            {key: item for key, item in part.items() if key not in ("oneOf", "anyOf")}
            for part in schema["allOf"]
            if isinstance(part, dict)
        ]
    }


def _schemas_of(parts: Parts, key: str, pattern: str) -> list[Any]:
    found = []
    for part in parts:
        if key in part.get("properties", {}):
            found.append(part["properties"][key])
        elif pattern and pattern in part.get("patternProperties", {}):
            found.append(part["patternProperties"][pattern])
        else:
            found.append(part.get("additionalProperties", part.get("unevaluatedProperties", True)))
    return [item for item in found if item is not False]


def _types(parts: Parts) -> list[str]:
    types: set[str] | None = None
    for part in parts:
        written = part.get("type")
        if written is not None:
            own = {written} if isinstance(written, str) else set(written)
            own |= {"integer"} if "number" in own else set()
            types = own if types is None else types & own
    if types is not None:
        return [kind for kind in _ORDER if kind in types]
    hinted = [kind for kind, words in _HINTS if any(word in part for part in parts for word in words)]
    return [*hinted, *(kind for kind in _ORDER if kind not in hinted)]


def _varied(value: Any, index: int) -> Any:
    """Give another value of the same kind, so that items are not all equal."""
    if index == 0 or isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return f"{value}{index}"
    if isinstance(value, (int, float)):
        return value + index
    return value
