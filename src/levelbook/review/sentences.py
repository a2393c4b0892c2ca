"""A change in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.phrases import quote

if TYPE_CHECKING:
    from levelbook.review.change import Change

_VERBS = {"added": "is new", "removed": "is gone", "deleted": "is gone"}
_THINGS = frozenset({"property", "operation", "webhook", "callback", "body", "schema", "header", "parameter"})
_BECOMES = frozenset({"required", "nullable", "read-only", "write-only"})
_UNIONS = {"one-of": "`oneOf`", "any-of": "`anyOf`", "all-of": "`allOf`"}
_KEYWORDS = {
    "min": "minimum", "max": "maximum", "exclusive-min": "exclusiveMinimum", "exclusive-max": "exclusiveMaximum",
    "pattern-property": "patternProperties", "dependent-schema": "dependentSchemas",
    "undeclared-required": "required", "media-type-schema": "schema", "union": "the kind of union",
}  # fmt: skip


def sentence(change: Change) -> str:
    """Say what happened in one sentence, which begins with the address."""
    return f"{change.address}: {_said(change)}"


def _said(change: Change) -> str:
    word, _, needed = change.kind.partition(" ")
    there = change.now if change.now is not None else change.was
    if change.facet == "enum" and word.startswith("value-"):
        return f"the value {quote(there)} {_VERBS[word.removeprefix('value-')]}"
    if change.facet in _THINGS:
        return f"the {needed + ' ' if needed else ''}{change.facet} {_VERBS.get(word, word)}"
    if change.facet in _UNIONS and word in _VERBS:
        return (
            f"{_UNIONS[change.facet]} has the further member {there}"
            if word == "added"
            else (f"{_UNIONS[change.facet]} lost the member {there}")
        )
    if change.facet in _BECOMES or change.facet == "wrapped":
        return f"it {change.kind.replace('-', ' ')}"
    if change.facet == "deprecated":
        return _announced(change)
    return _changed(change, word, there)


def _announced(change: Change) -> str:
    if change.kind == "reactivated":
        return "it is no longer deprecated"
    day = f", until {change.now}" if isinstance(change.now, str) else ""
    return f"it is deprecated{day}" + (f" ({change.kind.replace('-', ' ')})" if change.verdict == "policy" else "")


def _changed(change: Change, word: str, there: Any) -> str:
    name = _KEYWORDS.get(change.facet) or _camel(change.facet)
    if change.facet == "discriminator" and word not in _VERBS:
        name = (
            f"{word.replace('-', ' ')} of the discriminator"
            if "mapping" not in word
            else "the mapping of the discriminator"
        )
    if word in _VERBS and isinstance(there, str) and change.facet not in ("default", "const"):
        return f"the {name} {quote(there)} {_VERBS[word]}"
    if isinstance(there, bool) or (change.was is None and change.now is None):
        return f"{name} {_VERBS.get(word, word.replace('-', ' '))}"
    if change.was is None:
        return f"{name} is {quote(change.now)} now"
    if change.now is None:
        return f"{name} was {quote(change.was)}, and is gone"
    return f"{name} was {quote(change.was)}, and is {quote(change.now)} now"


def _camel(facet: str) -> str:
    first, *others = facet.split("-")
    return first + "".join(part.capitalize() for part in others) if facet != "x-extensible-enum" else facet
