"""The URL that the path of an operation is put behind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.api import Api, Operation


def server_url(api: Api, operation: Operation, api_url: str) -> str:
    """Give the URL that an operation's path is put behind.

    ``api_url`` stands for the first server: where the server's path goes on from the path of ``api_url``, the rest is
    kept (``https://chat.example.com/api`` and a server at ``/api/v1`` give ``…/api/v1``).
    """
    servers = operation.servers or api.servers
    server = servers[0].default_url.rstrip("/") if servers else ""
    if not api_url:
        return server
    api_url = api_url.rstrip("/")
    base, path = _path(api_url), _path(server)
    if path == base or path.startswith(base + "/"):
        return api_url + path[len(base) :]
    return api_url


def _path(url: str) -> str:
    rest = re.sub(r"^[A-Za-z][\w+.-]*://", "", url)
    return "" if "/" not in rest else rest[rest.index("/") :].rstrip("/")
