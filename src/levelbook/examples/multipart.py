"""Multipart bodies written out, for languages whose libraries do not write them (RFC 7578).

>>> pieces((Part("a", "1"),))
('--example-boundary\\r\\nContent-Disposition: form-data; name="a"\\r\\n\\r\\n1\\r\\n--example-boundary--\\r\\n',)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.examples.record import File, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDARY = "example-boundary"


def pieces(parts: tuple[Part, ...]) -> tuple[str | File, ...]:
    """Give the body in turn as texts and the files between them; empty where there are no parts."""
    found: list[str | File] = []
    text = ""
    for piece in _lines(parts):
        if isinstance(piece, File):
            found += [text, piece]
            text = ""
        else:
            text += piece
    return tuple([*found, text] if text else found)


def _lines(parts: tuple[Part, ...]) -> Iterator[str | File]:
    for part in parts:
        yield f"--{BOUNDARY}\r\nContent-Disposition: {disposition(part)}\r\n"
        yield f"Content-Type: {part.media_type}\r\n\r\n" if part.media_type else "\r\n"
        yield part.file or part.text
        yield "\r\n"
    if parts:
        yield f"--{BOUNDARY}--\r\n"


def disposition(part: Part) -> str:
    """Give the Content-Disposition of a part (RFC 7578, 4.2)."""
    named = f'; filename="{_quoted(part.file.name)}"' if part.file else ""
    return f'form-data; name="{_quoted(part.name)}"{named}'


def _quoted(name: str) -> str:
    """Write a name as browsers do (HTML, 4.10.21.8; RFC 7578, 4.2)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
