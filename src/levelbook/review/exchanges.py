"""Whole exchanges around one value: what else must be there is filled in, so that it is refused by nobody."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from levelbook.review.change import Request, Response
from levelbook.review.samples import Samples
from levelbook.sequential import EVENTS, is_records, is_sequence
from levelbook.styled import Pair, as_json, field_pairs, header_text, pair, pairs, path_text, plain

if TYPE_CHECKING:
    from levelbook.api import Api, Media, Operation, Parameter, Schema, SecurityScheme
    from levelbook.review.proof import Proofs, Side

FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "levelbook"
_NOTHING = object()
_SECRET = base64.b64encode(b"user:secret").decode()


@dataclass(frozen=True, slots=True)
class Probe:
    """What to ask the validators about: an exchange of a ``status`` or ``media`` type, without or with something."""

    base: Operation | None
    head: Operation | None
    direction: str
    status: str = ""
    media: str = ""
    without: str = ""
    with_: str = ""
    need: tuple[str, ...] = ()  # the schemes that a caller meets, where it is not the first alternative


@dataclass(slots=True)
class Draft:
    """An exchange as values, before it is written for one of the documents."""

    parameters: dict[tuple[str, str], tuple[Parameter, Any]] = field(default_factory=dict)
    media: Media | None = None
    body: Any = _NOTHING
    status: int = 200
    headers: dict[str, tuple[Parameter, Any]] = field(default_factory=dict)
    content_type: str = ""
    need: tuple[str, ...] = ()


class Exchanges:
    """Writes exchanges for two documents."""

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs
        self._values: dict[tuple[Any, ...], Any] = {}

    def value(
        self, direction: str, base: tuple[Schema, ...], head: tuple[Schema, ...], *, is_written: bool = False
    ) -> Any:
        """Give a value that both documents accept, or the first of them; ``"a"`` where there is no schema.

        ``is_written`` asks for one that leaves something to read where it is written as a text.
        """
        key = (direction, is_written, tuple(item.pointer for item in base), tuple(item.pointer for item in head))
        if key not in self._values:
            self._values[key] = self._shared(direction, base, head, is_written=is_written)
        return self._values[key]

    def _shared(self, direction: str, base: tuple[Schema, ...], head: tuple[Schema, ...], *, is_written: bool) -> Any:
        sides: list[tuple[Side, tuple[Schema, ...]]] = [("base", base), ("head", head)]
        judges = [self.proofs.compiled(side, direction, group) for side, group in sides if group]
        fallback: Any = _NOTHING
        for side, group in sides:
            document = self.proofs.document(side, direction, group) if group else None
            if document is None:
                continue
            for item in islice(Samples(document.get("$defs", {})).of(document), 60):
                if is_written and item in ("", [], {}, None):
                    continue
                fits = [judge is None or judge.is_valid(item) for judge in judges]
                if all(fits):
                    return item
                if fallback is _NOTHING and any(fits):
                    fallback = item
        return "a" if fallback is _NOTHING else fallback

    # -- requests --------------------------------------------------------------------------------------------------

    def draft(self, base: Operation | None, head: Operation | None) -> Draft:
        """Give a request with all that either document requires, valid under both where that can be."""
        draft = Draft()
        sides = [_parameters(item) for item in (base, head)]
        for key in {**sides[0], **sides[1]}:
            old, new = sides[0].get(key), sides[1].get(key)
            if (old is not None and old.required) or (new is not None and new.required):
                value = self.value("request", _group(old), _group(new), is_written=True)
                draft.parameters[key] = (new or old, value)  # type: ignore[assignment]
        bodies = [item.body if item else None for item in (base, head)]
        if any(item is not None and item.required for item in bodies):
            self.fill_body(draft, base, head, "")
        return draft

    def fill_body(self, draft: Draft, base: Operation | None, head: Operation | None, name: str) -> None:
        """Give a draft a body of a media type, the first one that both documents know where no name is given."""
        contents = [
            {media.type: media for media in item.body.content} if item and item.body else {} for item in (base, head)
        ]
        names = [name] if name else [key for key in contents[0] if key in contents[1]] or [*contents[0], *contents[1]]
        for key in names[:1]:
            old, new = contents[0].get(key), contents[1].get(key)
            draft.media = new or old
            draft.body = self.value("request", _of_media(old), _of_media(new))

    def request(self, api: Api, operation: Operation, draft: Draft) -> Request:
        """Write a draft as a request to one document's operation."""
        path = operation.path
        query: list[Pair] = []
        headers: list[tuple[str, str]] = []
        cookies: list[str] = []
        for (place, _), (parameter, value) in draft.parameters.items():
            if place == "path":
                path = _with_path(path, operation, parameter, value)
            elif place == "query":
                query += _query(parameter, value)
            elif place == "header":
                headers.append((parameter.name, header_text(parameter, value) or plain(value)))
            elif place == "cookie":
                cookies.append(f"{parameter.name}={plain(value)}")
        for scheme in _credentials(api, operation, draft.need):
            _present(scheme, query, headers, cookies)
        if cookies:
            headers.append(("Cookie", "; ".join(cookies)))
        body = None
        if draft.body is not _NOTHING and draft.media is not None:
            content_type, body = written(draft.media, draft.body)
            headers.append(("Content-Type", content_type))
        text = "&".join(one.text for one in query)
        return Request(
            operation.method, base_path(api, operation) + path + (f"?{text}" if text else ""), tuple(headers), body
        )

    # -- responses -------------------------------------------------------------------------------------------------

    def answer(self, base: Operation, head: Operation, status: str) -> Draft:
        """Give a response of a documented status, with all that either document requires of it."""
        draft = Draft(status=_number(status, {item.status for one in (base, head) for item in one.responses}))
        sides = [next((item for item in one.responses if item.status == status), None) for one in (base, head)]
        headers = [{item.name.lower(): item for item in side.headers} if side else {} for side in sides]
        for name in {**headers[0], **headers[1]}:
            old, new = headers[0].get(name), headers[1].get(name)
            if (old is not None and old.required) or (new is not None and new.required):
                draft.headers[name] = (new or old, self.value("response", _group(old), _group(new)))  # type: ignore[assignment]
        contents = [{item.type: item for item in side.content} if side else {} for side in sides]
        names = [key for key in contents[0] if key in contents[1]] or [*contents[1], *contents[0]]
        for name in names[:1]:
            old_media, new_media = contents[0].get(name), contents[1].get(name)
            draft.media = new_media or old_media
            draft.body = self.value("response", _of_media(old_media), _of_media(new_media))
        return draft

    def response(self, draft: Draft) -> Response:
        """Write a draft as a response."""
        headers = [
            (parameter.name, header_text(parameter, value) or plain(value))
            for parameter, value in draft.headers.values()
        ]
        body = None
        if draft.body is not _NOTHING and draft.media is not None:
            content_type, body = written(draft.media, draft.body)
            headers.append(("Content-Type", content_type))
        return Response(draft.status, tuple(headers), body)


def written(media: Media, value: Any) -> tuple[str, bytes]:
    """Write a body of a media type: its Content-Type, and its bytes."""
    name = media.type.replace("*/*", "application/json").replace("/*", "/plain")
    if name == FORM and isinstance(value, dict):
        fields = [field.text for key, item in value.items() for field in field_pairs(media, key, item)]
        return name, "&".join(fields).encode()
    if name == "multipart/form-data" and isinstance(value, dict):
        parts = [(part.name, part.value) for key, item in value.items() for part in field_pairs(media, key, item)]
        lines = "".join(
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in parts
        )
        return f"{name}; boundary={_BOUNDARY}", f"{lines}--{_BOUNDARY}--\r\n".encode()
    if is_sequence(essence := name.partition(";")[0].strip().lower()) and isinstance(value, list):
        return name, b"".join(_item(item, essence) for item in value)
    if name.startswith("text/") and isinstance(value, str):
        return name, value.encode()
    return name, json.dumps(value, ensure_ascii=False).encode()


def _item(value: Any, name: str) -> bytes:
    """Write an item of a sequence (OpenAPI 3.2.0, 4.14.3)."""
    if name == EVENTS and isinstance(value, dict):
        return "".join(f"{key}: {plain(item)}\n" for key, item in value.items()).encode() + b"\n"
    text = json.dumps(value, ensure_ascii=False).encode() + b"\n"
    return b"\x1e" + text if is_records(name) else text


def _query(parameter: Parameter, value: Any) -> list[Pair]:
    if parameter.media is not None:
        return [pair(parameter.name, as_json(value))]
    return pairs(parameter.name, value, parameter.style, explode=parameter.explode)


def base_path(api: Api, operation: Operation) -> str:
    """Give the path that the first server puts before an operation's."""
    servers = operation.servers or api.servers
    path = urlsplit(servers[0].default_url).path.strip("/") if servers else ""
    return f"/{path}" if path else ""


def _with_path(path: str, operation: Operation, parameter: Parameter, value: Any) -> str:
    """Fill in a path parameter, whatever this document calls it."""
    own = next((item.name for item in operation.parameters if item.place == "path" and item.name == parameter.name), "")
    if own or "{" + parameter.name + "}" in path:
        return path.replace("{" + parameter.name + "}", path_text(parameter, value))
    start, end = path.find("{"), path.find("}")
    return path[:start] + path_text(parameter, value) + path[end + 1 :] if start >= 0 else path


def _parameters(operation: Operation | None) -> dict[tuple[str, str], Parameter]:
    if operation is None:
        return {}
    order: list[str] = []
    found = {}
    for item in operation.parameters:
        if item.place == "path":
            order.append(item.name)
        found[item.place, item.name.lower() if item.place == "header" else item.name] = item
    return found


def _group(parameter: Parameter | None) -> tuple[Schema, ...]:
    if parameter is None:
        return ()
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    return (schema,) if schema is not None else ()


def _of_media(media: Media | None) -> tuple[Schema, ...]:
    return (media.schema,) if media is not None and media.schema is not None else ()


def _credentials(api: Api, operation: Operation, need: tuple[str, ...]) -> list[SecurityScheme]:
    needs = need or (operation.security[0] if operation.security else ())
    return [api.security_schemes[name] for name in needs if name in api.security_schemes]


def _present(scheme: SecurityScheme, query: list[Pair], headers: list[tuple[str, str]], cookies: list[str]) -> None:
    if scheme.type == "apiKey":
        if scheme.place == "query":
            query.append(pair(scheme.parameter, "key"))
        elif scheme.place == "header":
            headers.append((scheme.parameter, "key"))
        else:
            cookies.append(f"{scheme.parameter}=key")
    elif scheme.type == "http" and scheme.scheme.lower() == "basic":
        headers.append(("Authorization", f"Basic {_SECRET}"))
    elif scheme.type in ("http", "oauth2", "openIdConnect"):
        kind = scheme.scheme.capitalize() if scheme.type == "http" else "Bearer"
        headers.append(("Authorization", f"{kind} token"))


def _number(status: str, known: set[str]) -> int:
    """Give a status code that a documented one stands for."""
    if status.isdecimal():
        return int(status)
    if status[:1].isdecimal():
        first = int(status[0]) * 100
        return next((code for code in range(first, first + 100) if str(code) not in known), first)
    return next(
        (code for code in (500, 503, 418, 400, 299) if str(code) not in known and f"{code // 100}XX" not in known), 500
    )
