"""Example requests, made from the examples that a document has itself.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> [request.title for request in example_requests(api, api.operation("POST /messages"))]
['A channel message', 'A direct message']
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from levelbook.meaning import meaning_of
from levelbook.styled import field_pairs, pairs, path_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Media, Operation, Parameter, Schema

FORM = "application/x-www-form-urlencoded"
_BY_TYPE: tuple[tuple[str, Any], ...] = (
    ("string", "string"), ("integer", 1), ("number", 1.0), ("boolean", True), ("array", []), ("object", {}),
)  # fmt: skip


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
            path = path.replace("{" + parameter.name + "}", path_text(parameter, value))
        elif parameter.required or (shown and not parameter.deprecated):
            if parameter.place == "query":
                query += pairs(
                    parameter.name,
                    value,
                    parameter.style,
                    explode=parameter.explode,
                    as_json=parameter.media is not None,
                )
            elif parameter.place == "header":
                headers.append((parameter.name, plain(value)))
    bare = ExampleRequest("", operation.method, path, tuple(query), tuple(headers))
    media = operation.body.content[0] if operation.body and operation.body.content else None
    if media is None:
        return [bare]
    return [_with_body(bare, media, title, value) for title, value in _bodies(api, media)]


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


def _with_body(bare: ExampleRequest, media: Media, title: str, value: Any) -> ExampleRequest:
    if media.type == FORM and isinstance(value, dict):
        form = [pair for name, item in value.items() for pair in field_pairs(media, name, item)]
        return replace(bare, title=title, form=tuple(form), media_type=media.type)
    return replace(bare, title=title, body=value, media_type=media.type)


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
