"""openapi-core as the oracle: the whole table runs through it too, and every difference has its reason."""

from pathlib import Path

import pytest
import yaml

from levelbook import Request, Response, Validator
from levelbook.validate.oracle import Oracle, compared
from test_validate import CASES, GROUPS, api_of, exchange_of

TABLE = yaml.load((Path(__file__).parent / "cases" / "oracle.yaml").read_text(), yaml.CSafeLoader)


def names():
    """Name each group as the table does: file and number."""
    for path in sorted(CASES.glob("*.yaml")):
        groups = yaml.load(path.read_text(), yaml.CSafeLoader)
        yield from (f"{path.stem}/{number}" for number in range(1, len(groups) + 1))


NAMES = list(names())


def expected():
    """Give the pair of outcomes of every row that the table names."""
    found = {}
    for cause in TABLE:
        outcomes = cause["outcomes"]
        if isinstance(outcomes[0], str):
            outcomes = [{"pair": outcomes, "rows": cause["rows"]}]
        for part in outcomes:
            for row in part["rows"]:
                assert row not in found, f"{row} has two causes"
                found[row] = tuple(part["pair"])
        assert set(cause["rows"]) <= found.keys()
    return found


EXPECTED = expected()


@pytest.mark.parametrize("cause", TABLE, ids=lambda cause: cause["cause"])
def test_every_cause_says_who_is_right_and_why(cause):
    assert cause["right"] in ("levelbook", "openapi-core", "undefined", "neither")
    assert cause["section"]
    assert len(cause["why"].split()) > 8


@pytest.mark.parametrize("index", range(len(GROUPS)), ids=NAMES)
def test_both_engines_agree_or_the_table_says_why_not(index):
    group = GROUPS[index]
    api = api_of(index)
    ours, theirs = Validator(api), Oracle(api)
    for number, row in enumerate(group["rows"], 1):
        if row.get("strict"):
            continue
        exchange = exchange_of(row)
        pair = ours.exchange(*exchange).outcome, theirs.exchange(*exchange).outcome
        name = f"{NAMES[index]}/{number}"
        assert EXPECTED.get(name, (pair[0], pair[0])) == pair, f"{name}: {row}"


def test_the_table_names_rows_that_there_are():
    there = {
        f"{name}/{number}"
        for name, group in zip(NAMES, GROUPS, strict=True)
        for number in range(1, len(group["rows"]) + 1)
    }
    assert EXPECTED.keys() <= there


PAGE = Path(__file__).parent.parent / "site" / "openapi-core.md"


def test_the_page_tells_every_cause():
    text = PAGE.read_text()
    assert [cause["cause"] for cause in TABLE if cause["cause"] not in text] == []


@pytest.mark.parametrize(
    ("request_", "response", "rule", "place", "pointer"),
    [
        (("GET", "/nowhere"), None, "unknown-path", "path", "/paths"),
        (("PUT", "/a"), None, "unknown-method", "method", "/paths"),
        (("GET", "/a?n=x"), None, "request-parameter", "query.n", "/paths/~1a/get/parameters/0"),
        (("GET", "/a?n=5"), None, "request-parameter", "query.n", "/paths/~1a/get/parameters/0/schema/maximum"),
        (("GET", "/a"), (404,), "unknown-status", "response.status", "/paths/~1a/get/responses"),
        (("GET", "/a"), (200, {"content-type": "application/json"}, b'{"id": "x"}'), "response-schema", "response.body/id", "/components/schemas/A/properties/id/type"),
        (("GET", "/a"), (200, {"content-type": "text/html"}, b"x"), "response-media-type", "response.body", "/paths/~1a/get/responses"),
        (("POST", "/a"), None, "request-body", "body", "/paths/~1a/post/requestBody"),
        (("GET", "/s"), None, "request-security", "security", "/paths/~1s/get/security"),
    ],
)  # fmt: skip
def test_their_problems_are_ours_to_print(api, request_, response, rule, place, pointer):
    oracle = Oracle(
        api("""
paths:
  /a:
    get:
      parameters: [{name: n, in: query, schema: {type: integer, maximum: 3}}]
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}
    post: {requestBody: {required: true, content: {application/json: {schema: {}}}}, responses: {"200": {description: d}}}
  /s: {get: {security: [{k: []}], responses: {"200": {description: d}}}}
components:
  schemas: {A: {type: object, properties: {id: {type: integer}}}}
  securitySchemes: {k: {type: apiKey, in: header, name: X-K}}
""")
    )
    outcome = oracle.exchange(Request(*request_), Response(*response) if response else None)
    (problem,) = outcome.problems
    assert (outcome.outcome, problem.rule, problem.place, problem.pointer) == ("invalid", rule, place, pointer)
    assert problem.where.line


def test_what_breaks_off_there_is_skipped_with_the_reason(api):
    loaded = api(
        "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string, pattern: '\\p{L}'}}], responses: {'200': {description: d}}}}}"
    )
    request = Request("GET", "/a?q=x")
    theirs = Oracle(loaded).exchange(request)
    assert theirs.outcome == "skipped"
    assert "openapi-core broke off" in theirs.reason
    assert compared(Validator(loaded).exchange(request), theirs).startswith("levelbook: valid; openapi-core: skipped (")
