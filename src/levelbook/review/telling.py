"""What the notes above BASE's level turned out to be: they prove changes, cover them, or tell of what is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.pointer import within
from levelbook.problem import Problem
from levelbook.review.comings import came, went
from levelbook.review.law import is_below, takes_back
from levelbook.review.reviewed import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.notes import Note
    from levelbook.review.change import Change
    from levelbook.review.law import Judged, Law
    from levelbook.review.reviewed import Role

_PRESENTATION = frozenset({"description", "summary", "title", "example", "examples", "tags", "x-changes"})
_BEHAVIOR = "if the server only acts otherwise, write `kind: behavior`; if the document was wrong, `kind: correction`"


def told(law: Law, changes: list[Change], judged: Judged) -> Iterator[Told]:
    """Give every note above BASE's level, and every new correction, with what it turned out to be."""
    for note in dict.fromkeys([*law.above, *law.corrections]):
        mine = tuple(change.id for change in changes if _tells_of(law, note, change))
        yield Told(note, _role(law, note, mine, judged), mine)


def empty_notes(notes: tuple[Told, ...], judged: Judged, known: list[Problem]) -> Iterator[Problem]:
    """Give a problem for each note that tells of nothing; ``known`` are the problems that are told already."""
    said = {(problem.where, problem.rule) for problem in known}
    faults = dict(judged.faults)
    for one in notes:
        note = one.note
        if one.role != "empty" or (note.where, "wrong-before") in said:
            continue
        why = faults.get(note.pointer) if note.before is not None else None
        if note.kind == "added":
            message, hint = f"the note says that {note.address} is new, and BASE has it", "remove the note"
        elif why is not None:
            message, hint = f"the note at {note.address} tells of nothing: {why}", "correct its `before`, or remove it"
        else:
            message, hint = f"the note at {note.address} tells of a change, and nothing changed there", _BEHAVIOR
        yield Problem("empty-note", note.where, message, hint, pointer=note.pointer)


def _role(law: Law, note: Note, mine: tuple[str, ...], judged: Judged) -> Role:
    if note.kind == "correction":
        return "correction"
    if note.kind == "behavior":
        return "behavior"
    if mine:
        proved = any(judged.standings[one].status == "proved" for one in mine)
        return "proves" if proved and takes_back(note, law.head) else "covers"
    if note.structured:
        is_wording = isinstance(note.before, dict) and note.before.keys() <= _PRESENTATION
        return "behavior" if is_wording else "empty"
    return "empty" if takes_back(note, law.head) else "behavior"


def _tells_of(law: Law, note: Note, change: Change) -> bool:
    """Say whether a note may tell of a change: it stands at it, above it, inside what is new, or at a use of it."""
    if law.covers(note, change):
        return True
    if came(change) and change.head_pointer:
        return within(note.pointer, change.head_pointer) or law.leads_to(change.head_pointer, note.pointer)
    if change.uses and law.leads_to(note.pointer, change.head_pointer):
        return True
    return went(change) and is_below(change.address, note.address)
