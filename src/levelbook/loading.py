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
    Tag,
    callbacks_of,
)
from levelbook.dialect import dialect_of, refuse_no_paths
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.lenient import listed, mapping, text
from levelbook.levels import bound_of, read_table
from levelbook.pointer import join
from levelbook.serialized import body_of, parameter_of
from levelbook.servers import server_of, servers_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from levelbook.levels import Level, LevelTable

_VALUES = ("value", "dataValue", "serializedValue")  # of an example: what it shows
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
        refuse_no_paths(documents)
        self.made: dict[tuple[str, ...], Any] = {}  # what many refer to, by its pointer and what they say of it
        self.within: list[str] = []  # the operations whose callbacks are being read

    def api(self, levels: LevelTable | None) -> Api:
        data = self.documents.main.data
        info = mapping(data.get("info"))
        components = mapping(data.get("components"))
        own = info.get("x-levels")
        operations = tuple(self.operations(mapping(data.get("paths")), "/paths"))
        webhooks = tuple(self.operations(mapping(data.get("webhooks")), "/webhooks"))
        return Api(
            documents=self.documents,
            dialect=self.dialect,
            title=text(info, "title"),
            version=text(info, "version"),
            description=text(info, "description"),
            servers=servers_of(data, ""),
            tags=tuple(
                Tag(
                    text(tag, "name"),
                    text(tag, "description"),
                    text(tag, "summary"),
                    external_docs(tag, join("/tags", index)),
                    text(tag, "parent"),
                    text(tag, "kind"),
                )
                for index, tag in enumerate(listed(data.get("tags")))
                if isinstance(tag, dict)
            ),
            operations=operations,
            webhooks=webhooks,
            callbacks=tuple(callbacks_of((*operations, *webhooks))),
            external_docs=external_docs(data, ""),
            security_schemes={
                name: self.security_scheme(name, item)
                for name, item in mapping(components.get("securitySchemes")).items()
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
            for method, value in mapping(item.get("additionalOperations")).items():
                if isinstance(value, dict):
                    at = join(pointer, "additionalOperations", method)
                    yield self.operation(method, path, item, pointer, at, value)

    def callbacks(self, data: dict[str, Any], pointer: str) -> Iterator[Operation]:
        """Give the operations of an operation's callbacks (OpenAPI 3.1.1, 4.8.18), under the name of the callback."""
        at = join(pointer, "callbacks")
        for name, written in mapping(data.get("callbacks")).items():
            callback, callback_at = self.documents.resolve(written, join(at, name))
            for expression, item in mapping(callback).items():
                found, found_at = self.documents.resolve(item, join(callback_at, expression))
                for method, value in mapping(found).items():
                    own = join(found_at, method)
                    if method not in self.dialect.methods or not isinstance(value, dict) or own in self.within:
                        continue  # one that calls back with itself is told of once
                    made = self.operation(method.upper(), name, found, found_at, own, value)
                    yield replace(made, expression=expression)

    def operation(  # noqa: PLR0913  # what an operation is made of
        self, method: str, path: str, item: dict[str, Any], above: str, pointer: str, data: dict[str, Any]
    ) -> Operation:
        main = self.documents.main.data
        responses, responses_at = self.documents.resolve(mapping(data.get("responses")), join(pointer, "responses"))
        security = [mapping(need) for need in listed(data.get("security", main.get("security")))]
        self.within.append(pointer)
        callbacks = tuple(self.callbacks(data, pointer))
        self.within.pop()
        return Operation(
            method=method,
            path=path,
            pointer=pointer,
            id=text(data, "operationId"),
            summary=text(data, "summary") or text(item, "summary"),
            description=text(data, "description") or text(item, "description"),
            path_summary=text(item, "summary"),
            path_description=text(item, "description"),
            tags=tuple(str(tag) for tag in listed(data.get("tags"))),
            deprecated=data.get("deprecated") is True,
            parameters=self.parameters(item, above, data, pointer),
            body=self.body(data["requestBody"], join(pointer, "requestBody")) if "requestBody" in data else None,
            responses=tuple(
                self.response(status, written, join(responses_at, status))
                for status, written in mapping(responses).items()
                if not status.startswith("x-")
            ),
            security=tuple(map(tuple, security)),
            servers=servers_of(data, pointer) or servers_of(item, above),
            raw=data,
            scopes=tuple(
                {name: tuple(str(scope) for scope in listed(scopes)) for name, scopes in need.items()}
                for need in security
            ),
            callbacks=callbacks,
            external_docs=external_docs(data, pointer),
        )

    def parameters(self, item: dict[str, Any], above: str, data: dict[str, Any], pointer: str) -> tuple[Parameter, ...]:
        """Merge the path's parameters with the operation's, which override by (name, in)."""
        found: dict[tuple[str, str], Parameter] = {}
        for holder, at in ((item, above), (data, pointer)):
            for index, written in enumerate(listed(holder.get("parameters"))):
                parameter = self.parameter(written, join(at, "parameters", index))
                if parameter is not None:
                    found[parameter.name, parameter.place] = parameter
        return tuple(found.values())

    def parameter(self, written: Any, at: str) -> Parameter | None:
        data, pointer = self.documents.resolve(written, at)
        if not isinstance(data, dict):
            return None
        described = self.own(written, "description")
        return self.parameter_like(data, pointer, text(data, "name"), text(data, "in"), described)

    def parameter_like(self, data: dict[str, Any], pointer: str, name: str, place: str, description: str) -> Parameter:
        key = (pointer, name, place, description)
        made: Parameter = self.made.get(key) or self.new_parameter(data, *key)
        self.made[key] = made
        return made

    def new_parameter(self, data: dict[str, Any], pointer: str, name: str, place: str, description: str) -> Parameter:
        style = text(data, "style") or _DEFAULT_STYLE.get(place, "form")
        content = self.content(data, pointer)
        sent = lambda one: parameter_of(name, self.type_of(data, pointer), one)  # noqa: E731  # few are asked
        examples, elsewhere = self.examples(data, pointer, sent)
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
            description=description or text(data, "description"),
            examples=examples,
            elsewhere=elsewhere,
        )

    def type_of(self, data: dict[str, Any], pointer: str) -> Any:
        """Give the type that a schema says, behind references."""
        return mapping(self.documents.resolve(data.get("schema"), join(pointer, "schema")).value).get("type")

    def body(self, written: Any, at: str) -> Body | None:
        data, pointer = self.documents.resolve(written, at)
        if not isinstance(data, dict):
            return None
        said = self.own(written, "description") or text(data, "description")
        return Body(pointer, self.content(data, pointer), data.get("required") is True, said)

    def response(self, status: str, written: Any, at: str) -> Response:
        data, pointer = self.documents.resolve(written, at)
        words = [self.own(written, "description"), text(mapping(written), "summary")]
        key = (pointer, status, *words)
        made: Response = self.made.get(key) or self.new_response(mapping(data), *key)
        self.made[key] = made
        return made

    def new_response(self, data: dict[str, Any], pointer: str, status: str, description: str, summary: str) -> Response:
        return Response(
            status=status,
            pointer=pointer,
            description=description or text(data, "description"),
            headers=tuple(
                self.header(name, item, join(pointer, "headers", name))
                for name, item in mapping(data.get("headers")).items()
                if name.lower() != "content-type"
            ),  # OpenAPI 3.1.1, 4.8.17: shall be ignored
            content=self.content(data, pointer),
            links=tuple(
                self.link(name, item, join(pointer, "links", name)) for name, item in mapping(data.get("links")).items()
            ),
            summary=summary or text(data, "summary"),
        )

    def link(self, name: str, written: Any, at: str) -> Link:
        data, pointer = self.documents.resolve(written, at)
        data = mapping(data)
        return Link(
            name=name,
            pointer=pointer,
            target=text(data, "operationId") or text(data, "operationRef"),
            description=self.own(written, "description") or text(data, "description"),
            parameters=mapping(data.get("parameters")),
            body=data.get("requestBody"),
            server=server_of(data["server"], join(pointer, "server")) if "server" in data else None,
        )

    def header(self, name: str, written: Any, at: str) -> Parameter:
        data, pointer = self.documents.resolve(written, at)
        return self.parameter_like(mapping(data), pointer, name, "header", self.own(written, "description"))

    def own(self, written: Any, key: str) -> str:
        """Give what stands beside a ``$ref`` and takes the place of what it leads to (OpenAPI 3.1.1, 4.8.23)."""
        return text(written, key) if self.dialect.ref_siblings and isinstance(written, dict) else ""

    def content(self, data: dict[str, Any], pointer: str) -> tuple[Media, ...]:
        items = mapping(data.get("content")).items()
        return tuple(self.media(name, item, join(pointer, "content", name)) for name, item in items)

    def media(self, name: str, written: Any, at: str) -> Media:
        data, pointer = self.documents.resolve(written, at)
        data = mapping(data)
        schema = Schema(data["schema"], join(pointer, "schema")) if "schema" in data else None
        encoding = mapping(data.get("encoding"))
        examples, elsewhere = self.examples(data, pointer, partial(body_of, name))
        return Media(
            name,
            pointer,
            schema,
            encoding,
            examples,
            item_schema=Schema(data["itemSchema"], join(pointer, "itemSchema")) if "itemSchema" in data else None,
            prefix_encoding=tuple(mapping(item) for item in listed(data.get("prefixEncoding"))),
            item_encoding=mapping(data.get("itemEncoding")),
            part_headers={
                at: tuple(
                    self.header(header, item, join(at, "headers", header))
                    for header, item in mapping(mapping(written).get("headers")).items()
                )
                for at, written in _encodings(data, pointer)
            },
            description=text(data, "description"),
            elsewhere=elsewhere,
        )

    def examples(
        self, data: dict[str, Any], pointer: str, read: Callable[[str], Any]
    ) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
        """Give the examples of a parameter, header or media type, and those that stand elsewhere (`externalValue`).

        ``read`` gives the value of one that is written as it is sent (``serializedValue``; OpenAPI 3.2, 4.19).
        """
        here = [Example("", data["example"], join(pointer, "example"))] if "example" in data else []
        elsewhere = []
        for name, written in mapping(data.get("examples")).items():
            item, at = self.documents.resolve(written, join(pointer, "examples", name))
            if not isinstance(item, dict):
                continue
            key = next((key for key in _VALUES if key in item), None)
            if key is not None:
                one = self.example(name, written, item, join(at, key), key)
                is_sent = key == "serializedValue" and isinstance(one.value, str)
                here.append(replace(one, value=read(one.value)) if is_sent else one)
            if isinstance(item.get("externalValue"), str):
                elsewhere.append(self.example(name, written, item, join(at, "externalValue"), "externalValue"))
        return tuple(here), tuple(elsewhere)

    def example(self, name: str, written: Any, item: dict[str, Any], pointer: str, key: str) -> Example:
        words = [self.own(written, word) or text(item, word) for word in ("summary", "description")]
        return Example(name, item[key], pointer, *words)

    def security_scheme(self, name: str, written: Any) -> SecurityScheme:
        data, pointer = self.documents.resolve(written, join("/components/securitySchemes", name))
        data = mapping(data)
        return SecurityScheme(
            name=name,
            type=text(data, "type"),
            pointer=pointer,
            scheme=text(data, "scheme").lower(),
            place=text(data, "in"),
            parameter=text(data, "name"),
            description=text(data, "description"),
            example=text(data, "x-example"),
            raw=data,
        )


def external_docs(data: dict[str, Any], pointer: str) -> ExternalDocs | None:
    """Give where an element says more is to be read (OpenAPI 3.1.1, 4.8.11)."""
    found = mapping(data.get("externalDocs"))
    if not found:
        return None
    return ExternalDocs(text(found, "url"), join(pointer, "externalDocs"), text(found, "description"))


def _encodings(media: dict[str, Any], pointer: str) -> Iterator[tuple[str, Any]]:
    """Give the Encoding Objects of a media type, those inside others too, with their pointers."""
    found = [(join(pointer, "encoding", name), item) for name, item in mapping(media.get("encoding")).items()]
    found += [
        (join(pointer, "prefixEncoding", index), item) for index, item in enumerate(listed(media.get("prefixEncoding")))
    ]
    found += [(join(pointer, "itemEncoding"), media["itemEncoding"])] if "itemEncoding" in media else []
    for at, item in found:
        yield at, item
        if isinstance(item, dict):
            yield from _encodings(item, at)
