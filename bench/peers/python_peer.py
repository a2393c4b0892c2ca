"""A Python engine as a peer: reads "MESSAGE ITERATIONS" lines, answers with the CPU seconds that they took.

Usage: python python_peer.py levelbook|standalone|openapi-core|floor FOLDER
"""

import json
import subprocess
import sys
import time
from pathlib import Path


def levelbook(folder):
    from levelbook import Request, Response, Validator, load

    return by_records(Validator(load(folder / "openapi.json")), Request, Response)


def standalone(folder):
    """Compile before the clock starts: users do so before they ship."""
    target = folder / "standalone_validator.py"
    command = [sys.executable, "-m", "levelbook", "compile", str(folder / "openapi.json"), "-o", str(target)]
    subprocess.run([*command, "--standalone", "-q"], check=True)
    sys.path.insert(0, str(folder))
    import standalone_validator

    return by_records(standalone_validator.validator, standalone_validator.Request, standalone_validator.Response)


def by_records(validator, Request, Response):  # noqa: N803  # they are classes
    def made(message):
        method, url, headers = message["method"], message["url"], [tuple(pair) for pair in message["headers"]]
        body = message["body"].encode() or None
        if message["kind"] == "request":
            return lambda: validator.request(Request(method, url, headers, body)).valid
        request = Request(method, url, headers, body)
        status, pairs = message["status"], [tuple(pair) for pair in message["response_headers"]]
        told = message["response_body"].encode()
        return lambda: validator.response(request, Response(status, pairs, told)).valid

    return made


def openapi_core(folder):
    from openapi_core import OpenAPI
    from openapi_core.testing import MockRequest, MockResponse
    from werkzeug.datastructures import MultiDict

    openapi = OpenAPI.from_dict(json.loads((folder / "openapi.json").read_text()))

    def made(message):
        path, _, query = message["url"].partition("?")
        headers = dict(message["headers"])
        content_type = headers.pop("Content-Type", "")
        arguments = MultiDict([part.partition("=")[::2] for part in query.split("&")])
        body = message["body"].encode() or None
        told = message.get("response_body", "").encode()

        def asked():
            return MockRequest(
                "",
                message["method"].lower(),
                path,
                args=arguments,
                headers=headers,
                data=body,
                content_type=content_type,
            )

        def judged(errors):
            return not list(errors)

        if message["kind"] == "request":
            return lambda: judged(openapi.iter_request_errors(asked()))
        request = asked()
        return lambda: judged(openapi.iter_response_errors(request, MockResponse(told, message["status"])))

    return made


def floor(folder):
    """Read the JSON, ask the schema: nothing else."""
    import jsonschema_rs
    import orjson

    document = json.loads((folder / "openapi.json").read_text().replace('"nullable": true', '"x-nullable": true'))

    def nullable(value):
        if isinstance(value, dict):
            if value.pop("x-nullable", False):
                value["type"] = [value["type"], "null"]
            for item in value.values():
                nullable(item)
        elif isinstance(value, list):
            for item in value:
                nullable(item)

    nullable(document)
    names = {"json-request": "Settings", "json-response": "User", "json-response-large": "Messages"}

    def made(message):
        name = names.get(message["name"].partition(":")[0])
        if name is None:
            return None
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        accepts = jsonschema_rs.validator_for(schema, validate_formats=True).is_valid
        body = (message.get("response_body") or message["body"]).encode()
        return lambda: accepts(orjson.loads(body))

    return made


def main(engine, folder):
    start = time.process_time()
    made = {"levelbook": levelbook, "standalone": standalone, "openapi-core": openapi_core, "floor": floor}[engine](
        Path(folder)
    )
    messages = json.loads((Path(folder) / "messages.json").read_text())
    judges = {message["name"]: made(message) for message in messages}
    for judge in judges.values():
        if judge:
            judge()  # what is compiled when it is first needed counts as start-up, as with the others
    print("ready", round(1000 * (time.process_time() - start), 1), flush=True)
    for line in sys.stdin:
        name, iterations = line.rsplit(maxsplit=1)
        judge = judges[name]
        answer = {"name": name, "iterations": int(iterations), "cpu_seconds": None, "valid": None}
        if judge:
            answer["valid"] = judge()
            begin = time.process_time()
            for _ in range(int(iterations)):
                judge()
            answer["cpu_seconds"] = time.process_time() - begin
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
