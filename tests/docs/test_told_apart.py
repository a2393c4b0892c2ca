"""What stands where on a page: bodies with fields of their own, callbacks with their servers, formats, code in words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelbook.docs.markdown import Descriptions
from levelbook.docs.spans import codespan, spans

HEAD = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://{region}.a.test/v1", variables: {region: {default: eu, enum: [eu, us]}}}]
components:
  securitySchemes: {hmac: {type: apiKey, in: header, name: X-S}}
  requestBodies:
    B: {description: Own., content: {application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/S"}}}}
  schemas:
    S: {type: object, properties: {f: {type: string, description: Eff.}}}
    Pet: {type: object, required: [kind], discriminator: {propertyName: kind}, properties: {kind: {type: string}}}
    Cat: {allOf: [{$ref: "#/components/schemas/Pet"}, {type: object, properties: {claws: {type: string}}}]}
    Lion: {allOf: [{$ref: "#/components/schemas/Cat"}]}
paths: {/a/b: {post: {operationId: op, summary: Do it,"""

JSON = "application/json: {schema: {type: object, properties: {j: {type: string, description: Jay.}}}}"
FORM = "application/x-www-form-urlencoded: {schema: {type: object, properties: {u: {type: string, description: You.}}}}"
XML = JSON.replace("json", "xml")
OK = 'responses: {"200": {description: ok'
PAGES = [  # an operation, and what its page in Markdown says, in this order
    ("each body has its own fields", f"requestBody: {{content: {{{JSON}, {FORM}}}}}, {OK}}}}}", ["application/json, optional.", "`j`", "Or it is", "`u`"]),
    ("one body", f"requestBody: {{content: {{{FORM}}}}}, {OK}}}}}", ["The body is", "`u`"]),
    ("schemas that are equal are described once, and all of it is shown", f"{OK}, content: {{{JSON}, {XML}}}}}}}", ["application/json, application/xml", "`j`", "Jay."]),
    ("the same schema, encoded otherwise", "requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/S'}}, multipart/form-data: {schema: {$ref: '#/components/schemas/S'}, encoding: {f: {contentType: application/tok, headers: {X-H: {description: Aitch., schema: {type: string}}}}}}}}, " + OK + "}}",
     ["`f`", "Or it is multipart", "`f`: string, form field, application/tok", "`X-H`", "Aitch."]),
    ("what stands beside a reference to a body", "requestBody: {$ref: '#/components/requestBodies/B', description: Instead.}, " + OK + "}}", ["Instead.", "`f`"]),
    ("a text as a body of JSON", f'{OK}, content: {{application/json: {{schema: {{type: string}}, example: "123"}}}}}}}}', ['```json\n"123"\n```']),
    ("a text as a body of text", f'{OK}, content: {{text/plain: {{schema: {{type: string}}, example: "123"}}}}}}}}', ["```text\n123\n```"]),
    ("JSON that is written as a text", f"{OK}, content: {{application/json: {{schema: {{type: object}}, example: '{{\"a\": 1}}'}}}}}}}}", ['```json\n{"a": 1}\n```']),
    ("backticks in a pattern", f"{OK}, content: {{application/json: {{schema: {{type: string, pattern: '^`[a-z]+`$'}}}}}}}}}}", ["Matches ``^`[a-z]+`$``"]),
    ("constants that are no texts", f"{OK}, content: {{application/json: {{schema: {{oneOf: [{{type: object, properties: {{k: {{const: true}}}}}}, {{type: object, properties: {{k: {{const: null}}}}}}]}}}}}}}}}}", ["**true**", "**null**"]),
    ("formats of other types", f"parameters: [{{name: p, in: query, schema: {{type: boolean, format: yesno}}}}, {{name: q, in: query, schema: {{format: email, anyOf: [{{type: string}}, {{type: 'null'}}]}}}}, {{name: r, in: query, schema: {{type: string, format: date}}}}], {OK}}}}}",
     ["Format `yesno`.", "`q`: string or null", "Format `email`.", "`r`: string (date), in the query, optional\n\n## Response"]),
    ("values of server variables", f"{OK}}}}}", ["`region`: string", 'One of: `"eu"`, `"us"`']),
    ("all of a callback", OK + "}}, callbacks: {onEvent: {'{$request.body#/url}': {servers: [{url: https://cb.test}], post: {security: [{hmac: []}], externalDocs: {url: https://more.test, description: More.}, responses: {'200': {description: fine}}, callbacks: {inner: {'{$request.body#/in}': {get: {description: Inside., responses: {'200': {description: d}}}}}}}}}}",
     ["### onEvent", "Server:", "https://cb.test", "Who may call: hmac", "fine", "See also: More. <https://more.test>", "### inner", "Inside."]),
    ("addresses that lead to a script", OK + "}}, externalDocs: {url: 'javascript:alert(1)', description: Bad.}", ["Bad. `javascript:alert(1)`"]),
    ("what is made of a schema in a list", OK + ", content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}",
     ["What it says: [Cat → Cat](schema-Cat.md), [Lion → Lion](schema-Lion.md)."]),
    ("how parameters are sent", "parameters: [{name: l, in: path, required: true, style: label, schema: {type: string}}, {name: q, in: query, allowReserved: true, allowEmptyValue: true, schema: {type: string}}], " + OK + "}}",
     ["`l`: string", "Sent with a dot before each part.", "`q`: string", "Reserved characters stand as they are, may be empty."]),
    ("a note without a level", f"description: '**Changes**: Once it was otherwise.', {OK}}}}}", ["## Changes of this page\n\n* No level named\n\n  * changed: Once it was otherwise."]),
    ("a range of media types", f"{OK}, content: {{'*/*': {{schema: {{type: string}}}}}}}}}}", [r"\*/\*: string"]),
    ("HTML in a description", f"description: 'Give the <id> of `<b>`.', {OK}}}}}", [r"Give the \<id> of `<b>`."]),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "expected"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
def test_a_page_says_it_in_order(levelbook, tmp_path, operation, expected):
    (tmp_path / "api.yaml").write_text(f"{HEAD} {operation}}}}}}}\n")
    result = levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out", "--strict")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "out" / "op.md").read_text()
    at = 0
    for words in expected:
        assert words in page[at:], page
        at = page.index(words, at) + len(words)
    whole = (tmp_path / "out" / "op.html").read_text()
    ids = re.findall(r' id="([^"]*)"', whole)
    assert len(ids) == len(set(ids))


def test_the_address_of_the_api_stands_for_the_first_server(levelbook, tmp_path):
    document = HEAD.replace("servers: [", "servers: [{url: https://first.test/v1}, ")
    (tmp_path / "api.yaml").write_text(f"{document} {OK}}}}}}}}}}}\n")
    assert (
        levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out", "--api-url", "https://y.test").exit_code == 0
    )
    page = (tmp_path / "out" / "op.md").read_text()
    assert "`POST https://y.test/v1/a/b`" in page
    assert "first.test" not in page
    assert "* `https://eu.a.test/v1/a/b`" in page


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab \n`<>/!?-\\*[]():#&;~=\"'", max_size=60))
def test_what_is_written_as_markdown_reads_the_same(text):
    writer = Descriptions("commonmark", "")
    assert Descriptions("commonmark", "").html(writer.markdown(text)) == writer.html(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab `<\\", min_size=1, max_size=12).filter(lambda text: text.strip()))
def test_code_is_read_as_it_was_written(text):
    words = " ".join(text.split())
    assert str(spans(f"is {codespan(text)}.")) == f"is <code>{words.replace('<', '&lt;')}</code>."
