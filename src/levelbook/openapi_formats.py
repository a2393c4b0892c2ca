"""Formats of OpenAPI's registry that JSON Schema does not have, and that say something of a text.

The formats of numbers (``int32``, ``uint8`` …) are bounds, which lowering writes.

>>> FORMATS["byte"]("aGk="), FORMATS["byte"]("aGk")
(True, False)
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")  # RFC 4648, section 4
_BASE64_URL = re.compile(r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?\Z")  # section 5
_DAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT\Z", re.ASCII)


def _http_date(text: str) -> bool:
    """RFC 9110, 5.6.7: the preferred form."""
    if not _DAY.match(text):
        return False
    try:
        day = parsedate_to_datetime(text)
    except ValueError:
        return False
    return f"{day:%a}" == text[:3]


FORMATS: dict[str, Callable[[str], bool]] = {
    "byte": lambda text: _BASE64.match(text) is not None,
    "base64url": lambda text: _BASE64_URL.match(text) is not None,
    "char": lambda text: len(text) == 1,
    "http-date": _http_date,
}
