"""Stubs: where `--suggest` writes them, and that they declare what was not."""

import json
from pathlib import Path
from textwrap import dedent, indent

import pytest
import yaml

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "review" / "stubs.yaml").read_text())
TOP = (
    "openapi: 3.1.0\ninfo: {title: T, version: '1', x-levels: {product: Shop, current: %s}}\npaths:\n  /a:\n    get:\n"
)


def document(level, operation):
    return TOP % level + indent(operation, "      ")


def suggested(levelbook, folder, base, head, spelling):
    """Give HEAD with stubs; a second review has nothing to object to, and a second run adds nothing."""
    before, after = folder / "base.yaml", folder / "head.yaml"
    before.write_text(base)
    after.write_text(head)
    result = levelbook("review", before, after, "--suggest", "--spelling", spelling)
    assert result.exit_code == 0
    text = after.read_text()
    again = levelbook("review", before, after, "--format", "json")
    assert [problem["message"] for problem in json.loads(again.stdout)["problems"]] == []
    levelbook("review", before, after, "--suggest", "--spelling", spelling)
    assert after.read_text() == text
    return text


@pytest.mark.parametrize("spelling", ["structured", "prose"])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_written(levelbook, tmp_path, case, spelling):
    text = suggested(levelbook, tmp_path, document(5, case["base"]), document(6, case["head"]), spelling)
    assert dedent(text.removeprefix(TOP % 6)) == case.get(spelling, case["structured"])


BASE = """\
openapi: 3.0.3
info: {title: T, version: "1", x-levels: {current: 5}}
security: [{basic: []}]
paths:
  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: "#/components/schemas/A"}
    delete: {responses: {"204": {description: Gone}}, parameters: [{$ref: "#/components/parameters/Id"}]}
  /b:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/B"}}}}
      responses: {"200": {description: OK}}
components:
  securitySchemes: {basic: {type: http, scheme: basic}, key: {type: apiKey, in: header, name: X-Key}}
  parameters: {Id: {name: id, in: path, required: true, schema: {type: string}}}
  schemas:
    A:
      type: object
      properties:
        kind: {type: string, enum: [x, y], nullable: true}
        of: {$ref: "#/components/schemas/B"}
    B:
      oneOf:
        - {type: string}
        - {type: object, properties: {n: {type: integer, default: null, nullable: true}}}
"""
# Whatever is edited: what was not declared is, afterwards.
EDITS = [
    ("an operation goes", '    delete: {responses: {"204": {description: Gone}}, parameters: [{$ref: "#/components/parameters/Id"}]}\n', ""),
    ("a path goes", BASE[BASE.index("  /b:") : BASE.index("components:")], ""),
    ("a path comes", "components:\n", "  /c: {get: {responses: {'200': {description: OK}}}}\ncomponents:\n"),
    ("a path parameter changes", "schema: {type: string}}]\n", "schema: {type: integer}}]\n"),
    ("a null default goes", ", default: null", ""),
    ("a null value goes", ", nullable: true}\n        of", "}\n        of"),
    ("a member of a union goes", "        - {type: string}\n", ""),
    ("a member of a union comes", "        - {type: string}\n", "        - {type: string}\n        - {type: boolean}\n"),
    ("a component is another one", 'of: {$ref: "#/components/schemas/B"}', "of: {type: string}"),
    ("a property with a reference goes", '        of: {$ref: "#/components/schemas/B"}\n', ""),
    ("security is another one", "security: [{basic: []}]", "security: [{key: []}]"),
    ("a media type is another one", "            application/json:\n", "            application/xml:\n"),
    ("an answer goes and another one comes", '        "200":\n', '        "201":\n'),
    ("a body is required", "requestBody: {", "requestBody: {required: true, "),
    ("servers come", "security:", "servers: [{url: /v2}]\nsecurity:"),
    ("a header comes", "          description: OK\n", "          description: OK\n          headers: {X-A: {schema: {type: string}}}\n"),
    ("a closed object", "    A:\n", "    A:\n      additionalProperties: false\n"),
]  # fmt: skip


@pytest.mark.parametrize("spelling", ["structured", "prose"])
@pytest.mark.parametrize(("old", "new"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_every_edit_is_declared_afterwards(levelbook, tmp_path, old, new, spelling):
    assert BASE.count(old) == 1
    suggested(levelbook, tmp_path, BASE, BASE.replace(old, new).replace("current: 5", "current: 6"), spelling)


def test_a_document_in_json(levelbook, tmp_path):
    base = {"openapi": "3.1.0", "info": {"title": "T", "version": "1", "x-levels": {"current": 5}}, "paths": {}}
    head = base | {"paths": {"/a": {"get": {"responses": {"200": {"description": "OK"}}}}}}
    text = suggested(levelbook, tmp_path, json.dumps(base, indent=2), json.dumps(head, indent=2), "structured")
    notes = json.loads(text)["paths"]["/a"]["get"]["x-changes"]
    assert notes == [{"level": "next", "kind": "added"}]


def test_files_that_are_referred_to(levelbook, tmp_path):
    top = "openapi: 3.1.0\ninfo: {title: T, version: '1', x-levels: {current: 5}}\npaths: {/a: {$ref: 'a.yaml'}}\n"
    for folder, kind in (("base", "string"), ("head", "integer")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "api.yaml").write_text(top)
        part = f"get:\n  parameters:\n    - name: b\n      in: query\n      schema: {{type: {kind}}}\n  responses: {{'200': {{description: OK}}}}\n"
        (tmp_path / folder / "a.yaml").write_text(part)
    result = levelbook("review", tmp_path / "base/api.yaml", tmp_path / "head/api.yaml", "--suggest")
    assert result.exit_code == 0
    assert (tmp_path / "head/api.yaml").read_text() == top
    assert '"before": {"type": "string"}' in (tmp_path / "head/a.yaml").read_text()
    assert levelbook("review", tmp_path / "base/api.yaml", tmp_path / "head/api.yaml").exit_code == 0


WHOLE = """\
openapi: 3.1.0
info: {title: T, version: "1", x-levels: {product: P, current: 5}}
servers: [{url: https://x.test}]
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: string, enum: [a]}
  /b:
    get: {summary: Bee, responses: {'200': {description: ok}}}
    post: {responses: {'200': {description: ok}}}
"""
GONE = WHOLE.partition("  /b:")[0]
EDITS = [  # HEAD, a path that is gone, an enum, a media type, a server
    GONE,
    WHOLE.replace(", enum: [a]", ""),
    WHOLE.replace("type: string, enum: [a]", "type: integer"),
    WHOLE.replace("application/json", "text/plain"),
    WHOLE.replace("https://x.test", "https://y.test"),
]


@pytest.mark.parametrize("spelling", ["structured", "prose"])
@pytest.mark.parametrize("head", EDITS)
def test_what_has_no_description_gets_a_note_all_the_same(levelbook, tmp_path, head, spelling):
    text = suggested(levelbook, tmp_path, WHOLE, head, spelling)
    problems = json.loads(levelbook("check", tmp_path / "head.yaml", "--format", "json").stdout)["problems"]
    assert {problem["rule"] for problem in problems} <= {"note-placeholder"}, text


def test_a_path_that_is_gone_comes_back_whole_and_nothing_else_does(levelbook, tmp_path):
    text = suggested(levelbook, tmp_path, WHOLE, GONE, "structured")
    assert "/b" in yaml.safe_load(text)["x-changes"][0]["before"]["paths"]
    (tmp_path / "head.yaml").write_text(text.replace("'200'", "'201'"))
    result = levelbook("review", tmp_path / "base.yaml", tmp_path / "head.yaml", "--format", "json")
    missing = [row["rule"] for row in json.loads(result.stdout)["changes"] if row["note"]["status"] == "missing"]
    assert sorted(missing) == ["response-success-status-added", "response-success-status-removed"]


def test_a_note_of_the_document_covers_nothing_in_an_operation(levelbook, tmp_path):
    note = "x-changes: [{level: next, kind: changed, text: Some things changed.}]\n"
    (tmp_path / "base.yaml").write_text(WHOLE)
    (tmp_path / "head.yaml").write_text(note + WHOLE.replace("enum: [a]", "enum: [b]").replace("x.test", "y.test"))
    result = levelbook("review", tmp_path / "base.yaml", tmp_path / "head.yaml", "--format", "json")
    found = {row["rule"]: row["note"]["status"] for row in json.loads(result.stdout)["changes"]}
    assert found["response-body-enum-value-added"] == "missing"
    assert found["server-removed"] == "covered"


ANCHORED = """\
openapi: 3.1.0
info: {title: T, version: "1", x-levels: {current: 5}}
paths:
  /a:
    get:
      parameters:
        - name: q
          in: query
          schema: &s
            type: string
            maxLength: 5
        - {name: r, in: query, schema: *s}
      responses: {'200': {description: ok}}
"""


@pytest.mark.parametrize(
    "base",
    [
        ANCHORED,
        ANCHORED.replace("&s\n            type: string\n            maxLength: 5", "&s {type: string, maxLength: 5}"),
    ],
)
def test_lines_that_stand_for_several_are_written_once(levelbook, tmp_path, base):
    text = suggested(levelbook, tmp_path, base, base.replace("maxLength: 5", "maxLength: 3"), "structured")
    assert text.count("x-changes") == 1
