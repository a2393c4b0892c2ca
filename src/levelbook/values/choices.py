"""What a value may be besides: members of unions, and what holds under conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.api import Schema
from levelbook.meaning import component_name
from levelbook.pointer import join, parent
from levelbook.problem import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api
    from levelbook.meaning import Meaning


class Choice(NamedTuple):
    """A place where a value may be one thing or another: each option adds its schemas."""

    pointer: str
    options: tuple[tuple[Schema, ...], ...]


def choices_of(meaning: Meaning) -> Iterator[Choice]:
    """Give the choices that a meaning leaves, the document's order first."""
    for keyword, members in meaning.unions:
        yield Choice(parent(members[0].pointer) or keyword, tuple((member,) for member in members))
    for value, pointer in meaning.sources:
        if "if" in value:
            kept = tuple(Schema(value[name], join(pointer, name)) for name in ("if", "then") if name in value)
            other = (Schema(value["else"], join(pointer, "else")),) if "else" in value else ()
            yield Choice(join(pointer, "if"), (kept, other) if other else ((), kept))
        dependent = value.get("dependentSchemas")
        for name, schema in dependent.items() if isinstance(dependent, dict) else ():
            at = join(pointer, "dependentSchemas", name)
            yield Choice(at, ((), (Schema(schema, at),)))


def discriminated(api: Api, meaning: Meaning, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give an object with the names that its discriminators have for it (OpenAPI 3.1.1, 4.8.25)."""
    found = [source.pointer for source in meaning.sources if source.value.keys() != {"$ref"}]
    for mark, pointer in meaning.discriminators:
        name = mark.get("propertyName")
        mapping = mark.get("mapping")
        named = (
            [key for key, ref in mapping.items() if _target(api, ref, pointer) in found]
            if isinstance(mapping, dict)
            else []
        )
        own = [component_name(at) for at in found if at != parent(pointer)] + [component_name(parent(pointer))]
        if isinstance(name, str):
            yield from ({**value, name: text} for text in [*named, *own] if text)


def _target(api: Api, ref: Any, pointer: str) -> str:
    """Give the pointer of a mapping's schema: it may be named alone."""
    if not isinstance(ref, str):
        return ""
    try:
        return api.documents.target(ref if "/" in ref or "#" in ref else f"#/components/schemas/{ref}", pointer).pointer
    except SpecError:
        return ""  # `check` says so
