"""The public face: small, sorted, documented."""

import inspect
import subprocess
import sys
from importlib.metadata import version

import pytest

import levelbook


def test_the_names_are_sorted_and_there():
    names = [name for name in levelbook.__all__ if not name.startswith("_")]
    assert names == sorted(names)
    assert all(hasattr(levelbook, name) for name in levelbook.__all__)


def test_the_names_are_all_that_is_given():
    assert dir(levelbook) == sorted(levelbook.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Validate'"):
        levelbook.Validate  # noqa: B018


@pytest.mark.parametrize("name", ["middleware.Asgi", "middleware.DjangoMiddleware", "mock.Mock", "traffic.judge_frame"])
def test_importing_the_package_is_enough(name):
    code = f"import levelbook; print(levelbook.{name}.__name__)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == name.partition(".")[2]


def test_nothing_is_imported_before_it_is_used():
    code = "import sys, levelbook; print([name for name in sys.modules if name.startswith('levelbook.')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_everything_public_says_what_it_does():
    for name in levelbook.__all__:
        value = getattr(levelbook, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_the_version_is_the_package_s():
    assert levelbook.__version__ == version("levelbook")
