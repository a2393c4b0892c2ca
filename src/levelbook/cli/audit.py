"""``levelbook audit``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from levelbook.cli.edge import (
    FOUND,
    ends,
    fails,
    finish,
    format_option,
    open_api,
    print_problems,
    quiet_option,
    read_text,
    spec_argument,
)
from levelbook.cli.screen import Screen
from levelbook.history.audit import Audit
from levelbook.history.headings import read_headings
from levelbook.notes import notes_of
from levelbook.problem import UsageError
from levelbook.report.people import plural


@click.command()
@spec_argument
@click.option("--changelog", metavar="FILE", required=True, type=click.Path(), help="The hand-kept changelog.")
@format_option("text", "json", "github", "sarif")
@quiet_option
@ends
def audit(spec: str | None, changelog: str, form: str, *, quiet: bool) -> None:
    """Compare the notes of the document with a hand-kept changelog, in both directions.

    Example: levelbook audit api_spec/openapi.yaml --changelog changelog.md
    """
    api, _ = open_api(spec)
    text = read_text(changelog, "changelog")
    made = Audit(api, notes_of(api), text, changelog, Path(changelog).parent)
    if not made.entries:
        raise UsageError(f"no level was found in {changelog}: they stand as `**Feature level 7**` or in a heading")
    table = api.levels if api.levels.releases else read_headings(text)
    problems = made.problems(table)
    print_problems(problems, form)
    rules = Counter(problem.rule for problem in problems)
    levels = sum(entry.level is not None for entry in made.entries)
    screen = Screen(quiet=quiet)
    screen.print(
        f"{plural(levels, 'level')}, {len(made.pairs):,} linked operations in {changelog}: "
        f"{rules['audit-no-note']} without a note ({rules['audit-covered']} more are covered by a pointer), "
        f"{plural(rules['audit-link'], 'wrong link')}, {rules['audit-no-entry']} notes without an entry"
    )
    if fails(problems):
        finish(FOUND)
