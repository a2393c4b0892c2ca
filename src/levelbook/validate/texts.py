"""From raw texts and bytes to values: percent-encoding, fields of queries and forms, JSON.

>>> fields_of("to=%5B9%5D&content=Hello+you&to=x")
{'to': ['%5B9%5D', 'x'], 'content': ['Hello+you']}
>>> decoded("Hello+you%21"), loads(b"[12345678901234567890123]")
('Hello you!', [12345678901234567890123])
"""

from __future__ import annotations

import json
import math
from codecs import unicode_escape_decode
from typing import Any
from urllib.parse import unquote

import orjson

_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_NEAR = 20  # characters that a message shows on either side
_STEP = 6  # of 19 digits in a row, three that stand six apart


class NotDecoded(ValueError):  # noqa: N818  # it is caught and becomes a Problem, it is not an error of ours
    """A text that its style or media type cannot have written; the message says what is wrong with it.

    ``field`` is the form field it stands in.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def decoded(text: str) -> str:
    """Decode a percent-encoded value of a query or form, where ``+`` is a space."""
    text = text.replace("+", " ")
    return percent_decoded(text) if "%" in text else text


def percent_decoded(text: str) -> str:
    """Decode a percent-encoded value where ``+`` is just that.

    ``%41`` is read as Python reads ``\\x41``, by a decoder in C; what that may read otherwise goes the long way.
    """
    if "%" not in text:
        return text
    if "\\" in text or not text.isascii():
        return unquote(text)
    try:
        found, _ = unicode_escape_decode(text.replace("%", "\\x"))
    except ValueError:  # a percent sign without two hexadecimal digits
        return unquote(text)
    return found if found.isascii() else found.encode("latin-1").decode("utf-8", "replace")


def fields_of(text: str) -> dict[str, list[str]]:
    """Split a query or form: names decoded, values raw, in the order of their first appearance."""
    found: dict[str, list[str]] = {}
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            if "%" in name or "+" in name:
                name = decoded(name)
            if name in found:
                found[name].append(value)
            else:
                found[name] = [value]
    return found


def loads(body: bytes | str) -> Any:
    """Read JSON (RFC 8259), integers of any size exactly; a name that stands twice in an object is refused.

    orjson keeps the last of two equal names, and makes floats of integers beyond 64 bits. Both are looked for in a
    fraction of the time that reading takes: what was read is written again. Compact JSON comes back as it was; any
    other has as many colons as before unless a member was lost, and a long integer has digits at three places that
    stand six apart. Raises NotDecoded.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "infinity" in error.msg:
            return _loads_large(body, error)
        raise NotDecoded(_not_json(body, error)) from None
    text = body.encode() if isinstance(body, str) else body
    try:
        again = orjson.dumps(value)
    except TypeError:  # nested more deeply than orjson writes
        again = b""
    if again == text:
        return value
    if again.count(b":") != text.count(b":") or (b"\\" in text and b"\\u003" in text):
        _refuse_duplicates(text)
    if b"000" in text[::_STEP].translate(_AS_ZEROS) and b"0" * 19 in text.translate(_AS_ZEROS):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):  # more digits, or deeper, than Python reads
            return value
    return value


def _loads_large(body: bytes | str, error: orjson.JSONDecodeError) -> Any:
    """Read JSON with an integer of more than 308 digits, which orjson takes for infinity."""

    def finite(text: str) -> float:
        if math.isinf(number := float(text)):
            raise ValueError(text)
        return number

    try:
        return json.loads(body, parse_float=finite)
    except (ValueError, RecursionError):
        where = f"line {error.lineno}, column {error.colno}"
        raise NotDecoded(f"is JSON with a number that is too large to be read, near {where}") from None


def _refuse_duplicates(text: bytes) -> None:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise NotDecoded(f"is JSON with the name `{name}` twice in one object; which one counts is not defined")
            found[name] = value
        return found

    try:
        json.loads(text, object_pairs_hook=members, parse_int=len, parse_float=len)
    except RecursionError:
        raise NotDecoded("is JSON nested too deeply to be judged") from None


def _not_json(body: bytes | str, error: orjson.JSONDecodeError) -> str:
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
    except UnicodeDecodeError as undecodable:
        return f"is not JSON: the byte at offset {undecodable.start} is not UTF-8"
    if text.startswith("\ufeff"):
        return "is not JSON: it begins with a byte order mark (RFC 8259, 8.1)"
    near = text[max(0, error.pos - _NEAR) : error.pos + _NEAR].strip()
    return f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}, near `{near}`"
