"""Media types of a body: their addresses, and whether one was given another name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from levelbook.meaning import ALL_TYPES
from levelbook.review.shape import shape_of
from levelbook.sequential import is_sequence

if TYPE_CHECKING:
    from collections.abc import Collection

    from levelbook.api import Api, Media
    from levelbook.review.fact import Pair

_STRUCTURED = ("xml", "yaml", "cbor", "msgpack", "protobuf")
_SAYS_LITTLE = frozenset(
    {"$ref", "allOf", "type", "format", "contentMediaType", "title", "description", "example", "examples", "$comment"}
)
_PARTS = re.compile(r'(?:[^;"]|"(?:\\.|[^"\\])*"|")+')
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def plainly(media_type: str) -> str:
    """Write a media type as all of its spellings mean it (RFC 9110, 8.3.1): names are small, and so is a charset."""
    essence, *parameters = (part.strip() for part in _PARTS.findall(media_type))
    pairs = [parameter.partition("=") for parameter in parameters]
    names = [(name.lower(), value.lower() if name.lower() == "charset" else value) for name, _, value in pairs]
    return ";".join([essence.lower(), *(f"{name}={value}" for name, value in names)])


def covering(name: str, others: Collection[str]) -> str:
    """Give which of other media types is meant where one is not there: with other parameters, else a range of them."""
    essence = name.partition(";")[0]
    found = [other for other in others if other.partition(";")[0] == essence]
    found += [one for one in (f"{essence.partition('/')[0]}/*", "*/*") if one in others and one != name]
    return found[0] if found else ""


def is_sole(pair: Pair, status: str) -> bool:
    """Say whether there is one media type only, so that an address need not name it."""
    if status:
        return all(len(item.content) == 1 for item in pair.head.responses if item.status == status)
    return pair.head.body is None or len(pair.head.body.content) == 1


def media_address(pair: Pair, media: Media, status: str, *, sole: bool) -> str:
    """Give the address of what is in a body: its media type is named where there are several."""
    if status:
        return f"{pair.name} > {status}" + ("" if sole else f" {media.type}")
    if media.type in _FORMS:
        return f"{pair.name} > form:"
    return f"{pair.name} > body:" if sole else f"{pair.name} > body {media.type}:"


def is_unread(media: Media | None) -> bool:
    """Say whether a body is of a kind that the validators do not read."""
    if media is None:
        return False
    name = media.type.partition(";")[0].strip().lower()
    return not (name.endswith(("json", "*")) or is_sequence(name) or name.startswith("text/") or is_form(name))


def is_form(name: str) -> bool:
    """Say whether a media type holds fields."""
    return name.startswith("multipart/") or name == _FORMS[0]


def is_octets(api: Api, media: Media) -> bool:
    """Say whether a media type that nobody reads may hold any octets, as each version of OpenAPI has it.

    3.0 writes `type: string, format: binary`; since 3.1 there need be no schema, or no `type`
    (https://spec.openapis.org/oas/v3.1.1.html#considerations-for-binary-data).
    """
    if media.schema is None:
        return True
    shape = shape_of(api, (media.schema,))
    if any(not source.value.keys() <= _SAYS_LITTLE for source in shape.meaning.sources) or shape.nullable:
        return False
    if shape.meaning.formats:
        return set(shape.meaning.formats) == {"binary"}
    is_text = shape.types == {"string"} and not any(word in media.type.lower() for word in _STRUCTURED)
    return is_text or shape.types == ALL_TYPES


def renamed(was: dict[str, Any], now: dict[str, Any]) -> tuple[str, str, str] | None:
    """Give the one media type of a response that has another name now, and what the name became."""
    gone, come = [name for name in was if name not in now], [name for name in now if name not in was]
    if len(gone) != 1 or len(come) != 1:
        return None
    old, new = gone[0].partition(";")[0].strip(), come[0].partition(";")[0].strip()
    left, right = old.rpartition("+"), new.rpartition("+")
    suffix = {old.partition("/")[2], left[2]} & {new.partition("/")[2], right[2]}
    if old != new and not suffix:
        return None
    if ";" in gone[0] + come[0]:
        return gone[0], come[0], "changed"
    if right[1] and not left[1]:
        return gone[0], come[0], "specialized"
    return gone[0], come[0], "generalized" if left[1] and not right[1] else "changed"
