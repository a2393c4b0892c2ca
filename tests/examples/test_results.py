"""What is kept of a run, when it holds, and what pages and builds make of it."""

import json
import re

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from examples.project import SPEC, configure, shows
from levelbook.listening import running

OK = 'ask("/a")'


def listed(project):
    result = project.levelbook("examples", "list", project.folder / "api.yaml", "--format", "json")
    return {
        (row["language"], row["title"]): row["result"]
        for row in json.loads(result.stdout)["examples"]
        if row["language"] == "python"
    }


def build(project, *options):
    return project.levelbook("build", project.folder / "api.yaml", "-o", project.folder / "site", *options)


def change_file(project):
    project.example(shows("GET /a", OK + "  # again"))


def change_setup(project):
    project.write(**{"setup/rc": "x"})


def change_schema(project):
    (project.folder / "api.yaml").write_text(SPEC.replace("{type: integer}}]", "{type: number}}]"))


def change_words(project):
    (project.folder / "api.yaml").write_text(SPEC.replace("description: d,", "description: other words,"))


def change_another_operation(project):
    (project.folder / "api.yaml").write_text(SPEC.replace("required: [x]", "required: []"))


CHANGES = [
    (change_file, True),
    (change_setup, True),
    (change_schema, True),
    (change_words, False),
    (change_another_operation, False),
]


@pytest.mark.parametrize(("change", "stale"), CHANGES, ids=[change.__name__ for change, _ in CHANGES])
def test_when_a_result_holds(change, stale, project):
    project.example(shows("GET /a", OK))
    assert listed(project) == {("python", ""): "not run"}
    assert project.run().exit_code == 0
    assert re.fullmatch(r"passed on \d{4}-\d\d-\d\d", listed(project)["python", ""])
    change(project)
    assert (listed(project)["python", ""] == "stale") == stale
    built = build(project, "--strict")
    assert built.exit_code == 0
    assert (
        "the python example of GET /a has changed, or its operation has, since it was last run" in built.stdout
    ) == stale
    page = (project.folder / "site/get-a.md").read_text()
    assert ("(run against version 1 on " in page) != stale


def test_a_page_says_when_its_examples_were_run(project):
    project.example(shows("GET /a", OK))
    project.run(language=None)
    build(project)
    page = (project.folder / "site/get-a.html").read_text()
    assert re.search(r'<p class="origin">run against version 1 on \d{4}-\d\d-\d\d</p>', page)
    assert re.search(r'<p class="origin">made from the document, run against version 1 on \d{4}-\d\d-\d\d</p>', page)


def test_one_that_failed_fails_a_strict_build(project):
    project.example(shows("GET /a", "1 / 0"))
    assert project.run().exit_code == 1
    lenient, strict = build(project), build(project, "--strict")
    assert lenient.exit_code == 0
    assert strict.exit_code == 1
    assert "warning: the python example of GET /a failed when it was run on " in lenient.stdout
    assert "error: the python example of GET /a failed when it was run on " in strict.stdout
    assert "its program ended with exit code 1 [example-failed]" in strict.stdout
    assert "run against" not in (project.folder / "site/get-a.md").read_text()


def test_the_same_run_gives_the_same_bytes(project):
    project.example(shows("GET /a", OK))
    kept = project.folder / "examples/results.json"
    project.run()
    first = kept.read_bytes()
    project.run()
    assert kept.read_bytes() == first


def test_others_keep_their_results(project):
    project.example(shows("GET /a", OK) + shows("GET /a", OK, flags=": gone"))
    project.run()
    project.example(shows("GET /a", OK))
    project.run(language="curl")
    rows = json.loads((project.folder / "examples/results.json").read_text())["examples"]
    assert [(row["language"], row["title"]) for row in rows if row["operation"] == "GET /a"] == [
        ("curl", ""),
        ("python", ""),
    ]


def test_one_of_the_document_beside_a_generated_one(project):
    own = "x-codeSamples: [{lang: curl, source: curl https://x.test/api/a}]\n      parameters: [{name: n,"
    (project.folder / "api.yaml").write_text(SPEC.replace("parameters: [{name: n,", own))
    project.run(language=None)
    rows = json.loads(project.levelbook("examples", "list", project.folder / "api.yaml", "--format", "json").stdout)
    results = [
        (row["from"], row["result"].split(" on ")[0]) for row in rows["examples"] if row["operation"] == "GET /a"
    ]
    assert results == [("generated", "passed"), (f"{project.folder}/api.yaml:7", "not run")]
    assert build(project, "--strict").stdout == ""


def test_results_elsewhere(project):
    configure(project.folder, 'results = "kept/ran.json"')
    project.example(shows("GET /a", OK))
    project.run()
    assert json.loads((project.folder / "kept/ran.json").read_text())["examples"]
    project.run("-o", project.folder / "out.json")
    assert json.loads((project.folder / "out.json").read_text())["examples"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"examples": [1]}', '{"examples": [{"a": 1}]}', "\0"])
def test_what_holds_no_results(content, project):
    project.write(**{"results.json": content, "python/x.py": shows("GET /a", OK)})
    result = build(project)
    assert result.exit_code == 2
    assert "holds no results of examples" in " ".join(result.stderr.split())


def test_languages_that_are_required(project):
    configure(project.folder, 'required = ["python", "curl"]')
    project.example(shows("GET /a", OK))
    result = build(project, "--strict")
    assert result.exit_code == 1
    assert (
        result.stdout.splitlines()[0]
        == f"{project.folder}/api.yaml:13:5: error: POST /b has no python example [example-missing]"
    )
    assert "`levelbook: start POST /b`" in result.stdout


def test_shown_is_what_ran(project):
    """The text on the page and the text that runs are cut from one file: a change of it is seen in both."""
    for number in (1, 2):
        project.example(shows("GET /a", f'open("{{}}", "w").write("{number}")\n{OK}'.format(project.folder / "ran")))
        assert project.judged() == [("passed", "", [])]
        build(project)
        assert (project.folder / "ran").read_text() == str(number)
        assert f'.write("{number}")' in (project.folder / "site/get-a.md").read_text()


def test_a_generated_command_is_run_as_it_is_shown(project):
    """Only the server differs: what the document says is in both."""
    heard = []

    async def answer(request):
        heard.append(await request.json())
        return JSONResponse({})

    with running(Starlette(routes=[Route("/api/b", answer, methods=["POST"])])) as address:
        for number in (1, 2):
            text = SPEC.replace("{type: integer, example: 1}", f"{{type: integer, example: {number}}}")
            (project.folder / "api.yaml").write_text(text)
            assert project.judged("--server", address, "--only", "POST /b", language="curl")[0][0] == "passed"
            build(project)
            assert heard.pop() == {"x": number}
            assert f'"x": {number}' in (project.folder / "site/post-b.md").read_text()


def test_a_prologue_is_shown_once(project):
    prologue = "# levelbook: prologue\nimport sys\n# levelbook: end\n"
    other = "# levelbook: prologue\nimport os\n# levelbook: end\n"
    project.example(prologue + shows("GET /a", OK) + shows("GET /a", OK, flags=": again"))
    project.example(prologue + shows("GET /a", OK, flags=": in another file"), "python/y.py")
    project.example(other + shows("GET /a", OK, flags=": otherwise"), "python/z.py")
    build(project)
    page = (project.folder / "site/get-a.md").read_text()
    assert page.count("import sys") == 1
    assert page.index("import sys") < page.index(OK)
    assert page.index("otherwise") < page.index("import os")


def test_listing(project):
    project.example(shows("GET /a", OK, flags=": A title") + "# levelbook: start\n")
    result = project.levelbook("examples", "list", project.folder / "api.yaml")
    assert result.exit_code == 1
    head, row = result.stdout.splitlines()[:2]
    assert head.split() == ["operation", "language", "title", "from", "result"]
    assert row.split() == [
        "GET",
        "/a",
        "python",
        "A",
        "title",
        f"{project.folder}/examples/python/x.py:6",
        "not",
        "run",
    ]
    assert "x.py:9:1: error: this mark names no operation" in result.stdout
