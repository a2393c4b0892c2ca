"""Files onto the disk: each whole or not at all, only what changed, and nothing of an earlier build left over."""

from __future__ import annotations

import codecs
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIST = ".levelbook-files"  # what the last build wrote, so that the next one can take away what is no more


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did: how many files it wrote, found as they should be, and removed."""

    written: int
    unchanged: int
    removed: int


def write_files(folder: Path, files: Iterable[tuple[str, bytes]], *, keep: bool = False) -> Written:
    """Write files below ``folder``; ``keep`` leaves what an earlier build wrote and this one did not.

    Raises UsageError where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder, files, keep=keep)
    except OSError as error:
        raise UsageError(f"cannot write to {error.filename or folder}: {error.strerror}") from None


def _write(folder: Path, files: Iterable[tuple[str, bytes]], *, keep: bool) -> Written:
    listing = folder / _LIST
    before = set(listing.read_text(encoding="utf-8").splitlines()) if listing.is_file() else set()
    names: set[str] = set()
    written = 0
    for name, content in files:
        names.add(name)
        path = folder / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        written += 1
    gone = set() if keep else {name for name in before - names if (folder / name).is_file()}
    for name in gone:
        (folder / name).unlink()
    write_whole(listing, "".join(f"{name}\n" for name in sorted(before - gone | names)).encode())
    return Written(written, len(names) - written, len(gone))


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
