"""All that judges one operation's requests and responses, compiled once from its plan.

The fast path decodes and asks ``accepts``; only a failure pays for words and places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.phrases import listing
from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.body_rules import FINE, BodyRules
from levelbook.validate.exchange import Outcome
from levelbook.validate.media import FORM, media_type
from levelbook.validate.parameter_rules import OneParameter, ParameterRules
from levelbook.validate.parameters import Source
from levelbook.validate.security import credentials_check, missing_credentials
from levelbook.validate.styles import MISSING
from levelbook.validate.texts import NotDecoded

if TYPE_CHECKING:
    from levelbook.validate.body_rules import Verdict
    from levelbook.validate.exchange import Request
    from levelbook.validate.exchange import Response as Answer
    from levelbook.validate.plan import AnswerPlan, OperationPlan
    from levelbook.validate.schemas import Schemas
    from levelbook.validate.strict import Strictness

_NO_BODY = frozenset({204, 205, 304})  # RFC 9110, 15.3.5, 15.3.6 and 15.4.5


class OperationRules:
    """The rules of one operation; ``requests`` and ``responses`` hold the schemas of each direction."""

    def __init__(
        self, plan: OperationPlan, requests: Schemas, responses: Schemas, strictness: Strictness | None
    ) -> None:
        self.plan = plan
        self.schemas = requests
        self.strictness = strictness
        self.parameters = ParameterRules(plan, requests)
        self.body = BodyRules(plan.body.media, plan.body.pointer, requests, "request") if plan.body else None
        self.answers = {answer.status: AnswerRules(self, answer, responses) for answer in plan.answers}
        self.by_status: dict[int, AnswerRules | None] = {}
        self._has_credentials = credentials_check(plan.security) if plan.security else None
        self.valid = Outcome("valid", plan.key)  # what most exchanges get: made once

    def fits(self, request: Request, source: Source) -> bool:
        """Say whether a request is plainly right: the short way, which most requests go.

        Where it ends, the long way starts again from the beginning, and finds the words.
        """
        if self._has_credentials is not None and not self._has_credentials(source):
            return False
        if self.plan.parameters and not self.parameters.fits(source):
            return False
        rules, body = self.body, request.body
        if rules is None:
            return True
        media = rules.known.get(request.fields.get("content-type", ""))
        return bool(body) and media is not None and not request.unread and media.fits(body)  # type: ignore[arg-type]

    def fits_response(self, request: Request, response: Answer) -> bool:
        """Say whether a response is plainly right: the short way."""
        answer = self.by_status.get(response.status)
        body = response.body
        if answer is None or not body or answer.plan.headers or request.method == "HEAD":
            return False
        media = answer.body.known.get(response.fields.get("content-type", ""))
        return media is not None and response.status not in _NO_BODY and not response.unread and media.fits(body)

    def request(self, request: Request, source: Source) -> Verdict:
        """Give what is wrong with a request, and what of it could not be judged."""
        plan = self.plan
        problems: list[Problem] = []
        if self._has_credentials is not None and not self._has_credentials(source):
            missing = missing_credentials(plan.security, source)
            pointer = join(plan.pointer, "security")
            problems.append(
                self.problem("request-security", pointer, f"credentials are missing: {missing}", "security")
            )
        if plan.parameters:
            problems += self.parameters.problems(source)
        if self.strictness is not None:
            misspelt = {problem.hint.split("`")[1] for problem in problems if problem.hint.endswith("misspelt?")}
            unknown = self.strictness.unknown_names(plan, source, self.schemas.locate)
            problems += [item for item in unknown if item.place.partition(".")[2] not in misspelt]
        found, reason = self.request_body(request)
        if not problems:
            return found, reason
        return [*problems, *found], reason

    def request_body(self, request: Request) -> Verdict:
        """Judge the body of a request."""
        plan, content_type, body = self.plan.body, request.header("content-type"), request.body
        if plan is None or self.body is None:
            if self.strictness is not None and body:
                message = "there is a body, but the document describes none"
                return [self.problem("request-body", self.plan.pointer, message, "body")], ""
            return FINE
        if request.unread:
            return (), f"the body was not judged: {request.unread}"
        # An empty form is a form without fields; other empty bodies are missing ones.
        if not body and (not content_type or media_type(content_type) != FORM):
            if not plan.required:
                return FINE
            hint = f"send one as {listing([media.type for media in plan.media])}"
            pointer = join(plan.pointer, "required")
            return [self.problem("request-body", pointer, "the body is missing, but required", "body", hint)], ""
        if not body and not plan.required:
            return FINE
        return self.body.judged(body or b"", content_type, self.plan.key)

    def response(self, request: Request, response: Answer) -> Verdict:
        """Judge a response: its status, headers and body."""
        answer = self.answer(response.status)
        if answer is not None:
            return answer.judged(request, response)
        known = listing([item.status for item in self.plan.answers], "and")
        pointer = join(self.plan.pointer, "responses")
        where = self.schemas.locate(pointer)
        message = f"{self.plan.key} {response.status}: the document does not know this status"
        hint = f"it knows {known}" if known else "describe it under `responses`"
        return [Problem("unknown-status", where, message, hint, pointer=pointer, place="response.status")], ""

    def answer(self, status: int) -> AnswerRules | None:
        """Give the rules for a status: exact, by range, or by ``default`` (OpenAPI 3.1.1, 4.8.16)."""
        if status not in self.by_status:
            keys = (str(status), f"{status // 100}XX", "DEFAULT")
            found = next((self.answers[key] for key in keys if key in self.answers), None)
            self.by_status[status] = found
        return self.by_status[status]

    def problem(self, rule: str, pointer: str, message: str, place: str, hint: str = "") -> Problem:
        """Make a problem of this operation's requests."""
        where = self.schemas.locate(pointer)
        return Problem(rule, where, f"{self.plan.key}: {message}", hint, pointer=pointer, place=place)


class AnswerRules:
    """One documented response."""

    def __init__(self, above: OperationRules, plan: AnswerPlan, schemas: Schemas) -> None:
        self.above = above
        self.plan = plan
        self.schemas = schemas
        self.body = BodyRules(plan.media, plan.pointer, schemas, "response")
        self.headers: dict[str, list[OneParameter]] = {}  # by subject: `default` serves many statuses

    def judged(self, request: Request, response: Answer) -> Verdict:
        """Judge a response that has this status."""
        subject = f"{self.above.plan.key} {response.status}"
        problems = self.header_problems(response, subject) if self.plan.headers else []
        found, reason = self.body_verdict(request, response, subject)
        return ([*problems, *found] if problems else found), reason

    def body_verdict(self, request: Request, response: Answer, subject: str) -> Verdict:
        """Judge the body of a response."""
        content, body = self.plan.media, response.body
        if not content:
            if self.above.strictness is not None and body:
                message = "there is a body, but the document describes none"
                return [self.problem(subject, self.plan.pointer, message)], ""
            return FINE
        if request.method == "HEAD" or response.status in _NO_BODY:
            return FINE
        if response.unread:
            return (), f"the body of the response was not judged: {response.unread}"
        content_type = response.header("content-type")
        if not body and not content_type:
            message = f"the body is empty, but the document says {listing([media.type for media in content])}"
            return [self.problem(subject, join(self.plan.pointer, "content"), message)], ""
        return self.body.judged(body or b"", content_type, subject)

    def header_problems(self, response: Answer, subject: str) -> list[Problem]:
        """Judge the documented headers."""
        if subject not in self.headers:
            self.headers[subject] = [
                OneParameter(header, self.schemas, subject, prefix="response.") for header in self.plan.headers
            ]
        source = Source(response)
        return [problem for header in self.headers[subject] for problem in header.problems(source)]

    def header_values(self, response: Answer) -> dict[tuple[str, str], Any]:
        """Give the values of the documented headers that are there and can be read, by place and name."""
        found: dict[tuple[str, str], Any] = {}
        source = Source(response)
        for header in self.plan.headers:
            try:
                value = OneParameter(header, self.schemas, "", prefix="response.").value(source)
            except NotDecoded:
                continue
            if value is not MISSING:
                found["header", header.name] = value
        return found

    def problem(self, subject: str, pointer: str, message: str) -> Problem:
        """Make a problem of this response's body."""
        where = self.schemas.locate(pointer)
        return Problem("response-body", where, f"{subject}: {message}", pointer=pointer, place="response.body")
