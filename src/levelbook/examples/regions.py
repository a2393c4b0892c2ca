"""The marks in one file, in comments of its language, and the regions between them.

    # levelbook: prologue                           what a reader needs once: imports, a client
    # levelbook: start POST /messages: A title      until the next `# levelbook: end`
    # levelbook: start POST /messages [since 248]   for an API of these levels; [until 247]
    # levelbook: start GET /events [endless]        runs until it is stopped

``{code_example|start}`` and ``{code_example|end}`` are marks too; the operation is what a text like
``"/messages:post"`` above them names, and the regions of one such text are parts of one example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from textwrap import dedent

from levelbook.levels import Level, position
from levelbook.problem import Location, Problem

_MARK = re.compile(
    r"(?P<indent>[ \t]*)(?:#+|//+|/\*+|--|;+|%+|<!--|\(\*|'|REM\b)[ \t]*"
    r"(?:levelbook:[ \t]*(?P<word>[\w-]*)[ \t]*(?P<rest>.*?)|\{code_example\|[ \t]*(?P<part>.*?)[ \t]*\})"
    r"[ \t]*(?:\*/|-->|\*\))?[ \t]*$"
)
_OPERATION = re.compile(r"(?P<method>[A-Z]+)\s+(?P<path>/\S*?)(?P<flags>(?:\s+\[[^\]]*\])*)(?::\s+(?P<title>.+))?$")
_FLAG = re.compile(r"\[\s*(\S*)\s*([^\]]*?)\s*\]")
_NAMED = re.compile(r"[\"'](/[^\"'\s]*):(get|put|post|delete|options|head|patch|trace)[\"']", re.IGNORECASE)
_FUNCTION = re.compile(r"(?:async\s+)?(?:def|class)\s")
_WORDS = ("start", "end", "prologue")
_WRONG = "?"  # the operation of a region whose mark is wrong: it is read to its end, and left out
_HINT = "the marks are `levelbook: start METHOD /path`, `levelbook: prologue` and `levelbook: end`, in comments"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A shown region: the operation it is an example of, its language, title, code, and where it begins.

    It holds for an API from level ``since`` to level ``until``; ``endless`` says that its program does not end by
    itself; ``last`` is the line of the mark that ends it.
    """

    operation: str
    language: str
    title: str
    code: str
    where: Location
    since: Level | None = None
    until: Level | None = None
    endless: bool = False
    last: int = 0

    def holds_at(self, level: Level | None) -> bool:
        """Whether the snippet is for an API at this level; None is the newest."""
        at = position(level, None) if level is not None else (3, ())
        return (self.since is None or position(self.since, None) <= at) and (
            self.until is None or at <= position(self.until, None)
        )

    def meets(self, other: Snippet) -> bool:
        """Whether there is a level that both are for."""
        return not (_ends_before(self, other) or _ends_before(other, self))


def _ends_before(one: Snippet, other: Snippet) -> bool:
    if one.until is None or other.since is None:
        return False
    return position(one.until, None) < position(other.since, None)


def read_regions(text: str, language: str, file: str) -> tuple[str, list[Snippet], list[Problem]]:
    """Give the prologue of a file, its snippets, and what is wrong with its marks."""
    reading = _Reading(language, file)
    for number, line in enumerate(text.split("\n"), 1):
        reading.line(number, line)
    reading.close()
    return "\n".join(reading.prologue), reading.snippets, reading.problems


@dataclass(slots=True)
class _Reading:
    """A file as far as it is read: the region that has begun, and what the regions before gave."""

    language: str
    file: str
    begun: Snippet | None = None  # a prologue is one without an operation
    lines: list[str] = field(default_factory=list)
    named: tuple[str, int] = ("", 0)  # the operation that a text names, and the line of it
    fresh: bool = False  # no function has begun since
    prologue: list[str] = field(default_factory=list)
    snippets: list[Snippet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: dict[int, int] = field(default_factory=dict)  # line of a naming text -> its snippet
    is_part: bool = False

    def line(self, number: int, line: str) -> None:
        """Read on by one line."""
        mark = _MARK.match(line)
        if mark is None:
            self.lines.append(line)
            self._name(number, line)
            return
        where = Location(self.file, number, len(mark["indent"]) + 1)
        word = mark["word"] if mark["part"] is None else mark["part"]
        if word == "end":
            self._end(where)
        elif word not in _WORDS or (word == "prologue" and mark["word"] is None):
            self._unknown(word, where)
        elif self.begun is not None:
            message = f"the region that began on line {self.begun.where.line} has not ended"
            self._wrong(where, message)
        else:
            self.begun = self._beginning(mark, where)
            self.lines = []

    def close(self) -> None:
        """Object to what has not ended."""
        if self.begun is not None:
            self._wrong(self.begun.where, "this region does not end")

    def _name(self, number: int, line: str) -> None:
        found = _NAMED.search(line) if self.begun is None else None
        if found is not None:
            self.named, self.fresh = (f"{found[2].upper()} {found[1]}", number), True
        elif _FUNCTION.match(line):  # what a text names is the function that follows
            self.named = self.named if self.fresh else ("", 0)
            self.fresh = False

    def _beginning(self, mark: re.Match[str], where: Location) -> Snippet:
        self.is_part = mark["word"] is None
        if mark["word"] == "prologue":
            if mark["rest"]:
                self._wrong(_at(where, mark.start("rest")), f"a prologue takes nothing behind it: `{mark['rest']}`")
            return Snippet("", self.language, "", "", where)
        if mark["word"] == "start":
            return self._started(mark["rest"], where, mark.start("rest"))
        if not self.named[0]:
            message = "no operation is named above this region"
            self._wrong(where, message, 'name it in a text like `"/messages:post"`, in what the function is given to')
        return Snippet(self.named[0] or _WRONG, self.language, "", "", where)

    def _started(self, rest: str, where: Location, start: int) -> Snippet:
        match = _OPERATION.match(rest)
        if match is None:
            if rest:
                self._wrong(_at(where, start), f"`{rest}` is no METHOD /path")
            else:
                self._wrong(where, "this mark names no operation")
            return Snippet(_WRONG, self.language, "", "", where)
        operation = f"{match['method']} {match['path']}"
        begun = Snippet(operation, self.language, match["title"] or "", "", where)
        for flag in _FLAG.finditer(match["flags"]):
            name, value = flag[1], flag[2]
            level: Level = int(value) if value.isdecimal() else value
            if name == "endless" and not value:
                begun = replace(begun, endless=True)
            elif name in ("since", "until") and value:
                begun = replace(begun, since=level) if name == "since" else replace(begun, until=level)
            else:
                place = _at(where, start + match.start("flags") + flag.start())
                hint = "there are [since LEVEL], [until LEVEL] and [endless]"
                self._wrong(place, f"`{flag[0]}` says nothing about an example", hint)
        return begun

    def _end(self, where: Location) -> None:
        begun, self.begun = self.begun, None
        if begun is None:
            self._wrong(where, "this end has no start above it")
            return
        code = dedent("\n".join(self.lines)).strip("\n") + "\n"
        if not code.strip():
            self._wrong(begun.where, "this region is empty", "put the marks around what the page shall show")
        elif not begun.operation:
            self.prologue.append(code)
        elif begun.operation != _WRONG:
            self._shown(replace(begun, code=code, last=where.line))

    def _shown(self, snippet: Snippet) -> None:
        place = self.parts.get(self.named[1]) if self.is_part else None
        if place is not None:
            first = self.snippets[place]
            self.snippets[place] = replace(first, code=f"{first.code}\n{snippet.code}", last=snippet.last)
            return
        if self.is_part:
            self.parts[self.named[1]] = len(self.snippets)
        self.snippets.append(snippet)

    def _unknown(self, word: str, where: Location) -> None:
        near = get_close_matches(word, _WORDS, 1)
        hint = f"did you mean `{near[0]}`? {_HINT}" if near else _HINT
        self._wrong(where, f"there is no mark `{word}`" if word else "this mark has no word", hint)

    def _wrong(self, where: Location, message: str, hint: str = _HINT) -> None:
        self.problems.append(Problem("snippet", where, message, hint))


def _at(where: Location, offset: int) -> Location:
    return Location(where.file, where.line, offset + 1)
