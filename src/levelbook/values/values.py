"""The values of one API's schemas: what its schemas accept, and making something that they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.engine import SchemaError
from levelbook.lower import Lowering
from levelbook.resources import compiled_with
from levelbook.values.impossible import Impossible
from levelbook.values.making import Making

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Api, Schema
    from levelbook.engine import CompiledSchema
    from levelbook.lower import Direction


class Values:
    """Makes values; ``direction`` says whose: those of a response have nothing that is ``writeOnly``.

    ``seed`` gives other values, each seed always the same. What is made depends on nothing but the seed, the schema and
    the ``salt`` of a call.
    """

    def __init__(self, api: Api, *, direction: Direction = "response", seed: int = 0) -> None:
        self.api = api
        self.seed = seed
        self.hidden = {"response": "writeOnly", "request": "readOnly"}.get(direction, "")
        self._lowering = Lowering(api.documents, api.dialect, direction)
        self._compiled: dict[tuple[str, ...], CompiledSchema] = {}
        self._made: dict[tuple[str, ...], Any] = {}

    def make(self, *group: Schema, salt: str = "") -> Any:
        """Give a value that schemas accept: their examples go before their defaults, and both before what is made up.

        With a ``salt`` the choices fall otherwise, and the whole is not what is documented for it. Raises Impossible
        where none was found.
        """
        key = tuple(schema.pointer for schema in group)
        is_kept = not salt and all(key)
        if is_kept and key in self._made:
            return self._made[key]
        try:
            value = Making(self, salt).whole(group)
        except RecursionError:
            raise Impossible("its schema is nested too deeply") from None
        if is_kept:
            self._made[key] = value
        return value

    def fits(self, schema: Schema, value: Any) -> bool:
        """Say whether a schema accepts a value."""
        return self.accepts((schema,))(value)

    def accepts(self, group: tuple[Schema, ...]) -> Callable[[Any], bool]:
        """Give the function that says whether schemas accept a value together. Raises Impossible where none can."""
        accepts: Callable[[Any], bool] = self._judge(group).is_valid
        return accepts

    def refused_by(self, group: tuple[Schema, ...], value: Any) -> str:
        """Name the first keyword that a value does not meet; empty if it meets them all."""
        found = self._judge(group).violations(value)
        return str(found[0].schema_path[-1]) if found and found[0].schema_path else ""

    def _judge(self, group: tuple[Schema, ...]) -> CompiledSchema:
        key = tuple(schema.pointer for schema in group)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(group)
        return found

    def _compile(self, group: tuple[Schema, ...]) -> CompiledSchema:
        names = [self._lowering.name(schema) for schema in group]
        whole = {
            "allOf": [{"$ref": f"#/$defs/{name}"} for name in names],
            "$defs": self._lowering.closure(names),
        }
        documents = self.api.documents
        try:
            return compiled_with(whole, documents.remote_schemas, documents.identified_schemas)
        except SchemaError as error:
            raise Impossible(f"the schema cannot be compiled: {error}") from None
