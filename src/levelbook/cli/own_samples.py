"""Usage examples that a document holds itself, and what languages are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.docs.sample import Sample
from levelbook.examples.languages import LANGUAGES

if TYPE_CHECKING:
    from levelbook.api import Operation

# What a folder of snippets is called on a page, and the name that Pygments has for its language.
NAMES = {"python": ("Python", "python")} | {one.name: (one.label, one.lexer) for one in LANGUAGES.values()}
_SAMPLE_KEYS = ("x-codeSamples", "x-code-samples")
_LEXERS = {"shell": "bash", "node": "javascript", "c#": "csharp", "http": "http"}


def own_samples(operation: Operation) -> list[Sample]:
    """Give the samples that a document holds itself, as ``x-codeSamples``."""
    written: list[Any] = next(
        (operation.raw[key] for key in _SAMPLE_KEYS if isinstance(operation.raw.get(key), list)), []
    )
    found = []
    for item in written:
        if isinstance(item, dict) and isinstance(item.get("source"), str):
            name = str(item.get("lang") or item.get("label") or "code")
            language = next((key for key, (label, _) in NAMES.items() if name.lower() in (key, label.lower())), name)
            label, lexer = NAMES.get(language, (name, _LEXERS.get(name.lower(), name.lower())))
            title = str(item.get("label") or "")
            found.append(Sample(language, label, lexer, title if title != label else "", item["source"], ""))
    return found
