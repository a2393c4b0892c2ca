"""Levels for changes that have none yet, in every file, and branches that merge."""

import subprocess

import pytest

from levelbook.document import parse
from levelbook.history.assign import assign, assigned, assigned_notes, inserted, pending, raised

TEXTS = [
    ("New in Acme 3.0 (feature level next).", "New in Acme 3.0 (feature level 9)."),
    ("New in Acme 3.0 (feature\n    level ZF-1f4a39).", "New in Acme 3.0 (feature\n    level 10)."),
    ("**Feature level ZF-1f4a39**", "**Feature level 10**"),
    ("**Feature level next**", "**Feature level 9**"),
    (
        "the next level, next: ZF-123, xZF-1f4a39, log-level: next",
        "the next level, next: ZF-123, xZF-1f4a39, log-level: next",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_placeholders_in_texts(text, expected):
    levels = assign(["ZF-1f4a39", "next", "ZF-1f4a39"], 9)
    assert levels == {"next": 9, "ZF-1f4a39": 10}
    assert assigned(text, levels) == expected
    assert pending(assigned(text, levels)) == []


STRUCTURED = [
    ("x-changes:\n  - level: next\n    kind: added\n", "x-changes:\n  - level: 9\n    kind: added\n"),
    ("x-changes: [{level: next, kind: added}]", "x-changes: [{level: 9, kind: added}]"),
    ('x-changes: [{"level": "next"}]', 'x-changes: [{"level": 9}]'),
    ("x-changes:\n  - level:\n      ZF-1f4a39\n", "x-changes:\n  - level:\n      10\n"),
    ("x-changes: [{level : 'next'}]", "x-changes: [{level : 9}]"),
    ("example: {level: next}\nx-changes: []", "example: {level: next}\nx-changes: []"),
]


@pytest.mark.parametrize(("text", "expected"), STRUCTURED)
def test_placeholders_of_structured_notes(text, expected):
    assert assigned_notes(parse(text, "x.yaml"), {"next": 9, "ZF-1f4a39": 10}) == expected


DATED = """openapi: 3.1.0
info: {title: T, version: "1", x-levels: {name: API version, current: %s}}
paths:
  /t: {get: {x-changes: [{level: next, kind: added}], responses: {"200": {description: OK}}}}
"""
DATES = [
    ('"2026-03-01"', [], "no API version is sure to come after 2026-03-01; name the one that does with --level"),
    ('"2026-03-01"', ["--level", "5"], "`5` is no API version: the current one is 2026-03-01"),
    ('"2026-03-01"', ["--level", "2026-02-01"], "the level 2026-02-01 is not above the current one, 2026-03-01"),
    ("7", ["--level", "2026-02-01"], "`2026-02-01` is no API version: the current one is 7"),
    ("7", ["--level", "7"], "the level 7 is not above the current one, 7"),
]


@pytest.mark.parametrize(("current", "options", "message"), DATES)
def test_a_level_that_cannot_be_assigned(levelbook, tmp_path, current, options, message):
    (tmp_path / "api.yaml").write_text(DATED % current)
    result = levelbook("release", tmp_path / "api.yaml", *options)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, f"Error: {message}")
    assert (tmp_path / "api.yaml").read_text() == DATED % current


@pytest.mark.parametrize(("current", "level"), [('"2026-03-01"', "2026-05-01"), ('"2.1.0"', "2.10.0")])
def test_dates_and_versions_are_assigned(levelbook, tmp_path, current, level):
    (tmp_path / "api.yaml").write_text(DATED % current)
    assert levelbook("release", tmp_path / "api.yaml", "--level", level).stderr == f"next is {level}, in 1 file\n"
    assert (tmp_path / "api.yaml").read_text() == (DATED % f'"{level}"').replace("next", f'"{level}"')
    assert levelbook("check", tmp_path / "api.yaml").exit_code == 0
    assert f"### API version {level}" in levelbook("changes", tmp_path / "api.yaml").stdout


def test_a_placeholder_in_another_file_is_found(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1', x-levels: {current: 6}}\npaths: {/t: {$ref: p.yaml}}\n"
    )
    (tmp_path / "p.yaml").write_text("get: {responses: {'200': {$ref: 'r.yaml#/R'}}}\n")
    (tmp_path / "r.yaml").write_text("R: {description: OK, x-changes: [{level: next}]}\n")
    assert levelbook("release", tmp_path / "api.yaml", "--check").exit_code == 1
    assert levelbook("release", tmp_path / "api.yaml").stderr == "next is 7, in 2 files\n"
    assert "level: 7" in (tmp_path / "r.yaml").read_text()


TABLES = [
    ("info:\n  x-levels:\n    current: 8  # so far\n", "info:\n  x-levels:\n    current: 9  # so far\n"),
    ("x: {current: 8}\ninfo: {x-levels: {current: '8'}}", "x: {current: 8}\ninfo: {x-levels: {current: 9}}"),
    ("info:\n  x-levels:\n    releases: []\n", "info:\n  x-levels:\n    current: 9\n    releases: []\n"),
    ("info: {x-levels: {releases: []}}", "info: {x-levels: {current: 9, releases: []}}"),
    ('{"info": {"x-levels": {"releases": []}}}', '{"info": {"x-levels": {"current": 9, "releases": []}}}'),
    ("info: {}", None),
]


@pytest.mark.parametrize(("text", "expected"), TABLES)
def test_the_current_level_is_raised(text, expected):
    assert raised(parse(text, "x.yaml"), 9) == expected


def test_a_fragment_goes_below_the_newest_release():
    log = "# API changelog\n\n## Changes in Acme 3.0\n\n**Level 8**\n\n* x\n"
    assert inserted(log, 9, "level", "* y\n") == (
        "# API changelog\n\n## Changes in Acme 3.0\n\n**Level 9**\n\n* y\n\n**Level 8**\n\n* x\n"
    )
    assert inserted("", 9, "level", "* y") == "\n**Level 9**\n\n* y\n"


SPEC = """\
openapi: 3.1.0
info:
  title: T
  version: "1"  # a comment
  x-levels:
    product: Acme
    name: level
    current: 8
    releases: [{version: "3.0", level: 8}]
paths: {}
components:
  schemas:
    A:
      title: b
      x-changes:
        - level: ZF-bbbbbb
          before: {title: a}
    B: {description: "**Changes**: New in Acme 4.0 (level ZF-aaaaaa)."}
    C: {title: y, x-changes: [{level: next, before: {title: x}}]}
"""
CONFIG = "spec = 'api.yaml'\npages = 'pages'\nchangelog = 'changelog.md'\nfragments = 'changes.d'\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "levelbook.toml").write_text(CONFIG)
    (tmp_path / "api.yaml").write_text(SPEC)
    (tmp_path / "changelog.md").write_text("# Changelog\n\n## Changes in Acme 4.0\n\n**Level 8**\n\n* Old.\n")
    for folder in ("pages", "changes.d"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pages/guide.md").write_text("# Guide\n\n**Changes**: In Acme 4.0 (level\nZF-bbbbbb), it moved.\n")
    (tmp_path / "changes.d/ZF-aaaaaa.md").write_text("* `GET /a`: New, level ZF-aaaaaa.\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_every_file_gets_the_same_levels(project, levelbook):
    result = levelbook("release")
    assert (result.exit_code, result.stderr) == (0, "next is 9, ZF-aaaaaa is 10, ZF-bbbbbb is 11, in 3 files\n")
    files = contents(project)
    assert files["api.yaml"] == (
        SPEC.replace("ZF-bbbbbb", "11")
        .replace("ZF-aaaaaa", "10")
        .replace("next", "9")
        .replace("current: 8", "current: 11")
    )
    assert "(level\n11), it moved" in files["pages/guide.md"]
    assert files["changelog.md"] == (
        "# Changelog\n\n## Changes in Acme 4.0\n\n**Level 10**\n\n* `GET /a`: New, level 10.\n\n**Level 8**\n\n* Old.\n"
    )
    assert "changes.d/ZF-aaaaaa.md" not in files


@pytest.mark.usefixtures("project")
def test_what_is_not_released_is_in_the_changelog(levelbook):
    text = levelbook("changes").stdout
    assert text.startswith("# API changelog\n\n## Not released\n\n### Level ZF-bbbbbb\n")
    assert (
        "### Level ZF-aaaaaa\n\n* `schemas/B`: New in Acme 4.0 (level ZF-aaaaaa).\n* `GET /a`: New, level ZF-aaaaaa.\n"
        in text
    )


def test_a_second_time_there_is_nothing_to_do(project, levelbook):
    levelbook("release")
    before = contents(project)
    assert levelbook("release").stderr == "nothing to assign\n"
    assert contents(project) == before


def test_check_and_dry_run_change_nothing(project, levelbook):
    before = contents(project)
    result = levelbook("release", "--check")
    assert result.exit_code == 1
    assert "api.yaml:16:18: error: `ZF-bbbbbb` has no level yet [note-placeholder]" in result.stdout
    assert "pages/guide.md:4:1: error:" in result.stdout
    assert result.stderr == "5 levels to assign\n"
    diff = levelbook("release", "--dry-run", "--level", "100").stdout
    assert "-        - level: ZF-bbbbbb\n+        - level: 102\n" in diff
    assert contents(project) == before
    levelbook("release")
    assert levelbook("release", "--check").exit_code == 0


@pytest.mark.usefixtures("project")
def test_a_level_is_never_given_twice(levelbook):
    result = levelbook("release", "--level", "8")
    assert result.exit_code == 2
    assert "the level 8 is not above the current one, 8" in result.stderr


def test_files_keep_their_line_ends_and_links(project, levelbook):
    (project / "real.yaml").write_bytes(SPEC.replace("\n", "\r\n").encode())
    (project / "api.yaml").unlink()
    (project / "api.yaml").symlink_to("real.yaml")
    levelbook("release")
    assert (project / "api.yaml").is_symlink()
    assert b"level: 11\r\n" in (project / "real.yaml").read_bytes()


def test_a_table_that_nobody_can_count_on_from(project, levelbook):
    (project / "api.yaml").write_text(SPEC.replace("    current: 8\n", "").replace(", level: 8", ""))
    result = levelbook("release")
    assert result.exit_code == 2
    assert "name the first one with --level" in result.stderr


def git(folder, *arguments):
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_two_branches_merge_without_conflict(project, levelbook):
    base = (
        SPEC.replace('    B: {description: "**Changes**: New in Acme 4.0 (level ZF-aaaaaa)."}\n', "    B: {title: z}\n")
        .replace("    C: {title: y, x-changes: [{level: next, before: {title: x}}]}\n", "    C: {title: x}\n")
        .replace("      x-changes:\n        - level: ZF-bbbbbb\n          before: {title: a}\n", "")
    )
    (project / "api.yaml").write_text(base)
    (project / "changes.d/ZF-aaaaaa.md").unlink()
    (project / "pages/guide.md").write_text("# Guide\n")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "base")
    for name, old, new in [
        (
            "ZF-1f4a39",
            "    A:\n      title: b\n",
            "    A:\n      title: b\n      x-changes: [{level: ZF-1f4a39, before: {title: a}}]\n",
        ),
        ("ZF-2c0ffe", "    C: {title: x}", "    C: {title: x, x-changes: [{level: ZF-2c0ffe, before: {title: w}}]}"),
    ]:
        git(project, "switch", "-qc", name, "main")
        (project / "changes.d").mkdir(exist_ok=True)  # git keeps no empty folder
        (project / "api.yaml").write_text(base.replace(old, new))
        (project / f"changes.d/{name}.md").write_text(f"* Of {len(name)} and {old[4]}.\n")
        git(project, "add", "-A")
        git(project, "commit", "-qm", name)
    git(project, "switch", "-q", "main")
    git(project, "merge", "-q", "ZF-1f4a39", "-m", "one")
    git(project, "merge", "-q", "ZF-2c0ffe", "-m", "two")
    assert levelbook("release").stderr == "ZF-1f4a39 is 9, ZF-2c0ffe is 10, in 2 files\n"
    assert "**Level 10**\n\n* Of 9 and C.\n\n**Level 9**\n\n* Of 9 and A.\n" in (project / "changelog.md").read_text()
