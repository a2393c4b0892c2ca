"""What is known of real documents, where they are beside this checkout."""

import json
from collections import Counter
from pathlib import Path

import pytest

from levelbook.check import check
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.loading import load
from levelbook.notes import notes_of
from levelbook.problem import Severity, SpecError


@pytest.fixture
def zulip(corpus):
    return corpus / "zulip-10.2" / "zulip.yaml"


def test_the_documents_of_the_openapi_initiative(corpus):
    wrong = []
    paths = sorted((corpus / "openapi-pass-fail").glob("3.*/*/*.yaml"))
    for path in paths:
        try:
            problems = check(Documents(read(path)))
        except SpecError as error:
            problems = list(error.problems)
        accepted = not any(problem.severity is Severity.ERROR for problem in problems)
        if accepted != (path.parent.name == "pass"):
            wrong.append(path)
    assert len(paths) == 112
    assert wrong == []


def test_recorded_exchanges_get_their_outcomes(corpus, levelbook):
    folder = corpus / "exchanges"
    result = levelbook("validate", folder / "openapi.json", folder / "traffic.ndjson", "--format", "ndjson")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    expected = [json.loads(line) for line in (folder / "expected.ndjson").read_text().splitlines()]
    assert [(row["index"], row["outcome"]) for row in found] == [(row["index"], row["outcome"]) for row in expected]


def test_the_faults_of_a_real_document(zulip):
    problems = check(Documents(read(zulip)))
    assert Counter(problem.rule for problem in problems if problem.severity is Severity.ERROR) == {
        "example-schema": 56,
        "ambiguous-paths": 1,
        "note-release": 4,
        "note-order": 5,
        "note-outside": 6,
        "note-deprecated": 1,
    }
    refused = [problem for problem in problems if problem.rule == "example-schema"]
    assert sum(" 4" in problem.message.partition(":")[0] for problem in refused) == 55
    assert all(problem.where.line and problem.where.column for problem in problems)


def test_the_pages_beside_a_real_document_are_looked_at(zulip):
    pages = sorted((zulip.parent / "api_docs").glob("*.md"))
    problems = check(Documents(read(zulip)), pages=pages)
    assert [
        (Path(problem.where.file).name, problem.where.line, problem.rule)
        for problem in problems
        if problem.where.file.endswith(".md")
    ] == [
        ("construct-narrow.md", 61, "note-placeholder"),
        ("message-formatting.md", 47, "note-outside"),
        ("message-formatting.md", 91, "note-outside"),
    ]


def test_every_operation_of_a_real_document_has_its_page(zulip, levelbook, tmp_path):
    result = levelbook("build", zulip, "-o", tmp_path)
    assert result.exit_code == 0
    assert "121 operations" in result.stderr
    pages = {path.stem for path in tmp_path.glob("*.html")} - {"index", "changelog", "404"}
    names = {name for name in pages if not name.startswith("schema-")}
    assert len(names) == 121
    assert {path.stem for path in tmp_path.glob("*.md")} == pages | {"index", "changelog"}


def test_every_note_of_a_real_document_is_found(zulip, levelbook):
    result = levelbook("changes", zulip, "--format", "json")
    notes = [note for level in json.loads(result.stdout)["levels"] for note in level["notes"]]
    lines = zulip.read_text().splitlines()
    written = {
        (number, line.index("**Changes**") + 1) for number, line in enumerate(lines, 1) if "**Changes**: " in line
    }
    assert {(note["where"]["line"], note["where"]["column"]) for note in notes} == written
    assert len(written) == 809
    assert "809 notes" in result.stderr


def test_the_releases_that_the_notes_of_a_real_document_name(zulip):
    named = Counter(
        ".".join(anchor.release.split(".")[:2])
        for note in notes_of(load(zulip))
        for anchor in note.anchors
        if anchor.release is not None
    )
    assert named == {
        "10.0": 253 + 6,  # six say "Before 10.0", without the product
        "9.0": 81,
        "8.0": 156,
        "7.0": 83,
        "6.0": 67,
        "5.0": 177,
        "4.0": 76 + 1,  # one says "Zulip Server 4.0"
        "3.1": 2,
        "3.0": 56,
        "2.1": 18 - 1,  # one sentence names it twice
        "2.0": 5,
    }


def test_the_level_table_of_a_real_changelog(corpus, levelbook):
    result = levelbook("levels", "--from", corpus / "zulip-10.2" / "api_docs" / "changelog.md", "--format", "json")
    table = json.loads(result.stdout)
    assert (table["product"], table["name"], table["current"]) == ("Zulip", "feature level", 372)
    assert [(row["version"], row.get("level")) for row in table["releases"]] == [
        ("10.0", 372),
        ("9.0", 278),
        ("8.0", 237),
        ("7.0", 185),
        ("6.2", 157),
        ("6.0", 156),
        ("5.0", 122),
        ("4.0", 65),
        ("3.1", 27),
        ("3.0", 25),
        ("2.1", None),
        ("2.0", None),
    ]
    assert "66-69" in table["reserved"]


REFUSED = [
    ("type=carrier-pigeon&to=[9]&content=x", '`type` is "carrier-pigeon", but the document allows only', "body/type"),
    ("type=direct&to=[9]", "the body lacks `content`, which is required", "body"),
    ("type=direct&to=1.5&content=x", "`to` is 1.5, but the document says string, integer or array", "body/to"),
]


@pytest.mark.parametrize("which", ["demo", "zulip"])
@pytest.mark.parametrize(("form", "message", "place"), REFUSED)
def test_a_request_that_the_page_would_refuse(which, form, message, place, levelbook, request):
    spec = "api_spec/openapi.yaml" if which == "demo" else request.getfixturevalue("zulip")
    line = {
        "request": {
            "method": "POST",
            "url": "https://chat.example.com/api/v1/messages",
            "body": form,
            "headers": {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"},
        }
    }
    result = levelbook("validate", spec, "-", "--format", "ndjson", stdin=json.dumps(line).encode())
    row = json.loads(result.stdout)
    assert (row["outcome"], row["operation"]) == ("invalid", "POST /messages")
    assert message in row["problems"][0]["message"]
    assert row["problems"][0]["in"] == place


PAGE_EXAMPLES = [
    'type=stream&to="Denmark"&topic=Castle&content=I come not, friends, to steal away your hearts.',
    "type=direct&to=[9]&content=With mirth and laughter let old wrinkles come.",
    "type=private&to=[9, 10]&content=Hello&queue_id=fb67bf8a-c031-47cc-84cf-ed80accacda8&local_id=100.01&read_by_sender=true",
]


@pytest.mark.parametrize("which", ["demo", "zulip"])
@pytest.mark.parametrize("form", PAGE_EXAMPLES)
def test_the_examples_of_the_page_are_valid(which, form, levelbook, request):
    spec = "api_spec/openapi.yaml" if which == "demo" else request.getfixturevalue("zulip")
    line = {
        "request": {
            "method": "POST",
            "url": "/api/v1/messages",
            "body": form.replace(" ", "+"),
            "headers": {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"},
        },
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/json"},
            "body": '{"automatic_new_visibility_policy": 2, "id": 42, "msg": "", "result": "success"}',
        },
    }
    result = levelbook("validate", spec, "-", stdin=json.dumps(line).encode())
    assert result.exit_code == 0, result.output
