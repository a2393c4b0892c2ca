"""Every object of an OpenAPI document, and none of the values that it shows as examples.

>>> [at for at, _ in walk({"info": {"title": "x"}, "x": {"example": {"description": "data"}}})]
['', '/info', '/x']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.pointer import join

if TYPE_CHECKING:
    from collections.abc import Iterator

# Under these keys of an object the keys are names that somebody chose, not keywords of the standard.
NAMED = frozenset({
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "responses",
    "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "paths", "webhooks",
    "content", "encoding", "variables", "mapping", "scopes", "mediaTypes", "additionalOperations",
})  # fmt: skip
# Under these stand values: whatever they hold, it describes nothing.
_VALUES = frozenset({"example", "default", "enum", "const", "value", "dataValue", "x-changes"})
_EITHER = frozenset({"examples", "parameters"})  # a map of names in one place, a list in another


def walk(value: Any, pointer: str = "", *, named: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each object below ``value`` with its pointer, in the document's order, parents first.

    A mapping from names to objects (``properties``, ``paths``) is passed through and not given itself.
    """
    stack = [(value, pointer, named)]
    while stack:
        value, pointer, named = stack.pop()
        below: list[tuple[Any, str, bool]] = []
        if isinstance(value, dict):
            if named:
                below = [(item, join(pointer, key), False) for key, item in value.items()]
            else:
                yield pointer, value
                below = [
                    (item, join(pointer, key), key in NAMED or (key in _EITHER and isinstance(item, dict)))
                    for key, item in value.items()
                    if isinstance(item, (dict, list)) and key not in _VALUES and not _is_schema_examples(key, item)
                ]
        elif isinstance(value, list):
            below = [(item, join(pointer, index), False) for index, item in enumerate(value)]
        stack += reversed(below)


def _is_schema_examples(key: str, item: Any) -> bool:
    return key == "examples" and isinstance(item, list)
