"""The API as of an earlier level: what each note takes back, and the laws that hold for all of them."""

import itertools
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from levelbook.check import check
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents, load
from levelbook.patch import PatchError, apply_before
from levelbook.problem import Severity, UsageError
from levelbook.validate.exchange import Request
from levelbook.validate.validator import Validator

HEAD = """
openapi: 3.1.0
info:
  title: T
  version: "1"
  x-levels: {product: Acme, name: level, current: 30, releases: [{version: "3.0", level: 30}, {version: "2.0", level: 20}, {version: "1.0", level: 10}, {version: "0.9"}]}
"""


def data_at(text, level):
    return from_documents(Documents(parse(HEAD + text, "api.yaml"))).at(level).documents.main.data


def schema(text):
    return f"components: {{schemas: {{S: {text}}}}}"


STRUCTURED = [
    ("an enum", "{enum: [a, b], x-changes: [{level: 7, before: {enum: [a]}}]}", 6, {"enum": ["a"]}),
    ("at the level itself nothing is taken back", "{enum: [a, b], x-changes: [{level: 7, before: {enum: [a]}}]}", 7,
     {"enum": ["a", "b"], "x-changes": [{"level": 7, "before": {"enum": ["a"]}}]}),
    ("newest first", "{title: c, x-changes: [{level: 5, before: {title: a}}, {level: 8, before: {title: b}}]}", 6,
     {"title": "b", "x-changes": [{"level": 5, "before": {"title": "a"}}]}),
    ("all of them", "{title: c, x-changes: [{level: 5, before: {title: a}}, {level: 8, before: {title: b}}]}", 4, {"title": "a"}),
    ("a key goes", "{type: string, maxLength: 5, x-changes: [{level: 7, before: {maxLength: null}}]}", 6, {"type": "string"}),
    ("by a JSON Patch", "{enum: [a, null], x-changes: [{level: 7, before: [{op: remove, path: /enum/1}, {op: add, path: /enum/0, value: z}]}]}",
     6, {"enum": ["z", "a"]}),
    ("a property that was added", "{required: [a, b], properties: {a: {}, b: {x-changes: [{level: 7, kind: added}]}}, example: {a: 1, b: 2}}",
     6, {"required": ["a"], "properties": {"a": {}}, "example": {"a": 1}}),
    ("a tombstone", "{properties: {a: {}}, x-changes: [{level: 7, kind: removed, before: {properties: {b: {type: string}}}}]}",
     6, {"properties": {"a": {}, "b": {"type": "string"}}}),
    ("what a tombstone brings back has notes of its own",
     "{properties: {}, x-changes: [{level: 7, before: {properties: {b: {x-changes: [{level: 5, kind: added}]}}}}]}", 4, {"properties": {}}),
    ("a member of a union", "{oneOf: [{type: string}, {type: integer, x-changes: [{level: 7, kind: added}]}]}", 6, {"oneOf": [{"type": "string"}]}),
    ("behaviour has nothing to take back", "{type: string, x-changes: [{level: 7, kind: behavior, text: Faster.}]}", 6, {"type": "string"}),
    ("a correction gives back its words, not its schema",
     "{type: string, description: new, x-changes: [{level: 7, kind: correction, before: {type: integer, description: old}}]}",
     6, {"type": "string", "description": "old"}),
    ("what is not released yet stays at the current level", "{title: b, x-changes: [{level: next, before: {title: a}}]}", 30,
     {"title": "b", "x-changes": [{"level": "next", "before": {"title": "a"}}]}),
    ("and goes below it", "{title: b, x-changes: [{level: next, before: {title: a}}]}", 29, {"title": "a"}),
    ("a release before the first level", '{title: b, x-changes: [{release: "0.9", before: {title: a}}]}', "0.9",
     {"title": "b", "x-changes": [{"release": "0.9", "before": {"title": "a"}}]}),
    ("by the version of a release", "{title: b, x-changes: [{level: 21, before: {title: a}}]}", "2.0", {"title": "a"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "level", "expected"), [row[1:] for row in STRUCTURED], ids=[row[0] for row in STRUCTURED]
)
def test_structured_notes(text, level, expected):
    assert data_at(schema(text), level)["components"]["schemas"]["S"] == expected


PROSE = [
    ("New in", {"properties": {"a": {"description": "A.\n\n**Changes**: New in Acme 1.0 (level 7).\n"}, "b": {}}}, 6, {"properties": {"b": {}}}),
    ("a value was added", {"enum": ["a", "b"], "description": '**Changes**: In Acme 1.0 (level 7), `"b"` was added.\n\nIn Acme 0.9, x.\n'}, 6,
     {"enum": ["a"], "description": "**Changes**: In Acme 0.9, x.\n"}),
    ("a number was added", {"enum": [1, 2], "description": "S.\n\n**Changes**: Added `2` in Acme 1.0 (level 7).\n"}, 6,
     {"enum": [1], "description": "S.\n"}),
    ("what is not evident stays", {"description": "**Changes**: In Acme 1.0 (level 7), something changed.\n"}, 6,
     {"description": "**Changes**: In Acme 1.0 (level 7), something changed.\n"}),
    ("inside a list item nothing is evident", {"description": "- a<br>\n  **Changes**: New in Acme 1.0 (level 7).\n"}, 6,
     {"description": "- a<br>\n  **Changes**: New in Acme 1.0 (level 7).\n"}),
]  # fmt: skip


@pytest.mark.parametrize(("value", "level", "expected"), [row[1:] for row in PROSE], ids=[row[0] for row in PROSE])
def test_prose_notes(value, level, expected):
    assert data_at(schema(json.dumps(value)), level)["components"]["schemas"]["S"] == expected


OPERATIONS = """
paths:
  /old:
    get:
      parameters:
        - {name: kept, in: query, schema: {}}
        - {name: new, in: query, schema: {}, x-changes: [{level: 7, kind: added}]}
        - {$ref: "#/components/parameters/P"}
      x-changes: [{level: 8, before: {parameters: [{name: kept, in: query, required: true}]}}]
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/New"}}}}
        "404": {description: d, x-changes: [{level: 7, kind: added}]}
  /new:
    get: {x-changes: [{level: 7, kind: added}], responses: {"200": {description: d}}}
components:
  parameters: {P: {name: p, in: query, schema: {}, x-changes: [{level: 7, kind: added}]}}
  schemas: {New: {type: object, x-changes: [{level: 7, kind: added}]}}
"""


def test_elements_of_operations():
    data = data_at(OPERATIONS, 6)
    assert list(data["paths"]) == ["/old"]
    operation = data["paths"]["/old"]["get"]
    assert operation["parameters"] == [{"name": "kept", "in": "query", "schema": {}, "required": True}]
    assert list(operation["responses"]) == ["200"]
    assert operation["responses"]["200"]["content"] == {"application/json": {}}  # its schema referred to what is gone
    assert data["info"]["x-levels"]["current"] == 6
    assert [release["version"] for release in data["info"]["x-levels"]["releases"]] == ["0.9"]


PATH_PARAMETER = """
paths:
  /a/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {}, %s}
        - {name: q, in: query, schema: {}, description: "**Changes**: New in Acme 2.0 (level 20)."}
      responses: {default: {description: ok}}
"""


@pytest.mark.parametrize(
    "note", ['description: "**Changes**: New in Acme 2.0 (level 20)."', "x-changes: [{level: 20, kind: added}]"]
)
def test_a_path_parameter_stays_as_long_as_its_path(note):
    operation = data_at(PATH_PARAMETER % note, 5)["paths"]["/a/{id}"]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["id"]


def test_a_path_parameter_is_never_newer_than_its_path():
    documents = Documents(parse(HEAD + PATH_PARAMETER % "x-changes: [{level: 20, kind: added}]", "api.yaml"))
    assert [problem.message for problem in check(documents) if problem.rule == "note-before"] == [
        "it says `added`, but a path parameter is as old as its path"
    ]


SECURITY = """
paths:
  /a: {get: {security: [{Old: []}, {New: []}], responses: {default: {description: ok}}}}
components:
  securitySchemes:
    Old: {type: http, scheme: basic}
    New: {type: http, scheme: bearer, x-changes: [{level: 7, kind: added}]}
  schemas:
    Old: {type: object}
    New: {type: object, x-changes: [{level: 7, kind: added}]}
    Any:
      oneOf: [{$ref: "#/components/schemas/Old"}, {$ref: "#/components/schemas/New"}]
      discriminator: {propertyName: kind, mapping: {old: "#/components/schemas/Old", new: "#/components/schemas/New", same: New}}
"""


def test_what_names_a_component_without_a_reference_goes_with_it():
    data = data_at(SECURITY, 6)
    assert data["paths"]["/a"]["get"]["security"] == [{"Old": []}]
    assert data["components"]["schemas"]["Any"] == {
        "oneOf": [{"$ref": "#/components/schemas/Old"}],
        "discriminator": {"propertyName": "kind", "mapping": {"old": "#/components/schemas/Old"}},
    }


def test_a_reference_that_comes_back_to_what_is_gone_goes_too():
    data = data_at(
        """
components:
  schemas:
    New: {type: object, x-changes: [{level: 9, kind: added}]}
    S: {properties: {a: {}}, x-changes: [{level: 7, before: {properties: {b: {$ref: "#/components/schemas/New"}}}}]}
""",
        6,
    )
    assert data["components"]["schemas"] == {"S": {"properties": {"a": {}}}}


def test_a_property_goes_out_of_its_whole_group():
    data = data_at(
        """
components:
  schemas:
    Base: {properties: {a: {x-changes: [{level: 7, kind: added}]}, b: {}}}
    Whole:
      allOf:
        - $ref: "#/components/schemas/Base"
        - {required: [a, b], properties: {a: {}, b: {}, c: {}}, additionalProperties: false}
      example: {a: 1, b: 2}
    More: {allOf: [{$ref: "#/components/schemas/Whole"}, {required: [a]}]}
""",
        6,
    )["components"]["schemas"]
    assert data["Base"] == {"properties": {"b": {}}}
    assert data["Whole"]["allOf"][1] == {
        "required": ["b"],
        "properties": {"b": {}, "c": {}},
        "additionalProperties": False,
    }
    assert data["Whole"]["example"] == {"b": 2}
    assert data["More"]["allOf"][1] == {}


ODD = [
    ("aliases", """
paths:
  /a: {get: {parameters: [&p {name: p, in: query, schema: {}, x-changes: [{level: 5, kind: added}]}], responses: {"200": {description: d}}},
       put: {parameters: [*p], responses: {"200": {description: d}}}}
"""),
    ("an item of a list that a JSON Patch counts", """
paths:
  /a:
    get:
      x-changes: [{level: 4, before: [{op: replace, path: /parameters/0/schema/type, value: integer}]}]
      parameters:
        - {name: n, in: query, schema: {type: string}, x-changes: [{level: 6, kind: added}]}
        - {name: p, in: query, schema: {type: string}}
      responses: {"200": {description: d}}
"""),
    ("notes on info, the only response, the only media type", """
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {}, x-changes: [{level: 5, kind: added}]}}}
      responses: {"200": {description: d, x-changes: [{level: 5, kind: added}]}}
      security: [{n: []}]
components: {securitySchemes: {n: {type: mutualTLS, x-changes: [{level: 5, kind: added}]}}}
"""),
    ("a boolean and a number", schema('{enum: [1, true, a], description: "**Changes**: In Acme 1.0 (level 5), `True` was added."}') + "\npaths: {}\n"),
]  # fmt: skip


@pytest.mark.parametrize("text", [row[1] for row in ODD], ids=[row[0] for row in ODD])
def test_odd_documents_rewind_and_compose(text):
    made = from_documents(
        Documents(
            parse(
                HEAD.replace("title: T", 'title: T\n  description: "**Changes**: New in Acme 1.0 (level 5)."') + text,
                "a.yaml",
            )
        )
    )
    assert made.at(5).at(2).documents.main.data == made.at(2).documents.main.data
    assert [problem for problem in check(made.at(2).documents) if problem.severity is Severity.ERROR] == []
    assert made.at(2).documents.main.data["info"]["title"] == "T"


def test_dates_compose():
    text = """
openapi: 3.1.0
info: {title: T, version: "1", x-levels: {current: "2024-06-01", releases: [{version: "2024-06-01", level: "2024-06-01"}, {version: "2024-01-01", level: "2024-01-01"}]}}
paths: {/a: {get: {x-changes: [{level: "2024-03-01", kind: added}], responses: {"200": {description: d}}}}}
"""
    made = from_documents(Documents(parse(text, "a.yaml")))
    assert len(made.at("2024-03-01").operations) == 1
    assert made.at("2024-03-01").at("2024-02-01").documents.main.data == made.at("2024-02-01").documents.main.data
    assert made.at("2024-02-01").operations == ()


TABLES = [
    "null",
    "[1]",
    "text",
    "5",
    "{releases: null}",
    "{releases: 5}",
    "{reserved: 5}",
    "{backports: [1]}",
    "{current: 2.5}",
    "{current: true}",
    "{releases: [{version: '1', level: 5.5}, {version: [1]}, 5]}",
    "{name: ' '}",
    "{current: 7, releases: [{version: '1.0', level: a}]}",
]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("command", [["check"], ["changes"], ["levels"], ["notes"], ["at", "3"]])
def test_malformed_tables_are_no_crash(levelbook, tmp_path, table, command):
    path = tmp_path / "api.yaml"
    path.write_text(f"""
openapi: 3.1.0
info: {{title: T, version: "1", x-levels: {table}}}
paths: {{}}
components: {{schemas: {{A: {{deprecated: true, x-changes: 7}}, B: {{type: string, x-changes: [{{level: 2.5}}, {{level: [1]}}, {{level: {{a: 1}}}}, 5]}}}}}}
""")
    assert levelbook(command[0], *command[1:], path).exit_code in (0, 1, 2)


def test_places_are_those_of_the_file():
    earlier = from_documents(Documents(parse(HEAD + OPERATIONS, "api.yaml"))).at(7)
    text = (HEAD + OPERATIONS).splitlines()
    pointer = earlier.operations[0].parameters[0].pointer
    assert "name: kept" in text[earlier.documents.locate(pointer).line - 1]


def test_other_files_are_rewound_too(tmp_path):
    (tmp_path / "api.yaml").write_text(HEAD + "paths: {/a: {get: {responses: {'200': {$ref: 'r.yaml#/R'}}}}}")
    (tmp_path / "r.yaml").write_text("R: {description: new, x-changes: [{level: 7, before: {description: old}}]}")
    assert load(tmp_path / "api.yaml").at(6).operations[0].responses[0].description == "old"


FAR = {
    "api.yaml": HEAD
    + """
paths:
  /t: {get: {operationId: t, responses: {"200": {description: OK, content: {application/json: {schema: {$ref: "s.yaml#/Thing"}}}}}}}
  /p: {$ref: p.yaml}
""",
    "s.yaml": "Thing: {properties: {kind: {enum: [a, b], x-changes: [{level: 6, kind: changed, before: {enum: [a]}}]}}}",
    "p.yaml": "get: {x-changes: [{level: 6, kind: added}], parameters: [{$ref: 'q.yaml#/limit'}], responses: {}}",
    "q.yaml": "limit: {name: limit, in: query, schema: {type: integer}, x-changes: [{level: 8, kind: added}]}",
}


def test_files_that_are_only_reached_through_others_are_rewound_too(levelbook, tmp_path):
    for name, text in FAR.items():
        (tmp_path / name).write_text(text)
    api = tmp_path / "api.yaml"
    assert [item.name for operation in load(api).at(8).operations for item in operation.parameters] == ["limit"]
    assert [item.name for operation in load(api).at(7).operations for item in operation.parameters] == []
    assert [operation.key for operation in load(api).at(5).operations] == ["GET /t"]
    changes = levelbook("changes", api)
    assert changes.stderr == "3 notes at 2 levels\n"
    assert "* `GET /p`: New in Acme 1.0 (level 6)." in changes.stdout
    assert levelbook("at", "5", api, "-o", tmp_path / "one.yaml").stderr == "1 operation at 5; 2 today\n"
    assert list(load(tmp_path / "one.yaml").documents.files) == [""]
    assert "enum:\n          - a\n" in (tmp_path / "one.yaml").read_text()
    assert levelbook("check", tmp_path / "one.yaml").exit_code == 0


UNTABLED = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {get: {description: "**Changes**: New in Acme 8.0 (feature level 200).", responses: {}}}
  /b: {get: {description: "**Changes**: New in Acme 9.0 (feature level 240).", responses: {}}}
  /c: {get: {responses: {}}}
"""


@pytest.mark.parametrize(("level", "left"), [("8.0", ["/a", "/c"]), ("9.0", ["/a", "/b", "/c"]), ("199", ["/c"])])
def test_a_release_that_only_notes_name(level, left):
    api = from_documents(Documents(parse(UNTABLED, "api.yaml")))
    assert [operation.path for operation in api.at(level).operations] == left
    with pytest.raises(
        UsageError, match=r"`8\.5` is neither a level nor a release; the notes name the releases 8\.0, 9\.0"
    ):
        api.at("8.5")


NO_LEVELS = [
    ("7", "99", "there is no level 99 yet: the newest is 7"),
    ("'2026-03-01'", "2026-04-01", "there is no level 2026-04-01 yet: the newest is 2026-03-01"),
    ("'2026-03-01'", "3", "`3` is no level: one is written like 2026-03-01"),
    ("'2.1'", "2026-03-01", "`2026-03-01` is no level: one is written like 2.1"),
    ("'2.1'", "2.1.3", "there is no level 2.1.3 yet: the newest is 2.1"),
]


@pytest.mark.parametrize(("current", "level", "message"), NO_LEVELS)
def test_no_command_goes_to_a_level_that_is_none(levelbook, tmp_path, current, level, message):
    (tmp_path / "api.yaml").write_text(
        f"openapi: 3.1.0\ninfo: {{title: T, version: '1', x-levels: {{name: level, current: {current}}}}}\npaths: {{}}\n"
    )
    for command in (
        ["at", level, tmp_path / "api.yaml"],
        ["build", tmp_path / "api.yaml", "--at", level, "-o", tmp_path / "o"],
    ):
        result = levelbook(*command)
        assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, f"Error: {message}")


PATCHES = [
    ([{"op": "test", "path": "/a", "value": 2}], "the test of /a fails"),
    ([{"op": "remove", "path": "/nope"}], "there is no `nope`"),
    ([{"op": "jump", "path": "/a"}], "`jump` is no operation"),
    ([{"op": "add", "path": "/a"}], "`add` needs a `value`"),
    ([{"op": "replace", "path": "", "value": 5}], "something else than a mapping"),
    ([{}], "has `op` and `path`"),
    ("text", "neither a mapping nor a list"),
]


@pytest.mark.parametrize(("before", "message"), PATCHES)
def test_patches_that_do_not_apply(before, message):
    with pytest.raises(PatchError, match=message):
        apply_before({"a": 1, "list": [1]}, before)


def test_all_operations_of_a_json_patch():
    before = [
        {"op": "copy", "from": "/a", "path": "/c"},
        {"op": "move", "from": "/a", "path": "/d"},
        {"op": "replace", "path": "/list/0", "value": 9},
        {"op": "add", "path": "/list/-", "value": 3},
        {"op": "test", "path": "/d", "value": 1},
    ]
    assert apply_before({"a": 1, "list": [1, 2]}, before) == {"list": [9, 2, 3], "c": 1, "d": 1}


@pytest.mark.parametrize("level", ["nonsense", "7.5"])
def test_what_is_neither_a_level_nor_a_release(level):
    with pytest.raises(UsageError, match=f"`{level}` is neither a level nor a release; there are 3.0, 2.0, 1.0, 0.9"):
        data_at(schema("{}"), level)


# The laws, on the demo and on documents that nobody wrote.

NAMES = st.sampled_from(["a", "b", "c", "d"])
LEVELS = st.integers(1, 29)


def notes(before):
    return st.lists(
        st.fixed_dictionaries({"level": LEVELS, "kind": st.just("added")})
        | st.fixed_dictionaries({"level": LEVELS, "kind": st.just("changed"), "before": before}),
        max_size=3,
        unique_by=lambda note: note["level"],
    )


WORDS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["x", "y\n\n**Changes**: New in Acme 1.0 (level 9).\n"]),
        "title": NAMES,
        "enum": st.lists(NAMES, min_size=1, unique=True),
    },
)


def with_notes(base, before):
    return st.builds(lambda value, changes: value | ({"x-changes": changes} if changes else {}), base, notes(before))


def objects(inner):
    properties = st.dictionaries(NAMES, inner, max_size=3)
    base = st.builds(lambda words, members: words | {"type": "object", "properties": members}, WORDS, properties)
    return with_notes(base, WORDS | st.builds(lambda members: {"properties": members}, properties))


SCHEMAS = st.recursive(
    with_notes(WORDS, WORDS),
    lambda inner: (
        objects(inner)
        | st.builds(lambda members: {"oneOf": members}, st.lists(inner, min_size=1, max_size=3))
        | st.just({"$ref": "#/components/schemas/T"})
    ),
    max_leaves=8,
)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # the strategy is long when printed
@settings(max_examples=150, deadline=None)
@given(st.deferred(lambda: SCHEMAS), st.deferred(lambda: objects(SCHEMAS)), st.integers(0, 30), st.integers(0, 30))
def test_the_laws_hold_for_any_document(one, two, first, second):
    head = yaml.safe_load(HEAD)
    document = head | {"paths": {}, "components": {"schemas": {"S": one, "T": two}}}
    made = from_documents(Documents(parse(json.dumps(document), "api.json")))
    high, low = max(first, second), min(first, second)
    assert made.at(30).documents.main.data == document
    assert made.at(high).at(low).documents.main.data == made.at(low).documents.main.data
    assert not [
        problem for problem in check(made.at(low).documents) if problem.rule in ("openapi-schema", "unresolved-ref")
    ]


@pytest.fixture(scope="module")
def demo():
    return load("api_spec/openapi.yaml")


ALL_LEVELS = [
    277,
    250,
    249,
    248,
    236,
    229,
    219,
    218,
    200,
    179,
    174,
    173,
    167,
    150,
    122,
    92,
    60,
    59,
    3,
    1,
    "2.1.0",
    "2.0.0",
]


@pytest.mark.parametrize("level", ALL_LEVELS)
def test_the_demo_is_clean_at_every_level(demo, level):
    problems = check(demo.at(level).documents)
    assert [str(problem) for problem in problems if problem.severity is Severity.ERROR] == []


@pytest.mark.parametrize(("high", "low"), list(itertools.pairwise(ALL_LEVELS)))
def test_rewinding_the_demo_composes(demo, high, low):
    assert demo.at(high).at(low).documents.main.data == demo.at(low).documents.main.data


def test_the_demo_at_its_current_level_is_itself(demo):
    assert demo.at(277).documents.main.data == demo.documents.main.data


def test_the_demo_at_release_5(demo):
    operation = demo.at("5.0").operation("POST /messages")
    form = operation.body.content[0].schema.value["properties"]
    answer = operation.responses[0].content[0].schema.value["properties"]
    assert form["type"]["enum"] == ["private", "stream"]
    assert "read_by_sender" not in form
    assert form["content"]["description"] == "The text of the message, of at most 10000 bytes.\n"
    assert list(answer) == ["id", "msg", "result", "deliver_at"]
    assert operation.description == "Send a stream message or a private message.\n"
    assert operation.body.content[0].examples[1].value["type"] == "private"
    assert len(operation.responses[1].content[0].schema.value["oneOf"]) == 2


@pytest.mark.parametrize("release", ["9.0", "6.2", "5.0", "3.0"])
def test_a_real_document_at_every_release_is_openapi(corpus, release):
    levels = {
        "10.0": 371,
        "9.0": 278,
        "8.0": 237,
        "7.0": 185,
        "6.2": 157,
        "6.0": 156,
        "5.0": 122,
        "4.0": 65,
        "3.1": 27,
        "3.0": 25,
    }
    earlier = load(corpus / "zulip-10.2" / "zulip.yaml").at(levels[release])
    problems = list(check(earlier.documents))
    assert "path-parameters" not in {problem.rule for problem in problems}
    rules = {problem.rule for problem in problems if problem.severity is Severity.ERROR}
    assert {rule for rule in rules if not rule.startswith("note-")} <= {"example-schema", "ambiguous-paths"}  # its own


def test_at_on_the_command_line(levelbook, tmp_path):
    result = levelbook("at", "5.0", "-o", tmp_path / "api.yaml")
    assert (result.exit_code, result.stderr) == (0, "5 operations at 5.0; 5 today\n")
    assert (
        load(tmp_path / "api.yaml").at(122).documents.main.data
        == load("api_spec/openapi.yaml").at(122).documents.main.data
    )
    levelbook("at", "5.0", "-o", tmp_path / "api.json")
    assert json.loads((tmp_path / "api.json").read_text())["openapi"] == "3.1.0"
    assert levelbook("at", "x").exit_code == 2


def test_several_files_become_one(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        HEAD
        + """
paths: {/a: {get: {responses: {'200': {$ref: 'sub/r.yaml#/R~1x'}}}}}
components: {headers: {H: {schema: {type: integer}}}}
"""
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/r.yaml").write_text(
        "R/x: {$ref: '#/S'}\nS: {description: d, headers: {H: {$ref: '../api.yaml#/components/headers/H'}}}"
    )
    assert levelbook("at", "6", tmp_path / "api.yaml", "-o", tmp_path / "one.yaml").exit_code == 0
    one = load(tmp_path / "one.yaml")
    assert list(one.documents.files) == [""]
    assert one.operations[0].responses[0].description == "d"
    assert one.operations[0].responses[0].headers[0].schema.value == {"type": "integer"}


def test_build_and_validate_at_a_level(levelbook, tmp_path):
    levelbook("build", "-o", tmp_path, "--at", "5.0", "--api-url", "https://chat.onecount.net/api")
    page = (tmp_path / "send-message.md").read_text()
    assert "`POST https://chat.onecount.net/api/v1/messages`" in page
    assert "`deliver_at`: string, optional" in page
    assert "read_by_sender" not in page
    assert 'One of: `"private"`, `"stream"`' in page
    assert "# Send a stream message." in page
    assert "channel message" not in page
    assert "direct" not in page
    assert "Stream 'nonexistent_stream' does not exist" in page
    line = json.dumps(
        {
            "request": {
                "method": "POST",
                "url": "/api/v1/messages",
                "body": "type=direct&to=[9]&content=x",
                "headers": {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"},
            }
        }
    ).encode()
    assert levelbook("validate", "api_spec/openapi.yaml", "-", stdin=line).exit_code == 0
    old = levelbook("validate", "api_spec/openapi.yaml", "-", "--at", "5.0", stdin=line)
    assert '`type` is "direct", but the document allows only "private" or "stream"' in old.stdout


IDENTIFIED = """
openapi: 3.1.0
info: {title: T, version: "1", x-levels: {current: 9}}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "urn:s"}}}}
      responses: {"200": {description: d}}
components:
  schemas:
    S:
      $id: urn:s
      type: object
      properties: {n: {type: integer, x-changes: [{level: 7, kind: changed, before: {type: string}}]}}
"""


@pytest.mark.parametrize(("level", "good", "bad"), [(9, b'{"n": 1}', b'{"n": "x"}'), (5, b'{"n": "x"}', b'{"n": 1}')])
def test_a_schema_that_is_referred_to_by_its_id_is_rewound_too(level, good, bad):
    api = from_documents(Documents(parse(IDENTIFIED, "x.yaml")))
    api.documents.target("urn:s", "/paths")  # what was followed before is not remembered
    validator = Validator(api.at(level))
    judged = [
        validator.request(Request("POST", "/a", {"content-type": "application/json"}, body)) for body in (good, bad)
    ]
    assert [one.outcome for one in judged] == ["valid", "invalid"]


@pytest.mark.parametrize(
    "info",
    [
        "{$ref: '#/nope'}",
        "{title: {$ref: '#/nope'}, version: '1'}",
        "{title: T, version: '1', x-levels: {current: 5, releases: [{version: {$ref: '#/nope'}, level: 5}]}}",
    ],
)
def test_a_reference_that_leads_nowhere_ends(info):
    """Also where nothing can be taken away."""
    api = from_documents(
        Documents(parse(f"openapi: 3.1.0\ninfo: {info}\nservers: [{{$ref: '#/nope'}}]\npaths: {{}}", "x.yaml"))
    )
    assert api.at(3).operations == ()
