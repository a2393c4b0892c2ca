"""Toolchains: how a program of each kind is started, and what it says where something is not installed.

>>> command_of("send.sh", Path("/tmp/a/send.sh"))
('sh', '-e', '/tmp/a/send.sh')
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

_COMMANDS = {  # by the ending of the file
    ".py": (sys.executable, "{file}"),
    ".js": ("node", "{file}"), ".mjs": ("node", "{file}"), ".cjs": ("node", "{file}"),
    ".ts": ("node", "--experimental-strip-types", "{file}"),
    ".sh": ("sh", "-e", "{file}"), ".bash": ("bash", "-e", "{file}"),
    ".rb": ("ruby", "{file}"), ".php": ("php", "{file}"), ".go": ("go", "run", "{file}"),
    ".pl": ("perl", "{file}"), ".lua": ("lua", "{file}"), ".java": ("java", "{file}"),
}  # fmt: skip
_FETCH = Path(__file__).with_name("fetch.cjs")
_MODULE = re.compile(r"^ModuleNotFoundError: No module named '([^'.]+)'")
_PACKAGE = re.compile(r"Cannot find (?:module|package) '([^'./][^']*)'")
_COMMAND = re.compile(r"(?:^|: )([^\s:]+): (?:command )?not found\Z")
_SHELLS = frozenset({".sh", ".bash"})
_NOT_FOUND = 127  # the exit code of a shell that did not find its last command (POSIX, 2.8.2)


def command_of(name: str, file: Path, configured: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Give the command that runs a file; empty where none is known. ``configured`` has ``{file}`` in its place."""
    parts = configured or _COMMANDS.get(Path(name).suffix, ())
    if configured and not any("{file}" in part for part in parts):
        parts = (*parts, "{file}")
    return tuple(part.replace("{file}", str(file)) for part in parts)


def quickened(command: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Give the command that runs a program of one request as it would, only sooner."""
    if command[:1] != ("node",) or "fetch(" not in text:
        return command
    return "node", "--require", str(_FETCH), *command[1:]


def obstacle(name: str, configured: tuple[str, ...] = ()) -> str:
    """Say why a file cannot be run here; empty if it can."""
    command = command_of(name, Path("file"), configured)
    if not command:
        return f"no command is known that runs `{Path(name).suffix or name}` files"
    return "" if shutil.which(command[0], path=search_path()) else f"the command {command[0]} is not installed"


def missing(name: str, code: int, output: str) -> str:
    """Say what is not installed, by the words of a program that failed; empty where it failed for other reasons.

    What a program says of its own affairs is not believed: a shell's exit code and what is here have to agree.
    """
    kind, last = Path(name).suffix, output.rstrip().rpartition("\n")[2]
    if kind in _SHELLS:
        match = _COMMAND.search(last) if code == _NOT_FOUND else None
        is_here = match is None or shutil.which(match[1], path=search_path())
        return "" if match is None or is_here else f"the command {match[1]} is not installed"
    if kind == ".py":
        match = _MODULE.match(last)
        return f"the Python module {match[1]} is not installed" if match else ""
    match = _PACKAGE.search(output) if kind in (".js", ".mjs", ".cjs", ".ts") else None
    return f"the Node.js package {match[1]} is not installed" if match else ""


def search_path() -> str:
    """Give where commands are looked for: beside our interpreter first, for its packages bring some."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def caches(name: str) -> dict[str, str]:
    """Give what a toolchain needs of the environment so that it does not compile its whole library each time."""
    if Path(name).suffix != ".go":
        return {}
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return {"GOCACHE": os.environ.get("GOCACHE") or str(user / "go-build")}


def environment(home: Path, given: dict[str, str]) -> dict[str, str]:
    """Give all of the environment that a program has: nothing of ours but where commands are."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    fixed = {"PATH": search_path(), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    return {**kept, **fixed, **given}
