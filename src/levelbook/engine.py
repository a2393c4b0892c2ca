"""The JSON Schema engine: the only module that knows which one it is.

jsonschema-rs compiles a 2020-12 schema once and then answers in microseconds; it stands behind this wall because
it is a 0.x package. Regular expressions of a document run only in its linear-time or backtrack-limited engines,
never in Python's ``re``.

>>> rule = compile_schema({"type": "object", "required": ["a"]})
>>> rule.is_valid({}), [violation.keyword for violation in rule.violations({})]
(False, ['required'])
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema_rs

from levelbook.openapi_formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Path: TypeAlias = tuple[str | int, ...]
_SHALLOW = 6  # levels of a value, to which the engine describes unions within unions without long thought


class SchemaError(ValueError):
    """A schema that cannot be compiled; the message says why."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One keyword that a value does not meet.

    ``schema_path`` leads from the top of the compiled schema to the keyword, ``$ref`` already followed;
    ``path`` leads to ``value`` inside what was validated; ``detail`` is what the keyword says of itself
    (``{"property": "id"}`` for ``required``); ``branches`` holds the violations of each ``oneOf``/``anyOf`` member.
    """

    keyword: str
    schema_path: Path
    path: Path
    value: Any
    message: str
    detail: dict[str, Any]
    branches: tuple[tuple[Violation, ...], ...] = ()


class CompiledSchema:
    """A schema made ready; safe to share between threads."""

    __slots__ = ("_patient", "_validator", "is_valid")

    def __init__(self, validator: Any, patient: Callable[[], Any]) -> None:
        self._validator = validator
        self._patient = patient
        self.is_valid = validator.is_valid  # bound once: this is the fast path of every exchange

    def violations(self, value: Any) -> list[Violation]:
        """Give everything wrong with ``value``; empty when it is valid. Slow: only for failures."""
        if is_deeper(value, _SHALLOW) and (patient := self._patient()) is not None:
            found: list[Violation] = [] if self.is_valid(value) else patient.violations(value)
            if found or self.is_valid(value):
                return found  # else it is laxer here, and the engine has to say what is wrong
        try:
            return [_violation(error) for error in self._validator.iter_errors(value)]
        except ValueError as error:  # the engine does not describe values nested deeper than 255
            return [Violation("depth", (), (), None, f"it cannot be described: {error}", {})]


def is_deeper(value: Any, levels: int) -> bool:
    """Say whether a value has more levels of lists and objects than that."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inside is not None and (levels == 0 or any(is_deeper(item, levels - 1) for item in inside))


def _may_branch_for_ever(schema: Any) -> bool:
    """Say whether a schema has unions and leads back to itself: each member of each level may then be asked."""
    has_unions, leads = False, dict[str, set[str]]()
    for name, part in ("", schema), *schema.get("$defs", {}).items():
        stack, found = [part], leads.setdefault(name, set())
        while stack:
            node = stack.pop()
            if isinstance(node, dict):
                has_unions |= "oneOf" in node or "anyOf" in node
                found.add(str(node.get("$ref", "")).removeprefix("#/$defs/"))
                stack += [item for key, item in node.items() if key != "$defs"]
            elif isinstance(node, list):
                stack += node
    while has_unions and (ends := {name for name, found in leads.items() if not found & leads.keys()}):
        leads = {name: found for name, found in leads.items() if name not in ends}  # what leads on to nothing
    return has_unions and bool(leads)


def compile_schema(schema: Any, *, resources: Mapping[str, Any] | None = None, formats: bool = True) -> CompiledSchema:
    """Compile a JSON Schema 2020-12 (or another draft that its ``$schema`` names).

    ``resources`` maps URIs onto schemas it may refer to; nothing is fetched. ``formats`` asserts the formats of
    JSON Schema 2020-12, section 7.3, and of OpenAPI's registry. Raises SchemaError.
    """
    try:
        registry = _registry(resources.items()) if resources else None
        validator = jsonschema_rs.validator_for(
            schema, formats=FORMATS, validate_formats=formats, registry=registry, offline=True
        )
        return CompiledSchema(validator, cache(partial(_patient, schema, resources, formats=formats)))
    except (ValueError, TypeError) as error:
        raise SchemaError(str(error).partition("\n")[0]) from None


def _patient(schema: Any, resources: Mapping[str, Any] | None, *, formats: bool) -> Any:
    """Give what describes a value with unions in unions: the engine would describe every member in every member."""
    if not isinstance(schema, dict) or not _may_branch_for_ever(schema):
        return None
    from levelbook.standalone import engine  # noqa: PLC0415  # few schemas need it, and those only when they fail

    try:
        return engine.compile_schema(schema, resources=resources, formats=formats, fits=matches)
    except engine.SchemaError:
        return None


@cache
def pattern_error(pattern: str) -> str:
    """Say why a regular expression (ECMA-262) cannot be compiled; empty when it can."""
    try:
        jsonschema_rs.validator_for({"pattern": pattern}, offline=True)
    except ValueError as error:
        return str(error).partition("\n")[0]
    return ""


@cache
def _matcher(pattern: str) -> Any:
    try:
        return jsonschema_rs.validator_for({"pattern": pattern}, offline=True).is_valid
    except ValueError:
        return lambda _: False  # such a pattern judges nothing, and is said by ``levelbook check``


def matches(pattern: str, text: str) -> bool:
    """Say whether a regular expression (ECMA-262) matches somewhere in a text."""
    return bool(_matcher(pattern)(text))


def _registry(resources: Iterable[tuple[str, Any]]) -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry(list(resources))


def _violation(error: Any) -> Violation:
    detail = error.kind.as_dict()
    context = detail.pop("context", None) or []
    return Violation(
        keyword=error.kind.name,
        schema_path=tuple(error.schema_path),
        path=tuple(error.instance_path),
        value=error.instance,
        message=error.message,
        detail=detail,
        branches=tuple(tuple(_violation(inner) for inner in branch) for branch in context),
    )


class SchemaSet:
    """The values that a schema accepts, as a set: what is proved of it holds for every value."""

    __slots__ = ("_canonical",)

    def __init__(self, canonical: Any) -> None:
        self._canonical = canonical

    def covers(self, other: SchemaSet) -> bool | None:
        """Say whether every value of ``other`` is in this set; None where that cannot be decided."""
        try:
            found = self._canonical.covers(other._canonical)
        except jsonschema_rs.canonical.CanonicalizationError:
            return None
        return _DECIDED.get(str(found))

    def without(self, other: SchemaSet) -> Any:
        """Give a schema of the values that are here and not in ``other``; None where none can be written."""
        try:
            return self._canonical.subtract(other._canonical).to_json_schema()
        except (jsonschema_rs.canonical.CanonicalizationError, ValueError):
            return None

    @property
    def is_empty(self) -> bool:
        """Whether it is proved that no value is in the set."""
        return str(self._canonical.satisfiability()) == "no"


_DECIDED = {"yes": True, "no": False}


def schema_set(schema: Any, *, formats: bool = True) -> SchemaSet | None:
    """Give the set of values that a JSON Schema 2020-12 accepts; None for one that cannot be read so."""
    try:
        return SchemaSet(jsonschema_rs.canonicalize(schema, validate_formats=formats, offline=True))
    except (ValueError, TypeError, jsonschema_rs.canonical.CanonicalizationError):
        return None
