"""Levels for changes that have none yet: `level: next`, and placeholders like ``ZF-1f4a39``.

Each placeholder is a level of its own, whatever the files it stands in; all ``next`` are one. Texts are edited in
place: nothing is written anew, so comments, wrapping and order stay.

>>> assign(["(feature\\n  level ZF-1f4a39)", "level ZF-aaaaaa, and level ZF-1f4a39"], 248)
{'ZF-1f4a39': 248, 'ZF-aaaaaa': 249}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.levels import LevelTable

# The named form anywhere; the word "next" only where a level stands: `level: next`, "(feature level next)", a heading.
_NAMED = re.compile(r"\bZF-[0-9a-f]{6}\b")
_NEXT = re.compile(
    r"(?P<before>\blevel:[ \t]*[\"']?|\([\w ]*\blevel\s+|^\*\*[\w ]*\blevel\s+)next\b(?P<after>[\"']?)",
    re.MULTILINE | re.IGNORECASE,
)
_CURRENT = re.compile(r"^(?P<before>[ \t]*(?:\"?current\"?[ \t]*[:=][ \t]*))(?P<level>\d+)", re.MULTILINE)
_FIRST_RELEASE = re.compile(r"^#{1,6}[^\n]*\d+\.\d+[^\n]*\n", re.MULTILINE)


def pending(text: str) -> list[tuple[str, int]]:
    """Give every placeholder in a text, and its offset."""
    found = [(match[0], match.start()) for match in _NAMED.finditer(text)]
    found += [("next", match.end("before")) for match in _NEXT.finditer(text)]
    return sorted(found, key=lambda pair: pair[1])


def assign(texts: Iterable[str], first: int) -> dict[str, int]:
    """Give each placeholder its level, from ``first`` upwards: ``next`` first, the others by name.

    By name, and not by where they stand, so that two branches give the same levels in whatever order they are merged.
    """
    names = {name for text in texts for name, _ in pending(text)}
    return {name: first + index for index, name in enumerate(sorted(names, key=lambda name: (name != "next", name)))}


def assigned(text: str, levels: dict[str, int]) -> str:
    """Give a text with its placeholders replaced."""
    if "next" in levels:
        text = _NEXT.sub(lambda match: f"{match['before'].rstrip(chr(34) + chr(39))}{levels['next']}", text)
    return _NAMED.sub(lambda match: str(levels.get(match[0], match[0])), text)


def raised(text: str, table: LevelTable, level: int) -> str:
    """Give a text with the table's current level raised, if it stands there: the first ``current`` with that number."""
    for match in _CURRENT.finditer(text):
        if match["level"] == str(table.current):
            return text[: match.start("level")] + str(level) + text[match.end("level") :]
    return text


def inserted(changelog: str, level: int, name: str, fragment: str) -> str:
    """Give a changelog with a fragment as the newest level, below the heading of the newest release."""
    heading = _FIRST_RELEASE.search(changelog)
    at = heading.end() if heading else len(changelog)
    entry = f"\n**{name.capitalize()} {level}**\n\n{fragment.strip()}\n"
    return changelog[:at] + entry + changelog[at:]
