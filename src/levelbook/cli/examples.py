"""``levelbook examples``: the usage examples of the pages, listed and run."""

from __future__ import annotations

import json
import os
import sys
import time
import tomllib
from base64 import b64encode
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from levelbook.cli.edge import (
    FOUND,
    Commands,
    colours,
    console,
    ends,
    finish,
    format_option,
    open_api,
    quiet_option,
    spec_argument,
    write_file,
)
from levelbook.cli.sampling import Examples, examples_of, judged, placed, results_file, values_of, written_out
from levelbook.examples.results import Digests, Kept, results_text
from levelbook.examples.running import Settings, run_all
from levelbook.mock import Mock, application
from levelbook.problem import UsageError
from levelbook.recording import answering, entrances, forwarding
from levelbook.report import record, text
from levelbook.report.people import plural
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from levelbook.api import Api
    from levelbook.examples.outcomes import Result
    from levelbook.examples.programs import Program, Shown, Values
    from levelbook.validate.exemptions import Exemption

_MASK = "[secret]"
_SHORT = 4  # characters below which a value would be found in every text


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
        click.echo(_table(rows), nl=False)
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


def _table(rows: list[dict[str, Any]]) -> str:
    """Give rows as columns, each as wide as its widest entry."""
    if not rows:
        return ""
    names = list(rows[0])
    lines = [names, *([str(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[number]) for line in lines) for number in range(len(names))]
    return "".join("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
                   for line in lines)  # fmt: skip


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
    own = _credentials(credentials)
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
    screen = console(quiet=quiet)
    total = sum(len(program.shown) for program in programs)
    count = min(jobs or 2 * (os.cpu_count() or 1), max(1, len(programs)))
    with entrances(app, validator, count) as ports, _progress(total, quiet=quiet) as told:
        results = run_all(programs, ports, settings, told)
    hide = _hiding(own)
    _print(results, form, hide)
    if form == "text":
        click.echo(text(found.problems, colour=colours()), nl=False)
    for reason, times in Counter(result.reason for result in results if result.outcome == "skipped").items():
        screen.print(f"{plural(times, 'example')} skipped: {reason}", markup=False)
    if not only and not languages:
        _say_exemptions(validator, config.samples.exempt, screen)
    place = output or (results_file(config) if level is None else None)  # pages tell of the API of today
    if place is not None:
        write_file(str(place), hide(_kept(found, programs, results, _named(server))).encode())
    outcomes = Counter(result.outcome for result in results)
    ran = outcomes["passed"] + outcomes["failed"]
    screen.print(
        f"{ran} ran, {outcomes['failed']} failed, {outcomes['skipped']} skipped, {time.perf_counter() - begun:.1f} s"
    )
    if outcomes["failed"] or found.problems:
        finish(FOUND)


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
            raise UsageError(f"the document has no operation `{name}`; name one as METHOD /path, or by its operationId")
        keys.add(operation.key)
    chosen = []
    for program in found.programs:
        shown = tuple(one for one in program.shown if not keys or one.operation in keys)
        if shown and (not languages or program.language in languages):
            chosen.append(replace(program, shown=shown))
    return chosen


def _credentials(path: str | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:  # a message of the parser might show what is written there
        raise UsageError(f'{path} is not TOML; it holds lines like `username = "…"`') from None
    if not all(isinstance(value, str) for value in table.values()):
        raise UsageError(f'{path} holds lines like `username = "…"`, and some of its values are no texts')
    return table


def _hiding(own: Values) -> Callable[[str], str]:
    """Give a function that takes credentials out of a text, as they are and as they travel."""
    secrets = {value for name, value in own.items() if name != "username" and len(value) >= _SHORT}
    pairs = {f"{own['username']}:{secret}" for secret in secrets} if "username" in own else set()
    forms = {*secrets, *map(quote, secrets), *(b64encode(text.encode()).decode() for text in (*pairs, *secrets))}
    ordered = sorted(forms, key=len, reverse=True)

    def hide(written: str) -> str:
        for form in ordered:
            written = written.replace(form, _MASK)
        return written

    return hide


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


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[[Result], None]]:
    """Show on a terminal how many examples have run, and which was the last."""
    out = console(quiet=quiet)
    columns = (TextColumn("Running"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TextColumn("{task.fields[name]}", markup=False))  # fmt: skip
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task("", total=total, name="")

        def told(result: Result) -> None:
            progress.update(task, advance=1, name=f"{result.shown.operation} {result.shown.language}")

        yield told


def _print(results: list[Result], form: str, hide: Callable[[str], str]) -> None:
    if form == "json":
        rows = [_record(result) for result in results]
        sys.stdout.write(hide(json.dumps({"examples": rows}, ensure_ascii=False, indent=2)) + "\n")
        return
    for result, following in zip_longest(results, results[1:]):
        if result.problems:
            title = f" “{result.shown.title}”" if result.shown.title else ""
            of = f"{result.shown.language} example of {result.shown.operation}{title}"
            told = [replace(problem, message=f"{of}: {problem.message}") for problem in result.problems]
            click.echo(hide(text(told, colour=colours())), nl=False)
            if following is None or following.output != result.output:  # a program's last words are said once
                lines = [f"besides: {asked}" for asked in result.besides]
                lines += [f"| {line}" for line in result.output.splitlines()]
                click.echo(hide("".join(f"    {line}\n" for line in lines)), nl=False)


def _record(result: Result) -> dict[str, Any]:
    shown = result.shown
    return {
        "operation": shown.operation,
        "language": shown.language,
        "title": shown.title,
        "generated": result.generated,
        "where": {"file": shown.where.file, "line": shown.where.line, "column": shown.where.column},
        "outcome": result.outcome,
        "reason": result.reason,
        "problems": [record(problem) for problem in result.problems],
        "exchanges": [{"request": one.asked, "status": one.status, "outcome": one.outcome} for one in result.exchanges],
        "besides": list(result.besides),
        "output": result.output,
    }


def _say_exemptions(validator: Validator, exempt: tuple[Exemption, ...], screen: Console) -> None:
    """Say which exemptions of examples nothing needed, and which have expired: both want to be deleted."""
    for exemption in exempt:
        if exemption in validator.exemptions.expired:
            screen.print(f"the exemption “{exemption.reason}” has expired on {exemption.until}", markup=False)
        elif exemption in validator.exemptions.unused:
            screen.print(f"the exemption “{exemption.reason}” was not needed", markup=False)


def _kept(found: Examples, programs: list[Program], results: list[Result], server: str) -> str:
    """Give what is kept of a run: what became of each example, beside what is known of the others."""
    levels = found.api.levels
    against = f"{levels.name} {levels.current}" if levels.current is not None else f"version {found.api.version}"
    today = datetime.now().astimezone().date().isoformat()
    digests = Digests(found.api, found.setup)
    of = {shown.key: program for program in programs for shown in program.shown if not program.skip}
    every = {shown.key for program in found.programs for shown in program.shown}
    kept = {key: value for key, value in found.kept.items() if key in every}
    for result in results:
        if result.outcome != "skipped":
            key = result.shown.key
            digest = digests.of(of[key], result.shown.operation)
            reason = result.problems[0].message if result.problems else ""
            kept[key] = Kept(*key, result.outcome, today, against, server, digest, reason)
    return results_text(kept.values())
