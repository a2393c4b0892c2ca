"""What recorded exchanges show of changes, in both readings."""

import json
import os

import pytest

from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.exercising import Exercise
from levelbook.loading import from_documents
from levelbook.review.compare import compare
from levelbook.validate.exchange import Request, Response

DOCUMENT = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      parameters:
        - {name: size, in: query, schema: {type: integer%s}}
        - {name: kind, in: query, schema: {enum: [%s]}}
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema:
                type: object
                additionalProperties: false
                properties:
                  id: {type: integer}
                  %s
                  either: {oneOf: [{type: string}, {type: object, properties: {%s}}]}
  /b: {get: {responses: {"200": {description: OK}}}}
"""
BASE = DOCUMENT % (", minimum: 0", "x, y", "old: {type: string}", "in: {type: string}")


def api(text):
    return from_documents(Documents(parse(text, "api.yaml")))


def exchange(url, body=None):
    answer = None
    if body is not None:
        answer = Response(200, [("Content-Type", "application/json")], json.dumps(body).encode())
    return Request("GET", url), answer


SMALLER, VALUE = (", minimum: 1", "x, y", "old: {type: string}", "in: {type: string}"), (
    ", minimum: 0", "x", "old: {type: string}", "in: {type: string}"
)  # fmt: skip
GONE = (", minimum: 0", "x, y", "gone: {type: string}", "in: {type: string}")
DEEP = (", minimum: 0", "x, y", "old: {type: string}", "in: {type: integer}")
BOTH = (", minimum: 1", "x", "old: {type: string}", "in: {type: string}")
CASES = [
    ("a bound, below", SMALLER, exchange("/a?size=0"), {"": "broken"}),
    ("a bound, above", SMALLER, exchange("/a?size=7"), {"": "affected"}),
    ("a bound, not sent", SMALLER, exchange("/a?kind=x"), {"": "unaffected"}),
    ("a bound, another operation", SMALLER, exchange("/b"), {"": "unexercised"}),
    ("a bound, no operation", SMALLER, exchange("/c"), {"": "unexercised"}),
    ("a value, sent", VALUE, exchange("/a?kind=y"), {"": "broken"}),
    ("a value, another one", VALUE, exchange("/a?kind=x"), {"": "unaffected"}),
    (
        "a value, and a bound that is kept",
        BOTH,
        exchange("/a?kind=y&size=5"),
        {":kind=enum:'y'": "broken", ":size": "affected"},
    ),
    ("a property, there", GONE, exchange("/a", {"old": "x"}), {".old": "affected", ".gone": "unaffected"}),
    ("a property, not there", GONE, exchange("/a", {"id": 1}), {".old": "unaffected", ".gone": "unaffected"}),
    (
        "a property, new at an old client",
        GONE,
        exchange("/a", {"gone": "x"}),
        {".gone": "broken", ".old": "unaffected"},
    ),
    ("no answer", GONE, exchange("/a"), {"": "unexercised"}),
    ("in a union, old", DEEP, exchange("/a", {"either": {"in": "x"}}), {"": "affected"}),
    ("in a union, new", DEEP, exchange("/a", {"either": {"in": 1}}), {"": "broken"}),
    ("in a union, the other member", DEEP, exchange("/a", {"either": "x"}), {"": "unaffected"}),
]


@pytest.mark.parametrize(("head", "exchange", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_one_exchange(head, exchange, expected):
    base, after = api(BASE), api(DOCUMENT % head)
    changes = compare(base, after)
    exercise = Exercise(base, after, changes)
    exercise.note(*exchange)
    shown = exercise.result()
    for ending, word in expected.items():
        mine = [change for change in changes if change.address.endswith(ending)]
        assert mine
        assert [shown[change.id].summary for change in mine] == [word] * len(mine)


def test_an_operation_that_is_gone():
    base, after = api(BASE), api(BASE.replace("  /b:", "  /c:"))
    changes = [change for change in compare(base, after) if change.address.startswith("GET /b")]
    exercise = Exercise(base, after, changes)
    exercise.note(*exchange("/b"))
    assert [one.requests for one in exercise.result().values()] == [{"broken": 1}]


def test_the_report_says_how_much_was_seen_and_how_old_it_is(levelbook, tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "head.yaml").write_text(DOCUMENT % SMALLER)
    recorded = tmp_path / "traffic.ndjson"
    lines = [
        {"request": {"method": "GET", "url": f"/a?size={size}", "headers": {}}} for size in (0, 0, 5)
    ]  # fmt: skip
    lines.append({"request": {"method": "GET", "url": "/none", "headers": {}}})
    recorded.write_text("".join(f"{json.dumps(line)}\n" for line in lines) + "{damaged\n")
    os.utime(recorded, (1_700_000_000, 1_700_000_000))
    command = ["review", tmp_path / "base.yaml", tmp_path / "head.yaml", "--traffic", recorded]
    found = json.loads(levelbook(*command, "--format", "json").stdout)
    assert found["traffic"]["exchanges"] == 5
    assert found["traffic"]["skipped"] == 2
    assert found["traffic"]["newest"] == "2023-11-14"
    assert found["changes"][0]["traffic"] == {
        "summary": "broken", "requests": {"broken": 2, "affected": 1}, "answers": {},
    }  # fmt: skip
    assert found["changes"][0]["verdict"] == "breaking"
    text = levelbook(*command).stdout
    assert "\ntraffic: 5 exchanges, 2 not judged, recorded on 2023-11-14, " in text
    assert "traffic:  2 broken, 1 affected (old clients at the new server)\n" in text
    assert "2 broken, 1 affected" in levelbook(*command, "--format", "html").stdout


def test_answers_say_when_they_were_given(levelbook, tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    entry = {
        "request": {"method": "GET", "url": "http://h/a", "headers": []},
        "response": {
            "status": 200,
            "headers": [{"name": "Date", "value": "Sun, 06 Nov 1994 08:49:37 GMT"}],
            "content": {"mimeType": "application/json", "text": "{}"},
        },
    }
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    command = ["review", tmp_path / "base.yaml", tmp_path / "base.yaml", "--traffic", tmp_path / "a.har"]
    assert json.loads(levelbook(*command, "--format", "json").stdout)["traffic"]["oldest"] == "1994-11-06"
    entry["startedDateTime"] = "2001-02-03T04:05:06.789Z"
    entry["response"]["headers"].clear()
    (tmp_path / "a.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    assert json.loads(levelbook(*command, "--format", "json").stdout)["traffic"]["oldest"] == "2001-02-03"
