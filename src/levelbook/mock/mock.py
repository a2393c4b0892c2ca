"""A server of an API that is right by construction, as a function: from a request to a documented answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from levelbook.mock.answers import Answers
from levelbook.mock.choosing import asked_for, usual
from levelbook.mock.preferences import preferences
from levelbook.mock.refusals import Refusal, Refusals, problem_json
from levelbook.mock.unanswerable import Unanswerable
from levelbook.problem import SpecError
from levelbook.validate.exchange import Outcome, Request, Response
from levelbook.validate.validator import Validator
from levelbook.values import Values

if TYPE_CHECKING:
    from levelbook.api import Api, Operation


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the outcome of judging the request that it is given to."""

    response: Response
    outcome: Outcome


class Mock:
    """Answers requests as the document of an API says.

    ``seed`` changes the values that are made where the document has no example; the same request gets the same answer.
    ``validator`` judges requests; without one, a plain validator of the API does.
    """

    def __init__(self, api: Api, *, seed: int = 0, validator: Validator | None = None) -> None:
        self.api = api
        self.validator = validator or Validator(api)
        self.judge = Validator(api)  # of what we answer: by the document alone
        self.operations: dict[str, Operation] = {operation.key: operation for operation in api.operations}
        self.answers = Answers(api, self.judge, Values(api, seed=seed))
        self.refusals = Refusals(self.answers)
        self.bases = sorted({base for *_, bases in self.judge.source.routes for base in bases if "{" not in base})

    def answer(self, request: Request) -> Response:
        """Give the answer to a request."""
        return self.exchange(request).response

    def exchange(self, request: Request) -> Answered:
        """Give the answer to a request, and what became of the request."""
        request, outcome = self._routed(request)
        operation = self.operations.get(outcome.operation or "")
        try:
            response = self._response(request, operation, outcome)
        except Unanswerable as error:
            response = self.refusals.unanswerable(request, operation, error)
        except RecursionError:
            deep = Unanswerable(501, f"{outcome.operation}: the answer is nested too deeply to be judged")
            response = self.refusals.unanswerable(request, operation, deep)
        except SpecError as error:  # the document is broken where this request leads
            response = problem_json(Refusal(501, error.problems[0].message, error.problems))
        return Answered(_measured(response, has_body=request.method != "HEAD"), outcome)

    def has(self, path: str) -> bool:
        """Say whether a path is the API's: under the base path of a server, or where there is none, an operation's."""
        if any(base and (path == base or path.startswith(f"{base}/")) for base in self.bases):
            return True
        return path != "/" and not _is_unknown(self.judge.request(Request("GET", path)))

    def _response(self, request: Request, operation: Operation | None, outcome: Outcome) -> Response:
        if outcome.outcome == "invalid":
            return self.refusals.of(request, operation, outcome)
        if operation is None:  # a CORS preflight: what may follow, the server that is around us says
            return Response(204)
        wanted = preferences(request.header("prefer"))
        chosen = asked_for(operation, wanted.code) if wanted.code else usual(operation)
        response = self.answers.documented(request, operation, chosen, wanted)
        if wanted.applied:
            return Response(response.status, [*response.headers, ("Preference-Applied", wanted.applied)], response.body)
        return response

    def _routed(self, request: Request) -> tuple[Request, Outcome]:
        """Judge a request; one whose path no operation has is looked for under the base paths of the servers.

        What is found there counts where it is one and the same operation under all of them.
        """
        outcome = self.validator.request(request)
        if not request.url.startswith("/") or not _is_unknown(outcome):
            return request, outcome
        urls = [base + request.url for base in self.bases if base]
        others = [Request(request.method, url, request.headers, request.body, unread=request.unread) for url in urls]
        found = [(one, judged) for one in others if not _is_unknown(judged := self.validator.request(one))]
        is_clear = len({judged.operation for _, judged in found}) == 1
        return found[0] if is_clear else (request, outcome)


def _is_unknown(outcome: Outcome) -> bool:
    return any(problem.rule == "unknown-path" for problem in outcome.problems)


def _measured(response: Response, *, has_body: bool) -> Response:
    """Give an answer with its length; that to HEAD tells the length of what GET would get (RFC 9110, 8.6 and 9.3.2)."""
    if response.status in (204, 304):
        return response
    headers = [*response.headers, ("Content-Length", str(len(response.body or b"")))]
    return Response(response.status, headers, response.body if has_body else None)
