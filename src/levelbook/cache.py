"""Documents that have been read before, as the plain data and the marks they gave: YAML is slow to read.

An entry is found by the hash of the content, our version and the format of entries, and says its own hash: what is
damaged or foreign is passed over as if it were not there. Nothing depends on the cache being there or being writable.

>>> store(b"a: 1", {"a": 1}); found(b"a: 1")
{'a': 1}
"""

from __future__ import annotations

import contextlib
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from levelbook import __version__

_LEAST = 64 << 10  # bytes of a document below which reading it again is as fast
_ENTRIES = 128  # kept; the oldest go first
_FORMAT = f"{__version__} 2\n".encode()  # of entries: where that changes, none of before is found


def folder() -> Path:
    """Give the folder of the entries: that of the user's caches (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home and Path(home).is_absolute() else Path("~/.cache").expanduser()) / "levelbook"


def is_worth_it(content: bytes) -> bool:
    """Say whether a document is so large that keeping it pays."""
    return len(content) >= _LEAST


def found(content: bytes) -> Any:
    """Give the data that a document gave when it was read; None where no sound entry says."""
    try:
        written = _path(content).read_bytes()
    except OSError:
        return None
    seal, _, payload = written.partition(b"\n")
    if seal != _seal(payload):
        return None
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


def store(content: bytes, data: Any) -> None:
    """Keep the data of a document, whole or not at all; where that cannot be, nothing happens."""
    try:
        payload = orjson.dumps(data)
        path = _path(content)
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            written.write_bytes(_seal(payload) + b"\n" + payload)
            written.replace(path)
        except OSError:
            written.unlink(missing_ok=True)
        _forget(path.parent)
    except (OSError, TypeError, RuntimeError):  # RuntimeError: there is no home
        return


def _forget(entries: Path) -> None:
    by_age = sorted(entries.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in by_age[:-_ENTRIES]:
        with contextlib.suppress(OSError):
            path.unlink()


def _path(content: bytes) -> Path:
    return folder() / sha256(_FORMAT + content).hexdigest()


def _seal(payload: bytes) -> bytes:
    return sha256(payload).hexdigest().encode()
