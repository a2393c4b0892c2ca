"""Which parts of two documents are written alike, so that nothing has to be compared in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.problem import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Schema

_REFERENCE = re.compile(rb'"\$(?:ref|dynamicRef)":("(?:[^"\\]|\\.)*")')


class Sameness:
    """Tells whether schemas of two documents are written alike, with all that they refer to."""

    def __init__(self, base: Api, head: Api) -> None:
        self.base = base
        self.head = head
        self.speaks_alike = base.dialect.version == head.dialect.version
        self._alike: dict[tuple[str, str], bool] = {}

    def of(self, base: Schema, head: Schema) -> bool:
        """Say whether two schemas are written alike; False where that is not certain."""
        if not self.speaks_alike or not (alike := _alike(base.value, head.value)):
            return False
        return all(self._targets(ref, base.pointer, head.pointer) for ref in _references(alike))

    def _targets(self, ref: str, base_at: str, head_at: str) -> bool:
        try:
            left = self.base.documents.target(ref, base_at)
            right = self.head.documents.target(ref, head_at)
        except SpecError:
            return False
        return self._component(left.pointer, left.value, right.pointer, right.value)

    def _component(self, base_at: str, base: Any, head_at: str, head: Any) -> bool:  # noqa: C901  # one search
        """Decide all that a pair leads to at once: alike is what leads to nothing that is not."""
        if (base_at, head_at) in self._alike:
            return self._alike[base_at, head_at]
        users: dict[tuple[str, str], list[tuple[str, str]]] = {}
        todo = [(base_at, base, head_at, head)]
        seen = {(base_at, head_at)}
        differing: list[tuple[str, str]] = []
        while todo:
            left_at, left, right_at, right = todo.pop()
            pair = (left_at, right_at)
            alike = b"" if self._alike.get(pair) is False else _alike(left, right)
            if not alike:
                differing.append(pair)
                continue
            for ref in _references(alike):
                try:
                    target, mirror = (
                        self.base.documents.target(ref, left_at),
                        self.head.documents.target(ref, right_at),
                    )
                except SpecError:
                    differing.append(pair)
                    break
                below = (target.pointer, mirror.pointer)
                users.setdefault(below, []).append(pair)
                if below not in seen:
                    seen.add(below)
                    todo.append((target.pointer, target.value, mirror.pointer, mirror.value))
        touched = set(differing)
        while differing:
            for user in users.get(differing.pop(), ()):
                if user not in touched:
                    touched.add(user)
                    differing.append(user)
        for pair in seen:
            self._alike[pair] = pair not in touched
        return self._alike[base_at, head_at]


def _alike(base: Any, head: Any) -> bytes:
    """Give two values as JSON, if that is the same whatever the order of keys; empty if it is not.

    What JSON Schema calls equal may be written in two ways (1 and 1.0), and an integer may be too long: neither is
    called the same here.
    """
    try:
        written = orjson.dumps(base, option=orjson.OPT_SORT_KEYS)
        return written if written == orjson.dumps(head, option=orjson.OPT_SORT_KEYS) else b""
    except TypeError:
        return b""


def _references(written: bytes) -> Iterator[str]:
    for match in _REFERENCE.finditer(written):
        yield orjson.loads(match[1])
