"""Rules on schemas, and on the examples that should match them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.engine import CompiledSchema, SchemaError, compile_schema, pattern_error
from levelbook.lower import Direction, Lowering
from levelbook.meaning import members
from levelbook.phrases import quote
from levelbook.pointer import join, split
from levelbook.problem import Problem
from levelbook.walk import walk
from levelbook.words import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Media, Operation

_DIRECTIONS: tuple[Direction, ...] = ("request", "response")
_KEYWORDS = frozenset({"type", "properties", "allOf", "oneOf", "anyOf", "items", "enum", "const", "$ref", "format"})


def pattern(api: Api) -> Iterator[Problem]:
    """Every ``pattern`` is a regular expression that can be compiled.

    **What it means.** A pattern is an ECMA-262 regular expression (JSON Schema validation, 6.3.3). One that cannot be
    compiled judges nothing: the validator leaves it out.

    **What to do.** Mend the expression; `\\\\Z`, possessive quantifiers and named groups `(?P<x>…)` are not ECMA-262.
    """
    for file, document in api.documents.files.items():
        for pointer, value in walk(document.data, f"{file}#" if file else ""):
            found = {join(pointer, "pattern"): value.get("pattern")}
            if isinstance(value.get("patternProperties"), dict):
                found |= {join(pointer, "patternProperties", name): name for name in value["patternProperties"]}
            for at, text in found.items():
                if isinstance(text, str) and pattern_error(text):
                    yield Problem(
                        "pattern",
                        api.documents.locate(at),
                        f"the pattern {quote(text)} is no regular expression of ECMA-262",
                        "until it is mended, nothing is judged by it",
                        pointer=at,
                    )


def example_schema(api: Api) -> Iterator[Problem]:
    """Every example matches the schema it stands beside.

    **What it means.** An example of a parameter, a header, a media type or a schema, or a default, is refused by the
    schema beside it. Readers copy examples, and the mock server answers with them.

    **What to do.** Correct whichever is wrong. If an example is refused because several members of a `oneOf` accept
    it, let the members exclude each other, or write `anyOf`.
    """
    judges = _Judges(api)
    said: set[str] = set()
    for problem in _body_examples(api, judges, said):
        said.add(problem.pointer)
        yield problem
    for file, document in api.documents.files.items():
        for pointer, value in walk(document.data, f"{file}#" if file else ""):
            schema = _schema_beside(value, pointer)
            if schema is None:
                continue
            name = _media_type(pointer)
            for example, at in _examples(api, value, pointer):
                if at not in said and (not name or _is_data(name, example)):
                    yield from judges.problems(schema, example, at, "either", "")


def _body_examples(api: Api, judges: _Judges, said: set[str]) -> Iterator[Problem]:
    """Judge what is shown as a whole body: also an example inside its schema, at a member of a union or a group."""
    for operation in api.operations:
        for media, direction, subject in _media_of(operation):
            for example in media.examples:
                said.add(example.pointer)
                if _is_data(media.type, example.value):
                    yield from judges.problems(media.schema, example.value, example.pointer, direction, subject)
            for value, at in _inner_examples(api, media.schema):
                yield from judges.problems(media.schema, value, at, direction, subject)


def _media_of(operation: Operation) -> Iterator[tuple[Media, Direction, str]]:
    for media in operation.body.content if operation.body else ():
        yield media, "request", operation.key
    for response in operation.responses:
        for media in response.content:
            yield media, "response", f"{operation.key} {response.status}"


def _media_type(pointer: str) -> str:
    """Give the media type that the object at a pointer describes; empty where it is none."""
    tokens = split(pointer)
    return tokens[-1] if len(tokens) > 1 and tokens[-2] == "content" else ""


def _is_data(name: str, example: Any) -> bool:
    """Say whether an example is a value: for a form or XML, a string may be the text that is sent (3.1.1, 4.8.19)."""
    return "json" in name or not isinstance(example, str)


def _inner_examples(api: Api, schema: Schema | None) -> Iterator[tuple[Any, str]]:
    stack, seen = [schema] if schema else [], set()
    while stack:
        for value, pointer in members(api, stack.pop()):
            if pointer in seen:
                continue
            seen.add(pointer)
            yield from _examples(api, {key: item for key, item in value.items() if key != "default"}, pointer)
            for keyword in ("oneOf", "anyOf"):
                stack += [
                    Schema(item, join(pointer, keyword, index))
                    for index, item in enumerate(value[keyword] if isinstance(value.get(keyword), list) else ())
                ]


class _Judges:
    """The compiled schemas of one run, for both directions: an example may show a request or a response."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.lowerings = {name: Lowering(api.documents, api.dialect, name) for name in _DIRECTIONS}
        self.compiled: dict[tuple[str, str], CompiledSchema] = {}
        self.said: set[tuple[str, str]] = set()

    def problems(
        self, schema: Schema | None, example: Any, at: str, direction: Direction, subject: str
    ) -> Iterator[Problem]:
        """Judge one example; the same example beside the same schema is judged once."""
        if schema is None or (schema.pointer, at) in self.said:
            return
        self.said.add((schema.pointer, at))
        directions = _DIRECTIONS if direction == "either" else (direction,)
        if any(self.judge(schema, name).is_valid(example) for name in directions):
            return
        for finding in findings(self.judge(schema, directions[0]).violations(example), root="it"):
            rule = self.lowerings[directions[0]].origin(finding.schema_path) or schema.pointer
            said_by = f"its schema (line {self.api.documents.locate(rule).line})"
            yield Problem(
                "example-schema",
                self.api.documents.locate(at),
                f"{subject}{': ' if subject else ''}the example is refused by {said_by}: {finding.message}",
                finding.hint,
                pointer=at,
            )
            return  # one row per example: what follows is mostly the same again

    def judge(self, schema: Schema, direction: Direction) -> CompiledSchema:
        """Give the compiled form of a schema in one direction."""
        key = (schema.pointer, direction)
        if key not in self.compiled:
            lowering = self.lowerings[direction]
            try:
                name = lowering.name(schema)
                self.compiled[key] = compile_schema({"$ref": f"#/$defs/{name}", "$defs": lowering.closure([name])})
            except SchemaError:  # said by the rule `openapi-schema`
                self.compiled[key] = compile_schema(True)
        return self.compiled[key]


def _schema_beside(value: dict[str, Any], pointer: str) -> Schema | None:
    """Give the schema that the examples of an object have to match: the one it has, or itself."""
    if "content" in value or ("$ref" in value and len(value) == 1):
        return None
    if "schema" in value:
        return Schema(value["schema"], join(pointer, "schema"))
    return Schema(value, pointer) if _KEYWORDS & value.keys() else None


def _examples(api: Api, value: dict[str, Any], pointer: str) -> Iterator[tuple[Any, str]]:
    is_schema = "schema" not in value
    if "example" in value:
        yield value["example"], join(pointer, "example")
    if is_schema and "default" in value and isinstance(value.get("type"), (str, list)):
        yield value["default"], join(pointer, "default")
    examples = value.get("examples")
    if isinstance(examples, list):
        for index, item in enumerate(examples):
            yield item, join(pointer, "examples", index)
    elif isinstance(examples, dict) and not is_schema:
        for name, written in examples.items():
            item, at = api.documents.resolve(written, join(pointer, "examples", name))
            for key in ("value", "dataValue"):
                if isinstance(item, dict) and key in item:
                    yield item[key], join(at, key)
