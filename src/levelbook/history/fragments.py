"""Entries of the changelog that wait for their level: one Markdown file each, named after a placeholder.

changes.d/ZF-1f4a39.md:    * [`POST /messages`](/api/send-message): Added `x`.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from levelbook.history.hand_kept import mentions_in
from levelbook.notes import Note
from levelbook.problem import Location
from levelbook.prose import Anchor, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_BULLET = re.compile(r"^[*+-]\s+", re.MULTILINE)
_HEAD = re.compile(r"\A(?:\[[^\]]*\]\([^)]*\)|`[^`]*`|[\s,]|and\b)*:\s*")


def fragment_notes(paths: Iterable[Path]) -> Iterator[Note]:
    """Give a note for each bullet of each fragment: at the level that the file is named after."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        level = int(path.stem) if path.stem.isdecimal() else path.stem
        starts = list(_BULLET.finditer(text))
        ends = [*(match.start() for match in starts), len(text)][1:]
        for start, end in zip(starts, ends, strict=True):
            body = text[start.end() : end].strip()
            operation = next((mention.operation for mention in mentions_in(body) if mention.operation), None)
            said = _HEAD.sub("", body)
            yield Note(
                anchors=(Anchor(None, level),),
                kind=kind_of(said),
                text=said,
                pointer="",
                address=operation or path.stem,
                operation=operation,
                locate=partial(Location, str(path), text.count("\n", 0, start.start()) + 1, 1),
                source=f"{path}@{start.start()}",
            )
