"""All that is needed to judge one operation's requests and responses, compiled once.

The fast path decodes and asks ``accepts``; only a failure pays for words and places.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.bodies import NotJudged, body_decoder, choose, media_type
from levelbook.validate.judge import Judge
from levelbook.validate.parameters import MISSING, NotDecoded, Source, decoder
from levelbook.validate.security import missing_credentials
from levelbook.validate.shape import Shape
from levelbook.words import listing, quote

if TYPE_CHECKING:
    from levelbook.api import Api, Media, Operation, Parameter, Response
    from levelbook.engine import Path
    from levelbook.lower import Lowering
    from levelbook.validate.exchange import Request
    from levelbook.validate.exchange import Response as Answer

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1.1, 4.8.12.1: not parameters
_WHERE = {"query": "the query parameter", "path": "the path parameter", "header": "the header", "cookie": "the cookie"}


class Plan:
    """The plan of one operation; ``requests`` and ``responses`` lower schemas, each in its direction."""

    def __init__(self, api: Api, operation: Operation, requests: Lowering, responses: Lowering) -> None:
        self.api = api
        self.operation = operation
        self.requests = requests
        self.responses = responses
        self.parameters = [(item, decoder(api, item)) for item in operation.parameters
                           if not (item.place == "header" and item.name.lower() in _IGNORED_HEADERS)]
        self._bodies: dict[str, tuple[Any, Judge | None]] = {}
        self._answers = {response.status.upper(): response for response in operation.responses}
        self._headers: dict[str, list[tuple[Parameter, Any, Judge | None]]] = {}

    def request_problems(self, request: Request, source: Source, *, strict: bool) -> tuple[list[Problem], str]:
        """Give what is wrong with a request, and what of it could not be judged."""
        problems: list[Problem] = []
        if self.operation.security and (missing := missing_credentials(self.api, self.operation, source)):
            pointer = join(self.operation.pointer, "security")
            problems.append(self.problem(
                "request-security", pointer, f"credentials are missing: {missing}", "", "security"))
        problems += self.parameter_problems(source)
        if strict:
            problems += self.unknown_names(source)
        found, reason = self.body_problems(request, strict=strict)
        return problems + found, reason

    def parameter_problems(self, source: Source) -> list[Problem]:
        """Judge all parameters with one schema; look at each by itself only where that fails."""
        if not self.parameters:
            return []
        values: dict[str, dict[str, Any]] = {"query": {}, "path": {}, "header": {}, "cookie": {}}
        problems = []
        for parameter, decode in self.parameters:
            try:
                value = decode(source)
            except NotDecoded as error:
                problems.append(self.unreadable(parameter, str(error)))
                continue
            if value is not MISSING:
                values[parameter.place][parameter.name] = value
        if not problems and self.parameter_judge.accepts(values):
            return []
        return problems + self.slow_parameters(values, {problem.place for problem in problems})

    @cached_property
    def takes_text(self) -> bool:
        """Whether a path parameter may be any text, so that a more narrow template of the same shape goes first."""
        return any("string" in Shape(self.api, *((item.schema,) if item.schema else ())).types
                   for item, _ in self.parameters if item.place == "path")

    def takes_path(self, raw: dict[str, str]) -> bool:
        """Whether the path parameters of this operation accept what stands in the path."""
        source = Source(path=raw)
        for parameter, decode in self.parameters:
            if parameter.place != "path" or parameter.schema is None:
                continue
            try:
                value = decode(source)
            except NotDecoded:
                return False
            judge = Judge(self.requests, dict(self.requests.reference(parameter.schema)), parameter.schema.pointer)
            if not any(judge.accepts(one) for one in (value, *_as_text(value, Shape(self.api, parameter.schema)))):
                return False
        return True

    @cached_property
    def parameter_judge(self) -> Judge:
        """One schema for all parameters of the operation."""
        places: dict[str, Any] = {}
        for parameter, _ in self.parameters:
            schema = parameter.schema or (parameter.media.schema if parameter.media else None)
            place = places.setdefault(parameter.place, {"properties": {}, "required": []})
            place["properties"][parameter.name] = self.requests.reference(schema) if schema else True
            if parameter.required:
                place["required"].append(parameter.name)
        return Judge(self.requests, {"properties": places}, self.operation.pointer)

    def slow_parameters(self, values: dict[str, dict[str, Any]], unreadable: set[str]) -> list[Problem]:
        """Find the parameters that are wrong; a text read as a number may have been meant as a string."""
        problems = []
        for parameter, _ in self.parameters:
            there, place = values[parameter.place], f"{parameter.place}.{parameter.name}"
            if parameter.name not in there:
                if parameter.required and place not in unreadable:
                    problems.append(self.missing(parameter, there))
                continue
            schema = parameter.schema or (parameter.media.schema if parameter.media else None)
            if schema is None:
                continue
            judge = Judge(self.requests, dict(self.requests.reference(schema)), schema.pointer)
            value = there[parameter.name]
            if judge.accepts(value) or any(judge.accepts(other) for other in _as_text(value, Shape(self.api, schema))):
                continue
            name = f"{_WHERE[parameter.place]} `{parameter.name}`"
            problems += judge.problems(value, "request-parameter", self.operation.key,
                                       lambda path, place=place: join(place, *path), name)  # type: ignore[misc]
        return problems

    def missing(self, parameter: Parameter, there: dict[str, Any]) -> Problem:
        """Say that a required parameter is absent."""
        return self.problem(
            "request-parameter", join(parameter.pointer, "required"),
            f"{_WHERE[parameter.place]} `{parameter.name}` is missing, but required",
            f"send `{parameter.name}`" + (f" beside {listing([f'`{name}`' for name in there], 'and')}" if there else ""),
            f"{parameter.place}.{parameter.name}")

    def unreadable(self, parameter: Parameter, why: str) -> Problem:
        """Say that the text of a parameter is not of its style."""
        return self.problem("request-parameter", parameter.pointer,
                            f"{_WHERE[parameter.place]} `{parameter.name}` {why}", "",
                            f"{parameter.place}.{parameter.name}")

    def unknown_names(self, source: Source) -> list[Problem]:
        """Name the query parameters that the document does not know (strict mode)."""
        known = {item.name for item, _ in self.parameters if item.place == "query"}
        known |= {scheme.parameter for scheme in self.api.security_schemes.values() if scheme.place == "query"}
        for item, _ in self.parameters:
            if item.place == "query" and item.schema is not None:
                known |= set(Shape(self.api, item.schema).names) if item.style == "form" and item.explode else set()
        deep = tuple(f"{item.name}[" for item, _ in self.parameters if item.style == "deepObject")
        unknown = [name for name, _ in source.query if name not in known and not (deep and name.startswith(deep))]
        return [self.problem("unknown-parameter", self.operation.pointer,
                             f"the query parameter `{name}` is not in the document",
                             f"known are {listing([f'`{item}`' for item in sorted(known)], 'and')}" if known else "",
                             f"query.{name}") for name in dict.fromkeys(unknown)]

    def body_problems(self, request: Request, *, strict: bool) -> tuple[list[Problem], str]:
        """Judge the body of a request."""
        body = self.operation.body
        if body is None:
            if strict and request.body:
                return [self.problem("request-body", self.operation.pointer,
                                     "there is a body, but the document describes none", "", "body")], ""
            return [], ""
        if not request.body:
            if not body.required:
                return [], ""
            empty = b""
            if request.body is None or choose(body.content, request.header("content-type") or "") is None:
                return [self.problem("request-body", join(body.pointer, "required"), "the body is missing, but required",
                                     f"send one as {listing([media.type for media in body.content])}", "body")], ""
            return self.judged(empty, request.header("content-type"), body.content, body.pointer, "body", "")
        return self.judged(request.body, request.header("content-type"), body.content, body.pointer, "body", "")

    def response_problems(self, request: Request, response: Answer, *, strict: bool) -> tuple[list[Problem], str]:
        """Judge a response: its status, headers and body."""
        answer = self.answer(response.status)
        subject = f"{self.operation.key} {response.status}"
        if answer is None:
            known = listing([item.status for item in self.operation.responses], "and")
            return [self.problem("unknown-status", join(self.operation.pointer, "responses"),
                                 "the document does not know this status",
                                 f"it knows {known}" if known else "describe it under `responses`",
                                 "response.status", subject)], ""
        problems = self.header_problems(answer, response, subject)
        if not answer.content or request.method == "HEAD" or response.status in (204, 304):
            if strict and response.body and not answer.content:
                problems.append(self.problem("response-body", answer.pointer,
                                             "there is a body, but the document describes none", "",
                                             "response.body", subject))
            return problems, ""
        if not response.body:
            problems.append(self.problem("response-body", join(answer.pointer, "content"), "the body is empty",
                                         f"the document says {listing([media.type for media in answer.content])}",
                                         "response.body", subject))
            return problems, ""
        found, reason = self.judged(response.body, response.header("content-type"), answer.content,
                                    answer.pointer, "response.body", f" {response.status}")
        return problems + found, reason

    def answer(self, status: int) -> Response | None:
        """Give the documented response for a status: exact, then its range, then ``default``."""
        for key in (str(status), f"{status // 100}XX", "DEFAULT"):
            if key in self._answers:
                return self._answers[key]
        return None

    def header_problems(self, answer: Response, response: Answer, subject: str) -> list[Problem]:
        """Judge the documented headers of a response."""
        if not answer.headers:
            return []
        if answer.status not in self._headers:
            self._headers[answer.status] = [
                (header, decoder(self.api, header),
                 Judge(self.responses, dict(self.responses.reference(header.schema)), header.pointer)
                 if header.schema else None)
                for header in answer.headers
            ]
        source = Source(header={name: response.header(name) or "" for name, _ in response.headers})
        problems: list[Problem] = []
        for header, decode, judge in self._headers[answer.status]:
            place = f"response.header.{header.name}"
            value = decode(source)
            if value is MISSING:
                if header.required:
                    problems.append(self.problem(
                        "response-header", join(header.pointer, "required"),
                        f"the header `{header.name}` is missing, but required", "", place, subject))
            elif judge is not None and not judge.accepts(value) and not any(
                    judge.accepts(other) for other in _as_text(value, Shape(self.api, *((header.schema,) if header.schema else ())))):
                problems += judge.problems(value, "response-header", subject, lambda path, place=place: join(place, *path),  # type: ignore[misc]
                                           f"the header `{header.name}`")
        return problems

    def judged(
        self, body: bytes, content_type: str | None, content: tuple[Media, ...], pointer: str, place: str, status: str
    ) -> tuple[list[Problem], str]:
        """Judge the bytes of a body by the media type they say they are of."""
        direction = "response" if status else "request"
        subject = self.operation.key + status
        documented = listing([media.type for media in content])
        media = choose(content, content_type) if content_type else None
        if media is None:
            found = f"the Content-Type is {quote(content_type)}" if content_type else "there is no Content-Type"
            return [self.problem(f"{direction}-media-type", join(pointer, "content"),
                                 f"{found}, but the document says {documented or 'none'}", "", place, subject)], ""
        decode, judge = self.body_plan(media, direction)
        try:
            value = decode(body, media_type(content_type or ""))
        except NotDecoded as error:
            return [self.problem(f"{direction}-body", media.pointer, f"the body {error}",
                                 "form fields that are not strings need JSON encoding" if "field" in str(error) else "",
                                 place, subject)], ""
        except NotJudged as error:
            return [], str(error)
        if judge is None or judge.accepts(value):
            return [], ""
        if direction == "request" and media.schema and isinstance(value, dict) and "form" in media.type:
            value = _meant_as_text(value, Shape(self.api, media.schema), judge)
            if judge.accepts(value):
                return [], ""
        return judge.problems(value, f"{direction}-schema", subject, lambda path: _body_place(place, path)), ""

    def body_plan(self, media: Media, direction: str) -> tuple[Any, Judge | None]:
        """Give the decoder and the judge of a media type, made when first needed."""
        if media.pointer not in self._bodies:
            lowering = self.requests if direction == "request" else self.responses
            judge = Judge(lowering, dict(lowering.reference(media.schema)), media.schema.pointer) if media.schema else None
            self._bodies[media.pointer] = (body_decoder(self.api, media), judge)
        return self._bodies[media.pointer]

    def problem(self, rule: str, pointer: str, message: str, hint: str, place: str, subject: str = "") -> Problem:
        """Make a problem of this operation."""
        return Problem(rule, self.api.documents.locate(pointer), f"{subject or self.operation.key}: {message}", hint,
                       pointer=pointer, place=place)


def _body_place(place: str, path: Path) -> str:
    return join(place, *path)


def _as_text(value: Any, shape: Shape) -> list[Any]:
    """Give what a value may have been meant as before we took it for a number, a boolean or null."""
    if isinstance(value, list) and shape.item.is_ambiguous:
        return [[_text(item) for item in value]]
    return [_text(value)] if shape.is_ambiguous and not isinstance(value, (str, list, dict)) else []


def _meant_as_text(value: dict[str, Any], shape: Shape, judge: Judge) -> dict[str, Any]:
    """Try each ambiguous field of a form as a string, and keep what makes its own part of the schema pass."""
    for name in list(value):
        for other in _as_text(value[name], shape.property(name)):
            before = len(judge.compiled.violations(value))
            trial = value | {name: other}
            if len(judge.compiled.violations(trial)) < before:
                value = trial
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else quote(value)

