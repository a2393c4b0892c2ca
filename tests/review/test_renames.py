"""What is gone and what is new may be one thing with another name: that is asked, never assumed."""

import pytest
from one_schema import api_of, compared, document

from levelbook.review.renames import renames

LONG = {"type": "string", "maxLength": 9, "pattern": "^a", "description": "Who it is for."}


def asked(base, head):
    sides = [api_of(side) for side in (base, head)]
    return [item.question for item in renames(*sides, compared(*sides))]


@pytest.mark.parametrize(
    ("old", "new", "questions"),
    [
        (
            {"to": LONG},
            {"recipient": LONG},
            ["POST /things > body: removed `to`, added `recipient`, the same: renamed?"],
        ),
        (
            {"to": LONG},
            {"recipient": {**LONG, "description": "Else."}},
            ["POST /things > body: removed `to`, added `recipient`, the same: renamed?"],
        ),
        ({"to": LONG}, {"recipient": {"type": "integer"}}, []),
        ({"to": LONG}, {"to": LONG, "cc": LONG}, []),
        (
            {"to": {**LONG, "minLength": 1, "format": "email"}},
            {"cc": {**LONG, "minLength": 1}},
            ["POST /things > body: removed `to`, added `cc`, alike: renamed?"],
        ),
    ],
)
def test_properties(old, new, questions):
    sides = [document({"type": "object", "properties": held}, "request", "body") for held in (old, new)]
    assert asked(*sides) == questions


def test_each_is_asked_about_once():
    base = document({"type": "object", "properties": {"a": LONG, "b": LONG}}, "response", "body")
    head = document({"type": "object", "properties": {"c": LONG}}, "response", "body")
    assert asked(base, head) == ["POST /things > 200: removed `a`, added `c`, the same: renamed?"]


def test_operations():
    base = document({"type": "string"}, "request", "body")
    head = document({"type": "string"}, "request", "body")
    head["paths"] = {"/objects": head["paths"]["/things"]}
    assert asked(base, head) == ["operations: removed `POST /things`, added `POST /objects`, the same: renamed?"]
