"""A browser, and the sites that are opened in it: the demo, and that of Zulip's document where it is there."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from levelbook.cli import main

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SUB_PATH = "/some/sub/path/"
LEFT = "net::ERR_ABORTED"  # the page was left before the answer came
NAMED = ("index", "changelog", "send-message", "get-events", "register-queue")


@dataclass(frozen=True)
class Site:
    """A built site: its folder, all its pages, and those that are looked at closely."""

    folder: Path
    pages: tuple[str, ...]
    looked_at: tuple[str, ...]

    def url(self, page: str, rest: str = "") -> str:
        return (self.folder / f"{page}.html").as_uri() + rest

    def html(self, page: str) -> str:
        return (self.folder / f"{page}.html").read_text()


def _build(root: Path, folder: Path, *arguments: str) -> tuple[str, ...]:
    with contextlib.chdir(root):
        result = CliRunner().invoke(main, ["build", *arguments, "-o", str(folder)])
    assert result.exit_code == 0, result.output
    return tuple(sorted(path.stem for path in folder.glob("*.html")))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Site:
    folder = tmp_path_factory.mktemp("demo-site")
    pages = _build(pytestconfig.rootpath, folder)
    return Site(folder, pages, (*pages, "at/8.0/index", "at/8.0/send-message"))


@pytest.fixture(scope="session")
def zulip(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Site:
    document = pytestconfig.rootpath.parent / "shared" / "corpus" / "zulip-10.2" / "zulip.yaml"
    if not document.is_file():
        pytest.skip("the document of Zulip 10.2 is not beside this checkout")
    source, folder = tmp_path_factory.mktemp("zulip"), tmp_path_factory.mktemp("zulip-site")
    shutil.copy(document, source)
    shutil.copy(pytestconfig.rootpath / "bench" / "zulip.toml", source / "levelbook.toml")
    pages = _build(source, folder, "zulip.yaml")
    others = [page for page in pages if page not in NAMED]
    return Site(folder, pages, (*NAMED, *others[:: len(others) // 15][:15]))


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Site:
    """Give the demo with a console on every page."""
    source, folder = tmp_path_factory.mktemp("console"), tmp_path_factory.mktemp("console-site")
    spec = pytestconfig.rootpath / "api_spec" / "openapi.yaml"
    (source / "levelbook.toml").write_text(f'spec = "{spec}"\nconsole = true\n')
    return Site(folder, _build(source, folder), ("send-message", "get-events"))


@pytest.fixture(params=["demo", "zulip"])
def site(request: pytest.FixtureRequest) -> Site:
    return request.getfixturevalue(request.param)


# Not for the session: as long as Playwright runs, no other test can start an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser, served) -> Iterator[object]:  # noqa: ARG001  # a server outlives its pages: icons are asked for late
    """Make a context, all of whose pages must ask nobody else for anything, and must have nothing to complain of."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    troubles, asked = [], set()
    context.on("request", lambda request: asked.add(urlsplit(request.url)[:2]))
    context.on(
        "requestfailed",
        lambda request: None if request.failure == LEFT else troubles.append(f"{request.url}: {request.failure}"),
    )
    context.on("response", lambda got: troubles.append(f"{got.url}: {got.status}") if got.status >= 400 else None)
    context.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
    context.on("weberror", lambda raised: troubles.append(str(raised.error)))
    yield context
    context.close()
    assert troubles == []
    assert {origin for origin in asked if not origin[1].startswith("127.0.0.1:")} <= {("file", "")}


@pytest.fixture
def page(context) -> object:
    return context.new_page()


@pytest.fixture
def no_script(browser) -> Iterator[object]:
    """Make a page where JavaScript is switched off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


class _Files(SimpleHTTPRequestHandler):
    """Serves a folder below a path, and nothing above it."""

    def translate_path(self, path: str) -> str:
        inside = path.startswith(SUB_PATH)
        return super().translate_path("/" + path.removeprefix(SUB_PATH)) if inside else os.devnull + "/nothing"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served() -> Iterator[Callable[[Site], str]]:
    """Serve a site below a path; gives the address of its folder."""
    servers = []

    def serve(site: Site) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=site.folder))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}{SUB_PATH}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()
