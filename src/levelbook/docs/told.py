"""What no page tells: every described node of an operation, held against what its pages show.

The document is walked without regard to how pages are made: whatever has a description, an enum or a title and can be
reached from an operation has to stand on the operation's page, or on the page of a schema that it refers to.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from levelbook.pointer import split
from levelbook.problem import Problem, Severity, SpecError
from levelbook.reach import value_at
from levelbook.walk import NAMED, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from levelbook.api import Api, Operation

_TELLING = ("description", "enum")  # what a node says to readers


class Told:
    """Counts the nodes of operations that say something, and remembers those that no page shows."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.below: dict[str, tuple[list[str], list[str]]] = {}
        self.nodes = 0
        self.missing: dict[str, str] = {}  # pointer of a node -> the operation it belongs to

    def page(self, operation: Operation, shown: Collection[str]) -> None:
        """Hold the nodes of an operation against the pointers that its page shows."""
        for pointer in dict.fromkeys(self.of(operation)):
            self.nodes += 1
            if not self._is_shown(pointer, shown):
                self.missing.setdefault(pointer, operation.key)

    def schema_page(self, shown: Collection[str]) -> None:
        """Take note of what the page of a schema shows."""
        for pointer in shown:
            self.missing.pop(pointer, None)

    def of(self, operation: Operation) -> Iterator[str]:
        """Give every node that says something, of an operation and all that it refers to, each once.

        What stands in extensions is nobody's: neither what it says nor what it refers to.
        """
        waiting, seen = _roots(operation), set[str]()
        while waiting:
            pointer = waiting.pop()
            if pointer not in seen:
                seen.add(pointer)
                nodes, targets = self._below(pointer)
                waiting += targets
                yield from nodes

    def _below(self, pointer: str) -> tuple[list[str], list[str]]:
        """Give the nodes at and below a pointer that say something, and what those below it refer to."""
        if pointer not in self.below:
            nodes, targets = [], []
            for at, value in walk(value_at(self.api.documents, pointer), pointer):
                if _is_in_extension(at):
                    continue
                nodes += [at] if self._tells(value) else []
                if isinstance(value.get("$ref"), str):
                    targets.append(self.api.documents.target(value["$ref"], at).pointer)
                elif isinstance(value.get("$dynamicRef"), str):
                    with suppress(SpecError):  # where it leads is known when it is judged only
                        targets.append(self.api.documents.target(value["$dynamicRef"], at).pointer)
            self.below[pointer] = (nodes, targets)
        return self.below[pointer]

    def _tells(self, value: dict[str, Any]) -> bool:
        """Say whether a node says something; beside a reference nothing counts in OpenAPI 3.0."""
        return any(value.get(key) for key in _TELLING) and ("$ref" not in value or self.api.dialect.ref_siblings)

    def _is_shown(self, pointer: str, shown: Collection[str]) -> bool:
        """Say whether a page shows a node, or what it refers to with what it says of that."""
        if pointer in shown:
            return True
        value = value_at(self.api.documents, pointer)
        return (
            isinstance(value, dict) and "$ref" in value and self.api.documents.resolve(value, pointer).pointer in shown
        )

    def problems(self, written: dict[str, Path]) -> list[Problem]:
        """Give a problem for each node that no page shows; ``written`` are the files of pages that a project wrote."""
        return [
            Problem(
                "not-shown",
                self.api.documents.locate(pointer),
                f"{operation}: what is said here stands on no page",
                f"{written[operation]} is the page of this operation, and leaves it out"
                if operation in written
                else "a keyword beside it takes its place; if not, this is a fault of levelbook",
                severity=Severity.WARNING,
                pointer=pointer,
            )
            for pointer, operation in self.missing.items()
        ]


def _is_in_extension(pointer: str) -> bool:
    """Say whether something lies in an extension; a header or a property may be called ``x-…`` as well."""
    tokens = ["", *split(pointer)]
    return any(token.startswith("x-") and above not in NAMED for above, token in pairwise(tokens))


def _roots(operation: Operation) -> list[str]:
    """Give what an operation consists of: itself and the parameters that it has, without those it overrides."""
    return [operation.pointer, *(parameter.pointer for parameter in operation.parameters)]
