"""Nothing raises: whatever the document, the record and the bytes are, judging gives an outcome that fits together."""

import json
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anything import AIMED, BYTES, DOCUMENTS, FILES, REACHED, REQUESTS, RESPONSES, RICH, TYPED
from levelbook import Request, Response, Severity, SpecError, Validator
from levelbook.coverage.record import Counter, Coverage
from levelbook.document import Document
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.traffic import judge_lines
from levelbook.validate.traffic import read_traffic


def examples(count):
    """Try that many; always the same ones, so that a run that passes passes again."""
    return settings(
        deadline=None, database=None, derandomize=True, max_examples=count, suppress_health_check=list(HealthCheck)
    )


def loaded(data):
    return from_documents(Documents(Document("a.json", "", data, None)))


def validators(api):
    for strict in (False, True, "warn"):
        yield Validator(api, strict=strict, observer=Counter(api, Coverage.of(api)))


def check(outcome):
    assert outcome.outcome in ("valid", "invalid", "skipped")
    assert (outcome.outcome == "invalid") == any(item.severity is Severity.ERROR for item in outcome.problems)
    assert bool(outcome.reason) or outcome.outcome != "skipped"
    for problem in outcome.problems:
        str(problem).encode()
        (problem.hint + problem.place).encode()
        assert problem.rule
        assert problem.where.file
        assert problem.where.line >= 0
        assert problem.pointer[:1] in ("", "/")
    outcome.reason.encode()


def judge(validator, request, response):
    for outcome in (
        validator.exchange(request, response),
        validator.request(request),
        validator.response(request, response),
        validator.webhook("new", request, response),
        validator.webhook("nope", request),
    ):
        check(outcome)


@examples(1000)
@given(DOCUMENTS | REACHED, st.lists(st.tuples(REQUESTS | AIMED, RESPONSES), min_size=1, max_size=3))
def test_any_document(data, exchanges):
    try:
        made = list(validators(loaded(data)))
    except SpecError:
        return
    for validator in made:
        for request, response in exchanges:
            judge(validator, request, response)


@pytest.fixture(scope="module")
def rich():
    return list(validators(loaded(RICH)))


@examples(3500)
@given(request_=REQUESTS | AIMED, response=RESPONSES)
def test_any_record(rich, request_, response):
    for validator in rich:
        judge(validator, request_, response)


@examples(3500)
@given(kind=TYPED, body=BYTES)
def test_any_body(rich, kind, body):
    for validator in rich:
        judge(
            validator,
            Request("POST", "/p/1", {"content-type": kind}, body),
            Response(200, {"content-type": kind}, body),
        )


@examples(2000)
@given(data=FILES, at=st.integers(0, 300), put=st.binary(max_size=2))
def test_any_file(rich, data, at, put):
    for content in (data, data[:at] + put + data[at + len(put) :]):
        for entry in read_traffic(BytesIO(content), "t"):
            check(rich[1].exchange(entry.request, entry.response)) if entry.request else str(entry.problem).encode()
        for row in judge_lines(rich[1], content.split(b"\n")):
            assert json.dumps(row, ensure_ascii=False).encode()
