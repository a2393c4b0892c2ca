"""Interpreters that several programs in Python share: each has imported what they begin with, and forks for each.

Most of what a short program costs is its imports. An interpreter has imported exactly what its programs import first,
so that one that forgot an import fails as it does alone; a program that begins as no other does, runs alone.

>>> imports_of('"Say hello."\\nimport json\\nfrom os import path\\nprint(1)\\nimport re')
'import json\\nfrom os import path'
"""

from __future__ import annotations

import ast
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from levelbook.examples import forks
from levelbook.examples.toolchains import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from levelbook.examples.processes import Running

_READY = 10.0  # seconds in which an interpreter has imported, or its programs run alone
_FORKS = sys.platform not in ("win32", "darwin")  # macOS: its frameworks end a process that uses them after a fork


def imports_of(text: str) -> str:
    """Give the imports that a program in Python begins with; empty where there are none."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return ""
    first = takewhile(lambda node: isinstance(node, (ast.Import, ast.ImportFrom)) or _is_text(node), body)
    return "\n".join(ast.unparse(node) for node in first if not _is_text(node))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class Interpreters:
    """Interpreters for those of some programs that begin alike; use it as a context manager, and they end with it.

    ``texts`` are those of all programs that are going to run, ``given`` is what they find in their environment: where
    that is another one for each, they share nothing.
    """

    def __init__(self, texts: Iterable[str], given: Mapping[str, str]) -> None:
        counted = Counter(imports_of(text) for text in texts)
        is_alike = _FORKS and not any("{{" in value for value in given.values())
        shared = [imports for imports, times in counted.items() if imports and times > 1] if is_alike else []
        self._home = TemporaryDirectory(prefix="example-", ignore_cleanup_errors=True)
        around = environment(Path(self._home.name), dict(given))
        self._open = {imports: _Interpreter(imports, around) for imports in shared}

    def __enter__(self) -> Self:  # noqa: D105  # the class says it
        return self

    def __exit__(  # noqa: D105  # the class says it
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End them all; what asks them from now on runs alone."""
        for interpreter in self._open.values():
            interpreter.close()
        self._home.cleanup()

    def start(self, file: Path, around: Mapping[str, str], out: int, err: int) -> Running | None:
        """Start a program in its folder, with an environment, to write to two file descriptors.

        Gives None where it needs an interpreter of its own.
        """
        interpreter = self._open.get(imports_of(file.read_text(encoding="utf-8")))
        return interpreter.start(file, around, out, err) if interpreter else None


class _Interpreter:
    """A process that has imported, and the socket at which it is asked to fork."""

    def __init__(self, imports: str, around: Mapping[str, str]) -> None:
        self._asked, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own module; what it imports is the project's
                (sys.executable, "-P", forks.__file__, imports),
                env=dict(around),
                cwd=around["HOME"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def start(self, file: Path, around: Mapping[str, str], out: int, err: int) -> Running | None:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._asked, [b"."], [theirs.fileno(), out, err])
            asked = {"file": str(file), "home": str(file.parent), "environment": dict(around)}
            ours.sendall(json.dumps(asked).encode() + b"\n")
            return _Forked(ours)
        except (OSError, ValueError):  # it could not import, or not in time: alone, the program says why
            ours.close()
            self.close()  # or it would start the program later on
            return None

    def close(self) -> None:
        self._asked.close()
        self._process.kill()
        self._process.wait()


class _Forked:
    """A program that an interpreter became. Raises OSError and ValueError where it did not."""

    def __init__(self, answers: socket.socket) -> None:
        self._answers = answers
        answers.settimeout(_READY)
        self._lines = answers.makefile("rb")
        self._waiting = threading.Lock()
        self.pid = int(self._lines.readline())
        answers.settimeout(None)
        self.returncode: int | None = None

    def wait(self) -> int:
        with self._waiting:
            if self.returncode is None:
                self.returncode = int(self._lines.readline() or -signal.SIGKILL)
                with suppress(OSError):
                    self._lines.close()
                    self._answers.close()
        return self.returncode

    def kill(self) -> None:
        """End it, if it runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
