"""Rules on the document as plain data: is it OpenAPI at all, and do its references lead somewhere?"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.dialect import dialect_of
from levelbook.engine import CompiledSchema, Violation, compile_schema
from levelbook.pointer import join
from levelbook.problem import Problem, Severity, SpecError
from levelbook.walk import walk
from levelbook.words import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.documents import Documents

_OAS = "https://spec.openapis.org/oas"
_BASE_DIALECTS = {"3.1": f"{_OAS}/3.1/dialect/base", "3.2": f"{_OAS}/3.2/dialect/2025-09-17"}
_TOKEN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"  # noqa: S105  # RFC 9110, section 5.6.2: what a header may be called
_NOT_BOTH = {"required": ["example", "examples"]}
# Where the packaged edition of the official schema is older than the standard's text, or mistaken.
_CORRECTIONS: dict[str, tuple[tuple[str, str, Any], ...]] = {
    "3.1": (
        # the edition of 2022-10-07 calls the `server` of a Link Object `body` (3.1.1, 4.8.20.1)
        ("/$defs/link/properties", "body", None),
        ("/$defs/link/properties", "server", {"$ref": "#/$defs/server"}),
        # `example` and `examples` are mutually exclusive (3.1.1, 4.8.12.2.1 and 4.8.14.1)
        ("/$defs/examples", "not", _NOT_BOTH),
    ),
    "3.2": (
        # header names are those of HTTP (3.2.0, 4.12 and 4.17 refer to RFC 9110)
        ("/$defs/parameter", "if", {"properties": {"in": {"const": "header"}}, "required": ["in"]}),
        ("/$defs/parameter", "then", {"properties": {"name": {"pattern": _TOKEN}}}),
        ("/$defs/response/properties/headers", "propertyNames", {"pattern": _TOKEN}),
    ),
}


def openapi_schema(documents: Documents) -> Iterator[Problem]:
    """The document is valid by the official JSON Schema of its OpenAPI version.

    **What it means.** A key is misspelt, is missing, stands where the standard has none, or its value is of the
    wrong type. Tools read such a document each in its own way.

    **What to do.** Mend what the message names; the sections of https://spec.openapis.org say what may stand where.
    """
    version = dialect_of(documents).version
    for finding in findings(_violations(version, documents.main.data), root="the document", by=f"OpenAPI {version}"):
        pointer = join("", *finding.path)
        where = documents.locate(pointer)
        yield Problem("openapi-schema", where, finding.message, finding.hint, pointer=pointer)


def unresolved_ref(documents: Documents) -> Iterator[Problem]:
    """Every ``$ref`` leads to something.

    **What it means.** A reference names what is not there, a file outside the document's folder, or itself. A
    reference to another host is a warning (``remote-ref``): levelbook never fetches, so what stands there is unknown.

    **What to do.** Correct the name; move the file below the document's folder; map a remote address onto a local
    copy with ``remote = {"https://…" = "file.yaml"}`` in the configuration.
    """
    for file, document in [*documents.complete().files.items()]:
        for pointer, value in walk(document.data, f"{file}#" if file else ""):
            if isinstance(value.get("$ref"), str):
                yield from _follow(documents, value, pointer)


def _follow(documents: Documents, value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    try:
        documents.resolve(value, pointer)
    except SpecError as error:
        for problem in error.problems:
            if problem.rule == "remote-ref":
                yield Problem(
                    problem.rule,
                    problem.where,
                    problem.message,
                    problem.hint,
                    Severity.WARNING,
                    problem.pointer,
                )
            elif problem.pointer.startswith(pointer):  # one further on is found at its own place
                yield problem


def _violations(version: str, data: Any) -> list[Violation]:
    schema = official_schema(version)
    return [] if schema.is_valid(data) else schema.violations(data)


@cache
def official_schema(version: str) -> CompiledSchema:
    """Compile the official schema of an OpenAPI version ("3.0", "3.1", "3.2") with its base dialect.

    The schemas are those that openapi-spec-validator and openapi-schema-validator carry.
    """
    folder = resources.files("openapi_spec_validator") / "resources" / "schemas"
    schema = orjson.loads((folder / f"v{version}" / "schema.json").read_bytes())
    for pointer, key, value in _CORRECTIONS.get(version, ()):
        _correct(schema, pointer, key, value)
    if version not in _BASE_DIALECTS:
        return compile_schema(schema, formats=False)
    dialect = _BASE_DIALECTS[version]
    # What the published schema-base does: it tells the schema which dialect `$dynamicRef: "#meta"` means.
    base = {
        "$id": f"{_OAS}/{version}/schema-base",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": schema["$id"],
        "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": dialect}},
    }
    return compile_schema(base, resources={**_published(), schema["$id"]: schema}, formats=False)


def _published() -> dict[str, Any]:
    """Give the dialects and vocabularies of OpenAPI.

    The package has no public name for its registry, and its public constants lack the vocabularies.
    """
    from openapi_schema_validator._specifications import REGISTRY  # noqa: PLC0415, PLC2701  # slow to load

    return {uri: REGISTRY.contents(uri) for uri in REGISTRY if uri.startswith(_OAS)}


def _correct(schema: Any, pointer: str, key: str, value: Any) -> None:
    for token in pointer.split("/")[1:]:
        schema = schema[token]
    if value is None:
        schema.pop(key, None)
    else:
        schema[key] = value
