"""The model of an API: what is in a document, ordered by the job, not by the standard.

Every element knows its JSON Pointer; a schema stays the mapping it is, beside its pointer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.levels import Level, LevelTable
from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from levelbook.dialect import Dialect
    from levelbook.documents import Documents


class Schema(NamedTuple):
    """A schema as it was written, and where: ``value`` may be a mapping, a boolean, or a ``$ref``."""

    value: Any
    pointer: str


@dataclass(frozen=True, slots=True)
class Example:
    """A named value of a parameter, header or media type; ``value`` is plain data.

    Of an example that stands elsewhere (``externalValue``), it is the address.
    """

    name: str
    value: Any
    pointer: str
    summary: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """One media type of a body or a response (or of a parameter with ``content``).

    ``item_schema``, ``prefix_encoding`` and ``item_encoding`` are OpenAPI 3.2's, of sequences; ``part_headers`` are
    the headers that Encoding Objects describe, by their pointers.
    """

    type: str
    pointer: str
    schema: Schema | None = None
    encoding: dict[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    item_schema: Schema | None = None
    prefix_encoding: tuple[dict[str, Any], ...] = ()
    item_encoding: dict[str, Any] = field(default_factory=dict)
    part_headers: dict[str, tuple[Parameter, ...]] = field(default_factory=dict)
    description: str = ""
    elsewhere: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter or a response header; ``place`` is what OpenAPI calls ``in``."""

    name: str
    place: str
    pointer: str
    schema: Schema | None = None
    media: Media | None = None
    required: bool = False
    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    allow_empty: bool = False
    deprecated: bool = False
    description: str = ""
    examples: tuple[Example, ...] = ()
    elsewhere: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: one of its media types."""

    pointer: str
    content: tuple[Media, ...]
    required: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What may be called next with something of an answer (OpenAPI 3.1.1, 4.8.20).

    ``target`` is an ``operationId`` or an ``operationRef``; ``parameters`` maps names onto runtime expressions or
    values.
    """

    name: str
    pointer: str
    target: str = ""
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    server: Server | None = None


@dataclass(frozen=True, slots=True)
class ExternalDocs:
    """Where more is to be read."""

    url: str
    pointer: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """One documented answer; ``status`` is ``200``, ``4XX`` or ``default``."""

    status: str
    pointer: str
    description: str = ""
    headers: tuple[Parameter, ...] = ()
    content: tuple[Media, ...] = ()
    links: tuple[Link, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """How a caller says who they are; ``place`` and ``parameter`` are those of an ``apiKey``.

    ``example`` is what usage examples show in place of real credentials (``x-example`` of the scheme).
    """

    name: str
    type: str
    pointer: str
    scheme: str = ""
    place: str = ""
    parameter: str = ""
    description: str = ""
    example: str = ""
    raw: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Server:
    """A place where the API answers; ``variables`` gives the known values of each variable, its default first."""

    url: str
    pointer: str
    description: str = ""
    variables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    variable_descriptions: dict[str, str] = field(default_factory=dict)

    @property
    def default_url(self) -> str:
        """The URL with the default of every variable filled in."""
        url = self.url
        for name, values in self.variables.items():
            url = url.replace("{" + name + "}", values[0])
        return url


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. ``security`` lists alternatives, each the scheme names it needs together.

    ``scopes`` are those that the alternatives name, in their order, by scheme; ``path_summary`` and
    ``path_description`` are those of its path; ``expression`` is the address that a callback is sent to.
    """

    method: str
    path: str
    pointer: str
    id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    servers: tuple[Server, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict, repr=False)
    scopes: tuple[dict[str, tuple[str, ...]], ...] = ()
    callbacks: tuple[Operation, ...] = ()
    external_docs: ExternalDocs | None = None
    expression: str = ""
    path_summary: str = ""
    path_description: str = ""

    @property
    def is_webhook(self) -> bool:
        """Whether it is one that the API calls itself (OpenAPI 3.1.1, 4.8.1)."""
        return self.pointer.startswith("/webhooks/")

    @property
    def key(self) -> str:
        """What the operation is called everywhere: ``POST /messages``."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of operations, in the document's order; ``parent`` is the name of the group that it is part of.

    ``kind`` is empty or ``nav`` for a group, and another word for what only marks operations (OpenAPI 3.2, 4.22).
    """

    name: str
    description: str = ""
    summary: str = ""
    external_docs: ExternalDocs | None = None
    parent: str = ""
    kind: str = ""

    @property
    def title(self) -> str:
        """What it is called where people read."""
        return self.summary or self.name

    @property
    def is_group(self) -> bool:
        """Whether pages are listed by it."""
        return self.kind in ("", "nav")


def callbacks_of(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Give the callbacks of operations, and theirs, each once."""
    waiting, seen = list(operations), set[str]()
    while waiting:
        for callback in waiting.pop(0).callbacks:
            if callback.pointer not in seen:
                seen.add(callback.pointer)
                yield callback
                waiting.append(callback)


@dataclass(frozen=True, slots=True, eq=False)
class Api:
    """A whole API, as its document describes it at its current level.

    The ``path`` of a webhook or a callback is its name: nobody knows where a subscriber wants to be called.
    """

    documents: Documents
    dialect: Dialect
    title: str
    version: str
    description: str = ""
    servers: tuple[Server, ...] = ()
    tags: tuple[Tag, ...] = ()
    operations: tuple[Operation, ...] = ()
    webhooks: tuple[Operation, ...] = ()
    callbacks: tuple[Operation, ...] = ()
    security_schemes: dict[str, SecurityScheme] = field(default_factory=dict)
    external_docs: ExternalDocs | None = None
    levels: LevelTable = field(default_factory=LevelTable)
    meanings: dict[Any, Any] = field(default_factory=dict, repr=False)  # what schemas mean, once somebody asked
    rewinder: Callable[[Level | str], Api] | None = field(default=None, repr=False)

    def at(self, level: Level | str) -> Api:
        """Give the API as it stood at a level, or at the release of that version, from its notes alone.

        Raises UsageError for what is neither.
        """
        if self.rewinder is None:
            raise UsageError("this Api was not loaded from a document, so it has no earlier levels")
        return self.rewinder(level)

    def operation(self, key: str) -> Operation | None:
        """Give the operation with this ``METHOD /path`` or ``operationId``."""
        return next((item for item in self.operations if key in (item.key, item.id)), None)

    def no_operation(self, key: str) -> str:
        """Say that there is no such operation, and which one was probably meant."""
        known = [name for item in self.operations for name in (item.key, item.id) if name]
        near = get_close_matches(key, known, 1)
        hint = f"did you mean `{near[0]}`?" if near else "name one as METHOD /path, or by its operationId"
        return f"the document has no operation `{key}`; {hint}"
