"""What is said and kept of a run of examples: on a terminal, as JSON, and in the file that pages are built from."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import click

from levelbook.cli.edge import colours
from levelbook.examples.results import Digests, Kept, results_text
from levelbook.report import record, text
from levelbook.report.people import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.cli.sampling import Examples
    from levelbook.cli.screen import Screen
    from levelbook.examples.outcomes import Result
    from levelbook.examples.programs import Program
    from levelbook.problem import Problem
    from levelbook.validate.exemptions import Exemption
    from levelbook.validate.validator import Validator


def table(rows: list[dict[str, Any]]) -> str:
    """Give rows as columns, each as wide as its widest entry."""
    if not rows:
        return ""
    names = list(rows[0])
    lines = [names, *([str(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[number]) for line in lines) for number in range(len(names))]
    return "".join("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
                   for line in lines)  # fmt: skip


def print_results(results: list[Result], problems: Sequence[Problem], form: str, hide: Callable[[str], str]) -> None:
    """Print what became of each example, and what is wrong with the marks; ``hide`` takes credentials out."""
    if form == "json":
        rows = {"examples": [_record(result) for result in results], "problems": [record(one) for one in problems]}
        sys.stdout.write(hide(json.dumps(rows, ensure_ascii=False, indent=2)) + "\n")
        return
    for result, following in zip_longest(results, results[1:]):
        if result.problems:
            title = f" “{result.shown.title}”" if result.shown.title else ""
            of = f"{result.shown.language} example of {result.shown.operation}{title}"
            told = [replace(problem, message=f"{of}: {problem.message}") for problem in result.problems]
            click.echo(hide(text(told, colour=colours())), nl=False)
            if following is None or following.output != result.output:  # a program's last words are said once
                click.echo(hide(_last_words(result)), nl=False)
    click.echo(text(problems, colour=colours()), nl=False)


def _last_words(result: Result) -> str:
    lines = [f"besides: {asked}" for asked in result.besides]
    lines += [f"| {line}" for line in result.output.splitlines()]
    return "".join(f"    {line}\n" for line in lines)


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


def say_summary(results: list[Result], screen: Screen, seconds: float) -> None:
    """Say why examples were skipped, and how many ran."""
    for reason, times in Counter(result.reason for result in results if result.outcome == "skipped").items():
        screen.print(f"{plural(times, 'example')} skipped: {reason}")
    outcomes = Counter(result.outcome for result in results)
    ran = outcomes["passed"] + outcomes["failed"]
    screen.print(f"{ran} ran, {outcomes['failed']} failed, {outcomes['skipped']} skipped, {seconds:.1f} s")


def say_exemptions(validator: Validator, exempt: tuple[Exemption, ...], screen: Screen) -> None:
    """Say which exemptions of examples nothing needed, and which have expired: both want to be deleted."""
    for exemption in exempt:
        if exemption in validator.exemptions.expired:
            screen.print(f"the exemption “{exemption.reason}” has expired on {exemption.until}")
        elif exemption in validator.exemptions.unused:
            screen.print(f"the exemption “{exemption.reason}” was not needed")


def kept_text(found: Examples, programs: list[Program], results: list[Result], server: str) -> str:
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
