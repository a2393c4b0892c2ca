"""YAML and JSON as data with places."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelbook.document import parse, read
from levelbook.problem import SpecError
from levelbook.tree import MAX_DEPTH, read_tree

SCALARS = [
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("2024-01-01", "2024-01-01"),
    ("12:30:45", "12:30:45"),
    ("0o7", "0o7"),
    ("010", "010"),
    ("0x1F", "0x1F"),
    ("1_000", "1_000"),
    ("+1", "+1"),
    (".5", ".5"),
    ("1.", "1."),
    (".inf", ".inf"),
    ("nan", "nan"),
    ("1", 1),
    ("-0", 0),
    ("1.5", 1.5),
    ("1e3", 1000.0),
    ("123456789012345678901234567890", 123456789012345678901234567890),
    ("true", True),
    ("False", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("'true'", "true"),
    ('"1"', "1"),
    ("!!str 1", "1"),
    ("! 1", "1"),
    ("!!int 1", 1),
    ("|\n  1\n", "1\n"),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_scalars_mean_what_json_says(text, value):
    data, _ = read_tree(f"key: {text}", "x.yaml")
    assert data == {"key": value}
    assert type(data["key"]) is type(value)


STRUCTURES = [
    ("keys are strings", "200: a\ntrue: b\nnull: c\n1.0: d", {"200": "a", "true": "b", "null": "c", "1.0": "d"}),
    ("an alias is the value", "a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
    ("an alias as a key", "a: &x k\n*x : 1", {"a": "k", "k": 1}),
    ("merge keys fill in", "x: &b {q: 1, r: 2}\ny:\n  <<: *b\n  r: 3", {"x": {"q": 1, "r": 2}, "y": {"q": 1, "r": 3}}),
    (
        "earlier merges win",
        "a: &a {k: 1}\nb: &b {k: 2}\nc: {<<: [*a, *b]}",
        {"a": {"k": 1}, "b": {"k": 2}, "c": {"k": 1}},
    ),
    ("a quoted << is a key", '"<<": {a: 1}', {"<<": {"a": 1}}),
    ("JSON with tabs", '{\n\t"a": [1,2]\n}', {"a": [1, 2]}),
    ("JSON's two escapes for one character", r'{"a": "\ud83d\ude00 \\ud83d"}', {"a": "\U0001f600 \\ud83d"}),
    ("JSON's escaped slash", r'{"a\/b": 1}', {"a/b": 1}),
    ("a byte order mark is no text", "\ufeffa: 1", {"a": 1}),
]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in STRUCTURES], ids=[row[0] for row in STRUCTURES])
def test_structures(text, value):
    assert read_tree(text.removeprefix("\ufeff"), "x.yaml")[0] == value


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30)
)
REFUSED = [
    ("", "x.yaml: error: the file is empty", "openapi: 3.1.0"),
    ("# only a comment\n", "x.yaml: error: the file is empty", ""),
    ("a:\n\tb: 1", "x.yaml:2:1: error: a tab is used for indentation", "spaces"),
    ("a: 1\na: 2", "x.yaml:2:1: error: the key `a` stands twice in this mapping, first on line 1", "remove one"),
    ("a: {b: 1, b: 2}", "x.yaml:1:11: error: the key `b` stands twice", ""),
    ("a: b: c", "x.yaml:1:5: error: this is not YAML: mapping values are not allowed", "quote"),
    ("a: @x", "x.yaml:1:4: error: this is not YAML: found character that cannot start any token", "quote"),
    ("a: [1", "x.yaml:2:1: error: this is not YAML: did not find expected ',' or ']'", ""),
    ("a: 'x", "x.yaml:1:6: error: this is not YAML: found unexpected end of stream", ""),
    ("a: \x01", "x.yaml:1:4: error: the character U+0001 is not allowed", "escape"),
    ("a: &x {b: *x}", "x.yaml:1:11: error: the alias `*x` has no anchor above it that is complete", "outside"),
    ("a: !foo 1", "x.yaml:1:4: error: the tag `!foo` is not allowed", "quote"),
    ("a: 1e999", "x.yaml:1:4: error: the number 1e999… is out of range", ""),
    ("a: " + "9" * 5000, "x.yaml:1:4: error: the number 9999", ""),
    ("--- 1\n--- 2", "x.yaml:2:1: error: a second YAML document begins here", "---"),
    ("? [a]\n: b", "x.yaml:1:3: error: a key that is not a scalar", ""),
    ("a:\n  <<: 1", "x.yaml:2:3: error: the merge key `<<` takes a mapping", ""),
    ("[" * (MAX_DEPTH + 50), f"x.yaml:1:{MAX_DEPTH + 1}: error: nested more than {MAX_DEPTH} levels deep", "$ref"),
    (BOMB, "error: with its aliases written out the document has over", "$ref"),
]


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED, ids=[repr(row[1][-30:]) for row in REFUSED])
def test_refused_with_a_place(text, message, hint):
    with pytest.raises(SpecError) as refusal:
        read_tree(text, "x.yaml")
    assert message in str(refusal.value)
    assert hint in refusal.value.problems[0].hint


def test_all_duplicate_keys_are_named():
    with pytest.raises(SpecError) as refusal:
        read_tree("a: 1\na: 2\nb: {c: 1, c: 2}", "x.yaml")
    assert [problem.where.line for problem in refusal.value.problems] == [2, 3]


PLACES = [
    ("/info", "x.yaml:1:1"),
    ("/info/title", "x.yaml:2:3"),
    ("/list/1", "x.yaml:3:12"),
    ("/list/0/a", "x.yaml:3:9"),
    ("/list/0/nowhere", "x.yaml:3:8"),
    ("/nowhere", "x.yaml:1:1"),
    ("/a~1b", "x.yaml:4:1"),
]


@pytest.mark.parametrize(("pointer", "place"), PLACES)
def test_places_are_those_of_keys_and_items(pointer, place):
    document = parse("info:\n  title: T\nlist: [{a},x]\na/b: 1\n".replace("{a}", "{a}"), "x.yaml")
    assert str(document.locate(pointer)) == place


TEXTS = [
    ("a: |\n  one\n\n  **two**\n", "**two**", "x.yaml:4:3"),
    ("a: >\n  one\n  two\n  three\n", "three", "x.yaml:4:3"),
    ("a: 'one two'\n", "two", "x.yaml:1:9"),
    ("two: 1\na: one two\n", "two", "x.yaml:2:8"),
    ('a: "one\\ntwo"\n', "two", "x.yaml:1:10"),
    ('a: "one\\x21 two"\n', "one!", "x.yaml:1:1"),  # written with an escape, the word is not found: its key
]


@pytest.mark.parametrize(("text", "word", "place"), TEXTS)
def test_places_inside_texts(text, word, place):
    document = parse(text, "x.yaml")
    assert str(document.locate_text("/a", document.data["a"].index(word))) == place


def test_json_with_keys_that_libyaml_refuses():
    key = "k" * 2000
    document = parse(json.dumps({key: {"a": 1}}), "x.json")
    assert document.data == {key: {"a": 1}}
    assert str(document.locate(f"/{key}/a")) == "x.json:1:2007"
    for text in (f'{{"{key}": 1, "{key}": 2}}', f'{{"{key}": NaN}}', f'{{"{key}": '):
        with pytest.raises(SpecError):
            parse(text, "x.json")


FILES = [
    (b"\x00\x01\x02", "this is a binary file"),
    ("a: 1".encode("utf-16"), "this is a binary file"),
    (b"a: 1\nb: \xff", "x.yaml:2:4: error: the byte 0xFF is not UTF-8"),
]


@pytest.mark.parametrize(("content", "message"), FILES)
def test_unreadable_files(tmp_path, content, message):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(SpecError, match=message):
        read(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_as_json(value):
    text = json.dumps({"value": value})
    assert read_tree(text, "x.json")[0] == json.loads(text)
