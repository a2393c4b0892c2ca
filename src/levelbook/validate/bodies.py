"""Bodies: from bytes to a value, by the media type they are of."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote_plus

from levelbook.validate.media import FORM, is_form, is_json, media_type, parameters_of
from levelbook.validate.multipart import Part, parts_of
from levelbook.validate.parameters import MISSING, deep_object, exploded_object, form_value
from levelbook.validate.plan import PartPlan, Shape
from levelbook.validate.sequences import items_of
from levelbook.validate.texts import NotDecoded, decoded, fields_of, loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.validate.plan import MediaPlan, Reading

Decode: TypeAlias = "Callable[[bytes, Reading | None], Any]"
_PLAIN = PartPlan()
_SHOWN = 60


class NotJudged(Exception):  # noqa: N818  # an outcome, not an error
    """A body of a kind that is not read; the message says which."""


def body_decoder(media: MediaPlan, content_type: str) -> Decode:
    """Make the function that reads a body of this media type, sent with a certain Content-Type.

    The function raises NotDecoded where the bytes are not of that type, and NotJudged for types that are not read.
    """
    name = media_type(content_type)
    if media.is_sequence:
        if name.startswith("multipart/"):
            boundary = parameters_of(content_type).get("boundary")
            return lambda body, reading: _sequence_of_parts(parts_of(body, boundary), media, reading)
        return lambda body, _: items_of(body, name)
    if is_json(name):
        return _json
    if name == FORM:
        return _form(media)
    if name == "multipart/form-data":
        boundary = parameters_of(content_type).get("boundary")
        return lambda body, reading: _fields(parts_of(body, boundary), media, reading)
    if name.startswith("multipart/") and (media.prefix_parts or media.item_part):
        boundary = parameters_of(content_type).get("boundary")
        return lambda body, reading: _sequence_of_parts(parts_of(body, boundary), media, reading)
    return _text(media.shape, content_type)


def _json(body: bytes, _: Reading | None) -> Any:
    return loads(body)


def _text(shape: Shape, content_type: str) -> Decode:
    """Read text, or bytes that the document takes for a string: one character a byte (OpenAPI 3.1.1, 4.8.14.2)."""
    name = media_type(content_type)
    charset = parameters_of(content_type).get("charset", "utf-8")

    def decode(body: bytes, reading: Reading | None) -> Any:
        if name == "text/plain" or (name.startswith("text/") and "string" in shape.types):
            text = _characters(body, charset)
            return shape.read(text) if reading is None else reading.read(shape, text)
        if "string" in shape.types and not name.endswith(("/xml", "+xml", "/yaml", "+yaml")):
            return body.decode("latin-1")
        raise NotJudged(f"bodies of type {name} are not judged")

    return decode


def _characters(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except LookupError:
        return body.decode("utf-8", "replace")
    except UnicodeDecodeError as error:
        raise NotDecoded(f"is not {charset}: the byte at offset {error.start} says so") from None


def _form(media: MediaPlan) -> Decode:
    """Read ``application/x-www-form-urlencoded`` with the ``encoding`` of each field (OpenAPI 3.1.1, 4.8.15)."""
    read = _field_reader(media)

    def decode(body: bytes, reading: Reading | None) -> Any:
        try:
            return read(fields_of(body.decode("ascii")), reading)
        except UnicodeDecodeError:
            raise NotDecoded("is not a form: it has bytes that should be percent-encoded") from None

    return decode


def _field_reader(media: MediaPlan) -> Callable[[dict[str, list[str]], Reading | None], Any]:
    shape = media.shape
    deep = [name for name, part in media.parts.items() if part.style == "deepObject"]
    spread = [
        name
        for name, part in media.parts.items()
        if part.styled and part.style == "form" and part.explode and shape.of(name).is_object
    ]
    # Fields whose raw text is read the same way whatever stands beside them.
    simple: dict[str, Callable[[str], Any]] = {}
    for name, inner in shape.properties.items():
        part = media.parts.get(name, _PLAIN)
        if is_json(media_type(part.content_type)):
            simple[name] = _json_reader(name, f"its `encoding` says {part.content_type}")
        elif inner.is_text and not inner.is_open:
            simple[name] = decoded
        elif name not in media.parts and not (inner.is_array or inner.is_object or inner.is_open):
            simple[name] = _scalar_reader(inner)

    def read(fields: dict[str, list[str]], reading: Reading | None) -> Any:
        found: dict[str, Any] = {}
        if deep or spread:
            found, fields = _spread(fields, shape, deep, spread, reading)
        for name, values in fields.items():
            plain = simple.get(name)
            if plain is not None and reading is None and len(values) == 1:
                found[name] = plain(values[0])
            else:
                found[name] = _field(name, values, shape.of(name), media.parts.get(name, _PLAIN), reading)
        return found

    return read


def _scalar_reader(shape: Shape) -> Callable[[str], Any]:
    return lambda text: shape.read(decoded(text))


def _json_reader(name: str, why: str) -> Callable[[str], Any]:
    return lambda text: _json_text(name, decoded(text), why)


def _spread(
    fields: dict[str, list[str]], shape: Shape, deep: list[str], spread: list[str], reading: Reading | None
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Read the fields that make an object together; give them, and the fields that are left."""
    found: dict[str, Any] = {}
    inside: set[str] = set()
    for name in deep:
        if (value := deep_object(name, fields, shape.of(name), reading)) is not MISSING:
            found[name] = value
    for name in spread:
        if (value := exploded_object(fields, shape.of(name), reading)) is not MISSING:
            found[name] = value
            inside |= set(shape.of(name).properties)
    rest = {key: values for key, values in fields.items() if key.partition("[")[0] not in deep and key not in inside}
    return found, rest


def _field(name: str, values: list[str], shape: Shape, part: PartPlan, reading: Reading | None) -> Any:
    if is_json(media_type(part.content_type)):
        return _json_field(name, values, f"its `encoding` says {part.content_type}")
    plain = not part.styled and not part.content_type
    if plain and (shape.is_object or (shape.is_array and shape.item.is_object)):
        if shape.is_either and len(values) == 1 and (reading is None or reading.is_turned()):
            return _perhaps_json(values[0], shape, reading)
        items = [_json_field(name, [value], "objects in forms are JSON") for value in values]
        return items if shape.is_array else items[0] if len(items) == 1 else items
    try:
        return form_value(values, shape, reading, part.style, explode=part.explode)
    except NotDecoded as error:
        raise NotDecoded(f"has the field `{name}`, which {error}", name) from None


def _perhaps_json(text: str, shape: Shape, reading: Reading | None) -> Any:
    """Read a field that may hold an object or a single value."""
    try:
        return loads(decoded(text)) if reading is None else shape.read(decoded(text))
    except NotDecoded:
        return shape.read(decoded(text))


def _json_field(name: str, values: list[str], why: str) -> Any:
    if len(values) > 1:
        raise NotDecoded(f"has the field `{name}` {len(values)} times, but {why}: one JSON value", name)
    return _json_text(name, decoded(values[0]), why)


def _json_text(name: str, text: str | bytes, why: str) -> Any:
    try:
        return loads(text)
    except NotDecoded as error:
        said = str(error).removeprefix("is not JSON: ")
        shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        if said == str(error):  # it is JSON, with something else wrong
            raise NotDecoded(f"has the field `{name}`, `{shown}`, which {error}", name) from None
        raise NotDecoded(f"has the field `{name}`, `{shown}`, which is not JSON, but {why}", name) from None


def _fields(parts: list[Part], media: MediaPlan, reading: Reading | None) -> Any:
    """Read ``multipart/form-data`` (OpenAPI 3.1.1, 4.8.14.4; RFC 7578): parts of one name are the items of a list."""
    named: dict[str, list[Part]] = {}
    for number, part in enumerate(parts, 1):
        if part.name is None:
            raise NotDecoded(f"is a form, but part {number} has no `name` in its Content-Disposition (RFC 7578, 4.2)")
        named.setdefault(part.name, []).append(part)
    styled = {name for name, plan in media.parts.items() if plan.styled and not plan.content_type}
    found: dict[str, Any] = {}
    texts = {
        name: [quote_plus(_characters(part.body, "utf-8")) for part in same]
        for name, same in named.items()
        if name.partition("[")[0] in styled
    }
    if texts:
        found = _field_reader(media)(texts, reading)
    for name, same in named.items():
        if name in texts:
            continue
        plan, shape = media.parts.get(name, _PLAIN), media.shape.of(name)
        json_list = len(same) == 1 and is_json(media_type(same[0].content_type or plan.content_type))
        if shape.is_array and not json_list:
            found[name] = [part_value(part, shape.item_at(index), plan, reading) for index, part in enumerate(same)]
        elif len(same) > 1 and not shape.is_open:
            raise NotDecoded(f"has the field `{name}` {len(same)} times, but it is no list", name)
        else:
            items = [part_value(part, shape, plan, reading) for part in same]
            found[name] = items[0] if len(items) == 1 else items
    return found


def _sequence_of_parts(parts: list[Part], media: MediaPlan, reading: Reading | None) -> Any:
    """Read multipart without names (OpenAPI 3.2.0, 4.15): the parts are the items of a list."""
    item = media.item_part or _PLAIN
    return [
        part_value(
            part,
            media.shape.item_at(index),
            media.prefix_parts[index] if index < len(media.prefix_parts) else item,
            reading,
        )
        for index, part in enumerate(parts)
    ]


def part_value(part: Part, shape: Shape, plan: PartPlan, reading: Reading | None) -> Any:
    """Read one part: by the type it says, else by that of its ``encoding``, else by what its schema suggests."""
    name = media_type(part.content_type or (plan.content_type if "," not in plan.content_type else ""))
    said = part.content_type or plan.content_type
    if is_json(name) or ((shape.is_object or shape.is_array) and name in ("", "text/plain")):
        why = f"it is sent as {name}" if said and is_json(name) else "objects in forms are JSON"
        return _json_text(part.name or "", part.body, why)
    if name == FORM:
        fields = fields_of(_characters(part.body, "utf-8"))
        return {key: form_value(values, shape.of(key), reading) for key, values in fields.items()}
    if name in ("", "text/plain") or name.startswith("text/"):
        try:
            text = _characters(part.body, parameters_of(part.content_type).get("charset", "utf-8"))
        except NotDecoded:
            text = part.body.decode("latin-1")
        return shape.read(text) if reading is None else reading.read(shape, text)
    return part.body.decode("latin-1")


def wrong_part_type(part: Part, plan: PartPlan) -> str:
    """Say what types a part may have by its ``encoding`` when it has another one; empty when it is right."""
    if not plan.content_type or not part.content_type:
        return ""
    wanted = [media_type(item) for item in plan.content_type.split(",")]
    name = media_type(part.content_type)
    return "" if any(fnmatchcase(name, pattern) for pattern in wanted) else " or ".join(wanted)


def named_parts(media: MediaPlan, body: bytes, content_type: str) -> list[tuple[str, Part, PartPlan]]:
    """Give the parts of a multipart body that an ``encoding`` speaks of, each with its place in the value."""
    if not media_type(content_type).startswith("multipart/"):
        return []
    parts = parts_of(body, parameters_of(content_type).get("boundary"))
    if is_form(media_type(content_type)):
        return [(part.name, part, media.parts[part.name]) for part in parts if part.name in media.parts]
    found = []
    for index, part in enumerate(parts):
        plan = media.prefix_parts[index] if index < len(media.prefix_parts) else media.item_part
        found += [(str(index), part, plan)] if plan else []
    return found
