"""What the notes of HEAD are found to say of the changes since BASE."""

from pathlib import Path
from textwrap import indent

import pytest
import yaml

from levelbook.document import parse
from levelbook.documents import Documents
from levelbook.loading import from_documents, load
from levelbook.review.compare import compare
from levelbook.review.reviewing import review

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "review" / "law.yaml").read_text())


def made(level, parameters, paths, components):
    """Give a document: the level stands in line 2, the parameters begin in line 7."""
    stated = "" if level is None else f", x-levels: {{current: {level!r}}}"
    if paths is None:
        paths = f"/a:\n  get:\n    parameters:\n{indent(parameters, '      ')}\n    responses: {{'200': {{description: OK}}}}"
    text = (
        f"openapi: 3.1.0\ninfo: {{title: T, version: '1'{stated}}}\npaths:\n{indent(paths, '  ')}\n"
        f"components: {components or '{}'}\n"
    )
    return from_documents(Documents(parse(text, "api.yaml")))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_law(case):
    then, now = case["levels"]
    base = made(then, case["base"], None, case.get("base_components"))
    head = made(now, case.get("head"), case.get("paths"), case.get("components"))
    reviewed = review(base, head, compare)
    changes = {
        f"{row.change.address}: {row.standing.status}"
        + (f" {row.standing.level}" if row.standing.level is not None else "")
        for row in reviewed.rows
    }
    if "statuses" in case:
        assert sorted(one.partition(": ")[2] for one in changes) == case["statuses"]
    else:
        assert changes == set(case.get("changes", ()))
    found = [f"{problem.rule} {problem.where.line}: {problem.message}" for problem in reviewed.problems]
    expected = case.get("problems", [])
    assert len(found) == len(expected), found
    for line, part in zip(found, expected, strict=True):
        place, _, message = part.partition(": ")
        assert line.startswith(f"{place}: ")
        assert message in line
    if "roles" in case:
        assert [one.role for one in reviewed.told] == case["roles"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_nothing_is_found_between_a_document_and_itself(case):
    api = made(case["levels"][1], case.get("head"), case.get("paths"), case.get("components"))
    reviewed = review(api, api, compare)
    assert reviewed.rows == ()
    assert reviewed.problems == ()


@pytest.mark.parametrize("level", [1, 50, 120, 200, 247, 276])
def test_every_level_of_the_demo_is_declared(level):
    api = load("api_spec/openapi.yaml")
    found = review(api.at(level), api, compare)
    assert {row.standing.status for row in found.rows} <= {"proved"}
    assert [problem.message for problem in found.problems] == []


@pytest.mark.parametrize("level", [300, 350])
def test_levels_of_a_real_document_are_declared_by_its_prose(corpus, level):
    api = load(corpus / "zulip-10.2" / "zulip.yaml")
    found = review(api.at(level), api, compare)
    assert len(found.rows) > 20
    assert {row.standing.status for row in found.rows} == {"proved"}
    assert [problem.message for problem in found.problems] == []
