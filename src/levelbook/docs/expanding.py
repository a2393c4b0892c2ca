"""From a page as it is written to a page whose includes and macros in braces are done; each line keeps its place.

Macros are done where they stand, in fenced code too; a word in braces that is no macro is text. Includes and tabs stand
alone on their lines, and are text in code. Nothing of what a document says is read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from levelbook.docs.includes import Refused, Shelf
from levelbook.docs.macros import Call, calls, in_code
from levelbook.docs.tabs import END, START, TAB, Row, rows
from levelbook.problem import Location, Problem, Severity, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_INCLUDE = re.compile(r"(\s*(?:(?:[-*+]|\d+[.)])\s+)?)\{!\s*([^!{}]+?)\s*!\}\s*\Z")
_ANY_INCLUDE = re.compile(r"\{!\s*([^!{}]+?)\s*!\}")
_MARKER = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\Z")
_INDENT = re.compile(r"\s*")
_RAW = re.compile(r"\{%-?\s*(end)?raw\s*-?%\}")
_ALONE = "a line of its own"
_NO_MACRO = ("$", "#", "}", "_")  # `${x|y}` of shells, `\\frac{a}{b(c)}`: braces with a meaning of their own
_GAP = "\0"  # a blank line, where there is none already


class Speaker(Protocol):
    """Gives what macros stand for, set aside where it is made of a document."""

    @property
    def names(self) -> Collection[str]:
        """The names of the macros."""

    def say(self, call: Call) -> tuple[str, bool]:
        """Give the Markdown in place of a macro, and whether it is part of its line. Raises UsageError, Refused."""

    def in_code(self, call: Call) -> str:
        """Give what a macro stands for as code. Raises UsageError, Refused."""

    def own_tab(self, call: Call) -> tuple[str, str] | None:
        """Give the key and the label of the tab that a macro begins by itself, if it is such a one."""

    def tab(self, key: str, label: str, *, first: bool) -> str:
        """Give what begins a tab."""

    def end(self) -> str:
        """Give what ends the last tab."""


@dataclass(slots=True)
class Expander:
    """Expands one page; ``places`` are those of the lines it gave, ``problems`` what could not be done."""

    shelf: Shelf
    speaker: Speaker
    places: list[Location] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    raw: bool = False
    tabs: Location | None = None
    tab: str | None = None

    def expand(self, text: str, path: Path) -> str:
        """Give the text of a page with its macros and includes done."""
        made = list(self._file(text, (path,)))
        if self.tabs is not None:
            self._fault(self.tabs, "`{start_tabs}` has no `{end_tabs}`", "write `{end_tabs}` where the last tab ends")
            made += [(line, self.tabs) for line in self._end()]
        lines = list(_without_gaps(made))
        self.places = [place for _, place in lines]
        return "\n".join(line for line, _ in lines)

    def _file(self, text: str, chain: tuple[Path, ...]) -> Iterator[tuple[str, Location]]:
        for row in rows(text):
            where = Location(str(chain[-1]), row.line, row.column)
            indent = _INDENT.match(row.text)[0]  # type: ignore[index]  # matches anything
            if row.mark and not self.raw:
                at = Location(where.file, where.line, where.column + len(indent))
                yield from ((line if line == _GAP else f"{indent}{line}", at) for line in self._mark(row, at))
            elif not row.code and not self.raw and (include := _INCLUDE.match(row.text)):
                yield from self._include(include, where, chain)
            else:
                yield from ((line, where) for line in self._line(row, where, indent))
                self.raw = _raw_after(row.text, raw=self.raw)

    def _include(
        self, match: re.Match[str], where: Location, chain: tuple[Path, ...]
    ) -> Iterator[tuple[str, Location]]:
        """Give the lines of a fragment, each as far in as what includes it."""
        at = Location(where.file, where.line, where.column + match.end(1))
        try:
            path = self.shelf.include(match[2], chain)
            text = self.shelf.text(path)
        except Refused as refused:
            self._fault(at, refused.message, refused.hint, refused.severity, rule="include")
            return
        indent = " " * len(match[1]) if not match[1].strip() else _under(match[1])
        lead = match[1]
        for line, place in self._file(text.rstrip("\n"), (*chain, path)):
            if line == _GAP or not (line.strip() or lead.strip()):
                yield line.strip(), place
                continue
            yield f"{lead}{line}", place
            lead = indent

    def _line(self, row: Row, where: Location, indent: str) -> Iterator[str]:
        """Give a line with its macros done; what stands before and behind a block stays, on lines of its own."""
        first, *others = self._pieces(row, where)
        marker = first if others and _MARKER.match(first) else ""
        if not others or (first.strip() and not marker):
            yield from (first.rstrip() if others else first).split("\n")
        for number, piece in enumerate(others):
            if number % 2:
                yield from [indent + piece.strip()] if piece.strip() else []
                continue
            lead, inner = (marker, _under(marker)) if marker and not number else (indent, indent)
            yield from [] if marker and not number else [_GAP]
            yield from (f"{inner if number else lead}{line}".rstrip() for number, line in enumerate(piece.split("\n")))
            yield _GAP

    def _pieces(self, row: Row, where: Location) -> list[str]:
        """Give text, block, text, block, … text."""
        pieces, done = [""], 0
        for call in calls(row.text):
            made = self._said(call, row, Location(where.file, where.line, where.column + call.start))
            if made is None:
                continue
            pieces[-1] += row.text[done : call.start]
            done = call.end
            if made[1]:
                pieces[-1] += made[0]
            else:
                pieces += [made[0], ""]
        rest = row.text[done:]
        if (
            not row.code
            and not self.raw
            and (match := _ANY_INCLUDE.search(rest))
            and not in_code(row.text, done + match.start())
        ):
            at = Location(where.file, where.line, where.column + done + match.start())
            self._fault(at, f"`{match[0]}` does not stand alone", f"put it on {_ALONE}", rule="include")
        pieces[-1] += rest
        return pieces

    def _said(self, call: Call, row: Row, where: Location) -> tuple[str, bool] | None:
        """Give what a macro stands for, and whether it is part of its line; None where it is text."""
        is_raw = _raw_after(row.text[: call.start], raw=self.raw)
        if is_raw or (not row.code and in_code(row.text, call.start)):
            return None
        if call.name not in self.speaker.names:
            if not row.code:
                self._unknown(call, row, where)
            return None
        try:
            if row.code:
                return self.speaker.in_code(call), True
            text, inline = self.speaker.say(call)
        except Refused as refused:
            self._fault(where, refused.message, refused.hint, refused.severity)
            return "", True
        except UsageError as error:
            self._fault(where, str(error), "")
            return None  # what cannot be read stays to be seen
        own = self.speaker.own_tab(call) if self.tabs is not None else None
        if own is not None and own[0] != self.tab:
            text = f"{self.speaker.tab(*own, first=self.tab is None)}\n\n{text}"
            self.tab = own[0]
        return text, inline

    def _unknown(self, call: Call, row: Row, where: Location) -> None:
        """Tell of a macro that there is not; a word in braces is one only where it stands alone and nearly is one."""
        if row.text[: call.start][-1:] in _NO_MACRO or row.text[: call.start][-1:].isalnum():
            return
        known = [*self.speaker.names, "start_tabs", "end_tabs", "tab"]
        near = get_close_matches(call.name, known, 1, 0.8)
        written = row.text[call.start : call.end]
        if call.name in known:
            self._fault(where, f"`{written}` does not stand alone", f"put it on {_ALONE}")
        elif not call.is_bare or (near and row.text.strip() == written):
            hint = f"did you mean `{near[0]}`?" if near else "define it in the table `[macros]`, or write it as code"
            self._fault(where, f"there is no macro `{call.name}`", hint)

    def _mark(self, row: Row, where: Location) -> Iterator[str]:
        if row.mark == START:
            if self.tabs is not None:
                self._fault(where, f"tabs within tabs: those of line {self.tabs.line} have not ended", "")
                yield from self._end()
            self.tabs = where
        elif self.tabs is None:
            what = "{end_tabs}" if row.mark == END else f"{{tab|{row.key}}}"
            self._fault(
                where, f"`{what}` has no `{{start_tabs}}` above it", "write `{start_tabs}` where the tabs begin"
            )
        elif row.mark == TAB:
            yield from (_GAP, self.speaker.tab(row.key, row.label, first=self.tab is None), _GAP)
            self.tab = row.key
        else:
            if row.label:
                self._fault(where, "this `<div>` does not end", "write `</div>` where it ends")
            yield from self._end()

    def _end(self) -> Iterator[str]:
        if self.tab is not None:
            yield from (_GAP, *([end] if (end := self.speaker.end()) else []), _GAP)
        self.tabs = self.tab = None

    def _fault(
        self, where: Location, message: str, hint: str, severity: Severity = Severity.WARNING, rule: str = "macro"
    ) -> None:
        self.problems.append(Problem(rule, where, message, hint, severity=severity))


def _without_gaps(lines: list[tuple[str, Location]]) -> Iterator[tuple[str, Location]]:
    """Give lines with a blank one for each gap between two that are not."""
    above = ""
    for (line, place), (below, _) in pairwise([*lines, ("", Location(""))]):
        if line != _GAP or (above.strip() and below.strip()):
            above = "" if line == _GAP else line
            yield above, place


def _under(lead: str) -> str:
    """Give what stands before the further lines of a list item; Python-Markdown wants four columns."""
    return " " * (len(lead) - len(lead.lstrip()) + 4)


def _raw_after(line: str, *, raw: bool) -> bool:
    """Say whether text that Jinja2 leaves alone goes on after a line."""
    for match in _RAW.finditer(line):
        raw = not match[1]
    return raw
