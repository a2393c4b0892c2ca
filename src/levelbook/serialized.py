"""Examples that are written as they are sent (``serializedValue``; OpenAPI 3.2.0, 4.19), read into values.

>>> body_of("application/json", "[1]"), parameter_of("q", "integer", "?q=1"), parameter_of("q", "string", "q=a%20b")
([1], 1, 'a b')
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import unquote


def body_of(media_type: str, text: str) -> Any:
    """Read a body: JSON, where it is that; else it is a text."""
    if "json" in media_type:
        with suppress(ValueError):
            return json.loads(text)
    return text


def parameter_of(name: str, type_: Any, text: str) -> Any:
    """Read a parameter whose schema says ``type_``: numbers and names of JSON, where it can be no text.

    Lists and objects stay a text: how they are written is for the style to say.
    """
    value = unquote(text.lstrip("?&").removeprefix(f"{name}="))
    if "string" not in (type_ if isinstance(type_, list) else [type_]):
        with suppress(ValueError):
            return json.loads(value)
    return value
