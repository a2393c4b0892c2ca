"""Standard error: where commands tell how far they are, and what they did.

>>> Screen(quiet=True).print("not said")
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    class Told(Protocol):
        """What is told how work goes on."""

        def __call__(self, more: float = 1, /, *, name: str = "", total: float | None = None) -> None:
            """Tell how much more of it is done, what was the last, and how much it is in all."""


class Screen:
    """Prints summaries, unless it is quiet, and progress, where there is a terminal besides."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    @property
    def is_terminal(self) -> bool:
        """Whether anybody looks on."""
        return not self.quiet and sys.stderr.isatty()

    def print(self, line: str) -> None:
        """Print a line, as it is."""
        if not self.quiet:
            click.echo(line, err=True)

    @contextmanager
    def progress(self, label: str, total: float | None, *, share: bool = False) -> Iterator[Told]:
        """Show how much is done, which is told to what this gives: how many, or as a ``share`` of all in per cent.

        A ``total`` of None is not known yet; where there is nothing to do, nothing is shown.
        """
        if total == 0 or not self.is_terminal:
            yield lambda *_, **__: None
            return
        from rich import console, progress  # noqa: PLC0415  # it takes as long to load as most commands take

        columns = (
            progress.TextColumn(label),
            progress.BarColumn(),
            progress.TextColumn("{task.percentage:>3.0f} %") if share else progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("{task.fields[name]}", markup=False),
        )
        screen = console.Console(stderr=True, highlight=False, soft_wrap=True)
        with progress.Progress(*columns, console=screen, transient=True) as bar:
            task = bar.add_task("", total=total, name="")

            def told(more: float = 1, /, *, name: str = "", total: float | None = None) -> None:
                bar.update(task, advance=more, name=name, total=total)

            yield told
