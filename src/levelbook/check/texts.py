"""Every text that may hold a note, ready for the rules on notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from levelbook.inference import infer_table
from levelbook.notes import IS_TEXT
from levelbook.pointer import join
from levelbook.problem import Location
from levelbook.prose import Grammar, Piece, anchors_in, grammar_of, split_prose
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from levelbook.api import Api
    from levelbook.levels import LevelTable


@dataclass(frozen=True, slots=True)
class Text:
    """A description, or a page of the project: where its characters stand, and what it is cut into."""

    text: str
    where: Callable[[int], Location]
    pointer: str = ""
    element: dict[str, Any] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()

    def notes(self) -> Iterator[Piece]:
        """Give the notes in the text."""
        return (piece for piece in self.pieces if piece.is_note)


class NoteTexts:
    """Every text that may hold notes, and the level table they are judged by: the document's, else an inferred one."""

    def __init__(self, api: Api, pages: Iterable[Path] = ()) -> None:
        self.api = api
        self.grammar = grammar_of(api.levels)
        self.described = list(_descriptions(api, self.grammar))
        self.pages = [page for path in pages if (page := read_page(path, self.grammar)) is not None]

    @cached_property
    def table(self) -> LevelTable:
        """The table that says which release holds which level."""
        if any(release.level is not None for release in self.api.levels.releases):
            return self.api.levels
        return infer_table(
            anchor
            for text in self.described
            for piece in text.notes()
            for anchor in anchors_in(piece.text, self.grammar)
        )

    @cached_property
    def keeps_notes(self) -> bool:
        """Whether the document speaks of levels at all: it has a table, or a note."""
        return (
            bool(self.api.levels.releases)
            or any(True for text in self.described for _ in text.notes())
            or any(True for _ in self.structured())
        )

    def structured(self) -> Iterator[tuple[Any, str, dict[str, Any], str]]:
        """Give each structured note with its pointer, its element, and the element's pointer."""
        for file, document in self.api.documents.files.items():
            for pointer, element in walk(document.data, f"{file}#" if file else ""):
                if "x-changes" in element:
                    changes = element["x-changes"]
                    for index, change in enumerate(changes if isinstance(changes, list) else [changes]):
                        at = (
                            join(pointer, "x-changes", index)
                            if isinstance(changes, list)
                            else join(pointer, "x-changes")
                        )
                        yield change, at, element, pointer


def read_page(path: Path, grammar: Grammar) -> Text | None:
    """Read a page of the project; None where it cannot be read, which the build says."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None

    def where(offset: int) -> Location:
        return Location(str(path), text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))

    return Text(text, where, pieces=tuple(split_prose(text, grammar)))


def _descriptions(api: Api, grammar: Grammar) -> Iterator[Text]:
    for file, document in api.documents.files.items():
        for pointer, element in walk(document.data, f"{file}#" if file else ""):
            for key, text in element.items():
                if isinstance(text, str) and IS_TEXT.search(key):
                    yield Text(
                        text, _place_in(api, join(pointer, key)), pointer, element, tuple(split_prose(text, grammar))
                    )


def _place_in(api: Api, at: str) -> Callable[[int], Location]:
    return lambda offset: api.documents.locate_text(at, offset)
