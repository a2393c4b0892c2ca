"""Objects and arrays: what is inside is made by the schemas that judge it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.engine import matches
from levelbook.pointer import join
from levelbook.values.attempt import FULL, LEAST, SOME
from levelbook.values.impossible import Exhausted, Impossible
from levelbook.values.texts import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.meaning import Meaning
    from levelbook.values.attempt import Attempt, Group
    from levelbook.values.making import Making

_DISTINCT = 30  # tries for an item that is not there yet
_MANY = 200  # items or properties that are made because so many must be there
_MOST = 100_000  # items


def object_(making: Making, meaning: Meaning, attempt: Attempt) -> dict[str, Any]:
    """Make an object. Raises Impossible where a property that must be there cannot be made."""
    required = {name for name in meaning.required if not _is_hidden(making, meaning, name)}
    optional = [name for name in meaning.properties if name not in required]
    wanted = _wanted(required, optional, meaning, attempt)
    made: dict[str, Any] = {}
    for name in sorted(wanted, key=_order(meaning)):
        group = property_schemas(meaning, name)
        if name not in required and making.is_hidden(group):
            continue
        try:
            made[name] = making.below(group, name, attempt)
        except Exhausted:
            raise
        except Impossible:
            if name in required:
                raise
    least, most = _count(meaning, "minProperties", 0), _count(meaning, "maxProperties", None)
    is_map = not meaning.properties and not made and attempt.amount == FULL
    for name in _more_names(making, meaning, attempt):
        if (most is not None and len(made) >= most) or len(made) >= max(least, is_map):
            break
        _add(making, meaning, attempt, made, name)
    return made


def property_schemas(meaning: Meaning, name: str) -> Group:
    """Give the schemas that judge a property: of each schema of the group its own, or that of all others."""
    found: list[Schema] = []
    for value, pointer in meaning.sources:
        own = [
            Schema(item, join(pointer, "properties", name)) for key, item in _map(value, "properties") if key == name
        ]
        own += [
            Schema(item, join(pointer, "patternProperties", pattern))
            for pattern, item in _map(value, "patternProperties")
            if matches(pattern, name)
        ]
        if not own and "additionalProperties" in value:
            own = [Schema(value["additionalProperties"], join(pointer, "additionalProperties"))]
        found += own
    if not found:
        found = [schema for keyword, _, schema in meaning.applied if keyword == "unevaluatedProperties"]
    return tuple(schema for schema in found if schema.value not in (True, {}))


def array(making: Making, meaning: Meaning, attempt: Attempt) -> list[Any]:
    """Make an array. Raises Impossible where an item that must be there cannot be made."""
    least, most = _count(meaning, "minItems", 0), _count(meaning, "maxItems", None)
    contained = list(_contained(meaning))
    count = max(least, len(contained))
    if attempt.amount != LEAST:
        count = max(count, 1, len(meaning.prefix_items))
    if most is not None:
        count = min(count, most)
    made: list[Any] = []
    is_set = meaning.constraints.get("uniqueItems") is True
    known: set[str] | None = set() if is_set else None
    for index in range(min(count, _MOST if is_set else _MANY)):
        group = (*_item_schemas(meaning, index), *contained[index : index + 1])
        try:
            made.append(_item(making, attempt, len(made), known, group))
        except Exhausted:
            raise
        except Impossible:
            if index < max(least, len(contained)):
                raise
            break
    if len(made) == _MANY and not is_set:  # the rest are like the last
        made += [made[-1]] * (min(count, _MOST) - len(made))
    return made


def _item(making: Making, attempt: Attempt, number: int, known: set[str] | None, group: Group) -> Any:
    """Make the next item; another one than those that are ``known``, where each must be another, and note it there."""
    value = making.below(group, str(number), attempt)
    if known is None:
        return value
    for other in _others(making, attempt, number, group, value):
        if (written := _canonical(other)) not in known:
            known.add(written)
            return other
    raise Impossible("no further item was found that is not there yet")


def _others(making: Making, attempt: Attempt, number: int, group: Group, value: Any) -> Iterator[Any]:
    """Give values for an item, those like the first one before others."""
    accepts = making.values.accepts(group) if group else bool
    yield from filter(accepts, _like(value, number))
    yield value
    for extra in range(1, _DISTINCT):
        yield making.below(group, str(number), attempt, extra + 2) if group else f"string{extra}"


def _like(value: Any, number: int) -> Iterator[Any]:
    """Give a value and others like it, for the item with this number."""
    yield value
    if isinstance(value, str):
        yield f"{value}{number}"
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (value + number, value - number)


def _item_schemas(meaning: Meaning, index: int) -> Group:
    found = []
    for value, pointer in meaning.sources:
        prefix = value.get("prefixItems")
        if isinstance(prefix, list) and index < len(prefix):
            found.append(Schema(prefix[index], join(pointer, "prefixItems", index)))
        elif isinstance(value.get("items"), (dict, bool)):
            found.append(Schema(value["items"], join(pointer, "items")))
    if not found:
        found = [schema for keyword, _, schema in meaning.applied if keyword == "unevaluatedItems"]
    return tuple(schema for schema in found if schema.value not in (True, {}))


def _contained(meaning: Meaning) -> Iterator[Schema]:
    """Give a schema for each item that must be there because of ``contains``."""
    for value, pointer in meaning.sources:
        if "contains" in value:
            least = value.get("minContains", 1)
            for _ in range(min(least, _MANY) if type(least) is int else 1):
                yield Schema(value["contains"], join(pointer, "contains"))


def _wanted(required: set[str], optional: list[str], meaning: Meaning, attempt: Attempt) -> set[str]:
    most = _count(meaning, "maxProperties", None)
    if attempt.amount == LEAST:
        chosen = []
    elif attempt.amount == SOME:
        chosen = [name for name in optional if attempt.chance is None or attempt.chance.random() < 0.5]  # noqa: PLR2004  # a half
    else:
        chosen = optional
    wanted = set(required) | set(chosen[: None if most is None else max(0, most - len(required))])
    while more := {other for name in wanted for other in meaning.dependent.get(name, ())} - wanted:
        wanted |= more
    return wanted


def _more_names(making: Making, meaning: Meaning, attempt: Attempt) -> Iterator[str]:
    """Give names of properties that the schema does not name."""
    patterns = [pattern for value, _ in meaning.sources for pattern, _ in _map(value, "patternProperties")]
    for pattern in patterns:
        for number in range(3):
            if (text := text_of(pattern, f"{attempt.where} {attempt.nth} {number}", plain=number == 0)) is not None:
                yield text
    naming = tuple(schema for keyword, _, schema in meaning.applied if keyword == "propertyNames")
    if naming:
        accepts = making.values.accepts(naming)
        for extra in range(_DISTINCT):
            name = making.below(naming, "name", attempt, extra)
            if isinstance(name, str):
                yield from (one for number in range(3) for one in _like(name, number) if accepts(one))
    yield from (name for name in meaning.properties if attempt.amount != FULL)
    yield from (f"key{number or ''}" for number in range(_MANY))


def _add(making: Making, meaning: Meaning, attempt: Attempt, made: dict[str, Any], name: str) -> None:
    group = property_schemas(meaning, name)
    if name in made or making.is_hidden(group):
        return
    try:
        made[name] = making.below(group, name, attempt)
    except Exhausted:
        raise
    except Impossible:
        return


def _is_hidden(making: Making, meaning: Meaning, name: str) -> bool:
    return name in meaning.properties and making.is_hidden(property_schemas(meaning, name))


def _order(meaning: Meaning) -> Any:
    """Give the key that sorts names as the document has them."""
    places = {name: index for index, name in enumerate(meaning.properties)}
    return lambda name: (places.get(name, len(places)), name)


def _count(meaning: Meaning, keyword: str, otherwise: Any) -> Any:
    """Give a bound of a number of things; 2.0 is 2."""
    value = meaning.constraints.get(keyword)
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise


def _map(value: dict[str, Any], keyword: str) -> list[tuple[str, Any]]:
    found = value.get(keyword)
    return list(found.items()) if isinstance(found, dict) else []


def _canonical(value: Any) -> str:
    """Write a value so that equal ones are equal: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)
