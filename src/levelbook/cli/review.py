"""``levelbook review``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levelbook.address import address_of
from levelbook.cli.edge import (
    FOUND,
    collect_rarely,
    colours,
    ends,
    finish,
    format_option,
    quiet_option,
    read_text,
    write_file,
)
from levelbook.cli.screen import Screen
from levelbook.cli.sides import Sides
from levelbook.notes import notes_of
from levelbook.report.people import plural
from levelbook.report.review import table
from levelbook.report.review.machines import github, junit, sarif
from levelbook.report.review.markdown import markdown
from levelbook.report.review.records import json_text
from levelbook.report.review.text import text
from levelbook.report.review.words import knows_levels, summary
from levelbook.review.baseline import accepting, read_baseline, recorded
from levelbook.review.compare import compare
from levelbook.review.objecting import FAIL_ON, objections
from levelbook.review.reviewed import PageDiff
from levelbook.review.reviewing import review
from levelbook.validate.exchange import Outcome, Request, Response
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Collection

    from levelbook.api import Api
    from levelbook.cli.sides import Opened, Place
    from levelbook.review import change
    from levelbook.review.change import Judge
    from levelbook.review.reviewed import Reviewed

_JUDGING = {"github": github, "sarif": sarif, "junit": junit}
_TABLES = {"text": table.text, "json": table.json_text, "md": table.markdown}
SPELLINGS = ("structured", "prose")
_SHOWING = {"json": json_text, "md": markdown}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line, besides the two documents."""

    fail_on: tuple[str, ...]
    traffic: tuple[str, ...] = ()
    baseline: str | None = None
    record: bool = False
    pages: bool = False
    suggest: bool = False
    spelling: str | None = None
    history: bool = False


@click.command("review")
@click.argument("base")
@click.argument("head", required=False)
@format_option("text", "json", "md", "html", "github", "sarif", "junit")
@click.option("--fail-on", multiple=True, type=click.Choice(FAIL_ON), help="What to object to; may be repeated.")
@click.option("--traffic", multiple=True, metavar="FILE", type=click.Path(), help="Recorded exchanges, NDJSON or HAR.")
@click.option("--baseline", metavar="FILE", type=click.Path(), help="Changes that are accepted; it may only shrink.")
@click.option("--record", is_flag=True, help="Write the baseline: all of it the first time, then only fewer.")
@click.option("--pages", is_flag=True, help="Show the pages that read otherwise.")
@click.option("--suggest", is_flag=True, help="Write stubs of the notes that are missing into the files of HEAD.")
@click.option(
    "--spelling", type=click.Choice(SPELLINGS), help="How --suggest writes notes; else as most of HEAD's are."
)
@click.option("--history", is_flag=True, help="BASE is REV..REV: a table of the levels between, HEAD the document.")
@quiet_option
@ends
def review_command(base: str, head: str | None, form: str, *, quiet: bool, **options: object) -> None:
    """Compare two documents: what changed, whom it breaks, and whether a note says so.

    BASE and HEAD are files, REV:PATH, or revisions, where the configured document is meant; `main...HEAD` alone means
    what HEAD did since it left main.

    Example: levelbook review main...HEAD --fail-on breaking --fail-on undeclared
    """
    collect_rarely()
    wishes = Wishes(**options)  # type: ignore[arg-type]  # click gives what it was told to
    sides = Sides()
    try:
        if wishes.history:
            _history(sides, base, head, form, quiet=quiet)
            return
        places = sides.places(base, head)
        before, after = sides.both(*places)
        settings = after.config.review
        wishes = replace(wishes, fail_on=wishes.fail_on or settings.fail_on)
        policy = replace(settings.policy, today=datetime.now(UTC).date())
        formats = policy.formats == "assertion"
        judges = judge_of(before.api, formats=formats), judge_of(after.api, formats=formats)
        finding = partial(compare, policy=policy, judge_base=judges[0], judge_head=judges[1])
        reviewed = review(before.api, after.api, finding)
        if wishes.suggest:
            _suggest(before, after, reviewed, wishes, quiet=quiet)
            return
        if not wishes.fail_on:  # a document without levels and notes has nothing to be declared with
            wishes = replace(wishes, fail_on=("undeclared",) if knows_levels(reviewed) else ("breaking",))
        reviewed = _with_more(sides, before, after, reviewed, wishes)
    finally:
        sides.close()
    screen = Screen(quiet=quiet)
    for place in places:
        if place.said:
            screen.print(place.said)
    click.echo(_printed(reviewed, form, wishes.fail_on), nl=False)
    screen.print(summary(reviewed))
    rows, problems = objections(reviewed, wishes.fail_on)
    if rows or problems:
        screen.print(f"to object to: {plural(len(rows), 'change')}, {plural(len(problems), 'problem')} of notes")
        finish(FOUND)


def judge_of(api: Api, *, formats: bool) -> Judge:
    """Give what judges the exchanges that a comparison makes up: a request alone, or a response alone.

    Without ``formats`` they are annotations, as JSON Schema has it: nothing is held against one.
    """
    validator = Validator(api, ignore_formats=() if formats else ("*",))

    def judge(asked: change.Request, answered: change.Response | None) -> Outcome:
        request = Request(*asked)
        return validator.request(request) if answered is None else validator.response(request, Response(*answered))

    return judge


def _history(sides: Sides, span: str, spec: str | None, form: str, *, quiet: bool) -> None:
    """Print the table of a history."""
    if form not in _TABLES:
        raise click.UsageError(f"--history prints a table as {', '.join(_TABLES)}, not as {form}")
    from levelbook.cli.walking import History  # noqa: PLC0415  # most reviews are of two documents

    first, last = sides.span(span, spec)
    screen = Screen(quiet=quiet)
    with screen.progress("reading the history", None) as step:
        told = lambda _, whole: step(total=whole)  # noqa: E731  # one line for one caller
        steps = list(History(sides, first, last, compare).steps(told))
    click.echo(_TABLES[form](steps), nl=False)
    wrong = sum(step.is_mismatch for step in steps)
    screen.print(f"{plural(len(steps), 'level')}, {wrong} where changes and notes do not match")
    if wrong:
        finish(FOUND)


def _suggest(before: Opened, after: Opened, reviewed: Reviewed, wishes: Wishes, *, quiet: bool) -> None:
    """Write stubs, and say where."""
    from levelbook.cli.suggesting import suggest  # noqa: PLC0415  # few reviews write anything

    spelled = Counter("structured" if note.structured else "prose" for note in notes_of(after.api))
    spelling = wishes.spelling or max(SPELLINGS, key=lambda name: spelled[name])
    done = suggest(before, after, reviewed, compare, prose=spelling == "prose")
    for stub in done.stubs:
        click.echo(
            f"{stub.level}: {stub.kind}: {address_of(after.api.documents.document(stub.pointer).data, stub.pointer)}"
        )
    screen = Screen(quiet=quiet)
    screen.print(f"{plural(len(done.stubs), 'stub')} in {', '.join(done.files) or 'no file'}; read and correct them")
    if done.left:
        screen.print(f"{plural(done.left, 'change')} still without a note")
        finish(FOUND)


def _with_more(sides: Sides, before: Opened, after: Opened, made: Reviewed, wishes: Wishes) -> Reviewed:
    """Add what was asked for besides: traffic, pages, the baseline."""
    if wishes.traffic:
        from levelbook.cli.recorded import sample_of  # noqa: PLC0415  # what reads traffic is for those who have some
        from levelbook.exercising import Exercise  # noqa: PLC0415  # the same

        exercise = Exercise(before.api, after.api, [row.change for row in made.rows])
        sample = sample_of(wishes.traffic, exercise)
        shown = exercise.result()
        rows = tuple(replace(row, traffic=shown[row.change.id]) for row in made.rows)
        made = replace(made, rows=rows, sample=sample)
    if wishes.pages:
        made = replace(made, pages=_pages(before, after))
    if wishes.baseline is None and after.config.review.baseline is not None:
        wishes = replace(wishes, baseline=str(after.config.review.baseline))
    return _accepted(sides, before.place, made, wishes)


def _pages(before: Opened, after: Opened) -> tuple[PageDiff, ...]:
    """Give the pages that differ; both sides are printed with the templates and settings of today."""
    from levelbook.cli.assembling import assemble_api  # noqa: PLC0415  # what makes pages loads as long as a review takes
    from levelbook.docs.difference import differing  # noqa: PLC0415  # the same

    sites = [assemble_api(side.api, after.config).site for side in (before, after)]
    return tuple(PageDiff(name, diff) for name, diff in differing(*sites))


def _accepted(sides: Sides, base: Place, made: Reviewed, wishes: Wishes) -> Reviewed:
    """Apply the baseline, after it was written where that was asked for."""
    if wishes.baseline is None:
        if wishes.record:
            raise click.UsageError("--record writes the file that --baseline names")
        return made
    name = wishes.baseline
    known = read_baseline(read_text(name, "baseline"), name) if Path(name).exists() or not wishes.record else None
    if wishes.record:
        written = recorded(made, wishes.fail_on, known)
        write_file(name, written.encode())
        known = read_baseline(written, name)
    return accepting(made, known or {}, name, _earlier(sides, base, name))


def _earlier(sides: Sides, base: Place, name: str) -> set[str] | None:
    """Give the ids that the baseline held at BASE; None where BASE is a file, or had no baseline."""
    if base.revision is None:
        return None
    raw = sides.repository.blob(base.revision, sides.in_repository(Path(name)))
    return None if raw is None else set(read_baseline(raw.decode(errors="replace"), f"{base.revision}:{name}"))


def _printed(reviewed: Reviewed, form: str, fail_on: Collection[str]) -> str:
    if form == "text":
        return text(reviewed, colour=colours())
    if form in _JUDGING:
        return _JUDGING[form](reviewed, fail_on)
    if form in _SHOWING:
        return _SHOWING[form](reviewed)
    from levelbook.report.review.page import page  # noqa: PLC0415  # what makes HTML is for those who want it

    return page(reviewed)
