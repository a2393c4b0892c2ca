"""Notes against a hand-kept changelog."""

import json
from collections import Counter

import pytest

from levelbook.history.hand_kept import read_changelog

CHANGELOG = """\
# API changelog

Read [`GET /a`](/api/get-a) first.

## Changes in Acme 2.0

**Feature level 6**

* [`GET /a`](/api/get-a), [`POST
  /b`](/api/post-b): Added `x`.
 * [`GET /b/<int:id>`](/api/get-b)
   `PATCH /hidden` and [rules](/api/rules): See [`POST /b`](/api/post-b).

**Feature level 5**

No changes; feature level used for Acme 2.0 release.

Feature levels 3-4 are reserved for future use in 1.x maintenance
releases.

## Changes in Acme 1.0

**Feature level 2**

* [`GET /wrong`](/api/get-a): Moved.
* `POST /b`: Not linked.

[`GET /a`](/api/get-a): An entry without a bullet.

## Changes in Acme 0.9

* [`POST /a`](/api/get-a): A wrong link in an old release.

------------------

## Changes not yet stabilized

* [`GET /a`](/api/get-a): Perhaps.
"""
DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: get-a
      description: "**Changes**: In Acme 2.0 (feature level 6), x. In Acme 1.0 (feature level 1), y."
      responses: {"200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/S"}}}}}
  /b:
    post: {operationId: post-b, description: "See [the changes](/api/rules#changes).", responses: {"200": {description: d}}}
  "/b/{id}":
    get: {operationId: get-b, responses: {"200": {description: d}}}
components:
  schemas:
    S: {properties: {p: {x-changes: [{level: 5, kind: added}]}}}
"""


def test_what_a_changelog_says():
    entries = read_changelog(CHANGELOG)
    assert [(entry.level, entry.release) for entry in entries] == [(6, "2.0"), (5, "2.0"), (2, "1.0"), (None, "0.9")]
    assert [(mention.operation, mention.link, mention.in_head) for mention in entries[0].mentions] == [
        ("GET /a", "/api/get-a", True),
        ("POST /b", "/api/post-b", True),
        ("GET /b/{id}", "/api/get-b", True),
        ("PATCH /hidden", "", True),
        ("", "/api/rules", True),
        ("POST /b", "/api/post-b", False),
    ]
    assert [mention.in_head for mention in entries[2].mentions] == [True, True, True]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "api.yaml").write_text(DOCUMENT)
    (tmp_path / "changelog.md").write_text(CHANGELOG)
    (tmp_path / "rules.md").write_text(
        "# Rules\n\n## Changes\n\nIn Acme 2.0 (feature level 6), z.\n\n## More\n\nlevel 2\n"
    )
    return tmp_path


FOUND = [
    ("audit-covered", 9, "POST /b points to the changes section of rules, which has level 6"),
    ("audit-no-note", 11, "GET /b/{id} changed at level 6, and no note says so"),
    ("audit-unknown-operation", 12, "the document has no operation PATCH /hidden"),
    ("audit-unused-level", 14, "the levels 3-4 have no entry, kept for maintenance releases"),
    ("audit-unused-level", 23, "level 1 has no entry"),
    ("audit-no-note", 25, "GET /a changed at level 2, and no note says so"),
    ("audit-link", 25, "the link says GET /wrong, but leads to GET /a"),
    ("audit-unlinked", 26, "POST /b has a page and is not linked"),
    ("audit-no-note", 28, "GET /a changed at level 2"),
    ("audit-link", 32, "the link says POST /a, but leads to GET /a"),
    ("audit-no-entry", 8, "GET /a: level 1 is not in the changelog"),
    ("audit-no-entry", 16, "schemas/S: the changelog does not name schemas/S under level 5"),
]


def test_code_and_comments_of_a_changelog_say_nothing():
    text = "**Level 7**\n\n```\n**Level 90**\n* `GET /a`: x\n```\n<!-- `GET /b` -->\n\n* `GET /c`: y\n"
    (entry,) = read_changelog(text)
    assert [(mention.operation, text.index("GET /c") - mention.offset) for mention in entry.mentions] == [("GET /c", 1)]


def test_both_directions(project, levelbook):
    result = levelbook("audit", project / "api.yaml", "--changelog", project / "changelog.md", "--format", "json")
    problems = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert [(problem["rule"], problem["where"]["line"]) for problem in problems] == [row[:2] for row in FOUND]
    for problem, row in zip(problems, FOUND, strict=True):
        assert row[2] in problem["message"]
    assert "3 levels, 5 linked operations" in result.stderr
    assert (
        "3 without a note (1 more are covered by a pointer), 2 wrong links, 2 notes without an entry" in result.stderr
    )


def test_as_annotations(project, levelbook):
    text = levelbook(
        "audit", project / "api.yaml", "--changelog", project / "changelog.md", "--format", "github"
    ).stdout
    assert f"::error file={project}/changelog.md,line=25,col=3,title=audit-link::the link says GET /wrong" in text


def test_no_level_at_all(project, levelbook):
    (project / "changelog.md").write_text("# Changelog\n\nNothing yet.\n")
    result = levelbook("audit", project / "api.yaml", "--changelog", project / "changelog.md")
    assert result.exit_code == 2
    assert "no level was found" in result.stderr


def test_a_real_changelog(corpus, levelbook):
    folder = corpus / "zulip-10.2"
    result = levelbook(
        "audit", folder / "zulip.yaml", "--changelog", folder / "api_docs" / "changelog.md", "--format", "json"
    )
    problems = json.loads(result.stdout)["problems"]
    rules = Counter(problem["rule"] for problem in problems)
    assert rules["audit-link"] == 25
    # 91 where levels that are wrapped over two lines are overlooked; one of them is such a level
    assert rules["audit-no-note"] + rules["audit-covered"] == 90
    assert "829 linked operations" in result.stderr
    unused = [problem["message"].split(" h")[0] for problem in problems if problem["rule"] == "audit-unused-level"]
    assert unused == [
        "level 279",
        "the levels 238-239",
        "the levels 186-187",
        "level 158",
        "the levels 123-124",
        "the levels 66-69",
        "the levels 28-29",
    ]
