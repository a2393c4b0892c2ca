"""All that is needed to judge one operation's requests and responses, compiled once.

The fast path decodes and asks ``accepts``; only a failure pays for words and places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.bodies import FORM, media_type
from levelbook.validate.body_rules import BodyRules, Verdict
from levelbook.validate.parameter_rules import OneParameter, ParameterRules
from levelbook.validate.parameters import Source
from levelbook.validate.security import missing_credentials
from levelbook.words import listing

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, Response
    from levelbook.lower import Lowering
    from levelbook.validate.exchange import Request
    from levelbook.validate.exchange import Response as Answer

_NO_BODY = frozenset({204, 205, 304})  # RFC 9110, 15.3.5, 15.3.6 and 15.4.5


class Plan:
    """The plan of one operation; ``requests`` and ``responses`` lower schemas, each in its direction."""

    def __init__(self, api: Api, operation: Operation, requests: Lowering, responses: Lowering) -> None:
        self.api = api
        self.operation = operation
        self.parameters = ParameterRules(api, operation, requests)
        body = operation.body
        self.body = BodyRules(api, body.content, body.pointer, requests, "request") if body else None
        self.answers = {
            response.status.upper(): AnswerRules(api, operation, response, responses)
            for response in operation.responses
        }

    def request(self, request: Request, source: Source, *, strict: bool) -> Verdict:
        """Give what is wrong with a request, and what of it could not be judged."""
        problems: list[Problem] = []
        if self.operation.security and (missing := missing_credentials(self.api, self.operation, source)):
            pointer = join(self.operation.pointer, "security")
            problems.append(
                self.problem("request-security", pointer, f"credentials are missing: {missing}", "security")
            )
        problems += self.parameters.problems(source)
        if strict:
            problems += self.parameters.unknown_names(source)
        found, reason = self.request_body(request, strict=strict)
        return problems + found, reason

    def request_body(self, request: Request, *, strict: bool) -> Verdict:
        """Judge the body of a request."""
        described, content_type = self.operation.body, request.header("content-type")
        if described is None or self.body is None:
            if strict and request.body:
                message = "there is a body, but the document describes none"
                return [self.problem("request-body", self.operation.pointer, message, "body")], ""
            return [], ""
        # An empty form is a form without fields; other empty bodies are missing ones.
        if not request.body and (not content_type or media_type(content_type) != FORM):
            if not described.required:
                return [], ""
            hint = f"send one as {listing([media.type for media in described.content])}"
            pointer = join(described.pointer, "required")
            return [self.problem("request-body", pointer, "the body is missing, but required", "body", hint)], ""
        if not request.body and not described.required:
            return [], ""
        return self.body.judged(request.body or b"", content_type, self.operation.key)

    def response(self, request: Request, response: Answer, *, strict: bool) -> Verdict:
        """Judge a response: its status, headers and body."""
        for key in (str(response.status), f"{response.status // 100}XX", "DEFAULT"):  # exact, range, default
            if key in self.answers:
                return self.answers[key].judged(request, response, strict=strict)
        known = listing([item.status for item in self.operation.responses], "and")
        pointer = join(self.operation.pointer, "responses")
        where = self.api.documents.locate(pointer)
        message = f"{self.operation.key} {response.status}: the document does not know this status"
        hint = f"it knows {known}" if known else "describe it under `responses`"
        return [Problem("unknown-status", where, message, hint, pointer=pointer, place="response.status")], ""

    def problem(self, rule: str, pointer: str, message: str, place: str, hint: str = "") -> Problem:
        """Make a problem of this operation's requests."""
        where = self.api.documents.locate(pointer)
        return Problem(rule, where, f"{self.operation.key}: {message}", hint, pointer=pointer, place=place)


class AnswerRules:
    """One documented response."""

    def __init__(self, api: Api, operation: Operation, response: Response, lowering: Lowering) -> None:
        self.api = api
        self.operation = operation
        self.described = response
        self.lowering = lowering
        self.body = BodyRules(api, response.content, response.pointer, lowering, "response")
        self.headers: dict[str, list[OneParameter]] = {}  # by subject: `default` serves many statuses

    def judged(self, request: Request, response: Answer, *, strict: bool) -> Verdict:
        """Judge a response that has this status."""
        subject = f"{self.operation.key} {response.status}"
        problems = self.header_problems(response, subject)
        content = self.described.content
        if not content:
            if strict and response.body:
                message = "there is a body, but the document describes none"
                problems.append(self.problem(subject, self.described.pointer, message))
            return problems, ""
        if request.method == "HEAD" or response.status in _NO_BODY:
            return problems, ""
        if not response.body and not response.header("content-type"):
            message = f"the body is empty, but the document says {listing([media.type for media in content])}"
            return [*problems, self.problem(subject, join(self.described.pointer, "content"), message)], ""
        found, reason = self.body.judged(response.body or b"", response.header("content-type"), subject)
        return problems + found, reason

    def header_problems(self, response: Answer, subject: str) -> list[Problem]:
        """Judge the documented headers."""
        if not self.described.headers:
            return []
        if subject not in self.headers:
            self.headers[subject] = [
                OneParameter(self.api, header, self.lowering, subject, prefix="response.")
                for header in self.described.headers
            ]
        source = Source(header={name: response.header(name) or "" for name, _ in response.headers})
        return [problem for header in self.headers[subject] for problem in header.problems(source)]

    def problem(self, subject: str, pointer: str, message: str) -> Problem:
        """Make a problem of this response's body."""
        where = self.api.documents.locate(pointer)
        return Problem("response-body", where, f"{subject}: {message}", pointer=pointer, place="response.body")
