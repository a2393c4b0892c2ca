"""Where a validator has its plans and schemas from: an Api, whose operations are planned when first needed."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from levelbook.lower import Lowering
from levelbook.validate.planning import Planner
from levelbook.validate.routes import base_paths
from levelbook.validate.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from levelbook.api import Api, Operation
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
        """The schemes and hosts of the servers."""

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
        """The schemes and hosts of the servers."""
        servers = [*self.api.servers, *(server for item in self.api.operations for server in item.servers)]
        urls = [server.default_url for server in servers]
        return list(dict.fromkeys(origin for url in urls if (origin := _origin(url))))

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


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
