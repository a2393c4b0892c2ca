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
from levelbook.meaning import ALL_TYPES
from levelbook.validate.shape import Reading, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.api import Api

__all__ = ["MISSING", "NotDecoded", "Parameter", "Schema", "Source", "decoder", "query_pairs"]


class _Missing:
    """What a decoder gives when the parameter is not there: None is a value."""


MISSING = _Missing()
_MAX_KEYS = 32  # brackets in one deepObject key: deeper is an attack, not a parameter
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
    """The raw texts of one request: query pairs with decoded names, path parameters, headers, cookies, whole query."""

    query: list[tuple[str, str]] = field(default_factory=list)
    path: dict[str, str] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    cookie: dict[str, str] = field(default_factory=dict)
    querystring: str = ""


Decode: TypeAlias = "Callable[[Source], Any]"


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Split a query string: names decoded, values raw."""
    found = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((unquote_plus(name), value))
    return found


def decoder(
    api: Api, parameter: Parameter, *, reading: Reading = "list", taken: frozenset[str] = frozenset()
) -> Decode:
    """Make the function that reads one parameter from a request; it gives MISSING where it is absent.

    The function raises NotDecoded where the text cannot be read at all. ``reading`` says how a text is taken that may
    be read in several ways; ``taken`` are the names of the operation's other query parameters.
    """
    if parameter.media is not None:
        return _content(parameter)
    shape = Shape(api, *((parameter.schema,) if parameter.schema else ()), reading=reading)
    if parameter.place == "query":
        return _query(parameter, shape, taken)
    return {"path": _path, "header": _header, "cookie": _cookie}.get(parameter.place, _header)(parameter, shape)


def _content(parameter: Parameter) -> Decode:
    """Read a parameter that has ``content``: its text is a whole value of that media type."""
    name, place = parameter.name, parameter.place
    kind = parameter.media.type if parameter.media else ""

    def decode(source: Source) -> Any:
        if place == "querystring":
            text = unquote(source.querystring) if source.querystring else None
        elif place == "query":
            text = next((unquote_plus(value) for key, value in source.query if key == name), None)
        else:
            text = getattr(source, place).get(name.lower() if place == "header" else name)
            text = unquote(text) if text is not None and place != "header" else text
        if text is None:
            return MISSING
        if kind == "application/x-www-form-urlencoded":
            return {key: unquote_plus(value) for key, value in source.query}
        if "json" not in kind:
            return text
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            raise NotDecoded(f"is not JSON, but its `content` is {kind}") from None

    return decode


def _query(parameter: Parameter, shape: Shape, taken: frozenset[str]) -> Decode:
    name, style, explode = parameter.name, parameter.style, parameter.explode
    if style == "deepObject":
        return lambda source: deep_object(name, source.query, shape)
    if shape.is_object and explode and style == "form":
        return lambda source: exploded_object(source.query, shape, taken)

    def decode(source: Source) -> Any:
        values = [value for key, value in source.query if key == name]
        return form_value(values, shape, style, explode=explode) if values else MISSING

    return decode


def form_value(values: list[str], shape: Shape, style: str = "form", *, explode: bool) -> Any:
    """Read the raw texts that stand under one name of a query or a form."""
    if len(values) > 1 and not (shape.is_array and explode) and shape.types != ALL_TYPES:
        why = "its style writes a list into one value" if shape.is_array else "it is no list"
        raise NotDecoded(f"is sent {len(values)} times, but {why}")
    delimiters = _DELIMITERS.get(style, (",",))
    if shape.is_array:
        parts = values if explode else _split(values[0], delimiters) if values[0] else []
        return [shape.item_at(index).read(unquote_plus(part)) for index, part in enumerate(parts)]
    if shape.is_object and not explode:
        return _pairs([unquote_plus(part) for part in _split(values[0], delimiters)], shape)
    texts = [shape.read(unquote_plus(value)) for value in values]
    return texts[0] if len(texts) == 1 else texts


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


def exploded_object(query: list[tuple[str, str]], shape: Shape, taken: frozenset[str] = frozenset()) -> Any:
    """Read an object whose properties are parameters of their own; ``taken`` are names that belong to others."""
    names = dict.fromkeys(shape.names)
    if shape.is_open:
        names |= dict.fromkeys(key for key, _ in query if key not in taken)
    found: dict[str, Any] = {}
    for name in names:
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
            if len(steps) > _MAX_KEYS:
                raise NotDecoded(f"has a key with {len(steps)} brackets")
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
        parts = text.split(between) if text else []
        return [shape.item_at(index).read(unquote(part)) for index, part in enumerate(parts)]
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
    if len(values) > 1:
        raise NotDecoded(f"names `{name}` {len(values)} times, but its style writes one value")
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
            return [shape.item_at(index).read(part) for index, part in enumerate(parts)]
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
