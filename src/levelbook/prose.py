"""Change notes as people write them, inside descriptions.

A note begins with the bold word **Changes** and a colon, wherever that stands: at the start of a paragraph, first in
the description, or inside a list item. It runs to the end of the list item, or of the description; the older changes
follow as further paragraphs. Nothing is lost: the pieces joined again are the description, character by character.

>>> text = "The topic.\\n\\n**Changes**: New in Zulip 8.0 (feature level 218).\\n\\nAdded in Zulip 2.1.\\n"
>>> pieces = split_prose(text)
>>> [piece.is_note for piece in pieces], "".join(piece.text for piece in pieces) == text
([False, True], True)
>>> [part.anchors for part in parts(pieces[1])]
[(Anchor(release='8.0', level=218),), (Anchor(release='2.1', level=None),)]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.elements import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.levels import Level, LevelTable

_MARK = re.compile(r"(\*\*|__)Changes?(?:\1[ \t]*:|:[ \t]*\1)", re.IGNORECASE)
# Bold by other means: in HTML, where Markdown may not be read. It is shown, and not taken for a note.
LIST_MARK = re.compile(r"<(b|strong)>Changes?</\1>", re.IGNORECASE)
_BULLET = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+")
_LINK_DEFINITIONS = re.compile(r"(?:\n[ \t]{0,3}\[[^\]\n]+\]:[^\n]*(?:\n[ \t]+\S[^\n]*)*)+\s*\Z")
_DEFINITION = re.compile(r"^[ \t]{0,3}\[([^\]\n]+)\]:[ \t]*\S[^\n]*(?:\n[ \t]+\S[^\n]*)*", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_VERSION = r"\d+(?:\.(?:\d+|x))+"
_LEVEL = r"(?:\d{4}-\d{2}-\d{2}|\d{1,9}(?:\.\d{1,9})*|ZF-[0-9a-f]{6}|next\b)"
_NUMBER = re.compile(r"\d{1,9}")
_LIST = re.compile(r"(?:\s*(?:[-\u2013,+]|and|to)?\s*\d*\+?)*")  # the rest of "278-279, and 287+"
# "`"channel"` was added as a value", "Added `"channel"`": a value in backticks, with JSON's quotes or without
_ADDED_VALUE = re.compile(
    r"`(?P<before>[^`]+)`[^.`]*?\b(?:was|were|is) (?:newly )?added\b"
    r"|\b[Aa]dded (?:the )?(?:\w+ )?(?:\()?`(?P<after>[^`]+)`"
)
_KINDS = (
    ("added", re.compile(r"^\W*(?:new|added|introduced) in\b", re.IGNORECASE)),
    ("undeprecated", re.compile(r"\bundeprecated\b|\bno longer deprecated\b", re.IGNORECASE)),
    ("deprecated", re.compile(r"\bdeprecat", re.IGNORECASE)),
    ("removed", re.compile(r"\bremoved?\b", re.IGNORECASE)),
    ("renamed", re.compile(r"\brenamed?\b", re.IGNORECASE)),
)  # fmt: skip


class Grammar(NamedTuple):
    """How a document speaks of levels: the product that releases are of, and what a level is called.

    Without a product, any capitalized word before a version is taken for it.
    """

    product: str = ""
    name: str = "level"


ANY_PRODUCT = Grammar()


def grammar_of(table: LevelTable) -> Grammar:
    """Give the way of speaking that goes with a level table."""
    return Grammar(table.product, table.name)


@cache
def _anchor_pattern(grammar: Grammar) -> re.Pattern[str]:
    """Match "Zulip 9.0 (feature level 248)", "Zulip 2.1.x", "feature level 12"; words may be wrapped over lines.

    With a level behind it, whatever stands before a version is a release ("Before 10.0 (feature level 334)").
    """
    product = rf"{re.escape(grammar.product)}(?:\s+[A-Z]\w*)?" if grammar.product else r"[A-Z]\w*"
    words = [re.escape(word) for word in grammar.name.split() or ["level"]]
    whole = r"\s+".join(words)
    level = rf"(?:{whole}|(?:[\w-]+\s+)?{words[-1]})s?\s+"
    return re.compile(
        rf"\b[A-Z]\w*\s+(?P<release>{_VERSION})\s+\({level}(?P<level>{_LEVEL})(?P<more>[^)]*)\)"
        rf"|\b{product}\s+(?P<only>{_VERSION})(?![\w.]*\s+\({level}\d)"
        rf"|\b{level}(?P<bare>{_LEVEL})(?P<others>)\b"
    )


class Anchor(NamedTuple):
    """A release or a level, or both, that a note names."""

    release: str | None
    level: Level | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a description: a note with its bold word, or what is none; ``offset`` is where it begins."""

    text: str
    offset: int
    is_note: bool
    in_list: bool = False
    grammar: Grammar = ANY_PRODUCT

    def parts(self) -> list[Part]:
        """Give the changes that a note tells of, newest first as written, without the bold word."""
        return parts(self)


@dataclass(frozen=True, slots=True)
class Part:
    """One change within a note: its paragraph, or several where the later ones name no release."""

    text: str
    offset: int
    anchors: tuple[Anchor, ...]


def split_prose(text: str, grammar: Grammar = ANY_PRODUCT) -> list[Piece]:
    """Cut a description into notes and what stands between them; joined, the texts give it back."""
    pieces: list[Piece] = []
    end = 0
    marks = list(_MARK.finditer(text))
    for index, mark in enumerate(marks):
        start = mark.start()
        if start < end or not _begins_note(text, start):
            continue
        following = next(
            (other.start() for other in marks[index + 1 :] if _begins_note(text, other.start())), len(text)
        )
        indent = _bullet_indent(text, start)
        stop = _end_of_item(text, start, indent) if indent is not None else _end_of_text(text, start)
        stop = min(stop, following)
        if indent is None:
            stop = _before_introduction(text, start, stop, grammar)
        if start > end:
            pieces.append(Piece(text[end:start], end, is_note=False))
        pieces.append(Piece(text[start:stop], start, is_note=True, in_list=indent is not None, grammar=grammar))
        end = stop
    if end < len(text):
        pieces.append(Piece(text[end:], end, is_note=False))
    return pieces


def parts(piece: Piece) -> list[Part]:
    """Give the changes that a note tells of, newest first as written, without the bold word."""
    mark = _MARK.match(piece.text)
    begin = mark.end() if mark else 0
    found: list[Part] = []
    for text, offset in _paragraphs(piece.text, begin):
        anchors = tuple(dict.fromkeys(anchors_in(text, piece.grammar)))
        if found and not anchors:
            last = found.pop()
            found.append(
                Part(
                    piece.text[last.offset - piece.offset : offset + len(text)].strip(),
                    last.offset,
                    last.anchors,
                )
            )
        else:
            found.append(Part(text, piece.offset + offset, anchors))
    return found


def anchors_in(text: str, grammar: Grammar = ANY_PRODUCT, *, lists: bool = True) -> Iterator[Anchor]:
    """Give every release and level that a text names, in its order.

    "(feature levels 278-279, and 287+)" gives each level that it names; without ``lists`` the first of them.
    """
    for match in _anchor_pattern(grammar).finditer(text):
        level = match["level"] or match["bare"]
        release = match["release"] or match["only"]
        yield Anchor(release, None if level is None else int(level) if level.isdecimal() else level)
        if lists and match["more"] and level.isdecimal() and _LIST.fullmatch(match["more"]):
            yield from (Anchor(release, int(number)) for number in _NUMBER.findall(match["more"]))


def is_new(text: str) -> bool:
    """Say whether a change is that its element came into being: only "New in …" at the beginning says so."""
    return kind_of(text) == "added"


def added_value(text: str, enum: Any) -> Any:
    """Give the value of an enum that a change says was added; ABSENT where that is not evident."""
    if isinstance(enum, list) and (match := _ADDED_VALUE.search(" ".join(text.split()))) is not None:
        written = match["before"] or match["after"]
        for value in enum:
            if written in (value, f'"{value}"') or (not isinstance(value, str) and written == str(value)):
                return value
    return ABSENT


def rewound_text(text: str, anchor: Anchor, grammar: Grammar) -> tuple[str, str] | None:
    """Give a description without the change at an anchor, and what that change says; None where there is none.

    The next older change then carries the bold word; without one, the note is gone.
    """
    for piece in split_prose(text, grammar):
        found = parts(piece) if piece.is_note else []
        for index, part in enumerate(found):
            if part.anchors[:1] != (anchor,):
                continue
            after = text[piece.offset + len(piece.text) :]
            if len(found) == 1:
                return (
                    text[: piece.offset].rstrip() + ("\n" if text.endswith("\n") else "") + after.lstrip("\n")
                    if not after.strip()
                    else text[: piece.offset] + after.lstrip("\n")
                ), part.text
            following = found[index + 1].offset if index + 1 < len(found) else piece.offset + len(piece.text)
            return text[: part.offset] + text[following:], part.text
    return None


def kind_of(text: str) -> str:
    """Say what a change is, from its first sentence: added, removed, renamed, deprecated, undeprecated, or changed.

    Only "New in …" at the beginning says that the element itself is new; a value or a use of it may be "added" too.
    """
    sentence = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
    return next((kind for kind, pattern in _KINDS if pattern.search(sentence)), "changed")


def _begins_note(text: str, start: int) -> bool:
    """Say whether the bold word stands where a note may begin: first in a line, a list item, or after ``<br>``."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    bullet = _BULLET.match(line)
    before = line[bullet.end() :] if bullet else line
    return not before.strip() or re.search(r"<br\s*/?>\s*\Z", before) is not None


def _bullet_indent(text: str, start: int) -> int | None:
    """Give how far the bullet of the list item is indented that a position lies in; None outside lists."""
    line_start = text.rfind("\n", 0, start) + 1
    if bullet := _BULLET.match(text, line_start, start):
        return len(bullet[1])
    indent = start - line_start
    while line_start > 0:  # upwards, to the first line that is less indented
        line_start = text.rfind("\n", 0, line_start - 1) + 1
        line = text[line_start : text.find("\n", line_start)]
        if not line.strip():
            continue
        here = len(line) - len(line.lstrip())
        bullet = _BULLET.match(line)
        if bullet and bullet.end() <= indent:
            return len(bullet[1])
        if here < indent or (not bullet and here == 0):
            if here == 0:
                return None
            indent = here
    return None


def _end_of_item(text: str, start: int, indent: int) -> int:
    position = text.find("\n", start)
    while 0 <= position < len(text) - 1:
        line = text[position + 1 : (text.find("\n", position + 1) + 1 or len(text) + 1) - 1]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return position + 1
        position = text.find("\n", position + 1)
    return len(text)


def _end_of_text(text: str, start: int) -> int:
    """Leave the link definitions at the end to the description: both it and the note use them."""
    definitions = _LINK_DEFINITIONS.search(text, start)
    return definitions.start() if definitions else len(text)


def _before_introduction(text: str, start: int, stop: int, grammar: Grammar) -> int:
    """Leave out a last paragraph that ends with a colon and names no release: it introduces what follows the text."""
    last = text[start:stop].rstrip()
    cut = max((gap.end() for gap in _PARAGRAPH.finditer(last)), default=0)
    if cut and last.endswith(":") and not any(anchors_in(last[cut:], grammar)):
        return start + cut
    return stop


def link_definitions(text: str) -> dict[str, str]:
    """Give the link reference definitions of a text (CommonMark 0.31, section 4.7), by their labels."""
    return {match[1].lower(): match[0].strip() for match in _DEFINITION.finditer(text)}


def links_used(text: str, definitions: dict[str, str]) -> list[str]:
    """Give the definitions that a text refers to."""
    return [written for label, written in definitions.items() if f"[{label}]" in text.lower()]


def _paragraphs(text: str, begin: int) -> Iterator[tuple[str, int]]:
    position = begin
    for gap in [*_PARAGRAPH.finditer(text, begin), None]:
        end = gap.start() if gap else len(text)
        inner = text[position:end]
        if inner.strip():
            yield inner.strip(), position + len(inner) - len(inner.lstrip())
        position = gap.end() if gap else end
