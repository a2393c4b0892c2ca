"""Listening on a port, and ending when a signal comes: what all servers share."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp


def listening(host: str, port: int) -> socket.socket:
    """Give a socket that listens. Raises UsageError where the port is in use."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen()
    except OSError as error:
        made.close()
        raise UsageError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another port with `--port`"
        ) from None
    return made


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """End at SIGTERM and SIGHUP as at SIGINT: by an exception, so that what was begun is cleared away."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [getattr(signal, name) for name in names]
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]  # `nohup` has them ignored
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def address_of(listener: socket.socket) -> str:
    """Give the address that a socket listens on, as a URL without a path."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server(uvicorn.Server):
    """Ends when a signal comes.

    ``began`` is called when requests are answered and signals are heard, ``ending`` when one has come, so that those
    who wait for changes may be let go.
    """

    def __init__(
        self,
        application: ASGIApp,
        *,
        began: Callable[[], None] = lambda: None,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        config = uvicorn.Config(
            application, log_level="warning", access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=2
        )
        super().__init__(config)
        self.began = began
        self.ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin."""
        await super().startup(sockets)
        self.began()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal, and leave it at that: uvicorn raises it again, as if something had gone wrong."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop."""
        self.ending()
        super().handle_exit(sig, frame)


@contextlib.contextmanager
def running(application: ASGIApp, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve an application on a free port, in a thread, and give its address: ``http://127.0.0.1:40123``."""
    listener = listening(host, 0)
    server = Server(application)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()  # who calls before it accepts waits in the queue of the socket
    try:
        yield address_of(listener)
    finally:
        server.should_exit = True
        thread.join()
