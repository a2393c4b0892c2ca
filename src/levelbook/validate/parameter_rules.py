"""Judging the parameters of one operation: all of them with one schema, one by one only where that fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.phrases import near
from levelbook.pointer import join
from levelbook.problem import Problem
from levelbook.validate.parameters import Source, decoder
from levelbook.validate.readings import best
from levelbook.validate.styles import MISSING, Taken
from levelbook.validate.texts import NotDecoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.validate.plan import OperationPlan, ParameterPlan
    from levelbook.validate.schemas import Judge, Schemas

_NOTHING = Taken()
_EMPTY: tuple[Any, ...] = ("", [""], [])  # how an empty text reads
_WHERE = {
    "query": "the query parameter",
    "path": "the path parameter",
    "header": "the header",
    "cookie": "the cookie",
    "querystring": "the query string",
}


class ParameterRules:
    """The parameters of one operation, compiled."""

    def __init__(self, plan: OperationPlan, schemas: Schemas) -> None:
        self.plan = plan
        self.schemas = schemas
        self._ones: dict[str, OneParameter] = {}
        self._together: Judge | None = None
        self.parameters = [(item, decoder(item, taken_by_others(plan, item))) for item in plan.parameters]
        # What is judged at once: `(key, decoder, whether an empty text counts as absent)`.
        self._rows = [
            (_key(item), decode, item.allow_empty and item.place == "query") for item, decode in self.parameters
        ]

    def problems(self, source: Source) -> list[Problem]:
        """Judge all parameters at once; look at each by itself only where that fails."""
        if self.fits(source):
            return []
        return [problem for parameter, _ in self.parameters for problem in self.one(parameter).problems(source)]

    def fits(self, source: Source) -> bool:
        """Say whether all parameters are plainly right, in the first reading that comes to mind."""
        values: dict[str, Any] = {}
        try:
            for key, decode, allow_empty in self._rows:
                value = decode(source, None)
                if value is not MISSING and not (allow_empty and value in _EMPTY):
                    values[key] = value
        except NotDecoded:
            return False
        return bool((self._together or self.together()).accepts(values))

    def together(self) -> Judge:
        """Give the one schema for all parameters of the operation."""
        if self._together is None:
            parameters = self.plan.parameters
            schema = {
                "properties": {_key(item): _reference(item.schema) for item in parameters},
                "required": [_key(item) for item in parameters if item.required],
            }
            names = [item.schema for item in parameters if item.schema]
            self._together = self.schemas.judge_of(schema, names, self.plan.pointer)
        return self._together

    def one(self, parameter: ParameterPlan) -> OneParameter:
        """Give the judge of one parameter, made when first needed."""
        if parameter.pointer not in self._ones:
            self._ones[parameter.pointer] = OneParameter(
                parameter,
                self.schemas,
                self.plan.key,
                taken=taken_by_others(self.plan, parameter),
                known=frozenset(item.name for item in self.plan.parameters if item.place == parameter.place),
            )
        return self._ones[parameter.pointer]

    @property
    def takes_text(self) -> bool:
        """Whether a path parameter may be any text, so that a more narrow template of the same shape goes first."""
        return any(
            item.shape.is_open or "string" in item.shape.types for item in self.plan.parameters if item.place == "path"
        )

    def takes_path(self, source: Source) -> bool:
        """Whether the path parameters of this operation accept what stands in the path."""
        return not any(self.one(item).problems(source) for item in self.plan.parameters if item.place == "path")

    def values(self, source: Source) -> dict[tuple[str, str], Any]:
        """Give the values of the parameters that are there and can be read, by place and name."""
        found = {}
        for parameter, _ in self.parameters:
            try:
                value = self.one(parameter).value(source)
            except NotDecoded:
                continue
            if value is not MISSING:
                found[parameter.place, parameter.name] = value
        return found


def _key(parameter: ParameterPlan) -> str:
    return f"{parameter.place}.{parameter.name}"


def _reference(name: str) -> Any:
    return {"$ref": f"#/$defs/{name}"} if name else True


def taken_by_others(plan: OperationPlan, parameter: ParameterPlan) -> Taken:
    """Say which fields of the query are not this parameter's: an open object leaves them alone."""
    if parameter.place != "query":
        return Taken()
    names = {item.name for item in plan.credentials if item.place == "query"}
    starts = []
    for item in plan.parameters:
        if item.place != "query" or item is parameter:
            continue
        if item.style == "deepObject":
            starts.append(f"{item.name}[")
        elif item.style == "form" and item.explode and item.shape.is_object and not item.content:
            names |= set(item.shape.properties)
        else:
            names.add(item.name)
    return Taken(frozenset(names), tuple(starts))


def is_joined(value: Any) -> bool:
    """Say whether a list was probably sent in one piece where it is to be sent item by item."""
    return (
        isinstance(value, list)
        and len(value) == 1
        and isinstance(value[0], str)
        and ("," in value[0] or value[0][:1] == "[")
    )


class OneParameter:
    """A parameter or header by itself, with its words; ``subject`` is what its problems begin with.

    ``known`` are the names of all described parameters of its place.
    """

    def __init__(
        self,
        parameter: ParameterPlan,
        schemas: Schemas,
        subject: str,
        *,
        prefix: str = "",
        taken: Taken = _NOTHING,
        known: frozenset[str] = frozenset(),
    ) -> None:
        self.parameter = parameter
        self.schemas = schemas
        self.subject = subject
        self.known = known
        self.decode = decoder(parameter, taken)
        self.allow_empty = parameter.allow_empty and parameter.place == "query"  # OpenAPI 3.1.1, 4.8.12.2.1
        self.place = f"{prefix}{parameter.place}.{parameter.name}"
        self.name = f"{_WHERE.get(parameter.place, 'the parameter')} `{parameter.name}`"
        self.rule = "response-header" if prefix.startswith("response") else "request-parameter"
        self.judge = schemas.judge(parameter.schema, parameter.pointer) if parameter.schema else None

    def faults(self, value: Any) -> int:
        """Count what is wrong with a value."""
        if self.judge is None or value is MISSING or (self.allow_empty and value in _EMPTY):
            return 0
        return self.judge.faults(value)

    def value(self, source: Source) -> Any:
        """Give the value, in the reading that its schema likes best. Raises NotDecoded."""
        return best(lambda reading: self.decode(source, reading), self.faults)

    def problems(self, source: Source) -> list[Problem]:
        """Say what is wrong; a text that may be read in several ways is right when one of them is."""
        try:
            value = self.value(source)
        except NotDecoded as error:
            name, listed = self.parameter.name, self.parameter.shape.is_array
            hint = f"send `{name}=1,2`" if listed and "its style writes" in str(error) else ""
            return [self.problem(self.parameter.pointer, f"{self.name} {error}", hint)]
        if value is MISSING:
            return [self.missing(source)] if self.parameter.required else []
        if self.judge is None or not self.faults(value):
            return []
        found = self.judge.problems(
            value, self.rule, self.subject, self.place, self.name, inside=self.parameter.name, texts=True
        )
        if self.parameter.place == "query" and self.parameter.explode and is_joined(value):
            name = self.parameter.name
            return [replace(item, hint=f"send it once per value: `{name}=1&{name}=2`") for item in found]
        return found

    def missing(self, source: Source) -> Problem:
        """Say that the parameter is absent."""
        sent: dict[str, Iterable[str]] = {
            "query": source.query,
            "header": source.message.fields,
            "cookie": source.cookies,
        }
        meant = near(
            self.parameter.name, [name for name in sent.get(self.parameter.place, ()) if name not in self.known], 0.7
        )
        hint = f"`{meant}` was sent: is it misspelt?" if meant else ""
        if not hint and self.rule == "request-parameter":
            hint = f"send `{self.parameter.name}`"
        pointer = join(self.parameter.pointer, "required")
        return self.problem(pointer, f"{self.name} is missing, but required", hint)

    def problem(self, pointer: str, message: str, hint: str) -> Problem:
        """Make a problem of this parameter."""
        where = self.schemas.locate(pointer)
        return Problem(self.rule, where, f"{self.subject}: {message}", hint, pointer=pointer, place=self.place)
