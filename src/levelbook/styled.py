"""Parameters and fields as text, each in its style (OpenAPI 3.1.1, 4.8.12.3; RFC 6570).

>>> pairs("ids", ["1", "2,3"], "form", explode=False)
[Pair(name='ids', value='1,2,3', encoded='ids=1,2%2C3')]
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Media, Parameter

_DELIMITERS = {"spaceDelimited": (" ", "%20"), "pipeDelimited": ("|", "%7C")}
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_UNSEEN_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
# RFC 6570, 3.2.3, but for what means something in a query (OpenAPI 3.1.1, 4.8.12.2.2): & + # [ ]
_RESERVED = ":/?@!$'()*,;="
_TRIPLET = re.compile(r"(%[0-9A-Fa-f]{2})")


class Pair(NamedTuple):
    """A field of a query or a form, not yet encoded.

    ``encoded`` is how it has to be written where its style says more than its text: delimiters that are none of
    the value, reserved characters that stay; empty where any way of encoding name and value will do.
    """

    name: str
    value: str
    encoded: str = ""

    @property
    def text(self) -> str:
        """The field as a query holds it."""
        return self.encoded or _equation(self.name, self.value)


def pairs(name: str, value: Any, style: str, *, explode: bool, reserved: bool = False) -> list[Pair]:
    """Write a query parameter or a form field in its style."""
    if isinstance(value, dict) and style == "deepObject":
        return [pair(key, item, reserved=reserved) for key, item in _deep(name, value)]
    if isinstance(value, (dict, list)) and explode:
        named = value.items() if isinstance(value, dict) else [(name, item) for item in value]
        return [pair(key, plain(item), reserved=reserved) for key, item in named]
    if isinstance(value, (dict, list)):
        delimiter, written = _DELIMITERS.get(style, (",", ","))
        items = _flat(value)
        encoded = f"{quote(name, safe='')}=" + written.join(_encoded(item, reserved=reserved) for item in items)
        text = delimiter.join(items)
        return [Pair(name, text, encoded if encoded != _equation(name, text) else "")]
    return [pair(name, plain(value), reserved=reserved)]


def field_pairs(media: Media, name: str, value: Any) -> list[Pair]:
    """Write a field of a form (OpenAPI 3.1.1, 4.8.15.1)."""
    encoding = encoding_of(media, name)
    styled = "style" in encoding or "explode" in encoding or "allowReserved" in encoding
    if "json" in str(encoding.get("contentType", "")) and not styled:
        return [pair(name, as_json(value))]
    if isinstance(value, dict) and not styled:
        return [pair(name, as_json(value))]  # an object in a form is JSON
    style = str(encoding.get("style", "form"))
    explode = encoding.get("explode", style == "form") is True
    reserved = encoding.get("allowReserved") is True
    return pairs(name, value, style, explode=explode, reserved=reserved)


def encoding_of(media: Media, name: str) -> dict[str, Any]:
    """Give the Encoding Object of a field (OpenAPI 3.1.1, 4.8.15); an empty one where there is none."""
    found = media.encoding.get(name, {})
    return found if isinstance(found, dict) else {}


def pair(name: str, value: str, *, reserved: bool = False) -> Pair:
    """Give a single field; what cannot be seen, and an empty name, have to be written encoded."""
    if reserved:
        encoded = f"{quote(name, safe='')}={_encoded(value, reserved=True)}"
        if encoded != _equation(name, value):
            return Pair(name, value, encoded)
    return Pair(name, value, _equation(name, value) if not name or _UNSEEN.search(name + value) else "")


def header_text(parameter: Parameter, value: Any) -> str | None:
    """Write a header in style simple; None for what no header can hold (RFC 9110, 5.5).

    White space around a value is none of it, and is left out.
    """
    if isinstance(value, (dict, list)) and parameter.media is None:
        if isinstance(value, dict) and parameter.explode:
            text = ",".join(f"{key}={plain(item)}" for key, item in value.items())
        else:
            text = ",".join(_flat(value))
    else:
        text = plain(value) if parameter.media is None else _as_media(parameter.media, value)
    text = text.strip(" \t")
    return None if _UNSEEN.search(text) or "\n" in text else text


def cookie_pairs(parameter: Parameter, value: Any) -> list[str]:
    """Write a cookie, ``name=value``, percent-encoded but in OpenAPI 3.2's style ``cookie`` (4.12.6)."""
    if parameter.media is not None:
        return [_equation(parameter.name, _as_media(parameter.media, value))]
    found = pairs(parameter.name, value, "form", explode=parameter.explode)
    if parameter.style == "cookie":
        return [f"{one.name}={one.value}" for one in found if not re.search(r"[\s;]", one.name + one.value)]
    return [one.text for one in found]


def path_text(parameter: Parameter, value: Any) -> str:
    """Write a path parameter in its style, percent-encoded."""
    if parameter.media is not None:
        return quote(_as_media(parameter.media, value), safe="")
    safe = ":@!$'()*+,;=&" if parameter.allow_reserved else ""
    prefix, between = {"label": (".", "."), "matrix": (";", ";")}.get(parameter.style, ("", ","))
    between = between if parameter.explode else ","
    if isinstance(value, dict):
        sign = "=" if parameter.explode else ","
        parts = [f"{quote(key, safe='')}{sign}{quote(plain(item), safe=safe)}" for key, item in value.items()]
        named = parameter.style == "matrix" and not parameter.explode
    else:
        parts = [quote(plain(item), safe=safe) for item in (value if isinstance(value, list) else [value])]
        named = parameter.style == "matrix"
    if named and parameter.explode:
        parts = [f"{parameter.name}={part}" for part in parts]
    text = between.join(parts)
    return prefix + (f"{parameter.name}={text}" if named and not parameter.explode else text)


def _as_media(media: Media, value: Any) -> str:
    """Write a value as its media type has it (OpenAPI 3.1.1, 4.8.12.2.2): a text of JSON has quotes."""
    return as_json(value) if "json" in media.type else plain(value)


def plain(value: Any) -> str:
    """Write a single value: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else as_json(value)


def as_json(value: Any, indent: int | None = None) -> str:
    """Write JSON (RFC 8259); characters that cannot be seen are escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _UNSEEN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _flat(value: dict[str, Any] | list[Any]) -> list[str]:
    if isinstance(value, dict):
        return [part for key, item in value.items() for part in (key, plain(item))]
    return [plain(item) for item in value]


def _deep(name: str, value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give what ``deepObject`` has, and deeper brackets as the common libraries write them."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _deep(f"{name}[{key}]", item)
        else:
            for one in item if isinstance(item, list) else [item]:
                yield f"{name}[{key}]", plain(one)


def _equation(name: str, value: str) -> str:
    return f"{quote(name, safe='')}={quote(value, safe='')}"


def _encoded(text: str, *, reserved: bool) -> str:
    if not reserved:
        return quote(text, safe="")
    # What is percent-encoded in an example of such a parameter already is what is sent (RFC 6570, 3.2.3).
    return "".join(part if _TRIPLET.fullmatch(part) else quote(part, safe=_RESERVED) for part in _TRIPLET.split(text))
