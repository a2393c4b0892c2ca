"""Where a validator has its plans and schemas from: an Api, whose operations are planned when first needed."""

from __future__ import annotations

from itertools import islice, product
from threading import RLock
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from levelbook.lower import Lowering
from levelbook.validate.planning import Planner
from levelbook.validate.routes import COMBINATIONS, base_paths
from levelbook.validate.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from levelbook.api import Api, Operation, Server
    from levelbook.problem import Location
    from levelbook.validate.plan import OperationPlan


class PlanSource(Protocol):
    """What a validator asks for.

    ``routes`` are (key, method, path, base paths) of every operation, ``webhooks`` the keys of webhooks and callbacks,
    ``bases`` the base paths of all servers.
    """

    routes: Sequence[tuple[str, str, str, Sequence[str]]]
    webhooks: Sequence[str]
    bases: tuple[str, ...]
    requests: Schemas
    responses: Schemas

    @property
    def origins(self) -> Sequence[str]:
        """The hosts of the servers."""

    def plan(self, key: str) -> OperationPlan:
        """Give the plan of an operation, webhook or callback."""

    def locate(self, pointer: str) -> Location:
        """Give the place of an element of the document."""

    def path_pointer(self, path: str) -> str:
        """Give the pointer of a path item."""


class ApiSource:
    """The plans of an Api; see :class:`PlanSource`."""

    def __init__(self, api: Api, *, strict: bool = False, ignore_formats: frozenset[str] = frozenset()) -> None:
        self.api = api
        self.lock = RLock()
        self.lowerings = {
            direction: Lowering(api.documents, api.dialect, direction, strict=strict, ignore_formats=ignore_formats)
            for direction in ("request", "response")
        }
        self.requests, self.responses = (
            Schemas(
                lowering.closure,
                lowering.origin,
                api.documents.locate,
                lambda: [api.documents.remote_schemas, api.documents.identified_schemas],
            )
            for lowering in self.lowerings.values()
        )
        self.planner = Planner(api, self.lowerings["request"], self.lowerings["response"])
        self.operations: dict[str, Operation] = {operation.key: operation for operation in api.operations}
        self.calls: dict[str, Operation] = {operation.key: operation for operation in (*api.callbacks, *api.webhooks)}
        self.webhooks: Sequence[str] = tuple(self.calls)
        self.bases = base_paths(api.servers)
        self.routes: Sequence[tuple[str, str, str, Sequence[str]]] = [
            (item.key, item.method, item.path, base_paths(item.servers or api.servers)) for item in api.operations
        ]

    @property
    def origins(self) -> list[str]:
        """The hosts of the servers, with ``*`` for variables of any value; none where one is relative."""
        servers = [*self.api.servers, *(server for item in self.api.operations for server in item.servers)]
        hosts = [host for server in servers for host in _hosts(server)]
        return [] if "" in hosts else list(dict.fromkeys(hosts))

    def plan(self, key: str) -> OperationPlan:
        """Give the plan of an operation, webhook or callback."""
        with self.lock:  # shapes are shared, and seen only when they are whole
            return self.planner.operation(self.operations[key] if key in self.operations else self.calls[key])

    def locate(self, pointer: str) -> Location:
        """Give the place of an element of the document."""
        return self.api.documents.locate(pointer)

    def path_pointer(self, path: str) -> str:
        """Give the pointer of a path item."""
        found = next(item.pointer for item in self.api.operations if item.path == path)
        return found.rpartition("/")[0]


def _hosts(server: Server) -> Iterator[str]:
    """Give the hosts of a server: one for each value of its variables."""
    choices = [
        [(name, value) for value in (values if len(values) > 1 else ("*",))]
        for name, values in server.variables.items()
        if "{" + name + "}" in server.url
    ]
    for values in islice(product(*choices), COMBINATIONS):
        url = server.url
        for name, value in values:
            url = url.replace("{" + name + "}", value)
        try:
            parts = urlsplit(url.lower())
        except ValueError:
            continue
        port = {"http": ":80", "https": ":443"}.get(parts.scheme)
        yield parts.netloc.removesuffix(port) if port else parts.netloc
