"""History that was rewritten: notes at or below BASE's level that came, went, moved, or name another level now.

A note may be worded better. One that was found late says so with `backfill: true`. A note that goes with its element
is not missed, and one that only moved because what it stands beside was moved into a component says what it said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from levelbook.address import root_of
from levelbook.notes import address_in
from levelbook.pointer import file_of, split, within
from levelbook.problem import Problem
from levelbook.reach import reachable, roots, value_at
from levelbook.review.law import identity, when, words_of
from levelbook.review.moment import is_above
from levelbook.walk import NAMED, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Api
    from levelbook.notes import Note
    from levelbook.review.law import Law


class Edit(NamedTuple):
    """A note that was changed after the fact: ``was`` in BASE, ``now`` in HEAD; one of them may be None."""

    was: Note | None
    now: Note | None


def rewritten(law: Law, excused: set[int]) -> list[Problem]:
    """Give a problem for each note of the past that is not what it was.

    ``excused`` holds the ``id()`` of notes of HEAD that are told of as "level not raised".
    """
    edits = [edit for edit in _edits(law) if edit.now is None or id(edit.now) not in excused]
    return [_problem(law, edit) for edit in edits if edit.now is None or not _is_backfill(law.head, edit.now)]


def _edits(law: Law) -> list[Edit]:
    """Pair what BASE says of the past with what HEAD says of it; what is the same in both is left out."""
    before = [note for note in law.base_notes if note.kind != "correction" and not is_above(note, law.then.bound)]
    after = [note for note in law.head_notes if note.kind != "correction"]
    before, after = _unmatched(before, after, identity)
    before, after = _unmatched(before, after, lambda note: (note.address, when(note)))
    before, after = _without_moved_elements(law, before, after)
    edits, before, after = _paired(before, after, lambda note: identity(note)[1:])
    dated, before, after = _paired(before, after, lambda note: (note.address, words_of(note)))
    places = _Places()
    gone = [Edit(note, None) for note in before if places.holds(law.head, note)]
    past = [note for note in after if not is_above(note, law.then.bound)]
    return [*edits, *dated, *gone, *(Edit(None, note) for note in past if places.holds(law.base, note))]


def _unmatched(before: list[Note], after: list[Note], key: Callable[[Note], object]) -> tuple[list[Note], list[Note]]:
    """Take out what both sides have, as often as both have it."""
    counts = Counter(map(key, after)) & Counter(map(key, before))
    left: tuple[list[Note], list[Note]] = ([], [])
    for side, notes in enumerate((before, after)):
        open_ones = counts.copy()
        for note in notes:
            if open_ones[key(note)]:
                open_ones[key(note)] -= 1
            else:
                left[side].append(note)
    return left


def _paired(
    before: list[Note], after: list[Note], key: Callable[[Note], object]
) -> tuple[list[Edit], list[Note], list[Note]]:
    """Pair notes that are alike; give the pairs, and what is left of both sides."""
    waiting: dict[object, list[Note]] = defaultdict(list)
    for note in after:
        waiting[key(note)].append(note)
    edits = [Edit(note, waiting[key(note)].pop(0)) for note in before if waiting[key(note)]]
    taken = {id(note) for edit in edits for note in edit}
    return edits, [one for one in before if id(one) not in taken], [one for one in after if id(one) not in taken]


def _without_moved_elements(law: Law, before: list[Note], after: list[Note]) -> tuple[list[Note], list[Note]]:
    """Take out notes whose elements were moved into a component, or out of one: the same operations still show them."""
    then, now = _Shown(law.base, law.base_notes), _Shown(law.head, law.head_notes)
    lost = [note for note in before if not now.as_before(then, note)]
    gained = [note for note in after if is_above(note, law.then.bound) or not then.as_before(now, note)]
    return lost, gained


class _Shown:
    """Knows which operations show which notes of a document."""

    def __init__(self, api: Api, notes: tuple[Note, ...]) -> None:
        self.api = api
        self.known: dict[str, list[str]] = {}
        self.alike: dict[object, list[Note]] = defaultdict(list)
        for note in notes:
            self.alike[identity(note)[1:]].append(note)

    def as_before(self, other: _Shown, note: Note) -> bool:
        """Say whether the operations that show a note of another document show the same words in this one."""
        alike = [one for one in self.alike[identity(note)[1:]] if one.operation is None or note.operation is None]
        return bool(alike) and other.users([note]) <= self.users(alike)

    def users(self, notes: list[Note]) -> set[str]:
        """Give the operations that show one of the notes; a note of nothing that is used shows by its own address."""
        return {user for note in notes for user in self._users(note)}

    def _users(self, note: Note) -> set[str]:
        if note.operation:
            return {note.operation}
        operations = (*self.api.operations, *self.api.webhooks)
        parts = ((one.key, reachable(self.api.documents, roots(one), self.known)) for one in operations)
        return {key for key, found in parts if any(within(note.pointer, part) for part in found)} or {note.address}


class _Places:
    """Knows the addresses of the elements of documents, once somebody asked."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str], set[str]] = {}

    def holds(self, api: Api, note: Note) -> bool:
        """Say whether a document has the element that a note of the other one stands beside."""
        root = root_of(note.pointer)
        key = (id(api), root)
        if key not in self.known:
            there = value_at(api.documents, root) if file_of(root) in api.documents.files else None
            below = walk(there, root, named=bool(NAMED & set(split(root)[-1:])))
            self.known[key] = {str(address_in(api, at)) for at, _ in below}
        return note.address in self.known[key]


def _is_backfill(api: Api, note: Note) -> bool:
    written = value_at(api.documents, note.source) if note.structured else None
    return isinstance(written, dict) and written.get("backfill") is True


def _problem(law: Law, edit: Edit) -> Problem:
    """Say what was done to a note, at the place in HEAD; of one that is gone, where it stood."""
    was, now = edit
    if was is not None and now is not None:
        if was.address != now.address:
            message = f"the note of {_named(law, was)} stood at {was.address} and was moved to {now.address}"
            hint = "put it back: what is history stays where it was written"
        else:
            message = f"the note of {_named(law, was)} at {was.address} now says {_named(law, now)}"
            hint = "put the level back: it is when the change came"
        return Problem("rewritten-history", now.where, message, hint, pointer=now.pointer)
    if now is not None:
        message = f"a note of {_named(law, now)} was added at {now.address}, and BASE is at {_level(law)} already"
        hint = "give it the next level; for a change that was found late, write `backfill: true` in a structured note"
        return Problem("rewritten-history", now.where, message, hint, pointer=now.pointer)
    assert was is not None  # noqa: S101  # an edit has two sides, and one of them is there
    where = law.head.documents.locate(was.pointer)
    message = f"the note of {_named(law, was)} at {was.address} is gone: “{_cut(was.text)}”"
    return Problem("rewritten-history", where, message, "put it back, or correct its words", pointer=was.pointer)


def _named(law: Law, note: Note) -> str:
    if note.level is not None:
        return f"{law.head.levels.name} {note.level}"
    return f"release {note.release}" if note.release else "no level"


def _level(law: Law) -> str:
    return f"{law.head.levels.name} {law.then.level}"


def _cut(text: str, width: int = 80) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
