"""The search index: what pages are called, and where each parameter, field and error stands.

It is JavaScript, for a page that is opened from a folder may load scripts, but no data. A site whose index is large has
it in pieces: one with the titles, and one for each first letter of a name.
"""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.docs.field import Field
    from levelbook.docs.labels import Labels
    from levelbook.docs.page import Page, SchemaPage

_PREFIX = re.compile(
    r"^(?:callback-.*?-)?(?:parameter|response|error|schema|body|header)(?:-(?:\d{3}|[1-5]XX|default))?-"
)
_LARGEST = 100_000  # gzipped bytes of an index in one piece
_LABELS = (
    "search", "search_hint", "search_none", "search_operation", "search_parameter", "search_field", "search_error",
    "search_page", "close",
)  # fmt: skip


class Index:
    """Collects what can be found; ``labels`` are the words of the dialog."""

    def __init__(self, labels: Labels) -> None:
        self.labels = {key: labels(key) for key in _LABELS}
        self.pages: list[list[str]] = []  # file, title, what it is: the key of an operation, or nothing
        self.names: list[list[str]] = []  # the ids of each page, those of parameters, fields and errors

    def add(self, page: Page) -> None:
        """Take in the page of an operation."""
        errors = [row.href[1:] for row in page.errors if row.name]
        ids = [_row(one) for one in page.fields() if one.name and not one.id.startswith("server-")]
        self._add(page.file, page.title, page.key, dict.fromkeys([*ids, *(one for one in errors if one not in ids)]))

    def add_schema(self, page: SchemaPage) -> None:
        """Take in the page of a schema."""
        self._add(page.file, page.name, "", [_row(one) for one in page.field.within() if one.name])

    def add_text(self, file: str, title: str, headings: Iterable[tuple[str, str]]) -> None:
        """Take in a page of text, with the ids and words of its headings."""
        self._add(file, title, "", [f"{id_}\t{words}" for id_, words in headings])

    def _add(self, file: str, title: str, key: str, ids: Iterable[str]) -> None:
        self.pages.append([file, title, key])
        self.names.append(list(ids))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give the files of the index with their names."""
        whole = _script("index", [self.labels, self.pages, ["\n".join(ids) for ids in self.names]])
        if len(gzip.compress(whole, 6)) <= _LARGEST:
            yield "assets/search.js", whole
            return
        pieces: dict[str, list[list[object]]] = {}
        for number, ids in enumerate(self.names):
            for id_ in ids:
                letter = _letter(id_)
                rows = pieces.setdefault(letter, [])
                if not rows or rows[-1][0] != number:
                    rows.append([number, id_])
                else:
                    rows[-1][1] = f"{rows[-1][1]}\n{id_}"
        yield "assets/search.js", _script("index", [self.labels, self.pages, sorted(pieces)])
        for letter, rows in sorted(pieces.items()):
            yield f"assets/search-{letter}.js", _script("piece", [letter, rows])


def _row(one: Field) -> str:
    """Give the id of a field, with its name where the id does not end with it: one of several of that name."""
    return one.id if one.id.endswith(one.name) else f"{one.id}\t\t{' '.join(one.name.split())}"


def name_of(id_: str) -> str:
    """Give the name that an id was made from, as the script of the search does."""
    return _PREFIX.sub("", id_)


def _letter(row: str) -> str:
    """Give the piece that a name belongs to: its first letter or digit, as a file name may have it."""
    id_, *told = row.split("\t")
    name = told[-1] if told else re.split(r"[.\]]", name_of(id_))[-1]
    letter = re.search(r"[^\W_]", name)
    return letter[0].lower() if letter and letter[0].isascii() else "0"


def _script(function: str, values: list[object]) -> bytes:
    return f"levelbook.{function}(".encode() + orjson.dumps(values)[1:-1].replace(b"</", b"<\\/") + b");\n"
