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
from levelbook.problem import UsageError
from levelbook.report import record
from levelbook.report.people import plural
from levelbook.validate.exchange import Outcome
from levelbook.validate.traffic import read_traffic
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
@quiet_option
@ends
def validate(spec: str, traffic: tuple[str, ...], form: str, level: str | None, *, strict: bool, quiet: bool) -> None:
    """Judge recorded exchanges by the document: NDJSON or HAR files, `-` for standard input.

    Example: levelbook validate api_spec/openapi.yaml traffic.ndjson --format ndjson
    """
    api, _ = open_api(spec, level)
    validator = Validator(api, strict=strict)
    totals: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    for index, outcome in enumerate(_outcomes(validator, traffic)):
        totals[outcome.outcome] += 1
        if form == "ndjson":
            sys.stdout.buffer.write(orjson.dumps(_row(index, outcome), option=orjson.OPT_APPEND_NEWLINE))
        elif form == "json":
            rows.append(_row(index, outcome))
        else:
            print_problems(outcome.problems, "text")
            if outcome.outcome == "skipped":
                click.echo(f"exchange {index}: skipped: {outcome.operation}: {outcome.reason}")
    if form == "json":
        problems = [problem for row in rows for problem in row["problems"]]
        click.echo(json.dumps({"exchanges": rows, "problems": problems}, indent=2, ensure_ascii=False))
    sys.stdout.flush()
    words = ", ".join(f"{totals[name]:,} {name}" for name in ("valid", "invalid", "skipped"))
    console(quiet=quiet).print(f"{plural(sum(totals.values()), 'exchange')}: {words}")
    if totals["invalid"]:
        finish(FOUND)


def _outcomes(validator: Validator, traffic: tuple[str, ...]) -> Iterator[Outcome]:
    for name in traffic:
        with _opened(name) as stream:
            for entry in read_traffic(stream, name):
                if entry.request is not None:
                    yield validator.exchange(entry.request, entry.response)
                elif entry.problem is not None:
                    yield Outcome("invalid", None, (entry.problem,))


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


def _row(index: int, outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"index": index, "outcome": outcome.outcome, "operation": outcome.operation}
    if outcome.reason:
        row["reason"] = outcome.reason
    return row | {"problems": [record(problem) for problem in outcome.problems]}
