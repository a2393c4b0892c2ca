"""Credentials as values, so that a sample shows placeholders and runs with real ones.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> credentials(api, api.operation("POST /messages"))
(Credential(kind='basic', name='basicAuth', value='BOT_EMAIL_ADDRESS:BOT_API_KEY'),)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, SecurityScheme


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller proves to be: ``kind`` is ``basic``, ``header``, ``query``, ``cookie`` or ``certificate``.

    ``name`` is that of the header, parameter or cookie, for the others of the scheme; ``value`` is what is sent:
    ``user:password``, ``Bearer TOKEN``, or the name of the certificate's file.
    """

    kind: str
    name: str
    value: str


def credentials(api: Api, operation: Operation) -> tuple[Credential, ...]:
    """Give what the first alternative of an operation needs; placeholders in capital letters."""
    need = operation.security[0] if operation.security else ()
    return tuple(credential(scheme) for name in need if (scheme := api.security_schemes.get(name)))


def credential(scheme: SecurityScheme) -> Credential:
    """Give the credential of a scheme, with the scheme's example where it has one (OpenAPI 3.1.1, 4.8.27)."""
    example = "".join(re.split(r"[\x00-\x1f\x7f]", scheme.example))
    if scheme.type == "mutualTLS":
        return Credential("certificate", scheme.name, example or "CERTIFICATE")
    if scheme.type == "apiKey":
        kind = scheme.place if scheme.place in ("query", "cookie") else "header"
        return Credential(kind, scheme.parameter, example or "API_KEY")
    if scheme.type == "http" and scheme.scheme.lower() == "basic":
        pair = example or "USERNAME:PASSWORD"
        return Credential("basic", scheme.name, pair if ":" in pair else f"{pair}:PASSWORD")
    # RFC 6750, 2.1: a token of OAuth 2 or OpenID Connect is sent as one of `bearer` is.
    kind = scheme.scheme.capitalize() if scheme.type == "http" else "Bearer"
    return Credential("header", "Authorization", f"{kind} {example or 'TOKEN'}")
