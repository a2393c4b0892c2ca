"""The records the validator works on: a request, a response, and the outcome of judging them.

>>> Request("GET", "/messages?anchor=newest", {"Accept": "application/json"}).header("accept")
'application/json'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from levelbook.validate.codings import uncoded

if TYPE_CHECKING:
    from levelbook.problem import Problem

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]


_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"})


def clean(value: str) -> str:
    """Replace what is no character: servers hand over undecodable bytes as lone surrogates (PEP 383)."""
    if value.isascii():
        return value
    try:
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:  # half of a pair, which no bytes stand behind
        return value.encode("utf-8", "replace").decode("utf-8")


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    if type(headers) is not list and isinstance(headers, Mapping):
        return tuple(headers.items())
    return tuple(headers)


class _Message:
    """What requests and responses share: header pairs as they came, and their values by name.

    ``unread`` says why the body could not be had, where that is so; its rules are skipped with that reason.
    """

    __slots__ = ("_fields", "_written", "body", "unread")

    body: bytes | None
    unread: str
    _written: tuple[tuple[str, str], ...]
    _fields: dict[str, str] | None

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header pairs: names in lower case, values without white space around them (RFC 9110, 5.5)."""
        return tuple((clean(name.lower()), clean(value.strip(" \t"))) for name, value in self._written)

    @property
    def fields(self) -> dict[str, str]:
        """The raw headers by name in lower case, several lines joined (RFC 9110, 5.3; cookies: RFC 9113, 8.2.3)."""
        fields = self._fields
        if fields is None:
            fields = {name.lower(): value for name, value in self._written}
            if len(fields) != len(self._written):
                fields = {}
                for name, value in self._written:
                    key = name.lower()
                    fields[key] = fields[key] + ("; " if key == "cookie" else ", ") + value if key in fields else value
            self._fields = fields
        return fields

    def header(self, name: str) -> str | None:
        """Give the value of a header by its name in lower case; None if absent."""
        value = self.fields.get(name)
        return None if value is None else clean(value.strip(" \t"))

    def plain(self) -> tuple[bytes | None, str] | None:
        """Give the body without the coding that a header names, or why it is not read; None where nothing changes."""
        if not self.body or self.unread or "content-encoding" not in self.fields:
            return None
        body, why = uncoded(self.fields, self.body)
        return None if body is self.body and not why else (None if why else body, why)


class Request(_Message):
    """A request: ``url`` is absolute or a path, still percent-encoded; ``body`` is bytes or None."""

    __slots__ = ("method", "url")

    def __init__(
        self, method: str, url: str, headers: Headers = (), body: bytes | None = None, *, unread: str = ""
    ) -> None:
        # Nothing is made of the headers before somebody asks: most exchanges are judged by one or two of them.
        self._written = _pairs(headers) if type(headers) is not tuple else headers
        self._fields = None
        self.body = body
        self.unread = unread
        # RFC 9110, 9.1: methods are case-sensitive; the standard ones are forgiven, for some libraries write `get`.
        upper = method.upper()
        self.method = upper if upper in _METHODS else clean(method)
        self.url = url if url.isascii() else clean(url)

    def decoded(self) -> Request:
        """Give the same request with its body as it was before it was compressed."""
        found = self.plain()
        return Request(self.method, self.url, self._written, found[0], unread=found[1]) if found else self

    def __repr__(self) -> str:
        """Show what was asked for."""
        return f"Request({self.method!r}, {self.url!r})"


class Response(_Message):
    """A response: ``status`` is a number from 100 to 599; ``body`` is bytes or None."""

    __slots__ = ("status",)

    def __init__(self, status: int, headers: Headers = (), body: bytes | None = None, *, unread: str = "") -> None:
        self._written = _pairs(headers) if type(headers) is not tuple else headers
        self._fields = None
        self.body = body
        self.unread = unread
        self.status = status

    def decoded(self) -> Response:
        """Give the same response with its body as it was before it was compressed."""
        found = self.plain()
        return Response(self.status, self._written, found[0], unread=found[1]) if found else self

    def __repr__(self) -> str:
        """Show how it was answered."""
        return f"Response({self.status!r})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an exchange: ``valid``, ``invalid`` with problems, or ``skipped`` with a reason.

    ``operation`` is ``POST /messages``, or None where no operation matched. A valid or skipped exchange may have
    problems that are warnings.
    """

    outcome: Literal["valid", "invalid", "skipped"]
    operation: str | None = None
    problems: tuple[Problem, ...] = field(default=())
    reason: str = ""

    @property
    def valid(self) -> bool:
        """Whether the exchange was judged and nothing is wrong with it."""
        return self.outcome == "valid"
