"""What schemathesis is told when it calls a mock: how a form is written whose `encoding` says JSON of some fields."""

import json
from urllib.parse import urlencode

import schemathesis

FORM = "application/x-www-form-urlencoded"


@schemathesis.hook
def before_call(context, case, **_):
    if case.media_type == FORM and isinstance(case.body, dict):
        case.body = urlencode(list(pairs(case))).encode()


@schemathesis.serializer(FORM)
def form(context, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()  # nonsense, which is sent on purpose


def pairs(case):
    as_json = json_fields(case.operation)
    for name, item in case.body.items():
        if name in as_json or isinstance(item, dict):
            yield name, json.dumps(item)
        else:
            yield from ((name, plain(one)) for one in (item if isinstance(item, list) else [item]))


def json_fields(operation):
    body = operation.definition.raw["requestBody"]
    if "$ref" in body:
        body = operation.schema.raw_schema["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    encoding = body["content"][FORM].get("encoding", {})
    return {name for name, item in encoding.items() if item.get("contentType") == "application/json"}


def plain(value):
    return value if isinstance(value, str) else json.dumps(value)
