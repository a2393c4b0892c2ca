"""The site while somebody writes: built anew at each change, and shown anew in the browser.

An error in the document is shown in the browser, with its place, over the last good page.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from watchfiles import awatch

from levelbook.listening import Server

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from levelbook.problem import Problem

_SCRIPT = Path(__file__).parent / "theme" / "live.js"
_INJECTED = b'<script src="/-/live.js" defer></script></head>'
_EMPTY = b"<!doctype html><html lang=en><head><title>levelbook</title></head><body><p>There is no page yet.</p>"


@dataclass(slots=True)
class Built:
    """What a build gave: the problems that keep it from being right, and the files it was made from."""

    problems: Sequence[Problem] = ()
    watched: Iterable[Path] = ()


@dataclass(slots=True)
class Live:
    """The site at hand: how often it was built, what is wrong with it, and who wants to hear of it."""

    folder: Path
    build: Callable[[], Built]
    built: Built = field(default_factory=Built)
    version: int = 0
    listeners: set[asyncio.Queue[str]] = field(default_factory=set)
    told: Callable[[Built], None] = lambda _: None

    async def rebuild(self) -> None:
        """Build the site anew, and tell every page that is open."""
        self.built = await asyncio.to_thread(self.build)
        self.version += 1
        self.told(self.built)
        for queue in self.listeners:
            queue.put_nowait(self.state())

    def state(self) -> str:
        """Give what an open page has to know, as JSON."""
        problems = [{"where": str(one.where), "message": one.message, "hint": one.hint} for one in self.built.problems]
        return json.dumps({"version": self.version, "problems": problems})

    async def watch(self, stop: asyncio.Event) -> None:
        """Build anew whenever something changes that the site is made from."""
        while not stop.is_set():
            wanted, folders = self._watched()
            async for changes in awatch(*folders, stop_event=stop, debounce=200, step=50, raise_interrupt=False):
                if any(
                    path in wanted or any(parent in wanted for parent in path.parents)
                    for _, name in changes
                    for path in [Path(name)]
                ):
                    await self.rebuild()
                    if self._watched() != (wanted, folders):
                        break

    def _watched(self) -> tuple[set[Path], set[Path]]:
        """Give what the site is made from, and the folders to watch for it: what is gone may come back."""
        wanted = {path.absolute() for path in self.built.watched}
        return wanted, {path if path.is_dir() else path.parent for path in wanted if path.parent.is_dir()}


def application(live: Live, stop: asyncio.Event) -> Starlette:
    """Give the application that serves a site and tells its pages of changes."""
    files = StaticFiles(directory=live.folder, html=True)

    async def page(request: Request) -> Response:
        path = request.path_params["path"].replace("\0", "\ufffd") or "index.html"  # no name of a file has a zero byte
        file = live.folder / path
        if file.is_dir() and path != "index.html" and not path.endswith("/"):
            return RedirectResponse(f"{request.url.path}/")  # its links are relative to the folder
        if path.endswith("/"):
            file = file / "index.html"
        if file.suffix == ".html" or not file.exists():
            return _page(live.folder, file)
        answer: Response = await files.get_response(path, request.scope)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def events(_: Request) -> StreamingResponse:
        return StreamingResponse(
            _events(live, stop), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def script(_: Request) -> Response:
        return Response(_SCRIPT.read_bytes(), media_type="text/javascript")

    return Starlette(routes=[Route("/-/events", events), Route("/-/live.js", script), Route("/{path:path}", page)])


def _page(folder: Path, file: Path) -> HTMLResponse:
    """Give a page with the script that listens; another one for what is not there, or not below the folder."""
    inside = folder.resolve() in file.resolve().parents
    status = 200 if inside and file.is_file() else 404
    if status == 404:
        file = folder / "404.html"
    content = file.read_bytes() if file.is_file() else _EMPTY
    return HTMLResponse(content.replace(b"</head>", _INJECTED, 1), status, {"Cache-Control": "no-store"})


async def _events(live: Live, stop: asyncio.Event) -> AsyncIterator[str]:
    queue: asyncio.Queue[str] = asyncio.Queue()
    live.listeners.add(queue)
    try:
        yield f"data: {live.state()}\n\n"
        while not stop.is_set():
            try:
                yield f"data: {await asyncio.wait_for(queue.get(), 1)}\n\n"
            except TimeoutError:
                yield ": still here\n\n"
    finally:
        live.listeners.discard(queue)


async def serve(
    live: Live,
    listener: socket.socket,
    *,
    around: Callable[[ASGIApp], ASGIApp] = lambda site: site,
    began: Callable[[], None] = lambda: None,
) -> None:
    """Serve a site until a signal comes, and build it anew at each change.

    ``around`` may put another application around that of the site; ``began`` is called when it is served.
    """
    stop = asyncio.Event()
    server = Server(around(application(live, stop)), began=began, ending=stop.set)
    watching = asyncio.create_task(live.watch(stop))
    try:
        await server.serve(sockets=[listener])
    finally:
        stop.set()
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
