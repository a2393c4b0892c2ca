"""The Field: what is said of one value, with all that lies inside it, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.levels import Level
    from levelbook.notes import Note


@dataclass(frozen=True, slots=True)
class Change:
    """A change note of an element: its level and release, and its sentence in Markdown."""

    level: Level | None
    release: str | None
    kind: str
    text: str


def change_of(note: Note) -> Change:
    """Give a note as pages show it."""
    return Change(note.level, note.release, note.kind, note.text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an enum, as JSON; ``since`` and ``until`` are the levels that a note gives it."""

    text: str
    description: str = ""
    since: Level | None = None
    until: Level | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Another place where the fields of a schema stand: an address, and what it is called."""

    href: str
    name: str


@dataclass(frozen=True, slots=True)
class Docs:
    """Where more is to be read: an address and what is said of it."""

    url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Union:
    """Alternatives: how many of them hold, in words, and what they are; each member is named by what tells it apart."""

    words: str
    members: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, a form field, a header, a return value, or something inside one of them.

    ``presence`` is ``required`` or ``optional`` in a request, ``always`` or ``optional`` in an answer, and says what
    may be null. ``fields`` are those of the value, or of what a list holds; the entries of a map are a field with the
    name ``{key}``. ``conditions`` are what holds under a condition. ``links`` are the places where the rest of its
    fields stand, ``kinds`` what the values of a discriminator mean. ``until`` is the level that took the element away.
    """

    name: str
    id: str
    types: str
    presence: str = ""
    place: str = ""
    title: str = ""
    description: str = ""
    changes: tuple[Change, ...] = ()
    examples: tuple[str, ...] = ()
    default: str = ""
    enum: tuple[Choice, ...] = ()
    enum_title: str = ""
    constraints: tuple[str, ...] = ()
    deprecated: bool = False
    access: str = ""
    fields: tuple[Field, ...] = ()
    unions: tuple[Union, ...] = ()
    conditions: tuple[Field, ...] = ()
    links: tuple[Reference, ...] = ()
    kinds: tuple[Reference, ...] = ()
    docs: Docs | None = None
    until: Level | None = None
    standard: bool = False

    @property
    def added(self) -> Change | None:
        """The note that says the element was added."""
        return next((change for change in self.changes if change.kind == "added"), None)

    @property
    def since(self) -> str:
        """The release and level in which the element was added, if a note says so."""
        if self.added is None:
            return ""
        return " · ".join(str(part) for part in (self.added.release, self.added.level) if part is not None)

    @property
    def since_level(self) -> Level | None:
        """The level in which the element was added."""
        return self.added.level if self.added else None

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say but types, enum and constraints."""
        return not (
            self.title or self.description or self.fields or self.unions or self.changes or self.examples
            or self.links or self.conditions or self.default or self.docs or self.deprecated or self.access
            or self.kinds or any(choice.description for choice in self.enum)
        )  # fmt: skip

    @property
    def members(self) -> tuple[Field, ...]:
        """The members of all unions."""
        return tuple(member for union in self.unions for member in union.members)

    @property
    def has_more(self) -> bool:
        """Whether something is written out below the field."""
        return bool(self.fields or self.unions or self.conditions or self.links or self.kinds)

    def within(self) -> Iterator[Field]:
        """Give the field and all that lie inside it, in reading order."""
        yield self
        for part in (*self.fields, *self.members, *self.conditions):
            yield from part.within()
