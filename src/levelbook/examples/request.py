"""Example requests, made from the examples that a document has itself.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> [request.title for request in example_requests(api, api.operation("POST /messages"))]
['A channel message', 'A direct message']
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from levelbook.meaning import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Media, Operation, Parameter, Schema

FORM = "application/x-www-form-urlencoded"
_BY_TYPE: tuple[tuple[str, Any], ...] = (
    ("string", "string"), ("integer", 1), ("number", 1.0), ("boolean", True), ("array", []), ("object", {}),
)  # fmt: skip
_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request to show: ``path`` has its parameters filled in; ``query`` and ``form`` are not yet encoded.

    ``body`` is a JSON value, or None; ``media_type`` is that of the body.
    """

    title: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    body: Any = None
    media_type: str = ""


def example_requests(api: Api, operation: Operation) -> list[ExampleRequest]:
    """Give a request for each named example of the body, or one where there are none."""
    path = operation.path
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = []
    for parameter in operation.parameters:
        shown, value = _value(api, parameter)
        if parameter.place == "path":
            path = path.replace("{" + parameter.name + "}", _path_text(parameter, value))
        elif parameter.required or (shown and not parameter.deprecated):
            if parameter.place == "query":
                query += _pairs(
                    parameter.name,
                    value,
                    parameter.style,
                    explode=parameter.explode,
                    as_json=parameter.media is not None,
                )
            elif parameter.place == "header":
                headers.append((parameter.name, _plain(value)))
    plain = ExampleRequest("", operation.method, path, tuple(query), tuple(headers))
    media = operation.body.content[0] if operation.body and operation.body.content else None
    if media is None:
        return [plain]
    return [_with_body(plain, media, title, value) for title, value in _bodies(api, media)]


def only_parameters(request: ExampleRequest, operation: Operation, extension: str) -> ExampleRequest:
    """Leave out the parameters that an operation's ``extension`` says examples do without.

    It holds ``oneOf``, a list of what to ``include`` or ``exclude`` (``{type: exclude, parameters: {enum: [name]}}``).
    """
    rules = operation.raw.get(extension) if extension else None
    rules = rules.get("oneOf") if isinstance(rules, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        names = rule.get("parameters", {}).get("enum") if isinstance(rule, dict) else None
        if isinstance(names, list):
            keeps = rule.get("type") == "include"
            query = tuple(pair for pair in request.query if (pair[0] in names) is keeps)
            form = tuple(pair for pair in request.form if (pair[0] in names) is keeps)
            request = replace(request, query=query, form=form)
    return request


def _with_body(plain: ExampleRequest, media: Media, title: str, value: Any) -> ExampleRequest:
    if media.type == FORM and isinstance(value, dict):
        form = [pair for name, item in value.items() for pair in _field(media, name, item)]
        return replace(plain, title=title, form=tuple(form), media_type=media.type)
    return replace(plain, title=title, body=value, media_type=media.type)


def _bodies(api: Api, media: Media) -> Iterator[tuple[str, Any]]:
    for example in media.examples:
        yield example.summary or example.name, example.value
    if not media.examples and media.schema is not None:
        yield "", _sample(api, media.schema)


def _value(api: Api, parameter: Parameter) -> tuple[bool, Any]:
    """Give the value to show for a parameter, and whether the document shows it as an example."""
    examples = parameter.examples or (parameter.media.examples if parameter.media else ())
    if examples:
        return True, examples[0].value
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    if schema is None:
        return False, "string"
    return bool(meaning_of(api, schema).examples), _sample(api, schema)


def _sample(api: Api, schema: Schema, depth: int = 0) -> Any:
    """Give an example of a schema: its own, else its default, first enum value, or something of its type."""
    meaning = meaning_of(api, schema)
    for known in (meaning.examples, meaning.default, meaning.enum or []):
        if known:
            return known[0]
    if meaning.properties and depth < 3:  # noqa: PLR2004  # deeper, an example helps nobody
        shown = {}
        for name, group in meaning.properties.items():
            inner = meaning_of(api, *group)
            if name in meaning.required or (inner.examples and not inner.deprecated and not inner.read_only):
                shown[name] = _sample(api, group[-1], depth + 1)
        return shown
    if meaning.unions and depth < 3:  # noqa: PLR2004
        return _sample(api, meaning.unions[0][1][0], depth + 1)
    if meaning.items and "array" in meaning.types and "object" not in meaning.types and depth < 3:  # noqa: PLR2004
        return [_sample(api, meaning.items[0], depth + 1)]
    return next((value for kind, value in _BY_TYPE if kind in meaning.types), None)


def _field(media: Media, name: str, value: Any) -> list[tuple[str, str]]:
    encoding = media.encoding.get(name, {})
    content_type = str(encoding.get("contentType", "")) if isinstance(encoding, dict) else ""
    if "json" in content_type:
        return [(name, _json(value))]
    style = str(encoding.get("style", "form")) if isinstance(encoding, dict) else "form"
    styled = isinstance(encoding, dict) and ("style" in encoding or "explode" in encoding)
    if isinstance(value, dict) and not styled:
        return [(name, _json(value))]  # OpenAPI 3.1.1, 4.8.15.1: an object in a form is JSON
    explode = encoding.get("explode", style == "form") is True if isinstance(encoding, dict) else True
    return _pairs(name, value, style, explode=explode, as_json=False)


def _pairs(name: str, value: Any, style: str, *, explode: bool, as_json: bool) -> list[tuple[str, str]]:
    """Write a query parameter or a form field in its style (OpenAPI 3.1.1, 4.8.12.3)."""
    if as_json:
        return [(name, _json(value))]
    if isinstance(value, dict):
        if style == "deepObject":
            return [(f"{name}[{key}]", _plain(item)) for key, item in value.items()]
        if explode:
            return [(key, _plain(item)) for key, item in value.items()]
        return [(name, ",".join(part for key, item in value.items() for part in (key, _plain(item))))]
    if isinstance(value, list):
        if explode:
            return [(name, _plain(item)) for item in value]
        return [(name, _DELIMITERS.get(style, ",").join(_plain(item) for item in value))]
    return [(name, _plain(value))]


def _path_text(parameter: Parameter, value: Any) -> str:
    """Write a path parameter in its style, percent-encoded."""
    prefix, between = {"label": (".", "."), "matrix": (";", ";")}.get(parameter.style, ("", ","))
    between = between if parameter.explode else ","
    if isinstance(value, dict):
        sign = "=" if parameter.explode else ","
        parts = [f"{quote(key, safe='')}{sign}{quote(_plain(item), safe='')}" for key, item in value.items()]
        named = parameter.style == "matrix" and not parameter.explode
    else:
        parts = [quote(_plain(item), safe="") for item in (value if isinstance(value, list) else [value])]
        named = parameter.style == "matrix"
    if named and parameter.explode:
        parts = [f"{parameter.name}={part}" for part in parts]
    text = between.join(parts)
    return prefix + (f"{parameter.name}={text}" if named and not parameter.explode else text)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
