"""What can be reached from an element through its references.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> sorted(reachable(api.documents, ["/paths/~1users/get"]))[:3]
['/components/schemas/Msg', '/components/schemas/Success', '/components/schemas/User']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.pointer import join, parent, split
from levelbook.problem import SpecError
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api, Operation
    from levelbook.documents import Documents


def reachable(documents: Documents, pointers: Iterable[str], known: dict[str, list[str]] | None = None) -> list[str]:
    """Give the given pointers and those of everything that references below them lead to.

    ``known`` may be kept between calls: it remembers what each subtree refers to.
    """
    known = {} if known is None else known
    waiting, seen = list(pointers), dict[str, None]()
    while waiting:
        pointer = waiting.pop()
        if pointer in seen:
            continue
        seen[pointer] = None
        if pointer not in known:
            known[pointer] = [
                documents.target(element["$ref"], at).pointer
                for at, element in walk(value_at(documents, pointer), pointer)
                if isinstance(element.get("$ref"), str)
            ]
        waiting += known[pointer]
    return list(seen)


def roots(operation: Operation) -> list[str]:
    """Give the pointers that an operation consists of: its own, and the parameters of its path."""
    return [operation.pointer, join(parent(operation.pointer), "parameters")]


def value_at(documents: Documents, pointer: str) -> Any:
    """Give what stands at a pointer; None where there is nothing."""
    try:
        return documents.at(pointer).value
    except SpecError:
        return None


def sliced(api: Api, operation: Operation) -> Any:
    """Give a document with one operation and what it refers to, and nothing else; None where it spans files."""
    if len(api.documents.files) > 1:
        return None
    data = api.documents.main.data
    kept: dict[str, Any] = {key: value for key, value in data.items() if key not in ("paths", "webhooks", "components")}
    item, item_at = data["paths"][operation.path], parent(operation.pointer)
    if "$ref" in item:
        return None
    method = split(operation.pointer)[len(split(item_at)) :]
    kept["paths"] = {
        operation.path: {
            key: value
            for key, value in item.items()
            if key == method[0] or key in ("parameters", "servers", "x-changes")
        }
    }
    components: dict[str, dict[str, Any]] = {"securitySchemes": data.get("components", {}).get("securitySchemes", {})}
    for pointer in reachable(api.documents, roots(operation)):
        tokens = split(pointer)
        if tokens[:1] == ["components"] and len(tokens) > 2:  # noqa: PLR2004
            kind, name = tokens[1], tokens[2]
            components.setdefault(kind, {})[name] = data["components"][kind][name]
        elif tokens[:1] == ["paths"] and tokens[1] != operation.path:
            return None  # a reference into another operation
    kept["components"] = components
    return kept
