"""A change in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.phrases import quote

if TYPE_CHECKING:
    from levelbook.review.change import Change

_VERBS = {"added": "is new", "removed": "is gone"}


def sentence(change: Change) -> str:
    """Say what happened in one sentence, which begins with the address."""
    return f"{change.address}: {_said(change)}"


def _said(change: Change) -> str:
    action, facet = change.kind, change.facet
    word = action.partition(" ")[0]
    there = change.now if change.now is not None else change.was
    if facet == "enum" and action.startswith("value-"):
        return f"the value {_value(there)} {_VERBS[action.removeprefix('value-')]}"
    if facet in ("property", "operation", "webhook", "callback", "body", "schema", "header", "parameter"):
        needed = action.partition(" ")[2]
        return f"the {needed + ' ' if needed else ''}{facet} {_VERBS.get(word, word)}"
    if facet in ("required", "nullable", "read-only", "write-only", "wrapped"):
        return f"it {action.replace('-', ' ')}"
    if word in _VERBS and facet not in ("default", "const"):
        return f"the {facet} {_value(there)} {_VERBS[word]}" if _is_plain(there) else f"{facet} {_VERBS[word]}"
    if change.was is None and change.now is None:
        return f"{facet} {action.replace('-', ' ')}"
    if change.was is None:
        return f"{facet} is {_value(change.now)} now"
    if change.now is None:
        return f"{facet} was {_value(change.was)}, and is gone"
    return f"{facet} was {_value(change.was)}, and is {_value(change.now)} now"


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _value(value: Any) -> str:
    return quote(value)
