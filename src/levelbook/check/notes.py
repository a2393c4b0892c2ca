"""Rules on the level table and on change notes: levels that exist, in the right order, of the right release."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from levelbook.levels import alike, as_level, is_assigned, is_pending, order
from levelbook.notes import KINDS
from levelbook.pointer import join
from levelbook.problem import Location, Problem, Severity
from levelbook.prose import anchors_in, kind_of
from levelbook.rewind import faults as faults_of_notes
from levelbook.table import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.check.texts import NoteTexts, Text
    from levelbook.levels import LevelTable
    from levelbook.prose import Anchor

_NO_LEVEL = re.compile(r"\A[^.]{0,40}?\([^)]*\blevel", re.IGNORECASE)


def level_table(texts: NoteTexts) -> Iterator[Problem]:
    """The level table is whole: its levels are of one kind, its releases newest first.

    **What it means.** Something in `info.x-levels` was not understood: a misspelt key, a release without a version, a
    level that is written otherwise than the others, a release that stands below an older one. What is not understood
    is left out, and notes then belong to the wrong release, or to none.

    **What to do.** Correct the place that is named.
    """
    info = texts.api.documents.main.data.get("info")
    if isinstance(info, dict) and "x-levels" in info:
        for at, message, hint in faults(info["x-levels"]):
            pointer = join("/info/x-levels", *at)
            yield Problem("level-table", texts.api.documents.locate(pointer), message, hint, pointer=pointer)


def note_release(texts: NoteTexts) -> Iterator[Problem]:
    """A note names a release that holds the level it names.

    **What it means.** `Zulip 7.0 (feature level 219)`, where level 219 came with 8.0. Readers of the page look at the
    wrong one of the two. Without a level table, what most notes say is taken as right.

    **What to do.** Correct the release or the level.
    """
    for text, anchor, at in _anchors(texts):
        holder = texts.table.release_of(anchor.level)
        if anchor.release is None or holder is None or _same(anchor.release, holder.version):
            continue
        named = next((release for release in texts.table.releases if _same(release.version, anchor.release)), None)
        if named is not None and not _backported(texts.table, anchor):
            yield Problem(
                "note-release",
                text.where(at),
                f"the note says level {anchor.level} came with {anchor.release}, but it came with {holder.version}",
                "correct the release or the level",
                pointer=text.pointer,
            )


def note_level(texts: NoteTexts) -> Iterator[Problem]:
    """A note names a level that the table knows.

    **What it means.** The level is above the current one, kept for maintenance releases, or nothing that this table
    counts in: a misspelt level, which no reader would ever be shown and no release assigned.

    **What to do.** Correct the level; for a change without one yet, write `level: next`; raise `current`.
    """
    table = texts.table
    own = texts.api.levels if texts.api.levels.current is not None else table  # it may name no releases
    highest = own.head if own.head is not None else own.current
    if highest is None:
        return
    shipped = {release.level for release in table.releases}
    found = [
        (anchor.level, text.where(at), text.pointer)
        for text, anchor, at in _anchors(texts)
        if anchor.level is not None and isinstance(anchor.level, type(highest)) and is_assigned(anchor.level)
    ]
    found += [
        (change["level"], texts.api.documents.locate(at), at)
        for change, at, _, _ in texts.structured()
        if isinstance(change, dict) and as_level(change.get("level")) is not None and not is_pending(change["level"])
    ]
    for level, where, pointer in found:
        if not alike(level, highest):
            yield Problem(
                "note-level",
                where,
                f"`{level}` is no level: one is written like {highest}",
                "correct it, or write `level: next`",
                pointer=pointer,
            )
        elif order(level) > order(highest):
            yield Problem(
                "note-level",
                where,
                f"the level {level} is above the current one, {highest}",
                "correct it, write `level: next`, or raise `current` in the table",
                pointer=pointer,
            )
        elif level not in shipped and any(
            order(first) <= order(level) <= order(last) for first, last in table.reserved
        ):
            yield Problem(
                "note-level",
                where,
                f"the level {level} is kept for maintenance releases",
                "correct it, or take it out of `reserved`",
                pointer=pointer,
            )


def note_missing_level(texts: NoteTexts) -> Iterator[Problem]:
    """A note that names a release with levels also names the level.

    **What it means.** "New in Zulip 7.0." leaves it to the reader which of the levels between 6.0 and 7.0 is meant.

    **What to do.** Add the level; where there is none, say so: `Zulip 3.0 (no feature level; unstable)`.
    """
    levelled = [release for release in texts.table.releases if release.level is not None]
    for text in texts.described:
        for piece in text.notes():
            for part in piece.parts():
                for anchor in part.anchors[:1]:
                    release = anchor.release
                    if release is None or anchor.level is not None or release.endswith("x"):
                        continue
                    after = part.text[part.text.find(release) + len(release) :]
                    if any(_same(item.version, release) for item in levelled) and not _NO_LEVEL.match(after):
                        yield Problem(
                            "note-missing-level",
                            text.where(part.offset),
                            f"the note names {release} and no level",
                            "add the level",
                            Severity.WARNING,
                            text.pointer,
                        )


def note_order(texts: NoteTexts) -> Iterator[Problem]:
    """Within a note, the newest change comes first.

    **What it means.** A level in the note is higher than one that stands before it.

    **What to do.** Put the paragraphs in order, newest first.
    """
    for text in texts.described:
        for piece in text.notes():
            named = anchors_in(piece.text, texts.grammar, lists=False)
            levels = [anchor.level for anchor in named if anchor.release and anchor.level is not None]
            wrong = next((pair for pair in pairwise(levels) if order(pair[1]) > order(pair[0])), None)
            if wrong is not None:
                yield Problem(
                    "note-order",
                    text.where(piece.offset),
                    f"the note names level {wrong[0]} before level {wrong[1]}",
                    "put the newest change first",
                    pointer=text.pointer,
                )


def note_parent(texts: NoteTexts) -> Iterator[Problem]:
    """Nothing is older than what it is part of.

    **What it means.** A note says that an element came at an earlier level than the element around it.

    **What to do.** Correct one of the two, or leave the inner note out: what came with its parent needs none.
    """
    added: dict[str, Any] = {}
    notes: list[tuple[str, Any, Location]] = []
    for change, at, _, pointer in texts.structured():
        if isinstance(change, dict) and change.get("kind") == "added" and isinstance(change.get("level"), int):
            notes.append((pointer, change["level"], texts.api.documents.locate(at)))
    for text in texts.described:
        for piece in text.notes():
            part = next(iter(piece.parts()), None)
            if (
                part
                and not piece.in_list
                and part.anchors
                and kind_of(part.text) == "added"
                and isinstance(part.anchors[0].level, int)
            ):
                notes.append((text.pointer, part.anchors[0].level, text.where(piece.offset)))
    added = {pointer: level for pointer, level, _ in notes}
    for pointer, level, where in notes:
        steps = pointer.split("/")
        above = next(
            (added[at] for end in range(len(steps) - 1, 0, -1) if (at := "/".join(steps[:end])) in added), None
        )
        if above is not None and above > level:
            yield Problem(
                "note-parent",
                where,
                f"this came at level {level}, but what it is part of at level {above}",
                "correct one of them",
                Severity.WARNING,
                pointer,
            )


def note_impossible(texts: NoteTexts) -> Iterator[Problem]:
    """A note tells of a time when its element existed.

    **What it means.** A structured note stands at a level below the one at which its element was added.

    **What to do.** Correct the level, or write what was there before as `before` of the parent.
    """
    for change, at, element, _ in texts.structured():
        changes = element["x-changes"] if isinstance(element["x-changes"], list) else []
        born = [
            other["level"]
            for other in changes
            if isinstance(other, dict) and other.get("kind") == "added" and isinstance(other.get("level"), int)
        ]
        level = change.get("level") if isinstance(change, dict) else None
        if born and isinstance(level, int) and level < min(born):
            yield Problem(
                "note-impossible",
                texts.api.documents.locate(at),
                f"this changed at level {level}, but came only at level {min(born)}",
                "correct the level",
                pointer=at,
            )


def note_before(texts: NoteTexts) -> Iterator[Problem]:
    """A structured note is complete, and its `before` turns the element back.

    **What it means.** The note lacks its level, its kind is unknown, or its `before` does not apply or changes nothing.

    **What to do.** Complete it; `before` is what was otherwise, as a merge patch on the element.
    """
    locate = texts.api.documents.locate
    for change, at, _, _ in texts.structured():
        if not isinstance(change, dict):
            yield Problem(
                "note-before",
                locate(at),
                "`x-changes` is a list of notes, each a mapping",
                "write `- {level: 7, kind: added}`",
                pointer=at,
            )
            continue
        if change.get("kind", "changed") not in KINDS:
            yield Problem(
                "note-before",
                locate(join(at, "kind")),
                f"there is no kind of note `{change['kind']}`",
                f"there are {', '.join(KINDS)}",
                pointer=at,
            )
        if not isinstance(change.get("level"), (int, str)) and "release" not in change:
            yield Problem(
                "note-before", locate(at), "the note names neither a level nor a release", "add `level`", pointer=at
            )
    for at, why in faults_of_notes(texts.api.documents, texts.api.levels):
        yield Problem("note-before", locate(join(at, "x-changes")), why, "`before` says what was otherwise", pointer=at)


def _anchors(texts: NoteTexts) -> Iterator[tuple[Text, Anchor, int]]:
    """Give every release and level that a note names together, and where the change stands that names them."""
    for text in texts.described:
        for piece in text.notes():
            for part in piece.parts():
                for anchor in part.anchors:
                    if anchor.level is not None and anchor.release is not None:
                        yield text, anchor, part.offset


def _same(left: str, right: str) -> bool:
    """Say whether two versions are the same: 2.0 is 2.0.0."""
    return _padded(left) == _padded(right)


def _padded(version: str) -> tuple[int, ...]:
    numbers = order(version)
    return numbers + (0,) * (4 - len(numbers))


def _backported(table: LevelTable, anchor: Anchor) -> bool:
    return anchor.level is not None and any(
        _same(version, anchor.release or "") and order(first) <= order(anchor.level) <= order(last)
        for first, last, version in table.backports
    )
