"""Schemas as readers see them: types in words, nested fields, the members of unions."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from levelbook.docs.field import Change, Choice, Field, Reference, Union, change_of
from levelbook.docs.members import member_names
from levelbook.docs.standing import Standing
from levelbook.docs.types import (
    choices,
    constraints,
    contains_words,
    docs_of,
    examples_of,
    formats_beside,
    types,
    value_text,
    without_notes,
)
from levelbook.levels import position
from levelbook.meaning import ALL_TYPES, Meaning, component_name, meaning_of
from levelbook.pointer import parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from levelbook.api import Api, Schema
    from levelbook.docs.labels import Labels
    from levelbook.notes import Note

_NO_ID = re.compile(r"[\s\x00-\x1f\x7f]+")  # HTML, 3.2.6: an id has no white space
_NO_WORD = re.compile(r"[\W_]+")
_CHAPTERS = 8  # members of a union, from which each has a short anchor of its own
_MAX_DEPTH = 24  # of nested fields on one page: inline schemas have no page of their own
_INLINE = 3  # how deep a component's fields are written out; below, its own page has them
ENOUGH = 200  # fields of one part of a page, after which components are referred to
_KEY = re.compile(r"`\{([^`{}]+)\}`(?: or `[^`]+`)?:\s+")


class _Inside(NamedTuple):
    """Where a field lies: the schemas around it, how deep, and whether it is part of a request."""

    above: tuple[str, ...] = ()
    depth: int = 0
    asked: bool = False

    def deeper(self, above: tuple[str, ...], by: int = 1) -> _Inside:
        return _Inside(above, self.depth + by, self.asked)


class Fields:
    """Makes the fields of one page; remembers what stands on it already, so that nothing is written out twice.

    ``notes`` are the change notes of the API by the pointer of their element; ``schema_page`` gives the address of
    the page that a component has, and so asks for it; ``standard`` are names of return values that every answer has.
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
        self.standard = standard
        self.standing = Standing(api, schema_page)
        self.ids: set[str] = set()
        self.tops: set[str] = set()  # ids of whole values: what lies in them is named after them with a dash
        self.places: dict[str, str] = {}  # pointer of an element -> id of the field that shows it
        self.count = 0
        self.enough = ENOUGH

    def begin_part(self, enough: int = ENOUGH) -> None:
        """Begin a part of the page: a body, an answer. After ``enough`` fields it refers to components."""
        self.enough = self.count + enough

    def field(  # noqa: PLR0913  # what a reader is told of a field is just this much
        self,
        name: str,
        group: Iterable[Schema],
        id_: str,
        *,
        presence: str = "",
        place: str = "",
        inside: _Inside | None = None,
        asked: bool = False,
        otherwise: str = "",
    ) -> Field:
        """Make a field from the schemas that say something of it; ``asked`` says that it is part of a request.

        ``otherwise`` is its id where another one has ``id_``.
        """
        inside = inside or _Inside(asked=asked)
        group = tuple(group)
        id_ = self.unique(id_ if id_ not in self.ids or not otherwise else otherwise)
        self.count += 1
        if not name:
            self.tops.add(id_)
        parts = self._parts(group)
        meaning, inner = parts[0], parts[-1]
        for part in parts:
            for source in (*part.sources, *part.external_docs):
                self.places.setdefault(source.pointer, id_)
        links, rest, above = self._elsewhere(inner, group if inner is meaning else tuple(parts[-2].items), id_, inside)
        notes = self.notes_of(source.pointer for part in parts for source in part.sources)
        enum, enum_title = self._choices(parts, notes, id_)
        unions = (
            ()
            if enum and inner.enum is None and meaning.enum is None
            else self._unions(rest, id_, inside.deeper(above, 0), listed=inner is not meaning)
        )
        words = types(self.api, meaning, self.labels)
        return Field(
            name=name,
            id=id_,
            types=words,
            presence=self._presence(meaning, presence, asked=inside.asked),
            place=place,
            title=next((title for part in parts for title in part.titles if _differs(title, name)), ""),
            description="\n\n".join(dict.fromkeys(text for part in parts for text in self.descriptions(part))),
            changes=tuple(map(change_of, notes)),
            examples=examples_of(parts),
            default=value_text(meaning.default[0]) if meaning.default else "",
            enum=enum,
            enum_title=enum_title,
            constraints=(*formats_beside(parts, words, self.labels), *self._constraints(parts)),
            deprecated=meaning.deprecated,
            access=self._access(meaning),
            fields=self._fields(rest, inner, id_, inside.deeper(above)),
            unions=unions,
            conditions=self._conditions(rest, id_, inside.deeper(above)),
            links=links,
            kinds=tuple(dict.fromkeys(kind for part in parts for kind in self._kinds(part))),
            docs=docs_of(meaning),
            standard=name in self.standard and not inside.asked,
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

    def shallow(self, schema: Schema, id_: str) -> tuple[Field, _Inside]:
        """Make the field of a body whose own fields stand beside the parameters; also give where those lie."""
        meaning = meaning_of(self.api, schema)
        for source in (*meaning.sources, *meaning.external_docs):
            self.places.setdefault(source.pointer, id_)
        _, _, above = self._elsewhere(meaning, (schema,), id_, _Inside(asked=True))
        inside = _Inside(above, 1, asked=True)
        made = Field(
            name="",
            id=id_,
            types=types(self.api, meaning, self.labels),
            title=next(iter(meaning.titles), ""),
            description="\n\n".join(self.descriptions(meaning)),
            changes=self.changes(source.pointer for source in meaning.sources),
            default=value_text(meaning.default[0]) if meaning.default else "",
            fields=self._further(meaning, id_, inside),
            unions=self._unions(meaning, id_, inside),
            conditions=self._conditions(meaning, id_, inside),
            examples=tuple(value_text(value) for value in meaning.examples),
            constraints=constraints(meaning, self.labels),
            kinds=self._kinds(meaning),
            docs=docs_of(meaning),
        )
        return made, inside

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
        return tuple(map(change_of, self.notes_of(pointers)))

    def required_words(self, meaning: Meaning, *, required: bool, asked: bool) -> str:
        """Say whether a property is there; what one side may not send or does not get is never required of it."""
        if meaning.read_only if asked else meaning.write_only:
            return ""
        if asked:
            return self.labels("required" if required else "optional")
        return self.labels("always" if required else "optional")

    def _access(self, meaning: Meaning) -> str:
        key = "read_only" if meaning.read_only else "write_only" if meaning.write_only else ""
        return self.labels(key) if key else ""

    def _presence(self, meaning: Meaning, presence: str, *, asked: bool) -> str:
        nullable = "null" in meaning.types and meaning.types not in (ALL_TYPES, {"null"})
        return ", ".join(
            filter(None, (presence, self.labels("may_be_null") if nullable and not asked and presence else ""))
        )

    def _parts(self, group: tuple[Schema, ...]) -> list[Meaning]:
        """Give what a group means, and where it is a list what its items mean: that is told of with the list."""
        parts = [meaning_of(self.api, *group)]
        while parts[-1].items and len(parts) < _MAX_DEPTH:
            last = parts[-1]
            if last.properties or last.unions or last.prefix_items:
                break
            parts.append(meaning_of(self.api, *last.items))
        return parts

    def _constraints(self, parts: list[Meaning]) -> tuple[str, ...]:
        found = list(constraints(parts[0], self.labels))
        for part in parts[1:]:
            said = list(constraints(part, self.labels))
            said += [f"{self.labels('default').lower()} `{value_text(part.default[0])}`"] if part.default else []
            said += [self.labels("deprecated")] if part.deprecated else []
            found += [self.labels("each", text) for text in said]
        return tuple(found)

    def _choices(self, parts: list[Meaning], notes: list[Note], id_: str) -> tuple[tuple[Choice, ...], str]:
        """Give the values of an enum, that of the items where a list has none, and how they are introduced."""
        meaning, inner = parts[0], parts[-1]
        for part in dict.fromkeys((id(meaning), id(inner))):
            chosen = meaning if part == id(meaning) else inner
            found = choices(self.api, chosen, notes, lambda pointer: self.notes_of([pointer]))
            if not found:
                continue
            if chosen.enum is None:  # a union of constants: its members are told of as values
                for schema in chosen.unions[0][1]:
                    self.places |= {source.pointer: id_ for source in meaning_of(self.api, schema).sources}
            whole = chosen is meaning
            one = len(found) == 1 and not found[0].description
            key = ("only_value" if one else "one_of") if whole else "each_only_value" if one else "each_one_of"
            return found, self.labels(key)
        return (), ""

    def _elsewhere(
        self, meaning: Meaning, group: tuple[Schema, ...], id_: str, inside: _Inside
    ) -> tuple[tuple[Reference, ...], Meaning, tuple[str, ...]]:
        """Give where fields of schemas stand that are not written out here, and what is left to write here.

        A schema that lies within itself is referred to. So is a component whose fields stand on the page alone, one
        that lies deep, and every one when there is enough on the page.
        """
        left: list[str] = []
        above = list(inside.above)
        telling = [source.pointer for source in meaning.sources if self.standing.has_fields(source)]
        for pointer in telling:
            known = inside.depth > 1 and self.standing.stands(pointer, asked=inside.asked)
            deep = inside.depth > _INLINE or (inside.depth > 0 and self.count > self.enough)
            if pointer in inside.above or (component_name(pointer) and (known or deep)):
                left.append(pointer)
            else:
                above.append(pointer)
                self.standing.around.setdefault(pointer, id_)
        if not left:
            self.standing.remember(telling, id_, asked=inside.asked)
        if not left and inside.depth <= _MAX_DEPTH:
            return (), meaning, tuple(above)
        rest = meaning_of(self.api, *group, without=left) if inside.depth <= _MAX_DEPTH else Meaning()
        links = self.standing.references(left, asked=inside.asked)
        return links, rest, tuple(above)

    def _fields(self, meaning: Meaning, whole: Meaning, id_: str, inside: _Inside) -> tuple[Field, ...]:
        """Give the fields to write out here: each as all that stands elsewhere has it, too (``whole``)."""
        found = []
        for name in meaning.properties:
            group = whole.properties[name]
            own = meaning_of(self.api, *group)
            presence = self.required_words(own, required=name in whole.required, asked=inside.asked)
            found.append(self.field(name, group, self.below(id_, name), presence=presence, inside=inside))
        for index, places in enumerate(meaning.prefix_items):
            found.append(self.field(f"[{index}]", places, f"{id_}[{index}]", inside=inside))
        return (*found, *self._further(meaning, id_, inside))

    def _further(self, meaning: Meaning, id_: str, inside: _Inside) -> tuple[Field, ...]:
        """Give the entries of a map, and the items of a list that are not told of with the list itself."""
        found = []
        maps = [schema for schema in meaning.additional if isinstance(schema.value, dict)]
        if maps and (schemas := self._telling(maps, always=bool(meaning.properties))):
            key = f"{{{self.labels('key')}}}"
            found.append(_named(self.field(key, schemas, self.below(id_, key), inside=inside)))
        items = [schema for schema in meaning.items if isinstance(schema.value, dict)]
        if items and (meaning.properties or meaning.unions or meaning.prefix_items):
            found.append(self.field("[]", items, f"{id_}[]", inside=inside))
        return tuple(found)

    def _telling(self, group: list[Schema], *, always: bool) -> list[Schema]:
        """Give a group if there is more to say of it than its type."""
        if always or self.standing.is_telling(group):
            return group
        for source in meaning_of(self.api, *group).sources:
            self.places.setdefault(source.pointer, "")
        return []

    def _unions(self, meaning: Meaning, id_: str, inside: _Inside, *, listed: bool = False) -> tuple[Union, ...]:
        """Give the unions whose members have something to say beyond their type; ``listed`` says of items of a list."""
        found = []
        for keyword, written in meaning.unions if inside.depth <= _MAX_DEPTH else ():
            beside = parent(parent(written[0].pointer)) if written else ""
            marks = [mark.value for mark in meaning.discriminators if parent(mark.pointer) == beside]
            before = (set(self.ids), self.standing.copy(), self.count, dict(self.places))
            union = [schema for schema in written if not _is_null(schema)]
            names = member_names(self.api, union, marks)
            below = inside.deeper(inside.above, 0 if len(union) == 1 else 1)
            chapters = (
                not inside.asked and inside.depth == 1 and len(union) >= _CHAPTERS and len(set(names)) == len(names)
            )
            made = tuple(
                self.field(
                    name, [schema], name if chapters and name not in self.ids else self.below(id_, name), inside=below
                )
                for name, schema in zip(names, union, strict=True)
            )
            if any(not member.is_plain or member.enum or member.constraints for member in made):
                found.append(Union(self._union_words(keyword, marks, one=len(made) == 1, listed=listed), made))
            else:
                self.ids, self.standing, self.count, self.places = before
        return tuple(found)

    def _union_words(self, keyword: str, marks: list[object], *, one: bool, listed: bool) -> str:
        """Say how many members of a union hold, and what tells them apart."""
        if one:
            return ""
        kind = "one" if keyword == "oneOf" else "any"
        words = self.labels(f"union_{kind}_each" if listed else f"union_{kind}")
        mark = next((mark.get("propertyName") for mark in marks if isinstance(mark, dict)), None)
        return f"{words} {self.labels('told_apart', f'`{mark}`')}" if mark else words

    def _kinds(self, meaning: Meaning) -> tuple[Reference, ...]:
        """Give what a discriminator maps values onto (OpenAPI 3.2.0, 4.25), each with the page of its schema."""
        found = []
        for mark in meaning.discriminators:
            mapping = mark.value.get("mapping")
            pairs = list(mapping.items()) if isinstance(mapping, dict) else []
            if not meaning.unions:  # those that are made of this one are meant by their names
                mapped = {str(target).rpartition("/")[2] for _, target in pairs}
                pairs += [(name, name) for name in self.standing.made_of(parent(mark.pointer)) if name not in mapped]
            if isinstance(mark.value.get("defaultMapping"), str):
                pairs.append((self.labels("any_other"), mark.value["defaultMapping"]))
            for value, target in pairs:
                name = str(target).rpartition("/")[2]
                href = "" if meaning.unions else self.standing.page_of(name)
                found.append(Reference(href, f"{value} → {name}"))
        return tuple(found)

    def _conditions(self, meaning: Meaning, id_: str, inside: _Inside) -> tuple[Field, ...]:
        """Give what the other keywords say that hold schemas: conditions, names, and what must not be."""
        found: list[Field] = []
        for keyword, name, schema in meaning.applied if inside.depth <= _MAX_DEPTH else ():
            if not isinstance(schema.value, dict) or (schema.value == {} and keyword != "not"):
                continue
            words = self.labels(f"condition_{keyword}", name) if name else self.labels(f"condition_{keyword}")
            said = f"{keyword}-{name}" if name else keyword
            made = self.field(words, [schema], f"{id_}.{said}", inside=inside)
            if keyword == "contains" and (bounds := contains_words(meaning, self.labels)):
                made = replace(made, constraints=(*bounds, *made.constraints))
            if made.types == self.labels("any_value") and (made.constraints or made.enum or not made.is_plain):
                made = replace(made, types="")  # it is what else is said that counts
            found.append(made)
        return tuple(found)


def _named(made: Field) -> Field:
    """Give the entry of a map the name that its description gives to the key: "`{user_id}`: Object with …"."""
    match = _KEY.match(made.description)
    return replace(made, name=f"{{{match[1]}}}") if match else made


def _is_null(schema: Schema) -> bool:
    value = schema.value
    return isinstance(value, dict) and value.get("type") == "null" and "description" not in value


def _differs(title: str, name: str) -> bool:
    """Say whether a title says more than the name does already."""
    return bool(title) and _NO_WORD.sub("", title).lower() != _NO_WORD.sub("", name).lower()
