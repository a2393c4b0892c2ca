"""That no value was found, and why."""

from __future__ import annotations


class Impossible(Exception):  # noqa: N818  # an outcome, not an error
    """No value was found that a schema accepts; the message says why."""


class Endless(Impossible):
    """A schema needs itself: elsewhere, where it need not be there, it has a value."""


class Exhausted(Impossible):
    """Too many tries: the search as a whole ends."""
