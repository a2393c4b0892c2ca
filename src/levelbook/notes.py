"""Change notes, in both spellings, as one model.

>>> from levelbook.loading import load
>>> note = next(iter(notes_of(load("api_spec/openapi.yaml"))))
>>> note.kind in KINDS
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.address import Address, address_of
from levelbook.levels import Level, LevelTable, as_level, position
from levelbook.pointer import file_of, join, parent, split
from levelbook.prose import (
    Anchor,
    Grammar,
    anchors_in,
    grammar_of,
    kind_of,
    link_definitions,
    links_used,
    parts,
    split_prose,
)
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.api import Api
    from levelbook.problem import Location

KINDS = ("added", "changed", "renamed", "removed", "deprecated", "undeprecated", "behavior", "correction")
_SENTENCES = {
    "added": "New in {anchor}.",
    "removed": "Removed in {anchor}.",
    "deprecated": "Deprecated in {anchor}.",
    "undeprecated": "No longer deprecated as of {anchor}.",
}
_BEFORE = frozenset({"x-c", "**c", "__c"})  # what stands before "hange" in a note: `x-changes`, `**Changes**`
# Letters, digits and marks of ASCII by their numbers, and words that go on in the next line: nobody does that.
_SPELLED = re.compile(r"\\(?:(?:u00|x)(?:[4-7]|2[aAdD])|\r?\n)")
IS_TEXT = re.compile(r"description\Z|-description\Z|summary\Z")


@dataclass(frozen=True, slots=True, eq=False)  # `before` is a dict: notes are told apart by identity
class Note:
    """One change of one element, as a person wrote it down.

    ``anchors`` are the releases and levels it names, its own first; ``text`` is Markdown; ``pointer`` leads to the
    element it stands beside; ``source`` is the same for all changes that one note tells of. ``locate`` finds its place.
    """

    anchors: tuple[Anchor, ...]
    kind: str
    text: str
    pointer: str
    address: str
    operation: str | None
    locate: Callable[[], Location]
    source: str
    before: Any = None
    structured: bool = False
    in_list: bool = False

    @property
    def where(self) -> Location:
        """The place of the note, which is looked up when somebody asks: that takes the document's text."""
        return self.locate()

    @property
    def level(self) -> Level | None:
        """The level of the change; None where none is named."""
        return self.anchors[0].level if self.anchors else None

    @property
    def release(self) -> str | None:
        """The release of the change, as it is written."""
        return self.anchors[0].release if self.anchors else None


@dataclass(frozen=True, slots=True)
class LevelNotes:
    """All notes of one level; ``release`` is None where it is not released, or not known."""

    level: Level | None
    release: str | None
    date: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    """All levels of one release, newest first; corrections are left out, for the API did not change."""

    version: str | None
    title: str
    date: str
    levels: tuple[LevelNotes, ...]


def by_release(entries: list[LevelNotes], table: LevelTable) -> list[ReleaseNotes]:
    """Group levels by release, in the order of each release's newest level."""
    groups: dict[tuple[str | None, bool], list[LevelNotes]] = {}
    for entry in entries:
        notes = tuple(note for note in entry.notes if note.kind != "correction")
        if notes:
            key = (entry.release, entry.level is not None if entry.release is None else True)
            groups.setdefault(key, []).append(replace(entry, notes=notes))
    found = []
    for (version, levelled), levels in groups.items():
        title = f"{table.product} {version}".strip() if version else "Not released" if levelled else "No level named"
        found.append(ReleaseNotes(version, title, levels[0].date, tuple(levels)))
    return found


def notes_of(api: Api) -> tuple[Note, ...]:
    """Give every note of a document and the files it refers to, in their order."""
    return tuple(
        note
        for file, document in api.documents.complete().files.items()
        if _may_hold_notes(document.text)
        for pointer, value in walk(document.data, f"{file}#" if file else "")
        for note in element_notes(api, value, pointer)
    )


def _may_hold_notes(text: str) -> bool:
    """Say whether a file may hold notes: large ones without any take long to walk. One made of data has no text."""
    at = text.find("hange")
    while at >= 0:
        if text[max(0, at - 3) : at].lower() in _BEFORE:
            return True
        at = text.find("hange", at + 1)
    return not text or _SPELLED.search(text) is not None


def element_notes(api: Api, value: Any, pointer: str) -> Iterator[Note]:
    """Give the notes that stand beside one element: structured ones first, then those in its texts."""
    if not isinstance(value, dict):
        return
    changes = value.get("x-changes")
    for index, change in enumerate(changes if isinstance(changes, list) else ()):
        if isinstance(change, dict):
            yield _structured(api, change, pointer, join(pointer, "x-changes", index))
    for key, text in value.items():
        if isinstance(text, str) and "hange" in text and IS_TEXT.search(key):
            yield from _prose(api, text, pointer, join(pointer, key))


def newest_first(notes: list[Note]) -> list[Note]:
    """Sort notes by level, then release; those that name neither come last."""
    return sorted(notes, key=lambda note: position(note.level, note.release), reverse=True)


def by_element(notes: tuple[Note, ...]) -> dict[str, list[Note]]:
    """Order notes by the element that they stand beside."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        found.setdefault(note.pointer, []).append(note)
    return found


def by_level(notes: tuple[Note, ...], table: LevelTable) -> list[LevelNotes]:
    """Group notes by level, newest first: a note is listed under every level it names.

    The release of a level is the table's; without a table, the one that most notes give.
    """
    groups: dict[tuple[Level | None, str | None], list[Note]] = {}
    said: dict[Level, list[str]] = {}
    for note in notes:
        for anchor in note.anchors or (Anchor(None, None),):
            if anchor.level is not None and anchor.release:
                said.setdefault(anchor.level, []).append(anchor.release)
            groups.setdefault((anchor.level, None if anchor.level is not None else anchor.release), []).append(note)
    found = []
    for (level, version), members in groups.items():
        release = table.release_of(level)
        if level is not None:
            releases = said.get(level, [])
            fallback = max(set(releases), key=lambda one: (releases.count(one), one)) if releases else None
            version = release.version if release else None if table.releases else fallback  # noqa: PLW2901
        elif version and (listed := table.release(version)):
            release = listed
        found.append(LevelNotes(level, version, release.date if release else "", tuple(dict.fromkeys(members))))
    return sorted(found, key=lambda entry: position(entry.level, entry.release), reverse=True)


def address_in(api: Api, pointer: str) -> Address:
    """Give the address of an element; one in a file of its own is that of the operation that the file describes."""
    data = api.documents.document(pointer).data
    if not file_of(pointer):
        return address_of(data, pointer)
    known: dict[str, str] | None = api.meanings.get("addresses")
    if known is None:
        found = {operation.pointer: operation.key for operation in api.operations if file_of(operation.pointer)}
        known = api.meanings["addresses"] = found
    above = pointer
    while above not in known and split(above):
        above = parent(above)
    return address_of(data, pointer, known.get(above, ""), len(split(above)))


def _structured(api: Api, change: dict[str, Any], pointer: str, at: str) -> Note:
    level = as_level(change.get("level"))
    release = str(change["release"]) if "release" in change else None
    if release is None and (held := api.levels.release_of(level)) is not None:
        release = held.version
    kind = str(change.get("kind", "changed"))
    text = change.get("text") or _SENTENCES.get(kind, "Changed in {anchor}.")
    address = address_in(api, pointer)
    text = str(text).replace("{anchor}", api.levels.anchor(level, release)).strip()
    own = (Anchor(release, level),) if level is not None or release else ()
    return Note(
        anchors=tuple(dict.fromkeys((*own, *anchors_in(text, grammar_of(api.levels))))),
        kind=kind,
        text=text,
        pointer=pointer,
        address=str(address),
        operation=address.operation,
        locate=partial(api.documents.locate, at),
        source=at,
        before=change.get("before"),
        structured=True,
    )


class _Told(NamedTuple):
    """One change that a text tells of: where its note begins, whether that stands in a list, and what it says."""

    offset: int
    in_list: bool
    anchors: tuple[Anchor, ...]
    kind: str
    text: str


@lru_cache(maxsize=1 << 14)  # two documents that are compared have most of their texts in common
def _told(text: str, grammar: Grammar) -> tuple[_Told, ...]:
    definitions = link_definitions(text)
    return tuple(
        _Told(
            piece.offset,
            piece.in_list,
            part.anchors,
            kind_of(part.text),
            "\n\n".join([part.text, *links_used(part.text, definitions)]),
        )
        for piece in split_prose(text, grammar)
        if piece.is_note
        for part in parts(piece)
    )


def _prose(api: Api, text: str, pointer: str, at: str) -> Iterator[Note]:
    told = _told(text, grammar_of(api.levels))
    if not told:
        return
    address = address_in(api, pointer)
    words = str(address)
    for offset, in_list, anchors, kind, said in told:
        yield Note(
            anchors=anchors,
            kind=kind,
            text=said,
            pointer=pointer,
            address=words,
            operation=address.operation,
            locate=partial(api.documents.locate_text, at, offset),
            source=f"{file_of(at)}{at}@{offset}",
            in_list=in_list,
        )
