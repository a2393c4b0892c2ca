"""What a standalone validator has in the place of compiled libraries: JSON Schema, patterns and JSON in Python."""

import json
from collections import Counter
from json import JSONDecodeError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelbook import engine as compiled
from levelbook.standalone import strict_json
from levelbook.standalone.engine import SchemaError, compile_schema
from levelbook.standalone.patterns import matches, pattern_error
from test_json_schema import HOST, suite  # noqa: F401  # a fixture

# What the engine in Python does otherwise than the suite wants, and why; by the number of tests.
OTHERWISE = {
    "format.json": 19,  # formats are asserted, as everywhere here
    "ref.json": 2,  # the metaschema is not carried along
    "defs.json": 2,  # the same
    "vocabulary.json": 1,  # the same
    "optional/cross-draft.json": 1,  # other drafts are not known
    "optional/ecmascript-regex.json": 1,  # Python has no lookbehind of variable width
    "optional/dynamicRef.json": 2,  # a pointer into a resource inside another one
}


def test_the_suite(suite):  # noqa: F811
    tests = suite / "tests" / "draft2020-12"
    remotes = {
        HOST + str(path.relative_to(suite / "remotes")): json.loads(path.read_text())
        for path in sorted((suite / "remotes").rglob("*.json"))
    }
    wrong = Counter()
    for path in sorted(tests.rglob("*.json")):
        for group in json.loads(path.read_text()):
            schema = group["schema"]
            if isinstance(schema, dict) and "$id" not in schema:
                schema = {"$id": HOST + "root", **schema}
            for case in group["tests"]:
                try:
                    verdict = compile_schema(schema, resources=remotes).is_valid(case["data"])
                except SchemaError:
                    verdict = None
                name = str(path.relative_to(tests)).replace("optional/format/", "optional/")
                wrong[name] += verdict != case["valid"]
    assert +wrong == OTHERWISE


PATTERNS = [
    (r"^\d+$", "12", True),
    (r"^\d+$", "\u0661", False),
    (r"^\w$", "é", False),
    (r"^\p{L}+$", "éa", True),
    (r"^\P{L}$", "1", True),
    (r"^[^\s]$", "\u00a0", False),
    (r"a$", "a\n", False),
    (r"^(?<n>a)\k<n>$", "aa", True),
    (r"^\u{1F600}$|^\u0041$", "A", True),
    (r"^\cJ$", "\n", True),
    (r"[]", "a", False),
    (r"^[^]$", "\n", True),
    (r"^\/$", "/", True),
    (r"^[[]$", "[", True),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), PATTERNS)
def test_patterns_are_those_of_ecma_262(pattern, text, expected):
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(", "[", "\\", "(?P<a>b)", "(?i)a", "(?#c)a", r"[\P{L}]", r"\p{Nonsense}"])
def test_a_pattern_that_cannot_be_written_matches_nothing(pattern):
    assert pattern_error(pattern)
    assert not matches(pattern, "a")


JSON = [b"[1, 2.5, null, true]", b'{"a": "\\u00e9"}', b"1e2", b'"\xc3\xa9"', b"-0", b"123456789012345678901234567890"]
NO_JSON = [
    b"NaN",
    b"[Infinity]",
    b"01",
    b"[1,]",
    b"'a'",
    b'"\\ud800"',
    b'"\xff"',
    b"",
    b"\xef\xbb\xbf1",
    b"1e999",
    b"[" * 2000,
]


@pytest.mark.parametrize("text", JSON)
def test_json(text):
    assert strict_json.loads(text) == json.loads(text)


@pytest.mark.parametrize("text", NO_JSON, ids=[repr(text[:12]) for text in NO_JSON])
def test_what_is_no_json(text):
    with pytest.raises(JSONDecodeError):
        strict_json.loads(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([0.5, 2.0, "a", "ab", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
SCHEMAS = st.recursive(
    st.booleans()
    | st.fixed_dictionaries({"type": st.sampled_from(["integer", "number", "string", "array", "object", "null"])})
    | st.fixed_dictionaries(
        {},
        optional={
            "minimum": st.integers(-2, 3),
            "maxLength": st.integers(0, 2),
            "pattern": st.sampled_from(["^a", "b$", r"\d", "^[^a]"]),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "format": st.sampled_from(["date", "ipv4", "byte"]),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "contains": inner,
            "uniqueItems": st.booleans(),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "unevaluatedProperties": inner,
            "unevaluatedItems": inner,
        },
    ),
    max_leaves=8,
)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(SCHEMAS, VALUES)
def test_both_engines_agree(schema, value):
    ours, theirs = compile_schema(schema), compiled.compile_schema(schema)
    assert ours.is_valid(value) == theirs.is_valid(value)
    assert bool(ours.violations(value)) == bool(theirs.violations(value))
