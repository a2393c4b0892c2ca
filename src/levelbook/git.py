"""Files of a revision, as git holds them: nothing is checked out, and the working tree is left alone.

>>> split_revision("origin/main:api/openapi.yaml"), split_revision("openapi.yaml")
(('origin/main', 'api/openapi.yaml'), None)
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from levelbook.document import read_bytes
from levelbook.problem import Location, Problem, SpecError, UsageError

if TYPE_CHECKING:
    from typing import IO

    from levelbook.document import Document

INDEX = ""  # what git calls the revision of `:path`: what is staged
_GIT = "git"
_LOCAL = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


@dataclass(frozen=True, slots=True)
class Version:
    """A commit at which a file was changed: its hash, the day it was committed, and what the file was called then."""

    commit: str
    date: str
    path: str


class Repository:
    """The git repository around a folder; one process answers for all files that are read from it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.root = Path(self._run("rev-parse", "--show-toplevel").strip())
        self.prefix = self._run("rev-parse", "--show-prefix", at=folder).strip()
        self._reader: subprocess.Popen[bytes] | None = None
        self._commits: dict[str, str] = {INDEX: INDEX}

    def close(self) -> None:
        """End the process that reads."""
        if self._reader is not None:
            self._reader.communicate()
            self._reader = None

    def __enter__(self) -> Self:
        """Give the repository itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that reads."""
        self.close()

    def commit(self, revision: str) -> str:
        """Give the hash of the commit that a revision means. Raises UsageError."""
        if revision not in self._commits:
            found = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
            if found is None:
                raise UsageError(f"`{revision}` is no revision of {self.root}{self._cut_off(revision)}")
            self._commits[revision] = found.strip()
        return self._commits[revision]

    def merge_base(self, one: str, other: str) -> str:
        """Give the hash of the commit from which two revisions went their own ways. Raises UsageError."""
        found = self._try("merge-base", self.commit(one), self.commit(other))
        if found is None:
            raise UsageError(f"`{one}` and `{other}` have no commit in common{self._cut_off(one)}")
        return found.strip()

    def path(self, written: str) -> str:
        """Give a path from the root of the repository: `./a.yaml` and `../a.yaml` are as seen from where one stands."""
        if written.startswith(("./", "../")):
            return posixpath.normpath(posixpath.join(self.prefix, written))
        return posixpath.normpath(written)

    def blob(self, revision: str, path: str) -> bytes | None:
        """Give the content of a file at a revision, or of what is staged; None where there is no such file."""
        if "\n" in path:
            return None
        reader = self._started()
        stdin, stdout = _pipes(reader)
        stdin.write(os.fsencode(f"{self.commit(revision)}:{path}\n"))
        stdin.flush()
        answer = stdout.readline()
        words = answer.split()
        if not words or words[-1] == b"missing" or len(words) != 3:  # noqa: PLR2004  # <hash> <type> <size>
            if words and words[0] in {b"symlink", b"dangling", b"loop", b"notdir"}:
                stdout.read(int(words[1]) + 1)
            return None
        content = stdout.read(int(words[2]))
        stdout.read(1)
        return content if words[1] == b"blob" else None

    def document(self, revision: str, path: str) -> Document:
        """Read a document from a revision. Raises SpecError."""
        raw = self.blob(revision, path)
        name = f"{revision}:{path}"
        if raw is None:
            problem = Problem("unreadable", Location(name), "there is no such file", self._elsewhere(revision, path))
            raise SpecError([problem])
        return read_bytes(raw, name)

    def name_at(self, revision: str, path: str, *, later: str = "HEAD") -> str:
        """Give what a file of ``later`` was called at a revision; its own name where git finds no other."""
        if self.blob(revision, path) is not None:
            return path
        return self._renames(revision, later).get(path, path)

    def versions(self, first: str, last: str, paths: list[str]) -> list[Version]:
        """Give the commits after ``first`` up to ``last`` that changed one of the files, oldest first.

        First parents are followed: what a merge brought counts as one change. So are renames, of a single file.
        """
        span = f"{self.commit(first)}..{self.commit(last)}" if first else self.commit(last)
        follow = ("--follow",) if len(paths) == 1 else ()
        listed = ("--first-parent", "-m", *follow, "--name-only", "--format=%x00%H %cs")
        log = self._run("log", *listed, span, "--", *paths)
        found = []
        for entry in log.split("\0")[1:]:
            head, *names = (line for line in entry.splitlines() if line)
            commit, date = head.split()
            found.append(Version(commit, date, names[0] if names and follow else paths[0]))
        return found[::-1]

    def is_shallow(self) -> bool:
        """Say whether the history of the clone is cut off."""
        return self._run("rev-parse", "--is-shallow-repository").strip() == "true"

    def _renames(self, one: str, other: str) -> dict[str, str]:
        """Give the earlier names of the files that were renamed between two revisions."""
        if INDEX in {one, other}:
            return {}
        listed = self._try(
            "diff", "--find-renames", "--diff-filter=R", "--name-status", "-z", self.commit(one), self.commit(other)
        )
        words = (listed or "").split("\0")
        return {words[index + 2]: words[index + 1] for index in range(0, len(words) - 2, 3)}

    def _elsewhere(self, revision: str, path: str) -> str:
        """Say where a file that is not at a revision may be."""
        near = posixpath.normpath(posixpath.join(self.prefix, path))
        if self.prefix and self.blob(revision, near) is not None:
            return f"paths are as seen from {self.root}: `{revision}:{near}`, or `{revision}:./{path}`"
        if (earlier := self._renames(revision, "HEAD").get(path)) is not None:
            return f"it was called {earlier} then: `{revision}:{earlier}`"
        if (later := self._later_name(revision, path)) is not None:
            return f"it is called {later} there: `{revision}:{later}`"
        return f"`git log --follow -- {path}` tells when it was there"

    def _later_name(self, revision: str, path: str) -> str | None:
        """Give what a file was renamed to by the commit that took its name away; None where there is no such commit."""
        if revision == INDEX or not (last := self._try("log", "-1", "--format=%H", self.commit(revision), "--", path)):
            return None
        taken = last.strip()
        return next((new for new, old in self._renames(f"{taken}^", taken).items() if old == path), None)

    def _cut_off(self, revision: str) -> str:
        if self.is_shallow():
            return (
                ": this clone is shallow, and what is older was not fetched; `git fetch --unshallow`, "
                "or `fetch-depth: 0` for actions/checkout"
            )
        branch = revision.removeprefix("origin/")
        return f": `git fetch origin {branch}` may bring it" if branch != revision else ""

    def _started(self) -> subprocess.Popen[bytes]:
        if self._reader is None:
            self._reader = subprocess.Popen(  # noqa: S603  # no shell, and nothing but hashes and paths goes in
                [_GIT, "cat-file", "--batch", "--follow-symlinks"],
                cwd=self.root,
                env=os.environ | _LOCAL,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._reader

    def _run(self, *arguments: str, at: Path | None = None) -> str:
        done = self._call(arguments, at)
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
            raise UsageError(f"git {arguments[0]}: {why}")
        return done.stdout.decode(errors="surrogateescape")

    def _try(self, *arguments: str) -> str | None:
        done = self._call(arguments, None)
        return None if done.returncode else done.stdout.decode(errors="surrogateescape")

    def _call(self, arguments: tuple[str, ...], at: Path | None) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603  # no shell; revisions are verified before they are used
                [_GIT, "-c", "core.quotePath=false", *arguments],
                cwd=at or self.root,
                env=os.environ | _LOCAL,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise UsageError("revisions are read by git, and there is no `git` here") from None


class Revision:
    """The files beside a document in a revision."""

    def __init__(self, repository: Repository, revision: str, path: str) -> None:
        self.repository = repository
        self.revision = revision
        self.folder, self.name = posixpath.split(path)

    def path(self, name: str) -> str:
        """Give what messages call a file."""
        return f"{self.revision}:{posixpath.join(self.folder, name)}"

    def is_below(self, name: str) -> bool:
        """Say whether a file stays within the folder: git never leads out of its own tree."""
        return not name.startswith(("/", ".."))

    def read(self, name: str) -> Document | None:
        """Read a file; None where there is none."""
        path = posixpath.join(self.folder, name)
        raw = self.repository.blob(self.revision, path)
        return None if raw is None else read_bytes(raw, f"{self.revision}:{path}")


def split_revision(written: str) -> tuple[str, str] | None:
    """Take `REV:path` apart; None for what has no colon. `:path` is what is staged."""
    revision, colon, path = written.partition(":")
    return (revision, path) if colon else None


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise UsageError("git ended while it was read from")
    return process.stdin, process.stdout
