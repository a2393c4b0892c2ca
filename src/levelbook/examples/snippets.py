"""Snippets: the marked regions of real files, one folder per language.

What stands outside the marks is set-up: it is run, and not shown.

>>> source, problems = read_source("# levelbook: start GET /users\\nprint(1)\\n# levelbook: end\\n", "python", "x.py")
>>> source.snippets[0].operation, source.snippets[0].code
('GET /users', 'print(1)\\n')
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from levelbook.examples.regions import Snippet, read_regions
from levelbook.problem import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.levels import Level

SETUP = "setup"  # the folder beside those of languages whose files clients need: configuration, certificates
_NO_LANGUAGES = frozenset({SETUP, "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file of examples: its text as it is, what it shows first (``prologue``), and its snippets."""

    file: str
    language: str
    text: str
    prologue: str = ""
    snippets: tuple[Snippet, ...] = ()

    def at(self, level: Level | None) -> str:
        """Give the text as it is run at a level: lines of snippets for other levels are empty, so that lines keep."""
        lines = self.text.split("\n")
        for snippet in self.snippets:
            if not snippet.holds_at(level):
                lines[snippet.where.line : snippet.last - 1] = [""] * (snippet.last - 1 - snippet.where.line)
        return "\n".join(lines)


def read_folder(folder: Path, operations: Iterable[str]) -> tuple[list[Source], list[Problem]]:
    """Read every file below ``folder/<language>/`` that has marks, in the order of their names.

    Marks that are wrong, name no operation of the document, or show twice what is shown once are problems.
    """
    known = set(operations)
    sources: list[Source] = []
    problems: list[Problem] = []
    for path in _files(folder):
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        if name != str(path):
            problems.append(Problem("snippet", Location(name), "the name of this file is not UTF-8", "rename it"))
            continue
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            problems.append(Problem("snippet", Location(str(path)), "this file is not UTF-8", "save it as UTF-8"))
            continue
        source, wrong = read_source(text, path.relative_to(folder).parts[0], str(path))
        problems += wrong
        problems += [_unknown(snippet) for snippet in source.snippets if snippet.operation not in known]
        kept = tuple(snippet for snippet in source.snippets if snippet.operation in known)
        if kept:
            sources.append(Source(source.file, source.language, text, source.prologue, kept))
    return sources, [*problems, *_duplicates([snippet for source in sources for snippet in source.snippets])]


def read_source(text: str, language: str, file: str) -> tuple[Source, list[Problem]]:
    """Read the marks of one file."""
    prologue, snippets, problems = read_regions(text, language, file)
    return Source(file, language, text, prologue, tuple(snippets)), problems


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.glob("*/**/*")
        if path.is_file() and not any(_is_none(name) for name in path.relative_to(folder).parts[:-1])
    )


def _is_none(name: str) -> bool:
    return name in _NO_LANGUAGES or name.startswith(".")


def _unknown(snippet: Snippet) -> Problem:
    message = f"the document has no operation {snippet.operation}"
    return Problem("snippet", snippet.where, message, "correct the mark, or remove the snippet")


def _duplicates(snippets: list[Snippet]) -> list[Problem]:
    """Find snippets that nobody could tell apart: of one operation and language, with one title, at one level."""
    found = []
    groups: dict[tuple[str, str, str], list[Snippet]] = {}
    for snippet in snippets:
        groups.setdefault((snippet.operation, snippet.language, snippet.title), []).append(snippet)
    for (operation, language, title), group in groups.items():
        pair = next(((one, other) for one, other in combinations(group, 2) if one.meets(other)), None)
        if pair is not None:
            called = f"called “{title}”" if title else "without a title"
            message = f"{operation} has a {language} example {called} already, at {pair[0].where}"
            hint = f"give one of them a title of its own: `start {operation}: TITLE`"
            found.append(Problem("snippet", pair[1].where, message, hint))
    return found
