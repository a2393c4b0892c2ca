"""What several test files need: the checkout, the shared corpus where it is there, and the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from levelbook.cli import main
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from projects import clone, project  # noqa: F401  # fixtures, for the tests that need a repository

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what is into the expectations that differ")


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "caches"))


@pytest.fixture
def corpus() -> Path:
    if not (SHARED / "corpus").is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    return SHARED / "corpus"


@pytest.fixture
def levelbook() -> Callable[..., Result]:
    """Run the command line; what it prints and how it ends is in the result."""

    def run(*arguments: object, stdin: bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def documents() -> Callable[[str], Documents]:
    return lambda text: Documents(parse(text, "api.yaml"))


@pytest.fixture
def api():
    """Make an Api from text: a whole document, or what follows `paths:` of a 3.1 one."""

    def make(text: str):
        if "openapi:" not in text:
            text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n" + text
        return from_documents(Documents(parse(text, "api.yaml")))

    return make
