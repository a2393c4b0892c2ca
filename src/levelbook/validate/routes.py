"""Which operation a request is for: a trie of path segments under the base paths of the servers.

>>> routes = Routes([("GET", "/users/{id}", [""]), ("GET", "/users/me", [""])])
>>> [match.path for match in routes.match("/users/me")]
['/users/me']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from levelbook.api import Server

_PARAMETER = re.compile(r"\{([^{}]*)\}")
_ORIGIN = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
COMBINATIONS = 1000  # of values of server variables: more is no description
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Match(NamedTuple):
    """A path template that fits, the raw text (still percent-encoded) of its parameters, and the methods there."""

    path: str
    raw: dict[str, str]
    methods: AbstractSet[str]


class _Leaf(NamedTuple):
    names: tuple[str, ...]
    methods: set[str]


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    # (the literal texts around the parameters of a segment, where it leads); the most literal first
    templates: list[tuple[tuple[str, ...], _Node]] = field(default_factory=list)
    leaves: dict[str, _Leaf] = field(default_factory=dict)
    any: _Node | None = None  # where any segment leads, if there is no template but that of a whole segment


class Routes:
    """Paths ready for matching. OpenAPI 3.1.1, 4.8.8.2: concrete paths are matched before templated ones."""

    def __init__(self, operations: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """Take the method and path of each operation, with the base paths that it stands under."""
        self.top = _Node()
        for method, path, bases in operations:
            for base in bases:
                self._add(method, base, path)

    def quick(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """Give the template that most paths fit without a second thought, and the raw text of its parameters.

        None where there is more than one way to go: :meth:`matches` knows them all, this one first.
        """
        node: _Node | None = self.top
        values = []
        for segment in path.split("/")[1:]:
            below = node.literals.get(segment)  # type: ignore[union-attr]  # it is left as soon as it is None
            if below is None:
                below = node.any  # type: ignore[union-attr]
                if below is None or not segment:
                    return None
                values.append(segment)
            node = below
        if node is None or len(node.leaves) != 1:
            return None
        ((template, leaf),) = node.leaves.items()
        return (template, dict(zip(leaf.names, values, strict=True))) if method in leaf.methods else None

    def match(self, path: str) -> list[Match]:
        """Give the templates that a raw path fits: of the most concrete shape, in the document's order."""
        return next(self.matches(path), [])

    def matches(self, path: str) -> Iterator[list[Match]]:
        """Give every way in which a raw path fits, the most concrete first."""
        if path.startswith("/"):
            if "%" in path:
                path = _ESCAPE.sub(_unreserved, path)
            yield from _walk(self.top, path.split("/")[1:], 0, ())

    def _add(self, method: str, base: str, path: str) -> None:
        node = self.top
        names: list[str] = []
        for segment in (base + path).split("/")[1:]:
            found = _PARAMETER.findall(segment)
            names += found
            if found:
                node = _template(node, tuple(_PARAMETER.split(segment)[::2]))
            else:
                node = node.literals.setdefault(unquote(segment), _Node())
        node.leaves.setdefault(path, _Leaf(tuple(names), set())).methods.add(method)


def base_paths(servers: Sequence[Server]) -> tuple[str, ...]:
    """Give the path each server's URL adds before the paths: ``/api/v1``; empty where it adds none.

    A variable has the values of its ``enum``; one without may have any, so that it stays a template, and its default
    counts as well, for that may hold several segments, or none.
    """
    found: dict[str, None] = {}
    for server in servers:
        # A variable in the host changes no path; one at the very beginning may stand for a whole origin.
        decisive = server.url if server.url.startswith("{") else _path(server.url)
        choices = [
            [(name, value) for value in values]
            for name, values in server.variables.items()
            if "{" + name + "}" in decisive
        ]
        for values in islice(product(*choices), COMBINATIONS):
            url = server.url
            for name, value in values:
                url = url.replace("{" + name + "}", value)
            found[_path(url)] = None
        if any(len(values) == 1 for values in server.variables.values()):
            found[_path(server.url)] = None
    return tuple(found) or ("",)


def _path(url: str) -> str:
    """Give the path of a server's URL, which is relative to the place of the document where it has no host."""
    if url.startswith("{"):  # a variable before the path may stand for a whole origin
        _, slash, tail = url.partition("/")
        url = slash + tail
    elif _ORIGIN.match(url) or url.startswith("/"):
        url = _ORIGIN.sub("", url)
    else:
        url = "/" + url.removeprefix("./")
    return url.partition("#")[0].partition("?")[0].rstrip("/")


def _unreserved(match: re.Match[str]) -> str:
    """Read an escape of a character that need not be escaped (RFC 3986, section 6.2.2.2)."""
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0]


def _template(node: _Node, literals: tuple[str, ...]) -> _Node:
    for other, child in node.templates:
        if other == literals:
            return child
    child = _Node()
    node.templates.append((literals, child))
    node.templates.sort(key=lambda item: -sum(map(len, item[0])))
    node.any = child if len(node.templates) == 1 and literals == ("", "") else None
    return child


def _values(literals: tuple[str, ...], segment: str) -> tuple[str, ...] | None:
    """Give the texts of a segment's parameters, each as short as can be; None if it does not fit.

    Done by searching for one literal after the other: time grows with the length of the segment alone.
    """
    first, last = literals[0], literals[-1]
    if not segment.startswith(first):
        return None
    found = []
    at = len(first)
    for literal in literals[1:-1]:
        end = segment.find(literal, at + 1)
        if end < 0:
            return None
        found.append(segment[at:end])
        at = end + len(literal)
    end = len(segment) - len(last)
    if end <= at or not segment.endswith(last):
        return None
    return (*found, segment[at:end])


def _walk(node: _Node, segments: list[str], index: int, values: tuple[str, ...]) -> Iterator[list[Match]]:
    """Go down the trie, concrete before templated, and come back where the way ends (RFC 3986: after the split)."""
    if index == len(segments):
        if node.leaves:
            yield [
                # variables of the base path come first
                Match(path, dict(zip(leaf.names, values, strict=True)), leaf.methods)
                for path, leaf in node.leaves.items()
            ]
        return
    segment = segments[index]
    literal = node.literals.get(unquote(segment) if "%" in segment else segment)
    if literal is not None:
        yield from _walk(literal, segments, index + 1, values)
    for literals, child in node.templates:
        fit = _values(literals, segment)  # never empty: OpenAPI 3.1.1, 4.8.8
        if fit is not None:
            yield from _walk(child, segments, index + 1, (*values, *fit))
