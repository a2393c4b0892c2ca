"""Marks in files of examples: what is shown, what holds at which level, and what is wrong."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from levelbook.examples.programs import fill, program_of
from levelbook.examples.snippets import read_folder, read_source

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases/examples/marks.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_marks(case):
    source, problems = read_source(case["text"], "python", "x.py")
    assert [[snippet.operation, snippet.title, snippet.code] for snippet in source.snippets] == case["shown"]
    assert source.prologue == case.get("prologue", "")
    assert [f"{problem.where}: {problem.message}" for problem in problems] == case.get("problems", [])
    assert all(problem.hint for problem in problems)


LEVELS = [("", None, True), ("[since 7]", 6, False), ("[since 7]", 7, True), ("[since 7]", None, True), ("[until 7]", 7, True),
          ("[until 7]", 8, False), ("[until 7]", None, False), ("[since 2024-01-01]", "2024-02-01", True),
          ("[since 5] [until 7]", 4, False), ("[since 5] [until 7]", 6, True), ("[since 5] [until 7]", 8, False)]  # fmt: skip


@pytest.mark.parametrize(("mark", "level", "holds"), LEVELS)
def test_snippets_of_some_levels(mark, level, holds):
    source, _ = read_source(f"# levelbook: start GET /a {mark}\nx\n# levelbook: end", "python", "x.py")
    assert source.snippets[0].holds_at(level) == holds


def test_what_is_for_another_level_is_not_run():
    text = "a\n# levelbook: start GET /a [until 7]\nb\nc\n# levelbook: end\nd\n# levelbook: start GET /a [since 8]\ne\n# levelbook: end\n"
    source, _ = read_source(text, "python", "x.py")
    assert "b\nc" not in source.at(8)
    assert source.at(8).split("\n")[5:8] == text.split("\n")[5:8]  # on its line, which messages name
    assert "b\nc" in source.at(7)
    assert program_of(source, 7).text({}) == source.at(7)


def two(first, second="GET /a"):
    return f"# levelbook: start {first}\nx\n# levelbook: end\n# levelbook: start {second}\ny\n# levelbook: end\n"


FOLDERS = [
    ({"python/x.py": two("GET /a")}, ["python/x.py:4:1: GET /a has a python example without a title already, at {}/python/x.py:1:1"]),
    ({"python/x.py": two("GET /a: T", "GET /a: T")}, ["python/x.py:4:1: GET /a has a python example called “T” already, at {}/python/x.py:1:1"]),
    ({"python/x.py": two("GET /a: T")}, []),
    ({"python/x.py": two("GET /a [until 7]", "GET /a [since 8]")}, []),
    ({"python/x.py": two("GET /a [until 7]", "GET /a [since 7]")},
     ["python/x.py:4:1: GET /a has a python example without a title already, at {}/python/x.py:1:1"]),
    ({"python/x.py": two("GET /a: T"), "ruby/x.rb": two("GET /a: T")}, []),
    ({"python/a.py": two("GET /a: T"), "python/b.py": two("GET /a: S", "GET /a: T")},
     ["python/b.py:4:1: GET /a has a python example called “T” already, at {}/python/a.py:1:1"]),
    ({"python/x.py": two("GET /a: T", "GET /gone")}, ["python/x.py:4:1: the document has no operation GET /gone"]),
    ({"python/x.py": b"\xff"}, ["python/x.py: this file is not UTF-8"]),
    ({"python/\udcff.py": two("GET /a: T")}, ["python/\\xff.py: the name of this file is not UTF-8"]),
    ({"python/deep/er/x.py": two("GET /a")}, ["python/deep/er/x.py:4:1: GET /a has a python example without a title already, at {}/python/deep/er/x.py:1:1"]),
    ({"python/x.py": b"\xef\xbb\xbf# levelbook: start GET /b\nx\n# levelbook: end\n"}, ["python/x.py:1:1: the document has no operation GET /b"]),
    ({"setup/x.py": two("GET /gone"), "node_modules/x.js": two("GET /gone"), ".git/x": two("GET /gone")}, []),
]  # fmt: skip


@pytest.mark.parametrize(("files", "messages"), FOLDERS)
def test_folders(files, messages, tmp_path):
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    _, problems = read_folder(tmp_path, ["GET /a"])
    told = [f"{problem.where}: {problem.message}" for problem in problems]
    assert told == [f"{tmp_path}/{message}".replace("{}", str(tmp_path)) for message in messages]


LINES = st.lists(
    st.sampled_from(["x", "", "# levelbook: start GET /a", "# levelbook: end", "# {code_example|start}", "# {code_example|end}",
                     "# levelbook: prologue", "# levelbook: what", '"/a:get"', "def f():", "\x0c", "a\u2028b"])
)  # fmt: skip


@given(LINES)
def test_nothing_is_lost_or_counted_wrong(lines):
    source, problems = read_source("\n".join(lines), "python", "x.py")
    assert all(1 <= problem.where.line <= len(lines) for problem in problems)
    for snippet in source.snippets:
        assert "levelbook: " not in snippet.code
        assert lines[snippet.last - 1].endswith(("end", "end}"))
    assert source.at(None) == "\n".join(lines)


PLACES = [
    ("{{ a }}{{a}}{{  a  }}", "111"),
    ("{{ b }}", "{{ b }}"),
    ("{ a }", "{ a }"),
    ("{{ a }", "{{ a }"),
    ("${{{ a }}}", "${1}"),
]


@pytest.mark.parametrize(("text", "filled"), PLACES)
def test_places_for_values(text, filled):
    assert fill(text, {"a": "1"}) == filled
