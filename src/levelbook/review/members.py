"""Members of unions and of ``allOf``, matched between two documents: by what they are called, then by likeness."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from levelbook.address import label
from levelbook.api import Schema
from levelbook.meaning import component_name, meaning_of, members
from levelbook.pointer import join, split

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.review.spot import Spot

_PROSE = frozenset({"description", "title", "example", "examples", "$comment"})
_ORDERED = frozenset({"prefixItems", "const", "default"})
_OBJECT = frozenset({"object"})
_ALIKE = 0.3  # of what two members say; below, they are no two versions of one


def pairs_of(
    base: Api, olds: list[Schema], head: Api, news: list[Schema]
) -> tuple[list[tuple[Schema, Schema]], list[Schema], list[Schema]]:
    """Give the pairs of members that are versions of one another, those that are gone, and those that are new."""
    return _by_likeness(base, head, *exact_pairs(base, olds, head, news))


def exact_pairs(
    base: Api, olds: list[Schema], head: Api, news: list[Schema]
) -> tuple[list[tuple[Schema, Schema]], list[Schema], list[Schema]]:
    """Give the same, where only names, constants and equal content count."""
    pairs: list[tuple[Schema, Schema]] = []
    gone, come = list(olds), list(news)
    for name_of in (_constants, _name, _content, _kind):
        names: dict[Any, list[Schema]] = {}
        for item in come:
            names.setdefault(name_of(head, item), []).append(item)
        mine: dict[Any, list[Schema]] = {}
        for item in gone:
            mine.setdefault(name_of(base, item), []).append(item)
        for name, items in mine.items():
            others = names.get(name, [])
            named = name_of is _content and all(
                _name(base, one) and _name(head, other) for one, other in zip(items, others, strict=False)
            )
            if name and not named and len(items) == len(others) and (len(items) == 1 or name_of is _content):
                pairs += zip(items, others, strict=True)
                gone = [item for item in gone if item not in items]
                come = [item for item in come if item not in others]
    return pairs, gone, come


def _by_likeness(
    base: Api, head: Api, pairs: list[tuple[Schema, Schema]], gone: list[Schema], come: list[Schema]
) -> tuple[list[tuple[Schema, Schema]], list[Schema], list[Schema]]:
    """Pair what is inline and nameless on both sides by what it has in common."""
    nameless = [item for item in gone if not _name(base, item)]
    for item in nameless:
        said = _words(base, item)
        scored = [(_overlap(said, _words(head, other)), other) for other in come if not _name(head, other)]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if best[1] is not None and best[0] >= _ALIKE:
            pairs.append((item, best[1]))
            gone = [other for other in gone if other is not item]
            come = [other for other in come if other is not best[1]]
    return pairs, gone, come


def _constants(api: Api, schema: Schema) -> str:
    """Give the one-value properties of a member, which tell it apart from the others."""
    for value, _ in members(api, schema):
        text = label(value)
        if "=" in text:
            return text
    return ""


def _name(_: Api, schema: Schema) -> str:
    value = schema.value
    if not isinstance(value, dict):
        return str(value)
    if isinstance(value.get("$ref"), str):
        return str(split(value["$ref"].partition("#")[2])[-1:] or value["$ref"])
    return str(value.get("title") or "")


def _content(api: Api, schema: Schema) -> str:
    """Write a member without a word of prose: of equal ones, each is the other, if one has no name."""
    value = schema.value
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        value = next((item for item, _ in members(api, schema) if item is not value), value)
    return json.dumps(_bare(value), sort_keys=True, default=str)


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return sorted((_bare(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    if not isinstance(value, dict):
        return value
    return {
        key: {name: _bare(one) for name, one in item.items()}
        if key == "properties" and isinstance(item, dict)
        else item
        if key in _ORDERED
        else _bare(item)
        for key, item in value.items()
        if key not in _PROSE or not isinstance(item, str | list)
    }


def _kind(api: Api, schema: Schema) -> str:
    """Give the type of a member that nothing else names, where it is of one type."""
    if _name(api, schema) or not isinstance(schema.value, dict):
        return ""
    written = schema.value.get("type")
    return written if isinstance(written, str) and written != "object" else ""


def _words(api: Api, schema: Schema) -> frozenset[str]:
    found: set[str] = set()
    for value, _ in members(api, schema):
        for key, item in value.items():
            if key == "properties" and isinstance(item, dict):
                found |= {f".{name}" for name in item}
            elif key in ("enum", "required", "type") and isinstance(item, list):
                found |= {f"{key}={one}" for one in item}
            elif key == "enum" or isinstance(item, (str, int, float)):
                if key not in ("description", "title", "example", "$ref"):
                    found.add(f"{key}={item}")
            elif key == "items" and isinstance(item, dict):
                found.add(f"items={item.get('$ref', item.get('type'))}")
    return frozenset(found)


def _overlap(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right) if left | right else 1.0


def are_disjoint(api: Api, union: list[Schema]) -> bool:
    """Say whether no value meets two members, by their types or by constants that each of them requires."""
    told = [_told(api, item) for item in union]
    return all(_differs(left, right) for index, left in enumerate(told) for right in told[index + 1 :])


_Told = tuple[frozenset[str], dict[str, frozenset[str]]]


def _told(api: Api, schema: Schema) -> _Told:
    """Give the types of a member, and the values that its required properties may have, where those are listed."""
    meaning = meaning_of(api, schema)
    listed = {}
    for name in meaning.required & meaning.properties.keys():
        values = meaning_of(api, *meaning.properties[name]).enum
        if values is not None:
            listed[name] = frozenset(json.dumps(value, sort_keys=True, default=str) for value in values)
    types = frozenset("number" if kind == "integer" else kind for kind in meaning.types)
    return types, listed


def _differs(left: _Told, right: _Told) -> bool:
    if left[0].isdisjoint(right[0]):
        return True
    objects = left[0] <= _OBJECT or right[0] <= _OBJECT
    return objects and any(left[1][name].isdisjoint(right[1][name]) for name in left[1].keys() & right[1].keys())


def all_of_changes(base: Api, head: Api, spot: Spot) -> tuple[list[Schema], list[Schema]]:
    """Give the named members that ``allOf`` lost and gained, where both documents have such a list.

    What such a member brings is one fact, not one for each of its keywords.
    """
    olds, news = _all_of(base, spot.base), _all_of(head, spot.head)
    if not olds or not news:
        return [], []
    gone = [item for name, item in olds.items() if name not in news]
    come = [item for name, item in news.items() if name not in olds]
    return gone, come


def _all_of(api: Api, group: tuple[Schema, ...]) -> dict[str, Schema]:
    """Give the components that a group is put together of, by name, each as the member that refers to it."""
    found: dict[str, Schema] = {}
    for schema in group:
        for value, pointer in members(api, schema):
            for index, item in enumerate(value["allOf"]) if isinstance(value.get("allOf"), list) else ():
                if isinstance(item, dict) and isinstance(item.get("$ref"), str):
                    name = component_name(f"/{item['$ref'].partition('#/')[2]}") or item["$ref"]
                    found.setdefault(name, Schema(item, join(pointer, "allOf", index)))
    return found
