"""Parameters and headers: from the raw text of a request to values, by style (OpenAPI 3.1.1, 4.8.12; RFC 6570).

Texts are split while they are still percent-encoded, so that an encoded delimiter stays part of its value.

>>> from levelbook.validate.exchange import Request
>>> decode = decoder(ParameterPlan("ids", "query", "", explode=False, shape=Shape(frozenset({"array"}))))
>>> decode(Source(Request("GET", "/"), "ids=1,2%2C3"), None)
['1', '2,3']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from levelbook.validate.media import FORM, is_json, media_type
from levelbook.validate.plan import ParameterPlan, Shape
from levelbook.validate.texts import NotDecoded, decoded, fields_of, loads, percent_decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from levelbook.validate.exchange import Request, Response
    from levelbook.validate.plan import Reading

__all__ = ["MISSING", "ParameterPlan", "Shape", "Source", "decoder"]


class _Missing:
    """What a decoder gives when the parameter is not there: None is a value."""


MISSING = _Missing()
_MAX_KEYS = 32  # brackets in one deepObject key: deeper is an attack, not a parameter
_KEY = re.compile(r"\[([^\[\]]*)\]")
_DELIMITERS = {"form": (",",), "spaceDelimited": ("%20", "+", " "), "pipeDelimited": ("%7C", "%7c", "|")}


class Source:
    """The raw texts of one message: query, path parameters, headers and cookies, taken apart when asked for."""

    __slots__ = ("_cookies", "_query", "message", "path", "querystring")

    def __init__(
        self, message: Request | Response, querystring: str = "", path: Mapping[str, str] | None = None
    ) -> None:
        self.message = message
        self.querystring = querystring
        self.path: Mapping[str, str] = path or {}
        self._query: dict[str, list[str]] | None = None
        self._cookies: dict[str, list[str]] | None = None

    @property
    def query(self) -> dict[str, list[str]]:
        """The fields of the query: names decoded, values raw."""
        if self._query is None:
            self._query = fields_of(self.querystring) if self.querystring else {}
        return self._query

    @property
    def cookies(self) -> dict[str, list[str]]:
        """The cookies (RFC 6265, 5.4): names decoded, values raw."""
        if self._cookies is None:
            self._cookies = {}
            for part in (self.message.header("cookie") or "").split(";"):
                name, equals, value = part.strip().partition("=")
                if equals:
                    self._cookies.setdefault(unquote(name), []).append(value)
        return self._cookies


Decode: TypeAlias = "Callable[[Source, Reading | None], Any]"


def decoder(parameter: ParameterPlan, taken: frozenset[str] = frozenset()) -> Decode:
    """Make the function that reads one parameter from a message; it gives MISSING where it is absent.

    The function takes a reading where a text may stand for several values, and raises NotDecoded where it cannot be
    read at all. ``taken`` are the names of the operation's other query parameters.
    """
    if parameter.content:
        return _content(parameter)
    make = {"query": _query, "path": _path, "cookie": _cookie}.get(parameter.place)
    return make(parameter, taken) if make else _header(parameter)


def _read(shape: Shape, text: str, reading: Reading | None) -> Any:
    return shape.read(text) if reading is None else reading.read(shape, text)


def _kind(shape: Shape, reading: Reading | None) -> str:
    """Say how a text is taken apart: as an ``array``, as an ``object``, or not at all."""
    if not (shape.is_array or shape.is_object) or (reading is not None and not reading.takes_apart(shape)):
        return ""
    return "array" if shape.is_array else "object"


def _content(parameter: ParameterPlan) -> Decode:
    """Read a parameter that has ``content``: its text is a whole value of that media type."""
    name, place, kind, shape = parameter.name, parameter.place, media_type(parameter.content), parameter.shape

    def decode(source: Source, reading: Reading | None) -> Any:
        text = _content_text(source, place, name)
        if text is None:
            return MISSING
        if kind == FORM:
            fields = source.query if place == "querystring" else fields_of(text)
            return {key: form_value(values, shape.of(key), reading) for key, values in fields.items()}
        if not is_json(kind):
            return _read(shape, text, reading)
        try:
            return loads(text)
        except NotDecoded as error:
            said = "is not JSON" if str(error).startswith("is not JSON") else str(error)
            raise NotDecoded(f"{said}, but its `content` is {kind}") from None

    return decode


def _content_text(source: Source, place: str, name: str) -> str | None:
    if place == "querystring":
        return unquote(source.querystring) if source.querystring else None
    if place == "query":
        values = source.query.get(name)
        return decoded(values[0]) if values else None
    if place == "header":
        return source.message.header(name.lower())
    text = source.path.get(name) if place == "path" else (source.cookies.get(name) or [None])[0]
    return unquote(text) if text is not None else None


def _query(parameter: ParameterPlan, taken: frozenset[str]) -> Decode:
    name, style, explode, shape = parameter.name, parameter.style, parameter.explode, parameter.shape
    if style == "deepObject":
        return lambda source, reading: deep_object(name, source.query, shape, reading)
    if not (shape.is_array or shape.is_object or shape.is_open):
        read = shape.read

        def decode_single(source: Source, reading: Reading | None) -> Any:
            values = source.query.get(name)
            if values is None:
                return MISSING
            if len(values) == 1 and reading is None:
                return read(decoded(values[0]))
            return form_value(values, shape, reading, style, explode=explode)

        return decode_single

    def decode(source: Source, reading: Reading | None) -> Any:
        if shape.is_object and explode and style == "form" and _kind(shape, reading):
            return exploded_object(source.query, shape, reading, taken)
        values = source.query.get(name)
        return form_value(values, shape, reading, style, explode=explode) if values else MISSING

    return decode


def form_value(
    values: list[str], shape: Shape, reading: Reading | None, style: str = "form", *, explode: bool = True
) -> Any:
    """Read the raw texts that stand under one name of a query or a form."""
    if len(values) > 1 and not (shape.is_array and explode) and not shape.is_open:
        why = "its style writes a list into one value" if shape.is_array else "it is no list"
        raise NotDecoded(f"is sent {len(values)} times, but {why}")
    kind = _kind(shape, reading)
    delimiters = _DELIMITERS.get(style, (",",))
    if kind == "array" or len(values) > 1:
        parts = values if explode or len(values) > 1 else _split(values[0], delimiters) if values[0] else []
        return [_read(shape.item_at(index), decoded(part), reading) for index, part in enumerate(parts)]
    if kind == "object" and not explode:
        return _pairs([decoded(part) for part in _split(values[0], delimiters)], shape, reading)
    return _read(shape, decoded(values[0]), reading)


def _split(text: str, delimiters: Sequence[str]) -> list[str]:
    for delimiter in delimiters[1:]:
        text = text.replace(delimiter, delimiters[0])
    return text.split(delimiters[0])


def _pairs(parts: list[str], shape: Shape, reading: Reading | None) -> Any:
    """Read ``R,100,G,200``: names and values in turn."""
    if parts == [""]:
        return {}
    if len(parts) % 2:
        raise NotDecoded("has a name without a value: this style writes name,value,name,value")
    names = parts[::2]
    if len(set(names)) < len(names):
        raise NotDecoded("has a name twice")
    return {name: _read(shape.of(name), value, reading) for name, value in zip(names, parts[1::2], strict=True)}


def _equations(parts: list[str], shape: Shape, reading: Reading | None) -> Any:
    """Read ``R=100`` and so on: an exploded object."""
    found: dict[str, Any] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name = percent_decoded(name)
        if not equals:
            raise NotDecoded("has a part without `=`: this style writes name=value")
        if name in found:
            raise NotDecoded(f"has `{name}` twice")
        found[name] = _read(shape.of(name), percent_decoded(value), reading)
    return found


def exploded_object(
    fields: Mapping[str, list[str]], shape: Shape, reading: Reading | None, taken: frozenset[str] = frozenset()
) -> Any:
    """Read an object whose properties are parameters of their own; ``taken`` are names that belong to others."""
    names = dict.fromkeys(shape.properties)
    if shape.rest is not None:
        names |= dict.fromkeys(key for key in fields if key not in taken)
    found = {name: form_value(fields[name], shape.of(name), reading) for name in names if name in fields}
    return found or MISSING


def deep_object(name: str, fields: Mapping[str, list[str]], shape: Shape, reading: Reading | None) -> Any:
    """Read ``color[R]=100``; deeper brackets are read as the common query-string libraries write them."""
    found: dict[str, Any] = {}
    start = name + "["
    for key, values in fields.items():
        if key.startswith(start):
            steps = _KEY.findall(key[len(name) :])
            if "".join(f"[{step}]" for step in steps) != key[len(name) :]:
                raise NotDecoded(f"has the key `{key}`, whose brackets do not close")
            if len(steps) > _MAX_KEYS:
                raise NotDecoded(f"has a key with {len(steps)} brackets")
            for value in values:
                _place(found, steps, decoded(value), shape, reading)
    return found or MISSING


def _place(into: dict[str, Any], steps: list[str], text: str, shape: Shape, reading: Reading | None) -> None:
    step, rest = steps[0], steps[1:]
    inner = shape.of(step)
    if rest and rest != [""] and not inner.is_array:
        below = into.setdefault(step, {})
        if not isinstance(below, dict):
            raise NotDecoded(f"has both a value and keys below `{step}`")
        _place(below, rest, text, inner, reading)
    elif inner.is_array:
        items = into.setdefault(step, [])
        if not isinstance(items, list):
            raise NotDecoded(f"has both a value and items below `{step}`")
        items.append(_read(inner.item, text, reading))
    elif step in into:
        raise NotDecoded(f"has `{step}` twice")
    else:
        into[step] = _read(inner, text, reading)


def _path(parameter: ParameterPlan, _: frozenset[str]) -> Decode:
    name, style, explode, shape = parameter.name, parameter.style, parameter.explode, parameter.shape
    prefix, between = {"label": (".", "."), "matrix": (";", ";")}.get(style, ("", ","))

    def decode(source: Source, reading: Reading | None) -> Any:
        text = source.path.get(name)
        if text is None:
            return MISSING
        if not text.startswith(prefix):
            raise NotDecoded(f"is {unquote(text)!r}, but style {style} begins with {prefix!r}")
        text = text[len(prefix) :]
        if style == "matrix":
            return _matrix(text, name, shape, reading, explode=explode)
        return _delimited(text, shape, reading, explode=explode, between=between if explode else ",")

    return decode


def _delimited(text: str, shape: Shape, reading: Reading | None, *, explode: bool, between: str) -> Any:
    """Read the simple and label styles."""
    kind = _kind(shape, reading)
    if not kind:
        return _read(shape, percent_decoded(text), reading)
    parts = text.split(between) if text else []
    if kind == "array":
        return [_read(shape.item_at(index), percent_decoded(part), reading) for index, part in enumerate(parts)]
    return _equations(parts, shape, reading) if explode else _pairs([*map(percent_decoded, parts)], shape, reading)


def _matrix(text: str, name: str, shape: Shape, reading: Reading | None, *, explode: bool) -> Any:
    parts = text.split(";")
    if shape.is_object and explode and _kind(shape, reading):
        return _equations(parts, shape, reading)
    values = []
    for part in parts:
        key, _, value = part.partition("=")
        if percent_decoded(key) != name:
            raise NotDecoded(f"has `{unquote(key)}` where style matrix repeats the name `{name}`")
        values.append(value)
    if shape.is_array and explode and _kind(shape, reading):
        return [_read(shape.item_at(index), percent_decoded(value), reading) for index, value in enumerate(values)]
    if len(values) > 1:
        raise NotDecoded(f"names `{name}` {len(values)} times, but its style writes one value")
    return _delimited(values[0], shape, reading, explode=False, between=",")


def _header(parameter: ParameterPlan) -> Decode:
    name, explode, shape = parameter.name.lower(), parameter.explode, parameter.shape

    def decode(source: Source, reading: Reading | None) -> Any:
        text = source.message.header(name)
        if text is None:
            return MISSING
        kind = _kind(shape, reading)
        if not kind:
            return _read(shape, text, reading)
        parts = [part.strip() for part in text.split(",")] if text else []
        if kind == "array":
            return [_read(shape.item_at(index), part, reading) for index, part in enumerate(parts)]
        return _equations(parts, shape, reading) if explode else _pairs(parts, shape, reading)

    return decode


def _cookie(parameter: ParameterPlan, _: frozenset[str]) -> Decode:
    name, explode, shape = parameter.name, parameter.explode, parameter.shape
    # OpenAPI 3.2.0, 4.12.6: style `cookie` is neither escaped nor decoded.
    read = (lambda text: text) if parameter.style == "cookie" else percent_decoded

    def decode(source: Source, reading: Reading | None) -> Any:
        kind = _kind(shape, reading)
        if kind == "object" and explode:
            return exploded_object(source.cookies, shape, reading)
        values = source.cookies.get(name)
        if values is None:
            return MISSING
        if kind == "array":
            parts = _cookie_items(values, name, explode=explode)
            return [_read(shape.item_at(index), read(part), reading) for index, part in enumerate(parts)]
        if len(values) > 1:
            raise NotDecoded(f"is sent {len(values)} times, but it is no list")
        if kind == "object":
            return _pairs([read(part) for part in values[0].split(",")], shape, reading)
        return _read(shape, read(values[0]), reading)

    return decode


def _cookie_items(values: list[str], name: str, *, explode: bool) -> list[str]:
    """Take a list of a cookie apart: cookies of one name, ``id=1&id=2`` as style form has it, or ``id=1,2``."""
    if len(values) > 1 or not explode:
        return values if len(values) > 1 else values[0].split(",") if values[0] else []
    first, *more = values[0].split("&")
    if any(not part.startswith(f"{name}=") for part in more):
        return [values[0]]
    # Comma-separated lists are what implementations send, whatever `explode` says by default.
    return [first, *(part.removeprefix(f"{name}=") for part in more)] if more else first.split(",") if first else []
