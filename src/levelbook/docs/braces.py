"""What the macros in braces stand for: the parts of an operation that the functions place, by other names.

An operation is named ``/path:method``, as ``METHOD /path`` or by its id.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING

from markupsafe import escape
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from levelbook.docs.arguments import read_arguments
from levelbook.docs.includes import Refused
from levelbook.docs.macros import read_options
from levelbook.docs.tabs import language
from levelbook.problem import Severity, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.docs.includes import Shelf
    from levelbook.docs.macros import Call, Vocabulary
    from levelbook.docs.placing import Macros
    from levelbook.docs.sample import Sample

    Chosen = Callable[[str, str, dict[str, tuple[str, ...]]], Sample | None]

_OPERATION = re.compile(r"(/.*):([A-Za-z]+)\Z")
_KNOWN = (
    "generate_api_header", "generate_code_example", "generate_api_arguments_table", "generate_return_values_table",
    "generate_parameter_description", "generate_response_description",
)  # fmt: skip


def operation_key(name: str) -> str:
    """Give the key of the operation that a macro names.

    >>> operation_key("/users/{id}:get"), operation_key("get-user")
    ('GET /users/{id}', 'get-user')
    """
    match = _OPERATION.match(name)
    return f"{match[2].upper()} {match[1]}" if match else name


class Braces:
    """Speaks the macros of one page; what it makes of a document is set aside by ``macros``.

    ``document`` is the file name of the document, ``chosen`` makes a sample with some parameters of an operation.
    """

    def __init__(self, macros: Macros, shelf: Shelf, vocabulary: Vocabulary, document: str, chosen: Chosen) -> None:
        self.macros = macros
        self.shelf = shelf
        self.vocabulary = vocabulary
        self.document = document
        self.chosen = chosen
        self.names = (*_KNOWN, *vocabulary.macros)
        self.group = 0

    def say(self, call: Call) -> tuple[str, bool]:
        """Give the Markdown in place of a macro, and whether it is part of its line. Raises UsageError, Refused."""
        if call.name in self.vocabulary.macros:
            text = self._own(call)
            return text, "\n" not in text
        made = self._made(call)
        return (self.macros.aside(made), False) if made.strip() else ("", True)

    def in_code(self, call: Call) -> str:
        """Give what a macro stands for as code: its Markdown. Raises UsageError, Refused."""
        if call.name in self.vocabulary.macros:
            return self._own(call)
        plain = Braces(self.macros.in_markdown(), self.shelf, self.vocabulary, self.document, self.chosen)
        text = plain._made(call)  # noqa: SLF001  # one of us
        return self.macros.aside(text if self.macros.form == "md" else str(escape(text)))

    def own_tab(self, call: Call) -> tuple[str, str] | None:
        """Give the key and the label of the tab that a usage example begins by itself."""
        if call.name != "generate_code_example" or call.parts[-1] != "example":
            return None
        samples = self._samples(call)
        return samples[0].language, samples[0].label

    def tab(self, key: str, label: str, *, first: bool) -> str:
        """Give what begins a tab."""
        self.group += first
        name = label or self.vocabulary.tabs.get(key) or _label(key)
        piece = "{{ macros.tab(group, key, name, first) }}"
        made = self.macros.piece(piece, group=f"tabs-{self.group}", key=key, name=name, first=first)
        return self.macros.aside(made)

    def end(self) -> str:
        """Give what ends the last tab; nothing in Markdown."""
        made = self.macros.piece("{{ macros.end() }}")
        return self.macros.aside(made) if made.strip() else ""

    def _own(self, call: Call) -> str:
        """Give the text of a macro of the project's own."""
        found = self.vocabulary.macros[call.name]
        arguments = [*([call.options] if call.options else []), *call.parts]
        if isinstance(found, dict):
            first = arguments.pop(0) if arguments else ""
            if first not in found:
                near = get_close_matches(first, found, 1)
                hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(found)}"
                raise Refused(f"the macro `{call.name}` has no `{first}`", hint, Severity.WARNING)
            found = found[first]
        places = found.count("{}")
        if places != len(arguments):
            raise UsageError(f"`{call.name}` takes {places} arguments, and is given {len(arguments)}")
        for argument in arguments:
            found = found.replace("{}", argument, 1)
        return found.strip("\n")

    def _made(self, call: Call) -> str:
        if call.name == "generate_code_example":
            return self._example(call)
        if call.name.endswith("_table"):
            return self._table(call)
        key = self._key(call.options or "|".join(call.parts))
        put = self.macros.printed
        if call.name == "generate_api_header":
            return put(key, "{{ macros.header(page) }}", "{{ macros.header(page) }}")
        value = "page.after_parameters" if call.name == "generate_parameter_description" else "page.after_response"
        return put(key, f"{{{{ {value}|md_section }}}}", f"{{{{ {value}|fill }}}}")

    def _table(self, call: Call) -> str:
        if len(call.parts) != 2:
            raise UsageError(f"`{call.name}` takes a document and an operation: {{{call.name}|FILE|/path:method}}")
        file, name = call.parts
        if PurePath(file).name == self.document:
            part = "arguments" if call.name == "generate_api_arguments_table" else "returns"
            return self.macros.printed(self._key(name), *2 * [f"{{{{ macros.{part}(page) }}}}"])
        if call.name == "generate_api_arguments_table" and file.endswith(".json"):
            rows = read_arguments(self.shelf, file, name)
            return self.macros.piece("{{ macros.table(rows) }}", rows=rows)
        raise Refused(f"`{file}` is not the document", f"the document is `{self.document}`", Severity.WARNING)

    def _example(self, call: Call) -> str:
        if len(call.parts) != 2 or call.parts[1] not in ("example", "fixture"):
            raise UsageError(f"`{call.name}` takes an operation, and `example` or `fixture`")
        if call.parts[1] == "fixture":
            return self.macros.printed(self._key(call.parts[0]), *2 * ["{{ macros.fixtures(page) }}"])
        piece = "{{ macros.samples(list) }}"
        return self.macros.printed(self._key(call.parts[0]), piece, piece, list=self._samples(call))

    def _samples(self, call: Call) -> tuple[Sample, ...]:
        """Give the usage examples that a macro asks for."""
        key = self._key(call.parts[0])
        options = read_options(call.options)
        if options is None or set(options[1]) - {"include", "exclude"}:
            raise UsageError(f"`{call.options}` is no language with lists of parameters to `include` or `exclude`")
        wanted = language(options[0])
        page = self.macros.page(key)
        if options[1]:
            parameters = {one.name for one in page.fields()}
            for name in (name for names in options[1].values() for name in names if name not in parameters):
                raise UsageError(f"{page.key} has no parameter `{name}`")
            made = self.chosen(page.key, wanted, options[1])
            if made is None:
                raise UsageError(f"examples in {wanted or 'no language'} are not made with chosen parameters")
            return (made,)
        found = tuple(one for one in page.samples if not wanted or one.language == wanted)
        if not found:
            there = ", ".join(name for name, _ in page.languages) or "none"
            raise Refused(
                f"{page.key} has no usage example in {wanted}",
                f"write a snippet into the folder `{wanted}` of the examples; there are {there}",
                Severity.WARNING,
            )
        return found

    def _key(self, name: str) -> str:
        key = operation_key(name)
        self.macros.page(key)
        return key


def _label(key: str) -> str:
    """Give the label of a tab: the name of a language, else the key as it stands."""
    try:
        return str(get_lexer_by_name(key).name)
    except ClassNotFound:
        return key
