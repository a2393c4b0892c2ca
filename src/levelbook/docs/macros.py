"""Macros as a page writes them, in braces: ``{name|part}``, ``{name(options)|part}``; and where code stands.

>>> [(call.name, call.options, call.parts) for call in calls("{show(python)|/users/{id}:get|example} and {id}")]
[('show', 'python', ('/users/{id}:get', 'example')), ('id', '', ())]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A part may have braces of its own, as templates of paths do. Jinja's `{{` and an escaped brace begin none.
_PART = r"(?:[^{}|\n]|\{[^{}\n]*\})*"
_CALL = re.compile(rf"(?<![{{\\])\{{([A-Za-z_][\w-]*)(\((?:[^(){{}}\n]|\{{[^{{}}\n]*\}})*\))?((?:\|{_PART})*)\}}")
_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_FENCE = re.compile(r"(\s*)(`{3,}|~{3,})(.*)")
_OPTION = re.compile(r"\s*(?P<name>\w+)\s*=\s*\[(?P<items>[^\]]*)\]\s*\Z|\s*(?P<bare>[\w.+#-]+)\s*\Z")
_ITEM = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')\s*\Z""")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the pages of one project may say in braces besides what every page may, from its configuration.

    ``values`` are those of ``{{ name }}``; ``macros`` are texts by macro, or by macro and argument, whose ``{}`` take
    the arguments; ``tabs`` are the labels of tabs.
    """

    values: dict[str, str] = field(default_factory=dict)
    macros: dict[str, str | dict[str, str]] = field(default_factory=dict)
    tabs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A macro as it is written on a line, from ``start`` to ``end``; ``options`` stood in parentheses."""

    name: str
    options: str
    parts: tuple[str, ...]
    start: int
    end: int

    @property
    def is_bare(self) -> bool:
        """Whether this is a word in braces, which may be text as well."""
        return not self.options and not self.parts


def calls(line: str) -> Iterator[Call]:
    """Give every macro of a line, in order, those within code spans too."""
    for match in _CALL.finditer(line):
        parts = _split(match[3][1:]) if match[3] else ()
        yield Call(match[1], (match[2] or "")[1:-1].strip(), parts, *match.span())


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


def in_code(line: str, at: int) -> bool:
    """Say whether a place of a line lies in a code span (CommonMark 0.31, section 6.1)."""
    return any(match.start() <= at < match.end() for match in _SPAN.finditer(line))


def read_options(text: str) -> tuple[str, dict[str, tuple[str, ...]]] | None:
    """Read ``python`` or ``curl, exclude=["topic"]``: a word, and lists by name; None where it is neither."""
    word, lists = "", dict[str, tuple[str, ...]]()
    for option in re.split(r",(?![^\[]*\])", text):
        match = _OPTION.match(option)
        if match is None or (match["bare"] and word):
            return None
        if match["bare"]:
            word = match["bare"]
            continue
        items = [_ITEM.match(item) for item in match["items"].split(",")]
        if not all(items):
            return None
        lists[match["name"]] = tuple(item[1] if item[1] is not None else item[2] for item in items if item)
    return word, lists


@dataclass(slots=True)
class Fences:
    """Follows fenced code line by line (CommonMark 0.31, section 4.5)."""

    opened: str = ""
    indent: int = 0

    def take(self, line: str) -> bool:
        """Take the next line; say whether it belongs to fenced code, its fences included."""
        match = _FENCE.match(line)
        if not self.opened:
            if match is None or (match[2][0] == "`" and "`" in match[3]):
                return False
            self.opened, self.indent = match[2], len(match[1])
        elif match and match[2].startswith(self.opened) and not match[3].strip() and len(match[1]) <= self.indent + 3:
            self.opened = ""
        return True
