"""``levelbook examples``: the usage examples of the pages, listed and run."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from levelbook.cli.credentials import hiding, read_credentials
from levelbook.cli.edge import (
    FOUND,
    Commands,
    colours,
    ends,
    finish,
    format_option,
    open_api,
    quiet_option,
    spec_argument,
    write_file,
)
from levelbook.cli.example_results import kept_text, print_results, say_exemptions, say_summary, table
from levelbook.cli.sampling import Examples, examples_of, judged, placed, results_file, values_of, written_out
from levelbook.cli.screen import Screen
from levelbook.examples.running import Settings, run_all
from levelbook.listening import ended_by_signals
from levelbook.mock import Mock, application
from levelbook.problem import UsageError
from levelbook.recording import answering, entrances, forwarding
from levelbook.report import text
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.examples.programs import Program, Shown
    from levelbook.examples.results import Kept


@click.group(cls=Commands)
def examples() -> None:
    """Usage examples of the pages: list them, or run each of them and judge what it did.

    Example: levelbook examples run --language python
    """


@examples.command("list")
@spec_argument
@format_option("text", "json")
@ends
def list_command(spec: str | None, form: str) -> None:
    """List the usage examples: of which operation, in which language, from where, and how they last ran.

    Example: levelbook examples list api_spec/openapi.yaml
    """
    api, config = open_api(spec)
    found = examples_of(api, config)
    good, _ = judged(found)
    programs = [placed(api, program) for program in written_out(found.programs)]
    rows = [_row(program, shown, found, good) for program in programs for shown in program.shown]
    order = {operation.key: number for number, operation in enumerate(api.operations)}
    rows.sort(key=lambda row: order[row["operation"]])
    if form == "json":
        click.echo(json.dumps({"examples": rows}, ensure_ascii=False, indent=2))
    else:
        click.echo(table(rows), nl=False)
        click.echo(text(found.problems, colour=colours()), nl=False)
    if found.problems:
        finish(FOUND)


def _row(program: Program, shown: Shown, found: Examples, good: dict[Any, Kept]) -> dict[str, Any]:
    kept = None if program.skip else found.kept.get(shown.key)
    if kept is None:
        result = "not run"
    elif shown.key in good or kept.outcome == "failed":
        result = f"{kept.outcome} on {kept.on}"
    else:
        result = "stale"
    return {
        "operation": shown.operation,
        "language": shown.language,
        "title": shown.title,
        "from": "generated" if program.generated else f"{shown.where.file}:{shown.where.line}",
        "result": result,
    }


@examples.command("run")
@spec_argument
@click.option("--server", metavar="URL", help="Run them against this server instead of the mock.")
@click.option("--credentials", metavar="FILE", type=click.Path(dir_okay=False), help="TOML: username = …, api_key = …")
@click.option("--at", "level", metavar="LEVEL", help="The API, and its examples, as of this level or release.")
@click.option("--language", "languages", metavar="L", multiple=True, help="Only this language; may be repeated.")
@click.option("--only", metavar="OPERATION", multiple=True, help="Only examples of this operation; may be repeated.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many run at a time; by default two for each core.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds that each may take.  [default: 30]")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Keep the results here.")
@format_option("text", "json")
@quiet_option
@ends
def run_command(  # noqa: PLR0913, PLR0917  # the options of a command line
    spec: str | None,
    server: str | None,
    credentials: str | None,
    level: str | None,
    languages: tuple[str, ...],
    only: tuple[str, ...],
    jobs: int | None,
    timeout: float | None,
    output: str | None,
    form: str,
    *,
    quiet: bool,
) -> None:
    """Run the usage examples, each in a process of its own, and judge every exchange with the server.

    Example: levelbook examples run --server https://chat.example.com --credentials bot.toml
    """
    begun = time.perf_counter()
    api, config = open_api(spec, level)
    found = examples_of(api, config)
    programs = [placed(api, program) for program in written_out(_chosen(found, languages, only))]
    own = read_credentials(credentials)
    settings = Settings(
        values=lambda origin: values_of(api, origin + _base(api, server, config.api_url), own),
        setup=found.setup,
        timeout=timeout or config.samples.timeout,
        commands=config.samples.run,
        environment=config.samples.environment,
        modules=_modules(config.examples),
    )
    exemptions = (*config.validate.exempt, *config.samples.exempt)
    validator = Validator(api, **{**config.validate.options(), "exemptions": exemptions})
    app = _server(api, server, validator, config.samples.answers, settings.timeout)
    total = sum(len(program.shown) for program in programs)
    count = min(jobs or 2 * (os.cpu_count() or 1), max(1, len(programs)))
    screen = Screen(quiet=quiet)
    running = entrances(app, validator, count, _refusing(api))
    with ended_by_signals(), running as ports, screen.progress("Running", total) as step:
        told = lambda one: step(name=f"{one.shown.operation} {one.shown.language}")  # noqa: E731  # for one caller
        results = run_all(programs, ports, settings, told)
    hide = hiding(own)
    print_results(results, found.problems, form, hide)
    place = output or (results_file(config) if level is None else None)  # pages tell of the API of today
    if place is not None:
        write_file(str(place), hide(kept_text(found, programs, results, _named(server))).encode())
    if place is None and level is None:
        screen.print("the results are kept nowhere: there is no configuration beside the document, and no `--output`")
    if not only and not languages:
        say_exemptions(validator, config.samples.exempt, screen)
    say_summary(results, screen, time.perf_counter() - begun)
    if found.problems or any(result.outcome == "failed" for result in results):
        finish(FOUND)


def _refusing(api: Api) -> frozenset[str]:
    """Give the operations of which the document tells no success."""
    return frozenset(
        operation.key
        for operation in api.operations
        if operation.responses and all(response.status[:1] in "45" for response in operation.responses)
    )


def _chosen(found: Examples, languages: tuple[str, ...], only: tuple[str, ...]) -> list[Program]:
    """Give the programs of the examples that were asked for. Raises UsageError for what there is none of."""
    known = sorted({program.language for program in found.programs})
    for language in languages:
        if language not in known:
            raise UsageError(f"there are no examples in `{language}`; there are some in {', '.join(known)}")
    keys = set()
    for name in only:
        operation = found.api.operation(name)
        if operation is None:
            raise UsageError(found.api.no_operation(name))
        keys.add(operation.key)
    chosen = []
    for program in found.programs:
        shown = tuple(one for one in program.shown if not keys or one.operation in keys)
        if shown and (not languages or program.language in languages):
            chosen.append(replace(program, shown=shown))
    return chosen


def _server(api: Api, server: str | None, validator: Validator, answers: dict[str, Any], timeout: float) -> Any:
    if server is not None:
        return forwarding(server, timeout)
    mock = application(Mock(api, validator=validator))
    return answering(mock, {name: json.dumps(value).encode() for name, value in answers.items()})


def _base(api: Api, server: str | None, api_url: str) -> str:
    """Give the path that the API stands at: of the server that was named, else of the address that pages show."""
    shown = api_url or (api.servers[0].default_url if api.servers else "")
    path = urlsplit(server or "").path.rstrip("/")
    return path or urlsplit(shown).path.rstrip("/")


def _named(server: str | None) -> str:
    """Name a server without the credentials that its address may hold."""
    if server is None:
        return "mock"
    parts = urlsplit(server)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _modules(folder: Path | None) -> Path | None:
    """Find the packages of Node.js that a program beside the examples would find."""
    if folder is None:
        return None
    places = (place / "node_modules" for place in (folder.absolute(), *folder.absolute().parents))
    return next((place for place in places if place.is_dir()), None)
