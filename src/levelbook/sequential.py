"""Sequential media types: bodies that are one item after the other (OpenAPI 3.2.0, 4.14.3).

>>> is_sequence("application/jsonl"), is_sequence("application/json")
(True, False)
"""

from __future__ import annotations

EVENTS = "text/event-stream"
_LINES = frozenset({"application/jsonl", "application/x-ndjson", "application/ndjson", "application/jsonlines"})


def is_lines(name: str) -> bool:
    """Say whether a media type holds a JSON value in every line."""
    return name in _LINES


def is_records(name: str) -> bool:
    """Say whether a media type is a JSON text sequence (RFC 7464; RFC 8091: the ``+json-seq`` suffix)."""
    return name == "application/json-seq" or name.endswith("+json-seq")


def is_sequence(name: str) -> bool:
    """Say whether a media type is a sequence of items."""
    return is_lines(name) or is_records(name) or name == EVENTS
