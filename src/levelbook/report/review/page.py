"""A review as one HTML file: a timeline of levels, filters, the lines of both sides, witnesses one can copy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from levelbook.levels import position
from levelbook.report.pages import PAGES
from levelbook.report.people import plural
from levelbook.report.review.words import (
    VERDICTS,
    command,
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
    from levelbook.levels import Level
    from levelbook.review.reviewed import Reviewed, Row

_STATUSES = ("missing", "covered", "proved", "correction")


def page(reviewed: Reviewed) -> str:
    """Give one HTML file that needs nothing else."""
    rows = [_row(row, reviewed) for row in ordered(reviewed.rows)]
    return PAGES.get_template("review/review.html.j2").render(
        reviewed=reviewed,
        summary=summary(reviewed),
        span=span(reviewed),
        sample=sample_words(reviewed.sample) if reviewed.sample else "",
        rows=rows,
        levels=_timeline(reviewed),
        problems=[problem for problem in reviewed.problems if problem.rule != "undeclared-change"],
        excerpt=reviewed.head.excerpt,
        verdicts=_counts(rows, "verdict", VERDICTS),
        statuses=_counts(rows, "status", _STATUSES) if knows_levels(reviewed) else [],
        traffic=_counts(rows, "traffic", ("broken", "affected", "unaffected", "unexercised")),
        pages=[(one.name, _coloured(one.diff)) for one in reviewed.pages],
        code=_code,
        plural=plural,
    )


def _row(row: Row, reviewed: Reviewed) -> dict[str, Any]:
    """Give what the page shows of a change."""
    change, witness = row.change, row.change.witness
    return {
        "row": row,
        "change": change,
        "sentence": sentence(change),
        "verdict": change.verdict,
        "status": row.standing.status,
        "level": row.standing.level,
        "note": note_words(row.standing, reviewed.level_name) if knows_levels(reviewed) else "",
        "traffic": row.traffic.summary if row.traffic else "",
        "seen": traffic_words(row.traffic) if row.traffic else "",
        "shows": uses_words(change),
        "base_lines": _dedented(reviewed.base.excerpt(row.base)),
        "head_lines": _dedented(reviewed.head.excerpt(row.head)),
        "witness": witness_words(witness, reviewed) if witness else "",
        "command": command(witness.request) if witness else "",
        "answer": (witness.response.body or b"").decode(errors="replace") if witness and witness.response else "",
    }


def _timeline(reviewed: Reviewed) -> list[dict[str, Any]]:
    """Give the levels above BASE's, oldest first, each with its notes and the changes that rest on them."""
    found: dict[Level | None, dict[str, Any]] = {}
    for one in reviewed.told:
        entry = found.setdefault(
            one.note.level, {"level": one.note.level, "notes": [], "changes": set(), "release": one.note.release}
        )
        entry["notes"].append(one)
        entry["changes"] |= set(one.changes)
    return sorted(found.values(), key=lambda entry: position(entry["level"], entry["release"]))


def _counts(rows: list[dict[str, Any]], key: str, words: tuple[str, ...]) -> list[tuple[str, int]]:
    counted = [(word, sum(row[key] == word for row in rows)) for word in words]
    return [(word, number) for word, number in counted if number]


def _code(text: str) -> Markup:
    """Give a sentence with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # it is escaped


def _coloured(diff: str) -> list[tuple[str, str]]:
    """Give the lines of a unified diff, each with what it is."""
    kinds = {"+": "new", "-": "old", "@": "place"}
    return [(kinds.get(line[:1], "same"), line) for line in diff.splitlines()]


def _dedented(excerpt: str) -> str:
    """Give numbered lines without what all of them are indented by."""
    parts = [line.strip("\n").partition(" | ") for line in excerpt.splitlines()]
    indent = min((len(text) - len(text.lstrip()) for _, _, text in parts if text.strip()), default=0)
    return "\n".join(f"{number.removeprefix('    ')} | {text[indent:]}" for number, _, text in parts)
