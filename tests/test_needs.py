"""Which levels an exchange is valid at, and why."""

import json

import pytest

from levelbook import Request, Response, load
from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.notes import notes_of
from levelbook.validate.needs import Needs

HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic eDp5"}
JSON = {"Content-Type": "application/json"}
DONE = '{"id": 1, "msg": "", "result": "success"%s}'

ROWS = [
    ("any level", "type=stream&to=[9]&content=x", None, (None, None), []),
    ("a value that was added", "type=channel&to=[9]&content=x", None, (248, None), ["POST /messages > form:type"]),
    ("an earlier one", "type=direct&to=[9]&content=x", None, (174, None), ["POST /messages > form:type"]),
    ("a field that is gone", "type=stream&to=[9]&content=x", ', "deliver_at": "x"', (None, 178), ["POST /messages > 200"]),
    ("a field that came", "type=stream&to=[9]&content=x", ', "automatic_new_visibility_policy": 2', (218, None),
     ["POST /messages > 200 .automatic_new_visibility_policy"]),
    ("both at once", "type=channel&to=[9]&content=x", ', "deliver_at": "x"', None, []),
]  # fmt: skip


@pytest.fixture(scope="module")
def needs():
    api = load("api_spec/openapi.yaml")
    return Needs(api, notes_of(api))


@pytest.mark.parametrize(("form", "more", "expected", "why"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_ranges(needs, form, more, expected, why):
    request = Request("POST", "/api/v1/messages", HEADERS, form.encode())
    response = Response(200, JSON, (DONE % more).encode()) if more is not None else None
    found = needs.of(request, response, "POST /messages")
    assert (found.least, found.most) == (expected or (None, None))
    assert found.valid == (expected is not None)
    assert [note.address for note in (*found.why_least, *found.why_most)] == why


@pytest.mark.parametrize(
    ("earlier", "since", "most"),
    [("2023-06-01", "2024-01-01", "2023-06-01"), ("1.9.3", "2.0.0", "1.9.3")],
)
def test_the_highest_level_is_one_that_exists(earlier, since, most):
    api = from_documents(
        Documents(
            parse(
                f"""
openapi: 3.1.0
info:
  title: T
  version: "1"
  x-levels: {{current: "{since}", releases: [{{version: b, level: "{since}"}}, {{version: a, level: "{earlier}"}}]}}
paths:
  /a:
    get:
      parameters:
        - name: sort
          in: query
          schema: {{enum: [up], x-changes: [{{level: "{since}", before: {{enum: [up, down]}}}}]}}
      responses: {{"200": {{description: d}}}}
""",
                "api.yaml",
            )
        )
    )
    found = Needs(api, notes_of(api)).of(Request("GET", "/a?sort=down"), None, "GET /a")
    assert (found.least, found.most) == (None, most)


def test_dates_as_levels_and_advice_on_behaviour():
    api = from_documents(
        Documents(
            parse(
                """
openapi: 3.1.0
info:
  title: T
  version: "1"
  x-levels: {name: version, current: "2024-06-01", releases: [{version: "2024-06-01", level: "2024-06-01"}]}
paths:
  /a:
    get:
      x-changes:
        - {level: "2024-03-01", kind: behavior, text: Sorted by name.}
        - {level: "2023-01-01", kind: behavior, text: Long before.}
      parameters:
        - name: sort
          in: query
          schema: {enum: [up, down], x-changes: [{level: "2024-01-01", before: {enum: [up]}}]}
      responses: {"200": {description: d}}
""",
                "api.yaml",
            )
        )
    )
    found = Needs(api, notes_of(api)).of(Request("GET", "/a?sort=down"), None, "GET /a")
    assert (found.least, found.most) == ("2024-01-01", None)
    assert [note.text for note in found.advice] == ["Sorted by name."]


def test_on_the_command_line(levelbook, tmp_path):
    lines = [
        {"request": {"method": "POST", "url": "/api/v1/messages", "headers": HEADERS, "body": row[1]}}
        for row in ROWS[:3]
    ]
    lines += [{"request": {"method": "GET", "url": "/api/v1/nowhere"}}]
    traffic = tmp_path / "t.ndjson"
    traffic.write_text("".join(json.dumps(line) + "\n" for line in lines))
    rows = [
        json.loads(line)
        for line in levelbook(
            "validate", "api_spec/openapi.yaml", traffic, "--needs", "--format", "ndjson"
        ).stdout.splitlines()
    ]
    assert [(row["levels"]["min"], row["levels"]["max"], row["levels"]["valid"]) for row in rows] == [
        (None, None, True),
        (248, None, True),
        (174, None, True),
        (None, None, False),
    ]
    assert rows[1]["levels"]["why"][0]["address"] == "POST /messages > form:type"
    text = levelbook("validate", "api_spec/openapi.yaml", traffic, "--needs").stdout
    assert "POST /messages (3 exchanges): from level 248\n    api_spec/openapi.yaml:" in text
    assert "no operation (1 exchange): 1 valid at no level\n" in text
    assert text.endswith("all together: from level 248\n")


def test_a_client_of_former_times(levelbook, tmp_path):
    answer = {"status": 200, "headers": JSON, "body": DONE % ', "deliver_at": "x"'}
    request = {"method": "POST", "url": "/api/v1/messages", "headers": HEADERS, "body": ROWS[3][1]}
    (tmp_path / "t.ndjson").write_text(json.dumps({"request": request, "response": answer}) + "\n")
    text = levelbook("validate", "api_spec/openapi.yaml", tmp_path / "t.ndjson", "--needs").stdout
    assert "\nPOST /messages (1 exchange): up to level 178\n" in text
    assert text.endswith("all together: up to level 178\n")
