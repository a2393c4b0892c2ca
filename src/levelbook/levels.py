"""The level table: which levels and releases an API has, and how a level is called in prose.

>>> table = LevelTable("Zulip", "feature level", 277, (Release("9.0", 277), Release("8.0", 237)))
>>> table.anchor(248)
'Zulip 9.0 (feature level 248)'
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from levelbook.lenient import listed
from levelbook.problem import UsageError

Level: TypeAlias = int | str  # an integer that only grows, or a date or a version as text

_PENDING = re.compile(r"ZF-[0-9a-f]{6}")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Release:
    """A version people install, and the level it shipped with; None for one older than the first level."""

    version: str
    level: Level | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class LevelTable:
    """All that is known of the levels of an API; ``releases`` are newest first.

    A release holds every level above that of the next older release, up to its own. ``reserved`` and
    ``backports`` are ranges of levels, first and last included. ``head`` is the current level of the document that a
    rewound one was made from: its notes may still speak of levels up to there.
    """

    product: str = ""
    name: str = "level"
    current: Level | None = None
    releases: tuple[Release, ...] = ()
    reserved: tuple[tuple[Level, Level], ...] = ()
    backports: tuple[tuple[Level, Level, str], ...] = field(default=())
    head: Level | None = None

    def release_of(self, level: Level | None) -> Release | None:
        """Give the release that first held ``level``; None where it is not released, or not known."""
        if level is None or not is_assigned(level):
            return None
        found = None
        for release in self.releases:
            if release.level is None or order(release.level) < order(level):
                break
            found = release
        return found

    def release(self, version: str) -> Release | None:
        """Give the release with this version, if the table has it."""
        return next((release for release in self.releases if release.version == version), None)

    def anchor(self, level: Level | None, version: str | None = None) -> str:
        """Say where a change came, as prose does: ``Zulip 9.0 (feature level 248)``."""
        if version is None and (release := self.release_of(level)) is not None:
            version = release.version
        product = f"{self.product} {version}".strip() if version else self.product
        if level is None:
            return product
        if not product:
            return f"{self.name} {level}"
        return f"{product} ({self.name} {level})"


def order(level: Level) -> tuple[int, ...]:
    """Give what levels sort by: numbers within dates and versions count as numbers."""
    if isinstance(level, int):
        return (level,)
    return tuple(int(number) for number in _NUMBERS.findall(level))


def is_assigned(level: Level) -> bool:
    """Say whether a level is a level yet: ``next`` and other placeholders hold no number."""
    return isinstance(level, int) or level[:1].isdecimal()


def is_pending(level: Level) -> bool:
    """Say whether a level is still to be assigned: it is ``next``, or a name like ``ZF-1f4a39``."""
    return level == "next" or (isinstance(level, str) and _PENDING.fullmatch(level) is not None)


def alike(one: Level, other: Level) -> bool:
    """Say whether two levels are of one kind: numbers, dates or versions; ``2.1`` and ``2.1.3`` are both versions."""
    between = [set(_NUMBERS.sub(" ", str(level)).split()) for level in (one, other)]
    return isinstance(one, int) == isinstance(other, int) and between[0] == between[1]


def position(level: Level | None, version: str | None) -> tuple[int, tuple[int, ...]]:
    """Sort a change by level, or by its release where it is older than the first level."""
    if level is not None:
        return (1, order(level)) if is_assigned(level) else (2, ())
    return (0, order(version) if version else ())


def bound_of(table: LevelTable, level: Level | str) -> tuple[int, tuple[int, ...]]:
    """Read what somebody calls a level or a release, as :func:`position` orders them. Raises UsageError."""
    if isinstance(level, str) and (release := table.release(level)) is not None:
        return position(release.level, release.version)
    if isinstance(level, str) and level.isdecimal():
        level = int(level)
    if isinstance(level, int) or (isinstance(table.current, str) and is_assigned(level)):
        return position(level, None)
    if not table.releases and is_assigned(level) and "." in level:
        return position(None, level)
    known = ", ".join(release.version for release in table.releases)
    raise UsageError(f"`{level}` is neither a level nor a release" + (f"; there are {known}" if known else ""))


def read_table(data: Any) -> LevelTable:
    """Read a table as it stands in ``info.x-levels`` or in the configuration; what is malformed is left out."""
    if not isinstance(data, dict):
        return LevelTable()
    releases = tuple(
        Release(str(item["version"]), as_level(item.get("level")), str(item.get("date", "")))
        for item in listed(data.get("releases"))
        if isinstance(item, dict) and isinstance(item.get("version"), (str, int, float))
    )
    current = as_level(data.get("current"))
    if current is None:
        current = next((release.level for release in releases if release.level is not None), None)
    written = data.get("backports")
    backports = written if isinstance(written, dict) else {}
    return LevelTable(
        product=str(data.get("product") or ""),
        name=str(data.get("name") or "").strip() or "level",
        current=current,
        releases=releases,
        reserved=tuple(read_range(text) for text in listed(data.get("reserved"))),
        backports=tuple((*read_range(text), str(version)) for text, version in backports.items()),
        head=as_level(data.get("head")),
    )


def as_level(value: Any) -> Level | None:
    """Give a value if it can be a level: a whole number, a text that is not empty, or a date (which TOML has)."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, (int, str)) or value == "":
        return None
    return value


def write_table(table: LevelTable) -> dict[str, Any]:
    """Give the table as plain data, in the form that ``info.x-levels`` has."""
    data: dict[str, Any] = {"product": table.product, "name": table.name}
    if table.current is not None:
        data["current"] = table.current
    data["releases"] = [
        {"version": release.version}
        | ({"level": release.level} if release.level is not None else {})
        | ({"date": release.date} if release.date else {})
        for release in table.releases
    ]
    if table.reserved:
        data["reserved"] = [_print_range(first, last) for first, last in table.reserved]
    if table.backports:
        data["backports"] = {_print_range(first, last): version for first, last, version in table.backports}
    return data


def read_range(text: Any) -> tuple[Level, Level]:
    """Read `278-279` or `287`: the first level and the last."""
    first, dash, last = str(text).partition("-")
    if not first.strip().isdecimal() or (dash and not last.strip().isdecimal()):
        return (str(text), str(text))  # a date or a version: its dashes are its own
    return (int(first), int(last) if dash else int(first))


def _print_range(first: Level, last: Level) -> str:
    return str(first) if first == last else f"{first}-{last}"
