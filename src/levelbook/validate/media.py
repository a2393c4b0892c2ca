"""Media types: their names, their kinds, and which documented one a Content-Type falls under.

>>> media_type("Application/JSON; charset=utf-8"), parameters_of('multipart/mixed; boundary="a;b"')
('application/json', {'boundary': 'a;b'})
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from levelbook.validate.plan import MediaPlan

FORM = "application/x-www-form-urlencoded"
# RFC 9110, 5.6.6: a parameter's value is a token or a quoted string.
_PARAMETER = re.compile(r""";[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;"]*))""")
_ESCAPED = re.compile(r"\\(.)")


def media_type(content_type: str) -> str:
    """Give the type of a Content-Type without its parameters (RFC 9110, 8.3.1: names ignore case)."""
    return content_type.partition(";")[0].strip().lower()


def parameters_of(header: str) -> dict[str, str]:
    """Give the parameters of a Content-Type or Content-Disposition, names in lower case."""
    return {
        name.lower(): _ESCAPED.sub(r"\1", quoted) if quoted else token.strip()
        for name, quoted, token in _PARAMETER.findall(header)
    }


def is_json(name: str) -> bool:
    """Say whether a media type is JSON (RFC 6838, 4.2.8: the ``+json`` suffix)."""
    return name == "application/json" or name.endswith(("+json", "/json"))


def is_form(name: str) -> bool:
    """Say whether a media type holds named fields."""
    return name in (FORM, "multipart/form-data")


def choose(content: Sequence[MediaPlan], content_type: str) -> MediaPlan | None:
    """Give the documented media type that a Content-Type falls under: the most specific that fits."""
    name, given = media_type(content_type), _parameters(content_type)
    named = [(media, media_type(media.type), _parameters(media.type)) for media in content]
    exact = [(media, wanted) for media, pattern, wanted in named if pattern == name and wanted <= given]
    if exact:
        return max(exact, key=lambda pair: len(pair[1]))[0]
    ranges = sorted((row for row in named if "*" in row[1]), key=lambda row: -len(row[1]))
    for media, pattern, _ in [row for row in named if "*" not in row[1]] + ranges:
        if pattern == name or ("*" in pattern and fnmatchcase(name, pattern)):
            return media
    return None


def _parameters(content_type: str) -> set[tuple[str, str]]:
    return {(name, value.lower()) for name, value in parameters_of(content_type).items()}
