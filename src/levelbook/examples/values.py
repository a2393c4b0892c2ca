"""Example values: those that a document gives, else something that its schema allows.

>>> from levelbook.api import Schema
>>> from levelbook.loading import load
>>> sample(load("api_spec/openapi.yaml"), Schema({"type": "string", "format": "date"}, ""))
'2026-01-31'
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from levelbook.meaning import Meaning, meaning_of
from levelbook.problem import SpecError
from levelbook.values import Impossible, Values
from levelbook.values.choices import discriminated

if TYPE_CHECKING:
    from levelbook.api import Api, Parameter, Schema

_DEEPEST = 3  # deeper, an example helps nobody
_HARD = frozenset({  # keywords that `_plain` does not look at, or looks at in part
    "multipleOf", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "minProperties", "maxProperties", "maxItems",
    "contentEncoding",
})  # fmt: skip
_SURROGATES = re.compile("[\ud800-\udfff]")
_BY_FORMAT = {
    "date": "2026-01-31", "date-time": "2026-01-31T12:00:00Z", "time": "12:00:00Z", "duration": "P1D",
    "email": "user@example.com", "uri": "https://example.com/", "url": "https://example.com/",
    "hostname": "example.com", "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "byte": "c3RyaW5n",
}  # fmt: skip


def shown_value(api: Api, parameter: Parameter, variant: str = "") -> tuple[bool, Any]:
    """Give the value to show for a parameter, and whether the document shows it as an example.

    ``variant`` is the name of the example that is wanted, where there are several.
    """
    examples = parameter.examples or (parameter.media.examples if parameter.media else ())
    if examples:
        return True, whole(next((one.value for one in examples if one.name == variant), examples[0].value))
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    if schema is None:
        return False, "string"
    return bool(meaning_of(api, schema).examples), sample(api, schema)


def sample(api: Api, *group: Schema, depth: int = 0) -> Any:
    """Give an example of a schema: its own, else its default, first enum value, or something that it allows.

    What is easily said is made here, short as examples are; where that is refused, :class:`Values` finds another.
    """
    meaning = meaning_of(api, *group)
    made = _plain(api, meaning, depth)
    if _is_plain(meaning, depth):
        return made
    values = Values(api, direction="request")
    with suppress(Impossible, SpecError):
        if isinstance(made, dict) and meaning.discriminators:
            chosen = meaning_of(api, *group, *(union[0] for _, union in meaning.unions[:1]))
            made = next(filter(values.accepts(group), discriminated(api, chosen, made)), made)
        return made if values.accepts(group)(made) else whole(values.make(*group))
    return made


def _is_plain(meaning: Meaning, depth: int) -> bool:
    """Say whether a value made without a look at the schema is surely one that it accepts."""
    if any((meaning.examples, meaning.default, meaning.enum)):
        return True
    needs = meaning.prefix_items or meaning.applied or meaning.dependent or meaning.discriminators or meaning.unions
    sizes = {"minLength", "maxLength"} & meaning.constraints.keys()
    is_deep = depth >= _DEEPEST and (meaning.required or meaning.constraints)
    return not (
        needs
        or is_deep
        or (sizes and meaning.formats)
        or meaning.patterns
        or meaning.constraints.keys() & _HARD
        or meaning.additional
    )


def _plain(api: Api, meaning: Meaning, depth: int) -> Any:
    for known in (meaning.examples, meaning.default, meaning.enum or []):
        if known:
            return whole(known[0])
    member = sample(api, meaning.unions[0][1][0], depth=depth + 1) if meaning.unions and depth < _DEEPEST else None
    if meaning.properties and depth < _DEEPEST:
        return _object(api, meaning, depth) | (member if isinstance(member, dict) else {})
    if member is not None:
        return member
    if meaning.items and "array" in meaning.types and "object" not in meaning.types and depth < _DEEPEST:
        return [sample(api, *meaning.items, depth=depth + 1)] * max(1, _number(meaning, "minItems", 1))
    return _of_type(meaning)


def whole(value: Any) -> Any:
    """Give a value without lone surrogates, which are no text in UTF-8 (RFC 8259, 8.2: behaviour is unpredictable)."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATES.sub("\ufffd", value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {whole(key): whole(item) for key, item in value.items()}
    return value


def _object(api: Api, meaning: Meaning, depth: int) -> dict[str, Any]:
    """Give what an object requires, and what has an example; what only answers have is left out."""
    shown = {}
    for name, group in meaning.properties.items():
        inner = meaning_of(api, *group)
        wanted = name in meaning.required or (inner.examples and not inner.deprecated)
        if wanted and not inner.read_only:
            shown[whole(name)] = sample(api, *group, depth=depth + 1)
    return shown


def _of_type(meaning: Meaning) -> Any:
    types = meaning.types
    if "string" in types:
        return _text(meaning)
    if "integer" in types or "number" in types:
        number = _bounded(meaning)
        return number if "integer" in types else float(number)
    simple: tuple[tuple[str, Any], ...] = (("boolean", True), ("array", []), ("object", {}))
    return next((value for kind, value in simple if kind in types), None)


def _text(meaning: Meaning) -> str:
    text = next((_BY_FORMAT[name] for name in meaning.formats if name in _BY_FORMAT), "string")
    least, most = _number(meaning, "minLength", 0), _number(meaning, "maxLength", len(text))
    if least > len(text):
        return (text * least)[:least]
    return text[:most]


def _bounded(meaning: Meaning) -> float:
    least: float = _number(meaning, "minimum", 1)
    most: float = _number(meaning, "maximum", 1)
    above, below = meaning.constraints.get("exclusiveMinimum"), meaning.constraints.get("exclusiveMaximum")
    least = max(least, _past(above, least, 1))
    most = min(most if most >= least or "maximum" in meaning.constraints else least, _past(below, most, -1))
    return max(1, least) if max(1, least) <= most else most if "minimum" not in meaning.constraints else least


def _past(bound: Any, reached: float, step: int) -> float:
    """Give the next number that an exclusive bound allows; in OpenAPI 3.0 it is a boolean beside the other bound."""
    if bound is True:
        return reached + step
    return bound + step if isinstance(bound, (int, float)) and not isinstance(bound, bool) else reached


def _number(meaning: Meaning, keyword: str, default: int) -> int:
    bound = meaning.constraints.get(keyword, default)
    return bound if isinstance(bound, (int, float)) and not isinstance(bound, bool) else default  # type: ignore[return-value]  # a float bound is a bound
