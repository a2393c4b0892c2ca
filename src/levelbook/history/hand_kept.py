"""A hand-kept changelog: releases, levels, and bullets that begin with the operations they are about.

    ## Changes in Zulip 8.0

    **Feature level 237**

    * [`POST /messages`](/api/send-message), `PATCH /realm`: Something changed.

>>> text = "## Changes in X 1.0\\n\\n**Level 7**\\n\\n* [`GET\\n  /a`](/api/get-a): New.\\n"
>>> entry = read_changelog(text)[0]
>>> entry.level, entry.release, [mention.operation for mention in entry.mentions]
(7, '1.0', ['GET /a'])
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from levelbook.history.headings import LEVEL, sections, without_asides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.levels import Level

_METHODS = "GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE"
_OPERATION = rf"(?:{_METHODS})(?:/(?:{_METHODS}))*\s+/?[^\s`\]]+"
# A link whose text is an operation, an operation in backticks, or another link; all may be wrapped over lines.
_MENTION = re.compile(
    rf"\[\s*`?\s*(?P<linked>{_OPERATION})\s*`?\s*\]\((?P<link>[^)\s]+)\)|`\s*(?P<bare>{_OPERATION})\s*`"
    r"|\[(?P<other>[^\]]+)\]\((?P<page>[^)\s]+)\)"
)
# An entry is a bullet, or a paragraph that begins with an operation.
_BULLET = re.compile(r"^ {0,3}[*+-]\s+|(?:\A|\n)[ \t]*\n(?=[\[`])", re.MULTILINE)
_BETWEEN = re.compile(r"[\s,/]*(?:\band\b|\bor\b)?[\s,/]*")
_CONVERTER = re.compile(r"<\w+:(\w+)>")  # as web frameworks write a path parameter with its type


@dataclass(frozen=True, slots=True)
class Mention:
    """An operation that a changelog names: as it is written, what it links to, where, and whether it opens an entry.

    ``operation`` is empty for a link whose text is something else.
    """

    operation: str
    link: str
    offset: int
    in_head: bool


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """What a changelog says of one level; ``offset`` is where its heading stands.

    ``level`` is None for a release that is older than the first level.
    """

    level: Level | None
    release: str | None
    offset: int
    text: str
    mentions: tuple[Mention, ...]


def read_changelog(text: str) -> list[LevelEntry]:
    """Read every level, and every release without levels, with its text and the operations it names."""
    entries = []
    text = without_asides(text)
    for release, section, start in sections(text):
        found = list(LEVEL.finditer(section))
        if not found and release is not None:
            entries.append(LevelEntry(None, release, start, section, tuple(mentions_in(section, start))))
        ends = [*(match.start() for match in found), len(section)][1:]
        for match, end in zip(found, ends, strict=True):
            level = int(match["level"]) if match["level"].isdecimal() else match["level"]
            body = section[match.end() : end]
            at = start + match.end()
            entries.append(LevelEntry(level, release, start + match.start(), body, tuple(mentions_in(body, at))))
    return entries


def mentions_in(body: str, at: int = 0) -> Iterator[Mention]:
    """Give the operations and links that a text names; ``at`` is where it begins."""
    heads = set(_heads(body))
    for match in _MENTION.finditer(body):
        opens = match.start() in heads
        if match["other"]:
            yield Mention("", match["page"], at + match.start(), opens)
            continue
        methods, path = (match["linked"] or match["bare"]).split()
        path = _CONVERTER.sub(r"{\1}", path)
        for method in methods.split("/"):
            yield Mention(f"{method} {path}", match["link"] or "", at + match.start(), opens)


def _heads(body: str) -> Iterator[int]:
    """Give the offsets of the mentions that open a bullet, one after the other, with nothing but commas between."""
    for bullet in _BULLET.finditer(body):
        position = bullet.end()
        while (match := _MENTION.match(body, position)) is not None:
            yield match.start()
            between = _BETWEEN.match(body, match.end())
            position = between.end() if between else match.end()
