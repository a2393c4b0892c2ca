"""Multipart bodies, from bytes to parts (RFC 2046, 5.1; RFC 7578).

By hand, because libraries read a stream piece by piece through callbacks and forgive what a validator has to tell.

>>> part, = parts_of(b'--x\\r\\nContent-Disposition: form-data; name="a"\\r\\n\\r\\n1\\r\\n--x--\\r\\n', "x")
>>> part.name, part.body
('a', b'1')
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from levelbook.validate.media import parameters_of
from levelbook.validate.texts import NotDecoded

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]\Z")  # RFC 2046, 5.1.1
_MOST = 10_000  # parts of one body: more is an attack


class Part(NamedTuple):
    """A part: its headers by name in lower case, its bytes, and the name of the form field; None where it has none."""

    headers: dict[str, str]
    body: bytes
    name: str | None

    @property
    def content_type(self) -> str:
        """The part's Content-Type; empty where it does not say."""
        return self.headers.get("content-type", "")


def parts_of(body: bytes, boundary: str | None) -> list[Part]:
    """Take a multipart body apart; preamble and epilogue are left out. Raises NotDecoded."""
    if not boundary:
        raise NotDecoded("is multipart, but its Content-Type names no boundary")
    if not _BOUNDARY.match(boundary):
        raise NotDecoded(f"is multipart, but its boundary {boundary[:80]!r} is none (RFC 2046, 5.1.1)")
    delimiter = b"\r\n--" + boundary.encode("ascii")
    pieces = (b"\r\n" + body).split(delimiter, _MOST)
    found: list[Part] = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return found
        padding, newline, rest = piece.partition(b"\r\n")
        if not newline or padding.strip(b" \t"):
            raise NotDecoded(f"is multipart, but the boundary before part {len(found) + 1} does not end its line")
        found.append(_part(rest, len(found) + 1))
    if len(pieces) == 1:
        raise NotDecoded(f"is multipart, but the boundary `{boundary}` does not occur in it")
    raise NotDecoded(f"is multipart, but the closing `--{boundary}--` is missing")


def _part(piece: bytes, number: int) -> Part:
    if piece.startswith(b"\r\n"):
        head, body = b"", piece[2:]
    else:
        head, blank, body = piece.partition(b"\r\n\r\n")
        if not blank:
            raise NotDecoded(f"is multipart, but the headers of part {number} do not end in an empty line")
    headers: dict[str, str] = {}
    text = head.decode("utf-8", "replace")
    for line in re.sub(r"\r\n[ \t]+", " ", text).split("\r\n"):  # RFC 5322, 2.2.3: a folded header
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
        elif line.strip():
            raise NotDecoded(f"is multipart, but part {number} has the header line {line[:80]!r}, which has no colon")
    return Part(headers, body, _name(headers.get("content-disposition", "")))


def _name(disposition: str) -> str | None:
    """Give the field name of a Content-Disposition (RFC 7578, 4.2; browsers write quotes as ``%22``)."""
    if disposition.partition(";")[0].strip().lower() != "form-data":
        return None
    given = parameters_of(disposition)
    if "name*" in given:  # RFC 8187, 3.2.1
        return unquote(given["name*"].rpartition("'")[2])
    name = given.get("name")
    return name if name is None else name.replace("%22", '"').replace("%0D%0A", "\r\n")
