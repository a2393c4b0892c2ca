"""Prose notes to structured ones, by line edits: comments, wrapping and everything else stay as they are.

What is not plain is left alone: a note inside a list item, one that shares link definitions with its description, a
description that is nothing but its note, a text that is no literal block, a change without a level or release.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from levelbook.elements import ABSENT
from levelbook.pointer import join
from levelbook.prose import Part, added_value, grammar_of, kind_of, link_definitions, split_prose
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.document import Document
    from levelbook.levels import LevelTable

_LITERAL = re.compile(r"(?P<indent>[ ]*)(?:- )?description:[ \t]*\|[-+]?[ \t]*(?:#[^\n]*)?\Z")
_PLAIN_SENTENCE = {
    "added": "New in {anchor}.",
    "deprecated": "Deprecated in {anchor}.",
    "removed": "Removed in {anchor}.",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One note to rewrite: the lines of its text (from 0, the last one excluded), and what stands there instead."""

    pointer: str
    first: int
    end: int
    lines: tuple[str, ...]


def edits(document: Document, table: LevelTable) -> Iterator[Edit]:
    """Give the edits that turn a file's plain prose notes into structured ones."""
    source = document.text.split("\n")
    for pointer, element in walk(document.data):
        text = element.get("description")
        if not isinstance(text, str) or "x-changes" in element or pointer in ("/info", ""):
            continue
        made = _edit(document, table, source, pointer, element)
        if made is not None:
            yield made


def applied(document: Document, chosen: list[Edit]) -> str:
    """Give the text of a file with edits made, from the last line to the first."""
    lines = document.text.split("\n")
    for edit in sorted(chosen, key=lambda edit: -edit.first):
        lines[edit.first : edit.end] = edit.lines
    return "\n".join(lines)


def _edit(
    document: Document, table: LevelTable, source: list[str], pointer: str, element: dict[str, Any]
) -> Edit | None:
    text = element["description"]
    pieces = split_prose(text, grammar_of(table))
    notes = [piece for piece in pieces if piece.is_note]
    if len(notes) != 1 or notes[0].in_list or not pieces or pieces[-1] is not notes[0] or len(pieces) < 2:  # noqa: PLR2004
        return None
    parts = notes[0].parts()
    if (
        link_definitions(text)
        or any(not part.anchors for part in parts)
        or not all(_known(table, part) for part in parts)
    ):
        return None
    key = document.locate(join(pointer, "description")).line - 1
    opening = _LITERAL.match(source[key])
    start = document.locate_text(join(pointer, "description"), notes[0].offset).line - 1
    if opening is None or start <= key:
        return None
    indent = len(source[key]) - len(source[key].lstrip(" -"))
    inner = len(source[start]) - len(source[start].lstrip(" "))  # a comment may stand further out than the text
    end = next(
        (
            index
            for index in range(start, len(source))
            if source[index].strip() and len(source[index]) - len(source[index].lstrip(" ")) < inner
        ),
        len(source),
    )
    while end > start and not source[end - 1].strip():
        end -= 1
    first = start
    while not source[first - 1].strip():
        first -= 1
    return Edit(pointer, first, end, tuple(_structured(table, parts, element.get("enum"), indent)))


def _known(table: LevelTable, part: Part) -> bool:
    """Say whether the level table gives the very anchor that the text has."""
    anchor = part.anchors[0]
    if anchor.level is None:
        return anchor.release is not None
    release = table.release_of(anchor.level)
    return release is not None and release.version == anchor.release


def _structured(table: LevelTable, parts: list[Part], enum: Any, indent: int) -> Iterator[str]:
    """Write the notes as YAML."""
    pad = " " * indent
    values = list(enum) if isinstance(enum, list) else None
    yield f"{pad}x-changes:"
    for part in parts:
        anchor = part.anchors[0]
        kind = kind_of(part.text)
        text = part.text.replace(table.anchor(anchor.level, anchor.release), "{anchor}", 1)
        level = (
            f"level: {json.dumps(anchor.level)}"
            if anchor.level is not None
            else f"release: {json.dumps(anchor.release)}"
        )
        before = None
        value = added_value(part.text, values)
        if values is not None and value is not ABSENT:
            values = [item for item in values if item is not value]
            before = f"before: {{enum: {json.dumps(values, ensure_ascii=False)}}}"
        if text == _PLAIN_SENTENCE.get(kind):
            yield f"{pad}  - {{{level}, kind: {kind}}}"
            continue
        yield f"{pad}  - {level}"
        yield f"{pad}    kind: {kind}"
        yield f"{pad}    text: |"
        for line in text.split("\n"):
            yield f"{pad}      {line}" if line.strip() else ""
        if before:
            yield f"{pad}    {before}"
