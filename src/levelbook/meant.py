"""What a value was meant to be: which of many violations say something, and which member of a union was meant.

>>> from levelbook.engine import compile_schema
>>> dog = {"required": ["bark"], "properties": {"kind": {"const": "dog"}}}
>>> members = [dog, {"properties": {"kind": {"const": "cat"}}}]
>>> rule = compile_schema({"oneOf": members})
>>> [violation.keyword for violation in sharpest(rule.violations({"kind": "dog"}), {"oneOf": members})]
['required']
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.phrases import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.engine import Path, Violation

# Consequences: when something more precise was found, these only say it again from further out.
_VAGUE = frozenset({"unevaluatedProperties", "unevaluatedItems"})
_SAME = ("allOf", "anyOf", "oneOf")


def sharpest(violations: Iterable[Violation], schema: Any) -> list[Violation]:
    """Give the violations that say something: of unions those of the member that was meant, each fact once."""
    return _sharpest([deepest for outer in violations for deepest in _meant(outer, schema)], schema)


def known_names(schema: Any, schema_path: Path) -> list[str]:
    """Give the names of properties that the schema with this keyword knows, through all that judges the same value."""
    node = _at(schema, schema_path[:-1])
    keyword = schema_path[-1] if schema_path else ""
    found: dict[str, None] = {}
    stack, seen = [node], set()
    while stack:
        node = stack.pop()
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        properties = node.get("properties")
        found |= dict.fromkeys(properties if isinstance(properties, dict) else ())
        if keyword == "additionalProperties":
            break  # it looks at no other schema
        if str(node.get("$ref", "")).startswith("#/$defs/"):
            stack.append(schema["$defs"].get(node["$ref"].removeprefix("#/$defs/")))
        for key in _SAME:
            stack += node.get(key, [])
        stack += [node[key] for key in ("then", "else") if key in node]
    return list(found)


def _at(schema: Any, path: Path) -> Any:
    for step in path:
        if isinstance(schema, list) and isinstance(step, int) and step < len(schema):
            schema = schema[step]
        elif isinstance(schema, dict):
            schema = schema.get(str(step))
        else:
            return None
    return schema


def each_name(violation: Violation) -> Iterator[tuple[Violation, Path]]:
    """Take unexpected properties one by one, each at its own place."""
    names = violation.detail.get("unexpected", [])
    if not names or not isinstance(names[0], str):
        yield violation, violation.path
        return
    for name in names:
        yield replace(violation, detail={"unexpected": [name]}), (*violation.path, name)


def _sharpest(violations: list[Violation], schema: Any) -> list[Violation]:
    """Leave out what only says again, from further out, that something else is wrong.

    A property counts as unevaluated where the subschema that knows it has failed, for it or for the whole object.
    """
    told = {violation.path for violation in violations if violation.keyword not in {*_VAGUE, "anyOf"}}
    below = {violation.path for violation in violations if violation.keyword != "anyOf"}
    kept = []
    for violation in violations:
        if violation.keyword not in _VAGUE:
            kept.append(violation)
        elif violation.path not in told:
            names = [
                name
                for name in violation.detail.get("unexpected", [])
                if not any(path[: len(violation.path) + 1] == (*violation.path, name) for path in below)
            ]
            kept += [replace(violation, detail={"unexpected": names})] if names else []
    # A name that is known counts as unknown only because the schema that knows it has failed, here or further in.
    surely = []
    for violation in kept:
        known = known_names(schema, violation.schema_path) if violation.keyword == "unevaluatedProperties" else []
        names = [name for name in violation.detail.get("unexpected", []) if name not in known]
        if not known or names:
            surely.append(replace(violation, detail={"unexpected": names}) if known else violation)
    return surely or kept


def _meant(violation: Violation, schema: Any) -> list[Violation]:  # noqa: C901  # a decision a line
    """Look into a union for the member that the value was meant for; give the union itself if none stands out."""
    branches, at = violation.branches, violation.path
    if violation.keyword not in ("oneOf", "anyOf") or not branches or not all(branches):
        return [violation]
    chosen, why = _discriminated(violation, schema)
    if chosen is not None:
        return _inside(branches[chosen], schema, why)
    live = [index for index, branch in enumerate(branches) if not _is_other(branch, at)]
    told = ""
    while len(live) > 1:
        missed: Counter[Path] = Counter()
        for index in live:
            for path, options in _tags(branches[index], at).items():
                missed[path] += 1000 if len(options) == 1 else 1  # what tells members apart has one value in each
        if not missed:
            break
        path = max(missed, key=lambda tag: (_told_apart(violation, schema, str(tag[-1])), missed[tag]))
        rest = [index for index in live if path not in _tags(branches[index], at)]
        if not rest:
            return _misnamed(violation, path, [option for index in live for option in _tags(branches[index], at)[path]])
        live, told = rest, str(path[-1])
    if not live:
        return [violation]
    if len(live) == 1:
        why = f"`{told}` says that member {live[0] + 1} of the {len(branches)} is meant" if told else ""
        return _inside(branches[live[0]], schema, why)
    ranked = sorted(live, key=lambda index: _distance(branches[index]))
    facts = [{_fact(one, path) for each in branches[index] for one, path in each_name(each)} for index in live]
    if common := set.intersection(*facts):
        nearest = branches[ranked[0]]
        kept = [one for each in nearest for one, path in each_name(each) if _fact(one, path) in common]
        return [replace(one, schema_path=violation.schema_path) if len(kept) < len(nearest) else one for one in kept]
    if _distance(branches[ranked[0]]) < _distance(branches[ranked[1]]):
        return _inside(branches[ranked[0]], schema, "")
    return [replace(violation, detail={**violation.detail, "live": live})]


def _told_apart(violation: Violation, schema: Any, name: str) -> int:
    """Count the members of a union that ask for certain values of a property: what tells them apart, all of them do."""
    found = 0
    for member in _at(schema, violation.schema_path) or ():
        stack, seen = [member], set()
        while stack:
            node = stack.pop()
            if not isinstance(node, dict) or id(node) in seen:
                continue
            seen.add(id(node))
            if str(node.get("$ref", "")).startswith("#/$defs/"):
                stack.append(schema["$defs"].get(node["$ref"].removeprefix("#/$defs/")))
            stack += node.get("allOf", [])
            item = node.get("properties", {}).get(name)
            if isinstance(item, dict) and ("const" in item or "enum" in item):
                found += 1
                break
            if isinstance(item, dict):
                stack += [{"properties": {name: inner}} for inner in item.get("allOf", [])]
    return found


def _inside(branch: tuple[Violation, ...], schema: Any, why: str) -> list[Violation]:
    deeper = [deeper for inner in branch for deeper in _meant(inner, schema)]
    return [
        replace(one, detail={**one.detail, "meant": why}) if why and "meant" not in one.detail else one
        for one in deeper
    ]


def _misnamed(violation: Violation, path: Path, options: list[Any]) -> list[Violation]:
    """Say that what tells the members apart has a value of none of them."""
    value: Any = violation.value
    value = value.get(path[-1]) if isinstance(value, dict) else value
    unique = {quote(option): option for option in options}
    detail = {"options": list(unique.values())}
    return [replace(violation, keyword="enum", path=path, value=value, detail=detail, branches=())]


def _discriminated(violation: Violation, schema: Any) -> tuple[int | None, str]:
    mark = (_at(schema, violation.schema_path[:-1]) or {}).get("discriminator")
    value = violation.value
    if not isinstance(mark, dict) or not isinstance(value, dict):
        return None, ""
    name = mark["propertyName"]
    given = value.get(name)
    if not isinstance(given, str):
        return None, ""
    if given not in mark["members"]:
        return None, ""
    index, called = mark["members"][given]
    return index, f'`{name}` "{given}" means the member `{called}`'


def _is_other(branch: tuple[Violation, ...], at: Path) -> bool:
    return any(violation.keyword == "type" and violation.path == at for violation in branch)


def _tags(branch: tuple[Violation, ...], at: Path) -> dict[Path, list[Any]]:
    """Give the properties that have another value than a member asks for, each with the values that it allows."""
    found: dict[Path, list[Any]] = {}
    for one in branch:
        if one.keyword in ("const", "enum") and len(one.path) == len(at) + 1 and isinstance(one.path[-1], str):
            found[one.path] = one.detail.get("options", list(one.detail.values()))
    return found


def _fact(violation: Violation, path: Path) -> tuple[str, Path, str]:
    return violation.keyword, path, json.dumps(violation.detail, default=str, sort_keys=True)


def _distance(branch: tuple[Violation, ...]) -> tuple[int, int]:
    return len(branch), -max(len(violation.path) for violation in branch)
