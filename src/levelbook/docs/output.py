"""Files onto the disk: each whole or not at all, only what changed, and nothing of an earlier build left over."""

from __future__ import annotations

import codecs
import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Self

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIST = ".levelbook-files"  # what the last build wrote, so that the next one can take away what is no more
_NEW = ".levelbook-new-"  # begins the name of the folder where files stand until all are made
_OLD = 3600  # seconds, after which such a folder is that of a build that was cut off


@dataclass(slots=True)
class Store:
    """The folder of a site: what is written to it, found as it should be, and removed.

    Of each file the last build noted the key of what it was made from, and the hash of what came of it: a file whose
    key is the same, and whose content nobody touched, is not made again. What is new stands aside until ``finish`` puts
    it all into place: a build that fails on the way leaves the site as it was. Use it as a context manager. Raises
    UsageError where the folder cannot be written to.
    """

    folder: Path
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    before: dict[str, list[str]] = field(default_factory=dict)
    now: dict[str, list[str]] = field(default_factory=dict)
    made: dict[str, None] = field(default_factory=dict)
    aside: Path = field(init=False)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget what was not put into place."""
        self._clear()

    def _clear(self) -> None:
        rmtree(self.aside, ignore_errors=True)

    def __post_init__(self) -> None:
        """Read what the last build noted."""
        with _refusals(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for left in self.folder.glob(f"{_NEW}*"):
                if time.time() - left.stat().st_mtime > _OLD:
                    rmtree(left, ignore_errors=True)
            self.aside = Path(tempfile.mkdtemp(dir=self.folder, prefix=_NEW))
            listing = self.folder / _LIST
            lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
        for line in lines:
            name, *noted = line.split("\t")
            self.before[name] = noted

    def put(self, name: str, make: Callable[[], bytes], key: str = "") -> bytes:
        """Give the content of a file, which is made and written only where it has to be."""
        path = self.folder / name
        with _refusals(path):
            there = path.read_bytes() if path.is_file() else None
        known = key and there is not None and self.before.get(name) == [key, _digest(there)]
        content = there if known and there is not None else make()
        if content == there:
            self.unchanged += 1
        else:
            with _refusals(path):
                aside = self.aside / name
                aside.parent.mkdir(parents=True, exist_ok=True)
                aside.write_bytes(content)
            self.made[name] = None
            self.written += 1
        self.now[name] = [key, _digest(content)] if key else []
        return content

    def finish(self, *, keep: bool = False) -> None:
        """Put what is new into place, and take away what an earlier build wrote and this one did not.

        ``keep`` leaves that.
        """
        for name in self.made:
            path = self.folder / name
            with _refusals(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                (self.aside / name).replace(path)
        self.made.clear()
        gone = [] if keep else [name for name in self.before if name not in self.now and (self.folder / name).is_file()]
        with _refusals(self.folder):
            for name in gone:
                (self.folder / name).unlink()
            listed = self.now if not keep else self.before | self.now
            lines = ("\t".join([name, *listed[name]]) + "\n" for name in sorted(listed))
            write_whole(self.folder / _LIST, "".join(lines).encode())
        self.removed = len(gone)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot write to {error.filename or path}: {error.strerror}") from None


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]


def rewrite(path: Path, text: str) -> None:
    """Replace the text of a file somebody keeps: line ends, byte order mark, mode and links stay as they were."""
    path = path.resolve()
    if not path.is_file():
        write_whole(path, text.encode())
        return
    before = path.read_bytes()
    content = text.replace("\n", "\r\n").encode() if b"\r\n" in before else text.encode()
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) and not content.startswith(codecs.BOM_UTF8) else b""
    mode = path.stat().st_mode
    write_whole(path, mark + content)
    path.chmod(mode)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.chmod(0o644)  # mkstemp gives files to their owner alone; a site is to be read
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
