"""The configuration of a project: ``levelbook.toml``, or ``[tool.levelbook]`` in ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from levelbook.docs.conventions import Conventions
from levelbook.docs.macros import Vocabulary
from levelbook.examples.languages import chosen, languages
from levelbook.levels import LevelTable, read_table
from levelbook.problem import UsageError
from levelbook.reviewing_config import Reviewing, read_reviewing
from levelbook.settings import entry, known
from levelbook.table import faults
from levelbook.validate.exemptions import Exemption

DEFAULT_SPEC = "api_spec/openapi.yaml"
_PATHS = frozenset({"spec", "templates", "pages", "examples", "output", "changelog", "fragments"})
_ADDRESSES = frozenset({"api_url", "site_url"})
_CHOICES = {"markdown": ("commonmark", "python-markdown")}
_TABLES = frozenset({
    "remote", "levels", "validate", "links", "conventions", "values", "macros", "tabs", "samples", "review",
})  # fmt: skip
_LISTS = frozenset({"navigation"})
_SWITCHES = frozenset({"console"})
_SAMPLES: dict[str, tuple[Any, str]] = {
    "generated": (list, "a list of texts"), "order": (list, "a list of texts"),
    "required": (list, "a list of texts"),
    "results": (str, "a text"), "setup": (str, "a text"),
    "timeout": ((int, float), "a number of seconds"),
}  # fmt: skip
STRICT = ("off", "warn", "error")


@dataclass(frozen=True, slots=True)
class Judging:
    """How exchanges are judged, the table ``[validate]``; see :class:`levelbook.Validator`.

    ``exempt`` lists what is let pass, ``fail_under`` is the least coverage in percent.
    """

    strict: str = "off"
    known_headers: tuple[str, ...] = ()
    ignore_formats: tuple[str, ...] = ()
    hosts: bool = False
    exempt: tuple[Exemption, ...] = ()
    fail_under: float = 0.0

    def options(self) -> dict[str, Any]:
        """Give them as a Validator takes them."""
        return {
            "strict": self.strict,
            "known_headers": self.known_headers,
            "ignore_formats": self.ignore_formats,
            "hosts": self.hosts,
            "exemptions": self.exempt,
        }


@dataclass(frozen=True, slots=True)
class Samples:
    """The usage examples of the pages, the table ``[samples]``.

    ``generated`` names the languages that are made from the document (:mod:`levelbook.examples.languages`),
    ``order`` those that pages show first, before the others that are made and then what is written by hand;
    ``required`` those that every operation needs an example in; ``results`` is the file that remembers
    how examples ran, ``setup`` a folder of files that they find when they do. ``run`` maps languages onto the command
    that runs a file (``{file}``), ``environment`` is what programs have in theirs, ``timeout`` is in seconds;
    ``answers`` are what the mock answers to requests (``GET /path``) that the document does not tell of, ``exempt``
    lists what exchanges of examples are let pass.
    """

    generated: tuple[str, ...] = ("curl",)
    order: tuple[str, ...] = ("python", "javascript")
    required: tuple[str, ...] = ()
    results: Path | None = None
    setup: Path | None = None
    run: dict[str, tuple[str, ...]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    answers: dict[str, Any] = field(default_factory=dict)
    exempt: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """What a project says of itself; paths are absolute or relative to the working directory.

    ``markdown`` is the language of the document's descriptions; ``pages`` a folder of the project's own pages;
    ``changelog`` a hand-kept changelog, ``fragments`` a folder of entries for it whose levels are still open;
    ``site_url`` is where the site will stand, ``navigation`` the order of the project's own pages; ``links`` maps the
    beginnings of addresses that descriptions use, ``conventions`` says what extensions mean; ``values``, ``macros`` and
    ``tabs`` are what own pages may say in braces. ``console`` puts a form on every page that sends requests to a server
    that the reader names.
    ``remote`` maps URLs that the document refers to onto local files; ``levels`` is a level table for a document that
    has none of its own; ``validate`` says how exchanges are judged, ``samples`` how usage
    examples are run; ``source`` is the file that all this was read from.
    """

    spec: Path = Path(DEFAULT_SPEC)
    templates: Path | None = None
    pages: Path | None = None
    examples: Path | None = None
    output: Path = Path("site/_build")
    changelog: Path | None = None
    fragments: Path | None = None
    source: Path | None = None
    api_url: str = ""
    site_url: str = ""
    navigation: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)
    values: dict[str, str] = field(default_factory=dict)
    macros: dict[str, str | dict[str, str]] = field(default_factory=dict)
    tabs: dict[str, str] = field(default_factory=dict)
    markdown: str = "commonmark"
    console: bool = False
    remote: dict[str, str] = field(default_factory=dict)
    levels: dict[str, Any] = field(default_factory=dict)
    validate: Judging = field(default_factory=Judging)
    review: Reviewing = field(default_factory=Reviewing)
    samples: Samples = field(default_factory=Samples)

    @property
    def vocabulary(self) -> Vocabulary:
        """What own pages may say in braces."""
        return Vocabulary(self.values, self.macros, self.tabs)

    @property
    def level_table(self) -> LevelTable | None:
        """The configured level table, if there is one."""
        return read_table(self.levels) if self.levels else None


def find_config(spec: str | None = None) -> Config:
    """Give the configuration that applies to a document; without one, that of the working directory.

    It is looked for from the document's folder upwards, and applies only to the document that it names: another
    document in the same project has the defaults. Raises UsageError.
    """
    start = Path(spec).parent if spec else Path()
    for folder in (start, *start.absolute().parents):
        for name in ("levelbook.toml", "pyproject.toml"):
            if (data := _table(folder / name)) is not None:
                config = _read(data, folder, folder / name)
                if spec is not None and "spec" not in data and not config.spec.exists():
                    return replace(config, spec=Path(spec))  # it names no document, so it is for any
                if spec is None or config.spec.absolute().resolve() == Path(spec).absolute().resolve():
                    return config
                return Config(spec=Path(spec))
    return Config(spec=Path(spec)) if spec else Config()


def read_config(content: bytes, source: Path) -> Config:
    """Give the configuration that a file held at another time; without a table of ours, the defaults."""
    return _read(_parsed(content, source) or {}, source.parent, source)


def _table(path: Path) -> dict[str, Any] | None:
    return _parsed(path.read_bytes(), path) if path.is_file() else None


def _parsed(content: bytes, path: Path) -> dict[str, Any] | None:
    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    if path.name == "pyproject.toml":
        found = data.get("tool", {}).get("levelbook")
        return found if isinstance(found, dict) else None
    return data


def _read(data: dict[str, Any], folder: Path, source: Path) -> Config:  # noqa: C901  # one branch a table
    settings = [item.name for item in fields(Config) if item.name != "source"]
    values: dict[str, Any] = {}
    for name, value in data.items():
        known(name, settings, str(source))
        wanted = dict if name in _TABLES else list if name in _LISTS else bool if name in _SWITCHES else str
        if not isinstance(value, wanted):
            kind = {dict: "table", list: "list of texts", bool: "true or false", str: "text"}[wanted]
            article = "" if wanted is bool else "a "
            raise UsageError(f"{source}: `{name}` takes {article}{kind}, and this is {value!r}")
        if name in _ADDRESSES:
            address(str(value), f"{source}: `{name}`")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise UsageError(f"{source}: `{name}` is {value!r}; it may be {' or '.join(_CHOICES[name])}")
        values[name] = folder / str(value) if name in _PATHS else value
    for name in {"links", "values", "tabs"} & values.keys():
        values[name] = _texts(values[name], f"{source}: {name}")
    if "macros" in values:
        values["macros"] = _macros(values["macros"], f"{source}: macros")
    if "navigation" in values:
        values["navigation"] = _listed(values["navigation"], f"{source}: navigation")
    if "conventions" in values:
        values["conventions"] = _conventions(values["conventions"], f"{source}: conventions")
    for at, message, hint in faults(values.get("levels", {})):
        raise UsageError(f"{source}: {'.'.join(map(str, ('levels', *at)))}: {message}; {hint}")
    if "review" in values:
        values["review"] = read_reviewing(values["review"], f"{source}: review", folder)
    if "validate" in values:
        values["validate"] = _judging(values["validate"], f"{source}: validate")
    if "samples" in values:
        values["samples"] = _samples(values["samples"], folder, f"{source}: samples")
        chosen(values["samples"].generated, languages(values.get("templates")), f"{source}: samples")
    return Config(**{"spec": folder / DEFAULT_SPEC, "output": folder / "site/_build", "source": source} | values)


def address(value: str, where: str) -> None:
    """Refuse what is no address that pages can show and link to. Raises UsageError."""
    if value and not re.match(r"https?://[^/\s]|/|\{", value):
        raise UsageError(f"{where} is {value!r}; it is an address like https://chat.example.com/api")


def _texts(table: dict[str, Any], where: str) -> dict[str, str]:
    for name, value in table.items():
        if not isinstance(value, str):
            raise UsageError(f"{where}: `{name}` takes a text, and this is {value!r}")
    return table


def _macros(table: dict[str, Any], where: str) -> dict[str, str | dict[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            _texts(value, f"{where}: {name}")
        elif not isinstance(value, str):
            raise UsageError(f"{where}: `{name}` takes a text, or a table of texts by argument, and this is {value!r}")
    return table


def _listed(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{where} takes a list of texts, and this is {value!r}")
    return tuple(value)


def _conventions(table: dict[str, Any], where: str) -> Conventions:
    values: dict[str, Any] = {}
    for name, value in table.items():
        known(name, [item.name for item in fields(Conventions)], where)
        if name == "remarks":
            if not isinstance(value, dict):
                raise UsageError(f"{where}: `remarks` takes a table: extension = sentence")
            values[name] = _texts(value, f"{where}: remarks")
        elif name == "sample_parameters":
            if not isinstance(value, str):
                raise UsageError(f"{where}: `sample_parameters` takes a text, and this is {value!r}")
            values[name] = value
        else:
            values[name] = _listed(value, f"{where}: `{name}`")
    return Conventions(**values)


def _samples(table: dict[str, Any], folder: Path, where: str) -> Samples:
    values: dict[str, Any] = {}
    for name, value in table.items():
        known(name, [item.name for item in fields(Samples)], where)
        if name == "exempt":
            values[name] = _exemptions(value, where)
            continue
        wanted, words = _SAMPLES.get(name, (dict, "a table"))
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise UsageError(f"{where}: `{name}` takes {words}, and this is {value!r}")
        values[name] = value
        if wanted is list:
            values[name] = _listed(value, f"{where}: `{name}`")
        elif name in ("results", "setup"):
            values[name] = folder / value
        elif name == "run":
            values[name] = {key: _listed(item, f"{where}: run: `{key}`") for key, item in value.items()}
        elif name == "environment":
            values[name] = _texts(value, f"{where}: environment")
        elif name == "timeout" and value <= 0:
            raise UsageError(f"{where}: `timeout` is a number of seconds above 0, and this is {value!r}")
    return Samples(**values)


def _judging(table: dict[str, Any], where: str) -> Judging:  # noqa: C901  # one branch a setting
    values: dict[str, Any] = {}
    for name, value in table.items():
        known(name, [item.name for item in fields(Judging)], where)
        if name in ("known_headers", "ignore_formats"):
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise UsageError(f"{where}: `{name}` takes a list of texts, and this is {value!r}")
            values[name] = tuple(value)
        elif name == "exempt":
            values[name] = _exemptions(value, where)
        elif name == "strict":
            if value not in STRICT:
                raise UsageError(f"{where}: `strict` is {value!r}; it may be {', '.join(STRICT)}")
            values[name] = value
        elif name == "hosts":
            if not isinstance(value, bool):
                raise UsageError(f"{where}: `hosts` is true or false, and this is {value!r}")
            values[name] = value
        else:
            if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 100:  # noqa: PLR2004
                raise UsageError(f"{where}: `fail_under` is a number from 0 to 100, and this is {value!r}")
            values[name] = float(value)
    return Judging(**values)


def _exemptions(value: Any, where: str) -> tuple[Exemption, ...]:
    if not isinstance(value, list):
        raise UsageError(f"{where}: `exempt` takes a list of tables: [[{where.rpartition(' ')[2]}.exempt]]")
    return tuple(_exemption(item, f"{where}: exempt {number}") for number, item in enumerate(value, 1))


def _exemption(table: Any, where: str) -> Exemption:
    found = entry(table, Exemption, where)
    if not found.get("reason", "").strip():
        raise UsageError(f"{where}: there is no `reason`: say why this is let pass")
    return Exemption(**found)
