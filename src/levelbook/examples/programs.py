"""Programs: what is run of usage examples, and what it is shown to do.

A program is a file with the places of addresses and credentials still open: the page and the run fill in their own.

>>> fill("curl {{ api_url }}/v1/users -u {{ username }}", {"api_url": "https://x.test/api"})
'curl https://x.test/api/v1/users -u {{ username }}'
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from levelbook.examples.snippets import Source
    from levelbook.levels import Level
    from levelbook.problem import Location

Values: TypeAlias = "Mapping[str, str]"
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as the page shows it: of which operation, in which language, under which title, and from where."""

    operation: str
    language: str
    title: str
    where: Location

    @property
    def key(self) -> tuple[str, str, str]:
        """What no other example has."""
        return self.operation, self.language, self.title


@dataclass(frozen=True, slots=True)
class Program:
    """A file to run: its name, its text for given values, and the examples that it is shown as.

    ``skip`` says why it cannot be run at all, where that is so; ``files`` have to lie beside it.
    """

    language: str
    name: str
    text: Callable[[Values], str] = field(repr=False)
    shown: tuple[Shown, ...]
    endless: bool = False
    generated: bool = False
    skip: str = ""
    files: tuple[SetupFile, ...] = ()

    @property
    def wanted(self) -> Counter[str]:
        """How often each operation has to be called with success: once for each example of it."""
        return Counter(one.operation for one in self.shown)


def fill(text: str, values: Values) -> str:
    """Put values into their places (``{{ api_url }}``); a place that has no value stays."""
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), text)


def program_of(source: Source, level: Level | None) -> Program | None:
    """Give what is run of a file for an API at a level; None where it shows nothing there."""
    here = [snippet for snippet in source.snippets if snippet.holds_at(level)]
    if not here:
        return None
    text = source.at(level)
    return Program(
        source.language,
        Path(source.file).name,
        lambda values: fill(text, values),
        tuple(Shown(one.operation, one.language, one.title, one.where) for one in here),
        endless=any(one.endless for one in here),
    )


@dataclass(frozen=True, slots=True)
class SetupFile:
    """A file that programs find in their folder; texts have places for values."""

    name: str
    content: str | bytes
    mode: int = 0o600


def read_setup(folder: Path) -> tuple[SetupFile, ...]:
    """Read the files that every program finds in its folder, which is its home too. Raises UsageError."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                content = path.read_bytes()
            except OSError as error:
                raise UsageError(f"cannot read {path}: {error.strerror}") from None
            found.append(SetupFile(path.relative_to(folder).as_posix(), _text(content), path.stat().st_mode & 0o700))
    return tuple(found)


def _text(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content
