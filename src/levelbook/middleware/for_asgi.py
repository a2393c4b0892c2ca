"""Judging the exchanges of an ASGI application (ASGI 3.0), as they pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.middleware.reporting import UNFINISHED, Kept, Wrapping, as_kept, refusal_of
from levelbook.validate.exchange import Request, Response
from levelbook.validate.gateway import asgi_pairs, asgi_url

if TYPE_CHECKING:
    from collections.abc import Callable


_FILE = "the server sends it as a file"


class Asgi(Wrapping):
    """An ASGI application (ASGI 3.0), wrapped: what ``levelbook.asgi`` makes.

    Web sockets and lifespan pass through. Starlette: ``app.add_middleware(Asgi, validator=…)``.
    """

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer as the application does, and report the exchange."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = {**scope, "headers": [tuple(pair) for pair in scope["headers"]]}  # Falcon's test client: iterators
        hearing = _Hearing(scope, receive, self.limit)
        if self.refuse:
            await hearing.ahead()
            request = hearing.request()
            if (outcome := self.validator.refusal(request)) is not None:
                self.report(outcome, request, None)
                await _send_refusal(send, refusal_of(outcome))
                return
        saying = _Saying(send, self.limit)
        try:
            await self.app(scope, hearing.receive, saying.send)
        finally:  # also of an application that has answered, and then fails
            if (response := saying.response()) is not None:
                request = hearing.request()
                self.report(self.validator.exchange(request, response), request, response)


async def _send_refusal(send: Callable[..., Any], body: bytes) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Hearing:
    """The request of an ASGI scope, as its messages pass."""

    def __init__(self, scope: dict[str, Any], receive: Callable[..., Any], limit: int) -> None:
        self.scope = scope
        self.pairs = asgi_pairs(scope["headers"])
        self._receive = receive
        self.kept = Kept(limit)
        self.whole = False
        self.waiting: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        """Stand in for ``receive``."""
        return self.waiting.pop(0) if self.waiting else await self._next()

    async def _next(self) -> dict[str, Any]:
        message: dict[str, Any] = await self._receive()
        if message["type"] == "http.request":
            self.kept.add(message.get("body", b""))
            self.whole = not message.get("more_body", False)
        return message

    async def ahead(self) -> None:
        """Read the body before the application does, as far as it may be kept."""
        while not self.whole and self.kept.size <= self.kept.limit:
            message = await self._next()
            self.waiting.append(message)
            if message["type"] != "http.request":
                return

    def request(self) -> Request:
        """Give the request, with the body as far as the application has read it."""
        given = {name.lower(): value for name, value in self.pairs}
        empty = given.get("content-length", "0") == "0" and "transfer-encoding" not in given
        body, unread = self.kept.body()
        if not self.whole and not unread:
            # HTTP/2 and later announce no length, so that silence says nothing there.
            known = empty and not str(self.scope.get("http_version", "1.1")).startswith(("2", "3"))
            body, unread = (b"", "") if known else (None, "the application did not read it")
        body, unread = as_kept(body, unread, self.pairs)
        url = asgi_url(self.scope, self.pairs)
        return Request(self.scope["method"], url, self.pairs, body, unread=unread)


class _Saying:
    """The response of an ASGI application, as its messages pass."""

    def __init__(self, send: Callable[..., Any], limit: int) -> None:
        self._send = send
        self.kept = Kept(limit)
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.unread = UNFINISHED

    async def send(self, message: dict[str, Any]) -> None:
        """Stand in for ``send``."""
        kind = message["type"]
        if kind == "http.response.start":
            # Its headers may be an iterator, to be read once.
            message = {**message, "headers": [tuple(pair) for pair in message.get("headers", ())]}
            self.status, self.headers = message["status"], asgi_pairs(message["headers"])
        elif kind == "http.response.body":
            self.kept.add(message.get("body", b""))
            if not message.get("more_body", False) and self.unread == UNFINISHED:
                self.unread = ""
        elif kind.startswith("http.response.") and kind.endswith("send"):  # pathsend, zerocopysend
            self.unread = _FILE
        await self._send(message)

    def response(self) -> Response | None:
        """Give the response; None where the application never began one."""
        if not self.status:
            return None
        body, unread = as_kept(*((None, self.unread) if self.unread else self.kept.body()), self.headers)
        return Response(self.status, self.headers, body, unread=unread)
