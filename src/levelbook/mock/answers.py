"""From a documented response to a real one: its example, or a value made from its schema, and its headers."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from levelbook.meaning import meaning_of
from levelbook.mock.accepting import accepted
from levelbook.mock.unanswerable import Unanswerable
from levelbook.mock.writing import field, written
from levelbook.phrases import listing
from levelbook.validate.exchange import Request, Response
from levelbook.validate.media import is_json
from levelbook.values import Impossible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from levelbook.api import Api, Media, Operation, Parameter
    from levelbook.mock.choosing import Chosen
    from levelbook.mock.preferences import Preferences
    from levelbook.problem import Problem
    from levelbook.validate.validator import Validator
    from levelbook.values import Values

TOLD = "X-Levelbook-Mock"  # the header that says where an answer is from
EXAMPLE, GENERATED, REPLACED, REFUSED = "example", "generated", "example invalid, generated", "refused"
_BODILESS = frozenset({204, 205, 304})  # RFC 9110, 15.3.5, 15.3.6 and 15.4.5
_DATE = "Fri, 17 May 2024 12:30:00 GMT"
# Headers that tell of the message itself: whoever sends it knows better than an example.
_OWN = frozenset({"content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "date"})


@dataclass(frozen=True, slots=True)
class Answers:
    """What makes the responses of one API: ``judge`` says whether one is as the document says."""

    api: Api
    judge: Validator
    values: Values

    def documented(self, request: Request, operation: Operation, chosen: Chosen, wanted: Preferences) -> Response:
        """Give a response by its example, or else by its schema. Raises Unanswerable where neither is to be had."""
        content = chosen.response.content
        headers = self.headers(chosen)
        if not content or chosen.status in _BODILESS:
            bare = Response(chosen.status, [*headers, (TOLD, EXAMPLE)])
            return self._first(operation, chosen, iter([bare]), [])
        offered = accepted(content, request.header("accept"))
        if not offered:
            message = f"{operation.key}: the header `Accept` allows no media type that this answer has"
            raise Unanswerable(406, message, f"it has {listing([media.type for media in content], 'and')}")
        if wanted.example:
            offered = _with_example(operation, offered, wanted.example)
        salt = _salt(request) if wanted.dynamic else ""
        reasons: list[str] = []
        made = (
            Response(chosen.status, [*headers, ("Content-Type", type_), (TOLD, told)], body)
            for media, kind in offered
            for value, told in self.contents(media, kind, wanted, salt, reasons)
            for body, type_ in written(value, kind)
        )
        return self._first(operation, chosen, made, reasons)

    def contents(
        self, media: Media, kind: str, wanted: Preferences, salt: str, reasons: list[str]
    ) -> Iterator[tuple[Any, str]]:
        """Give the values that a body may have, the likeliest first, each with what is told of it.

        Why there is none is added to ``reasons``.
        """
        known = [example.value for example in media.examples if wanted.example in ("", example.name)]
        if not known and media.schema is not None:
            known = list(meaning_of(self.api, media.schema).examples)
        if not wanted.dynamic:
            yield from ((value, EXAMPLE) for value in known)
        told = REPLACED if known and not wanted.dynamic else GENERATED
        try:
            yield self.made(media, kind, salt), told
        except Impossible as error:
            reasons.append(str(error))

    def made(self, media: Media, kind: str, salt: str = "") -> Any:
        """Make a value of a media type. Raises Impossible."""
        if media.schema is None and media.item_schema is not None:
            return [self.values.make(media.item_schema, salt=salt)]
        if media.schema is None:
            return {} if is_json(kind) else ""
        return self.values.make(media.schema, salt=salt)

    def headers(self, chosen: Chosen) -> list[tuple[str, str]]:
        """Give the headers that are required or have an example."""
        found = []
        for header in chosen.response.headers:
            if header.name.lower() in _OWN:
                continue
            known, value = self._header(header)
            if known or header.required:
                as_json = header.media is not None and is_json(header.media.type)
                found.append((header.name, field(value, explode=header.explode, as_json=as_json)))
        return found

    def _header(self, header: Parameter) -> tuple[bool, Any]:
        """Give the value of a header, and whether the document shows it."""
        examples = header.examples or (header.media.examples if header.media else ())
        schema = header.schema or (header.media.schema if header.media else None)
        if schema is None:
            return bool(examples), examples[0].value if examples else ""
        try:
            found = next((example.value for example in examples if self.values.fits(schema, example.value)), None)
            if found is not None:
                return True, found
            return bool(meaning_of(self.api, schema).examples), self.values.make(schema)
        except Impossible:
            return False, ""

    def problems(self, operation: Operation, response: Response) -> Sequence[Problem]:
        """Say what is wrong with an answer, by the document: nothing is, with most that could not be judged."""
        asked = Request(operation.method, operation.path)
        # What the server adds that sends it, a document may ask for as well.
        sent = [*response.headers, ("Content-Length", str(len(response.body or b""))), ("Date", _DATE)]
        return self.judge.rules(operation.key).response(asked, Response(response.status, sent, response.body))[0]

    def _first(self, operation: Operation, chosen: Chosen, made: Iterator[Response], reasons: list[str]) -> Response:
        """Give the first response that the document allows."""
        for response in made:
            problems = self.problems(operation, response)
            if not problems:
                return response
            reasons.append(problems[0].message)
        reason = reasons[-1] if reasons else "its media type is none that values are written in"
        message = f"{operation.key} {chosen.status}: no answer was found that the document allows: {reason}"
        raise Unanswerable(501, message, "give it an example that matches its schema; `levelbook check` says more")


def _with_example(operation: Operation, offered: Sequence[tuple[Media, str]], name: str) -> list[tuple[Media, str]]:
    found = [(media, kind) for media, kind in offered if any(example.name == name for example in media.examples)]
    if not found:
        known = listing([f"`{one.name}`" for media, _ in offered for one in media.examples if one.name], "and")
        message = f"{operation.key}: the header `Prefer` asks for the example `{name}`, which this answer does not have"
        raise Unanswerable(400, message, f"it has {known}" if known else "")
    return found


def _salt(request: Request) -> str:
    return f"{request.method} {request.url} {sha256(request.body or b'').hexdigest()}"
