"""The message catalogue: every word that pages say themselves stands in ``labels.toml``.

>>> labels = Labels()
>>> labels("minItems", 1), labels("minItems", 3), labels.either(["string", "integer", "null"])
('at least 1 item', 'at least 3 items', 'string, integer, or null')
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from levelbook.docs.templates import THEME
from levelbook.problem import Location, Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FILE = "labels.toml"
_TYPES = ("string", "integer", "number", "boolean", "object", "array")


class Labels:
    """The words of the theme with a project's own in their place. Raises SpecError for a file that is faulty."""

    def __init__(self, overrides: Path | None = None) -> None:
        self.words: dict[str, str] = tomllib.loads((THEME / _FILE).read_text(encoding="utf-8"))
        own = overrides / _FILE if overrides else None
        if own is not None and own.is_file():
            self.words |= _read(own, self.words)
        self.plurals = {self.words[kind]: self.words[f"{kind}s"] for kind in _TYPES}

    def __call__(self, key: str, *values: Any) -> str:
        """Give a message with its values filled in; ``minItems_1`` stands for ``minItems`` where the value is 1."""
        if values and values[0] in (1, "1") and f"{key}_1" in self.words:
            return self.words[f"{key}_1"]
        text = self.words[key]
        for value in values:
            text = text.replace("{}", str(value), 1)
        return text

    def get(self, key: str) -> str:
        """Give a message, or nothing where there is none of this name."""
        return self.words.get(key, "")

    def either(self, words: Sequence[str]) -> str:
        """Join alternatives as a sentence does: ``a, b, or c``."""
        last = self.words["or"]
        if len(words) < 3:  # noqa: PLR2004
            return f" {last} ".join(words)
        return f"{', '.join(words[:-1])}, {last} {words[-1]}"

    def plural(self, word: str) -> str:
        """Give the plural of a type, as this catalogue calls it."""
        return self.plurals.get(word, word)


def _read(path: Path, known: dict[str, str]) -> dict[str, str]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError([Problem("label", Location(str(path)), f"this is not TOML: {error}", "")]) from None
    for key, text in data.items():
        if key not in known or not isinstance(text, str):
            said = "there is no label of this name" if key not in known else "a label is a text"
            raise SpecError(
                [
                    Problem(
                        "label",
                        Location(str(path)),
                        f"`{key}`: {said}",
                        f"the labels are those of {_FILE} in the theme",
                    )
                ]
            )
        if text.count("{}") != known[key].count("{}"):
            wanted = known[key].count("{}")
            raise SpecError(
                [
                    Problem(
                        "label",
                        Location(str(path)),
                        f"`{key}` has {text.count('{}')} places for values, and {wanted} are filled in",
                        "write {} where a value goes",
                    )
                ]
            )
    return data
