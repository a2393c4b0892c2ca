"""Values made from schemas: plain, always the same, and accepted by the engine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anything import SCHEMA
from levelbook.api import Schema
from levelbook.document import Document, parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.problem import SpecError
from levelbook.values import Impossible, Values

CASES = Path(__file__).parent.parent / "cases" / "values"
GROUPS = [group for path in sorted(CASES.glob("*.yaml")) for group in yaml.load(path.read_text(), yaml.CSafeLoader)]
ROWS = [
    pytest.param(group, row, id=f"{group['section']}: {json.dumps(row['schema'])}")
    for group in GROUPS
    for row in group["rows"]
]
POINTER = "/components/schemas/A"


def examples(count):
    return settings(
        deadline=None, database=None, derandomize=True, max_examples=count, suppress_health_check=list(HealthCheck)
    )


def made(data, **options):
    schemas = data["components"]["schemas"]
    api = from_documents(Documents(Document("a.json", "", data, None)))
    values = Values(api, **{key: item for key, item in options.items() if key != "salt"})
    schema = Schema(schemas["A"], POINTER)
    value = values.make(schema, salt=options.get("salt", ""))
    assert values.fits(schema, value)
    json.dumps(value, allow_nan=False)
    return value


def document(schema, others=None, version="3.1.1"):
    schemas = {**(others or {}), "A": schema}
    return {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": schemas}}


@pytest.mark.parametrize(("group", "row"), ROWS)
def test_each_schema_has_its_value(group, row):
    others = parse(group.get("components", "{}"), "a.yaml").data
    data = document(row["schema"], others, row.get("version", "3.1.1"))
    direction = row.get("direction", "response")
    if "impossible" in row:
        with pytest.raises(Impossible, match=re.escape(row["impossible"])):
            made(data, direction=direction)
        return
    value = made(data, direction=direction)
    if "value" in row:
        assert (value, type(value)) == (row["value"], type(row["value"]))
    elif "matches" in row:
        assert re.fullmatch(row["matches"], value), value
    elif "keys" in row:
        assert len(value) == 2
        assert all(re.fullmatch(row["keys"], key) for key in value), value
    else:
        assert len({json.dumps(item) for item in value}) == row["distinct"]
    for options in ({"seed": 7}, {"salt": "x"}):
        assert made(data, direction=direction, **options) == made(data, direction=direction, **options)


@examples(250)
@given(SCHEMA, SCHEMA, st.sampled_from(["", "x"]))
def test_whatever_is_made_is_accepted_and_always_the_same(schema, other, salt):
    data = document(schema, {"B": other})
    try:
        first = made(data, salt=salt)
    except (SpecError, Impossible):
        return
    assert made(data, salt=salt) == first


def bounded(lower, upper, values):
    return st.lists(values, min_size=2, max_size=2).map(lambda pair: {lower: min(pair), upper: max(pair)})


def _objects(inner):
    return st.builds(
        lambda properties, required, more: {
            "type": "object", "properties": properties, "required": sorted({*properties} & required), **more
        },
        st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
        st.sets(st.sampled_from("abcd")),
        st.sampled_from([{}, {"additionalProperties": False}, {"unevaluatedProperties": False}, {"minProperties": 0}]),
    )  # fmt: skip


LEAVES = st.one_of(
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"type": "string"}, {}, {"enum": [1, "a", None]}]),
    bounded("minimum", "maximum", st.integers(-50, 50)).map(lambda more: {"type": "integer", **more}),
    bounded("minimum", "maximum", st.floats(-9, 9)).map(lambda more: {"type": "number", **more}),
    bounded("minLength", "maxLength", st.integers(0, 30)).map(lambda more: {"type": "string", **more}),
    st.sampled_from(["date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "byte",
                     "uri-reference", "json-pointer", "regex", "http-date", "char", "iri", "uri-template", "idn-email",
                     "idn-hostname", "iri-reference", "relative-json-pointer", "base64url", "media-range", "password"])
    .map(lambda name: {"type": "string", "format": name}),
    st.sampled_from(["^a", "\\d{3}", "^[a-f0-9]{8}$", "^(x|y)+z?$", "^\\w+@\\w+\\.com$", "[^b]", "^\\S{2,4}$"])
    .map(lambda pattern: {"type": "string", "pattern": pattern}),
)  # fmt: skip
# Schemas that some value meets, by the way they are put together: one has to be found for each.
POSSIBLE = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        _objects(inner),
        st.builds(lambda items, least: {"type": "array", "items": items, "minItems": least}, inner, st.integers(0, 3)),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: {"type": "array", "prefixItems": items, "items": False}
        ),
        st.lists(inner, min_size=1, max_size=3).map(lambda members: {"anyOf": members}),
        inner.map(lambda schema: {"oneOf": [{"not": {}}, schema]}),
        inner.map(lambda schema: {"allOf": [schema, {"description": "d"}]}),
        inner.map(lambda schema: {"if": {"type": "object"}, "then": schema, "else": schema}),
    ),
    max_leaves=8,
)


@examples(200)
@given(POSSIBLE, st.sampled_from(["", "x"]), st.integers(0, 3))
def test_a_value_is_found_where_there_is_one(schema, salt, seed):
    data = document(schema)
    assert made(data, salt=salt, seed=seed) == made(data, salt=salt, seed=seed)


# Schemas of the suite that accept something, for which nothing is found, and why; by their number.
NOT_FOUND = {
    "dynamicRef.json": 1,  # a dynamic reference is followed as a plain one
    "optional/cross-draft.json": 1,  # its schema of an older draft is not among the remotes beside the suite
    "optional/ecmascript-regex.json": 2,  # control letters (\cC), which Python's reader of patterns does not know
}


def test_the_json_schema_test_suite(corpus):
    """Every schema that accepts one of its suite's values gets one, and those that cannot be read say so."""
    from test_json_schema import HOST, remotes
    from test_json_schema import document as suite_document

    suite = corpus / "json-schema-test-suite"
    tests = suite / "tests" / "draft2020-12"
    found, missing = 0, {}
    for path in sorted(tests.rglob("*.json")):
        for group in json.loads(path.read_text()):
            main = Document(str(suite / "api.json"), "", suite_document(group["schema"]), None)
            is_remote = HOST in json.dumps(group["schema"]) or path.stem in ("refRemote", "vocabulary")
            api = from_documents(Documents(main, remote=remotes(suite) if is_remote else {}))
            schema = api.operations[0].responses[0].content[0].schema
            try:
                assert Values(api).fits(schema, Values(api).make(schema))
                found += 1
            except SpecError:  # a reference that `meaning` does not follow: relative to an `$id`
                continue
            except Impossible:
                if any(case["valid"] for case in group["tests"]):
                    name = str(path.relative_to(tests))
                    missing[name] = missing.get(name, 0) + 1
    assert found > 400
    assert missing == NOT_FOUND


PRINTED = """
import json, levelbook
from levelbook.values import Values
api = levelbook.load("api_spec/openapi.yaml")
schemas = [media.schema for item in api.operations for answer in item.responses for media in answer.content]
print(json.dumps([Values(api, seed=3).make(schema, salt=salt) for schema in schemas for salt in ("", "x")]))
"""


def test_every_process_makes_the_same():
    runs = [
        subprocess.run(
            [sys.executable, "-c", PRINTED], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])) == 14


LARGE = [
    ({"type": "array", "items": {"type": "string"}, "minItems": 20_000}, 20_000),
    ({"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 400}, "uniqueItems": True, "minItems": 300}, 300),
    ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 3000}, 3000),
    ({"type": "string", "minLength": 100_000}, 100_000),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "size"), LARGE)
def test_what_is_large_is_made_too(schema, size):
    assert len(made(document(schema))) == size
