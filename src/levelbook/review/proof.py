"""What can be proved of two schemas: the values of one are among those of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from levelbook.api import Schema
from levelbook.engine import CompiledSchema, SchemaError, compile_schema, schema_set
from levelbook.lower import Lowering
from levelbook.problem import SpecError
from levelbook.review.shape import shape_of

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.engine import SchemaSet
    from levelbook.review.policy import Policy
    from levelbook.review.shape import Shape
    from levelbook.review.spot import Spot

Side: TypeAlias = Literal["base", "head"]
_MANY = 400  # schemas that one leads to; a set of more is not asked for
_LOCAL = frozenset({
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf", "uniqueItems",
})  # fmt: skip
_ALL = frozenset({"null", "boolean", "number", "string", "array", "object"})


class Proofs:
    """Schemas of both documents as sets of values, made when first asked for."""

    def __init__(self, base: Api, head: Api, policy: Policy) -> None:
        self.apis: dict[Side, Api] = {"base": base, "head": head}
        self.formats = policy.formats == "assertion"
        self._lowerings: dict[tuple[Side, str], Lowering] = {}
        self._sets: dict[tuple[Any, ...], SchemaSet | None] = {}
        self._compiled: dict[tuple[Any, ...], CompiledSchema | None] = {}

    def document(self, side: Side, direction: str, demand: Any) -> dict[str, Any] | None:
        """Give a schema of one document as JSON Schema, with all it refers to; None where a reference is broken."""
        lowering = self._lowering(side, direction)
        names: list[str] = []
        try:
            lowered = _lowered(demand, lowering, names)
            closure = lowering.closure(names)
        except SpecError:
            return None
        return {"allOf": [lowered], "$defs": closure} if closure else {"allOf": [lowered]}

    def set_of(self, side: Side, direction: str, demand: Any, *, bounded: bool = True) -> SchemaSet | None:
        """Give the set of values that a demand accepts; None where that is unknown, or too large to ask for."""
        document = self.document(side, direction, demand)
        if document is None or (bounded and len(document.get("$defs", ())) > _MANY):
            return None
        return schema_set(document, formats=self.formats)

    def group_set(self, side: Side, direction: str, group: tuple[Schema, ...]) -> SchemaSet | None:
        """Give the set of a group of schemas."""
        key = (side, direction, tuple(item.pointer for item in group))
        if key not in self._sets:
            self._sets[key] = self.set_of(side, direction, group)
        return self._sets[key]

    def local_set(self, side: Side, direction: str, group: tuple[Schema, ...]) -> SchemaSet | None:
        """Give the set of what a group says of the value itself, which holds all that the group accepts."""
        key = (side, direction, "local", tuple(item.pointer for item in group))
        if key not in self._sets:
            self._sets[key] = schema_set(local_demand(shape_of(self.apis[side], group)), formats=self.formats)
        return self._sets[key]

    def compiled(self, side: Side, direction: str, group: tuple[Schema, ...]) -> CompiledSchema | None:
        """Give the compiled schema of a group; None for one that cannot be compiled."""
        key = (side, direction, tuple(item.pointer for item in group))
        if key not in self._compiled:
            document = self.document(side, direction, group)
            try:
                made = None if document is None else compile_schema(document, formats=self.formats)
            except SchemaError:
                made = None
            self._compiled[key] = made
        return self._compiled[key]

    def equivalent(self, spot: Spot) -> bool:
        """Say whether both documents accept the same values at a spot, which is proved."""
        direction = spot.site.direction
        base, head = self.group_set("base", direction, spot.base), self.group_set("head", direction, spot.head)
        return base is not None and head is not None and bool(base.covers(head)) and bool(head.covers(base))

    def _lowering(self, side: Side, direction: str) -> Lowering:
        key = (side, direction)
        if key not in self._lowerings:
            api = self.apis[side]
            ignored = frozenset() if self.formats else frozenset({"*"})
            kind: Any = direction
            self._lowerings[key] = Lowering(api.documents, api.dialect, kind, ignore_formats=ignored)
        return self._lowerings[key]


def local_demand(shape: Shape) -> dict[str, Any]:
    """Write what a shape says of the value itself; what lies inside, and what chooses, is left out."""
    demand: dict[str, Any] = {}
    if shape.types != _ALL:
        demand["type"] = sorted({*shape.types, "null"} if shape.nullable else shape.types)
    if shape.enum is not None:
        demand["enum"] = [*shape.enum, None] if shape.nullable and None not in shape.enum else shape.enum
    for keyword, (value, exclusive) in shape.limits.items():
        demand[f"exclusive{keyword.capitalize()}" if exclusive else keyword] = value
    return demand | {keyword: value for keyword, value in shape.counts.items() if keyword in _LOCAL}


def _lowered(demand: Any, lowering: Lowering, names: list[str]) -> Any:
    """Put references in the place of schemas; a tuple of them is a group, which holds together."""
    if isinstance(demand, Schema):
        name = lowering.name(demand)
        names.append(name)
        return {"$ref": f"#/$defs/{name}"}
    if isinstance(demand, tuple):
        return {"allOf": [_lowered(item, lowering, names) for item in demand]} if demand else True
    if isinstance(demand, dict):
        return {key: _lowered(item, lowering, names) for key, item in demand.items()}
    if isinstance(demand, list):
        return [_lowered(item, lowering, names) for item in demand]
    return demand
