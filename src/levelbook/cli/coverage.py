"""``levelbook coverage``: what has been exercised."""

from __future__ import annotations

import json
from pathlib import Path

import click
import orjson

from levelbook.cli.edge import FOUND, Commands, ends, find, finish, open_api, quiet_option, write_file
from levelbook.cli.screen import Screen
from levelbook.coverage.record import Coverage
from levelbook.levels import position
from levelbook.notes import notes_of
from levelbook.problem import UsageError
from levelbook.report.coverage import page, table, unseen


@click.group(cls=Commands)
def coverage() -> None:
    """What of the API has been exercised: files that `validate --coverage` and the pytest plugin write.

    Example: levelbook coverage show coverage.json --fail-under 80
    """


def read_coverage(files: tuple[str, ...]) -> Coverage:
    """Read files and add them up. Raises UsageError."""
    whole: Coverage | None = None
    for name in files:
        try:
            data = orjson.loads(Path(name).read_bytes())
        except OSError as error:
            near = find(name)
            hint = f"; did you mean {near}?" if near else ""
            raise UsageError(f"the coverage file {name} cannot be read: {error.strerror}{hint}") from None
        except orjson.JSONDecodeError:
            raise UsageError(f"{name} is no coverage file: it is not JSON") from None
        part = Coverage.from_data(data, name)
        if whole is None:
            whole = part
        elif whole.title != part.title:
            raise UsageError(f"{name} is coverage of “{part.title}”, the others are of “{whole.title}”")
        else:
            whole.add(part)
    if whole is None:
        raise UsageError("name at least one coverage file")
    return whole


files_argument = click.argument("files", nargs=-1, required=True, type=click.Path())
fail_option = click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail when less has been exercised."
)


@coverage.command()
@files_argument
@click.option("--missing", is_flag=True, help="List everything that was never seen.")
@click.option("--since", metavar="LEVEL", help="List operations added after this level that nothing called.")
@click.option("--spec", type=click.Path(), help="The document whose notes --since goes by.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@fail_option
@ends
def show(  # noqa: PLR0913  # the options of a command line
    files: tuple[str, ...],
    since: str | None,
    spec: str | None,
    form: str,
    fail_under: float | None,
    *,
    missing: bool,
) -> None:
    """Print totals, and with --missing all that was never seen.

    Example: levelbook coverage show coverage-*.json --missing --since 200
    """
    whole = read_coverage(files)
    added = added_since(spec, since) if since is not None else None
    if form == "json":
        click.echo(json.dumps(_summary(whole, added), indent=2, ensure_ascii=False))
    else:
        click.echo(table(whole, added), nl=False)
        if missing:
            click.echo(unseen(whole), nl=False)
    _threshold(whole, fail_under)


@coverage.command()
@files_argument
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The file to write.")
@quiet_option
@ends
def combine(files: tuple[str, ...], output: str, *, quiet: bool) -> None:
    """Add up files of several runs, processes or machines into one.

    Example: levelbook coverage combine shard-*.json -o coverage.json
    """
    whole = read_coverage(files)
    write_file(output, (json.dumps(whole.to_data(), ensure_ascii=False) + "\n").encode())
    Screen(quiet=quiet).print(f"wrote {output}: {whole.percent():.1f} %")


@coverage.command()
@files_argument
@click.option("-o", "--output", default="coverage.html", show_default=True, type=click.Path(dir_okay=False))
@fail_option
@quiet_option
@ends
def html(files: tuple[str, ...], output: str, fail_under: float | None, *, quiet: bool) -> None:
    """Write one HTML page with every element, how often it was seen, and by which tests.

    Example: levelbook coverage html coverage.json -o coverage.html
    """
    whole = read_coverage(files)
    write_file(output, page(whole).encode())
    Screen(quiet=quiet).print(f"wrote {output}: {whole.percent():.1f} %")
    _threshold(whole, fail_under)


def _threshold(whole: Coverage, fail_under: float | None) -> None:
    if fail_under is not None and whole.percent() < fail_under:
        click.echo(f"coverage is {whole.percent():.1f} %, less than the {fail_under:g} % that are asked for", err=True)
        finish(FOUND)


def _summary(whole: Coverage, added: dict[str, str] | None) -> dict[str, object]:
    never = [(operation, element) for operation, element in whole.unseen()]
    found: dict[str, object] = {
        "title": whole.title,
        "percent": round(whole.percent(), 2),
        "exchanges": whole.outcomes,
        "totals": {kind: {"seen": seen, "of": known} for kind, (seen, known) in whole.totals().items()},
        "unseen": [{"operation": operation, **element._asdict()} for operation, element in never],
    }
    if added is not None:
        uncalled = {operation for operation, element in never if element.kind == "operation"}
        found["added"] = [
            {"operation": operation, "level": level, "called": operation not in uncalled}
            for operation, level in added.items()
        ]
    return found


def added_since(spec: str | None, since: str) -> dict[str, str]:
    """Give the operations that notes say were added after a level, each with its level. Raises UsageError."""
    api, _ = open_api(spec)
    release = api.levels.release(since)
    bound = position(release.level if release is not None else _level(since), None)
    pointers = {operation.pointer: operation.key for operation in api.operations}
    return {
        pointers[note.pointer]: str(note.level)
        for note in notes_of(api)
        if note.kind == "added" and note.pointer in pointers and note.level is not None
        if position(note.level, None) > bound
    }


def _level(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
