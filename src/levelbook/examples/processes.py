"""Processes: started in a folder with an environment, and ended with all that they have started."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Protocol

from levelbook.examples.outcomes import Process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_KEPT = 1 << 16  # bytes of what a program writes that are looked at: the end of it


class Running(Protocol):
    """A process that leads a session of its own; ``returncode`` is None until its end was waited for."""

    pid: int
    returncode: int | None

    def wait(self) -> int:
        """Wait for its end; give its exit code, or the number of the signal that ended it, negative."""

    def kill(self) -> None:
        """End it, if it runs."""


def started(command: tuple[str, ...], home: Path, environment: dict[str, str], out: int, err: int) -> Running:
    """Start a command that writes to two file descriptors. Raises OSError."""
    return subprocess.Popen(  # noqa: S603  # the project's own examples, by commands of its configuration
        command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
    )


def run(start: Callable[[int, int], Running], running: set[Running], timeout: float, over: threading.Event) -> Process:
    """Run a process until it ends, ``timeout`` seconds are over, or ``over`` is set; nothing of its session stays.

    ``start`` is given the file descriptors of its output and of its errors; ``running`` holds it while it runs.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = start(out.fileno(), err.fileno())
        running.add(process)
        ended = threading.Event()

        def wait() -> None:
            process.wait()
            ended.set()
            over.set()

        threading.Thread(target=wait, daemon=True).start()
        over.wait(timeout)
        code = process.returncode if ended.is_set() else None
        kill(process)
        running.discard(process)
        return Process(code, timeout, _tail(err) or _tail(out))


def kill(process: Running) -> None:
    """End a process and all that it has started, which may outlive it."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _tail(file: IO[bytes]) -> str:
    """Give the end of what was written."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _KEPT))
    return file.read().decode("utf-8", "replace").strip()
