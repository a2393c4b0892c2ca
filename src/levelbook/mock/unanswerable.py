"""That there is no documented answer to give, and why."""

from __future__ import annotations


class Unanswerable(Exception):  # noqa: N818  # an outcome, not an error
    """What is answered instead: ``status``, the message, and a hint that is an action."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint
