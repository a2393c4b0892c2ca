"""A test run whose exchanges are judged: what the plugin does once it is asked to."""

from __future__ import annotations

import base64
import functools
import inspect
import json
from collections import Counter as Tally
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import orjson
import pytest

from levelbook.config import find_config
from levelbook.coverage.record import Counter, Coverage
from levelbook.docs.output import write_whole
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.problem import SpecError, UsageError
from levelbook.report import long
from levelbook.report.coverage import outcomes, page, table
from levelbook.validate.foreign import as_request, as_response, request_behind
from levelbook.validate.oracle import Oracle
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.validate.exchange import Outcome, Request, Response

_VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"})
_CALLS = _VERBS | {"request", "open", "send", "generic"} | {f"simulate_{verb}" for verb in (*_VERBS, "request")}
_SHARED = "levelbook-coverage"  # what a worker of pytest-xdist hands over


class JudgedSession:
    """Judges, counts and reports; one per process, and with pytest-xdist one that adds all of them up."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.spec = str(config.getoption("--levelbook"))
        self.worker = getattr(config, "workerinput", {}).get("workerid", "")
        try:
            project = find_config(self.spec)
            api = from_documents(
                Documents(read(Path(self.spec), self.spec), remote=project.remote), levels=project.level_table
            )
            level = config.getoption("--levelbook-at")
            self.api = api if level is None else api.at(level)
        except (SpecError, UsageError) as error:
            raise pytest.UsageError(f"--levelbook {self.spec}: {error}") from None
        options = project.validate.options()
        strict = config.getoption("--levelbook-strict")
        options |= {} if strict is None else {"strict": strict}
        self.counter = Counter(self.api, Coverage.of(self.api))
        self.ours = Validator(self.api, **options, observer=self.counter)
        oracle = config.getoption("--levelbook-engine") == "openapi-core"
        self.oracle = Oracle(self.api) if oracle else None
        wanted = config.getoption("--levelbook-fail-under")
        self.fail_under = project.validate.fail_under if wanted is None else wanted
        # Where the run was started: a test may change the working directory.
        start = config.invocation_params.dir
        self.files = {
            name: start / value
            for name in ("report", "coverage", "html")
            if (value := config.getoption(f"--levelbook-{name}")) is not None
        }
        for path in self.files.values():
            path.parent.mkdir(parents=True, exist_ok=True)
        if not self.worker and "report" in self.files:  # of workers that an earlier run lost
            for part in self.files["report"].parent.glob(f"{self.files['report'].name}.gw*"):
                part.unlink()
        self.failed = ""
        self.reasons: Tally[str] = Tally()
        self.stack = ExitStack()
        self.lines: BinaryIO | None = None
        self.parts: list[str] = []

    @property
    def validator(self) -> Any:
        """What the fixture gives: our validator, or openapi-core's verdicts in its place."""
        return self if self.oracle is not None else self.ours

    def exchange(self, request: Any, response: Any = None) -> Outcome:
        """Judge by the engine of this run, and count by our own reading of the exchange."""
        request = as_request(request)
        response = None if response is None else as_response(response)
        ours = self.ours.exchange(request, response)
        outcome = ours if self.oracle is None else self.oracle.exchange(request, response)
        if self.oracle is not None:  # what is told at the end are the verdicts that counted
            told = self.counter.coverage.outcomes
            told[ours.outcome] = told.get(ours.outcome, 0) - 1
            told[outcome.outcome] = told.get(outcome.outcome, 0) + 1
        return outcome

    def client(self, client: Any) -> Any:
        """Wrap a client, so that each exchange is judged when its response is there."""
        return Judged(client, self.check)

    def check(self, response: Any) -> None:
        """Judge the exchange behind a response; fail the test that is running where it is not right."""
        __tracebackhide__ = True
        request, answer = request_behind(response), as_response(response)
        self._write(request, answer)
        outcome = self.exchange(request, answer)
        if outcome.reason:
            self.reasons[outcome.reason] += 1
        problems = outcome.problems
        if 400 <= answer.status < 500:  # noqa: PLR2004  # refused: what was wrong with it is the server's finding
            problems = tuple(item for item in problems if item.place.startswith("response"))
        problems = tuple(item for item in problems if outcome.outcome == "invalid")
        if problems:
            words = long(problems, self.api.documents.excerpt)
            pytest.fail(f"{request.method} {request.url} is not as the document says:\n\n{words}", pytrace=False)

    def _write(self, request: Request, response: Response) -> None:
        path = self.files.get("report")
        if path is None:
            return
        if self.lines is None:
            part = path.with_name(f"{path.name}.{self.worker}") if self.worker else path
            self.lines = self.stack.enter_context(part.open("wb"))
        self.lines.write(orjson.dumps(exchange_record(request, response), option=orjson.OPT_APPEND_NEWLINE))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Know which test is running."""
        self.counter.test = item.nodeid
        try:
            return (yield)
        finally:
            self.counter.test = ""

    @pytest.hookimpl(optionalhook=True)  # of pytest-xdist
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has counted."""
        data = getattr(node, "workeroutput", {}).get(_SHARED)
        self.parts.append(node.gateway.id)  # also of one that broke down: what it wrote is there
        if data is not None:
            self.counter.coverage.add(Coverage.from_data(data["coverage"], node.gateway.id))
            self.reasons.update(data["reasons"])
            used = set(data["used"])
            for exemption in self.ours.exemptions.used:
                self.ours.exemptions.used[exemption] += exemption.reason in used

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was counted, or write it."""
        self.stack.close()
        coverage = self.counter.coverage
        if self.worker:
            used = [item.reason for item, times in self.ours.exemptions.used.items() if times]
            self.config.workeroutput[_SHARED] = {  # type: ignore[attr-defined]  # of pytest-xdist
                "coverage": coverage.to_data(),
                "reasons": dict(self.reasons),
                "used": used,
            }
            return
        self._join_reports()
        if (path := self.files.get("coverage")) is not None:
            write_whole(path, (json.dumps(coverage.to_data(), ensure_ascii=False) + "\n").encode())
        if (path := self.files.get("html")) is not None:
            write_whole(path, page(coverage).encode())
        if coverage.percent() < self.fail_under and not self.config.option.collectonly:
            self.failed = f"coverage is {coverage.percent():.1f} %, less than {self.fail_under:g} %"
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def _join_reports(self) -> None:
        """Make one file of those of the workers."""
        path = self.files.get("report")
        if path is None or (self.lines is not None and not self.parts):
            return
        parts = [path.with_name(f"{path.name}.{name}") for name in sorted(self.parts)]
        with path.open("wb") as whole:
            for part in parts:
                if part.is_file():
                    whole.write(part.read_bytes())
                    part.unlink()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what became of the exchanges, and what was exercised."""
        report = terminalreporter
        report.section("levelbook")
        report.line(f"{self.spec}: {outcomes(self.counter.coverage.outcomes)}")
        for reason, times in self.reasons.most_common():
            report.line(f"  {times} not judged whole: {reason}")
        for exemption in self.ours.exemptions.expired:
            report.line(f"  the exemption “{exemption.reason}” has expired on {exemption.until}")
        for exemption in self.ours.exemptions.unused:
            report.line(f"  the exemption “{exemption.reason}” was not needed")
        report.write(table(self.counter.coverage))
        if self.failed:
            report.line(self.failed, red=True)


class Judged:
    """A client whose exchanges are judged; all else is the client's own."""

    def __init__(self, client: Any, check: Callable[[Any], None]) -> None:
        self._client = client
        self._check = check

    def __getattr__(self, name: str) -> Any:
        """Give what the client has; its calls, judged."""
        value = getattr(self._client, name)
        if name not in _CALLS or not callable(value):
            return value

        @functools.wraps(value)
        def judged(*args: Any, **options: Any) -> Any:
            __tracebackhide__ = True
            response = value(*args, **options)
            if inspect.isawaitable(response):
                return _Later(response, self._check)
            self._check(response)
            return response

        return judged

    def __setattr__(self, name: str, value: Any) -> None:
        """Set what the client has: credentials, headers, hooks."""
        if name in ("_client", "_check"):
            super().__setattr__(name, value)
        else:
            setattr(self._client, name, value)

    def __enter__(self) -> Self:
        """Enter the client."""
        self._client.__enter__()
        return self

    def __exit__(self, *details: object) -> Any:
        """Leave the client."""
        return self._client.__exit__(*details)

    async def __aenter__(self) -> Self:
        """Enter the client."""
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *details: object) -> Any:
        """Leave the client."""
        return await self._client.__aexit__(*details)


class _Later:
    """A response that has to be awaited, or is given by ``async with``, as aiohttp does."""

    def __init__(self, waiting: Any, check: Callable[[Any], None]) -> None:
        self.waiting = waiting
        self.check = check

    def __await__(self) -> Any:
        return self._response(self.waiting).__await__()

    async def _response(self, waiting: Any) -> Any:
        response = await waiting
        if inspect.iscoroutinefunction(getattr(response, "read", None)):
            await response.read()  # the body comes after the response
        self.check(response)
        return response

    async def __aenter__(self) -> Any:
        return await self._response(self.waiting.__aenter__())

    async def __aexit__(self, *details: object) -> Any:
        return await self.waiting.__aexit__(*details)


def exchange_record(request: Request, response: Response) -> dict[str, Any]:
    """Give an exchange as NDJSON has it; a body that is no text stands in base64."""
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(pair) for pair in request.headers],
            **_body(request.body),
        },
        "response": {
            "status": response.status,
            "headers": [list(pair) for pair in response.headers],
            **_body(response.body),
        },
    }


def _body(body: bytes | None) -> dict[str, Any]:
    if body is None:
        return {"body": None}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}
