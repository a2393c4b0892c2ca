"""The wheel by itself, away from the checkout: templates and theme are in it."""

import os
import subprocess
import sys
import zipfile

import pytest
from hatchling.builders.wheel import WheelBuilder

from conftest import ROOT

SPEC = """
openapi: 3.1.0
info: {title: Ten lines, version: "1"}
servers: [{url: https://ten.example.com}]
paths:
  /hello:
    get:
      responses:
        "200": {description: A greeting., content: {application/json: {schema: {type: string}, example: hello}}}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_it_builds_a_site_in_a_folder_of_one_s_own(wheel, tmp_path):
    (tmp_path / "api_spec").mkdir()
    (tmp_path / "api_spec/openapi.yaml").write_text(SPEC)
    done = subprocess.run(
        [sys.executable, "-m", "levelbook", "build"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "https://ten.example.com/hello" in (tmp_path / "site/_build/get-hello.html").read_text()
    assert (tmp_path / "site/_build/assets/style.css").stat().st_size > 1000


def test_it_is_typed_and_licensed(wheel):
    names = {str(path.relative_to(wheel)) for path in wheel.rglob("*")}
    assert "levelbook/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests", "api_spec")) for name in names)


def test_a_project_begins_with_files_of_the_wheel(wheel, tmp_path):
    command = [sys.executable, "-m", "levelbook", "new", "tasks"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(wheel)}, check=True, capture_output=True)
    names = {
        path.relative_to(tmp_path / "tasks").as_posix() for path in (tmp_path / "tasks").rglob("*") if path.is_file()
    }
    assert names == {
        ".gitignore", "levelbook.toml", "api_spec/openapi.yaml", "api_spec/examples/python/tasks.py", "site/guide.md",
    }  # fmt: skip
