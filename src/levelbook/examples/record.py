"""The record of a request to show: what is sent, in plain values that every language writes in its own way.

>>> ExampleRequest("", "PUT", "/a", body={"b": 1}).kind
'json'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from levelbook.styled import Pair

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class File:
    """A file that a request sends: its name in the working directory, and what it may hold."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a multipart body: a text, or a file; ``media_type`` is empty where it need not be said."""

    name: str
    text: str = ""
    file: File | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request to show: ``path`` has its parameters filled in; ``query`` and ``form`` are not yet encoded.

    ``cookies`` are ready to be sent. At most one of ``form``, ``parts``, ``body`` (a JSON value), ``text`` and ``file``
    is what it carries, as ``kind`` says; ``media_type`` is that of the body.
    """

    title: str
    method: str
    path: str
    query: tuple[Pair, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()
    form: tuple[Pair, ...] = ()
    parts: tuple[Part, ...] = ()
    body: Any = None
    text: str | None = None
    file: File | None = None
    media_type: str = ""

    @property
    def kind(self) -> str:
        """What the body is: ``form``, ``multipart``, ``text``, ``file``, ``json``, or nothing."""
        if self.media_type == FORM or self.form:
            return "form" if self.form else ""
        if self.parts or self.media_type.startswith("multipart/"):
            return "multipart" if self.parts else ""
        if self.file or self.text is not None:
            return "file" if self.file else "text"
        return "json" if self.media_type or self.body is not None else ""

    @property
    def files(self) -> tuple[File, ...]:
        """The files that have to lie in the working directory for it to be sent."""
        return tuple(one for one in (self.file, *(part.file for part in self.parts)) if one is not None)
