"""What turns an element back: a JSON Merge Patch (RFC 7396) or a JSON Patch (RFC 6902).

>>> apply_before({"enum": [1, 2], "title": "x"}, {"enum": [1], "title": None})
{'enum': [1]}
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from levelbook.elements import ABSENT
from levelbook.pointer import split


class PatchError(ValueError):
    """A patch that does not apply; the message says why."""


def apply_before(element: dict[str, Any], before: Any) -> dict[str, Any]:
    """Give an element as it was: ``before`` is a mapping (merge patch) or a list (JSON Patch). Raises PatchError.

    In a merge patch ``parameters`` merge by name and place; other lists are replaced, as RFC 7396 has it.
    """
    if isinstance(before, dict):
        changed = merge(element, before)
    elif isinstance(before, list):
        changed = deepcopy(element)
        for operation in before:
            changed = _operate(changed, operation)
    else:
        raise PatchError("it is neither a mapping nor a list")
    if not isinstance(changed, dict):
        raise PatchError("it makes something else than a mapping of the element")
    return changed


def merge(target: Any, patch: Any) -> Any:
    """Apply a JSON Merge Patch (RFC 7396, section 2)."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif key == "parameters" and isinstance(value, list) and isinstance(result.get(key), list):
            result[key] = _merge_parameters(result[key], value)
        else:
            result[key] = merge(result.get(key), value)
    return result


def _merge_parameters(parameters: list[Any], patches: list[Any]) -> list[Any]:
    result = list(parameters)
    for patch in patches:
        index = next((index for index, item in enumerate(result) if _name(item) == _name(patch)), None)
        if index is None:
            result.append(deepcopy(patch))
        else:
            result[index] = merge(result[index], patch)
    return result


def _name(parameter: Any) -> Any:
    if not isinstance(parameter, dict):
        return None
    return parameter.get("$ref") or (parameter.get("name"), parameter.get("in"))


def _operate(document: Any, operation: Any) -> Any:
    """Apply one operation of a JSON Patch (RFC 6902, section 4)."""
    if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
        raise PatchError("an operation of a JSON Patch has `op` and `path`")
    name, path = operation.get("op"), split(operation["path"])
    if name == "test":
        if _get(document, path) != operation.get("value"):
            raise PatchError(f"the test of {operation['path']} fails")
        return document
    if name in ("move", "copy"):
        source = split(str(operation.get("from", "")))
        value = deepcopy(_get(document, source))
        return _add(_remove(document, source) if name == "move" else document, path, value)
    if name == "remove":
        return _remove(document, path)
    if name in ("add", "replace"):
        if "value" not in operation:
            raise PatchError(f"`{name}` needs a `value`")
        if name == "replace":
            document = _remove(document, path) if path else document
        return _add(document, path, deepcopy(operation["value"]))
    raise PatchError(f"`{name}` is no operation of a JSON Patch")


def _get(document: Any, path: list[str]) -> Any:
    for token in path:
        document = _child(document, token)
    return document


def _child(holder: Any, token: str) -> Any:
    if isinstance(holder, dict) and token in holder:
        return holder[token]
    if isinstance(holder, list) and token.isdecimal() and (at := _place(holder, int(token))) is not None:
        return holder[at]
    raise PatchError(f"there is no `{token}`")


def _add(document: Any, path: list[str], value: Any) -> Any:
    if not path:
        return value
    holder = _get(document, path[:-1])
    if isinstance(holder, dict):
        holder[path[-1]] = value
    elif isinstance(holder, list) and path[-1] == "-":
        holder.append(value)
    elif isinstance(holder, list) and path[-1].isdecimal() and int(path[-1]) <= _count(holder):
        at = _place(holder, int(path[-1]))
        holder.insert(len(holder) if at is None else at, value)
    else:
        raise PatchError(f"nothing can be added at `{path[-1]}`")
    return document


def _remove(document: Any, path: list[str]) -> Any:
    if not path:
        raise PatchError("the whole element cannot be removed")
    holder = _get(document, path[:-1])
    _child(holder, path[-1])
    if isinstance(holder, dict):
        del holder[path[-1]]
    else:
        del holder[_place(holder, int(path[-1])) or 0]
    return document


def _place(items: list[Any], index: int) -> int | None:
    """Give where the item with an index stands: one that is gone leaves a gap, which does not count."""
    places = [at for at, item in enumerate(items) if item is not ABSENT]
    return places[index] if index < len(places) else None


def _count(items: list[Any]) -> int:
    return sum(item is not ABSENT for item in items)
