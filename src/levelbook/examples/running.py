"""Running programs: each in a process and a folder of its own, with a limit of time and nothing of our environment.

Every program has an entrance to the server to itself, so that what comes in there is what it did.
"""

from __future__ import annotations

import queue
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from levelbook.examples.interpreters import Interpreters
from levelbook.examples.outcomes import Exchange, judge, skipped, succeeded
from levelbook.examples.processes import Running, kill, run, started
from levelbook.examples.programs import Program, SetupFile, Values, fill
from levelbook.examples.toolchains import caches, command_of, environment, obstacle, quickened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from levelbook.examples.outcomes import Result


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
    programs = list(programs)
    free: queue.SimpleQueue[Entrance] = queue.SimpleQueue()
    count = 0
    for entrance in entrances:
        free.put(entrance)
        count += 1
    running: set[Running] = set()
    alike = [program.text({}) for program in programs if _may_share(program, settings)]

    def one(program: Program) -> list[Result]:
        entrance = free.get()
        try:
            results = run_program(program, entrance, settings, running, interpreters)
        finally:
            free.put(entrance)
        for result in results:
            told(result)
        return results

    longest_first = sorted(programs, key=lambda program: -len(program.shown))
    with Interpreters(alike, settings.environment) as interpreters, ThreadPoolExecutor(count) as pool:
        try:
            begun = {id(program): pool.submit(one, program) for program in longest_first}
            return [result for program in programs for result in begun[id(program)].result()]
        except BaseException:  # somebody has had enough: what has not begun is left, what runs is ended
            interpreters.close()
            pool.shutdown(wait=False, cancel_futures=True)
            for process in tuple(running):
                kill(process)
            raise


def _may_share(program: Program, settings: Settings) -> bool:
    """Say whether a program in Python needs no interpreter of its own: not one that may import what lies beside it."""
    beside = any(Path(item.name).suffix == ".py" for item in (*program.files, *settings.setup))
    return Path(program.name).suffix == ".py" and program.language not in settings.commands and not beside


def run_program(
    program: Program, entrance: Entrance, settings: Settings, running: set[Running], interpreters: Interpreters
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
        own = caches(program.name) | (_alone(home) if program.generated else {})
        given = own | {key: fill(value, values) for key, value in settings.environment.items()}
        command = command_of(program.name, file, configured)
        if not configured:
            command = quickened(command, file.read_text(encoding="utf-8"))
        all_of_it = environment(home, given)

        def start(out: int, err: int) -> Running:
            shared = interpreters.start(file, all_of_it, out, err) if _may_share(program, settings) else None
            return shared or started(command, home, all_of_it, out, err)

        try:
            process = run(start, running, settings.timeout, over)
        except OSError as error:
            return skipped(program, f"{command[0]} cannot be started: {error.strerror}")
    return judge(program, heard, process)


def _alone(home: Path) -> dict[str, str]:
    """Give the environment of one that asks nobody but the entrance, which is plain HTTP: no authority is trusted.

    To read all of the world's takes a client of httpx longer than the request does.
    """
    return {"SSL_CERT_DIR": str(home)}


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
