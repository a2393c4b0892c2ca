"""Samples that are run: many of a language in one process, each as it is shown."""

import os
import shutil
import subprocess
import sys
import textwrap

import pytest

NEEDED = {"curl": "curl", "httpie": "http", "node": "node", "go": "go", "java": "java"}


def program(name):
    """Give the path of a program; it may stand beside this Python."""
    beside = os.path.join(os.path.dirname(sys.executable), name)
    return beside if os.path.exists(beside) else shutil.which(name)


def needed(language):
    """Skip where the toolchain of a language is not on this machine."""
    if language in NEEDED and not program(NEEDED[language]):
        pytest.skip(f"{NEEDED[language]} is not on this machine")


def run(language, samples, folder):
    """Run samples one after the other; what one of them prints on standard error fails the test."""
    command, name, text = _written(language, samples)
    (folder / name).write_text(text, encoding="utf-8")
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    done = subprocess.run([*command, name], cwd=folder, capture_output=True, check=False, stdin=subprocess.DEVNULL,
                          env=os.environ | {"PATH": path, "HOME": str(folder)})  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def _written(language, samples):
    if language in ("curl", "httpie"):
        quiet = [text.replace("curl ", "curl -sS --fail ", 1) if language == "curl" else text for text in samples]
        return ["sh", "-e"], "samples.sh", "\n".join(quiet)
    if language.startswith("python"):
        return [sys.executable], "samples.py", "\n".join(samples)
    if language == "node":
        return [program("node")], "samples.mjs", "\n".join(_scoped(text) for text in samples)
    raise AssertionError(language)


def _scoped(text):
    """Put a module into a block of its own; what it imports, all may use."""
    imports = 'import { openAsBlob } from "node:fs";\n'
    return "{\n" + textwrap.indent(text, "", lambda _: False).replace(imports, 'const { openAsBlob } = await import("node:fs");\n') + "}\n"
