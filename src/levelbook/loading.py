"""Document -> Api: references followed, path-level parameters merged in, defaults of the standard filled in.

>>> api = load("api_spec/openapi.yaml")
>>> api.operation("POST /messages").id
'send-message'
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from levelbook.api import (
    Api,
    Body,
    Example,
    ExternalDocs,
    Link,
    Media,
    Operation,
    Parameter,
    Response,
    Schema,
    SecurityScheme,
    Server,
    Tag,
    callbacks_of,
)
from levelbook.dialect import dialect_of
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.levels import bound_of, read_table
from levelbook.pointer import join
from levelbook.serialized import body_of, parameter_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

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
        from levelbook.rewind import noted_bound, rewind  # noqa: PLC0415  # what most do without is not loaded by all

        table = api.levels
        bound = noted_bound(documents, table, level) or bound_of(table, level)
        release = table.release(str(level))
        current = release.level if release is not None else bound[1][0] if isinstance(table.current, int) else level
        current = None if bound[0] == 0 else current
        return from_documents(rewind(documents, table, bound, current), levels=replace(table, current=current))

    return replace(api, rewinder=at)


class _Loader:
    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.dialect = dialect_of(documents)
        self.within: list[str] = []  # the operations whose callbacks are being read

    def api(self, levels: LevelTable | None) -> Api:
        data = self.documents.main.data
        info = _mapping(data.get("info"))
        components = _mapping(data.get("components"))
        own = info.get("x-levels")
        operations = tuple(self.operations(_mapping(data.get("paths")), "/paths"))
        webhooks = tuple(self.operations(_mapping(data.get("webhooks")), "/webhooks"))
        return Api(
            documents=self.documents,
            dialect=self.dialect,
            title=_text(info, "title"),
            version=_text(info, "version"),
            description=_text(info, "description"),
            servers=self.servers(data, ""),
            tags=tuple(
                Tag(
                    _text(tag, "name"),
                    _text(tag, "description"),
                    _text(tag, "summary"),
                    external_docs(tag, join("/tags", index)),
                )
                for index, tag in enumerate(_list(data.get("tags")))
                if isinstance(tag, dict)
            ),
            operations=operations,
            webhooks=webhooks,
            callbacks=tuple(callbacks_of((*operations, *webhooks))),
            external_docs=external_docs(data, ""),
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

    def callbacks(self, data: dict[str, Any], pointer: str) -> Iterator[Operation]:
        """Give the operations of an operation's callbacks (OpenAPI 3.1.1, 4.8.18), under the name of the callback."""
        at = join(pointer, "callbacks")
        for name, written in _mapping(data.get("callbacks")).items():
            callback, callback_at = self.documents.resolve(written, join(at, name))
            for expression, item in _mapping(callback).items():
                found, found_at = self.documents.resolve(item, join(callback_at, expression))
                for method, value in _mapping(found).items():
                    own = join(found_at, method)
                    if method not in self.dialect.methods or not isinstance(value, dict) or own in self.within:
                        continue  # one that calls back with itself is told of once
                    made = self.operation(method.upper(), name, found, found_at, own, value)
                    yield replace(made, expression=expression)

    def operation(  # noqa: PLR0913  # what an operation is made of
        self, method: str, path: str, item: dict[str, Any], above: str, pointer: str, data: dict[str, Any]
    ) -> Operation:
        main = self.documents.main.data
        responses, responses_at = self.documents.resolve(_mapping(data.get("responses")), join(pointer, "responses"))
        security = [_mapping(need) for need in _list(data.get("security", main.get("security")))]
        self.within.append(pointer)
        callbacks = tuple(self.callbacks(data, pointer))
        self.within.pop()
        return Operation(
            method=method,
            path=path,
            pointer=pointer,
            id=_text(data, "operationId"),
            summary=_text(data, "summary") or _text(item, "summary"),
            description=_text(data, "description") or _text(item, "description"),
            path_summary=_text(item, "summary"),
            path_description=_text(item, "description"),
            tags=tuple(str(tag) for tag in _list(data.get("tags"))),
            deprecated=data.get("deprecated") is True,
            parameters=self.parameters(item, above, data, pointer),
            body=self.body(data["requestBody"], join(pointer, "requestBody")) if "requestBody" in data else None,
            responses=tuple(
                self.response(status, written, join(responses_at, status))
                for status, written in _mapping(responses).items()
                if not status.startswith("x-")
            ),
            security=tuple(map(tuple, security)),
            servers=self.servers(data, pointer) or self.servers(item, above),
            raw=data,
            scopes=tuple(
                {name: tuple(str(scope) for scope in _list(scopes)) for name, scopes in need.items()}
                for need in security
            ),
            callbacks=callbacks,
            external_docs=external_docs(data, pointer),
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
        described = self.own(written, "description")
        return self.parameter_like(data, pointer, _text(data, "name"), _text(data, "in"), described)

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
            examples=self.examples(data, pointer, partial(parameter_of, name, self.type_of(data, pointer))),
            elsewhere=self.elsewhere(data, pointer),
        )

    def type_of(self, data: dict[str, Any], pointer: str) -> Any:
        """Give the type that a schema says, behind references."""
        return _mapping(self.documents.resolve(data.get("schema"), join(pointer, "schema")).value).get("type")

    def body(self, written: Any, at: str) -> Body | None:
        data, pointer = self.documents.resolve(written, at)
        if not isinstance(data, dict):
            return None
        return Body(pointer, self.content(data, pointer), data.get("required") is True, _text(data, "description"))

    def response(self, status: str, written: Any, at: str) -> Response:
        data, pointer = self.documents.resolve(written, at)
        data = _mapping(data)
        return Response(
            status=status,
            pointer=pointer,
            description=self.own(written, "description") or _text(data, "description"),
            headers=tuple(
                self.header(name, item, join(pointer, "headers", name))
                for name, item in _mapping(data.get("headers")).items()
                if name.lower() != "content-type"
            ),  # OpenAPI 3.1.1, 4.8.17: shall be ignored
            content=self.content(data, pointer),
            links=tuple(
                self.link(name, item, join(pointer, "links", name))
                for name, item in _mapping(data.get("links")).items()
            ),
            summary=_text(_mapping(written), "summary") or _text(data, "summary"),
        )

    def link(self, name: str, written: Any, at: str) -> Link:
        data, pointer = self.documents.resolve(written, at)
        data = _mapping(data)
        return Link(
            name=name,
            pointer=pointer,
            target=_text(data, "operationId") or _text(data, "operationRef"),
            description=self.own(written, "description") or _text(data, "description"),
            parameters=_mapping(data.get("parameters")),
            body=data.get("requestBody"),
            server=self.server(data["server"], join(pointer, "server")) if "server" in data else None,
        )

    def header(self, name: str, written: Any, at: str) -> Parameter:
        data, pointer = self.documents.resolve(written, at)
        return self.parameter_like(_mapping(data), pointer, name, "header", self.own(written, "description"))

    def own(self, written: Any, key: str) -> str:
        """Give what stands beside a ``$ref`` and takes the place of what it leads to (OpenAPI 3.1.1, 4.8.23)."""
        return _text(written, key) if self.dialect.ref_siblings and isinstance(written, dict) else ""

    def content(self, data: dict[str, Any], pointer: str) -> tuple[Media, ...]:
        items = _mapping(data.get("content")).items()
        return tuple(self.media(name, item, join(pointer, "content", name)) for name, item in items)

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
            self.examples(data, pointer, partial(body_of, name)),
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
            description=_text(data, "description"),
            elsewhere=self.elsewhere(data, pointer),
        )

    def examples(self, data: dict[str, Any], pointer: str, read: Callable[[str], Any]) -> tuple[Example, ...]:
        """Give the examples of a parameter, header or media type; one by ``externalValue`` has no value here.

        ``read`` gives the value of one that is written as it is sent (``serializedValue``; OpenAPI 3.2, 4.19).
        """
        found = [Example("", data["example"], join(pointer, "example"))] if "example" in data else []
        for one, key in self.named(data, pointer, ("value", "dataValue", "serializedValue")):
            is_sent = key == "serializedValue" and isinstance(one.value, str)
            found.append(replace(one, value=read(one.value)) if is_sent else one)
        return tuple(found)

    def elsewhere(self, data: dict[str, Any], pointer: str) -> tuple[Example, ...]:
        """Give the examples that stand in another place, by ``externalValue``."""
        found = self.named(data, pointer, ("externalValue",))
        return tuple(one for one, _ in found if isinstance(one.value, str))

    def named(self, data: dict[str, Any], pointer: str, keys: tuple[str, ...]) -> Iterator[tuple[Example, str]]:
        """Give the named examples that have one of some keys, with the first that they have."""
        for name, written in _mapping(data.get("examples")).items():
            item, at = self.documents.resolve(written, join(pointer, "examples", name))
            key = next((key for key in keys if key in _mapping(item)), None)
            if key is not None:
                yield self.example(name, written, item, join(at, key), key), key

    def example(self, name: str, written: Any, item: dict[str, Any], pointer: str, key: str) -> Example:
        words = [self.own(written, word) or _text(item, word) for word in ("summary", "description")]
        return Example(name, item[key], pointer, *words)

    def servers(self, data: dict[str, Any], pointer: str) -> tuple[Server, ...]:
        rows = enumerate(_list(data.get("servers")))
        return tuple(self.server(one, join(pointer, "servers", at)) for at, one in rows if isinstance(one, dict))

    @staticmethod
    def server(written: Any, pointer: str) -> Server:
        data = _mapping(written)
        variables = _mapping(data.get("variables"))
        return Server(
            url=_text(data, "url"),
            pointer=pointer,
            description=": ".join(filter(None, (_text(data, "name"), _text(data, "description")))),  # OpenAPI 3.2, 4.5
            variables={name: _choices(_mapping(item)) for name, item in variables.items()},
            variable_descriptions={name: _text(_mapping(item), "description") for name, item in variables.items()},
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
            raw=data,
        )


def external_docs(data: dict[str, Any], pointer: str) -> ExternalDocs | None:
    """Give where an element says more is to be read (OpenAPI 3.1.1, 4.8.11)."""
    found = _mapping(data.get("externalDocs"))
    if not found:
        return None
    return ExternalDocs(_text(found, "url"), join(pointer, "externalDocs"), _text(found, "description"))


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
