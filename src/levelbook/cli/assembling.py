"""From a configuration to a Site: where samples, notes and pages come together, for ``build`` and ``serve``."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from levelbook.cli.edge import open_api
from levelbook.cli.own_samples import NAMES, own_samples
from levelbook.cli.sampling import chosen_sample, examples_of, judged, missing, values_of
from levelbook.cli.trials import trial_of
from levelbook.config import address
from levelbook.docs.sample import Sample
from levelbook.docs.site import Design, Site
from levelbook.examples.generate import NotWritten
from levelbook.examples.languages import languages
from levelbook.examples.programs import fill
from levelbook.history.changelog import markdown
from levelbook.notes import by_level, notes_of
from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Operation
    from levelbook.cli.sampling import Examples
    from levelbook.config import Config
    from levelbook.examples.languages import Language
    from levelbook.examples.programs import Program, Values
    from levelbook.examples.results import Kept
    from levelbook.problem import Problem


@dataclass(frozen=True, slots=True)
class Assembled:
    """A site that is ready to be written, and the problems with what it is made from."""

    site: Site
    api: Api
    config: Config
    problems: list[Problem]


def assemble(
    spec: str | None, *, level: str | None = None, api_url: str | None = None, mock: str | None = None
) -> Assembled:
    """Read a document and all that belongs to its site. Raises SpecError and UsageError.

    ``mock`` is the address of a server that pages may try requests at without being asked to.
    """
    api, config = open_api(spec, level)
    return assemble_api(api, config, api_url=api_url, mock=mock)


def assemble_api(api: Api, config: Config, *, api_url: str | None = None, mock: str | None = None) -> Assembled:
    """Make the site of an Api that was read already. Raises SpecError and UsageError."""
    if api_url is not None:
        address(api_url, "--api-url")
    for name in ("templates", "pages"):
        folder = getattr(config, name)
        if folder is not None and not folder.is_dir():
            raise UsageError(f"{config.source}: `{name}` is {folder}, and there is no such folder")
    url = api_url if api_url is not None else config.api_url
    problems: list[Problem] = []

    def samples(of: Api) -> dict[str, tuple[Sample, ...]]:
        made, found = _samples(of, config, url)
        problems.extend(found if of is api else ())
        return made

    notes = notes_of(api)
    changelog = by_level(notes, api.levels)
    site = Site(api, notes, changelog, markdown(changelog, api.levels), samples, _design(config, url, mock))
    return Assembled(site, api, config, problems)


def _design(config: Config, url: str, mock: str | None) -> Design:
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
        trial=partial(trial_of, server=mock or "") if config.console or mock else None,
        vocabulary=config.vocabulary,
        chosen=partial(chosen_sample, config, url),
    )


def _extras() -> dict[str, Any]:
    """Give what a project's own pages may use besides: the pages of all rules of `check`."""
    from levelbook.check import rule_pages  # noqa: PLC0415  # few sites show them, and it loads all the rules

    return {"rules": {rule: Markup(page) for rule, page in rule_pages().items()}}  # noqa: S704  # our own words


def _samples(api: Api, config: Config, api_url: str) -> tuple[dict[str, tuple[Sample, ...]], list[Problem]]:
    """Collect the usage examples of every operation: the project's snippets, generated ones, the document's own."""
    examples = examples_of(api, config)
    ran, problems = judged(examples)
    values = values_of(api, api_url)
    named = languages(config.templates)
    order = list(dict.fromkeys([*config.samples.order, *config.samples.generated]))
    found: dict[str, tuple[Sample, ...]] = {}
    labels = NAMES | {one.name: (one.label, one.lexer) for one in named.values()}
    for operation in api.operations:
        samples = _written(examples, operation, values, labels)
        samples += _made(examples.generated[operation.key], named, values)
        samples = [_with_result(sample, ran.get((operation.key, sample.language, sample.title))) for sample in samples]
        samples += own_samples(operation)
        samples.sort(key=lambda sample: order.index(sample.language) if sample.language in order else len(order))
        found[operation.key] = tuple(samples)
    shown = {key: [sample.language for sample in samples] for key, samples in found.items()}
    return found, [*examples.problems, *missing(api, config, shown), *problems]


def _written(
    examples: Examples, operation: Operation, values: Values, labels: dict[str, tuple[str, str]]
) -> list[Sample]:
    """Give the project's own examples of an operation; what comes before all of a language stands with the first."""
    samples = []
    seen: set[tuple[str, str]] = set()
    for source, snippet in examples.snippets(operation):
        new = source.prologue and (source.language, source.prologue) not in seen
        seen.add((source.language, source.prologue))
        code = fill(f"{source.prologue}\n{snippet.code}" if new else snippet.code, values)
        names = labels.get(snippet.language, (snippet.language, "bash"))
        samples.append(Sample(snippet.language, *names, snippet.title, code, snippet.where.file))
    return samples


def _made(programs: list[Program], named: dict[str, Language], values: Values) -> Iterator[Sample]:
    """Give the examples that are made from the document; none where a language cannot say it."""
    for program in programs:
        language = named[program.language]
        with suppress(NotWritten):
            code = program.text(values)
            yield Sample(language.name, language.label, language.lexer, program.shown[0].title, code, "generated")


def _with_result(sample: Sample, kept: Kept | None) -> Sample:
    return sample if kept is None else replace(sample, ran_on=kept.on, ran_against=kept.against)
