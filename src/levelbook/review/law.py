"""The law of a review: HEAD rewound to BASE's level equals BASE, apart from presentation, or somebody is told.

A change that rewinding takes back is *proved* by the note that does it. One that remains may be *covered* by a prose
note, which says what changed and cannot turn it back, or by a correction, which says that the document was wrong.
Everything else is undeclared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from levelbook.elements import ABSENT
from levelbook.loading import from_documents
from levelbook.notes import notes_of
from levelbook.pointer import split, within
from levelbook.prose import added_value, is_new
from levelbook.reach import reachable, roots, value_at
from levelbook.review.comings import went
from levelbook.review.moment import is_above, moment_of
from levelbook.review.reviewed import Standing
from levelbook.rewind import rewound

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.levels import Level
    from levelbook.notes import Note
    from levelbook.review.change import Change

_LEVELS = re.compile(r"\s*\b(?:\d+(?:[.-]\d+)*|ZF-[0-9a-f]{6}|next)\b")
Compare: TypeAlias = Callable[["Api", "Api"], "list[Change]"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the law says: a standing per change, by its id; ``astray`` are differences that rewinding itself makes.

    ``faults`` are the pointers of elements whose `before` does not apply or changes nothing, and why.
    """

    standings: dict[str, Standing] = field(default_factory=dict)
    astray: tuple[tuple[Change, Note | None], ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


class Law:
    """Judges the changes between two documents by the notes of the later one."""

    def __init__(self, base: Api, head: Api, compare: Compare) -> None:
        self.base, self.head, self.compare = base, head, compare
        self.base_notes, self.head_notes = notes_of(base), notes_of(head)
        self.then, self.now = moment_of(base, self.base_notes), moment_of(head, self.head_notes)
        self.above, self.known_above = self.split_above()
        self.corrections = [note for note in self.head_notes if note.kind == "correction" and self.is_fresh(note)]
        self.known: dict[str, list[str]] = {}

    @property
    def is_levelled(self) -> bool:
        """Whether one of the documents knows levels or notes: without, nothing can be declared."""
        return self.then.level is not None or self.now.level is not None

    @cached_property
    def acting(self) -> list[Note]:
        """The notes above BASE's level that rewinding can act on."""
        return [note for note in self.above if takes_back(note, self.head)]

    @cached_property
    def late(self) -> list[Note]:
        """The notes of HEAD at or below BASE's level that BASE has not."""
        return [note for note in self.head_notes if not is_above(note, self.then.bound) and self.is_fresh(note)]

    @cached_property
    def seen_before(self) -> frozenset[tuple[object, ...]]:
        """What identifies the notes of BASE."""
        return frozenset(identity(note) for note in self.base_notes)

    def split_above(self) -> tuple[list[Note], list[Note]]:
        """Give HEAD's notes above BASE's level, and those of them that BASE has as well.

        What has no level yet is above all of them; it may have got its level since.
        """
        waiting = Counter(_loose(note) for note in self.base_notes if is_above(note, self.then.bound))
        fresh: list[Note] = []
        known: list[Note] = []
        for note in self.head_notes:
            if is_above(note, self.then.bound):
                is_known = waiting[_loose(note)] > 0
                waiting[_loose(note)] -= is_known
                (known if is_known else fresh).append(note)
        return fresh, known

    def is_fresh(self, note: Note) -> bool:
        """Say whether a note of HEAD was not in BASE."""
        return identity(note) not in self.seen_before

    def judge(self, changes: list[Change]) -> Judged:
        """Give what the law says of the changes between BASE and HEAD."""
        if not self.above:
            return Judged({change.id: self.without_proof(change) for change in changes})
        table = replace(self.head.levels, current=self.then.level)
        kept = {(note.source if note.structured else note.pointer, note.level) for note in self.known_above}
        documents, faults = rewound(self.head.documents, table, self.then.bound, kept)
        remaining = self.compare(self.base, from_documents(documents, levels=table))
        same = {change.id for change in remaining}
        left = {(change.address, change.facet) for change in remaining}
        standings = {}
        for change in changes:
            if change.id in same:
                standings[change.id] = self.without_proof(change)
            elif (change.address, change.facet) in left:
                standings[change.id] = self.without_proof(change, half=True)
            else:
                standings[change.id] = self.proof(change)
        known = {(change.address, change.facet) for change in changes}
        astray = [change for change in remaining if (change.address, change.facet) not in known]
        blamed = tuple((change, self.nearest(change, self.acting)) for change in astray)
        pointers = {note.pointer for note in self.above if note.structured}
        return Judged(standings, blamed, tuple(fault for fault in faults if fault[0] in pointers))

    def proof(self, change: Change) -> Standing:
        """Give the standing of a change that rewinding took back: the note that did it is the one nearest to it."""
        note = self.nearest(change, self.acting)
        return Standing("proved", note.level if note else self.now.level, note)

    def without_proof(self, change: Change, *, half: bool = False) -> Standing:
        """Give the standing of a change that no rewinding takes back, or that it takes back to something else."""
        correction = next((note for note in self.corrections if self.covers(note, change)), None)
        if correction is not None:
            return Standing("correction", correction.level, correction)
        covering = [note for note in self.above if may_cover(note) and self.covers(note, change)]
        note = self.nearest(change, covering)
        if note is not None:
            return Standing("covered", note.level, note)
        if together := self.at_every_use(change):
            return Standing("covered", together[0].level, together[0])
        return self.missing(change, half=half)

    def missing(self, change: Change, *, half: bool) -> Standing:
        """Give the standing of a change that no note above BASE's level tells of, and what comes nearest."""
        late = [note for note in self.late if self.covers(note, change)]
        if (note := self.nearest(change, late)) is not None:
            return Standing("missing", note.level, note, why="level not raised")
        if half and (note := self.nearest(change, self.acting)) is not None:
            return Standing("missing", note.level, note, why="taken back to something else")
        return Standing("missing")

    def covers(self, note: Note, change: Change) -> bool:
        """Say whether a note stands at the element that changed, or above it, or beside what took its place."""
        if not note.pointer:  # beside the document itself: of what is in an operation it tells by name
            return not change.uses or (went(change) and _names(note, change))
        return (
            (change.head_pointer != "" and within(change.head_pointer, note.pointer))
            or is_below(change.address, note.address)
            or (went(change) and within(note.pointer, change.head_pointer) and _names(note, change))
        )

    def at_every_use(self, change: Change) -> list[Note]:
        """Give the notes at the uses of a component that changed, if every operation that shows it has one."""
        if not change.uses:
            return []
        found = []
        for key in change.uses:
            operation = self.head.operation(key)
            own = [] if operation is None else roots(operation)
            note = next(
                (
                    note for note in self.above
                    if may_cover(note) and any(within(note.pointer, root) for root in own)
                    and self.leads_to(note.pointer, change.head_pointer)
                ),
                None,
            )  # fmt: skip
            if note is None:
                return []
            found.append(note)
        return found

    def leads_to(self, pointer: str, target: str) -> bool:
        """Say whether references at or below an element lead to another one."""
        return any(within(target, one) for one in reachable(self.head.documents, [pointer], self.known))

    def nearest(self, change: Change, notes: list[Note]) -> Note | None:
        """Give the note that stands nearest to a change: on the same way through the document, as far down as can be.

        Where none is on its way, the only one there is, or one at a use of the component.
        """
        way = split(change.head_pointer)
        best: tuple[int, Note | None] = (-1, None)
        for note in notes:
            if within(change.head_pointer, note.pointer) or within(note.pointer, change.head_pointer):
                score = 2 * min(len(split(note.pointer)), len(way)) + within(change.head_pointer, note.pointer)
            elif is_below(change.address, note.address) or is_below(note.address, change.address):
                score = 1
            else:
                continue
            if score > best[0]:
                best = (score, note)
        if best[1] is None and len(notes) == 1 and self.leads_to(notes[0].pointer, change.head_pointer):
            return notes[0]
        return best[1]


def _names(note: Note, change: Change) -> bool:
    """Say whether a note that something was renamed or moved gives the name of what is gone, in quotes of any kind."""
    name = change.was if isinstance(change.was, str) else (split(change.base_pointer) or [""])[-1]
    return re.search(rf"[`'\"]{re.escape(name)}[`'\"]", note.text) is not None


def identity(note: Note) -> tuple[object, ...]:
    """Give what identifies a note in both documents: its element, its level or else its release, and its words.

    Words are taken without levels and releases: of a level that is released by now, a note says more than before.
    """
    return (note.address, when(note), words_of(note))


def when(note: Note) -> Level | str | None:
    """Give the level of a note, or its release where it has none."""
    return note.level if note.level is not None else note.release and f"release {note.release}"


def words_of(note: Note) -> str:
    """Give the words of a note without levels and releases."""
    return _words(note.text)


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> str:
    return _LEVELS.sub("", " ".join(text.split()))


def _loose(note: Note) -> tuple[object, ...]:
    """Give what a note keeps when it gets its level."""
    return (note.address, note.kind, words_of(note))


def takes_back(note: Note, api: Api) -> bool:
    """Say whether rewinding can act on a note: it has a `before`, or says evidently that something is new."""
    if note.kind in ("behavior", "correction"):
        return False
    if note.structured:
        return note.before is not None or note.kind == "added"
    element = value_at(api.documents, note.pointer)
    enum = element.get("enum") if isinstance(element, dict) else None
    return not note.in_list and (is_new(note.text) or added_value(note.text, enum) is not ABSENT)


def may_cover(note: Note) -> bool:
    """Say whether a note covers changes by standing there: prose does, and a structured note without a `before`."""
    return (
        note.before is None
        and note.kind not in ("behavior", "correction")
        and not (note.structured and note.kind == "added")
    )


def is_below(address: str, other: str) -> bool:
    """Say whether an address is another one or continues it.

    >>> is_below("GET /a > query:b=enum:'x'", "GET /a"), is_below("GET /ab", "GET /a")
    (True, False)
    """
    return address.startswith(other) and (len(address) == len(other) or address[len(other)] in " .[]{}<=:")
