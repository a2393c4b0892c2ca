"""The usage examples of an API, from one place: what pages show of them is what is run."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from levelbook.cli.own_samples import own_samples
from levelbook.docs.sample import Sample
from levelbook.docs.server import server_url
from levelbook.docs.templates import compiled_templates
from levelbook.examples.credentials import credentials
from levelbook.examples.generate import NotWritten, SampleTemplates, generated
from levelbook.examples.languages import chosen, languages
from levelbook.examples.programs import Program, SetupFile, Shown, program_of, read_setup
from levelbook.examples.request import example_requests, only_parameters
from levelbook.examples.results import Digests, Kept, read_results
from levelbook.examples.snippets import SETUP, Source, read_folder
from levelbook.levels import position
from levelbook.problem import Location, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api, Operation, SecurityScheme
    from levelbook.config import Config
    from levelbook.examples.languages import Language
    from levelbook.examples.programs import Values
    from levelbook.examples.record import ExampleRequest
    from levelbook.examples.regions import Snippet
    from levelbook.levels import Level

FAILED = "example-failed"
_DOTTED = re.compile(r"\d[\d.-]*")  # a level that is a date or a version
_NOWHERE = Location("")  # places of the document are looked up when a message needs one
_NAMES = {  # what stands in the place of credentials where the document shows none
    "username": "USERNAME", "password": "PASSWORD", "api_key": "API_KEY", "token": "TOKEN",
}  # fmt: skip


def values_of(api: Api, url: str, own: Values | None = None) -> dict[str, str]:
    """Give what is filled into examples: the address of the API, and credentials, also by the names of their schemes.

    ``url`` stands for the first server, ``own`` for the credentials that the document shows.
    """
    shown = url or _first_server(api)
    parts = urlsplit(shown)
    own = own or {}
    found = dict(_NAMES)
    for scheme in api.security_schemes.values():
        found |= _shown(scheme)
    if "api_key" not in own and not any(scheme.type == "apiKey" for scheme in api.security_schemes.values()):
        found["api_key"] = own.get("password", found["password"])
    found |= own
    schemes = {scheme.name: text for scheme in api.security_schemes.values() if (text := _sent(scheme, own))}
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return {**found, **schemes, "api_url": shown.rstrip("/"), "origin": origin}


def _first_server(api: Api) -> str:
    return api.servers[0].default_url.rstrip("/") if api.servers else ""


def _shown(scheme: SecurityScheme) -> dict[str, str]:
    """Give the credentials that the document shows for a scheme."""
    if not scheme.example:
        return {}
    if scheme.type == "http" and scheme.scheme.lower() == "basic":
        name, _, password = scheme.example.partition(":")
        return {"username": name, "password": password or _NAMES["password"]}
    return {"api_key" if scheme.type == "apiKey" else "token": scheme.example}


def _sent(scheme: SecurityScheme, own: Values) -> str:
    """Give what is sent for a scheme in the place of what the document shows; empty where there is nothing else."""
    if scheme.name in own:
        return own[scheme.name]
    if scheme.type == "http" and scheme.scheme.lower() == "basic":
        password = own.get("password") or own.get("api_key", "")
        return f"{own['username']}:{password}" if "username" in own else ""
    return own.get("api_key" if scheme.type == "apiKey" else "token", "")


def _with_credentials(api: Api, values: Values) -> Api:
    schemes = {
        name: replace(scheme, example=values.get(name) or scheme.example)
        for name, scheme in api.security_schemes.items()
    }
    return replace(api, security_schemes=schemes)


@dataclass(frozen=True, slots=True)
class Examples:
    """The usage examples of an API: the files of the project, and the programs that are made from the document."""

    api: Api
    config: Config
    sources: tuple[Source, ...]
    generated: dict[str, list[Program]]
    problems: tuple[Problem, ...]
    setup: tuple[SetupFile, ...] = ()
    kept: dict[tuple[str, str, str], Kept] = field(default_factory=dict)

    @property
    def programs(self) -> list[Program]:
        """What is run, if it can be written: a language may have no way to send a request."""
        found = [program_of(source, self.api.levels.current) for source in self.sources]
        made = [program for programs in self.generated.values() for program in programs]
        own = [program for operation in self.api.operations for program in _own(operation)]
        return [*(program for program in found if program is not None), *made, *own]

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
        sources = [_bounded(api, source, problems) for source in sources]
    setup_folder = config.samples.setup or (folder / SETUP if folder is not None else None)
    setup = read_setup(setup_folder) if setup_folder is not None and setup_folder.is_dir() else ()
    results = results_file(config)
    newest = api.levels.head is None  # what was run is the API of today
    kept = read_results(results) if results is not None and newest else {}
    return Examples(api, config, tuple(sources), _generated(api, config, sources), tuple(problems), setup, kept)


def _bounded(api: Api, source: Source, problems: list[Problem]) -> Source:
    """Read the releases of marks as the levels that they have; object to what is neither, and to what leaves none."""
    found = []
    for snippet in source.snippets:
        levels = {word: _level(api, getattr(snippet, word)) for word in ("since", "until")}
        for word, level in levels.items():
            if level == "":
                message = f"`[{word} {getattr(snippet, word)}]`: that is neither a level nor a release of this API"
                problems.append(Problem("snippet", snippet.where, message, "`levelbook levels` lists them"))
        since, until = (level or None for level in levels.values())
        if since is not None and until is not None and position(since, None) > position(until, None):
            message = f"no level is at or after {snippet.since} and at or before {snippet.until}"
            hint = "this snippet is never shown: correct its mark"
            problems.append(Problem("snippet", snippet.where, message, hint))
        found.append(replace(snippet, since=since, until=until))
    return replace(source, snippets=tuple(found))


def _level(api: Api, written: Level | None) -> Level | None:
    """Give the level of what a mark says; empty for what is no level and no release of the API."""
    if written is None or isinstance(written, int):
        return written
    release = api.levels.release(written)
    if release is not None and release.level is not None:
        return release.level
    if api.levels.head is not None and _DOTTED.fullmatch(written):
        return api.levels.head  # a release after the level that is asked for, which the table no longer names
    counts = isinstance(api.levels.current, int)  # else levels are dates or versions
    return written if not counts and _DOTTED.fullmatch(written) else ""


def results_file(config: Config) -> Path | None:
    """Give where results of examples are kept: beside them, or else beside the configuration; None without one."""
    if config.samples.results is not None:
        return config.samples.results
    if config.examples is not None:
        return config.examples / "results.json"
    return config.source.parent / "example-results.json" if config.source is not None else None


def _generated(api: Api, config: Config, sources: list[Source]) -> dict[str, list[Program]]:
    """Make programs of each operation, from the document: in the languages that nobody has written an example in."""
    wanted = chosen(config.samples.generated, languages(config.templates), str(config.source))
    templates = SampleTemplates(config.templates, compiled_templates())
    rule = config.conventions.sample_parameters
    at = api.levels.current
    written = {
        (snippet.operation, snippet.language)
        for source in sources
        for snippet in source.snippets
        if snippet.holds_at(at)
    }
    found = {}
    for operation in api.operations:
        requests = [only_parameters(one, operation, rule) for one in example_requests(api, operation)]
        found[operation.key] = [
            _program(api, operation, request, language, templates)
            for language in wanted
            if (operation.key, language.name) not in written
            for request in _told_apart(requests)
        ]
    return found


def chosen_sample(
    config: Config, url: str, api: Api, key: str, name: str, lists: dict[str, tuple[str, ...]]
) -> Sample | None:
    """Make an example of an operation with some of its parameters: ``lists`` says which to include or exclude.

    None where there is no such operation or language, or where the language cannot say it.
    """
    operation, language = api.operation(key), languages(config.templates).get(name)
    if operation is None or language is None:
        return None
    rules = [{"type": kind, "parameters": {"enum": list(names)}} for kind, names in lists.items()]
    ruled = replace(operation, raw={"chosen": {"oneOf": rules}})
    templates, values = SampleTemplates(config.templates, compiled_templates()), values_of(api, url)
    requests = [only_parameters(request, ruled, "chosen") for request in example_requests(api, operation)]
    with suppress(NotWritten):
        texts = [_program(api, operation, request, language, templates).text(values) for request in requests]
        return Sample(language.name, language.label, language.lexer, "", "\n".join(texts), "generated")
    return None


def _told_apart(requests: list[ExampleRequest]) -> list[ExampleRequest]:
    """Number requests whose titles are the same."""
    times: Counter[str] = Counter()
    found = []
    for request in requests:
        times[request.title] += 1
        again = f"{request.title} ({times[request.title]})".strip() if times[request.title] > 1 else request.title
        found.append(replace(request, title=again))
    return found


def _program(
    api: Api, operation: Operation, request: ExampleRequest, language: Language, templates: SampleTemplates
) -> Program:
    known: dict[tuple[tuple[str, str], ...], str] = {}  # a text is asked for by whoever lists, runs and remembers it

    def text(values: Values) -> str:
        key = tuple(sorted(values.items()))
        if key not in known:
            known[key] = written(values)
        return known[key]

    def written(values: Values) -> str:
        url = values.get("api_url", "")
        server = server_url(api, operation, "" if url == _first_server(api) else url)
        needed = credentials(_with_credentials(api, values), operation)
        return generated(request, server, needed, language, templates)

    name = re.sub(r"[^\w-]+", "-", operation.id or operation.key).strip("-") + language.suffix
    where = api.documents.locate(operation.pointer)
    shown = Shown(operation.key, language.name, request.title, where)
    files = tuple(SetupFile(file.name, file.content) for file in request.files)
    is_for_pages = language.name == "javascript" and (files or request.cookies)
    skip = "only a page in a browser has its files and cookies" if is_for_pages else ""
    return Program(language.name, name, text, (shown,), generated=True, files=files, skip=skip)


def _own(operation: Operation) -> list[Program]:
    """Give the examples that the document holds itself: reading a document must not run what it says."""
    return [
        Program(
            sample.language,
            sample.title,
            lambda _: "",
            (Shown(operation.key, sample.language, sample.title, _NOWHERE),),
            skip="it stands in the document, and only files of the project are run",
        )
        for sample in own_samples(operation)
    ]


def placed(api: Api, program: Program) -> Program:
    """Give a program whose examples are at the place of their operation, if they come from no file of their own."""
    return replace(program, shown=tuple(_placed(api, shown) for shown in program.shown))


def _placed(api: Api, shown: Shown) -> Shown:
    operation = api.operation(shown.operation) if shown.where == _NOWHERE else None
    return shown if operation is None else replace(shown, where=api.documents.locate(operation.pointer))


def written_out(programs: Iterable[Program]) -> list[Program]:
    """Leave out programs that their language cannot say."""
    found = []
    for program in programs:
        with suppress(NotWritten):
            program.text({})
            found.append(program)
    return found


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
            if kept is None or program.skip or not written_out([program]):
                continue
            if kept.digest != digests.of(program, shown.operation):
                problems.append(_stale(_placed(examples.api, shown)))
            elif kept.outcome == "failed":
                problems.append(_failed(_placed(examples.api, shown), kept))
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
