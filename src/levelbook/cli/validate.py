"""``levelbook validate``."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levelbook.cli.batches import Batch, Done, Settings, Work, batches, run
from levelbook.cli.edge import FOUND, ends, find, finish, format_option, quiet_option, write_file
from levelbook.cli.screen import Screen
from levelbook.coverage.record import Coverage
from levelbook.levels import position
from levelbook.problem import UsageError
from levelbook.report.coverage import outcomes
from levelbook.report.people import plural

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from levelbook.validate.needs import Range

_TRAFFIC = frozenset({".har", ".jsonl", ".ndjson"})
_LARGE = 16 << 20  # bytes of traffic from which more than one process pays


@click.command()
@click.argument("spec", type=click.Path())
@click.argument("traffic", nargs=-1, required=True, type=click.Path())
@format_option("text", "long", "json", "ndjson")
@click.option("--at", "level", metavar="LEVEL", help="Judge by the API as of this level or release.")
@click.option("--strict", "strict", flag_value="error", help="Object to what the document does not know.")
@click.option("--warn", "strict", flag_value="warn", help="As --strict, in warnings.")
@click.option("--needs", "wanted", is_flag=True, help="Say which levels each exchange is valid at, and why.")
@click.option(
    "--engine",
    type=click.Choice(["levelbook", "openapi-core", "both"]),
    default="levelbook",
    help="Whose verdicts; `both` lists where they differ.",
)
@click.option("--coverage", type=click.Path(dir_okay=False), help="Write what was exercised to this file.")
@click.option("--jobs", type=click.IntRange(1), help="Processes; by default all cores, for large files.")
@quiet_option
@ends
def validate(  # noqa: PLR0913, PLR0917  # the options of a command line
    spec: str,
    traffic: tuple[str, ...],
    form: str,
    level: str | None,
    engine: str,
    coverage: str | None,
    jobs: int | None,
    strict: str | None,
    *,
    wanted: bool,
    quiet: bool,
) -> None:
    """Judge recorded exchanges by the document: NDJSON or HAR files, `-` for standard input.

    Example: levelbook validate api_spec/openapi.yaml traffic.ndjson --format ndjson
    """
    if Path(spec).suffix in _TRAFFIC:
        raise UsageError(f"{spec} looks like traffic; the document comes first: levelbook validate {traffic[0]} {spec}")
    settings = Settings(spec, level, form, strict, engine, wanted, coverage is not None)
    work = Work(settings)  # here too, so that a document that cannot be read is said once, and at once
    total = _size(traffic)
    processes = jobs or ((os.cpu_count() or 1) if total >= _LARGE else 1)
    for name in traffic:  # all of them, before anything is printed
        with _opened(name):
            pass
    results = Done()
    first = True
    with Screen(quiet=quiet).progress("judging", total, share=True) as step:
        for done in run(settings, work, _batches(traffic), processes):
            results.add(done)
            if form == "json" and done.output:
                sys.stdout.buffer.write(b'{"exchanges": [\n' if first else b",\n")
            first = first and not done.output
            sys.stdout.buffer.write(done.output)
            step(done.size)
    if form == "json":
        _close_json(results, first=first)
    elif form in ("text", "long") and results.ranges:
        click.echo(needs_text(results.ranges), nl=False)
    sys.stdout.flush()
    out = Screen(quiet=quiet)
    out.print(outcomes(results.totals))
    _write_coverage(work, results, coverage)
    _say_exemptions(work, results, quiet=quiet)
    if results.totals.get("invalid") or results.differences:
        finish(FOUND)


def _batches(traffic: tuple[str, ...]) -> Iterator[Batch]:
    index = 0
    for name in traffic:
        with _opened(name) as stream:
            for batch in batches(stream, name, index):
                index += batch.count
                yield batch


def _close_json(results: Done, *, first: bool) -> None:
    problems = ",\n".join(json.dumps(problem, ensure_ascii=False) for problem in results.problems)
    text = '{"exchanges": [' if first else ""
    text += f'\n], "problems": [\n{problems}\n]}}\n' if problems else '\n], "problems": []}\n'
    sys.stdout.buffer.write(text.encode())


def _write_coverage(work: Work, results: Done, path: str | None) -> None:
    if path is None or work.coverage is None:
        return
    whole = Coverage.of(work.api)
    for part in results.coverage:
        whole.add(part)
    write_file(path, (json.dumps(whole.to_data(), ensure_ascii=False) + "\n").encode())


def _say_exemptions(work: Work, results: Done, *, quiet: bool) -> None:
    """Say which exemptions nothing needed, and which have expired: both want to be deleted."""
    out = Screen(quiet=quiet)
    for exemption in work.exemptions.expired:
        out.print(f"the exemption “{exemption.reason}” has expired on {exemption.until}")
    for exemption in work.exemptions.used:
        if exemption not in results.used:
            out.print(f"the exemption “{exemption.reason}” was not needed")


def _size(traffic: tuple[str, ...]) -> int:
    return sum(Path(name).stat().st_size for name in traffic if name != "-" and Path(name).is_file())


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as stream:
            yield stream
    except OSError as error:
        near = find(name)
        hint = f"; did you mean {near}?" if near else ""
        raise UsageError(f"the traffic file {name} cannot be read: {error.strerror}{hint}") from None


def needs_text(ranges: list[tuple[str, Range]]) -> str:
    """Print which levels the operations of a file need: of each the range that all its exchanges fit, and why."""
    lines = []
    for operation in dict.fromkeys(name for name, _ in ranges):
        mine = [found for name, found in ranges if name == operation]
        valid = [found for found in mine if found.valid]
        least = max((found for found in valid if found.least is not None), key=_least, default=None)
        most = min((found for found in valid if found.most is not None), key=_most, default=None)
        words = [f"from level {least.least}"] if least else []
        words += [f"up to level {most.most}"] if most else []
        if least and most and _least(least) > _most(most):
            words.append("no one level for all of them")
        never = len(mine) - len(valid)
        words += [f"{never} valid at no level"] if never else []
        lines.append(f"{operation} ({plural(len(mine), 'exchange')}): {', '.join(words) or 'any level'}")
        reasons = [*(least.why_least if least else ()), *(most.why_most if most else ())]
        lines += [f"    {note.where}: {note.address}: {' '.join(note.text.split())}" for note in dict.fromkeys(reasons)]
        advice = dict.fromkeys(note for found in valid for note in found.advice)
        lines += [f"    mind level {note.level}: {' '.join(note.text.split())}" for note in advice]
    lowest = [found for _, found in ranges if found.valid and found.least is not None]
    highest = [found for _, found in ranges if found.valid and found.most is not None]
    together = [f"from level {max(lowest, key=_least).least}"] if lowest else []
    together += [f"up to level {min(highest, key=_most).most}"] if highest else []
    if together:
        lines.append(f"all together: {', '.join(together)}")
    return "".join(f"{line}\n" for line in lines)


def _least(found: Range) -> tuple[int, tuple[int, ...]]:
    return position(found.least, None)


def _most(found: Range) -> tuple[int, tuple[int, ...]]:
    return position(found.most, None)
