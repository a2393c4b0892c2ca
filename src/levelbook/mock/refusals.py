"""What a bad request is answered with: the error that its operation documents, else ``application/problem+json``.

An operation's own error is taken where it is valid by the document; one that can carry the message goes first.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.meaning import meaning_of
from levelbook.mock.accepting import accepted
from levelbook.mock.answers import REFUSED, TOLD, Answers
from levelbook.mock.carrying import carrying, is_general
from levelbook.mock.choosing import Chosen, with_status
from levelbook.mock.preferences import Preferences
from levelbook.mock.writing import written
from levelbook.problem import Problem
from levelbook.report import record
from levelbook.validate.exchange import Request, Response
from levelbook.values import Impossible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from levelbook.api import Media, Operation
    from levelbook.mock.unanswerable import Unanswerable
    from levelbook.validate.exchange import Outcome

PROBLEM_JSON = "application/problem+json"
# What else says the same, where an operation does not document a status.
_INSTEAD = {400: (422,), 415: (400, 422)}
_ANYTHING = Preferences()


class Refusal(NamedTuple):
    """Why a request is refused: ``headers`` are those that the status asks for."""

    status: int
    message: str
    problems: Sequence[Problem] = ()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusals:
    """What makes the refusals of one API."""

    answers: Answers

    def of(self, request: Request, operation: Operation | None, outcome: Outcome) -> Response:
        """Give the answer to a request that is not as the document says."""
        message = "; ".join(problem.message for problem in outcome.problems)
        status = status_of(outcome.problems)
        headers: tuple[tuple[str, str], ...] = ()
        if status == 405:
            headers = (("Allow", ", ".join(self.allowed(request))),)
        if status == 401 and operation is not None:
            headers = (("WWW-Authenticate", self.challenge(operation)),)
        return self.refused(request, operation, Refusal(status, message, outcome.problems, headers))

    def unanswerable(self, request: Request, operation: Operation | None, error: Unanswerable) -> Response:
        """Say that there is no documented answer to give."""
        rule = {406: "request-accept", 400: "request-prefer"}.get(error.status, "no-answer")
        pointer = operation.pointer if operation else ""
        where = self.answers.api.documents.locate(pointer)
        problem = Problem(rule, where, error.message, error.hint, pointer=pointer)
        refusal = Refusal(error.status, error.message, [problem])
        return self.refused(request, operation if error.status == 406 else None, refusal)

    def refused(self, request: Request, operation: Operation | None, refusal: Refusal) -> Response:
        """Answer in the operation's own words, or else with a problem."""
        own = self._own(request, operation, refusal) if operation is not None else None
        return own or problem_json(refusal)

    def allowed(self, request: Request) -> list[str]:
        """Give the methods that the path of a request has (RFC 9110, 10.2.1)."""
        methods = sorted({operation.method for operation in self.answers.api.operations} | {"HEAD"})
        found = [Request(method, request.url) for method in methods]
        return [one.method for one in found if self.answers.judge.request(one).operation]

    def challenge(self, operation: Operation) -> str:
        """Say how to authenticate (RFC 9110, 11.6.1), for each scheme that the operation knows."""
        rules = self.answers.judge.rules(operation.key)
        found = []
        for credential in (item for need in rules.plan.security for item in need):
            if credential.type == "apiKey":
                found.append(f'ApiKey in="{credential.place}", name="{credential.name}"')
            else:
                scheme = credential.scheme if credential.type == "http" else "bearer"
                found.append(f'{scheme.capitalize()} realm="mock"')
        return ", ".join(dict.fromkeys(found))

    def _own(self, request: Request, operation: Operation, refusal: Refusal) -> Response | None:
        for chosen in _documented(operation, refusal.status):
            for response in self._bodies(request, chosen, refusal):
                if not self.answers.problems(operation, response):
                    return response
        return None

    def _bodies(self, request: Request, chosen: Chosen, refusal: Refusal) -> Iterator[Response]:
        """Give the documented errors: those that carry the message first, then the general and the short ones."""
        content = chosen.response.content
        own = self.answers.headers(chosen)
        if not content:  # nothing is said of a body, so one that says why is as good as none, and better
            yield problem_json(refusal._replace(status=chosen.status))
            for headers in self._headers(refusal, own):
                yield Response(chosen.status, headers)
        rows: list[tuple[tuple[int, bool, int], Any, str]] = []
        for media, kind in accepted(content, request.header("accept")) or accepted(content, None):
            for value in self._errors(media, kind):
                coded, said = (carrying(value, refusal.message, code) for code in (chosen.status, 0))
                size = len(value) if isinstance(value, dict) else 0
                rank = (not is_general(value, chosen.status), size)
                ways = [(0, coded), (1, said), (2, value)]
                rows += [((way, *rank), error, kind) for way, error in ways if error is not None or way > 1]
            if kind == PROBLEM_JSON:  # where none of the document's own says what is wrong
                rows.append(((2, False, -1), _problem(refusal._replace(status=chosen.status)), kind))
        for _, value, kind in sorted(rows, key=lambda row: row[0]):
            for headers in self._headers(refusal, own):
                for body, type_ in written(value, kind):
                    yield Response(chosen.status, [*headers, ("Content-Type", type_)], body)

    def _headers(self, refusal: Refusal, own: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
        """Give the headers that the status asks for beside the documented ones; of the same name, either may fit."""
        names = {name.lower() for name, _ in refusal.headers}
        others = [pair for pair in own if pair[0].lower() not in names]
        yield [*refusal.headers, *others, (TOLD, REFUSED)]
        if len(others) < len(own):
            yield [*own, (TOLD, REFUSED)]

    def _errors(self, media: Media, kind: str) -> Iterator[Any]:
        """Give the errors of a media type: its examples, one that is made, and those of each member of a union."""
        yield from (value for value, _ in self.answers.contents(media, kind, _ANYTHING, "", []))
        if media.schema is None:
            return
        for _, members in meaning_of(self.answers.api, media.schema).unions:
            for member in members:
                yield from meaning_of(self.answers.api, member).examples
                with suppress(Impossible):
                    yield self.answers.values.make(member)


def status_of(problems: Sequence[Problem]) -> int:
    """Say which status tells of what is wrong with a request."""
    rules = {problem.rule: problem for problem in problems}
    for rule, status in (("unknown-path", 404), ("unknown-method", 405), ("request-security", 401)):
        if rule in rules:
            return status
    if any(problem.rule == "request-media-type" and problem.place == "body" for problem in problems):
        return 415
    judged = all(rule.startswith(("request-", "unknown-")) or rule == "depth" for rule in rules)
    return 400 if judged else 501  # else the document is broken where this request leads


def problem_json(refusal: Refusal) -> Response:
    """Answer with a problem (RFC 9457)."""
    headers = [*refusal.headers, ("Content-Type", PROBLEM_JSON), (TOLD, REFUSED)]
    return Response(refusal.status, headers, json.dumps(_problem(refusal), ensure_ascii=False).encode())


def _problem(refusal: Refusal) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.message,
        "problems": [record(problem) for problem in refusal.problems],
    }


def _documented(operation: Operation, status: int) -> Iterator[Chosen]:
    """Give the documented responses that tell of a status: exact ones first."""
    instead = _INSTEAD.get(status, ())
    found = [with_status(operation, other, exactly=True) for other in (status, *instead)]
    found.append(with_status(operation, status))
    yield from filter(None, found)
