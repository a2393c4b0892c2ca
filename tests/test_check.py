"""Every rule runs on every case, and exactly what is expected is found."""

from pathlib import Path

import pytest
import yaml

from levelbook.check import check, rule_pages
from levelbook.document import parse
from levelbook.documents import Documents

CASES = Path(__file__).parent / "cases" / "check"
ROWS = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(CASES.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text())
]


@pytest.mark.parametrize("case", ROWS)
def test_exactly_what_is_expected_is_found(case):
    problems = check(Documents(parse(case["document"], "api.yaml")))
    assert [(problem.rule, problem.where.line) for problem in problems] == [
        (row["rule"], row["line"]) for row in case["expect"]
    ]
    for problem, row in zip(problems, case["expect"], strict=True):
        assert row.get("message", "") in problem.message
        assert row.get("hint", "") in problem.hint
        assert problem.severity == row.get("severity", "info" if problem.rule == "unchecked" else "error")


def test_every_rule_has_a_page_and_a_case():
    pages = rule_pages()
    assert {path.stem for path in CASES.glob("*.yaml")} == set(pages)
    for rule, page in pages.items():
        assert "**What it means.**" in page, rule
        assert "**What to do.**" in page, rule
        rows = [row for case in yaml.safe_load((CASES / f"{rule}.yaml").read_text()) for row in case["expect"]]
        assert any(row["rule"] == rule for row in rows), f"no case of {rule} shows it"
