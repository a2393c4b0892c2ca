"""What schemathesis is told when it calls a mock: fields of a form whose `encoding` says JSON are sent as JSON."""

import json

import schemathesis

FORM = "application/x-www-form-urlencoded"


@schemathesis.hook
def before_call(context, case, **_):
    if case.media_type != FORM or not isinstance(case.body, dict):
        return
    content = case.operation.definition.raw["requestBody"]["content"][FORM]
    encoding = content.get("encoding", {})
    case.body = {
        name: json.dumps(value) if encoding.get(name, {}).get("contentType") == "application/json" else value
        for name, value in case.body.items()
    }
