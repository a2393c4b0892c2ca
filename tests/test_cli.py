"""The command line: what it prints where, and how it ends."""

import json

import pytest

GOOD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\n'
UNREADABLE = [
    ("no such file", None, "there is no such file", "hint: in"),
    ("a directory", ..., "this is a directory, not a document", ""),
    ("empty", b"", "the file is empty", "hint: an OpenAPI document begins with"),
    ("a tab", b"a:\n\tb: 1", ":2:1: error: a tab is used for indentation", "hint: replace the tab by spaces"),
    ("a duplicate key", b"a: 1\na: 2", ":2:1: error: the key `a` stands twice", "hint: remove one"),
    ("Swagger 2.0", b'swagger: "2.0"', ":1:1: error: this is Swagger 2.0", "hint: convert it first"),
    ("no OpenAPI", b"opanapi: 3.1.0", "there is no `openapi` key", "did you mean `openapi` where `opanapi` stands?"),
    ("a number as version", b"openapi: 3.1", "`openapi` is 3.1, a number", "hint: write for instance `openapi: 3.1.0`"),
    ("a later version", b"openapi: 4.0.0", '`openapi` is "4.0.0"; levelbook reads 3.0.x, 3.1.x and 3.2.x', ""),
    ("a list", b"[1]", "an OpenAPI document is a mapping, and this is a list", ""),
    ("binary", b"\x89PNG\r\n\x1a\n\x00\x00", "this is a binary file", "hint: is this the right file?"),
    ("not UTF-8", b"a: \xe9", ":1:4: error: the byte 0xE9 is not UTF-8", "hint: save the file as UTF-8"),
]


@pytest.mark.parametrize("command", ["check", "build", "changes", "levels"])
@pytest.mark.parametrize(
    ("content", "message", "hint"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE]
)
def test_documents_that_cannot_be_read(levelbook, tmp_path, command, content, message, hint):
    path = tmp_path / "other.yaml"
    path.write_text(GOOD)
    path = tmp_path if content is ... else tmp_path / "api.yaml"
    if isinstance(content, bytes):
        path.write_bytes(content)
    result = levelbook(command, path)
    assert result.exit_code == 3
    assert message in result.stdout
    assert hint in result.stdout
    assert "Traceback" not in result.output


NO_PATHS = [
    (
        b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npath: {}",
        ":3:1: error: there is no `path` in OpenAPI",
        "did you mean `paths`?",
    ),
    (
        b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: 5",
        ":3:1: error: `paths` is a single value, and it is a mapping",
        "each with a colon",
    ),
    (b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\nwebhooks: []", "`webhooks` is a list", ""),
]


@pytest.mark.parametrize(("content", "message", "hint"), NO_PATHS)
def test_operations_that_are_not_found_are_asked_about(levelbook, tmp_path, content, message, hint):
    """Nothing that shows or serves the document takes it for one without operations; `check` says all of it."""
    (tmp_path / "api.yaml").write_bytes(content)
    for command in ("build", "changes", "mock"):
        result = levelbook(command, tmp_path / "api.yaml")
        assert result.exit_code == 3
        assert message in result.stdout
        assert hint in result.stdout
    assert levelbook("check", tmp_path / "api.yaml").exit_code == 1


NOWHERE = [
    ([], "name an OpenAPI document (.yaml, .yml or .json); `levelbook new DIR` makes a project to begin with"),
    (["mine.yaml"], "in . there is: mine.yaml"),
]


@pytest.mark.parametrize(("there", "hint"), NOWHERE)
def test_a_folder_without_a_project(levelbook, tmp_path, monkeypatch, there, hint):
    monkeypatch.chdir(tmp_path)
    for name in there:
        (tmp_path / name).write_text(GOOD)
    result = levelbook("build")
    assert result.exit_code == 3
    assert "api_spec/openapi.yaml: error: there is no such file [unreadable]" in result.stdout
    assert f"hint: there is no folder api_spec either; {hint}\n" in result.stdout


def test_unreadable_documents_are_records_too(levelbook, tmp_path):
    result = levelbook("check", tmp_path / "api.yaml", "--format", "json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["problems"][0]["rule"] == "unreadable"


WRONG_USE = [
    (["chek"], "No such command `chek`. Did you mean `check`?"),
    (["xyzzy"], "There are: at, audit, build, changes"),
    (["check", "--formt", "json"], "No such option '--formt'"),
    (["check", "--format", "yaml"], "'yaml' is not one of"),
    (["check", "--explain", "ambiguos-paths"], "did you mean `ambiguous-paths`?"),
    (["validate", "api_spec/openapi.yaml"], "Missing argument 'TRAFFIC...'"),
    (["validate", "api_spec/openapi.yaml", "nowhere.ndjson"], "the traffic file nowhere.ndjson cannot be read"),
    (["build", "--only", "GET /nowhere"], "the document has no operation `GET /nowhere`"),
    (["build", "--only", "send-mesage"], "the document has no operation `send-mesage`; did you mean `send-message`?"),
    (["build", "--at", "99999"], "there is no feature level 99999 yet: the newest is 277"),
    (["build", "--api-url", "foo"], "--api-url is 'foo'; it is an address like https://"),
    (["changes", "--since", "x"], "`x` is neither a level nor a release"),
    (["changes", "--since", "200", "--until", "100"], "100 comes before 200: nothing is between them"),
    (["levels", "--from", "nowhere.md"], "the changelog nowhere.md cannot be read: No such file"),
    (["levels", "--from", "LICENSE"], "no heading of LICENSE names a version"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_USE, ids=[" ".join(row[0]) for row in WRONG_USE])
def test_wrong_use(levelbook, arguments, message):
    result = levelbook(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command",
    [
        "",
        "at",
        "audit",
        "build",
        "changes",
        "check",
        "examples list",
        "examples run",
        "levels",
        "mock",
        "new",
        "notes",
        "release",
        "validate",
    ],
)
def test_help_fits_a_screen_and_shows_an_example(levelbook, command):
    result = levelbook(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Example: levelbook" in result.stdout
    assert len(result.stdout.splitlines()) <= (24 if command else 30)  # without a command, all of them are listed


def test_the_demo_is_clean(levelbook):
    result = levelbook("check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "api_spec/openapi.yaml: no problems\n"


def test_findings_go_to_stdout_and_fail(levelbook, tmp_path):
    path = tmp_path / "api.yaml"
    path.write_text(GOOD.replace("paths: {}", "pahts: {}"))
    result = levelbook("check", path)
    assert result.exit_code == 1
    assert "`pahts`, which OpenAPI 3.1 does not know [openapi-schema]" in result.stdout
    assert result.stderr == f"{path}: 2 errors\n"
    assert levelbook("check", path, "-q").stderr == ""


def test_an_unknown_reference(levelbook, tmp_path):
    path = tmp_path / "api.yaml"
    path.write_text(GOOD.replace("paths: {}", "paths: {/a: {$ref: '#/nope'}}"))
    assert levelbook("check", path).exit_code == 1
    for command in ("build", "changes"):
        result = levelbook(command, path)
        assert result.exit_code == 3
        assert "the reference `#/nope` cannot be followed" in result.stdout


def test_a_rule_explains_itself(levelbook):
    result = levelbook("check", "--explain", "ambiguous-paths")
    assert result.stdout.startswith("# ambiguous-paths\n\nNo two path templates are the same")


CONFIGURATIONS = [
    ("spec = 1", "`spec` takes a text, and this is 1"),
    ("spce = 'x'", "there is no setting `spce`; did you mean `spec`?"),
    ("markdown = 'html'", "`markdown` is 'html'; it may be commonmark or python-markdown"),
    ("spec =", "is not TOML"),
    ("levels = {curent = 7}", "levels.curent: a level table has no `curent`; did you mean `current`?"),
    ("levels = {current = 7, releases = [{level = 5}]}", "levels.releases.0: the release has no version; write"),
    ("site_url = 'foo'", "`site_url` is 'foo'; it is an address like https://"),
    ("api_url = 'javascript:alert(1)'", "`api_url` is 'javascript:alert(1)'; it is an address like https://"),
]


@pytest.mark.parametrize(("text", "message"), CONFIGURATIONS)
def test_faults_of_the_configuration(levelbook, tmp_path, monkeypatch, text, message):
    (tmp_path / "levelbook.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    result = levelbook("check")
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize("name", ["pages", "templates"])
def test_folders_of_the_configuration_are_there(levelbook, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}")
    (tmp_path / "levelbook.toml").write_text(f'spec = "api.yaml"\n{name} = "gone"\n')
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 2
    assert f"levelbook.toml: `{name}` is gone, and there is no such folder" in result.stderr


def test_a_configuration_that_names_no_document_is_for_any(levelbook, tmp_path):
    (tmp_path / "doc.yaml").write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}")
    (tmp_path / "levelbook.toml").write_text('api_url = "https://own.test"\npages = "gone"\n')
    assert "there is no such folder" in levelbook("build", tmp_path / "doc.yaml", "-o", tmp_path / "out").stderr


def test_the_configuration_names_the_document(levelbook, tmp_path, monkeypatch):
    (tmp_path / "levelbook.toml").write_text("spec = 'my.yaml'\n[remote]\n'https://e.com/x.yaml' = 'x.yaml'\n")
    (tmp_path / "my.yaml").write_text(GOOD.replace("paths: {}", "paths: {/a: {$ref: 'https://e.com/x.yaml'}}"))
    (tmp_path / "x.yaml").write_text("get: {responses: {'200': {description: d}}}")
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    result = levelbook("check")
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_level_table_may_come_from_the_configuration(levelbook, tmp_path, monkeypatch):
    table = levelbook("levels", "--format", "toml").stdout
    (tmp_path / "pyproject.toml").write_text(f"[tool.levelbook]\nspec = 'api.yaml'\n{table}")
    (tmp_path / "api.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    assert json.loads(levelbook("levels", "--format", "json").stdout)["releases"][0] == {
        "version": "9.0",
        "level": 277,
        "date": "2024-07-25",
    }


LINES = """\
{"request": {"method": "GET", "url": "/api/v1/users", "headers": {"Authorization": "Basic eDp5"}}}
{"request": {"method": "GET", "url": "/api/v1/users"

{"request": {"method": "GET", "url": "/api/v1/users", "headers": [["Authorization", "Basic eDp5"]]}, "response": {"status": 500}}
"""


def test_validate_answers_a_line_per_exchange(levelbook, tmp_path):
    traffic = tmp_path / "traffic.ndjson"
    traffic.write_text(LINES)
    result = levelbook("validate", "api_spec/openapi.yaml", traffic, "--format", "ndjson")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(row["index"], row["outcome"], row["operation"]) for row in rows] == [
        (0, "valid", "GET /users"),
        (1, "invalid", None),
        (2, "invalid", "GET /users"),
    ]
    assert rows[1]["problems"][0]["where"] == {"file": str(traffic), "line": 2, "column": 1}
    assert rows[2]["problems"][0] == {
        "rule": "unknown-status",
        "severity": "error",
        "in": "response.status",
        "message": "GET /users 500: the document does not know this status",
        "hint": "it knows 200",
        "where": rows[2]["problems"][0]["where"],
        "pointer": "/paths/~1users/get/responses",
    }
    assert result.stderr == "3 exchanges: 1 valid, 2 invalid, 0 skipped\n"


def test_validate_reads_standard_input(levelbook):
    result = levelbook("validate", "api_spec/openapi.yaml", "-", stdin=LINES.splitlines()[0].encode())
    assert (result.exit_code, result.stdout) == (0, "")
    both = json.loads(
        levelbook("validate", "api_spec/openapi.yaml", "-", "--format", "json", stdin=LINES.encode()).stdout
    )
    assert len(both["exchanges"]) == 3
    assert [problem["rule"] for problem in both["problems"]] == ["traffic", "unknown-status"]


def test_a_rule_of_compatibility_explains_itself(levelbook):
    result = levelbook("check", "--explain", "request-property-became-required")
    assert result.exit_code == 0
    assert result.output.startswith("# request-property-became-required\n\nA property of a request must be there.")
    assert "**What to do.**" in result.output


OF_NOTES = [
    "undeclared-change", "empty-note", "wrong-before", "rewritten-history", "level-not-raised", "renamed", "stale-baseline",
    "grown-baseline",
]  # fmt: skip


@pytest.mark.parametrize("name", OF_NOTES)
def test_a_rule_of_notes_explains_itself(levelbook, name):
    result = levelbook("check", "--explain", name)
    assert result.exit_code == 0
    for part in (f"# {name}\n", "**Why.**", "**For example.**", "**What to do.**"):
        assert part in result.stdout
