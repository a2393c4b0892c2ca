"""Judging a body: its media type, its bytes, its value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from levelbook.phrases import listing, near, quote
from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.bodies import NotJudged, body_decoder, planned_parts, read_json, wrong_part_type
from levelbook.validate.exchange import Response
from levelbook.validate.media import choose, is_form, is_json, media_type
from levelbook.validate.parameter_rules import OneParameter, is_joined
from levelbook.validate.parameters import Source
from levelbook.validate.readings import best
from levelbook.validate.texts import NotDecoded, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.validate.bodies import Decode
    from levelbook.validate.plan import Direction, MediaPlan
    from levelbook.validate.schemas import Judge, Schemas

Verdict: TypeAlias = "tuple[Sequence[Problem], str]"  # what is wrong, and what could not be judged
FINE: Verdict = ((), "")
_ENCODED = "form fields that are not strings need JSON encoding"
_KNOWN = 64  # Content-Types remembered for one body: a boundary is part of them


class BodyRules:
    """The documented media types of one body."""

    def __init__(self, media: Sequence[MediaPlan], pointer: str, schemas: Schemas, direction: Direction) -> None:
        self.media = media
        self.pointer = pointer
        self.schemas = schemas
        self.direction = direction
        self.place = "body" if direction == "request" else "response.body"
        self.known: dict[str, MediaRules] = {}  # by Content-Type

    def judged(self, body: bytes, content_type: str | None, subject: str) -> Verdict:
        """Judge bytes by the media type they say they are of; ``subject`` is what problems begin with."""
        rules = self.known.get(content_type or "") or self.rules(content_type)
        if rules is None:
            return [self.wrong_type(content_type, subject)], ""
        return rules.judged(body, subject)

    def rules(self, content_type: str | None) -> MediaRules | None:
        """Give the rules for a Content-Type; None where the document does not know it."""
        media = choose(self.media, content_type) if content_type else None
        if media is None or content_type is None:
            return None
        rules = MediaRules(self, media, content_type)
        if len(self.known) < _KNOWN:
            self.known[content_type] = rules
        return rules

    def wrong_type(self, content_type: str | None, subject: str) -> Problem:
        """Say that the document has no such media type here."""
        found = f"the Content-Type is {quote(content_type)}" if content_type else "there is no Content-Type"
        documented = listing([media.type for media in self.media]) or "none"
        message = f"{found}, but the document says {documented}"
        known = [media.type for media in self.media]
        meant = near(media_type(content_type), known, 0.8) if content_type else ""
        hint = f"did you mean {meant}?" if meant else f"send it as {listing(known)}" if known else ""
        return self.problem("media-type", join(self.pointer, "content"), subject, message, hint, self.place)

    def problem(self, rule: str, pointer: str, subject: str, message: str, hint: str, place: str) -> Problem:
        """Make a problem of this body."""
        where = self.schemas.locate(pointer)
        return Problem(f"{self.direction}-{rule}", where, f"{subject}: {message}", hint, pointer=pointer, place=place)


def _once_per_item(problem: Problem, joined: set[str]) -> Problem:
    """Say how a list is sent in a form, where it was sent in one piece."""
    name = problem.place.split("/")[1] if "/" in problem.place else ""
    if name not in joined:
        return problem
    hint = f"send the field once per item (`{name}=1&{name}=2`), or give it `contentType: application/json`"
    return replace(problem, hint=hint)


class MediaRules:
    """One media type, sent with a certain Content-Type: how its bytes are read, and what they have to be."""

    def __init__(self, above: BodyRules, media: MediaPlan, content_type: str) -> None:
        self.above = above
        self.media = media
        self.content_type = content_type
        self.name = media_type(content_type)
        self.decode: Decode = body_decoder(media, content_type)
        schemas = above.schemas
        self.judge: Judge | None = schemas.judge(media.schema, media.pointer) if media.schema else None
        self.item_judge: Judge | None = schemas.judge(media.item_schema, media.pointer) if media.item_schema else None
        self.is_opaque = self.judge is None and self.item_judge is None and not is_json(self.name)
        self.has_parts = bool(media.parts or media.prefix_parts or media.item_part) and self.name.startswith(
            "multipart/"
        )
        self.fits: Callable[[bytes], bool] = self._short_way()

    def _short_way(self) -> Callable[[bytes], bool]:
        """Make the function that says whether a body is plainly right, in the first reading that comes to mind."""
        if self.is_opaque:
            return lambda _: True
        if self.item_judge is not None or self.has_parts or self.judge is None:
            return lambda _: False
        accepts, decode = self.judge.accepts, self.decode

        def fits_json(body: bytes) -> bool:
            try:
                return bool(accepts(loads(body)))
            except NotDecoded:
                return False

        def fits(body: bytes) -> bool:
            try:
                return bool(accepts(decode(body, None)))
            except (NotDecoded, NotJudged):
                return False

        return fits_json if decode is read_json else fits

    def judged(self, body: bytes, subject: str) -> Verdict:
        """Judge a body of this type."""
        if self.is_opaque:
            return FINE  # the document says nothing of it
        try:
            value = self.decode(body, None)
            if self.faults(value):
                value = self.value(body)
            problems = self.part_problems(body, subject) if self.has_parts else []
        except NotDecoded as error:
            return [self.undecoded(error, subject)], ""
        except NotJudged as error:
            return (), str(error)
        if self.faults(value):
            problems += self.schema_problems(value, subject)
        return (problems, "") if problems else FINE

    def undecoded(self, error: NotDecoded, subject: str) -> Problem:
        """Say why a body, or a field of it, cannot be read."""
        name, pointer, place, hint = error.field, self.media.pointer, self.above.place, ""
        if name:
            place = join(place, name)
            part = self.media.parts.get(name)
            typed = part is not None and part.content_type
            steps = ("encoding", name, "contentType") if typed else ("schema", "properties", name)
            pointer = join(pointer, *steps)
            json_wanted = "not JSON" in str(error)
            hint = _ENCODED if json_wanted else "send it once" if " times, but" in str(error) else ""
        return self.above.problem("body", pointer, subject, f"the body {error}", hint, place)

    def value(self, body: bytes) -> Any:
        """Read a body in the way that its schema likes best. Raises NotDecoded and NotJudged."""
        if is_json(self.name) and not self.media.is_sequence:
            return self.decode(body, None)
        return best(lambda reading: self.decode(body, reading), self.faults)

    def faults(self, value: Any) -> int:
        """Count what is wrong with a value."""
        found = 0 if self.judge is None or self.judge.accepts(value) else self.judge.faults(value)
        if self.item_judge is not None and isinstance(value, list):
            found += sum(map(self.item_judge.faults, value))
        return found

    def schema_problems(self, value: Any, subject: str) -> list[Problem]:
        """Say what is wrong with a value."""
        rule, place = f"{self.above.direction}-schema", self.above.place
        texts = is_form(self.name)
        found = self.judge.problems(value, rule, subject, place, texts=texts) if self.judge else []
        if texts and isinstance(value, dict):
            joined = {name for name, item in value.items() if is_joined(item)}
            found = [_once_per_item(item, joined) for item in found]
        if self.item_judge is not None and isinstance(value, list):
            for index, item in enumerate(value):
                if not self.item_judge.accepts(item):
                    name = f"item {index} of the body"
                    found += self.item_judge.problems(item, rule, subject, join(place, index), name)
        return found

    def part_problems(self, body: bytes, subject: str) -> list[Problem]:
        """Say what is wrong with the types and headers of parts (OpenAPI 3.1.1, 4.8.15.1)."""
        found = []
        for name, part, plan in planned_parts(self.media, body, self.content_type):
            place = join(self.above.place, name)
            if wanted := wrong_part_type(part, plan):
                message = f"the part `{name}` is of type {part.content_type}, but its `encoding` says {wanted}"
                pointer = join(plan.pointer, "contentType")
                found.append(self.above.problem("media-type", pointer, subject, message, "", place))
            source = Source(Response(200, part.headers))
            for header in plan.headers:
                rules = OneParameter(header, self.above.schemas, f"{subject}: the part `{name}`", prefix=f"{place}.")
                found += rules.problems(source)
        return found
