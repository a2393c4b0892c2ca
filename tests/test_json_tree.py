"""JSON read as JSON: the data and the places that reading it as YAML gives, and its refusals."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelbook.document import parse
from levelbook.json_tree import json_marks, read_json
from levelbook.marks import ListMarks, MapMarks, frozen, thawed
from levelbook.problem import SpecError
from levelbook.tree import read_tree

WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc"]), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def places(marks):
    """Give every place of a tree of marks, as plain data."""
    start = getattr(marks, "start", marks)
    own = (start.line, start.column, start.index)
    if isinstance(marks, MapMarks):
        items = {key: ((mark.line, mark.column), places(below)) for key, (mark, below) in marks.items.items()}
        return own, items
    return (own, [places(below) for below in marks.items]) if isinstance(marks, ListMarks) else own


@given(st.dictionaries(WORDS, VALUES, max_size=5), st.sampled_from([None, 0, 2]), st.booleans())
def test_it_is_what_yaml_makes_of_it(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    data, marks = read_tree(text, "x.json")
    assert read_json(text) == data == value
    assert places(json_marks(text)) == places(marks)


@given(st.dictionaries(WORDS, VALUES, max_size=5))
def test_marks_are_the_same_after_they_were_kept(value):
    marks = read_tree(json.dumps(value, indent=1), "x.json")[1]
    assert places(thawed(json.loads(json.dumps(frozen(marks))))) == places(marks)


PLACES = [
    ("spaces around everything", ' {\n "a" : [ 1 , { } ] ,\t"b":"c"}\n', {"/a": (2, 2), "/a/1": (2, 14), "/b": (2, 22)}),
    ("a letter of two escapes", '{"a": "\\ud83d\\ude00", "b": 1}', {"/b": (1, 23)}),
    ("a letter beyond U+FFFF", '{"a": "😀", "b": 1}', {"/b": (1, 12)}),
    ("brackets in texts", '{"a": "]}[{,", "b,": 1}', {"/b,": (1, 16)}),
    ("a line that other programs see", '{"a": "\u2028", "b": 1}', {"/b": (1, 12)}),
    ("nothing", "{}", {"/a": (1, 1)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_places(text, expected):
    document = parse(text, "x.json")
    assert document.is_json
    for pointer, place in expected.items():
        where = document.locate(pointer)
        assert (where.line, where.column) == place


REFUSALS = [
    ("a key that stands twice", '{"a": {"b": 1,\n"b": 2}}', "x.json:2:1: error: the key `b` stands twice"),
    ("a number out of range", '{"a": 1e999}', "x.json:1:7: error: the number 1e999… is out of range"),
    ("half a pair", '{"a": "\\ud83d"}', "x.json:1:"),
    ("too deep", '{"a":' * 260 + "1" + "}" * 260, "x.json:1:1251: error: nested more than 250 levels deep"),
    ("far too deep", '{"a":' * 90_000 + "1" + "}" * 90_000, "x.json:1:1251: error: nested more than 250 levels deep"),
    ("no end", '{"a": 1', "x.json:2:1: error: this is not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_what_is_wrong_is_said_with_its_place(text, message):
    with pytest.raises(SpecError) as refused:
        parse(text, "x.json")
    assert str(refused.value).startswith(message)


def test_flow_style_is_no_json():
    document = parse("{a: [b, 0x1], 'c': ~}", "x.yaml")
    assert (document.is_json, document.data) == (False, {"a": ["b", "0x1"], "c": None})


def test_as_deep_as_it_may_be():
    text = '{"a":' * 250 + "1" + "}" * 250
    assert read_json(text) == read_tree(text, "x.json")[0]
    with pytest.raises(ValueError):  # noqa: PT011  # it has no words
        read_json('{"a":' + text + "}")
