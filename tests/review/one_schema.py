"""Documents of one schema, and judges made of our own validator."""

import itertools

import yaml

from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.review.compare import compare
from levelbook.validate.exchange import Request, Response
from levelbook.validate.validator import Validator

COMPONENTS = {
    "Short": {"type": "string", "maxLength": 3},
    "Thing": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
}


def api_of(data):
    """Give the Api of a document as data."""
    return from_documents(Documents(parse(yaml.safe_dump(data, sort_keys=False), "openapi.yaml")))


def judge_of(api, *, formats=False):
    """Give the judge that a comparison asks, as the edge makes it."""
    validator = Validator(api, ignore_formats=() if formats else ("*",))

    def judge(request, response):
        asked = Request(*request)
        return validator.request(asked) if response is None else validator.response(asked, Response(*response))

    return judge


def compared(base, head, **options):
    """Compare two Apis, with the validators of both."""
    formats = "policy" in options and options["policy"].formats == "assertion"
    judges = {"judge_base": judge_of(base, formats=formats), "judge_head": judge_of(head, formats=formats)}
    return compare(base, head, **judges, **options)


def document(schema, direction, place, *, version="3.1.0", components=None):
    """Write a document that has a schema at one place of requests or answers."""
    operation = {"responses": {"200": {"description": "OK"}}}
    held = schema if place != "property" else {"type": "object", "properties": {"p": schema}, "required": ["p"]}
    content = {"application/json": {"schema": held}}
    if place == "parameter":
        operation["parameters"] = [{"name": "p", "in": "query", "required": True, "schema": schema}]
    elif direction == "request":
        operation["requestBody"] = {"required": True, "content": content}
    else:
        operation["responses"]["200"]["content"] = content
    return {
        "openapi": version,
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": components or COMPONENTS},
    }


def universe():
    """Give the values that an oracle tries: small ones of every type, and what is made of them."""
    leaves = [
        None,
        True,
        False,
        "",
        "a",
        "ab",
        "abc",
        "abcd",
        "b",
        "zb",
        "x!",
        -1,
        0,
        1,
        1.5,
        2,
        3,
        4,
        5,
        6,
        9,
        0.5,
        7.25,
    ]
    lists = [[], *([item] for item in leaves[:16])]
    lists += [list(pair) for pair in itertools.product(("a", "ab", 1, 2, None), repeat=2)] + [
        ["a", "b", "ab"],
        ["a", 1, True],
    ]
    objects = [{}]
    for size in (1, 2, 3):
        for names in itertools.combinations(("a", "b", "c", "x1", "zz"), size):
            objects += [
                dict(zip(names, items, strict=True)) for items in itertools.product(("a", "ab", 1), repeat=size)
            ]
    return [*leaves, *lists, *objects]
