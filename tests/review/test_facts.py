"""What no schema says, as a table; and what the API sends itself, where everything is the other way round."""

import copy
from pathlib import Path

import pytest
import yaml
from one_schema import api_of, compared, document

from levelbook.patch import merge
from levelbook.review.compare import compare
from levelbook.review.media import plainly
from levelbook.review.policy import Policy
from levelbook.review.rules import FACTS

ROWS = yaml.safe_load((Path(__file__).parent.parent / "cases" / "review" / "facts.yaml").read_text())
OPERATION = {
    "operationId": "make",
    "tags": ["a"],
    "parameters": [
        {"name": "q", "in": "query", "schema": {"type": "string"}},
        {"name": "l", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
    ],
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "responses": {
        "200": {
            "description": "OK",
            "headers": {"X-A": {"required": True, "schema": {"type": "string"}}},
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        "404": {"description": "None."},
    },
}


def things(operation, *, top="paths", name="/things"):
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://example.com/v1"}],
        top: {name: {"post": operation}},
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    }


def api(operation, **where):
    return api_of(things(operation, **where))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["edit"])[:70])
def test_an_edit_has_its_rows(row):
    edited = merge(copy.deepcopy(OPERATION), row["edit"])
    changes = compared(api(OPERATION), api(edited))
    assert sorted([change.rule, change.verdict] for change in changes) == row["rows"], changes
    for change in changes:
        assert change.verdict != "breaking" or change.witness, change


def server(url, **values):
    variables = {}
    for name, listed in values.items():
        first, *others = listed.split()
        variables[name] = {"default": first} | ({"enum": [first, *others]} if others else {})
    return {"url": url, "variables": variables}


VERSIONS = server("https://a.example/{v}", v="1 2")
SERVERS = [  # before, after, and what is gone and new
    ([server("/{v}", v="1 2")], [{"url": "/1"}, {"url": "/2"}], []),
    ([VERSIONS], [server("https://a.example/{version}/", version="2 1")], []),
    ([VERSIONS], [server("https://a.example/{v}", v="2 3")], ["+https://a.example/3", "-https://a.example/1"]),
    ([server("/{r}/{v}", r="a b", v="1 2")], [server("/{r}/{v}", r="a b", v="1 3")], ["+/{r}/3", "-/{r}/2"]),
    ([server("/{r}/{v}", r="a b", v="1 2")], [{"url": "/a/1"}, {"url": "/a/2"}, {"url": "/b/1"}], ["-/b/2"]),
    ([server("/{v}", v="1")], [server("/{else}", **{"else": "2"})], []),  # any value may stand there
    ([VERSIONS], [], ["+/", "-https://a.example/{v}"]),
]


@pytest.mark.parametrize(("before", "after", "expected"), SERVERS)
def test_servers_are_compared_by_the_addresses_they_make(before, after, expected):
    old, new = ({**things(OPERATION), "servers": servers} for servers in (before, after))
    changes = compared(api_of(old), api_of(new))
    assert sorted("-" + c.was if c.rule == "server-removed" else "+" + c.now for c in changes) == expected


def test_a_path_that_is_gone_and_one_that_is_new():
    there, back = api(OPERATION), api(OPERATION, name="/others")
    changes = compared(there, back)
    assert [(change.rule, change.verdict, bool(change.witness)) for change in changes] == [
        ("endpoint-added", "compatible", False),
        ("api-path-removed-without-deprecation", "breaking", True),
    ]


@pytest.mark.parametrize("days", [0, 10])
def test_a_deprecation_needs_a_day_where_the_policy_says_so(days):
    from datetime import date

    policy = Policy(sunset_days={"stable": days}, today=date(2026, 1, 1))
    (change,) = compared(api(OPERATION), api({**OPERATION, "deprecated": True}), policy=policy)
    assert (change.rule, change.verdict) == (
        ("api-deprecated-sunset-missing", "policy") if days else ("endpoint-deprecated", "compatible")
    )


def test_what_is_a_draft_may_change():
    draft = {**OPERATION, "x-stability-level": "draft"}
    (change,) = compared(
        api(draft),
        api(
            {
                **draft,
                "parameters": [
                    *OPERATION["parameters"],
                    {"name": "n", "in": "query", "required": True, "schema": {"type": "string"}},
                ],
            }
        ),
    )
    assert (change.verdict, change.reason) == ("compatible", "policy stability: what is draft may change")


@pytest.mark.parametrize(("required", "verdict"), [(True, "compatible"), (False, "breaking")])
def test_webhooks_are_judged_the_other_way_round(required, verdict):
    base = merge(copy.deepcopy(OPERATION), {"requestBody": {"required": not required}})
    head = merge(copy.deepcopy(OPERATION), {"requestBody": {"required": required}})
    (change,) = compared(*(api(side, top="webhooks", name="made") for side in (base, head)))
    assert change.verdict == verdict
    assert change.address == "webhook POST made > body"


def test_a_schema_of_a_webhook_is_judged_the_other_way_round():
    def hook(schema):
        return api(
            merge(copy.deepcopy(OPERATION), {"requestBody": {"content": {"application/json": {"schema": schema}}}}),
            top="webhooks",
            name="made",
        )

    wide, narrow = (
        hook({"properties": {"a": {"type": "string"}}}),
        hook({"properties": {"a": {"type": "string", "maxLength": 3}}}),
    )
    assert [change.verdict for change in compared(wide, narrow)] == ["compatible"]
    assert [change.verdict for change in compared(narrow, wide)] == ["breaking"]


def test_every_verdict_of_the_table_has_a_reason():
    assert all(item.why for item in FACTS.values())


@pytest.mark.parametrize(("formats", "verdict"), [("annotation", "compatible"), ("assertion", "breaking")])
@pytest.mark.parametrize(("base", "head"), [({}, {"format": "date"}), ({"format": "uuid"}, {"format": "date"})])
def test_formats_by_policy(base, head, formats, verdict):
    sides = [api_of(document({"type": "string", **side}, "request", "property")) for side in (base, head)]
    (change,) = compared(*sides, policy=Policy(formats=formats))
    assert (change.rule, change.verdict) == ("request-property-type-changed", verdict)
    assert bool(change.witness) == (verdict == "breaking")


@pytest.mark.parametrize(
    ("grows", "verdict"), [("never", "breaking"), ("extensible", "breaking"), ("always", "compatible")]
)
def test_enumerations_of_answers_grow_by_policy(grows, verdict):
    sides = [
        api_of(document({"type": "string", "enum": items}, "response", "property")) for items in (["a"], ["a", "b"])
    ]
    (change,) = compared(*sides, policy=Policy(growable_enums=grows))
    assert (change.address, change.verdict) == ("POST /things > 200 .p=enum:'b'", verdict)


def test_an_extensible_enumeration_may_grow():
    sides = [
        api_of(document({"type": "string", "enum": items, "x-extensible-enum": True}, "response", "property"))
        for items in (["a"], ["a", "b"])
    ]
    (change,) = compared(*sides)
    assert (change.verdict, change.reason) == (
        "compatible",
        "policy growable-enums: further values may come at any time",
    )


def test_without_validators_a_verdict_rests_on_the_schemas():
    sides = [
        api_of(document(side, "request", "body")) for side in ({"type": "string"}, {"type": "string", "maxLength": 2})
    ]
    (change,) = compare(*sides)
    assert (change.verdict, change.witness) == ("breaking", None)
    assert change.reason.startswith("head refuses")


THING = {"$ref": "#/components/schemas/Thing"}


def answering(thing, *schemas):
    """Give a document whose operations answer with these schemas, beside the component Thing."""
    answers = [
        {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}} for schema in schemas
    ]
    return api_of(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {f"/p{at}": {"get": {"responses": answer}} for at, answer in enumerate(answers)},
            "components": {"schemas": {"Thing": thing}},
        }
    )


USES = {
    "itself": THING,
    "in a list": {"type": "array", "items": THING},
    "in a property": {"type": "object", "properties": {"t": THING}},
    "in allOf": {"allOf": [THING, {"type": "object", "properties": {"z": {"type": "string"}}}]},
    "or null": {"anyOf": [THING, {"type": "null"}]},
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_property_of_a_component_is_one_row(use, is_new):
    few = {"type": "object", "properties": {"a": {"type": "string"}}}
    many = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    sides = [answering(thing, use, use, use) for thing in ((few, many) if is_new else (many, few))]
    (change,) = compared(*sides)
    assert (change.address, len(change.uses)) == ("schemas/Thing > .b", 3)


def with_property(direction, **flags):
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", **flags}}}
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"responses": {"200": {"description": "OK"}}}
    if direction == "request":
        operation["requestBody"] = {"required": True, **content}
    else:
        operation["responses"]["200"] |= content
    return api(operation)


HIDDEN = [
    ("request", {"readOnly": True}, {}, "breaking"),
    ("request", {}, {"readOnly": True}, "compatible"),
    ("request", {"readOnly": True}, {"writeOnly": True}, "breaking"),
    ("response", {}, {"writeOnly": True}, "breaking"),
    ("response", {"writeOnly": True}, {}, "compatible"),
]


@pytest.mark.parametrize(("direction", "was", "now", "verdict"), HIDDEN)
def test_what_is_required_is_so_where_it_stands(direction, was, now, verdict):
    changes = compared(with_property(direction, **was), with_property(direction, **now))
    assert verdict in {change.verdict for change in changes}
    assert all(change.witness for change in changes if change.verdict == "breaking")


def secured(*, top=None, own=None):
    operation = OPERATION | ({} if own is None else {"security": own})
    made = copy.deepcopy(api(operation).documents.main.data)
    return api_of(made | ({} if top is None else {"security": top}))


def test_a_requirement_that_moves_to_the_document_is_none_of_its_own():
    key = [{"key": []}]
    assert compared(secured(own=key), secured(top=key)) == []
    assert compared(secured(own=key), secured(top=[{}], own=key)) == []


TYPES = [
    ("application/JSON ; Charset=UTF-8", "application/json;charset=utf-8"),
    ('a/b; profile="A b;C"', 'a/b;profile="A b;C"'),
    ("text/plain", "text/plain"),
    ('a/b;x="', 'a/b;x="'),
]


@pytest.mark.parametrize(("written", "plain"), TYPES)
def test_spellings_of_media_types(written, plain):
    assert plainly(written) == plain


def answers(**schemas):
    """Give responses: by `s404` or `default` the one property that is required there."""
    return {
        name.removeprefix("s"): {
            "description": "d",
            "content": {
                "application/json": {
                    "schema": {"type": "object", "required": [key], "properties": {key: {"type": "integer"}}}
                }
            },
        }
        for name, key in schemas.items()
    }


STATUSES = [  # before, after, and the rules of what breaks: what stands for a status that has no response of its own
    (answers(s200="a", s404="msg", default="msg"), answers(s200="a", default="msg"), []),
    (
        answers(s200="a", s404="msg", default="code"),
        answers(s200="a", default="code"),
        ["response-required-property-removed"],
    ),
    (
        answers(s200="a", default="msg"),
        answers(s200="a", default="msg", s404="code"),
        ["response-required-property-removed"],
    ),
    (answers(s200="a", s400="m", s4XX="c"), answers(s200="a", s4XX="c"), ["response-required-property-removed"]),
    (answers(s200="a"), answers(s2XX="a"), []),
    (answers(s200="a"), answers(s2XX="b"), ["response-required-property-removed"]),
    (answers(s2XX="a"), answers(s200="b"), ["response-required-property-removed"]),
]


@pytest.mark.parametrize(("before", "after", "breaking"), STATUSES)
def test_classes_of_statuses_and_the_default_stand_for_others(before, after, breaking):
    changes = compared(*(api({**OPERATION, "responses": responses}) for responses in (before, after)))
    assert [change.rule for change in changes if change.verdict == "breaking"] == breaking
    assert all(change.witness for change in changes if change.verdict == "breaking")
    assert "response-success-status-removed" not in [change.rule for change in changes] or "2XX" in before


MEDIA = [  # before, after, of a request; and what breaks
    ("application/json", "application/*", []),
    ("application/json", "*/*", []),
    ("application/json", "application/json; charset=utf-8", []),
    ("application/json; charset=utf-8", "application/json", []),
    ("application/*", "application/json", ["request-body-media-type-removed"]),
]


@pytest.mark.parametrize(("before", "after", "breaking"), MEDIA)
def test_a_range_of_media_types_takes_what_is_in_it(before, after, breaking):
    sides = [
        api({**OPERATION, "requestBody": {"content": {name: {"schema": {"type": "object"}}}}})
        for name in (before, after)
    ]
    assert [change.rule for change in compared(*sides) if change.verdict == "breaking"] == breaking
    narrowed = api(
        {**OPERATION, "requestBody": {"content": {after: {"schema": {"type": "object", "required": ["a"]}}}}}
    )
    found = [change.rule for change in compared(sides[0], narrowed) if change.verdict == "breaking"]
    assert "request-body-undeclared-required-added" in found


FORM = {"type": "object", "required": ["t"], "properties": {"t": {"type": "array", "items": {"type": "string"}}}}
ENCODINGS = [  # before, after, and the verdicts
    ({}, {"t": {"contentType": "application/json"}}, ["breaking"]),
    ({}, {"t": {"style": "form", "explode": False}}, ["breaking"]),
    ({}, {"t": {"style": "form", "explode": True, "allowReserved": False}}, []),
    ({"t": {"contentType": "application/json"}}, {}, ["unknown"]),
]


@pytest.mark.parametrize(("before", "after", "verdicts"), ENCODINGS)
def test_how_fields_are_written(before, after, verdicts):
    name = "application/x-www-form-urlencoded"
    sides = [
        api({**OPERATION, "requestBody": {"content": {name: {"schema": FORM, "encoding": encoding}}}})
        for encoding in (before, after)
    ]
    changes = compared(*sides)
    assert [(change.rule, change.verdict) for change in changes] == [
        ("request-body-encoding-changed", one) for one in verdicts
    ]
    assert all(bool(change.witness) == (change.verdict == "breaking") for change in changes)


def with_scheme(scheme, name="key"):
    data = things({**OPERATION, "security": [{name: []}]})
    data["components"]["securitySchemes"] = {name: scheme}
    return api_of(data)


KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
SCHEMES = [
    (with_scheme(KEY), with_scheme({**KEY, "description": "A key."}, "renamed"), []),
    (with_scheme(KEY), with_scheme({**KEY, "name": "x-key"}), []),
    (with_scheme({"type": "http", "scheme": "basic"}), with_scheme({"type": "http", "scheme": "Basic"}), []),
    (with_scheme(KEY), with_scheme({**KEY, "name": "X-Other"}), ["api-security-component-name-changed"]),
    (
        with_scheme({**KEY, "in": "query"}),
        with_scheme({**KEY, "in": "query", "name": "x-key"}),
        ["api-security-component-name-changed"],
    ),
]


@pytest.mark.parametrize(("before", "after", "rules"), SCHEMES)
def test_schemes_are_what_they_are_on_the_wire(before, after, rules):
    assert [change.rule for change in compared(before, after)] == rules


def test_an_alternative_that_is_gone_is_shown_by_a_caller_who_has_no_other():
    both, one = (things({**OPERATION, "security": needs}) for needs in ([{"key": []}, {"basic": []}], [{"key": []}]))
    for data in (both, one):
        data["components"]["securitySchemes"]["basic"] = {"type": "http", "scheme": "basic"}
    [change] = compared(api_of(both), api_of(one))
    assert (change.rule, change.verdict) == ("api-security-removed", "breaking")
    headers = dict(change.witness.request[2])
    assert headers["Authorization"].startswith("Basic ")
    assert "X-Key" not in headers
