"""The README is executed: its terminal session, command by command, and its Python."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
SESSION = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r"\d+\.\d s")


def commands():
    """Give each `$ command` of the README's sessions with the output that stands below it."""
    for block in SESSION.findall(README.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy to work in, so that nothing is written into the checkout."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("api_spec", "templates", "site", "pyproject.toml"):
        source = README.parent / name
        (
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("_build"))
            if source.is_dir()
            else shutil.copy(source, folder / name)
        )
    return folder


def test_there_is_a_session():
    assert len(list(commands())) > 5


@pytest.mark.parametrize(("command", "output"), list(commands()), ids=[row[0] for row in commands()])
def test_what_the_readme_shows_is_what_happens(checkout, command, output):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
    )
    assert SECONDS.sub("# s", done.stdout + done.stderr) == SECONDS.sub("# s", output)


def test_its_python_runs():
    assert doctest.testfile(str(README), module_relative=False).failed == 0
    assert doctest.testfile(str(README), module_relative=False).attempted > 3
