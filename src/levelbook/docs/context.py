"""What all pages of a site are made with: the API, its notes, the words, and the names of files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from levelbook.docs.conventions import Conventions
from levelbook.docs.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api, Operation
    from levelbook.docs.labels import Labels
    from levelbook.notes import Note

_UNSAFE = re.compile(r"[^\w.]+")
_LONGEST = 100  # characters of a file name: many file systems take 255 bytes
FIXED = frozenset({
    "index", "changelog", "404", "llms", "llms-full", "openapi", "overlay", "links", "nav", "sitemap", "assets", "at",
})  # fmt: skip
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)  # no file of Windows is called so


@dataclass(slots=True)
class Context:
    """What all pages of a site are made with; ``schema_pages`` are the files of the component schemas asked for."""

    api: Api
    notes: dict[str, list[Note]]
    labels: Labels
    files: dict[str, str]
    api_url: str = ""
    conventions: Conventions = field(default_factory=Conventions)
    own_pages: frozenset[str] = frozenset()  # names that pages of the project's own have
    schema_pages: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # pointer of an element -> address of where it is shown
    shown: dict[str, str] = field(default_factory=dict)  # what the last page shows: ids by pointers

    def schema_page(self, pointer: str) -> str:
        """Give the address of the page of a component schema, which is then made."""
        if pointer not in self.schema_pages:
            name = slug(pointer.rpartition("/")[2], "schema")
            taken = {file.lower() for file in (*self.schema_pages.values(), *self.files.values(), *self.own_pages)}
            self.schema_pages[pointer] = unused(f"schema-{name}", taken)
        return f"{self.schema_pages[pointer]}.html"

    def learn(self, found: dict[str, str], file: str) -> None:
        """Take note of what a page shows: the ids of elements by their pointers."""
        self.shown = found
        for pointer, id_ in found.items():
            self.places.setdefault(pointer, f"{file}.html#{id_}" if id_ else f"{file}.html")

    def fields(self) -> Fields:
        """Give what makes the fields of a new page."""
        standard = frozenset(self.conventions.standard_fields)
        return Fields(self.api, self.notes, self.labels, self.schema_page, standard)

    def operation_href(self, target: str) -> tuple[str, str]:
        """Give the key and the page of the operation that a link names, by its id or by a reference."""
        found = self.api.operation(target)
        if found is None and "#" in target:
            at = target if not target.startswith("#") else target[1:]
            found = next((one for one in self.api.operations if one.pointer == at), None)
        if found is None:
            return target, ""
        return found.key, f"{self.files[found.pointer]}.html"


def slug(text: str, otherwise: str = "operation") -> str:
    """Give a text as a file name: nothing but letters, digits, dots and dashes."""
    made = _UNSAFE.sub("-", text).strip("-.")[:_LONGEST].rstrip("-.") or otherwise
    return f"{otherwise}-{made}" if _DEVICES.match(made) else made


def unused(base: str, taken: set[str]) -> str:
    """Give a file name that is not taken; some file systems do not tell cases apart."""
    name, number = base, 2
    while name.lower() in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def file_names(operations: Iterable[Operation]) -> dict[str, str]:
    """Give each operation, by its pointer, a file name: its ``operationId``, else a slug; no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set(FIXED)
    for operation in operations:
        name = unused(slug(operation.id or f"{operation.method.lower()}{operation.path}"), taken)
        taken.add(name.lower())
        names[operation.pointer] = name
    return names
