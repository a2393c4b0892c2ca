"""``levelbook new``: a small project to begin with."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

import click

from levelbook.cli.edge import ends, quiet_option
from levelbook.cli.screen import Screen
from levelbook.problem import UsageError

_RENAMED = {"gitignore": ".gitignore"}  # what a checkout of ours would heed itself


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path())
@quiet_option
@ends
def new(folder: str, *, quiet: bool) -> None:
    """Make a small project: a document with levels and notes, a page, and a usage example.

    Example: levelbook new tasks
    """
    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"there is something at {place} already: name a folder that is empty, or not there")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _put(place)
    except OSError as error:
        raise UsageError(f"cannot make {error.filename or place}: {error.strerror}") from None
    Screen(quiet=quiet).print(
        f"{place} is there; go on with\n\n"
        f"    cd {place}\n"
        "    levelbook check\n"
        "    levelbook serve          the site, as you write\n"
        "    levelbook examples run   the usage examples, against a mock server\n",
    )


def _put(place: Path) -> None:
    """Put the files beside their place and move them there at once, so that nobody ever sees half of them."""
    with tempfile.TemporaryDirectory(dir=place.absolute().parent, prefix=".levelbook-") as beside:
        made = Path(beside) / "new"
        with as_file(files("levelbook").joinpath("starter")) as starter:
            shutil.copytree(starter, made, ignore=shutil.ignore_patterns("__pycache__"))
        for name, wanted in _RENAMED.items():
            (made / name).rename(made / wanted)
        if not place.is_dir():
            made.rename(place)
        else:  # it may be where somebody stands
            for path in made.iterdir():
                path.rename(place / path.name)
