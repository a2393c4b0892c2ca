"""One component in several uses, items of sequences, and null in a union: each use is judged by itself."""

import pytest
from one_schema import api_of, compared

HEAD = {"openapi": "3.2.0", "info": {"title": "T", "version": "1"}}
CAT = {"$ref": "#/components/schemas/Cat"}
NULL = {"type": "null"}


def body(schema, kind="application/json", keyword="schema"):
    return {"requestBody": {"content": {kind: {keyword: schema}}}, "responses": {"200": {"description": "OK"}}}


def answer(media, kind):
    return {"responses": {"200": {"description": "OK", "content": {kind: media}}}}


def rows(base, head):
    return sorted(
        (row.address, row.verdict, row.uses) for row in compared(*(api_of(HEAD | one) for one in (base, head)))
    )


def of_cats(cat, *schemas, webhook=None):
    paths = {f"/{name}": {"post": body(schema)} for name, schema in zip("ab", schemas, strict=False)}
    hooks = {} if webhook is None else {"webhooks": {"born": {"post": body(webhook)}}}
    return {"paths": paths, "components": {"schemas": {"Cat": cat}}} | hooks


def test_what_a_client_sends_and_what_it_is_sent_are_two_facts():
    was, now = {"properties": {"name": {"type": "string"}}}, {"properties": {"name": {"type": ["string", "null"]}}}
    assert rows(of_cats(was, CAT, webhook=CAT), of_cats(now, CAT, webhook=CAT)) == [
        ("schemas/Cat > .name", "breaking", ("webhook POST born",)),
        ("schemas/Cat > .name", "compatible", ("POST /a",)),
    ]


def test_what_a_client_answers_is_a_fact_of_its_own():
    def of(*, required):
        header = {"required": required, "schema": {"type": "string"}}
        post = {"post": {"responses": {"200": {"$ref": "#/components/responses/R"}}}}
        return {
            "paths": {"/a": post},
            "webhooks": {"born": post},
            "components": {"responses": {"R": {"description": "OK", "headers": {"X-A": header}}}},
        }

    assert rows(of(required=False), of(required=True)) == [
        ("responses/R > header:X-A", "breaking", ("webhook POST born",)),
        ("responses/R > header:X-A", "compatible", ("POST /a",)),
    ]


@pytest.mark.parametrize("unstable", ["/a", "/b"])
def test_an_unstable_use_excuses_no_stable_one(unstable):
    def of(cat, responses):
        document = of_cats(cat, CAT, CAT)
        for path in document["paths"].values():
            path["post"]["responses"] = {"200": {"$ref": "#/components/responses/R"}}
        document["paths"][unstable]["post"]["x-stability-level"] = "alpha"
        document["components"]["responses"] = {"R": {"description": "OK", "headers": responses}}
        return document

    there = {"X-A": {"required": True, "schema": {"type": "string"}}}
    base, head = of({"type": "string"}, there), of({"type": "integer"}, {})
    assert [row[:2] for row in rows(base, head)] == [
        ("responses/R", "breaking"), ("schemas/Cat", "breaking"),
    ]  # fmt: skip


NARROW = {"maxLength": 3, "allOf": [CAT]}


@pytest.mark.parametrize("schemas", [(NARROW, CAT), (CAT, NARROW)], ids=["the narrow use first", "the wide use first"])
def test_the_worst_verdict_of_all_uses_counts(schemas):
    was, now = ({"type": "string", "pattern": f"^.{{0,{most}}}$"} for most in (10, 5))
    assert rows(of_cats(was, *schemas), of_cats(now, *schemas)) == [("schemas/Cat", "breaking", ("POST /a", "POST /b"))]


def within(schema):
    return {"type": "object", "properties": {"x": schema}}


ORNULL = {"oneOf": [CAT, NULL]}


def test_null_beside_a_component_is_a_fact_of_its_use():
    cat = {"type": "object", "properties": {"n": {"type": "string"}}}
    base, head = of_cats(cat, within(ORNULL), within(CAT)), of_cats(cat, within(CAT), within(ORNULL))
    assert rows(base, head) == [
        ("POST /a > body:x", "breaking", ("POST /a",)),
        ("POST /b > body:x", "compatible", ("POST /b",)),
    ]


SEQUENCES = ["application/jsonl", "application/json-seq", "text/event-stream"]
ITEM = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


@pytest.mark.parametrize("kind", SEQUENCES)
def test_items_are_judged(kind):
    def of(schema, most):
        given = {"type": "object", "properties": {"data": {"type": "string", "maxLength": most}}}
        post = body(given, kind, "itemSchema") | answer({"itemSchema": schema} if schema else {}, kind)
        return {"paths": {"/t": {"post": post}}}

    changed = of(ITEM | {"properties": {"id": {"type": "string"}}}, 5)
    assert rows(of(ITEM, 9), changed) == [
        ("POST /t > 200[] .id", "breaking", ("POST /t",)),
        ("POST /t > body:[].data", "breaking", ("POST /t",)),
    ]
    assert rows(of(ITEM, 9), of(ITEM, 9)) == []
    assert rows(of(None, 9), of(ITEM, 9)) == [("POST /t > 200[]", "compatible", ("POST /t",))]
    assert [row[:2] for row in rows(of(ITEM, 9), of(None, 9))] != []
