"""``levelbook build``: the site, written to a folder."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levelbook.cli.assembling import assemble
from levelbook.cli.edge import (
    FOUND,
    collect_rarely,
    ends,
    fails,
    finish,
    print_problems,
    quiet_option,
    spec_argument,
)
from levelbook.cli.sampling import FAILED
from levelbook.cli.screen import Screen
from levelbook.docs.output import Store
from levelbook.problem import Severity, UsageError
from levelbook.report.people import plural

if TYPE_CHECKING:
    from levelbook.api import Api


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
    collect_rarely()
    made = assemble(spec, level=level, api_url=api_url)
    api, site, problems = made.api, made.site, made.problems
    _known(api, only)
    if strict:
        problems = [replace(one, severity=Severity.ERROR) if one.rule == FAILED else one for one in problems]
    if strict and fails(problems):
        print_problems(problems, "text")
        finish(FOUND)
    folder = Path(output) if output else made.config.output
    screen = Screen(quiet=quiet)
    with Store(folder) as store:
        expected = 2 * (len(only) or len(site.operations))
        with screen.progress("Building", expected) as told:
            for number, name in enumerate(site.build(store, only), 1):  # pages of schemas come as they are needed
                told(name=name, total=max(expected, number))
        store.finish(keep=bool(only))
    of_pages = site.problems() if not only else []
    print_problems([*problems, *of_pages], "text")
    pages = len(only) or len(api.operations) + len(api.webhooks)
    screen.print(
        f"{plural(pages, 'operation')}, {plural(len(site.notes), 'change')}: "
        f"{plural(store.written, 'file')} written, {store.unchanged:,} as they were, {store.removed:,} removed, "
        f"in {time.perf_counter() - begun:.1f} s; open {folder / site.entry(only)}"
    )
    if fails([*problems, *of_pages]) or (strict and of_pages):
        finish(FOUND)


def _known(api: Api, only: tuple[str, ...]) -> None:
    for name in only:
        if api.operation(name) is None:
            raise UsageError(api.no_operation(name))
