"""``levelbook release``."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levelbook.cli.edge import FOUND, console, ends, finish, open_api, print_problems, quiet_option, spec_argument
from levelbook.docs.output import write_whole
from levelbook.history.assign import assign, assigned, inserted, pending, raised
from levelbook.problem import Location, Problem, UsageError
from levelbook.report.people import plural

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.config import Config


@click.command()
@spec_argument
@click.option(
    "--level", "first", metavar="N", type=int, help="The first level to assign; else the one after the current."
)
@click.option(
    "--check", "only_check", is_flag=True, help="Fail if a level is still to be assigned, and change nothing."
)
@click.option("--dry-run", is_flag=True, help="Print what would change as a diff, and change nothing.")
@quiet_option
@ends
def release(spec: str | None, first: int | None, *, only_check: bool, dry_run: bool, quiet: bool) -> None:
    """Assign levels to changes that have none: `level: next` and placeholders, in document, pages and fragments.

    Example: levelbook release --level 278 --dry-run
    """
    api, config = open_api(spec)
    files = _files(api, config)
    if only_check:
        problems = list(_pending(files))
        print_problems(problems, "text")
        console(quiet=quiet).print(f"{plural(len(problems), 'level')} to assign")
        finish(FOUND if problems else 0)
    current = api.levels.current
    if first is None and not isinstance(current, int):
        raise UsageError("the level table has no current level to count on from; name the first one with --level")
    start = first if first is not None else int(str(current)) + 1
    levels = assign([*files.values(), *(path.stem for path in _fragments(config))], start)
    changed, gone = _changed(api, config, files, levels)
    if dry_run:
        for path, text in changed.items():
            before = files.get(path, "").splitlines(keepends=True)
            click.echo("".join(unified_diff(before, text.splitlines(keepends=True), str(path), str(path))), nl=False)
    else:
        for path, text in changed.items():
            write_whole(path, text.encode())
        for path in gone:
            path.unlink()
    words = ", ".join(f"{name} is {level}" for name, level in levels.items()) or "nothing to assign"
    console(quiet=quiet).print(words + (f", in {plural(len(changed), 'file')}" if changed else ""))


def _files(api: Api, config: Config) -> dict[Path, str]:
    """Give the texts that may hold a placeholder: the document's files, pages, changelog, fragments, configuration."""
    paths = [Path(document.file) for document in api.documents.files.values()]
    paths += sorted(config.pages.glob("*.md")) if config.pages else []
    paths += [config.changelog] if config.changelog and config.changelog.is_file() else []
    paths += _fragments(config)
    paths += [config.source] if config.source else []
    return {path: path.read_text(encoding="utf-8") for path in dict.fromkeys(paths)}


def _fragments(config: Config) -> list[Path]:
    return sorted(config.fragments.glob("*.md")) if config.fragments else []


def _pending(files: dict[Path, str]) -> list[Problem]:
    found = []
    for path, text in files.items():
        for name, offset in pending(text):
            where = Location(str(path), text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
            found.append(Problem("note-placeholder", where, f"`{name}` has no level yet", "run `levelbook release`"))
    return found


def _changed(
    api: Api, config: Config, files: dict[Path, str], levels: dict[str, int]
) -> tuple[dict[Path, str], list[Path]]:
    """Give the new texts, and the fragments that go into the changelog and are gone."""
    if not levels:
        return {}, []
    texts = {path: assigned(text, levels) for path, text in files.items()}
    spec = Path(api.documents.main.file)
    for path in (spec, config.source):
        if path is not None and path in texts and isinstance(api.levels.current, int):
            texts[path] = raised(texts[path], api.levels, max(levels.values()))
    gone = []
    for path in sorted(_fragments(config), key=lambda path: levels.get(path.stem, 0)):
        if path.stem in levels and config.changelog is not None:
            log = texts.get(config.changelog, "# API changelog\n")
            texts[config.changelog] = inserted(log, levels[path.stem], api.levels.name, texts.pop(path))
            gone.append(path)
    return {path: text for path, text in texts.items() if text != files.get(path)}, gone
