"""Parameters and headers: from the raw text of a request to values, by style (OpenAPI 3.1.1, 4.8.12; RFC 6570).

Texts are split while they are still percent-encoded, so that an encoded delimiter stays part of its value.

>>> from levelbook.validate.exchange import Request
>>> decode = decoder(ParameterPlan("ids", "query", "", explode=False, shape=Shape(frozenset({"array"}))))
>>> decode(Source(Request("GET", "/"), "ids=1,2%2C3"), None)
['1', '2,3']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from levelbook.validate.forms import field_reader
from levelbook.validate.media import FORM, is_json, media_type
from levelbook.validate.plan import ParameterPlan, Shape
from levelbook.validate.styles import (
    MISSING,
    Taken,
    deep_object,
    equations,
    exploded_object,
    form_value,
    kind_of,
    name_value_pairs,
    read_text,
)
from levelbook.validate.texts import NotDecoded, decoded, fields_of, loads, percent_decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from levelbook.validate.exchange import Request, Response
    from levelbook.validate.plan import Reading

__all__ = ["MISSING", "ParameterPlan", "Shape", "Source", "decoder"]


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
        """The cookies (RFC 6265, 5.4), names and values as they are."""
        if self._cookies is None:
            self._cookies = {}
            for part in (self.message.header("cookie") or "").split(";"):
                name, equals, value = part.strip().partition("=")
                if equals:
                    self._cookies.setdefault(name, []).append(value)
        return self._cookies


_NOTHING = Taken()
_SHOWN = 60
Decode: TypeAlias = "Callable[[Source, Reading | None], Any]"


def decoder(parameter: ParameterPlan, taken: Taken = _NOTHING) -> Decode:
    """Make the function that reads one parameter from a message; it gives MISSING where it is absent.

    The function takes a reading where a text may stand for several values, and raises NotDecoded where it cannot be
    read at all. ``taken`` are the fields of the query that belong to other parameters.
    """
    if parameter.content:
        return _content(parameter)
    make = {"query": _query, "path": _path, "cookie": _cookie}.get(parameter.place)
    return make(parameter, taken) if make else _header(parameter)


def _content(parameter: ParameterPlan) -> Decode:
    """Read a parameter that has ``content``: its text is a whole value of that media type."""
    name, place, kind, shape = parameter.name, parameter.place, media_type(parameter.content), parameter.shape
    read_fields = field_reader(shape, parameter.parts)

    def decode(source: Source, reading: Reading | None) -> Any:
        text = _content_text(source, place, name)
        if text is None:
            return MISSING
        if kind == FORM:
            return read_fields(source.query if place == "querystring" else fields_of(text), reading)
        if not is_json(kind):
            return read_text(shape, text, reading)
        try:
            return loads(text)
        except NotDecoded as error:
            if not str(error).startswith("is not JSON"):
                raise
            shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
            raise NotDecoded(f"is `{shown}`, which is not JSON, but its `content` is {kind}") from None

    return decode


def _content_text(source: Source, place: str, name: str) -> str | None:
    if place == "querystring":
        return unquote(source.querystring) if source.querystring else None
    if place == "query":
        values = source.query.get(name)
        return decoded(values[0]) if values else None
    if place == "header":
        return source.message.header(name.lower())
    text = source.path.get(name) if place == "path" else next(iter(source.cookies.get(name, ())), None)
    return unquote(text) if text is not None else None


def _query(parameter: ParameterPlan, taken: Taken) -> Decode:
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
        if shape.is_object and explode and style == "form" and kind_of(shape, reading):
            return exploded_object(source.query, shape, reading, taken)
        values = source.query.get(name)
        return form_value(values, shape, reading, style, explode=explode) if values else MISSING

    return decode


def _path(parameter: ParameterPlan, _: Taken) -> Decode:
    name, style, explode, shape = parameter.name, parameter.style, parameter.explode, parameter.shape
    prefix, between = {"label": (".", "."), "matrix": (";", ";")}.get(style, ("", ","))
    if not prefix and not (shape.is_array or shape.is_object):

        def decode_single(source: Source, reading: Reading | None) -> Any:
            text = source.path.get(name)
            return MISSING if text is None else read_text(shape, percent_decoded(text), reading)

        return decode_single

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
    kind = kind_of(shape, reading)
    if not kind:
        return read_text(shape, percent_decoded(text), reading)
    parts = text.split(between) if text else []
    if kind == "array":
        return [read_text(shape.item_at(index), percent_decoded(part), reading) for index, part in enumerate(parts)]
    return (
        equations(parts, shape, reading)
        if explode
        else name_value_pairs([*map(percent_decoded, parts)], shape, reading)
    )


def _matrix(text: str, name: str, shape: Shape, reading: Reading | None, *, explode: bool) -> Any:
    parts = text.split(";")
    if shape.is_object and explode and kind_of(shape, reading):
        return equations(parts, shape, reading)
    values = []
    for part in parts:
        key, _, value = part.partition("=")
        if percent_decoded(key) != name:
            raise NotDecoded(f"has `{unquote(key)}` where style matrix repeats the name `{name}`")
        values.append(value)
    if shape.is_array and explode and kind_of(shape, reading):
        return [read_text(shape.item_at(index), percent_decoded(value), reading) for index, value in enumerate(values)]
    if len(values) > 1:
        raise NotDecoded(f"names `{name}` {len(values)} times, but its style writes one value")
    return _delimited(values[0], shape, reading, explode=False, between=",")


def _header(parameter: ParameterPlan) -> Decode:
    name, explode, shape = parameter.name.lower(), parameter.explode, parameter.shape

    def decode(source: Source, reading: Reading | None) -> Any:
        text = source.message.header(name)
        if text is None:
            return MISSING
        kind = kind_of(shape, reading)
        if not kind:
            return read_text(shape, text, reading)
        parts = [part.strip() for part in text.split(",")] if text else []
        if name == "set-cookie":  # a date in it has a comma: it is sent a line for each (RFC 9110, 5.3)
            parts = [value for key, value in source.message.headers if key == name]
        if kind == "array":
            return [read_text(shape.item_at(index), part, reading) for index, part in enumerate(parts)]
        return equations(parts, shape, reading, str) if explode else name_value_pairs(parts, shape, reading)

    return decode


def _cookie(parameter: ParameterPlan, _: Taken) -> Decode:
    name, explode, shape = parameter.name, parameter.explode, parameter.shape
    # OpenAPI 3.2.0, 4.12.6: style `cookie` is neither escaped nor decoded.
    raw = parameter.style == "cookie"
    read = str if raw else percent_decoded

    def decode(source: Source, reading: Reading | None) -> Any:
        kind = kind_of(shape, reading)
        cookies = source.cookies
        if not raw and any("%" in key for key in cookies):
            cookies = {percent_decoded(key): values for key, values in cookies.items()}
        if kind == "object" and explode:
            if raw:
                named = {
                    key: read_text(shape.of(key), cookies[key][0], reading)
                    for key in shape.properties
                    if key in cookies
                }
                return named or MISSING
            return exploded_object(cookies, shape, reading)
        values = cookies.get(name)
        if values is None:
            return MISSING
        if kind == "array":
            parts = _cookie_items(values, name, explode=explode)
            return [read_text(shape.item_at(index), read(part), reading) for index, part in enumerate(parts)]
        if len(values) > 1:
            raise NotDecoded(f"is sent {len(values)} times, but it is no list")
        if kind == "object":
            return name_value_pairs([read(part) for part in values[0].split(",")], shape, reading)
        return read_text(shape, read(values[0]), reading)

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
