"""Whole documents: every operation answers, with every documented status, as the document says; and nothing raises."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anything import AIMED, DOCUMENTS, REACHED, REQUESTS
from levelbook import Request, SpecError, Validator, load
from levelbook.document import Document
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.mock import Mock
from levelbook.mock.choosing import asked_for, usual
from levelbook.mock.preferences import Preferences
from levelbook.mock.unanswerable import Unanswerable


def documented(path):
    """Give each operation with each status that it documents, and with the one that it usually answers."""
    api = load(path)
    mock, validator = Mock(api), Validator(api)
    for operation in api.operations:
        request = Request(operation.method, (mock.bases or [""])[0] + re.sub(r"\{[^}]*\}", "1", operation.path))
        codes = [
            re.sub("default|XX", lambda found: "200" if found[0] == "default" else "00", item.status)
            for item in operation.responses
        ]
        for code in ["", *codes]:
            for dynamic in (False, True):
                yield mock, validator, operation, request, Preferences(code, "", dynamic)


def unanswered(path):
    """Hold every answer against the document; give the operations and statuses that have none."""
    found, count = set(), 0
    for mock, validator, operation, request, wanted in documented(path):
        chosen = asked_for(operation, wanted.code) if wanted.code else usual(operation)
        count += 1
        try:
            answer = mock.answers.documented(request, operation, chosen, wanted)
        except Unanswerable as error:
            found.add((operation.key, error.status, error.message.rpartition(": ")[2]))
            continue
        outcome = validator.response(request, answer)
        assert outcome.outcome == "valid", (operation.key, outcome)
    return found, count


def test_the_demo():
    assert unanswered("api_spec/openapi.yaml") == (set(), 24)


def test_zulip(corpus):
    found, count = unanswered(corpus / "zulip-10.2" / "zulip.yaml")
    assert count > 600
    # Errors that are `oneOf` with the same member twice, or with members that accept each other's: nothing can be one.
    assert {(status, why) for _, status, why in found} == {(501, "the last value that was tried fails `oneOf`")}
    assert len(found) == 17


def nested(levels):
    schema = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "required": ["a"], "properties": {"a": schema}}
    return schema


@pytest.mark.parametrize(
    ("media", "status", "why"),
    [
        ({"schema": nested(60)}, 200, ""),
        ({"schema": nested(900)}, 501, "its schema is nested too deeply"),
        ({"schema": {"allOf": [{"anyOf": [{"not": {}}] * 9}] * 9}}, 501, "the last value that was tried fails"),
        ({"schema": {"type": "object", "required": list("abcdefgh"), "properties": {name: {"type": "array", "minItems": 9, "items": {"anyOf": [{"type": "string", "pattern": "^x", "maxLength": 0}] * 9}} for name in "abcdefgh"}}}, 501, "too many values were tried"),
    ],
    ids=["deep", "too deep", "impossible", "too wide a search"],
)  # fmt: skip
def test_a_search_ends(media, status, why):
    operation = {"responses": {"200": {"description": "d", "content": {"application/json": media}}}}
    data = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": operation}}}
    answer = Mock(from_documents(Documents(Document("a.json", "", data, None)))).answer(Request("GET", "/a"))
    assert answer.status == status, answer.body
    assert why in json.loads(answer.body).get("detail", "")


PREFERENCES = st.sampled_from(["", "code=200", "code=404", "dynamic=true", "example=a", 'code="4', "code=200, dynamic"])
ACCEPTS = st.sampled_from(["", "*/*", "text/*;q=0.1, application/json", "a", ",;q=", "multipart/mixed"])


@settings(deadline=None, database=None, derandomize=True, max_examples=400, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS | REACHED, REQUESTS | AIMED, PREFERENCES, ACCEPTS)
def test_nothing_raises_and_nothing_invalid_is_answered(data, request_, prefer, accept):
    try:
        api = from_documents(Documents(Document("a.json", "", data, None)))
        mock = Mock(api)
    except SpecError:
        return
    headers = [*request_.headers, ("prefer", prefer), ("accept", accept)]
    request = Request(request_.method, request_.url, headers, request_.body)
    answered = mock.exchange(request)
    answer = answered.response
    assert 200 <= answer.status < 600
    assert all(value.isprintable() for _, value in answer.headers)
    if answer.header("content-type") == "application/problem+json":
        assert {"type", "title", "status", "detail", "problems"} <= json.loads(
            answer.body or b"{}"
        ).keys() or request.method == "HEAD"
    elif answered.outcome.operation and answered.outcome.problems == ():
        assert Validator(api).response(request, answer).outcome != "invalid"
