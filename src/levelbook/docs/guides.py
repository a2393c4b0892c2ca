"""A project's own pages: Markdown with Jinja2, and macros that place any part of an operation anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, meta

from levelbook.docs.braces import operation_key
from levelbook.docs.expanding import Expander
from levelbook.docs.includes import FRAGMENTS
from levelbook.docs.macros import Fences
from levelbook.docs.markdown import own_pages, plain_text, relinked
from levelbook.problem import Location, Problem, SpecError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from levelbook.docs.braces import Braces
    from levelbook.docs.templates import Templates

_HEADING = re.compile(r"#\s+(.+?)\s*#*$")
_HEADER = re.compile(r"\s*\{generate_api_header\(\s*([^()]*?)\s*\)\}")
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_SECTION = re.compile(r'<h[1-6] id="([^"]+)"[^>]*>(.*?)</h[1-6]>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of the project's own, as it came from a file."""

    file: str
    title: str
    source: str
    path: Path


def read_guides(folder: Path, order: tuple[str, ...], titled: Callable[[str], str]) -> list[Guide]:
    """Read a project's own pages; the title is the first heading. Those that ``order`` names come first.

    ``titled`` gives the title of an operation, for pages that a macro gives their heading.

    Raises SpecError for a page that cannot be read, UsageError for a name in ``order`` that is no page.
    """
    found = {}
    for path in sorted(folder.glob("*.md")):
        if not path.resolve().is_relative_to(folder.resolve()):
            message, hint = "this page is a link to a file outside the folder of the pages", "put the file itself there"
            raise SpecError([Problem("page", Location(str(path)), message, hint)])
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise SpecError(
                [Problem("page", Location(str(path)), "this page is not UTF-8", "save it as UTF-8")]
            ) from None
        found[path.stem] = Guide(path.stem, _title(text, titled) or path.stem, text, path)
    for name in order:
        if name not in found:
            raise UsageError(
                f"`navigation` names `{name}`, and there is no {folder / name}.md; there are {', '.join(found)}"
            )
    return [found[name] for name in dict.fromkeys([*order, *found])]


def _title(text: str, titled: Callable[[str], str]) -> str:
    fences = Fences()
    for line in text.split("\n"):
        if fences.take(line):
            continue
        if match := _HEADER.match(line):
            return titled(operation_key(match[1]))
        if match := _HEADING.match(line):
            return re.sub(r"[`*_]", "", match[1])  # a title is no place for code
    return ""


def other_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files of a project's pages that are no pages (pictures) with their names.

    Hidden ones are left alone, and so are parts of pages.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_text = name.endswith(".md") and ("/" not in name or name.startswith(f"{FRAGMENTS}/"))
        if path.is_file() and not re.search(r"(?:^|/)[._]", name) and not is_text:
            yield name, path


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page of the project's own in one form, and what is wrong with it."""

    text: str
    problems: tuple[Problem, ...]


def render_guide(
    guide: Guide, templates: Templates, braces: Braces, values: dict[str, Any], resolve: Callable[[str], str]
) -> Rendered:
    """Give a page of the project's own as HTML, or as Markdown; ``resolve`` gives the address that a link leads to.

    Raises SpecError with the places of all faults, where there is no page because of them.
    """
    macros = braces.macros
    expander = Expander(braces.shelf, braces)
    expanded = expander.expand(guide.source, guide.path)
    known = values | macros.functions()
    try:
        text = templates.render_text(expanded, str(guide.path), escape=macros.form == "html", **known)
    except SpecError as error:
        problems = _relocated(error.problems, expanded, guide, expander, templates, known)
        raise SpecError([*problems, *expander.problems]) from None
    if macros.form == "html":
        text = _focusable(relinked(own_pages().convert(_unnested(text)), resolve))
    return Rendered(macros.restored(text), tuple(expander.problems))


def _relocated(  # noqa: PLR0913, PLR0917  # a page, what became of it, and what it may use
    problems: Collection[Problem], text: str, guide: Guide, expander: Expander, templates: Templates,
    known: Collection[str],
) -> Iterator[Problem]:  # fmt: skip
    """Give the faults that Jinja2 found in an expanded page their places in the files; each unknown value its own."""
    for problem in problems:
        line = problem.where.line
        place = expander.places[line - 1] if 0 < line <= len(expander.places) else Location(str(guide.path))
        if not _UNDEFINED.match(problem.message):
            yield replace(problem, where=place)
            continue
        yield from _unknown(text, guide, expander, templates, known) or [replace(problem, where=place)]


def _unknown(
    text: str, guide: Guide, expander: Expander, templates: Templates, known: Collection[str]
) -> list[Problem]:
    """Give a problem for each value that a page uses and that there is not."""
    try:
        names = meta.find_undeclared_variables(templates.environment.parse(text))
    except TemplateError:
        return []
    names -= {*known, *templates.environment.globals}
    sources = {str(guide.path): guide.source} | {str(path): text for path, text in expander.shelf.read.items()}
    found = {}
    for place in expander.places:
        line = sources[place.file].split("\n")[place.line - 1]
        for match in re.finditer(r"\{[{%][^{}]*?(?<![\w.])(" + "|".join(sorted(names) or ["$."]) + r")\b", line):
            near = get_close_matches(match[1], known, 1)
            hint = f"did you mean `{near[0]}`?" if near else "give it a value in the table `[values]`"
            where = Location(place.file, place.line, match.start() + 1)
            found[where] = Problem("template", where, f"'{match[1]}' is undefined", hint)
    return list(found.values())


def _unnested(text: str) -> str:
    """Turn fenced code within list items into code that is further in, which is what Python-Markdown knows there."""
    fences, lines = Fences(), []
    for line in text.split("\n"):
        was = fences.opened
        if not fences.take(line) or not fences.indent:
            lines.append(line)
        elif was and fences.opened:
            lines.append(f"{' ' * (fences.indent + 4)}{line[fences.indent :]}" if line.strip() else "")
        else:
            lines.append("")
    return "\n".join(lines)


def _focusable(html: str) -> str:
    """Let what scrolls be reached by keyboard, and tables scroll on small screens."""
    html = html.replace("<pre>", '<pre tabindex="0">')
    return html.replace("<table>", '<div class="table" tabindex="0"><table>').replace("</table>", "</table></div>")


def headings(html: str) -> list[tuple[str, str]]:
    """Give the ids and the words of the headings of a page."""
    return [(match[1], plain_text(match[2])) for match in _SECTION.finditer(html)]
