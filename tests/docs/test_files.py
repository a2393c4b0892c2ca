"""The files beside the pages: what other tools read is valid, and small faults of documents stop no build."""

import json
import re

import pytest
import yaml

from levelbook.check.structure import openapi_schema
from levelbook.docs.context import slug
from levelbook.docs.output import Store
from levelbook.document import read
from levelbook.documents import Documents

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'
GET = '{operationId: a, responses: {"200": {description: OK.}}}'

STRICT = [
    ("a scheme with a space in its name", f"security: [{{my key: []}}]\npaths: {{/a: {{get: {GET}}}}}\ncomponents: {{securitySchemes: {{my key: {{type: http, scheme: basic, description: Mine.}}}}}}"),
    ("a parameter that is overridden", "paths: {/a: {parameters: [{name: x, in: query, description: Of the path., schema: {type: string}}], get: {operationId: a, parameters: [{name: x, in: query, description: Its own., schema: {type: string}}], responses: {'200': {description: OK.}}}}}"),
    ("a number above 64 bits", "paths: {/a: {get: {operationId: a, responses: {'200': {description: OK., content: {application/json: {schema: {type: integer, example: 18446744073709551616}}}}}}}}"),
    ("a reference in an extension", "paths: {/a: {get: {operationId: a, x-more: {responses: {'200': {$ref: '#/components/responses/Other'}}}, responses: {'200': {description: OK.}}}}}\ncomponents: {responses: {Other: {description: Nobody's.}}}"),
    ("no paths", "webhooks: {}"),
    ("only webhooks", f"webhooks: {{news: {{post: {GET}}}}}"),
    ("a description that opens a fence", f'paths: {{/a: {{get: {{description: "```\\ncode", {GET[1:]}}}}}'),
    ("a heading like one of ours", f'paths: {{/a: {{get: {{description: "# Parameters\\n\\n# Changes", {GET[1:]}}}}}'),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in STRICT], ids=[name for name, _ in STRICT])
def test_a_good_document_builds_in_strict_mode(levelbook, tmp_path, text):
    (tmp_path / "api.yaml").write_text(HEAD + text)
    result = levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out", "--strict")
    assert result.exit_code == 0, result.stdout
    json.loads((tmp_path / "out" / "openapi.json").read_text())


PAGES = [
    ("examples are named after their media types",
     "paths: {/a: {get: {operationId: a, responses: {'200': {description: OK., content: {application/json: {example: {a: 1}}, text/csv: {example: 'a,b'}, application/xml: {example: '<a/>'}}}}}}}",
     {"a.md": ["Example response (application/json)\n\n```json\n{", "Example response (text/csv)\n\n```text\na,b", "Example response (application/xml)\n\n```xml\n<a/>"],
      "a.html": ['Example response <span class="type">text/csv</span>', "a,b\n</code>"]}),
    ("an operation stands below each of its tags",
     "tags: [{name: one}, {name: two, description: Second.}]\npaths: {/a: {get: {operationId: a, summary: Do it, tags: [one, two], responses: {}}}}",
     {"index.md": ["## one\n\n* [Do it](a.md)", "## two\n\nSecond.\n\n* [Do it](a.md)"]}),
    ("a server of an operation's own",
     "servers: [{url: https://root.test/api}]\npaths: {/a: {servers: [{url: https://own.test/x}], get: {operationId: a, responses: {}}}}",
     {"a.md": ["`GET https://own.test/x/a`", "curl https://own.test/x/a"]}),
    ("what was removed from an answer",
     "paths: {/a: {get: {operationId: a, responses: {'200': {description: OK., content: {application/json: {schema: {x-changes: [{level: 5, kind: removed, text: 'In {anchor}, `gone` was removed.', before: {properties: {gone: {type: string}}}}], properties: {here: {type: string}}}}}}}}}}",
     {"a.md": ["removed: `gone`: In"]}),
    ("a server with a name",
     "servers: [{url: https://a.test, name: prod, description: For you.}]\npaths: {/a: {get: {operationId: a, responses: {}}}}", {"index.md": ["prod: For you."]}),
    ("a method of one's own", "paths: {/a: {get: {operationId: a, responses: {}}}}", {"a.html": ['class="method m-get"']}),
    ("an example as it is sent",
     "paths: {/a: {get: {operationId: a, parameters: [{name: q, in: query, schema: {type: string}, examples: {two: {serializedValue: 'q=z%20z', summary: Sent so.}}}], responses: {'200': {description: OK., content: {application/json: {examples: {b: {serializedValue: '{\"y\":2}'}}}}}}}}}",
     {"a.md": ['Example: `"z z"`', "q=z", '"y": 2']}),
    ("headers of parts of an answer",
     "paths: {/a: {get: {operationId: a, responses: {'200': {description: OK., content: {multipart/mixed: {itemSchema: {type: object}, itemEncoding: {contentType: application/json, headers: {X-Part: {description: Of a part., schema: {type: string}}}}}}}}}}}",
     {"a.md": ["`X-Part`", "Of a part."], "a.html": ["X-Part", "Of a part."]}),
    ("a reference that is none",
     "paths: {/a: {get: {operationId: a, responses: {'200': {description: OK., content: {application/json: {schema: {discriminator: {propertyName: k, mapping: {x: y}}, oneOf: [{$ref: {a: 1}}, {type: string}]}}}}}}}}",
     {"a.md": ["OK."]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), [row[1:] for row in PAGES], ids=[row[0] for row in PAGES])
def test_what_files_say(levelbook, tmp_path, text, says):
    (tmp_path / "api.yaml").write_text(HEAD.replace("3.1.0", "3.2.0") + text)
    result = levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    assert result.exit_code in (0, 1), result.output
    for name, texts in says.items():
        content = (tmp_path / "out" / name).read_text()
        for one in texts:
            assert one in content


def test_a_tag_that_stands_twice_lists_an_operation_once(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(HEAD + "paths: {/a: {get: {operationId: a, tags: [one, one], responses: {}}}}")
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    assert (tmp_path / "out" / "index.md").read_text().count("](a.md)") == 1


def test_two_builds_at_once_do_not_take_from_each_other(tmp_path):
    with Store(tmp_path) as one, Store(tmp_path) as other:
        one.put("a.html", lambda: b"a")
        one.put("a.html", lambda: b"b")
        other.put("b.html", lambda: b"b")
        other.finish()
        one.finish()
    assert (tmp_path / "a.html").read_bytes() == b"b"
    assert not list(tmp_path.glob(".levelbook-new-*"))


def test_links_of_copies_in_markdown_lead_somewhere(levelbook, tmp_path):
    levelbook("build", "-o", tmp_path)
    for page in tmp_path.rglob("*.md"):
        text = re.sub(r"(?ms)^ *```.*?^ *```|(?<!`)(`+)(?!`).*?\1(?!`)", "", page.read_text())
        for href in re.findall(r"\]\(([\w./~-]+)(?=[#)])", text):
            assert (page.parent / href).is_file(), f"{page}: {href}"


def test_a_fence_that_is_left_open_swallows_nothing(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(HEAD + dict(STRICT)["a description that opens a fence"])
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    assert "```\ncode\n```\n\n## Usage examples" in (tmp_path / "out" / "a.md").read_text()


def test_the_document_of_several_files_is_one_file(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        HEAD + "paths: {$ref: 'paths.yaml'}".replace("{$ref: 'paths.yaml'}", "{/a: {$ref: 'paths.yaml#/a'}}")
    )
    (tmp_path / "paths.yaml").write_text(f"a: {{get: {GET}}}")
    assert levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out").exit_code == 0
    made = Documents(read(tmp_path / "out" / "openapi.json"))
    assert "paths.yaml#" not in (tmp_path / "out" / "openapi.json").read_text()
    assert list(openapi_schema(made)) == []


def test_samples_as_an_overlay(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        f'openapi: 3.2.0\ninfo: {{title: T, version: "1"}}\npaths: {{/a: {{get: {GET}, additionalOperations: {{COPY: {{responses: {{}}}}}}}}}}'
    )
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    made = json.loads((tmp_path / "out" / "overlay.json").read_text())
    assert made["overlay"] == "1.0.0"
    assert [action["target"] for action in made["actions"]] == [
        '$.paths["/a"].get',
        '$.paths["/a"].additionalOperations["COPY"]',
    ]
    assert made["actions"][0]["update"]["x-codeSamples"][0]["lang"] == "curl"


def test_navigation_for_site_generators(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        HEAD + f"tags: [{{name: lonely, description: Nobody.}}]\npaths: {{/a: {{get: {GET}}}}}"
    )
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    assert yaml.safe_load((tmp_path / "out" / "nav.yml").read_text())["nav"] == [
        {"Overview": "index.md"}, {"Operations": [{"a": "a.md"}]}, {"Changelog": "changelog.md"},
    ]  # fmt: skip


def test_many_operations_without_tags_are_grouped_by_path(levelbook, tmp_path):
    paths = {f"/v1/{kind}/{number}": {"get": {"responses": {}}} for kind in ("cats", "dogs") for number in range(40)}
    (tmp_path / "api.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    )
    levelbook("build", tmp_path / "api.json", "-o", tmp_path / "out")
    page = (tmp_path / "out" / "get-v1-cats-1.html").read_text()
    assert '<a href="index.html#tag-dogs">/dogs</a>' in page
    assert page.count('href="get-v1-cats-') >= 40
    assert 'href="get-v1-dogs-' not in page


def test_addresses_are_absolute_where_the_site_has_one(levelbook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(HEAD + f"paths: {{/a: {{get: {GET}}}}}")
    (tmp_path / "levelbook.toml").write_text('spec = "api.yaml"\nsite_url = "https://docs.test/api"\n')
    levelbook("build", "-o", "out")
    assert "<loc>https://docs.test/api/a.html</loc>" in (tmp_path / "out" / "sitemap.xml").read_text()
    assert '<link rel="canonical" href="https://docs.test/api/a.html">' in (tmp_path / "out" / "a.html").read_text()
    missing = (tmp_path / "out" / "404.html").read_text()
    inside = re.findall(r'(?:href|src)="(?!#)([^"]*)"', missing)
    assert len(inside) >= 7
    assert [href for href in inside if not href.startswith("https://docs.test/api/")] == []
    listed = json.loads((tmp_path / "out" / "links.json").read_text())
    assert listed["broken"] == []
    assert listed["external"] == {}


def test_of_very_many_operations_those_around_are_listed(levelbook, tmp_path):
    paths = {f"/a/{number}": {"get": {"tags": ["many"], "responses": {}}} for number in range(200)}
    (tmp_path / "api.json").write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    )
    levelbook("build", tmp_path / "api.json", "-o", tmp_path / "out")
    for number, first in ((0, 0), (100, 70), (199, 140)):
        page = (tmp_path / "out" / f"get-a-{number}.html").read_text()
        navigation = page[page.index("<nav") :]
        assert [int(one) for one in re.findall(r'href="get-a-(\d+).html"', navigation)] == list(
            range(first, first + 60)
        )
        assert '<a href="index.html#tag-many">All 200</a>' in navigation


def test_a_header_that_openapi_ignores_says_so(levelbook, tmp_path):
    text = "paths: {/a: {get: {operationId: a, parameters: [{name: Accept, in: header, schema: {type: string}}, {name: X-A, in: header, schema: {type: string}}], responses: {}}}}"
    (tmp_path / "api.yaml").write_text(HEAD + text)
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    page = (tmp_path / "out" / "a.md").read_text()
    assert (
        "* `Accept`: string, header, optional\n\n  Ignored as a parameter: OpenAPI leaves it to body and credentials.\n\n* `X-A`"
        in page
    )


SLUGS = [
    ("send-message", "send-message"), ("a/b c", "a-b-c"), ("..", "operation"), ("con", "operation-con"), ("x" * 99 + ".y", "x" * 99), ("é/ü", "é-ü"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), SLUGS)
def test_names_of_files(text, name):
    assert slug(text) == name


NESTED = """
openapi: 3.2.0
info: {title: Shop, version: "1"}
tags:
  - {name: beta, kind: badge, summary: Being tried, description: May change.}
  - {name: orders, summary: Orders and returns}
  - {name: users, kind: nav}
  - {name: returns, parent: orders, summary: Returns}
  - {name: labels, parent: returns}
  - {name: one, parent: two}
  - {name: two, parent: one}
  - {name: partner, kind: audience}
paths:
  /r: {get: {operationId: r, summary: Return, tags: [returns, partner], responses: {}}}
  /l: {get: {operationId: l, summary: Label, tags: [labels], responses: {}}}
  /u: {get: {operationId: u, summary: User, tags: [users, one, beta], responses: {}}}
  /b: {get: {operationId: b, summary: Tried, tags: [beta], responses: {}}}
"""
GROUPS = [
    "h2 Orders and returns", "h3 Returns", "Return", "h4 labels", "Label", "h2 users", "User", "h2 one", "User",
    "h2 Operations", "Tried",
]  # fmt: skip


def test_groups_are_nested_and_other_tags_mark(levelbook, tmp_path):
    """OpenAPI 3.2.0, 4.22: `parent`, `kind`, and `summary` for display; what is part of itself is part of nothing."""
    (tmp_path / "api.yaml").write_text(NESTED)
    out = tmp_path / "out"
    assert levelbook("build", tmp_path / "api.yaml", "-o", out).exit_code == 0
    nav = (out / "u.html").read_text().partition("<nav")[2]
    found = re.findall(r"<(h\d)>([^<]*)<|<a href=[^>]*>([^<]*)</a>", nav)
    assert [" ".join(filter(None, row)) for row in found][2:] == GROUPS
    index = (out / "index.md").read_text()
    places = [
        index.index(words)
        for words in ("## Orders and returns (`orders`)", "### Returns\n", "#### labels", "## Being tried")
    ]
    assert places == sorted(places)
    assert '<h1>User <span class="badge">Being tried</span></h1>' in (out / "u.html").read_text()
    assert "\n*partner*\n" in (out / "r.md").read_text()


def test_a_tag_without_operations_leaves_no_empty_list(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.2.0\ninfo: {title: T, version: '1'}\n"
        "tags: [{name: above, summary: All of it.}, {name: one, parent: above}]\n"
        "paths: {/a: {get: {operationId: a, tags: [one], responses: {}}}}\n"
    )
    assert levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out").exit_code == 0
    index = (tmp_path / "out" / "index.html").read_text()
    assert "All of it." in index
    assert not re.search(r"<ul[^>]*>\s*</ul>", index)
    assert "## All of it.\n\n### one" in (tmp_path / "out" / "llms.txt").read_text()
