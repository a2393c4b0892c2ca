"""JSON-Schema-Test-Suite through the whole way of a request: each schema as a request and as a response."""

import json
from collections import Counter

import pytest

from levelbook import Request, Response, Validator
from levelbook.document import Document
from levelbook.documents import Documents
from levelbook.engine import compile_schema
from levelbook.loading import from_documents
from levelbook.standalone.engine import compile_schema as standalone
from levelbook.words import findings

HOST = "http://localhost:1234/"
# What we do otherwise, and why; by the number of tests.
OTHERWISE = {
    "format.json": 19,  # formats are asserted: a team that writes `format: email` means it
    "optional/cross-draft.json": 1,  # its schema of an older draft is not among the remotes beside the suite
}


def document(schema):
    # With an `$id`, references are relative to the schema, as the suite means them, and not to the document.
    if isinstance(schema, dict) and "$id" not in schema:
        schema = {"$id": HOST + "root", **schema}
    media = {"application/json": {"schema": schema}}
    operation = {
        "requestBody": {"required": True, "content": media},
        "responses": {"200": {"description": "d", "content": media}},
    }
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": operation}}}


@pytest.fixture
def suite(corpus):
    return corpus / "json-schema-test-suite"


def remotes(suite):
    return {
        HOST + str(path.relative_to(suite / "remotes")): str(path.relative_to(suite))
        for path in sorted((suite / "remotes").rglob("*.json"))
        if "/v1/" not in str(path)
    }


def judged(validator, value):
    """Say whether a value is accepted, as a request and as a response; None where a schema it needs is not there."""
    headers, body = {"content-type": "application/json"}, json.dumps(value).encode()
    request = Request("POST", "/a", headers, body)
    found = set()
    for outcome in (validator.request(request), validator.response(request, Response(200, headers, body))):
        broken = any(problem.rule in ("impossible-schema", "unresolved-ref") for problem in outcome.problems)
        found.add(None if broken else outcome.valid)
    (verdict,) = found  # both directions agree
    return verdict


def test_the_suite(suite):
    tests = suite / "tests" / "draft2020-12"
    wrong, count = Counter(), 0
    for path in sorted(tests.rglob("*.json")):
        for group in json.loads(path.read_text()):
            main = Document(str(suite / "api.json"), "", document(group["schema"]), None)
            mapped = (
                remotes(suite)
                if HOST in json.dumps(group["schema"]) or path.stem in ("refRemote", "vocabulary")
                else {}
            )
            validator = Validator(from_documents(Documents(main, remote=mapped)))
            for case in group["tests"]:
                count += 1
                wrong[str(path.relative_to(tests))] += judged(validator, case["data"]) != case["valid"]
    assert count == 2225
    assert +wrong == OTHERWISE


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_unions_in_unions_are_described_one_by_one(keyword):
    """Each member of each level would be 20 to the power of 12; nobody would live to see it."""
    members = {
        f"M{number}": {
            "type": "object",
            "required": ["k"],
            "properties": {
                "k": {"enum": [f"m{number}"]},
                "n": {"type": "integer"},
                "kids": {"type": "array", "items": {"$ref": "#/$defs/U"}},
            },
        }
        for number in range(20)
    }
    union = {keyword: [{"$ref": f"#/$defs/{name}"} for name in members]}
    schema = {"$ref": "#/$defs/U", "$defs": {"U": union, **members}}
    value = {"k": "m0", "n": 0.5}
    for level in range(12):
        value = {"k": f"m{level}", "kids": [value]}
    (found,) = findings(compile_schema(schema).violations(value), root="the body", schema=schema)
    assert found.path == ("kids", 0) * 12 + ("n",)
    assert found.message.endswith("is 0.5, but the document says integer")


def test_what_one_engine_lets_pass_the_other_describes():
    node = {
        "anyOf": [
            {"type": "object", "properties": {"p": {"type": "string", "format": "regex"}, "n": {"$ref": "#/$defs/N"}}},
            {"type": "null"},
        ]
    }
    value = {"p": "{a"}
    for _ in range(8):
        value = {"n": value}
    compiled = compile_schema({"$ref": "#/$defs/N", "$defs": {"N": node}})
    assert bool(compiled.violations(value)) is not compiled.is_valid(value)


def test_false_is_another_schema_wherever_it_stands():
    schema = {"anyOf": [{"properties": {"a": False}, "required": ["z"]}, {"properties": {"a": False}}]}
    (found,) = standalone(schema).violations({"a": 1})
    assert [branch[0].schema_path[:2] for branch in found.branches] == [("anyOf", 0), ("anyOf", 1)]
