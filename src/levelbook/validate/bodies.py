"""Bodies: which documented media type they are of, and from bytes to a value.

>>> media_type("Application/JSON; charset=utf-8")
'application/json'
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import orjson

from levelbook.validate.parameters import (
    MISSING,
    NotDecoded,
    deep_object,
    exploded_object,
    form_value,
    query_pairs,
)
from levelbook.validate.shape import Reading, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Api, Media

FORM = "application/x-www-form-urlencoded"
_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LONG = b"0" * 19


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
    name, given = media_type(content_type), _parts(content_type)
    named = [(media, media_type(media.type), _parts(media.type)) for media in content]
    exact = [(media, wanted) for media, pattern, wanted in named if pattern == name and wanted <= given]
    if exact:
        return max(exact, key=lambda pair: len(pair[1]))[0]
    ranges = sorted((row for row in named if "*" in row[1]), key=lambda row: -len(row[1]))
    for media, pattern, _ in [row for row in named if "*" not in row[1]] + ranges:
        if fnmatchcase(name, pattern):
            return media
    return None


def _parts(content_type: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in content_type.split(";")[1:])


def body_decoder(api: Api, media: Media, *, reading: Reading = "list") -> Callable[[bytes, str], Any]:
    """Make the function that reads a body of this media type from its bytes and its actual type.

    The function raises NotDecoded where the bytes are not of that type, and NotJudged for types that are not read.
    """

    @cache
    def shape() -> Shape:
        return Shape(api, *((media.schema,) if media.schema else ()), reading=reading)

    @cache
    def form() -> Callable[[bytes], Any]:
        return _form(shape(), media)

    def decode(body: bytes, name: str) -> Any:
        if is_json(name):
            try:
                return loads(body)
            except orjson.JSONDecodeError as error:
                raise NotDecoded(_not_json(body, error)) from None
        if name == FORM:
            return form()(body)
        if name == "text/plain" or (name.startswith("text/") and "string" in shape().types):
            return shape().read(body.decode("utf-8", "replace"))
        raise NotJudged(f"bodies of type {name} are not judged")

    return decode


def loads(body: bytes) -> Any:
    """Read JSON, integers of any size exactly.

    orjson makes floats of integers beyond 64 bits. Such a number has a run of 19 digits, which is looked for with every
    digit taken for a zero: a tenth of the time that reading takes.
    """
    value = orjson.loads(body)
    if _LONG in body.translate(_AS_ZEROS):
        try:
            return json.loads(body)
        except ValueError:  # more digits than Python reads
            return value
    return value


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        return f"is not JSON: the byte at offset {undecodable.start} is not UTF-8"
    return f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"


def _form(shape: Shape, media: Media) -> Callable[[bytes], Any]:
    """Read ``application/x-www-form-urlencoded`` with the ``encoding`` of each field (OpenAPI 3.1.1, 4.8.15)."""
    encodings = {name: item for name, item in media.encoding.items() if isinstance(item, dict)}
    deep = [name for name, item in encodings.items() if item.get("style") == "deepObject"]
    spread = {
        name: shape.property(name)
        for name, item in encodings.items()
        if item.get("style", "form") == "form"
        and ("style" in item or "explode" in item)
        and item.get("explode", True) is True
        and shape.property(name).is_object
    }

    def decode(body: bytes) -> Any:
        try:
            pairs = query_pairs(body.decode("ascii"))
        except UnicodeDecodeError:
            raise NotDecoded("is not a form: it has bytes that should be percent-encoded") from None
        found: dict[str, Any] = {}
        for name in deep:
            if (value := deep_object(name, pairs, shape.property(name))) is not MISSING:
                found[name] = value
        inside: set[str] = set()
        for name, inner in spread.items():
            if (value := exploded_object(pairs, inner)) is not MISSING:
                found[name] = value
                inside |= set(inner.names)
        for name in dict.fromkeys(key for key, _ in pairs if key.partition("[")[0] not in deep and key not in inside):
            values = [value for key, value in pairs if key == name]
            found[name] = _field(name, values, shape.property(name), encodings.get(name, {}))
        return found

    return decode


def _field(name: str, values: list[str], shape: Shape, encoding: dict[str, Any]) -> Any:
    content_type = str(encoding.get("contentType", ""))
    if is_json(media_type(content_type)):
        return _json_field(name, values, f"its `encoding` says {content_type}")
    styled = any(key in encoding for key in ("style", "explode", "allowReserved"))
    if not styled and not content_type and (shape.is_object or (shape.is_array and shape.item.is_object)):
        items = [_json_field(name, [value], "objects in forms are JSON") for value in values]
        return items if shape.is_array else items[0] if len(items) == 1 else items
    style = encoding.get("style", "form")
    explode = encoding.get("explode", style == "form") is True
    try:
        return form_value(values, shape, style, explode=explode)
    except NotDecoded as error:
        raise NotDecoded(f"has the field `{name}`, which {error}", name) from None


def _json_field(name: str, values: list[str], why: str) -> Any:
    if len(values) > 1:
        raise NotDecoded(f"has the field `{name}` {len(values)} times, but {why}: one JSON value", name)
    text = unquote_plus(values[0])
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        shown = text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004
        raise NotDecoded(f"has the field `{name}`, `{shown}`, which is not JSON, but {why}", name) from None
