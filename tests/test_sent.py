"""What browsers, servers and recorders do with bodies and headers on the way: uploads, codings, cookies."""

import gzip
import io
import json
import zlib

import pytest

from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.validate.codings import uncoded
from levelbook.validate.exchange import Request, Response
from levelbook.validate.traffic import read_traffic
from levelbook.validate.validator import Validator

DOCUMENT = """
openapi: %s
info: {title: T, version: "1"}
paths:
  /up:
    post:
      requestBody:
        required: true
        content: {multipart/form-data: {schema: {type: object, required: [f], properties: {f: %s, n: {type: integer}, any: {}}}}}
      responses: {"200": {description: d}}
  /form:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}}
      responses: {"200": {description: d}}
  /json:
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}
      responses: {"200": {description: d, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}}
  /login:
    get:
      responses: {"200": {description: d, headers: {Set-Cookie: {schema: {type: array, items: {type: string, pattern: "^[a-z]+="}}}}}}
"""
FILES = [
    ("3.0.3", "{type: string, format: binary}"),
    ("3.1.0", "{type: string, contentMediaType: application/octet-stream}"),
]


def validator(version="3.1.0", file="{type: string}"):
    return Validator(from_documents(Documents(parse(DOCUMENT % (version, file), "x.yaml"))))


def form(*parts):
    lines = [
        b"--B\r\nContent-Disposition: form-data; " + head.replace("|", "\r\n").encode() + b"\r\n\r\n" + body + b"\r\n"
        for head, body in parts
    ]
    return Request("POST", "/up", {"content-type": "multipart/form-data; boundary=B"}, b"".join(lines) + b"--B--\r\n")


UPLOADS = [  # parts, and the outcome: a file is what it holds, whatever a browser calls it by its name
    ([('name="f"; filename="a.json"|Content-Type: application/json', b'{"a": 1}')], "valid"),
    ([('name="f"; filename="a.json"|Content-Type: application/json', b"no JSON")], "valid"),
    ([('name="f"; filename="l.csv"|Content-Type: text/csv', b"name;\xe4\r\n")], "valid"),
    ([('name="f"; filename="x"|Content-Type: application/octet-stream', b"\x00\xff")], "valid"),
    ([('name="f"; filename="x"', b"\x00\xff")], "valid"),
    ([('name="f"; filename="x"', b"x"), ('name="any"', b"\xff")], "valid"),
    ([('name="f"; filename="x"', b"x"), ('name="more"', b"\xff")], "valid"),
    ([('name="f"; filename="x"', b"x"), ('name="n"', b"x")], "invalid"),
    ([('name="n"', b"1")], "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("version", "file"), FILES)
@pytest.mark.parametrize(("parts", "outcome"), UPLOADS)
def test_uploads(version, file, parts, outcome):
    """OpenAPI 3.0.4, 4.7.14.2; 3.1.1, "Working with Binary Data"."""
    judged = validator(version, file).request(form(*parts))
    assert judged.outcome == outcome, judged.problems


GOOD, BAD = b'{"id": 1}', b'{"id": "x"}'
CODED = [  # the coding, the body, the outcome, and why it is not judged
    ("gzip", gzip.compress(GOOD, mtime=0), "valid", ""),
    ("GZIP", gzip.compress(BAD, mtime=0), "invalid", ""),
    ("x-gzip", gzip.compress(GOOD, mtime=0), "valid", ""),
    ("deflate", zlib.compress(GOOD), "valid", ""),
    ("deflate", zlib.compress(GOOD)[2:-4], "valid", ""),
    ("gzip", GOOD, "valid", ""),  # whoever recorded it had decoded it
    ("gzip", BAD, "invalid", ""),
    ("gzip", gzip.compress(GOOD, mtime=0)[:-9], "invalid", ""),
    ("identity", GOOD, "valid", ""),
    ("br", b"\x8b\x04\x80\xff", "skipped", "it is sent in the coding `br`, which is not read"),
    ("br", BAD, "invalid", ""),
]


@pytest.mark.parametrize(("coding", "body", "outcome", "reason"), CODED)
def test_bodies_that_are_compressed(coding, body, outcome, reason):
    """RFC 9110, 8.4."""
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    plain = {"Content-Type": "application/json"}
    made = validator()
    for request, response in (
        (Request("POST", "/json", headers, body), Response(200, plain, GOOD)),
        (Request("POST", "/json", plain, GOOD), Response(200, headers, body)),
    ):
        judged = made.exchange(request, response)
        assert judged.outcome == outcome, judged.problems
        assert reason in judged.reason


def test_what_is_compressed_is_not_read_without_end():
    bomb = gzip.compress(b"0" * (65 << 20), mtime=0)
    assert uncoded({"content-encoding": "gzip"}, bomb) == (bomb, "it is compressed, and holds more than 64 MB")


def test_set_cookie_is_a_line_for_each():
    """RFC 9110, 5.3: the date in it has a comma."""
    lines = [("Set-Cookie", "sid=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"), ("Set-Cookie", "a=2")]
    assert validator().exchange(Request("GET", "/login"), Response(200, lines)).outcome == "valid"
    judged = validator().exchange(Request("GET", "/login"), Response(200, [*lines, ("Set-Cookie", "=3")]))
    assert "`Set-Cookie[2]`" in judged.problems[0].message


@pytest.mark.parametrize("text", [{}, {"text": ""}, {"text": None}])
def test_har_with_the_fields_of_a_form(text):
    posted = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1"}], **text}
    headers = [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}]
    entry = {"request": {"method": "POST", "url": "/form", "headers": headers, "postData": posted}}
    [read] = read_traffic(io.BytesIO(json.dumps({"log": {"entries": [entry]}}).encode()), "x.har")
    assert validator().request(read.request).outcome == "valid"
