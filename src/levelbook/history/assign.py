"""Levels for changes that have none yet: `level: next`, and placeholders like ``ZF-1f4a39``.

Each placeholder is a level of its own, whatever the files it stands in; all ``next`` are one. Texts are edited in
place: nothing is written anew, so comments, wrapping and order stay.

>>> names = [name for name, _ in pending("(feature\\n  level ZF-1f4a39), level ZF-aaaaaa, and level ZF-1f4a39")]
>>> assign(names, 248)
{'ZF-1f4a39': 248, 'ZF-aaaaaa': 249}
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from levelbook.levels import is_pending
from levelbook.pointer import join
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.document import Document
    from levelbook.levels import Level

# In texts: the named form anywhere; the word "next" only where it says "(… level next)", or in a bold heading.
_NAMED = re.compile(r"\bZF-[0-9a-f]{6}\b")
_NEXT = re.compile(
    r"(?P<before>\((?:[\w-]+\s+)?level\s+|^\*\*(?:[\w-]+\s+)?level\s+)next\b(?=[)*])", re.MULTILINE | re.IGNORECASE
)
_SCALAR = re.compile(
    r"(?:!!\w+\s+)?(?P<quote>[\"']?)(?P<value>[\w.-]+)(?P=quote)"
)  # the value of a `level` or `current`
_CURRENT = re.compile(r"^(?P<before>current[ \t]*=[ \t]*)(?P<level>\d+|\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
_FIRST_RELEASE = re.compile(r"^#{1,6}[^\n]*\d+\.\d+[^\n]*\n", re.MULTILINE)


def pending_notes(document: Document) -> list[tuple[str, int]]:
    """Give the placeholder of every structured note of a file, and the offset of the scalar that holds it."""
    found = []
    for pointer, element in walk(document.data):
        for index, change in enumerate(element["x-changes"] if isinstance(element.get("x-changes"), list) else ()):
            level = change.get("level") if isinstance(change, dict) else None
            if isinstance(level, str) and is_pending(level):
                offset = document.offset(join(pointer, "x-changes", index, "level"))
                if offset is not None:
                    found.append((level, offset))
    return found


def assigned_notes(document: Document, levels: dict[str, Level]) -> str:
    """Give the text of a file with the levels of its structured notes written in."""
    text = document.text
    for name, offset in sorted(set(pending_notes(document)), key=lambda pair: -pair[1]):
        scalar = _SCALAR.match(text, offset)
        if scalar is not None and scalar["value"] == name and name in levels:
            text = text[:offset] + _scalar(levels[name]) + text[scalar.end() :]
    return text


def pending(text: str) -> list[tuple[str, int]]:
    """Give every placeholder in a text, and its offset."""
    found = [(match[0], match.start()) for match in _NAMED.finditer(text)]
    found += [("next", match.end("before")) for match in _NEXT.finditer(text)]
    return sorted(found, key=lambda pair: pair[1])


def assign(names: Iterable[str], first: Level) -> dict[str, Level]:
    """Give each placeholder its level, from ``first`` upwards: ``next`` first, the others by name.

    A date or a version is the level of them all: nobody but its team knows which one comes after it.

    By name, and not by where they stand, so that two branches give the same levels in whatever order they are merged.
    """
    if isinstance(first, str):
        return dict.fromkeys(names, first)
    return {
        name: first + index for index, name in enumerate(sorted(set(names), key=lambda name: (name != "next", name)))
    }


def assigned(text: str, levels: dict[str, Level]) -> str:
    """Give a text with its placeholders replaced."""
    if "next" in levels:
        text = _NEXT.sub(lambda match: f"{match['before']}{levels['next']}", text)
    return _NAMED.sub(lambda match: str(levels.get(match[0], match[0])), text)


def raised(document: Document, level: Level) -> str | None:
    """Give the text of a document with the current level of its table raised; None where it has no table."""
    table = document.data.get("info", {}).get("x-levels") if isinstance(document.data, dict) else None
    at = document.offset("/info/x-levels")
    if not isinstance(table, dict) or at is None:
        return None
    text = document.text
    if "current" in table:
        at = document.offset("/info/x-levels/current")
        scalar = _SCALAR.match(text, at) if at is not None else None
        return text if at is None or scalar is None else text[:at] + _scalar(level) + text[scalar.end() :]
    if text[at] == "{":
        key = '"current"' if text.lstrip().startswith("{") else "current"
        return f"{text[: at + 1]}{key}: {_scalar(level)}, {text[at + 1 :]}"
    indent = at - text.rfind("\n", 0, at) - 1
    return f"{text[:at]}current: {_scalar(level)}\n{' ' * indent}{text[at:]}"


def raised_setting(text: str, level: Level) -> str:
    """Give the text of a configuration with the current level of its table raised, where it has one."""
    return _CURRENT.sub(lambda match: f"{match['before']}{_scalar(level)}", text, count=1)


def _scalar(level: Level) -> str:
    """Write a level as YAML, JSON and TOML have it: one that is no number in quotes, or it would be read as a date."""
    return json.dumps(level)


def inserted(changelog: str, level: Level, name: str, fragment: str) -> str:
    """Give a changelog with a fragment as the newest level, below the heading of the newest release."""
    heading = _FIRST_RELEASE.search(changelog)
    at = heading.end() if heading else len(changelog)
    entry = f"\n**{name[:1].upper()}{name[1:]} {level}**\n\n{fragment.strip()}\n"
    return changelog[:at] + entry + changelog[at:]
