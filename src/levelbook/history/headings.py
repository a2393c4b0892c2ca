"""The level table that follows from the headings of a hand-kept changelog.

>>> table = read_headings("## Changes in Zulip 8.0\\n\\n**Feature level 237**\\n\\nNo changes.\\n")
>>> table.product, table.name, table.releases
('Zulip', 'feature level', (Release(version='8.0', level=237, date=''),))
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from levelbook.levels import Level, LevelTable, Release, order

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_VERSION = re.compile(r"(?:\b(?P<product>[A-Z][\w-]*)\s+)?\bv?(?P<version>\d+(?:\.(?:\d+|x))+)\b")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = r"(?:\d{4}-\d{2}-\d{2}|\d{1,9}(?:\.\d{1,9})*)"
LEVEL = re.compile(
    rf"^(?:\*\*|__|#{{2,6}}\s+)(?P<name>(?:[A-Za-z]+\s+)?levels?)\s+(?P<level>{_NUMBER})\s*(?:\*\*|__|:|$)",
    re.MULTILINE | re.IGNORECASE,
)
_RESERVED = re.compile(
    r"\blevels?\s+(?P<levels>\d{1,9}(?:\s*(?:-|\u2013|,|and)\s*\d{1,9})*)\s+(?:is|are)\s+reserved\b", re.IGNORECASE
)
# Fenced code (CommonMark 4.5) and comments: what stands there is an example, or out of use.
_ASIDE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)|<!--.*?-->", re.MULTILINE | re.DOTALL
)
_RANGE = re.compile(r"(\d+)(?:\s*[-\u2013]\s*(\d+))?")


def read_headings(text: str) -> LevelTable:
    """Read releases, each with the highest level below its heading, and the levels kept for maintenance releases.

    A heading with a version begins a release; a bold line or a heading that names a level belongs to the release
    above it, or to none yet; a sentence that says "reserved" keeps its levels.
    """
    text = without_asides(text)
    products: Counter[str] = Counter()
    names: Counter[str] = Counter()
    releases: list[Release] = []
    every: list[Level] = []
    for title, section, _ in _sections(text):
        found = _VERSION.search(title)
        levels = []
        for match in LEVEL.finditer(section):
            levels.append(int(match["level"]) if match["level"].isdecimal() else match["level"])
            names[match["name"].lower().removesuffix("s")] += 1
        every += levels
        if found:
            products.update([found["product"]] if found["product"] else [])
            date = _DATE.search(title)
            releases.append(Release(found["version"], max(levels, key=order, default=None), date[0] if date else ""))
    return LevelTable(
        product=next((name for name, _ in products.most_common(1)), ""),
        name=next((name for name, _ in names.most_common(1)), "level"),
        current=max(every, key=order, default=None),
        releases=tuple(sorted(releases, key=lambda release: order(release.version), reverse=True)),
        reserved=tuple(sorted(_reserved(text), key=lambda pair: order(pair[0]), reverse=True)),
    )


def without_asides(text: str) -> str:
    """Blank what stands in fenced code and comments; everything else keeps its place."""
    return _ASIDE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def sections(text: str) -> Iterator[tuple[str | None, str, int]]:
    """Give the text below each release, with its version and offset; None for what belongs to no release."""
    for title, section, start in _sections(text):
        found = _VERSION.search(title)
        yield found["version"] if found else None, section, start


def _sections(text: str) -> Iterator[tuple[str, str, int]]:
    """Cut a changelog at its headings, those of levels left inside the section above them."""
    headings = [match for match in _HEADING.finditer(text) if not LEVEL.match(match[0])]
    ends = [heading.start() for heading in headings] + [len(text)]
    yield "", text[: ends[0]], 0
    for heading, end in zip(headings, ends[1:], strict=True):
        yield heading[1], text[heading.end() : end], heading.end()


def _reserved(text: str) -> Iterator[tuple[Level, Level]]:
    for match in _RESERVED.finditer(text):
        for part in _RANGE.finditer(match["levels"]):
            yield int(part[1]), int(part[2] or part[1])
