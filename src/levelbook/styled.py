"""Values written in the styles of OpenAPI: pairs of a query or a form, texts of a path or a header.

>>> pairs("to", [1, 2], "form", explode=False, as_json=False)
[('to', '1,2')]
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from levelbook.api import Media, Parameter

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}


def field_pairs(media: Media, name: str, value: Any) -> list[tuple[str, str]]:
    """Write a field of a form as its media type says (OpenAPI 3.1.1, 4.8.15)."""
    encoding = media.encoding.get(name, {})
    content_type = str(encoding.get("contentType", "")) if isinstance(encoding, dict) else ""
    if "json" in content_type:
        return [(name, as_json_text(value))]
    style = str(encoding.get("style", "form")) if isinstance(encoding, dict) else "form"
    styled = isinstance(encoding, dict) and ("style" in encoding or "explode" in encoding)
    if isinstance(value, dict) and not styled:
        return [(name, as_json_text(value))]  # OpenAPI 3.1.1, 4.8.15.1: an object in a form is JSON
    explode = encoding.get("explode", style == "form") is True if isinstance(encoding, dict) else True
    return pairs(name, value, style, explode=explode, as_json=False)


def pairs(name: str, value: Any, style: str, *, explode: bool, as_json: bool) -> list[tuple[str, str]]:
    """Write a query parameter or a form field in its style (OpenAPI 3.1.1, 4.8.12.3)."""
    if as_json:
        return [(name, as_json_text(value))]
    if isinstance(value, dict):
        if style == "deepObject":
            return [(f"{name}[{key}]", plain(item)) for key, item in value.items()]
        if explode:
            return [(key, plain(item)) for key, item in value.items()]
        return [(name, ",".join(part for key, item in value.items() for part in (key, plain(item))))]
    if isinstance(value, list):
        if explode:
            return [(name, plain(item)) for item in value]
        return [(name, _DELIMITERS.get(style, ",").join(plain(item) for item in value))]
    return [(name, plain(value))]


def path_text(parameter: Parameter, value: Any) -> str:
    """Write a path parameter in its style, percent-encoded."""
    prefix, between = {"label": (".", "."), "matrix": (";", ";")}.get(parameter.style, ("", ","))
    between = between if parameter.explode else ","
    if isinstance(value, dict):
        sign = "=" if parameter.explode else ","
        parts = [f"{quote(key, safe='')}{sign}{quote(plain(item), safe='')}" for key, item in value.items()]
        named = parameter.style == "matrix" and not parameter.explode
    else:
        parts = [quote(plain(item), safe="") for item in (value if isinstance(value, list) else [value])]
        named = parameter.style == "matrix"
    if named and parameter.explode:
        parts = [f"{parameter.name}={part}" for part in parts]
    text = between.join(parts)
    return prefix + (f"{parameter.name}={text}" if named and not parameter.explode else text)


def header_text(parameter: Parameter, value: Any) -> str:
    """Write a header in the style ``simple`` (OpenAPI 3.1.1, 4.8.12.3)."""
    if isinstance(value, dict):
        sign = "=" if parameter.explode else ","
        return ",".join(f"{key}{sign}{plain(item)}" for key, item in value.items())
    return ",".join(plain(item) for item in value) if isinstance(value, list) else plain(value)


def plain(value: Any) -> str:
    """Write a value as text; what is no text, as JSON."""
    return value if isinstance(value, str) else as_json_text(value)


def as_json_text(value: Any) -> str:
    """Write a value as JSON, as people do."""
    return json.dumps(value, ensure_ascii=False)
