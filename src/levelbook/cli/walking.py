"""A history of many revisions, walked from level to level; what was found once for two commits is remembered."""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from levelbook import cache
from levelbook.cli.sides import Place, Sides
from levelbook.document import read_bytes
from levelbook.levels import read_table
from levelbook.notes import notes_of
from levelbook.problem import SpecError, UsageError
from levelbook.review.moment import moment_of
from levelbook.review.reviewing import review
from levelbook.review.steps import Step, boundaries, step_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.cli.sides import Opened
    from levelbook.git import Version
    from levelbook.levels import Level
    from levelbook.review.law import Compare

_INFO = re.compile(rb"^info:.*\n(?:[ \t#].*\n|\r?\n)*", re.MULTILINE)  # of a document in block style
_KEPT = 3  # documents at hand


class History:
    """The versions of one document between two revisions.

    What was found is remembered by commits, which never change, also where somebody stops it half-way.
    """

    def __init__(self, sides: Sides, first: Place, last: Place, compare: Compare) -> None:
        self.sides, self.first, self.last, self.compare = sides, first, last, compare
        if first.revision is None or last.revision is None:
            raise UsageError("--history takes revisions: `levelbook review --history v1.0..main`")
        self.start, self.end = first.revision, last.revision
        self.key = f"history {sides.repository.root} {last.path}".encode()
        self.opened: dict[Place, Opened] = {}
        known = cache.found(self.key)
        self.known: dict[str, Any] = known if isinstance(known, dict) else {}

    def steps(self, progress: Callable[[int, int], None]) -> Iterator[Step]:
        """Give a row for each level that was reached, oldest first; ``progress`` is told what is done of how much."""
        try:
            yield from self._steps(progress)
        finally:
            cache.store(self.key, self.known)

    def _steps(self, progress: Callable[[int, int], None]) -> Iterator[Step]:
        versions = self._versions()
        levels: list[tuple[Version | None, Level | None]] = [(None, self._level(None))]
        for number, version in enumerate(versions):
            progress(number, len(versions))
            levels.append((version, self._level(version)))
        ends = boundaries(levels)
        for number, (before, after) in enumerate(pairwise(ends)):
            progress(number, len(ends))
            if after is not None:
                yield self._step(before, after)

    def _versions(self) -> list[Version]:
        try:
            files = self.sides.open(self.last).api.documents
            names = [files.beside.path(name).partition(":")[2] for name in files.files if name]
        except SpecError:  # the table says so of the level that it stands at
            names = []
        return self.sides.repository.versions(self.start, self.end, [self.last.path, *names])

    def _open(self, version: Version | None) -> Opened:
        """Read a version; the last few are at hand, for each ends one step and begins the next."""
        place = self._place(version)
        if place not in self.opened:
            self.opened[place] = self.sides.open(place)
            if len(self.opened) > _KEPT:
                del self.opened[next(iter(self.opened))]
        return self.opened[place]

    def _place(self, version: Version | None) -> Place:
        return self.first if version is None else Place(version.path, version.commit)

    def _level(self, version: Version | None) -> Level | None:
        """Give the level of a version; that of the version before where it cannot be read."""
        name = f"level {version.commit if version else self.sides.repository.commit(self.start)}"
        if name not in self.known:
            try:
                stated = self._stated(version)
                self.known[name] = self._found(version) if stated is None else stated
            except SpecError:
                self.known[name] = None
        level: Level | None = self.known[name]
        return level

    def _stated(self, version: Version | None) -> Level | None:
        """Give the level that a document's own table states, without reading the rest of it; None where it has none."""
        place = self._place(version)
        raw = self.sides.repository.blob(str(place.revision), place.path)
        block = _INFO.search(raw or b"")
        if block is None:
            return None
        info = read_bytes(block[0], str(place)).data.get("info")
        return read_table(info.get("x-levels")).current if isinstance(info, dict) else None

    def _found(self, version: Version | None) -> Level | None:
        """Give the level of a whole document: of its configuration's table, or of its notes."""
        api = self._open(version).api
        return api.levels.current if api.levels.current is not None else moment_of(api, notes_of(api)).level

    def _step(self, before: Version | None, after: Version) -> Step:
        name = f"step {before.commit if before else self.sides.repository.commit(self.start)} {after.commit}"
        if name not in self.known:
            try:
                one, other = self._open(before), self._open(after)
                found = step_of(review(one.api, other.api, self.compare), after.commit, after.date)
            except SpecError as error:
                found = Step(None, after.commit, after.date, error=str(error.problems[0]))
            self.known[name] = asdict(found)
        return Step(**self.known[name])
