"""Rules on paths, operations and what they refer to by name."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from levelbook.phrases import listing
from levelbook.pointer import join
from levelbook.problem import Problem, Severity
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Operation

_PARAMETER = re.compile(r"\{([^{}]*)\}")


def ambiguous_paths(api: Api) -> Iterator[Problem]:
    """No two path templates are the same but for the names of their parameters.

    **What it means.** `/users/{email}` and `/users/{user_id}` match the same requests (OpenAPI 3.1.1, 4.8.8.2:
    "Templated paths with the same hierarchy but different templated names MUST NOT exist as they are identical").
    Routers, mock servers and client generators each choose one of them, not always the same.

    **What to do.** Merge the two paths, or tell them apart by a literal segment. The validator sends a request to the
    first whose parameters' schemas accept it, numbers before texts.
    """
    seen: dict[str, str] = {}
    for path in dict.fromkeys(operation.path for operation in api.operations):
        shape = _PARAMETER.sub("{}", path)
        if shape in seen:
            pointer = join("/paths", path)
            first = api.documents.locate(join("/paths", seen[shape]))
            yield Problem(
                "ambiguous-paths",
                api.documents.locate(pointer),
                f"the path templates `{seen[shape]}` (line {first.line}) and `{path}` are identical",
                "merge them, or tell them apart by a literal segment",
                pointer=pointer,
            )
        seen.setdefault(shape, path)


def duplicate_operation_id(api: Api) -> Iterator[Problem]:
    """Every ``operationId`` is unique.

    **What it means.** The standard asks for it (3.1.1, 4.8.10.1); pages, links and client methods are named after it.

    **What to do.** Rename one of the two.
    """
    seen: dict[str, Operation] = {}
    for operation in (*api.operations, *api.webhooks):
        if operation.id and operation.id in seen:
            pointer = join(operation.pointer, "operationId")
            yield Problem(
                "duplicate-operation-id",
                api.documents.locate(pointer),
                f"{operation.key} and {seen[operation.id].key} have the same operationId `{operation.id}`",
                "rename one of them",
                pointer=pointer,
            )
        seen.setdefault(operation.id, operation)


def path_parameters(api: Api) -> Iterator[Problem]:
    """The parameters in a path template are those that its operations declare.

    **What it means.** `{id}` stands in the path and no parameter `id` with `in: path` is declared, or the other way
    round (3.1.1, 4.8.12.1). Nobody knows the type of an undeclared one.

    **What to do.** Declare it, at the path or at each operation, or correct the name.
    """
    for operation in api.operations:
        written = set(_PARAMETER.findall(operation.path))
        declared = {item.name: item for item in operation.parameters if item.place == "path"}
        for name in sorted(written - set(declared)):
            near = listing([f"`{other}`" for other in sorted(set(declared) - written)], "and")
            yield Problem(
                "path-parameters",
                api.documents.locate(operation.pointer),
                f"{operation.key}: the path parameter `{name}` is not declared",
                f"declared, but not in the path: {near}" if near else "add it to `parameters` with `in: path`",
                Severity.WARNING,
                operation.pointer,
            )
        for name in sorted(set(declared) - written):
            pointer = declared[name].pointer
            yield Problem(
                "path-parameters",
                api.documents.locate(pointer),
                f"{operation.key}: the path parameter `{name}` does not stand in the path",
                f"write {{{name}}} into the path, or remove the parameter",
                Severity.WARNING,
                pointer,
            )


def unknown_security_scheme(api: Api) -> Iterator[Problem]:
    """Every security requirement names a scheme that the document declares.

    **What it means.** A name under `security` does not stand under `components/securitySchemes` (3.1.1, 4.8.30.1).
    Nobody can tell which credentials are meant: the validator asks for none, and examples show none.

    **What to do.** Correct the name, or declare the scheme. Names are told apart by case.
    """
    known = api.security_schemes
    places = {
        join(pointer, "security"): value["security"]
        for pointer, value in walk(api.documents.main.data)
        if isinstance(value.get("security"), list)
    }
    for at, needs in places.items():
        for index, need in enumerate(needs):
            for name in need if isinstance(need, dict) else ():
                if name not in known and "/" not in name:  # 3.2 allows a URI in place of a name
                    near = get_close_matches(name, list(known), 1, 0.6)
                    pointer = join(at, index, name)
                    yield Problem(
                        "unknown-security-scheme",
                        api.documents.locate(pointer),
                        f"the security scheme `{name}` is not declared",
                        f"did you mean `{near[0]}`?" if near else "declare it under components/securitySchemes",
                        Severity.WARNING,
                        pointer,
                    )
