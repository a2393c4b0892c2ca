"""Judging the parameters of one operation: all of them with one schema, one by one only where that fails."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.judge import Judge
from levelbook.validate.parameters import MISSING, NotDecoded, Source, decoder
from levelbook.validate.shape import Shape
from levelbook.words import listing

if TYPE_CHECKING:
    from levelbook.api import Api, Operation, Parameter
    from levelbook.lower import Lowering

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1.1, 4.8.12.1: not parameters
_WHERE = {"query": "the query parameter", "path": "the path parameter", "header": "the header", "cookie": "the cookie"}


class ParameterRules:
    """The parameters of one operation, compiled."""

    def __init__(self, api: Api, operation: Operation, lowering: Lowering) -> None:
        self.api = api
        self.operation = operation
        self.lowering = lowering
        self.judges: dict[str, OneParameter] = {}
        self.parameters = [
            (item, decoder(api, item))
            for item in operation.parameters
            if not (item.place == "header" and item.name.lower() in _IGNORED_HEADERS)
        ]

    def problems(self, source: Source) -> list[Problem]:
        """Judge all parameters at once; look at each by itself only where that fails."""
        if not self.parameters:
            return []
        values: dict[str, dict[str, Any]] = {"query": {}, "path": {}, "header": {}, "cookie": {}}
        try:
            for parameter, decode in self.parameters:
                value = decode(source)
                if value is not MISSING:
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
        places: dict[str, Any] = {}
        for parameter, _ in self.parameters:
            schema = parameter.schema or (parameter.media.schema if parameter.media else None)
            place = places.setdefault(parameter.place, {"properties": {}, "required": []})
            place["properties"][parameter.name] = self.lowering.reference(schema) if schema else True
            if parameter.required:
                place["required"].append(parameter.name)
        return Judge(self.lowering, {"properties": places}, self.operation.pointer)

    def one(self, parameter: Parameter) -> OneParameter:
        """Give the judge of one parameter, made when first needed."""
        if parameter.pointer not in self.judges:
            self.judges[parameter.pointer] = OneParameter(self.api, parameter, self.lowering, self.operation.key)
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


class OneParameter:
    """A parameter or header by itself, with its words; ``subject`` is what its problems begin with."""

    def __init__(self, api: Api, parameter: Parameter, lowering: Lowering, subject: str, prefix: str = "") -> None:
        self.api = api
        self.parameter = parameter
        self.subject = subject
        self.decode = decoder(api, parameter)
        self.decode_text = decoder(api, parameter, text_first=True)
        self.place = f"{prefix}{parameter.place}.{parameter.name}"
        self.name = f"{_WHERE.get(parameter.place, 'the parameter')} `{parameter.name}`"
        self.rule = "response-header" if prefix else "request-parameter"
        schema = parameter.schema or (parameter.media.schema if parameter.media else None)
        self.judge = Judge(lowering, dict(lowering.reference(schema)), schema.pointer) if schema else None

    def problems(self, source: Source) -> list[Problem]:
        """Say what is wrong; a text that was read as a number may have been meant as a string."""
        try:
            value = self.decode(source)
            if value is MISSING:
                return [self.missing()] if self.parameter.required else []
            if self.judge is None or self.judge.accepts(value) or self.judge.accepts(self.decode_text(source)):
                return []
        except NotDecoded as error:
            return [self.problem(self.parameter.pointer, f"{self.name} {error}", "")]
        return self.judge.problems(value, self.rule, self.subject, self.place, self.name, texts=True)

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
