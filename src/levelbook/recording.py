"""Entrances to a server: a port for each program that runs, and word of what passes through it.

Behind them stands an ASGI application (ASGI 3.0), or a server elsewhere that requests are forwarded to.
"""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from levelbook.examples.outcomes import Exchange
from levelbook.listening import Server, address_of, listening
from levelbook.middleware.for_asgi import Asgi
from levelbook.problem import UsageError
from levelbook.validate.exchange import Request, Response
from levelbook.validate.gateway import asgi_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from starlette.types import Receive, Scope, Send

    from levelbook.validate.exchange import Outcome
    from levelbook.validate.validator import Validator

_HOP = frozenset({  # RFC 9110, 7.6.1: headers of one connection; the body is asked for as it is
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    "accept-encoding", "host", "content-length",
})  # fmt: skip
_SHOWN = 120  # characters of an answer that are kept to be shown


class Port:
    """An entrance: its ``origin``, and the application that tells of what comes in."""

    def __init__(
        self, app: Callable[..., Any], validator: Validator, listener: socket.socket, refusing: Collection[str] = ()
    ) -> None:
        self.listener = listener
        self.refusing = refusing
        self.origin = address_of(listener)
        self.number = listener.getsockname()[1]
        self.app = app
        self.validator = validator
        self.tell(lambda _: None)

    def tell(self, hear: Callable[[Exchange], None]) -> None:
        """Tell ``hear`` of every exchange that begins from now on."""

        def report(outcome: Outcome, request: Request, response: Response | None) -> None:
            hear(replace(_exchange(outcome, request, response), only_refused=outcome.operation in self.refusing))

        self.recorder = Asgi(self.app, self.validator, report=report)


def _exchange(outcome: Outcome, request: Request, response: Response | None) -> Exchange:
    path = "/" + request.url.partition("://")[2].partition("/")[2].partition("?")[0]
    answer = (response.body or b"")[: 4 * _SHOWN].decode("utf-8", "replace") if response else ""
    shown = answer if len(answer) <= _SHOWN else answer[: _SHOWN - 1] + "…"
    status = response.status if response else None
    return Exchange(f"{request.method} {path}", outcome.operation, outcome.outcome, status, outcome.problems, shown)


@contextmanager
def entrances(
    app: Callable[..., Any], validator: Validator, count: int, refusing: Collection[str] = ()
) -> Iterator[list[Port]]:
    """Open entrances to an application on free ports of this machine; exchanges are judged by ``validator``.

    ``refusing`` are the operations that have no documented success.
    """
    ports = [Port(app, validator, listening("127.0.0.1", 0), refusing) for _ in range(count)]
    by_number = {port.number: port for port in ports}

    async def enter(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            last = _Last(send, whole=scope["method"] == "HEAD")
            await by_number[scope["server"][1]].recorder(dict(scope), receive, last.send)
            await last.flush()

    server = Server(enter)
    sockets = [port.listener for port in ports]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=sockets)), daemon=True)
    thread.start()  # who calls before it accepts waits in the queue of the socket
    try:
        yield ports
    finally:
        server.should_exit = True
        thread.join()


class _Last:
    """Holds an answer back until the exchange is told of: a client may be gone once it has all of it.

    Of a stream, whose length nobody knows before, only the end is held back. ``whole`` says that its headers are all.
    """

    def __init__(self, send: Callable[..., Any], *, whole: bool) -> None:
        self._send = send
        self.held: list[dict[str, Any]] = []
        self.sized = whole

    async def send(self, message: dict[str, Any]) -> None:
        """Stand in for ``send``."""
        if message["type"] == "http.response.start":
            message = {**message, "headers": [tuple(pair) for pair in message.get("headers", ())]}
            self.sized = self.sized or any(name.lower() == b"content-length" for name, _ in message["headers"])
        self.held.append(message)
        if message.get("more_body", False) and not self.sized:
            await self.flush()

    async def flush(self) -> None:
        """Let go what is held."""
        held, self.held = self.held, []
        for message in held:
            await self._send(message)


def forwarding(server: str, timeout: float) -> Callable[..., Any]:
    """Give an application that answers as another server does. Raises UsageError for what is no address of one."""
    url = urlsplit(server)
    try:
        port = url.port
    except ValueError:
        port = 0
    if url.scheme not in ("http", "https") or not url.hostname or port == 0:
        raise UsageError(f"--server takes the address of a server (https://chat.example.com), and this is {server!r}")
    host = url.netloc.rpartition("@")[2]
    try:
        socket.create_connection((url.hostname, port or (443 if url.scheme == "https" else 80)), timeout).close()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"nothing answers at {url.scheme}://{host}: {reason}") from None

    def ask(request: Request) -> Response:
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(url.hostname), port, timeout=timeout)
        try:
            connection.putrequest(request.method, request.url, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host)
            for name, value in request.headers:
                if name not in _HOP:
                    connection.putheader(name, value.encode("latin-1", "replace"))
            if request.body or request.method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(request.body or b"")))
            connection.endheaders(request.body)
            answer = connection.getresponse()
            return Response(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException) as error:
            words = f"{server} does not answer: {error}"
            return Response(502, (("Content-Type", "text/plain; charset=utf-8"),), words.encode())
        finally:
            connection.close()

    return _application(ask)


def answering(app: Callable[..., Any], answers: dict[str, bytes]) -> Callable[..., Any]:
    """Give an application that answers some requests itself: JSON by ``GET /path``, with status 200."""

    async def answer(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        found = answers.get(f"{scope['method']} {scope['path']}") if scope["type"] == "http" else None
        if found is None:
            await app(scope, receive, send)
            return
        await _body(receive)
        await _send(send, Response(200, (("Content-Type", "application/json"),), found))

    return answer


def _application(ask: Callable[[Request], Response]) -> Callable[..., Any]:
    async def application(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if scope["type"] == "http":
            pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
            request = Request(scope["method"], asgi_target(scope), pairs, await _body(receive))
            await _send(send, await asyncio.to_thread(ask, request))

    return application


async def _body(receive: Callable[..., Any]) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _send(send: Callable[..., Any], response: Response) -> None:
    pairs = [
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in response.headers
        if name not in _HOP
    ]
    body = response.body or b""
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
