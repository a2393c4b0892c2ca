"""The Page: everything that is printed of one operation, in reading order, as plain values.

Two sets of templates print it, one as Markdown and one as HTML. Texts are Markdown as the document has them;
ids never come from positions, so that links survive edits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.levels import Level


@dataclass(frozen=True, slots=True)
class Change:
    """A change note of an element: its level and release, and its sentence in Markdown."""

    level: Level | None
    release: str | None
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, a form field, a header, a return value, or something inside one of them.

    ``presence`` is ``required`` or ``optional`` in a request, ``always``, ``optional`` or ``may be null`` in an
    answer. ``fields`` are those of the value, or of what a list or a map holds; ``members`` are those of a union, each
    named by what tells it apart. ``same_as`` is the id of the place on the page where the same schema's fields stand.
    """

    name: str
    id: str
    types: str
    presence: str = ""
    place: str = ""
    description: str = ""
    changes: tuple[Change, ...] = ()
    examples: tuple[str, ...] = ()
    default: str = ""
    enum: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    deprecated: bool = False
    fields: tuple[Field, ...] = ()
    members: tuple[Field, ...] = ()
    same_as: str = ""

    @property
    def since(self) -> str:
        """The release and level in which the element was added, if a note says so."""
        added = next((change for change in self.changes if change.kind == "added"), None)
        if added is None:
            return ""
        return " · ".join(str(part) for part in (added.release, added.level) if part is not None)


@dataclass(frozen=True, slots=True)
class Sample:
    """A usage example in one language; ``lexer`` is its Pygments name, ``origin`` where it comes from."""

    language: str
    label: str
    lexer: str
    title: str
    code: str
    origin: str


@dataclass(frozen=True, slots=True)
class AnswerExample:
    """An example response: its status line, what it shows, and the JSON text."""

    id: str
    title: str
    text: str
    description: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What a body may be: the media types that share a schema, and the value that it describes."""

    media: tuple[str, ...]
    value: Field | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented status: what it means, its return values, its errors, its examples."""

    status: str
    phrase: str
    id: str
    description: str = ""
    changes: tuple[Change, ...] = ()
    headers: tuple[Field, ...] = ()
    contents: tuple[Content, ...] = ()
    examples: tuple[AnswerExample, ...] = ()

    @property
    def succeeds(self) -> bool:
        """Whether this status is one of success."""
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that travel in the same place."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One operation. ``file`` is the name of its page without an ending."""

    file: str
    key: str
    method: str
    path: str
    url: str
    title: str
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    description: str = ""
    changes: tuple[Change, ...] = ()
    credentials: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    groups: tuple[Group, ...] = ()
    bodies: tuple[Content, ...] = ()
    body_description: str = ""
    answers: tuple[Answer, ...] = field(default=())

    @property
    def summary(self) -> str:
        """The first sentence of the description, as plain text, for lists of pages."""
        first = self.description.strip().partition("\n\n")[0].replace("\n", " ")
        return first if first.endswith((".", "!", "?")) else first + ("." if first else "")

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """The languages of the usage examples with their labels, in order."""
        return tuple(dict.fromkeys((sample.language, sample.label) for sample in self.samples))
