"""From an operation to its Page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from levelbook.docs.fields import Fields, value_text, without_notes
from levelbook.docs.page import Answer, AnswerExample, Content, Field, Group, Page
from levelbook.meaning import meaning_of
from levelbook.pointer import parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.api import Api, Media, Operation, Parameter, Response
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
_UNSAFE = re.compile(r"[^\w.]+")
_LONGEST = 100  # characters of a file name: many file systems take 255 bytes
_RESERVED = frozenset({"index", "changelog", "404", "llms", "openapi"})


def file_names(operations: Iterable[Operation]) -> dict[str, str]:
    """Give each operation, by its pointer, a file name: its ``operationId``, else a slug; no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set(_RESERVED)
    for operation in operations:
        base = (
            _UNSAFE.sub("-", operation.id or f"{operation.method.lower()}{operation.path}").strip("-.")[:_LONGEST]
            or "operation"
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
    places: dict[str, str] | None = None,
) -> Page:
    """Make the Page of one operation; ``notes`` are by element, ``samples`` its usage examples.

    ``places`` is filled in with the address of each element that the page shows, by the element's pointer.
    """
    fields = Fields(api, notes)
    groups = [Group(title, made) for title, made in _parameters(fields, operation) if made]
    bodies, body_group = _body(fields, operation)
    item = parent(operation.pointer)
    page = Page(
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
        bodies=tuple(bodies),
        body_description=without_notes(operation.body.description) if operation.body else "",
        answers=tuple(_answers(fields, operation)),
    )
    if places is not None:
        found = fields.places | {response.pointer: f"status-{response.status}" for response in operation.responses}
        for pointer, id_ in found.items():
            places.setdefault(pointer, f"{file}.html#{id_}")
    return page


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
    fields.places.setdefault(parameter.pointer, made.id)
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


def _body(fields: Fields, operation: Operation) -> tuple[list[Content], tuple[Field, ...]]:
    """Give what the body may be, and the fields in the first of it: form fields, or the properties of an object."""
    body = operation.body
    found: list[Content] = []
    made: list[Field] = []
    presence = "required" if body and body.required else "optional"
    for media in _by_schema(body.content if body else ()):
        schema, names = media[0].schema, tuple(item.type for item in media)
        if schema is None:
            found.append(Content(names))
            continue
        meaning = meaning_of(fields.api, schema)
        if found or not meaning.properties:
            found.append(Content(names, fields.field("body", [schema], "body", presence=presence)))
            continue
        for name, group in meaning.properties.items():
            required = "required" if name in meaning.required else "optional"
            made.append(fields.field(name, group, f"parameter-{name}", place=_place(media[0], name), presence=required))
        found.append(Content(names, fields.shallow("body", schema, fields.unique("body"), presence)))
    return found, tuple(made)


def _place(media: Media, name: str) -> str:
    encoding = media.encoding.get(name)
    content_type = encoding.get("contentType", "") if isinstance(encoding, dict) else ""
    place = "form field" if media.type in _FORMS else "in the body"
    return f"JSON in a {place}" if "json" in str(content_type) and media.type in _FORMS else place


def _by_schema(content: Iterable[Media]) -> list[list[Media]]:
    """Group media types that have the same schema, so that it is described once."""
    groups: dict[str, list[Media]] = {}
    for media in content:
        key = json.dumps(media.schema.value, sort_keys=True) if media.schema else ""
        groups.setdefault(key, []).append(media)
    return list(groups.values())


def _answers(fields: Fields, operation: Operation) -> Iterator[Answer]:
    """Make the answers; the first of success and of failure have the short ids."""
    taken: set[str] = set()
    for response in operation.responses:
        prefix = "response" if response.status.startswith("2") else "error"
        yield _answer(fields, response, f"{prefix}-{response.status}" if prefix in taken else prefix)
        taken.add(prefix)


def _answer(fields: Fields, response: Response, prefix: str) -> Answer:
    contents = []
    for number, media in enumerate(_by_schema(response.content)):
        schema = media[0].schema
        name = prefix if number == 0 else f"{prefix}-{number + 1}"
        value = fields.field("", [schema], name) if schema is not None else None
        contents.append(Content(tuple(item.type for item in media), value))
    return Answer(
        status=response.status,
        phrase=_phrase(response.status),
        id=f"status-{response.status}",
        description=without_notes(response.description),
        changes=fields.changes([response.pointer]),
        headers=tuple(_parameter(fields, header, f"header-{response.status}") for header in response.headers),
        contents=tuple(contents),
        examples=tuple(_examples(response, contents)),
    )


def _examples(response: Response, contents: list[Content]) -> Iterator[AnswerExample]:
    """Give the examples of a response: those beside its media types, then those of its union's members, or its own."""
    shown = [
        AnswerExample(
            "", example.summary or example.name, value_text_block(example.value), without_notes(example.description)
        )
        for media in response.content
        for example in media.examples
    ]
    values = [content.value for content in contents if content.value is not None]
    shown += [
        AnswerExample("", member.name, text, member.description, member.changes)
        for value in values
        for member in value.members
        for text in member.examples
    ]
    if not shown:
        shown = [AnswerExample("", "", text) for value in values for text in value.examples]
    for number, example in enumerate(shown, 1):
        yield replace(example, id=f"example-{response.status}-{number}")


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
