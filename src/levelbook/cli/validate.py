"""``levelbook validate``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from levelbook.cli.edge import (
    FOUND,
    console,
    ends,
    finish,
    format_option,
    open_api,
    print_problems,
    quiet_option,
)
from levelbook.levels import position
from levelbook.notes import notes_of
from levelbook.problem import UsageError
from levelbook.report import record
from levelbook.report.people import plural
from levelbook.validate.exchange import Outcome
from levelbook.validate.needs import Needs, Range
from levelbook.validate.traffic import Recorded, read_traffic
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


@click.command()
@click.argument("spec", type=click.Path())
@click.argument("traffic", nargs=-1, required=True, type=click.Path())
@format_option("text", "json", "ndjson")
@click.option("--at", "level", metavar="LEVEL", help="Judge by the API as of this level or release.")
@click.option("--strict", is_flag=True, help="Object to what the document does not know.")
@click.option("--needs", "wanted", is_flag=True, help="Say which levels each exchange is valid at, and why.")
@quiet_option
@ends
def validate(  # noqa: PLR0913  # the options of a command line
    spec: str,
    traffic: tuple[str, ...],
    form: str,
    level: str | None,
    *,
    strict: bool,
    wanted: bool,
    quiet: bool,
) -> None:
    """Judge recorded exchanges by the document: NDJSON or HAR files, `-` for standard input.

    Example: levelbook validate api_spec/openapi.yaml traffic.ndjson --format ndjson
    """
    api, _ = open_api(spec, level)
    validator = Validator(api, strict=strict)
    needs = Needs(api, notes_of(api), strict=strict) if wanted else None
    totals: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    ranges: list[tuple[str, Range]] = []
    for index, (entry, outcome) in enumerate(_outcomes(validator, traffic)):
        totals[outcome.outcome] += 1
        found = needs.of(entry.request, entry.response, outcome.operation) if needs and entry.request else None
        if found is not None:
            ranges.append((outcome.operation or "no operation", found))
        if form == "ndjson":
            sys.stdout.buffer.write(orjson.dumps(_row(index, outcome, found), option=orjson.OPT_APPEND_NEWLINE))
        elif form == "json":
            rows.append(_row(index, outcome, found))
        else:
            print_problems(outcome.problems, "text")
            if outcome.outcome == "skipped":
                click.echo(f"exchange {index}: skipped: {outcome.operation}: {outcome.reason}")
    if form == "json":
        problems = [problem for row in rows for problem in row["problems"]]
        click.echo(json.dumps({"exchanges": rows, "problems": problems}, indent=2, ensure_ascii=False))
    elif form == "text" and ranges:
        click.echo(needs_text(ranges), nl=False)
    sys.stdout.flush()
    words = ", ".join(f"{totals[name]:,} {name}" for name in ("valid", "invalid", "skipped"))
    console(quiet=quiet).print(f"{plural(sum(totals.values()), 'exchange')}: {words}")
    if totals["invalid"]:
        finish(FOUND)


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


def _outcomes(validator: Validator, traffic: tuple[str, ...]) -> Iterator[tuple[Recorded, Outcome]]:
    for name in traffic:
        with _opened(name) as stream:
            for entry in read_traffic(stream, name):
                if entry.request is not None:
                    yield entry, validator.exchange(entry.request, entry.response)
                elif entry.problem is not None:
                    yield entry, Outcome("invalid", None, (entry.problem,))


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as stream:
            yield stream
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UsageError(f"the traffic file {name} cannot be read: {error.strerror}") from None


def _row(index: int, outcome: Outcome, found: Range | None) -> dict[str, Any]:
    row: dict[str, Any] = {"index": index, "outcome": outcome.outcome, "operation": outcome.operation}
    if outcome.reason:
        row["reason"] = outcome.reason
    row["problems"] = [record(problem) for problem in outcome.problems]
    if found is not None:
        row["levels"] = {
            "min": found.least,
            "max": found.most,
            "valid": found.valid,
            "why": [
                {"level": note.level, "address": note.address, "text": note.text}
                for note in (*found.why_least, *found.why_most)
            ],
            "advice": [{"level": note.level, "address": note.address, "text": note.text} for note in found.advice],
        }
    return row
