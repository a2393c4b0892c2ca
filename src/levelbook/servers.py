"""The servers that a document names (OpenAPI 3.1.1, 4.8.5).

>>> [one.default_url for one in servers_of({"servers": [{"url": "/{v}", "variables": {"v": {"default": "v1"}}}]}, "")]
['/v1']
"""

from __future__ import annotations

from typing import Any

from levelbook.api import Server
from levelbook.lenient import listed, mapping, text
from levelbook.pointer import join


def servers_of(data: dict[str, Any], pointer: str) -> tuple[Server, ...]:
    """Give the servers that a document, a path or an operation lists."""
    rows = enumerate(listed(data.get("servers")))
    return tuple(server_of(one, join(pointer, "servers", at)) for at, one in rows if isinstance(one, dict))


def server_of(written: Any, pointer: str) -> Server:
    """Give one server; what it does not say is empty."""
    data = mapping(written)
    variables = mapping(data.get("variables"))
    return Server(
        url=text(data, "url"),
        pointer=pointer,
        description=": ".join(filter(None, (text(data, "name"), text(data, "description")))),  # OpenAPI 3.2, 4.5
        variables={name: _choices(mapping(item)) for name, item in variables.items()},
        variable_descriptions={name: text(mapping(item), "description") for name, item in variables.items()},
    )


def _choices(variable: dict[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in (variable.get("default", ""), *listed(variable.get("enum")))))
