"""The languages that samples can be made in: the theme's, and those that a project adds as templates.

>>> chosen(["curl", "go"], LANGUAGES, "levelbook.toml")[1]
Language(name='go', label='Go', lexer='go', suffix='.go')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_COMMENT = re.compile(r"\{#-?\s*(.*?)\s*-?#\}", re.DOTALL)
_SETTING = re.compile(r"\b(label|lexer|suffix):\s*([^;]*?)\s*(?:;|\Z)")


@dataclass(frozen=True, slots=True)
class Language:
    """A language: the name of its template, what readers call it, its Pygments lexer, and the ending of a file."""

    name: str
    label: str
    lexer: str
    suffix: str


_OWN = (
    Language("curl", "curl", "bash", ".sh"),
    Language("httpie", "HTTPie", "bash", ".sh"),
    Language("python-requests", "Python (requests)", "python", ".py"),
    Language("python-httpx", "Python (httpx)", "python", ".py"),
    Language("javascript", "JavaScript", "javascript", ".mjs"),
    Language("node", "Node.js", "javascript", ".mjs"),
    Language("go", "Go", "go", ".go"),
    Language("java", "Java", "java", ".java"),
    Language("ruby", "Ruby", "ruby", ".rb"),
    Language("php", "PHP", "php", ".php"),
    Language("csharp", "C#", "csharp", ".cs"),
    Language("rust", "Rust", "rust", ".rs"),
    Language("http", "HTTP", "http", ".http"),
)
LANGUAGES: Mapping[str, Language] = {language.name: language for language in _OWN}


def languages(templates: Path | None = None) -> dict[str, Language]:
    """Give all languages by name: the theme's, and those of ``samples/<name>.j2`` in a project's templates.

    A template may begin with a comment that says what the language is called, and how it is shown:
    ``{# label: Kotlin; lexer: kotlin; suffix: .kt #}``.
    """
    found = dict(LANGUAGES)
    folder = templates / "samples" if templates else None
    for path in sorted(folder.glob("*.j2")) if folder and folder.is_dir() else ():
        known = found.get(path.stem, Language(path.stem, path.stem, "text", f".{path.stem}"))
        comment = _COMMENT.match(path.read_text(encoding="utf-8", errors="replace"))
        said = dict(_SETTING.findall(comment[1])) if comment else {}
        found[path.stem] = Language(
            path.stem, said.get("label", known.label), said.get("lexer", known.lexer), said.get("suffix", known.suffix)
        )
    return found


def chosen(names: Iterable[str], known: Mapping[str, Language], where: str) -> list[Language]:
    """Give the languages with these names; ``where`` is what a message names. Raises UsageError."""
    for name in names:
        if name not in known:
            near = [one for one in known if one.startswith(name)] or get_close_matches(name, list(known), 1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"{where}: there is no language `{name}`; {hint}")
    return [known[name] for name in dict.fromkeys(names)]
