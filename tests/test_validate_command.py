"""`levelbook validate` at size: batches, processes, HAR, engines, exemptions, strictness."""

import json
import re
import sys
from datetime import datetime, timedelta

import pytest

SPEC = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: /v1}]
paths:
  /a:
    get:
      parameters: [{name: n, in: query, schema: {type: integer, maximum: 9}}]
      responses: {"200": {description: d, content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}}}
  /b/{x}:
    get:
      parameters: [{name: x, in: path, required: true, style: label, schema: {type: integer}}]
      responses: {"200": {description: d}}
webhooks:
  news: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object, required: [text]}}}}, responses: {"204": {description: d}}}}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "api.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)

    def write(lines, name="t.ndjson", config=""):
        (tmp_path / name).write_text(
            "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
        )
        if config:
            (tmp_path / "levelbook.toml").write_text(f'spec = "api.yaml"\n{config}')
        return name

    return write


def get(url, response=None, **more):
    return {"request": {"method": "GET", "url": url, **more}} | ({"response": response} if response else {})


def rows(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


MANY = [get(f"/v1/a?n={number % 11}") for number in range(5000)]


def test_several_processes_give_what_one_gives(levelbook, project, monkeypatch):
    monkeypatch.setattr("levelbook.cli.batches._BYTES", 20_000)
    file = project([*MANY[:3000], "{ damaged\n", "\n", *MANY[3000:]])
    alone = levelbook("validate", "api.yaml", file, "--format", "ndjson", "--jobs", "1")
    together = levelbook("validate", "api.yaml", file, "--format", "ndjson", "--jobs", "3")
    assert alone.stdout == together.stdout
    assert alone.stderr == together.stderr
    found = rows(alone)
    assert [row["index"] for row in found] == list(range(5001))
    assert found[3000]["problems"][0]["where"] == {"file": file, "line": 3001, "column": 1}
    assert sum(row["outcome"] == "invalid" for row in found) == 1 + sum(number % 11 > 9 for number in range(5000))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_json_is_one_object_however_it_was_read(levelbook, project, monkeypatch, jobs):
    monkeypatch.setattr("levelbook.cli.batches._BYTES", 2000)
    file = project(MANY[:200])
    told = json.loads(levelbook("validate", "api.yaml", file, "--format", "json", "--jobs", jobs).stdout)
    assert [row["index"] for row in told["exchanges"]] == list(range(200))
    assert len(told["problems"]) == sum(number % 11 > 9 for number in range(200))


def test_nothing_is_something_too(levelbook, project):
    for form, expected in (("json", {"exchanges": [], "problems": []}), ("ndjson", None)):
        result = levelbook("validate", "api.yaml", project([]), "--format", form)
        assert result.exit_code == 0
        assert (json.loads(result.stdout) if result.stdout else None) == expected


def har(count):
    entry = {
        "request": {"method": "GET", "url": "http://h/v1/a?n=1", "headers": []},
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"text": '{"id": 1}'},
        },
    }
    return json.dumps({"log": {"version": "1.2", "entries": [entry] * count}}, indent=1)


def test_har_is_read_entry_by_entry(levelbook, project, monkeypatch):
    monkeypatch.setattr("levelbook.cli.batches._ENTRIES", 7)
    result = levelbook("validate", "api.yaml", project([har(50)], "t.har"), "--format", "ndjson", "--jobs", "2")
    assert [row["index"] for row in rows(result)] == list(range(50))
    assert "50 exchanges: 50 valid" in result.stderr


def test_a_har_file_that_breaks_off(levelbook, project):
    text = har(5)
    result = levelbook("validate", "api.yaml", project([text[: len(text) - 100]], "t.har"), "--format", "ndjson")
    found = rows(result)
    assert [row["outcome"] for row in found] == ["valid"] * 4 + ["invalid"]
    assert "after 4 entries this HAR file breaks off" in found[-1]["problems"][0]["message"]


def test_webhooks_have_a_name_in_the_record(levelbook, project):
    request = {"method": "POST", "url": "http://subscriber/", "headers": {"Content-Type": "application/json"}}
    lines = [
        {"request": request | {"body": '{"text": "x"}'}, "response": {"status": 204}, "webhook": "news"},
        {"request": request | {"body": "{}"}, "webhook": "news"},
        {"request": request | {"body": "{}"}, "webhook": "olds"},
        {"request": request, "webhook": 5},
    ]
    found = rows(levelbook("validate", "api.yaml", project(lines), "--format", "ndjson"))
    assert [row["outcome"] for row in found] == ["valid", "invalid", "invalid", "invalid"]
    assert [row["problems"][0]["hint"] for row in found[2:3]] == ["did you mean `POST news`?"]
    assert "`webhook` is 5" in found[3]["problems"][0]["message"]


def test_two_engines_and_where_they_differ(levelbook, project):
    file = project([get("/v1/a?n=1"), get("/v1/b/.5"), get("/v1/a?n=x")])
    both = levelbook("validate", "api.yaml", file, "--engine", "both")
    assert both.exit_code == 1
    assert "exchange 1: the engines differ: levelbook: valid; openapi-core: invalid" in both.stdout
    theirs = rows(levelbook("validate", "api.yaml", file, "--engine", "openapi-core", "--format", "ndjson"))
    assert [row["outcome"] for row in theirs] == ["valid", "invalid", "invalid"]
    assert theirs[2]["problems"][0]["in"] == "query.n"


STRICT = [((), ["valid", "valid"], 0), (("--strict",), ["invalid", "invalid"], 1), (("--warn",), ["valid", "valid"], 0)]


@pytest.mark.parametrize(("options", "outcomes", "code"), STRICT, ids=["off", "strict", "warn"])
def test_strictness(levelbook, project, options, outcomes, code):
    answer = {"status": 200, "headers": {"content-type": "application/json"}, "body": '{"id": 1, "more": 2}'}
    file = project([get("/v1/a?m=1"), get("/v1/a", answer)])
    result = levelbook("validate", "api.yaml", file, *options, "--format", "ndjson")
    found = rows(result)
    assert [row["outcome"] for row in found] == outcomes
    assert result.exit_code == code
    severity = {"--strict": "error", "--warn": "warning"}.get("".join(options))
    told = [(problem["severity"], problem["in"]) for row in found for problem in row["problems"]]
    assert told == ([] if severity is None else [(severity, "query.m"), (severity, "response.body/more")])


def exempt(**facts):
    return "[[validate.exempt]]\n" + "".join(
        f"{name} = {value if name == 'until' else json.dumps(value)}\n" for name, value in facts.items()
    )


TODAY = datetime.now().astimezone().date()
SOON, LATE = TODAY + timedelta(days=9), TODAY - timedelta(days=1)
EXEMPT = [
    (exempt(reason="health", operation="GET /v1/health"), ["skipped", "invalid"], "exempt: health"),
    (exempt(reason="soon", operation="GET /v1/h*", until=SOON), ["skipped", "invalid"], "exempt: soon"),
    (exempt(reason="late", operation="GET /v1/h*", until=LATE), ["invalid", "invalid"], f"the exemption “late” has expired on {LATE}"),
    (exempt(reason="any", rule="unknown-*"), ["skipped", "invalid"], "exempt: any"),
    (exempt(reason="n", place="query.n"), ["invalid", "skipped"], "exempt: n"),
    (exempt(reason="idle", status="5XX"), ["invalid", "invalid"], "the exemption “idle” was not needed"),
]  # fmt: skip


@pytest.mark.parametrize(("config", "outcomes", "told"), EXEMPT, ids=[row[2] for row in EXEMPT])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_exemptions(levelbook, project, config, outcomes, told, jobs):
    file = project([get("/v1/health"), get("/v1/a?n=99")], config=config)
    result = levelbook("validate", "api.yaml", file, "--format", "ndjson", "--jobs", jobs)
    assert [row["outcome"] for row in rows(result)] == outcomes
    assert told in result.output


CONFIG = [
    ("[validate]\nstrikt = 1", "there is no setting `strikt`; did you mean `strict`?"),
    ("[validate]\nstrict = 1", "`strict` is 1; it may be off, warn, error"),
    ("[validate]\nhosts = 1", "`hosts` is true or false"),
    ("[validate]\nfail_under = 101", "`fail_under` is a number from 0 to 100"),
    ("[validate]\nknown_headers = 5", "`known_headers` takes a list of texts"),
    ("[validate]\nexempt = 5", "`exempt` takes a list of tables"),
    ("[[validate.exempt]]\noperation = 'x'", "exempt 1: there is no `reason`"),
    ("[[validate.exempt]]\nreason = 'x'\nuntil = 'x'", "`until` takes a date (2027-01-31)"),
    ("[[validate.exempt]]\nreasn = 'x'", "there is no setting `reasn`; did you mean `reason`?"),
    ("validate = 5", "`validate` takes a table"),
]


@pytest.mark.parametrize(("config", "message"), CONFIG, ids=[row[0].replace("\n", " ") for row in CONFIG])
def test_a_configuration_that_is_wrong(levelbook, project, config, message):
    result = levelbook("validate", "api.yaml", project([], config=config))
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


SETTINGS = [
    ('strict = "error"\n', {"X-Mine": "1"}, "invalid"),
    ('strict = "error"\nknown_headers = ["X-Mine"]\n', {"X-Mine": "1"}, "valid"),
    ('strict = "error"\n', {"User-Agent": "me", "Sec-Fetch-Mode": "cors"}, "valid"),
]


@pytest.mark.parametrize(("config", "headers", "outcome"), SETTINGS)
def test_headers_in_strict_mode(levelbook, project, config, headers, outcome):
    file = project([get("/v1/a", headers=headers)], config="[validate]\n" + config)
    assert rows(levelbook("validate", "api.yaml", file, "--format", "ndjson"))[0]["outcome"] == outcome


@pytest.mark.parametrize(
    ("config", "outcome"),
    [("ignore_formats = []", "invalid"), ('ignore_formats = ["date"]', "valid"), ('ignore_formats = ["*"]', "valid")],
)
def test_formats_are_asserted_unless_told_otherwise(levelbook, project, config, outcome, tmp_path):
    file = project([get("/v1/d?on=yesterday")], config=f"[validate]\n{config}\n")
    path = "  /d: {get: {parameters: [{name: on, in: query, schema: {type: string, format: date}}], responses: {'200': {description: d}}}}\n"
    (tmp_path / "api.yaml").write_text(SPEC.replace("webhooks:", f"{path}webhooks:"))
    assert rows(levelbook("validate", "api.yaml", file, "--format", "ndjson"))[0]["outcome"] == outcome


@pytest.mark.parametrize(
    ("url", "outcome"),
    [("http://evil.example/v1/a", "invalid"), ("http://h.example/v1/a", "valid"), ("/v1/a", "valid")],
)
def test_hosts_count_where_that_is_asked_for(levelbook, project, url, outcome, tmp_path):
    file = project([get(url)], config="[validate]\nhosts = true\n")
    (tmp_path / "api.yaml").write_text(SPEC.replace("url: /v1", "url: 'http://h.example/v1'"))
    assert rows(levelbook("validate", "api.yaml", file, "--format", "ndjson"))[0]["outcome"] == outcome


def test_the_long_form_shows_the_document(levelbook, project):
    result = levelbook("validate", "api.yaml", project([get("/v1/a?n=99")]), "--format", "long")
    assert re.search(r"\n    \d+ \|       parameters: .*maximum: 9.*\n +\| +\^\n", result.stdout)


def test_a_file_that_was_probably_meant(levelbook, project):
    project([], "traffic.ndjson")
    result = levelbook("validate", "api.yaml", "trafic.ndjson")
    assert result.exit_code == 2
    assert "did you mean traffic.ndjson?" in " ".join(result.output.split())


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_progress_is_shown_on_a_terminal_and_nowhere_else(project):
    import os
    import pty
    import subprocess

    file = project(MANY[:50])
    command = [sys.executable, "-m", "levelbook", "validate", "api.yaml", file, "--format", "ndjson"]
    master, slave = pty.openpty()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=slave, check=False)
    os.close(slave)
    told = os.read(master, 65536).decode()
    os.close(master)
    assert "judging" in told
    assert "50 exchanges" in told
    plain = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    assert plain.stderr == "50 exchanges: 46 valid, 4 invalid, 0 skipped\n"


def test_webhooks_have_no_levels_and_no_second_engine(levelbook, project):
    request = {
        "method": "POST",
        "url": "http://s/",
        "headers": {"Content-Type": "application/json"},
        "body": '{"text": ""}',
    }
    file = project([{"request": request, "response": {"status": 204}, "webhook": "news"}])
    assert "valid at no level" not in levelbook("validate", "api.yaml", file, "--needs").stdout
    assert levelbook("validate", "api.yaml", file, "--engine", "both").exit_code == 0
    (row,) = rows(levelbook("validate", "api.yaml", file, "--engine", "openapi-core", "--format", "ndjson"))
    assert (row["outcome"], row["reason"]) == ("skipped", "openapi-core is not asked about webhooks")


def test_needs_judges_as_the_project_does(levelbook, project, tmp_path):
    path = "  /d: {get: {parameters: [{name: on, in: query, schema: {type: string, format: date}}], responses: {'200': {description: d}}}}\n"
    file = project([get("/v1/d?on=yesterday")], config='[validate]\nignore_formats = ["date"]\n')
    (tmp_path / "api.yaml").write_text(SPEC.replace("webhooks:", f"{path}webhooks:"))
    (row,) = rows(levelbook("validate", "api.yaml", file, "--needs", "--format", "ndjson"))
    assert row["levels"]["valid"] is True


def test_compile_takes_the_configuration_along(levelbook, project, tmp_path):
    path = "  /d: {get: {parameters: [{name: on, in: query, schema: {type: string, format: date}}], responses: {'200': {description: d}}}}\n"
    project([], config='[validate]\nstrict = "error"\nignore_formats = ["date"]\nknown_headers = ["X-Mine"]\n')
    (tmp_path / "api.yaml").write_text(SPEC.replace("webhooks:", f"{path}webhooks:"))
    assert levelbook("compile", "api.yaml", "-o", "made.py").exit_code == 0
    names = {}
    exec((tmp_path / "made.py").read_text(), names)  # noqa: S102
    judge, request = names["validator"].request, names["Request"]
    assert judge(request("GET", "/v1/d?on=yesterday", {"X-Mine": "1"})).valid
    assert not judge(request("GET", "/v1/d?on=yesterday", {"X-Other": "1"})).valid


def test_a_pattern_that_a_standalone_module_cannot_judge(levelbook, project, tmp_path):
    project([])
    path = "  /p: {get: {parameters: [{name: q, in: query, schema: {type: string, pattern: '^\\p{Greek}+$'}}], responses: {'200': {description: d}}}}\n"
    (tmp_path / "api.yaml").write_text(SPEC.replace("webhooks:", f"{path}webhooks:"))
    assert levelbook("compile", "api.yaml", "-o", "thin.py").exit_code == 0
    result = levelbook("compile", "api.yaml", "-o", "alone.py", "--standalone")
    assert result.exit_code == 3
    assert "the Unicode property Greek is not known to Python" in result.stdout
    assert not (tmp_path / "alone.py").exists()


HOSTS = [
    ("https://{r}.example.com/v1", "{r: {default: eu, enum: [eu, us]}}", "https://us.example.com/v1/a", "valid"),
    ("https://{r}.example.com/v1", "{r: {default: eu, enum: [eu, us]}}", "https://cn.example.com/v1/a", "invalid"),
    ("https://{r}.example.com/v1", "{r: {default: eu}}", "https://cn.example.com/v1/a", "valid"),
    ("https://eu.example.com/v1", "{}", "https://eu.example.com:443/v1/a", "valid"),
    ("https://eu.example.com/v1", "{}", "//eu.example.com/v1/a", "valid"),
    ("/v1", "{}", "https://any.example.com/v1/a", "valid"),
]


@pytest.mark.parametrize(("server", "variables", "url", "outcome"), HOSTS)
def test_the_hosts_of_servers(levelbook, project, tmp_path, server, variables, url, outcome):  # noqa: PLR0917
    file = project([get(url)], config="[validate]\nhosts = true\n")
    (tmp_path / "api.yaml").write_text(SPEC.replace("{url: /v1}", f"{{url: '{server}', variables: {variables}}}"))
    assert rows(levelbook("validate", "api.yaml", file, "--format", "ndjson"))[0]["outcome"] == outcome


def test_the_document_comes_first(levelbook, project):
    result = levelbook("validate", project([]), "api.yaml")
    assert result.exit_code == 2
    message = " ".join(result.output.split())
    assert "t.ndjson looks like traffic; the document comes first: levelbook validate api.yaml t.ndjson" in message
