"""Where the fields of schemas stand: on the page at hand, or on the page that a component has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.api import Schema
from levelbook.docs.field import Reference
from levelbook.lenient import listed, mapping, text
from levelbook.meaning import component_name, meaning_of
from levelbook.pointer import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from levelbook.api import Api

_MORE = (  # what a Meaning may have beyond types
    "descriptions", "constraints", "examples", "default", "titles", "unions", "properties", "additional", "items",
    "applied", "prefix_items", "patterns", "required",
)  # fmt: skip
_WRITTEN_OUT = ("properties", "oneOf", "anyOf", "prefixItems", "patternProperties")


class Standing:
    """Remembers, for one page, which schemas are written out where.

    ``schema_page`` gives the address of the page that a component has, and so asks for it. ``whole`` are components
    whose fields stand somewhere alone, apart for requests and answers, which say presence in other words; ``around``
    are all schemas that are written out, alone or merged with others.
    """

    def __init__(self, api: Api, schema_page: Callable[[str], str]) -> None:
        self.api = api
        self.schema_page = schema_page
        self.whole: dict[tuple[str, bool], str] = {}
        self.around: dict[str, str] = {}

    def copy(self) -> Standing:
        """Give a copy, to come back to."""
        other = Standing(self.api, self.schema_page)
        other.whole, other.around = dict(self.whole), dict(self.around)
        return other

    def stands(self, pointer: str, *, asked: bool) -> bool:
        """Say whether a component's fields stand somewhere alone."""
        return (pointer, asked) in self.whole

    def remember(self, telling: Sequence[str], id_: str, *, asked: bool) -> None:
        """Note the components whose fields stand at an id, if they stand there alone."""
        for pointer in telling:
            if component_name(pointer) and not self.stands(pointer, asked=asked):
                sources = meaning_of(self.api, self.component(pointer)).sources
                own = [source.pointer for source in sources if self.has_fields(source)]
                if sorted(own) == sorted(telling):
                    self.whole[pointer, asked] = id_

    def references(self, pointers: Sequence[str], *, asked: bool) -> tuple[Reference, ...]:
        """Give where the fields of schemas stand; one that is merged into another of them stands there."""
        merged = {
            one: {source.pointer for source in meaning_of(self.api, self.component(one)).sources} for one in pointers
        }
        outer = [one for one in pointers if not any(one in merged[other] for other in pointers if other != one)]
        return tuple(self._reference(one, asked=asked) for one in outer or pointers[:1])

    def _reference(self, pointer: str, *, asked: bool) -> Reference:
        around = self.around.get(pointer, "")
        name = component_name(pointer) or around.rpartition(".")[2] or pointer.rpartition("/")[2]
        if self.stands(pointer, asked=asked):
            return Reference(f"#{self.whole[pointer, asked]}", name)
        return Reference(self.schema_page(pointer) if component_name(pointer) else f"#{around}", name)

    def page_of(self, name: str) -> str:
        """Give the address of the page of the component schema with this name; nothing where there is none."""
        components = self.api.documents.main.data.get("components")
        known = components.get("schemas") if isinstance(components, dict) else None
        there = isinstance(known, dict) and name in known
        return self.schema_page(join("/components/schemas", name)) if there else ""

    def made_of(self, pointer: str) -> list[str]:
        """Name the component schemas that have in `allOf` the component at a pointer, or one that is made of it."""
        known: dict[str, set[str]] | None = self.api.meanings.get("bases")
        if known is None:
            known = self.api.meanings["bases"] = dict(_bases(self.api))
        found = [component_name(pointer)]
        for name in found:
            found += [one for one, bases in known.items() if name in bases and one not in found]
        return found[1:]

    def component(self, pointer: str) -> Schema:
        """Give the schema at a pointer."""
        return Schema(*self.api.documents.at(pointer))

    def has_fields(self, source: Schema) -> bool:
        """Say whether a schema itself has something to write out below a field."""
        value = source.value
        if not isinstance(value, dict):
            return False
        if any(value.get(key) for key in _WRITTEN_OUT):
            return True
        inner = ("additionalProperties", "items")
        return any(
            self.is_telling([Schema(value[key], join(source.pointer, key))])
            for key in inner
            if isinstance(value.get(key), dict)
        )

    def is_telling(self, group: Sequence[Schema]) -> bool:
        """Say whether there is more to say of a group than its type."""
        meaning = meaning_of(self.api, *group)
        return any(getattr(meaning, name) for name in _MORE) or meaning.enum is not None


def _bases(api: Api) -> Iterator[tuple[str, set[str]]]:
    """Give the component schemas that are made of others, with the names of those."""
    schemas = mapping(mapping(api.documents.main.data.get("components")).get("schemas"))
    for name, schema in schemas.items():
        refs = [text(part, "$ref") for part in listed(mapping(schema).get("allOf"))]
        if refs:
            yield name, {ref.removeprefix("#/components/schemas/") for ref in refs}
