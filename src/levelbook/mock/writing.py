"""Values as bodies and header fields: the way back from what the validator reads.

>>> next(written({"a": 1}, "application/json"))
(b'{"a": 1}', 'application/json')
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from levelbook.sequential import EVENTS, is_lines, is_records
from levelbook.validate.media import FORM, is_json, media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUNDARY = "levelbook"
_EVENT_FIELDS = ("event", "id", "retry")


def written(value: Any, kind: str) -> Iterator[tuple[bytes, str]]:
    """Give the ways in which a value may be sent as a media type, the likeliest first, each with its Content-Type."""
    name = media_type(kind)
    if is_lines(name) and isinstance(value, list):
        yield "".join(f"{_json(item)}\n" for item in value).encode(), kind
    elif is_records(name) and isinstance(value, list):
        yield "".join(f"\x1e{_json(item)}\n" for item in value).encode(), kind
    elif name == EVENTS and isinstance(value, list):
        yield "".join(map(_event, value)).encode(), kind
    elif is_json(name):
        yield _json(value).encode(), kind
    elif name == FORM and isinstance(value, dict):
        yield urlencode(list(_pairs(value))).encode(), kind
        yield urlencode({key: _plain(item) for key, item in value.items()}).encode(), kind
    elif name.startswith("multipart/") and isinstance(value, (dict, list)):
        yield _parts(value, name), f"{name}; boundary={_BOUNDARY}"
    elif not isinstance(value, (str, dict, list)):
        yield _json(value).encode(), kind
    if isinstance(value, str):  # also of JSON: documents hold examples as text
        yield from _text(value, name, kind)


def field(value: Any, *, explode: bool = False, as_json: bool = False) -> str:
    """Write a header field in style ``simple`` (OpenAPI 3.1.1, 4.8.12.2), of printable ASCII (RFC 9110, 5.5)."""
    if as_json:
        text = json.dumps(value)
    elif isinstance(value, dict):
        sign = "=" if explode else ","
        text = ",".join(f"{key}{sign}{_plain(item)}" for key, item in value.items())
    elif isinstance(value, list):
        text = ",".join(map(_plain, value))
    else:
        text = _plain(value)
    return text if text.isascii() and text.isprintable() else quote(text, safe=" !#$&'()*+,/:;=?@[]-._~\"{}")


def _text(value: str, name: str, kind: str) -> Iterator[tuple[bytes, str]]:
    if name.startswith("text/") or is_json(name) or name.endswith(("xml", "yaml")):
        yield value.encode("utf-8", "replace"), kind
        return
    try:  # bytes that the document takes for a string: one character a byte
        yield value.encode("latin-1"), kind
    except UnicodeEncodeError:
        yield value.encode("utf-8", "replace"), kind


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _pairs(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        for one in item if isinstance(item, list) else [item]:
            yield name, _plain(one)


def _event(item: Any) -> str:
    fields = item if isinstance(item, dict) else {"data": item}
    lines = [f"{name}: {_plain(fields[name])}\n" for name in _EVENT_FIELDS if name in fields]
    lines += [f"data: {line}\n" for line in _plain(fields.get("data", "")).split("\n")]
    return "".join(lines) + "\n"


def _parts(value: dict[str, Any] | list[Any], name: str) -> bytes:
    parts = []
    items = list(value.items()) if isinstance(value, dict) else [("", item) for item in value]
    for key, item in items:
        for one in item if isinstance(item, list) and name == "multipart/form-data" else [item]:
            disposition = f'Content-Disposition: form-data; name="{key}"\r\n' if key else ""
            kind = "" if isinstance(one, str) else "Content-Type: application/json\r\n"
            parts.append(f"--{_BOUNDARY}\r\n{disposition}{kind}\r\n{_plain(one)}\r\n")
    return ("".join(parts) + f"--{_BOUNDARY}--\r\n").encode("utf-8", "replace")
