"""Where a change is at home: in a component, if both documents have what changed in the component of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.address import address_of
from levelbook.pointer import file_of, join, parent, split, within
from levelbook.review.fact import value_at
from levelbook.review.shape import shape_of

if TYPE_CHECKING:
    from levelbook.api import Api, Schema
    from levelbook.review.spot import Found

_UNIONS = ("one-of", "any-of", "all-of")
_NAMED = 3  # tokens of a component's pointer


def component_of(pointer: str) -> str:
    """Give the pointer of the component that a pointer is in; empty where it is in none."""
    tokens = split(pointer)
    if file_of(pointer) or len(tokens) < _NAMED or tokens[0] != "components":
        return ""
    return join("", *tokens[:_NAMED])


def home_of(head: Api, base_at: str, head_at: str) -> str:
    """Give the address that a pointer has in the component that it is in, in both documents; else an empty text."""
    component = component_of(head_at)
    if not component or component != component_of(base_at):
        return ""
    data = head.documents.main.data
    return str(address_of(data, head_at if value_at(head, head_at) is not None else parent(head_at)))


def home_of_found(base: Api, head: Api, item: Found) -> str:
    """Give the address of a difference between schemas in the component that it is written in.

    A keyword that only one document has leads to the schema that it stands in, which the other must have too.
    """
    spot, difference = item.spot, item.difference
    if difference.facet == "property":
        there = item.head_pointer if spot.head else item.base_pointer
        return _named(base, head, item.base_pointer, item.head_pointer, split(there)[-1])
    if difference.facet == "required":
        ends = spot.base[0].pointer if spot.base else "", spot.head[0].pointer if spot.head else ""
        return home_of(head, *ends) if all(ends) else ""
    shared = _sources(base, spot.base) & _sources(head, spot.head)
    if difference.facet in _UNIONS:  # the union is what changed, and its member what it gained or lost
        holders = shared & {parent(parent(at)) for at in (item.head_pointer, item.base_pointer)}
        return home_of(head, *[holders.pop()] * 2) if holders else ""
    for at in (item.head_pointer, item.base_pointer):
        schema = parent(at) if split(at)[-1:] == [difference.keyword] else at
        if any(one in shared for one in (schema, parent(schema), parent(parent(schema)))):
            return home_of(head, schema, schema)
    return ""


def _sources(api: Api, group: tuple[Schema, ...]) -> set[str]:
    """Give where all that a group is merged of stands."""
    return {pointer for _, pointer in shape_of(api, group).meaning.sources} if group else set()


def _named(base: Api, head: Api, base_at: str, head_at: str, name: str) -> str:
    """Give the address of a property that only one of the documents has."""
    for at in (base_at, head_at):
        holder = parent(parent(at)) if split(at)[-2:] == ["properties", name] else at
        home = component_of(holder)
        known = home and value_at(base, holder) is not None and value_at(head, holder) is not None
        if known and within(base_at, home) and within(head_at, home):
            above = home_of(head, holder, holder)
            return f"{above} > .{name}" if " > " not in above else f"{above}.{name}"
    return ""
