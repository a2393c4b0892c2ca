"""The usage examples of an API, from one place: what pages show of them is what is run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from levelbook.docs.operation import server_url
from levelbook.examples.curl import credentials, curl
from levelbook.examples.programs import Program, Shown, program_of, read_setup
from levelbook.examples.request import example_requests, only_parameters
from levelbook.examples.results import Digests, Kept, read_results
from levelbook.examples.snippets import SETUP, Source, read_folder
from levelbook.problem import Problem, Severity

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, SecurityScheme
    from levelbook.config import Config
    from levelbook.examples.programs import SetupFile, Values
    from levelbook.examples.regions import Snippet

FAILED = "example-failed"
_ENDS = {  # what the text of a scheme that an example has no credentials for is called
    "username": "USERNAME", "password": "PASSWORD", "api_key": "API_KEY", "token": "TOKEN",
}  # fmt: skip


def values_of(api: Api, url: str, own: Values | None = None) -> dict[str, str]:
    """Give what is filled into examples: the address of the API, and credentials as the document shows them.

    ``url`` stands for the first server, ``own`` for the credentials of the document.
    """
    shown = url or (api.servers[0].default_url if api.servers else "")
    parts = urlsplit(shown)
    found = dict(_ENDS)
    for scheme in api.security_schemes.values():
        found |= _credentials(scheme)
    if not any(scheme.type == "apiKey" for scheme in api.security_schemes.values()):
        found["api_key"] = found["password"]
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return {**found, **(own or {}), "api_url": shown.rstrip("/"), "origin": origin}


def _credentials(scheme: SecurityScheme) -> dict[str, str]:
    if not scheme.example:
        return {}
    if scheme.type == "http" and scheme.scheme == "basic":
        name, _, password = scheme.example.partition(":")
        return {"username": name, "password": password or _ENDS["password"]}
    return {"api_key" if scheme.type == "apiKey" else "token": scheme.example}


def with_credentials(api: Api, values: Values) -> Api:
    """Give the API with credentials in the place of those that the document shows."""
    schemes = {name: replace(scheme, example=_example(scheme, values)) for name, scheme in api.security_schemes.items()}
    return replace(api, security_schemes=schemes)


def _example(scheme: SecurityScheme, values: Values) -> str:
    if scheme.type == "http" and scheme.scheme == "basic":
        return f"{values['username']}:{values['password']}"
    if scheme.type == "mutualTLS":
        return scheme.example
    return values["api_key" if scheme.type == "apiKey" else "token"]


@dataclass(frozen=True, slots=True)
class Examples:
    """The usage examples of an API: the files of the project, and the programs that are made from the document."""

    api: Api
    config: Config
    sources: tuple[Source, ...]
    generated: tuple[Program, ...]
    problems: tuple[Problem, ...]
    setup: tuple[SetupFile, ...] = ()
    kept: dict[tuple[str, str, str], Kept] = field(default_factory=dict)

    @property
    def programs(self) -> list[Program]:
        """What is run."""
        found = [program_of(source, self.api.levels.current) for source in self.sources]
        return [*(program for program in found if program is not None), *self.generated]

    def snippets(self, operation: Operation) -> list[tuple[Source, Snippet]]:
        """Give the snippets that the page of an operation shows, in the order of files."""
        return [
            (source, snippet)
            for source in self.sources
            for snippet in source.snippets
            if snippet.operation == operation.key and snippet.holds_at(self.api.levels.current)
        ]


def examples_of(api: Api, config: Config) -> Examples:
    """Collect the usage examples of an API, with what is wrong with them. Raises UsageError."""
    folder = config.examples
    sources: list[Source] = []
    problems: list[Problem] = []
    if folder is not None and folder.is_dir():
        sources, problems = read_folder(folder, [operation.key for operation in api.operations])
    setup_folder = config.samples.setup or (folder / SETUP if folder is not None else None)
    setup = read_setup(setup_folder) if setup_folder is not None and setup_folder.is_dir() else ()
    results = results_file(config)
    kept = read_results(results) if results is not None else {}
    return Examples(api, config, tuple(sources), tuple(_generated(api, config)), tuple(problems), setup, kept)


def results_file(config: Config) -> Path | None:
    """Give where results of examples are kept; None for a project that has no folder of examples."""
    if config.samples.results is not None:
        return config.samples.results
    return config.examples / "results.json" if config.examples is not None else None


def _generated(api: Api, config: Config) -> list[Program]:
    """Make a program of each operation, from the document."""
    chosen = config.conventions.sample_parameters

    def program(operation: Operation) -> Program:
        def text(values: Values) -> str:
            known = with_credentials(api, values) if "password" in values else api
            server = server_url(api, operation, values.get("api_url", ""))
            options = credentials(known, operation)
            requests = [only_parameters(request, operation, chosen) for request in example_requests(api, operation)]
            return "\n".join(curl(request, server, options) for request in requests)

        where = api.documents.locate(operation.pointer)
        name = re.sub(r"[^\w-]+", "-", operation.id or operation.key).strip("-") + ".sh"
        return Program("curl", name, text, (Shown(operation.key, "curl", "", where),), generated=True)

    return [program(operation) for operation in api.operations]


def judged(examples: Examples) -> tuple[dict[tuple[str, str, str], Kept], list[Problem]]:
    """Give the results that still hold, and a problem for each that failed or is stale."""
    if not examples.kept:
        return {}, []
    digests = Digests(examples.api, examples.setup)
    good: dict[tuple[str, str, str], Kept] = {}
    problems = []
    for program in examples.programs:
        for shown in program.shown:
            kept = examples.kept.get(shown.key)
            if kept is None:
                continue
            if kept.digest != digests.of(program, shown.operation):
                problems.append(_stale(shown))
            elif kept.outcome == "failed":
                problems.append(_failed(shown, kept))
            else:
                good[shown.key] = kept
    return good, problems


def _stale(shown: Shown) -> Problem:
    message = f"the {_called(shown)} has changed, or its operation has, since it was last run"
    return Problem("example-stale", shown.where, message, "run `levelbook examples run`", Severity.WARNING)


def _failed(shown: Shown, kept: Kept) -> Problem:
    message = f"the {_called(shown)} failed when it was run on {kept.on}: {kept.reason}"
    return Problem(
        "example-failed", shown.where, message, "mend it, and run `levelbook examples run`", Severity.WARNING
    )


def _called(shown: Shown) -> str:
    return f"{shown.language} example of {shown.operation}" + (f", “{shown.title}”," if shown.title else "")


def missing(api: Api, config: Config, languages: dict[str, list[str]]) -> list[Problem]:
    """Give a problem for each operation without an example in a language that the configuration requires."""
    return [
        Problem(
            "example-missing",
            api.documents.locate(operation.pointer),
            f"{operation.key} has no {language} example",
            f"mark one in {config.examples or 'examples'}/{language}/: `levelbook: start {operation.key}`",
        )
        for operation in api.operations
        for language in config.samples.required
        if language not in languages.get(operation.key, ())
    ]
