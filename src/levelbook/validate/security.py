"""Who may call: whether the credentials an operation asks for are there (OpenAPI 3.1.1, 4.8.30).

Presence is all that can be judged from outside; whether a key is the right one is the server's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.phrases import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.validate.parameters import Source
    from levelbook.validate.plan import CredentialPlan


def credentials_check(security: Sequence[Sequence[CredentialPlan]]) -> Callable[[Source], bool]:
    """Make the function that says whether a request meets one of the alternatives."""
    needs = [[_presence(credential) for credential in need] for need in security]
    if len(needs) == 1 and len(needs[0]) == 1:
        return needs[0][0]
    return lambda source: any(all(present(source) for present in need) for need in needs)


def missing_credentials(security: Sequence[Sequence[CredentialPlan]], source: Source) -> str:
    """Say which credentials a request lacks; empty when one of the alternatives is met."""
    lacking = [[_ask(item) for item in need if not _presence(item)(source)] for need in security]
    return listing([listing(absent, "and") for absent in lacking])


def _presence(credential: CredentialPlan) -> Callable[[Source], bool]:
    name = credential.name
    if credential.type == "apiKey":
        if credential.place == "query":
            return lambda source: name in source.query
        if credential.place == "header":
            name = name.lower()
            return lambda source: name in source.message.fields
        return lambda source: name in source.cookies
    if credential.type == "mutualTLS":
        return lambda _: True  # decided below HTTP, before there is a request to look at
    # OAuth 2.0 and OpenID Connect: RFC 6750, 2.1. RFC 9110, 11.1: the name of a scheme ignores case.
    scheme = (credential.scheme if credential.type == "http" else "bearer") + " "
    length = len(scheme)

    def present(source: Source) -> bool:
        given = source.message.fields.get("authorization")
        return given is not None and given[:length].lower() == scheme and bool(given[length:].strip())

    return present


def _ask(credential: CredentialPlan) -> str:
    if credential.type == "apiKey":
        where = "the query parameter" if credential.place == "query" else f"the {credential.place}"
        return f"{where} `{credential.name}`"
    scheme = credential.scheme if credential.type == "http" else "bearer"
    return f"the header `Authorization: {scheme.capitalize()} …`"
