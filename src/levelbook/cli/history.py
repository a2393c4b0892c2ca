"""``levelbook changes`` and ``levelbook levels``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from levelbook.cli.edge import ends, format_option, open_api, quiet_option, read_text, spec_argument
from levelbook.cli.screen import Screen
from levelbook.history.changelog import between, markdown, records
from levelbook.history.fragments import fragment_notes
from levelbook.history.headings import read_headings
from levelbook.levels import LevelTable, write_table
from levelbook.notes import LevelNotes, by_level, notes_of
from levelbook.problem import UsageError
from levelbook.report.people import plural

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.config import Config


@click.command()
@spec_argument
@click.option("--since", "after", metavar="LEVEL", help="Only what changed after this level or release.")
@click.option("--until", "upto", metavar="LEVEL", help="Only what changed up to this level or release.")
@format_option("md", "json", "html")
@quiet_option
@ends
def changes(spec: str | None, after: str | None, upto: str | None, form: str, *, quiet: bool) -> None:
    """Print the changelog that the notes of the document make, by release and level.

    Example: levelbook changes api_spec/openapi.yaml --since 200
    """
    api, config = open_api(spec)
    fragments = sorted(config.fragments.glob("*.md")) if config.fragments else []
    notes = (*notes_of(api), *fragment_notes(fragments))
    entries = by_level(notes, api.levels)
    entries = between(entries, after, upto)
    click.echo(_shown(api, config, entries, form))
    shown = {note.source for entry in entries for note in entry.notes}
    levels = sum(entry.level is not None for entry in entries)
    Screen(quiet=quiet).print(f"{plural(len(shown), 'note')} at {plural(levels, 'level')}")


def _shown(api: Api, config: Config, entries: list[LevelNotes], form: str) -> str:
    if form == "json":
        return json.dumps(records(entries), indent=2, ensure_ascii=False)
    text = markdown(entries, api.levels)
    if form == "md":
        return text
    from levelbook.report.changelog import page  # noqa: PLC0415  # what makes HTML takes longer to load than to print

    return page(api.title, text, config.api_url)


@click.command()
@spec_argument
@click.option(
    "--from",
    "changelog",
    metavar="CHANGELOG",
    type=click.Path(),
    help="Read the table from the headings of a hand-kept changelog instead.",
)
@format_option("text", "json", "toml")
@quiet_option
@ends
def levels(spec: str | None, changelog: str | None, form: str, *, quiet: bool) -> None:
    """Print the level table: releases, the level each shipped with, and what is reserved.

    Example: levelbook levels --from changelog.md --format toml
    """
    table = _headings(changelog) if changelog is not None else open_api(spec)[0].levels
    data = write_table(table)
    if form == "json":
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif form == "toml":
        click.echo(_toml(data), nl=False)
    else:
        click.echo(_text(table), nl=False)
    Screen(quiet=quiet).print(f"{plural(len(table.releases), 'release')}, now at {table.name} {table.current}")


def _headings(path: str) -> LevelTable:
    table = read_headings(read_text(path, "changelog"))
    if not table.releases:
        raise UsageError(f"no heading of {path} names a version, as in `## Changes in Product 1.0`")
    return table


def _text(table: LevelTable) -> str:
    rows = [
        f"{release.version:<10} {release.level if release.level is not None else '-':>6}  {release.date}".rstrip()
        for release in table.releases
    ]
    reserved = [
        f"{'reserved':<10} {first if first == last else f'{first}-{last}':>6}" for first, last in table.reserved
    ]
    return "".join(f"{row}\n" for row in [f"{'release':<10} {'level':>6}", *rows, *reserved])


def _toml(data: dict[str, object]) -> str:
    """Print the table as configuration: JSON's spelling of texts, numbers and lists is TOML's as well."""
    lines = ["[tool.levelbook.levels]"]
    for key, value in data.items():
        if key == "releases" and isinstance(value, list):
            rows = [
                "  {" + ", ".join(f"{name} = {json.dumps(item)}" for name, item in row.items()) + "}," for row in value
            ]
            lines += ["releases = [", *rows, "]"]
        elif isinstance(value, dict):
            lines.append(
                f"{key} = {{"
                + ", ".join(f"{json.dumps(name)} = {json.dumps(item)}" for name, item in value.items())
                + "}"
            )
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
