"""Which parts of two documents are written alike, so that nothing has to be compared in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.problem import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Schema


class Sameness:
    """Tells whether schemas of two documents are written alike, with all that they refer to."""

    def __init__(self, base: Api, head: Api) -> None:
        self.base = base
        self.head = head
        self.speaks_alike = base.dialect.version == head.dialect.version
        self._alike: dict[tuple[str, str], bool] = {}

    def of(self, base: Schema, head: Schema) -> bool:
        """Say whether two schemas are written alike; False where that is not certain."""
        if not self.speaks_alike or not same(base.value, head.value):
            return False
        return all(
            self._targets(one, base.pointer, other, head.pointer)
            for one, other in zip(references(base.value), references(head.value), strict=True)
        )

    def _targets(self, base: str, base_at: str, head: str, head_at: str) -> bool:
        try:
            left = self.base.documents.target(base, base_at)
            right = self.head.documents.target(head, head_at)
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
            if not same(left, right) or self._alike.get(pair) is False:
                differing.append(pair)
                continue
            for one, other in zip(references(left), references(right), strict=True):
                try:
                    target, mirror = (
                        self.base.documents.target(one, left_at),
                        self.head.documents.target(other, right_at),
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


def same(base: Any, head: Any) -> bool:
    """Say whether two values are the same JSON: true is no number, and the order of keys means nothing."""
    if base is head:
        return True
    if isinstance(base, dict):
        return (
            isinstance(head, dict)
            and len(base) == len(head)
            and all(key in head and same(value, head[key]) for key, value in base.items())
        )
    if isinstance(base, list):
        return isinstance(head, list) and len(base) == len(head) and all(map(same, base, head))
    return bool(base == head) and isinstance(base, bool) is isinstance(head, bool)


def references(value: Any) -> Iterator[str]:
    """Give each reference in a value, in an order that does not depend on that of the keys."""
    if isinstance(value, dict):
        for key in sorted(value):
            if key in ("$ref", "$dynamicRef") and isinstance(value[key], str):
                yield value[key]
            else:
                yield from references(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from references(item)
