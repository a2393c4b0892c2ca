"""A project's own pages: Markdown with Jinja2, and macros that place any part of an operation anywhere.

What a macro makes is set aside while Python-Markdown runs, so that it comes out as it went in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from levelbook.docs.markdown import own_pages, plain_text
from levelbook.problem import Location, Problem, SpecError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.docs.field import Field
    from levelbook.docs.page import Page
    from levelbook.docs.templates import Templates

_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
_TAG = re.compile(r"<[a-z][^>]*>")
_ID = re.compile(r'(\s(?:id|aria-labelledby|for|name)="|\shref="#)([^"]+)')
_SECTION = re.compile(r'<h[1-6] id="([^"]+)"[^>]*>(.*?)</h[1-6]>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of the project's own, as it came from a file."""

    file: str
    title: str
    source: str
    path: Path


def read_guides(folder: Path, order: tuple[str, ...]) -> list[Guide]:
    """Read a project's own pages; the title is the first heading. Those that ``order`` names come first.

    Raises SpecError for a page that cannot be read, UsageError for a name in ``order`` that is no page.
    """
    found = {}
    for path in sorted(folder.glob("*.md")):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise SpecError(
                [Problem("page", Location(str(path)), "this page is not UTF-8", "save it as UTF-8")]
            ) from None
        heading = _HEADING.search(text)
        title = re.sub(r"[`*_]", "", heading[1]) if heading else path.stem  # a title is no place for code
        found[path.stem] = Guide(path.stem, title, text, path)
    for name in order:
        if name not in found:
            raise UsageError(
                f"`navigation` names `{name}`, and there is no {folder / name}.md; there are {', '.join(found)}"
            )
    return [found[name] for name in dict.fromkeys([*order, *found])]


def other_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files of a project's pages that are no pages (pictures) with their names; hidden ones are left alone."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not re.search(r"(?:^|/)[._]", name) and not ("/" not in name and name.endswith(".md")):
            yield name, path


class Macros:
    """The functions that a project's own page may call; each gives a part of an operation, in the form of the page.

    ``page_of`` gives the Page of an operation by its key or id, or None.
    """

    def __init__(
        self, templates: Templates, page_of: Callable[[str], Page | None], form: str, common: dict[str, Any]
    ) -> None:
        self.templates = templates
        self.page_of = page_of
        self.form = form
        self.common = common
        self.stash: list[str] = []

    def functions(self) -> dict[str, Callable[..., str]]:
        """Give the functions by their names."""
        names = (
            "operation", "request", "description", "access", "samples", "parameters", "parameter", "response",
            "answer", "errors", "example", "callbacks", "changes",
        )  # fmt: skip
        return {name: getattr(self, f"place_{name}") for name in names}

    def place_operation(self, key: str) -> str:
        """Give a link to the page of an operation."""
        page = self._page(key)
        ending = "md" if self.form == "md" else "html"
        return f"[{page.title}]({page.file}.{ending})"

    def place_request(self, key: str) -> str:
        """Give the method and the URL."""
        return self._put(key, "{{ parts.request(page) }}", "`{{ page.method }} {{ page.url }}`")

    def place_description(self, key: str) -> str:
        """Give the description."""
        return self._put(key, "{{ page.description|md_section }}", "{{ page.description|fill }}")

    def place_access(self, key: str) -> str:
        """Give who may call."""
        return self._put(key, "{{ parts.access(page) }}", "")

    def place_samples(self, key: str) -> str:
        """Give the usage examples."""
        fence = "{% for one in page.samples %}{{ one.label }}:\n\n{{ one.code|fence(one.lexer) }}\n\n{% endfor %}"
        return self._put(key, "{{ parts.samples(page) }}", fence)

    def place_parameters(self, key: str) -> str:
        """Give the table of parameters."""
        return self._put(key, "{{ parts.parameters(page) }}", '{{ parts.parameters(page, "##") }}')

    def place_parameter(self, key: str, name: str) -> str:
        """Give one parameter, or anything else on the page, by its name or id."""
        found = self._field(key, name)
        return self._put(key, "{{ fields.list([one], 0) }}", '{{ fields.list([one], "") }}', one=found)

    def place_response(self, key: str) -> str:
        """Give all answers."""
        loop = "{%% for one in page.answers %%}{{ parts.answer(one%s) }}{%% endfor %%}"
        return self._put(key, loop % "", loop % ', "##"')

    def place_answer(self, key: str, status: str) -> str:
        """Give one answer, with its return values and examples."""
        found = next((one for one in self._page(key).answers if one.status == str(status)), None)
        if found is None:
            raise UsageError(
                f"{key} has no status {status}; it has {', '.join(one.status for one in self._page(key).answers)}"
            )
        return self._put(key, "{{ parts.answer(one) }}", '{{ parts.answer(one, "##") }}', one=found)

    def place_errors(self, key: str) -> str:
        """Give the table of errors."""
        return self._put(
            key,
            "{{ parts.errors(page) }}",
            "{% for row in page.errors %}* {{ row.status }} {{ row.name }}: {{ row.description|oneline }}\n"
            "{% endfor %}",
        )

    def place_example(self, key: str, status: str, number: int = 1) -> str:
        """Give an example response."""
        answers = [one for one in self._page(key).answers if one.status == str(status)]
        texts = [example.text for one in answers for example in one.examples]
        texts += [
            text
            for one in answers
            for content in one.contents
            if content.value
            for member in content.value.members
            for text in member.examples
        ]
        if not 1 <= number <= len(texts):
            raise UsageError(f"{key} has {len(texts)} examples for {status}, and number {number} is asked for")
        code = '<div class="code"><pre tabindex="0"><code>{{ one|code("json") }}</code></pre></div>'
        return self._put(key, code, '{{ one|fence("json") }}', one=texts[number - 1])

    def place_callbacks(self, key: str) -> str:
        """Give the callbacks."""
        return self._put(key, "{% for one in page.callbacks %}{{ parts.callback(one) }}{% endfor %}", "")

    def place_changes(self, key: str) -> str:
        """Give the changes as a timeline."""
        lines = (
            "{% for moment in page.timeline %}{% for event in moment.events %}"
            "* {{ moment.level }}: {{ event.change.text|oneline }}\n{% endfor %}{% endfor %}"
        )
        return self._put(key, "{{ parts.timeline(page) }}", lines)

    def _page(self, key: str) -> Page:
        page = self.page_of(key)
        if page is None:
            raise UsageError(f"the document has no operation `{key}`; name one as METHOD /path, or by its operationId")
        return page

    def _field(self, key: str, name: str) -> Field:
        every = list(self._page(key).fields())
        found = next((one for one in every if name in (one.id, one.name)), None)
        if found is None:
            raise UsageError(f"{key} has no `{name}`; it has {', '.join(one.name for one in every[:8] if one.name)}")
        return found

    def _put(self, key: str, html: str, markdown: str, **values: Any) -> str:
        page = self._page(key)
        kind = "md" if self.form == "md" else "html"
        source = (
            f'{{% import "parts.{kind}" as parts with context %}}{{% import "fields.{kind}" as fields with context %}}'
        )
        made = self.templates.render_part(
            source + (markdown if kind == "md" else html), kind, page=page, **self.common, **values
        )
        if kind == "md":
            return made.strip()
        made = _TAG.sub(lambda tag: _ID.sub(lambda match: f"{match[1]}{page.file}-{match[2]}", tag[0]), made)
        self.stash.append(made)
        return f"\n\nlevelbookstash{len(self.stash) - 1}x\n\n"

    def restored(self, html: str) -> str:
        """Put what was set aside back into the HTML of the page."""
        return re.sub(r"(?:<p>)?levelbookstash(\d+)x(?:</p>)?", lambda match: self.stash[int(match[1])], html)


def render_guide(guide: Guide, templates: Templates, macros: Macros, values: dict[str, Any]) -> str:
    """Give a page of the project's own as HTML, or as Markdown. Raises SpecError with the place of a fault."""
    text = templates.render_text(guide.source, str(guide.path), **values, **macros.functions())
    return text if macros.form == "md" else macros.restored(_focusable(own_pages().convert(text)))


def _focusable(html: str) -> str:
    """Let what scrolls be reached by keyboard, and tables scroll on small screens."""
    html = html.replace("<pre>", '<pre tabindex="0">')
    return html.replace("<table>", '<div class="table" tabindex="0"><table>').replace("</table>", "</table></div>")


def headings(html: str) -> list[tuple[str, str]]:
    """Give the ids and the words of the headings of a page."""
    return [(match[1], plain_text(match[2])) for match in _SECTION.finditer(html)]
