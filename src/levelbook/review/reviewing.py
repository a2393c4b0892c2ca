"""A review: two documents in; every change with its note, and every problem of the notes, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.levels import is_assigned, order
from levelbook.problem import Problem, Severity
from levelbook.review.fact import value_at
from levelbook.review.law import Law
from levelbook.review.renames import renames
from levelbook.review.reviewed import Reviewed, Row, Side
from levelbook.review.rewritten import rewritten
from levelbook.review.telling import empty_notes, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api
    from levelbook.problem import Location
    from levelbook.review.change import Change
    from levelbook.review.law import Compare, Judged
    from levelbook.review.reviewed import Standing

_SUGGEST = "write a note beside it (--suggest writes a stub), or one of `kind: correction` if the document was wrong"

RAISE = "raise `current`, or write notes of `level: next`"  # the hint where there are changes and no level for them


def review(base: Api, head: Api, compare: Compare) -> Reviewed:
    """Compare two documents, and hold the changes against the notes of the later one.

    ``compare`` gives the changes from one Api to another, with the same ids for the same changes.
    """
    law = Law(base, head, compare)
    changes = compare(base, head)
    judged = law.judge(changes)
    standings = judged.standings
    rows = tuple(_row(law, change, standings[change.id]) for change in changes)
    notes = tuple(told(law, changes, judged))
    others: list[Problem] = []
    if law.is_levelled:
        empty = {id(one.note) for one in notes if one.role == "empty"}
        others += _problems(law, rows, judged, empty)
        others += empty_notes(notes, judged, others)
        others += rewritten(law, {id(one.standing.note) for one in rows if one.standing.why})
    return Reviewed(
        base=Side(base.documents.main.file, law.then.level, law.then.is_stated, base.documents.excerpt),
        head=Side(head.documents.main.file, law.now.level, law.now.is_stated, head.documents.excerpt),
        rows=rows,
        told=notes,
        others=tuple(others),
        questions=tuple(_questions(law, rows)),
        title=head.title,
        level_name=head.levels.name,
    )


def _problems(law: Law, rows: tuple[Row, ...], judged: Judged, empty: set[int]) -> Iterator[Problem]:
    seen = empty | {id(row.standing.note) for row in rows if row.standing.why}
    for change, note in judged.astray:
        if note is None:
            where, pointer = law.head.documents.locate(change.head_pointer), change.head_pointer
        else:
            where, pointer = note.where, note.pointer
        if id(note) not in seen:
            seen.add(id(note) if note is not None else id(change))
            yield Problem("wrong-before", where, _astray(law, change), _mend(note is not None), pointer=pointer)
    yield from _levels(law, rows)


def _questions(law: Law, rows: tuple[Row, ...]) -> Iterator[Problem]:
    """Ask of what is gone and what is new whether it is one; a note of kind `renamed` has answered."""
    known = {row.change.id: row for row in rows}
    for rename in renames(law.base, law.head, [row.change for row in rows]):
        pair = (known[rename.removed.id], known[rename.added.id])
        if not any(row.standing.note is not None and row.standing.note.kind == "renamed" for row in pair):
            hint = "if so, let a note of `kind: renamed` say it"
            at = rename.added.head_pointer
            yield Problem("renamed", pair[1].head, rename.question, hint, Severity.INFO, at)


def _row(law: Law, change: Change, standing: Standing) -> Row:
    base = law.base.documents.locate(change.base_pointer)
    head = law.head.documents.locate(change.head_pointer)
    is_missing = law.is_levelled and not standing.is_declared
    return Row(change, standing, base, head, _undeclared(law, change, standing, head) if is_missing else None)


def _undeclared(law: Law, change: Change, standing: Standing, where: Location) -> Problem:
    """Give the problem with a change that no note tells of."""
    said = sentence(change)
    if standing.why and standing.note is not None:
        named = f"{law.head.levels.name} {standing.level}"
        if standing.why == "level not raised":
            message = f"{said}; its note says {named}, and BASE is at {law.then.level} already"
            hint = "give the note the next level, or `level: next`"
            return Problem("level-not-raised", standing.note.where, message, hint, pointer=change.head_pointer)
        message = f"{said}; its note of {named} takes it back to something else than BASE has"
        return Problem("wrong-before", standing.note.where, message, _mend(is_known=True), pointer=change.head_pointer)
    above = f" above {law.head.levels.name} {law.then.level}" if law.then.level is not None else ""
    return Problem(
        "undeclared-change", where, f"{said}; no note{above} tells of it", _SUGGEST, pointer=change.head_pointer
    )


def _astray(law: Law, change: Change) -> str:
    level = f"{law.head.levels.name} {law.then.level}"
    return f"rewound to {level}, HEAD differs from BASE where it did not before: {sentence(change)}"


def _mend(is_known: bool) -> str:  # noqa: FBT001  # one caller a line
    if is_known:
        return "let its `before` give what BASE has; a note of something that BASE has already is none"
    return "one of the new notes takes back too much"


def _levels(law: Law, rows: tuple[Row, ...]) -> Iterator[Problem]:
    """Give what is wrong with the level of HEAD itself."""
    then, now = law.then.level, law.now.level
    if law.then.is_stated and not law.now.is_stated and value_at(law.base, "/info/x-levels") is not None:
        message = f"BASE says that it stands at {law.base.levels.name} {then}, and HEAD does not say where it stands"
        where = law.head.documents.locate("/info")
        yield Problem("level-not-raised", where, message, "put `info.x-levels` back", pointer="/info")
        return
    if then is None or now is None or not law.now.is_stated or not (is_assigned(then) and is_assigned(now)):
        return
    at = "/info/x-levels/current"
    where, name = law.head.documents.locate(at), law.head.levels.name
    if order(now) < order(then):
        yield Problem(
            "level-not-raised",
            where,
            f"HEAD stands at {name} {now}, below BASE's {then}",
            "a level only grows",
            pointer=at,
        )
        return
    named = [note.level for note in law.above if note.level is not None and is_assigned(note.level)]
    highest = max(named, key=order, default=now)
    if order(highest) > order(now):
        message = f"notes name {name} {highest}, and the table says that the API is at {now}"
        yield Problem("level-not-raised", where, message, f"raise `current` to {highest}", pointer=at)
    elif order(now) == order(then) and not law.above and any(not row.standing.is_declared for row in rows):
        message = f"the API changed, and it is still at {name} {now}"
        yield Problem("level-not-raised", where, message, RAISE, pointer=at)


def sentence(change: Change) -> str:
    """Give a change in words."""
    return change.sentence or f"{change.address}: {change.facet} {change.kind}"
