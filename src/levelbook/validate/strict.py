"""What strict judging objects to beyond the schemas: names of query parameters and headers that nobody described."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from levelbook.phrases import cut, near_name
from levelbook.problem import Problem
from levelbook.validate.exchange import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.problem import Location
    from levelbook.validate.parameters import Source
    from levelbook.validate.plan import OperationPlan

# Fields that clients, proxies and browsers add by themselves: RFC 9110, 9111, 9112, Fetch, and what is common beside.
KNOWN_HEADERS = (
    "accept", "accept-*", "access-control-request-*", "authorization", "cache-control", "connection", "content-*",
    "cookie", "date", "dnt", "expect", "forwarded", "from", "host", "if-*", "keep-alive", "max-forwards", "origin",
    "pragma", "prefer", "priority", "proxy-*", "range", "referer", "sec-*", "te", "traceparent", "tracestate",
    "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via", "x-forwarded-*",
    "x-real-ip", "x-request-id", "x-requested-with",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strictness:
    """What strict judging lets pass: ``headers`` are names of headers, or patterns, that need no description."""

    headers: tuple[str, ...] = KNOWN_HEADERS

    def unknown_names(
        self, plan: OperationPlan, source: Source, locate: Callable[[str], Location]
    ) -> Iterator[Problem]:
        """Name the query parameters and headers that the document does not know."""
        for name in self._unknown_query(plan, source):
            known = [item.name for item in plan.parameters if item.place == "query"]
            known += [item.name for item in plan.credentials if item.place == "query"]
            yield _problem(plan, "query", "query parameter", name, [item for item in known if item != name], locate)
        known = [item.name for item in plan.parameters if item.place == "header"]
        allowed = {name.lower() for name in known}
        allowed |= {item.name.lower() for item in plan.credentials if item.place == "header"}
        for name in map(clean, source.message.fields):
            if name not in allowed and not any(fnmatchcase(name, pattern) for pattern in self.headers):
                yield _problem(plan, "header", "header", name, known, locate)

    def _unknown_query(self, plan: OperationPlan, source: Source) -> list[str]:
        inside = [item for item in plan.parameters if item.place == "query"]
        if any(item.place == "querystring" for item in plan.parameters):
            return []  # it describes the whole query (OpenAPI 3.2.0, 4.12.1)
        known = {item.name for item in plan.credentials if item.place == "query"}
        for item in inside:
            if item.style == "form" and item.explode and item.shape.is_object and not item.content:
                if item.shape.rest is not None or item.shape.is_free or item.shape.patterns:
                    return []
                known |= set(item.shape.properties)  # the name itself is not sent
            elif item.style != "deepObject":
                known.add(item.name)
        deep = tuple(f"{item.name}[" for item in inside if item.style == "deepObject")
        return [name for name in source.query if name not in known and not (deep and name.startswith(deep))]


def _problem(  # noqa: PLR0913  # what a problem consists of
    plan: OperationPlan, place: str, what: str, name: str, known: list[str], locate: Callable[[str], Location]
) -> Problem:
    return Problem(
        "unknown-parameter",
        locate(plan.pointer),
        f"{plan.key}: the {what} `{cut(name)}` is not in the document",
        near_name(name, known) or "remove it, or describe it under `parameters`",
        pointer=plan.pointer,
        place=f"{place}.{name}",
    )
