"""The configuration of a project: ``levelbook.toml``, or ``[tool.levelbook]`` in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from levelbook.levels import LevelTable, read_table
from levelbook.problem import UsageError

DEFAULT_SPEC = "api_spec/openapi.yaml"
_PATHS = frozenset({"spec", "templates", "pages", "examples", "output", "changelog", "fragments"})
_CHOICES = {"markdown": ("commonmark", "python-markdown")}


@dataclass(frozen=True, slots=True)
class Config:
    """What a project says of itself; paths are absolute or relative to the working directory.

    ``markdown`` is the language of the document's descriptions; ``pages`` a folder of the project's own pages;
    ``changelog`` a hand-kept changelog, ``fragments`` a folder of entries for it whose levels are still open;
    ``remote`` maps URLs that the document refers to onto local files; ``levels`` is a level table for a document that
    has none of its own; ``source`` is the file that all this was read from.
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
    markdown: str = "commonmark"
    remote: dict[str, str] = field(default_factory=dict)
    levels: dict[str, Any] = field(default_factory=dict)

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
                if spec is None or config.spec.absolute().resolve() == Path(spec).absolute().resolve():
                    return config
                return Config(spec=Path(spec))
    return Config(spec=Path(spec)) if spec else Config()


def _table(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    if path.name == "pyproject.toml":
        found = data.get("tool", {}).get("levelbook")
        return found if isinstance(found, dict) else None
    return data


def _read(data: dict[str, Any], folder: Path, source: Path) -> Config:
    known = {item.name: item for item in fields(Config) if item.name != "source"}
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name not in known:
            near = get_close_matches(name, list(known), 1)
            raise UsageError(
                f"{source}: there is no setting `{name}`"
                + (f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}")
            )
        wanted = dict if name in ("remote", "levels") else str
        if not isinstance(value, wanted):
            raise UsageError(
                f"{source}: `{name}` takes a {'table' if wanted is dict else 'text'}, and this is {value!r}"
            )
        if name in _CHOICES and value not in _CHOICES[name]:
            raise UsageError(f"{source}: `{name}` is {value!r}; it may be {' or '.join(_CHOICES[name])}")
        values[name] = folder / str(value) if name in _PATHS else value
    return Config(**{"spec": folder / DEFAULT_SPEC, "output": folder / "site/_build", "source": source} | values)
