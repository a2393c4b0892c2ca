"""Snippets: the marked regions of real files, one folder per language.

    # levelbook: start POST /messages: An optional title
    …
    # levelbook: end

What stands outside the marks is set-up: it is run, and not shown. A region that holds only for some levels says so:
``start POST /messages [since 248]``, ``start POST /messages [until 247]``.

>>> found, problems = read_snippets("# levelbook: start GET /users\\nprint(1)\\n# levelbook: end\\n", "python", "x.py")
>>> found[0].operation, found[0].code
('GET /users', 'print(1)\\n')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from levelbook.levels import Level, position
from levelbook.problem import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARK = re.compile(r"levelbook:\s*(start|end)\b[ \t]*(.*?)\s*(?:\*/|-->)?\s*$")
_OPERATION = re.compile(
    r"(?P<method>[A-Z]+)\s+(?P<path>/\S*?)(?:\s+\[(?P<side>since|until)\s+(?P<level>[^\]\s]+)\])?(?::\s+(?P<title>.+))?$"
)
_HINT = "the marks are `levelbook: start METHOD /path` and `levelbook: end`, in comments"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A shown region: the operation it is an example of, its language, title, code, and where it begins."""

    operation: str
    language: str
    title: str
    code: str
    where: Location
    since: Level | None = None
    until: Level | None = None

    def holds_at(self, level: Level | None) -> bool:
        """Whether the snippet is for an API at this level; None is the newest."""
        at = position(level, None) if level is not None else (3, ())
        return (self.since is None or position(self.since, None) <= at) and (
            self.until is None or at <= position(self.until, None)
        )


def read_folder(folder: Path, operations: Iterable[str]) -> tuple[list[Snippet], list[Problem]]:
    """Read every file below ``folder/<language>/``; a mark that names no operation is a problem."""
    known = set(operations)
    snippets: list[Snippet] = []
    problems: list[Problem] = []
    for path in sorted(path for path in folder.glob("*/*") if path.is_file()):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            problems.append(Problem("snippet", Location(str(path)), "this file is not UTF-8", "save it as UTF-8"))
            continue
        found, wrong = read_snippets(text, path.parent.name, str(path))
        problems += wrong
        for snippet in found:
            if snippet.operation in known:
                snippets.append(snippet)
            else:
                problems.append(
                    Problem(
                        "snippet",
                        snippet.where,
                        f"the document has no operation {snippet.operation}",
                        "correct the mark, or remove the snippet",
                    )
                )
    return snippets, problems


def read_snippets(text: str, language: str, file: str) -> tuple[list[Snippet], list[Problem]]:
    """Cut the marked regions out of one file."""
    snippets: list[Snippet] = []
    problems: list[Problem] = []
    begun: Snippet | None = None
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        mark = _MARK.search(line)
        where = Location(file, number, 1)
        if mark is None:
            lines.append(line)
        elif mark[1] == "end":
            if begun is None:
                problems.append(Problem("snippet", where, "this end has no start above it", _HINT))
            else:
                snippets.append(replace(begun, code=dedent("".join(lines)).strip("\n") + "\n"))
            begun = None
        elif begun is not None:
            message = f"the region that began on line {begun.where.line} has not ended"
            problems.append(Problem("snippet", where, message, _HINT))
        elif (begun := _begun(mark[2], language, where)) is None:
            problems.append(Problem("snippet", where, f"`{mark[2]}` is no METHOD /path", _HINT))
        else:
            lines = []
    if begun is not None:
        problems.append(Problem("snippet", begun.where, "this region does not end", _HINT))
    return snippets, problems


def _begun(mark: str, language: str, where: Location) -> Snippet | None:
    """Read what stands behind `start`; the code is still to come."""
    match = _OPERATION.match(mark)
    if match is None:
        return None
    level: Level | None = int(match["level"]) if (match["level"] or "").isdecimal() else match["level"]
    return Snippet(
        operation=f"{match['method']} {match['path']}",
        language=language,
        title=match["title"] or "",
        code="",
        where=where,
        since=level if match["side"] == "since" else None,
        until=level if match["side"] == "until" else None,
    )
