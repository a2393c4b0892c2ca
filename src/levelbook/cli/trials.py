"""The first usage example of an operation as what a console is filled with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from levelbook.docs.trial import Trial
from levelbook.examples.request import example_requests

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, SecurityScheme


def trial_of(api: Api, operation: Operation, server: str = "") -> Trial:
    """Give the request that a page's console begins with; credentials are left for the reader to fill in."""
    request = example_requests(api, operation)[0]
    need = operation.security[0] if operation.security else ()
    schemes = [api.security_schemes[name] for name in need if name in api.security_schemes]
    keys = {place: _keys(schemes, place) for place in ("query", "header")}
    tokens = [("Authorization", "Bearer ") for scheme in schemes if _takes_token(scheme)]
    return Trial(
        method=request.method,
        path=request.path,
        server=server,
        query=(*request.query, *keys["query"]),
        headers=(*request.headers, *keys["header"], *tokens),
        form=request.form,
        body=_text(request.body) if request.media_type and not request.form else "",
        media_type=request.media_type,
        asks_password=any(scheme.type == "http" and scheme.scheme == "basic" for scheme in schemes),
    )


def _keys(schemes: list[SecurityScheme], place: str) -> list[tuple[str, str]]:
    return [(scheme.parameter, "") for scheme in schemes if scheme.type == "apiKey" and scheme.place == place]


def _takes_token(scheme: SecurityScheme) -> bool:
    return scheme.type in ("oauth2", "openIdConnect") or (scheme.type == "http" and scheme.scheme == "bearer")


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)
