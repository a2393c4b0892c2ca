"""`levelbook new`: a project that does what it says from the first moment."""

import json

import pytest


@pytest.fixture
def begun(levelbook, tmp_path, monkeypatch):
    assert levelbook("new", tmp_path / "tasks").exit_code == 0
    monkeypatch.chdir(tmp_path / "tasks")
    return tmp_path / "tasks"


def test_a_new_project_is_clean_and_builds(levelbook, begun):
    assert (levelbook("check").exit_code, levelbook("check").stdout) == (0, "")
    result = levelbook("build", "--strict")
    assert result.exit_code == 0, result.stdout
    guide = (begun / "_site" / "guide.html").read_text()
    assert '<a href="create-task.html">Create a task</a>' in guide
    assert (begun / ".gitignore").read_text() == "_site/\n"


def test_its_examples_run(levelbook, begun):
    ran = json.loads(levelbook("examples", "run", "--language", "python", "--format", "json").stdout)["examples"]
    assert [(one["operation"], one["outcome"]) for one in ran] == [("POST /tasks", "passed"), ("GET /tasks", "passed")]


def test_its_notes_take_back_what_they_tell_of(levelbook, begun):
    levelbook("at", "1", "-o", "first.yaml")
    first = (begun / "first.yaml").read_text()
    assert "waiting" not in first
    result = levelbook("review", "first.yaml", "api_spec/openapi.yaml", "--format", "json")
    assert {row["note"]["status"] for row in json.loads(result.stdout)["changes"]} == {"proved"}
    assert json.loads(result.stdout)["problems"] == []


def test_the_folder_where_one_stands(levelbook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert levelbook("new", ".").exit_code == 0
    assert (tmp_path / "levelbook.toml").is_file()
    assert levelbook("check").exit_code == 0


def test_an_empty_folder_will_do_and_nothing_else(levelbook, tmp_path):
    assert levelbook("new", tmp_path / "deep" / "er").exit_code == 0
    (tmp_path / "empty").mkdir()
    assert levelbook("new", tmp_path / "empty").exit_code == 0
    for place in (tmp_path, tmp_path / "empty" / "levelbook.toml"):
        result = levelbook("new", place)
        assert result.exit_code == 2
        assert "name a folder that is empty, or not there" in result.stderr
    result = levelbook("new", tmp_path / "empty" / "levelbook.toml" / "x")
    assert result.exit_code == 2
    assert "cannot make" in result.stderr
