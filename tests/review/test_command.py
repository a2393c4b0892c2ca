"""`levelbook review`: what it is given, what it prints, how it ends."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

PLAIN = """\
openapi: 3.1.0
info:
  title: Shop
  version: "1"
  x-levels: {product: Shop, name: level, current: %d}
paths:
  /items:
    get:
      parameters:
        - name: size
          in: query
          schema: {type: integer, minimum: %d}
      responses:
        "200":
          description: OK
          content:
            application/json:
              schema: {$ref: '%s#/components/schemas/Items'}
"""
SCHEMAS = """\
components:
  schemas:
    Items:
      type: object
      required: [count]
      properties:
        count: {type: integer}
"""
BASE, HEAD = PLAIN % (5, 0, "") + SCHEMAS, PLAIN % (6, 1, "") + SCHEMAS
NOTED = HEAD.replace("minimum: 1", "minimum: 1, x-changes: [{level: 6, before: {minimum: 0}}]")
SPEC = '[tool.levelbook]\nspec = "api.yaml"\n'


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("base.yaml", BASE), ("head.yaml", HEAD), ("noted.yaml", NOTED)):
        (tmp_path / name).write_text(text)
    return tmp_path


ENDS = [
    (["base.yaml", "base.yaml"], 0),
    (["base.yaml", "head.yaml"], 1),
    (["base.yaml", "noted.yaml"], 0),
    (["base.yaml", "noted.yaml", "--fail-on", "breaking"], 1),
    (["base.yaml", "head.yaml", "--fail-on", "unknown"], 0),
    (["base.yaml", "none.yaml"], 3),
    (["base.yaml", "head.yaml", "--fail-on", "all"], 2),
    (["base.yaml", "head.yaml", "--record"], 2),
    (["base.yaml", "head.yaml", "--traffic", "none.har"], 2),
    (["base.yaml", "head.yaml", "--baseline", "none.json"], 2),
]


@pytest.mark.parametrize(("arguments", "code"), ENDS, ids=[" ".join(row[0]) for row in ENDS])
def test_how_it_ends(levelbook, files, arguments, code):
    result = levelbook("review", *arguments)
    assert result.exit_code == code
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("fail_on", "code"), [([], 1), (["--fail-on", "undeclared"], 0)])
def test_a_document_without_levels_is_held_to_compatibility(levelbook, files, fail_on, code):
    for name in ("base.yaml", "head.yaml"):
        (files / name).write_text(
            (files / name).read_text().partition("  x-levels")[0] + "paths:" + HEAD.partition("paths:")[2]
        )
    (files / "head.yaml").write_text((files / "head.yaml").read_text().replace("minimum: 1", "minimum: 2"))
    result = levelbook("review", "base.yaml", "head.yaml", *fail_on)
    assert result.exit_code == code
    assert "(no levels)" in result.stdout
    assert "note:" not in result.stdout


def test_text(levelbook, files):
    result = levelbook("review", "base.yaml", "head.yaml")
    assert result.stdout.startswith("base.yaml -> head.yaml (level 5 to 6)\n")
    assert "\nhead.yaml:12:35: breaking: " in result.stdout
    assert "this request is valid in base.yaml, and not in head.yaml: " in result.stdout
    assert "note:     missing\n" in result.stdout
    assert "before:   base.yaml:12:35 (id " in result.stdout
    assert result.stderr == ("1 change: 1 breaking; 1 without a note\nto object to: 0 changes, 1 problem of notes\n")


def test_a_note_that_proves_is_named(levelbook, files):
    result = levelbook("review", "base.yaml", "noted.yaml", "-q")
    assert "note:     proved by rewinding level 6 (noted.yaml:12:59)\n" in result.stdout
    assert result.stderr == ""


def test_a_note_of_a_release_is_named_by_it(levelbook, files):
    text = BASE.replace("  x-levels: {product: Shop, name: level, current: 5}\n", "")
    (files / "base.yaml").write_text(text)
    note = "x-changes: [{release: '2.0', before: {minimum: 0}}]"
    (files / "head.yaml").write_text(text.replace("minimum: 0", f"minimum: 1, {note}"))
    shown = levelbook("review", "base.yaml", "head.yaml").stdout
    assert "note:     proved by rewinding release 2.0 (head.yaml:" in shown


def test_json(levelbook, files):
    found = json.loads(levelbook("review", "base.yaml", "head.yaml", "--format", "json").stdout)
    assert (found["base"]["level"], found["head"]["level"]) == (5, 6)
    (change,) = found["changes"]
    assert change["address"] == "GET /items > query:size"
    assert change["verdict"] == "breaking"
    assert change["direction"] == "request"
    assert change["note"] == {"status": "missing"}
    assert change["witness"]["exchange"]["request"]["method"] == "GET"
    assert change["where"]["base"] == {"file": "base.yaml", "line": 12, "column": 35}
    assert [problem["rule"] for problem in found["problems"]] == ["undeclared-change"]


def test_a_witness_is_an_exchange_that_validate_takes(levelbook, files):
    found = json.loads(levelbook("review", "base.yaml", "head.yaml", "--format", "json").stdout)
    (files / "witness.ndjson").write_text(json.dumps(found["changes"][0]["witness"]["exchange"]))
    assert levelbook("validate", "base.yaml", "witness.ndjson").exit_code == 0
    assert levelbook("validate", "head.yaml", "witness.ndjson").exit_code == 1


def test_github(levelbook, files):
    lines = levelbook("review", "base.yaml", "head.yaml", "--format", "github").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error file=head.yaml,line=12,col=35,title=")
    assert "%0Anote: missing" in lines[0]


def test_sarif(levelbook, files):
    (run,) = json.loads(levelbook("review", "base.yaml", "head.yaml", "--format", "sarif").stdout)["runs"]
    (result,) = run["results"]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 35}


@pytest.mark.parametrize(("head", "failures"), [("head.yaml", "1"), ("noted.yaml", "0")])
def test_junit(levelbook, files, head, failures):
    root = ET.fromstring(levelbook("review", "base.yaml", head, "--format", "junit").stdout.encode())
    assert (root.get("tests"), root.get("failures")) == ("1", failures)
    assert len(root.findall(".//failure")) == int(failures)


def test_markdown(levelbook, files):
    text = levelbook("review", "base.yaml", "head.yaml", "--format", "md").stdout
    assert text.startswith("### API review: 1 change: 1 breaking; 1 without a note\n")
    assert "#### 🔴 1 breaking\n" in text
    assert text.count("<details><summary>") == text.count("</details>") == 1
    assert '```sh\ncurl -sS \\\n  "$SERVER"' in text


def test_a_comment_is_never_too_long_for_github(levelbook, files):
    many = "".join(f"        - {{name: p{number}, in: query, schema: {{type: string}}}}\n" for number in range(400))
    (files / "head.yaml").write_text(HEAD.replace("      responses:", f"{many}      responses:", 1))
    text = levelbook("review", "base.yaml", "head.yaml", "--format", "md").stdout
    assert 60_000 < len(text) < 65_000
    assert text.startswith("### API review: 401 changes: 1 breaking, 400 compatible; 401 without a note\n")
    assert re.search(r"\n\*\d+ entries left out: the comment would be too long\.\*\n\Z", text)


def test_pages(levelbook, files):
    text = levelbook("review", "base.yaml", "head.yaml", "--format", "md", "--pages").stdout
    assert "<summary>the page get-items</summary>" in text
    assert "\n-* `size`: integer, in query, optional" not in text
    assert any(line.startswith("+") and "1" in line for line in text.splitlines())


@pytest.mark.parametrize("form", ["text", "json", "md", "html", "github", "sarif", "junit"])
def test_what_may_have_been_renamed_is_asked(levelbook, files, form):
    (files / "head.yaml").write_text(BASE.replace("name: size", "name: length"))
    shown = levelbook("review", "base.yaml", "head.yaml", "--format", form).stdout
    assert "renamed?" in shown
    (files / "head.yaml").write_text(
        HEAD.replace("minimum: 1", "minimum: 0")
        .replace("name: size", "name: length")
        .replace(
            "      parameters:",
            "      x-changes: [{level: 6, kind: renamed, text: Now it is length.}]\n      parameters:",
        )
    )
    assert "renamed?" not in levelbook("review", "base.yaml", "head.yaml", "--format", form).stdout


# Revisions.


@pytest.mark.parametrize(
    "arguments", [["main...topic"], ["main...HEAD"], ["main..HEAD"], ["main", "topic"], ["main:api.yaml", "api.yaml"], ["main"], ["main", ":api.yaml"]]
)  # fmt: skip
def test_revisions(levelbook, project, arguments):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    project.git("checkout", "-q", "-b", "topic")
    project.commit(api_yaml=HEAD)
    result = levelbook("review", *arguments, "--format", "json")
    assert result.exit_code == 1
    (change,) = json.loads(result.stdout)["changes"]
    assert change["where"]["base"]["file"].endswith(":api.yaml")
    assert change["where"]["base"]["line"] == 12


def test_what_main_did_since_is_not_held_against_a_branch(levelbook, project):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    project.git("checkout", "-q", "-b", "topic")
    project.commit(api_yaml=NOTED)
    project.git("checkout", "-q", "main")
    project.commit(api_yaml=BASE.replace("size", "length"))
    result = levelbook("review", "main...topic")
    assert result.exit_code == 0
    assert "they have " in result.stderr
    assert levelbook("review", "main", "topic").exit_code == 1


def test_what_is_staged_is_reviewed_and_not_what_is_not(levelbook, project):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    project.write(api_yaml=NOTED)
    project.git("add", "-A")
    project.write(api_yaml=HEAD)
    assert levelbook("review", "HEAD", ":api.yaml").exit_code == 0
    assert levelbook("review", "HEAD").exit_code == 1


def test_places_of_a_revision_are_paths_to_machines(levelbook, project):
    project.commit(docs__api_yaml=BASE)
    project.commit(docs__api_yaml=HEAD)
    shown = levelbook("review", "HEAD~1:docs/api.yaml", "HEAD:docs/api.yaml", "--format", "github").stdout
    assert shown.startswith("::error file=docs/api.yaml,line=12,")


def test_a_renamed_document_is_followed_and_said(levelbook, project):
    project.commit(old_yaml=BASE)
    project.git("mv", "old.yaml", "api.yaml")
    project.commit(pyproject_toml=SPEC)
    project.commit(api_yaml=NOTED)
    result = levelbook("review", "HEAD~2...HEAD")
    assert result.exit_code == 0
    assert "api.yaml was called old.yaml at " in result.stderr
    assert levelbook("review", "HEAD~2:api.yaml", "api.yaml").exit_code == 3


def test_a_document_of_several_files(levelbook, project):
    project.commit(api_yaml=PLAIN % (5, 0, "parts.yaml"), parts_yaml=SCHEMAS, pyproject_toml=SPEC)
    project.commit(parts_yaml=SCHEMAS.replace("[count]", "[]"))
    result = levelbook("review", "HEAD~1", "HEAD", "--format", "json")
    (change,) = json.loads(result.stdout)["changes"]
    assert change["where"]["head"]["file"] == "HEAD:parts.yaml"
    assert change["where"]["base"]["file"] == "HEAD~1:parts.yaml"


def test_the_level_table_of_a_configuration_is_that_of_its_time(levelbook, project):
    bare = BASE.replace("  x-levels: {product: Shop, name: level, current: 5}\n", "")
    table = f"{SPEC}[tool.levelbook.levels]\nproduct = 'Shop'\nname = 'level'\ncurrent = "
    project.commit(api_yaml=bare, pyproject_toml=f"{table}5\n")
    project.commit(pyproject_toml=f"{table}6\n")
    assert "level 5 to 6" in levelbook("review", "HEAD~1", "HEAD").stdout


WRONG = [
    (["none"], 2, "`none` is no revision of"),
    (["none...HEAD"], 2, "`none` is no revision of"),
    (["HEAD:none.yaml", "api.yaml"], 3, "HEAD:none.yaml: error: there is no such file"),
    (["HEAD", "--suggest"], 0, "0 stubs in no file"),
    (["HEAD", "HEAD", "--suggest"], 2, "stubs are written into files, and HEAD:api.yaml is a revision"),
    (["HEAD", "--history"], 2, "`HEAD` is no range of revisions: write FIRST..LAST"),
    (["HEAD..HEAD", "--history", "--format", "html"], 2, "--history prints a table as text, json, md, not as html"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_what_cannot_be(levelbook, project, arguments, code, message):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    result = levelbook("review", *arguments)
    assert result.exit_code == code
    assert message in " ".join(result.output.split())


# The baseline.


def test_what_is_recorded_does_not_fail_where_there_are_levels(levelbook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    base = "openapi: 3.1.0\ninfo: {title: T, version: '1', x-levels: {current: 5}}\npaths: {/a: {get: {operationId: a, parameters: [{name: n, in: query, schema: {maximum: 9}}], responses: {}}}}\n"
    (tmp_path / "base.yaml").write_text(base)
    (tmp_path / "head.yaml").write_text(base.replace("maximum: 9", "maximum: 8"))
    command = ["review", "base.yaml", "head.yaml", "--baseline", "known.json"]
    assert levelbook(*command, "--record").exit_code == 0
    assert levelbook(*command).exit_code == 0
    (tmp_path / "head.yaml").write_text(base.replace("maximum: 9", "maximum: 8, minimum: 1"))
    result = levelbook(*command)
    assert result.exit_code == 1
    assert "the API changed, and it is still at level 5 [level-not-raised]" in result.stdout


def test_a_baseline_only_shrinks(levelbook, files):
    command = ["review", "base.yaml", "head.yaml", "--baseline", "known.json"]
    assert levelbook(*command, "--record").exit_code == 0
    recorded = json.loads((files / "known.json").read_text())
    assert [entry["address"] for entry in recorded["accepted"]] == ["GET /items > query:size"]
    assert levelbook(*command).exit_code == 0
    (files / "head.yaml").write_text(HEAD.replace("integer, minimum", "integer, maximum: 9, minimum"))
    assert levelbook(*command).exit_code == 1
    assert levelbook(*command, "--record").exit_code == 1
    assert json.loads((files / "known.json").read_text()) == recorded
    stale = levelbook("review", "base.yaml", "base.yaml", "--baseline", "known.json")
    assert stale.exit_code == 1
    assert "is accepted, and is not there any more [stale-baseline]" in stale.stdout
    assert levelbook("review", "base.yaml", "base.yaml", "--baseline", "known.json", "--record").exit_code == 0
    assert json.loads((files / "known.json").read_text())["accepted"] == []


def test_an_entry_that_was_added_is_seen(levelbook, project):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    project.write(api_yaml=HEAD)
    assert levelbook("review", "HEAD", "--baseline", "known.json", "--record").exit_code == 0
    text = (project.folder / "known.json").read_text()
    project.git("checkout", "-q", "api.yaml")
    (project.folder / "known.json").write_text('{"levelbook-baseline": 1, "accepted": []}')
    project.commit()
    project.write(api_yaml=HEAD)
    (project.folder / "known.json").write_text(text)
    result = levelbook("review", "HEAD", "--baseline", "known.json")
    assert result.exit_code == 1
    assert "was added to the baseline [grown-baseline]" in result.stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"levelbook-baseline": 2, "accepted": []}'])
def test_what_is_no_baseline(levelbook, files, text):
    (files / "known.json").write_text(text)
    result = levelbook("review", "base.yaml", "head.yaml", "--baseline", "known.json")
    assert result.exit_code == 2
    assert "known.json is no baseline of this version" in result.stderr


# The configuration.

SETTINGS = [
    ("fail_on = ['breaking']", 1, "to object to: 1 change, 0 problems of notes"),
    ("fail_on = ['unknown']", 0, "1 change: 1 breaking"),
    ("baseline = 'known.json'", 2, "the baseline known.json cannot be read"),
    ("waivers = [{id = 'ID', reason = 'nobody uses it'}]\nfail_on = ['breaking']", 0, "1 change: 1 compatible"),
    (
        "waivers = [{id = 'ID', reason = 'for now', until = 2001-01-01}]\nfail_on = ['breaking']",
        1,
        "1 change: 1 breaking",
    ),
    ("fail_on = ['all']", 2, "`fail_on` takes a list of breaking, undeclared, unknown"),
    ("formats = 'yes'", 2, "`formats` is 'yes'; it may be annotation, assertion"),
    ("open_world = 1", 2, "`open_world` is true or false, and this is 1"),
    ("baseline = 1", 2, "`baseline` takes a text, and this is 1"),
    ("sunset_days = {stabel = 1}", 2, "there is no setting `stabel`; did you mean `stable`?"),
    ("sunset_days = {stable = 'x'}", 2, "`stable` takes a number of days, and this is 'x'"),
    ("sunset_days = 1", 2, "`sunset_days` takes a table"),
    ("waivers = 1", 2, "`waivers` takes a list of tables: [[review.waivers]]"),
    ("waivers = [1]", 2, "waivers 1: this is 1, not a table"),
    ("waivers = [{id = 'x'}]", 2, "a waiver has the `id` of a change, and a `reason`"),
    ("waivers = [{id = 'x', until = 'x'}]", 2, "`until` takes a date (2027-01-31), and this is 'x'"),
    ("open_wold = true", 2, "there is no setting `open_wold`; did you mean `open_world`?"),
]


@pytest.mark.parametrize(("setting", "code", "said"), SETTINGS, ids=[row[0].partition("\n")[0] for row in SETTINGS])
def test_the_configuration_of_reviews(levelbook, files, setting, code, said):
    found = json.loads(levelbook("review", "base.yaml", "head.yaml", "--format", "json").stdout)
    setting = setting.replace("ID", found["changes"][0]["id"])
    (files / "levelbook.toml").write_text(f"spec = 'head.yaml'\n[review]\n{setting}\n")
    result = levelbook("review", "base.yaml", "head.yaml")
    assert result.exit_code == code
    assert said in " ".join(result.stderr.split())


def test_a_waived_change_says_why(levelbook, files):
    found = json.loads(levelbook("review", "base.yaml", "head.yaml", "--format", "json").stdout)
    waiver = f"waivers = [{{id = '{found['changes'][0]['id']}', reason = 'nobody uses it'}}]"
    (files / "levelbook.toml").write_text(f"[review]\n{waiver}\n")  # it names no document, so it is for any
    assert "because:  waived: nobody uses it" in levelbook("review", "base.yaml", "head.yaml").stdout


# Levels, one after the other.


def test_a_history(levelbook, project):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    project.commit(api_yaml=BASE.replace("OK", "Fine"))
    project.commit(api_yaml=NOTED)
    project.commit(api_yaml=NOTED.replace("current: 6", "current: 7").replace("integer}", "string}"))
    start = project.git("rev-list", "--max-parents=0", "HEAD")
    result = levelbook("review", "--history", f"{start}..HEAD")
    assert result.exit_code == 1
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [(row[0], *row[3:]) for row in rows[1:]] == [
        ("6", "1", "1", "1", "0", "0", "0", "1", "0"),
        ("7", "1", "1", "0", "0", "0", "1", "0", "0", "mismatch"),
    ]
    again = levelbook("review", "--history", f"{start}..HEAD", "--format", "json")
    assert [row["mismatch"] for row in json.loads(again.stdout)["levels"]] == [False, True]
    assert levelbook("review", "--history", f"{start}..HEAD", "--format", "md").stdout.count("\n") == 4


def test_a_version_that_cannot_be_read_is_a_row(levelbook, project):
    project.commit(api_yaml=BASE, pyproject_toml=SPEC)
    project.commit(api_yaml="a: [")
    project.commit(api_yaml=NOTED)
    result = levelbook("review", "--history", "HEAD~2..HEAD")
    assert result.exit_code == 1
    assert "this is not YAML" in result.stdout
