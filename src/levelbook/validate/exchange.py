"""The records the validator works on: a request, a response, and the outcome of judging them.

>>> Request("GET", "/messages?anchor=newest", {"Accept": "application/json"}).header("accept")
'application/json'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from levelbook.problem import Problem

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    items = headers.items() if isinstance(headers, Mapping) else headers
    return tuple((name.lower(), _text(value.strip(" \t"))) for name, value in items)  # RFC 9110, 5.5: no white space


def _text(value: str) -> str:
    """Replace what is no character: servers hand over undecodable bytes as lone surrogates (PEP 383)."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class _Message:
    """What requests and responses share: header pairs, names in lower case."""

    __slots__ = ("body", "headers")

    def __init__(self, headers: Headers, body: bytes | None) -> None:
        self.headers = _pairs(headers)
        self.body = body

    def header(self, name: str) -> str | None:
        """Give the value of a header, several lines joined by a comma (RFC 9110, section 5.3); None if absent."""
        found = [value for key, value in self.headers if key == name]
        return ", ".join(found) if found else None


class Request(_Message):
    """A request: ``url`` is absolute or a path, still percent-encoded; ``body`` is bytes or None."""

    __slots__ = ("method", "url")

    def __init__(self, method: str, url: str, headers: Headers = (), body: bytes | None = None) -> None:
        super().__init__(headers, body)
        self.method = method.upper()
        self.url = _text(url)

    def __repr__(self) -> str:
        """Show what was asked for."""
        return f"Request({self.method!r}, {self.url!r})"


class Response(_Message):
    """A response: ``status`` is a number from 100 to 599; ``body`` is bytes or None."""

    __slots__ = ("status",)

    def __init__(self, status: int, headers: Headers = (), body: bytes | None = None) -> None:
        super().__init__(headers, body)
        self.status = status

    def __repr__(self) -> str:
        """Show how it was answered."""
        return f"Response({self.status!r})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an exchange: ``valid``, ``invalid`` with problems, or ``skipped`` with a reason.

    ``operation`` is ``POST /messages``, or None where no operation matched.
    """

    outcome: Literal["valid", "invalid", "skipped"]
    operation: str | None = None
    problems: tuple[Problem, ...] = field(default=())
    reason: str = ""

    @property
    def valid(self) -> bool:
        """Whether the exchange was judged and nothing is wrong with it."""
        return self.outcome == "valid"
