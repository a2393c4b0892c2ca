"""A review as the comment of a pull request: Markdown as GitHub reads it, with sections that collapse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
    from collections.abc import Iterator

    from levelbook.review.reviewed import Reviewed, Row

LIMIT = 65_000  # characters; GitHub refuses a comment of more than 65,536
_MARKS = {"breaking": "🔴", "policy": "🟠", "unknown": "🟡", "compatible": "🟢"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#@])")


def markdown(reviewed: Reviewed, *, limit: int = LIMIT) -> str:
    """Give a review in at most ``limit`` characters; what is left out is counted."""
    head = "\n".join(_head(reviewed)) + "\n"
    sections = [*_sections(reviewed)]
    text, left_out = head, 0
    for section in sections:
        if len(text) + len(section) > limit - 200:
            left_out += 1
        else:
            text += f"\n{section}"
    if left_out:
        entries = "entry" if left_out == 1 else "entries"
        text += f"\n*{left_out} {entries} left out: the comment would be too long.*\n"
    return text


def _head(reviewed: Reviewed) -> Iterator[str]:
    yield f"### API review: {summary(reviewed)}"
    yield ""
    yield f"`{reviewed.base.name}` to `{reviewed.head.name}` ({_plain(span(reviewed))})"
    if reviewed.sample is not None:
        yield ""
        yield f"Judged with {sample_words(reviewed.sample)}."


def _sections(reviewed: Reviewed) -> Iterator[str]:
    problems = [problem for problem in reviewed.problems if problem.rule != "undeclared-change"]
    if problems:
        yield f"#### {plural(len(problems), 'problem')} of notes\n"
        for problem in problems:
            hint = f"<br>{_plain(problem.hint)}" if problem.hint else ""
            yield f"- `{problem.where}` {_plain(problem.message)}{hint}\n"
    rows = ordered(reviewed.rows)
    for verdict in VERDICTS:
        mine = [row for row in rows if row.change.verdict == verdict and row.accepted is None]
        if mine:
            yield f"#### {_MARKS[verdict]} {len(mine)} {verdict}\n"
            yield from (_row(row, reviewed) for row in mine)
    accepted = [row for row in rows if row.accepted is not None]
    if accepted:
        lines = [f"- {_plain(sentence(row.change))} ({_plain(row.accepted or '')})" for row in accepted]
        yield _collapsed(f"{len(accepted)} accepted by the baseline", "\n".join(lines))
    behaviour = [one.note for one in reviewed.told if one.role == "behavior"]
    if behaviour:
        lines = [f"- {reviewed.level_name} {note.level}: {_plain(note.address)}" for note in behaviour]
        yield _collapsed(f"{plural(len(behaviour), 'note')} of behaviour, which no schema shows", "\n".join(lines))
    if reviewed.questions:
        lines = [f"- `{problem.where}` {_plain(problem.message)}" for problem in reviewed.questions]
        yield _collapsed(plural(len(lines), "question"), "\n".join(lines))
    for page in reviewed.pages:
        yield _collapsed(f"the page {page.name}", _fenced(page.diff, "diff"))


def _row(row: Row, reviewed: Reviewed) -> str:
    """Give a change as a section that collapses, open to what one decides by."""
    change = row.change
    missing = knows_levels(reviewed) and not row.standing.is_declared
    title = _html(sentence(change)) + (" — <b>no note</b>" if missing else "")
    lines = [f"- at `{change.address}`, `{row.head}` (before: `{row.base}`)"]
    if knows_levels(reviewed):
        lines.append(f"- note: {_plain(note_words(row.standing, reviewed.level_name))}")
    if change.reason and change.witness is None:
        lines.append(f"- because {_plain(change.reason)}")
    if said := uses_words(change):
        lines.append(f"- shows in {_plain(said)}")
    if row.traffic is not None:
        lines.append(f"- traffic: {_plain(traffic_words(row.traffic))}")
    lines.append(f"- rule `{change.rule}`, id `{change.id}`")
    body = "\n".join(lines)
    if change.witness is not None:
        body += (
            f"\n\n{_plain(witness_words(change.witness, reviewed))}\n\n{_fenced(command(change.witness.request), 'sh')}"
        )
    return _collapsed(title, body)


def _collapsed(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>\n"


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _plain(text: str) -> str:
    """Give text that Markdown shows as it is; code in backticks stays code."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(part if index % 2 else _SPECIAL.sub(r"\\\1", part) for index, part in enumerate(parts))


def _html(text: str) -> str:
    """Give text for a summary, which is HTML: code in backticks is marked as such."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
