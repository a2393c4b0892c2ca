"""A file of an OpenAPI description: plain data, and the place of everything in it on demand.

>>> document = parse("openapi: 3.1.0\\ninfo: {title: Demo}", "api.yaml")
>>> document.data["info"]["title"], str(document.locate("/info/title"))
('Demo', 'api.yaml:2:8')
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from levelbook import cache
from levelbook.json_tree import json_marks, read_json
from levelbook.marks import ListMarks, MapMarks, frozen, thawed
from levelbook.pointer import split
from levelbook.problem import Location, Problem, SpecError

_NEWLINE = re.compile("\n")
_WORD = re.compile(r"\S{1,40}")
_OBJECT = re.compile(r"\s*\{")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file: ``data`` as JSON has it, ``text`` as it was read, and marks that only messages look at.

    Without marks of its own, a document that has a text is read for them when the first message needs a place; that is
    quick where it is JSON (``is_json``).
    """

    file: str
    text: str
    data: Any
    _marks: Any = field(repr=False)
    is_json: bool = field(default=False, repr=False)
    _line_starts: list[int] = field(default_factory=list, init=False, repr=False)
    _late_marks: list[Any] = field(default_factory=list, init=False, repr=False)

    @property
    def marks(self) -> Any:
        """The marks of all keys and items."""
        if self._marks is not None or not self.text:
            return self._marks
        if not self._late_marks:
            self._late_marks.append(json_marks(self.text) if self.is_json else _marks_again(self.text, self.file))
        return self._late_marks[0]

    def locate(self, pointer: str) -> Location:
        """Give the place of the key or item at ``pointer``, or of the nearest thing above it that exists."""
        mark, marks = None, self.marks
        for token in split(pointer):
            if isinstance(marks, MapMarks) and token in marks.items:
                mark, marks = marks.items[token]
            elif isinstance(marks, ListMarks) and token.isdecimal() and int(token) < len(marks.items):
                marks = marks.items[int(token)]
                mark = getattr(marks, "start", marks)
            else:
                break
        if mark is None:
            return Location(self.file, 1, 1)
        return Location(self.file, mark.line + 1, mark.column + 1)

    def offset(self, pointer: str) -> int | None:
        """Give the offset in the text at which the value at ``pointer`` begins; None where it is not written there."""
        marks = self.marks
        for token in split(pointer):
            if isinstance(marks, MapMarks) and token in marks.items:
                marks = marks.items[token][1]
            elif isinstance(marks, ListMarks) and token.isdecimal() and int(token) < len(marks.items):
                marks = marks.items[int(token)]
            else:
                return None
        return getattr(getattr(marks, "start", marks), "index", None)

    def locate_text(self, pointer: str, offset: int) -> Location:
        """Give the place of the character at ``offset`` of the string at ``pointer``.

        A block, folded or quoted scalar is not the text of the file; what is looked for is the word that begins at
        the offset, counted from the start of the scalar. Falls back on the scalar itself.
        """
        marks, value = self.marks, self.data
        for token in split(pointer):
            key: Any = token if isinstance(value, dict) else int(token)
            value = value[key]
            if isinstance(marks, MapMarks):
                marks = marks.items[token][1] if token in marks.items else None
            elif isinstance(marks, ListMarks):
                marks = marks.items[key] if isinstance(key, int) and key < len(marks.items) else None
        if not hasattr(marks, "index") or isinstance(marks, (MapMarks, ListMarks)):
            return self.locate(pointer)  # the text was not written there: it was rewound
        word = _WORD.match(value, offset)
        if word is None:
            return self.locate(pointer)
        position = marks.index - 1
        for _ in range(1 + value.count(word[0], 0, offset)):
            position = self.text.find(word[0], position + 1)
            if position < 0:
                return self.locate(pointer)
        starts = self.line_starts
        line = bisect_right(starts, position)
        return Location(self.file, line, position - starts[line - 1] + 1)

    @property
    def line_starts(self) -> list[int]:
        """The offset of the first character of each line, found when first asked for."""
        if not self._line_starts:
            self._line_starts.append(0)
            self._line_starts.extend(match.end() for match in _NEWLINE.finditer(self.text))
        return self._line_starts


def parse(text: str, file: str) -> Document:
    """Read a document from text; ``file`` is what messages call it. Raises SpecError."""
    if _OBJECT.match(text):
        with suppress(ValueError):  # flow style of YAML, or faulty
            return Document(file, text, read_json(text), None, is_json=True)
    from levelbook.tree import read_tree  # noqa: PLC0415  # YAML, which a cached document does without

    data, marks = read_tree(text, file)
    return Document(file, text, data, marks)


def _marks_again(text: str, file: str) -> Any:
    """Give the marks of YAML whose data came from the cache; the next time they do, too."""
    key = b"marks\n" + text.encode()
    kept = cache.found(key)
    if kept is not None:
        return thawed(kept)
    from levelbook.tree import read_tree  # noqa: PLC0415  # what a cached document does without

    marks = read_tree(text, file)[1]
    cache.store(key, frozen(marks))
    return marks


def read(path: Path, file: str | None = None) -> Document:
    """Read a document from a file, YAML or JSON. Raises SpecError if it cannot be read, with the place."""
    file = file or str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(file, "there is no such file", _near_names(path)) from None
    except IsADirectoryError:
        raise _unreadable(file, "this is a directory, not a document", _documents_in(path)) from None
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}", "") from None
    return read_bytes(raw, file)


def read_bytes(raw: bytes, file: str) -> Document:
    """Read a document from the content of a file that messages call ``file``. Raises SpecError."""
    text = _decode(raw, file)
    if not cache.is_worth_it(raw):
        return parse(text, file)
    kept = cache.found(raw)
    if kept is not None:
        return Document(file, text, kept["data"], None, is_json=kept["is_json"])
    document = parse(text, file)
    cache.store(raw, {"is_json": document.is_json, "data": document.data})
    return document


def _decode(raw: bytes, file: str) -> str:
    """Decode UTF-8 (RFC 8259, section 8.1, and what OpenAPI recommends for YAML)."""
    if b"\0" in raw[:4096]:
        hint = "save it as UTF-8" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "is this the right file?"
        raise _unreadable(file, "this is a binary file, not YAML or JSON", hint)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        where = Location(file, before.count(b"\n") + 1, column)
        message = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
        raise SpecError([Problem("unreadable", where, message, "save the file as UTF-8")]) from None


def _unreadable(file: str, message: str, hint: str) -> SpecError:
    return SpecError([Problem("unreadable", Location(file), message, hint)])


def _near_names(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        there = next(above for above in folder.parents if above.is_dir())
        return f"there is no folder {folder} either; {_documents_in(there)}"
    return _documents_in(folder)


def _documents_in(folder: Path) -> str:
    try:
        names = sorted(p.name for p in folder.iterdir() if p.suffix in {".yaml", ".yml", ".json"})
    except OSError:
        return ""
    if not names:
        return "name an OpenAPI document (.yaml, .yml or .json); `levelbook new DIR` makes a project to begin with"
    return f"in {folder} there is: {', '.join(names[:5])}" + (", …" if len(names) > 5 else "")
