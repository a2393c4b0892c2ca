"""From a configuration to a Site: where samples, notes and pages come together, for ``build`` and ``serve``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from levelbook.check import rule_pages
from levelbook.cli.edge import open_api
from levelbook.docs.operation import server_url
from levelbook.docs.page import Sample
from levelbook.docs.site import Design, Site
from levelbook.docs.templates import compiled_templates
from levelbook.examples.credentials import credentials
from levelbook.examples.generate import NotWritten, SampleTemplates, generated
from levelbook.examples.languages import LANGUAGES, chosen, languages, same
from levelbook.examples.request import example_requests, only_parameters
from levelbook.examples.snippets import Snippet, read_folder
from levelbook.history.changelog import markdown
from levelbook.notes import by_level, notes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Operation
    from levelbook.config import Config
    from levelbook.examples.languages import Language
    from levelbook.problem import Problem

# What a folder of snippets is called on a page, and the name that Pygments has for its language.
_LABELS = {"python": ("Python", "python")} | {one.name: (one.label, one.lexer) for one in LANGUAGES.values()}
_SAMPLE_KEYS = ("x-codeSamples", "x-code-samples")
_LEXERS = {"shell": "bash", "node": "javascript", "c#": "csharp", "http": "http"}
_FIRST = ("python", "javascript")  # what is written by hand comes before what is made


@dataclass(frozen=True, slots=True)
class Assembled:
    """A site that is ready to be written, and the problems with what it is made from."""

    site: Site
    api: Api
    config: Config
    problems: list[Problem]


def assemble(spec: str | None, *, level: str | None = None, api_url: str | None = None) -> Assembled:
    """Read a document and all that belongs to its site. Raises SpecError and UsageError."""
    api, config = open_api(spec, level)
    url = api_url if api_url is not None else config.api_url
    problems: list[Problem] = []

    def samples(of: Api) -> dict[str, tuple[Sample, ...]]:
        made, found = _samples(of, config, url)
        problems.extend(found if of is api else ())
        return made

    notes = notes_of(api)
    changelog = by_level(notes, api.levels)
    site = Site(api, notes, changelog, markdown(changelog, api.levels), samples, _design(config, url))
    return Assembled(site, api, config, problems)


def _design(config: Config, url: str) -> Design:
    return Design(
        api_url=url,
        url=config.site_url,
        templates=config.templates,
        pages=config.pages,
        navigation=config.navigation,
        markdown=config.markdown,
        links=config.links,
        conventions=config.conventions,
        extras=_extras,
    )


def _extras() -> dict[str, Any]:
    """Give what a project's own pages may use besides: the pages of all rules of `check`."""
    return {"rules": {rule: Markup(page) for rule, page in rule_pages().items()}}  # noqa: S704  # our own words


def _samples(api: Api, config: Config, api_url: str) -> tuple[dict[str, tuple[Sample, ...]], list[Problem]]:
    """Collect the usage examples of every operation: the project's snippets, generated ones, the document's own."""
    snippets: list[Snippet] = []
    problems: list[Problem] = []
    if config.examples is not None and config.examples.is_dir():
        snippets, problems = read_folder(config.examples, [operation.key for operation in api.operations])
    found: dict[str, tuple[Sample, ...]] = {}
    known = languages(config.templates)
    wanted = chosen(config.samples.generated, known, str(config.source))
    labels = _LABELS | {one.name: (one.label, one.lexer) for one in known.values()}
    order = [one for one in _FIRST if one not in config.samples.generated] + [one.name for one in wanted]
    templates = SampleTemplates(config.templates, compiled_templates())
    for operation in api.operations:
        samples = [
            Sample(
                snippet.language,
                *labels.get(snippet.language, (snippet.language, "bash")),
                snippet.title,
                snippet.code.replace("{{ api_url }}", api_url),
                snippet.where.file,
            )
            for snippet in snippets
            if snippet.operation == operation.key and snippet.holds_at(api.levels.current)
        ]
        written = {sample.language for sample in samples}
        missing = [one for one in wanted if not any(same(one.name, language) for language in written)]
        samples += _generated(api, operation, config, missing, templates, server_url(api, operation, api_url))
        samples += _own_samples(operation)
        samples.sort(key=lambda sample: order.index(sample.language) if sample.language in order else len(order))
        found[operation.key] = tuple(samples)
    return found, problems


def _generated(
    api: Api,
    operation: Operation,
    config: Config,
    wanted: list[Language],
    templates: SampleTemplates,
    server: str,
) -> Iterator[Sample]:
    """Give a sample for each language and each variant of the request; none where a language cannot say it."""
    needed = credentials(api, operation)
    chosen_parameters = config.conventions.sample_parameters
    requests = [only_parameters(one, operation, chosen_parameters) for one in example_requests(api, operation)]
    for language in wanted:
        for request in requests:
            try:
                code = generated(request, server, needed, language, templates)
            except NotWritten:
                continue
            yield Sample(language.name, language.label, language.lexer, request.title, code, "generated")


def _own_samples(operation: Operation) -> list[Sample]:
    """Give the samples that a document holds itself, as ``x-codeSamples``."""
    written: list[Any] = next(
        (operation.raw[key] for key in _SAMPLE_KEYS if isinstance(operation.raw.get(key), list)), []
    )
    found = []
    for item in written:
        if isinstance(item, dict) and isinstance(item.get("source"), str):
            name = str(item.get("lang") or item.get("label") or "code")
            language = next((key for key, (label, _) in _LABELS.items() if name.lower() in (key, label.lower())), name)
            label, lexer = _LABELS.get(language, (name, _LEXERS.get(name.lower(), name.lower())))
            title = str(item.get("label") or "")
            found.append(Sample(language, label, lexer, title if title != label else "", item["source"], ""))
    return found
