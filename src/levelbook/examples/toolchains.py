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
_MISSING = (  # what interpreters say, and what it means
    (
        re.compile(r"^ModuleNotFoundError: No module named '([^']+)'", re.MULTILINE),
        "the Python module {} is not installed",
    ),
    (re.compile(r"Cannot find (?:module|package) '([^'./][^']*)'"), "the Node.js package {} is not installed"),
    (re.compile(r"(?:^|: )([^\s:]+): (?:command )?not found$", re.MULTILINE), "the command {} is not installed"),
)


def command_of(name: str, file: Path, configured: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Give the command that runs a file; empty where none is known. ``configured`` has ``{file}`` in its place."""
    parts = configured or _COMMANDS.get(Path(name).suffix, ())
    if configured and not any("{file}" in part for part in parts):
        parts = (*parts, "{file}")
    return tuple(part.replace("{file}", str(file)) for part in parts)


def obstacle(name: str, configured: tuple[str, ...] = ()) -> str:
    """Say why a file cannot be run here; empty if it can."""
    command = command_of(name, Path("file"), configured)
    if not command:
        return f"no command is known that runs `{Path(name).suffix or name}` files"
    return "" if shutil.which(command[0], path=search_path()) else f"the command {command[0]} is not installed"


def missing(output: str) -> str:
    """Say what is not installed, by what a program that failed wrote; empty where it failed for other reasons."""
    found = ((pattern.search(output), words) for pattern, words in _MISSING)
    return next((words.format(match[1]) for match, words in found if match), "")


def search_path() -> str:
    """Give where commands are looked for: beside our interpreter first, for its packages bring some."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


def environment(home: Path, given: dict[str, str]) -> dict[str, str]:
    """Give all of the environment that a program has: nothing of ours but where commands are."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    fixed = {"PATH": search_path(), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1"}
    return {**kept, **fixed, **given}
