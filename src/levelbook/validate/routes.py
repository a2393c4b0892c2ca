"""Which operation a request is for: a trie of path segments under the base paths of the servers.

>>> routes = Routes([(("/users/{id}", "/users/me"), ("",))])
>>> [match.path for match in routes.match("/users/me")]
['/users/me']
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from levelbook.api import Server

_PARAMETER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Match:
    """A path template that fits, and the raw text (still percent-encoded) of each of its parameters."""

    path: str
    raw: dict[str, str]


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    # (what a segment must look like, the names in it, where it leads); the most literal text first
    templates: list[tuple[re.Pattern[str] | None, tuple[str, ...], int, _Node]] = field(default_factory=list)
    paths: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


class Routes:
    """Paths ready for matching. OpenAPI 3.1.1, 4.8.8.2: concrete paths are matched before templated ones."""

    def __init__(self, groups: Iterable[tuple[Iterable[str], Iterable[str]]]) -> None:
        """Take groups of (paths, base paths they stand under)."""
        self.top = _Node()
        for paths, bases in groups:
            for base in bases:
                for path in paths:
                    self._add(base, path)

    def match(self, path: str) -> list[Match]:
        """Give the templates that a raw path fits: of the most concrete shape, in the document's order."""
        segments = path.split("/")[1:]
        return next(_walk(self.top, segments, 0, ()), [])

    def _add(self, base: str, path: str) -> None:
        node = self.top
        names: list[str] = []
        for segment in (base + path).split("/")[1:]:
            found = tuple(_PARAMETER.findall(segment))
            if not found:
                node = node.literals.setdefault(unquote(segment), _Node())
                continue
            names += found
            node = _template(node, segment, found)
        if all(path != other for other, _ in node.paths):
            node.paths.append((path, tuple(names)))


def base_paths(servers: Sequence[Server]) -> tuple[str, ...]:
    """Give the path each server's URL adds before the paths: ``/api/v1``; empty where it adds none.

    A variable inside the path stays a template, so that any of its values fits.
    """
    found: dict[str, None] = {}
    for server in servers:
        url = server.url
        if not url.startswith("/"):  # a variable before the path may stand for a whole origin
            head, slash, tail = re.sub(r"^[A-Za-z][\w+.-]*://", "", url).partition("/")
            url = slash + tail if head or slash else ""
        found[_absolute(urlsplit(url).path.rstrip("/"))] = None
    return tuple(found) or ("",)


def _absolute(path: str) -> str:
    return path if not path or path.startswith("/") else "/" + path


def _template(node: _Node, segment: str, names: tuple[str, ...]) -> _Node:
    shape = (
        None
        if _PARAMETER.fullmatch(segment)
        else re.compile(
            "".join(
                re.escape(part) if index % 2 == 0 else "(.+?)" for index, part in enumerate(_PARAMETER.split(segment))
            )
        )
    )
    literal = len(_PARAMETER.sub("", segment))
    for other, _, _, child in node.templates:
        if (other.pattern if other else None) == (shape.pattern if shape else None):
            return child
    child = _Node()
    node.templates.append((shape, names, literal, child))
    node.templates.sort(key=lambda item: -item[2])
    return child


def _walk(node: _Node, segments: list[str], index: int, values: tuple[str, ...]) -> Iterator[list[Match]]:
    """Go down the trie, concrete before templated, and come back where the way ends (RFC 3986: after the split)."""
    if index == len(segments):
        if node.paths:
            yield [Match(path, _named(names, values)) for path, names in node.paths]
        return
    segment = segments[index]
    literal = node.literals.get(unquote(segment) if "%" in segment else segment)
    if literal is not None:
        yield from _walk(literal, segments, index + 1, values)
    if not segment:
        return  # OpenAPI 3.1.1, 4.8.8: a path parameter is never empty
    for shape, _, _, child in node.templates:
        if shape is None:
            yield from _walk(child, segments, index + 1, (*values, segment))
        elif (fit := shape.fullmatch(segment)) is not None:
            yield from _walk(child, segments, index + 1, (*values, *fit.groups()))


def _named(names: tuple[str, ...], values: tuple[str, ...]) -> dict[str, Any]:
    """Give each name its text; variables of the base path have no name in the template and come first."""
    return dict(zip(names, values[len(values) - len(names) :], strict=True))
