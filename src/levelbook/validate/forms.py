"""Forms: the fields of ``application/x-www-form-urlencoded``, each by its ``encoding`` (OpenAPI 3.1.1, 4.8.15).

>>> read = field_reader(Shape(frozenset({"object"})), {})
>>> read({"a": ["x+y"]}, None)
{'a': 'x y'}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from levelbook.validate.media import is_json, media_type
from levelbook.validate.plan import PartPlan, Shape
from levelbook.validate.styles import MISSING, deep_object, exploded_object, form_value
from levelbook.validate.texts import NotDecoded, decoded, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from levelbook.validate.plan import Reading

    Fields: TypeAlias = dict[str, list[str]]

PLAIN = PartPlan()
_SHOWN = 60


def field_reader(shape: Shape, parts: Mapping[str, PartPlan]) -> Callable[[Fields, Reading | None], Any]:
    """Make the function that reads the fields of a form; it raises NotDecoded, with the field."""
    deep = [name for name, part in parts.items() if part.style == "deepObject"]
    spread = [
        name
        for name, part in parts.items()
        if part.styled and part.style == "form" and part.explode and shape.of(name).is_object
    ]
    simple = {name: _reader(name, shape.of(name), parts.get(name, PLAIN)) for name in (*shape.properties, *parts)}
    other = None if shape.patterns else _reader("", shape.rest or Shape(), PLAIN)

    def read(fields: dict[str, list[str]], reading: Reading | None) -> Any:
        found: dict[str, Any] = {}
        if deep or spread:
            found, fields = _spread(fields, shape, deep, spread, reading)
        for name, values in fields.items():
            read_one = simple.get(name, other) if reading is None and len(values) == 1 else None
            if read_one is not None:
                found[name] = read_one(values[0])
            else:
                found[name] = _field(name, values, shape.of(name), parts.get(name, PLAIN), reading)
        return found

    return read


def _reader(name: str, shape: Shape, part: PartPlan) -> Callable[[str], Any] | None:
    """Make the function that reads a field from its one raw text; None for one that takes more than that."""
    if is_json(media_type(part.content_type)) and not part.styled and not (part.itemwise and shape.is_array):
        return _json_reader(name, f"its `encoding` says {part.content_type}")
    if shape.is_text:
        return decoded
    return None if part is not PLAIN or shape.is_array or shape.is_object else _scalar_reader(shape)


def _scalar_reader(shape: Shape) -> Callable[[str], Any]:
    return lambda text: shape.read(decoded(text))


def _json_reader(name: str, why: str) -> Callable[[str], Any]:
    return lambda text: json_text(name, decoded(text), why)


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
    starts = tuple(f"{name}[" for name in deep)
    rest = {key: values for key, values in fields.items() if not key.startswith(starts) and key not in inside}
    return found, rest


def _field(name: str, values: list[str], shape: Shape, part: PartPlan, reading: Reading | None) -> Any:
    # A style that is written down puts the content type out of force (OpenAPI 3.1.1, 4.8.15.1.2).
    if is_json(media_type(part.content_type)) and not part.styled:
        why = f"its `encoding` says {part.content_type}"
        if part.itemwise and shape.is_array:
            return [json_text(name, decoded(value), why) for value in values]
        return _json_field(name, values, why)
    plain = not part.styled and not part.content_type
    if plain and (shape.is_object or (shape.is_array and (shape.item.is_object or shape.item.is_array))):
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
    return json_text(name, decoded(values[0]), why)


def json_text(name: str, text: str | bytes, why: str) -> Any:
    """Read a field that is JSON; ``why`` says what makes it so."""
    try:
        return loads(text)
    except NotDecoded as error:
        said = str(error).removeprefix("is not JSON: ")
        shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        if said == str(error):  # it is JSON, with something else wrong
            raise NotDecoded(f"has the field `{name}`, `{shown}`, which {error}", name) from None
        raise NotDecoded(f"has the field `{name}`, `{shown}`, which is not JSON, but {why}", name) from None
