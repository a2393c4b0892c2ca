"""What a schema promises without refusing anything: defaults, deprecation, read-only, sunset, stability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.review.facets import Difference
from levelbook.review.lifecycle import deprecation, stability_of
from levelbook.review.policy import STABILITY
from levelbook.review.shape import same_among
from levelbook.review.sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.review.policy import Policy
    from levelbook.review.shape import Shape

_ANNOUNCED = {
    "sunset-missing": "deprecated-sunset-missing",
    "sunset-invalid": "deprecated-sunset-invalid",
    "sunset-unreadable": "deprecated-sunset-invalid",
    "sunset-too-small": "sunset-date-too-small",
    "sunset-changed-too-small": "sunset-date-changed-too-small",
}
_FLAGS = (("readOnly", "read-only"), ("writeOnly", "write-only"))


def mark_differences(base: Shape, head: Shape, policy: Policy, stability: str) -> Iterator[Difference]:
    """Give the differences of annotations that people build upon; ``stability`` is the level of their operation."""
    was, now = base.marks, head.marks
    yield from _default(was, now)
    word = deprecation(was, now, stability, policy)
    if word:
        dates = (was.get("x-sunset", was["deprecated"]), now.get("x-sunset", now["deprecated"]))
        yield Difference("deprecated", _ANNOUNCED.get(word, word), *sides(dates), None, None, "deprecated")
    for key, name in _FLAGS:
        if was[key] != now[key]:
            action = f"became-{name}" if now[key] else f"became-not-{name}"
            yield Difference(name, action, was[key], now[key], None, None, key)
    yield from _stability(was, now)
    yield from _extensible(was.get("x-extensible-enum"), now.get("x-extensible-enum"))
    yield from _discriminator(was.get("discriminator"), now.get("discriminator"))


def _stability(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    written = was.get("x-stability-level"), now.get("x-stability-level")
    levels = stability_of(was), stability_of(now)
    if written[0] == written[1]:
        return
    if None in levels:
        yield Difference("stability", "invalid", *sides(written), None, None, "x-stability-level")
        return
    old, new = (STABILITY.index(level or "stable") for level in levels)
    if old != new:
        action = "decreased" if new < old else "increased"
        yield Difference("stability", action, *sides(written), None, None, "x-stability-level")


def _default(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    if ("default" in was) is ("default" in now) and (
        "default" not in was or same_among(was["default"], [now["default"]])
    ):
        return
    action = "added" if "default" not in was else "removed" if "default" not in now else "changed"
    yield Difference("default", action, was.get("default"), now.get("default"), None, None, "default")


def _extensible(was: Any, now: Any) -> Iterator[Difference]:
    if isinstance(was, list) and isinstance(now, list):
        for item in was:
            if not same_among(item, now):
                yield Difference("x-extensible-enum", "value-removed", item, None, None, None, "x-extensible-enum")
        for item in now:
            if not same_among(item, was):
                yield Difference("x-extensible-enum", "value-added", None, item, None, None, "x-extensible-enum")


def _discriminator(was: Any, now: Any) -> Iterator[Difference]:
    """Compare what tells members apart: it chooses among them and refuses nothing (OpenAPI 3.1.1, 4.8.25)."""
    if (was is None) != (now is None):
        names = [side and side.get("propertyName") for side in (was, now)]
        yield Difference(
            "discriminator", "added" if was is None else "removed", *sides(names), None, None, "discriminator"
        )
        return
    if was is None or now is None:
        return
    if was.get("propertyName") != now.get("propertyName"):
        yield Difference(
            "discriminator",
            "property-name-changed",
            was.get("propertyName"),
            now.get("propertyName"),
            None,
            None,
            "discriminator",
        )
    olds, news = (side.get("mapping") if isinstance(side.get("mapping"), dict) else {} for side in (was, now))
    for keys, action in (
        (sorted(news.keys() - olds.keys()), "mapping-added"),
        (sorted(olds.keys() - news.keys()), "mapping-deleted"),
    ):
        if keys:
            pair = (None, keys) if action == "mapping-added" else (keys, None)
            yield Difference("discriminator", action, *sides(pair), None, None, "discriminator")
    for key in sorted(olds.keys() & news.keys()):
        if olds[key] != news[key]:
            yield Difference("discriminator", "mapping-changed", olds[key], news[key], None, None, "discriminator", key)
