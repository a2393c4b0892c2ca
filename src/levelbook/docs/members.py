"""What the members of a union are called: by what tells them apart, never by their position."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from levelbook.address import label
from levelbook.meaning import Meaning, meaning_of

if TYPE_CHECKING:
    from levelbook.api import Api, Schema

_MAY_FIX = frozenset({"enum", "const", "allOf", "$ref"})  # keywords that may leave a property one value


def member_names(api: Api, union: list[Schema], marks: list[Any]) -> list[str]:
    """Give what the members of a union are called on a page; no two alike where anything tells them apart.

    The values of the constants that they differ in (``realm_user-add``), else what a discriminator, a reference or a
    title calls them; those still alike by a property that only they have.
    """
    meanings = [meaning_of(api, schema) for schema in union]
    names = _by_constants([_constants(api, meaning) for meaning in meanings])
    if len(set(names)) < len(names) or not all(names):
        names = [_member_name(schema, meaning, marks) for schema, meaning in zip(union, meanings, strict=True)]
    alike = {name for name in names if names.count(name) > 1}
    if alike:
        for index, (name, meaning) in enumerate(zip(names, meanings, strict=True)):
            if name in alike:
                others = set[str]().union(*(other.properties for other in meanings if other is not meaning))
                names[index] = next((one for one in meaning.properties if one not in others), name)
    return names


def _constants(api: Api, meaning: Meaning) -> dict[str, str]:
    """Give the properties that can have one value only."""
    found = {}
    for name, group in meaning.properties.items():
        if any(isinstance(schema.value, dict) and not schema.value.keys().isdisjoint(_MAY_FIX) for schema in group):
            values = meaning_of(api, *group).enum
            if values is not None and len(values) == 1:
                found[name] = values[0] if isinstance(values[0], str) else json.dumps(values[0])
    return found


def _by_constants(constants: list[dict[str, str]]) -> list[str]:
    """Name members by the values of the constants that tell many of them apart."""
    counted: dict[str, int] = {}
    for known in constants:
        for name in known:
            counted[name] = counted.get(name, 0) + 1
    telling = [
        name
        for name, count in counted.items()
        if count * 3 >= len(constants) and len({known.get(name) for known in constants}) > 1
    ]
    return ["-".join(known[name] for name in telling if name in known) for known in constants]


def _member_name(schema: Schema, meaning: Meaning, marks: list[Any]) -> str:
    text = label(schema.value)
    written = schema.value.get("$ref") if isinstance(schema.value, dict) else None
    ref = written if isinstance(written, str) else None
    for mark in marks:
        mapping = mark.get("mapping") if isinstance(mark, dict) else None
        for value, target in mapping.items() if isinstance(mapping, dict) else ():
            if ref is not None and str(target) in (ref, ref.rpartition("/")[2]):
                return str(value)
    if text in ("object", "member") and not ref:
        return meaning.titles[0] if meaning.titles else meaning.component or text
    return text.partition("=")[2] if text.count("=") == 1 and "," not in text else text
