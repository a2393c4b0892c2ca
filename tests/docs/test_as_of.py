"""Pages of other levels: what is marked with levels, what is gone and comes back, the copies per release."""

import re

import pytest

DOCUMENT = """
openapi: 3.1.0
info:
  title: T
  version: "1"
  x-levels: {product: P, name: level, current: 30, releases: [{version: "3", level: 30}, {version: "2", level: 20}, {version: "1", level: 10}]}
paths:
  /a:
    get:
      operationId: new-name
      x-changes:
        - {level: 25, kind: renamed, before: {operationId: old-name}}
        - {level: 22, kind: removed, text: "`gone` was removed in {anchor}.", before: {parameters: [{name: gone, in: query, description: Gone now., schema: {type: integer}}]}}
      parameters:
        - {name: late, in: query, description: Late., schema: {type: string}, x-changes: [{level: 15, kind: added}]}
        - name: kind
          in: query
          schema:
            enum: [a, c]
            x-changes:
              - {level: 18, kind: changed, text: "In {anchor}, `c` came and `b` went.", before: {enum: [a, b]}}
              - {level: 12, kind: changed, text: "In {anchor}, `b` came.", before: {enum: [a]}}
      x-codeSamples: [{lang: Shell, label: Old, source: "curl -d kind=a"}, {lang: Shell, label: New, source: "curl -d kind=c -d late=1"}]
      responses:
        "200":
          description: OK.
          content:
            application/json:
              schema:
                type: object
                x-changes: [{level: 28, kind: removed, text: "`old` was removed in {anchor}.", before: {properties: {old: {type: string, description: Old one.}}}}]
                properties: {now: {type: integer}}
  /b: {get: {operationId: same, responses: {"200": {description: Same.}}}}
"""  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    from click.testing import CliRunner

    from levelbook.cli import main

    folder = tmp_path_factory.mktemp("asof")
    (folder / "api.yaml").write_text(DOCUMENT)
    result = CliRunner().invoke(main, ["build", str(folder / "api.yaml"), "-o", str(folder / "out")])
    assert result.exit_code == 0, result.output
    return folder / "out"


MARKED = [
    '<li id="parameter-late" data-since="15">',
    '<li id="parameter-gone" data-until="22">',
    '<li id="response-old" data-until="28">',
    '<code data-since="18">&#34;c&#34;</code>',
    '<code data-since="12" data-until="18">&#34;b&#34;</code>',
    '<figure data-needs="18">',
    'data-current="30"',
    '<option value="20">2</option>',
]


@pytest.mark.parametrize("mark", MARKED)
def test_what_is_marked(site, mark):
    assert mark in (site / "new-name.html").read_text()


def test_only_samples_that_use_what_is_newer_say_so(site):
    page = (site / "new-name.html").read_text()
    assert page.count("data-needs") == 1
    assert page.count("<figure") == 3  # those two, and the generated one


def test_what_is_gone_is_in_markdown_too(site):
    page = (site / "new-name.md").read_text()
    assert "* `gone`: integer, in the query, optional, until 22\n\n  Gone now." in page
    assert '`"b"` (since 12) (until 18)' in page


def test_a_renamed_operation_leaves_a_redirect(site):
    page = (site / "old-name.html").read_text()
    assert '<meta http-equiv="refresh" content="0; url=new-name.html">' in page


def test_only_what_differs_is_copied(site):
    names = {path.relative_to(site / "at").as_posix() for path in (site / "at").rglob("*.html")}
    assert names == {"1/index.html", "1/new-name.html", "2/index.html", "2/new-name.html"}


AT = [
    ("2", ["parameter-gone", "parameter-late", "parameter-kind", "response-old", "response-now"], ["a", "c"]),
    ("1", ["parameter-gone", "parameter-kind", "response-old", "response-now"], ["a"]),
]


@pytest.mark.parametrize(("release", "ids", "values"), AT)
def test_the_copy_of_a_release_is_the_api_of_that_time(site, release, ids, values):
    page = (site / "at" / release / "new-name.html").read_text()
    assert set(re.findall(r'<li id="((?:parameter|response)-\w+)"', page)) == set(ids)
    kind = page[page.index('id="parameter-kind"') :].partition("</li>")[0]
    there = re.findall(r"<code(?! data-since=\"12\" data-until)[^>]*>&#34;(\w)&#34;</code>", kind)
    assert there == values
    assert f"This is the API as of P {release} (level {release}0)." in page
    assert 'href="../../assets/style.css"' in page
    assert 'href="../../same.html"' in page  # a page that did not differ is the one of today
