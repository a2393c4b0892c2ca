"""Judging the exchanges of a WSGI application (PEP 3333), as they pass."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from levelbook.middleware.reporting import UNFINISHED, Kept, Wrapping, as_kept, refusal_of, too_long
from levelbook.validate.exchange import Request, Response
from levelbook.validate.gateway import wsgi_headers, wsgi_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


_ENDLESS = "its length is not known before it ends"


class Wsgi(Wrapping):
    """A WSGI application (PEP 3333), wrapped: what ``levelbook.wsgi`` makes."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request as the application does, and report the exchange."""
        environ = dict(environ)
        request = self._request(environ)
        if self.refuse and (outcome := self.validator.refusal(request)) is not None:
            self.report(outcome, request, None)
            body = refusal_of(outcome)
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
                unread = too_long(self.limit)
            elif int(length):
                body = environ["wsgi.input"].read(int(length))
                environ["wsgi.input"] = io.BytesIO(body)
        elif environ.get("wsgi.input_terminated"):
            body = environ["wsgi.input"].read(self.limit + 1)
            if len(body) > self.limit:
                environ["wsgi.input"] = io.BufferedReader(_Joined(body, environ["wsgi.input"]))
                body, unread = None, too_long(self.limit)
            else:
                environ["wsgi.input"] = io.BytesIO(body)
        elif "HTTP_TRANSFER_ENCODING" in environ:
            unread = _ENDLESS  # reading on might wait for ever
        pairs = wsgi_headers(environ)
        body, unread = as_kept(body, unread, pairs)
        return Request(environ["REQUEST_METHOD"], wsgi_url(environ), pairs, body, unread=unread)


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
        self.kept = Kept(limit)
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
        body, unread = as_kept(*(self.kept.body() if whole else (None, UNFINISHED)), self.headers)
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
