"""Judging the parameters of one operation: all of them with one schema, one by one only where that fails."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.judge import Judge
from levelbook.validate.parameters import MISSING, NotDecoded, Source, decoder
from levelbook.validate.shape import Reading, Shape
from levelbook.words import listing

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, Parameter
    from levelbook.lower import Lowering

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1.1, 4.8.12.1: not parameters
_WHERE = {
    "query": "the query parameter",
    "path": "the path parameter",
    "header": "the header",
    "cookie": "the cookie",
    "querystring": "the query string",
}


class ParameterRules:
    """The parameters of one operation, compiled."""

    def __init__(self, api: Api, operation: Operation, lowering: Lowering) -> None:
        self.api = api
        self.operation = operation
        self.lowering = lowering
        self.judges: dict[str, OneParameter] = {}
        self.parameters = [
            (item, decoder(api, item, taken=_others(operation, item)))
            for item in operation.parameters
            if item.place in _WHERE and not (item.place == "header" and item.name.lower() in _IGNORED_HEADERS)
        ]

    def problems(self, source: Source) -> list[Problem]:
        """Judge all parameters at once; look at each by itself only where that fails."""
        if not self.parameters:
            return []
        values: dict[str, dict[str, Any]] = {place: {} for place in _WHERE}
        try:
            for parameter, decode in self.parameters:
                value = decode(source)
                if value is not MISSING and not (value == "" and parameter.allow_empty):
                    values[parameter.place][parameter.name] = value
        except NotDecoded:
            pass
        else:
            if self.together.accepts(values):
                return []
        return [problem for parameter, _ in self.parameters for problem in self.one(parameter).problems(source)]

    @cached_property
    def together(self) -> Judge:
        """One schema for all parameters of the operation."""
        return Judge(self.lowering, self.operation.pointer, self._schema)

    def _schema(self) -> dict[str, Any]:
        places: dict[str, Any] = {}
        for parameter, _ in self.parameters:
            schema = parameter.schema or (parameter.media.schema if parameter.media else None)
            place = places.setdefault(parameter.place, {"properties": {}, "required": []})
            place["properties"][parameter.name] = self.lowering.reference(schema) if schema else True
            if parameter.required:
                place["required"].append(parameter.name)
        return {"properties": places}

    def one(self, parameter: Parameter) -> OneParameter:
        """Give the judge of one parameter, made when first needed."""
        if parameter.pointer not in self.judges:
            self.judges[parameter.pointer] = OneParameter(
                self.api, parameter, self.lowering, self.operation.key, taken=_others(self.operation, parameter)
            )
        return self.judges[parameter.pointer]

    @cached_property
    def takes_text(self) -> bool:
        """Whether a path parameter may be any text, so that a more narrow template of the same shape goes first."""
        return any(
            "string" in Shape(self.api, *((item.schema,) if item.schema else ())).types
            for item, _ in self.parameters
            if item.place == "path"
        )

    def takes_path(self, raw: dict[str, str]) -> bool:
        """Whether the path parameters of this operation accept what stands in the path."""
        source = Source(path=raw)
        return not any(self.one(item).problems(source) for item, _ in self.parameters if item.place == "path")

    def unknown_names(self, source: Source) -> list[Problem]:
        """Name the query parameters that the document does not know (strict mode)."""
        inside = [item for item, _ in self.parameters if item.place == "query"]
        known = {item.name for item in inside}
        known |= {scheme.parameter for scheme in self.api.security_schemes.values() if scheme.place == "query"}
        for item in inside:
            if item.schema is not None and item.style == "form" and item.explode:
                known |= set(Shape(self.api, item.schema).names)
        deep = tuple(f"{item.name}[" for item in inside if item.style == "deepObject")
        names = dict.fromkeys(name for name, _ in source.query)
        where = self.api.documents.locate(self.operation.pointer)
        hint = f"known are {listing([f'`{item}`' for item in sorted(known)], 'and')}" if known else ""
        return [
            Problem(
                "unknown-parameter",
                where,
                f"{self.operation.key}: the query parameter `{name}` is not in the document",
                hint,
                pointer=self.operation.pointer,
                place=f"query.{name}",
            )
            for name in names
            if name not in known and not (deep and name.startswith(deep))
        ]


def _others(operation: Operation, parameter: Parameter) -> frozenset[str]:
    return frozenset(item.name for item in operation.parameters if item.place == "query" and item is not parameter)


class OneParameter:
    """A parameter or header by itself, with its words; ``subject`` is what its problems begin with."""

    def __init__(  # noqa: PLR0913  # what a parameter is, and what its problems begin with
        self,
        api: Api,
        parameter: Parameter,
        lowering: Lowering,
        subject: str,
        *,
        prefix: str = "",
        taken: frozenset[str] = frozenset(),
    ) -> None:
        self.api = api
        self.parameter = parameter
        self.subject = subject
        schema = parameter.schema or (parameter.media.schema if parameter.media else None)
        shape = Shape(api, *((schema,) if schema else ()))
        readings: tuple[Reading, ...] = ("list", *shape.readings)
        self.decoders = [decoder(api, parameter, reading=reading, taken=taken) for reading in readings]
        self.place = f"{prefix}{parameter.place}.{parameter.name}"
        self.name = f"{_WHERE.get(parameter.place, 'the parameter')} `{parameter.name}`"
        self.rule = "response-header" if prefix else "request-parameter"
        self.judge = Judge.of(lowering, schema) if schema else None

    def problems(self, source: Source) -> list[Problem]:
        """Say what is wrong; a text that may be read in several ways is right when one of them is."""
        values, refusals = [], []
        for decode in self.decoders:
            try:
                value = decode(source)
            except NotDecoded as error:
                refusals.append(error)
                continue
            if value is MISSING:
                continue
            if self.judge is None or self.judge.accepts(value) or (value == "" and self.parameter.allow_empty):
                return []
            values.append(value)
        if self.judge is not None and values:
            return self.judge.problems(
                values[0], self.rule, self.subject, self.place, self.name, inside=self.parameter.name, texts=True
            )
        if refusals:
            return [self.problem(self.parameter.pointer, f"{self.name} {refusals[0]}", "")]
        return [self.missing()] if self.parameter.required else []

    def missing(self) -> Problem:
        """Say that the parameter is absent."""
        return self.problem(
            join(self.parameter.pointer, "required"),
            f"{self.name} is missing, but required",
            f"send `{self.parameter.name}`" if self.rule == "request-parameter" else "",
        )

    def problem(self, pointer: str, message: str, hint: str) -> Problem:
        """Make a problem of this parameter."""
        where = self.api.documents.locate(pointer)
        return Problem(self.rule, where, f"{self.subject}: {message}", hint, pointer=pointer, place=self.place)
