"""``levelbook serve``: the site in the browser, built anew at each change."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from levelbook.cli.assembling import Assembled, assemble
from levelbook.cli.edge import address_options, ends, print_problems, quiet_option, spec_argument
from levelbook.cli.mock import reporting
from levelbook.cli.screen import Screen
from levelbook.config import find_config
from levelbook.docs.output import Store
from levelbook.listening import address_of, listening
from levelbook.mock import Beside, Mock
from levelbook.problem import Location, Problem, SpecError, UsageError
from levelbook.serving import Built, Live, serve
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    import socket


@click.command("serve")
@spec_argument
@address_options(port=8000)
@click.option("--api-url", metavar="URL", help="The address of the API that the pages show.")
@click.option("--mock", "mocked", is_flag=True, help="Answer requests to the API as `levelbook mock` does.")
@quiet_option
@ends
def serve_command(  # noqa: PLR0913  # its options
    spec: str | None, host: str, port: int, api_url: str | None, *, mocked: bool, quiet: bool
) -> None:
    """Show the site, and show it anew when the document, a template or a page changes.

    An error in the document is shown in the browser, over the last good page.

    Example: levelbook serve api_spec/openapi.yaml --port 8000
    """
    screen = Screen(quiet=quiet)
    listener = listening(host, port)
    mock = Beside(reporting(screen)) if mocked else None
    with tempfile.TemporaryDirectory(prefix="levelbook-") as folder:
        builder = _Builder(Path(folder), spec, _shown(spec, listener, api_url, mocked=mocked), mock)

        def told(built: Built) -> None:
            print_problems(built.problems, "text")
            if not built.problems:
                screen.print(builder.summary)

        live = Live(Path(folder), builder.build, told=told)
        live.built = builder.build()
        told(live.built)

        def began() -> None:
            with_mock = " with a mock of the API" if mocked else ""
            screen.print(f"Serving on {address_of(listener)}/{with_mock} until Ctrl-C")

        asyncio.run(serve(live, listener, around=mock.around if mock else lambda site: site, began=began))
    screen.print("Stopped.")


def _shown(spec: str | None, listener: socket.socket, api_url: str | None, *, mocked: bool) -> str | None:
    """Give the address of the API that the pages show: the mock's, where there is one and nothing else is said."""
    if not mocked or api_url is not None:
        return api_url
    return address_of(listener) + urlsplit(find_config(spec).api_url).path


class _Builder:
    """Builds the site into a folder, as often as it is asked to."""

    def __init__(self, folder: Path, spec: str | None, api_url: str | None, mock: Beside | None) -> None:
        self.folder = folder
        self.spec = spec
        self.api_url = api_url
        self.mock = mock
        self.watched: set[Path] = set()
        self.summary = ""

    def build(self) -> Built:
        """Build the site; what is wrong with it leaves the last good one as it is."""
        try:
            self.watched |= _configured(self.spec)
            made = assemble(self.spec, api_url=self.api_url, mock=self.api_url if self.mock else None)
            self.watched |= {Path(document.file) for document in made.api.documents.files.values()}
            self._write(made)
            if self.mock is not None:
                self.mock.take(Mock(made.api, validator=Validator(made.api, **made.config.validate.options())))
        except SpecError as error:
            return Built(error.problems, self.watched)
        except UsageError as error:
            return Built([Problem("usage", Location(self.spec or "levelbook"), str(error))], self.watched)
        return Built([*made.problems, *made.site.own.problems], self.watched)

    def _write(self, made: Assembled) -> None:
        with Store(self.folder) as store:
            for _ in made.site.build(store):
                pass
            store.finish()
        self.summary = f"{store.written} files written, {store.unchanged} as they were"


def _configured(spec: str | None) -> set[Path]:
    """Give what the configuration names: every change of it changes the site."""
    config = find_config(spec)
    return {path for path in (config.spec, config.source, config.templates, config.pages, config.examples) if path}
