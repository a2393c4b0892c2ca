"""Addresses: the name of an element of an API that survives edits of the document.

>>> data = {"paths": {"/messages": {"post": {"parameters": [{"name": "to", "in": "query"}]}}}}
>>> str(address_of(data, "/paths/~1messages/post/parameters/0"))
'POST /messages > query:to'
"""

from __future__ import annotations

from typing import Any, NamedTuple

from levelbook.pointer import file_of, join, split

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MAX_LABEL = 3  # properties that tell a union member apart


class Address(NamedTuple):
    """An element: the operation it belongs to (or the component, or nothing), and the way from there."""

    operation: str | None
    top: str
    path: str

    def __str__(self) -> str:
        """Write the address as notes, changes and reviews do."""
        return f"{self.top} > {self.path}" if self.path else self.top


def address_of(data: Any, pointer: str, operation: str | None = None, depth: int = 0) -> Address:
    """Give the address of what stands at ``pointer`` in the plain data of its file.

    ``operation`` is what the first ``depth`` steps lead to in a file where no path says it.
    """
    tokens = split(pointer)
    steps: list[tuple[str, Any, Any]] = []  # (step, the holder of it, what it leads to)
    value = data
    for step in tokens:
        holder = value
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = None
        steps.append((step, holder, value))
    operation, top, used = (operation, operation, depth) if operation else _top(tokens)
    return Address(operation, top, _path(steps[used:]))


def root_of(pointer: str) -> str:
    """Give the pointer of what an address begins with: an operation, a path, a component.

    >>> root_of("/paths/~1messages/post/parameters/0")
    '/paths/~1messages/post'
    """
    tokens = split(pointer)
    file = pointer.partition("#")[0] + "#" if file_of(pointer) else ""
    return join(file, *tokens[: _top(tokens)[2]])


def _top(tokens: list[str]) -> tuple[str | None, str, int]:
    match tokens:
        case ["paths", path, method, *_] if method in _METHODS:
            key = f"{method.upper()} {path}"
            return key, key, 3
        case ["paths", path, "additionalOperations", method, *_]:
            return f"{method} {path}", f"{method} {path}", 4
        case ["paths", path, *_]:
            return None, path, 2
        case ["webhooks", name, method, *_] if method in _METHODS:
            return None, f"webhook {method.upper()} {name}", 3
        case ["components", kind, name, *_]:
            return None, f"{kind}/{name}", 3
        case [first, *_]:
            return None, first, 1
    return None, "the document", 0


def _path(steps: list[tuple[str, Any, Any]]) -> str:
    text = ""
    index = 0
    while index < len(steps):
        step, _, value = steps[index]
        following = steps[index + 1] if index + 1 < len(steps) else None
        written, used = _step(step, value, following)
        if step == "content" and steps[0][0] == "requestBody" and not written:
            written = "body:"
        if text.endswith(":") and written.startswith("."):
            written = written[1:]
        elif steps[0][0] == "responses" and text == steps[1][0] and written[:1] in ".[":
            written = f" {written}"  # `200 .events[]`: what follows is in the body
        text += (" " if text and written[:1].isalnum() and not text.endswith((":", " ")) else "") + written
        index += used
    return text.strip().rstrip(":")


def _step(step: str, value: Any, following: tuple[str, Any, Any] | None) -> tuple[str, int]:
    """Write one step of the way, and say how many tokens it took."""
    name, below = (following[0], following[2]) if following else ("", None)
    match step:
        case "parameters" if isinstance(value, list) and following:
            return (
                f"{below.get('in')}:{below['name']}"
                if isinstance(below, dict) and "name" in below
                else _reference_name(below) or f"parameter {name}"
            ), 2
        case "requestBody" | "schema" | "content" if following is None or step != "content":
            return "", 1
        case "content":
            return (("form:" if name in _FORMS else "") if "json" not in name else ""), 2
        case "responses" | "headers" | "properties" | "patternProperties" | "callbacks" | "examples" if following:
            return {
                "responses": name,
                "headers": f"header:{name}",
                "properties": f".{name}",
                "patternProperties": f"{{{name}}}",
            }.get(step, f"{step}:{name}"), 2
        case "items":
            return "[]", 1
        case "additionalProperties":
            return "{}", 1
        case "prefixItems" if following:
            return f"[{name}]", 2
        case "allOf" if following:
            return "", 2
        case "oneOf" | "anyOf" if following:
            return f"<{label(below)}>", 2
    return "", 1


def label(member: Any) -> str:
    """Tell a member of a union apart: by its constants, else its name, title, type, or what it requires."""
    constants = _constants(member)
    if constants:
        return ",".join(f"{name}={value}" for name, value in list(constants.items())[:_MAX_LABEL])
    if name := _reference_name(member):
        return name
    if isinstance(member, dict):
        if isinstance(member.get("title"), str):
            return str(member["title"])
        if member.get("required"):
            return "requires " + ",".join(str(name) for name in member["required"])
        written = member.get("type")
        if written == "array" and isinstance(member.get("items"), dict):
            return f"array of {label(member['items'])}"
        if written:
            return written if isinstance(written, str) else "|".join(str(one) for one in written)
        parts = [part for part in member.get("allOf") or [] if _reference_name(part)]
        if parts:
            return _reference_name(parts[0])
    return "member"


def _constants(member: Any) -> dict[str, Any]:
    """Give the properties of a schema, and of its inline ``allOf``, that can have one value only."""
    found: dict[str, Any] = {}
    if not isinstance(member, dict):
        return found
    properties = member.get("properties")
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        parts = [schema, *(schema.get("allOf") or [])] if isinstance(schema, dict) else []
        for part in parts:
            if isinstance(part, dict) and isinstance(part.get("enum"), list) and len(part["enum"]) == 1:
                found[name] = part["enum"][0]
            elif isinstance(part, dict) and "const" in part:
                found[name] = part["const"]
    for part in member.get("allOf") or []:
        found |= _constants(part)
    return found


def _reference_name(value: Any) -> str:
    ref = value.get("$ref") if isinstance(value, dict) else None
    return split(ref.partition("#")[2])[-1] if isinstance(ref, str) and "/" in ref.partition("#")[2] else ""
