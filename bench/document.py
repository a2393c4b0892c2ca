"""The document and the messages of the benchmark: always the same, on the standard library alone.

Usage: python bench/document.py OUT
  OUT/openapi.json, OUT/messages.json          228 paths, four messages, all valid
  OUT/invalid/openapi.json, …/messages.json    the same messages with one change each, all invalid
  OUT/few, OUT/many                            the same messages with 24 and with 2,280 paths
"""

import base64
import copy
import json
import pathlib
import sys
from urllib.parse import urlencode

BASE = "/api/v1"
RESOURCES = [
    "alerts",
    "bots",
    "calendars",
    "channels",
    "devices",
    "drafts",
    "emoji",
    "files",
    "groups",
    "invites",
    "messages",
    "organizations",
    "playgrounds",
    "polls",
    "reports",
    "streams",
    "teams",
    "topics",
    "users",
]
SUFFIXES = (
    "",
    "/{id}",
    "/{id}/settings",
    "/{id}/members",
    "/{id}/members/{member_id}",
    "/search",
    "/archive",
    "/{id}/history",
    "/{id}/history/{entry_id}",
    "/{id}/tags/{tag}",
    "/export/{export_id}/status",
    "/{id}/attachments/{attachment_id}/meta",
)
AUTH = ["Authorization", "Basic " + base64.b64encode(b"iago@example.com:secret-key").decode()]
COLOURS = ["red", "green", "blue"]
EMAIL = {"type": "string", "format": "email"}
ID = {"type": "integer", "format": "int64", "minimum": 1}


def obj(required, **properties):
    names = required.split()
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return schema | ({"required": names} if names else {})


def text(low=0, high=10000, **more):
    return {"type": "string", "minLength": low, "maxLength": high} | more


def arr(items, **more):
    return {"type": "array", "items": items} | more


def ref(name):
    return {"$ref": "#/components/schemas/" + name}


def schemas():
    nullable = {"type": "string", "nullable": True}
    number = {"type": "number", "minimum": 0, "maximum": 100}
    return {
        "Ok": obj("result msg", result={"type": "string", "enum": ["success"]}, msg=text()),
        "Send": obj(
            "type to content",
            type={"type": "string", "enum": ["direct", "channel", "stream", "private"]},
            to=arr({"type": "integer"}, minItems=1),
            content=text(1),
            topic=text(0, 60),
            read_by_sender={"type": "boolean"},
        ),
        "Person": obj("id full_name email", id=ID, full_name=text(1, 100), email=EMAIL),
        "Settings": obj(
            "request_id language display notifications working_hours",
            language=text(2, 10),
            request_id={"type": "string", "format": "uuid"},
            contact=EMAIL,
            valid_from={"type": "string", "format": "date"},
            updated_at={"type": "string", "format": "date-time"},
            display=obj(
                "theme scale",
                theme={"type": "string", "enum": ["light", "dark", "auto"]},
                scale=number,
                font_size={"type": "integer", "minimum": 8, "maximum": 32},
                accent={"type": "string", "pattern": "^#[0-9a-f]{6}$"},
            ),
            notifications=arr(
                obj(
                    "channel level",
                    channel=text(1, 60),
                    level={"type": "string", "enum": ["all", "mentions", "none"]},
                    sound={"type": "boolean"},
                    volume=number,
                ),
                maxItems=20,
            ),
            working_hours=arr(
                obj(
                    "day from to", day={"type": "integer", "minimum": 1, "maximum": 7}, **{"from": number, "to": number}
                ),
                maxItems=7,
            ),
            keywords=arr(text(1, 40), uniqueItems=True, maxItems=50),
        ),
        "User": obj(
            "result msg user",
            result={"type": "string", "enum": ["success"]},
            msg=text(),
            user=obj(
                "id full_name email role teams",
                id=ID,
                full_name=text(1, 100),
                email=EMAIL,
                role={"type": "integer", "enum": [100, 200, 300, 400, 600]},
                date_joined={"type": "string", "format": "date-time"},
                avatar_url=nullable,
                is_active={"type": "boolean"},
                timezone=text(),
                manager=ref("Person"),
                teams=arr(
                    obj(
                        "id name colour",
                        id=ID,
                        name=text(1, 60),
                        colour={"type": "string", "enum": COLOURS},
                        load=number,
                    )
                ),
                profile=arr(obj("field value", field=text(1, 40), value=nullable)),
            ),
        ),
        "Messages": obj(
            "result msg anchor found_newest messages",
            msg=text(),
            result={"type": "string", "enum": ["success"]},
            anchor=ID,
            found_newest={"type": "boolean"},
            messages=arr(ref("Message"), maxItems=1000),
        ),
        "Message": obj(
            "id sender type content timestamp flags reactions",
            id=ID,
            sender=ref("Person"),
            type={"type": "string", "enum": ["channel", "direct"]},
            content=text(),
            topic=nullable,
            timestamp={"type": "integer", "minimum": 0},
            is_me={"type": "boolean"},
            last_edit={"type": "integer", "nullable": True},
            score=number,
            flags=arr({"type": "string", "enum": ["read", "starred", "mentioned", "collapsed"]}),
            reactions=arr(
                obj(
                    "emoji code kind user_id",
                    emoji=text(1, 40),
                    user_id=ID,
                    code={"type": "string", "pattern": "^[0-9a-f]{4,5}$"},
                    kind={"type": "string", "enum": ["unicode", "custom"]},
                )
            ),
            links=arr(obj("text url", text=text(), url=text())),
        ),
    }


def operation(name, params, response="Ok", body=None):
    op = {
        "operationId": name,
        "security": [{"basic": []}],
        "parameters": params + [{"name": "revision", "in": "query", "schema": {"type": "integer", "minimum": 0}}],
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": ref(response)}}}},
    }
    return op | ({"requestBody": {"required": True, "content": body}} if body else {})


def document(resources=RESOURCES):
    paths = {}
    for resource in resources:
        for index, suffix in enumerate(SUFFIXES):
            params = [
                {"name": n, "in": "path", "required": True, "schema": {"type": "string" if n == "tag" else "integer"}}
                for n in ("id", "member_id", "entry_id", "tag", "export_id", "attachment_id")
                if "{%s}" % n in suffix
            ]
            key = f"{resource}_{index}"
            response = "User" if suffix == "/{id}" else "Messages" if suffix == "" else "Ok"
            item = paths["/" + resource + suffix] = {"get": operation("get_" + key, params, response)}
            if suffix == "":
                item["post"] = operation(
                    "post_" + key,
                    params,
                    body={
                        "application/x-www-form-urlencoded": {
                            "schema": ref("Send"),
                            "encoding": {"to": {"contentType": "application/json"}},
                        }
                    },
                )
            elif suffix == "/{id}/settings":
                item["patch"] = operation(
                    "patch_" + key, params, body={"application/json": {"schema": ref("Settings")}}
                )
    return {
        "openapi": "3.0.3",
        "info": {"title": "Benchmark chat API", "version": "1"},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {"schemas": schemas(), "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}},
    }


def values():
    # No character of :/?#[]@!$&'()*+,;= in form text: libopenapi-validator refuses those, even escaped.
    form = {
        "type": "channel",
        "to": "[9,10,1187]",
        "content": "The quarterly planning notes are ready for review and comments until Friday noon as usual",
        "topic": "planning of the release",
        "read_by_sender": "true",
    }
    settings = {
        "request_id": "3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b",
        "language": "en-GB",
        "contact": "iago@example.com",
        "valid_from": "2024-05-01",
        "updated_at": "2024-05-01T09:30:00Z",
        "display": {"theme": "dark", "scale": 62.5, "font_size": 14, "accent": "#1e90ff"},
        "notifications": [
            {
                "channel": f"project-{n}",
                "level": ("all", "mentions", "none")[n % 3],
                "sound": n % 2 == 0,
                "volume": 12.5 * n,
            }
            for n in range(7)
        ],
        "working_hours": [{"day": d, "from": 8.5, "to": 17} for d in range(1, 6)],
        "keywords": ["release", "incident", "planning", "outage", "review"],
    }
    user = {
        "result": "success",
        "msg": "",
        "user": {
            "id": 1187,
            "full_name": "Iago Benchmark",
            "email": "iago@example.com",
            "role": 200,
            "date_joined": "2021-02-03T04:05:06Z",
            "avatar_url": None,
            "is_active": True,
            "timezone": "Europe/Paris",
            "manager": {"id": 7, "full_name": "Cordelia Lear", "email": "cordelia@example.com"},
            "teams": [
                {"id": n + 1, "name": f"team number {n}", "colour": COLOURS[n % 3], "load": n * 9.5} for n in range(7)
            ],
            "profile": [
                {"field": f"custom field {n}", "value": None if n % 3 == 0 else "value " * n} for n in range(7)
            ],
        },
    }
    words = [
        "the",
        "deploy",
        "went",
        "fine",
        "we",
        "will",
        "watch",
        "the",
        "graphs",
        "until",
        "tomorrow",
        "and",
        "then",
        "close",
        "the",
        "ticket",
    ]
    messages = [
        {
            "id": 100000 + n,
            "sender": {"id": n % 37 + 1, "full_name": f"Person {n % 37}", "email": f"user{n % 37}@example.com"},
            "type": "channel" if n % 5 else "direct",
            "topic": f"topic {n % 23}" if n % 5 else None,
            "content": " ".join(words[(n + k) % len(words)] for k in range(18 + n % 17)),
            "timestamp": 1700000000 + 61 * n,
            "is_me": n % 50 == 0,
            "score": n % 101,
            "last_edit": 1700000000 + 90 * n if n % 7 == 0 else None,
            "flags": ["read", "starred", "mentioned"][: n % 4],
            "reactions": [
                {"emoji": "thumbs_up", "code": "1f44d", "kind": "unicode", "user_id": 3 + k} for k in range(n % 4)
            ],
            "links": [{"text": f"T{n}", "url": f"https://tracker.example.com/{n}"}] if n % 3 == 0 else [],
        }
        for n in range(400)
    ]
    messages[-1]["reactions"] = [{"emoji": "tada", "code": "1f389", "kind": "unicode", "user_id": 5}]
    listing = {"result": "success", "msg": "", "anchor": 100399, "found_newest": True, "messages": messages}
    return {"form": form, "json-request": settings, "json-response": user, "json-response-large": listing}


def message(name, value, query="revision=12", auth=True):
    kind = name.partition(":")[0]
    method, path = {
        "form": ("POST", "/messages"),
        "json-request": ("PATCH", "/users/1187/settings"),
        "json-response": ("GET", "/users/1187"),
        "json-response-large": ("GET", "/messages"),
    }[kind]
    out = {
        "name": name,
        "kind": "request",
        "method": method,
        "url": f"{BASE}{path}?{query}",
        "headers": [["Host", "chat.example.com"], ["Accept", "application/json"]] + [AUTH] * auth,
        "body": "",
    }
    dumped = urlencode(value) if kind == "form" else json.dumps(value, separators=(",", ":"))
    if method == "GET":
        return out | {
            "kind": "response",
            "status": 200,
            "response_body": dumped,
            "response_headers": [["Content-Type", "application/json"]],
        }
    out["headers"].append(
        ["Content-Type", "application/x-www-form-urlencoded" if kind == "form" else "application/json"]
    )
    return out | {"body": dumped}


def invalid():
    def changed(kind, what, *route, to):
        value = target = copy.deepcopy(values()[kind])
        for step in route[:-1]:
            target = target[step]
        target[route[-1]] = to
        return message(f"{kind}:{what}", value)

    good = values()
    yield changed("form", "enum", "type", to="carrier-pigeon")
    yield changed("form", "array-item", "to", to='[9,"x",1187]')
    yield changed("form", "boolean", "read_by_sender", to="perhaps")
    yield message("form:query", good["form"], query="revision=twelve")
    yield message("form:auth", good["form"], auth=False)
    yield changed("json-request", "bounds", "notifications", 5, "volume", to=100.5)
    yield changed("json-request", "format", "updated_at", to="yesterday")
    yield changed("json-response", "enum", "user", "teams", 6, "colour", to="puce")
    yield changed("json-response", "null", "user", "timezone", to=None)
    yield changed("json-response-large", "type", "messages", 399, "reactions", 0, "user_id", to="5")


def main(out):
    valid = [message(*item) for item in values().items()]
    many = [f"{name}{number or ''}" for number in range(10) for name in RESOURCES]
    for folder, resources, messages in (
        (out, RESOURCES, valid),
        (out / "invalid", RESOURCES, list(invalid())),
        (out / "few", ("messages", "users"), valid),
        (out / "many", many, valid),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "openapi.json").write_text(json.dumps(document(resources), indent=1))
        (folder / "messages.json").write_text(json.dumps(messages, indent=1))
    for name, value in values().items():
        sent = message(name, value)
        print(name, len(sent.get("response_body") or sent["body"]), "bytes")
    print(len(document()["paths"]), "paths")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
