"""The public face: small, sorted, documented."""

import inspect
from importlib.metadata import version

import levelbook


def test_the_names_are_sorted_and_there():
    names = [name for name in levelbook.__all__ if not name.startswith("_")]
    assert names == sorted(names)
    assert all(hasattr(levelbook, name) for name in levelbook.__all__)


def test_nothing_public_is_forgotten():
    public = {
        name
        for name, value in vars(levelbook).items()
        if not name.startswith("_") and name != "annotations" and not inspect.ismodule(value)
    }
    assert public == {name for name in levelbook.__all__ if not name.startswith("_")}


def test_everything_public_says_what_it_does():
    for name in levelbook.__all__:
        value = getattr(levelbook, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_the_version_is_the_package_s():
    assert levelbook.__version__ == version("levelbook")
