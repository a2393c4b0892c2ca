"""Usage examples: requests made from the document."""

from levelbook.examples.credentials import Credential, credentials
from levelbook.examples.request import example_requests

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
