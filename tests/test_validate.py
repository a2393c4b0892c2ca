"""The validator, row by row; each group names the section of the standard that it rests on."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from levelbook import Request, Response, Validator
from levelbook.coverage.record import Coverage
from levelbook.document import parse, read
from levelbook.documents import Documents
from levelbook.loading import from_documents

CASES = Path(__file__).parent / "cases" / "validate"
GROUPS = [group for path in sorted(CASES.glob("*.yaml")) for group in yaml.load(path.read_text(), yaml.CSafeLoader)]
ROWS = [
    pytest.param(
        index, row, id=f"{group['section'].partition(' (')[0]}: {row['request']} {row.get('json', row.get('form', ''))}"
    )
    for index, group in enumerate(GROUPS)
    for row in group["rows"]
]
APIS = {}


def api_of(index):
    if index not in APIS:
        group = GROUPS[index]
        head = f"openapi: {group.get('version', '3.1.0')}\ninfo: {{title: T, version: '1'}}\n"
        APIS[index] = from_documents(Documents(parse(head + group["document"], "api.yaml")))
    return APIS[index]


def message(row):
    """Give the headers and the body of a row.

    `json` and `form` say both in a word, `bytes` is a body with a character for each byte, `header_list` are pairs.
    """
    headers = dict(row.get("headers", {}))
    body = row.get("body", row.get("json", row.get("form")))
    kind = row.get("type") or ("application/json" if "json" in row else None)
    kind = kind or ("application/x-www-form-urlencoded" if "form" in row else None)
    if kind:
        headers.setdefault("Content-Type", kind)
    pairs = [*headers.items(), *map(tuple, row.get("header_list", ()))]
    if "bytes" in row:
        return pairs, row["bytes"].encode("latin-1")
    return pairs, None if body is None else body.encode()


def exchange_of(row):
    """Give the request and the response of a row."""
    method, _, url = row["request"].partition(" ")
    response = Response(row["response"]["status"], *message(row["response"])) if "response" in row else None
    return Request(method, url, *message(row)), response


@pytest.mark.parametrize(("index", "row"), ROWS)
def test_each_exchange_gets_its_outcome(index, row):
    request, response = exchange_of(row)
    outcome = Validator(api_of(index), strict=row.get("strict", False)).exchange(request, response)
    assert outcome.outcome == row["outcome"], outcome
    assert row.get("operation", outcome.operation) == outcome.operation
    assert row.get("reason", "") in outcome.reason
    assert bool(outcome.problems) == (outcome.outcome == "invalid")
    for problem in outcome.problems[:1]:
        assert row.get("rule", problem.rule) == problem.rule
        assert row.get("in", problem.place) == problem.place
        assert row.get("message", "") in problem.message
        assert row.get("hint", "") in problem.hint
        assert problem.where.line > 0


def test_the_place_is_that_of_the_broken_rule(api):
    checked = Validator(
        api("""\
paths:
  /a:
    get:
      parameters:
        - name: n
          in: query
          schema:
            type: integer
            maximum: 5
      responses: {"200": {description: ok}}
""")
    )
    problem = checked.request(Request("GET", "/a?n=6")).problems[0]
    assert str(problem.where) == "api.yaml:11:13"
    assert problem.pointer == "/paths/~1a/get/parameters/0/schema/maximum"


def test_a_response_can_be_judged_alone(api):
    checked = Validator(
        api(
            "paths: {/a: {get: {parameters: [{name: q, in: query, required: true, schema: {}}], "
            "responses: {'200': {description: d}}}}}"
        )
    )
    request = Request("GET", "/a")
    assert checked.request(request).outcome == "invalid"
    assert checked.response(request, Response(200)).valid
    assert len(checked.exchange(request, Response(404)).problems) == 2


def test_two_files_make_one_api(tmp_path):
    (tmp_path / "api.yaml").write_text("""
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {$ref: "paths/a.yaml"}
""")
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths/a.yaml").write_text("""
post:
  requestBody: {content: {application/json: {schema: {$ref: "../schemas.json#/A"}}}}
  responses: {"200": {description: ok}}
""")
    (tmp_path / "schemas.json").write_text('{"A": {\n"type": "object", "properties": {"n": {"type": "integer"}}}}')
    from_file = Documents(read(tmp_path / "api.yaml"))
    outcome = Validator(from_documents(from_file)).request(
        Request("POST", "/a", {"content-type": "application/json"}, b'{"n": "x"}')
    )
    assert outcome.operation == "POST /a"
    assert outcome.problems[0].where.file == str(tmp_path / "schemas.json")
    assert outcome.problems[0].pointer == "schemas.json#/A/properties/n/type"


HOSTILE = [
    ("a path that a careless regular expression would take hours for", "GET", "/x/" + "-" * 5000, None),
    ("a key with thousands of brackets", "GET", "/q?p" + "[a]" * 5000 + "=1", None),
    ("bytes that are no UTF-8, as servers hand them over", "GET", "/q?s=\udce9", None),
    ("JSON as deep as it can be", "POST", "/b", b"[" * 1000 + b"]" * 1000),
    ("JSON deeper than that", "POST", "/b", b"[" * 100_000),
    ("no UTF-8", "POST", "/b", b'"\xff"'),
    ("a number out of range", "GET", "/q?n=1e400", None),
    ("digits without end", "GET", "/q?n=" + "9" * 10_000, None),
]


@pytest.mark.parametrize(("method", "url", "body"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_input_is_invalid_and_nothing_more(api, method, url, body):
    checked = Validator(
        api("""
paths:
  "/x/{a}-{b}-{c}-{d}.z": {get: {responses: {"200": {description: ok}}}}
  /q:
    get:
      parameters:
        - {name: p, in: query, style: deepObject, schema: {type: object, properties: {a: {type: object}}}}
        - {name: s, in: query, schema: {type: string, pattern: "^a"}}
        - {name: n, in: query, schema: {type: integer, maximum: 5}}
      responses: {"200": {description: ok}}
  /b: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"200": {description: ok}}}}
""")
    )
    outcome = checked.exchange(Request(method, url, {"Content-Type": "application/json", "X": "\udce9"}, body))
    assert outcome.outcome == "invalid"
    assert str(outcome.problems[0]).encode()


def test_a_broken_reference_is_said_again_to_the_next(api):
    checked = Validator(
        api("""
paths:
  /a: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}
  /b: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}}
components: {schemas: {A: {properties: {x: {$ref: "#/components/schemas/Gone"}}}}}
""")
    )
    for path in ("/a", "/b", "/a"):
        outcome = checked.request(Request("POST", path, {"content-type": "application/json"}, b"{}"))
        assert outcome.outcome == "invalid"
        assert "there is no `Gone`" in outcome.problems[0].message


def test_threads_may_share_a_validator(api):
    paths = "".join(
        f"  /p{i}: {{post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/S{i % 9}'}}}}}}}}, responses: {{'200': {{description: d}}}}}}}}\n"
        for i in range(60)
    )
    schemas = "".join(
        f"    S{i}: {{type: object, properties: {{n: {{$ref: '#/components/schemas/S{(i + 1) % 9}'}}, v: {{type: integer}}}}}}\n"
        for i in range(9)
    )
    checked = Validator(api(f"paths:\n{paths}components:\n  schemas:\n{schemas}"))
    requests = [
        Request("POST", f"/p{i % 60}", {"content-type": "application/json"}, b'{"v": 1, "n": {"v": 2}}')
        for i in range(600)
    ]
    with ThreadPoolExecutor(8) as pool:
        assert all(outcome.valid for outcome in pool.map(checked.request, requests))


def test_threads_may_share_a_validator_that_nobody_has_used(api):
    names = ", ".join(f"n{number}: {{type: integer}}" for number in range(2000))
    form = f"application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{{names}}}}}}}"
    loaded = api(
        f"paths: {{/a: {{post: {{requestBody: {{content: {{{form}}}}}, responses: {{'200': {{description: d}}}}}}}}}}"
    )
    request = Request("POST", "/a", {"content-type": "application/x-www-form-urlencoded"}, b"n1999=5&n7=1")
    for _ in range(5):
        checked = Validator(loaded)
        with ThreadPoolExecutor(8) as pool:
            assert all(outcome.valid for outcome in pool.map(checked.request, [request] * 16))


def test_multipart_in_multipart_has_an_end(api):
    checked = Validator(
        api(
            "paths: {/a: {post: {requestBody: {content: {multipart/mixed: {schema: {type: array}, itemSchema: {}}}}, responses: {'200': {description: d}}}}}"
        )
    )
    body = b"x"
    for level in range(250):
        boundary = b"b%d" % level
        body = b"--%s\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n%s\r\n--%s--" % (
            boundary,
            level - 1,
            body,
            boundary,
        )
    outcome = checked.request(Request("POST", "/a", {"content-type": "multipart/mixed; boundary=b249"}, body))
    assert outcome.outcome == "invalid"
    assert "multipart in multipart" in outcome.problems[0].message


BROKEN = """
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Gone"}}}}
      responses: {"200": {description: d, content: {application/json: {schema: {type: integer}}}}}
  /b: {get: {responses: {"200": {description: d}}}}
"""


def test_an_observer_changes_no_verdict_where_the_document_is_broken(api):
    loaded = api(BROKEN)
    seen = []
    request = Request("POST", "/a", {"content-type": "application/json"}, b"1")
    answer = Response(200, {"content-type": "application/json"}, b"1")
    watched, plain = Validator(loaded, observer=seen.append), Validator(loaded)
    for judge in ("exchange", "response"):
        assert getattr(watched, judge)(request, answer) == getattr(plain, judge)(request, answer)
    watched.request(Request("GET", "/nowhere"))
    assert [(one.operation, one.outcome) for one in seen] == [
        ("POST /a", "invalid"),
        ("POST /a", "valid"),
        ("", "invalid"),
    ]
    coverage = Coverage.of(loaded)
    assert coverage.totals()["operation"] == (0, 2)


def test_warnings_are_of_what_was_judged(api):
    checked = Validator(
        api("""
paths: {/a: {get: {parameters: [{name: n, in: query, required: true, schema: {}}], responses: {"200": {description: d}}}}}
webhooks: {news: {post: {responses: {"204": {description: d}}}}}
"""),
        strict="warn",
    )
    assert checked.webhook("news", Request("POST", "http://subscriber/x"), Response(204)).problems == ()
    assert checked.response(Request("GET", "/a?m=1"), Response(200)).problems == ()
    (warning,) = checked.exchange(Request("GET", "/a?n=1&m=1"), Response(200)).problems
    assert (warning.severity, warning.place) == ("warning", "query.m")


def test_strict_is_one_of_a_few():
    with pytest.raises(ValueError, match="strict is 'very'"):
        Validator(api_of(0), strict="very")


CALLED = """
paths:
  /subscribe:
    post:
      callbacks:
        onData: {"{$request.query.url}": {post: {requestBody: {required: true, content: {application/json: {schema: {type: integer}}}}, responses: {"200": {description: d}}}}}
      responses: {"200": {description: d}}
"""


@pytest.mark.parametrize(
    ("body", "status", "outcome"), [(b"1", 200, "valid"), (b'"x"', 200, "invalid"), (b"1", 500, "invalid")]
)
def test_callbacks_are_judged_by_their_name(api, body, status, outcome):
    request = Request("POST", "http://subscriber/any", {"content-type": "application/json"}, body)
    found = Validator(api(CALLED)).webhook("onData", request, Response(status))
    assert (found.outcome, found.operation) == (outcome, "POST onData")


def test_many_faults_of_a_kind_are_counted(api):
    media = "application/json: {schema: {type: array, items: {type: integer}}}"
    checked = Validator(
        api(
            f"paths: {{/a: {{post: {{requestBody: {{content: {{{media}}}}}, responses: {{'200': {{description: d}}}}}}}}}}"
        )
    )
    body = b"[" + b",".join([b'"x"'] * 5000) + b"]"
    problems = checked.request(Request("POST", "/a", {"content-type": "application/json"}, body)).problems
    assert len(problems) == 10
    assert problems[-1].message.endswith("but the document says integer (and 4,990 more like it)")
