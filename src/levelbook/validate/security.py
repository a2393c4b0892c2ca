"""Who may call: whether the credentials an operation asks for are there (OpenAPI 3.1.1, 4.8.30).

Presence is all that can be judged from outside; whether a key is the right one is the server's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.phrases import listing
from levelbook.validate.media import FORM, media_type
from levelbook.validate.plan import CredentialPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.validate.parameters import Source


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
    if credential.type != "http":
        bearer = _presence(CredentialPlan("http", scheme="bearer"))
        # OAuth 2.0 and OpenID Connect: in the header, the query, or a form (RFC 6750, 2).
        return lambda source: bearer(source) or "access_token" in source.query or _in_form(source)
    scheme = f"{credential.scheme} "  # RFC 9110, 11.1: its name ignores case
    length = len(scheme)

    def present(source: Source) -> bool:
        given = source.message.fields.get("authorization")
        return given is not None and given[:length].lower() == scheme and bool(given[length:].strip())

    return present


def _in_form(source: Source) -> bool:
    body = source.message.body
    is_form = media_type(source.message.header("content-type") or "") == FORM
    return is_form and body is not None and b"access_token" in {part.partition(b"=")[0] for part in body.split(b"&")}


def _ask(credential: CredentialPlan) -> str:
    if credential.type == "apiKey":
        where = "the query parameter" if credential.place == "query" else f"the {credential.place}"
        return f"{where} `{credential.name}`"
    scheme = credential.scheme if credential.type == "http" else "bearer"
    return f"the header `Authorization: {scheme.capitalize()} …`"
