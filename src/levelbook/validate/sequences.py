"""Bodies that are sequences of items: JSON lines, JSON text sequences, server-sent events (OpenAPI 3.2.0, 4.14.3).

>>> items_of(b'{"a": 1}\\n{"a": 2}\\n', "application/x-ndjson")
[{'a': 1}, {'a': 2}]
>>> items_of(b"event: add\\ndata: 1\\ndata: 2\\n\\n: comment\\n", "text/event-stream")
[{'event': 'add', 'data': '1\\n2'}]
"""

from __future__ import annotations

import re
from typing import Any

from levelbook.sequential import EVENTS, is_records
from levelbook.validate.texts import NotDecoded, loads

_RECORD = b"\x1e"  # RFC 7464, 2.2
_SPACE = b" \t\r\n"  # RFC 8259, section 2
_DIGITS = 4000  # more than Python reads


def items_of(body: bytes, name: str) -> list[Any]:
    """Read a body of a sequential media type into its items. Raises NotDecoded."""
    if name == EVENTS:
        return _events(body)
    if is_records(name):
        before, *texts = body.split(_RECORD)
        if before.strip(_SPACE):
            raise NotDecoded("is no JSON text sequence: a record separator (0x1E) stands before each text")
        return [_item(text, number, "text") for number, text in enumerate(texts, 1) if text.strip(_SPACE)]
    return [_item(line, number, "line") for number, line in enumerate(body.split(b"\n"), 1) if line.strip(_SPACE)]


def _item(text: bytes, number: int, what: str) -> Any:
    try:
        return loads(text.strip(_SPACE))
    except NotDecoded as error:
        why = re.sub(r" at line \d+, column (\d+)", r" at column \1", str(error))
        raise NotDecoded(f"{why} of {what} {number}") from None


def _events(body: bytes) -> list[Any]:
    """Read an event stream (HTML, 9.2.6): an event is its fields; a comment is none."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotDecoded(f"is no event stream: the byte at offset {error.start} is not UTF-8") from None
    found: list[Any] = []
    event: dict[str, Any] = {}
    data: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line:
            event |= {"data": "\n".join(data)} if data else {}
            found += [event] if event else []
            event, data = {}, []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "retry":
            if value.isascii() and value.isdecimal() and len(value) <= _DIGITS:  # others are to be ignored
                event["retry"] = int(value)
        elif field in ("event", "id"):
            event[field] = value
    return found  # an event that no empty line ends is not dispatched
