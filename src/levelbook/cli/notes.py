"""``levelbook notes``."""

from __future__ import annotations

from collections import Counter
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levelbook.cli.edge import ends, open_api, quiet_option, spec_argument
from levelbook.cli.screen import Screen
from levelbook.docs.output import rewrite
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.history.migrate import applied, edits
from levelbook.loading import from_documents
from levelbook.notes import Note, notes_of
from levelbook.report.people import plural

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.history.migrate import Edit


@click.command()
@spec_argument
@click.option("--migrate", is_flag=True, help="Turn plain prose notes into structured ones, by line edits.")
@click.option("--dry-run", is_flag=True, help="With --migrate: print a diff, and change nothing.")
@quiet_option
@ends
def notes(spec: str | None, *, migrate: bool, dry_run: bool, quiet: bool) -> None:
    """List the notes of the document, or turn prose into structured ones.

    Example: levelbook notes --migrate --dry-run
    """
    api, _ = open_api(spec)
    found = notes_of(api)
    screen = Screen(quiet=quiet)
    if not migrate:
        for note in found:
            level = note.level if note.level is not None else note.release or "-"
            click.echo(f"{note.where}: {level}: {note.kind}: {note.address}: {' '.join(note.text.split())}")
        kinds = Counter("structured" if note.structured else "prose" for note in found)
        screen.print(f"{plural(kinds['prose'], 'prose note')}, {plural(kinds['structured'], 'structured note')}")
        return
    document = api.documents.main
    chosen, text = _migrated(api)
    if dry_run:
        before, after = document.text.splitlines(keepends=True), text.splitlines(keepends=True)
        click.echo("".join(unified_diff(before, after, document.file, document.file)), nl=False)
    elif chosen:
        rewrite(Path(document.file), text)
    kept = sum(not note.structured for note in found) - sum(_prose_in(found, edit.pointer) for edit in chosen)
    screen.print(f"{plural(len(chosen), 'description')} migrated, {plural(kept, 'prose note')} left as they are")


def _migrated(api: Api) -> tuple[list[Edit], str]:
    """Make the edits; those after which a note would read otherwise are taken back."""
    document = api.documents.main
    chosen = list(edits(document, api.levels))
    wanted = _read(api)
    while True:
        text = applied(document, chosen)
        made = (
            _read(from_documents(Documents(parse(text, document.file), remote=api.documents.remote), levels=api.levels))
            if chosen
            else wanted
        )
        wrong = [edit for edit in chosen if made.get(edit.pointer) != wanted.get(edit.pointer)]
        if not wrong:
            return chosen, text
        chosen = [edit for edit in chosen if edit not in wrong]


def _read(api: Api) -> dict[str, list[tuple[object, ...]]]:
    """Give what a page shows of each element's notes."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for note in notes_of(api):
        found.setdefault(note.pointer, []).append((note.anchors, note.kind, note.text))
    return found


def _prose_in(found: tuple[Note, ...], pointer: str) -> int:
    return sum(not note.structured for note in found if note.pointer == pointer)
