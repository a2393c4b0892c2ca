"""The mock, row by row: a document, a request, an answer."""

import json
from pathlib import Path

import pytest
import yaml

from levelbook import Request, Validator
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.mock import Mock

CASES = Path(__file__).parent.parent / "cases" / "mock"
GROUPS = [group for path in sorted(CASES.glob("*.yaml")) for group in yaml.load(path.read_text(), yaml.CSafeLoader)]
ROWS = [
    pytest.param(group, row, id=f"{group['section']}: {row['request']} {row.get('prefer', '')}{row.get('accept', '')}")
    for group in GROUPS
    for row in group["rows"]
]


def mock_of(group):
    head = f"openapi: {group.get('version', '3.1.0')}\ninfo: {{title: T, version: '1'}}\n"
    return Mock(from_documents(Documents(parse(head + group["document"], "api.yaml"))))


def request_of(row):
    method, _, url = row["request"].partition(" ")
    headers = dict(row.get("headers_sent", {}))
    headers |= {name: row[name] for name in ("prefer", "accept") if name in row}
    body = row.get("body_sent")
    if "json_sent" in row:
        headers["content-type"], body = "application/json", json.dumps(row["json_sent"])
    return Request(method, url, headers, None if body is None else body.encode())


@pytest.mark.parametrize(("group", "row"), ROWS)
def test_each_request_gets_its_answer(group, row):
    mock, request = mock_of(group), request_of(row)
    answer = mock.answer(request)
    body = (answer.body or b"").decode("latin-1")
    assert answer.status == row["status"], body
    for name, value in row.get("headers", {}).items():
        assert answer.header(name) == value
    assert row.get("text", body) == body
    assert row.get("says", "") in body
    is_json = (answer.header("content-type") or "").endswith("json")
    content = json.loads(answer.body) if is_json and answer.body else None
    assert row.get("json", content) == content
    for name, value in row.get("has", {}).items():
        assert content[name] == value
    assert row.get("detail", "") in body if "detail" not in row else row["detail"] in content["detail"]
    if "hint" in row:
        assert row["hint"] in content["problems"][0]["hint"]
    for name, value in row.get("problem", {}).items():
        assert content["problems"][0][name] == value
    again = mock_of(group).answer(request)
    assert (again.status, again.headers, again.body) == (answer.status, answer.headers, answer.body)


@pytest.mark.parametrize(("group", "row"), ROWS)
def test_no_answer_objects_to_the_document(group, row):
    mock, request = mock_of(group), request_of(row)
    answered = mock.exchange(request)
    if answered.response.header("content-type") == "application/problem+json" or answered.outcome.operation is None:
        return  # which no operation describes: where it does, the rows say what is answered
    url = request.url if Validator(mock.api).request(request).operation else f"/v1{request.url}"
    outcome = Validator(mock.api).response(Request(request.method, url), answered.response)
    assert outcome.outcome != "invalid", outcome.problems
