"""Example requests as curl commands.

>>> print(curl(ExampleRequest("", "GET", "/users", query=(("full name", "King Hamlet"),)), "https://x.test"), end="")
curl -G https://x.test/users \\
    --data-urlencode 'full%20name=King Hamlet'
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote

from levelbook.examples.request import ExampleRequest

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, SecurityScheme

__all__ = ["ExampleRequest", "credentials", "curl"]


def curl(request: ExampleRequest, server: str, options: list[str] | None = None) -> str:
    """Write a request as a shell command, an option a line, quoted for POSIX shells.

    ``options`` are further options, already quoted: the credentials.
    """
    # A form sends POST by itself and a query with -G sends GET; everything else says its method.
    plain = request.method == "GET" and not request.form and request.body is None
    method = "" if plain else "-I " if request.method == "HEAD" else f"-X {request.method} "
    query = bool(request.query)
    lines = [
        f"curl {'-G ' if query and plain else method}{shlex.quote(server + request.path)}",
        *(options or []),
    ]
    if query and not plain:
        lines += [f"--url-query {shlex.quote(f'{name}={value}')}" for name, value in request.query]
    else:
        lines += [_data(name, value) for name, value in request.query]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    lines += [_data(name, value) for name, value in request.form]
    if request.body is not None:
        lines.append(f"-H {shlex.quote(f'Content-Type: {request.media_type}')}")
        body = request.body if isinstance(request.body, str) else json.dumps(request.body, indent=2, ensure_ascii=False)
        lines.append(f"--data {shlex.quote(body)}" if not body.startswith("@") else f"--data-raw {shlex.quote(body)}")
    return (f"# {request.title}\n" if request.title else "") + " \\\n    ".join(lines) + "\n"


def credentials(api: Api, operation: Operation) -> list[str]:
    """Give the options that carry the credentials of the first alternative; placeholders in capital letters."""
    need = operation.security[0] if operation.security else ()
    return [option for name in need if (scheme := api.security_schemes.get(name)) and (option := _credential(scheme))]


def _credential(scheme: SecurityScheme) -> str:
    if scheme.type == "http" and scheme.scheme == "basic":
        return f"-u {shlex.quote(scheme.example or 'USERNAME:PASSWORD')}"
    if scheme.type == "apiKey":
        value = scheme.example or "API_KEY"
        if scheme.place == "query":
            return f"--url-query {shlex.quote(f'{scheme.parameter}={value}')}"
        text = f"{scheme.parameter}: {value}" if scheme.place == "header" else f"Cookie: {scheme.parameter}={value}"
        return f"-H {shlex.quote(text)}"
    if scheme.type == "mutualTLS":
        return "--cert CERTIFICATE"
    kind = scheme.scheme.capitalize() if scheme.type == "http" else "Bearer"
    return f"-H {shlex.quote(f'Authorization: {kind} ' + (scheme.example or 'TOKEN'))}"


def _data(name: str, value: str) -> str:
    # `name=value` as one word: curl encodes what follows the first `=`, so the name must be encoded already.
    field = f"{quote(name, safe='[]')}={value}"
    return f"--data-urlencode {shlex.quote(field)}"
