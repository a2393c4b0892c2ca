"""Strategies for anything that may reach a validator: documents, records, bodies, files; much of it nonsense."""

import json

from hypothesis import strategies as st

from levelbook import Request, Response

TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/mixed",
    "text/plain",
    "application/x-ndjson",
    "application/json-seq",
    "text/event-stream",
    "application/octet-stream",
    "*/*",
    "a+json",
]
STYLES = ["form", "simple", "label", "matrix", "spaceDelimited", "pipeDelimited", "deepObject", "cookie", "nonsense"]
PLACES = ["query", "path", "header", "cookie", "querystring", "nowhere"]
KEYS = st.sampled_from(["a", "b", "c", "A", "x-y", "a[b]", "Content-Type", "", "é", "$ref"])
NONSENSE = st.sampled_from(
    [None, True, False, 0, -1, 5, 1.5, "", "x", "(", [], ["a", "a"], [{}], {}, {"a": 5}, "http://["]
)
LINKS = [
    *["#/components/schemas/A", "#/components/schemas/B"] * 8,  # most lead somewhere: other documents are refused
    "#/components/schemas/A/properties/a",
    "#/components/nowhere",
    "#/paths/~1p~1{a}/get",
    "#",
    "other.yaml",
    "http://example.com/s",
    "#anchor",
    "http://[",
]
REFS = st.sampled_from(LINKS).map(lambda ref: {"$ref": ref})
KINDS = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])


def some(**items):
    """Give mappings with some of these keys, now and then one of them nonsense."""

    def spoiled(pair):
        return pair[0] | {key: pair[2] for key in list(pair[0])[-1:] if pair[1] == 0}

    plain = st.fixed_dictionaries({}, optional=items)
    return st.tuples(plain, st.integers(0, 9), NONSENSE).map(spoiled)


def maps(values, most=3):
    return st.dictionaries(KEYS, values, max_size=most)


def _schema(inner):
    several = st.lists(inner, max_size=3)
    return some(
        type=KINDS | st.lists(KINDS, max_size=3, unique=True),
        nullable=st.booleans(),
        properties=maps(inner),
        required=st.lists(KEYS, max_size=2),
        items=inner,
        prefixItems=several,
        additionalProperties=inner,
        patternProperties=st.dictionaries(st.sampled_from(["^a", ".", "(", "(?=b)"]), inner, max_size=2),
        allOf=several,
        anyOf=several,
        oneOf=several,
        enum=st.lists(st.integers(0, 3) | KEYS | st.none(), max_size=3),
        const=NONSENSE,
        minimum=st.integers(-2, 5),
        maxLength=st.integers(0, 3),
        pattern=st.sampled_from(["^a", "(", "\\d"]),
        format=st.sampled_from(["int32", "date-time", "email", "x"]),
        readOnly=st.booleans(),
        writeOnly=st.booleans(),
        unevaluatedProperties=inner,
        contains=inner,
        propertyNames=inner,
        dependentSchemas=maps(inner, 1),
        not_=inner,
    ).map(lambda schema: {key.rstrip("_"): value for key, value in schema.items()})


SCHEMA = st.recursive(REFS | st.booleans() | some(type=KINDS) | NONSENSE, _schema, max_leaves=6)
STYLED = {"style": st.sampled_from(STYLES), "explode": st.booleans(), "allowReserved": st.booleans()}
HEADERS = maps(some(schema=SCHEMA, required=st.booleans(), **STYLED) | REFS, 2)
ENCODING = some(contentType=st.sampled_from([*TYPES, "text/*, image/png"]), headers=HEADERS, **STYLED)
MEDIA = some(
    schema=SCHEMA,
    itemSchema=SCHEMA,
    encoding=maps(ENCODING),
    itemEncoding=ENCODING,
    prefixEncoding=st.lists(ENCODING, max_size=2),
    examples=maps(some(value=NONSENSE)),
)
CONTENT = st.dictionaries(st.sampled_from(TYPES), MEDIA, max_size=3)
PARAMETER = REFS | st.builds(
    lambda base, more: base | more,
    st.fixed_dictionaries({"name": KEYS, "in": st.sampled_from(PLACES)}),
    some(schema=SCHEMA, content=CONTENT, required=st.booleans(), allowEmptyValue=st.booleans(), **STYLED),
)
SECURITY = st.lists(st.dictionaries(st.sampled_from(["key", "basic", "none"]), st.just([]), max_size=2), max_size=2)
SERVER = some(url=st.sampled_from(["/v1", "https://x/{v}", "{v}", "", "//["]), variables=maps(some(default=KEYS), 1))
OPERATION = some(
    parameters=st.lists(PARAMETER, max_size=3),
    requestBody=some(content=CONTENT, required=st.booleans()) | REFS,
    responses=st.dictionaries(st.sampled_from(["200", "4XX", "default"]), some(headers=HEADERS, content=CONTENT)),
    security=SECURITY,
    servers=st.lists(SERVER, max_size=1),
    callbacks=maps(maps(REFS), 1),
)
ITEM = (
    some(
        get=OPERATION,
        post=OPERATION,
        query=OPERATION,
        parameters=st.lists(PARAMETER, max_size=1),
        additionalOperations=st.dictionaries(st.sampled_from(["LINK", "get"]), OPERATION, max_size=1),
    )
    | REFS
)
SCHEMES = {"key": {"type": "apiKey", "in": "query", "name": "a"}, "basic": {"type": "http", "scheme": "basic"}}
DOCUMENTS = st.builds(
    lambda version, schemas, more: {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "components": {"schemas": schemas, "securitySchemes": SCHEMES},
        **more,
    },
    st.sampled_from(["3.0.4", "3.1.1", "3.2.0"]),
    st.fixed_dictionaries({"A": SCHEMA, "B": SCHEMA}),
    some(
        servers=st.lists(SERVER, max_size=1),
        security=SECURITY,
        webhooks=st.dictionaries(st.sampled_from(["new", "additionalOperations"]), ITEM, max_size=1),
        paths=st.dictionaries(
            st.sampled_from(["/p", "/p/{a}", "/p/{b}", "/{a}.{b}", "/p;{a}", "x", "/["]), ITEM, max_size=3
        ),
    ),
)
# One path that requests find, so that what stands in its operations is judged and not only compiled.
REACHED = st.builds(
    lambda document, get, post, parameters: {
        **{key: value for key, value in document.items() if key != "servers"},
        "paths": {"/p/{a}": {"get": get, "post": post, "parameters": parameters}},
    },
    DOCUMENTS,
    *[OPERATION.map(lambda operation: {k: v for k, v in operation.items() if k != "servers"})] * 2,
    st.lists(PARAMETER, max_size=1),
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | maps(inner),
    max_leaves=5,
)
PART = st.builds(
    lambda name, kind, body: b"--b\r\nContent-Disposition: form-data; name=" + name + kind + b"\r\n\r\n" + body,
    st.sampled_from([b"a", b'"b"', b"", b"a; name*=utf-8''%E9"]),
    st.sampled_from(
        [
            b"",
            b"\r\nContent-Type: application/json",
            b"\r\nContent-Type: multipart/x; boundary=c",
            b"\r\nX-Y:",
            b"\r\nno colon",
        ]
    ),
    st.binary(max_size=8) | st.just(b"--c\r\n\r\n1\r\n--c--"),
)
WELL = st.one_of(
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.lists(PART, max_size=3).map(lambda parts: b"\r\n".join([*parts, b"--b--"])),
    st.lists(VALUES.map(json.dumps), max_size=3).map(lambda lines: "\n".join(lines).encode()),
    st.sampled_from(
        [
            b"a=1&b=%5B&a=",
            b"a[b]=1&a%5Bb%5D%5Bc%5D=2",
            b"data: 1\n\nid: x\nretry: 9\n\n",
            b"\x1e1\n\x1e[",
            b"[" * 1024 + b"]" * 1024,
            b"9" * 5000,
            b'{"a":1,"a":2}',
            b'"\\ud800"',
            b"1e999",
            b"\xef\xbb\xbf1",
        ]
    ),
)
BYTES = (
    st.none()
    | st.binary(max_size=30)
    | WELL
    | st.builds(
        lambda body, at, put, cut: body[: at % (len(body) + 1)] + put + body[at % (len(body) + 1) + cut :],
        WELL,
        st.integers(0, 200),
        st.binary(max_size=3),
        st.integers(0, 3),
    )
)
TEXT = st.text(st.characters(codec=None), max_size=8)  # with lone surrogates and control characters
TEXTS = TEXT | st.sampled_from(["1", "a", "a=1,2", "a,1", ".a.b", ";a=1", "{}", "%FF%", "%7Ca", "true", "a=1; b=2"])
QUERY = st.lists(
    st.tuples(KEYS | st.sampled_from(["a[x", "a[]", "b[x][y]", "a%5Bc%5D"]), TEXTS).map("=".join), max_size=4
).map("&".join)
URLS = TEXT | st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["", "/v1", "https://x", "//["]),
    st.sampled_from(["/p", "/p/", "/p;", "/", ""]),
    TEXTS,
    st.just("?"),
    QUERY,
    st.sampled_from(["", "#f"]),
)
TYPED = st.sampled_from(
    [*TYPES, "multipart/form-data; boundary=b", "multipart/mixed; boundary=b", "text/plain; charset=utf-16"]
)
PAIRS = st.lists(st.tuples(st.sampled_from(["a", "X-Y", "cookie", "authorization", "é"]) | TEXT, TEXTS), max_size=3)
FIELDS = st.builds(lambda kind, pairs: [("content-type", kind), *pairs], TYPED, PAIRS) | PAIRS
REQUESTS = st.builds(
    Request, st.sampled_from(["GET", "POST", "HEAD", "query", "LINK", "OPTIONS"]) | TEXT, URLS, FIELDS, BYTES
)
AIMED = st.builds(
    lambda method, segment, query, fields, body: Request(method, f"/p/{segment}?{query}", fields, body),
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["1", "a", "%7Ca", ".a", ";a=1", "a,1"]),
    QUERY,
    FIELDS,
    BYTES,
)
RESPONSES = st.builds(Response, st.sampled_from([200, 204, 404, 599]), FIELDS, BYTES)
SEGMENT = {"schema": {"type": ["string", "integer"]}}
RICH = {
    "openapi": "3.2.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/p/{a}": {
            method: {
                "parameters": [
                    {"name": name, "in": place, "required": place == "path", **SEGMENT}
                    for name, place in [("a", "path"), ("b", "query"), ("a", "cookie"), ("x-y", "header")]
                ]
                + [{"name": "a", "in": "query", "style": "deepObject", "schema": {"type": "object"}}],
                "requestBody": {"content": {kind: {"schema": {"$ref": "#/components/schemas/A"}} for kind in TYPES}},
                "responses": {
                    "default": {
                        "description": "d",
                        "content": {kind: {"schema": {"$ref": "#/components/schemas/A"}} for kind in TYPES},
                    }
                },
            }
            for method in ("get", "post", "query")
        }
    },
    "components": {
        "schemas": {
            "A": {
                "anyOf": [
                    {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
                    {"enum": [1, "a"]},
                    {
                        "type": "object",
                        "properties": {
                            "a": {"$ref": "#/components/schemas/A"},
                            "b": {"type": "array", "items": {"type": "integer"}},
                        },
                    },
                ]
            }
        }
    },
}
LINE = st.fixed_dictionaries(
    {},
    optional={
        "webhook": NONSENSE,
        "response": NONSENSE | some(status=st.integers(0, 700), headers=VALUES, body=VALUES),
        "request": NONSENSE | some(method=TEXT, url=URLS, headers=VALUES, body=VALUES, body_base64=NONSENSE),
    },
)
ENTRY = some(
    request=some(
        method=TEXT,
        url=URLS,
        headers=st.lists(some(name=KEYS, value=TEXT)),
        postData=some(text=TEXT, params=st.lists(some(name=TEXT, value=TEXT))),
    ),
    response=some(status=st.integers(0, 999), headers=VALUES, content=some(text=TEXT, encoding=TEXT)),
)
FILES = (
    st.binary(max_size=60)
    | st.lists(LINE | VALUES).map(lambda rows: "\n".join(map(json.dumps, rows)).encode())
    | st.builds(
        lambda entries, indent: json.dumps({"log": {"entries": entries}}, indent=indent).encode(),
        st.lists(ENTRY | NONSENSE, max_size=3) | NONSENSE,
        st.sampled_from([None, 1]),
    )
)
