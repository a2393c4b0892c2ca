"""Usage examples: requests and curl commands made from the document."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelbook.examples.curl import credentials, curl
from levelbook.examples.request import ExampleRequest, example_requests

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
        ("q", "1"),
        ("list", "a"),
        ("list", "b"),
        ("csv", "a,b"),
        ("deep[k]", "v"),
        ("json", '{"k": 1}'),
    )
    (body,) = example_requests(made, made.operations[1])
    assert body.body == {"n": 1, "s": "x"}
    assert credentials(made, made.operations[0]) == ["-H 'X-Key: API_KEY'", "-H 'Authorization: Bearer TOKEN_OF_A_BOT'"]


CURL = [
    (ExampleRequest("", "GET", "/a"), "curl https://x.test/a\n"),
    (ExampleRequest("", "HEAD", "/a"), "curl -I https://x.test/a\n"),
    (ExampleRequest("", "DELETE", "/a"), "curl -X DELETE https://x.test/a\n"),
    (ExampleRequest("T", "GET", "/a", query=(("q", "x y"),)), "# T\ncurl -G https://x.test/a \\\n    --data-urlencode 'q=x y'\n"),
    (ExampleRequest("", "POST", "/a", query=(("q", "1"),), form=(("f", "1"),)),
     "curl -X POST https://x.test/a \\\n    --url-query q=1 \\\n    --data-urlencode f=1\n"),
    (ExampleRequest("", "PUT", "/a", body={"a": "it's"}, media_type="application/json"),
     "curl -X PUT https://x.test/a \\\n    -H 'Content-Type: application/json' \\\n    --data '{\n  \"a\": \"it'\"'\"'s\"\n}'\n"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "command"), CURL)
def test_curl(request_, command):
    assert curl(request_, "https://x.test") == command


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(TEXT, TEXT)
def test_the_shell_reads_what_was_meant(name, value):
    command = curl(
        ExampleRequest("", "POST", "/a", headers=(("X", value),), form=((name or "n", value),)), "https://x.test"
    )
    script = command.replace("curl", "printf '%s\\0'", 1)
    words = subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout.decode().split("\0")
    assert words[3:5] == ["-H", f"X: {value}"]
    assert words[6].partition("=")[2] == value
