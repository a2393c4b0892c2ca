"""Schemas as readers see them: types in words, nested fields, the members of unions."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from levelbook.address import label
from levelbook.docs.page import Change, Field
from levelbook.levels import position
from levelbook.meaning import ALL_TYPES, Meaning, component_name, meaning_of
from levelbook.prose import split_prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api, Schema
    from levelbook.notes import Note

_ORDER = ("string", "integer", "number", "boolean", "object", "array", "null")
_PLURALS = {
    "string": "strings",
    "integer": "integers",
    "number": "numbers",
    "boolean": "booleans",
    "object": "objects",
}
_CONSTRAINTS = {
    "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}", "multipleOf": "a multiple of {}", "minLength": "at least {} characters",
    "maxLength": "at most {} characters", "pattern": "matches {}", "minItems": "at least {} items",
    "maxItems": "at most {} items", "minProperties": "at least {} entries", "maxProperties": "at most {} entries",
}  # fmt: skip
_TOPS = ("parameter", "response", "error")  # ids begin with one of these
_MAX_DEPTH = 12  # of nested fields on one page


class Fields:
    """Makes the fields of one page; remembers what stands on it already, so that nothing is written out twice.

    ``notes`` are the change notes of the API by the pointer of their element.
    """

    def __init__(self, api: Api, notes: dict[str, list[Note]]) -> None:
        self.api = api
        self.notes = notes
        self.ids: set[str] = set()
        self.places: dict[str, str] = {}  # pointer of an element -> id of the field that shows it
        self.shown: dict[str, str] = {}  # component pointer -> id of the field that shows it

    def field(  # noqa: PLR0913  # what a reader is told of a field is just this much
        self,
        name: str,
        group: Iterable[Schema],
        id_: str,
        *,
        presence: str = "",
        place: str = "",
        above: tuple[str, ...] = (),
        depth: int = 0,
    ) -> Field:
        """Make a field from the schemas that say something of it; ``above`` are the components it lies within."""
        meaning = meaning_of(self.api, *group)
        id_ = self.unique(id_)
        for source in meaning.sources:
            self.places.setdefault(source.pointer, id_)
        inner, trail, same_as = self._inner(meaning, id_, above, depth)
        members: tuple[Field, ...] = ()
        fields: tuple[Field, ...] = ()
        if not same_as:
            in_request = presence in ("required", "optional") and place != ""
            members = self._members(inner, id_, trail, depth)
            fields = self._fields(inner, id_, trail, depth, in_request=in_request)
        nullable = "null" in meaning.types and meaning.types != ALL_TYPES
        parts = [meaning] if inner is meaning else [meaning, inner]  # what is said of the items stands with the list
        return Field(
            name=name,
            id=id_,
            types=self.types(meaning),
            presence=presence + (", may be null" if nullable and not place else ""),
            place=place,
            description="\n\n".join(dict.fromkeys(filter(None, map(self.description, parts)))),
            changes=self.changes(source.pointer for part in parts for source in part.sources),
            examples=tuple(value_text(value) for value in meaning.examples or inner.examples),
            default=value_text(meaning.default[0]) if meaning.default else "",
            enum=self._enum(meaning),
            constraints=self._constraints(meaning),
            deprecated=meaning.deprecated,
            fields=fields,
            members=members,
            same_as=same_as,
        )

    def unique(self, id_: str) -> str:
        """Give an id that no other place on the page has, without what an id may not hold."""
        base = re.sub(r"\s+", "-", id_)
        found, number = base, 2
        while found in self.ids:
            found, number = f"{base}-{number}", number + 1
        self.ids.add(found)
        return found

    def shallow(self, name: str, schema: Schema, id_: str, presence: str) -> Field:
        """Make a field whose own fields stand elsewhere on the page: the body, beside its parameters."""
        meaning = meaning_of(self.api, schema)
        return Field(
            name=name,
            id=id_,
            types=self.types(meaning),
            presence=presence,
            description=self.description(meaning),
            changes=self.changes(source.pointer for source in meaning.sources),
            members=self._members(meaning, id_, (), 0),
            examples=tuple(value_text(value) for value in meaning.examples),
            constraints=self._constraints(meaning),
        )

    def description(self, meaning: Meaning) -> str:
        """Join the descriptions of a group, the outermost first, each once and without its notes."""
        texts = [without_notes(str(text)) for text, _ in meaning.descriptions]
        return "\n\n".join(dict.fromkeys(text for text in texts if text))

    def changes(self, pointers: Iterable[str]) -> tuple[Change, ...]:
        """Give the notes of some elements, newest first; corrections of the document are no changes of the API."""
        found = [
            note
            for pointer in dict.fromkeys(pointers)
            for note in self.notes.get(pointer, ())
            if note.kind != "correction" and not note.in_list
        ]
        found.sort(key=lambda note: position(note.level, note.release), reverse=True)
        return tuple(Change(note.level, note.release, note.kind, note.text) for note in found)

    def types(self, meaning: Meaning, depth: int = 0) -> str:
        """Say in words of which types a value may be: ``string, integer, or list of strings``."""
        words = list(dict.fromkeys(self._type_words(meaning, depth)))
        if not words:
            return "any value"
        return (
            words[0] if len(words) == 1 else ", ".join(words[:-1]) + (", or " if len(words) > 2 else " or ") + words[-1]
        )  # noqa: PLR2004

    def _type_words(self, meaning: Meaning, depth: int) -> list[str]:
        if meaning.types == ALL_TYPES:
            return []
        words: list[str] = []
        if meaning.unions and not meaning.properties and depth < 4:  # noqa: PLR2004
            for schema in meaning.unions[0][1]:
                words += self._type_words(meaning_of(self.api, schema), depth + 1)
            words = list(dict.fromkeys(words))
            if words:
                return words + (["null"] if "null" in meaning.types and "null" not in words else [])
        for kind in _ORDER:
            if kind in meaning.types:
                words.append(self._type_word(kind, meaning, depth))
        return words

    def _type_word(self, kind: str, meaning: Meaning, depth: int) -> str:
        if kind == "array" and meaning.items and depth < 4:  # noqa: PLR2004
            inner = meaning_of(self.api, *meaning.items)
            words = self._type_words(inner, depth + 1)
            if len(words) == 1:
                return f"list of {_PLURALS.get(words[0], words[0])}"
            return f"list of ({self.types(inner, depth + 1)})" if words else "list"
        if kind == "array":
            return "list"
        maps = [schema for schema in meaning.additional if isinstance(schema.value, dict)]
        if kind == "object" and maps and not meaning.properties and depth < 4:  # noqa: PLR2004
            words = self._type_words(meaning_of(self.api, *maps), depth + 1)
            return f"map of {_PLURALS.get(words[0], words[0])}" if len(words) == 1 else "map"
        if meaning.formats and kind in ("string", "integer", "number"):
            return f"{kind} ({meaning.formats[0]})"
        return kind

    def _inner(
        self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int
    ) -> tuple[Meaning, tuple[str, ...], str]:
        """Go into lists and maps, to what has fields; give the id where a component stands already."""
        trail, inner = above, meaning
        for _ in range(5):  # lists of maps of lists
            components = [source.pointer for source in inner.sources if component_name(source.pointer)]
            for pointer in components:
                if (inner.properties or inner.unions) and (pointer in trail or (depth > 1 and pointer in self.shown)):
                    return inner, trail, self.shown.get(pointer, id_)
                self.shown.setdefault(pointer, id_)
                trail = (*trail, pointer)
            maps = [schema for schema in inner.additional if isinstance(schema.value, dict)]
            if inner.properties or inner.unions or not (inner.items or maps):
                break
            inner = meaning_of(self.api, *(inner.items or maps))
        return inner, trail, self.shown.get(trail[-1], id_) if depth > _MAX_DEPTH and trail else ""

    def _fields(
        self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int, *, in_request: bool
    ) -> tuple[Field, ...]:
        found = []
        for name, group in meaning.properties.items():
            separator = "-" if id_ in _TOPS else "."
            required = name in meaning.required
            presence = (
                ("required" if required else "optional") if in_request else ("always" if required else "optional")
            )
            found.append(
                self.field(
                    name,
                    group,
                    f"{id_}{separator}{name}",
                    presence=presence,
                    place="field" if in_request else "",
                    above=above,
                    depth=depth + 1,
                )
            )
        return tuple(found)

    def _members(self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int) -> tuple[Field, ...]:
        """Give the members of unions that have something to say beyond their type."""
        found: list[Field] = []
        for _, union in meaning.unions:
            if depth > _MAX_DEPTH:
                break
            members = [self._member(schema, id_, above, depth) for schema in union]
            if any(member != Field(member.name, member.id, member.types) for member in members):
                found += members
        return tuple(found)

    def _member(self, schema: Schema, id_: str, above: tuple[str, ...], depth: int) -> Field:
        name = member_label(schema)
        return self.field(name, [schema], f"{id_}{'-' if id_ in _TOPS else '.'}{name}", above=above, depth=depth + 1)

    def _enum(self, meaning: Meaning) -> tuple[str, ...]:
        if meaning.enum is not None:
            return tuple(value_text(value) for value in meaning.enum)
        if meaning.items and not meaning.properties:
            return self._enum(meaning_of(self.api, *meaning.items))
        return ()

    def _constraints(self, meaning: Meaning) -> tuple[str, ...]:
        words = [_constraint(key, value) for key, value in meaning.constraints.items() if key in _CONSTRAINTS]
        return (*words, "all different") if meaning.constraints.get("uniqueItems") is True else tuple(words)


def _constraint(key: str, value: Any) -> str:
    text = _CONSTRAINTS[key].format(value)
    return (
        text.removesuffix("ies") + "y"
        if value == 1 and text.endswith("ies")
        else text.removesuffix("s")
        if value == 1 and text.endswith("s")
        else text
    )


def notes_by_element(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """Order notes by the element that they stand beside."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.pointer, []).append(note)
    return found


def without_notes(text: str) -> str:
    """Give a description without its notes; those inside list items stay where they are."""
    pieces = split_prose(text)
    return "".join(piece.text for piece in pieces if not piece.is_note or piece.in_list).strip()


def member_label(schema: Schema) -> str:
    """Give what a member of a union is called on a page: the value of its one constant, if it has one."""
    text = label(schema.value)
    parts = text.split(",")
    return parts[0].partition("=")[2] if len(parts) == 1 and "=" in text else text


def value_text(value: Any) -> str:
    """Write a value as JSON: on one line where it is short and flat."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > 100 or isinstance(value, dict):  # noqa: PLR2004
        return json.dumps(value, ensure_ascii=False, indent=4)
    return text
