"""What schemathesis is told when it calls a mock: fields of a form whose `encoding` says JSON are sent as JSON."""

import json

import schemathesis

FORM = "application/x-www-form-urlencoded"


@schemathesis.hook
def before_call(context, case, **_):
    if case.media_type != FORM or not isinstance(case.body, dict):
        return
    body = case.operation.definition.raw["requestBody"]
    if "$ref" in body:
        body = case.operation.schema.raw_schema["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    content = body["content"][FORM]
    encoding = content.get("encoding", {})
    named = {name for name, item in encoding.items() if item.get("contentType") == "application/json"}
    case.body = {
        name: json.dumps(value) if name in named or isinstance(value, dict) else value
        for name, value in case.body.items()
    }
