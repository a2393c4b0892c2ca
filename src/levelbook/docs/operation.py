"""From an operation to its Page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.api import callbacks_of
from levelbook.docs.answers import answers
from levelbook.docs.field import Change, Choice, Docs, Field
from levelbook.docs.page import Callback, Credential, Event, Group, Moment, Page, SchemaPage, ServerRow
from levelbook.docs.parameters import body, parameters
from levelbook.docs.server import server_url
from levelbook.docs.types import without_notes
from levelbook.levels import position
from levelbook.meaning import component_name
from levelbook.pointer import join, parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.api import Api, Operation, Server
    from levelbook.docs.context import Context
    from levelbook.docs.fields import Fields
    from levelbook.docs.sample import Sample
    from levelbook.docs.trial import Trial

_NAMED = re.compile(r"`([^`\n]+)`")


def make_page(
    context: Context, operation: Operation, *, samples: tuple[Sample, ...] = (), trial: Trial | None = None
) -> Page:
    """Make the Page of one operation; the context learns where each element is shown."""
    api, fields, file = context.api, context.fields(), context.files[operation.pointer]
    url = operation.path if operation.is_webhook else server_url(api, operation, context.api_url) + operation.path
    parts = _parts(context, fields, operation, "")
    servers = server_rows(fields, operation.servers or api.servers, operation.path, url if context.api_url else "")
    page = Page(
        file=file,
        key=operation.key,
        method=operation.method,
        path=operation.path,
        url=url,
        title=operation.summary or operation.id or operation.key,
        marks=tuple(tag.title for tag in api.tags if tag.name in operation.tags and not tag.is_group),
        deprecated=operation.deprecated,
        description=_said(operation),
        remarks=tuple(_remarks(context, operation)),
        changes=fields.changes([operation.pointer, parent(operation.pointer)]),
        servers=tuple(server_rows(fields, operation.servers)) if operation.is_webhook else tuple(servers),
        credentials=tuple(_credentials(api, operation)),
        samples=samples,
        trial=trial,
        after_parameters=_texts(operation, context.conventions.parameters),
        after_response=_texts(operation, context.conventions.response),
        callbacks=tuple(_callback(context, fields, callback) for callback in callbacks_of([operation])),
        docs=_docs(operation),
        is_webhook=operation.is_webhook,
        **parts,
    )
    context.learn(fields.places | _of_operation(context, operation), file)
    return replace(page, timeline=tuple(timeline(page)))


def _docs(operation: Operation) -> Docs | None:
    found = operation.external_docs
    return Docs(found.url, found.description) if found else None


def _said(operation: Operation) -> str:
    """Give the description of an operation, and what is said of its path besides."""
    path_summary = operation.path_summary if operation.path_summary != operation.summary else ""
    texts = [operation.description, path_summary, operation.path_description]
    return "\n\n".join(dict.fromkeys(without_notes(text) for text in texts if text))


def _of_operation(context: Context, operation: Operation) -> dict[str, str]:
    """Give what a page shows besides fields and answers: the operation itself, its body, servers and callbacks."""
    found = {operation.pointer: "", parent(operation.pointer): ""}
    for callback in operation.callbacks:
        found |= {parent(callback.pointer): ""} | _of_operation(context, callback)
    if operation.body:
        found[operation.body.pointer] = "parameters"
    for server in operation.servers:
        found |= {server.pointer: ""} | {join(server.pointer, "variables", name): "" for name in server.variables}
    if operation.external_docs:
        found[operation.external_docs.pointer] = "see-also"
    return found


def timeline(page: Page) -> Iterator[Moment]:
    """Give the changes of a page by level, newest first; a change that several elements share is told once."""
    groups: dict[tuple[Any, Any], list[Event]] = {}
    seen: set[tuple[Any, str]] = set()
    for id_, name, changes in page.elements():
        for change in changes:
            if (change.level, change.text) not in seen:
                seen.add((change.level, change.text))
                key = (change.level, change.release if change.level is None else None)
                groups.setdefault(key, []).append(Event(_gone(name, change), f"#{id_}" if id_ else "", change))
    for (level, release), events in sorted(groups.items(), key=lambda item: position(*item[0]), reverse=True):
        known = release or next((event.change.release for event in events if event.change.release), None)
        name = level if level is not None else f"release-{known}" if known else "undated"
        yield Moment("-".join(f"changes-{name}".split()), level, known, tuple(events))


def _gone(name: str, change: Change) -> str:
    """Give what a change is about: of something that was removed from an element, what the note names first."""
    named = _NAMED.search(change.text) if change.kind == "removed" else None
    return named[1] if named and name not in named.string else name


def _parts(context: Context, fields: Fields, operation: Operation, prefix: str) -> dict[str, Any]:
    """Make what a page and a callback have in common: parameters, body, answers; ids begin with ``prefix``."""
    groups = [Group(title, made) for title, made in parameters(fields, operation, prefix) if made]
    bodies, body_group = body(fields, operation, prefix)
    if body_group:
        groups.append(Group(fields.labels("in_body"), body_group))
    return {
        "groups": tuple(groups),
        "bodies": tuple(bodies),
        "body_description": without_notes(operation.body.description) if operation.body else "",
        "answers": tuple(answers(fields, operation, prefix, context.operation_href)),
    }


def _callback(context: Context, fields: Fields, operation: Operation) -> Callback:
    id_ = fields.unique(f"callback-{operation.path}")
    return Callback(
        name=operation.path,
        id=id_,
        method=operation.method,
        expression=operation.expression,
        title=operation.summary or operation.path,
        description=_said(operation),
        deprecated=operation.deprecated,
        changes=fields.changes([operation.pointer]),
        servers=tuple(server_rows(fields, operation.servers)),
        credentials=tuple(_credentials(context.api, operation)) if "security" in operation.raw else (),
        docs=_docs(operation),
        remarks=tuple(_remarks(context, operation)),
        **_parts(context, fields, operation, f"{id_}-"),
    )


def _texts(operation: Operation, keys: tuple[str, ...]) -> str:
    """Join the texts of a document's own extensions of an operation."""
    found = [operation.raw.get(key) for key in keys]
    return "\n\n".join(without_notes(text) for text in found if isinstance(text, str))


def _remarks(context: Context, operation: Operation) -> Iterator[str]:
    for key, sentence in context.conventions.remarks.items():
        value = operation.raw.get(key)
        if value not in (None, False):
            yield sentence.replace("{}", str(value))


def _credentials(api: Api, operation: Operation) -> Iterator[tuple[Credential, ...]]:
    """Say, for each alternative, which credentials are needed; nothing where anybody may call."""
    for index, need in enumerate(operation.security):
        found = []
        for name in need:
            scheme = api.security_schemes.get(name)
            words = f"{scheme.type} {scheme.scheme}".strip() if scheme else ""
            scopes = operation.scopes[index].get(name, ()) if index < len(operation.scopes) else ()
            found.append(
                Credential(name, words, f"index.html#security-{'-'.join(name.split())}" if scheme else "", scopes)
            )
        yield tuple(found)


def server_rows(fields: Fields, servers: Iterable[Server], path: str = "", first: str = "") -> Iterator[ServerRow]:
    """Give servers as pages show them, with a path behind their URLs; ``first`` is told for the URL of the first."""
    for number, server in enumerate(servers):
        variables = [
            Field(
                name=name,
                id=fields.unique(f"server-{number + 1}-{name}" if number else f"server-{name}"),
                types=fields.labels("string"),
                description=server.variable_descriptions.get(name, ""),
                default=json.dumps(values[0], ensure_ascii=False),
                enum=_choices(values),
                enum_title=fields.labels("one_of"),
            )
            for name, values in server.variables.items()
        ]
        url = first if first and not number else server.default_url.rstrip("/") + path
        yield ServerRow(url, server.url, server.description, tuple(variables))


def _choices(values: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(Choice(json.dumps(value, ensure_ascii=False)) for value in values) if len(values) > 1 else ()


def make_schema_page(context: Context, pointer: str) -> tuple[SchemaPage, set[str]]:
    """Make the page of a component schema; also give the pointers of what it shows."""
    fields, file = context.fields(), context.schema_pages[pointer]
    made = fields.field("", [fields.standing.component(pointer)], "schema")
    context.learn(fields.places, file)
    return SchemaPage(file, component_name(pointer), made), set(fields.places)
