"""Bodies: from bytes to a value, by the media type they are of."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote_plus

from levelbook.validate.forms import PLAIN, field_reader, json_text
from levelbook.validate.media import FORM, is_form, is_json, media_type, parameters_of
from levelbook.validate.multipart import Part, parts_of
from levelbook.validate.plan import MediaPlan, PartPlan, Shape
from levelbook.validate.sequences import items_of
from levelbook.validate.styles import read_text
from levelbook.validate.texts import NotDecoded, fields_of, loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.validate.plan import Reading

Decode: TypeAlias = "Callable[[bytes, Reading | None], Any]"
_NESTED = 4  # levels of multipart in multipart; the standard asks for one (OpenAPI 3.2.0, 4.15.5)
# Character sets that texts on the web come in; others are slow, dangerous, or no character sets at all.
_CHARSET = re.compile(
    r"(?:utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-?(?:16|32)(?:[lb]e)?)\Z",
    re.IGNORECASE,
)


class NotJudged(Exception):  # noqa: N818  # an outcome, not an error
    """A body of a kind that is not read; the message says which."""


def body_decoder(media: MediaPlan, content_type: str) -> Decode:
    """Make the function that reads a body of this media type, sent with a certain Content-Type.

    The function raises NotDecoded where the bytes are not of that type, and NotJudged for types that are not read.
    """
    name = media_type(content_type)
    if media.is_sequence and not name.startswith("multipart/"):
        return lambda body, _: items_of(body, name)
    if is_json(name):
        return read_json
    if name == FORM:
        return _form(media)
    if name == "multipart/form-data":
        boundary = parameters_of(content_type).get("boundary")
        return lambda body, reading: _fields(parts_of(body, boundary), media, reading)
    if name.startswith("multipart/") and (media.prefix_parts or media.item_part or media.is_sequence):
        boundary = parameters_of(content_type).get("boundary")
        return lambda body, reading: _sequence_of_parts(parts_of(body, boundary), media, reading)
    return _text(media.shape, content_type)


def read_json(body: bytes, _: Reading | None) -> Any:
    """Read JSON, which has one reading."""
    return loads(body)


def _text(shape: Shape, content_type: str) -> Decode:
    """Read text, or bytes that the document takes for a string: one character a byte (OpenAPI 3.1.1, 4.8.14.2)."""
    name = media_type(content_type)
    charset = parameters_of(content_type).get("charset", "utf-8")

    def decode(body: bytes, reading: Reading | None) -> Any:
        if name == "text/plain" or (name.startswith("text/") and "string" in shape.types):
            return read_text(shape, characters(body, charset), reading)
        if "string" in shape.types and not name.endswith(("/xml", "+xml", "/yaml", "+yaml")):
            return body.decode("latin-1")
        raise NotJudged(f"bodies of type {name} are not judged")

    return decode


def characters(body: bytes, charset: str) -> str:
    """Decode text by its charset; one that is none of the common ones counts as UTF-8 with errors replaced."""
    if not _CHARSET.match(charset):
        return body.decode("utf-8", "replace")
    try:
        return body.decode(charset)
    except LookupError:
        return body.decode("utf-8", "replace")
    except UnicodeDecodeError as error:
        raise NotDecoded(f"is not {charset}: the byte at offset {error.start} says so") from None


def _form(media: MediaPlan) -> Decode:
    read = field_reader(media.shape, media.parts)

    def decode(body: bytes, reading: Reading | None) -> Any:
        try:
            return read(fields_of(body.decode("ascii")), reading)
        except UnicodeDecodeError:
            raise NotDecoded("is not a form: it has bytes that should be percent-encoded") from None

    return decode


def _fields(parts: list[Part], media: MediaPlan, reading: Reading | None) -> Any:
    """Read ``multipart/form-data`` (OpenAPI 3.1.1, 4.8.14.4; RFC 7578): parts of one name are the items of a list."""
    named: dict[str, list[Part]] = {}
    for number, part in enumerate(parts, 1):
        if part.name is None:
            raise NotDecoded(
                f"is a form, but part {number} has no `Content-Disposition: form-data; name=…` (RFC 7578, 4.2)"
            )
        named.setdefault(part.name, []).append(part)
    styled = {name: plan for name, plan in media.parts.items() if plan.styled}
    starts = tuple(f"{name}[" for name, plan in styled.items() if plan.style == "deepObject")
    # What a style writes is read as in the other kind of form, where delimiters stand raw and all else is encoded.
    texts = {
        name: [quote_plus(characters(part.body, "utf-8"), safe=",|") for part in same]
        for name, same in named.items()
        if name in styled or name.startswith(starts)
    }
    found: dict[str, Any] = field_reader(media.shape, styled)(texts, reading) if texts else {}
    for name, same in named.items():
        if name not in texts:
            found[name] = _named_value(name, same, media, reading)
    return found


def _named_value(name: str, same: list[Part], media: MediaPlan, reading: Reading | None) -> Any:
    plan, shape = media.parts.get(name, PLAIN), media.shape.of(name)
    if shape.is_array:
        # One part that is said to be JSON may be the whole list, as clients of OpenAPI 3.0 and 3.1 send it.
        whole = len(same) == 1 and is_json(media_type(plan.content_type)) and not plan.itemwise
        if whole and (reading is None or not reading.is_turned()):
            return part_value(same[0], shape, plan, reading)
        return [part_value(part, shape.item_at(index), plan, reading) for index, part in enumerate(same)]
    if len(same) > 1 and not shape.is_open:
        raise NotDecoded(f"has the field `{name}` {len(same)} times, but it is no list", name)
    items = [part_value(part, shape, plan, reading) for part in same]
    return items[0] if len(items) == 1 else items


def _sequence_of_parts(parts: list[Part], media: MediaPlan, reading: Reading | None, depth: int = 0) -> Any:
    """Read multipart without names (OpenAPI 3.2.0, 4.15): the parts are the items of a list."""
    return [
        part_value(part, media.shape.item_at(index), _plan_at(media, index), reading, depth)
        for index, part in enumerate(parts)
    ]


def _plan_at(media: MediaPlan, index: int) -> PartPlan:
    return media.prefix_parts[index] if index < len(media.prefix_parts) else media.item_part or PLAIN


def part_value(part: Part, shape: Shape, plan: PartPlan, reading: Reading | None, depth: int = 0) -> Any:
    """Read one part: by the type it says, else by that of its ``encoding``, else by what its schema suggests."""
    said = part.content_type or (plan.content_type if "," not in plan.content_type else "")
    name = media_type(said)
    if name.startswith("multipart/"):
        inner = plan.inner or MediaPlan(name, "", shape=shape)
        if depth == _NESTED:
            raise NotDecoded(f"has multipart in multipart, more than {_NESTED} deep")
        parts = parts_of(part.body, parameters_of(said).get("boundary"))
        return _sequence_of_parts(parts, replace(inner, shape=shape), reading, depth + 1)
    is_file = "filename" in parameters_of(part.headers.get("content-disposition", ""))
    if is_file and shape.is_text and not shape.is_object and not shape.is_array:
        return _octets(part.body)  # whatever a browser calls it by its name, a file is what it holds
    if is_json(name) or ((shape.is_object or shape.is_array) and name in ("", "text/plain")):
        return json_text(part.name or "", part.body, f"it is sent as {name}" if is_json(name) else "objects are JSON")
    if name == FORM:
        return field_reader(shape, {})(fields_of(characters(part.body, "utf-8")), reading)
    if name in ("", "text/plain") or name.startswith("text/"):
        if (is_file or shape.is_open) and "charset" not in parameters_of(said):
            return read_text(shape, _octets(part.body), reading)
        return read_text(shape, characters(part.body, parameters_of(said).get("charset", "utf-8")), reading)
    return part.body.decode("latin-1")


def _octets(body: bytes) -> str:
    """Read a file of unknown type (RFC 7578, 4.4): text where it is text, else one character a byte."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def wrong_part_type(part: Part, plan: PartPlan) -> str:
    """Say what types a part may have by its ``encoding`` when it has another one; empty when it is right."""
    if not plan.content_type or not part.content_type or plan.styled:
        return ""
    wanted = [media_type(item) for item in plan.content_type.split(",")]
    name = media_type(part.content_type)
    return "" if any(fnmatchcase(name, pattern) for pattern in wanted) else " or ".join(wanted)


def planned_parts(media: MediaPlan, body: bytes, content_type: str) -> list[tuple[str, Part, PartPlan]]:
    """Give the parts of a multipart body that an ``encoding`` speaks of, each with its place in the value."""
    parts = parts_of(body, parameters_of(content_type).get("boundary"))
    if is_form(media_type(content_type)):
        found = [(part.name, part, media.parts[part.name]) for part in parts if part.name in media.parts]
    else:
        found = [(str(index), part, _plan_at(media, index)) for index, part in enumerate(parts)]
    for name, part, plan in list(found):
        if plan.inner is not None and media_type(part.content_type).startswith("multipart/"):
            inner = planned_parts(plan.inner, part.body, part.content_type)
            found += [(f"{name}/{below}", deeper, plan_below) for below, deeper, plan_below in inner]
    return found
