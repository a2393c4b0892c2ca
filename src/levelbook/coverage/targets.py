"""What can be seen of a value by its schema: properties, enum values, members of unions.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> body = api.operation("POST /messages").body.content[0].schema
>>> targets = Targets(api, "request")
>>> [element for element in targets.elements(body, "body") if element.place == "body/type"][:2]
[Element(kind='property', place='body/type', label=''), Element(kind='value', place='body/type', label='"direct"')]
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.engine import SchemaError
from levelbook.lower import Lowering
from levelbook.meaning import component_name, meaning_of
from levelbook.pointer import join
from levelbook.problem import SpecError
from levelbook.resources import compiled_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.api import Api, Schema
    from levelbook.lower import Direction

_MOST = 5000  # elements of one body: beyond, a document describes more than anybody exercises
_SHOWN = 60
_DEEPEST = 60  # steps into a value, members of unions among them


class Element(NamedTuple):
    """Something that an exchange shows or does not: ``kind`` is what it is, ``place`` where, ``label`` which one."""

    kind: str
    place: str
    label: str = ""


@dataclass(slots=True)
class Target:
    """What a group of schemas knows of a value; what is below is found when it is asked for."""

    properties: dict[str, list[Schema]] = field(default_factory=dict)
    items: list[Schema] = field(default_factory=list)
    rest: list[Schema] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    unions: list[list[Schema]] = field(default_factory=list)


class Targets:
    """The targets of one API in one direction; schemas that several operations share are looked at once."""

    def __init__(self, api: Api, direction: Direction) -> None:
        self.api = api
        self.lowering = Lowering(api.documents, api.dialect, direction)
        self.known: dict[tuple[str, ...], Target] = {}
        self.judges: dict[str, Callable[[Any], bool]] = {}

    def target(self, group: list[Schema]) -> Target:
        """Give the target of a group of schemas of the same value."""
        key = tuple(schema.pointer for schema in group)
        if key not in self.known:
            meaning = meaning_of(self.api, *group)
            self.known[key] = Target(
                properties=meaning.properties,
                items=meaning.items,
                rest=[schema for schema in meaning.additional if isinstance(schema.value, dict)],
                values=meaning.enum or [],
                unions=[union for _, union in meaning.unions],
            )
        return self.known[key]

    def elements(self, schema: Schema, place: str) -> list[Element]:
        """Give everything that a value of a schema could show; a recursive schema is followed once."""
        found: dict[Element, None] = {}
        for element in self._elements([schema], place, ()):
            found[element] = None
            if len(found) >= _MOST:
                break
        return list(found)

    def _elements(self, group: list[Schema], place: str, above: tuple[tuple[str, ...], ...]) -> Iterator[Element]:
        key = tuple(schema.pointer for schema in group)
        if key in above:
            return
        above = (*above, key)
        target = self.target(group)
        for value in target.values:
            yield Element("value", place, shown(value))
        for name, below in target.properties.items():
            yield Element("property", join(place, name))
            yield from self._elements(below, join(place, name), above)
        if target.items:
            yield from self._elements(target.items, f"{place}[]", above)
        if target.rest:
            yield from self._elements(target.rest, f"{place}/*", above)
        for union in target.unions:
            for index, member in enumerate(union):
                yield Element("member", place, member_label(member, index))
                yield from self._elements([member], place, above)

    def shown(self, value: Any, schema: Schema, place: str) -> set[Element]:
        """Give what a value shows, down to a depth that no page would show."""
        found: set[Element] = set()
        stack: list[tuple[Any, list[Schema], str, int]] = [(value, [schema], place, 0)]
        while stack:
            value, group, place, depth = stack.pop()  # noqa: PLW2901
            target = self.target(group)
            if target.values:
                found.add(Element("value", place, shown(value)))
            below = [*self._parts(value, target, place, found), *self._members(value, target, place, found)]
            stack += [(*part, depth + 1) for part in below if depth < _DEEPEST]
        return found

    def _parts(
        self, value: Any, target: Target, place: str, found: set[Element]
    ) -> Iterator[tuple[Any, list[Schema], str]]:
        if isinstance(value, dict):
            for name, below in value.items():
                if name in target.properties:
                    found.add(Element("property", join(place, name)))
                    yield below, target.properties[name], join(place, name)
                elif target.rest:
                    yield below, target.rest, f"{place}/*"
        elif isinstance(value, list) and target.items:
            yield from ((item, target.items, f"{place}[]") for item in value)

    def _members(
        self, value: Any, target: Target, place: str, found: set[Element]
    ) -> Iterator[tuple[Any, list[Schema], str]]:
        for union in target.unions:
            for index, member in enumerate(union):
                if self.accepts(member, value):
                    found.add(Element("member", place, member_label(member, index)))
                    yield value, [member], place

    def accepts(self, schema: Schema, value: Any) -> bool:
        """Say whether a member of a union accepts a value."""
        judge = self.judges.get(schema.pointer)
        if judge is None:
            try:
                name = self.lowering.name(schema)
                whole = {"$ref": f"#/$defs/{name}", "$defs": self.lowering.closure([name])}
                documents = self.api.documents
                judge = compiled_with(whole, documents.remote_schemas, documents.identified_schemas).is_valid
            except (SchemaError, SpecError):  # said by ``check``, and by every exchange that needs it
                judge = _nothing
            self.judges[schema.pointer] = judge
        return judge(value)


def _nothing(_: Any) -> bool:
    return False


def member_label(member: Schema, index: int) -> str:
    """Give the name of a member of a union: its component, its title, its type, or its number."""
    value = member.value if isinstance(member.value, dict) else {}
    ref = value.get("$ref")
    name = (component_name(ref.removeprefix("#")) if isinstance(ref, str) else "") or value.get("title")
    name = name or value.get("type") or ""
    return f"{index + 1}: {name}" if isinstance(name, str) and name else str(index + 1)


def shown(value: Any) -> str:
    """Show a value of an enum."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        text = "…"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
