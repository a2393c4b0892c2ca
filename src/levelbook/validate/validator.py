"""The validator: every exchange gets an outcome, and a reason where it is not plainly valid.

>>> from levelbook.load import load
>>> from levelbook.validate.exchange import Request
>>> validator = Validator(load("api_spec/openapi.yaml"))
>>> validator.request(Request("GET", "/api/v1/nowhere")).outcome
'invalid'
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import unquote

from levelbook.lower import Lowering
from levelbook.problem import Problem
from levelbook.validate.exchange import Outcome, Request, Response
from levelbook.validate.parameters import Source, query_pairs
from levelbook.validate.plan import Plan
from levelbook.validate.routes import Routes, base_paths
from levelbook.words import listing

if TYPE_CHECKING:
    from levelbook.api import Api, Operation
    from levelbook.validate.routes import Match

_ORIGIN = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


class Validator:
    """Judges requests and responses by one API; plans are made per operation, when first needed.

    ``strict`` objects to what the document does not know: query parameters, bodies, properties of objects.
    """

    def __init__(self, api: Api, *, strict: bool = False) -> None:
        self.api = api
        self.strict = strict
        self._requests = Lowering(api.documents, api.dialect, "request", strict=strict)
        self._responses = Lowering(api.documents, api.dialect, "response", strict=strict)
        self._plans: dict[str, Plan] = {}
        self._by_path: dict[str, dict[str, Operation]] = {}
        for operation in api.operations:
            self._by_path.setdefault(operation.path, {})[operation.method] = operation
        self._bases = base_paths(api.servers)
        self._routes = Routes(
            (operation.method, operation.path, base_paths(operation.servers or api.servers))
            for operation in api.operations
        )

    def exchange(self, request: Request, response: Response | None = None) -> Outcome:
        """Judge a request and, where there is one, its response."""
        return self._judge(request, response, with_request=True)

    def request(self, request: Request) -> Outcome:
        """Judge a request alone."""
        return self._judge(request, None, with_request=True)

    def response(self, request: Request, response: Response) -> Outcome:
        """Judge a response to ``request``, which only says which operation was called."""
        return self._judge(request, response, with_request=False)

    def _judge(self, request: Request, response: Response | None, *, with_request: bool) -> Outcome:
        path, _, query = _ORIGIN.sub("", request.url).partition("#")[0].partition("?")
        found = self._find(request.method, path or "/")
        if isinstance(found, Problem):
            return Outcome("invalid", None, (found,))
        plan, match = found
        problems: list[Problem] = []
        reasons = []
        if with_request:
            source = _source(request, query, match)
            problems, reason = plan.request(request, source, strict=self.strict)
            reasons.append(reason)
        if response is not None:
            more, reason = plan.response(request, response, strict=self.strict)
            problems, reasons = [*problems, *more], [*reasons, reason]
        reason = "; ".join(filter(None, reasons))
        if problems:
            return Outcome("invalid", plan.operation.key, tuple(problems), reason)
        return Outcome("skipped" if reason else "valid", plan.operation.key, (), reason)

    def _find(self, method: str, path: str) -> tuple[Plan, Match] | Problem:
        matches = self._routes.match(path)
        if not matches:
            return self._unknown_path(method, path)
        fitting = [match for match in matches if method in match.methods]
        if not fitting:
            known = sorted(frozenset().union(*(match.methods for match in matches)))
            pointer = next(iter(self._by_path[matches[0].path].values())).pointer.rpartition("/")[0]
            return Problem(
                "unknown-method",
                self.api.documents.locate(pointer),
                f"{method} {matches[0].path}: the document does not know this method here",
                f"it knows {listing(known, 'and')}",
                pointer=pointer,
                place="method",
            )
        return self._typed(method, fitting)

    def _typed(self, method: str, fitting: list[Match]) -> tuple[Plan, Match]:
        """Choose among templates of the same shape by what their parameters accept: numbers before texts."""
        plans = [(self._plan(self._by_path[match.path][method]), match) for match in fitting]
        if len(plans) == 1:
            return plans[0]
        plans.sort(key=lambda pair: pair[0].parameters.takes_text)
        return next((pair for pair in plans if pair[0].parameters.takes_path(pair[1].raw)), plans[0])

    def _plan(self, operation: Operation) -> Plan:
        plan = self._plans.get(operation.key)
        if plan is None:
            plan = self._plans[operation.key] = Plan(self.api, operation, self._requests, self._responses)
        return plan

    def _unknown_path(self, method: str, path: str) -> Problem:
        near = get_close_matches(path, [base + known for base in self._bases for known in self._by_path], 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else ""
        if self._bases != ("",) and not any(path.startswith(base) for base in self._bases):
            hint = f"the servers of the document answer under {listing(list(self._bases))}"
        return Problem(
            "unknown-path",
            self.api.documents.locate("/paths"),
            f"{method} {path}: no path of the document matches",
            hint,
            pointer="/paths",
            place="path",
        )


def _source(request: Request, query: str, match: Match) -> Source:
    headers: dict[str, str] = {}
    for name, value in request.headers:
        between = "; " if name == "cookie" else ", "  # RFC 9110, 5.3; RFC 9113, 8.2.3
        headers[name] = f"{headers[name]}{between}{value}" if name in headers else value
    cookies = {}
    for part in headers.get("cookie", "").split(";"):
        name, equals, value = part.strip().partition("=")
        if equals:
            cookies[unquote(name)] = value
    return Source(query_pairs(query) if query else [], match.raw, headers, cookies, query)
