"""The Page: everything that is printed of one operation, in reading order, as plain values.

Two sets of templates print it, one as Markdown and one as HTML. Texts are Markdown as the document has them;
ids never come from positions, so that links survive edits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.docs.field import Change, Docs, Field
    from levelbook.docs.sample import Sample
    from levelbook.docs.trial import Trial
    from levelbook.levels import Level


_SECTIONS = frozenset({  # ids of a page's own sections
    "content", "nav", "usage", "parameters", "response-section", "errors", "callbacks", "see-also", "changes", "try",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerExample:
    """An example of a body: what it is called and shows, and the text, or the address where it stands.

    ``lexer`` is what Pygments calls its language; ``media`` is its media type, where there are several.
    """

    id: str
    title: str
    text: str
    href: str = ""
    description: str = ""
    changes: tuple[Change, ...] = ()
    lexer: str = "json"
    media: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a body may be: the media types that share a schema, and the value that it describes.

    ``items`` is what each item of a sequence is, ``parts`` are the headers of a multipart body's parts.
    """

    media: tuple[str, ...]
    value: Field | None = None
    presence: str = ""
    parts: tuple[Field, ...] = ()
    items: Field | None = None
    description: str = ""
    examples: tuple[AnswerExample, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkRow:
    """What may be called next with something of an answer, and where its page is."""

    name: str
    id: str
    target: str
    href: str = ""
    description: str = ""
    values: tuple[tuple[str, str], ...] = ()


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
    links: tuple[LinkRow, ...] = ()
    until: Level | None = None

    @property
    def succeeds(self) -> bool:
        """Whether this status is none of failure."""
        return self.status[:1] in ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A line of the table of errors: a status, what tells the error apart, where it is described."""

    status: str
    phrase: str
    name: str
    href: str
    description: str


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that travel in the same place."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A change of something on the page: which, where on the page it stands, and the note."""

    subject: str
    href: str
    change: Change


@dataclass(frozen=True, slots=True)
class Moment:
    """All changes of a page at one level, newest first."""

    id: str
    level: Level | None
    release: str | None
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """A scheme that a caller may use, with the scopes that are needed."""

    name: str
    words: str
    href: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerRow:
    """A server of the API: its URL with the defaults filled in, and what its variables may be."""

    url: str
    template: str
    description: str = ""
    variables: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Callback:
    """A request that the API sends to its caller: its parameters, body and answers stand as on a page of its own."""

    name: str
    id: str
    method: str
    expression: str
    title: str
    description: str
    deprecated: bool
    changes: tuple[Change, ...]
    groups: tuple[Group, ...]
    bodies: tuple[Content, ...]
    body_description: str
    answers: tuple[Answer, ...]
    servers: tuple[ServerRow, ...] = ()
    credentials: tuple[tuple[Credential, ...], ...] = ()
    docs: Docs | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One operation. ``file`` is the name of its page without an ending; ``marks`` are tags that group nothing."""

    file: str
    key: str
    method: str
    path: str
    url: str
    title: str
    marks: tuple[str, ...] = ()
    deprecated: bool = False
    description: str = ""
    remarks: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    servers: tuple[ServerRow, ...] = ()
    credentials: tuple[tuple[Credential, ...], ...] = ()
    samples: tuple[Sample, ...] = ()
    groups: tuple[Group, ...] = ()
    bodies: tuple[Content, ...] = ()
    body_description: str = ""
    after_parameters: str = ""
    after_response: str = ""
    answers: tuple[Answer, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    docs: Docs | None = None
    is_webhook: bool = False
    timeline: tuple[Moment, ...] = field(default=())
    until: Level | None = None
    trial: Trial | None = None

    @property
    def summary(self) -> str:
        """The first sentence of the description, as plain text, for lists of pages."""
        first = self.description.strip().partition("\n\n")[0].replace("\n", " ")
        return first if first.endswith((".", "!", "?")) else first + ("." if first else "")

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """The languages of the usage examples with their labels, in order."""
        return tuple(dict.fromkeys((sample.language, sample.label) for sample in self.samples))

    @property
    def since(self) -> Change | None:
        """The note that says the operation was added."""
        return next((change for change in self.changes if change.kind == "added"), None)

    @property
    def successes(self) -> tuple[Answer, ...]:
        """The answers that are none of failure."""
        return tuple(answer for answer in self.answers if answer.succeeds)

    @property
    def failures(self) -> tuple[Answer, ...]:
        """The answers of failure, ``default`` among them."""
        return tuple(answer for answer in self.answers if not answer.succeeds)

    @property
    def errors(self) -> tuple[ErrorRow, ...]:
        """The table of errors."""
        return tuple(row for answer in self.failures for row in _rows(answer))

    @property
    def ids(self) -> frozenset[str]:
        """Every id that the templates give on the page, which no heading of a description may take."""
        parts: tuple[Page | Callback, ...] = (self, *self.callbacks)
        answers = [answer for part in parts for answer in part.answers]
        found = {one.id for one in self.fields()} | {answer.id for answer in answers}
        found |= {example.id for answer in answers for example in answer.examples}
        found |= {link.id for answer in answers for link in answer.links}
        found |= {call.id for call in self.callbacks} | {moment.id for moment in self.timeline}
        return frozenset(found | _SECTIONS | {f"language-{language}" for language, _ in self.languages})

    @property
    def leads(self) -> frozenset[str]:
        """The files of the schemas that the page refers to."""
        return _leads(self.fields())

    def fields(self) -> Iterator[Field]:
        """Give every field of the page, in reading order."""
        yield from _fields(self)
        for callback in self.callbacks:
            yield from _fields(callback)

    def elements(self) -> Iterator[tuple[str, str, tuple[Change, ...]]]:
        """Give the id, the name and the changes of everything on the page that may have changed."""
        yield "", "", self.changes
        wholes = {
            content.value.id: answer.status
            for answer in self.answers
            for content in answer.contents
            if content.value is not None
        }
        for one in self.fields():
            yield one.id, one.name or wholes.get(one.id, one.id), one.changes
        for answer in (*self.answers, *(answer for callback in self.callbacks for answer in callback.answers)):
            yield answer.id, answer.status, answer.changes
            for example in answer.examples:
                yield example.id, example.title, example.changes
        for callback in self.callbacks:
            yield callback.id, callback.name, callback.changes


def _fields(part: Page | Callback) -> Iterator[Field]:
    for group in part.groups:
        for one in group.fields:
            yield from one.within()
    for content in (*part.bodies, *(content for answer in part.answers for content in answer.contents)):
        for value in (content.value, content.items, *content.parts):
            if value is not None:
                yield from value.within()
    for answer in part.answers:
        for header in answer.headers:
            yield from header.within()


def _leads(fields: Iterable[Field]) -> frozenset[str]:
    links = (link.href for one in fields for link in (*one.links, *one.kinds))
    return frozenset(href.partition(".html")[0] for href in links if href and not href.startswith("#"))


def _rows(answer: Answer) -> Iterator[ErrorRow]:
    """Give a line for each error that an answer's schema tells apart, or one for the status."""
    told = [
        member
        for content in answer.contents
        if content.value is not None
        for member in content.value.members
        if member.description or member.fields or member.examples
    ]
    for member in told:
        words = member.description or answer.description
        yield ErrorRow(answer.status, answer.phrase, member.name, f"#{member.id}", words.partition("\n\n")[0])
    if not told:
        words = answer.description.partition("\n\n")[0]
        yield ErrorRow(answer.status, answer.phrase, "", f"#{answer.id}", words)


@dataclass(frozen=True, slots=True)
class SchemaPage:
    """A component schema that pages of operations refer to: its name, and its fields."""

    file: str
    name: str
    field: Field

    @property
    def ids(self) -> frozenset[str]:
        """Every id on the page."""
        return frozenset({one.id for one in self.field.within()} | _SECTIONS)

    @property
    def leads(self) -> frozenset[str]:
        """The files of the schemas that the page refers to."""
        return _leads(self.field.within())
