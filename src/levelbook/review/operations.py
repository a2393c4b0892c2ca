"""Operations, compared: which there are, what they are called, how they are announced and who may call them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from levelbook.pointer import parent
from levelbook.review.exchanges import Probe
from levelbook.review.fact import Fact, Pair, value_at
from levelbook.review.lifecycle import deprecation, removal, stability_of
from levelbook.review.policy import STABILITY
from levelbook.review.sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Operation
    from levelbook.review.policy import Policy

_NAME = re.compile(r"\{[^{}]*\}")
_ANNOUNCED = {
    "reactivated": "endpoint-reactivated",
    "deprecated": "endpoint-deprecated",
    "deprecated-with-sunset": "endpoint-deprecated-with-sunset",
    "sunset-missing": "api-deprecated-sunset-missing",
    "sunset-invalid": "api-deprecated-sunset-parse",
    "sunset-unreadable": "api-path-sunset-parse",
    "sunset-too-small": "api-sunset-date-too-small",
    "sunset-deleted": "sunset-deleted",
    "sunset-changed": "api-sunset-date-changed",
    "sunset-changed-too-small": "api-sunset-date-changed-too-small",
}


def pairs_of(base: Api, head: Api) -> tuple[list[Pair], list[Operation], list[Operation]]:
    """Give the operations that both documents have, and those that only one has.

    Parameters of a path count by position, unless two paths would then be one.
    """
    olds, news = _by_path(base.operations), _by_path(head.operations)
    exact = {item.key: item for item in head.operations}
    pairs, used = [], set()
    gone = []
    for key, operation in olds.items():
        other = exact.get(operation.key) or news.get(key)
        if other is None or other.key in used:
            gone.append(operation)
        else:
            used.add(other.key)
            pairs.append(Pair(other.key, operation, other))
    return pairs, gone, [item for item in head.operations if item.key not in used]


def _by_path(operations: tuple[Operation, ...]) -> dict[str, Operation]:
    found: dict[str, Operation] = {}
    for operation in operations:
        key = f"{operation.method} {_NAME.sub('{}', operation.path)}"
        found[operation.key if key in found else key] = operation
    return found


def outgoing_pairs(base: Api, head: Api) -> Iterator[Pair]:
    """Give the webhooks and callbacks that both documents have."""
    for olds, news, kind in ((base.webhooks, head.webhooks, "webhook"), (base.callbacks, head.callbacks, "callback")):
        known = {(item.key, item.expression): item for item in olds}
        for item in news:
            old = known.get((item.key, item.expression))
            if old is not None:
                yield Pair(f"{kind} {item.key}", old, item, is_outgoing=True)


def existence(base: Api, head: Api, gone: list[Operation], come: list[Operation], policy: Policy) -> Iterator[Fact]:
    """Tell of operations and webhooks that only one document has."""
    left = {_NAME.sub("{}", item.path) for item in head.operations}
    for item in gone:
        stem = "api-removed" if _NAME.sub("{}", item.path) in left else "api-path-removed"
        how = removal(item.raw, policy)
        rule = "api-path-sunset-parse" if how == "sunset-parse" else f"{stem}-{how}"
        probe = Probe(item, None, "request")
        above = _survivor(head, item.pointer)
        yield Fact(rule, item.key, "operation", "removed", "request", item.key, None, item.pointer, above, probe=probe)
    for item in come:
        above = _survivor(base, item.pointer)
        yield Fact("endpoint-added", item.key, "operation", "added", "request", None, item.key, above, item.pointer)
    yield from _webhooks(base, head)


def _webhooks(base: Api, head: Api) -> Iterator[Fact]:
    for kind, olds, news in (("webhook", base.webhooks, head.webhooks), ("callback", base.callbacks, head.callbacks)):
        was = {(item.path, item.method, item.expression): item for item in olds}
        now = {(item.path, item.method, item.expression): item for item in news}
        for key, item in was.items():
            if key not in now:
                above = _survivor(head, item.pointer)
                yield Fact(
                    f"{kind}-removed",
                    f"{kind} {item.key}",
                    kind,
                    "removed",
                    "none",
                    item.key,
                    None,
                    item.pointer,
                    above,
                )
        for key, item in now.items():
            if key not in was:
                above = _survivor(base, item.pointer)
                yield Fact(
                    f"{kind}-added", f"{kind} {item.key}", kind, "added", "none", None, item.key, above, item.pointer
                )


def _survivor(api: Api, pointer: str) -> str:
    """Give the nearest pointer upwards that leads somewhere in the other document."""
    try:
        while pointer and value_at(api, pointer) is None:
            pointer = parent(pointer)
    except KeyError:  # a file that the other document does not have
        return ""
    return pointer


def about(base: Api, head: Api, pair: Pair, policy: Policy) -> Iterator[Fact]:
    """Tell what is different about an operation itself: names, tags, announcements, security."""
    old, new = pair.base, pair.head

    def fact(rule: str, facet: str, action: str, was: Any, now: Any) -> Fact:
        return Fact(rule, pair.name, facet, action, "none", was, now, old.pointer, new.pointer)

    if old.id != new.id:
        action = "added" if not old.id else "removed"
        yield fact(
            f"api-operation-id-{action}", "operationId", "changed" if old.id and new.id else action, old.id, new.id
        )
    for tag in old.tags:
        if tag not in new.tags:
            yield fact("api-tag-removed", "tag", "removed", tag, None)
    for tag in new.tags:
        if tag not in old.tags:
            yield fact("api-tag-added", "tag", "added", None, tag)
    yield from _announced(base, head, pair, policy)


def stability(api: Api, operation: Operation) -> str | None:
    """Give the stability level of an operation, or that of its path."""
    own = stability_of(operation.raw)
    return stability_of(value_at(api, parent(operation.pointer))) if own == "" else own


def _announced(base: Api, head: Api, pair: Pair, policy: Policy) -> Iterator[Fact]:
    levels = [stability(base, pair.base), stability(head, pair.head)]
    at = (pair.base.pointer, pair.head.pointer)
    raw = [item.raw.get("x-stability-level") for item in (pair.base, pair.head)]
    if None in levels:
        yield Fact("api-invalid-stability-level", pair.name, "stability", "invalid", "none", *sides(raw), *sides(at))
        return
    word = deprecation(pair.base.raw, pair.head.raw, levels[1] or "stable", policy)
    if word:
        dates = [item.raw.get("x-sunset") for item in (pair.base, pair.head)]
        yield Fact(_ANNOUNCED[word], pair.name, "deprecated", word, "none", *sides(dates), *sides(at))
    yield from stability_facts("api", pair.name, levels, at)


def stability_facts(stem: str, address: str, levels: list[str | None], at: tuple[str, str]) -> Iterator[Fact]:
    """Tell of a stability level that went up or down; what says nothing is stable."""
    old, new = (STABILITY.index(level or "stable") for level in levels)
    if old != new:
        action = "decreased" if new < old else "increased"
        yield Fact(
            f"{stem}-stability-{action}",
            address,
            "stability",
            action,
            "none",
            *sides(item or "stable" for item in levels),
            *sides(at),
        )
