"""The two documents of a review: files, or what git holds of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from levelbook.config import Config, find_config, read_config
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.git import Repository, Revision, split_revision
from levelbook.loading import from_documents
from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api
    from levelbook.levels import LevelTable

_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: a file where ``revision`` is None, else a path from the root of the repository.

    ``said`` is a remark about how it was found, for the person who asked.
    """

    path: str
    revision: str | None = None
    said: str = ""

    def __str__(self) -> str:
        """Name it as one would type it."""
        return self.path if self.revision is None else f"{self.revision}:{self.path}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document of a review with where it stands and the configuration that applies to it."""

    place: Place
    api: Api
    config: Config


class Sides:
    """Finds and reads the documents of a review; the repository around is asked only where a revision is named."""

    def __init__(self) -> None:
        self._repository: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository around the working directory. Raises UsageError where there is none."""
        if self._repository is None:
            self._repository = Repository(Path())
        return self._repository

    def close(self) -> None:
        """End what was started for reading."""
        if self._repository is not None:
            self._repository.close()

    def places(self, base: str, head: str | None) -> tuple[Place, Place]:
        """Read what was typed: two of FILE, REV:PATH and REV, or one `BASE...HEAD` (from where HEAD left BASE)."""
        if head is None and ".." in base and not Path(base).exists() and split_revision(base) is None:
            return self._range(base)
        after = self._place(head) if head is not None else self._configured(None)
        return self._place(base, later=after), after

    def span(self, written: str, spec: str | None) -> tuple[Place, Place]:
        """Read `FIRST..LAST`, revisions of a document: the configured one, or ``spec``."""
        first, dots, last = written.partition("..")
        if not dots:
            raise UsageError(f"`{written}` is no range of revisions: write FIRST..LAST")
        path = find_config().spec if spec is None else Path(spec)
        after = Place(self.in_repository(path), last or "HEAD")
        return self._configured(first or "HEAD", later=after), after

    def open(self, place: Place, table: LevelTable | None = None) -> Opened:
        """Read a document; ``table`` is used where neither it nor its configuration has a level table."""
        config = self._config(place)
        if place.revision is None:
            documents = Documents(read(Path(place.path), place.path), remote=config.remote)
        else:
            main = self.repository.document(place.revision, place.path)
            beside = Revision(self.repository, place.revision, place.path)
            documents = Documents(main, remote=config.remote, beside=beside)
        return Opened(place, from_documents(documents, levels=config.level_table or table), config)

    def both(self, base: Place, head: Place) -> tuple[Opened, Opened]:
        """Read both documents; one without a level table reads its notes as the other one's says."""
        after = self.open(head)
        before = self.open(base, replace(after.api.levels, current=None))
        if after.api.levels.current is None and before.api.levels.current is not None:
            after = self.open(head, replace(before.api.levels, current=None))
        return before, after

    def _range(self, written: str) -> tuple[Place, Place]:
        dots = "..." if "..." in written else ".."
        first, _, last = written.partition(dots)
        first, last = first or "HEAD", last or "HEAD"
        after = self._configured(last)
        if dots == "..":
            return self._configured(first, later=after), after
        start = self.repository.merge_base(first, last)[:12]
        base = self._configured(start, later=after)
        said = f"{written}: they have {start} in common" + (f"; {base.said}" if base.said else "")
        return replace(base, said=said), after

    def _place(self, written: str, *, later: Place | None = None) -> Place:
        if Path(written).exists() or (written.endswith(_SUFFIXES) and split_revision(written) is None):
            return Place(written)
        if (found := split_revision(written)) is not None:
            return Place(self.repository.path(found[1]), found[0])
        return self._configured(written, later=later)

    def _configured(self, revision: str | None, *, later: Place | None = None) -> Place:
        """Give the place of the configured document, at a revision where one is given."""
        spec = find_config().spec
        if revision is None:
            return Place(_relative(spec))
        self.repository.commit(revision)
        path = later.path if later is not None and later.revision is not None else self.in_repository(spec)
        name = self.repository.name_at(revision, path, later=(later.revision if later else None) or "HEAD")
        said = f"{path} was called {name} at {revision}" if name != path else ""
        return Place(name, revision, said)

    def in_repository(self, path: Path) -> str:
        """Give the path of a file from the root of the repository. Raises UsageError for one outside."""
        try:
            return path.absolute().resolve().relative_to(self.repository.root.resolve()).as_posix()
        except ValueError:
            raise UsageError(f"{path} is not in the repository {self.repository.root}: write REV:PATH") from None

    def _config(self, place: Place) -> Config:
        """Give the configuration as it stood beside the document at that time."""
        if place.revision is None:
            return find_config(place.path)
        for folder in self._above(place.path):
            for name in ("levelbook.toml", "pyproject.toml"):
                raw = self.repository.blob(place.revision, f"{folder}{name}")
                if raw is None:
                    continue
                config = read_config(raw, Path(f"{folder}{name}"))
                if config.spec.as_posix() == place.path:
                    return config
                if self.repository.blob(place.revision, config.spec.as_posix()) is None:
                    return replace(config, spec=Path(place.path))  # what it names is not there, so it is for any
        return Config(spec=Path(place.path))

    @staticmethod
    def _above(path: str) -> Iterator[str]:
        """Give the folders that a file is in, the innermost first, as prefixes of paths."""
        parts = path.split("/")[:-1]
        for count in range(len(parts), -1, -1):
            yield "".join(f"{part}/" for part in parts[:count])


def _relative(path: Path) -> str:
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
