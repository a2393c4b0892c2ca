"""Who may call: whether the credentials an operation asks for are there (OpenAPI 3.1.1, 4.8.30).

Presence is all that can be judged from outside; whether a key is the right one is the server's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.words import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from levelbook.validate.parameters import Source
    from levelbook.validate.plan import CredentialPlan


def has_credentials(security: Sequence[Sequence[CredentialPlan]], source: Source) -> bool:
    """Say whether a request meets one of the alternatives."""
    for need in security:
        for credential in need:
            if not _present(credential, source):
                break
        else:
            return True
    return False


def missing_credentials(security: Sequence[Sequence[CredentialPlan]], source: Source) -> str:
    """Say which credentials a request lacks; empty when one of the alternatives is met."""
    if has_credentials(security, source):
        return ""
    lacking = [[_ask(item) for item in need if not _present(item, source)] for need in security]
    return listing([listing(absent, "and") for absent in lacking])


def _present(credential: CredentialPlan, source: Source) -> bool:
    if credential.type == "http":
        given, _, rest = source.message.fields.get("authorization", "").partition(" ")
        return given.lower() == credential.scheme and bool(rest.strip())  # RFC 9110, 11.1: the name ignores case
    if credential.type == "apiKey":
        name = credential.name
        if credential.place == "query":
            return name in source.query
        return name.lower() in source.message.fields if credential.place == "header" else name in source.cookies
    if credential.type == "mutualTLS":
        return True  # decided below HTTP, before there is a request to look at
    given, _, rest = source.message.fields.get("authorization", "").partition(" ")
    return given.lower() == "bearer" and bool(rest.strip())  # OAuth 2.0 and OpenID Connect: RFC 6750, 2.1


def _ask(credential: CredentialPlan) -> str:
    if credential.type == "apiKey":
        where = "the query parameter" if credential.place == "query" else f"the {credential.place}"
        return f"{where} `{credential.name}`"
    scheme = credential.scheme if credential.type == "http" else "bearer"
    return f"the header `Authorization: {scheme.capitalize()} …`"
