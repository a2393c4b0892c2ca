"""Document -> Api: references followed, path-level parameters merged in, defaults of the standard filled in.

>>> api = load("api_spec/openapi.yaml")
>>> api.operation("POST /messages").id
'send-message'
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from levelbook.api import (
    Api,
    Body,
    Example,
    Media,
    Operation,
    Parameter,
    Response,
    Schema,
    SecurityScheme,
    Server,
    Tag,
)
from levelbook.dialect import dialect_of
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.levels import bound_of, read_table
from levelbook.pointer import join

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from levelbook.levels import Level, LevelTable

_DEFAULT_STYLE = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def load(
    spec: str | os.PathLike[str], *, remote: Mapping[str, str] | None = None, levels: LevelTable | None = None
) -> Api:
    """Read an OpenAPI 3.0, 3.1 or 3.2 document, YAML or JSON, into an Api.

    ``remote`` maps URLs that may be referred to onto local files below the document's folder; ``levels`` is the
    level table of a document that has none of its own. Raises SpecError, with every problem's place.
    """
    return from_documents(Documents(read(Path(spec)), remote=remote), levels=levels)


def from_documents(documents: Documents, *, levels: LevelTable | None = None) -> Api:
    """Make the Api of documents that are already read."""
    api = _Loader(documents).api(levels)

    def at(level: Level | str) -> Api:
        from levelbook.rewind import rewind  # noqa: PLC0415  # what most runs do without is not loaded by all

        table = api.levels
        bound = bound_of(table, level)
        release = table.release(str(level))
        current = release.level if release is not None else bound[1][0] if isinstance(table.current, int) else level
        current = None if bound[0] == 0 else current
        return from_documents(rewind(documents, table, bound, current), levels=replace(table, current=current))

    return replace(api, rewinder=at)


class _Loader:
    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.dialect = dialect_of(documents)

    def api(self, levels: LevelTable | None) -> Api:
        data = self.documents.main.data
        info = _mapping(data.get("info"))
        components = _mapping(data.get("components"))
        own = info.get("x-levels")
        return Api(
            documents=self.documents,
            dialect=self.dialect,
            title=_text(info, "title"),
            version=_text(info, "version"),
            description=_text(info, "description"),
            servers=self.servers(data, ""),
            tags=tuple(
                Tag(_text(tag, "name"), _text(tag, "description"))
                for tag in _list(data.get("tags"))
                if isinstance(tag, dict)
            ),
            operations=tuple(self.operations(_mapping(data.get("paths")), "/paths")),
            webhooks=tuple(self.operations(_mapping(data.get("webhooks")), "/webhooks")),
            callbacks=tuple(self.callbacks(_mapping(data.get("paths")), "/paths")),
            security_schemes={
                name: self.security_scheme(name, item)
                for name, item in _mapping(components.get("securitySchemes")).items()
            },
            levels=read_table(own) if own is not None or levels is None else levels,
        )

    def operations(self, paths: dict[str, Any], top: str) -> Iterator[Operation]:
        for path, written in paths.items():
            if path.startswith("x-"):
                continue
            item, pointer = self.documents.resolve(written, join(top, path))
            if not isinstance(item, dict):
                continue
            for method, value in item.items():
                if method in self.dialect.methods and isinstance(value, dict):
                    yield self.operation(method.upper(), path, item, pointer, join(pointer, method), value)
            yield from self.additional_operations(path, item, pointer)

    def additional_operations(self, path: str, item: dict[str, Any], pointer: str) -> Iterator[Operation]:
        """Give the operations of other methods (OpenAPI 3.2.0, 4.9), each with the capitalization it is sent in."""
        if self.dialect.additional_operations:
            for method, value in _mapping(item.get("additionalOperations")).items():
                if isinstance(value, dict):
                    at = join(pointer, "additionalOperations", method)
                    yield self.operation(method, path, item, pointer, at, value)

    def callbacks(self, paths: dict[str, Any], top: str) -> Iterator[Operation]:
        """Give the operations of all callbacks (OpenAPI 3.1.1, 4.8.18), under the name of the callback."""
        for path, written in paths.items():
            item, pointer = self.documents.resolve(written, join(top, path))
            for method, value in _mapping(item).items():
                if method not in self.dialect.methods:
                    continue
                at = join(pointer, method, "callbacks")
                for name, callback in _mapping(_mapping(value).get("callbacks")).items():
                    found, found_at = self.documents.resolve(callback, join(at, name))
                    for expression in _mapping(found):
                        items = {name: found[expression]}
                        yield from self.operations_at(items, join(found_at, expression))

    def operations_at(self, items: dict[str, Any], at: str) -> Iterator[Operation]:
        """Give the operations of one path item that stands at ``at``."""
        for name, written in items.items():
            item, pointer = self.documents.resolve(written, at)
            for method, value in _mapping(item).items():
                if method in self.dialect.methods and isinstance(value, dict):
                    yield self.operation(method.upper(), name, item, pointer, join(pointer, method), value)

    def operation(  # noqa: PLR0913  # what an operation is made of
        self, method: str, path: str, item: dict[str, Any], above: str, pointer: str, data: dict[str, Any]
    ) -> Operation:
        main = self.documents.main.data
        responses, responses_at = self.documents.resolve(_mapping(data.get("responses")), join(pointer, "responses"))
        return Operation(
            method=method,
            path=path,
            pointer=pointer,
            id=_text(data, "operationId"),
            summary=_text(data, "summary") or _text(item, "summary"),
            description=_text(data, "description") or _text(item, "description"),
            tags=tuple(str(tag) for tag in _list(data.get("tags"))),
            deprecated=data.get("deprecated") is True,
            parameters=self.parameters(item, above, data, pointer),
            body=self.body(data["requestBody"], join(pointer, "requestBody")) if "requestBody" in data else None,
            responses=tuple(
                self.response(status, written, join(responses_at, status))
                for status, written in _mapping(responses).items()
                if not status.startswith("x-")
            ),
            security=tuple(tuple(_mapping(need)) for need in _list(data.get("security", main.get("security")))),
            servers=self.servers(data, pointer) or self.servers(item, above),
            raw=data,
        )

    def parameters(self, item: dict[str, Any], above: str, data: dict[str, Any], pointer: str) -> tuple[Parameter, ...]:
        """Merge the path's parameters with the operation's, which override by (name, in)."""
        found: dict[tuple[str, str], Parameter] = {}
        for holder, at in ((item, above), (data, pointer)):
            for index, written in enumerate(_list(holder.get("parameters"))):
                parameter = self.parameter(written, join(at, "parameters", index))
                if parameter is not None:
                    found[parameter.name, parameter.place] = parameter
        return tuple(found.values())

    def parameter(self, written: Any, at: str) -> Parameter | None:
        data, pointer = self.documents.resolve(written, at)
        if not isinstance(data, dict):
            return None
        description = _text(written, "description") if self.dialect.ref_siblings else ""
        return self.parameter_like(data, pointer, _text(data, "name"), _text(data, "in"), description)

    def parameter_like(self, data: dict[str, Any], pointer: str, name: str, place: str, description: str) -> Parameter:
        style = _text(data, "style") or _DEFAULT_STYLE.get(place, "form")
        content = self.content(data, pointer)
        return Parameter(
            name=name,
            place=place,
            pointer=pointer,
            schema=Schema(data["schema"], join(pointer, "schema")) if "schema" in data else None,
            media=content[0] if content else None,
            required=data.get("required") is True or place == "path",
            style=style,
            explode=data["explode"] is True if "explode" in data else style in ("form", "cookie"),
            allow_reserved=data.get("allowReserved") is True,
            allow_empty=data.get("allowEmptyValue") is True,
            deprecated=data.get("deprecated") is True,
            description=description or _text(data, "description"),
            examples=self.examples(data, pointer),
        )

    def body(self, written: Any, at: str) -> Body | None:
        data, pointer = self.documents.resolve(written, at)
        if not isinstance(data, dict):
            return None
        return Body(pointer, self.content(data, pointer), data.get("required") is True, _text(data, "description"))

    def response(self, status: str, written: Any, at: str) -> Response:
        data, pointer = self.documents.resolve(written, at)
        data = _mapping(data)
        description = _text(_mapping(written), "description") if self.dialect.ref_siblings else ""
        return Response(
            status=status,
            pointer=pointer,
            description=description or _text(data, "description"),
            headers=tuple(
                self.header(name, item, join(pointer, "headers", name))
                for name, item in _mapping(data.get("headers")).items()
                if name.lower() != "content-type"
            ),  # OpenAPI 3.1.1, 4.8.17: shall be ignored
            content=self.content(data, pointer),
        )

    def header(self, name: str, written: Any, at: str) -> Parameter:
        data, pointer = self.documents.resolve(written, at)
        return self.parameter_like(_mapping(data), pointer, name, "header", "")

    def content(self, data: dict[str, Any], pointer: str) -> tuple[Media, ...]:
        return tuple(
            self.media(name, item, join(pointer, "content", name))
            for name, item in _mapping(data.get("content")).items()
        )

    def media(self, name: str, written: Any, at: str) -> Media:
        data, pointer = self.documents.resolve(written, at)
        data = _mapping(data)
        schema = Schema(data["schema"], join(pointer, "schema")) if "schema" in data else None
        encoding = _mapping(data.get("encoding"))
        return Media(
            name,
            pointer,
            schema,
            encoding,
            self.examples(data, pointer),
            item_schema=Schema(data["itemSchema"], join(pointer, "itemSchema")) if "itemSchema" in data else None,
            prefix_encoding=tuple(_mapping(item) for item in _list(data.get("prefixEncoding"))),
            item_encoding=_mapping(data.get("itemEncoding")),
            part_headers={
                at: tuple(
                    self.header(header, item, join(at, "headers", header))
                    for header, item in _mapping(_mapping(written).get("headers")).items()
                )
                for at, written in _encodings(data, pointer)
            },
        )

    def examples(self, data: dict[str, Any], pointer: str) -> tuple[Example, ...]:
        """Give the examples of a parameter, header or media type; one by ``externalValue`` has no value here."""
        found = [Example("", data["example"], join(pointer, "example"))] if "example" in data else []
        for name, written in _mapping(data.get("examples")).items():
            item, at = self.documents.resolve(written, join(pointer, "examples", name))
            key = next((key for key in ("value", "dataValue") if key in _mapping(item)), None)
            if key is not None:
                found.append(
                    Example(name, item[key], join(at, key), _text(item, "summary"), _text(item, "description"))
                )
        return tuple(found)

    def servers(self, data: dict[str, Any], pointer: str) -> tuple[Server, ...]:
        return tuple(
            Server(
                url=_text(server, "url"),
                pointer=join(pointer, "servers", index),
                description=_text(server, "description"),
                variables={name: _choices(_mapping(item)) for name, item in _mapping(server.get("variables")).items()},
            )
            for index, server in enumerate(_list(data.get("servers")))
            if isinstance(server, dict)
        )

    def security_scheme(self, name: str, written: Any) -> SecurityScheme:
        data, pointer = self.documents.resolve(written, join("/components/securitySchemes", name))
        data = _mapping(data)
        return SecurityScheme(
            name=name,
            type=_text(data, "type"),
            pointer=pointer,
            scheme=_text(data, "scheme").lower(),
            place=_text(data, "in"),
            parameter=_text(data, "name"),
            description=_text(data, "description"),
            example=_text(data, "x-example"),
        )


def _encodings(media: dict[str, Any], pointer: str) -> Iterator[tuple[str, Any]]:
    """Give the Encoding Objects of a media type, those inside others too, with their pointers."""
    found = [(join(pointer, "encoding", name), item) for name, item in _mapping(media.get("encoding")).items()]
    found += [
        (join(pointer, "prefixEncoding", index), item) for index, item in enumerate(_list(media.get("prefixEncoding")))
    ]
    found += [(join(pointer, "itemEncoding"), media["itemEncoding"])] if "itemEncoding" in media else []
    for at, item in found:
        yield at, item
        if isinstance(item, dict):
            yield from _encodings(item, at)


def _choices(variable: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in (variable.get("default", ""), *_list(variable.get("enum")))))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(data: Any, key: str) -> str:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""
