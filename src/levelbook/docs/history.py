"""The changelog as its page and its feed show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from levelbook.notes import by_release

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.docs.labels import Labels
    from levelbook.notes import LevelNotes

_UNTITLED = {"Not released": "unreleased", "No level named": "no_level"}  # what `by_release` calls what has no version


def releases(
    changelog: list[LevelNotes], api: Api, names: dict[str, str], places: dict[str, str], labels: Labels
) -> list[dict[str, Any]]:
    """Give the releases with their levels and notes, each note with a link to its element, or to its operation's page.

    ``places`` are the addresses of the elements by their pointers.
    """
    pages = {operation.key: names[operation.pointer] + ".html" for operation in api.operations}
    return [
        {
            "id": f"release-{release.version or release.title.lower().replace(' ', '-')}",
            "version": release.version,
            "title": labels(_UNTITLED[release.title]) if release.title in _UNTITLED else release.title,
            "date": release.date,
            "entries": [
                {
                    "level": entry.level,
                    "notes": [
                        {
                            "operation": note.operation or "",
                            "subject": note.operation or note.address.partition(" > ")[0],
                            "element": note.address.partition(" > ")[2],
                            "kind": note.kind,
                            "text": _from_elsewhere(note.text, link),
                            "link": link,
                        }
                        for note in entry.notes
                        for link in [places.get(note.pointer) or pages.get(note.operation or "", "")]
                    ],
                }
                for entry in release.levels
            ],
        }
        for release in by_release(changelog, api.levels)
    ]


def _from_elsewhere(text: str, link: str) -> str:
    """Give a note whose links within its page lead there from another one."""
    page = link.partition("#")[0]
    return re.sub(r"(\]\(|\]:[ \t]*)#", lambda match: f"{match[1]}{page}#", text) if page and "#" in text else text


def feed_date(listed: list[dict[str, Any]]) -> str:
    """Give the date of the newest release, for the feed."""
    return max((release["date"] for release in listed), default="") or "1970-01-01"
