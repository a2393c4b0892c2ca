"""Stubs written into the text of a document, by inserting lines: nothing that stands there is written anew.

>>> from levelbook.document import parse
>>> from levelbook.levels import LevelTable
>>> from levelbook.review.stubs import Stub
>>> document = parse("a:\\n  type: string\\n  description: A.\\n  maxLength: 5\\n", "x.yaml")
>>> print(written(document, [Stub("/a", "added", 7, "")], LevelTable()), end="")
a:
  type: string
  description: A.
  x-changes:
    - level: 7
      kind: added
  maxLength: 5
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.bundle import to_yaml
from levelbook.elements import ABSENT
from levelbook.marks import ListMarks, MapMarks
from levelbook.pointer import split
from levelbook.prose import grammar_of, split_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.document import Document
    from levelbook.levels import LevelTable
    from levelbook.review.stubs import Stub

_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t]+)+")
_LITERAL = re.compile(r"(?P<indent>[ ]*)(?:- )?description:[ \t]*\|[-+]?[ \t]*(?:#[^\n]*)?\Z")
_BOLD = re.compile(r"(\*\*|__)Changes?(?:\1[ \t]*:|:[ \t]*\1)[ \t]*")
# What a note of these kinds says without a text of its own, as `notes` has it.
_SENTENCES = {
    "added": "New in {anchor}.",
    "deprecated": "Deprecated in {anchor}.",
    "undeprecated": "No longer deprecated as of {anchor}.",
}
_WIDE = 100  # characters of a line


class _Insertion(NamedTuple):
    """Text that goes in at an offset, in place of ``gone`` characters."""

    offset: int
    text: str
    gone: int = 0


def written(document: Document, made: Iterable[Stub], table: LevelTable, *, prose: bool = False) -> str:
    """Give the text of a file with stubs in it: structured notes, or prose where an element has room for it."""
    insertions: list[_Insertion] = []
    by_place: dict[str, list[Stub]] = {}
    for stub in made:
        by_place.setdefault(stub.pointer, []).append(stub)
    written_at: set[int] = set()
    for pointer, mine in by_place.items():
        marks = _marks(document, pointer)
        if isinstance(marks, MapMarks):
            if marks.start.index in written_at:
                continue  # by an anchor of YAML the same lines stand there: they are written once
            written_at.add(marks.start.index)
        found = _prose(document, pointer, mine, table) if prose and _may_be_described(pointer) else None
        insertions += found if found is not None else _structured(document, pointer, mine)
    text = document.text
    for one in sorted(insertions, key=lambda item: item.offset, reverse=True):
        text = text[: one.offset] + one.text + text[one.offset + one.gone :]
    return text


def _may_be_described(pointer: str) -> bool:
    """Say whether OpenAPI has a description there: not of the document, a media type or a callback."""
    tokens = split(pointer)
    return bool(tokens) and tokens[-1] != "paths" and tokens[-2:-1] not in (["content"], ["callbacks"])


def sentence_of(stub: Stub, table: LevelTable) -> str:
    """Give a stub as a sentence of prose."""
    anchor = table.anchor(stub.level)
    if stub.kind in _SENTENCES:
        return _SENTENCES[stub.kind].format(anchor=anchor)
    if stub.value is not ABSENT:
        return f"In {anchor}, `{stub.value if isinstance(stub.value, str) else json.dumps(stub.value)}` was added."
    return f"In {anchor}, {stub.text or 'this changed'}."


def _structured(document: Document, pointer: str, mine: list[Stub]) -> list[_Insertion]:
    """Insert `x-changes`, or further items into one that is there."""
    marks = _marks(document, pointer)
    if not isinstance(marks, MapMarks):
        return []
    start, text = _start(document, marks), document.text
    if text[start : start + 1] == "{":
        return _in_flow(text, start, marks, mine)
    known = marks.items.get("x-changes")
    if known is not None and isinstance(known[1], ListMarks) and known[1].items and text[known[1].start.index] == "-":
        at = known[1].start
        return [_lines_at(document, at.line, [line for stub in mine for line in _item(stub, at.column)])]
    if known is not None:
        return _in_list(text, known[1], mine)
    key = next(iter(marks.items.values()))[0]
    lines = [f"{' ' * key.column}x-changes:", *(line for stub in mine for line in _item(stub, key.column + 2))]
    return [_lines_at(document, _line_for(document, marks), lines)]


def _line_for(document: Document, marks: MapMarks) -> int:
    """Give the line before which a new key goes: after the description, and never before a first key after a dash."""
    names = list(marks.items)
    keys = [mark for mark, _ in marks.items.values()]
    index = names.index("description") + 1 if "description" in names else 0
    lines = document.text.split("\n")
    if index < len(keys) and not lines[keys[index].line][: keys[index].column].strip():
        return int(keys[index].line)
    return _end_of(lines, keys[-1].line, keys[-1].column)


def _end_of(lines: list[str], line: int, column: int) -> int:
    """Give the line after the last one of a mapping whose last key stands at a line and column."""
    end = line + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > column):
        end += 1
    while end > line + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _in_flow(text: str, start: int, marks: MapMarks, mine: list[Stub]) -> list[_Insertion]:
    known = marks.items.get("x-changes")
    if known is not None:
        return _in_list(text, known[1], mine)
    comma = ", " if marks.items else ""
    return [
        _Insertion(start + 1, f'"x-changes": {json.dumps([_data(stub) for stub in mine], ensure_ascii=False)}{comma}')
    ]


def _in_list(text: str, marks: Any, mine: list[Stub]) -> list[_Insertion]:
    """Insert items at the beginning of a list in brackets."""
    start = getattr(getattr(marks, "start", marks), "index", None)
    if start is None or text[start : start + 1] != "[":
        return []
    items = ", ".join(json.dumps(_data(stub), ensure_ascii=False) for stub in mine)
    comma = ", " if getattr(marks, "items", ()) else ""
    return [_Insertion(start + 1, items + comma)]


def _item(stub: Stub, indent: int) -> Iterator[str]:
    """Write a stub as an item of a list."""
    data = _data(stub)
    before = data.pop("before", None)
    lines = to_yaml([data]).splitlines()
    if before is not None:
        flow = f"  before: {json.dumps(before, ensure_ascii=False)}"
        lines += (
            [flow]
            if len(flow) + indent <= _WIDE
            else ["  before:", *(f"    {line}" for line in to_yaml(before).splitlines())]
        )
    yield from (" " * indent + line if line else "" for line in lines)


def _data(stub: Stub) -> dict[str, Any]:
    data: dict[str, Any] = {"level": stub.level, "kind": stub.kind}
    if stub.kind not in _SENTENCES and stub.text:
        data["text"] = f"In {{anchor}}, {stub.text}."
    if stub.before is not None:
        data["before"] = stub.before
    return data


def _prose(document: Document, pointer: str, mine: list[Stub], table: LevelTable) -> list[_Insertion] | None:
    """Insert paragraphs into a description that is a literal block, or a description; None where neither can be."""
    marks = _marks(document, pointer)
    if not isinstance(marks, MapMarks) or "$ref" in marks.items or document.text[_start(document, marks) :][:1] == "{":
        return None
    sentences = [sentence_of(stub, table) for stub in mine]
    if "description" not in marks.items:
        key = next(iter(marks.items.values()))[0]
        pad = " " * key.column
        lines = [f"{pad}description: |", *_paragraphs(sentences, pad + "  ", first="**Changes**: ")]
        return [_lines_at(document, _line_for(document, marks), lines)]
    lines = document.text.split("\n")
    key = marks.items["description"][0]
    if not _LITERAL.match(lines[key.line]):
        return None
    inner = next((line for line in lines[key.line + 1 :] if line.strip()), "")
    pad = " " * (len(inner) - len(inner.lstrip()))
    value = _value(document, pointer)["description"]
    note = next((piece for piece in split_prose(value, grammar_of(table)) if piece.is_note and not piece.in_list), None)
    if note is None:
        end = _end_of(lines, key.line, key.column)
        return [_lines_at(document, end, ["", *_paragraphs(sentences, pad, first="**Changes**: ")])]
    where = document.locate_text(f"{pointer}/description", note.offset)
    bold = _BOLD.match(lines[where.line - 1], where.column - 1)
    offset = document.line_starts[where.line - 1] + where.column - 1
    if bold is None:
        return None
    new = "\n".join(_paragraphs(sentences, pad, first="**Changes**: ")).lstrip()
    return [_Insertion(offset, f"{new}\n\n{pad}", len(bold[0]))]


def _paragraphs(sentences: list[str], pad: str, *, first: str) -> Iterator[str]:
    for index, sentence in enumerate(sentences):
        if index:
            yield ""
        yield f"{pad}{first if not index else ''}{sentence}"


def _lines_at(document: Document, line: int, lines: list[str]) -> _Insertion:
    starts = document.line_starts
    if line < len(starts):
        return _Insertion(starts[line], "\n".join(lines) + "\n")
    return _Insertion(len(document.text), ("" if document.text.endswith("\n") else "\n") + "\n".join(lines) + "\n")


def _start(document: Document, marks: MapMarks) -> int:
    """Give the offset of a mapping itself, behind its anchor and its tag (YAML 1.2.2, 6.9)."""
    found = _PROPERTIES.match(document.text, marks.start.index)
    return found.end() if found else marks.start.index


def _marks(document: Document, pointer: str) -> Any:
    marks = document.marks
    for token in split(pointer):
        if isinstance(marks, MapMarks) and token in marks.items:
            marks = marks.items[token][1]
        elif isinstance(marks, ListMarks) and token.isdecimal() and int(token) < len(marks.items):
            marks = marks.items[int(token)]
        else:
            return None
    return marks


def _value(document: Document, pointer: str) -> Any:
    value = document.data
    for token in split(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value
