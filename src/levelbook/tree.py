"""YAML text to plain data and a mark for every key and item.

libyaml's events are read by a small builder of our own, because no loader gives both: PyYAML's constructors
keep no marks, and read ``no``, ``2024-01-01`` and ``1_000`` as YAML 1.1 does, where OpenAPI asks for the JSON
meaning of scalars (OpenAPI 3.1.1, section 4.2: "tags MUST be limited to those allowed by YAML's JSON schema
ruleset; keys used in YAML maps MUST be limited to a scalar string").

>>> data, marks = read_tree("no: [no, 0o7, 1]", "x.yaml")
>>> data
{'no': ['no', '0o7', 1]}
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from levelbook.marks import ListMarks, MapMarks
from levelbook.problem import Location, Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 250  # the deepest real document we know has 60; what walks a document must not exhaust the stack
MAX_NODES = 5_000_000  # with aliases written out; GitHub's ten megabytes have 700,000

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
# JSON's three names, and the spellings that YAML 1.1 and 1.2 agree on; "yes", "no" and "on" are strings.
_NAMES: dict[str, Any] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}
_MERGE = "\0<<"  # a plain `<<`; no text of a document can hold a NUL, so no key is like it
_SURROGATES = re.compile(r"(\\+)u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def read_tree(text: str, file: str) -> tuple[Any, Any]:
    """Read one document into plain data and its marks.

    A mark has ``line``, ``column`` and ``index``, which count characters from 0. A mapping's marks are
    :class:`MapMarks`, a list's are :class:`ListMarks`, a scalar's are its mark.
    Raises SpecError at the first syntax error, and with all duplicate keys at the end.
    """
    # JSON writes what lies beyond U+FFFF as two escapes, YAML as one.
    yaml_text = _SURROGATES.sub(_one_escape, text) if "\\ud" in text or "\\uD" in text else text
    try:
        return _Builder(yaml_text, file).build()
    except YAMLError as error:
        raise SpecError([_syntax_problem(error, yaml_text, file)]) from None


class _Builder:
    """One pass over the events of a text; a method per decision, no recursion."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.next_event = CParser(text).get_event
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[Any, Any, int]] = {}  # name -> data, marks, nodes when written out
        self.nodes = 0

    def build(self) -> tuple[Any, Any]:
        self.next_event()  # the start of the stream
        first = self.next_event()
        if not isinstance(first, DocumentStartEvent):
            raise SpecError(
                [
                    Problem(
                        "syntax",
                        Location(self.file),
                        "the file is empty: it holds no document",
                        "an OpenAPI document begins with `openapi: 3.1.0`",
                    )
                ]
            )
        data, marks = self.value(self.next_event())
        self.next_event()  # the end of the document
        after = self.next_event()
        if not isinstance(after, StreamEndEvent):
            raise self.refusal(
                after,
                "a second YAML document begins here, but a file holds one",
                "remove the `---` line, or move what follows to a file of its own",
            )
        if self.problems:
            raise SpecError(self.problems)
        return data, marks

    def value(self, event: Any) -> tuple[Any, Any]:  # noqa: C901, PLR0912  # one loop, no calls: half of the time to read
        """Build the value that begins with ``event``: the loop of the whole document."""
        next_event = self.next_event
        stack: list[tuple[Any, Any, Any, Any, str | None, int]] = []
        data: Any = None  # the collection that is open, and its marks
        marks: Any = None
        key: str | None = None  # the key whose value comes next
        key_mark: Any = None
        anchor: str | None = None
        before = 0
        while True:
            kind = event.__class__
            if data.__class__ is dict and key is None and kind is not MappingEndEvent:
                key, key_mark = self.key(event), event.start_mark
                event = next_event()
                continue
            self.nodes += 1
            if kind is ScalarEvent:
                value, mark = self.scalar(event), event.start_mark
                if event.anchor:
                    self.anchors[event.anchor] = (value, mark, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((data, marks, key, key_mark, anchor, before))
                data, marks = self.opened(event, len(stack))
                key, anchor, before = None, event.anchor, self.nodes
                if anchor:
                    self.anchors.pop(anchor, None)  # an alias inside would never end
                event = next_event()
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value, mark = data, marks
                if kind is MappingEndEvent and _MERGE in data:
                    self.merge(value, mark)
                if anchor:
                    self.anchors[anchor] = (value, mark, self.nodes - before)
                data, marks, key, key_mark, anchor, before = stack.pop()
            else:
                value, mark = self.alias(event)
            if data.__class__ is dict:
                self.put(data, marks, key, key_mark, value, mark)
                key = None
            elif data.__class__ is list:
                data.append(value)
                marks.items.append(mark)
            if not stack:
                return value, mark
            event = next_event()

    def opened(self, event: Any, depth: int) -> tuple[Any, Any]:
        if depth > MAX_DEPTH:
            raise self.refusal(
                event,
                f"nested more than {MAX_DEPTH} levels deep",
                "move the inner part to `components` and refer to it with `$ref`",
            )
        if event.tag not in (None, "!") and event.tag not in _TAGS:
            raise self.unknown_tag(event)
        if event.__class__ is MappingStartEvent:
            return {}, MapMarks(event.start_mark, {})
        return [], ListMarks(event.start_mark, [])

    def key(self, event: Any) -> str:
        if event.__class__ is ScalarEvent:
            if event.value == "<<" and event.implicit[0]:
                return _MERGE
            return str(event.value)
        if event.__class__ is AliasEvent and isinstance(self.anchors.get(str(event.anchor), [None])[0], str):
            return str(self.anchors[str(event.anchor)][0])
        raise self.refusal(event, "a key that is not a scalar", "keys of OpenAPI documents are strings")

    def put(self, data: Any, marks: Any, key: Any, key_mark: Any, value: Any, mark: Any) -> None:
        if key in data:
            first = marks.items[key][0]
            self.problems.append(
                Problem(
                    "duplicate-key",
                    self.place(key_mark),
                    f"the key `{key[:80]}` stands twice in this mapping, first on line {first.line + 1}",
                    "remove one of them, or put both contents under one key",
                )
            )
            return
        data[key] = value
        marks.items[key] = (key_mark, mark)

    def merge(self, data: dict[str, Any], marks: MapMarks) -> None:
        """Fill in what ``<<`` names (YAML merge key language, 2005): own keys win, then earlier sources."""
        value, (key_mark, mark) = data.pop(_MERGE), marks.items.pop(_MERGE)
        sources = list(zip(value, mark.items, strict=True)) if isinstance(value, list) else [(value, mark)]
        if not all(isinstance(source, dict) for source, _ in sources):
            raise SpecError(
                [
                    *self.problems,
                    Problem(
                        "syntax",
                        self.place(key_mark),
                        "the merge key `<<` takes a mapping or a list of mappings",
                        "name an anchor that stands on a mapping, or quote the key if it is meant as a name",
                    ),
                ]
            )
        for source, source_marks in sources:
            for key, item in source.items():
                if key not in data:
                    data[key] = item
                    marks.items[key] = source_marks.items[key]

    def alias(self, event: Any) -> tuple[Any, Any]:
        if event.anchor not in self.anchors:
            raise self.refusal(
                event,
                f"the alias `*{event.anchor}` has no anchor above it that is complete",
                f"write `&{event.anchor}` before the value it stands for, outside that value",
            )
        value, mark, size = self.anchors[event.anchor]
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise self.refusal(
                event,
                f"with its aliases written out the document has over {MAX_NODES:,} nodes",
                "replace aliases of aliases by `$ref`",
            )
        return value, mark

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        tag = event.tag
        if tag is None:
            if not event.implicit[0]:
                return text
        elif tag in ("!", "tag:yaml.org,2002:str"):
            return text
        elif tag not in _TAGS:
            raise self.unknown_tag(event)
        if text in _NAMES:
            return _NAMES[text]
        match = _NUMBER.match(text)
        if match is None:
            return text
        try:
            number = float(text) if match[1] or match[2] else int(text)
        except ValueError:  # Python refuses integers of more than 4,300 digits
            number = math.inf
        if number in (math.inf, -math.inf):
            raise self.refusal(event, f"the number {text[:20]}… is out of range", "quote it, if it is text")
        return number

    def unknown_tag(self, event: Any) -> SpecError:
        return self.refusal(
            event,
            f"the tag `{event.tag}` is not allowed in an OpenAPI document",
            "remove the tag; quote the value if it is a string",
        )

    def place(self, mark: Any) -> Location:
        return Location(self.file, mark.line + 1, mark.column + 1)

    def refusal(self, event: Any, message: str, hint: str) -> SpecError:
        return SpecError([*self.problems, Problem("syntax", self.place(event.start_mark), message, hint)])


def _one_escape(match: re.Match[str]) -> str:
    if len(match[1]) % 2 == 0:
        return match[0]  # the backslash before the u is itself escaped
    high, low = int(match[2], 16), int(match[3], 16)
    return f"{match[1]}U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _syntax_problem(error: YAMLError, text: str, file: str) -> Problem:
    """Say what libyaml found, with the two mistakes everybody makes in words of their own."""
    mark = getattr(error, "problem_mark", None)
    found = getattr(error, "problem", None) or str(error)
    if mark is None:
        return _unreadable_character(error, text, file)
    where = Location(file, mark.line + 1, mark.column + 1)
    line = next(_lines_from(text, mark.line), "")
    if line[mark.column : mark.column + 1] == "\t" or (line[: mark.column].isspace() and "\t" in line[: mark.column]):
        return Problem(
            "syntax",
            where,
            "a tab is used for indentation, but YAML indents with spaces",
            "replace the tab by spaces",
        )
    context = getattr(error, "context", None)
    begun = getattr(error, "context_mark", None)
    since = f", {context}" + (f" that began on line {begun.line + 1}" if begun else "") if context else ""
    hint = (
        "quote a text that holds `: ` or ` #`, or begins with one of @ ` % & * ! | > { ["
        if found in ("mapping values are not allowed in this context", "found character that cannot start any token")
        else "look at the lines just above, too"
    )
    return Problem("syntax", where, f"this is not YAML: {found}{since}", hint)


def _unreadable_character(error: YAMLError, text: str, file: str) -> Problem:
    position = getattr(error, "position", None)
    code = getattr(error, "character", None)
    before = text[:position] if isinstance(position, int) else ""
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    name = f"U+{code:04X}" if isinstance(code, int) else "a control character"
    where = Location(file, line, column) if isinstance(position, int) else Location(file)
    return Problem(
        "syntax",
        where,
        f"the character {name} is not allowed in YAML",
        "remove it, or write it as an escape in a quoted string",
    )


def _lines_from(text: str, line: int) -> Iterator[str]:
    start = 0
    for _ in range(line):
        start = text.find("\n", start) + 1
        if not start:
            return
    yield text[start:].partition("\n")[0]
