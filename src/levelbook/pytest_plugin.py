"""The pytest plugin: ``--levelbook SPEC`` judges every exchange of a test suite by the document.

It is there when the package is installed, and does nothing before it is asked for: what it needs is imported then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from levelbook.judged_session import JudgedSession

_SESSION = "levelbook-session"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("levelbook", "levelbook: exchanges judged by an OpenAPI document")
    group.addoption("--levelbook", metavar="SPEC", help="Judge the exchanges of this run by an OpenAPI document.")
    group.addoption("--levelbook-at", metavar="LEVEL", help="Judge by the API as of a level or release.")
    group.addoption(
        "--levelbook-strict", choices=("off", "warn", "error"), help="Object to what the document does not describe."
    )
    group.addoption(
        "--levelbook-engine", choices=("levelbook", "openapi-core"), default="levelbook", help="Whose verdicts count."
    )
    group.addoption("--levelbook-report", metavar="FILE", help="Write the exchanges to an NDJSON file.")
    group.addoption("--levelbook-coverage", metavar="FILE", help="Write what was exercised to a coverage file.")
    group.addoption("--levelbook-html", metavar="FILE", help="Write what was exercised to an HTML page.")
    group.addoption("--levelbook-fail-under", metavar="PERCENT", type=float, help="Fail when less was exercised.")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to judge, where that is asked for."""
    if config.getoption("--levelbook") is None:
        return
    from levelbook.judged_session import JudgedSession  # noqa: PLC0415  # see the module's first words

    config.pluginmanager.register(JudgedSession(config), _SESSION)


def _session(request: pytest.FixtureRequest) -> JudgedSession | None:
    found: JudgedSession | None = request.config.pluginmanager.get_plugin(_SESSION)
    return found


@pytest.fixture(scope="session")
def levelbook_validator(request: pytest.FixtureRequest) -> Any:
    """Give the validator of the document, which counts what it sees: a ``levelbook.Validator``.

    Without ``--levelbook``, tests that use it are skipped.
    """
    session = _session(request)
    if session is None:
        pytest.skip("--levelbook SPEC names the document that exchanges are judged by")
    return session.validator


@pytest.fixture
def levelbook_client(request: pytest.FixtureRequest) -> Any:
    """Give a function that wraps a client under test, so that each of its exchanges is judged.

    ``client = levelbook_client(app.test_client())``: the client stays what it is, and a test fails where an exchange
    is not as the document says. A request that the server refuses with a 4xx may be wrong: that is what such tests
    are about. Without ``--levelbook`` the client is given back as it is.
    """
    session = _session(request)
    return (lambda client: client) if session is None else session.client
