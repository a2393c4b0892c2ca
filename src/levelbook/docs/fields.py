"""Schemas as readers see them: types in words, nested fields, the members of unions."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from levelbook.address import label
from levelbook.api import Schema
from levelbook.docs.page import Change, Choice, Docs, Field, Reference
from levelbook.docs.types import choices, constraints, contains_words, types, value_text, without_notes
from levelbook.levels import position
from levelbook.meaning import ALL_TYPES, Meaning, component_name, meaning_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from levelbook.api import Api
    from levelbook.docs.labels import Labels
    from levelbook.notes import Note

_MAY_FIX = frozenset({"enum", "const", "allOf", "$ref"})  # keywords that may leave a property one value
_MORE = (  # what a Meaning may have beyond types
    "descriptions", "constraints", "examples", "default", "titles", "unions", "properties", "additional", "items",
    "applied", "prefix_items",
)  # fmt: skip
_NO_ID = re.compile(r"[\s\x00-\x1f\x7f]+")  # HTML, 3.2.6: an id has no white space
_NO_WORD = re.compile(r"[\W_]+")
_CHAPTERS = 8  # members of a union, from which each has a short anchor of its own
_MAX_DEPTH = 24  # of nested fields on one page: inline schemas have no page of their own
_INLINE = 3  # how deep a component's fields are written out; below, its own page has them
_ENOUGH = 200  # fields of one page, after which components are referred to
_KEY = re.compile(r"`\{([^`{}]+)\}`(?: or `[^`]+`)?:\s+")


class Fields:
    """Makes the fields of one page; remembers what stands on it already, so that nothing is written out twice.

    ``notes`` are the change notes of the API by the pointer of their element; ``schema_page`` gives the address of
    the page that a component has, and so asks for it; ``prefix`` begins every id.
    """

    def __init__(
        self,
        api: Api,
        notes: dict[str, list[Note]],
        labels: Labels,
        schema_page: Callable[[str], str],
        standard: frozenset[str] = frozenset(),
    ) -> None:
        self.api = api
        self.notes = notes
        self.labels = labels
        self.schema_page = schema_page
        self.standard = standard
        self.ids: set[str] = set()
        self.tops: set[str] = set()  # ids of whole values: what lies in them is named after them with a dash
        self.places: dict[str, str] = {}  # pointer of an element -> id of the field that shows it
        self.shown: dict[str, str] = {}  # component pointer -> id of the field that shows its fields
        self.count = 0

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
        asked: bool = False,
    ) -> Field:
        """Make a field from the schemas that say something of it.

        ``above`` are the components it lies within; ``asked`` says that it is part of a request.
        """
        group = tuple(group)
        id_ = self.unique(id_)
        self.count += 1
        if not name:
            self.tops.add(id_)
        meaning = meaning_of(self.api, *group)
        parts = [meaning]
        while (
            parts[-1].items
            and not (parts[-1].properties or parts[-1].unions or parts[-1].prefix_items)
            and len(parts) < _MAX_DEPTH
        ):  # noqa: PLR2004
            parts.append(meaning_of(self.api, *parts[-1].items))  # what is said of the items stands with the list
        for part in parts:
            for source in (*part.sources, *part.external_docs):
                self.places.setdefault(source.pointer, id_)
        inner = parts[-1]
        links, rest, trail = self._elsewhere(
            inner, group if inner is meaning else tuple(parts[-2].items), id_, above, depth
        )
        notes = self.notes_of(source.pointer for part in parts for source in part.sources)
        nullable = "null" in meaning.types and meaning.types != ALL_TYPES
        enum = self._choices(meaning, inner, notes, id_)
        said = self._constraints(parts)
        members = () if enum and inner.enum is None else self._members(rest, id_, trail, depth, asked=asked)
        return Field(
            name=name,
            id=id_,
            types=types(self.api, meaning, self.labels),
            presence=", ".join(
                filter(None, (presence, self.labels("may_be_null") if nullable and not asked and presence else ""))
            ),
            place=place,
            title=next((title for part in parts for title in part.titles if _differs(title, name)), ""),
            description="\n\n".join(dict.fromkeys(text for part in parts for text in self.descriptions(part))),
            changes=tuple(map(as_change, notes)),
            examples=tuple(value_text(value) for value in next((part.examples for part in parts if part.examples), [])),
            default=value_text(meaning.default[0]) if meaning.default else "",
            enum=enum,
            constraints=said,
            deprecated=meaning.deprecated,
            access=self.labels("read_only")
            if meaning.read_only
            else self.labels("write_only")
            if meaning.write_only
            else "",
            fields=self._fields(rest, id_, trail, depth, asked=asked),
            members=members,
            union=self._union(rest) if members else "",
            conditions=self._conditions(rest, id_, trail, depth, asked=asked),
            links=links,
            docs=next(
                (
                    Docs(str(found.value.get("url", "")), str(found.value.get("description", "")))
                    for found in meaning.external_docs
                ),
                None,
            ),
            standard=name in self.standard and not asked,
        )

    def unique(self, id_: str) -> str:
        """Give an id that no other place on the page has, without what an id may not hold."""
        base = _NO_ID.sub("-", id_)
        if base in self.ids and base != id_:  # names that differ in what an id may not hold
            base = f"{base}~{sha256(id_.encode()).hexdigest()[:6]}"
        found, number = base, 2
        while found in self.ids:
            found, number = f"{base}-{number}", number + 1
        self.ids.add(found)
        return found

    def below(self, id_: str, name: str) -> str:
        """Give the id of something inside another."""
        return f"{id_}{'-' if id_ in self.tops else '.'}{name}"

    def shallow(self, name: str, schema: Schema, id_: str, presence: str) -> Field:
        """Make a field whose own fields stand elsewhere on the page: the body, beside its parameters."""
        meaning = meaning_of(self.api, schema)
        for source in meaning.sources:
            self.places.setdefault(source.pointer, id_)
        return Field(
            name=name,
            id=id_,
            types=types(self.api, meaning, self.labels),
            presence=presence,
            title=next(iter(meaning.titles), ""),
            description="\n\n".join(self.descriptions(meaning)),
            changes=self.changes(source.pointer for source in meaning.sources),
            fields=self._further(meaning, id_, (), 0, asked=True),
            members=self._members(meaning, id_, (), 0, asked=True),
            union=self._union(meaning),
            conditions=self._conditions(meaning, id_, (), 0, asked=True),
            examples=tuple(value_text(value) for value in meaning.examples),
            constraints=constraints(meaning, self.labels),
            docs=next(
                (
                    Docs(str(found.value.get("url", "")), str(found.value.get("description", "")))
                    for found in meaning.external_docs
                ),
                None,
            ),
        )

    def descriptions(self, meaning: Meaning) -> list[str]:
        """Give the descriptions of a group, the outermost first, each once and without its notes."""
        texts = [without_notes(str(text)) for text, _ in meaning.descriptions]
        return list(dict.fromkeys(text for text in texts if text))

    def notes_of(self, pointers: Iterable[str]) -> list[Note]:
        """Give the notes of some elements, newest first; corrections of the document are no changes of the API."""
        found = [
            note
            for pointer in dict.fromkeys(pointers)
            for note in self.notes.get(pointer, ())
            if note.kind != "correction" and not note.in_list
        ]
        return sorted(found, key=lambda note: position(note.level, note.release), reverse=True)

    def changes(self, pointers: Iterable[str]) -> tuple[Change, ...]:
        """Give the changes of some elements, newest first."""
        return tuple(map(as_change, self.notes_of(pointers)))

    def _constraints(self, parts: list[Meaning]) -> tuple[str, ...]:
        own = constraints(parts[0], self.labels)
        return own + tuple(self.labels("each", text) for part in parts[1:] for text in constraints(part, self.labels))

    def _choices(self, meaning: Meaning, inner: Meaning, notes: list[Note], id_: str) -> tuple[Choice, ...]:
        """Give the values of an enum, of the items of a list where those have one."""
        found = choices(self.api, inner, notes, lambda pointer: self.notes_of([pointer]))
        if found and inner.enum is None:  # a union of constants: its members are told of as values
            for schema in inner.unions[0][1]:
                self.places |= {source.pointer: id_ for source in meaning_of(self.api, schema).sources}
        return found or choices(self.api, meaning, notes, lambda pointer: self.notes_of([pointer]))

    def _elsewhere(
        self, meaning: Meaning, group: tuple[Schema, ...], id_: str, above: tuple[str, ...], depth: int
    ) -> tuple[tuple[Reference, ...], Meaning, tuple[str, ...]]:
        """Give where fields of components stand that are not written out here, and what is left to write here."""
        left: list[str] = []
        trail = above
        for source in meaning.sources:
            pointer = source.pointer
            if not component_name(pointer) or not self._has_fields(source):
                continue
            known = depth > 1 and pointer in self.shown
            if pointer in above or known or depth > _INLINE or (depth > 0 and self.count > _ENOUGH):
                left.append(pointer)
            else:
                self.shown.setdefault(pointer, id_)
                trail = (*trail, pointer)
        if not left and depth <= _MAX_DEPTH:
            return (), meaning, trail
        rest = meaning_of(self.api, *group, without=left) if depth <= _MAX_DEPTH else Meaning()
        shown = [pointer for pointer in left if not self._is_within(pointer, left)]
        links = [
            Reference(f"#{self.shown[one]}" if one in self.shown else self.schema_page(one), component_name(one))
            for one in shown
        ]
        return tuple(links), rest, trail

    def _is_within(self, pointer: str, others: list[str]) -> bool:
        """Say whether a component is merged into another one that is referred to."""
        return any(
            pointer in {source.pointer for source in meaning_of(self.api, _component(self.api, other)).sources}
            for other in others
            if other != pointer
        )

    def _has_fields(self, schema: Schema) -> bool:
        meaning = meaning_of(self.api, schema)
        return bool(
            meaning.properties or meaning.unions or meaning.applied or meaning.prefix_items
            or any(isinstance(item.value, dict) for item in (*meaning.additional, *meaning.items))
        )  # fmt: skip

    def _fields(
        self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int, *, asked: bool
    ) -> tuple[Field, ...]:
        found = []
        for name, group in meaning.properties.items():
            required = name in meaning.required
            if asked:
                presence = self.labels("required" if required else "optional")
            else:
                presence = self.labels("always" if required else "optional")
            found.append(
                self.field(
                    name, group, self.below(id_, name), presence=presence, above=above, depth=depth + 1, asked=asked
                )
            )
        for index, places in enumerate(meaning.prefix_items):
            found.append(self.field(f"[{index}]", places, f"{id_}[{index}]", above=above, depth=depth + 1, asked=asked))
        return (*found, *self._further(meaning, id_, above, depth, asked=asked))

    def _further(
        self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int, *, asked: bool
    ) -> tuple[Field, ...]:
        """Give the entries of a map, and the items of a list that are not told of with the list itself."""
        found = []
        maps = [schema for schema in meaning.additional if isinstance(schema.value, dict)]
        if maps and (schemas := self._telling(maps, always=bool(meaning.properties))):
            key = f"{{{self.labels('key')}}}"
            made = self.field(key, schemas, self.below(id_, key), above=above, depth=depth + 1, asked=asked)
            found.append(_named(made))
        items = [schema for schema in meaning.items if isinstance(schema.value, dict)]
        if items and (meaning.properties or meaning.unions or meaning.prefix_items):
            found.append(self.field("[]", items, f"{id_}[]", above=above, depth=depth + 1, asked=asked))
        return tuple(found)

    def _telling(self, group: list[Schema], *, always: bool) -> list[Schema]:
        """Give a group if there is more to say of it than its type."""
        meaning = meaning_of(self.api, *group)
        for source in meaning.sources:
            self.places.setdefault(source.pointer, "")
        more = any(getattr(meaning, name) for name in _MORE) or meaning.enum is not None
        return group if more or always else []

    def _members(
        self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int, *, asked: bool
    ) -> tuple[Field, ...]:
        """Give the members of unions that have something to say beyond their type."""
        found: list[Field] = []
        for _, written in meaning.unions if depth <= _MAX_DEPTH else ():
            union = [schema for schema in written if not _is_null(schema)]
            names = member_names(self.api, union, [mark.value for mark in meaning.discriminators])
            below = depth if len(union) == 1 else depth + 1
            chapters = not asked and depth == 1 and len(union) >= _CHAPTERS and len(set(names)) == len(names)
            made = [
                self.field(
                    name,
                    [schema],
                    name if chapters and name not in self.ids else self.below(id_, name),
                    above=above,
                    depth=below,
                    asked=asked,
                )
                for name, schema in zip(names, union, strict=True)
            ]
            if any(not member.is_plain or member.enum or member.constraints for member in made):
                found += made
        return tuple(found)

    def _union(self, meaning: Meaning) -> str:
        """Say how many members of a union hold, and what tells them apart."""
        if not meaning.unions:
            return ""
        words = self.labels("union_one" if meaning.unions[0][0] == "oneOf" else "union_any")
        mark = next((mark.value.get("propertyName") for mark in meaning.discriminators), None)
        return f"{words} {self.labels('told_apart', f'`{mark}`')}" if mark else words

    def _conditions(
        self, meaning: Meaning, id_: str, above: tuple[str, ...], depth: int, *, asked: bool
    ) -> tuple[Field, ...]:
        """Give what the other keywords say that hold schemas: conditions, names, and what must not be."""
        found: list[Field] = []
        for keyword, name, schema in meaning.applied if depth <= _MAX_DEPTH else ():
            if not isinstance(schema.value, dict) or (schema.value == {} and keyword != "not"):
                continue
            words = self.labels(f"condition_{keyword}", name) if name else self.labels(f"condition_{keyword}")
            said = f"{keyword}-{name}" if name else keyword
            made = self.field(words, [schema], f"{id_}.{said}", above=above, depth=depth + 1, asked=asked)
            if keyword == "contains" and (bounds := contains_words(meaning, self.labels)):
                made = replace(made, constraints=(*bounds, *made.constraints))
            found.append(made)
        return tuple(found)


def _named(made: Field) -> Field:
    """Give the entry of a map the name that its description gives to the key: "`{user_id}`: Object with …"."""
    match = _KEY.match(made.description)
    return replace(made, name=f"{{{match[1]}}}") if match else made


def _component(api: Api, pointer: str) -> Schema:
    found = api.documents.target(f"#{pointer}" if pointer.startswith("/") else pointer, "")
    return Schema(found.value, found.pointer)


def _is_null(schema: Schema) -> bool:
    value = schema.value
    return isinstance(value, dict) and value.get("type") == "null" and "description" not in value


def _differs(title: str, name: str) -> bool:
    """Say whether a title says more than the name does already."""
    return bool(title) and _NO_WORD.sub("", title).lower() != _NO_WORD.sub("", name).lower()


def as_change(note: Note) -> Change:
    """Give a note as pages show it."""
    return Change(note.level, note.release, note.kind, note.text)


def notes_by_element(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """Order notes by the element that they stand beside."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.pointer, []).append(note)
    return found


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
                found[name] = str(values[0])
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
    ref = schema.value.get("$ref") if isinstance(schema.value, dict) else None
    for mark in marks:
        mapping = mark.get("mapping") if isinstance(mark, dict) else None
        for value, target in mapping.items() if isinstance(mapping, dict) else ():
            if ref is not None and str(target) in (ref, ref.rpartition("/")[2]):
                return str(value)
    if text in ("object", "member") and not ref:
        return meaning.titles[0] if meaning.titles else meaning.component or text
    return text.partition("=")[2] if text.count("=") == 1 and "," not in text else text
