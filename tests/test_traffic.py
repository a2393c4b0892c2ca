"""Recorded exchanges: NDJSON and HAR, whole and damaged."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from levelbook.traffic import judge_frame, validator_for
from levelbook.validate.traffic import read_traffic

RECIPE = (Path(__file__).parent.parent / "site" / "traffic.md").read_text()

GET = {"method": "GET", "url": "/a"}


def entries(data):
    return list(read_traffic(BytesIO(data if isinstance(data, bytes) else data.encode()), "t"))


LINES = [
    ({"request": GET}, ("/a", (), None, None)),
    ({"request": GET | {"headers": {"A": "b"}, "body": "x"}}, ("/a", (("a", "b"),), b"x", None)),
    (
        {"request": GET | {"headers": [["A", "b"], ["A", "c"]], "body": None}},
        ("/a", (("a", "b"), ("a", "c")), None, None),
    ),
    ({"request": GET | {"body_base64": "eA=="}, "response": {"status": 200}}, ("/a", (), b"x", 200)),
    ({"request": GET, "response": None}, ("/a", (), None, None)),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_lines(line, expected):
    (entry,) = entries(json.dumps(line))
    request, response = entry.request, entry.response
    assert (request.url, request.headers, request.body, response.status if response else None) == expected


DAMAGED = [
    ("{", "this line is not JSON"),
    ("[]", "no exchange"),
    ("5", "no exchange"),
    ('{"response": {}}', "no `request`"),
    ('{"request": {}}', "no `request` with `method` and `url`"),
    ('{"request": {"method": 1, "url": "/"}}', "`method` is 1, not a text"),
    ('{"request": {"method": "GET", "url": "/", "headers": 5}}', "`headers` is neither"),
    ('{"request": {"method": "GET", "url": "/", "headers": [["a"]]}}', "`headers` is neither"),
    ('{"request": {"method": "GET", "url": "/", "headers": {"a": 1}}}', "not a text"),
    ('{"request": {"method": "GET", "url": "/", "body": {}}}', "`body` is neither a text nor null"),
    ('{"request": {"method": "GET", "url": "/", "body_base64": "?"}}', "`body_base64` is not base64"),
    ('{"request": {"method": "GET", "url": "/"}, "response": {"status": "200"}}', "`status` is '200'"),
    ('{"request": {"method": "GET", "url": "/"}, "response": {"status": 99}}', "`status` is 99"),
    ('{"request": {"method": "GET", "url": "/"}, "response": true}', "`response` is True, not an object"),
    ('{"request": {"method": "GET", "url": "/"}, "response": []}', "`response` is [], not an object"),
    ('{"request": {"method": "GET", "url": "/"}, "response": "ok"}', "`response` is 'ok', not an object"),
]


@pytest.mark.parametrize(("line", "message"), DAMAGED)
def test_a_damaged_line_is_a_problem_and_the_rest_goes_on(line, message):
    good = json.dumps({"request": GET})
    found = entries(f"{good}\n{line}\n\n{good}\n")
    assert [entry.problem is None for entry in found] == [True, False, True]
    assert message in found[1].problem.message
    assert found[1].problem.where.line == 2


HAR = {
    "log": {
        "entries": [
            {
                "request": {
                    "method": "POST",
                    "url": "https://x/a",
                    "headers": [{"name": "A", "value": "b"}, {"name": ":path", "value": "/a"}],
                    "postData": {"mimeType": "text/plain", "text": "x"},
                },
                "response": {"status": 200, "headers": [], "content": {"encoding": "base64", "text": "eA=="}},
            },
            {"request": {"method": "GET", "url": "/b", "headers": []}, "response": {"status": 0}},
            {"nothing": 1},
        ]
    }
}


@pytest.mark.parametrize("indent", [None, 1])
def test_har(indent):
    first, second, third = entries(json.dumps(HAR, indent=indent))
    assert (first.request.method, first.request.headers, first.request.body) == ("POST", (("a", "b"),), b"x")
    assert (first.response.status, first.response.body) == (200, b"x")
    assert second.response is None
    assert "entry 2 of this HAR file" in third.problem.message


@pytest.mark.parametrize("indent", [None, 1])
def test_har_of_nothing(indent):
    assert entries(json.dumps({"log": {"version": "1.2", "entries": []}}, indent=indent)) == []


def test_neither_ndjson_nor_har():
    assert "neither NDJSON" in entries('{\n"a": 1\n}')[0].problem.message
    assert "neither NDJSON" in entries('{"log": {"version": "1.2"}}')[0].problem.message
    assert entries("") == []


def test_a_frame_is_judged_for_engines_of_large_data(tmp_path):
    pandas = pytest.importorskip("pandas")
    good = {"request": {"method": "GET", "url": "/api/v1/users", "headers": {"Authorization": "Basic eDp5"}}}
    frame = pandas.DataFrame(
        {"exchange": [json.dumps(good), "{", json.dumps({"request": GET})], "host": ["a", "b", "c"]}
    )
    judged = judge_frame(frame, "api_spec/openapi.yaml")
    assert list(judged["outcome"]) == ["valid", "invalid", "invalid"]
    assert list(judged["operation"]) == ["GET /users", "", ""]
    assert list(judged["host"]) == ["a", "b", "c"]
    assert json.loads(judged["problems"][2])[0]["rule"] == "unknown-path"


@pytest.mark.filterwarnings("ignore")  # between Dask and pandas, not ours
def test_the_recipe_for_more_than_one_machine(tmp_path):
    dask = pytest.importorskip("dask.dataframe")
    pandas = pytest.importorskip("pandas")
    good = json.dumps(
        {"request": {"method": "GET", "url": "/api/v1/users", "headers": {"Authorization": "Basic eDp5"}}}
    )
    for part in range(3):
        lines = [good] * 40 + ["{"] * part
        pandas.DataFrame({"exchange": lines}).to_parquet(tmp_path / f"part{part}.parquet")
    recipe = RECIPE.split("```python\n", 1)[1].split("```", 1)[0]
    names = {
        "SPEC": "api_spec/openapi.yaml",
        "TRAFFIC": str(tmp_path / "*.parquet"),
        "RESULT": str(tmp_path / "judged"),
    }
    exec(recipe, names)  # noqa: S102  # what the page shows
    assert names["totals"].to_dict() == {"valid": 120, "invalid": 3}
    kept = dask.read_parquet(tmp_path / "judged").compute()
    assert sorted(kept["outcome"].unique()) == ["invalid"]


def test_one_validator_serves_a_process():
    assert validator_for("api_spec/openapi.yaml") is validator_for("api_spec/openapi.yaml")
    assert validator_for("api_spec/openapi.yaml", "5.0") is not validator_for("api_spec/openapi.yaml")


def har_entry(**parts):
    request = {"method": "POST", "url": "https://x/a", "headers": []} | parts.get("request", {})
    return json.dumps({"log": {"entries": [{"request": request, "response": parts.get("response")}]}})


def test_what_a_har_file_does_not_hold():
    content = {"size": 1234, "mimeType": "application/json"}
    (entry,) = entries(har_entry(response={"status": 200, "headers": [], "content": content}))
    assert (entry.response.body, entry.response.unread) == (None, "the file does not hold it")
    posted = {"mimeType": "multipart/form-data; boundary=b", "params": [{"name": "a", "value": "1"}]}
    (entry,) = entries(har_entry(request={"postData": posted}))
    assert (entry.request.body, entry.request.unread) == (None, "the file does not hold it")
    posted = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1 2"}]}
    (entry,) = entries(har_entry(request={"postData": posted}))
    assert (entry.request.body, entry.request.unread) == (b"a=1+2", "")
