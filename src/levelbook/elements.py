"""Elements of a document that is being taken apart: found by pointer, removed without moving the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.marks import ListMarks, MapMarks
from levelbook.pointer import file_of, join, split
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Absent:
    """What stands in a list where an item was; no other value is like it."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __deepcopy__(self, _: Any) -> _Absent:
        return self


ABSENT = _Absent()
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})


def unshared(value: Any) -> Any:
    """Copy plain data so that what an alias stands for twice is there twice: each may change by itself."""
    if isinstance(value, dict):
        return {key: unshared(item) for key, item in value.items()}
    return [unshared(item) for item in value] if isinstance(value, list) else value


class Tree:
    """The data of one file. Items leave a gap in their list until :meth:`purged`, so that pointers stay true."""

    def __init__(self, data: Any, top: str) -> None:
        self.data = data
        self.top = top

    def get(self, pointer: str) -> Any:
        """Give what stands at a pointer; ABSENT where nothing is left."""
        value = self.data
        for token in split(pointer):
            if isinstance(value, dict) and token in value:
                value = value[token]
            elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
                value = value[int(token)]
            else:
                return ABSENT
        return value

    def purged(self, marks: Any) -> tuple[Any, Any]:
        """Give the data without gaps, and the marks that go with it."""
        return _purge(self.data, marks)


def remove(tree: Tree, at: str, gone: dict[str, set[str]]) -> str | None:
    """Take the element at a pointer out of what holds it; give the pointer of what was removed in the end.

    Where a holder makes no sense without it, that goes too: a path without operations, a parameter without schema.
    ``gone`` collects the names of properties by the pointer of their schema. None if nothing was there.
    """
    tokens = split(at)
    if not tokens or (not file_of(at) and (len(tokens) < 2 or tokens[0] == "info")):  # noqa: PLR2004
        return None  # a document has an `info`, and `paths`
    if tree.get(at) is ABSENT:
        return None
    holder_at = at[: len(at) - len(join("", tokens[-1]))]
    holder, name = tree.get(holder_at), tokens[-1]
    if name == "schema" and isinstance(holder, dict) and "in" in holder:
        return remove(tree, holder_at, gone)
    if isinstance(holder, list):
        holder[int(name)] = ABSENT
        if all(item is ABSENT for item in holder):
            _drop(tree, holder_at)
        return at
    if name == "items":
        holder["items"] = {}
        return at
    if not isinstance(holder, dict):
        return None
    del holder[name]
    return _without_empty_holder(tree, at, holder_at, gone)


def _without_empty_holder(tree: Tree, at: str, holder_at: str, gone: dict[str, set[str]]) -> str:
    """Mend what held a removed key; give the pointer of what was removed in the end."""
    tokens, holder = split(at), tree.get(holder_at)
    if len(tokens) == 1:
        return at  # a file that is an element itself stays, empty
    above = tokens[-2]
    schema_at = holder_at[: len(holder_at) - len(join("", above))]
    if above == "properties":
        _forget_property(tree, schema_at, tokens[-1])
        gone.setdefault(schema_at, set()).add(tokens[-1])
    elif above == "responses" and not holder:
        holder["default"] = {"description": ""}  # an operation has a response; what it was, nobody noted
    elif above == "content" and not holder:
        _drop(tree, holder_at)
        if split(schema_at)[-1:] == ["requestBody"] or split(schema_at)[-2:-1] == ["requestBodies"]:
            return remove(tree, schema_at, gone) or at
    elif _is_path_item(tokens) and not _METHODS & holder.keys():
        _drop(tree, holder_at)
    return at


def _is_path_item(tokens: list[str]) -> bool:
    return len(tokens) == 3 and tokens[0] in ("paths", "webhooks") and tokens[2] in _METHODS  # noqa: PLR2004


def _drop(tree: Tree, at: str) -> None:
    """Delete a key whose value has become empty."""
    name = split(at)[-1]
    holder = tree.get(at[: len(at) - len(join("", name))])
    if isinstance(holder, dict):
        holder.pop(name, None)


def _forget_property(tree: Tree, schema_at: str, name: str) -> None:
    """Take a property out of `required`, and out of the `encoding` of a form that has this schema."""
    forget_property(tree.get(schema_at), name)
    media = tree.get(schema_at.removesuffix("/schema")) if schema_at.endswith("/schema") else None
    if isinstance(media, dict) and isinstance(media.get("encoding"), dict):
        media["encoding"].pop(name, None)
        if not media["encoding"]:
            del media["encoding"]


def forget_property(schema: Any, name: str) -> None:
    """Take a property that is gone out of `required`, and out of `properties` where only its name stands."""
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("required"), list) and name in schema["required"]:
        schema["required"] = [item for item in schema["required"] if item != name]
        if not schema["required"]:
            del schema["required"]
    if isinstance(schema.get("properties"), dict) and schema["properties"].get(name) == {}:
        del schema["properties"][name]


def prune_examples(data: Any, top: str, gone: dict[str, set[str]], tree_of: Callable[[str], Tree]) -> None:
    """Take properties that are gone out of the examples of every schema and media type."""
    if not gone:
        return
    for at, element in walk(data, top):
        schema, schema_at = (element["schema"], join(at, "schema")) if "schema" in element else (element, at)
        examples = element.get("examples")
        values: list[Any] = [element.get("example"), element.get("default")]
        values += examples if isinstance(examples, list) else []
        values += (
            [item.get("value") for item in examples.values() if isinstance(item, dict)]
            if isinstance(examples, dict)
            else []
        )
        for value in values:
            if isinstance(value, (dict, list)):
                for inner, inner_at in _parts(value, schema, schema_at, tree_of, 0):
                    for name in gone.get(inner_at, ()):
                        inner.pop(name, None)


def _parts(
    value: Any, schema: Any, at: str, tree_of: Callable[[str], Tree], depth: int
) -> Iterator[tuple[dict[str, Any], str]]:
    """Walk a value along its schema: give each object in it with the pointer of each schema that is about it."""
    if not isinstance(schema, dict) or depth > 30:  # noqa: PLR2004  # examples are not that deep
        return
    for inner, inner_at in _same_value(schema, at, tree_of):
        yield from _parts(value, inner, inner_at, tree_of, depth + 1)
    if isinstance(value, dict):
        yield value, at
        for name, item in schema["properties"].items() if isinstance(schema.get("properties"), dict) else ():
            if name in value:
                yield from _parts(value[name], item, join(at, "properties", name), tree_of, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item, schema.get("items"), join(at, "items"), tree_of, depth + 1)


def _same_value(schema: dict[str, Any], at: str, tree_of: Callable[[str], Tree]) -> Iterator[tuple[Any, str]]:
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith("#/"):
        target = at[: len(at) - len(_own_path(at))] + ref.removeprefix("#")
        yield tree_of(target).get(target), target
    for keyword in ("allOf", "oneOf", "anyOf"):
        for index, item in enumerate(schema[keyword] if isinstance(schema.get(keyword), list) else ()):
            yield item, join(at, keyword, index)


def _own_path(pointer: str) -> str:
    return pointer if pointer[:1] in ("", "/") else pointer.partition("#")[2]


def _purge(value: Any, marks: Any) -> tuple[Any, Any]:
    if isinstance(value, dict):
        known = marks.items if isinstance(marks, MapMarks) else {}
        kept = {}
        places = {}
        for key, item in value.items():
            mark = known.get(key)
            kept[key], inner = _purge(item, mark[1] if mark else None)
            if mark:
                places[key] = (mark[0], inner)
        return kept, MapMarks(marks.start, places) if isinstance(marks, MapMarks) else marks
    if isinstance(value, list):
        listed = (
            marks.items if isinstance(marks, ListMarks) and len(marks.items) == len(value) else [marks] * len(value)
        )
        pairs = [_purge(item, mark) for item, mark in zip(value, listed, strict=True) if item is not ABSENT]
        items = [pair[0] for pair in pairs]
        return items, ListMarks(marks.start, [pair[1] for pair in pairs]) if isinstance(marks, ListMarks) else marks
    return value, marks
