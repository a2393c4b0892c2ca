"""``levelbook build``: the edge where samples, notes and pages come together."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from markupsafe import Markup
from rich.progress import track

from levelbook.cli.edge import (
    FOUND,
    console,
    ends,
    fails,
    finish,
    open_api,
    print_problems,
    quiet_option,
    spec_argument,
)
from levelbook.docs.operation import server_url
from levelbook.docs.output import Store
from levelbook.docs.page import Sample
from levelbook.docs.site import Design, Report, Site
from levelbook.examples.curl import credentials, curl
from levelbook.examples.request import example_requests
from levelbook.examples.snippets import Snippet, read_folder
from levelbook.history.changelog import markdown
from levelbook.notes import by_level, notes_of
from levelbook.problem import Problem, UsageError
from levelbook.report.people import plural

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.config import Config

# What a folder of snippets is called on a page, and the name that Pygments has for its language.
_LANGUAGES = {
    "python": ("Python", "python"), "javascript": ("JavaScript", "javascript"), "curl": ("curl", "bash"),
    "go": ("Go", "go"), "ruby": ("Ruby", "ruby"), "java": ("Java", "java"), "php": ("PHP", "php"),
    "csharp": ("C#", "csharp"), "rust": ("Rust", "rust"),
}  # fmt: skip
_ORDER = ("python", "javascript", "curl")


@click.command()
@spec_argument
@click.option("-o", "--output", metavar="DIR", type=click.Path(), help="Where the site goes.")
@click.option("--api-url", metavar="URL", help="The address of the API that the pages show.")
@click.option("--at", "level", metavar="LEVEL", help="The API as of this level or release.")
@click.option("--only", metavar="OPERATION", multiple=True, help="Only the page of this operation; may be repeated.")
@click.option("--strict", is_flag=True, help="Fail on any problem with examples and pages.")
@quiet_option
@ends
def build(  # noqa: PLR0913  # the options of a command line
    spec: str | None,
    output: str | None,
    api_url: str | None,
    level: str | None,
    only: tuple[str, ...],
    *,
    strict: bool,
    quiet: bool,
) -> None:
    """Build the site: a page for each operation as HTML and Markdown, an index, the changelog.

    Example: levelbook build api_spec/openapi.yaml -o site/_build --api-url https://chat.example.com/api
    """
    begun = time.perf_counter()
    api, config = open_api(spec, level)
    _known(api, only)
    url = api_url if api_url is not None else config.api_url
    samples, problems = _samples(api, config, url)
    notes = notes_of(api)
    changelog = by_level(notes, api.levels)
    site = Site(api, notes, changelog, markdown(changelog, api.levels), samples, _design(config, url))
    if strict and problems:
        print_problems(problems, "text")
        finish(FOUND)
    folder = Path(output) if output else config.output
    screen = console(quiet=quiet)
    store = Store(folder)
    files = site.build(store, only)
    for _ in track(files, "Building", console=screen, transient=True, total=None) if screen.is_terminal else files:
        pass
    store.finish(keep=bool(only))
    report = site.report() if not only else Report()
    print_problems([*problems, *report.problems], "text")
    screen.print(
        f"{plural(len(only) or len(api.operations) + len(api.webhooks), 'operation')}, {plural(len(notes), 'change')}: "
        f"{plural(store.written, 'file')} written, {store.unchanged:,} as they were, {store.removed:,} removed, "
        f"in {time.perf_counter() - begun:.1f} s; open {folder / 'index.html'}"
    )
    if fails(problems) or (strict and report.problems):
        finish(FOUND)


def _design(config: Config, url: str) -> Design:
    return Design(
        api_url=url,
        url=config.site_url,
        templates=config.templates,
        pages=config.pages,
        navigation=config.navigation,
        markdown=config.markdown,
        links=config.links,
        conventions=config.conventions,
        extras=_extras,
    )


def _extras() -> dict[str, Any]:
    """Give what a project's own pages may use besides: the pages of all rules of `check`."""
    from levelbook.check import rule_pages  # noqa: PLC0415  # its validators take longer to load than most sites to build

    return {"rules": {rule: Markup(page) for rule, page in rule_pages().items()}}  # noqa: S704  # our own words


def _known(api: Api, only: tuple[str, ...]) -> None:
    for name in only:
        if api.operation(name) is None:
            raise UsageError(f"the document has no operation `{name}`; name one as METHOD /path, or by its operationId")


def _samples(api: Api, config: Config, api_url: str) -> tuple[dict[str, tuple[Sample, ...]], list[Problem]]:
    """Collect the usage examples of every operation: the project's snippets, and curl from the document."""
    snippets: list[Snippet] = []
    problems: list[Problem] = []
    if config.examples is not None and config.examples.is_dir():
        snippets, problems = read_folder(config.examples, [operation.key for operation in api.operations])
    found: dict[str, tuple[Sample, ...]] = {}
    for operation in api.operations:
        samples = [
            Sample(
                snippet.language,
                *_LANGUAGES.get(snippet.language, (snippet.language, "bash")),
                snippet.title,
                snippet.code.replace("{{ api_url }}", api_url),
                snippet.where.file,
            )
            for snippet in snippets
            if snippet.operation == operation.key and snippet.holds_at(api.levels.current)
        ]
        if not any(sample.language == "curl" for sample in samples):
            server = server_url(api, operation, api_url)
            options = credentials(api, operation)
            commands = [curl(request, server, options) for request in example_requests(api, operation)]
            samples.append(Sample("curl", *_LANGUAGES["curl"], "", "\n".join(commands), "generated"))
        samples.sort(key=lambda sample: _ORDER.index(sample.language) if sample.language in _ORDER else len(_ORDER))
        found[operation.key] = tuple(samples)
    return found, problems
