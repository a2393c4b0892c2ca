"""What an operation answers: return values, errors, headers, links and examples, for each status."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from levelbook.docs.fields import ENOUGH
from levelbook.docs.page import Answer, AnswerExample, Content, LinkRow
from levelbook.docs.parameters import (
    by_schema,
    media_examples,
    media_slug,
    media_words,
    mirror,
    parameter_field,
    part_headers,
)
from levelbook.docs.types import value_text, without_notes
from levelbook.pointer import parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.api import Link, Operation, Response
    from levelbook.docs.fields import Fields
    from levelbook.docs.labels import Labels

    FindOperation = Callable[[str], tuple[str, str]]

_ENOUGH_OF_AN_ERROR = 60  # fields: errors are often the same on every page


def answers(fields: Fields, operation: Operation, prefix: str, find: FindOperation) -> Iterator[Answer]:
    """Make the answers; the first of success and of failure have the short ids.

    ``find`` gives the key and the page of the operation that a link leads to.
    """
    taken: set[str] = set()
    for response in operation.responses:
        kind = prefix + ("response" if response.status[:1] in "123" else "error")
        yield _answer(fields, response, f"{kind}-{response.status}" if kind in taken else kind, prefix, find)
        taken.add(kind)


def _answer(fields: Fields, response: Response, name: str, prefix: str, find: FindOperation) -> Answer:
    status_id = fields.unique(f"{prefix}status-{response.status}")
    fields.begin_part(ENOUGH if response.status[:1] in "123" else _ENOUGH_OF_AN_ERROR)
    contents = []
    for number, media in enumerate(by_schema(response.content)):
        schema, items = media[0].schema, media[0].item_schema
        id_ = name if number == 0 else f"{name}-{media_slug(media[0].type)}"
        value = fields.field("", [schema], id_) if schema is not None else None
        each = fields.field("", [items], f"{id_}-item") if items is not None else None
        parts = tuple(part_headers(fields, media[0], f"{id_}-part", asked=False))
        types = tuple(item.type for item in media)
        contents.append(Content(types, value, items=each, parts=parts, description=media_words(media)))
        mirror(fields, media)
    for media_type in response.content:
        fields.places[media_type.pointer] = status_id
        fields.places |= {parent(one.pointer): status_id for one in (*media_type.examples, *media_type.elsewhere)}
    fields.places[response.pointer] = status_id
    said = [without_notes(response.summary), without_notes(response.description)]
    return Answer(
        status=response.status,
        phrase=phrase(response.status, fields.labels),
        id=status_id,
        description="\n\n".join(dict.fromkeys(text for text in said if text)),
        changes=fields.changes([response.pointer]),
        headers=tuple(
            parameter_field(fields, header, f"{prefix}header-{response.status}", asked=False)
            for header in response.headers
        ),
        contents=tuple(contents),
        examples=tuple(_examples(response, contents, prefix)),
        links=tuple(
            _link(fields, link, f"{prefix}link-{response.status}-{link.name}", find) for link in response.links
        ),
    )


def _link(fields: Fields, link: Link, id_: str, find: FindOperation) -> LinkRow:
    key, href = find(link.target)
    values = [(name, value if isinstance(value, str) else value_text(value)) for name, value in link.parameters.items()]
    if link.body is not None:
        values.append(("body", link.body if isinstance(link.body, str) else value_text(link.body)))
    fields.places[link.pointer] = made = fields.unique(id_)
    said = [without_notes(link.description)]
    if link.server is not None:
        fields.places[link.server.pointer] = made
        said.append(f"{fields.labels('server')}: `{link.server.default_url}` {link.server.description}".strip())
    return LinkRow(link.name, made, key, href, "\n\n".join(filter(None, said)), tuple(values))


def _examples(response: Response, contents: list[Content], prefix: str) -> Iterator[AnswerExample]:
    """Give the examples of a response: those beside its media types, else those of its schema.

    The examples of a union's members stand with the members.
    """
    shown = media_examples(response.content)
    values = [content.value for content in contents if content.value is not None]
    if not shown:
        shown = [AnswerExample("", "", text) for value in values for text in value.examples]
    for number, example in enumerate(shown, 1):
        yield replace(example, id=f"{prefix}example-{response.status}-{number}")


def phrase(status: str, labels: Labels) -> str:
    """Say what a status means (RFC 9110, section 15)."""
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return labels.get(f"status_{status}")
