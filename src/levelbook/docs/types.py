"""Types and constraints in words, and the values of enums: what a schema says of one value, without its fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from levelbook.docs.field import Choice, Docs
from levelbook.docs.spans import codespan
from levelbook.elements import ABSENT
from levelbook.meaning import ALL_TYPES, Meaning, both, meaning_of, type_of
from levelbook.prose import added_value, split_prose

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Api
    from levelbook.docs.labels import Labels
    from levelbook.levels import Level
    from levelbook.notes import Note

_ORDER = ("string", "integer", "number", "boolean", "object", "array", "null")
_DEEP = 4  # lists of lists whose items are named in a type
_NUMERIC = frozenset({
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double", "double-int",
    "decimal", "decimal128",
})  # fmt: skip  # formats of numbers, in the registry of OpenAPI
_NUMBERS, _TEXTS, _LISTS, _MAPS = ("integer", "number"), ("string",), ("array",), ("object",)
_TOLD = {  # constraints, and the types that they constrain (JSON Schema validation, 6)
    "minimum": _NUMBERS, "maximum": _NUMBERS, "exclusiveMinimum": _NUMBERS, "exclusiveMaximum": _NUMBERS,
    "multipleOf": _NUMBERS, "minLength": _TEXTS, "maxLength": _TEXTS, "minItems": _LISTS, "maxItems": _LISTS,
    "minProperties": _MAPS, "maxProperties": _MAPS, "contentEncoding": _TEXTS, "contentMediaType": _TEXTS,
}  # fmt: skip
_UNEVALUATED = "unevaluatedProperties"
_WORDS = ("x-enum-varnames", "x-enumNames", "x-enum-descriptions", "x-enumDescriptions")  # beside an enum


def types(api: Api, meaning: Meaning, labels: Labels, depth: int = 0) -> str:
    """Say in words of which types a value may be: ``string, integer, or list of strings``."""
    words = _words(api, meaning, labels, depth)
    if words:
        return labels.either(words)
    if not meaning.types:
        return labels("no_value")
    return labels("object" if meaning.properties or meaning.required else "any_value")


def _words(api: Api, meaning: Meaning, labels: Labels, depth: int, allowed: frozenset[str] | None = None) -> list[str]:
    """Name the types that a value may have; ``allowed`` are those that what stands around it leaves."""
    kinds = meaning.types if allowed is None else both(meaning.types, allowed)
    if kinds == ALL_TYPES:
        return []
    words: list[str] = []
    if meaning.unions and not meaning.properties and depth < _DEEP:
        for schema in meaning.unions[0][1]:
            inner = meaning_of(api, schema)
            if inner.types == ALL_TYPES:
                words += [_word(api, kind, meaning, labels, depth) for kind in _ORDER if kind in kinds]
            else:
                words += _words(api, inner, labels, depth + 1, kinds)
        words = list(dict.fromkeys(words))
        if labels("number") in words and labels("integer") in words:
            words.remove(labels("integer"))
        if words:
            return words + ([labels("null")] if "null" in kinds and labels("null") not in words else [])
    return list(dict.fromkeys(_word(api, kind, meaning, labels, depth) for kind in _ORDER if kind in kinds))


def _word(api: Api, kind: str, meaning: Meaning, labels: Labels, depth: int) -> str:
    if kind == "array" and meaning.prefix_items and depth < _DEEP:
        return _tuple(api, meaning, labels, depth)
    if kind == "array" and meaning.items and depth < _DEEP:
        return _holding(labels, "list_of", "array", _words(api, meaning_of(api, *meaning.items), labels, depth + 1))
    maps = [schema for schema in meaning.additional if isinstance(schema.value, dict)]
    if kind == "object" and maps and not meaning.properties and depth < _DEEP:
        return _holding(labels, "map_of", "map", _words(api, meaning_of(api, *maps), labels, depth + 1))
    for name in meaning.formats:
        if kind in (("integer", "number") if name in _NUMERIC else ("string",)):
            return f"{labels(kind)} ({name})"
    if meaning.formats and "string" not in meaning.types and kind in ("integer", "number"):
        return f"{labels(kind)} ({meaning.formats[0]})"
    return labels(kind)


def _holding(labels: Labels, key: str, otherwise: str, words: list[str]) -> str:
    """Say what a list or a map holds."""
    if not words:
        return labels(otherwise)
    return labels(key, labels.plural(words[0]) if len(words) == 1 else f"({labels.either(words)})")


def _tuple(api: Api, meaning: Meaning, labels: Labels, depth: int) -> str:
    places = ", ".join(types(api, meaning_of(api, *group), labels, depth + 1) for group in meaning.prefix_items)
    rest = [schema for schema in meaning.items if schema.value is not False]
    if len(rest) < len(meaning.items):
        return labels("tuple_of", places)
    return labels("tuple_then", places, labels.plural(types(api, meaning_of(api, *rest), labels, depth + 1)))


def constraints(meaning: Meaning, labels: Labels) -> tuple[str, ...]:
    """Say in words what else a value has to be."""
    found = []
    said = dict(meaning.constraints)
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        # In OpenAPI 3.0 a truth value says how the bound is meant.
        if isinstance(said.get(exclusive), bool) and said.pop(exclusive) and bound in said:
            said[exclusive] = said.pop(bound)
    found += [
        labels(key, value_text(said[key]) if isinstance(said[key], float) else said[key])
        for key, kinds in _TOLD.items()
        if key in said and not meaning.types.isdisjoint(kinds)  # of other types they say nothing
    ]
    found += [labels("pattern", codespan(pattern)) for pattern in dict.fromkeys(meaning.patterns)]
    if said.get("uniqueItems") is True:
        found.append(labels("uniqueItems"))
    for name, others in meaning.dependent.items():
        found.append(labels("dependentRequired", name, ", ".join(map(codespan, others))))
    if names := sorted(meaning.required - meaning.properties.keys()):
        found.append(labels("has", ", ".join(map(codespan, names))))
    if _is_closed(meaning):
        found.append(labels("closed"))
    return tuple(found)


def formats_beside(parts: list[Meaning], words: str, labels: Labels) -> list[str]:
    """Say which formats a value has that the words for its types do not name."""
    names = dict.fromkeys(name for part in parts for name in part.formats)
    return [labels("format", codespan(name)) for name in names if f"({name})" not in words]


def _is_closed(meaning: Meaning) -> bool:
    """Say whether an object takes no further fields."""
    further = [*meaning.additional, *(schema for keyword, _, schema in meaning.applied if keyword == _UNEVALUATED)]
    return any(schema.value is False for schema in further)


def contains_words(meaning: Meaning, labels: Labels) -> tuple[str, ...]:
    """Say how many items have to be like the one that ``contains`` describes."""
    bounds = meaning.constraints
    return tuple(labels(key, bounds[key]) for key in ("minContains", "maxContains") if key in bounds)


def choices(api: Api, meaning: Meaning, notes: list[Note], beside: Callable[[str], list[Note]]) -> tuple[Choice, ...]:
    """Give the values that a value may have, and those that it might have once: what is said of each, and its levels.

    ``notes`` are those of the element, newest first; ``beside`` gives those of another one, by its pointer.
    """
    if meaning.enum is not None:
        words = _beside(meaning)
        since, until = _levels(meaning.enum, notes)
        texts = [value_text(value) for value in meaning.enum if both(meaning.types, frozenset({type_of(value)}))]
        now = [Choice(text, words.get(text, ""), since.get(text)) for text in texts]
        once = [Choice(text, words.get(text, ""), since.get(text), level) for text, level in until.items()]
        return tuple(now + once)
    found = []
    for _, union in meaning.unions[:1]:
        for schema in union:
            inner = meaning_of(api, schema)
            if inner.enum is None or len(inner.enum) != 1 or inner.properties:
                return ()
            said = [*inner.titles[:1], *(str(text) for text, _ in inner.descriptions)]
            own = [note for source in inner.sources for note in beside(source.pointer)]
            added = next((note.level for note in own if note.kind == "added"), None)
            told = ": ".join(dict.fromkeys(without_notes(text) for text in said))
            told = " ".join(filter(None, (told, *(note.text for note in own))))
            found.append(Choice(value_text(inner.enum[0]), told, added, deprecated=inner.deprecated))
    return tuple(found)


def _levels(listed: list[Any], notes: list[Note]) -> tuple[dict[str, Level], dict[str, Level]]:
    """Give the level that each value came with, and for those that are gone the level that took them away."""
    since: dict[str, Level] = {}
    until: dict[str, Level] = {}
    state = listed
    for note in notes:
        if note.level is None:
            continue
        before = note.before.get("enum") if isinstance(note.before, dict) else None
        if isinstance(before, list):
            here, there = [value_text(value) for value in state], [value_text(value) for value in before]
            for text in here:
                if text not in there:
                    since.setdefault(text, note.level)
            for text in there:
                if text not in here and text not in map(value_text, listed):
                    until.setdefault(text, note.level)
            state = before
        elif (added := added_value(note.text, listed)) is not ABSENT:
            since.setdefault(value_text(added), note.level)
    return since, until


def _beside(meaning: Meaning) -> dict[str, str]:
    """Give what extensions say of the values of an enum: a list in their order, or a map by value."""
    found: dict[str, str] = {}
    for value, _ in meaning.sources:
        for key in _WORDS:
            said, listed = value.get(key), value.get("enum")
            if isinstance(said, dict):
                pairs = [(form, text) for name, text in said.items() for form in {value_text(name), str(name)}]
            elif isinstance(said, list) and isinstance(listed, list):
                pairs = [(value_text(item), text) for item, text in zip(listed, said, strict=False)]
            else:
                continue
            for name, text in pairs:
                found[name] = ": ".join(filter(None, (found.get(name), str(text))))
    return found


def without_notes(text: str) -> str:
    """Give a description without its notes; those inside list items stay where they are."""
    if "hange" not in text:
        return text.strip()
    pieces = split_prose(text)
    return "".join(piece.text for piece in pieces if not piece.is_note or piece.in_list).strip()


def value_text(value: Any) -> str:
    """Write a value as JSON: on one line where it is short and flat."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > 100 or isinstance(value, dict):  # noqa: PLR2004
        return json.dumps(value, ensure_ascii=False, indent=4)
    return text


def examples_of(parts: list[Meaning]) -> tuple[str, ...]:
    """Give the examples of a value; one of a list's items is shown as a list of one."""
    for depth, part in enumerate(parts):
        if part.examples:
            shown = part.examples
            for _ in range(depth):
                shown = [[value] for value in shown]
            return tuple(value_text(value) for value in shown)
    return ()


def docs_of(meaning: Meaning) -> Docs | None:
    """Give where more is to be read of a value."""
    for found in meaning.external_docs:
        return Docs(str(found.value.get("url", "")), str(found.value.get("description", "")))
    return None
