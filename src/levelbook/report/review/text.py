"""A review as people read it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.report.people import text as problem_text
from levelbook.report.review.words import (
    knows_levels,
    note_words,
    ordered,
    sample_words,
    span,
    summary,
    traffic_words,
    uses_words,
    witness_words,
)
from levelbook.review.reviewing import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.review.reviewed import Reviewed, Row

_COLOURS = {"breaking": "31", "policy": "33", "unknown": "33", "compatible": "32"}
_OF_ROWS = frozenset({"undeclared-change"})  # problems that the row itself tells of


def text(reviewed: Reviewed, *, colour: bool = False) -> str:
    """Give each change in a line that editors can jump from, with what is known of it below; then the problems."""
    lines = [f"{reviewed.base.name} -> {reviewed.head.name} ({span(reviewed)})"]
    if reviewed.sample is not None:
        lines.append(f"traffic: {sample_words(reviewed.sample)}")
    for row in ordered(reviewed.rows):
        lines += ["", *_row(row, reviewed, colour=colour)]
    notes = [one for one in reviewed.told if one.role == "behavior"]
    if notes:
        lines += ["", "Behaviour that notes tell of, and no schema shows:"]
        lines += [f"{one.note.where}: {one.note.level}: {one.note.address}" for one in notes]
    said = "\n".join(lines) + "\n"
    problems = [problem for problem in reviewed.problems if problem.rule not in _OF_ROWS]
    if problems:
        said += "\n" + problem_text(problems, colour=colour)
    if reviewed.questions:
        said += "\n" + problem_text(reviewed.questions, colour=colour)
    for page in reviewed.pages:
        said += f"\n{page.diff}"
    return said


def _row(row: Row, reviewed: Reviewed, *, colour: bool) -> Iterator[str]:
    change = row.change
    verdict = f"\033[{_COLOURS[change.verdict]}m{change.verdict}\033[0m" if colour else change.verdict
    yield f"{row.head}: {verdict}: {sentence(change)} [{change.rule}]"
    for name, value in _details(row, reviewed):
        yield f"    {name + ':':9} {value}"


def _details(row: Row, reviewed: Reviewed) -> Iterator[tuple[str, str]]:
    change = row.change
    yield "at", change.address
    if change.witness is not None:
        yield "witness", witness_words(change.witness, reviewed)
    if change.reason and (change.witness is None or change.verdict != "breaking"):  # waived, or let pass by a policy
        yield "because", change.reason
    if knows_levels(reviewed):
        yield "note", note_words(row.standing, reviewed.level_name)
    if row.accepted is not None:
        yield "accepted", row.accepted
    if said := uses_words(change):
        yield "shows in", said
    if row.traffic is not None:
        yield "traffic", traffic_words(row.traffic)
    yield "before", f"{row.base} (id {change.id})"


__all__ = ["summary", "text"]
