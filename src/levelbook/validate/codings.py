"""Bodies that are sent compressed (RFC 9110, 8.4): a program that records them may have taken the coding away already.

>>> import gzip
>>> uncoded({"content-encoding": "gzip"}, gzip.compress(b"{}")), uncoded({"content-encoding": "gzip"}, b"{}")
((b'{}', ''), (b'{}', ''))
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}  # some send `deflate` without its header
_MOST = 64 << 20  # bytes that a compressed body is read to


def uncoded(fields: Mapping[str, str], body: bytes) -> tuple[bytes, str]:
    """Give a body without its coding, and why it cannot be read where that is so; ``fields`` are by name in lower case.

    A body that is not in the coding that is named has been decoded before.
    """
    coding = fields.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        return body, ""
    for window in _WINDOWS.get(coding, ()):
        reader = zlib.decompressobj(window)
        try:
            read = reader.decompress(body, _MOST)
        except zlib.error:
            continue
        if reader.unconsumed_tail:
            return body, f"it is compressed, and holds more than {_MOST >> 20} MB"
        if reader.eof:
            return read, ""
    if coding in _WINDOWS or _is_text(body):
        return body, ""
    return body, f"it is sent in the coding `{coding}`, which is not read"


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
