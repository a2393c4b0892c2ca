"""A document of OpenAPI 3.2.0 that is hostile by names and by size."""

S = {"type": "string"}
OK = {"200": {"description": "Desc of ok"}}


def ok(schema):
    return {"200": {"description": "Desc of answer", "content": {"application/json": {"schema": schema}}}}


LONG = "n" * 300
LONG_WORDS = " ".join(["many words"] * 27) + " end"  # 300 characters with spaces
NAMES = [
    "",
    " ",
    "  ",
    " leading",
    "trailing ",
    "a.b",
    "a-b",
    "a b",
    "a_b",
    "a/b",
    "a~b",
    "a~1b",
    "a~0b",
    "a%2Fb",
    "a%20b",
    "a+b",
    "a:b",
    "a;b",
    "a,b",
    "a=b",
    "a&b",
    "a|b",
    "a\\b",
    "a#b",
    "a?b",
    "a@b",
    "a$b",
    "a(b)",
    "a[b]",
    "a[]",
    "a{b}",
    "{a}",
    "a*b",
    "*",
    "**a**",
    "_a_",
    "__a__",
    "`",
    "``",
    "`a`",
    "a`b",
    "'",
    '"',
    'a"b',
    "a'b",
    "<",
    ">",
    "<b>",
    "</code>",
    "<script>",
    "<!-- -->",
    "&",
    "&amp;",
    "&lt;",
    "&#35;",
    "&nbsp;",
    "#",
    "# a",
    "- a",
    "1. a",
    "> a",
    "+ a",
    "---",
    "===",
    "| a |",
    "[a](b)",
    "![a](b)",
    "[a]: b",
    "~~a~~",
    "!!! a",
    "{{ a }}",
    "{{7919*7907}}",
    "{% a %}",
    "${a}",
    "<%= a %>",
    "%",
    "%s",
    "%(a)s",
    "{0}",
    "\\",
    "\\n",
    "\\*",
    "\t",
    "a\tb",
    "a\nb",
    "\u00a0",
    "\u200b",
    "a\u200bb",
    "\u202eabc",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u05d0bc \u05d2",
    "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e9\U0001f1ea",
    "\u00e9",
    "e\u0301",
    "\u00df",
    "ss",
    "\u0130",
    "i\u0307",
    "\u0131",
    "\u65e5\u672c\u8a9e",
    "Name",
    "name",
    "NAME",
    "nAME",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "__class__",
    "__dict__",
    "__init__",
    "self",
    "items",
    "keys",
    "values",
    "get",
    "update",
    "pop",
    "length",
    "name_",
    "id",
    "class",
    "style",
    "onclick",
    "href",
    "true",
    "false",
    "null",
    "~",
    "yes",
    "no",
    "on",
    "1",
    "01",
    "1.0",
    "-1",
    "$ref",
    "$id",
    "$schema",
    "$defs",
    "properties",
    "type",
    "enum",
    "description",
    "required",
    "example",
    "x-changes",
    "x-",
    "title",
    "allOf",
    "loop",
    "page",
    "site",
    "caller",
    "content",
    "nav",
    "main",
    "parameter",
    "response",
    "error",
    "status-200",
    "parameters",
    "usage",
    "200",
    LONG,
    LONG + "1",
    LONG_WORDS,
    "\u00e4" * 130,
]
assert len(set(NAMES)) == len(NAMES)


def hostile(place):
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": f"Desc of {place} name {number}"}
            for number, name in enumerate(NAMES)
        },
        "required": NAMES[::7],
    }


def nested(level, last=15, what="nested"):
    made = {
        "type": "object",
        "description": f"Desc of {what} {level}",
        "required": ["in"],
        "properties": {
            "in": nested(level + 1, last, what)
            if level < last
            else {"type": "integer", "description": f"Desc of the innermost {what}", "enum": [42]}
        },
    }
    made["properties"][f"beside{level}"] = {"type": "boolean", "description": f"Desc of beside {what} {level}"}
    return made


def nested_lists(level):
    return {
        "type": "array",
        "description": f"Desc of list {level}",
        "items": nested_lists(level + 1)
        if level < 12
        else {"type": "object", "properties": {"leaf": {"type": "string", "description": "Desc of the leaf of lists"}}},
    }


def nested_unions(level):
    return {
        "description": f"Desc of union {level}",
        "oneOf": [
            {"type": "string", "description": f"Desc of union {level} text", "maxLength": level},
            nested_unions(level + 1) if level < 8 else {"type": "integer", "description": "Desc of union last"},
        ],
    }


sentence = (
    "This is sentence {n} of a long description, with `code {n}`, *emphasis* and a [link](https://example.com/{n}). "
)
LONG_TEXT = "Desc of longText begins here.\n\n" + "\n\n".join(
    (f"## Heading {p}\n\n" if p % 9 == 0 else "") + "".join(sentence.replace("{n}", str(p * 5 + s)) for s in range(5))
    for p in range(95)
)
LONG_TEXT += (
    "\n\n" + "\n".join(f"* item {n}" for n in range(200)) + "\n\n" + "x" * 2000 + "\n\nDesc of longText ends here.\n"
)
assert len(LONG_TEXT) > 50_000, len(LONG_TEXT)


def op(id_=None, tags=("plain",), **more):
    return {**({"operationId": id_} if id_ is not None else {}), "tags": list(tags), "responses": dict(OK), **more}


IDS = [
    "index",
    "Index",
    "changelog",
    "CHANGELOG",
    "404",
    "llms",
    "llms-full",
    "openapi",
    "sitemap",
    "search",
    "assets",
    "at",
    "robots",
    "get-users",
    "Get-Users",
    "GET-USERS",
    "get users",
    "get/users",
    "get\\users",
    "get_users",
    "get.users",
    "get?users",
    "get#users",
    "get%2Fusers",
    "../escape",
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "...",
    ".hidden",
    "-",
    "-rf",
    "--",
    "_",
    "",
    " ",
    "con",
    "NUL",
    "aux.html",
    "a.html",
    "a.md",
    "page.",
    "\u00fcber",
    "u\u0308ber",
    "\u65e5\u672c",
    "\U0001f600",
    "\u202ertl",
    "a\nb",
    "'quoted'",
    '"double"',
    "<b>bold</b>",
    "a&b",
    "{{7919*7907}}",
    "{id}",
    "$id",
    "x" * 250,
    "x" * 249 + "y",
    "X" * 250,
    "constructor",
    "__proto__",
    "index.html",
    "index-2",
    "tag-plain",
    "operation",
    "schemas",
    "webhooks",
]
assert len(set(IDS)) == len(IDS)

TAGS = [
    "plain",
    "Plain",
    "PLAIN",
    "a b",
    "a-b",
    "a.b",
    "a/b",
    "",
    " ",
    "<b>tag</b>",
    "tag & co",
    "\u05ea\u05d2",
    "\U0001f600",
    "#",
    "index",
    "__proto__",
    "t" * 200,
    "child",
    "grandchild",
    "nav-tag",
    "badge-tag",
    "{{7919*7907}}",
    "&lt;",
]
paths = {f"/ids/{number}": {"get": op(id_, summary=f"Sum of id {number}")} for number, id_ in enumerate(IDS)}
paths |= {
    f"/tags/{number}": {"get": op(f"tagged{number}", (tag,), summary=f"Sum of tag {number}")}
    for number, tag in enumerate(TAGS)
}
paths |= {
    "/tags/all": {"get": op("allTags", [*TAGS, "unlisted", "un listed"])},
    "/names": {
        "get": {
            "operationId": "names",
            "tags": ["plain"],
            "summary": "Sum of names",
            "responses": ok(hostile("answer")),
        },
        "post": {
            "operationId": "sendNames",
            "tags": ["plain"],
            "requestBody": {"content": {"application/json": {"schema": hostile("body")}}},
            "responses": dict(OK),
        },
        "put": {
            "operationId": "formNames",
            "tags": ["plain"],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": hostile("form")}}},
            "responses": dict(OK),
        },
        "patch": {
            "operationId": "queryNames",
            "tags": ["plain"],
            "responses": dict(OK),
            "parameters": [
                {"name": name, "in": "query", "description": f"Desc of query name {n}", "schema": S}
                for n, name in enumerate(NAMES)
            ]
            + [
                {"name": name, "in": "header", "description": f"Desc of header name {n}", "schema": S}
                for n, name in enumerate(["X-A", "x.a", "x_a", "X-a-1", "!#$%&'*+.^_`|~", "constructor", "__proto__"])
            ]
            + [
                {
                    "name": name,
                    "in": "cookie",
                    "description": f"Desc of cookie name {n}",
                    "style": "cookie",
                    "schema": S,
                }
                for n, name in enumerate(["a.b", "a-b", "A-B", "__proto__", "$Path"])
            ],
        },
    },
    "/enum": {
        "get": {
            "operationId": "bigEnum",
            "tags": ["plain"],
            "parameters": [
                {
                    "name": "choice",
                    "in": "query",
                    "description": "Desc of choice",
                    "schema": {
                        "type": "string",
                        "enum": [f"value-{n:03}" for n in range(500)],
                        "description": "Desc of 500 values",
                    },
                },
                {"name": "hostile", "in": "query", "schema": {"enum": [*NAMES, "null", None, True, 0, 1.5]}},
            ],
            "responses": dict(OK),
        }
    },
    "/object": {
        "get": {
            "operationId": "bigObject",
            "tags": ["plain"],
            "responses": ok(
                {
                    "type": "object",
                    "properties": {
                        f"property{n:03}": {
                            "type": "object",
                            "description": f"Desc of property {n}",
                            "properties": {"a": {"type": "integer", "description": f"Desc of property {n} a"}},
                        }
                        for n in range(200)
                    },
                }
            ),
        }
    },
    "/union": {
        "get": {
            "operationId": "bigUnion",
            "tags": ["plain"],
            "responses": ok(
                {
                    "description": "Desc of union of 60 alike",
                    "oneOf": [
                        {
                            "type": "object",
                            "properties": {
                                "value": {
                                    "type": "string",
                                    "maxLength": n + 1,
                                    "description": f"Desc of member {n} value",
                                }
                            },
                        }
                        for n in range(60)
                    ],
                }
            ),
        },
        "post": {
            "operationId": "sameUnion",
            "tags": ["plain"],
            "requestBody": {
                "content": {
                    "application/json": {"schema": {"anyOf": [{"type": "object", "properties": {"same": S}}] * 60}}
                }
            },
            "responses": {
                str(400 + n): {
                    "description": f"Desc of status {400 + n}",
                    "content": {
                        "application/json": {
                            "schema": {
                                "oneOf": [
                                    {
                                        "title": "SAME",
                                        "type": "object",
                                        "properties": {"code": {"const": "SAME"}},
                                        "description": f"Desc of same error {400 + n} {m}",
                                    }
                                    for m in range(3)
                                ]
                            }
                        }
                    },
                }
                for n in range(30)
            },
        },
    },
    "/long": {
        "get": {
            "operationId": "longText",
            "tags": ["plain"],
            "summary": "Sum of longText " + "very " * 60 + "long",
            "description": LONG_TEXT,
            "responses": ok(
                {
                    "type": "object",
                    "properties": {
                        "long": {"type": "string", "description": LONG_TEXT.replace("longText", "long property")}
                    },
                }
            ),
        }
    },
    "/deep": {
        "get": {
            "operationId": "deepest",
            "tags": ["plain"],
            "parameters": [
                {"name": "q", "in": "query", "content": {"application/json": {"schema": nested(1, 3, "query")}}}
            ],
            "responses": ok(nested(1)),
        },
        "post": {
            "operationId": "deepLists",
            "tags": ["plain"],
            "requestBody": {"content": {"application/json": {"schema": nested_lists(1)}}},
            "responses": ok(nested_unions(1)),
        },
    },
    "/six/{a}/{b}/{c}/{d}/{e}/{f}": {
        "get": {
            "operationId": "six",
            "tags": ["plain"],
            "responses": dict(OK),
            "parameters": [
                {"name": name, "in": "path", "required": True, "description": f"Desc of six {name}", "schema": S}
                for name in "abcdef"
            ],
        }
    },
    "/odd/{a.b}/{a-b}/{a b}/{<i>}/{\u05d0}/{__proto__}": {
        "get": {
            "operationId": "odd",
            "tags": ["plain"],
            "responses": dict(OK),
            "parameters": [
                {"name": name, "in": "path", "required": True, "description": f"Desc of odd {n}", "schema": S}
                for n, name in enumerate(["a.b", "a-b", "a b", "<i>", "\u05d0", "__proto__"])
            ],
        }
    },
    "/" + "/".join(f"segment{n}" for n in range(40)): {"get": op("longPath")},
    "/" + "p" * 300: {"get": op()},
    "/" + "p" * 299 + "q": {"get": op()},
    "/q?x=1#y": {"get": op("queryInPath")},
    "/<script>alert(1)</script>": {"get": op()},
    "/{{7919*7907}}": {"get": op("templatePath")},
    "/%7B%7D%00": {"get": op()},
    # what is new in 3.2
    "/methods": {
        "summary": "Sum of path methods",
        "description": "Desc of path methods",
        "query": {
            "operationId": "queryMethod",
            "tags": ["plain"],
            "summary": "Sum of queryMethod",
            "description": "Desc of queryMethod",
            "requestBody": {"description": "Desc of body queryMethod", "content": {"application/json": {"schema": S}}},
            "responses": dict(OK),
        },
        "get": op("methodGet"),
        "additionalOperations": {
            name: {
                "tags": ["plain"],
                "operationId": f"additional {n}",
                "summary": f"Sum of additional {n}",
                "description": f"Desc of additional {n}",
                "responses": dict(OK),
            }
            for n, name in enumerate(["LINK", "Copy", "get", "M-SEARCH", "!#$%&'*+.^_`|~", "constructor", "__proto__"])
        },
    },
    "/querystring": {
        "get": {
            "operationId": "wholeQuery",
            "tags": ["plain"],
            "responses": dict(OK),
            "parameters": [
                {
                    "name": "all",
                    "in": "querystring",
                    "description": "Desc of querystring all",
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "properties": {"a": {"type": "string", "description": "Desc of querystring a"}},
                            }
                        }
                    },
                }
            ],
        }
    },
    "/stream": {
        "get": {
            "operationId": "stream",
            "tags": ["plain"],
            "responses": {
                "200": {
                    "summary": "Sum of response stream 200",
                    "description": "Desc of response stream 200",
                    "content": {
                        "application/jsonl": {
                            "description": "Desc of media jsonl",
                            "itemSchema": {
                                "type": "object",
                                "description": "Desc of item of stream",
                                "properties": {"n": {"type": "integer", "description": "Desc of item n"}},
                            },
                            "examples": {
                                "two": {
                                    "summary": "Sum of example two",
                                    "description": "Desc of example two",
                                    "dataValue": [{"n": 1}, {"n": 2}],
                                    "serializedValue": '{"n": 1}\n{"n": 2}\n',
                                }
                            },
                        },
                        "text/event-stream": {
                            "itemSchema": {
                                "type": "object",
                                "properties": {
                                    "event": {"const": "tick"},
                                    "data": {
                                        "type": "string",
                                        "description": "Desc of event data",
                                        "contentMediaType": "application/json",
                                        "contentSchema": {
                                            "type": "object",
                                            "properties": {"t": {"type": "number", "description": "Desc of event t"}},
                                        },
                                    },
                                },
                            }
                        },
                        "multipart/mixed": {
                            "itemSchema": {"type": "object", "description": "Desc of part"},
                            "prefixEncoding": [{"contentType": "application/json"}],
                            "itemEncoding": {"contentType": "image/*"},
                        },
                        "application/shared": {"$ref": "#/components/mediaTypes/Shared"},
                        "application/none": {},
                    },
                },
                "204": {"summary": "Sum of response without a description"},
                "default": {},
            },
        },
        "post": {
            "operationId": "noContent",
            "tags": ["plain"],
            "responses": {"200": {"description": ""}, "1XX": {}, "599": {"headers": {"X-Only": {"schema": S}}}},
        },
        "put": {"operationId": "noResponses", "tags": ["plain"]},
    },
    "/discriminated": {
        "get": {
            "operationId": "discriminated",
            "tags": ["plain"],
            "responses": ok({"$ref": "#/components/schemas/Animal"}),
        }
    },
}
ids = [o.get("operationId") for item in paths.values() for m, o in item.items() if isinstance(o, dict)]
document = {
    "openapi": "3.2.0",
    "$self": "https://example.com/wide.yaml",
    "info": {
        "title": 'Wide <API> & "Co" \u05e8\u05d7\u05d1 \U0001f600 {{7919*7907}}',
        "version": '1.0 <beta> & "more"',
        "summary": "Sum of info",
        "description": "Desc of info",
    },
    "servers": [
        {"url": "https://example.com", "name": "Name of server", "description": "Desc of server"},
        {
            "url": "https://{a}.{b}/x y/<b>",
            "name": "second",
            "variables": {
                "a": {"default": "d", "description": "Desc of variable a"},
                "b": {"default": "e", "enum": ["e", "f"]},
            },
        },
    ],
    "tags": [
        {"name": tag, "summary": f"Sum of listed tag {n}", "description": f"Desc of listed tag {n}"}
        | ({"parent": "plain"} if tag == "child" else {})
        | ({"parent": "child"} if tag == "grandchild" else {})
        | (
            {"kind": "nav"}
            if tag == "nav-tag"
            else {"kind": "badge"}
            if tag == "badge-tag"
            else {"kind": "made up <kind>"}
            if tag == "#"
            else {}
        )
        for n, tag in enumerate(TAGS)
    ],
    "paths": paths,
    "webhooks": {
        name: {"post": {"summary": f"Sum of webhook {n}", "description": f"Desc of webhook {n}", "responses": dict(OK)}}
        for n, name in enumerate(["index", "a b", "a/b", "", "__proto__", "<b>", "names"])
    },
    "security": [{"device": ["read"]}, {"https://example.com/elsewhere#/components/securitySchemes/x": []}, {}],
    "components": {
        "mediaTypes": {
            "Shared": {
                "description": "Desc of shared media type",
                "schema": {"type": "string", "description": "Desc of schema of shared media type"},
            }
        },
        "securitySchemes": {
            "device": {
                "type": "oauth2",
                "deprecated": True,
                "description": "Desc of security device",
                "oauth2MetadataUrl": "https://example.com/.well-known/oauth",
                "flows": {
                    "deviceAuthorization": {
                        "deviceAuthorizationUrl": "https://example.com/device",
                        "tokenUrl": "https://example.com/token",
                        "scopes": {"read": "Desc of scope device read", "<b>": "Desc of scope odd"},
                    }
                },
            }
        },
        "schemas": {
            "Animal": {
                "description": "Desc of schema Animal",
                "oneOf": [
                    {"$ref": "#/components/schemas/a.b"},
                    {"$ref": "#/components/schemas/a-b"},
                    {"$ref": "#/components/schemas/A-B"},
                    {"$ref": "#/components/schemas/__proto__"},
                    {"$ref": "#/components/schemas/constructor"},
                ],
                "discriminator": {
                    "propertyName": "<kind> & co",
                    "mapping": {"<one>": "#/components/schemas/a.b", "": "#/components/schemas/a-b"},
                    "defaultMapping": "A-B",
                },
            },
            **{
                name: {
                    "type": "object",
                    "description": f"Desc of comp {n}",
                    "properties": {
                        "<kind> & co": {"type": "string", "description": f"Desc of comp {n} kind"},
                        "self": {"$ref": f"#/components/schemas/{name}"},
                    },
                }
                for n, name in enumerate(["a.b", "a-b", "A-B", "__proto__", "constructor", "index", "c" * 300])
            },
            "Xml": {
                "type": "object",
                "description": "Desc of schema Xml",
                "xml": {"nodeType": "element"},
                "properties": {"t": {"type": "string", "xml": {"nodeType": "cdata"}}},
            },
        },
    },
}
