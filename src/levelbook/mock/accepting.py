"""Which of the documented media types a client accepts: the ``Accept`` header (RFC 9110, 12.5.1).

>>> from levelbook.api import Media
>>> content = [Media("application/json", ""), Media("text/csv", "")]
>>> [name for _, name in accepted(content, "text/*, */*;q=0.1")]
['text/csv', 'application/json']
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from levelbook.validate.media import media_type, parameters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from levelbook.api import Media

# What stands for a range of the document, where the client names nothing more narrow.
_CONCRETE = {
    "*/*": "application/json",
    "application/*": "application/json",
    "text/*": "text/plain",
    "image/*": "image/png",
}


class _Range(NamedTuple):
    name: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    @property
    def weight(self) -> tuple[int, int]:
        """How specific it is: the most specific range that fits decides."""
        return 2 - self.name.count("*"), len(self.parameters)


def accepted(content: Sequence[Media], accept: str | None) -> list[tuple[Media, str]]:
    """Give the media types that a client accepts, the best first, each with the concrete type to send it as."""
    ranges = _ranges(accept) or [_Range("*/*", frozenset(), 1.0)]
    rows = []
    for media in content:
        fitting = [(wanted, name) for wanted in ranges if (name := _common(media.type, wanted))]
        if fitting:
            wanted, name = max(fitting, key=lambda pair: pair[0].weight)
            rows.append((wanted.quality, media, name))
    rows.sort(key=lambda row: -row[0])
    return [(media, name) for quality, media, name in rows if quality > 0]


def _ranges(accept: str | None) -> list[_Range]:
    found = []
    for item in (accept or "").split(","):
        name = media_type(item)
        given = parameters_of(item)
        quality = _quality(given.pop("q", "1"))
        if name:
            parameters = frozenset((key, value.lower()) for key, value in given.items())
            found.append(_Range("*/*" if name == "*" else name, parameters, quality))
    return found


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 1.0


def _common(written: str, wanted: _Range) -> str:
    """Give the type that is both documented and wanted; empty where there is none."""
    name = media_type(written)
    if "*" in name:
        if "*" not in wanted.name:
            return wanted.name if fnmatchcase(wanted.name, name) else ""
        concrete = _CONCRETE.get(name, name.replace("*", "octet-stream"))
        return concrete if fnmatchcase(concrete, wanted.name) else _narrow(name, wanted.name)
    given = {(key, value.lower()) for key, value in parameters_of(written).items()}
    return written if fnmatchcase(name, wanted.name) and wanted.parameters <= given else ""


def _narrow(name: str, wanted: str) -> str:
    """Give a type that two ranges share."""
    return _CONCRETE.get(wanted, "") if fnmatchcase(wanted, name) else ""
