"""Usage examples: marked snippets, and requests made from the document."""

import pytest

from levelbook.examples.credentials import Credential, credentials
from levelbook.examples.request import example_requests
from levelbook.examples.snippets import read_folder, read_snippets

SNIPPETS = [
    ("# levelbook: start GET /a\nx\n# levelbook: end", [("GET /a", "", "x\n")]),
    ("// levelbook: start GET /a: A title\n  x\n    y\n// levelbook: end\n", [("GET /a", "A title", "x\n  y\n")]),
    ("/* levelbook: start GET /a */\nx\n/* levelbook: end */", [("GET /a", "", "x\n")]),
    ("# levelbook: start GET /a [since 7]: T\nx\n# levelbook: end", [("GET /a", "T", "x\n")]),
    ("a\n# levelbook: start GET /a\nx\n# levelbook: end\nb\n# levelbook: start PUT /b/{c}\ny\n# levelbook: end",
     [("GET /a", "", "x\n"), ("PUT /b/{c}", "", "y\n")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SNIPPETS)
def test_snippets(text, expected):
    found, problems = read_snippets(text, "python", "x.py")
    assert [(snippet.operation, snippet.title, snippet.code) for snippet in found] == expected
    assert problems == []


LEVELS = [("", None, True), ("[since 7]", 6, False), ("[since 7]", 7, True), ("[since 7]", None, True), ("[until 7]", 7, True),
          ("[until 7]", 8, False), ("[until 7]", None, False), ("[since 2024-01-01]", "2024-02-01", True)]  # fmt: skip


@pytest.mark.parametrize(("mark", "level", "holds"), LEVELS)
def test_snippets_of_some_levels(mark, level, holds):
    (snippet,), _ = read_snippets(f"# levelbook: start GET /a {mark}\nx\n# levelbook: end", "python", "x.py")
    assert snippet.holds_at(level) == holds


FAULTS = [
    ("# levelbook: start GET /a\nx", "x.py:1:1: error: this region does not end"),
    ("x\n# levelbook: end", "x.py:2:1: error: this end has no start above it"),
    (
        "# levelbook: start GET /a\n# levelbook: start GET /b\n# levelbook: end",
        "x.py:2:1: error: the region that began on line 1",
    ),
    ("# levelbook: start something\n# levelbook: end", "x.py:1:1: error: `something` is no METHOD /path"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_faulty_marks(text, message):
    _, problems = read_snippets(text, "python", "x.py")
    assert message in str(problems[0])


def test_a_mark_without_an_operation(tmp_path):
    (tmp_path / "python").mkdir()
    (tmp_path / "python/x.py").write_text("# levelbook: start GET /gone\nx\n# levelbook: end")
    (tmp_path / "python/y.py").write_bytes(b"\xff")
    snippets, problems = read_folder(tmp_path, ["GET /a"])
    assert snippets == []
    assert [problem.message for problem in problems] == [
        "the document has no operation GET /gone",
        "this file is not UTF-8",
    ]


REQUESTS = """
servers: [{url: https://x.test}]
security: [{key: [], bearer: []}]
paths:
  "/a/{id}/{l}/{m}":
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, example: a b/c}
        - {name: l, in: path, required: true, style: label, explode: true, schema: {type: array}, example: [1, 2]}
        - {name: m, in: path, required: true, style: matrix, schema: {type: array}, example: [1, 2]}
        - {name: q, in: query, required: true, schema: {type: integer}}
        - {name: hidden, in: query, schema: {type: integer}}
        - {name: old, in: query, deprecated: true, schema: {type: integer}, example: 1}
        - {name: list, in: query, schema: {type: array}, example: [a, b]}
        - {name: csv, in: query, explode: false, schema: {type: array}, example: [a, b]}
        - {name: deep, in: query, style: deepObject, schema: {type: object}, example: {k: v}}
        - {name: json, in: query, content: {application/json: {schema: {}, example: {k: 1}}}}
        - {name: X-H, in: header, schema: {type: string}, example: it's}
      responses: {"200": {description: d}}
  /b:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [n], properties: {n: {type: integer}, s: {type: string, example: x}, t: {type: string}}}
      responses: {"200": {description: d}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    bearer: {type: http, scheme: bearer, x-example: TOKEN_OF_A_BOT}
"""


def test_requests_from_the_document(api):
    made = api(REQUESTS)
    (request,) = example_requests(made, made.operations[0])
    assert request.path == "/a/a%20b%2Fc/.1.2/;m=1,2"
    assert dict(request.headers) == {"X-H": "it's"}
    assert request.query == (
        ("q", "1", ""),
        ("list", "a", ""),
        ("list", "b", ""),
        ("csv", "a,b", "csv=a,b"),
        ("deep[k]", "v", ""),
        ("json", '{"k": 1}', ""),
    )
    (body,) = example_requests(made, made.operations[1])
    assert body.body == {"n": 1, "s": "x"}
    assert credentials(made, made.operations[0]) == (
        Credential("header", "X-Key", "API_KEY"),
        Credential("header", "Authorization", "Bearer TOKEN_OF_A_BOT"),
    )
