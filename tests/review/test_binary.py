"""Files and other octets: three versions of OpenAPI spell them in three ways, which mean the same."""

import pytest
from one_schema import api_of, compared

from levelbook.review.policy import Policy

OLD, NEW = "3.0.3", "3.1.0"
FILE, BASE64 = {"type": "string", "format": "binary"}, {"type": "string", "format": "byte"}
OCTETS = {"contentMediaType": "application/octet-stream"}


def api(version, media_type, schema):
    content = {media_type: {} if schema is None else {"schema": schema}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "d", "content": content}}}
    info = {"title": "T", "version": "1"}
    return api_of({"openapi": version, "info": info, "paths": {"/a": {"post": operation}}})


def form(schema):
    return {"type": "object", "properties": {"f": schema, "all": {"type": "array", "items": schema}}}


SAME = [  # a media type, how 3.0 says it, and how 3.1 does
    ("application/octet-stream", FILE, None),
    ("application/octet-stream", FILE, {}),
    ("application/octet-stream", FILE, OCTETS),
    ("image/png", FILE, {"contentMediaType": "image/png"}),
    ("image/png", {"type": "string"}, None),
    ("application/pdf", {"$ref": "#/components/schemas/File"}, FILE),
    ("multipart/form-data", form(FILE), form({"type": "string", **OCTETS})),
    ("multipart/form-data", form(FILE), form(FILE)),
    ("application/json", form(BASE64), form({"type": "string", "contentEncoding": "base64"})),
]


@pytest.mark.parametrize(("media_type", "old", "new"), SAME)
def test_spellings_of_octets_are_silent(media_type, old, new):
    apis = api(OLD, media_type, old), api(NEW, media_type, new)
    apis[0].documents.main.data["components"] = {"schemas": {"File": FILE}}
    assert compared(*apis) == compared(*reversed(apis)) == []


OTHER = [  # a media type, before, after, and the rules; answers then requests
    ("image/png", FILE, {**FILE, "maxLength": 9}, ["request-body-max-length-set", "response-body-max-length-set"]),
    (
        "application/xml",
        {"type": "string"},
        None,
        ["request-body-media-type-schema-removed", "response-body-media-type-schema-removed"],
    ),
    ("application/json", BASE64, {"type": "string"}, ["request-body-type-generalized", "response-body-type-changed"]),
]


@pytest.mark.parametrize(("media_type", "before", "after", "rules"), OTHER)
def test_what_means_something_else_is_told(media_type, before, after, rules):
    changes = compared(api(NEW, media_type, before), api(NEW, media_type, after))
    assert sorted(change.rule for change in changes) == rules


def test_a_format_that_is_asserted_is_more_than_a_spelling():
    apis = (
        api(OLD, "application/json", BASE64),
        api(NEW, "application/json", {"type": "string", "contentEncoding": "base64"}),
    )
    changes = compared(*apis, policy=Policy(formats="assertion"))
    assert {change.facet for change in changes} == {"format", "content-encoding"}
