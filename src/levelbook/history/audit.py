"""Notes against a hand-kept changelog: do both tell the same story?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from levelbook.history.hand_kept import LevelEntry, Mention, read_changelog
from levelbook.levels import order
from levelbook.notes import IS_TEXT
from levelbook.problem import Location, Problem, Severity
from levelbook.reach import reachable, roots, value_at
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from levelbook.api import Api, Operation
    from levelbook.levels import LevelTable
    from levelbook.notes import Note

_LEVELS = re.compile(r"\blevels?\s+(\d{1,9})(?:\s*[-\u2013]\s*(\d{1,9}))?")
_POINTER = re.compile(r"\]\(([^)\s#]*)#([^)\s]*changes[^)\s]*)\)", re.IGNORECASE)
_HEADING = re.compile(r"^(#{1,6})\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Told:
    """What can be reached from an operation: the levels its texts name, and the pages they point to for changes."""

    levels: frozenset[int]
    pages: frozenset[tuple[str, str]]


class Audit:
    """One comparison of a document's notes with a changelog.

    ``pages`` is the folder that holds the pages which a note may point to ("See the changes section").
    """

    def __init__(self, api: Api, notes: tuple[Note, ...], text: str, file: str, pages: Path | None = None) -> None:
        self.api = api
        self.notes = notes
        self.text = text
        self.file = file
        self.pages = pages
        self.entries = read_changelog(text)
        self.by_id = {operation.id: operation for operation in api.operations if operation.id}
        self.by_key = {operation.key: operation for operation in api.operations}
        self._told: dict[str, _Told] = {}
        self._references: dict[str, list[str]] = {}
        self._known: dict[str, tuple[frozenset[int], frozenset[tuple[str, str]]]] = {}

    @cached_property
    def pairs(self) -> list[tuple[LevelEntry, Mention, Operation]]:
        """Every linked operation that opens a bullet, with its level."""
        return [
            (entry, mention, operation)
            for entry in self.entries
            for mention in entry.mentions
            if isinstance(entry.level, int)
            and mention.in_head
            and mention.link
            and (operation := self.by_id.get(_target(mention.link))) is not None
        ]

    def problems(self, table: LevelTable) -> list[Problem]:
        """Give everything on which the two disagree, in the order of the changelog, then of the document."""
        found = [*self.without_note(), *self.wrong_links(), *self.unlinked(), *self.unused_levels(table)]
        found.sort(key=lambda problem: problem.where)
        return found + list(self.without_entry())

    def without_note(self) -> Iterator[Problem]:
        """Find the operations that the changelog lists under a level that none of their texts names."""
        for entry, mention, operation in self.pairs:
            told = self.told(operation)
            if not isinstance(entry.level, int) or entry.level in told.levels:
                continue
            covered = next((page for page, anchor in told.pages if entry.level in self.page_levels(page, anchor)), None)
            if covered is not None:
                yield self.problem(
                    "audit-covered",
                    mention.offset,
                    Severity.INFO,
                    f"{operation.key} points to the changes section of {covered}, which has level {entry.level}",
                )
            else:
                yield self.problem(
                    "audit-no-note",
                    mention.offset,
                    Severity.ERROR,
                    f"{operation.key} changed at level {entry.level}, and no note says so",
                    "add a note beside what changed",
                )

    def wrong_links(self) -> Iterator[Problem]:
        """Find links whose text is not the operation they lead to, and links to operations that are not there."""
        for entry in self.entries:
            for mention in entry.mentions:
                operation = self.by_id.get(_target(mention.link)) if mention.link else None
                if operation is not None and mention.operation not in ("", operation.key):
                    yield self.problem(
                        "audit-link",
                        mention.offset,
                        Severity.ERROR,
                        f"the link says {mention.operation}, but leads to {operation.key}",
                        f"write {operation.key}, or link to another page",
                    )

    def unlinked(self) -> Iterator[Problem]:
        """Find operations that are named without a link, or that the document does not have."""
        for entry in self.entries:
            for mention in entry.mentions:
                if mention.link:
                    continue
                if (operation := self.by_key.get(mention.operation)) is not None:
                    yield self.problem(
                        "audit-unlinked",
                        mention.offset,
                        Severity.INFO,
                        f"{mention.operation} has a page and is not linked",
                        f"link it to {operation.id}",
                    )
                else:
                    yield self.problem(
                        "audit-unknown-operation",
                        mention.offset,
                        Severity.INFO,
                        f"the document has no operation {mention.operation}",
                    )

    def unused_levels(self, table: LevelTable) -> Iterator[Problem]:
        """Find levels between the first and the last that have no entry."""
        used = sorted({entry.level for entry in self.entries if isinstance(entry.level, int)})
        for below, above_level in pairwise([0, *used]):
            first, last = below + 1, above_level - 1
            if first > last:
                continue
            kept = any(order(low) <= order(first) and order(last) <= order(high) for low, high in table.reserved)
            words = f"level {first} has" if first == last else f"the levels {first}-{last} have"
            above = next(entry for entry in self.entries if entry.level == above_level)
            yield self.problem(
                "audit-unused-level",
                above.offset,
                Severity.INFO,
                f"{words} no entry" + (", kept for maintenance releases" if kept else ""),
            )

    def without_entry(self) -> Iterator[Problem]:
        """Find notes whose level the changelog has not, or has without the operation."""
        levels = {entry.level: entry for entry in self.entries}
        seen: set[tuple[Any, str]] = set()
        for note in self.notes:
            for anchor in note.anchors:
                name = note.operation or note.address.partition(" > ")[0]
                if not isinstance(anchor.level, int) or (anchor.level, name) in seen:
                    continue
                seen.add((anchor.level, name))
                entry = levels.get(anchor.level)
                users = [note.operation] if note.operation else self.users.get(_component(note.pointer), [])
                if entry is None:
                    message, hint = f"level {anchor.level} is not in the changelog", "add it, or correct the note"
                elif users and not any(self._names(entry, key) for key in users):
                    message, hint = (
                        f"the changelog does not name {name} under level {anchor.level}",
                        f"name {name} there",
                    )
                else:
                    continue
                yield Problem("audit-no-entry", note.where, f"{name}: {message}", hint, Severity.WARNING, note.pointer)

    def _names(self, entry: LevelEntry, key: str) -> bool:
        operation = self.by_key.get(key)
        return any(
            mention.operation == key or (mention.link and operation and _target(mention.link) == operation.id)
            for mention in entry.mentions
        )

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """The operations from which each component can be reached."""
        found: dict[str, list[str]] = {}
        for operation in self.api.operations:
            for pointer in self._reachable(operation):
                if (component := _component(pointer)) and operation.key not in found.setdefault(component, []):
                    found[component].append(operation.key)
        return found

    def told(self, operation: Operation) -> _Told:
        """Give the levels that the texts of an operation name, through every reference."""
        if operation.key not in self._told:
            levels: set[int] = set()
            pages: set[tuple[str, str]] = set()
            for pointer in self._reachable(operation):
                mine, others = self._own(pointer)
                levels |= mine
                pages |= others
            self._told[operation.key] = _Told(frozenset(levels), frozenset(pages))
        return self._told[operation.key]

    def _reachable(self, operation: Operation) -> list[str]:
        """Give the pointers of an operation and of everything its references lead to."""
        return reachable(self.api.documents, roots(operation), self._references)

    def _own(self, pointer: str) -> tuple[frozenset[int], frozenset[tuple[str, str]]]:
        """Give the levels that one subtree names, and the pages it points to; each subtree is looked at once."""
        if pointer not in self._known:
            levels: set[int] = set()
            pages: set[tuple[str, str]] = set()
            for _, element in walk(value_at(self.api.documents, pointer), pointer):
                for change in element["x-changes"] if isinstance(element.get("x-changes"), list) else ():
                    if isinstance(change, dict) and isinstance(change.get("level"), int):
                        levels.add(change["level"])
                for key, text in element.items():
                    if isinstance(text, str) and IS_TEXT.search(key):
                        levels |= set(_numbers(text))
                        pages |= {(_target(match[1]), match[2]) for match in _POINTER.finditer(text)}
            self._known[pointer] = frozenset(levels), frozenset(pages)
        return self._known[pointer]

    def page_levels(self, page: str, anchor: str) -> set[int]:
        """Give the levels that a section of a page names; the whole page's where the section is not found."""
        path = self.pages / f"{page}.md" if self.pages is not None and page else None
        try:
            text = path.read_text(encoding="utf-8", errors="replace") if path is not None else ""
        except OSError:  # no such page, or no name that a file could have
            return set()
        headings = list(_HEADING.finditer(text))
        for index, heading in enumerate(headings):
            if re.sub(r"\W+", "-", heading[2].strip().lower()).strip("-") == anchor.lower():
                end = next(
                    (other.start() for other in headings[index + 1 :] if len(other[1]) <= len(heading[1])), len(text)
                )
                return set(_numbers(text[heading.end() : end]))
        return set(_numbers(text))

    def problem(self, rule: str, offset: int, severity: Severity, message: str, hint: str = "") -> Problem:
        """Make a problem at a place of the changelog."""
        line = self.text.count("\n", 0, offset) + 1
        column = offset - self.text.rfind("\n", 0, offset)
        return Problem(rule, Location(self.file, line, column), message, hint, severity)


def _target(link: str) -> str:
    """Give the name of the page that a link leads to."""
    return link.partition("#")[0].rstrip("/").rpartition("/")[2].removesuffix(".html").removesuffix(".md")


def _component(pointer: str) -> str:
    """Give the component that a pointer leads into; empty for what is none."""
    file, mark, path = ("", "", pointer) if pointer[:1] in ("", "/") else pointer.partition("#")
    return file + mark + "/".join(path.split("/")[:4]) if path.startswith("/components/") else ""


def _numbers(text: str) -> Iterator[int]:
    for match in _LEVELS.finditer(text):
        yield from range(int(match[1]), min(int(match[2] or match[1]), int(match[1]) + 1000) + 1)
