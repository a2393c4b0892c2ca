"""What differs between OpenAPI 3.0, 3.1 and 3.2, as data.

>>> DIALECTS["3.0"].ref_siblings, DIALECTS["3.1"].ref_siblings
(False, True)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from levelbook.problem import Problem, SpecError

if TYPE_CHECKING:
    from levelbook.documents import Documents

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of OpenAPI; each field names a rule of the standard that the versions disagree on."""

    version: str
    methods: tuple[str, ...] = _METHODS
    ref_siblings: bool = True  # 3.1.1, 4.8.24.4: what stands beside `$ref` in a schema counts; 3.0 ignores it
    nullable: bool = False  # 3.0.4, 4.7.24: `nullable: true` adds null to `type`
    boolean_bounds: bool = False  # 3.0: `exclusiveMaximum: true`, as in JSON Schema draft 4
    additional_operations: bool = False  # 3.2.0, 4.9: methods of any name
    sequences: bool = False  # 3.2.0, 4.14.3: the schema of a sequential media type is that of its list of items


DIALECTS = {
    "3.0": Dialect("3.0", ref_siblings=False, nullable=True, boolean_bounds=True),
    "3.1": Dialect("3.1"),
    "3.2": Dialect("3.2", methods=(*_METHODS, "query"), additional_operations=True, sequences=True),
}

_VERSION = re.compile(r"(3\.[0-2])\.\d+(?:-.+)?\Z")


def dialect_of(documents: Documents) -> Dialect:
    """Give the dialect of a document. Raises SpecError if it is no OpenAPI 3 document."""
    data = documents.main.data
    if not isinstance(data, dict):
        raise _refusal(
            documents,
            "",
            f"an OpenAPI document is a mapping, and this is {_kind(data)}",
            "it begins with `openapi: 3.1.0`",
        )
    if "swagger" in data:
        raise _refusal(
            documents,
            "/swagger",
            f"this is Swagger {data['swagger']}; levelbook reads OpenAPI 3.0, 3.1 and 3.2",
            "convert it first, for instance with the npm package swagger2openapi",
        )
    if "openapi" not in data:
        near = get_close_matches("openapi", list(data), 1)
        hint = f"did you mean `openapi` where `{near[0]}` stands?" if near else "it begins with `openapi: 3.1.0`"
        raise _refusal(documents, "", "there is no `openapi` key, so this is no OpenAPI document", hint)
    version = data["openapi"]
    match = _VERSION.match(version) if isinstance(version, str) else None
    if match is None:
        found = f'"{version}"' if isinstance(version, str) else f"{version}, a number"
        raise _refusal(
            documents,
            "/openapi",
            f"`openapi` is {found}; levelbook reads 3.0.x, 3.1.x and 3.2.x",
            "write for instance `openapi: 3.1.0`",
        )
    return DIALECTS[match[1]]


def refuse_no_paths(documents: Documents) -> None:
    """Raise SpecError where the operations of a document are not found, for they are written otherwise.

    `check` finds more; what shows or serves a document would show nothing of it.
    """
    data = documents.main.data
    for name in ("paths", "webhooks", "components"):
        if not isinstance(data.get(name, {}), (dict, type(None))):
            message = f"`{name}` is {_kind(data[name])}, and it is a mapping"
            raise _refusal(documents, f"/{name}", message, "write names, each with a colon")
    near = get_close_matches("paths", [name for name in data if not name.startswith("x-")], 1)
    if "paths" not in data and near:
        raise _refusal(documents, f"/{near[0]}", f"there is no `{near[0]}` in OpenAPI", "did you mean `paths`?")


def _refusal(documents: Documents, pointer: str, message: str, hint: str) -> SpecError:
    return SpecError([Problem("not-openapi", documents.locate(pointer), message, hint, pointer=pointer)])


def _kind(data: object) -> str:
    return {str: "a text", list: "a list", type(None): "empty"}.get(type(data), "a single value")
