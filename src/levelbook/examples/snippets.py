"""Snippets: the marked regions of real files, one folder per language.

    # levelbook: start POST /messages: An optional title
    …
    # levelbook: end

What stands outside the marks is set-up: it is run, and not shown.

>>> found, problems = read_snippets("# levelbook: start GET /users\\nprint(1)\\n# levelbook: end\\n", "python", "x.py")
>>> found[0].operation, found[0].code
('GET /users', 'print(1)\\n')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

from levelbook.problem import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARK = re.compile(r"levelbook:\s*(start|end)\b[ \t]*(.*?)\s*(?:\*/|-->)?\s*$")
_OPERATION = re.compile(r"(?P<method>[A-Z]+)\s+(?P<path>/\S*?)(?::\s+(?P<title>.+))?$")
_HINT = "the marks are `levelbook: start METHOD /path` and `levelbook: end`, in comments"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A shown region: the operation it is an example of, its language, title, code, and where it begins."""

    operation: str
    language: str
    title: str
    code: str
    where: Location


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
    begun: tuple[str, str, int] | None = None  # operation, title, line
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
                code = dedent("".join(lines)).strip("\n") + "\n"
                snippets.append(Snippet(begun[0], language, begun[1], code, Location(file, begun[2], 1)))
            begun = None
        elif begun is not None:
            problems.append(Problem("snippet", where, f"the region that began on line {begun[2]} has not ended", _HINT))
        else:
            operation = _OPERATION.match(mark[2])
            if operation is None:
                problems.append(Problem("snippet", where, f"`{mark[2]}` is no METHOD /path", _HINT))
            else:
                begun = (f"{operation['method']} {operation['path']}", operation["title"] or "", number)
                lines = []
    if begun is not None:
        problems.append(Problem("snippet", Location(file, begun[2], 1), "this region does not end", _HINT))
    return snippets, problems
