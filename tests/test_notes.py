"""Change notes in both spellings, and the changelog that follows from them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.notes import by_level, notes_of
from levelbook.prose import Anchor, Grammar, anchors_in, kind_of, parts, split_prose
from levelbook.validate.exchange import Request
from levelbook.validate.validator import Validator

ANCHORS = [
    ("New in Zulip 8.0 (feature level 218).", [("8.0", 218)]),
    ("New in Zulip\n8.0 (feature\nlevel 218).", [("8.0", 218)]),
    ("In Zulip 2.1.x and older", [("2.1.x", None)]),
    ("Since Acme 3.0 (level 12) and Acme 2.0 (level 7)", [("3.0", 12), ("2.0", 7)]),
    ("before feature level 80", [(None, 80)]),
    ("New in GitHub 3.1 (API level 2024-01-01)", [("3.1", "2024-01-01")]),
    ("New in Acme 3.0 (level next), Acme 3.0 (level ZF-1f4a39)", [("3.0", "next"), ("3.0", "ZF-1f4a39")]),
    ("In Zulip 9.2 (feature levels 278-279, and 287+), added", [("9.2", 278), ("9.2", 279), ("9.2", 287)]),
    ("Before 10.0 (feature level 334), x", [("10.0", 334)]),
    ("(no feature level; API unstable), and prior to this feature level", []),
    ("nothing here", []),
]


@pytest.mark.parametrize(("text", "expected"), ANCHORS)
def test_anchors(text, expected):
    assert list(anchors_in(text)) == [Anchor(*pair) for pair in expected]


SPOKEN = [
    (Grammar("GitHub", "version"), "New in GitHub (version 2022-11-28).", [(None, "2022-11-28")]),
    (Grammar("Acme", "version"), "Since Acme 3.1 (API version 1.4.0)", [("3.1", "1.4.0")]),
    (Grammar("Zulip"), "New in Zulip Server 4.0 (feature level 39), over HTTP 1.1", [("4.0", 39)]),
    (Grammar("Zulip"), "New in Zulip Server 2.1", [("2.1", None)]),
]


@pytest.mark.parametrize(("grammar", "text", "expected"), SPOKEN)
def test_anchors_as_a_table_calls_them(grammar, text, expected):
    assert list(anchors_in(text, grammar)) == [Anchor(*pair) for pair in expected]


KINDS = [
    ("New in Zulip 8.0 (feature level 218).", "added"),
    ('In Zulip 9.0 (feature level 248), `"x"` was added as a value.', "changed"),
    ("Deprecated in Zulip 5.0 (feature level 89).", "deprecated"),
    ("No longer deprecated as of Zulip 6.0.", "undeprecated"),
    ("Removed in Zulip 6.0 (feature level 150).", "removed"),
    ("In Zulip 4.0 (feature level 35), renamed `a` to `b`.", "renamed"),
    ("Before Zulip 4.0 (feature level 35), this was a list.", "changed"),
]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_kinds(text, kind):
    assert kind_of(text) == kind


SPLITS = [
    ("no note", "Text.\n", [False]),
    ("at the start of a paragraph", "Text.\n\n**Changes**: New in X 1.0.\n", [False, True]),
    ("first in the description", "**Changes**: New in X 1.0.", [True]),
    ("in a list item after a break", "- a<br>\n  **Changes**: New in X 1.0.\n- b\n", [False, True, False]),
    ("in a list item on a line of its own", "- a\n\n  **Changes**: New in X 1.0.\n\nAfter.\n", [False, True, False]),
    ("before link definitions", "**Changes**: See [it][x]. X 1.0.\n\n[x]: /y\n", [True, False]),
    ("before what introduces an example", "**Changes**: As of X 1.0.\n\nThis looks like:\n", [True, False]),
    ("older changes follow as paragraphs", "**Changes**: In X 2.0.\n\nIn X 1.0.\n", [True]),
    ("two notes", "**Changes**: In X 2.0.\n\n**Changes**: In X 1.0.\n", [True, True]),
    ("the word in a sentence is no note", "Read **Changes**: it is bold.\n", [False]),
    ("other spellings", "__Changes:__ In X 1.0.\n", [True]),
]


@pytest.mark.parametrize(("text", "notes"), [row[1:] for row in SPLITS], ids=[row[0] for row in SPLITS])
def test_splitting(text, notes):
    pieces = split_prose(text)
    assert [piece.is_note for piece in pieces] == notes
    assert "".join(piece.text for piece in pieces) == text


LINES = st.sampled_from(
    [
        "",
        "Text.",
        "**Changes**: New in X 1.0 (level 3).",
        "- item",
        "  indented",
        "- a<br>",
        "In X 1.0.",
        "  **Changes**: In X 2.0.",
        "[x]: /y",
        "It looks like:",
        "\t",
        "1. one",
        "<br>**Changes**: X 1.0",
    ]
)


@given(st.lists(LINES | st.text(max_size=20), max_size=12).map("\n".join))
def test_nothing_of_a_description_is_lost(text):
    pieces = split_prose(text)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.offset for piece in pieces] == [sum(len(p.text) for p in pieces[:i]) for i in range(len(pieces))]
    for piece in pieces:
        if piece.is_note:
            assert all(text[part.offset : part.offset + len(part.text)] == part.text for part in parts(piece))


def test_the_changes_of_a_note():
    text = "**Changes**: In X 3.0 (level 30), a.\n\nIn X 2.0\n(level 20), b.\nAnd c.\n\nNo release here.\n\nIn X 1.0.\n"
    found = parts(split_prose(text)[0])
    assert [(part.anchors[0], part.text.split()[-1]) for part in found] == [
        (Anchor("3.0", 30), "a."),
        (Anchor("2.0", 20), "here."),
        (Anchor("1.0", None), "1.0."),
    ]


DOCUMENT = """
openapi: 3.1.0
info:
  title: T
  version: "1"
  x-levels: {product: Acme, name: level, releases: [{version: "2.0", level: 20}, {version: "1.0", level: 10}]}
paths:
  /a:
    get:
      x-changes: [{level: 15, kind: added}, {level: next, kind: behavior, text: "Faster since {anchor}."}]
      parameters:
        - name: p
          in: query
          description: |
            A parameter.

            **Changes**: New in Acme 2.0 (level 12). Known as `q` before Acme 2.0 (level 11).
          schema: {type: string}
      responses:
        "200":
          description: d
          content:
            application/json:
              schema:
                type: object
                x-changes: [{level: 9, kind: changed, text: "It was a list before {anchor}."}]
                properties:
                  e: {type: array, items: {oneOf: [{properties: {type: {const: x}}, description: "**Changes**: New in Acme 1.0 (level 8)."}]}}
                example: {description: "**Changes**: data is no note, Acme 1.0 (level 1)."}
"""


def test_both_spellings_are_one_model(api):
    made = api(DOCUMENT)
    rows = [(note.level, note.release, note.kind, note.address, note.text, note.where.line) for note in notes_of(made)]
    assert rows == [
        (15, "2.0", "added", "GET /a", "New in Acme 2.0 (level 15).", 10),
        ("next", None, "behavior", "GET /a", "Faster since Acme (level next).", 10),
        (
            12,
            "2.0",
            "added",
            "GET /a > query:p",
            "New in Acme 2.0 (level 12). Known as `q` before Acme 2.0 (level 11).",
            17,
        ),
        (9, "1.0", "changed", "GET /a > 200", "It was a list before Acme 1.0 (level 9).", 26),
        (8, "1.0", "added", "GET /a > 200 .e[]<type=x>", "New in Acme 1.0 (level 8).", 28),
    ]


def test_a_note_stands_under_every_level_it_names(api):
    made = api(DOCUMENT)
    entries = by_level(notes_of(made), made.levels)
    assert [(entry.level, entry.release, len(entry.notes)) for entry in entries if entry.level != "next"] == [
        (15, "2.0", 1),
        (12, "2.0", 1),
        (11, "2.0", 1),
        (9, "1.0", 1),
        (8, "1.0", 1),
    ]


def test_releases_come_from_the_notes_where_there_is_no_table(api):
    made = api(DOCUMENT.replace("x-levels", "x-other"))
    assert [
        (entry.level, entry.release) for entry in by_level(notes_of(made), made.levels) if entry.level in (12, 8)
    ] == [(12, "2.0"), (8, "1.0")]


def test_changes_as_records(levelbook):
    result = levelbook("changes", "--since", "8.0", "--format", "json")
    found = json.loads(result.stdout)["levels"]
    assert [entry["level"] for entry in found] == [250, 248]
    assert found[0]["release"] == "9.0"
    note = next(note for note in found[1]["notes"] if note["address"] == "POST /messages > form:type")
    assert note["kind"] == "changed"
    assert note["operation"] == "POST /messages"
    assert note["where"]["file"] == "api_spec/openapi.yaml"
    assert note["text"].startswith('In Zulip 9.0 (feature level 248), `"channel"` was added')


def test_changes_as_markdown(levelbook):
    text = levelbook("changes", "--since", "229", "--until", "236").stdout
    assert text.startswith("# API changelog\n\n## Zulip 8.0 (2023-12-15)\n\n### Feature level 236\n\n")
    assert "* `POST /messages`, `form:read_by_sender`: New in Zulip 8.0 (feature level 236).\n" in text
    assert "229" not in text


def test_the_changelog_as_a_page(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: A & B, version: '1', x-levels: {name: level, current: 6}}\n"
        "paths: {/a: {get: {x-changes: [{level: 6, kind: added, text: 'New: <script>x</script>, `b`.'}], responses: {}}}}\n"
    )
    result = levelbook("changes", tmp_path / "api.yaml", "--format", "html")
    assert (result.exit_code, result.stderr) == (0, "1 note at 1 level\n")
    assert "<title>API changelog of A &amp; B</title>" in result.stdout
    assert "<h3" in result.stdout
    assert "<code>GET /a</code>: New: &lt;script&gt;x&lt;/script&gt;, <code>b</code>." in result.stdout


SPELLED = [  # of one note in a file of JSON, which is looked for only where the text may hold one
    r'"description": "**Changes**: New in 3.0 (level 7)."',
    r'"description": "__changes__: New in 3.0 (level 7)."',
    r'"description": "\u002a*Changes**: New in 3.0 (level 7)."',
    r'"description": "**\u0043hanges**: New in 3.0 (level 7)."',
    r'"x-changes": [{"level": 7, "kind": "added"}]',
    r'"x\u002dchanges": [{"level": 7, "kind": "added"}]',
]


@pytest.mark.parametrize("spelled", SPELLED)
def test_a_note_is_found_however_its_letters_are_written(spelled):
    text = '{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": {"A": {%s}}}}'
    api = from_documents(Documents(parse(text % spelled, "x.json")))
    assert [(note.level, note.pointer) for note in notes_of(api)] == [(7, "/components/schemas/A")]


FLAGGED = r"""{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": {"responses": {},
  "requestBody": {"content": {"application/json": {"schema":
    {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "FLAG": true}}}}}}}}}}"""


@pytest.mark.parametrize(
    ("flag", "outcome"), [("readOnly", "valid"), (r"read\u004fnly", "valid"), ("other", "invalid")]
)
def test_a_flag_is_found_however_its_letters_are_written(flag, outcome):
    validator = Validator(from_documents(Documents(parse(FLAGGED.replace("FLAG", flag), "x.json"))))
    request = Request("POST", "/a", {"content-type": "application/json"}, b"{}")
    assert validator.request(request).outcome == outcome
