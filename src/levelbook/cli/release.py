"""``levelbook release``."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levelbook.cli.edge import FOUND, ends, finish, open_api, print_problems, quiet_option, spec_argument
from levelbook.cli.screen import Screen
from levelbook.docs.output import rewrite
from levelbook.document import parse
from levelbook.history.assign import (
    assign,
    assigned,
    assigned_notes,
    inserted,
    pending,
    pending_notes,
    raised,
    raised_setting,
)
from levelbook.levels import alike, is_assigned, order
from levelbook.problem import Location, Problem, UsageError
from levelbook.report.people import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api
    from levelbook.config import Config
    from levelbook.levels import Level


@click.command()
@spec_argument
@click.option("--level", "first", metavar="LEVEL", help="The first level to assign; else the one after the current.")
@click.option(
    "--check", "only_check", is_flag=True, help="Fail if a level is still to be assigned, and change nothing."
)
@click.option("--dry-run", is_flag=True, help="Print what would change as a diff, and change nothing.")
@quiet_option
@ends
def release(spec: str | None, first: str | None, *, only_check: bool, dry_run: bool, quiet: bool) -> None:
    """Assign levels to changes that have none: `level: next` and placeholders, in document, pages and fragments.

    Example: levelbook release --level 278 --dry-run
    """
    api, config = open_api(spec)
    files = _files(api, config)
    problems = list(_pending(api, files))
    if only_check:
        print_problems(problems, "text")
        Screen(quiet=quiet).print(f"{plural(len(problems), 'level')} to assign")
        finish(FOUND if problems else 0)
    names = [problem.pointer for problem in problems] + [
        name for path in _fragments(config) for name, _ in pending(path.stem)
    ]
    levels = assign(names, _first(api, first))
    changed, gone = _changed(api, config, files, levels)
    if dry_run:
        for path, text in changed.items():
            before = files.get(path, "").splitlines(keepends=True)
            click.echo("".join(unified_diff(before, text.splitlines(keepends=True), str(path), str(path))), nl=False)
    else:
        for path, text in changed.items():
            rewrite(path, text)
        for path in gone:
            path.unlink()
    words = ", ".join(f"{name} is {level}" for name, level in levels.items()) or "nothing to assign"
    Screen(quiet=quiet).print(words + (f", in {plural(len(changed), 'file')}" if changed else ""))


def _first(api: Api, wanted: str | None) -> Level:
    current = api.levels.current
    if wanted is not None:
        level: Level = int(wanted) if wanted.isdecimal() else wanted
        if not is_assigned(level) or (current is not None and not alike(level, current)):
            raise UsageError(
                f"`{wanted}` is no {api.levels.name}" + (f": the current one is {current}" if current else "")
            )
        if current is not None and order(level) <= order(current):
            raise UsageError(f"the level {wanted} is not above the current one, {current}")
        return level
    if isinstance(current, int):
        return current + 1
    if current is not None and current.isdecimal():
        return int(current) + 1
    if current is not None:
        raise UsageError(f"no {api.levels.name} is sure to come after {current}; name the one that does with --level")
    raise UsageError("the level table has no current level to count on from; name the first one with --level")


def _files(api: Api, config: Config) -> dict[Path, str]:
    """Give the texts that may hold a placeholder: the document's files, pages, changelog, fragments, configuration."""
    paths = [Path(document.file) for document in api.documents.complete().files.values()]
    paths += sorted(config.pages.glob("*.md")) if config.pages else []
    paths += [config.changelog] if config.changelog and config.changelog.is_file() else []
    paths += _fragments(config)
    paths += [config.source] if config.source else []
    return {path: path.read_text(encoding="utf-8") for path in dict.fromkeys(paths)}


def _fragments(config: Config) -> list[Path]:
    return sorted(config.fragments.glob("*.md")) if config.fragments else []


def _pending(api: Api, files: dict[Path, str]) -> Iterator[Problem]:
    """Give every placeholder as a problem whose pointer is its name."""
    documents = {Path(document.file): document for document in api.documents.files.values()}
    for path, text in files.items():
        structured = pending_notes(documents[path]) if path in documents else []
        offsets = {offset for _, offset in structured}
        found = structured + [(name, offset) for name, offset in pending(text) if not offsets & {offset, offset - 1}]
        for name, offset in sorted(set(found), key=lambda pair: pair[1]):
            where = Location(str(path), text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
            yield Problem(
                "note-placeholder", where, f"`{name}` has no level yet", "run `levelbook release`", pointer=name
            )


def _changed(
    api: Api, config: Config, files: dict[Path, str], levels: dict[str, Level]
) -> tuple[dict[Path, str], list[Path]]:
    """Give the new texts, and the fragments that go into the changelog and are gone."""
    if not levels:
        return {}, []
    texts = dict(files)
    for document in api.documents.files.values():
        path = Path(document.file)
        texts[path] = assigned_notes(document, levels)
    texts = {path: assigned(text, levels) for path, text in texts.items()}
    spec = Path(api.documents.main.file)
    highest = max(levels.values(), key=order)
    top = raised(parse(texts[spec], str(spec)), highest)
    if top is not None:
        texts[spec] = top
    elif config.source is not None:
        texts[config.source] = raised_setting(texts[config.source], highest)
    gone = []
    for path in sorted(_fragments(config), key=lambda path: order(levels.get(path.stem, 0))):
        if path.stem in levels and config.changelog is not None:
            log = texts.get(config.changelog, "# API changelog\n")
            texts[config.changelog] = inserted(log, levels[path.stem], api.levels.name, texts.pop(path))
            gone.append(path)
    return {path: text for path, text in texts.items() if text != files.get(path)}, gone
