"""The styles of OpenAPI, read back: from raw texts to lists and objects (OpenAPI 3.1.1, 4.8.12; RFC 6570).

Texts are split while they are still percent-encoded, so that an encoded delimiter stays part of its value.

>>> form_value(["1,2%2C3"], Shape(frozenset({"array"})), None, explode=False)
['1', '2,3']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.engine import matches
from levelbook.validate.plan import Shape
from levelbook.validate.texts import NotDecoded, decoded, percent_decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from levelbook.validate.plan import Reading

__all__ = ["MISSING", "Shape", "deep_object", "equations", "exploded_object", "form_value", "name_value_pairs"]


class _Missing:
    """What a decoder gives when the parameter is not there: None is a value."""


MISSING = _Missing()
_MAX_KEYS = 32  # brackets in one deepObject key: deeper is an attack, not a parameter
_KEY = re.compile(r"\[([^\[\]]*)\]")
_DELIMITERS = {"form": (",",), "spaceDelimited": ("%20", "+", " "), "pipeDelimited": ("%7C", "%7c", "|")}


def read_text(shape: Shape, text: str, reading: Reading | None) -> Any:
    """Read a text as a single value of a shape."""
    return shape.read(text) if reading is None else reading.read(shape, text)


def kind_of(shape: Shape, reading: Reading | None) -> str:
    """Say how a text is taken apart: as an ``array``, as an ``object``, or not at all."""
    if not (shape.is_array or shape.is_object) or (reading is not None and not reading.takes_apart(shape)):
        return ""
    return "array" if shape.is_array else "object"


def form_value(
    values: list[str], shape: Shape, reading: Reading | None, style: str = "form", *, explode: bool = True
) -> Any:
    """Read the raw texts that stand under one name of a query or a form."""
    if len(values) > 1 and not (shape.is_array and explode) and not shape.is_open:
        why = "its style writes a list into one value" if shape.is_array else "it is no list"
        raise NotDecoded(f"is sent {len(values)} times, but {why}")
    kind = kind_of(shape, reading)
    delimiters = _DELIMITERS.get(style, (",",))
    if kind == "array" or len(values) > 1:
        parts = values if explode or len(values) > 1 else _split(values[0], delimiters) if values[0] else []
        return [read_text(shape.item_at(index), decoded(part), reading) for index, part in enumerate(parts)]
    if kind == "object" and not explode:
        return name_value_pairs([decoded(part) for part in _split(values[0], delimiters)], shape, reading)
    return read_text(shape, decoded(values[0]), reading)


def _split(text: str, delimiters: Sequence[str]) -> list[str]:
    for delimiter in delimiters[1:]:
        text = text.replace(delimiter, delimiters[0])
    return text.split(delimiters[0])


def name_value_pairs(parts: list[str], shape: Shape, reading: Reading | None) -> Any:
    """Read ``R,100,G,200``: names and values in turn."""
    if parts == [""]:
        return {}
    if len(parts) % 2:
        raise NotDecoded("has a name without a value: this style writes name,value,name,value")
    names = parts[::2]
    if len(set(names)) < len(names):
        raise NotDecoded("has a name twice")
    return {name: read_text(shape.of(name), value, reading) for name, value in zip(names, parts[1::2], strict=True)}


def equations(
    parts: list[str], shape: Shape, reading: Reading | None, decode: Callable[[str], str] = percent_decoded
) -> Any:
    """Read ``R=100`` and so on: an exploded object."""
    found: dict[str, Any] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name = decode(name)
        if not equals:
            raise NotDecoded("has a part without `=`: this style writes name=value")
        if name in found:
            raise NotDecoded(f"has `{name}` twice")
        found[name] = read_text(shape.of(name), decode(value), reading)
    return found


class Taken(NamedTuple):
    """The fields of a query that belong to other parameters: by name, and by what names begin with."""

    names: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Say whether a field belongs to another parameter."""
        return name in self.names or name.startswith(self.starts)


_NOTHING = Taken()


def exploded_object(
    fields: Mapping[str, list[str]], shape: Shape, reading: Reading | None, taken: Taken = _NOTHING
) -> Any:
    """Read an object whose properties are parameters of their own; ``taken`` are fields that belong to others."""
    names = dict.fromkeys(shape.properties)
    if shape.rest is not None or shape.is_free or shape.patterns:
        all_others = shape.rest is not None or shape.is_free
        names |= {
            key: None
            for key in fields
            if not taken.holds(key) and (all_others or any(matches(pattern, key) for pattern, _ in shape.patterns))
        }
    found = {name: form_value(fields[name], shape.of(name), reading) for name in names if name in fields}
    return found or MISSING


def deep_object(name: str, fields: Mapping[str, list[str]], shape: Shape, reading: Reading | None) -> Any:
    """Read ``color[R]=100``; deeper brackets are read as the common query-string libraries write them."""
    found: dict[str, Any] = {}
    start = name + "["
    for key, values in fields.items():
        if key.startswith(start):
            steps = _KEY.findall(key[len(name) :])
            if "".join(f"[{step}]" for step in steps) != key[len(name) :]:
                raise NotDecoded(f"has the key `{key}`, whose brackets do not close")
            if len(steps) > _MAX_KEYS:
                raise NotDecoded(f"has a key with {len(steps)} brackets")
            for value in values:
                _place(found, steps, decoded(value), shape, reading)
    return found or MISSING


def _place(into: dict[str, Any], steps: list[str], text: str, shape: Shape, reading: Reading | None) -> None:
    step, rest = steps[0], steps[1:]
    inner = shape.of(step)
    if rest and rest != [""] and not inner.is_array:
        below = into.setdefault(step, {})
        if not isinstance(below, dict):
            raise NotDecoded(f"has both a value and keys below `{step}`")
        _place(below, rest, text, inner, reading)
    elif inner.is_array:
        items = into.setdefault(step, [])
        if not isinstance(items, list):
            raise NotDecoded(f"has both a value and items below `{step}`")
        items.append(read_text(inner.item, text, reading))
    elif step in into:
        raise NotDecoded(f"has `{step}` twice")
    else:
        into[step] = read_text(inner, text, reading)
