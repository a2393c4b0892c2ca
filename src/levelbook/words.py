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

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from levelbook.meant import each_name, known_names, sharpest
from levelbook.phrases import cut, listing, near, near_name, path_text, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.engine import Path, Violation

_SAME_RULE = 10  # violations of one keyword that are told one by one
_NAMING = frozenset({"required", "additionalProperties", "unevaluatedProperties"})


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
    schema: Any = None,
) -> list[Finding]:
    """Put violations into words, each fact once.

    ``root`` is what the whole value is called, ``inside`` what the names of its parts begin with, ``by`` who says what
    is right; ``texts`` says that the value was read from a text, as parameters are, so that nobody is told to send
    something else.
    """
    found: dict[tuple[Path, str], Finding] = {}
    sharp = sharpest(violations, schema)
    typed = {violation.path for violation in sharp if violation.keyword == "type"}
    misspelt = set()
    for violation in sharp:
        if violation.keyword in ("enum", "const") and violation.path in typed:
            continue  # the type says it already
        for one, path in each_name(violation):
            known = known_names(schema, one.schema_path) if one.keyword in _NAMING else []
            known = [name for name in known if name not in one.detail.get("unexpected", ())]
            if known:
                one = replace(one, detail={**one.detail, "known": known})  # noqa: PLW2901
            message, hint = _words(one, _name(violation.path, root, inside), by)
            if one.keyword == "required" and hint:
                misspelt.add((*path, hint.split("`")[1]))
            hint = _as_text(one) if texts and violation.keyword == "type" else hint
            hint = hint or one.detail.get("meant", "")
            found.setdefault((path, message), Finding(message, hint, path, violation.schema_path))
    # A name that is unknown because it was misspelt is told where the right one is missing.
    kept = [one for one in found.values() if not (one.path in misspelt and one.message.endswith("does not know"))]
    return _few(kept)


def _few(found: list[Finding]) -> list[Finding]:
    """Tell the first of many violations of one keyword, and count the rest."""
    told: dict[Path, int] = {}
    few: dict[Path, list[Finding]] = {}
    for one in found:
        told[one.schema_path] = told.get(one.schema_path, 0) + 1
        if told[one.schema_path] <= _SAME_RULE:
            few.setdefault(one.schema_path, []).append(one)
    for schema_path, times in told.items():
        if times > _SAME_RULE:
            last = few[schema_path][-1]
            few[schema_path][-1] = replace(last, message=f"{last.message} (and {times - _SAME_RULE:,} more like it)")
    return [one for rows in few.values() for one in rows] if len(found) > _SAME_RULE else found


def _as_text(violation: Violation) -> str:
    """Say how a value of the right type is written in a text."""
    types = violation.detail.get("types", [])
    if not isinstance(violation.value, str):
        return ""
    if "integer" in types:
        return "send digits, without a sign other than -"
    if "number" in types:
        return "send a number as JSON has it: 1.5, not 1,5 or +1"
    return "send true or false" if "boolean" in types else ""


def _name(path: Path, root: str, inside: str) -> str:
    if not path:
        return root
    text = path_text(path) if not inside else inside + ("" if isinstance(path[0], int) else ".") + path_text(path)
    return f"`{text}`"


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
    meant = near(value, names, 0.5) if isinstance(value, str) else ""
    hint = f'did you mean "{meant}"?' if meant else ""
    for option in options if isinstance(value, str) and not meant else ():
        if not isinstance(option, str) and quote(option) == value:
            hint = f"it was sent as a string: send `{value}` without quotes"
    return f"{name} is {quote(value)}, but {by} allows only {listing([quote(item) for item in options])}", hint


def _const(name: str, value: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    return _enum(name, value, {"options": list(detail.values())}, by)


def _required(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    missing = cut(str(detail.get("property", "")))
    known = set(detail.get("known", ()))
    meant = near(missing, [item for item in value if item not in known], 0.7) if isinstance(value, dict) else ""
    hint = f"`{meant}` is there: is it misspelt?" if meant else ""
    return f"{name} lacks `{missing}`, which is required", hint


def _unexpected(name: str, _: Any, detail: dict[str, Any], by: str) -> tuple[str, str]:
    names = [f"`{cut(str(item))}`" for item in detail.get("unexpected", [])]
    return (
        f"{name} has {listing(names, 'and')}, which {by} does not know",
        (
            near_name(detail["unexpected"][0], detail.get("known", [])) or "remove it, or describe it"
            if by == "the document"
            else "remove it; a name of your own begins with x-"
        ),
    )


def _format(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, which is no {detail.get('format', 'such format')}", ""


def _pattern(name: str, value: Any, detail: dict[str, Any], _by: str) -> tuple[str, str]:
    return f"{name} is {quote(value)}, which does not match the pattern {cut(str(detail.get('pattern')))}", ""


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
    live = violation.detail.get("live", range(members))
    wanted = []
    for index in [*live][:3]:
        inner = min(violation.branches[index], key=lambda one: len(one.path))
        below = path_text(inner.path[len(violation.path) :])
        wanted.append(f"{index + 1}: {_words(inner, f'its `{below}`' if below else 'it', by)[0]}")
    lacking = [
        str(branch[0].detail.get("property"))
        for index in live
        if len(branch := violation.branches[index]) == 1
        and branch[0].keyword == "required"
        and branch[0].path == violation.path
    ]
    if len(lacking) == len(live):
        meant = next((found for item in lacking if isinstance(value, dict) and (found := near(item, value, 0.7))), "")
        hint = f"`{meant}` is there: is it misspelt?" if meant else ""
        return (
            f"{name} lacks {listing([f'`{item}`' for item in dict.fromkeys(lacking)])}: one of them is required",
            hint,
        )
    kinds = _expected_types(violation)
    if kinds:
        return f"{name} is {quote(value)}, but {by} says {listing(kinds)}", ""
    more = f"; … ({len(live)} in all)" if len(live) > len(wanted) else ""
    which = f"none of the {members} members allowed"
    return f"{name} is {quote(value)}, which is {which} ({'; '.join(wanted)}{more})", ""


def _expected_types(violation: Violation) -> list[str]:
    """Give the types of a union that differs by type alone; empty where that is not the whole story."""
    found: list[str] = []
    for branch in violation.branches:
        types = [one for one in branch if one.keyword == "type" and one.path == violation.path]
        if not types:
            return []
        found += [str(item) for item in types[0].detail.get("types", []) if item not in found]
    return found
