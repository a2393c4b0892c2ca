"""The functions that place any part of an operation on a project's own page, in the form of that page.

What one makes is set aside while Jinja2 and Python-Markdown run, so that it comes out as it went in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.docs.field import Field
    from levelbook.docs.page import Page
    from levelbook.docs.templates import Templates

_OWN_ID = re.compile(r'\sid="([^"]+)"')
_IN_HTML = re.compile(r"(?:<p>)?levelbookstash(\d+)x(?:</p>)?")
_IN_MARKDOWN = re.compile(r"levelbookstash(\d+)x")
_MARKER = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\Z")
_TAG = re.compile(r"<[a-z][^>]*>")
_ID = re.compile(r'(\s(?:id|aria-labelledby|for|name)="|\shref="#)([^"]+)')
_HREF = ' href="#'


class Macros:
    """The functions that a project's own page may call; each gives a part of an operation, in the form of the page.

    ``page_of`` gives the Page of an operation by its key or id, or raises UsageError. ``home`` is the file of the own
    page: where it is that of an operation, the parts of this one have the ids of a page of the reference.
    """

    def __init__(
        self,
        templates: Templates,
        page_of: Callable[[str], Page],
        form: str,
        common: dict[str, Any],
        *,
        home: str = "",
    ) -> None:
        self.templates = templates
        self.page_of = page_of
        self.form = form
        self.common = common
        self.home = home
        self.stash: list[str] = []
        self.pages: dict[str, Page] = {}
        self.ids: set[str] = set()

    def in_markdown(self) -> Macros:
        """Give the same for a page in Markdown."""
        made = Macros(self.templates, self.page_of, "md", self.common, home=self.home)
        made.pages = self.pages
        return made

    def functions(self) -> dict[str, Callable[..., str]]:
        """Give the functions by their names."""
        names = (
            "operation", "request", "description", "access", "samples", "parameters", "parameter", "response",
            "answer", "errors", "example", "callbacks", "changes",
        )  # fmt: skip
        return {name: getattr(self, f"place_{name}") for name in names}

    def place_operation(self, key: str) -> str:
        """Give a link to the page of an operation."""
        page = self.page(key)
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
        return self._put(key, "{{ parts.access(page) }}", "{{ parts.access(page) }}")

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
        found = next((one for one in self.page(key).answers if one.status == str(status)), None)
        if found is None:
            raise UsageError(
                f"{key} has no status {status}; it has {', '.join(one.status for one in self.page(key).answers)}"
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
        answers = [one for one in self.page(key).answers if one.status == str(status)]
        texts = [(example.text, example.lexer) for one in answers for example in one.examples]
        texts += [
            (text, "json")
            for one in answers
            for content in one.contents
            if content.value
            for member in content.value.members
            for text in member.examples
        ]
        if not 1 <= number <= len(texts):
            raise UsageError(f"{key} has {len(texts)} examples for {status}, and number {number} is asked for")
        code = '<div class="code"><pre tabindex="0"><code>{{ one[0]|code(one[1]) }}</code></pre></div>'
        return self._put(key, code, "{{ one[0]|fence(one[1]) }}", one=texts[number - 1])

    def place_callbacks(self, key: str) -> str:
        """Give the callbacks."""
        loop = "{%% for one in page.callbacks %%}{{ parts.callback(one%s) }}{%% endfor %%}"
        return self._put(key, loop % "", loop % ', "##"')

    def place_changes(self, key: str) -> str:
        """Give the changes as a timeline."""
        lines = (
            "{% for moment in page.timeline %}{% for event in moment.events %}"
            "* {{ moment.level }}: {{ event.change.text|oneline }}\n{% endfor %}{% endfor %}"
        )
        return self._put(key, "{{ parts.timeline(page) }}", lines)

    def page(self, key: str) -> Page:
        """Give the Page of an operation by its key or id. Raises UsageError."""
        if key not in self.pages:
            self.pages[key] = self.page_of(key)
        return self.pages[key]

    def _field(self, key: str, name: str) -> Field:
        every = list(self.page(key).fields())
        found = next((one for one in every if name in (one.id, one.name)), None)
        if found is None:
            raise UsageError(f"{key} has no `{name}`; it has {', '.join(one.name for one in every[:8] if one.name)}")
        return found

    def _put(self, key: str, html: str, markdown: str, **values: Any) -> str:
        made = self.printed(key, html, markdown, **values)
        return made if self.form == "md" else f"\n\n{self.aside(made)}\n\n"

    def printed(self, key: str, html: str, markdown: str, **values: Any) -> str:
        """Print one of two pieces of a template, by the form of the page, with the Page of an operation."""
        page = self.page(key)
        made = self.piece(markdown if self.form == "md" else html, page=page, **values)
        if self.form == "md":
            return made
        ids = set(_OWN_ID.findall(made))
        prefix = self._prefix(page.file, ids)

        def put(match: re.Match[str]) -> str:
            if match[1] == _HREF and match[2] not in ids and page.file != self.home:  # it stands on the page itself
                return f' href="{page.file}.html#{match[2]}'
            return f"{match[1]}{prefix}{match[2]}"

        return _TAG.sub(lambda tag: _ID.sub(put, tag[0]), made)

    def _prefix(self, file: str, ids: set[str]) -> str:
        """Give what ids begin with, so that none of them stands on the page already."""
        prefix, number = "" if file == self.home else f"{file}-", 2
        while self.ids & {f"{prefix}{id_}" for id_ in ids}:
            prefix, number = f"{file}-{number}-", number + 1
        self.ids |= {f"{prefix}{id_}" for id_ in ids}
        return prefix

    def piece(self, source: str, **values: Any) -> str:
        """Print a piece of a template that may use the parts of the theme."""
        kind = "md" if self.form == "md" else "html"
        imports = "".join(
            f'{{% import "{name}.{kind}" as {name} with context %}}' for name in ("parts", "fields", "macros")
        )
        made = self.templates.render_part(imports + source, kind, **self.common, **values)
        return made.strip() if kind == "md" else made

    def aside(self, made: str) -> str:
        """Set something aside; give what stands in its place until ``restored``."""
        self.stash.append(made)
        return f"levelbookstash{len(self.stash) - 1}x"

    def restored(self, text: str) -> str:
        """Put what was set aside back into the page; in Markdown, as far in as where it stood."""
        if self.form == "md":
            return _IN_MARKDOWN.sub(self._indented, text)
        return _IN_HTML.sub(lambda match: self.stash[int(match[1])], text)

    def _indented(self, match: re.Match[str]) -> str:
        lead = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
        indent = " " * (len(lead) - len(lead.lstrip()) + (4 if _MARKER.match(lead) else 0))
        return re.sub(r"\n(?!\n)", f"\n{indent}", self.stash[int(match[1])])
