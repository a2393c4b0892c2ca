"""What the console of a page is filled with: a request that a reader may change and send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """A request to try: its parts as texts, none of them encoded but ``path``.

    ``server`` is the address it goes to: empty, until the reader names one. ``asks_password`` says that the operation
    takes a user name and a password (RFC 7617).
    """

    method: str
    path: str
    server: str = ""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    body: str = ""
    media_type: str = ""
    asks_password: bool = False

    @property
    def body_kind(self) -> str:
        """How the body is written: ``form``, ``text``, or nothing where there is none."""
        return "form" if self.form else "text" if self.media_type else ""
