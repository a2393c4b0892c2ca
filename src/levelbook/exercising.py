"""Recorded traffic as the second judge of a review: which changes it touches, and what they would have broken.

Each exchange is read twice: its request as of an old client at the new server, its answer as of the new server at an
old client. Traffic may lower the urgency of a change, never its verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.coverage.targets import Targets
from levelbook.meaning import judged_body, judged_parameters, meaning_of
from levelbook.pointer import join, parent, split, within
from levelbook.review.comings import came, is_value, went
from levelbook.review.reviewed import Exercised
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from levelbook.api import Api, Media, Operation, Schema
    from levelbook.review.change import Change
    from levelbook.seen import Seen
    from levelbook.validate.exchange import Outcome, Request, Response

_DEEPEST = 60  # steps into a value
# What stands under these is named or numbered: only what was seen itself was touched. A change of any other keyword
# is touched with the element that holds it.
_HOLDERS = frozenset({
    "properties", "patternProperties", "parameters", "responses", "content", "headers", "enum", "oneOf", "anyOf",
    "items", "prefixItems", "additionalProperties",
})  # fmt: skip


class Exercise:
    """Judges exchanges by both documents, and counts for every change what they show of it."""

    def __init__(self, base: Api, head: Api, changes: Sequence[Change], **options: Any) -> None:
        self.changes = changes
        self.base, self.head = _Side(base, options, is_head=False), _Side(head, options, is_head=True)
        self.requests: dict[str, Counter[str]] = {change.id: Counter() for change in changes}
        self.answers: dict[str, Counter[str]] = {change.id: Counter() for change in changes}
        self.size = self.skipped = 0

    def note(self, request: Request, response: Response | None) -> None:
        """Count one exchange."""
        self.size += 1
        then, now = self.base.of_request(request), self.head.of_request(request)
        if then.operation is None and now.operation is None:
            self.skipped += 1
            return
        mine = [change for change in self.changes if _concerns(change, then, now)]
        asked = [change for change in mine if change.direction != "response"]
        _count(self.requests, asked, then, now, broken=then.is_valid and not now.is_valid, failing=now)
        if response is None:
            return
        then, now = self.base.of_response(request, response), self.head.of_response(request, response)
        told = [change for change in mine if change.direction == "response"]
        _count(self.answers, told, then, now, broken=now.is_valid and not then.is_valid, failing=then)

    def result(self) -> dict[str, Exercised]:
        """Give what was shown of each change, by its id."""
        return {
            change.id: Exercised(dict(self.requests[change.id]), dict(self.answers[change.id]))
            for change in self.changes
        }


@dataclass(slots=True)
class _Judged:
    """What one document says of a message: ``touched`` are the pointers of what applied to it."""

    is_valid: bool
    operation: str | None
    is_head: bool
    problems: tuple[str, ...] = ()
    touched: set[str] = field(default_factory=set)

    def pointer(self, change: Change) -> str:
        """Give where a change is in this document."""
        return change.head_pointer if self.is_head else change.base_pointer

    def blames(self, change: Change) -> bool:
        """Say whether a problem is about what changed, or about what holds it."""
        at = self.pointer(change)
        above = at if _is_named(at) else parent(at)
        return any(within(problem, above) for problem in self.problems)

    def touches(self, change: Change) -> bool:
        """Say whether what changed applied to the message."""
        at = self.pointer(change)
        if is_value(change):
            return _valued(at, change.was if change.now is None else change.now) in self.touched
        if at in self.touched:
            return True
        return not _is_named(at) and parent(at) in self.touched


def _is_named(pointer: str) -> bool:
    """Say whether a pointer leads to one of many, and not to a keyword of what holds it."""
    *_, above, last = ["", "", *split(pointer)]
    return above in _HOLDERS or last in ("items", "additionalProperties")


def _valued(pointer: str, value: Any) -> str:
    """Give what stands for one value of an enum among pointers: none is written like this."""
    return f"{pointer}={orjson.dumps(value, default=str).decode()}"


def _concerns(change: Change, then: _Judged, now: _Judged) -> bool:
    """Say whether a change shows in the operation of an exchange."""
    keys = {then.operation, now.operation}
    return change.operation in keys or any(use in keys for use in change.uses)


def _count(
    counts: dict[str, Counter[str]],
    changes: list[Change],
    then: _Judged,
    now: _Judged,
    *,
    broken: bool,
    failing: _Judged,
) -> None:
    blamed = [change for change in changes if failing.blames(change)] if broken else []
    if broken and not blamed:  # nothing that can be named: what was touched, and else all there is
        blamed = [change for change in changes if then.touches(change) or now.touches(change)] or changes
    for change in changes:
        if change in blamed:
            counts[change.id]["broken"] += 1
        elif _is_there(change, then, now):
            counts[change.id]["affected"] += 1
        else:
            counts[change.id]["unaffected"] += 1


def _is_there(change: Change, then: _Judged, now: _Judged) -> bool:
    """Say whether a message has what changed: what came is looked for in HEAD alone, what went in BASE alone."""
    if came(change) or (is_value(change) and change.was is None):
        return now.touches(change)
    if went(change) or is_value(change):
        return then.touches(change)
    return then.touches(change) or now.touches(change)


class _Side:
    """One document, its validator, and the walk of values along its schemas."""

    def __init__(self, api: Api, options: dict[str, Any], *, is_head: bool) -> None:
        self.api, self.is_head = api, is_head
        self.seen: Seen | None = None
        self.validator = Validator(api, **options, observer=self._saw)
        self.operations = {operation.key: operation for operation in api.operations}
        self.requests, self.responses = Targets(api, "request"), Targets(api, "response")

    def _saw(self, seen: Seen) -> None:
        self.seen = seen

    def of_request(self, request: Request) -> _Judged:
        """Judge a request."""
        return self._judged(self.validator.request(request), "request")

    def of_response(self, request: Request, response: Response) -> _Judged:
        """Judge an answer."""
        return self._judged(self.validator.response(request, response), "response")

    def _judged(self, outcome: Outcome, direction: str) -> _Judged:
        operation = self.operations.get(outcome.operation or "")
        judged = _Judged(
            outcome.outcome != "invalid" and operation is not None,
            operation.key if operation else None,
            self.is_head,
            tuple(problem.pointer for problem in outcome.problems if problem.pointer),
        )
        if operation is not None and self.seen is not None:
            parts = self._asked(operation, self.seen) if direction == "request" else self._told(operation, self.seen)
            judged.touched = {operation.pointer, *parts}
        return judged

    def _asked(self, operation: Operation, seen: Seen) -> Iterator[str]:
        for parameter in judged_parameters(operation):
            if (parameter.place, parameter.name) in seen.parameters:
                yield parameter.pointer
                if parameter.schema is not None:
                    value = seen.parameters[parameter.place, parameter.name]
                    yield from self._walk(self.requests, value, parameter.schema)
        body = judged_body(self.api, operation)
        if seen.media and body is not None:
            yield body.pointer
            yield from self._body(self.requests, body.content, seen.media, seen.body)

    def _told(self, operation: Operation, seen: Seen) -> Iterator[str]:
        answer = next((item for item in operation.responses if item.status.upper() == seen.status), None)
        if answer is None:
            return
        yield answer.pointer
        for header in answer.headers:
            if ("header", header.name) in seen.headers:
                yield header.pointer
        if seen.response_media:
            yield from self._body(self.responses, answer.content, seen.response_media, seen.response_body)

    def _body(self, targets: Targets, content: tuple[Media, ...], media: str, body: tuple[Any, ...]) -> Iterator[str]:
        found = next((item for item in content if item.type == media), None)
        if found is not None:
            yield found.pointer
            if found.schema is not None and body:
                yield from self._walk(targets, body[0], found.schema)

    def _walk(self, targets: Targets, value: Any, schema: Schema) -> Iterator[str]:
        """Give the pointers of every schema that applies to a value or a part of it, and of the enum values it has."""
        stack: list[tuple[Any, list[Schema], int]] = [(value, [schema], 0)]
        while stack:
            value, group, depth = stack.pop()
            meaning = meaning_of(self.api, *group)
            for source in (*group, *meaning.sources):
                yield source.pointer
                enum = source.value.get("enum") if isinstance(source.value, dict) else None
                if isinstance(enum, list) and value in enum:
                    yield _valued(join(source.pointer, "enum"), value)
            below: list[tuple[Any, list[Schema]]] = []
            if isinstance(value, dict):
                rest = [one for one in meaning.additional if isinstance(one.value, dict)]
                below = [(item, meaning.properties.get(name, rest)) for name, item in value.items()]
            elif isinstance(value, list):
                below = [(item, meaning.items) for item in value]
            members = [one for _, union in meaning.unions for one in union if targets.accepts(one, value)]
            below += [(value, [one]) for one in members]
            stack += [(item, part, depth + 1) for item, part in below if part and depth < _DEEPEST]
