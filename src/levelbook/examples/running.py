"""Running programs: each in a process and a folder of its own, with a limit of time and nothing of our environment.

Every program has an entrance to the server to itself, so that what comes in there is what it did.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from levelbook.examples.outcomes import Exchange, Process, judge, skipped, succeeded
from levelbook.examples.programs import Program, SetupFile, Values, fill
from levelbook.examples.toolchains import command_of, environment, obstacle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from levelbook.examples.outcomes import Result

_KEPT = 1 << 16  # bytes of what a program writes that are looked at: the end of it


class Entrance(Protocol):
    """A way to the server: its ``origin``, and who is to hear of what passes there from now on."""

    origin: str

    def tell(self, hear: Callable[[Exchange], None]) -> None:
        """Tell ``hear`` of every exchange that begins from now on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How programs are run.

    ``values`` gives what is filled in, by the origin of the entrance; ``timeout`` is in seconds; ``commands`` are by
    language, ``environment`` what every program has besides; ``modules`` is a folder of Node.js packages.
    """

    values: Callable[[str], Values]
    setup: tuple[SetupFile, ...] = ()
    timeout: float = 30.0
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    modules: Path | None = None


def run_all(
    programs: Iterable[Program], entrances: Iterable[Entrance], settings: Settings, told: Callable[[Result], None]
) -> list[Result]:
    """Run programs, as many at a time as there are entrances; results come in the order of the programs."""
    free: queue.SimpleQueue[Entrance] = queue.SimpleQueue()
    count = 0
    for entrance in entrances:
        free.put(entrance)
        count += 1
    running: set[subprocess.Popen[bytes]] = set()

    def one(program: Program) -> list[Result]:
        entrance = free.get()
        try:
            results = run_program(program, entrance, settings, running)
        finally:
            free.put(entrance)
        for result in results:
            told(result)
        return results

    with ThreadPoolExecutor(count) as pool:
        try:
            return [result for results in pool.map(one, programs) for result in results]
        except BaseException:  # somebody has had enough: what has not begun is left, what runs is ended
            pool.shutdown(wait=False, cancel_futures=True)
            for process in tuple(running):
                _kill(process)
            raise


def run_program(
    program: Program, entrance: Entrance, settings: Settings, running: set[subprocess.Popen[bytes]]
) -> list[Result]:
    """Run a program and judge what it did. ``running`` holds its process while there is one."""
    configured = settings.commands.get(program.language, ())
    if reason := program.skip or obstacle(program.name, configured):
        return skipped(program, reason)
    heard: list[Exchange] = []
    over = threading.Event()

    def hear(exchange: Exchange) -> None:
        heard.append(exchange)
        if program.endless and succeeded(program, heard):
            over.set()

    entrance.tell(hear)
    with tempfile.TemporaryDirectory(prefix="example-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        values = settings.values(entrance.origin)
        file = _furnish(home, program, settings, values)
        given = {key: fill(value, values) for key, value in settings.environment.items()}
        command = command_of(program.name, file, configured)
        try:
            process = _executed(command, home, environment(home, given), running, settings.timeout, over)
        except OSError as error:
            return skipped(program, f"{command[0]} cannot be started: {error.strerror}")
    return judge(program, heard, process)


def _furnish(home: Path, program: Program, settings: Settings, values: Values) -> Path:
    """Put into a folder what a program needs, and the program; give its file."""
    for item in (*program.files, *settings.setup):
        path = home / item.name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = fill(item.content, values).encode() if isinstance(item.content, str) else item.content
        path.write_bytes(content)
        path.chmod(item.mode)
    if settings.modules is not None:  # both `import` and `require` of Node.js look here
        with suppress(OSError):
            (home / "node_modules").symlink_to(settings.modules.absolute(), target_is_directory=True)
    file = home / program.name
    file.write_text(program.text(values), encoding="utf-8")
    return file


def _executed(
    command: tuple[str, ...],
    home: Path,
    given: dict[str, str],
    running: set[subprocess.Popen[bytes]],
    timeout: float,
    over: threading.Event,
) -> Process:
    """Run a command until it ends, its time is over, or ``over`` is set; then nothing of it is left."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(  # noqa: S603  # the project's own examples, by commands of its configuration
            command,
            cwd=home,
            env=given,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        running.add(process)
        ended = threading.Event()

        def wait() -> None:
            process.wait()
            ended.set()
            over.set()

        threading.Thread(target=wait, daemon=True).start()
        over.wait(timeout)
        code = process.returncode if ended.is_set() else None
        _kill(process)
        running.discard(process)
        return Process(code, timeout, _tail(err) or _tail(out))


def _kill(process: subprocess.Popen[bytes]) -> None:
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
