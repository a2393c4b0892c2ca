"""Judging a body: its media type, its bytes, its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.bodies import FORM, NotJudged, body_decoder, choose, is_json, media_type
from levelbook.validate.judge import Judge
from levelbook.validate.parameters import NotDecoded
from levelbook.words import listing, quote

if TYPE_CHECKING:
    from levelbook.api import Api, Media
    from levelbook.lower import Lowering

Verdict: TypeAlias = tuple[list[Problem], str]  # what is wrong, and what could not be judged


class BodyRules:
    """The documented media types of one body; ``subject`` is what its problems begin with."""

    def __init__(
        self,
        api: Api,
        content: tuple[Media, ...],
        pointer: str,
        lowering: Lowering,
        direction: Literal["request", "response"],
    ) -> None:
        self.api = api
        self.content = content
        self.pointer = pointer
        self.lowering = lowering
        self.direction = direction
        self.place = "body" if direction == "request" else "response.body"
        self.rules: dict[str, MediaRules] = {}

    def judged(self, body: bytes, content_type: str | None, subject: str) -> Verdict:
        """Judge bytes by the media type they say they are of."""
        media = choose(self.content, content_type) if content_type else None
        if media is None or content_type is None:
            return [self.wrong_type(content_type, subject)], ""
        if media.type not in self.rules:
            self.rules[media.type] = MediaRules(self.api, media, self.lowering)
        rules = self.rules[media.type]
        if rules.judge is None and not is_json(media_type(content_type)):
            return [], ""  # the document says nothing of it
        try:
            value = rules.decode(body, media_type(content_type))
        except NotDecoded as error:
            hint = "form fields that are not strings need JSON encoding" if error.field else ""
            place = join(self.place, error.field) if error.field else self.place
            return [self.problem("body", media.pointer, subject, f"the body {error}", hint, place)], ""
        except NotJudged as error:
            return [], str(error)
        if rules.judge is None or rules.judge.accepts(value):
            return [], ""
        value = rules.meant(body, value)
        if rules.judge.accepts(value):
            return [], ""
        texts = media_type(content_type) == FORM
        return rules.judge.problems(value, f"{self.direction}-schema", subject, self.place, texts=texts), ""

    def wrong_type(self, content_type: str | None, subject: str) -> Problem:
        """Say that the document has no such media type here."""
        found = f"the Content-Type is {quote(content_type)}" if content_type else "there is no Content-Type"
        documented = listing([media.type for media in self.content]) or "none"
        message = f"{found}, but the document says {documented}"
        return self.problem("media-type", join(self.pointer, "content"), subject, message, "", self.place)

    def problem(self, rule: str, pointer: str, subject: str, message: str, hint: str, place: str) -> Problem:
        """Make a problem of this body."""
        where = self.api.documents.locate(pointer)
        return Problem(f"{self.direction}-{rule}", where, f"{subject}: {message}", hint, pointer=pointer, place=place)


class MediaRules:
    """One media type: how its bytes are read, and what they have to be."""

    def __init__(self, api: Api, media: Media, lowering: Lowering) -> None:
        self.api = api
        self.media = media
        self.decode = body_decoder(api, media)
        schema = media.schema
        self.judge = Judge.of(lowering, schema) if schema else None

    def meant(self, body: bytes, value: Any) -> Any:
        """Read a form again, field by field: what was taken for a number may have been meant as a string.

        Gives what has fewer faults, so that only these are reported.
        """
        if media_type(self.media.type) != FORM or self.judge is None or not isinstance(value, dict):
            return value
        texts = self._texts(body)
        faults = len(self.judge.compiled.violations(value))
        for name, text in texts.items():
            if name in value and (text != value[name] or type(text) is not type(value[name])):
                trial = value | {name: text}
                count = len(self.judge.compiled.violations(trial))
                if count < faults:
                    value, faults = trial, count
        return value

    def _texts(self, body: bytes) -> dict[str, Any]:
        try:
            texts = body_decoder(self.api, self.media, reading="text")(body, FORM)
        except NotDecoded:  # only the other reading makes sense of it
            return {}
        return texts if isinstance(texts, dict) else {}
