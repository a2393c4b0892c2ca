"""Judging what a server gets and answers, from inside: wrappers for WSGI and ASGI, middleware for Django and aiohttp.

Bodies pass through as they come, also streams: at most ``limit`` bytes of each are kept to be judged; of a longer one
the outcome says that it was not. What a server answers is never changed. With ``refuse``, a request that does not match
is answered with 400 and ``application/problem+json`` (RFC 9457), and the application does not see it.

>>> from levelbook import Validator, load
>>> def application(environ, start_response):
...     start_response("204 No Content", [])
...     return []
>>> wrapped = wsgi(application, Validator(load("api_spec/openapi.yaml")), refuse=True)
"""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any, TypeAlias

from levelbook.report import problem_json
from levelbook.validate.exchange import Outcome, Request, Response
from levelbook.validate.foreign import as_request, as_response
from levelbook.validate.gateway import asgi_pairs, asgi_url, wsgi_headers, wsgi_url

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from levelbook.validate.validator import Validator

Report: TypeAlias = "Callable[[Outcome, Request, Response | None], None]"
LIMIT = 1 << 20  # bytes of a body that are kept

_log = logging.getLogger("levelbook")
_FILE = "the server sends it as a file"
_ENDLESS = "its length is not known before it ends"
_UNFINISHED = "it was not sent to its end"


def log(outcome: Outcome, request: Request, _: Response | None) -> None:
    """Report an outcome as warnings of the logger ``levelbook``: what is done where nothing else is asked for."""
    for problem in outcome.problems:
        _log.warning("%s %s: %s", request.method, request.url, problem)


def wsgi(
    app: Callable[..., Iterable[bytes]],
    validator: Validator,
    *,
    report: Report = log,
    refuse: bool = False,
    limit: int = LIMIT,
) -> Wsgi:
    """Wrap a WSGI application (PEP 3333); ``report`` is told of every exchange."""
    return Wsgi(app, validator, report=report, refuse=refuse, limit=limit)


def asgi(
    app: Callable[..., Awaitable[None]],
    validator: Validator,
    *,
    report: Report = log,
    refuse: bool = False,
    limit: int = LIMIT,
) -> Asgi:
    """Wrap an ASGI application (ASGI 3.0); web sockets and lifespan pass through."""
    return Asgi(app, validator, report=report, refuse=refuse, limit=limit)


def _too_long(limit: int) -> str:
    return f"it is longer than {limit:,} bytes"


def _refusal(outcome: Outcome) -> bytes:
    return json.dumps(problem_json(outcome.problems), ensure_ascii=False).encode()


class _Kept:
    """The bytes of a body that passes by, as many of them as may be kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.clear()

    def clear(self) -> None:
        """Forget what passed: the application begins its answer again."""
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, chunk: bytes) -> None:
        """Take note of some bytes."""
        self.size += len(chunk)
        if self.size <= self.limit:
            self.chunks.append(bytes(chunk))

    def body(self) -> tuple[bytes | None, str]:
        """Give the body, or why it is not there."""
        return (b"".join(self.chunks), "") if self.size <= self.limit else (None, _too_long(self.limit))


class Wsgi:
    """A WSGI application, wrapped; see :func:`wsgi`."""

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        validator: Validator,
        *,
        report: Report = log,
        refuse: bool = False,
        limit: int = LIMIT,
    ) -> None:
        self.app = app
        self.validator = validator
        self.report = report
        self.refuse = refuse
        self.limit = limit

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request as the application does, and report the exchange."""
        environ = dict(environ)
        request = self._request(environ)
        if self.refuse and (outcome := self.validator.refusal(request)) is not None:
            self.report(outcome, request, None)
            body = _refusal(outcome)
            headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(body)))]
            start_response("400 Bad Request", headers)
            return [body]
        answer = _Answer(start_response, self.limit)
        iterable = self.app(environ, answer.start)  # which may begin its answer only when it is iterated

        def finished(*, whole: bool) -> None:
            if (response := answer.response(whole=whole)) is not None:
                self.report(self.validator.exchange(request, response), request, response)

        if isinstance(iterable, (list, tuple)) and answer.status:
            for chunk in iterable:
                answer.kept.add(chunk)
            finished(whole=True)
            return iterable  # as it is: servers make a Content-Length of a single item
        return _Passing(iterable, answer, finished)

    def _request(self, environ: dict[str, Any]) -> Request:
        """Read the body, and put it back for the application."""
        length, body, unread = environ.get("CONTENT_LENGTH") or "", None, ""
        if length.isdecimal():
            if int(length) > self.limit:
                unread = _too_long(self.limit)
            elif int(length):
                body = environ["wsgi.input"].read(int(length))
                environ["wsgi.input"] = io.BytesIO(body)
        elif environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(self.limit + 1)
            if len(body) > self.limit:
                environ["wsgi.input"] = io.BufferedReader(_Joined(body, environ["wsgi.input"]))
                body, unread = None, _too_long(self.limit)
            else:
                environ["wsgi.input"] = io.BytesIO(body)
        elif "HTTP_TRANSFER_ENCODING" in environ:
            unread = _ENDLESS  # reading on might wait for ever
        return Request(environ["REQUEST_METHOD"], wsgi_url(environ), wsgi_headers(environ), body, unread=unread)


class _Joined(io.RawIOBase):
    """What was read of a stream already, and then the rest of it."""

    def __init__(self, first: bytes, rest: Any) -> None:
        super().__init__()
        self.first = first
        self.rest = rest

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes."""
        data, self.first = self.first[: len(buffer)], self.first[len(buffer) :]
        data = data or self.rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Answer:
    """What a WSGI application answers, as it passes."""

    def __init__(self, start_response: Callable[..., Any], limit: int) -> None:
        self.start_response = start_response
        self.kept = _Kept(limit)
        self.status = 0
        self.headers: list[tuple[str, str]] = []

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], Any]:
        """Stand in for ``start_response``."""
        write = self.start_response(status, headers, *([exc_info] if exc_info else []))
        self.kept.clear()
        self.status, self.headers = int(status[:3]), list(headers)

        def kept(data: bytes) -> Any:
            self.kept.add(data)
            return write(data)

        return kept

    @property
    def is_full(self) -> bool:
        """Whether all the bytes that Content-Length announced have passed."""
        length = next((value for name, value in self.headers if name.lower() == "content-length"), "")
        return length.isdecimal() and self.kept.size >= int(length)

    def response(self, *, whole: bool) -> Response | None:
        """Give the response; None where the application never began one."""
        if not self.status:
            return None
        body, unread = self.kept.body() if whole else (None, _UNFINISHED)
        return Response(self.status, self.headers, body, unread=unread)


class _Passing:
    """The iterable of a WSGI application, chunk by chunk; tells at its end, or when the server has had enough."""

    def __init__(self, iterable: Iterable[bytes], answer: _Answer, finished: Callable[..., None]) -> None:
        self.iterable = iterable
        self.iterator: Iterator[bytes] | None = None
        self.answer = answer
        self.finished = finished
        self.told = False

    def __iter__(self) -> _Passing:
        """Give the chunks, each as the application made it."""
        return self

    def __next__(self) -> bytes:
        """Give the next chunk."""
        self.iterator = self.iterator or iter(self.iterable)
        try:
            chunk = next(self.iterator)
        except StopIteration:
            self._tell(whole=True)
            raise
        self.answer.kept.add(chunk)
        if self.answer.is_full:  # clients may never ask for the end
            self._tell(whole=True)
        return chunk

    def close(self) -> None:
        """Let the application clean up (PEP 3333)."""
        try:
            if hasattr(self.iterable, "close"):
                self.iterable.close()
        finally:
            self._tell(whole=False)

    def _tell(self, *, whole: bool) -> None:
        if not self.told:
            self.told = True
            self.finished(whole=whole)


class Asgi:
    """An ASGI application, wrapped; see :func:`asgi`. Starlette: ``app.add_middleware(Asgi, validator=validator)``."""

    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        validator: Validator,
        *,
        report: Report = log,
        refuse: bool = False,
        limit: int = LIMIT,
    ) -> None:
        self.app = app
        self.validator = validator
        self.report = report
        self.refuse = refuse
        self.limit = limit

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
                await _send_refusal(send, _refusal(outcome))
                return
        saying = _Saying(send, self.limit)
        await self.app(scope, hearing.receive, saying.send)
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
        self.kept = _Kept(limit)
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
        url = asgi_url(self.scope, self.pairs)
        return Request(self.scope["method"], url, self.pairs, body, unread=unread)


class _Saying:
    """The response of an ASGI application, as its messages pass."""

    def __init__(self, send: Callable[..., Any], limit: int) -> None:
        self._send = send
        self.kept = _Kept(limit)
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.unread = _UNFINISHED

    async def send(self, message: dict[str, Any]) -> None:
        """Stand in for ``send``."""
        kind = message["type"]
        if kind == "http.response.start":
            # Its headers may be an iterator, to be read once.
            message = {**message, "headers": [tuple(pair) for pair in message.get("headers", ())]}
            self.status, self.headers = message["status"], asgi_pairs(message["headers"])
        elif kind == "http.response.body":
            self.kept.add(message.get("body", b""))
            if not message.get("more_body", False) and self.unread == _UNFINISHED:
                self.unread = ""
        elif kind.startswith("http.response.") and kind.endswith("send"):  # pathsend, zerocopysend
            self.unread = _FILE
        await self._send(message)

    def response(self) -> Response | None:
        """Give the response; None where the application never began one."""
        if not self.status:
            return None
        body, unread = (None, self.unread) if self.unread else self.kept.body()
        return Response(self.status, self.headers, body, unread=unread)


class DjangoMiddleware:
    """Middleware of Django, for sync and async chains. A project makes its own by naming the validator:

    class ApiMiddleware(DjangoMiddleware):
        validator = Validator(levelbook.load("openapi.yaml"))
    """  # noqa: D415  # what follows is the example

    sync_capable = async_capable = True
    validator: Validator
    refuse = False

    def __init__(self, get_response: Callable[..., Any]) -> None:
        import asyncio  # noqa: PLC0415  # only where Django is

        self.get_response = get_response
        self.is_async = asyncio.iscoroutinefunction(get_response)
        if self.is_async:  # how asgiref and asyncio mark what has to be awaited
            self._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined] # noqa: SLF001

    def report(self, outcome: Outcome, request: Request, response: Response | None) -> None:
        """Tell of an exchange; to be overridden."""
        log(outcome, request, response)

    def __call__(self, request: Any) -> Any:
        """Answer as the rest of the chain does, and report the exchange."""
        if self.is_async:
            return self._later(request)
        sent = as_request(request)  # before the view takes the body
        return self._refused(sent) or self._reported(sent, self.get_response(request))

    async def _later(self, request: Any) -> Any:
        sent = as_request(request)
        return self._refused(sent) or self._reported(sent, await self.get_response(request))

    def _refused(self, sent: Request) -> Any:
        if not self.refuse or (outcome := self.validator.refusal(sent)) is None:
            return None
        from django.http import HttpResponse  # noqa: PLC0415  # it is there, or nobody had called us

        self.report(outcome, sent, None)
        return HttpResponse(_refusal(outcome), status=400, content_type="application/problem+json")

    def _reported(self, sent: Request, response: Any) -> Any:
        answer = as_response(response)
        self.report(self.validator.exchange(sent, answer), sent, answer)
        return response


def aiohttp_middleware(
    validator: Validator, *, report: Report = log, refuse: bool = False, limit: int = LIMIT
) -> Callable[..., Awaitable[Any]]:
    """Make a middleware for ``aiohttp.web.Application(middlewares=[…])``.

    The body of a request is judged where the handler has read it whole (``read``, ``json``, ``post``); a stream is left
    to the handler. With ``refuse``, bodies up to ``limit`` bytes whose length is announced are read before the handler,
    which then has to take them by one of these calls; multipart bodies are never read.
    """
    from aiohttp import web  # noqa: PLC0415  # an extra

    @web.middleware
    async def middleware(request: Any, handler: Callable[..., Awaitable[Any]]) -> Any:
        if refuse:
            length = request.content_length
            if length is not None and length <= limit and not request.content_type.startswith("multipart/"):
                await request.read()
            sent = as_request(request)
            if (outcome := validator.refusal(sent)) is not None:
                report(outcome, sent, None)
                return web.Response(body=_refusal(outcome), status=400, content_type="application/problem+json")
        try:
            response = await handler(request)
        except web.HTTPException as error:
            _report(request, error)
            raise
        _report(request, response)
        return response

    def _report(request: Any, response: Any) -> None:
        sent, answer = as_request(request), as_response(response)
        report(validator.exchange(sent, answer), sent, answer)

    return middleware
