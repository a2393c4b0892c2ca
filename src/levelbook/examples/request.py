"""Example requests, made from the examples that a document has itself.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> [request.title for request in example_requests(api, api.operation("POST /messages"))]
['A channel message', 'A direct message']
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from levelbook.examples.bodies import with_body
from levelbook.examples.record import FORM, ExampleRequest
from levelbook.examples.values import sample, shown_value, whole
from levelbook.meaning import judged_body, judged_parameters
from levelbook.styled import Pair, as_json, cookie_pairs, header_text, pair, pairs, path_text, plain

if TYPE_CHECKING:
    from levelbook.api import Api, Media, Operation, Parameter

__all__ = ["ExampleRequest", "example_requests", "only_parameters"]

_IN_PATHS = "/:@!$&'()*+,;=-._~%?#"  # what a path template may hold (RFC 3986, 3.3), and what documents do hold


def example_requests(api: Api, operation: Operation) -> list[ExampleRequest]:
    """Give a request for each named example of the body, or of the parameters where the body has none.

    Examples of one name belong together: a parameter that has one of the name of the variant shows that.
    """
    body = judged_body(api, operation)
    media = body.content[0] if body and body.content else None
    if media is None or len(media.examples) < 2:  # noqa: PLR2004  # one is no choice
        names = _variants(operation)
        made = [replace(_plain(api, operation, name), title=title) for name, title in names.items()]
        return made if media is None else [with_body(api, one, media, *_body(api, media, one.title)) for one in made]
    return [
        with_body(api, _plain(api, operation, one.name), media, one.summary or one.name, whole(one.value))
        for one in media.examples
    ]


def _variants(operation: Operation) -> dict[str, str]:
    """Give the names of the examples of parameters that have several, with their titles; one without a name else."""
    found: dict[str, str] = {}
    for parameter in judged_parameters(operation):
        examples = parameter.examples or (parameter.media.examples if parameter.media else ())
        if len(examples) > 1 and (parameter.required or not parameter.deprecated):
            found |= {one.name: one.summary or one.name for one in examples if one.name not in found}
    return found or {"": ""}


def _body(api: Api, media: Media, title: str) -> tuple[str, Any]:
    for example in media.examples:
        return title or example.summary or example.name, whole(example.value)
    return title, sample(api, media.schema) if media.schema is not None else None


def _plain(api: Api, operation: Operation, variant: str) -> ExampleRequest:
    """Give a request without a body: the required parameters, and those that have an example.

    Of several examples of a parameter, that named ``variant`` is taken, else the first.
    """
    path, query, headers, cookies = operation.path, [], [], []
    for parameter in judged_parameters(operation):
        shown, value = shown_value(api, parameter, variant)
        if parameter.place == "path":
            path = path.replace("{" + parameter.name + "}", path_text(parameter, value))
        elif not (parameter.required or (shown and not parameter.deprecated)):
            continue
        elif parameter.place in ("query", "querystring"):
            query += _query(parameter, value)
        elif parameter.place == "cookie":
            cookies += cookie_pairs(parameter, value)
        elif (text := header_text(parameter, value)) is not None:
            headers.append((parameter.name, text))
    path = quote(path, safe=_IN_PATHS)
    return ExampleRequest("", operation.method, path, tuple(query), tuple(headers), tuple(cookies))


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
            request = replace(
                request,
                query=tuple(one for one in request.query if (one.name in names) is keeps),
                form=tuple(one for one in request.form if (one.name in names) is keeps),
                parts=tuple(one for one in request.parts if (one.name in names) is keeps),
            )
    return request


def _query(parameter: Parameter, value: Any) -> list[Pair]:
    if parameter.place == "querystring":  # OpenAPI 3.2, 4.12.1: the whole query, as its media type says
        if parameter.media and parameter.media.type == FORM and isinstance(value, dict):
            return [one for name, item in value.items() for one in pairs(name, item, "form", explode=True)]
        return [Pair("", plain(value), quote(plain(value), safe=""))]
    if parameter.media is not None:
        is_text = isinstance(value, str) and "json" not in parameter.media.type
        return [pair(parameter.name, value if is_text else as_json(value))]
    return pairs(parameter.name, value, parameter.style, explode=parameter.explode, reserved=parameter.allow_reserved)
