"""The changelog that follows from the notes, as Markdown and as records.

>>> from levelbook.loading import load
>>> from levelbook.notes import notes_of, by_level
>>> api = load("api_spec/openapi.yaml")
>>> entries = between(by_level(notes_of(api), api.levels), "247")
>>> [entry.level for entry in entries]
[250, 248]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.levels import position
from levelbook.notes import by_release
from levelbook.problem import UsageError

if TYPE_CHECKING:
    from levelbook.levels import Level, LevelTable
    from levelbook.notes import LevelNotes, Note


def between(entries: list[LevelNotes], after: str | None = None, upto: str | None = None) -> list[LevelNotes]:
    """Keep what changed after one level or release, and up to another, that one included.

    Raises UsageError for what is neither a level nor a release, and where nothing can be between the two.
    """
    least, most = (bound and _bound(entries, bound) for bound in (after, upto))
    if least and most and least > most:
        raise UsageError(f"{upto} comes before {after}: nothing is between them")
    found = [entry for entry in entries if not least or position(entry.level, entry.release) > least]
    return [entry for entry in found if not most or position(entry.level, entry.release) <= most]


def markdown(entries: list[LevelNotes], table: LevelTable) -> str:
    """Print the changelog by release, then level."""
    lines = ["# API changelog", ""]
    for release in by_release(entries, table):
        lines += [f"## {release.title}" + (f" ({release.date})" if release.date else ""), ""]
        for entry in release.levels:
            if entry.level is not None:
                lines += [f"### {table.name[:1].upper()}{table.name[1:]} {entry.level}", ""]
            lines += [f"* {_subject(note)}: {_inline(note.text)}" for note in entry.notes]
            lines.append("")
    return "\n".join(lines)


def records(entries: list[LevelNotes]) -> dict[str, Any]:
    """Give the changelog as the records of ``changes --format json``."""
    return {
        "levels": [
            {
                "level": entry.level,
                "release": entry.release,
                "notes": [
                    {
                        "kind": note.kind,
                        "text": note.text,
                        "operation": note.operation,
                        "address": note.address,
                        "where": {
                            "file": note.where.file,
                            "line": note.where.line,
                            "column": note.where.column,
                        },
                    }
                    for note in entry.notes
                ],
            }
            for entry in entries
        ]
    }


def _subject(note: Note) -> str:
    operation = note.operation or note.address.partition(" > ")[0]
    element = note.address.partition(" > ")[2]
    return f"`{operation}`" + (f", `{element}`" if element else "")


def _inline(text: str) -> str:
    """Put a note into one list item: its further paragraphs are indented below it."""
    return "\n  ".join(text.splitlines())


def _bound(entries: list[LevelNotes], bound: str) -> tuple[int, tuple[int, ...]]:
    """Read a level or a release; where a release holds levels, its last one counts."""
    of_release = [position(entry.level, entry.release) for entry in entries if entry.release == bound]
    if of_release:
        return max(of_release)
    level: Level = int(bound) if bound.isdecimal() else bound
    if isinstance(level, int) or any(isinstance(entry.level, str) for entry in entries):
        return position(level, None)
    known = ", ".join(dict.fromkeys(entry.release for entry in entries if entry.release))
    raise UsageError(f"`{bound}` is neither a level nor a release; the notes name the releases {known}")
