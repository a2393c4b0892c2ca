"""Parameters and headers: from the raw text of a request to values, by style (OpenAPI 3.1.1, 4.8.12; RFC 6570).

Texts are split while they are still percent-encoded, so that an encoded delimiter stays part of its value.

>>> from levelbook.load import load
>>> decode = decoder(load("api_spec/openapi.yaml"), Parameter("ids", "query", "", Schema({"type": "array"}, ""),
...                  explode=False))
>>> decode(Source(query=[("ids", "1,2%2C3")]))
['1', '2,3']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, unquote_plus

import orjson

from levelbook.api import Parameter, Schema
from levelbook.validate.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.api import Api

__all__ = ["MISSING", "NotDecoded", "Parameter", "Schema", "Source", "decoder", "query_pairs"]


class _Missing:
    """What a decoder gives when the parameter is not there: None is a value."""


MISSING = _Missing()
_KEY = re.compile(r"\[([^\[\]]*)\]")
_DELIMITERS = {"form": (",",), "spaceDelimited": ("%20", "+", " "), "pipeDelimited": ("%7C", "%7c", "|")}


class NotDecoded(ValueError):  # noqa: N818  # it is caught and becomes a Problem, it is not an error of ours
    """A text that its style or media type cannot have written; the message says what is wrong with it.

    ``field`` is the form field it stands in.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(slots=True)
class Source:
    """The raw texts of one request: query pairs with decoded names, path parameters, headers and cookies."""

    query: list[tuple[str, str]] = field(default_factory=list)
    path: dict[str, str] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    cookie: dict[str, str] = field(default_factory=dict)


Decode: TypeAlias = "Callable[[Source], Any]"


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Split a query string: names decoded, values raw."""
    found = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((unquote_plus(name), value))
    return found


def decoder(api: Api, parameter: Parameter, *, text_first: bool = False) -> Decode:
    """Make the function that reads one parameter from a request; it gives MISSING where it is absent.

    The function raises NotDecoded where the text cannot be read at all. ``text_first`` takes a text for a string
    wherever it may be one.
    """
    if parameter.media is not None:
        return _content(parameter)
    shape = Shape(api, *((parameter.schema,) if parameter.schema else ()), text_first=text_first)
    return {"query": _query, "path": _path, "header": _header, "cookie": _cookie}.get(parameter.place, _query)(
        parameter, shape
    )


def _content(parameter: Parameter) -> Decode:
    """Read a parameter that has ``content``: its text is a whole value of that media type."""
    name, place, media = parameter.name, parameter.place, parameter.media
    is_json = media is not None and "json" in media.type

    def decode(source: Source) -> Any:
        if place == "query":
            text = next((unquote_plus(value) for key, value in source.query if key == name), None)
        else:
            text = getattr(source, place).get(name.lower() if place == "header" else name)
            text = unquote(text) if text is not None and place != "header" else text
        if text is None:
            return MISSING
        if not is_json:
            return text
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            raise NotDecoded(f"is not JSON, but its `content` is {media.type if media else ''}") from None

    return decode


def _query(parameter: Parameter, shape: Shape) -> Decode:
    name, style, explode = parameter.name, parameter.style, parameter.explode
    if style == "deepObject":
        return lambda source: deep_object(name, source.query, shape)
    if shape.is_object and explode and style == "form":
        return lambda source: _exploded_object(source.query, shape)
    delimiters = _DELIMITERS.get(style, (",",))

    def decode(source: Source) -> Any:
        values = [value for key, value in source.query if key == name]
        return form_value(values, shape, explode=explode, delimiters=delimiters) if values else MISSING

    return decode


def form_value(values: list[str], shape: Shape, *, explode: bool, delimiters: Sequence[str] = (",",)) -> Any:
    """Read the raw texts that stand under one name of a query or a form."""
    if shape.is_array:
        item = shape.item
        if explode or len(values) > 1:
            return [item.read(unquote_plus(value)) for value in values]
        if not values[0]:
            return []
        return [item.read(unquote_plus(part)) for part in _split(values[0], delimiters)]
    if shape.is_object and not explode:
        return _pairs([unquote_plus(part) for part in _split(values[0], delimiters)], shape)
    if len(values) > 1:  # a value that is no list, sent twice: which one is meant, nobody can tell
        return [shape.read(unquote_plus(value)) for value in values]
    return shape.read(unquote_plus(values[0]))


def _split(text: str, delimiters: Sequence[str]) -> list[str]:
    for delimiter in delimiters[1:]:
        text = text.replace(delimiter, delimiters[0])
    return text.split(delimiters[0])


def _pairs(parts: list[str], shape: Shape) -> Any:
    """Read ``R,100,G,200``: names and values in turn."""
    if len(parts) % 2:
        raise NotDecoded("has a name without a value: this style writes name,value,name,value")
    return {name: shape.property(name).read(value) for name, value in zip(parts[::2], parts[1::2], strict=True)}


def _equations(parts: list[str], shape: Shape) -> Any:
    """Read ``R=100`` and so on: an exploded object."""
    found = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals:
            raise NotDecoded("has a part without `=`: this style writes name=value")
        found[unquote(name)] = shape.property(unquote(name)).read(unquote(value))
    return found


def _exploded_object(query: list[tuple[str, str]], shape: Shape) -> Any:
    found: dict[str, Any] = {}
    for name in shape.names:
        values = [value for key, value in query if key == name]
        if values:
            found[name] = form_value(values, shape.property(name), explode=True)
    return found or MISSING


def deep_object(name: str, query: list[tuple[str, str]], shape: Shape) -> Any:
    """Read ``color[R]=100``; deeper brackets are read as the common query-string libraries write them."""
    found: dict[str, Any] = {}
    for key, value in query:
        if key.startswith(name + "["):
            steps = _KEY.findall(key[len(name) :])
            if "".join(f"[{step}]" for step in steps) != key[len(name) :]:
                raise NotDecoded(f"has the key `{key}`, whose brackets do not close")
            _place(found, steps, unquote_plus(value), shape)
    return found or MISSING


def _place(into: dict[str, Any], steps: list[str], text: str, shape: Shape) -> None:
    step, rest = steps[0], steps[1:]
    inner = shape.property(step)
    if rest and rest != [""] and not inner.is_array:
        below = into.setdefault(step, {})
        if not isinstance(below, dict):
            raise NotDecoded(f"has both a value and keys below `{step}`")
        _place(below, rest, text, inner)
    elif inner.is_array:
        into.setdefault(step, []).append(inner.item.read(text))
    elif step in into:
        raise NotDecoded(f"has `{step}` twice")
    else:
        into[step] = inner.read(text)


def _path(parameter: Parameter, shape: Shape) -> Decode:
    name = parameter.name
    prefix, between = {"label": (".", "."), "matrix": (";", ";")}.get(parameter.style, ("", ","))

    def decode(source: Source) -> Any:
        text = source.path.get(name)
        if text is None:
            return MISSING
        if not text.startswith(prefix):
            raise NotDecoded(f"is {unquote(text)!r}, but style {parameter.style} begins with {prefix!r}")
        text = text[len(prefix) :]
        if parameter.style == "matrix":
            return _matrix(text, name, shape, parameter.explode)
        return _delimited(text, shape, explode=parameter.explode, between=between if parameter.explode else ",")

    return decode


def _delimited(text: str, shape: Shape, *, explode: bool, between: str) -> Any:
    """Read the simple and label styles."""
    if shape.is_array:
        return [shape.item.read(unquote(part)) for part in text.split(between)] if text else []
    if shape.is_object:
        parts = text.split(between) if text else []
        return _equations(parts, shape) if explode else _pairs([unquote(part) for part in parts], shape)
    return shape.read(unquote(text))


def _matrix(text: str, name: str, shape: Shape, explode: bool) -> Any:  # noqa: FBT001
    parts = text.split(";")
    if shape.is_object and explode:
        return _equations(parts, shape)
    values = []
    for part in parts:
        key, _, value = part.partition("=")
        if unquote(key) != name:
            raise NotDecoded(f"has `{unquote(key)}` where style matrix repeats the name `{name}`")
        values.append(value)
    if shape.is_array and explode:
        return [shape.item.read(unquote(value)) for value in values]
    return _delimited(values[0], shape, explode=False, between=",")


def _header(parameter: Parameter, shape: Shape) -> Decode:
    name = parameter.name.lower()

    def decode(source: Source) -> Any:
        text = source.header.get(name)
        if text is None:
            return MISSING
        if not (shape.is_array or shape.is_object):
            return shape.read(text)
        parts = [part.strip() for part in text.split(",")] if text else []
        if shape.is_array:
            return [shape.item.read(part) for part in parts]
        return _equations(parts, shape) if parameter.explode else _pairs(parts, shape)

    return decode


def _cookie(parameter: Parameter, shape: Shape) -> Decode:
    name = parameter.name

    def decode(source: Source) -> Any:
        text = source.cookie.get(name)
        if text is None:
            return MISSING
        if shape.is_array:
            return [shape.item.read(unquote(part)) for part in text.split(",")] if text else []
        if shape.is_object:
            return _pairs([unquote(part) for part in text.split(",")], shape)
        return shape.read(unquote(text))

    return decode
