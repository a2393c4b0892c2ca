"""Who may call: whether the credentials an operation asks for are there (OpenAPI 3.1.1, 4.8.30).

Presence is all that can be judged from outside; whether a key is the right one is the server's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.words import listing

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, SecurityScheme
    from levelbook.validate.parameters import Source


def missing_credentials(api: Api, operation: Operation, source: Source) -> str:
    """Say which credentials a request lacks; empty when one of the alternatives is met."""
    lacking: list[str] = []
    for need in operation.security:
        absent = [
            _ask(scheme)
            for name in need
            if (scheme := api.security_schemes.get(name)) is not None and not _present(scheme, source)
        ]
        if not absent:
            return ""
        lacking.append(listing(absent, "and"))
    return listing(lacking)


def _present(scheme: SecurityScheme, source: Source) -> bool:
    if scheme.type == "apiKey":
        name = scheme.parameter
        if scheme.place == "query":
            return any(key == name for key, _ in source.query)
        return (name.lower() in source.header) if scheme.place == "header" else name in source.cookie
    if scheme.type == "mutualTLS":
        return True  # decided below HTTP, before there is a request to look at
    given, _, rest = source.header.get("authorization", "").partition(" ")
    wanted = scheme.scheme if scheme.type == "http" else "bearer"  # RFC 9110, 11.1: the name ignores case
    return given.lower() == wanted and bool(rest.strip())


def _ask(scheme: SecurityScheme) -> str:
    if scheme.type == "apiKey":
        where = "the query parameter" if scheme.place == "query" else f"the {scheme.place}"
        return f"{where} `{scheme.parameter}`"
    return f"the header `Authorization: {(scheme.scheme if scheme.type == 'http' else 'bearer').capitalize()} …`"
