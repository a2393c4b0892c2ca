"""A long history as a table: a line a level."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.review.steps import Step

_COLUMNS = (
    "level",
    "date",
    "commit",
    "changes",
    "breaking",
    "proved",
    "covered",
    "corrected",
    "undeclared",
    "notes",
    "problems",
)
_TEXTS = ("level", "date", "commit")
_SHORT = 9  # characters of a hash


def text(steps: list[Step]) -> str:
    """Give a table for the terminal; what does not match is marked at the end of its line."""
    rows = [_COLUMNS, *map(_cells, steps)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_COLUMNS))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell.ljust(width) if name in _TEXTS else cell.rjust(width)
            for name, cell, width in zip(_COLUMNS, row, widths, strict=True)
        ]
        step = steps[number - 1] if number else None
        mark = f"  {step.error or 'mismatch'}" if step and step.is_mismatch else ""
        lines.append(f"{'  '.join(cells)}{mark}".rstrip())
    return "\n".join(lines) + "\n"


def markdown(steps: list[Step]) -> str:
    """Give a table in Markdown."""
    lines = [f"| {' | '.join(_COLUMNS)} | |", f"|{'---|' * (len(_COLUMNS) + 1)}"]
    lines += [
        f"| {' | '.join(_cells(step))} | {step.error or 'mismatch' if step.is_mismatch else ''} |" for step in steps
    ]
    return "\n".join(lines) + "\n"


def json_text(steps: list[Step]) -> str:
    """Give the table as one JSON object."""
    rows = [asdict(step) | {"mismatch": step.is_mismatch} for step in steps]
    return json.dumps({"levels": rows}, indent=2, ensure_ascii=False) + "\n"


def _cells(step: Step) -> tuple[str, ...]:
    data = asdict(step)
    data["commit"] = step.commit[:_SHORT]
    data["level"] = "-" if step.level is None else step.level
    return tuple(str(data[name]) for name in _COLUMNS)
