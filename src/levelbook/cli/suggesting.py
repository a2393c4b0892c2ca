"""Stubs for the notes that a review misses, written into the files of HEAD."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from levelbook.docs.output import rewrite
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.inference import spoken_table
from levelbook.loading import from_documents
from levelbook.notes import notes_of
from levelbook.pointer import file_of
from levelbook.problem import SpecError, UsageError
from levelbook.review.reviewing import review
from levelbook.review.stubs import Stub, stubs
from levelbook.review.writing import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Api
    from levelbook.cli.sides import Opened
    from levelbook.document import Document
    from levelbook.review.law import Compare
    from levelbook.review.reviewed import Reviewed

_ROUNDS = 3  # after which what no stub could declare is left as it is


@dataclass(frozen=True, slots=True)
class Suggested:
    """What was written: the stubs, and how many changes still have no note."""

    stubs: tuple[Stub, ...]
    left: int
    files: tuple[str, ...]


def suggest(before: Opened, after: Opened, reviewed: Reviewed, compare: Compare, *, prose: bool) -> Suggested:
    """Write a stub for every change that no note tells of, so that a second review finds none.

    A stub that does not turn its change back is written as one that covers it. Raises UsageError where HEAD is no
    file.
    """
    if after.place.revision is not None:
        raise UsageError(
            f"stubs are written into files, and {after.place} is a revision: leave HEAD out, or name a file"
        )
    again: Callable[[Api], Reviewed] = lambda api: review(before.api, api, compare)  # noqa: E731  # it is handed on
    api, texts, made = _settled(before.api, after, reviewed, again, prose=prose)
    for name, text in texts.items():
        rewrite(Path(name), text)
    left = sum(row.problem is not None and not row.standing.why for row in again(api).rows)
    return Suggested(tuple(made), left, tuple(texts))


def _settled(
    base: Api, after: Opened, reviewed: Reviewed, again: Callable[[Api], Reviewed], *, prose: bool
) -> tuple[Api, dict[str, str], list[Stub]]:
    """Make stubs until what they tell of is declared; give the Api as it is then, and the new texts."""
    covering: frozenset[str] = frozenset()
    api = after.api
    texts: dict[str, str] = {}
    made: list[Stub] = []
    table = spoken_table(api.levels, (note.text for note in notes_of(api)))
    for _ in range(_ROUNDS):
        made = stubs(reviewed, base, after.api, covering)
        documents = after.api.documents
        found = {
            file: written(document, [one for one in made if file_of(one.pointer) == file], table, prose=prose)
            for file, document in documents.files.items()
        }
        texts = {documents.files[file].file: text for file, text in found.items() if text != documents.files[file].text}
        try:
            api = _read(after, {file: parse(text, documents.files[file].file) for file, text in found.items()})
        except SpecError:  # what would not be read is not written
            return after.api, {}, []
        found_now = again(api)
        missing = {row.change.id for row in found_now.rows if row.problem is not None}
        failed = {name for one in made for name in one.changes if name in missing} - covering
        known = {problem.rule for problem in reviewed.others}
        astray = [problem for problem in found_now.others if problem.rule not in known]
        if not failed and not astray:
            break
        covering |= failed or {name for one in made for name in one.changes}
    return api, texts, made


def _read(after: Opened, files: dict[str, Document]) -> Api:
    """Give the Api of other texts of the same files."""
    documents = Documents(files[""], remote=after.config.remote)
    documents.files.update(files)
    table = after.api.levels if not after.api.documents.main.data.get("info", {}).get("x-levels") else None
    return from_documents(documents, levels=table)
