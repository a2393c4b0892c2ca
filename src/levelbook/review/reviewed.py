"""What a review finds: each change with the note that it rests on, and what is wrong with the notes.

>>> Standing("missing").is_declared
False
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from levelbook.levels import Level
    from levelbook.notes import Note
    from levelbook.problem import Location, Problem
    from levelbook.review.change import Change

Status: TypeAlias = Literal["proved", "covered", "correction", "missing"]
# What a note above BASE's level turned out to be: `proves` by rewinding, `covers` by standing there, tells of what no
# schema shows (`behavior`), says that the document was wrong (`correction`), or says what is not so (`empty`).
Role: TypeAlias = Literal["proves", "covers", "behavior", "correction", "empty"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a note tells of a change, and which: ``why`` is there for one that is missing."""

    status: Status
    level: Level | None = None
    note: Note | None = None
    why: str = ""

    @property
    def is_declared(self) -> bool:
        """Whether a note tells of the change."""
        return self.status != "missing"


@dataclass(frozen=True, slots=True)
class Exercised:
    """What recorded exchanges showed of one change.

    ``broken`` worked before and would not now, ``affected`` use what changed and still work, ``unaffected`` are of
    the same operations. Requests are read as of old clients at the new server, answers as of the new server at old
    clients.
    """

    requests: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The weightiest thing that was seen: ``broken``, ``affected``, ``unaffected`` or ``unexercised``."""
        for word in ("broken", "affected", "unaffected"):
            if self.requests.get(word) or self.answers.get(word):
                return word
        return "unexercised"


@dataclass(frozen=True, slots=True)
class Row:
    """One change, and all that is known of it.

    ``problem`` is there where its notes object to it; ``accepted`` is the reason why the baseline lets it pass.
    """

    change: Change
    standing: Standing
    base: Location
    head: Location
    problem: Problem | None = None
    traffic: Exercised | None = None
    accepted: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A note above BASE's level, and what it turned out to be."""

    note: Note
    role: Role
    changes: tuple[str, ...] = ()  # the ids of the changes that rest on it


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents: what it is called, its level, and whether its table says so or its notes."""

    name: str
    level: Level | None = None
    is_stated: bool = False
    excerpt: Callable[[Location], str] = field(default=lambda _: "", repr=False)


@dataclass(frozen=True, slots=True)
class Sample:
    """The recorded exchanges that were judged: how many, and from when to when (ISO 8601, or empty)."""

    size: int
    skipped: int = 0
    oldest: str = ""
    newest: str = ""
    age_in_days: int | None = None


@dataclass(frozen=True, slots=True)
class PageDiff:
    """A page that reads otherwise: its name, and the difference as a unified diff of its Markdown."""

    name: str
    diff: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A whole review.

    ``others`` are problems that are not of a change: of notes, levels, the baseline; ``level_name`` is what the API
    calls its levels. ``questions`` ask about what may have been renamed.
    """

    base: Side
    head: Side
    rows: tuple[Row, ...] = ()
    told: tuple[Told, ...] = ()
    others: tuple[Problem, ...] = ()
    questions: tuple[Problem, ...] = ()
    title: str = ""
    level_name: str = "level"
    sample: Sample | None = None
    pages: tuple[PageDiff, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems but those that the baseline accepts, of changes first."""
        return (*(row.problem for row in self.rows if row.problem and row.accepted is None), *self.others)
