"""Coverage: what exchanges show, added up, read back, and printed."""

import json

import pytest

from levelbook import Request, Response, Validator
from levelbook.coverage.record import Counter, Coverage
from levelbook.coverage.targets import Element
from levelbook.loading import from_documents

PATHS = """
paths:
  /a:
    get:
      parameters:
        - {name: kind, in: query, schema: {enum: [small, large]}}
        - {name: must, in: query, required: true, schema: {type: integer}}
      responses: {"200": {description: d, headers: {X-Left: {schema: {type: integer}}}}, 4XX: {description: d}}
  /b:
    post:
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/Tree"}}
          text/plain: {schema: {type: string}}
      responses: {"200": {description: d, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}}}
components:
  schemas:
    Tree: {type: object, properties: {name: {type: string}, below: {type: array, items: {$ref: "#/components/schemas/Tree"}}}, additionalProperties: {enum: [1]}}
    Pet: {oneOf: [{title: Cat, type: object, required: [lives], properties: {lives: {type: integer}}}, {type: integer}]}
"""


@pytest.fixture
def counted(api):
    """Give a function that judges exchanges, and the coverage they make."""
    loaded = api(PATHS)
    coverage = Coverage.of(loaded)
    counter = Counter(loaded, coverage)
    validator = Validator(loaded, observer=counter)

    def judge(url, response=None, *, method="GET", json_body=None, test=""):
        counter.test = test
        headers = {"content-type": "application/json"} if json_body is not None else {}
        body = None if json_body is None else json.dumps(json_body).encode()
        return validator.exchange(Request(method, url, headers, body), response)

    return judge, coverage


def answer(value, status=200):
    return Response(status, {"content-type": "application/json"}, json.dumps(value).encode())


SEEN = [
    (("/a?kind=small&must=1",), "GET /a", {("present", "query.kind"), ("value", "query.kind", '"small"'), ("present", "query.must"), ("operation", "GET /a")}),
    (("/a?must=1", Response(200, {"X-Left": "5"})), "GET /a", {("absent", "query.kind"), ("present", "query.must"), ("status", "response", "200"), ("present", "response.200.header.X-Left"), ("operation", "GET /a")}),
    (("/a", Response(404)), "GET /a", {("absent", "query.kind"), ("status", "response", "4XX"), ("operation", "GET /a")}),
    (("/a?kind=medium&must=1",), "GET /a", {("present", "query.kind"), ("present", "query.must"), ("operation", "GET /a")}),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "operation", "expected"), SEEN, ids=[row[0][0] for row in SEEN])
def test_what_an_exchange_shows(counted, exchange, operation, expected):
    judge, coverage = counted
    judge(*exchange, test="t")
    found = {element for element, count in coverage.counts[operation].items() if count.times}
    assert found == {Element(*element) for element in expected}
    assert all(count.tests == {"t": 1} for count in coverage.counts[operation].values() if count.times)


def test_bodies_are_looked_into(counted):
    judge, coverage = counted
    body = {"name": "x", "below": [{"name": "y"}], "other": 1}
    judge("/b", answer([{"lives": 9}, 5]), method="POST", json_body=body)
    found = {element[:3] for element, count in coverage.counts["POST /b"].items() if count.times}
    assert found == {
        ("operation", "POST /b", ""),
        ("media", "body", "application/json"),
        ("property", "body/name", ""),
        ("property", "body/below", ""),
        ("property", "body/below[]/name", ""),
        ("value", "body/*", "1"),
        ("status", "response", "200"),
        ("media", "response.200.body", "application/json"),
        ("member", "response.200.body[]", "1: Cat"),
        ("member", "response.200.body[]", "2: integer"),
        ("property", "response.200.body[]/lives", ""),
    }


def test_the_verdict_is_that_of_a_validator_that_nobody_observes(counted, api):
    judge, _ = counted
    plain = Validator(api(PATHS))
    for url in ("/a?must=1", "/a?must=x", "/a", "/nowhere", "/a?kind=medium&must=1"):
        assert judge(url) == plain.exchange(Request("GET", url))


def test_parts_add_up_and_are_read_back(counted):
    judge, coverage = counted
    judge("/a?must=1", test="one")
    other = Coverage.from_data(json.loads(json.dumps(coverage.to_data())), "c.json")
    other.add(coverage)
    count = other.count("GET /a", Element("operation", "GET /a"))
    assert (count.times, count.tests) == (2, {"one": 2})
    assert other.outcomes == {"valid": 2}
    assert other.totals() == coverage.totals()


@pytest.fixture
def files(counted, tmp_path):
    judge, coverage = counted
    for number, url in enumerate(("/a?must=1&kind=small", "/a?must=1")):
        judge(url)
        (tmp_path / f"c{number}.json").write_text(json.dumps(coverage.to_data()))
    return sorted(tmp_path.glob("c*.json"))


def test_show(levelbook, files):
    result = levelbook("coverage", "show", *files, "--missing")
    assert result.exit_code == 0
    assert "operations                        1 of 2       50.0 %" in result.stdout
    assert 'GET /a: query.kind never had the value "large"\n' in result.stdout
    assert "POST /b: never called\n" in result.stdout
    assert "POST /b: body" not in result.stdout  # of an operation that nothing called, only that


def test_show_as_json(levelbook, files):
    told = json.loads(levelbook("coverage", "show", *files, "--format", "json").stdout)
    assert told["totals"]["operation"] == {"seen": 1, "of": 2}
    assert {"operation": "POST /b", "kind": "operation", "place": "POST /b", "label": ""} in told["unseen"]


def test_combine_and_html(levelbook, files, tmp_path):
    assert levelbook("coverage", "combine", *files, "-o", tmp_path / "all.json").exit_code == 0
    assert json.loads((tmp_path / "all.json").read_text())["outcomes"] == {"valid": 3}
    assert levelbook("coverage", "html", tmp_path / "all.json", "-o", tmp_path / "c.html").exit_code == 0
    page = (tmp_path / "c.html").read_text()
    assert "called 3 times" in page
    assert "never called" in page


def test_operations_that_are_new_and_untouched(levelbook, tmp_path):
    spec = tmp_path / "api.yaml"
    spec.write_text("""
openapi: 3.1.0
info: {title: T, version: "1", x-levels: {current: 9, releases: []}}
paths:
  /old: {get: {responses: {"200": {description: d}}}}
  /new: {get: {x-changes: [{level: 7, kind: added}], responses: {"200": {description: d}}}}
""")
    (tmp_path / "t.ndjson").write_text('{"request": {"method": "GET", "url": "/old"}}\n')
    levelbook("validate", spec, tmp_path / "t.ndjson", "--coverage", tmp_path / "c.json")
    options = ("coverage", "show", tmp_path / "c.json", "--spec", spec, "--since")
    assert "1 operation added; of these nothing called 1\n    GET /new (level 7)\n" in levelbook(*options, "6").stdout
    assert "0 operations added" in levelbook(*options, "7").stdout


WRONG = [
    (("show", "nowhere.json"), "the coverage file nowhere.json cannot be read: No such file"),
    (("show", "README.md"), "README.md is no coverage file: it is not JSON"),
    (("show",), "Missing argument 'FILES...'"),
    (("sho",), "Did you mean `show`?"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_what_was_asked_for_wrongly(levelbook, arguments, message):
    result = levelbook("coverage", *arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"levelbook-coverage": 99},
        {"levelbook-coverage": 1},
        {"levelbook-coverage": 1, "outcomes": {}, "operations": {"GET /": [5]}},
    ],
)
def test_a_file_that_is_none(levelbook, tmp_path, data):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(data))
    result = levelbook("coverage", "show", path)
    assert result.exit_code == 2
    assert "coverage file" in result.output


def test_coverage_of_two_documents_does_not_add_up(levelbook, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.json").write_text(json.dumps(Coverage(name).to_data()))
    result = levelbook("coverage", "combine", tmp_path / "a.json", tmp_path / "b.json", "-o", tmp_path / "c.json")
    assert result.exit_code == 2
    assert "is coverage of “b”, the others are of “a”" in result.output


def test_a_threshold_fails(levelbook, files):
    assert levelbook("coverage", "show", *files, "--fail-under", "10").exit_code == 0
    result = levelbook("coverage", "show", *files, "--fail-under", "90")
    assert result.exit_code == 1
    assert "less than the 90 % that are asked for" in result.stderr


def test_what_means_nothing_is_not_counted(documents):
    loaded = from_documents(
        documents("""
openapi: 3.0.4
info: {title: T, version: "1"}
paths:
  /a:
    get:
      parameters: [{name: Accept, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {x: {type: integer}}}}}}
      responses: {"200": {description: d}}
""")
    )
    coverage = Coverage.of(loaded)
    judge = Validator(loaded, observer=Counter(loaded, coverage))
    judge.exchange(Request("GET", "/a", {"Accept": "*/*"}), Response(200))
    assert coverage.percent() == 100
