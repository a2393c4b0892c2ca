"""Bodies: which documented media type they are of, and from bytes to a value.

>>> media_type("Application/JSON; charset=utf-8")
'application/json'
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import orjson

from levelbook.validate.parameters import MISSING, NotDecoded, deep_object, form_value, query_pairs
from levelbook.validate.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Api, Media

FORM = "application/x-www-form-urlencoded"


class NotJudged(Exception):  # noqa: N818  # an outcome, not an error
    """A body of a kind that is not read; the message says which."""


def media_type(content_type: str) -> str:
    """Give the type of a Content-Type without its parameters (RFC 9110, 8.3.1: names ignore case)."""
    return content_type.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Say whether a media type is JSON (RFC 6838, 4.2.8: the ``+json`` suffix)."""
    return name == "application/json" or name.endswith(("+json", "/json"))


def choose(content: tuple[Media, ...], content_type: str) -> Media | None:
    """Give the documented media type that a Content-Type falls under: the most specific that fits."""
    name, whole = media_type(content_type), _normal(content_type)
    named = [(media, media_type(media.type)) for media in content]
    for media, _ in named:
        if _normal(media.type) == whole:
            return media
    ranges = sorted((pair for pair in named if "*" in pair[1]), key=lambda pair: -len(pair[1]))
    for media, pattern in [pair for pair in named if "*" not in pair[1]] + ranges:
        if fnmatchcase(name, pattern):
            return media
    return None


def _normal(content_type: str) -> str:
    return ";".join(sorted(part.strip().lower() for part in content_type.split(";")))


def body_decoder(api: Api, media: Media, *, text_first: bool = False) -> Callable[[bytes, str], Any]:
    """Make the function that reads a body of this media type from its bytes and its actual type.

    The function raises NotDecoded where the bytes are not of that type, and NotJudged for types that are not read.
    """
    if media_type(media.type) == FORM:
        form = _form(api, media, text_first=text_first)
        return lambda body, _: form(body)
    return _decode


def _decode(body: bytes, name: str) -> Any:
    if is_json(name):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise NotDecoded(f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    if name.startswith("text/"):
        return body.decode("utf-8", "replace")
    raise NotJudged(f"bodies of type {name} are not judged")


def _form(api: Api, media: Media, *, text_first: bool) -> Callable[[bytes], Any]:
    """Read ``application/x-www-form-urlencoded`` with the ``encoding`` of each field (OpenAPI 3.1.1, 4.8.15)."""
    shape = Shape(api, *((media.schema,) if media.schema else ()), text_first=text_first)
    encodings = {name: item for name, item in media.encoding.items() if isinstance(item, dict)}
    deep = [name for name, item in encodings.items() if item.get("style") == "deepObject"]

    def decode(body: bytes) -> Any:
        try:
            pairs = query_pairs(body.decode("ascii"))
        except UnicodeDecodeError:
            raise NotDecoded("is not a form: it has bytes that should be percent-encoded") from None
        found: dict[str, Any] = {}
        for name in deep:
            if (value := deep_object(name, pairs, shape.property(name))) is not MISSING:
                found[name] = value
        for name in dict.fromkeys(key for key, _ in pairs if key.partition("[")[0] not in deep):
            values = [value for key, value in pairs if key == name]
            found[name] = _field(name, values, shape.property(name), encodings.get(name, {}))
        return found

    return decode


def _field(name: str, values: list[str], shape: Shape, encoding: dict[str, Any]) -> Any:
    content_type = str(encoding.get("contentType", ""))
    if is_json(media_type(content_type)):
        return _json_field(name, values, f"its `encoding` says {content_type}")
    if any(key in encoding for key in ("style", "explode", "allowReserved")):
        style = encoding.get("style", "form")
        explode = encoding.get("explode", style == "form") is True
        delimiters = {"spaceDelimited": ("%20", "+"), "pipeDelimited": ("%7C", "|")}.get(style, (",",))
        return form_value(values, shape, explode=explode, delimiters=delimiters)
    if not content_type and (shape.is_object or (shape.is_array and shape.item.is_object)):
        items = [_json_field(name, [value], "objects in forms are JSON") for value in values]
        return items if shape.is_array else items[0] if len(items) == 1 else items
    return form_value(values, shape, explode=True)


def _json_field(name: str, values: list[str], why: str) -> Any:
    if len(values) > 1:
        raise NotDecoded(f"has the field `{name}` {len(values)} times, but {why}: one JSON value", name)
    text = unquote_plus(values[0])
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        shown = text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004
        raise NotDecoded(f"has the field `{name}`, `{shown}`, which is not JSON, but {why}", name) from None
