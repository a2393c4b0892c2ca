"""From an operation to its Page."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from levelbook.docs.fields import Fields, value_text, without_notes
from levelbook.docs.page import Answer, AnswerExample, Field, Group, Page
from levelbook.meaning import meaning_of
from levelbook.pointer import parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.api import Api, Operation, Parameter, Response, Schema
    from levelbook.docs.page import Change, Sample
    from levelbook.notes import Note

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_PLACES = {
    "path": "in the path",
    "query": "in the query",
    "header": "header",
    "cookie": "cookie",
    "querystring": "the whole query",
}
_UNSAFE = re.compile(r"[^A-Za-z0-9._]+")
_RESERVED = frozenset({"index", "changelog", "404", "llms", "openapi"})


def file_names(operations: Iterable[Operation]) -> dict[str, str]:
    """Give each operation, by its pointer, a file name: its ``operationId``, else a slug; no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set(_RESERVED)
    for operation in operations:
        base = (
            _UNSAFE.sub("-", operation.id or f"{operation.method.lower()}{operation.path}").strip("-.") or "operation"
        )
        name, number = base, 2
        while name.lower() in taken:  # some file systems do not tell cases apart
            name, number = f"{base}-{number}", number + 1
        taken.add(name.lower())
        names[operation.pointer] = name
    return names


def server_url(api: Api, operation: Operation, api_url: str) -> str:
    """Give the URL that an operation's path is put behind.

    ``api_url`` stands for the first server: where the server's path goes on from the path of ``api_url``, the rest is
    kept (``https://chat.example.com/api`` and a server at ``/api/v1`` give ``…/api/v1``).
    """
    servers = operation.servers or api.servers
    server = servers[0].default_url.rstrip("/") if servers else ""
    if not api_url:
        return server
    api_url = api_url.rstrip("/")
    base, path = _path(api_url), _path(server)
    if path == base or path.startswith(base + "/"):
        return api_url + path[len(base) :]
    return api_url


def _path(url: str) -> str:
    rest = re.sub(r"^[A-Za-z][\w+.-]*://", "", url)
    return "" if "/" not in rest else rest[rest.index("/") :].rstrip("/")


def make_page(  # noqa: PLR0913  # what a page is made of
    api: Api,
    operation: Operation,
    notes: dict[str, list[Note]],
    *,
    file: str,
    api_url: str,
    samples: tuple[Sample, ...] = (),
) -> Page:
    """Make the Page of one operation; ``notes`` are by element, ``samples`` its usage examples."""
    fields = Fields(api, notes)
    body_field, body_group = _body(fields, operation)
    groups = [Group(title, made) for title, made in _parameters(fields, operation) if made]
    item = parent(operation.pointer)
    return Page(
        file=file,
        key=operation.key,
        method=operation.method,
        path=operation.path,
        url=server_url(api, operation, api_url) + operation.path,
        title=operation.summary or operation.id or operation.key,
        tags=operation.tags,
        deprecated=operation.deprecated,
        description=without_notes(operation.description),
        changes=fields.changes([operation.pointer, item]),
        credentials=_credentials(api, operation),
        samples=samples,
        groups=tuple(groups + ([Group("Body", body_group)] if body_group else [])),
        body=body_field,
        body_media=tuple(media.type for media in operation.body.content) if operation.body else (),
        body_description=without_notes(operation.body.description) if operation.body else "",
        answers=tuple(_answers(fields, operation)),
    )


def _credentials(api: Api, operation: Operation) -> tuple[str, ...]:
    """Say, for each alternative, which credentials are needed; nothing where anybody may call."""
    found = []
    for need in operation.security:
        schemes = [api.security_schemes.get(name) for name in need]
        words = [
            f"{scheme.type} {scheme.scheme}".strip() if scheme else name
            for name, scheme in zip(need, schemes, strict=True)
        ]
        found.append(" and ".join(f"{name} ({word})" for name, word in zip(need, words, strict=True)) or "none")
    return tuple(found)


def _parameters(fields: Fields, operation: Operation) -> Iterator[tuple[str, tuple[Field, ...]]]:
    for place, title in (
        ("path", "Path parameters"),
        ("query", "Query parameters"),
        ("querystring", "Query string"),
        ("header", "Headers"),
        ("cookie", "Cookies"),
    ):
        yield (
            title,
            tuple(_parameter(fields, item, "parameter") for item in operation.parameters if item.place == place),
        )


def _parameter(fields: Fields, parameter: Parameter, prefix: str) -> Field:
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    place = _PLACES.get(parameter.place, parameter.place)
    if parameter.media is not None and "json" in parameter.media.type:
        place = f"JSON, {place}"
    made = fields.field(
        parameter.name,
        [schema] if schema else [],
        f"{prefix}-{parameter.name}",
        presence="required" if parameter.required else "optional",
        place=place,
    )
    shown = parameter.examples or (parameter.media.examples if parameter.media else ())
    own = without_notes(parameter.description)
    return Field(
        name=made.name, id=made.id, types=made.types, presence=made.presence, place=made.place,
        description="\n\n".join(dict.fromkeys(text for text in (own, made.description) if text)),
        changes=_merged(fields.changes([parameter.pointer]), made.changes),
        examples=tuple(value_text(example.value) for example in shown) or made.examples,
        default=made.default, enum=made.enum, constraints=made.constraints,
        deprecated=parameter.deprecated or made.deprecated, fields=made.fields, members=made.members,
        same_as=made.same_as,
    )  # fmt: skip


def _merged(left: tuple[Change, ...], right: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(dict.fromkeys((*left, *right)))


def _body(fields: Fields, operation: Operation) -> tuple[Field | None, tuple[Field, ...]]:
    """Give the body's own field, and the fields in it: form fields, or the properties of a JSON object."""
    body = operation.body
    media = body.content[0] if body and body.content else None
    if body is None or media is None or media.schema is None:
        return None, ()
    meaning = meaning_of(fields.api, media.schema)
    presence = "required" if body.required else "optional"
    if not meaning.properties:
        return fields.field("body", [media.schema], "body", presence=presence), ()
    made = []
    for name, group in meaning.properties.items():
        encoding = media.encoding.get(name)
        content_type = encoding.get("contentType", "") if isinstance(encoding, dict) else ""
        place = "form field" if media.type in _FORMS else "in the body"
        place = f"JSON in a {place}" if "json" in str(content_type) and media.type in _FORMS else place
        made.append(
            fields.field(
                name,
                group,
                f"parameter-{name}",
                place=place,
                presence="required" if name in meaning.required else "optional",
            )
        )
    return fields.shallow("body", media.schema, "body", presence), tuple(made)


def _answers(fields: Fields, operation: Operation) -> Iterator[Answer]:
    """Make the answers; the first of success and of failure have the short ids."""
    taken: set[str] = set()
    for response in operation.responses:
        prefix = "response" if response.status.startswith("2") else "error"
        yield _answer(fields, response, f"{prefix}-{response.status}" if prefix in taken else prefix)
        taken.add(prefix)


def _answer(fields: Fields, response: Response, prefix: str) -> Answer:
    schema = next((media.schema for media in response.content if media.schema is not None), None)
    value = fields.field("", [schema], prefix, depth=0) if schema is not None else None
    return Answer(
        status=response.status,
        phrase=_phrase(response.status),
        id=f"status-{response.status}",
        description=without_notes(response.description),
        changes=fields.changes([response.pointer]),
        media=tuple(media.type for media in response.content),
        headers=tuple(_parameter(fields, header, f"header-{response.status}") for header in response.headers),
        value=value,
        examples=tuple(_examples(fields, response, schema, value)),
    )


def _examples(
    fields: Fields, response: Response, schema: Schema | None, value: Field | None
) -> Iterator[AnswerExample]:
    number = 0
    for media in response.content:
        for example in media.examples:
            number += 1
            yield AnswerExample(
                f"example-{response.status}-{number}",
                example.summary or example.name,
                value_text_block(example.value),
                without_notes(example.description),
            )
    for member in value.members if value else ():
        if member.example:
            number += 1
            yield AnswerExample(
                f"example-{response.status}-{number}",
                member.label,
                member.example,
                member.description,
                member.changes,
            )
    if schema is not None and not number:
        for example in meaning_of(fields.api, schema).examples:
            number += 1
            yield AnswerExample(f"example-{response.status}-{number}", "", value_text_block(example))


def value_text_block(value: object) -> str:
    """Write a value as a block of JSON; a text that is no JSON stands as it is."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=4)


def _phrase(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return {
            "1XX": "Information",
            "2XX": "Success",
            "3XX": "Redirection",
            "4XX": "Error of the request",
            "5XX": "Error of the server",
            "default": "Any other status",
        }.get(status, "")
