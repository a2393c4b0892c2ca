"""Tabs on a project's own pages: ``{start_tabs}`` to ``{end_tabs}``, and the same as ``<div class="code-section">``.

Both become rows of one kind: lines of text, and the marks where tabs begin and end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from levelbook.docs.macros import Fences

if TYPE_CHECKING:
    from collections.abc import Iterator

START, TAB, END = "start", "tab", "end"
_SECTION = re.compile(r"""\s*<div\b[^>]*\sclass=["'][^"']*\bcode-section\b[^>]*>""")
_NAMED = re.compile(r"""<li\b[^>]*\sdata-language=["']([^"']+)["'][^>]*>(.*?)</li>""")
_PANEL = re.compile(r"""(\s*)<div\b[^>]*\sdata-language=["']([^"']+)["'][^>]*>(.*)""")
_DIV = re.compile(r"<(/?)div\b[^>]*>")
_LIST = re.compile(r"\s*</?ul\b[^>]*>\s*|\s*<li\b.*?</li>\s*")
_MARK = re.compile(r"(\s*)\{(?:(start)_tabs|(end)_tabs|(tab)\|([^{}|]+))\}\s*\Z")
_NAMES = {"js": "javascript", "py": "python", "sh": "bash", "shell": "bash"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page, or a mark of tabs: ``mark`` is its kind, ``key`` and ``label`` are those of the tab.

    The text of a mark is how it is written in braces.

    ``line`` and ``column`` say where the text begins in its file; they count from 1.
    """

    text: str
    line: int
    column: int = 1
    mark: str = ""
    key: str = ""
    label: str = ""
    code: bool = False


def language(name: str) -> str:
    """Give the one name of a language that has several."""
    return _NAMES.get(name.lower(), name)


def rows(text: str) -> Iterator[Row]:
    """Give the lines of a page, with the marks of its tabs."""
    fences, section = Fences(), _Section()
    for number, line in enumerate(text.split("\n"), 1):
        if fences.take(line):
            yield Row(line, number, code=True)
        elif section.depth or _SECTION.match(line):
            yield from section.take(line, number)
        elif mark := _MARK.match(line):
            kind = mark[2] or mark[3] or mark[4]
            key = (mark[5] or "").strip()
            yield Row(line, number, 1, kind, language(key))
        else:
            yield Row(line, number)
    if section.depth:
        yield Row("", section.begun, 1, END, label="unclosed")


@dataclass(slots=True)
class _Section:
    """A ``<div class="code-section">`` as it is read: a list of languages, then a ``<div>`` for each of them."""

    depth: int = 0
    panel: int = 0  # the depth within the panel at hand; 0 outside
    begun: int = 0
    labels: dict[str, str] = field(default_factory=dict)

    def take(self, line: str, number: int) -> Iterator[Row]:
        """Read a line; what belongs to the markup is left out."""
        if not self.depth:
            self.begun = number
            yield Row("", number, mark=START)
            self.depth, line = 1, line[_SECTION.match(line).end() :]  # type: ignore[union-attr]  # seen by the caller
            if not line.strip():
                return
        if not self.panel and (match := _PANEL.match(line)):
            self.depth, self.panel = self.depth + 1, self.depth + 1
            yield Row("", number, match.end(1) + 1, TAB, language(match[2]), self.labels.get(match[2], ""))
            line = match[3].lstrip()
            if line:
                yield from self._content(line, number, match.end() - len(line) + 1)
            return
        if not self.panel:
            self.labels |= {match[1]: match[2].strip() for match in _NAMED.finditer(line)}
            line = _LIST.sub("", line)
            if not line.strip():
                return
        yield from self._content(line, number, 1)

    def _content(self, line: str, number: int, column: int) -> Iterator[Row]:
        """Give a line without the tags that open and close what lies around it."""
        kept, last, ended = [], 0, False
        for match in _DIV.finditer(line):
            inside = bool(self.panel)
            self.depth += -1 if match[1] else 1
            closes = match[1] and self.depth < self.panel
            if inside and not closes:
                continue
            kept.append(line[last : match.start()])
            last = match.end()
            self.panel = 0 if closes else self.panel
            ended = ended or not self.depth
        text = "".join([*kept, line[last:]])
        if text.strip() or not kept:
            yield Row(text, number, column)
        if ended:
            self.labels = {}
            yield Row("", number, mark=END)
