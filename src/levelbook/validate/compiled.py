"""A validator's plans and schemas as plain data, and a validator made from it: what ``levelbook compile`` writes.

Places of the document are kept apart, as text: they are read when the first message needs one.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from levelbook.pointer import file_of, join, split
from levelbook.problem import Location
from levelbook.validate.plan import (
    AnswerPlan,
    BodyPlan,
    CredentialPlan,
    MediaPlan,
    OperationPlan,
    ParameterPlan,
    PartPlan,
    Shape,
)
from levelbook.validate.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from levelbook.engine import Path

FORMAT = 1
_KINDS = {
    kind.__name__: kind
    for kind in (AnswerPlan, BodyPlan, CredentialPlan, MediaPlan, OperationPlan, ParameterPlan, PartPlan)
}


class Shapes:
    """Shapes as a table: a recursive one names itself."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.rows: list[dict[str, Any]] = []
        self.kept: list[Shape] = []  # so that no two of them have one identity

    def number(self, shape: Shape) -> int:
        """Give the row of a shape, written when it is first asked for."""
        if id(shape) in self.numbers:
            return self.numbers[id(shape)]
        number = self.numbers[id(shape)] = len(self.rows)
        self.kept.append(shape)
        row: dict[str, Any] = {"types": sorted(shape.types), "free": shape.is_free}
        self.rows.append(row)
        row["item"] = self.number(shape.item) if shape.has_item else None
        row["prefix"] = [self.number(item) for item in shape.prefix]
        row["properties"] = {name: self.number(item) for name, item in shape.properties.items()}
        row["patterns"] = [[pattern, self.number(item)] for pattern, item in shape.patterns]
        row["rest"] = self.number(shape.rest) if shape.rest is not None else None
        return number


def _shapes(rows: list[dict[str, Any]]) -> list[Shape]:
    found = [Shape(frozenset(row["types"])) for row in rows]
    for shape, row in zip(found, rows, strict=True):
        shape.is_free = row["free"]
        shape.item = None if row["item"] is None else found[row["item"]]
        shape.prefix = [found[number] for number in row["prefix"]]
        shape.properties = {name: found[number] for name, number in row["properties"].items()}
        shape.patterns = [(pattern, found[number]) for pattern, number in row["patterns"]]
        shape.rest = None if row["rest"] is None else found[row["rest"]]
    return found


def to_data(value: Any, shapes: Shapes) -> Any:
    """Give a plan as plain data; fields that are as they are by default are left out."""
    if isinstance(value, Shape):
        return {"shape": shapes.number(value)}
    if isinstance(value, list):
        return [to_data(item, shapes) for item in value]
    if isinstance(value, dict):
        return {"map": {name: to_data(item, shapes) for name, item in value.items()}}
    if is_dataclass(value):
        written = {
            item.name: to_data(held, shapes)
            for item in fields(value)
            if (held := getattr(value, item.name)) != item.default and held not in ([], {})
        }
        return {"kind": type(value).__name__, **written}
    return value


def from_data(data: Any, shapes: list[Shape]) -> Any:
    """Give what was written by :func:`to_data`."""
    if isinstance(data, list):
        return [from_data(item, shapes) for item in data]
    if not isinstance(data, dict):
        return data
    if "kind" not in data:
        if "map" in data:
            return {name: from_data(item, shapes) for name, item in data["map"].items()}
        return shapes[data["shape"]]
    kind = _KINDS[data["kind"]]
    return kind(**{name: from_data(item, shapes) for name, item in data.items() if name != "kind"})


class CompiledSource:
    """The plans of a compiled module; see :class:`levelbook.validate.source.PlanSource`."""

    def __init__(self, data: dict[str, Any], places: str) -> None:
        if data["format"] != FORMAT:
            raise ValueError("this module was compiled by another version of levelbook; compile it again")
        self.data = data
        self._written = places
        self._places: dict[str, Any] | None = None
        self._shapes = _shapes(data["shapes"])
        self.routes: Sequence[tuple[str, str, str, Sequence[str]]] = [
            (key, method, path, tuple(bases)) for key, method, path, bases in data["routes"]
        ]
        self.webhooks: Sequence[str] = tuple(data["webhooks"])
        self.bases = tuple(data["bases"])
        self.requests, self.responses = (self._schemas(data[direction]) for direction in ("requests", "responses"))

    def _schemas(self, data: dict[str, Any]) -> Schemas:
        defs, uses, origins = data["defs"], data["uses"], data["origins"]

        def closure(names: Iterable[str]) -> dict[str, Any]:
            found: dict[str, Any] = {}
            wanted = set(names)
            while wanted:
                name = wanted.pop()
                found[name] = defs[name]
                wanted |= set(uses.get(name, ())) - found.keys()
            return found

        def origin(path: Path) -> str:
            if len(path) > 1 and path[0] == "$defs" and path[1] in origins:
                return join(origins[path[1]], *path[2:])
            return ""

        return Schemas(closure, origin, self.locate, lambda: [self.data["remote"], self.data["identified"]])

    @property
    def origins(self) -> Sequence[str]:
        """The schemes and hosts of the servers."""
        found: list[str] = self.data["origins"]
        return found

    def plan(self, key: str) -> OperationPlan:
        """Give the plan of an operation, webhook or callback."""
        plan: OperationPlan = from_data(self.data["plans"][key], self._shapes)
        return plan

    def locate(self, pointer: str) -> Location:
        """Give the place of an element of the document, or of the nearest thing above it."""
        if self._places is None:
            self._places = json.loads(self._written)
        file = file_of(pointer)
        name, tree = self._places[file]
        place, children = (1, 1), tree
        for token in split(pointer.removeprefix(f"{file}#") if file else pointer):
            if not children or token not in children:
                break
            line, column, children = children[token]
            place = (line, column)
        return Location(name, *place)

    def path_pointer(self, path: str) -> str:
        """Give the pointer of a path item."""
        key = next(key for key, _, known, _ in self.routes if known == path)
        pointer: str = self.data["plans"][key]["pointer"]
        return pointer.rpartition("/")[0]
