"""Phrases of messages: values, lists of words, paths, and names that were probably meant.

>>> listing(["a", "b", "c"]), near("strem", ["direct", "stream"], 0.5)
('a, b or c', 'stream')
"""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from levelbook.engine import Path

_WIDTH = 80
_NAMES = 200  # of a value that are compared with a missing one


def quote(value: Any) -> str:
    """Show a value as JSON, cut at 80 characters."""
    return cut(json.dumps(value, ensure_ascii=False, default=str))


def cut(text: str) -> str:
    """Cut a text at 80 characters."""
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def listing(items: Sequence[str], last: str = "or") -> str:
    """Join words as a sentence does: ``a, b or c``; long lists are cut."""
    if len(items) > 8:  # noqa: PLR2004
        return ", ".join(items[:7]) + f", … ({len(items)} in all)"
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def near_name(name: str, known: Sequence[str]) -> str:
    """Ask whether another name was meant; else say which are known, where that is of use."""
    if meant := near(name, known, 0.6):
        return f"did you mean `{meant}`?"
    return f"known are {listing([f'`{item}`' for item in sorted(known)], 'and')}" if known else ""


def path_text(path: Path) -> str:
    """Write a path into a value the way code does: ``messages[0].sender``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def near(name: str, known: Iterable[str], least: float) -> str:
    """Give the name that is most like another one; empty where none is like it."""

    def likeness(item: str) -> tuple[float, int]:
        if item.casefold() == name.casefold():
            return 1.0, 0
        same = next(
            (index for index, (a, b) in enumerate(zip(item, name, strict=False)) if a != b), min(len(item), len(name))
        )
        return SequenceMatcher(None, item, name).ratio(), same

    ranked = max(((likeness(item), item) for item in islice(known, _NAMES) if item != name), default=None)
    return ranked[1] if ranked and ranked[0][0] >= least else ""
