"""What the rule of a difference is called: its place, its facet, and what happened to it.

The ids are oasdiff's where the meaning is the same, and made after the same grammar where it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from levelbook.review.facets import ALL, differences
from levelbook.review.shape import shape_of

if TYPE_CHECKING:
    from levelbook.api import Api, Schema
    from levelbook.review.facets import Difference
    from levelbook.review.spot import Spot

_READ_ONLY = frozenset({
    "enum-value-removed", "max-decreased", "min-increased", "max-length-decreased", "exclusive-max-decreased",
    "exclusive-min-increased",
})  # fmt: skip
_WRITE_ONLY = frozenset({"enum-value-added", "became-optional", "became-required"})
_NARROWED = {"specialized": ("request-body", "request-property", "request-parameter")}
_TEXT = frozenset({"string"})
_SCALARS = frozenset({"string", "number", "integer", "boolean"})
_SAME_STEM = frozenset({"wrapped", "nullable", "required", "read-only", "write-only", "deprecated"})


def place_of(spot: Spot) -> str:
    """Give how rules call the place of a spot: a body, a parameter, a header, or a property of one."""
    place = spot.site.place
    if not spot.steps:
        return place
    if place == "request-parameter" and spot.site.head_parameter and spot.site.head_parameter.place == "header":
        return "request-header-property"
    return {"request-body": "request-property", "response-body": "response-property"}.get(place, f"{place}-property")


class Named(NamedTuple):
    """A difference to be named: the shapes on both sides, and the place as rules call it."""

    base: Api
    head: Api
    spot: Spot
    difference: Difference
    place: str


def rule_of(base: Api, head: Api, spot: Spot, difference: Difference) -> str:
    """Give the id of the rule that a difference falls under."""
    place = place_of(spot)
    special = _SPECIAL.get(difference.facet)
    if special is not None:
        return special(Named(base, head, spot, difference, place))
    stem = difference.action if difference.facet in _SAME_STEM else f"{difference.facet}-{difference.action}"
    if place == "request-property" and spot.is_hidden and stem in _READ_ONLY:
        return f"request-read-only-property-{stem}"
    if place == "response-property" and spot.is_hidden and stem in _WRITE_ONLY:
        return f"response-write-only-property-{stem}"
    return f"{place}-{stem}"


def _enum(named: Named) -> str:
    _, _, spot, difference, place = named
    if difference.action == "became-enum":
        return f"{place}-became-enum"
    if difference.action == "value-removed" and place == "response-body":
        return "response-mediatype-enum-value-removed"
    stem = f"enum-{difference.action}"
    if difference.action == "enum-dropped":
        stem = "enum-dropped"
    if place == "request-property" and spot.is_hidden and stem in _READ_ONLY:
        return f"request-read-only-property-{stem}"
    if place == "response-property" and spot.is_hidden and stem in _WRITE_ONLY:
        return f"response-write-only-property-{stem}"
    return f"{place}-{stem}"


def _type(named: Named) -> str:
    base, head, spot, difference, place = named
    old, new = shape_of(base, spot.base), shape_of(head, spot.head)
    action = difference.action
    if (old.is_list or new.is_list) and action in ("generalized", "specialized") and "header" not in place:
        return f"{place}-list-of-types-{'widened' if action == 'generalized' else 'narrowed'}"
    if place == "request-parameter" and takes_lists(base, head, spot):
        return "request-parameter-type-generalized"
    if is_read_as_text(spot) and _TEXT in (old.types, new.types) and "parameter" not in place:
        action = "compatible"
    elif place == "request-parameter-property" and old.types == _TEXT and new.types <= _SCALARS:
        action = "specialized"  # whatever is sent is a text before it is read
    elif place in _NARROWED.get(action, ()) or (
        action == "generalized" and new.types == ALL and place.startswith("response")
    ):
        action = "changed"
    return f"{place}-type-{action}"


def takes_lists(base: Api, head: Api, spot: Spot) -> bool:
    """Say whether a query parameter now takes several of what it took one of (OpenAPI 3.1.1, 4.8.12.3)."""
    parameter = spot.site.head_parameter
    if parameter is None or parameter.style != "form" or not parameter.explode or spot.steps:
        return False
    old, new = shape_of(base, spot.base), shape_of(head, spot.head)
    items = new.meaning.items
    if any(value > 1 for key, value in new.counts.items() if key == "minItems") or "maxItems" in new.counts:
        return False
    if new.types != frozenset({"array"}) or not items or not old.types <= _SCALARS:
        return False
    inner = shape_of(head, tuple(items))
    narrowed = [item for item in differences(old, inner) if item.facet not in ("type", "nullable")]
    return not narrowed and (old.types <= inner.types or "string" in inner.types)


def is_read_as_text(spot: Spot) -> bool:
    """Say whether a value comes as text that its reader makes a value of: headers, XML, plain text."""
    if spot.site.place == "response-header":
        parameter = spot.site.base_parameter
        return parameter is not None and not _has_format(parameter.schema)
    media = spot.site.head_media
    return media is not None and media.type.partition(";")[0].endswith(("xml", "text/plain"))


def _has_format(schema: Schema | None) -> bool:
    return schema is not None and isinstance(schema.value, dict) and "format" in schema.value


def _format(named: Named) -> str:
    _, _, _, difference, place = named
    action = difference.action
    if place.startswith("request") and action == "specialized":
        action = "changed"
    if place in ("response-body", "response-property") and action == "generalized":
        action = "changed"
    return f"{place}-type-{action}"


def _property(named: Named) -> str:
    _, _, spot, difference, place = named
    required = "required" if difference.detail.startswith("required") else "optional"
    if spot.is_hidden and place.startswith("request"):
        required = "optional"  # a client shall not send it
    if place.startswith("response"):
        hidden = "-write-only" if spot.is_hidden else ""
        return f"response-{required}{hidden}-property-{difference.action}"
    stem = place.removeprefix("request-")
    if difference.action == "removed":
        return f"request-{stem}-removed"
    default = (
        "-with-default" if required == "required" and "default" in difference.detail and stem == "property" else ""
    )
    return f"new-{required}-request-{stem}{default}"


def _required(named: Named) -> str:
    _, _, spot, difference, place = named
    stem = difference.action
    if place == "response-property" and spot.is_hidden:
        return f"response-write-only-property-{stem}"
    if place == "request-property" and stem == "became-required" and difference.detail:
        stem += "-with-default"
    return f"{place}-{stem}"


def _flag(named: Named) -> str:
    _, _, spot, difference, place = named
    if not place.endswith("property"):
        return f"{place}-{difference.action}"
    required = "required" if spot.is_required else "optional"
    return f"{place.removesuffix('property')}{required}-property-{difference.action}"


def _default(named: Named) -> str:
    _, _, _, difference, place = named
    return f"{place}-default-value-{difference.action}"


def _stability(named: Named) -> str:
    _, _, _, difference, place = named
    if difference.action == "invalid":
        return "api-invalid-stability-level"
    return f"{place}-stability-{difference.action}"


_SPECIAL = {
    "enum": _enum, "type": _type, "format": _format, "property": _property, "required": _required, "default": _default,
    "read-only": _flag, "write-only": _flag, "stability": _stability,
}  # fmt: skip
