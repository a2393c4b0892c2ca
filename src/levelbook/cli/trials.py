"""The first usage example of an operation as what a console is filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.docs.server import server_url
from levelbook.docs.trial import Trial
from levelbook.examples.request import example_requests
from levelbook.styled import as_json

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, SecurityScheme


def trial_of(api: Api, operation: Operation, server: str = "") -> Trial:
    """Give the request that a page's console begins with; credentials are left for the reader to fill in.

    ``server`` stands for the first server; without one, the reader names it.
    """
    request = example_requests(api, operation)[0]
    need = operation.security[0] if operation.security else ()
    schemes = [api.security_schemes[name] for name in need if name in api.security_schemes]
    keys = {place: _keys(schemes, place) for place in ("query", "header")}
    tokens = [("Authorization", "Bearer ") for scheme in schemes if _takes_token(scheme)]
    ready = "&".join(pair.text for pair in request.query if pair.encoded)
    query = [(pair.name, pair.value) for pair in request.query if not pair.encoded]
    body = (
        request.text if request.kind == "text" else as_json(request.body, indent=2) if request.kind == "json" else None
    )
    return Trial(
        method=request.method,
        path=f"{request.path}?{ready}" if ready else request.path,
        server=server and server_url(api, operation, server),
        query=(*query, *keys["query"]),
        headers=(*request.headers, *keys["header"], *tokens),
        form=tuple((pair.name, pair.value) for pair in request.form),
        body=body or "",
        media_type=request.media_type if body is not None else "",
        asks_password=any(scheme.type == "http" and scheme.scheme == "basic" for scheme in schemes),
    )


def _keys(schemes: list[SecurityScheme], place: str) -> list[tuple[str, str]]:
    return [(scheme.parameter, "") for scheme in schemes if scheme.type == "apiKey" and scheme.place == place]


def _takes_token(scheme: SecurityScheme) -> bool:
    return scheme.type in ("oauth2", "openIdConnect") or (scheme.type == "http" and scheme.scheme == "bearer")
