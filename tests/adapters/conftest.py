"""One small API, which every framework serves: it tells the truth, unless it is asked for thirteen."""

import json

import pytest

from levelbook import Validator
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents

DOCUMENT = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things/{name}:
    post:
      parameters:
        - {name: name, in: path, required: true, schema: {type: string, maxLength: 9}}
        - {name: limit, in: query, schema: {type: integer, maximum: 5}}
        - {name: tag, in: query, schema: {type: array, items: {type: string, maxLength: 3}}}
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [k], properties: {k: {type: integer}}}}
          application/x-www-form-urlencoded: {schema: {type: object, required: [k], properties: {k: {type: integer}}}}
      responses:
        "201":
          description: made
          content:
            application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}
            text/plain: {schema: {type: string}}
"""
# (target below the host, the number sent, where the exchange is wrong)
CASES = [
    ("/things/a%2Fb?limit=2&tag=x%20y&tag=z", 1, ()),
    ("/things/a?limit=9", 1, ("query.limit",)),
    ("/things/a", "x", ("body/k",)),
    ("/things/a", 13, ("response.body/id",)),
]
IDS = ["right", "a wrong query", "a wrong body", "a lying server"]


def answer(number):
    """What the server says."""
    return {"id": "thirteen" if number == 13 else 1}


@pytest.fixture
def things():
    return Validator(from_documents(Documents(parse(DOCUMENT, "things.yaml"))))


@pytest.fixture(params=CASES, ids=IDS)
def case(request):
    return request.param


@pytest.fixture
def reports():
    """Collect what middleware reports."""

    class Reports(list):
        def __call__(self, outcome, request, response):
            self.append((outcome, request, response))

        @property
        def places(self):
            return [tuple(problem.place for problem in outcome.problems) for outcome, _, _ in self]

    return Reports()


def body_of(number):
    return json.dumps({"k": number}).encode()
