"""What a page shows of other levels than its own: what is gone since, and the same page at an earlier release.

What was removed is grafted into the page from the page of the level before, with the level that took it away; readers
who ask for an older API are shown it again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from levelbook.docs.page import Answer, Content, Group, Page
from levelbook.levels import is_assigned, order, position
from levelbook.problem import SpecError, UsageError
from levelbook.reach import reachable, roots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from levelbook.api import Api, Operation
    from levelbook.docs.field import Field
    from levelbook.levels import Level
    from levelbook.notes import Note

_T = TypeVar("_T")
_TAKING = frozenset({"removed", "renamed"})


class Gone:
    """Finds what operations had once; ``make`` gives the Page of an operation of an older Api."""

    def __init__(self, api: Api, notes: Iterable[Note], make: Callable[[Api, Operation], Page]) -> None:
        self.api = api
        self.make = make
        self.taking = [note for note in notes if note.kind in _TAKING and note.structured and note.level is not None]
        self.taking.sort(key=lambda note: position(note.level, None), reverse=True)
        self.levels = sorted(
            {note.level for note in notes if note.level is not None and is_assigned(note.level)}, key=order
        )
        self.known: dict[str, list[str]] = {}
        self.older: dict[Level, Api | None] = {}

    def graft(self, page: Page, operation: Operation) -> Page:
        """Give a page with what it had before something was removed."""
        if not self.taking:
            return page
        within = reachable(self.api.documents, roots(operation), self.known)
        for note in self.taking:
            if not any(note.pointer == at or note.pointer.startswith(f"{at}/") for at in within):
                continue
            older = self._before(note.level)
            before = older.operation(operation.key) if older else None
            if older is not None and before is not None and note.level is not None:
                page = grafted(page, self.make(older, before), note.level)
        return page

    def _before(self, level: Level | None) -> Api | None:
        """Give the API as it was before a level."""
        if level is None:
            return None
        if level not in self.older:
            below = [one for one in self.levels if order(one) < order(level)]
            try:
                self.older[level] = (
                    self.api.at(level - 1 if isinstance(level, int) else below[-1])
                    if below or isinstance(level, int)
                    else None
                )
            except (SpecError, UsageError):
                self.older[level] = None  # `check` tells of a `before` that cannot be taken back
        return self.older[level]


def grafted(page: Page, before: Page, level: Level) -> Page:
    """Give a page with what only an older one has, marked with the level that ended it."""
    groups = _paired(page.groups, before.groups, lambda group: group.title)
    answers = _paired(page.answers, before.answers, lambda answer: answer.status)
    bodies = _paired(page.bodies, before.bodies, lambda content: content.media)
    return replace(
        page,
        groups=tuple(
            Group(one.title, _fields(now.fields if now else (), then.fields if then else (), level))
            for now, then in groups
            if (one := now or then) is not None
        ),
        answers=tuple(made for now, then in answers if (made := _answer(now, then, level)) is not None),
        bodies=tuple(_content(now, then, level) for now, then in bodies if now),
    )


def _paired(now: tuple[_T, ...], then: tuple[_T, ...], key: Callable[[_T], Any]) -> list[tuple[_T | None, _T | None]]:
    """Pair what is the same in two lists; what only the second has follows what it followed."""
    old = {key(item): item for item in then}
    pairs: list[tuple[_T | None, _T | None]] = [(item, old.get(key(item))) for item in now]
    names = [key(item) for item in now]
    for index, item in enumerate(then):
        if key(item) not in names:
            after = next((names.index(key(other)) + 1 for other in reversed(then[:index]) if key(other) in names), 0)
            pairs.insert(after, (None, item))
            names.insert(after, key(item))
    return pairs


def _answer(now: Answer | None, then: Answer | None, level: Level) -> Answer | None:
    if now is None:
        return replace(then, until=level) if then else None
    if then is None:
        return now
    contents = _paired(now.contents, then.contents, lambda content: content.media)
    return replace(
        now,
        headers=_fields(now.headers, then.headers, level),
        contents=tuple(_content(one, other, level) for one, other in contents if one),
    )


def _content(now: Content, then: Content | None, level: Level) -> Content:
    if then is None or now.value is None or then.value is None:
        return now
    return replace(now, value=_field(now.value, then.value, level))


def _fields(now: tuple[Field, ...], then: tuple[Field, ...], level: Level) -> tuple[Field, ...]:
    made = []
    for one, other in _paired(now, then, lambda item: item.name):
        if one is not None:
            made.append(one if other is None else _field(one, other, level))
        elif other is not None:
            made.append(replace(other, until=level))
    return tuple(made)


def _field(now: Field, then: Field, level: Level) -> Field:
    # What has a page of its own by now was shown in place while only one element referred to it: nothing is gone.
    is_elsewhere = len(now.links) > len(then.links)
    return replace(
        now,
        fields=now.fields if is_elsewhere else _fields(now.fields, then.fields, level),
        unions=tuple(
            replace(one, members=_fields(one.members, other.members, level)) if other else one
            for one, other in zip_longest(now.unions, then.unions[: len(now.unions)])
        ),
    )


def with_needs(page: Page) -> Page:
    """Give a page whose samples say the newest level of what they use: parameters by name, enum values as written."""
    told = [(one.name, one.since_level) for one in page.fields() if one.id.startswith("parameter-")]
    values = [
        (choice.text, choice.since) for one in page.fields() if one.id.startswith("parameter-") for choice in one.enum
    ]
    samples = []
    for sample in page.samples:
        levels = [level for name, level in told if level is not None and _names(sample.code, name)]
        levels += [level for text, level in values if level is not None and _holds(sample.code, text)]
        samples.append(replace(sample, needs=max(levels, key=order)) if levels else sample)
    return replace(page, samples=tuple(samples))


def _names(code: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?=[\"'=:\s]|\Z)", code) is not None


def _holds(code: str, text: str) -> bool:
    """Say whether code has a value: in quotes, or behind an equals sign."""
    bare = re.escape(text.strip('"'))
    return re.search(rf"[\"'=]{bare}(?=[\"'\s&]|\Z)", code) is not None
