"""The rules: what each means, why it says so, an example, and what to do.

>>> FACTS["endpoint-added"].verdict, mirror_of("request-property-max-decreased")
('compatible', 'request-property-max-increased')
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from levelbook import cache

if TYPE_CHECKING:
    from levelbook.review.change import Verdict

_PLACES = {
    "request-parameter-property": "a property of a parameter",
    "request-header-property": "a property of a request's header",
    "request-read-only-property": "a read-only property of a request",
    "response-write-only-property": "a write-only property of an answer",
    "response-header-property": "a property of an answer's header",
    "request-required-property": "a required property of a request",
    "request-optional-property": "an optional property of a request",
    "response-required-property": "a required property of an answer",
    "response-optional-property": "an optional property of an answer",
    "request-property": "a property of a request", "response-property": "a property of an answer",
    "request-parameter": "a parameter", "response-header": "a header of an answer",
    "response-mediatype": "the body of an answer",
    "request-body": "the body of a request", "response-body": "the body of an answer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its page tells it. ``mirror`` is the rule of the opposite edit, or ``alone`` why there is none."""

    id: str
    means: str
    why: str
    example: str
    do: str
    verdict: Verdict = "unknown"
    mirror: str = ""
    alone: str = ""

    @property
    def page(self) -> str:
        """What ``levelbook check --explain`` prints of the rule."""
        return (
            f"# {self.id}\n\n{self.means}\n\n**Why.** {self.why[:1].upper()}{self.why[1:].rstrip('.')}.\n\n"
            f"**For example.** {self.example}\n\n**What to do.** {self.do}"
        )


def _table(name: str) -> dict[str, Any]:
    """Give the rules of a file, which take as long to read as all modules of a review: once on a machine."""
    content = files("levelbook.review").joinpath(name).read_bytes()
    known: dict[str, Any] | None = cache.found(content)
    if known is None:
        known = tomllib.loads(content.decode())
        cache.store(content, known)
    return known


FACTS = {name: Rule(name, **row) for name, row in _table("rules.toml").items()}
OF_NOTES = {name: Rule(name, **row) for name, row in _table("notes.toml").items()}
_STEMS: dict[str, dict[str, str]] = _table("stems.toml")


def rule(name: str) -> Rule | None:
    """Give the rule of an id: one of the tables, or one of a facet at a place; None for what is no rule."""
    if name in FACTS or name in OF_NOTES:
        return FACTS.get(name) or OF_NOTES[name]
    place, stem = _split(name)
    row = _STEMS.get(stem)
    if row is None:
        return None
    means = row["means"].replace("{place}", _PLACES.get(place, "a property of a request"))
    means = means[:1].upper() + means[1:]
    mirror = mirror_of(name)
    return Rule(name, means, row["why"], row["example"], row["do"], mirror=mirror, alone=row.get("alone", ""))


def mirror_of(name: str) -> str:
    """Give the id of the rule of the opposite edit; empty where there is none."""
    if name in FACTS:
        return FACTS[name].mirror
    place, stem = _split(name)
    opposite = _STEMS.get(stem, {}).get("mirror", "")
    if not opposite:
        return ""
    if opposite in _NEW:
        return opposite
    if place == "response-mediatype":
        place = "response-body"  # oasdiff's other word for it
    elif f"{place}-{opposite}" == "response-body-enum-value-removed":
        place = "response-mediatype"
    if opposite == "type-specialized" and place in ("request-body", "request-property", "request-parameter"):
        opposite = "type-changed"  # what oasdiff calls a narrower type of a request
    return f"{place}-{opposite}" if place else opposite


def known_stems() -> dict[str, dict[str, str]]:
    """Give the facets and what may become of them, as the table has them."""
    return _STEMS


_NEW = frozenset({"new-optional-request-property"})


def _split(name: str) -> tuple[str, str]:
    """Take an id apart into its place and what happened there."""
    if name in _STEMS:
        return "", name
    for place in sorted(_PLACES, key=len, reverse=True):
        stem = name.removeprefix(f"{place}-")
        if stem != name and stem in _STEMS:
            return place, stem
    return "", name
