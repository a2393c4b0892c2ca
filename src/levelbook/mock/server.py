"""A mock over HTTP: the ASGI application (ASGI 3.0)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias

from starlette.middleware.cors import CORSMiddleware

from levelbook.mock.mock import Answered
from levelbook.mock.refusals import Refusal, problem_json
from levelbook.problem import Problem
from levelbook.validate.exchange import Outcome, Request
from levelbook.validate.gateway import asgi_pairs, asgi_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from levelbook.mock.mock import Mock
    from levelbook.validate.exchange import Response

Report: TypeAlias = "Callable[[Request, Answered], None]"
LIMIT = 1 << 24  # bytes of a request's body
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def application(mock: Mock, *, report: Report = lambda *_: None, limit: int = LIMIT) -> ASGIApp:
    """Give the application of a mock; ``report`` is told of each exchange, ``limit`` is of a request's body, in bytes.

    A page of any origin may call it (Fetch, 3.2), so that samples of a served documentation can be tried.
    """
    methods = {*_METHODS, *(operation.method for operation in mock.api.operations)}
    return CORSMiddleware(
        _Application(mock, report, limit),
        allow_origins=["*"],
        allow_methods=sorted(methods),
        allow_headers=["*"],
        expose_headers=["*"],
    )


class Beside:
    """A mock beside a site, on one port: what belongs to the API is answered by the mock at hand, all else by the site.

    The document may change: ``take`` makes its newest mock the one at hand.
    """

    def __init__(self, report: Report = lambda *_: None) -> None:
        self.report = report
        self.mock: Mock | None = None
        self.application: ASGIApp | None = None

    def take(self, mock: Mock) -> None:
        """Answer with another mock from now on."""
        self.mock, self.application = mock, application(mock, report=self.report)

    def around(self, site: ASGIApp) -> ASGIApp:
        """Give the application of both."""

        async def both(scope: Scope, receive: Receive, send: Send) -> None:
            is_api = scope["type"] == "http" and self.mock is not None and self.mock.has(scope["path"])
            await (self.application if is_api and self.application else site)(scope, receive, send)

        return both


class _Application:
    """The mock itself: reads a request whole, and sends the answer."""

    def __init__(self, mock: Mock, report: Report, limit: int) -> None:
        self.mock = mock
        self.report = report
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; web sockets are refused by the server that calls."""
        if scope["type"] != "http":
            return
        request = Request(scope["method"], asgi_target(scope), asgi_pairs(scope["headers"]))
        request.body = body = await self._body(receive)
        answered = self._too_long(request) if body is None else self.mock.exchange(request)
        self.report(request, answered)
        await _send(send, answered.response)

    async def _body(self, receive: Receive) -> bytes | None:
        """Read the body; None where it is longer than it may be."""
        chunks: list[bytes] = []
        length, more = 0, True
        while more:
            message = await receive()
            more = message.get("more_body", False)
            chunk = message.get("body", b"")
            length += len(chunk)
            if length > self.limit:
                return None
            chunks.append(chunk)
        return b"".join(chunks)

    def _too_long(self, request: Request) -> Answered:
        message = (
            f"{request.method} {request.url}: the body is longer than {self.limit:,} bytes, which is all that is read"
        )
        problem = Problem("request-body", self.mock.api.documents.locate(""), message, place="body")
        response = problem_json(Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, [problem]))
        return Answered(response, Outcome("invalid", None, (problem,)))


async def _send(send: Send, response: Response) -> None:
    body = response.body or b""
    pairs = [
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in response.headers
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
