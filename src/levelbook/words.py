"""Violations of a schema in words that a newcomer understands, with a hint what to do.

>>> from levelbook.engine import compile_schema
>>> rule = compile_schema({"properties": {"type": {"enum": ["direct", "stream"]}}})
>>> finding = findings(rule.violations({"type": "strem"}))[0]
>>> finding.message
'`type` is "strem", but the document allows only "direct" or "stream"'
>>> finding.hint
'did you mean "stream"?'
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from levelbook.engine import Path, Violation

_WIDTH = 80
_NAMES = 200  # of a value that are compared with a missing one
# Consequences: when something more precise was found, these only say it again from further out.
_OTHER_TYPE = 2  # the worst rank of a union member: it is not even of the value's type
_VAGUE = frozenset({"unevaluatedProperties", "unevaluatedItems"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one value: where in it, which keyword says so, and the words for it."""

    message: str
    hint: str
    path: Path
    schema_path: Path


def findings(
    violations: Iterable[Violation],
    *,
    root: str = "the value",
    inside: str = "",
    by: str = "the document",
    texts: bool = False,
) -> list[Finding]:
    """Put violations into words, each fact once.

    ``root`` is what the whole value is called, ``inside`` what the names of its parts begin with, ``by`` who says what
    is right; ``texts`` says that the value was read from a text, as parameters are, so that nobody is told to send
    something else.
    """
    found: dict[tuple[Path, str], Finding] = {}
    for violation in _sharpest([deepest for outer in violations for deepest in _meant(outer)]):
        for one, path in _each(violation):
            message, hint = _words(one, _name(violation.path, root, inside), by)
            hint = "" if texts and violation.keyword == "type" else hint
            found.setdefault((path, message), Finding(message, hint, path, violation.schema_path))
    return list(found.values())


def _each(violation: Violation) -> Iterator[tuple[Violation, Path]]:
    """Take unexpected properties one by one, each at its own place."""
    names = violation.detail.get("unexpected", [])
    if not names or not isinstance(names[0], str):
        yield violation, violation.path
        return
    for name in names:
        yield replace(violation, detail={"unexpected": [name]}), (*violation.path, name)


def quote(value: Any) -> str:
    """Show a value as JSON, cut at 80 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def listing(items: Sequence[str], last: str = "or") -> str:
    """Join words as a sentence does: ``a, b or c``; long lists are cut."""
    if len(items) > 8:  # noqa: PLR2004
        return ", ".join(items[:7]) + f", … ({len(items)} in all)"
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def near_name(name: str, known: Sequence[str]) -> str:
    """Ask whether another name was meant; else say which are known, where that is of use."""
    near = get_close_matches(name, known, 1, 0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"known are {listing([f'`{item}`' for item in sorted(known)], 'and')}" if known else ""


def path_text(path: Path) -> str:
    """Write a path into a value the way code does: ``messages[0].sender``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _name(path: Path, root: str, inside: str) -> str:
    if not path:
        return root
    text = path_text(path) if not inside else inside + ("" if isinstance(path[0], int) else ".") + path_text(path)
    return f"`{text}`"


def _sharpest(violations: list[Violation]) -> list[Violation]:
    """Leave out what only says again, from further out, that something else is wrong.

    A property counts as unevaluated where the subschema that knows it has failed, for it or for the whole object.
    """
    told = {violation.path for violation in violations if violation.keyword not in {*_VAGUE, "anyOf"}}
    kept = []
    for violation in violations:
        if violation.keyword not in _VAGUE:
            kept.append(violation)
        elif violation.path not in told:
            names = [
                name
                for name in violation.detail.get("unexpected", [])
                if not any(path[: len(violation.path) + 1] == (*violation.path, name) for path in told)
            ]
            kept += [replace(violation, detail={"unexpected": names})] if names else []
    return kept


def _meant(violation: Violation) -> list[Violation]:
    """Look into a union for the member that the value was meant for; give the union itself if none stands out."""
    if violation.keyword not in ("oneOf", "anyOf") or not violation.branches or not all(violation.branches):
        return [violation]
    ranked = sorted(violation.branches, key=lambda branch: _distance(branch, violation.path))
    nearest = _distance(ranked[0], violation.path)
    if nearest[0] < _OTHER_TYPE and (len(ranked) == 1 or nearest < _distance(ranked[1], violation.path)):
        return [deeper for inner in ranked[0] for deeper in _meant(inner)]
    return [violation]


def _distance(branch: tuple[Violation, ...], at: Path) -> tuple[int, int, int]:
    """Say how far a value at ``at`` is from a member: of another type, told apart by a constant, or merely faulty."""
    if any(violation.keyword == "type" and violation.path == at for violation in branch):
        rank = _OTHER_TYPE
    else:
        rank = int(
            any(violation.keyword in ("const", "enum") and len(violation.path) <= len(at) + 1 for violation in branch)
        )
    return rank, len(branch), -max(len(violation.path) for violation in branch)


def _words(violation: Violation, name: str, by: str) -> tuple[str, str]:
    keyword, detail, value = violation.keyword, violation.detail, violation.value
    writer = _WORDS.get(keyword)
    if writer is not None:
        return writer(name, value, detail, by)
    if keyword in ("oneOf", "anyOf"):
        return _union(name, value, violation, by)
    if keyword in _BOUNDS:
        what, expectation = _BOUNDS[keyword]
        size = f" ({len(value)} {what})" if what and hasattr(value, "__len__") else ""
        bound = f"{expectation} {_plain(detail)}" + (f" {what}" if what else "")
        return f"{name} is {quote(value)}{size}, but {by} says {bound}", ""
    return f"{name}: {violation.message}", ""


def _plain(detail: dict[str, Any]) -> str:
    return quote(next(iter(detail.values()), ""))


_BOUNDS = {
    "minimum": ("", "at least"),
    "maximum": ("", "at most"),
    "exclusiveMinimum": ("", "more than"),
    "exclusiveMaximum": ("", "less than"),
    "minLength": ("characters", "at least"),
    "maxLength": ("characters", "at most"),
    "minItems": ("items", "at least"),
    "maxItems": ("items", "at most"),
    "minProperties": ("properties", "at least"),
    "maxProperties": ("properties", "at most"),
}


def _type(name: str, value: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    types = [str(item) for item in detail.get("types", [])]
    hint = ""
    if isinstance(value, str) and (meant := _meant_as(value)) in types:
        hint = f"it was sent as a string: send the {meant} without quotes"
    elif value is None:
        hint = "if null is meant, let the document allow it"
    return f"{name} is {quote(value)}, but {by} says {listing(types)}", hint


def _meant_as(text: str) -> str:
    if text in ("true", "false"):
        return "boolean"
    return "integer" if text.removeprefix("-").isdecimal() else "number" if text.replace(".", "", 1).isdecimal() else ""


def _enum(name: str, value: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    options = detail.get("options", [])
    if not options:
        return f"{name} is {quote(value)}, but {by} allows no value at all", "an empty `enum` refuses everything"
    names = [item for item in options if isinstance(item, str)]
    near = get_close_matches(value, names, 1, 0.5) if isinstance(value, str) else []
    hint = f'did you mean "{near[0]}"?' if near else ""
    return f"{name} is {quote(value)}, but {by} allows only {listing([quote(item) for item in options])}", hint


def _const(name: str, value: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, but {by} allows only {_plain(detail)}", ""


def _required(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    missing = str(detail.get("property", ""))
    near = get_close_matches(missing, list(islice(value, _NAMES)), 1, 0.7) if isinstance(value, dict) else []
    hint = f"`{near[0]}` is there: is it misspelt?" if near else ""
    return f"{name} lacks `{missing}`, which is required", hint


def _unexpected(name: str, _: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    names = [f"`{item}`" for item in detail.get("unexpected", [])]
    return (
        f"{name} has {listing(names, 'and')}, which {by} does not know",
        "remove it, or describe it" if by == "the document" else "remove it; a name of your own begins with x-",
    )


def _format(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, which is no {detail.get('format', 'such format')}", ""


def _pattern(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, which does not match the pattern {detail.get('pattern')}", ""


def _unique(name: str, value: Any, _: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, but its items must differ from each other", ""


def _multiple(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, which is no multiple of {_plain(detail)}", ""


def _never(name: str, value: Any, _: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, but nothing is allowed there", "leave it out"


def _not(name: str, value: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    schema = detail.get("schema")
    if isinstance(schema, dict) and set(schema) == {"required"} and len(schema["required"]) > 1:
        return (
            f"{name} has {listing([f'`{item}`' for item in schema['required']], 'and')}, which exclude each other",
            "keep one of them",
        )
    return f"{name} is {quote(value)}, which {by} excludes: {quote(schema)}", ""


def _property_names(name: str, _: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    error = detail.get("error")
    wrong = getattr(error, "instance", None)
    return f"{name} has the name {quote(wrong)}, which {by} does not allow there", ""


def _contains(name: str, value: Any, _: dict[str, Any], by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, but {by} wants another number of items of a certain kind (`contains`)", ""


_WORDS = {
    "contains": _contains,
    "minContains": _contains,
    "maxContains": _contains,
    "unevaluatedItems": _never,
    "not": _not,
    "propertyNames": _property_names,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "additionalProperties": _unexpected,
    "unevaluatedProperties": _unexpected,
    "format": _format,
    "pattern": _pattern,
    "uniqueItems": _unique,
    "multipleOf": _multiple,
    "falseSchema": _never,
}


def _union(name: str, value: Any, violation: Violation, by: str) -> tuple[str, str]:
    members = len(violation.branches)
    accepted = [index + 1 for index, branch in enumerate(violation.branches) if not branch]
    if len(accepted) > 1:
        which = listing([str(index) for index in accepted], "and")
        return (
            f"{name} is {quote(value)}, which matches {which} of the {members} members of `oneOf`; "
            "exactly one may match"
        ), "let the members exclude each other, or write `anyOf`"
    wanted = [_words(min(branch, key=lambda inner: len(inner.path)), "it", by)[0] for branch in violation.branches[:3]]
    lacking = [
        branch[0].detail.get("property")
        for branch in violation.branches
        if len(branch) == 1 and branch[0].keyword == "required" and branch[0].path == violation.path
    ]
    if len(lacking) == members:
        return f"{name} lacks {listing([f'`{item}`' for item in lacking])}: one of them is required", ""
    kinds = _expected_types(violation)
    if kinds:
        return f"{name} is {quote(value)}, but {by} says {listing(kinds)}", ""
    reasons = "; ".join(f"{index + 1}: {reason}" for index, reason in enumerate(wanted))
    more = f"; … ({members} in all)" if members > len(wanted) else ""
    return f"{name} is {quote(value)}, which is none of the {members} members allowed ({reasons}{more})", ""


def _expected_types(violation: Violation) -> list[str]:
    """Give the types of a union that differs by type alone; empty where that is not the whole story."""
    found: list[str] = []
    for branch in violation.branches:
        if len(branch) != 1 or branch[0].keyword != "type" or branch[0].path != violation.path:
            return []
        found += [str(item) for item in branch[0].detail.get("types", []) if item not in found]
    return found
