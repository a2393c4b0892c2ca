"""What is wrong with a level table: the place within it, the finding, and what to do.

>>> [message for _, message, _ in faults({"current": 7, "realeases": []})]
['a level table has no `realeases`']
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from levelbook.levels import alike, as_level, order, read_range

if TYPE_CHECKING:
    from collections.abc import Iterator

Fault: TypeAlias = tuple[tuple[str | int, ...], str, str]

_KEYS = ("product", "name", "current", "releases", "reserved", "backports", "head")
_OF_RELEASE = ("version", "level", "date")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def faults(table: Any) -> Iterator[Fault]:
    """Give all that `levels.read_table` leaves out of a table, and what stands in the wrong order."""
    if not isinstance(table, dict):
        yield (), "the level table is no mapping", "write `x-levels: {current: 7}`"
        return
    yield from _unknown(table, _KEYS, ())
    levels: list[tuple[tuple[str | int, ...], Any]] = [(("current",), table["current"])] if "current" in table else []
    releases = table.get("releases", [])
    if not isinstance(releases, list):
        yield ("releases",), "`releases` is no list", "write `- {version: '1.0', level: 7}`"
        releases = []
    for index, release in enumerate(releases):
        at = ("releases", index)
        yield from _release(release, at)
        if isinstance(release, dict) and "level" in release:
            levels.append(((*at, "level"), release["level"]))
    for where, first, last in _ranges(table):
        levels += [(where, first), (where, last)]
    kind = next((level for _, value in levels if (level := as_level(value)) is not None), None)
    for where, value in dict(levels).items():
        if kind is not None and (as_level(value) is None or not alike(value, kind)):
            yield where, f"`{value}` is no level: one is written like {kind}", "correct it"
    yield from _in_order(releases, table.get("current"))


def _release(release: Any, at: tuple[str | int, ...]) -> Iterator[Fault]:
    if not isinstance(release, dict) or not isinstance(release.get("version"), (str, int, float)):
        yield at, "the release has no version", "write `{version: '1.0', level: 7}`"
        return
    yield from _unknown(release, _OF_RELEASE, at)
    if "date" in release and not _DATE.fullmatch(str(release["date"])):
        yield (*at, "date"), f"`{release['date']}` is no date", "write it as in 2026-12-31"


def _unknown(mapping: dict[str, Any], known: tuple[str, ...], at: tuple[str | int, ...]) -> Iterator[Fault]:
    for name in mapping:
        if name not in known and not name.startswith("x-"):
            near = get_close_matches(name, known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
            yield (*at, name), f"a level table has no `{name}`", hint


def _ranges(table: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    """Give the ends of all ranges, as numbers where they are numbers."""
    reserved, backports = table.get("reserved"), table.get("backports")
    for index, text in enumerate(reserved if isinstance(reserved, list) else ()):
        yield ("reserved", index), *read_range(text)
    for text in backports if isinstance(backports, dict) else ():
        yield ("backports", text), *read_range(text)


def _in_order(releases: list[Any], current: Any) -> Iterator[Fault]:
    """Give the releases that stand below an older one, and a current level that is below a release's."""
    numbered = [
        (index, level)
        for index, release in enumerate(releases)
        if isinstance(release, dict) and (level := as_level(release.get("level"))) is not None
    ]
    for (_, newer), (index, level) in pairwise(numbered):
        if alike(level, newer) and order(level) > order(newer):
            at = ("releases", index, "level")
            yield at, f"the level {level} stands below {newer}, which is older", "put the newest release first"
    top = as_level(current)
    if top is not None and numbered and alike(top, numbered[0][1]) and order(top) < order(numbered[0][1]):
        yield ("current",), f"the current level, {top}, is below that of the newest release", "raise `current`"
